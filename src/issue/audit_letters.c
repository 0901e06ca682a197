/* SPDX-License-Identifier: Apache-2.0 */
/* No letter without two officers: each one's statements, on the roster, in the journal, and of this very token. */
#include <stdlib.h>

#include "base/enc.h"
#include "issue/audit_work.h"
#include "keys/officer.h"
#include "proof/docid.h"
#include "proof/token.h"
#include "store/letter.h"

enum { ROW_ARENA = 16 << 20, ACT_MAX = 4 * OFFICER_TEXT_MAX };

static int by_hash(const void *x, const void *y)
{
	return memcmp(x, y, SHA256_SIZE);
}

static void act_hash(struct str text, const unsigned char signature[ED25519_SIGNATURE],
		     unsigned char out[SHA256_SIZE])
{
	const struct str parts[] = { str_bytes(signature, ED25519_SIGNATURE), text };

	sha256_labelled("hufu/1/act", parts, COUNT_OF(parts), out);
}

bool audit_act_take(struct audit *a, const struct json *line, struct err *e)
{
	struct str text, hex;
	unsigned char signature[ED25519_SIGNATURE];

	if (json_lookup(line, "statement") == NULL)
		return true; /* withdrawn without an officer */
	if (!json_string(line, "statement", 1, ACT_MAX, &text, e) ||
	    !json_string(line, "signature", 2 * sizeof signature, 2 * sizeof signature, &hex, e))
		return err_in(e, "journal");
	if (!enc_unhex(hex, signature, sizeof signature))
		return audit_differs(e, "journal", "an officer's signature is none");
	act_hash(text, signature, a->acts[a->act_count++]);
	return true;
}

void audit_acts_end(struct audit *a)
{
	qsort(a->acts, a->act_count, SHA256_SIZE, by_hash);
}

/* One statement: signed, in the journal, by somebody who was an officer when it was made. */
static const char *act_fault(const struct audit *a, const struct store_act *act,
			     enum officer_act want, struct officer_statement *s)
{
	struct officer_signed text = { .text = act->text };
	const struct roster_officer *who;
	unsigned char hash[SHA256_SIZE];
	struct err why;

	memcpy(text.signature, act->signature, sizeof text.signature);
	if (!officer_verify(&text, s, &why))
		return "an officer's statement is not what was signed";
	act_hash(act->text, act->signature, hash);
	if (bsearch(hash, a->acts, a->act_count, SHA256_SIZE, by_hash) == NULL)
		return "an officer's statement is not in the journal";
	who = roster_ever(&a->home->roster, &s->officer);
	if (who == NULL || s->at < who->since || (who->until != 0 && s->at > who->until))
		return "whoever signed a statement was no officer then";
	return s->act == want ? NULL : "an officer's statement is of another kind";
}

static bool of_one_case(const struct officer_statement *x, const struct officer_statement *y)
{
	return x->request == y->request && x->type == y->type && x->days == y->days &&
	       memcmp(x->binds, y->binds, SHA256_SIZE) == 0 &&
	       memcmp(x->subject, y->subject, SHA256_SIZE) == 0 &&
	       memcmp(x->native, y->native, SHA256_SIZE) == 0 &&
	       memcmp(x->latin, y->latin, SHA256_SIZE) == 0;
}

/* Does the token speak of whom, and to whom, they said?  A name that did not fit the code is left out of it. */
static bool token_fits(struct arena *arena, const struct store_document *d,
		       const unsigned char salt[SALT_SIZE], const struct officer_statement *said)
{
	struct officer_statement is = { 0 };
	struct token token;
	struct err why;

	if (!token_read_bytes(arena, d->token, &token, &why) ||
	    !officer_subject(token.payload_bytes, salt, &is, &why))
		return false;
	return memcmp(is.subject, said->subject, SHA256_SIZE) == 0 &&
	       (token.payload.name_native.p == NULL ||
		memcmp(is.native, said->native, SHA256_SIZE) == 0) &&
	       (token.payload.name_latin.p == NULL ||
		memcmp(is.latin, said->latin, SHA256_SIZE) == 0);
}

static const char *letter_fault(const struct audit *a, struct arena *arena,
				const struct store_document *d, const struct store_grant *g,
				const unsigned char salt[SALT_SIZE])
{
	struct officer_statement prepared, approved;
	const char *fault = act_fault(a, &g->prepared, OFFICER_PREPARE, &prepared);

	if (fault == NULL)
		fault = act_fault(a, &g->approved, OFFICER_APPROVE, &approved);
	if (fault != NULL)
		return fault;
	if (memcmp(&prepared.officer, &approved.officer, sizeof prepared.officer) == 0)
		return "one officer prepared and approved it";
	if (!of_one_case(&prepared, &approved))
		return "its officers looked at different cases";
	return token_fits(arena, d, salt, &approved) ? NULL
						     : "its officers spoke of another letter";
}

static bool letter_differs(struct err *e, const struct store_document *d, const char *words)
{
	struct buf name = buf_empty(DOCID_TEXT_MAX + 1);
	bool ok;

	docid_text(&name, str_bytes(d->docid, DOCID_SIZE));
	buf_byte(&name, '\0');
	ok = buf_ok(&name, "a document id", e) && audit_differs(e, name.p, words);
	buf_free(&name);
	return ok;
}

static bool letter_judge(struct audit *a, struct arena *arena, const struct store_document *d,
			 struct err *e)
{
	struct store *store = a->home->store;
	struct store_member member;
	struct store_grant g;
	const char *fault = "nobody approved it";
	bool found;

	if (!store_grant_lookup(store, arena, d->docid, &g, &found, e))
		return false;
	if (found) {
		if (!store_member_lookup(store, arena, d->member_id, &member, &found, e))
			return false;
		fault = found ? letter_fault(a, arena, d, &g, member.salt)
			      : "its member is not in the store";
	}
	a->counts->letters++;
	return fault == NULL || letter_differs(e, d, fault);
}

bool audit_letters(struct audit *a, struct err *e)
{
	struct arena *arena = arena_new(ROW_ARENA);
	struct store_document d;
	struct sql_rows *rows = NULL;
	bool end = false, ok = arena != NULL || err_memory(e, "an audit");

	ok = ok && store_documents_all(a->home->store, &rows, e);
	while (ok && (ok = store_documents_row(rows, &d, &end, e)) && !end) {
		arena_reset(arena);
		if (d.state == DOCUMENT_MADE && (d.type == TYPE_LETTER || d.type == TYPE_STATEMENT))
			ok = letter_judge(a, arena, &d, e);
	}
	store_documents_done(rows);
	arena_free(arena);
	return ok;
}
