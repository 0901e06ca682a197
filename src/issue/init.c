/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include "issue/init.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/io.h"
#include "issue/demoseals.h"
#include "keys/kek.h"
#include "keys/ring.h"
#include "keys/signer.h"
#include "proof/keylist.h"
#include "store/journal.h"
#include "store/store.h"
#include "json/canon.h"

enum { TEMPLATES_MAX = 64, TEMPLATE_FILES_MAX = 64, TEMPLATE_BYTES_MAX = 4 * 1024 * 1024 };

static const char PASSPHRASE_FILE[] = "keys/passphrase";

/* The home under construction. */
struct site_work {
	struct arena *arena;
	const struct env *env;
	const struct init_order *order;
	struct config config;
	const char *dir, *keys;
	int64_t now;
	struct kek *kek;
	struct signer *signer;
	struct policy policy;
};

static bool folders_make(struct site_work *w, struct err *e)
{
	static const char *const names[] = { "templates", "documents", "log", "site", "site/m" };
	const char *path;

	if (!io_path(w->arena, w->dir, "keys", &w->keys, e) || !io_mkdir(w->keys, 0700, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (!io_path(w->arena, w->dir, names[i], &path, e) ||
		    !io_mkdir(path, strncmp(names[i], "site", 4) == 0 ? 0755 : 0700, e))
			return false;
	return true;
}

static bool folder_copy(struct site_work *w, const char *from, const char *to, struct err *e)
{
	struct buf bytes = buf_empty(TEMPLATE_BYTES_MAX);
	struct str *names;
	size_t count;
	bool ok = io_list(w->arena, from, "", TEMPLATE_FILES_MAX, &names, &count, e) &&
		  io_mkdir(to, 0755, e);

	for (size_t i = 0; ok && i < count; i++) {
		buf_clear(&bytes);
		ok = io_read_in(from, names[i].p, &bytes, e) &&
		     io_replace(to, names[i].p, buf_view(&bytes), 0644, e);
	}
	buf_free(&bytes);
	return ok;
}

/* Every folder of share/templates that holds a layout.json is a template. */
static bool templates_copy(struct site_work *w, struct err *e)
{
	const char *from, *to, *layout, *source, *target;
	struct str *names;
	size_t count;

	if (!io_path(w->arena, w->order->share, "templates", &from, e) ||
	    !io_path(w->arena, w->dir, "templates", &to, e) ||
	    !io_list(w->arena, from, "", TEMPLATES_MAX, &names, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!io_path(w->arena, from, names[i].p, &source, e) ||
		    !io_path(w->arena, to, names[i].p, &target, e) ||
		    !io_path(w->arena, source, "layout.json", &layout, e))
			return false;
		if (io_exists(layout) && !folder_copy(w, source, target, e))
			return false;
	}
	return true;
}

/* A home begins with its own body alone; the registrar adds the local ones. */
static void national_write(const struct config *c, struct buf *out)
{
	buf_c(out,
	      "{\"schema\": \"hufu.associations/1\", \"associations\": [\n  {\"code\": \"NATIONAL\", \"name_zh\": ");
	canon_string(out, c->name_zh);
	buf_c(out, ", \"name_en\": ");
	canon_string(out, c->name_en);
	buf_c(out, ", \"kind\": \"national\", \"seal\": \"drawn\"}\n]}\n");
}

static bool associations_write(struct site_work *w, struct err *e)
{
	struct buf bytes = buf_empty(TEMPLATE_BYTES_MAX);
	const char *demo;
	bool ok = true;

	if (w->order->demo)
		ok = io_path(w->arena, w->order->share, "templates/demo", &demo, e) &&
		     io_read_in(demo, "associations.json", &bytes, e);
	else
		national_write(&w->config, &bytes);
	ok = ok && buf_ok(&bytes, "associations.json", e) &&
	     io_replace(w->dir, "associations.json", buf_view(&bytes), 0644, e);
	buf_free(&bytes);
	return ok;
}

static bool seals_make(struct site_work *w, struct err *e)
{
	return !w->order->seals ||
	       demoseals_make(w->arena, w->keys, w->order->seal_key, w->now, &w->config, e);
}

/* What recipients ask of letters; a home begins with one that suits anybody. */
static bool profiles_write(struct site_work *w, struct err *e)
{
	static const char general[] =
		"{\n \"schema\": \"hufu.profiles/1\",\n \"profiles\": [\n  {\"id\": \"general\", "
		"\"name_en\": \"Anyone: standing today\", \"name_zh\": \"通用：仅当前状况\", "
		"\"look_back\": 0, \"pending\": \"silent\", \"valid_for\": \"3_months\", "
		"\"languages\": [\"en\", \"zh\"]}\n ]\n}\n";
	struct buf bytes = buf_empty(TEMPLATE_BYTES_MAX);
	const char *demo;
	bool ok = true;

	if (w->order->demo)
		ok = io_path(w->arena, w->order->share, "templates/demo", &demo, e) &&
		     io_read_in(demo, "profiles.json", &bytes, e);
	else
		buf_c(&bytes, general);
	ok = ok && buf_ok(&bytes, "profiles.json", e) &&
	     io_replace(w->dir, "profiles.json", buf_view(&bytes), 0644, e);
	buf_free(&bytes);
	return ok;
}

/* The art that an association of the demo supplies. */
static bool seals_copy(struct site_work *w, struct err *e)
{
	const char *from, *to;

	return !w->order->demo ||
	       (io_path(w->arena, w->order->share, "templates/demo/seals", &from, e) &&
		io_path(w->arena, w->dir, "seals", &to, e) && folder_copy(w, from, to, e));
}

/* A demo home's credential: 64 hexadecimal digits of 32 random bytes, beside the keys it opens. */
static bool demo_kek(struct site_work *w, struct err *e)
{
	unsigned char random[32];
	struct buf text = buf_empty(128);
	bool ok;

	if (!w->env->random(w->env->self, random, sizeof random, e))
		return false;
	enc_hex(&text, random, sizeof random);
	buf_byte(&text, '\n');
	ok = buf_ok(&text, "a passphrase", e) &&
	     io_replace(w->keys, "passphrase", buf_view(&text), 0600, e) &&
	     kek_create(w->keys, KEK_RAW, buf_view(&text), w->env, &w->kek, e);
	secret_wipe(random, sizeof random);
	secret_wipe(text.p, text.n);
	buf_free(&text);
	return ok;
}

static bool key_make(struct site_work *w, enum key_role role, unsigned number, struct err *e)
{
	struct keyfile key = { .role = role,
			       .number = number,
			       .version = role == ROLE_HOME ? 1 : 0 };

	return keyfile_create(w->keys, w->kek, w->env, &key, e);
}

static bool keys_make(struct site_work *w, struct err *e)
{
	if (w->order->demo ? !demo_kek(w, e)
			   : !kek_create(w->keys, KEK_ARGON2ID, secret_view(&w->order->passphrase),
					 w->env, &w->kek, e))
		return false;
	for (unsigned n = 1; n <= INIT_ROOTS; n++)
		if (!key_make(w, ROLE_ROOT, n, e))
			return false;
	for (unsigned type = 1; type <= INIT_TYPES; type++)
		if (!key_make(w, ROLE_ISSUING, type, e))
			return false;
	return key_make(w, ROLE_STATUS, 0, e) && key_make(w, ROLE_LOG, 0, e) &&
	       key_make(w, ROLE_MANIFEST, 0, e) && key_make(w, ROLE_HOME, 0, e) &&
	       ring_open(w->keys, w->kek, NULL, &w->signer, e);
}

static bool policy_make(struct site_work *w, struct err *e)
{
	struct policy *p = &w->policy;
	struct ed25519_public public;
	struct str name;

	*p = (struct policy){ .issuer = w->config.issuer,
			      .name_zh = w->config.name_zh,
			      .name_en = w->config.name_en,
			      .site = w->config.base,
			      .contact = w->config.contact,
			      .root_count = INIT_ROOTS,
			      .k = INIT_ROOT_QUORUM,
			      .utc_offset_min = w->config.utc_offset_min };
	for (unsigned n = 1; n <= INIT_ROOTS; n++)
		if (!policy_root_name(w->arena, p->issuer, n, &name, e) ||
		    !signer_public(w->signer, ROLE_ROOT, n, &public, e) ||
		    !note_key_make(name, &public, &p->roots[n - 1], e))
			return false;
	return signer_public(w->signer, ROLE_LOG, 0, &public, e) &&
	       note_key_make(w->config.origin, &public, &p->log, e);
}

static bool policy_publish(struct site_work *w, struct err *e)
{
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	const char *site;
	bool ok = policy_write(&text, &w->policy, e) &&
		  io_path(w->arena, w->dir, "site", &site, e) &&
		  io_replace(w->dir, "policy.json", buf_view(&text), 0644, e) &&
		  io_replace(site, "policy.json", buf_view(&text), 0644, e);

	buf_free(&text);
	return ok;
}

static bool keylist_publish(struct site_work *w, struct err *e)
{
	static const struct {
		enum key_role role;
		unsigned type;
	} rows[] = { { ROLE_ISSUING, 1 }, { ROLE_ISSUING, 2 }, { ROLE_ISSUING, 3 },
		     { ROLE_ISSUING, 4 }, { ROLE_STATUS, 0 },  { ROLE_LOG, 0 },
		     { ROLE_MANIFEST, 0 } };
	struct keylist_key keys[COUNT_OF(rows)];
	int64_t day = instant_day(w->now, 0);
	struct keylist list = {
		.issuer = w->config.issuer,
		.version = 1,
		.issued = w->now,
		.expires =
			w->now + (civil_days(civil_add_months(civil_of_days(day), KEYLIST_MONTHS)) -
				  day) * 86400,
		.keys = keys,
		.count = COUNT_OF(keys),
	};
	struct buf note = buf_empty(NOTE_MAX);
	const char *site;
	bool ok = io_path(w->arena, w->dir, "site", &site, e);

	for (size_t i = 0; ok && i < COUNT_OF(rows); i++)
		ok = keylist_key_make(w->signer, rows[i].role, rows[i].type, w->config.issuer,
				      w->now, &keys[i], e);
	ok = ok && keylist_write(&note, &list, &w->policy, w->signer, e) &&
	     io_replace(site, "keys.note", buf_view(&note), 0644, e);
	buf_free(&note);
	return ok;
}

static bool ledger_make(struct site_work *w, struct err *e)
{
	unsigned char seed[SALT_SIZE];
	struct journal *journal = NULL;
	const char *store, *path;
	bool ok = w->env->random(w->env->self, seed, sizeof seed, e) &&
		  io_path(w->arena, w->dir, "store.db", &store, e) &&
		  store_create(store, seed, e) && io_path(w->arena, w->dir, "journal", &path, e) &&
		  journal_open(path, &journal, e) &&
		  journal_add(journal, w->now, "home.made", NULL, 0, e);

	journal_close(journal);
	secret_wipe(seed, sizeof seed);
	return ok;
}

static bool config_publish(struct site_work *w, struct err *e)
{
	struct buf text = buf_empty(64 * 1024);
	bool ok = config_write(&text, &w->config, e) &&
		  io_replace(w->dir, "hufu.json", buf_view(&text), 0644, e);

	buf_free(&text);
	return ok;
}

static bool home_build(struct site_work *w, char *fingerprint, struct err *e)
{
	return folders_make(w, e) && templates_copy(w, e) && associations_write(w, e) &&
	       profiles_write(w, e) && seals_copy(w, e) && keys_make(w, e) && seals_make(w, e) &&
	       policy_make(w, e) && policy_publish(w, e) &&
	       policy_fingerprint(&w->policy, fingerprint, e) && keylist_publish(w, e) &&
	       ledger_make(w, e) && config_publish(w, e);
}

static int entry_remove(const char *path, const struct stat *st UNUSED, int kind UNUSED,
			struct FTW *at UNUSED)
{
	return remove(path);
}

/* Rename the finished folder to its place.  rename(2) itself refuses a folder that is not empty. */
static bool home_place(const char *from, const char *to, struct err *e)
{
	if (chmod(from, 0755) != 0)
		return err_errno(e, "cannot set the mode of '%s'", from);
	if (!io_sync_all(from, e))
		return false;
	if (rename(from, to) == 0)
		return true;
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return err_system(e, "'%s' exists and is not an empty folder", to);
	return err_errno(e, "cannot create '%s'", to);
}

bool init_home(struct arena *a, const struct env *env, const struct init_order *order,
	       char *fingerprint, struct err *e)
{
	struct site_work w = { .arena = a, .env = env, .order = order, .config = order->config };
	struct str path = str_of(order->home), temp;
	bool ok;

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	if (!ed25519_start(e) ||
	    !arena_printf(a, &w.config.origin, e, "%.*s/log", STR_ARG(w.config.issuer)) ||
	    !arena_printf(a, &temp, e, "%.*s.new-XXXXXX", STR_ARG(path)))
		return false;
	w.config.passphrase_file = order->demo ? str_of(PASSPHRASE_FILE) : STR("");
	w.now = env_now(env);
	/* arena_printf's bytes are the arena's own, so that mkdtemp may write into them. */
	w.dir = mkdtemp((char *)(uintptr_t)temp.p);
	if (w.dir == NULL)
		return err_errno(e, "cannot create a folder beside '%s'", order->home);
	ok = home_build(&w, fingerprint, e) && home_place(w.dir, order->home, e);
	signer_free(w.signer);
	kek_free(w.kek);
	if (!ok)
		nftw(w.dir, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
	return ok;
}
