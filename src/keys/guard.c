/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/guard.h"

#include "base/enc.h"
#include "keys/lettercode.h"

enum { MINUTE = 60, DAY_MINUTES = 24 * 60 };

static const int64_t FIRST_DAY = -719162, LAST_DAY = 2932896; /* 0001-01-01 to 9999-12-31 */

/* The two statements, read. */
struct pair {
	struct officer_statement prepared, approved;
};

/* One statement: form, signature, officer. */
static bool statement_of(const struct signer_guard *g, const struct officer_signed *from,
			 enum officer_act act, struct officer_statement *out, struct err *e)
{
	struct buf kid = buf_empty(64);
	unsigned char bytes[KID_SIZE];

	if (from->text.n == 0)
		return err_input(e, "APPROVAL-MISSING", "no officer says %s",
				 officer_act_name(act));
	if (!officer_verify(from, out, e))
		return false;
	if (out->act != act)
		return err_input(e, "APPROVAL-MISSING", "an officer says %s where %s is needed",
				 officer_act_name(out->act), officer_act_name(act));
	if (roster_lookup(g->roster, &out->officer) != NULL)
		return true;
	if (!g->roster->vouched)
		return err_input(e, "OFFICER-UNKNOWN",
				 "there are no officers that the issuer's roots vouch for");
	ed25519_kid(&out->officer, bytes);
	enc_hex(&kid, bytes, sizeof bytes);
	err_input(e, "OFFICER-UNKNOWN", "officer %.*s is not enrolled", (int)kid.n, kid.p);
	buf_free(&kid);
	return false;
}

static bool pair_read(const struct signer_guard *g, const struct officer_proof *proof,
		      struct pair *out, struct err *e)
{
	if (!statement_of(g, &proof->prepared, OFFICER_PREPARE, &out->prepared, e) ||
	    !statement_of(g, &proof->approved, OFFICER_APPROVE, &out->approved, e))
		return false;
	return memcmp(&out->prepared.officer, &out->approved.officer,
		      sizeof out->approved.officer) != 0 ||
	       err_input(e, "APPROVAL-ONE-OFFICER", "prepared and approved by one officer");
}

static bool other(const char *what, struct err *e)
{
	return err_input(e, "APPROVAL-OTHER", "what was approved has another %s", what);
}

/* Do both speak of one application of this issuer? */
static bool pair_agrees(const struct pair *p, unsigned type, struct str issuer, struct err *e)
{
	const struct officer_statement *x = &p->prepared, *y = &p->approved;

	if (!str_eq(x->issuer, issuer) || !str_eq(y->issuer, issuer))
		return other("issuer", e);
	if (x->request != y->request)
		return other("request", e);
	if (x->type != type || y->type != type)
		return other("document type", e);
	if (memcmp(x->binds, y->binds, SHA256_SIZE) != 0)
		return other("record, request, profile or template", e);
	if (memcmp(x->subject, y->subject, SHA256_SIZE) != 0)
		return other("member, recipient or wording", e);
	if (memcmp(x->native, y->native, SHA256_SIZE) != 0 ||
	    memcmp(x->latin, y->latin, SHA256_SIZE) != 0)
		return other("name", e);
	return x->days == y->days || other("number of days", e);
}

/* A dense code leaves one name out. */
static bool names_fit(const struct officer_statement *said, const struct officer_statement *found,
		      const unsigned char salt[OFFICER_SALT])
{
	unsigned char nil[SHA256_SIZE];
	bool native, latin, native_nil, latin_nil;

	officer_nil(salt, nil);
	native = memcmp(said->native, found->native, SHA256_SIZE) == 0;
	latin = memcmp(said->latin, found->latin, SHA256_SIZE) == 0;
	native_nil = memcmp(found->native, nil, SHA256_SIZE) == 0;
	latin_nil = memcmp(found->latin, nil, SHA256_SIZE) == 0;
	if (native_nil && latin_nil)
		return native && latin;
	return (native || native_nil) && (latin || latin_nil);
}

static bool payload_agrees(const struct pair *p, struct str payload,
			   const unsigned char salt[OFFICER_SALT], struct err *e)
{
	struct officer_statement found;

	if (!officer_subject(payload, salt, &found, e))
		return false;
	if (memcmp(found.subject, p->approved.subject, SHA256_SIZE) != 0)
		return other("member, recipient or wording", e);
	return names_fit(&p->approved, &found, salt) || other("name", e);
}

static int64_t minute_of(int64_t at)
{
	return at / MINUTE;
}

/* When it was prepared, when approved, as of when it speaks, what time it is: in this order. */
static bool times_fit(const struct signer_guard *g, const struct pair *p, int64_t as_at_min,
		      struct err *e)
{
	if (p->prepared.at > p->approved.at)
		return err_input(e, "APPROVAL-FUTURE", "it was prepared after it was approved");
	if (as_at_min < minute_of(p->approved.at))
		return err_input(e, "APPROVAL-FUTURE", "the approval is dated after the letter");
	if (as_at_min * MINUTE - p->approved.at > GUARD_AGE_MAX)
		return err_input(e, "APPROVAL-EXPIRED", "the approval is over 7 days old");
	return as_at_min * MINUTE <= env_now(g->env) + GUARD_CLOCK_MAX ||
	       err_input(e, "APPROVAL-FUTURE", "the letter is dated after the signer's clock");
}

/* The issuer's zone is up to a day from UTC. */
static bool days_fit(const struct pair *p, const struct lettercode *code, struct err *e)
{
	int64_t as_at_day = code->as_at_min / DAY_MINUTES;

	if (code->iat_day < as_at_day - 1 || code->iat_day > as_at_day + 1)
		return err_input(e, "APPROVAL-OTHER",
				 "the day of issue is not that of which the letter speaks");
	if (code->exp_day < code->iat_day)
		return err_input(e, "APPROVAL-OTHER", "it expires before it is issued, or never");
	return code->exp_day - code->iat_day <= p->approved.days ||
	       err_input(e, "APPROVAL-OTHER", "it is valid for more days than were approved");
}

static bool in_calendar(const struct lettercode *code)
{
	return code->iat_day >= FIRST_DAY && code->iat_day <= LAST_DAY &&
	       code->exp_day >= FIRST_DAY && code->exp_day <= LAST_DAY && code->as_at_min >= 0 &&
	       code->as_at_min <= LAST_DAY * DAY_MINUTES;
}

bool guard_letter(const struct signer_guard *g, unsigned type, struct str issuer,
		  struct str payload, const struct officer_proof *proof, struct err *e)
{
	struct lettercode code;
	struct pair p;

	if (!lettercode_read(payload, &code, e))
		return false;
	if (code.type != type || !in_calendar(&code))
		return err_system(e, "not the payload of a letter of type %u", type);
	if (!pair_read(g, proof, &p, e))
		return false;
	if (!str_eq(issuer, g->issuer))
		return other("issuer", e);
	return pair_agrees(&p, type, issuer, e) && payload_agrees(&p, payload, proof->salt, e) &&
	       times_fit(g, &p, code.as_at_min, e) && days_fit(&p, &code, e);
}
