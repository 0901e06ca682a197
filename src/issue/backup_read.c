/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "base/ustar.h"
#include "issue/backup_work.h"
#include "json/json.h"

enum { CHUNK = 64 * 1024, MODE_OWNER = 0400 };

static const struct json_limits manifest_limits = { .bytes = BACKUP_HEAD_MAX,
						    .depth = 3,
						    .values = 1024 };

struct reading {
	FILE *in;
	uint64_t at; /* bytes of the archive read */
	const struct backup_sink *sink;
	FILE *lines; /* the manifest's */
	struct sha256 *hash;
	struct arena *arena; /* of one line */
	char before[PATH_TEXT_MAX];
	uint64_t files, bytes;
};

FILE *backup_scratch(void)
{
	char name[] = "/tmp/hufu-XXXXXX";
	int fd = mkstemp(name);
	FILE *f = fd >= 0 ? fdopen(fd, "w+") : NULL;

	if (fd >= 0)
		unlink(name);
	if (fd >= 0 && f == NULL)
		close(fd);
	return f;
}

static bool bad(uint64_t at, const char *why, struct err *e)
{
	err_input(e, "BACKUP-FORM", "%s", why);
	return err_in(e, "byte %llu", (unsigned long long)at);
}

static bool bad_line(struct err *e, const char *why)
{
	return err_input(e, "BACKUP-FORM", "the manifest: %s", why);
}

bool backup_line_read(struct arena *a, struct str line, struct backup_file *out, struct err *e)
{
	struct buf again = buf_empty(BACKUP_LINE_MAX);
	const struct json *root;
	struct str hex;
	int64_t mode, size;
	struct err why;
	bool ok = json_read(a, line, &manifest_limits, &root, &why) &&
		  json_integer(root, "mode", 0, 0777, &mode, &why) &&
		  json_string(root, "path", 1, USTAR_NAME_MAX, &out->path, &why) &&
		  json_string(root, "sha256", 64, 64, &hex, &why) &&
		  json_integer(root, "size", 0, (int64_t)USTAR_SIZE_MAX, &size, &why) &&
		  enc_unhex(hex, out->sha256, SHA256_SIZE) &&
		  arena_str(a, out->path, &out->path, &why);

	if (!ok)
		return bad_line(e, "a line is none of a backup");
	out->mode = (unsigned)mode;
	out->size = (uint64_t)size;
	backup_line(&again, out);
	ok = !again.failed && again.n == line.n + 1 && memcmp(again.p, line.p, line.n) == 0;
	buf_free(&again);
	if (!ok)
		return bad_line(e, "a line is not as a backup writes it");
	return (backup_path_ok(out->path) && (out->mode & MODE_OWNER) != 0) ||
	       bad_line(e, "a path or mode that no file of a home has");
}

static bool head_read(struct arena *a, struct str line, struct backup_head *out, struct err *e)
{
	struct buf again = buf_empty(BACKUP_HEAD_MAX);
	const struct json *root, *left, *log;
	struct str program, hex;
	int64_t bytes, files, size;
	struct err why;
	bool ok = json_read(a, line, &manifest_limits, &root, &why) &&
		  json_schema(root, "hufu.backup/1", &why) &&
		  json_integer(root, "bytes", 0, INT64_MAX, &bytes, &why) &&
		  json_integer(root, "files", 1, INT64_MAX, &files, &why) &&
		  json_array(root, "left_out", BACKUP_LEFT_MAX, &left, &why) &&
		  json_object(root, "log", &log, &why) &&
		  json_string(log, "root", 0, 64, &hex, &why) &&
		  json_integer(log, "size", 0, INT64_MAX, &size, &why) &&
		  json_string(root, "program", 1, 64, &program, &why);

	if (!ok)
		return bad_line(e, "its first line is none of hufu.backup/1");
	*out = (struct backup_head){ .files = (uint64_t)files,
				     .bytes = (uint64_t)bytes,
				     .log_size = (uint64_t)size,
				     .left_count = left->count };
	memcpy(out->log_root, hex.n > 0 ? hex.p : "", hex.n);
	out->left = arena_array(a, left->count + 1, sizeof *out->left, e);
	if (out->left == NULL)
		return false;
	for (size_t i = 0; i < left->count; i++) {
		if (left->items[i].kind != JSON_STRING)
			return bad_line(e, "left_out holds paths");
		out->left[i] = left->items[i].string;
	}
	backup_headline(&again, out, program);
	ok = !again.failed && again.n == line.n + 1 && memcmp(again.p, line.p, line.n) == 0;
	buf_free(&again);
	return ok || bad_line(e, "its first line is not as a backup writes it");
}

static bool take(struct reading *r, void *out, size_t n, struct err *e)
{
	size_t got = fread(out, 1, n, r->in);

	if (got != n && ferror(r->in))
		return err_errno(e, "cannot read the backup");
	if (got != n)
		return bad(r->at + got, "the archive is cut", e);
	r->at += n;
	return true;
}

static bool take_zeros(struct reading *r, size_t n, struct err *e)
{
	char block[USTAR_END];
	uint64_t at = r->at;

	if (!take(r, block, n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (block[i] != 0)
			return bad(at + i, "zeros must stand here", e);
	return true;
}

/* The bytes of a member, to a stream or the sink. */
static bool take_bytes(struct reading *r, uint64_t size, FILE *to, struct err *e)
{
	char block[CHUNK];

	for (uint64_t left = size; left > 0;) {
		size_t n = left < sizeof block ? (size_t)left : sizeof block;

		if (!take(r, block, n, e))
			return false;
		if (to != NULL && fwrite(block, 1, n, to) != n)
			return err_errno(e, "cannot write a temporary file");
		sha256_add(r->hash, block, n);
		if (to == NULL && !r->sink->bytes(r->sink->self, str_bytes(block, n), e))
			return false;
		left -= n;
	}
	return take_zeros(r, (size_t)(ustar_blocks(size) - size), e);
}

static bool manifest_take(struct reading *r, struct arena *a, struct backup_head *head,
			  struct err *e)
{
	struct buf hold = buf_empty(BACKUP_HEAD_MAX);
	unsigned char again[USTAR_BLOCK];
	char block[USTAR_BLOCK];
	struct ustar_claim claim;
	struct str line;
	bool end = true, ok = take(r, block, sizeof block, e);

	if (!ok)
		return false;
	ustar_claim(block, &claim);
	if (!str_eq(claim.name, STR(BACKUP_MANIFEST)) ||
	    !ustar_header(claim.name, claim.size, 0600, again) ||
	    memcmp(again, block, USTAR_BLOCK) != 0)
		return bad(0, "not a backup of a home: its manifest does not come first", e);
	sha256_begin(r->hash);
	ok = take_bytes(r, claim.size, r->lines, e);
	rewind(r->lines);
	ok = ok && io_line(r->lines, &hold, &line, &end, e) && (!end || bad_line(e, "is empty")) &&
	     head_read(a, line, head, e);
	if (!ok && e->kind == ERR_INPUT)
		err_input(e, "BACKUP-FORM", "not a backup of a home: its manifest is none");
	buf_free(&hold);
	return ok;
}

static bool file_take(struct reading *r, const struct backup_file *f, struct err *e)
{
	unsigned char header[USTAR_BLOCK], sum[SHA256_SIZE];
	char block[USTAR_BLOCK];
	uint64_t at = r->at;

	if (strcmp(r->before, f->path.p) >= 0)
		return bad_line(e, "paths are not ascending and distinct");
	memcpy(r->before, f->path.p, f->path.n + 1);
	if (!take(r, block, sizeof block, e))
		return false;
	if (!ustar_header(f->path, f->size, f->mode, header) ||
	    memcmp(header, block, USTAR_BLOCK) != 0)
		return bad(at, "not the regular file that the manifest names here", e);
	sha256_begin(r->hash);
	if (!r->sink->begin(r->sink->self, f->path.p, f->mode, e) ||
	    !take_bytes(r, f->size, NULL, e))
		return false;
	sha256_end(r->hash, sum);
	if (memcmp(sum, f->sha256, SHA256_SIZE) != 0) {
		err_input(e, "BACKUP-HASH", "its bytes are not those the manifest names");
		return err_in(e, "%s", f->path.p);
	}
	r->files++;
	r->bytes += f->size;
	return r->sink->end(r->sink->self, e);
}

static bool files_take(struct reading *r, const struct backup_head *head, struct err *e)
{
	struct buf hold = buf_empty(BACKUP_LINE_MAX);
	struct backup_file f;
	struct str line;
	bool end = false, ok = true;

	while (ok && (ok = io_line(r->lines, &hold, &line, &end, e)) && !end) {
		arena_reset(r->arena);
		ok = backup_line_read(r->arena, line, &f, e) && file_take(r, &f, e);
	}
	buf_free(&hold);
	ok = ok && ((r->files == head->files && r->bytes == head->bytes) ||
		    bad_line(e, "its first line counts other files"));
	ok = ok && take_zeros(r, USTAR_END, e);
	return ok && (fgetc(r->in) == EOF || bad(r->at, "more stands behind the archive", e));
}

bool backup_read(struct arena *a, FILE *in, const struct backup_sink *sink,
		 struct backup_head *head, struct err *e)
{
	struct reading r = { .in = in, .sink = sink, .lines = backup_scratch() };
	bool ok;

	r.hash = sha256_new();
	r.arena = arena_new(1 << 20);
	ok = (r.lines != NULL || err_errno(e, "cannot make a temporary file")) &&
	     ((r.hash != NULL && r.arena != NULL) || err_memory(e, "a backup"));
	ok = ok && manifest_take(&r, a, head, e) && files_take(&r, head, e);
	if (!ok && e->kind == ERR_INPUT && strcmp(e->code, "BACKUP-HASH") != 0 &&
	    strcmp(e->code, "BACKUP-FORM") != 0)
		err_input(e, "BACKUP-FORM", "the manifest: a line is too long");
	arena_free(r.arena);
	sha256_free(r.hash);
	if (r.lines != NULL)
		fclose(r.lines);
	return ok;
}
