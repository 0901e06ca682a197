/* SPDX-License-Identifier: Apache-2.0 */
#include "record/member.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "check.h"

enum { ROOM = 32 * 1024 * 1024 };

static struct arena *kept, *arena;
static struct associations list;

/* The associations of the tests; the day of issue. */
static struct member_rules rules_of_tests(void)
{
	struct member_rules rules = { .associations = &list, .as_of = { 2026, 11, 23 } };
	struct buf text = buf_empty(1 << 20);
	struct err e = { 0 };

	if (kept == NULL) {
		kept = arena_new(ROOM);
		arena = arena_new(ROOM);
		OK(io_read("tests/data/associations.json", &text, &e), e);
		OK(associations_read(kept, buf_view(&text), &list, &e), e);
		buf_free(&text);
	}
	return rules;
}

static bool read_record(struct str text, const struct member **out, struct faults *faults,
			struct err *e)
{
	struct member_rules rules = rules_of_tests();
	const struct json *record;

	arena_reset(arena);
	*faults = (struct faults){ 0 };
	*e = (struct err){ 0 };
	return json_read(arena, text, &json_record, &record, e) &&
	       member_read(arena, record, &rules, out, faults, e);
}

#define HEAD                                                                                       \
	"{\"schema\":\"hufu.member/1\",\"member_id\":\"m-1\",\"rev\":1,\"updated_at\":"            \
	"\"2026-11-20T10:00:00+08:00\",\"member_no\":\"N9900003\",\"class\":\"non_practising\","
#define ACTIVE "\"status\":\"active\","
#define NAME "\"name\":{\"native\":\"王甲\"},"
#define SX "\"association\":{\"code\":\"SX99\"},"
#define ADMITTED "\"admission\":{\"date\":\"2020-02-29\"}"

TEST(a_record_with_a_fault_is_refused_at_its_pointer)
{
	const struct {
		struct str text;
		const char *code, *pointer;
	} cases[] = {
		{ STR("[]"), "JSON-TYPE", "" },
		{ STR("null"), "JSON-TYPE", "" },
		{ STR(HEAD ACTIVE NAME SX "\"admission\":{\"date\":\"2021-02-29\"}}"),
		  "DATE-NOT-REAL", "/admission/date" },
		{ STR(HEAD ACTIVE NAME SX "\"admission\":{\"date\":\"2021-2-9\"}}"), "DATE-FORM",
		  "/admission/date" },
		{ STR(HEAD ACTIVE NAME SX "\"admission\":{\"date\":\"2026-11-24\"}}"),
		  "ADMISSION-FUTURE", "/admission/date" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED ",\"birth_date\":\"2020-03-01\"}"), "DATE-ORDER",
		  "/admission/date" },
		{ STR(HEAD ACTIVE NAME "\"association\":{\"code\":\"ZZ99\"}," ADMITTED "}"),
		  "ASSOCIATION-UNKNOWN", "/association/code" },
		{ STR(HEAD ACTIVE "\"name\":{}," SX ADMITTED "}"), "JSON-MISSING", "/name" },
		{ STR(HEAD ACTIVE "\"name\":{\"native\":\"\"}," SX ADMITTED "}"), "JSON-LENGTH",
		  "/name/native" },
		{ STR(HEAD ACTIVE "\"name\":{\"native\":7}," SX ADMITTED "}"), "JSON-TYPE",
		  "/name/native" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED ",\"id_number\":\"1\"}"), "JSON-UNKNOWN-KEY",
		  "/id_number" },
		{ STR(HEAD "\"status\":\"suspended\"," NAME SX ADMITTED "}"), "JSON-MISSING",
		  "/status_since" },
		{ STR(HEAD "\"status\":\"gone\"," NAME SX ADMITTED "}"), "ENUM", "/status" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED
		      ",\"photo\":{\"path\":\"a/../../b\",\"sha256\":"
		      "\"0000000000000000000000000000000000000000000000000000"
		      "000000000000\"}}"),
		  "PATH-ESCAPES", "/photo/path" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED
		      ",\"photo\":{\"path\":\"a.jpg\",\"sha256\":\"0\"}}"),
		  "FORM", "/photo/sha256" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED
		      ",\"history\":[{\"from\":\"2020-01-02\",\"to\":\"2020-01-01\",\"status\":"
		      "\"active\"}]}"),
		  "DATE-ORDER", "/history/0/to" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED
		      ",\"history\":[{\"from\":\"2020-01-02\",\"status\":\"old\"}]}"),
		  "WORD-UNKNOWN", "/history/0/status" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED ",\"cpd\":{\"period\":\"2026\",\"hours\":0.001,"
						   "\"compliant\":true}}"),
		  "DECIMAL-FORM", "/cpd/hours" },
		{ STR(HEAD ACTIVE NAME SX ADMITTED
		      ",\"discipline\":{\"checked_at\":"
		      "\"2026-11-20 09:00\",\"pending\":\"none\",\"findings\":"
		      "[]}}"),
		  "DATE-TIME", "/discipline/checked_at" },
		{ STR(HEAD ACTIVE
		      "\"name\":{\"native\":\"王\",\"former\":[{\"native\":\"王\\uE863\","
		      "\"until\":\"2016-05-01\"}]}," SX ADMITTED "}"),
		  "PRIVATE-USE", "/name/former/0/native" },
	};
	const struct member *m;
	struct faults faults;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!CHECK(!read_record(cases[i].text, &m, &faults, &e)))
			printf("# accepted: %.*s\n", STR_ARG(cases[i].text));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
	}
}

TEST(every_fault_of_a_record_is_told)
{
	struct str text =
		STR("{\"schema\":\"hufu.member/2\",\"member_id\":\"m 1\",\"rev\":0,"
		    "\"member_no\":\"N9\",\"class\":\"x\",\"status\":\"active\",\"name\":"
		    "{\"native\":\"王?\",\"latin\":{\"full\":\"ＷＡＮＧ\"}},\"association\":"
		    "{\"code\":\"sx\"},\"admission\":{\"date\":\"2021-13-01\"}}");
	static const char *const pointers[] = {
		"/schema",           "/member_id",       "/rev",
		"/member_no",        "/class",           "/name/latin/source",
		"/association/code", "/admission/date",  "/updated_at",
		"/name/native",      "/name/latin/full",
	};
	const struct member *m;
	struct faults faults;
	struct err e;
	size_t i = 0;

	CHECK(!read_record(text, &m, &faults, &e));
	EQ_INT(faults.count, COUNT_OF(pointers));
	for (const struct fault *f = faults.first; f != NULL && i < COUNT_OF(pointers); f = f->next)
		EQ_C(f->err.pointer, pointers[i++]);
}

TEST(the_edge_records_are_judged_as_the_register_expects)
{
	struct buf text = buf_empty(1 << 20);
	struct str rest, line;
	const struct member *m;
	struct faults faults;
	struct err e = { 0 };
	size_t good = 0;

	OK(io_read("tests/data/edge.jsonl", &text, &e), e);
	rest = buf_view(&text);
	while (str_split(&rest, '\n', &line)) {
		if (line.n == 0)
			continue;
		if (read_record(line, &m, &faults, &e)) {
			good++;
			continue;
		}
		/* m-04 alone: private-use characters in an active member's name */
		EQ_C(e.pointer, "/name/native");
		EQ_C(e.cause, "U+E863 is a private-use character; use U+4DAE 䶮; U+E81E is a "
			      "private-use character; use U+9FB4 龴");
		EQ_INT(faults.count, 1);
	}
	EQ_INT(good, 12);
	buf_free(&text);
}

TEST(a_name_nobody_can_print_does_not_hold_up_a_death)
{
	const struct member *m;
	struct faults faults;
	struct err e;

	if (!OK(read_record(STR(HEAD "\"status\":\"deceased\",\"status_since\":\"2026-11-19\","
				     "\"name\":{\"native\":\"葛\U000E0100戊\"}," SX ADMITTED "}"),
			    &m, &faults, &e),
		e))
		return;
	EQ_INT(m->unprintable.count, 1);
	EQ_C(m->unprintable.first->err.code, "VARIATION-SELECTOR");
	EQ_INT(m->notes.count, 1);
	EQ_STR(m->notes.first->pointer, STR("/name/native"));
	EQ_STR(m->name->native, STR("葛\U000E0100戊"));
}

TEST(a_full_record_decodes_into_every_field)
{
	struct str text = STR(
		"{\"schema\":\"hufu.member/1\",\"member_id\":\"m-1\",\"rev\":7,\"updated_at\":"
		"\"2026-11-20T10:00:00+08:00\",\"member_no\":\"990000010001\",\"class\":\"practising\","
		"\"status\":\"active\",\"name\":{\"native\":\"吕绿\",\"latin\":{\"full\":\"LYU LYU\","
		"\"surname\":\"LYU\",\"given\":\"LYU\",\"source\":\"passport\"},\"former\":[{\"native\":"
		"\"吕红\",\"until\":\"2016-05-01\"}]},\"sex\":\"F\",\"birth_date\":\"1980-01-31\","
		"\"photo\":{\"path\":\"p/1.jpg\",\"sha256\":"
		"\"00010203040506070809000102030405060708090001020304050607080900ff\"},"
		"\"association\":{\"code\":\"SX99\",\"name_zh\":\"别名\"},\"admission\":{\"date\":"
		"\"2020-02-29\",\"approval_no\":\"A-1\",\"route\":\"exam\"},\"practice\":{\"since\":"
		"\"2022-06-30\",\"firm_zh\":\"某所\",\"firm_en\":\"Sample\",\"firm_code\":\"1\","
		"\"audit_rights\":false},\"qualification\":{\"exam_cert_no\":\"S1\",\"passed_year\":2019},"
		"\"annual_check\":{\"year\":2026,\"result\":\"deferred\",\"date\":\"2026-05-31\"},\"cpd\":"
		"{\"period\":\"2026\",\"hours\":40.50,\"compliant\":true},\"dues_paid_through\":"
		"\"2026-12-31\",\"restrictions\":[{\"text_en\":\"None\",\"from\":\"2025-01-01\",\"until\":"
		"\"2025-02-01\"}],\"discipline\":{\"checked_at\":\"2026-11-20T09:00:00+08:00\","
		"\"pending\":\"open\",\"findings\":[{\"date\":\"2025-03-01\",\"sanction\":\"fine\","
		"\"disclosable\":true}]},\"history\":[{\"from\":\"2012-01-10\",\"to\":\"2018-03-31\","
		"\"status\":\"cancelled\",\"class\":\"practising\",\"member_no\":\"9\",\"association\":"
		"\"BJ99\"}]}");
	const struct member *m;
	struct faults faults;
	struct err e;

	if (!OK(read_record(text, &m, &faults, &e), e))
		return;
	EQ_STR(m->member_id, STR("m-1"));
	EQ_INT(m->rev, 7);
	EQ_INT(m->updated_at, 1795140000);
	EQ_INT(m->class, MEMBER_PRACTISING);
	EQ_INT(m->status, MEMBER_ACTIVE);
	EQ_STR(m->name->latin->surname, STR("LYU"));
	EQ_INT(m->name->latin->source, MEMBER_FROM_PASSPORT);
	EQ_INT(m->name->former_count, 1);
	EQ_STR(m->name->former[0].native, STR("吕红"));
	EQ_INT(m->name->former[0].until.year, 2016);
	EQ_INT(m->sex, MEMBER_FEMALE);
	EQ_INT(m->birth_date.day, 31);
	EQ_INT(m->photo->sha256[31], 0xff);
	EQ_STR(m->association->name_zh, STR("示范省注册会计师协会"));
	EQ_INT(m->admission->route, MEMBER_BY_EXAM);
	EQ_INT(m->practice->audit_rights, ANSWER_NO);
	EQ_INT(m->qualification->passed_year, 2019);
	EQ_INT(m->annual_check->result, MEMBER_CHECK_DEFERRED);
	CHECK(m->cpd->hours > 40.49 && m->cpd->hours < 40.51);
	EQ_INT(m->dues_paid_through.month, 12);
	EQ_INT(m->restriction_count, 1);
	EQ_INT(m->restrictions[0].until.month, 2);
	EQ_INT(m->discipline->pending, MEMBER_PENDING_OPEN);
	EQ_INT(m->discipline->finding_count, 1);
	EQ_INT(m->discipline->findings[0].sanction, MEMBER_FINE);
	EQ_INT(m->discipline->findings[0].disclosable, ANSWER_YES);
	EQ_INT(m->history_count, 1);
	EQ_INT(m->history[0].status, MEMBER_CANCELLED);
	EQ_STR(m->history[0].association, STR("BJ99"));
	EQ_INT(m->notes.count, 1);
	EQ_C(m->notes.first->code, "ASSOCIATION-NAME");
	CHECK(str_find(m->canonical, STR("\"hours\":40.5,"), 0) != SIZE_MAX);
}

TEST(two_spellings_of_one_record_have_one_hash_and_it_reads_back)
{
	struct str composed =
		STR("{\"name\":{\"latin\":{\"source\":\"passport\",\"full\":"
		    "\"Siobh\u00E1n Nguy\u1EC5n\"}}," SX ADMITTED ",\"schema\":"
		    "\"hufu.member/1\",\"member_id\":\"m-8\",\"rev\":1,\"updated_at\":"
		    "\"2026-11-20T10:00:00+08:00\",\"member_no\":\"N9900008\",\"class\":"
		    "\"non_practising\",\"status\":\"active\"}");
	struct str decomposed =
		STR("{ \"schema\":\"hufu.member/1\",\"member_id\":\"m-8\",\"rev\":1,"
		    "\"updated_at\":\"2026-11-20T10:00:00+08:00\",\"member_no\":"
		    "\"N9900008\",\"class\":\"non_practising\",\"status\":\"active\","
		    "\"name\":{\"latin\":{\"full\":\"Siobha\\u0301n Nguye\\u0302\\u0303n\","
		    "\"source\":\"passport\"}}," SX ADMITTED "}");
	unsigned char first[SHA256_SIZE];
	struct str canonical;
	const struct member *m;
	struct faults faults;
	struct err e;

	if (!OK(read_record(composed, &m, &faults, &e), e))
		return;
	memcpy(first, m->hash, sizeof first);
	if (!OK(read_record(decomposed, &m, &faults, &e), e))
		return;
	EQ_BYTES(m->hash, first, sizeof first);
	OK(arena_str(kept, m->canonical, &canonical, &e), e);
	if (!OK(read_record(canonical, &m, &faults, &e), e))
		return;
	EQ_STR(m->canonical, canonical);
	EQ_BYTES(m->hash, first, sizeof first);
}

TEST(the_member_id_is_known_even_of_a_refused_record)
{
	const struct json *record;
	struct err e = { 0 };

	rules_of_tests();
	arena_reset(arena);
	OK(json_read(arena, STR("{\"member_id\":\"m-1\"}"), &json_record, &record, &e), e);
	EQ_STR(member_id_of(record), STR("m-1"));
	OK(json_read(arena, STR("{\"member_id\":\"m 1\"}"), &json_record, &record, &e), e);
	EQ_INT(member_id_of(record).n, 0);
	OK(json_read(arena, STR("[1]"), &json_record, &record, &e), e);
	EQ_INT(member_id_of(record).n, 0);
}

TEST(a_record_survives_memory_running_out_anywhere)
{
	struct str text = STR(HEAD ACTIVE NAME SX ADMITTED "}");
	struct member_rules rules = rules_of_tests();
	const struct json *record;
	const struct member *m;
	struct err e = { 0 };
	bool ok = false;
	size_t nth;

	arena_reset(arena);
	OK(json_read(arena, text, &json_record, &record, &e), e);
	for (nth = 1; !ok && nth < 1000; nth++) {
		struct arena *fresh = arena_new(ROOM);
		struct faults faults = { 0 };

		e = (struct err){ 0 };
		check_fail_alloc(nth);
		ok = member_read(fresh, record, &rules, &m, &faults, &e);
		check_fail_alloc(0);
		CHECK(ok || e.kind == ERR_SYSTEM);
		arena_free(fresh);
	}
	CHECK(ok && nth > 3);
}

TEST(words_of_enums_are_the_schemas)
{
	EQ_C(member_class_word(MEMBER_NON_PRACTISING), "non_practising");
	EQ_C(member_status_word(MEMBER_DECEASED), "deceased");
	EQ_C(member_reason_word(MEMBER_OTHER), "other");
	EQ_C(member_sanction_word(MEMBER_SANCTION_OTHER), "other");
	EQ_C(member_status_word(0), "");
	EQ_C(member_status_word(11), "");
	EQ_C(member_status_word(-1), "");
}
