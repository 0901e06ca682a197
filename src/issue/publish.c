/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/publish.h"

#include "base/io.h"
#include "proof/manifest.h"

enum { SITE_FILES_MAX = 1 << 20 };

/* Files of HOME/site/<folder>, written once and for good. */
static bool folder_publish(struct home *h, const char *folder, const char *to, size_t *files,
			   struct err *e)
{
	struct arena *a = arena_new(256 * 1024 * 1024);
	struct buf bytes = buf_empty(MANIFEST_BYTES_MAX);
	const char *from, *target, *path;
	struct str *names;
	size_t count = 0;
	bool ok;

	if (a == NULL)
		return err_memory(e, "publishing");
	ok = io_path(a, h->dir, "site", &from, e) && io_path(a, from, folder, &from, e) &&
	     io_path(a, to, folder, &target, e) && io_mkdir(target, 0755, e) &&
	     io_list(a, from, "", SITE_FILES_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		buf_clear(&bytes);
		ok = io_path(a, target, names[i].p, &path, e);
		*files += ok && !io_exists(path);
		ok = ok && io_read_in(from, names[i].p, &bytes, e) &&
		     io_publish(target, names[i].p, buf_view(&bytes), 0644, e);
	}
	buf_free(&bytes);
	arena_free(a);
	return ok;
}

/* A file that may change: replaced when it differs. */
static bool file_publish(struct home *h, const char *name, const char *to, size_t *files,
			 struct err *e)
{
	struct buf bytes = buf_empty(NOTE_MAX), there = buf_empty(NOTE_MAX);
	const char *from, *path;
	bool ok = home_path(h, "site", &from, e) && io_path(h->arena, to, name, &path, e) &&
		  io_read_in(from, name, &bytes, e);

	if (ok && !(io_exists(path) && io_read(path, &there, e) &&
		    str_eq(buf_view(&there), buf_view(&bytes)))) {
		ok = io_replace(to, name, buf_view(&bytes), 0644, e);
		++*files;
	}
	buf_free(&bytes);
	buf_free(&there);
	return ok;
}

bool publish_site(struct home *h, const struct env *env, const char *to, size_t *files,
		  struct err *e)
{
	struct store_batch open;
	bool found;

	*files = 0;
	if (!store_batch_open(h->store, &open, &found, e))
		return false;
	if (found)
		return err_system(
			e,
			"batch %lld was interrupted; finish it with hufu issue before publishing",
			(long long)open.id);
	if (!io_mkdir(to, 0755, e) || !folder_publish(h, "m", to, files, e) ||
	    !file_publish(h, "keys.note", to, files, e) ||
	    !file_publish(h, "policy.json", to, files, e))
		return false;
	const struct journal_field fields[] = { { "files", { NULL, 0 }, (int64_t)*files } };

	return journal_add(h->journal, env_now(env), "site.published", fields, 1, e);
}
