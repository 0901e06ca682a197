/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/targets.h"

#include <errno.h>
#include <stdlib.h>

#include "base/io.h"

enum { FOLDER_ARENA = 256 << 20 }; /* a name takes some 50 bytes: a folder of a million */

struct targets {
	struct cli *cli;
	struct targets_from from;
	size_t word;         /* of the next */
	FILE *list;          /* NULL: none, or at its end */
	bool owned;          /* `list` was opened here */
	struct arena *arena; /* of the folder that is walked */
	struct buf folder;   /* its name with a slash; n == 0: none is */
	struct str *files;
	size_t file, file_count;
	struct buf name;
};

bool targets_open(struct cli *cli, const struct targets_from *from, struct targets **out,
		  struct err *e)
{
	struct targets *t = calloc(1, sizeof *t);

	if (t == NULL)
		return err_memory(e, "the targets");
	*t = (struct targets){ .cli = cli,
			       .from = *from,
			       .folder = buf_empty(TARGETS_NAME_MAX + 2),
			       .name = buf_empty(2 * TARGETS_NAME_MAX + 2),
			       .arena = arena_new(FOLDER_ARENA) };
	if (t->arena == NULL) {
		targets_close(t);
		return err_memory(e, "the targets");
	}
	if (from->list != NULL && strcmp(from->list, "-") == 0) {
		t->list = cli->in;
	} else if (from->list != NULL) {
		t->list = fopen(from->list, "re");
		t->owned = t->list != NULL;
		if (t->list == NULL) {
			err_errno(e, "cannot open '%s'", from->list);
			targets_close(t);
			return false;
		}
	}
	*out = t;
	return true;
}

void targets_close(struct targets *t)
{
	if (t == NULL)
		return;
	if (t->owned)
		fclose(t->list);
	arena_free(t->arena);
	buf_free(&t->folder);
	buf_free(&t->name);
	free(t);
}

/* The name, ended by a NUL that does not count. */
static bool name_take(struct targets *t, struct targets_item *out, struct err *e)
{
	buf_byte(&t->name, '\0');
	if (!buf_ok(&t->name, "a target's name", e))
		return false;
	out->name = (struct str){ t->name.p, t->name.n - 1 };
	return true;
}

static bool is_document(struct str name)
{
	static const char *const ends[] = { ".pdf", ".png", ".jpg", ".jpeg" };
	char tail[5];

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct str end = str_of(ends[i]);

		if (name.n <= end.n)
			continue;
		for (size_t k = 0; k < end.n; k++) {
			char c = name.p[name.n - end.n + k];

			tail[k] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		}
		if (memcmp(tail, end.p, end.n) == 0)
			return true;
	}
	return false;
}

/* The next document of the folder that is walked; false when that is at its end. */
static bool folder_next(struct targets *t)
{
	while (t->folder.n > 0 && t->file < t->file_count) {
		struct str name = t->files[t->file++];

		if (!is_document(name))
			continue;
		buf_clear(&t->name);
		buf_str(&t->name, buf_view(&t->folder));
		buf_str(&t->name, name);
		return true;
	}
	buf_clear(&t->folder);
	return false;
}

/* The name is a folder's: begin to walk it.  One without documents is a target nothing can be read of. */
static bool folder_begin(struct targets *t, struct targets_item *out, struct err *e)
{
	struct str name = out->name;

	arena_reset(t->arena);
	buf_clear(&t->folder);
	t->file = 0;
	if (!io_list(t->arena, name.p, "", TARGETS_FOLDER_MAX, &t->files, &t->file_count,
		     &out->why)) {
		out->bad = true;
		return true;
	}
	buf_str(&t->folder, name);
	if (name.p[name.n - 1] != '/')
		buf_byte(&t->folder, '/');
	if (folder_next(t))
		return name_take(t, out, e);
	out->bad = true;
	err_system(&out->why, "the folder '%s' holds no PDF, PNG or JPEG", name.p);
	return true;
}

/* One line of the list into t->name; false at its end. */
static bool line_next(struct targets *t, struct targets_item *out)
{
	int end = t->from.nul ? '\0' : '\n', c;

	buf_clear(&t->name);
	while ((c = getc_unlocked(t->list)) != EOF && c != end) {
		if (t->name.n == TARGETS_NAME_MAX || c == '\0') {
			if (!out->bad)
				err_input(&out->why, "TARGET-NAME",
					  c == '\0' ? "a line holds a NUL byte: see --null"
						    : "a line is longer than %d bytes",
					  TARGETS_NAME_MAX);
			out->bad = true;
			continue;
		}
		buf_byte(&t->name, (unsigned char)c);
	}
	if (!t->from.nul && t->name.n > 0 && t->name.p[t->name.n - 1] == '\r')
		t->name.n--;
	return c != EOF || t->name.n > 0;
}

static bool list_next(struct targets *t, struct targets_item *out, bool *end, struct err *e)
{
	bool is_list = t->list != NULL;

	do {
		if (t->list == NULL || !line_next(t, out)) {
			*end = true;
			if (is_list && ferror(t->list))
				return err_errno(e, "cannot read '%s'", t->from.list);
			return true;
		}
	} while (t->name.n == 0 && !out->bad);
	if (!name_take(t, out, e))
		return false;
	if (!out->bad && str_eq(out->name, STR("-"))) {
		out->bad = true;
		err_input(&out->why, "TARGET-NAME", "a list cannot name standard input");
	}
	return true;
}

bool targets_next(struct targets *t, struct targets_item *out, bool *end, struct err *e)
{
	*out = (struct targets_item){ 0 };
	*end = false;
	if (folder_next(t))
		return name_take(t, out, e);
	if (t->word < t->from.count)
		out->name = str_of(t->from.words[t->word++]);
	else if (!list_next(t, out, end, e))
		return false;
	if (*end || out->bad || out->name.n == 0 || out->name.n > TARGETS_NAME_MAX ||
	    !io_is_dir(out->name.p))
		return true;
	return folder_begin(t, out, e);
}
