/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/report.h"

#include "base/io.h"
#include "issue/document.h"
#include "issue/staging.h"
#include "proof/docid.h"
#include "json/canon.h"

enum { REPORT_MAX = 2000000000 }; /* bytes; some 5 million lines */

static void count_line(struct report_counts *counts, struct str word)
{
	const struct {
		struct str word;
		size_t *count;
	} rows[] = { { STR("issued"), &counts->issued },
		     { STR("unchanged"), &counts->unchanged },
		     { STR("superseded"), &counts->superseded },
		     { STR("withdrawn"), &counts->withdrawn },
		     { STR("suspended"), &counts->suspended },
		     { STR("ended"), &counts->ended },
		     { STR("none"), &counts->none },
		     { STR("refused"), &counts->refused } };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (str_eq(rows[i].word, word))
			++*rows[i].count;
}

/* ,"key":"value" — keys come in canonical order from the caller; an absent value leaves the member out. */
static void member_put(struct buf *out, const char *key, struct str value)
{
	if (value.p == NULL)
		return;
	if (out->n > 0 && out->p[out->n - 1] != '{')
		buf_byte(out, ',');
	canon_string(out, str_of(key));
	buf_byte(out, ':');
	canon_string(out, value);
}

static void line_put(struct buf *out, const struct staged_line *line)
{
	struct buf docid = buf_empty(DOCID_TEXT_MAX);
	char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER];
	const struct str none = { NULL, 0 };

	if (line->has_docid) {
		docid_text(&docid, str_bytes(line->docid, DOCID_SIZE));
		document_name(line->docid, name, folder);
	}
	buf_byte(out, '{');
	member_put(out, "code", line->code.n > 0 ? line->code : none);
	member_put(out, "docid", line->has_docid ? buf_view(&docid) : none);
	member_put(out, "document", line->form);
	member_put(out, "file",
		   line->has_docid && str_eq(line->word, STR("issued")) ? str_of(name) : none);
	member_put(out, "lang", line->lang);
	member_put(out, "member_id", line->member_id);
	member_put(out, "message", line->message.n > 0 ? line->message : none);
	member_put(out, "note", line->note.n > 0 ? line->note : none);
	member_put(out, "outcome", line->word);
	member_put(out, "place", line->place);
	member_put(out, "pointer", line->pointer.n > 0 ? line->pointer : none);
	buf_c(out, "}\n");
	buf_free(&docid);
}

bool report_write(struct home *h, const char *dir, struct report_counts *counts, struct err *e)
{
	struct buf text = buf_empty(REPORT_MAX);
	struct staged_line line;
	struct sql_rows *rows = NULL;
	bool end = false, ok = staging_lines(h->store, &rows, e);

	*counts = (struct report_counts){ 0 };
	while (ok && (ok = staging_line(rows, &line, &end, e)) && !end) {
		count_line(counts, line.word);
		if (dir != NULL)
			line_put(&text, &line);
	}
	sql_done(rows);
	if (ok && dir != NULL)
		ok = buf_ok(&text, "report.jsonl", e) && io_mkdir(dir, 0755, e) &&
		     io_replace(dir, "report.jsonl", buf_view(&text), 0600, e);
	buf_free(&text);
	return ok;
}

bool report_refusals(struct home *h, void *self,
		     bool (*refusal)(void *self, const struct err *why, struct err *e),
		     struct err *e)
{
	struct staged_line line;
	struct sql_rows *rows = NULL;
	bool end = false, ok = staging_lines(h->store, &rows, e);

	while (ok && (ok = staging_line(rows, &line, &end, e)) && !end) {
		struct err why;

		if (!str_eq(line.word, STR("refused")))
			continue;
		err_input(&why, "", "%.*s", STR_ARG(line.message));
		err_at(&why, "%.*s", STR_ARG(line.pointer));
		err_in(&why, "%.*s", STR_ARG(line.place));
		ok = refusal(self, &why, e);
	}
	sql_done(rows);
	return ok;
}
