/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/ustar.h"
#include "base/version.h"
#include "issue/backup_work.h"
#include "proof/checkpoint.h"
#include "proof/note.h"
#include "json/canon.h"

enum { CHUNK = 64 * 1024, DEPTH_MAX = 12, FILES_MAX = 1 << 25, SEALKEY_MAX = 64 * 1024 };

/* SQLite's copy stands here while the archive is written. */
static const char STORE[] = "store.db", STORE_COPY[] = ".tmp-store.db";

struct backup {
	struct home *home;
	struct arena *arena;
	bool secrets;
	struct backup_head *head;
	struct str secret[BACKUP_LEFT_MAX]; /* paths of what opens keys */
	size_t secret_count;
	FILE *lines; /* of the manifest, behind the head */
	struct sha256 *hash;
	FILE *out;
};

/* ---- what is left out ---- */

static bool secret_add(struct backup *b, struct str path, struct err *e)
{
	if (path.n == 0)
		return true;
	if (b->secret_count == BACKUP_LEFT_MAX)
		return err_system(e, "hufu.json names more secrets than %d", BACKUP_LEFT_MAX);
	b->secret[b->secret_count++] = path;
	return true;
}

/* A PEM file whose key is encrypted is no secret without its PIN; PKCS#12 always is encrypted. */
static bool sealkey_open(struct backup *b, const struct sealconfig_seal *seal, bool *out,
			 struct err *e)
{
	struct buf bytes = buf_empty(SEALKEY_MAX);
	const char *path;
	struct str name;
	bool ok = true;

	*out = false;
	if (seal->kind != SEALKEY_PEM || seal->path.n == 0)
		return true;
	ok = arena_str(b->arena, seal->path, &name, e) && home_path(b->home, name.p, &path, e);
	if (ok && io_exists(path))
		ok = io_read(path, &bytes, e);
	*out = ok && str_find(buf_view(&bytes), STR("ENCRYPTED"), 0) == SIZE_MAX;
	secret_wipe(bytes.p, bytes.n);
	buf_free(&bytes);
	return ok;
}

static bool seal_secrets(struct backup *b, const struct sealconfig_seal *seal, struct err *e)
{
	bool open;

	return sealkey_open(b, seal, &open, e) &&
	       secret_add(b, open ? seal->path : (struct str){ NULL, 0 }, e) &&
	       secret_add(b, seal->pin_file, e);
}

static bool secrets_find(struct backup *b, struct err *e)
{
	const struct config *c = &b->home->config;

	if (b->secrets)
		return true;
	if (!secret_add(b, c->passphrase_file, e))
		return false;
	if (!c->seal.seals)
		return true;
	if (!seal_secrets(b, &c->seal.national, e))
		return false;
	for (size_t i = 0; i < c->seal.local_count; i++)
		if (!seal_secrets(b, &c->seal.locals[i], e))
			return false;
	return true;
}

static bool is_left(const struct backup *b, struct str path)
{
	for (size_t i = 0; i < b->secret_count; i++)
		if (str_eq(b->secret[i], path))
			return true;
	return false;
}

/* Of a home, but no part of it. */
static bool is_passing(struct str path)
{
	size_t slash = path.n;

	while (slash > 0 && path.p[slash - 1] != '/')
		slash--;
	return str_starts(str_skip(path, slash), STR(".tmp-")) || str_eq(path, STR("lock")) ||
	       str_eq(path, STR("store.db-journal"));
}

/* ---- the manifest ---- */

void backup_line(struct buf *out, const struct backup_file *f)
{
	buf_printf(out, "{\"mode\":%u,\"path\":", f->mode);
	canon_string(out, f->path);
	buf_c(out, ",\"sha256\":\"");
	enc_hex(out, f->sha256, SHA256_SIZE);
	buf_printf(out, "\",\"size\":%llu}\n", (unsigned long long)f->size);
}

void backup_headline(struct buf *out, const struct backup_head *h, struct str program)
{
	buf_printf(out, "{\"bytes\":%llu,\"files\":%llu,\"left_out\":[",
		   (unsigned long long)h->bytes, (unsigned long long)h->files);
	for (size_t i = 0; i < h->left_count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		canon_string(out, h->left[i]);
	}
	buf_printf(out, "],\"log\":{\"root\":\"%s\",\"size\":%llu},\"program\":", h->log_root,
		   (unsigned long long)h->log_size);
	canon_string(out, program);
	buf_c(out, ",\"schema\":\"hufu.backup/1\"}\n");
}

bool backup_path_ok(struct str path)
{
	char before = '/';

	if (path.n == 0 || path.n >= USTAR_NAME_MAX || path.p[path.n - 1] == '/')
		return false;
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (c < 0x20 || c == 0x7f || c == '\\')
			return false;
		if (before == '/' && (c == '/' || c == '.'))
			return false; /* absolute, empty, hidden, or a way up */
		before = (char)c;
	}
	return true;
}

/* The file's bytes through `each`; *size and the hash of what was read. */
static bool file_pass(struct backup *b, const char *path, FILE *to, struct backup_file *f,
		      struct err *e)
{
	char block[CHUNK];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;
	bool ok = true;

	if (fd < 0)
		return err_errno(e, "cannot open '%s'", path);
	f->size = 0;
	sha256_begin(b->hash);
	while (ok && (n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			ok = err_errno(e, "cannot read '%s'", path);
			break;
		}
		sha256_add(b->hash, block, (size_t)n);
		f->size += (uint64_t)n;
		ok = to == NULL || fwrite(block, 1, (size_t)n, to) == (size_t)n ||
		     err_errno(e, "cannot write the backup");
	}
	sha256_end(b->hash, f->sha256);
	close(fd);
	return ok;
}

/* Where the bytes of a member stand: the store's are those of the copy. */
static bool file_place(struct backup *b, struct str path, const char **out, struct err *e)
{
	const char *name = str_eq(path, str_of(STORE)) ? STORE_COPY : path.p;

	return home_path(b->home, name, out, e);
}

static bool file_note(struct backup *b, struct str path, unsigned mode, struct err *e)
{
	unsigned char header[USTAR_BLOCK];
	struct backup_file f = { .path = path, .mode = mode & 0777 };
	struct buf line = buf_empty(BACKUP_LINE_MAX);
	const char *place;
	bool ok = file_place(b, path, &place, e) && file_pass(b, place, NULL, &f, e);

	if (ok && (!backup_path_ok(path) || !ustar_header(path, f.size, f.mode, header)))
		ok = err_system(e, "'%s' has a name or a size no backup can hold", place);
	if (ok && b->head->files == FILES_MAX)
		ok = err_system(e, "more than %d files", FILES_MAX);
	if (ok) {
		backup_line(&line, &f);
		ok = buf_ok(&line, "a line of the backup", e) &&
		     (fwrite(line.p, 1, line.n, b->lines) == line.n ||
		      err_errno(e, "cannot write a temporary file"));
		b->head->files++;
		b->head->bytes += f.size;
	}
	buf_free(&line);
	return ok;
}

static bool entry_take(struct backup *b, struct str path, int depth, struct err *e);

/* ---- the walk ---- */

struct names {
	char **p;
	size_t n, cap;
};

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->p[i]);
	free(names->p);
}

static bool names_add(struct names *names, const char *name, bool folder, struct err *e)
{
	size_t n = strlen(name);
	char *copy = malloc(n + 2);

	if (names->n == names->cap && copy != NULL) {
		size_t cap = names->cap > 0 ? 2 * names->cap : 64;
		char **more = realloc(names->p, cap * sizeof *more);

		if (more != NULL) {
			names->p = more;
			names->cap = cap;
		}
	}
	if (copy == NULL || names->n == names->cap) {
		free(copy);
		return err_memory(e, "the files of a folder");
	}
	memcpy(copy, name, n);
	copy[n] = folder ? '/' : '\0'; /* so that the whole walk is in byte order of the paths */
	copy[n + (folder ? 1 : 0)] = '\0';
	names->p[names->n++] = copy;
	return true;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static bool names_read(const char *dir, struct names *names, struct err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	bool ok = true;

	if (d == NULL)
		return err_errno(e, "cannot open folder '%s'", dir);
	while (ok && (entry = readdir(d)) != NULL) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		ok = fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
		     err_errno(e, "cannot look at '%s/%s'", dir, entry->d_name);
		ok = ok && names_add(names, entry->d_name, S_ISDIR(st.st_mode), e);
	}
	closedir(d);
	if (ok && names->n > 1)
		qsort(names->p, names->n, sizeof *names->p, by_name);
	return ok;
}

/* `path` ends in a slash, or is empty for the home itself. */
static bool folder_take(struct backup *b, struct str path, int depth, struct err *e)
{
	struct names names = { 0 };
	const char *dir;
	bool ok = depth < DEPTH_MAX || err_system(e, "'%s' lies too deep", path.p);

	ok = ok && home_path(b->home, path.p, &dir, e) && names_read(dir, &names, e);
	for (size_t i = 0; ok && i < names.n; i++) {
		char text[PATH_TEXT_MAX];
		int n = snprintf(text, sizeof text, "%s%s", path.p, names.p[i]);

		ok = (n > 0 && (size_t)n < sizeof text) ||
		     err_system(e, "'%s%s' is too long", path.p, names.p[i]);
		ok = ok && entry_take(b, str_of(text), depth, e);
	}
	names_free(&names);
	return ok;
}

static bool entry_take(struct backup *b, struct str path, int depth, struct err *e)
{
	struct stat st;
	const char *place;
	char text[PATH_TEXT_MAX * 2];

	if (is_passing(path))
		return true;
	if (str_ends(path, STR("/")))
		return folder_take(b, path, depth + 1, e);
	if (is_left(b, path))
		return arena_str(b->arena, path, &b->head->left[b->head->left_count++], e);
	if (snprintf(text, sizeof text, "%s/%s", b->home->dir, path.p) >= (int)sizeof text)
		return err_system(e, "'%s' is too long", path.p);
	place = text;
	if (lstat(place, &st) != 0)
		return err_errno(e, "cannot look at '%s'", place);
	if (!S_ISREG(st.st_mode))
		return err_system(e, "'%s' is no regular file; a home has nothing else", place);
	return file_note(b, path, (unsigned)st.st_mode, e);
}

/* ---- the archive ---- */

bool backup_tree(struct arena *a, const char *file, uint64_t *size, char root[65], struct err *e)
{
	struct buf bytes = buf_empty(CHECKPOINT_BYTES_MAX), hex = buf_empty(64);
	struct checkpoint c;
	struct note note;
	struct str text;
	bool ok;

	*size = 0;
	root[0] = '\0';
	if (!io_exists(file))
		return true;
	ok = io_read(file, &bytes, e) && arena_str(a, buf_view(&bytes), &text, e) &&
	     ((note_read(a, text, &note, e) && checkpoint_read_body(note.body, &c, e)) ||
	      err_in(e, "%s", file));
	if (ok) {
		enc_hex(&hex, c.root, SHA256_SIZE);
		ok = buf_ok(&hex, "a root", e);
	}
	if (ok) {
		*size = c.size;
		memcpy(root, hex.p, 64);
		root[64] = '\0';
	}
	buf_free(&hex);
	buf_free(&bytes);
	return ok;
}

static bool put(struct backup *b, const void *p, size_t n, struct err *e)
{
	return n == 0 || fwrite(p, 1, n, b->out) == n || err_errno(e, "cannot write the backup");
}

static bool put_header(struct backup *b, struct str name, uint64_t size, unsigned mode,
		       struct err *e)
{
	unsigned char header[USTAR_BLOCK];

	if (!ustar_header(name, size, mode, header))
		return err_system(e, "'%.*s' has a name or a size no backup can hold",
				  STR_ARG(name));
	return put(b, header, sizeof header, e);
}

static bool put_fill(struct backup *b, uint64_t size, struct err *e)
{
	static const unsigned char zeros[USTAR_BLOCK];

	return put(b, zeros, (size_t)(ustar_blocks(size) - size), e);
}

static bool manifest_put(struct backup *b, struct err *e)
{
	struct buf head = buf_empty(BACKUP_HEAD_MAX);
	char block[CHUNK];
	off_t lines = ftello(b->lines);
	uint64_t size = 0;
	size_t n;
	bool ok = lines >= 0 || err_errno(e, "cannot write a temporary file");

	backup_headline(&head, b->head, STR(HUFU_VERSION));
	ok = ok && buf_ok(&head, "the backup's first line", e);
	if (ok) {
		size = head.n + (uint64_t)lines;
		ok = put_header(b, STR(BACKUP_MANIFEST), size, 0600, e) &&
		     put(b, head.p, head.n, e);
	}
	rewind(b->lines);
	while (ok && (n = fread(block, 1, sizeof block, b->lines)) > 0)
		ok = put(b, block, n, e);
	buf_free(&head);
	return ok && put_fill(b, size, e);
}

/* Every line again is read as we wrote it: {"mode":N,"path":"…","sha256":"…","size":N}. */
static bool files_put(struct backup *b, struct err *e)
{
	struct buf hold = buf_empty(BACKUP_LINE_MAX), again = buf_empty(BACKUP_LINE_MAX);
	struct arena *a = arena_new(1 << 20);
	bool end = false, ok = a != NULL || err_memory(e, "a backup");
	struct str line;

	rewind(b->lines);
	while (ok && (ok = io_line(b->lines, &hold, &line, &end, e)) && !end) {
		struct backup_file f, now;
		const char *place;

		arena_reset(a);
		buf_clear(&again);
		ok = backup_line_read(a, line, &f, e);
		now = f;
		ok = ok && file_place(b, f.path, &place, e) &&
		     put_header(b, f.path, f.size, f.mode, e) &&
		     file_pass(b, place, b->out, &now, e) && put_fill(b, now.size, e);
		if (ok && (now.size != f.size || memcmp(now.sha256, f.sha256, SHA256_SIZE) != 0))
			ok = err_system(e, "'%s' changed while it was copied", f.path.p);
	}
	arena_free(a);
	buf_free(&again);
	buf_free(&hold);
	return ok;
}

static bool store_copy(struct backup *b, const char **copy, struct err *e)
{
	return home_path(b->home, STORE_COPY, copy, e) &&
	       sql_copy(store_sql(b->home->store), *copy, e);
}

bool backup_write(struct home *h, bool secrets, FILE *out, struct backup_head *head, struct err *e)
{
	static const unsigned char end[USTAR_END];
	struct backup b = {
		.home = h, .arena = h->arena, .secrets = secrets, .head = head, .out = out
	};
	const char *copy = NULL, *checkpoint;
	bool ok;

	*head = (struct backup_head){ 0 };
	head->left = arena_array(h->arena, BACKUP_LEFT_MAX, sizeof *head->left, e);
	if (head->left == NULL)
		return false;
	b.lines = backup_scratch();
	b.hash = sha256_new();
	ok = (b.lines != NULL || err_errno(e, "cannot make a temporary file")) &&
	     (b.hash != NULL || err_memory(e, "a backup"));
	ok = ok && home_path(h, "log/checkpoint", &checkpoint, e) &&
	     backup_tree(h->arena, checkpoint, &head->log_size, head->log_root, e) &&
	     secrets_find(&b, e) && store_copy(&b, &copy, e) && folder_take(&b, STR(""), 0, e) &&
	     manifest_put(&b, e) && files_put(&b, e) && put(&b, end, sizeof end, e);
	if (copy != NULL)
		unlink(copy);
	sha256_free(b.hash);
	if (b.lines != NULL)
		fclose(b.lines);
	return ok;
}
