/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/roster.h"

#include <stdio.h>

#include "base/enc.h"
#include "keys/statement.h"
#include "json/canon.h"
#include "json/json.h"

enum {
	STATEMENT_MAX = 1024,
	LINE_MAX = 8 * 1024 /* a statement and ROSTER_SIGNATURES_MAX signatures of some 220 bytes */
};

static const char *const acts[] = { "enrol", "dismiss", "endorse" };
static const unsigned char nobody[ED25519_PUBLIC] = { 0 };

/* A line of the file, taken apart. */
struct line {
	struct str issuer, name, statement;
	uint64_t serial;
	unsigned char prev[SHA256_SIZE], hash[SHA256_SIZE];
	enum roster_act act;
	struct ed25519_public public;
	int64_t at;
	struct roster_signature signatures[ROSTER_SIGNATURES_MAX];
	size_t count;
};

const char *roster_act_name(enum roster_act act)
{
	return acts[act - 1];
}

static bool same_key(const struct ed25519_public *x, const struct ed25519_public *y)
{
	return memcmp(x->bytes, y->bytes, sizeof x->bytes) == 0;
}

/* UTF-8 without control characters, and no blank at either end. */
static bool name_fits(struct str name)
{
	if (name.n == 0 || name.n > ROSTER_NAME_MAX || name.p[0] == ' ' ||
	    name.p[name.n - 1] == ' ')
		return false;
	while (name.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(name, &c);

		if (n == 0 || c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
		name = str_skip(name, n);
	}
	return true;
}

/* Whom a change is about, and the name that goes with it. */
static bool person_read(struct statement *in, struct line *l, struct err *e)
{
	if (l->act == ROSTER_ENDORSE) {
		if (!statement_hex(in, "officer", l->public.bytes, sizeof l->public.bytes, e))
			return false;
		if (memcmp(l->public.bytes, nobody, sizeof nobody) != 0)
			return err_input(e, "ROSTER-FORM", "an endorsement names nobody");
	} else if (!statement_public(in, "officer", &l->public, e)) {
		return false;
	}
	if (!statement_text(in, "name", &l->name, e))
		return false;
	if (l->act == ROSTER_ENROL ? !name_fits(l->name) : !str_eq(l->name, STR("-")))
		return err_input(e, "ROSTER-FORM", "the line 'name' does not hold a name");
	return true;
}

static bool statement_read(struct str text, struct line *l, struct err *e)
{
	struct statement in;
	unsigned act = 0;

	if (text.n > STATEMENT_MAX)
		return err_input(e, "ROSTER-FORM", "a statement of %zu bytes", text.n);
	if (!statement_begin(&in, text, ROSTER_LABEL, "ROSTER-FORM", e) ||
	    !statement_issuer(&in, &l->issuer, e) ||
	    !statement_number(&in, "serial", 1, ROSTER_CHANGES_MAX, &l->serial, e) ||
	    !statement_hex(&in, "prev", l->prev, sizeof l->prev, e) ||
	    !statement_word(&in, "act", acts, COUNT_OF(acts), &act, e))
		return false;
	l->act = (enum roster_act)act;
	l->statement = text;
	return person_read(&in, l, e) && statement_instant(&in, "at", &l->at, e) &&
	       statement_end(&in, e);
}

static bool signature_read(const struct json *o, struct roster_signature *out, struct err *e)
{
	static const char *const keys[] = { "public", "signature", NULL };
	unsigned char public[ED25519_PUBLIC];
	struct str key, signature;

	if (!json_only(o, keys, e) ||
	    !json_string(o, "public", 2 * ED25519_PUBLIC, 2 * ED25519_PUBLIC, &key, e) ||
	    !json_string(o, "signature", 2 * ED25519_SIGNATURE, 2 * ED25519_SIGNATURE, &signature,
			 e))
		return false;
	return (enc_unhex(key, public, sizeof public) &&
		ed25519_public_read(str_bytes(public, sizeof public), &out->public, e) &&
		enc_unhex(signature, out->signature, sizeof out->signature)) ||
	       err_input(e, "ROSTER-FORM", "a signature that is none");
}

static void line_write(struct buf *out, struct str statement,
		       const struct roster_signature *signatures, size_t count)
{
	buf_c(out, "{\"signatures\":[");
	for (size_t i = 0; i < count; i++) {
		buf_c(out, i > 0 ? ",{\"public\":\"" : "{\"public\":\"");
		enc_hex(out, signatures[i].public.bytes, ED25519_PUBLIC);
		buf_c(out, "\",\"signature\":\"");
		enc_hex(out, signatures[i].signature, ED25519_SIGNATURE);
		buf_c(out, "\"}");
	}
	buf_c(out, "],\"statement\":");
	canon_string(out, statement);
	buf_byte(out, '}');
}

/* No two texts with one meaning: the line must be what we would write. */
static bool line_same(struct str text, const struct line *l, struct err *e)
{
	struct buf again = buf_empty(LINE_MAX);
	bool ok;

	line_write(&again, l->statement, l->signatures, l->count);
	ok = buf_ok(&again, "a change of officers", e) &&
	     (str_eq(buf_view(&again), text) || err_input(e, "ROSTER-FORM", "not canonical JSON"));
	buf_free(&again);
	return ok;
}

static bool line_read(struct arena *a, struct str text, struct line *l, struct err *e)
{
	static const struct json_limits limits = { LINE_MAX, 4, 4 + 3 * ROSTER_SIGNATURES_MAX };
	static const char *const keys[] = { "signatures", "statement", NULL };
	const struct json *o, *signatures;
	struct str statement;

	*l = (struct line){ .serial = 0 };
	if (!json_read(a, text, &limits, &o, e) || !json_only(o, keys, e) ||
	    !json_array(o, "signatures", ROSTER_SIGNATURES_MAX, &signatures, e) ||
	    !json_string(o, "statement", 1, STATEMENT_MAX, &statement, e))
		return false;
	for (; l->count < signatures->count; l->count++)
		if (!signature_read(&signatures->items[l->count], &l->signatures[l->count], e))
			return err_at(e, "/signatures/%zu", l->count);
	sha256_of(text, l->hash);
	return statement_read(statement, l, e) && line_same(text, l, e);
}

/* The officer of this key, enrolled now. */
static struct roster_officer *enrolled(const struct roster *r, const struct ed25519_public *public)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->officers[i].until == 0 && same_key(&r->officers[i].public, public))
			return &r->officers[i];
	return NULL;
}

static size_t enrolled_count(const struct roster *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += r->officers[i].until == 0;
	return n;
}

/* Is it the change that comes next?  The words are for whoever reads a file. */
static bool follows(const struct roster *r, const struct roster_rules *rules, const struct line *l,
		    struct err *e)
{
	if (!str_eq(l->issuer, rules->issuer))
		return err_input(e, "ROSTER-CHAIN", "of another issuer, '%.*s'", (int)l->issuer.n,
				 l->issuer.p);
	if (l->serial != r->serial + 1)
		return err_input(e, "ROSTER-CHAIN", "serial %llu follows %llu",
				 (unsigned long long)l->serial, (unsigned long long)r->serial);
	if (memcmp(l->prev, r->head, sizeof r->head) != 0)
		return err_input(e, "ROSTER-CHAIN", "the line before it is another or was changed");
	if (l->act == ROSTER_ENROL && enrolled(r, &l->public) != NULL)
		return err_input(e, "ROSTER-CHAIN", "enrols an officer who is enrolled");
	if (l->act == ROSTER_ENROL && enrolled_count(r) == ROSTER_OFFICERS_MAX)
		return err_input(e, "ROSTER-CHAIN", "more than %d officers at once",
				 ROSTER_OFFICERS_MAX);
	if (l->act == ROSTER_DISMISS && enrolled(r, &l->public) == NULL)
		return err_input(e, "ROSTER-CHAIN", "dismisses an officer who is not enrolled");
	return true;
}

/* r->officers has room for one more. */
static void change_take(struct roster *r, const struct line *l)
{
	struct roster_officer *o = l->act == ROSTER_DISMISS ? enrolled(r, &l->public) : NULL;

	if (l->act == ROSTER_ENROL) {
		o = &r->officers[r->count++];
		*o = (struct roster_officer){ .public = l->public,
					      .name = l->name,
					      .since = l->at };
		ed25519_kid(&o->public, o->kid);
	} else if (o != NULL) {
		/* 0 is enrolled: an end at the first second of 1970 is an end all the same. */
		o->until = l->at > 0 ? l->at : 1;
	}
	r->serial = l->serial;
	memcpy(r->head, l->hash, sizeof r->head);
}

static bool is_root(const struct roster_rules *rules, const struct ed25519_public *public)
{
	for (size_t i = 0; i < rules->root_count; i++)
		if (same_key(&rules->roots[i], public))
			return true;
	return false;
}

static bool is_first(const struct line *l, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_key(&l->signatures[k].public, &l->signatures[i].public))
			return false;
	return true;
}

/* How many of today's roots signed it. */
static unsigned roots_signed(const struct roster_rules *rules, const struct line *l)
{
	unsigned n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += is_root(rules, &l->signatures[i].public) && is_first(l, i) &&
		     ed25519_verify(&l->signatures[i].public, l->statement,
				    l->signatures[i].signature);
	return n;
}

static bool vouches(const struct roster_rules *rules, const struct line *l)
{
	return rules->k > 0 && roots_signed(rules, l) >= rules->k;
}

/* What today's keys say of a line. */
enum judgement {
	LINE_SIGNED,  /* two officers of the roster as it stands */
	LINE_FOREIGN, /* too few, but keys we do not know beside them: former roots, or strangers */
	LINE_UNSIGNED
};

static enum judgement officers_signed(const struct roster *r, const struct roster_rules *rules,
				      const struct line *l, struct err *e)
{
	unsigned officers = 0, strangers = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct ed25519_public *key = &l->signatures[i].public;

		if (roster_ever(r, key) == NULL && !is_root(rules, key)) {
			strangers++;
			continue;
		}
		if (!is_first(l, i) ||
		    !ed25519_verify(key, l->statement, l->signatures[i].signature)) {
			err_input(e, "ROSTER-SIGNATURE",
				  "signature %zu does not verify or stands there twice", i + 1);
			return LINE_UNSIGNED;
		}
		officers += enrolled(r, key) != NULL;
	}
	if (officers >= ROSTER_QUORUM)
		return LINE_SIGNED;
	err_input(e, "ROSTER-SIGNATURE",
		  "signed by %u officers and %u roots; it takes %d officers or %u roots", officers,
		  roots_signed(rules, l), ROSTER_QUORUM, rules->k);
	return strangers > 0 ? LINE_FOREIGN : LINE_UNSIGNED;
}

/* All lines of the file, each of which parses. */
static bool lines_read(struct arena *a, struct str bytes, struct line **out, size_t *count,
		       struct err *e)
{
	struct str rest = bytes;
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++)
		n += bytes.p[i] == '\n';
	if (bytes.n > ROSTER_BYTES_MAX || n > ROSTER_CHANGES_MAX)
		return err_input(e, "ROSTER-FORM", "%zu bytes and %zu changes", bytes.n, n);
	if (bytes.n > 0 && bytes.p[bytes.n - 1] != '\n') {
		err_input(e, "ROSTER-FORM", "ends within a line");
		return err_in(e, "line %zu", n + 1);
	}
	*count = n;
	*out = arena_array(a, n + 1, sizeof **out, e);
	if (*out == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct str text = { rest.p, str_find(rest, STR("\n"), 0) };

		rest = str_skip(rest, text.n + 1);
		if (!line_read(a, text, &(*out)[i], e)) {
			if (e->kind == ERR_INPUT && strncmp(e->code, "ROSTER", 6) != 0)
				(void)snprintf(e->code, sizeof e->code, "ROSTER-FORM");
			return err_in(e, "line %zu", i + 1);
		}
	}
	return true;
}

/* One line more; `judged` when it comes after the one that today's roots vouch for. */
static bool line_take(struct roster *r, const struct roster_rules *rules, const struct line *l,
		      bool judged, struct err *e)
{
	if (!follows(r, rules, l, e))
		return false;
	if (judged && r->vouched)
		switch (officers_signed(r, rules, l, e)) {
		case LINE_SIGNED:
			break;
		case LINE_FOREIGN:
			r->vouched = false;
			break;
		case LINE_UNSIGNED:
			return false;
		}
	change_take(r, l);
	return true;
}

bool roster_read(struct arena *a, struct str bytes, const struct roster_rules *rules,
		 struct roster *out, struct err *e)
{
	struct roster r = { .serial = 0 };
	struct line *lines = NULL;
	size_t count = 0, vouched = 0; /* lines up to the newest of today's roots */

	if (!lines_read(a, bytes, &lines, &count, e))
		return false;
	r.officers = arena_array(a, count + 1, sizeof *r.officers, e);
	if (r.officers == NULL)
		return false;
	for (size_t i = count; i > 0 && vouched == 0; i--)
		if (vouches(rules, &lines[i - 1]))
			vouched = i;
	r.vouched = vouched > 0;
	for (size_t i = 0; i < count; i++)
		if (!line_take(&r, rules, &lines[i], i >= vouched, e))
			return err_in(e, "line %zu", i + 1);
	*out = r;
	return true;
}

const struct roster_officer *roster_lookup(const struct roster *r,
					   const struct ed25519_public *public)
{
	return r->vouched ? enrolled(r, public) : NULL;
}

const struct roster_officer *roster_ever(const struct roster *r,
					 const struct ed25519_public *public)
{
	for (size_t i = r->count; i > 0; i--)
		if (same_key(&r->officers[i - 1].public, public))
			return &r->officers[i - 1];
	return NULL;
}

static bool enrol_check(const struct roster *r, const struct roster_rules *rules,
			const struct roster_change *change, struct err *e)
{
	if (!name_fits(change->name) || str_eq(change->name, STR("-")))
		return err_input(e, "ROSTER-NAME",
				 "a name has 1 to %d bytes and no control characters",
				 ROSTER_NAME_MAX);
	if (is_root(rules, &change->public))
		return err_input(e, "ROSTER-KNOWN", "this key is a root of the issuer");
	if (enrolled(r, &change->public) != NULL)
		return err_input(e, "ROSTER-KNOWN", "this officer is enrolled already");
	for (size_t i = 0; i < r->count; i++)
		if (r->officers[i].until == 0 && str_eq(r->officers[i].name, change->name))
			return err_input(e, "ROSTER-KNOWN",
					 "an officer of this name is enrolled; two keys of one "
					 "person would be two officers");
	return true;
}

static bool change_check(const struct roster *r, const struct roster_rules *rules,
			 const struct roster_change *change, struct err *e)
{
	if (!statement_instant_fits(change->at))
		return err_system(e, "a change of officers at no time");
	switch (change->act) {
	case ROSTER_ENROL:
		return enrol_check(r, rules, change, e);
	case ROSTER_DISMISS:
		return enrolled(r, &change->public) != NULL ||
		       err_input(e, "ROSTER-UNKNOWN", "no officer with this key is enrolled");
	case ROSTER_ENDORSE:
		return r->serial > 0 ||
		       err_input(e, "ROSTER-UNKNOWN", "there are no officers to endorse");
	}
	return err_system(e, "a change of officers of an unknown kind");
}

bool roster_statement(struct buf *out, const struct roster *r, const struct roster_rules *rules,
		      const struct roster_change *change, struct err *e)
{
	const bool somebody = change->act != ROSTER_ENDORSE;

	if (!change_check(r, rules, change, e))
		return false;
	buf_str(out, ROSTER_LABEL);
	statement_put_text(out, "issuer", rules->issuer);
	statement_put_number(out, "serial", r->serial + 1);
	statement_put_hex(out, "prev", r->head, sizeof r->head);
	statement_put_text(out, "act", str_of(roster_act_name(change->act)));
	statement_put_hex(out, "officer", somebody ? change->public.bytes : nobody, sizeof nobody);
	statement_put_text(out, "name", change->act == ROSTER_ENROL ? change->name : STR("-"));
	statement_put_instant(out, "at", change->at);
	return buf_ok(out, "a change of officers", e);
}

bool roster_line(struct buf *out, const struct roster *r, const struct roster_rules *rules,
		 struct str statement, const struct roster_signature *signatures, size_t count,
		 struct err *e)
{
	struct line l = { .count = count };

	if (count > ROSTER_SIGNATURES_MAX)
		return err_input(e, "ROSTER-SIGNATURE", "%zu signatures; at most %d", count,
				 ROSTER_SIGNATURES_MAX);
	for (size_t i = 0; i < count; i++)
		l.signatures[i] = signatures[i];
	if (!statement_read(statement, &l, e) || !follows(r, rules, &l, e))
		return false;
	if (!vouches(rules, &l)) {
		if (!r->vouched)
			return err_input(
				e, "ROSTER-SIGNATURE",
				"signed by %u roots; it takes %u, for nobody is an officer "
				"under them yet",
				roots_signed(rules, &l), rules->k);
		if (officers_signed(r, rules, &l, e) != LINE_SIGNED)
			return false;
	}
	line_write(out, statement, signatures, count);
	buf_byte(out, '\n');
	return buf_ok(out, "a change of officers", e);
}
