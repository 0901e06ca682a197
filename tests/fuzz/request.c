/* SPDX-License-Identifier: Apache-2.0 */
#include "record/request.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "proof/payload.h"
#include "record/standing.h"

/*
 * An application, judged for one member when it can be read; and the same bytes as recipient profiles.  What is read has
 * a canonical form that reads back as itself, and what is decided fits the signed code.
 */
enum { ROOM = 64 << 20 };
#define AS_AT INT64_C(1795147200)

static void must(bool ok)
{
	if (!ok)
		abort();
}

static const struct member_latin latin = { .full = { "LYU LYU", 7 } };
static const struct member_name name = { .native = { "吕绿", 6 }, .latin = &latin };
static const struct member_admission admission = { .date = { 2010, 2, 28 } };
static const struct member_practice practice = { .since = { 2012, 6, 30 },
						 .firm_en = { "Sample CPAs", 11 } };
static const struct member_finding spent = { .date = { 2012, 3, 1 },
					     .sanction = MEMBER_FINE,
					     .disclosable = ANSWER_YES };
static const struct member_discipline discipline = { AS_AT - 60, MEMBER_PENDING_NONE, &spent, 1 };

static void decision_check(struct arena *a, const struct request *r, struct profile p)
{
	struct member m = { .member_id = r->member_id,
			    .rev = 1,
			    .member_no = STR("990000010001"),
			    .class = MEMBER_PRACTISING,
			    .status = MEMBER_ACTIVE,
			    .name = &name,
			    .admission = &admission,
			    .practice = &practice,
			    .dues_paid_through = { 2026, 12, 31 },
			    .discipline = &discipline };
	struct standing_case c = {
		.member = &m, .request = r, .profile = &p, .as_at = AS_AT, .utc_offset_min = 480
	};
	struct token_payload code = { .type = TYPE_LETTER, .docid_size = 10 };
	struct facts facts;
	struct standing s;
	struct err e;

	p.id = r->profile;
	must(standing_decide(a, &c, &s, &e));
	if (s.outcome == STANDING_REFUSED)
		return;
	must(standing_facts(a, &c, &s, &facts, &e));
	code.member_no = m.member_no;
	code.recipient = s.recipient;
	code.as_at_min = s.as_at_min;
	code.expires_day = s.expires_day;
	code.wording = s.wording;
	code.class_code = s.class_code;
	code.look_back = s.look_back;
	code.pending = s.pending;
	must(payload_check(&code, &e));
}

static void request_check(struct arena *a, const struct json *root)
{
	static const struct profile ever = { .look_back = LOOK_BACK_EVER,
					     .pending = PROFILE_PENDING_COVERED,
					     .valid_for = TERM_1_YEAR,
					     .languages = PROFILE_EN | PROFILE_ZH };
	struct faults faults = { 0 }, again = { 0 };
	const struct request *r, *back = NULL;
	const struct json *twin;
	struct err e = { 0 };

	if (!request_read(a, root, &r, &faults, &e)) {
		must(e.kind == ERR_INPUT && e.code[0] != '\0' && faults.count > 0);
		return;
	}
	must(json_read(a, r->canonical, &json_record, &twin, &e) &&
	     request_read(a, twin, &back, &again, &e));
	must(back != NULL && str_eq(r->canonical, back->canonical) && r->include == back->include &&
	     r->scope == back->scope);
	decision_check(a, r, ever);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);
	struct arena *a = arena_new(ROOM);
	struct profiles profiles;
	const struct json *root;
	struct err e = { 0 };

	must(a != NULL);
	if (json_read(a, bytes, &json_record, &root, &e))
		request_check(a, root);
	e = (struct err){ 0 };
	if (!profiles_read(a, bytes, &profiles, &e))
		must(e.kind == ERR_INPUT && e.code[0] != '\0');
	else
		for (size_t i = 0; i < profiles.count; i++)
			must(profiles_lookup(&profiles, profiles.items[i].id) ==
				     &profiles.items[i] &&
			     profiles.items[i].recipient_short.n <= PAYLOAD_RECIPIENT_MAX);
	arena_free(a);
	return 0;
}
