/* SPDX-License-Identifier: Apache-2.0 */
#include "font/fonts_inner.h"

#include <stdlib.h>

#include "base/io.h"
#include "json/json.h"

enum {
	HOLD_MAX = 16 << 20, /* bytes of the decoded fonts.json */
	DIRS_MAX = 8,
	NAME_MAX_BYTES = 64,
	PATH_MAX_BYTES = 512,
};

/* fonts.json as it is being read. */
struct reading {
	struct fonts *fonts;
	const char *folder; /* of fonts.json */
	const struct json *dirs;
};

/* A path from fonts.json: absolute, or relative to its folder. */
static bool place(struct reading *r, struct str dir, const char **out, struct err *e)
{
	struct arena *a = r->fonts->a;
	struct str path;

	if (dir.n > 0 && dir.p[0] == '/') {
		if (!arena_str(a, dir, &path, e))
			return false;
	} else if (!arena_printf(a, &path, e, "%s/%.*s", r->folder, STR_ARG(dir))) {
		return false;
	}
	*out = path.p;
	return true;
}

/* The first of the folders that holds the file. */
static bool find_file(struct reading *r, struct str file, const char **out, struct err *e)
{
	for (size_t i = 0; i < r->dirs->count; i++) {
		const struct json *dir = &r->dirs->items[i];
		struct str name;
		const char *folder;

		if (dir->kind != JSON_STRING || dir->string.n > PATH_MAX_BYTES)
			return err_input(e, "JSON-TYPE", "folders are strings");
		if (!place(r, dir->string, &folder, e) || !arena_str(r->fonts->a, file, &name, e) ||
		    !io_path(r->fonts->a, folder, name.p, out, e))
			return false;
		if (io_exists(*out))
			return true;
	}
	return err_system(e, "font file %.*s is in none of the folders", STR_ARG(file));
}

static bool read_face(struct reading *r, const struct json *j, struct err *e)
{
	static const char *const keys[] = { "id",      "file",    "index",    "postscript",
					    "package", "licence", "coverage", NULL };
	struct fonts *f = r->fonts;
	struct face_spec spec = { .number = f->face_count };
	struct str file, package, licence, coverage;
	int64_t index;

	if (!json_only(j, keys, e) ||
	    !json_string(j, "id", 1, NAME_MAX_BYTES, &f->ids[spec.number], e) ||
	    !json_string(j, "file", 1, PATH_MAX_BYTES, &file, e) ||
	    !json_integer(j, "index", 0, 255, &index, e) ||
	    !json_string(j, "postscript", 1, NAME_MAX_BYTES, &spec.postscript, e) ||
	    !json_string(j, "package", 1, NAME_MAX_BYTES, &package, e) ||
	    !json_string(j, "licence", 1, NAME_MAX_BYTES, &licence, e) ||
	    !json_string(j, "coverage", 1, PATH_MAX_BYTES, &coverage, e))
		return false;
	spec.index = (unsigned)index;
	for (size_t i = 0; i < spec.number; i++)
		if (str_eq(f->ids[i], f->ids[spec.number]))
			return err_input(e, "FONT-FACE", "two faces are called %.*s",
					 STR_ARG(f->ids[i]));
	if (!find_file(r, file, &spec.path, e) || !face_open(&spec, &f->faces[spec.number], e)) {
		struct err cause = *e;

		return err_system(e, "%s%s%s (install the package %.*s)", cause.place,
				  cause.place[0] != '\0' ? ": " : "", cause.cause,
				  STR_ARG(package));
	}
	f->face_count++;
	return true;
}

static bool read_faces(struct reading *r, const struct json *root, struct err *e)
{
	const struct json *faces;

	if (!json_array(root, "faces", FACES_MAX, &faces, e))
		return false;
	for (size_t i = 0; i < faces->count; i++)
		if (!read_face(r, &faces->items[i], e))
			return err_at(e, "/faces/%zu", i);
	return true;
}

static bool link_face(const struct fonts *f, struct link *link, const struct json *id,
		      struct err *e)
{
	if (id->kind != JSON_STRING)
		return err_input(e, "JSON-TYPE", "a face is named by a string");
	for (size_t i = 0; i < f->face_count; i++) {
		if (!str_eq(f->ids[i], id->string))
			continue;
		link->faces[link->count++] = f->faces[i];
		return true;
	}
	return err_input(e, "FONT-FACE", "no face is called %.*s", STR_ARG(id->string));
}

static bool read_chain(const struct fonts *f, const struct json *role, const char *key,
		       struct chain *chain, struct err *e)
{
	const struct json *links;

	if (!json_array(role, key, LINKS_MAX, &links, e))
		return false;
	if (links->count == 0)
		return err_input(e, "JSON-LENGTH", "a chain without faces"), err_at(e, "/%s", key);
	for (size_t i = 0; i < links->count; i++) {
		const struct json *l = &links->items[i];
		struct link *link = &chain->links[chain->count++];
		size_t files = l->kind == JSON_ARRAY ? l->count : 1;
		bool ok = files >= 1 && files <= LINK_FACES_MAX;

		if (!ok)
			err_input(e, "JSON-LENGTH", "one face of 1 to %d files", LINK_FACES_MAX);
		for (size_t k = 0; ok && k < files; k++)
			ok = link_face(f, link, l->kind == JSON_ARRAY ? &l->items[k] : l, e);
		if (!ok)
			return err_at(e, "/%s/%zu", key, i);
	}
	return true;
}

static bool read_role(struct fonts *f, struct str name, const struct json *j, struct err *e)
{
	static const char *const keys[] = { "han", "other", NULL };
	struct role *role = &f->roles[f->role_count++];
	struct str kept;

	if (!arena_str(f->a, name, &kept, e))
		return false;
	role->name = kept.p;
	return json_only(j, keys, e) && read_chain(f, j, "han", &role->chains[CHAIN_HAN], e) &&
	       read_chain(f, j, "other", &role->chains[CHAIN_OTHER], e);
}

static bool read_roles(struct fonts *f, const struct json *root, struct err *e)
{
	const struct json *roles;

	if (!json_object(root, "roles", &roles, e))
		return false;
	if (roles->count > ROLES_MAX)
		return err_input(e, "JSON-LENGTH", "more than %d roles", ROLES_MAX);
	for (size_t i = 0; i < roles->count; i++)
		if (!read_role(f, roles->keys[i], &roles->items[i], e))
			return err_at(e, "/roles/%.*s", STR_ARG(roles->keys[i]));
	return true;
}

static void hash_chain(const struct chain *c, struct sha256 *h)
{
	sha256_u64(h, c->count);
	for (size_t i = 0; i < c->count; i++) {
		sha256_u64(h, c->links[i].count);
		for (size_t k = 0; k < c->links[i].count; k++)
			sha256_u64(h, c->links[i].faces[k]->number);
	}
}

static bool hash_all(struct fonts *f, struct err *e)
{
	struct sha256 *h = sha256_new();

	if (h == NULL)
		return err_memory(e, "the fonts");
	sha256_begin(h);
	sha256_u64(h, f->face_count);
	for (size_t i = 0; i < f->face_count; i++)
		face_hash(f->faces[i], h);
	for (size_t i = 0; i < f->role_count; i++) {
		sha256_add(h, f->roles[i].name, strlen(f->roles[i].name) + 1);
		for (size_t k = 0; k < CHAIN_KINDS; k++)
			hash_chain(&f->roles[i].chains[k], h);
	}
	sha256_end(h, f->hash);
	sha256_free(h);
	return true;
}

static bool read_all(struct reading *r, struct str text, struct err *e)
{
	static const char *const keys[] = { "schema", "dirs", "faces", "roles", NULL };
	const struct json *root;

	return json_read(r->fonts->a, text, &json_config, &root, e) &&
	       json_schema(root, "hufu.fonts/1", e) && json_only(root, keys, e) &&
	       json_array(root, "dirs", DIRS_MAX, &r->dirs, e) && read_faces(r, root, e) &&
	       read_roles(r->fonts, root, e) && hash_all(r->fonts, e);
}

/* The folder a path is in: "." when it names none. */
static bool folder_of(struct arena *a, const char *path, const char **out, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct str folder = slash == NULL   ? STR(".")
			    : slash == path ? STR("/")
					    : str_bytes(path, (size_t)(slash - path));
	struct str kept;

	if (!arena_str(a, folder, &kept, e))
		return false;
	*out = kept.p;
	return true;
}

bool fonts_open(const char *fonts_json, struct fonts **out, struct err *e)
{
	struct buf text = buf_empty(json_config.bytes);
	struct reading r = { .fonts = calloc(1, sizeof *r.fonts) };
	bool ok = false;

	if (r.fonts == NULL)
		return err_memory(e, "the fonts");
	r.fonts->a = arena_new(HOLD_MAX);
	if (r.fonts->a == NULL) {
		err_memory(e, "the fonts");
		goto out;
	}
	if (!io_read(fonts_json, &text, e))
		goto out;
	ok = folder_of(r.fonts->a, fonts_json, &r.folder, e) && read_all(&r, buf_view(&text), e);
	if (!ok)
		err_in(e, "%s", fonts_json);
out:
	buf_free(&text);
	if (ok)
		*out = r.fonts;
	else
		fonts_free(r.fonts);
	return ok;
}

void fonts_free(struct fonts *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->face_count; i++)
		face_free(f->faces[i]);
	arena_free(f->a);
	free(f);
}

void fonts_hash(const struct fonts *f, unsigned char out[32])
{
	memcpy(out, f->hash, sizeof f->hash);
}

const struct role *fonts_role(const struct fonts *f, const char *name)
{
	for (size_t i = 0; i < f->role_count; i++)
		if (strcmp(f->roles[i].name, name) == 0)
			return &f->roles[i];
	return NULL;
}

const struct face *fonts_lookup(const struct fonts *f, const char *role, bool han)
{
	const struct role *r = fonts_role(f, role);

	return r == NULL ? NULL : r->chains[han ? CHAIN_HAN : CHAIN_OTHER].links[0].faces[0];
}
