/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/verdict.h"

#include "base/civil.h"
#include "proof/docid.h"
#include "proof/words.h"

enum { GRACE_DAYS = 1 }; /* clocks and zones differ by a day at most; proof.md §5 */

/* Where clocks of the issuer stand at `unix_s`. */
static int64_t issuer_day(const struct policy *policy, int64_t unix_s)
{
	return instant_day(unix_s, policy->utc_offset_min);
}

static enum transparency transparency_of(const struct evidence *ev)
{
	if (ev->log_fault != LOG_FAULT_NONE)
		return LOG_INCONSISTENT;
	switch (ev->leaf) {
	case LEAF_INCLUDED:
		return ev->log_gap == LOG_GAP_NONE ? LOG_INCLUDED : LOG_NOT_CHECKED;
	case LEAF_OTHER:
		return LOG_NOT_IN_MANIFEST;
	case LEAF_BEYOND:
		return ev->canonical ? LOG_NOT_IN_MANIFEST : LOG_PENDING;
	case LEAF_NOT_CHECKED:
		break;
	}
	return LOG_NOT_CHECKED;
}

static enum authenticity key_judge(const struct evidence *ev, const struct keylist_key *key)
{
	const struct token_payload *p = &ev->token->payload;

	if (!keylist_signs(key, p->type) || key->state == KEY_PLANNED || p->idx < key->first_idx)
		return AUTH_KEY_NOT_ALLOWED;
	if (p->issued_day < issuer_day(ev->policy, key->not_before) ||
	    (key->has_not_after && p->issued_day > issuer_day(ev->policy, key->not_after)))
		return AUTH_KEY_NOT_ALLOWED;
	if (key->state != KEY_COMPROMISED)
		return AUTH_GENUINE;
	if (p->idx >= key->from_idx)
		return AUTH_KEY_COMPROMISED;
	/* Below the cut only a log that others watched can tell that the token is from before. */
	if (transparency_of(ev) == LOG_INCLUDED && ev->quorum > 0 && ev->witnesses >= ev->quorum)
		return AUTH_GENUINE;
	return AUTH_NEEDS_LOG;
}

static enum authenticity token_judge(const struct evidence *ev, const struct keylist_key **out)
{
	const struct keylist_key *key;
	size_t from = 0;

	if (ev->keylist_state == KEYLIST_ABSENT || ev->keylist_state == KEYLIST_BAD)
		return AUTH_UNKNOWN_KEY;
	if (ev->key != NULL) {
		*out = ev->key;
		return key_judge(ev, ev->key);
	}
	while ((key = keylist_lookup(ev->keylist, ev->token->kid, &from)) != NULL)
		if (token_verify(ev->token, &key->public, ev->policy->issuer)) {
			*out = key;
			return key_judge(ev, key);
		}
	return ev->keylist_state == KEYLIST_FRESH ? AUTH_FORGED : AUTH_UNKNOWN_KEY;
}

static enum authenticity authenticity_of(const struct evidence *ev, const struct keylist_key **key)
{
	switch (ev->code) {
	case CODE_TOKEN:
		return ev->policy == NULL ? AUTH_NOT_CHECKED : token_judge(ev, key);
	case CODE_NOT_OURS:
		return AUTH_NOT_OURS;
	case CODE_MALFORMED:
	case CODE_TWO:
		return AUTH_MALFORMED;
	case CODE_TWO_OPEN:
	case CODE_NONE:
	case CODE_NOT_FOUND:
	case CODE_NO_LOOKUP:
		break;
	}
	return AUTH_NOT_CHECKED;
}

/* --at T needs a list made before T that had not run out by then. */
static bool list_covers(const struct evidence *ev, int64_t at)
{
	return ev->has_list_iat && ev->list_iat <= at && at < ev->list_exp;
}

/* The list's word on the moment asked about; withdrawn now is withdrawn for ever. */
static enum status listed(const struct evidence *ev)
{
	if (ev->status == STATUS_REVOKED || !ev->has_at || list_covers(ev, ev->at))
		return ev->status;
	return STATUS_NOT_CHECKED;
}

/* The list's word, unless all it says is "good" and the token's own dates say otherwise. */
static enum status status_of(const struct evidence *ev)
{
	const struct token_payload *p = &ev->token->payload;
	int64_t today = issuer_day(ev->policy, ev->has_at ? ev->at : ev->now);
	enum status status = listed(ev);

	if (status != STATUS_NOT_CHECKED && status != STATUS_GOOD)
		return status;
	if (p->expires_day != 0 && today > p->expires_day)
		return STATUS_EXPIRED;
	if (p->issued_day > today + GRACE_DAYS)
		return STATUS_NOT_YET_VALID;
	return status;
}

static enum freshness freshness_of(const struct evidence *ev)
{
	if (ev->keylist_state == KEYLIST_STALE)
		return FRESH_STALE;
	if (ev->freshness == FRESH_NOT_CHECKED)
		return FRESH_NOT_CHECKED;
	if (ev->has_at)
		return list_covers(ev, ev->at) ? ev->freshness : FRESH_NOT_CHECKED;
	if (ev->status_age != STATUS_IN_TIME || !ev->has_list_iat || ev->now >= ev->list_exp)
		return FRESH_STALE;
	return ev->freshness;
}

static bool same_or_any(struct str want, struct str have)
{
	return want.p == NULL || (have.p != NULL && str_eq(want, have));
}

static bool docid_met(struct str want, const struct token_payload *p)
{
	unsigned char id[DOCID_MAX];
	size_t n;

	return want.p == NULL ||
	       (docid_read(want, id, &n) && n == p->docid_size && memcmp(id, p->docid, n) == 0);
}

static bool expect_any(const struct expect *x)
{
	return x->type != 0 || x->recipient.p != NULL || x->member_no.p != NULL ||
	       x->name_native.p != NULL || x->name_latin.p != NULL || x->docid.p != NULL;
}

static bool expect_met(const struct expect *x, const struct token_payload *p)
{
	return (x->type == 0 || x->type == p->type) && same_or_any(x->recipient, p->recipient) &&
	       same_or_any(x->member_no, p->member_no) &&
	       same_or_any(x->name_native, p->name_native) &&
	       same_or_any(x->name_latin, p->name_latin) && docid_met(x->docid, p);
}

/* An axis the target has and nobody looked at: what --allow no-log cannot excuse. */
static bool axis_missing(const struct verdict *v)
{
	return v->file == FILE_NOT_CHECKED || v->status == STATUS_NOT_CHECKED ||
	       v->freshness == FRESH_NOT_CHECKED;
}

static enum verdict_reason undecided_reason(const struct evidence *ev, const struct verdict *v)
{
	if (ev->code == CODE_NONE)
		return REASON_NO_CODE;
	if ((ev->code == CODE_TOKEN || ev->code == CODE_NO_LOOKUP) && ev->policy == NULL)
		return REASON_UNKNOWN_ISSUER;
	if (ev->code == CODE_NO_LOOKUP)
		return REASON_NO_LOOKUP;
	if (ev->code == CODE_TWO_OPEN)
		return REASON_TWO_OPEN;
	if (v->authenticity == AUTH_NEEDS_LOG)
		return REASON_NEEDS_LOG;
	if (ev->has_at && !list_covers(ev, ev->at))
		return REASON_NO_LIST_AT;
	if (axis_missing(v))
		return REASON_NOT_CHECKED;
	if (v->transparency != LOG_NOT_CHECKED || ev->allow_no_log)
		return REASON_NONE;
	return ev->log_gap == LOG_GAP_WITNESSES ? REASON_NOT_WITNESSED : REASON_NOT_CHECKED;
}

/* Which of the answers apply; the first one in the order of enum verdict_code is given. */
static void answers(const struct evidence *ev, const struct verdict *v, bool applies[VERDICT_CODES])
{
	applies[VERDICT_NOT_FOUND] = ev->code == CODE_NOT_FOUND;
	applies[VERDICT_MALFORMED] = v->authenticity == AUTH_MALFORMED;
	applies[VERDICT_NOT_OURS] = v->authenticity == AUTH_NOT_OURS;
	applies[VERDICT_UNKNOWN_KEY] = v->authenticity == AUTH_UNKNOWN_KEY;
	applies[VERDICT_FORGED] = v->authenticity == AUTH_FORGED;
	applies[VERDICT_KEY_NOT_ALLOWED] = v->authenticity == AUTH_KEY_NOT_ALLOWED;
	applies[VERDICT_KEY_COMPROMISED] = v->authenticity == AUTH_KEY_COMPROMISED;
	applies[VERDICT_INCONSISTENT_LOG] = v->transparency == LOG_INCONSISTENT;
	applies[VERDICT_REVOKED] = v->status == STATUS_REVOKED;
	applies[VERDICT_SUPERSEDED] = v->status == STATUS_SUPERSEDED;
	applies[VERDICT_SUSPENDED] = v->status == STATUS_SUSPENDED;
	applies[VERDICT_ENDED] = v->status == STATUS_ENDED;
	applies[VERDICT_NOT_IN_MANIFEST] = v->transparency == LOG_NOT_IN_MANIFEST;
	applies[VERDICT_ALTERED] = v->file == FILE_ADDED_TO || v->file == FILE_OTHER;
	applies[VERDICT_EXPIRED] = v->status == STATUS_EXPIRED;
	applies[VERDICT_NOT_YET_VALID] = v->status == STATUS_NOT_YET_VALID;
	applies[VERDICT_NOT_FOR_YOU] = v->verified && !expect_met(&ev->expect, &ev->token->payload);
	applies[VERDICT_STALE] = v->freshness == FRESH_STALE;
	applies[VERDICT_PENDING] = v->transparency == LOG_PENDING;
	applies[VERDICT_UNDECIDED] = undecided_reason(ev, v) != REASON_NONE;
	applies[VERDICT_VALID] = true;
}

static enum verdict_reason stale_reason(const struct evidence *ev)
{
	static const enum verdict_reason of_keys[] = {
		[KEYLIST_IN_TIME] = REASON_STALE_KEYLIST,
		[KEYLIST_EXPIRED] = REASON_STALE_KEYLIST,
		[KEYLIST_OLDER_THAN_STATUS] = REASON_OLDER_KEYLIST,
		[KEYLIST_OLDER_THAN_SEEN] = REASON_KEYLIST_BACK,
	};
	static const enum verdict_reason of_list[] = {
		[STATUS_IN_TIME] = REASON_NONE,
		[STATUS_OLDER_THAN_SEEN] = REASON_STATUS_BACK,
		[STATUS_AHEAD_OF_LOG] = REASON_OLD_CHECKPOINT,
	};

	if (ev->keylist_state == KEYLIST_ABSENT)
		return REASON_NO_KEYLIST;
	if (ev->keylist_state == KEYLIST_BAD)
		return REASON_BAD_KEYLIST;
	return ev->keylist_state == KEYLIST_STALE ? of_keys[ev->keylist_age]
						  : of_list[ev->status_age];
}

static enum verdict_reason fault_reason(enum log_fault fault)
{
	switch (fault) {
	case LOG_FAULT_FORK:
		return REASON_LOG_FORK;
	case LOG_FAULT_SHRUNK:
		return REASON_LOG_SHRUNK;
	case LOG_FAULT_REWRITTEN:
		return REASON_LOG_REWRITTEN;
	case LOG_FAULT_TILES:
		return REASON_LOG_TILES;
	case LOG_FAULT_NONE:
		break;
	}
	return REASON_NONE;
}

static enum verdict_reason reason_of(const struct evidence *ev, const struct verdict *v)
{
	switch (v->code) {
	case VERDICT_MALFORMED:
		return ev->code == CODE_TWO ? REASON_TWO_CODES : REASON_NONE;
	case VERDICT_UNKNOWN_KEY:
	case VERDICT_STALE:
		return stale_reason(ev);
	case VERDICT_ALTERED:
		return v->file == FILE_ADDED_TO ? REASON_ADDED_TO : REASON_OTHER_FILE;
	case VERDICT_INCONSISTENT_LOG:
		return fault_reason(ev->log_fault);
	case VERDICT_UNDECIDED:
		return undecided_reason(ev, v);
	case VERDICT_NOT_FOUND:
	case VERDICT_NOT_OURS:
	case VERDICT_FORGED:
	case VERDICT_KEY_NOT_ALLOWED:
	case VERDICT_KEY_COMPROMISED:
	case VERDICT_REVOKED:
	case VERDICT_SUPERSEDED:
	case VERDICT_SUSPENDED:
	case VERDICT_ENDED:
	case VERDICT_NOT_IN_MANIFEST:
	case VERDICT_EXPIRED:
	case VERDICT_NOT_YET_VALID:
	case VERDICT_NOT_FOR_YOU:
	case VERDICT_PENDING:
	case VERDICT_VALID:
		break;
	}
	return REASON_NONE;
}

static void item(struct verdict *v, enum verdict_item what, bool checked)
{
	if (checked)
		v->checked[v->checked_count++] = what;
	else
		v->not_checked[v->not_checked_count++] = what;
}

static void log_items(const struct evidence *ev, struct verdict *v)
{
	bool looked = v->transparency != LOG_NOT_CHECKED;

	item(v, ITEM_TRANSPARENCY, looked && v->transparency != LOG_PENDING);
	if (looked) {
		item(v, ITEM_CONSISTENCY, ev->consistency == CONSISTENCY_SHOWN);
		item(v, ITEM_WITNESSES, ev->quorum > 0 && ev->witnesses >= ev->quorum);
	}
	if (v->verified && ev->status != STATUS_NOT_CHECKED)
		item(v, ITEM_STATUS_ENTRY, ev->status_logged);
}

static void items(const struct evidence *ev, struct verdict *v)
{
	if (ev->code != CODE_TOKEN)
		return;
	item(v, ITEM_SIGNATURE,
	     v->authenticity != AUTH_NOT_CHECKED && v->authenticity != AUTH_UNKNOWN_KEY);
	item(v, ITEM_KEY_LIST,
	     ev->keylist_state == KEYLIST_FRESH || ev->keylist_state == KEYLIST_STALE);
	item(v, ITEM_DATES, v->verified);
	if (v->file != FILE_NONE)
		item(v, ITEM_FILE, v->file != FILE_NOT_CHECKED);
	item(v, ITEM_STATUS, v->status != STATUS_NOT_CHECKED && ev->status != STATUS_NOT_CHECKED);
	item(v, ITEM_FRESHNESS, v->freshness != FRESH_NOT_CHECKED);
	log_items(ev, v);
	if (expect_any(&ev->expect))
		item(v, ITEM_EXPECTED, v->verified);
	item(v, ITEM_UNCOVERED, false);
}

/* The signature holds under a key of the list, whatever that key was allowed. */
static bool signature_holds(enum authenticity a)
{
	return a == AUTH_GENUINE || a == AUTH_NEEDS_LOG || a == AUTH_KEY_NOT_ALLOWED ||
	       a == AUTH_KEY_COMPROMISED;
}

struct verdict verdict_of(const struct evidence *ev)
{
	struct verdict v = { .as_of = ev->has_at ? ev->at : ev->now };
	bool applies[VERDICT_CODES];

	v.authenticity = authenticity_of(ev, &v.key);
	v.verified = signature_holds(v.authenticity);
	v.file = ev->file == FILE_NONE ? FILE_NONE : FILE_NOT_CHECKED;
	if (v.verified) {
		v.status = status_of(ev);
		v.freshness = freshness_of(ev);
		v.transparency = transparency_of(ev);
		v.file = ev->file;
	}
	answers(ev, &v, applies);
	while (!applies[v.code])
		v.code++;
	v.reason = reason_of(ev, &v);
	v.lowered = v.code == VERDICT_VALID && v.transparency == LOG_NOT_CHECKED;
	items(ev, &v);
	return v;
}

int verdict_exit(enum verdict_code code)
{
	switch (code) {
	case VERDICT_VALID:
		return 0;
	case VERDICT_UNKNOWN_KEY:
	case VERDICT_STALE:
	case VERDICT_PENDING:
	case VERDICT_UNDECIDED:
		return 3;
	case VERDICT_NOT_FOUND:
	case VERDICT_MALFORMED:
	case VERDICT_NOT_OURS:
	case VERDICT_FORGED:
	case VERDICT_KEY_NOT_ALLOWED:
	case VERDICT_KEY_COMPROMISED:
	case VERDICT_INCONSISTENT_LOG:
	case VERDICT_REVOKED:
	case VERDICT_SUPERSEDED:
	case VERDICT_SUSPENDED:
	case VERDICT_ENDED:
	case VERDICT_NOT_IN_MANIFEST:
	case VERDICT_ALTERED:
	case VERDICT_EXPIRED:
	case VERDICT_NOT_YET_VALID:
	case VERDICT_NOT_FOR_YOU:
		break;
	}
	return 1;
}

int verdict_exit_worse(int a, int b)
{
	if (a == 1 || b == 1)
		return 1;
	return a > b ? a : b;
}

/* Length of the key and "=" that `s` starts with, its place in the table in *which; 0 for none. */
static size_t expect_key(struct str s, size_t *which)
{
	static const char *const keys[] = { "recipient=",  "member_no=", "name_native=",
					    "name_latin=", "docid=",     "type=" };

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (str_starts(s, str_of(keys[i]))) {
			*which = i;
			return strlen(keys[i]);
		}
	return 0;
}

static unsigned type_read(struct str s)
{
	static const char *const brief[] = { "practising", "non-practising", "letter",
					     "statement" };
	unsigned long long n;

	for (unsigned type = 1; type <= COUNT_OF(brief); type++)
		if (str_eq(s, str_of(brief[type - 1])) || str_eq(s, str_of(words_type(type))))
			return type;
	return str_u64(s, 255, &n) ? (unsigned)n : 0;
}

/* The end of a value: the comma before the next key, or the end of the text. */
static size_t value_end(struct str s)
{
	size_t which;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ',' && expect_key(str_skip(s, i + 1), &which) > 0)
			return i;
	return s.n;
}

bool verdict_expect_read(struct str text, struct expect *out, struct err *e)
{
	struct expect x = { 0 };
	struct str *const field[] = { &x.recipient, &x.member_no, &x.name_native, &x.name_latin,
				      &x.docid };

	do {
		size_t which, n = expect_key(text, &which), end;
		struct str value;

		if (n == 0)
			return err_usage(e, "--expect takes recipient=, type=, member_no=, "
					    "name_native=, name_latin= or docid=");
		text = str_skip(text, n);
		end = value_end(text);
		value = (struct str){ text.p, end };
		if (which < COUNT_OF(field) ? field[which]->p != NULL : x.type != 0)
			return err_usage(e, "--expect names one field twice");
		if (end == 0)
			return err_usage(e, "--expect names a field and no value");
		if (which < COUNT_OF(field))
			*field[which] = value;
		else if ((x.type = type_read(value)) == 0)
			return err_usage(e, "--expect type= takes practising, non-practising, "
					    "letter, statement or 1 to 255");
		text = str_skip(text, end + 1);
	} while (text.n > 0);
	*out = x;
	return true;
}
