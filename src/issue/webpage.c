/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/webpage.h"

#include "base/enc.h"
#include "base/io.h"
#include "json/json.h"

enum { FILE_MAX_BYTES = 16 << 20, FILES_MAX = 64, PATH_MAX_BYTES = 100 };

static const char BUILD[] = "page/build.json";

/* The files of a build, read. */
struct build {
	struct str text;
	const struct json *files; /* path → hash */
};

/* "page/app.js": lower case, no step up, at most one folder. */
static bool path_fits(struct str path)
{
	size_t slashes = 0;

	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];

		slashes += c == '/';
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' &&
		    c != '_' && c != '/')
			return false;
	}
	return path.n > 0 && path.n <= PATH_MAX_BYTES && path.p[0] != '/' && path.p[0] != '.' &&
	       str_find(path, STR(".."), 0) == SIZE_MAX &&
	       slashes == (size_t)str_starts(path, STR("page/"));
}

static bool file_read(struct arena *a, const char *dir, const char *name, struct str *out,
		      struct err *e)
{
	struct buf bytes = buf_empty(FILE_MAX_BYTES);
	bool ok = io_read_in(dir, name, &bytes, e) && arena_str(a, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

static bool build_read(struct arena *a, const char *dir, struct build *out, struct err *e)
{
	const struct json *root;

	if (!file_read(a, dir, BUILD, &out->text, e))
		return false;
	if (!json_read(a, out->text, &json_config, &root, e) ||
	    !json_schema(root, "hufu.page/1", e) || !json_object(root, "files", &out->files, e))
		return err_in(e, "%s/%s", dir, BUILD);
	if (out->files->count == 0 || out->files->count > FILES_MAX)
		return err_input(e, "WEBPAGE-FORM", "a page of %zu files", out->files->count);
	for (size_t i = 0; i < out->files->count; i++)
		if (!path_fits(out->files->keys[i]) || out->files->items[i].kind != JSON_STRING) {
			err_input(e, "WEBPAGE-FORM", "no file of a page");
			return err_in(e, "%s/%s", dir, BUILD);
		}
	return true;
}

/* One file of the build, in `a`, whose hash is the one named. */
static bool listed_read(struct arena *a, const char *dir, const struct build *b, size_t i,
			struct str *out, struct err *e)
{
	unsigned char want[SHA256_SIZE], is[SHA256_SIZE];
	struct str name;

	if (!arena_str(a, b->files->keys[i], &name, e) || !file_read(a, dir, name.p, out, e))
		return false;
	sha256_of(*out, is);
	if (enc_unhex(b->files->items[i].string, want, sizeof want) &&
	    memcmp(want, is, sizeof is) == 0)
		return true;
	err_input(e, "WEBPAGE-FILE", "is not the file that %s names", BUILD);
	return err_in(e, "%s/%s", dir, name.p);
}

bool webpage_check(struct arena *a, const char *dir, struct err *e)
{
	struct build b;
	struct str bytes;

	if (!build_read(a, dir, &b, e))
		return false;
	for (size_t i = 0; i < b.files->count; i++)
		if (!listed_read(a, dir, &b, i, &bytes, e))
			return false;
	return true;
}

static bool file_put(struct arena *a, const char *site, struct str path, struct str bytes,
		     struct err *e)
{
	struct str name;
	const char *folder;

	if (!str_starts(path, STR("page/")))
		return arena_str(a, path, &name, e) && io_replace(site, name.p, bytes, 0644, e);
	return io_path(a, site, "page", &folder, e) && io_mkdir(folder, 0755, e) &&
	       arena_str(a, str_skip(path, 5), &name, e) &&
	       io_replace(folder, name.p, bytes, 0644, e);
}

bool webpage_install(struct home *h, const char *build_dir, struct err *e)
{
	const char *site, *kill;
	struct build b;
	struct str bytes;

	if (!webpage_check(h->arena, build_dir, e) || !build_read(h->arena, build_dir, &b, e) ||
	    !home_path(h, "site", &site, e) || !home_path(h, "site/sw-kill", &kill, e))
		return false;
	for (size_t i = 0; i < b.files->count; i++)
		if (!listed_read(h->arena, build_dir, &b, i, &bytes, e) ||
		    !file_put(h->arena, site, b.files->keys[i], bytes, e))
			return false;
	/* The switch that takes service workers out of use is the office's: it stays as it is. */
	return (io_exists(kill) || io_replace(site, "sw-kill", STR("no\n"), 0644, e)) &&
	       file_put(h->arena, site, str_of(BUILD), b.text, e);
}

bool webpage_hash(struct home *h, unsigned char out[SHA256_SIZE], bool *found, struct err *e)
{
	const char *site, *path;
	struct str bytes;

	if (!home_path(h, "site", &site, e) || !io_path(h->arena, site, BUILD, &path, e))
		return false;
	*found = io_exists(path);
	if (!*found)
		return true;
	if (!file_read(h->arena, site, BUILD, &bytes, e))
		return false;
	sha256_of(bytes, out);
	return true;
}
