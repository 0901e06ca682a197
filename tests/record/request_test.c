/* SPDX-License-Identifier: Apache-2.0 */
#include "record/request.h"

#include <stdio.h>

#include "base/io.h"
#include "check.h"
#include "record/profile.h"

enum { ROOM = 32 * 1024 * 1024 };

static struct arena *arena;

static bool read_request(struct str text, const struct request **out, struct faults *faults,
			 struct err *e)
{
	const struct json *root;

	if (arena == NULL)
		arena = arena_new(ROOM);
	arena_reset(arena);
	*faults = (struct faults){ 0 };
	*e = (struct err){ 0 };
	return json_read(arena, text, &json_record, &root, e) &&
	       request_read(arena, root, out, faults, e);
}

#define HEAD                                                                                       \
	"{\"schema\":\"hufu.request/1\",\"request_id\":\"r-1\",\"member_id\":\"m-01\",\"doc\":"    \
	"\"good_standing\",\"profile\":\"overseas-body\",\"language\":\"en\",\"delivery\":"        \
	"\"member\""
#define GENERAL ",\"general\":true"
#define TO ",\"recipient\":{\"name\":\"The Registrar\"}"
#define CONSENT(scope)                                                                             \
	",\"consent\":{\"given_at\":\"2026-11-19T09:00:00+08:00\",\"scope\":" scope "}"

TEST(a_request_with_a_fault_is_refused_at_its_pointer)
{
	const struct {
		struct str text;
		const char *code, *pointer;
	} cases[] = {
		{ STR("[]"), "JSON-TYPE", "" },
		{ STR("{}"), "JSON-MISSING", "/schema" },
		{ STR(HEAD "}"), "JSON-MISSING", "/recipient" },
		{ STR(HEAD ",\"general\":false}"), "JSON-MISSING", "/recipient" },
		{ STR(HEAD ",\"general\":1}"), "JSON-TYPE", "/general" },
		{ STR(HEAD GENERAL TO "}"), "RECIPIENT-TWICE", "/general" },
		{ STR(HEAD ",\"recipient\":{}}"), "JSON-MISSING", "/recipient/name" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"\"}}"), "JSON-LENGTH", "/recipient/name" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\\u202eB\"}}"), "BIDI-CONTROL",
		  "/recipient/name" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\\nB\"}}"), "CONTROL", "/recipient/name" },
		{ STR(HEAD
		      ",\"recipient\":{\"name\":\"A\",\"address_lines\":[\"1\",\"2\",\"3\",\"4\","
		      "\"5\",\"6\",\"7\"]}}"),
		  "JSON-LENGTH", "/recipient/address_lines" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\",\"address_lines\":[\"1\",2]}}"),
		  "JSON-TYPE", "/recipient/address_lines/1" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\",\"address_lines\":[\"1\\t2\"]}}"),
		  "CONTROL", "/recipient/address_lines/0" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\",\"email\":\"a b@example.org\"}}"),
		  "FORM", "/recipient/email" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\",\"email\":\"a@b@example.org\"}}"),
		  "FORM", "/recipient/email" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\",\"email\":\"example.org\"}}"), "FORM",
		  "/recipient/email" },
		{ STR(HEAD ",\"recipient\":{\"name\":\"A\",\"phone\":\"1\"}}"), "JSON-UNKNOWN-KEY",
		  "/recipient/phone" },
		{ STR(HEAD GENERAL ",\"include\":[\"dob\",\"dob\"]}"), "LIST-REPEATS", "/include" },
		{ STR(HEAD GENERAL ",\"include\":[\"standing\"]}"), "ENUM", "/include/0" },
		{ STR(HEAD GENERAL ",\"valid_for\":\"2_years\"}"), "ENUM", "/valid_for" },
		{ STR(HEAD GENERAL CONSENT("[\"standing\",\"standing\"]") "}"), "LIST-REPEATS",
		  "/consent/scope" },
		{ STR(HEAD GENERAL CONSENT("[\"all\"]") "}"), "ENUM", "/consent/scope/0" },
		{ STR(HEAD GENERAL ",\"consent\":{\"given_at\":\"2026-11-19\",\"scope\":[]}}"),
		  "DATE-TIME", "/consent/given_at" },
		{ STR(HEAD GENERAL ",\"consent\":true}"), "JSON-TYPE", "/consent" },
	};
	const struct request *r;
	struct faults faults;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!CHECK(!read_request(cases[i].text, &r, &faults, &e)))
			printf("# accepted: %.*s\n", STR_ARG(cases[i].text));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
	}
}

TEST(nobody_approves_by_asking)
{
	static const char *const keys[] = { "approval", "approved",     "approved_by", "approver",
					    "decision", "prepared",     "prepared_by", "officer",
					    "wording",  "signatory_id", "as_at",       "issued",
					    "status",   "expires",      "override",    "force" };
	const struct request *r;
	struct faults faults;
	struct err e;
	char text[1024], pointer[64];

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		snprintf(text, sizeof text, HEAD GENERAL ",\"%s\":{\"by\":\"o-1\"}}", keys[i]);
		snprintf(pointer, sizeof pointer, "/%s", keys[i]);
		CHECK(!read_request(str_of(text), &r, &faults, &e));
		EQ_C(e.code, "JSON-UNKNOWN-KEY");
		EQ_C(e.pointer, pointer);
	}
}

TEST(a_full_request_decodes_into_every_field)
{
	struct str text =
		STR(HEAD
		    ",\"recipient\":{\"name\":\"Northland Board of Accountancy\",\"address_lines\":"
		    "[\"14 Harbour Street\",\"Port Meridian NL 20410\"],\"country\":\"Northland\","
		    "\"email\":\"registrar@northland.example\",\"their_ref\":\"NBA/IR/26-1180\"},"
		    "\"purpose\":\"admission by your Board\",\"valid_for\":\"60_days\",\"include\":"
		    "[\"history\",\"dob\"]" CONSENT("[\"standing\",\"dob\",\"pending\"]") "}");
	const struct request *r;
	struct faults faults;
	struct err e;

	if (!OK(read_request(text, &r, &faults, &e), e))
		return;
	EQ_STR(r->request_id, STR("r-1"));
	EQ_STR(r->member_id, STR("m-01"));
	EQ_INT(r->document, REQUEST_GOOD_STANDING);
	EQ_STR(r->recipient->name, STR("Northland Board of Accountancy"));
	EQ_INT(r->recipient->line_count, 2);
	EQ_STR(r->recipient->lines[1].text, STR("Port Meridian NL 20410"));
	EQ_STR(r->recipient->country, STR("Northland"));
	EQ_STR(r->recipient->email, STR("registrar@northland.example"));
	EQ_STR(r->recipient->their_ref, STR("NBA/IR/26-1180"));
	EQ_STR(r->profile, STR("overseas-body"));
	EQ_INT(r->language, REQUEST_EN);
	EQ_STR(r->purpose, STR("admission by your Board"));
	EQ_INT(r->delivery, REQUEST_TO_MEMBER);
	EQ_INT(r->valid_for, TERM_60_DAYS);
	EQ_INT(r->include, REQUEST_BIT(REQUEST_HISTORY) | REQUEST_BIT(REQUEST_DOB));
	EQ_INT(r->consent->given_at, 1795050000);
	EQ_INT(r->scope, REQUEST_BIT(REQUEST_STANDING) | REQUEST_BIT(REQUEST_DOB) |
				 REQUEST_BIT(REQUEST_PENDING));
	CHECK(str_starts(r->canonical, STR("{\"consent\":{\"given_at\":")));
}

TEST(a_request_without_consent_is_read_and_left_to_the_decision)
{
	const struct request *r;
	struct faults faults;
	struct err e;

	if (!OK(read_request(STR(HEAD GENERAL "}"), &r, &faults, &e), e))
		return;
	CHECK(r->consent == NULL && r->recipient == NULL);
	EQ_INT(r->scope, 0);
}

TEST(two_spellings_of_one_request_have_one_hash)
{
	struct str first = STR(HEAD ",\"recipient\":{\"name\":\"Universit\\u00e9\"}}");
	struct str second =
		STR("{ \"recipient\" : {\"name\":\"Universite\\u0301\"},\"delivery\":"
		    "\"member\",\"language\":\"en\",\"profile\":\"overseas-body\",\"doc\":"
		    "\"good_standing\",\"member_id\":\"m-01\",\"request_id\":\"r-1\","
		    "\"schema\":\"hufu.request/1\"}");
	unsigned char hash[SHA256_SIZE];
	const struct request *r;
	struct faults faults;
	struct err e;

	if (!OK(read_request(first, &r, &faults, &e), e))
		return;
	memcpy(hash, r->hash, sizeof hash);
	if (!OK(read_request(second, &r, &faults, &e), e))
		return;
	EQ_BYTES(r->hash, hash, sizeof hash);
}

TEST(a_request_survives_memory_running_out_anywhere)
{
	struct str text = STR(HEAD TO ",\"include\":[\"dob\"]" CONSENT("[\"standing\"]") "}");
	const struct json *root;
	const struct request *r;
	struct faults faults;
	struct err e = { 0 };
	bool ok = false;
	size_t nth;

	CHECK(read_request(text, &r, &faults, &e));
	OK(json_read(arena, text, &json_record, &root, &e), e);
	for (nth = 1; !ok && nth < 1000; nth++) {
		struct arena *fresh = arena_new(ROOM);

		faults = (struct faults){ 0 };
		e = (struct err){ 0 };
		check_fail_alloc(nth);
		ok = request_read(fresh, root, &r, &faults, &e);
		check_fail_alloc(0);
		CHECK(ok || e.kind == ERR_SYSTEM);
		arena_free(fresh);
	}
	CHECK(ok && nth > 2);
}

#define PROFILE(id, look_back, more)                                                               \
	"{\"id\":\"" id "\",\"name_en\":\"A\",\"name_zh\":\"甲\",\"look_back\":" look_back         \
	",\"pending\":\"silent\",\"valid_for\":\"3_months\"" more "}"
#define FILE_OF(list) "{\"schema\":\"hufu.profiles/1\",\"profiles\":[" list "]}"
#define EN ",\"languages\":[\"en\"]"

TEST(a_profile_with_a_fault_is_refused_at_its_pointer)
{
	const struct {
		struct str text;
		const char *code, *pointer;
	} cases[] = {
		{ STR("[]"), "JSON-TYPE", "" },
		{ STR(FILE_OF(PROFILE("a", "51", EN))), "PROFILE-LOOK-BACK",
		  "/profiles/0/look_back" },
		{ STR(FILE_OF(PROFILE("a", "254", EN))), "PROFILE-LOOK-BACK",
		  "/profiles/0/look_back" },
		{ STR(FILE_OF(PROFILE("a", "256", EN))), "JSON-RANGE", "/profiles/0/look_back" },
		{ STR(FILE_OF(PROFILE("a", "-1", EN))), "JSON-RANGE", "/profiles/0/look_back" },
		{ STR(FILE_OF(PROFILE("a", "5", ",\"languages\":[]"))), "JSON-LENGTH",
		  "/profiles/0/languages" },
		{ STR(FILE_OF(PROFILE("a", "5", ",\"languages\":[\"en\",\"en\"]"))), "LIST-REPEATS",
		  "/profiles/0/languages" },
		{ STR(FILE_OF(PROFILE("a", "5", ",\"languages\":[\"fr\"]"))), "ENUM",
		  "/profiles/0/languages/0" },
		{ STR(FILE_OF(PROFILE("a", "5", EN) "," PROFILE("a", "5", EN))),
		  "PROFILE-DUPLICATE", "/profiles/1/id" },
		{ STR(FILE_OF(PROFILE("A b", "5", EN))), "FORM", "/profiles/0/id" },
		{ STR(FILE_OF(PROFILE("a", "5", EN ",\"recipient\":{\"short\":\"B\"}"))),
		  "JSON-MISSING", "/profiles/0/recipient/name" },
		{ STR(FILE_OF(PROFILE("a", "5",
				      EN ",\"recipient\":{\"name\":\"B\",\"short\":"
					 "\"北境会计师管理局北境会计师管理局北境会计师\"}"))),
		  "PROFILE-SHORT", "/profiles/0/recipient/short" },
		{ STR(FILE_OF(PROFILE("a", "5", EN ",\"forever\":true"))), "JSON-UNKNOWN-KEY",
		  "/profiles/0/forever" },
	};
	struct profiles list;
	struct err e;

	if (arena == NULL)
		arena = arena_new(ROOM);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		e = (struct err){ 0 };
		arena_reset(arena);
		if (!CHECK(!profiles_read(arena, cases[i].text, &list, &e)))
			printf("# accepted: %.*s\n", STR_ARG(cases[i].text));
		EQ_C(e.code, cases[i].code);
		EQ_C(e.pointer, cases[i].pointer);
	}
}

TEST(the_demo_profiles_hold_every_kind)
{
	unsigned terms = 0, pendings = 0, reaches = 0;
	size_t direct = 0, authority = 0, named = 0;
	struct buf text = buf_empty(1 << 20);
	struct profiles list = { 0 };
	struct err e = { 0 };

	if (arena == NULL)
		arena = arena_new(ROOM);
	arena_reset(arena);
	OK(io_read("templates/demo/profiles.json", &text, &e), e);
	if (!OK(profiles_read(arena, buf_view(&text), &list, &e), e))
		return;
	for (size_t i = 0; i < list.count; i++) {
		const struct profile *p = &list.items[i];

		terms |= 1u << p->valid_for;
		pendings |= 1u << p->pending;
		reaches |= p->look_back == LOOK_BACK_EVER ? 4u
			   : p->look_back == 7            ? 2u
			   : p->look_back == 5            ? 1u
			   : p->look_back == 0            ? 8u
							  : 0u;
		direct += p->direct;
		authority += p->authority;
		named += p->recipient_short.n > 0;
		CHECK(profiles_lookup(&list, p->id) == p);
		CHECK(str_find(p->canonical, p->id, 0) != SIZE_MAX);
	}
	EQ_INT(terms, 0x3e);
	EQ_INT(pendings, 6);
	EQ_INT(reaches, 15);
	CHECK(direct > 0 && direct < list.count && authority == 1 && named == 1);
	CHECK(profiles_lookup(&list, STR("nobody")) == NULL);
	buf_free(&text);
}
