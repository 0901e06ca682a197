/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/demoseals.h"

#include "base/io.h"
#include "keys/secret.h"

enum { FILE_MAX_BYTES = 64 * 1024 };

static bool seal_make(const char *folder, const struct authority *ca, const char *const names[2],
		      struct str of, struct err *e)
{
	struct buf key = buf_empty(FILE_MAX_BYTES), certs = buf_empty(FILE_MAX_BYTES);
	bool ok = authority_seal(ca, of, &key, &certs, e) &&
		  io_replace(folder, names[0], buf_view(&key), 0600, e) &&
		  io_replace(folder, names[1], buf_view(&certs), 0644, e);

	if (key.n > 0)
		secret_wipe(key.p, key.n);
	buf_free(&key);
	buf_free(&certs);
	return ok;
}

static bool files_make(const char *folder, const struct authority *ca, const struct config *config,
		       struct err *e)
{
	static const char *const national[] = { "national.key", "national.pem" };
	static const char *const local[] = { "local.key", "local.pem" };
	struct buf root = buf_empty(FILE_MAX_BYTES);
	bool ok = authority_root(ca, &root, e) &&
		  io_replace(folder, "root.pem", buf_view(&root), 0644, e) &&
		  seal_make(folder, ca, national, config->name_en, e) &&
		  seal_make(folder, ca, local, STR("Local associations"), e);

	buf_free(&root);
	return ok;
}

bool demoseals_make(struct arena *a, const char *keys_dir, enum authority_key kind, int64_t now,
		    struct config *config, struct err *e)
{
	struct sealconfig_seal *local = arena_alloc(a, sizeof *local, e);
	struct authority *ca = NULL;
	const char *folder;
	bool ok = local != NULL && io_path(a, keys_dir, "seal", &folder, e) &&
		  io_mkdir(folder, 0700, e) && authority_new(kind, config->name_en, now, &ca, e) &&
		  files_make(folder, ca, config, e);

	authority_free(ca);
	if (!ok)
		return false;
	*local = (struct sealconfig_seal){ .code = STR("*"),
					   .certs = STR("keys/seal/local.pem"),
					   .path = STR("keys/seal/local.key") };
	config->seal = (struct sealconfig){
		.seals = true,
		.level = SEAL_B_B,
		.national = { .certs = STR("keys/seal/national.pem"),
			      .path = STR("keys/seal/national.key") },
		.locals = local,
		.local_count = 1,
	};
	return true;
}
