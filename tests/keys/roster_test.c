/* SPDX-License-Identifier: Apache-2.0 */
#include "bureau.h"
#include "json/json.h"

/* The file read under rules that may be others. */
static bool read_under(struct bureau *b, struct str text, const struct roster_rules *rules,
		       struct roster *out, struct err *e)
{
	return roster_read(b->arena, text, rules, out, e);
}

static bool reads(struct bureau *b, struct str text, struct err *e)
{
	struct roster r;

	return read_under(b, text, &b->rules, &r, e);
}

/* Officers 0 and 1 by the roots, 2 by those two. */
static void bureau_open(struct bureau *b)
{
	struct err e;

	bureau_new(b);
	OK(bureau_enrol(b, 0, "ZHANG Wei", "R01", &e), e);
	OK(bureau_enrol(b, 1, "陳大文", "R12", &e), e);
	OK(bureau_enrol(b, 2, "O'Brien \"Seán\" \\", "10", &e), e);
}

TEST(a_roster_with_one_bit_flipped_anywhere_is_refused_or_has_no_voucher)
{
	struct bureau b;
	struct err e;

	bureau_open(&b);
	for (size_t i = 0; i < b.file.n; i++) {
		struct roster r;

		b.file.p[i] ^= 1;
		if (read_under(&b, buf_view(&b.file), &b.rules, &r, &e)) {
			/* Keys of a signature that is nobody's any more: nobody is an officer then. */
			CHECK(!r.vouched);
			for (int k = 0; k < 3; k++)
				CHECK(roster_lookup(&r, &b.officer[k]) == NULL);
		} else {
			EQ_INT(e.kind, ERR_INPUT);
			CHECK(strncmp(e.code, "ROSTER-", 7) == 0);
			CHECK(strncmp(e.place, "line ", 5) == 0);
		}
		b.file.p[i] ^= 1;
		arena_reset(b.arena);
	}
	OK(reads(&b, buf_view(&b.file), &e), e);
	bureau_free(&b);
}

TEST(a_roster_cut_anywhere_but_behind_a_line_is_refused)
{
	struct bureau b;
	struct err e;

	bureau_open(&b);
	for (size_t n = 1; n < b.file.n; n++) {
		bool whole = b.file.p[n - 1] == '\n';

		if (reads(&b, (struct str){ b.file.p, n }, &e) != whole)
			EQ_INT(n, -1);
		if (!whole)
			EQ_C(e.code, "ROSTER-FORM");
		arena_reset(b.arena);
	}
	bureau_free(&b);
}

TEST(garbage_is_no_roster)
{
	static char many[ROSTER_CHANGES_MAX + 1], large[ROSTER_BYTES_MAX + 1];
	const struct str garbage[] = {
		STR("\n"),
		STR("x"),
		STR("{}\n"),
		STR("[]\n"),
		STR("null\n"),
		STR("\xff\xfe\n"),
		STR("{\"signatures\":[],\"statement\":\"\"}\n"),
		STR("{\"signatures\":[],\"statement\":\"hufu/1/officer-roster\\n\"}\n"),
		STR("{\"signatures\":{},\"statement\":\"x\"}\n"),
		STR("{\"signatures\":[1],\"statement\":\"x\"}\n"),
		STR("{\"signatures\":[{\"public\":\"\",\"signature\":\"\"}],\"statement\":\"x\"}\n"),
		STR("{\"signatures\":[],\"statement\":\"x\",\"more\":1}\n"),
		STR("{\"signatures\":[],\"signatures\":[],\"statement\":\"x\"}\n"),
		{ many, sizeof many },
		{ large, sizeof large },
	};
	struct bureau b;
	struct err e;

	bureau_new(&b);
	memset(many, '\n', sizeof many);
	memset(large, 'x', sizeof large);
	for (size_t i = 0; i < COUNT_OF(garbage); i++) {
		if (reads(&b, garbage[i], &e))
			EQ_INT(i, -1);
		EQ_INT(e.kind, ERR_INPUT);
		EQ_C(e.code, "ROSTER-FORM");
	}
	bureau_free(&b);
}

/* The last line in other words: chain and signatures hold, and it is not what we write. */
TEST(a_line_has_one_spelling)
{
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "],\"statement\"", "], \"statement\"" },
		{ "hufu/1/officer-roster", "hufu\\/1/officer-roster" },
		{ "hufu/1/officer-roster", "\\u0068ufu/1/officer-roster" },
		{ "\\nact", "\\u000aact" },
	};
	struct bureau b;
	struct err e;
	size_t last, at;

	bureau_open(&b);
	last = b.file.n - 1;
	while (last > 0 && b.file.p[last - 1] != '\n')
		last--;
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct buf edited = buf_empty(ROSTER_BYTES_MAX);

		at = str_find(buf_view(&b.file), str_of(edits[i].from), last);
		CHECK(at != SIZE_MAX);
		buf_put(&edited, b.file.p, at);
		buf_c(&edited, edits[i].to);
		buf_str(&edited, str_skip(buf_view(&b.file), at + strlen(edits[i].from)));
		CHECK(!reads(&b, buf_view(&edited), &e));
		EQ_C(e.code, "ROSTER-FORM");
		EQ_C(e.cause, "not canonical JSON");
		buf_free(&edited);
	}
	bureau_free(&b);
}

TEST(nobody_is_an_officer_without_a_roster)
{
	struct roster r;
	struct bureau b;
	struct err e;

	bureau_new(&b);
	OK(read_under(&b, STR(""), &b.rules, &r, &e), e);
	CHECK(r.count == 0 && r.serial == 0 && !r.vouched);
	CHECK(roster_lookup(&r, &b.officer[0]) == NULL);
	CHECK(roster_ever(&r, &b.officer[0]) == NULL);
	bureau_free(&b);
}

TEST(who_may_change_the_roster)
{
	static const struct {
		const char *who; /* bureau_sign */
		const char *code, *words;
	} rows[] = {
		{ "", "ROSTER-SIGNATURE", "signed by 0 officers and 0 roots" },
		{ "0", "ROSTER-SIGNATURE",
		  "signed by 1 officers and 0 roots; it takes 2 officers or 2" },
		{ "00", "ROSTER-SIGNATURE", "stands there twice" },
		{ "R0", "ROSTER-SIGNATURE", "signed by 0 officers and 1 roots" },
		{ "R00", "ROSTER-SIGNATURE", "stands there twice" },
		{ "0R0", "ROSTER-SIGNATURE", "signed by 1 officers and 1 roots" },
		{ "03", "ROSTER-SIGNATURE",
		  "signed by 1 officers" }, /* the new one vouches for himself */
		{ "33", "ROSTER-SIGNATURE", "signed by 0 officers" },
		{ "01", NULL, NULL },
		{ "21", NULL, NULL },
		{ "012", NULL, NULL },
		{ "R02", NULL, NULL },
		{ "R012", NULL, NULL },
		{ "0R01", NULL, NULL },
		{ "01R0", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bureau b;
		struct err e = { .kind = ERR_NONE };
		bool ok;

		bureau_open(&b);
		ok = bureau_enrol(&b, 3, "HO", rows[i].who, &e);
		if (ok != (rows[i].code == NULL) ||
		    (!ok && (strcmp(e.code, rows[i].code) != 0 ||
			     strstr(e.cause, rows[i].words) == NULL))) {
			EQ_INT(i, -1);
			EQ_C(e.cause, rows[i].words != NULL ? rows[i].words : "");
		}
		CHECK((roster_lookup(&b.roster, &b.officer[3]) != NULL) == ok);
		bureau_free(&b);
	}
}

TEST(the_first_officers_are_the_roots_to_enrol)
{
	struct bureau b;
	struct err e;

	bureau_new(&b);
	CHECK(!bureau_enrol(&b, 0, "ZHANG", "01", &e));
	EQ_C(e.code, "ROSTER-SIGNATURE");
	CHECK(strstr(e.cause, "signed by 0 roots; it takes 2") != NULL);
	CHECK(!bureau_enrol(&b, 0, "ZHANG", "R1", &e));
	OK(bureau_enrol(&b, 0, "ZHANG", "R12", &e), e);
	CHECK(!bureau_enrol(&b, 1, "CHAN", "0", &e));
	CHECK(!bureau_enrol(&b, 1, "CHAN", "01", &e));
	EQ_INT(b.roster.serial, 1);
	bureau_free(&b);
}

TEST(a_dismissed_officer_is_none_from_then_on_and_may_come_back)
{
	struct bureau b;
	struct err e;

	bureau_open(&b);
	OK(bureau_dismiss(&b, 0, "01", &e), e); /* his own last signature counts */
	CHECK(roster_lookup(&b.roster, &b.officer[0]) == NULL);
	CHECK(roster_ever(&b.roster, &b.officer[0]) != NULL);
	EQ_STR(roster_ever(&b.roster, &b.officer[0])->name, STR("ZHANG Wei"));
	EQ_INT(roster_ever(&b.roster, &b.officer[0])->until, b.world.now);
	CHECK(!bureau_enrol(&b, 3, "HO", "01", &e));
	CHECK(!bureau_dismiss(&b, 0, "12", &e));
	EQ_C(e.code, "ROSTER-UNKNOWN");
	CHECK(!bureau_dismiss(&b, 3, "12", &e));
	EQ_C(e.code, "ROSTER-UNKNOWN");
	OK(bureau_enrol(&b, 0, "ZHANG Wei", "12", &e), e);
	CHECK(roster_lookup(&b.roster, &b.officer[0]) != NULL);
	EQ_INT(b.roster.count, 4);
	EQ_INT(roster_ever(&b.roster, &b.officer[0])->until, 0);
	bureau_free(&b);
}

TEST(names_and_keys_are_those_of_one_person)
{
	static char long_name[ROSTER_NAME_MAX + 2];
	const struct {
		unsigned officer;
		const char *name, *code; /* NULL: enrolled */
	} rows[] = {
		{ 3, "", "ROSTER-NAME" },        { 3, "-", "ROSTER-NAME" },
		{ 3, " HO", "ROSTER-NAME" },     { 3, "HO ", "ROSTER-NAME" },
		{ 3, "H\nO", "ROSTER-NAME" },    { 3, "H\tO", "ROSTER-NAME" },
		{ 3, "H\x7fO", "ROSTER-NAME" },  { 3, "H\xc2\x85O", "ROSTER-NAME" },
		{ 3, "H\xff", "ROSTER-NAME" },   { 3, "\xed\xa0\x80", "ROSTER-NAME" },
		{ 3, long_name, "ROSTER-NAME" }, { 3, "ZHANG Wei", "ROSTER-KNOWN" },
		{ 0, "HO", "ROSTER-KNOWN" },     { 3, long_name + 1, NULL },
	};

	memset(long_name, 'x', sizeof long_name - 1);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bureau b;
		struct err e = { .kind = ERR_NONE };

		bureau_open(&b);
		if (bureau_enrol(&b, rows[i].officer, rows[i].name, "01", &e) !=
			    (rows[i].code == NULL) ||
		    (rows[i].code != NULL && strcmp(e.code, rows[i].code) != 0))
			EQ_INT(i, -1);
		bureau_free(&b);
	}
}

TEST(a_root_is_no_officer)
{
	struct roster_change change = { ROSTER_ENROL, { { 0 } }, STR("ROOT"), 1795140000 };
	struct bureau b;
	struct err e;

	bureau_open(&b);
	change.public = b.root[0];
	CHECK(!bureau_change(&b, &change, "01", &e));
	EQ_C(e.code, "ROSTER-KNOWN");
	bureau_free(&b);
}

TEST(after_a_change_of_roots_the_officers_wait_for_an_endorsement)
{
	const struct roster_change endorse = { ROSTER_ENDORSE, { { 0 } }, { NULL, 0 }, 1795140000 };
	struct ed25519_public first[BUREAU_ROOTS];
	struct roster r;
	struct bureau b;
	struct err e;

	bureau_new(&b);
	CHECK(!bureau_change(&b, &endorse, "R01", &e));
	EQ_C(e.code, "ROSTER-UNKNOWN");
	bureau_free(&b);
	bureau_open(&b);
	memcpy(first, b.root, sizeof first);
	/* Root 0 is replaced: line 2 is signed by roots 1 and 2, who still are two. */
	b.root[0] = b.officer[3];
	OK(read_under(&b, buf_view(&b.file), &b.rules, &r, &e), e);
	CHECK(r.vouched && roster_lookup(&r, &b.officer[2]) != NULL);
	/* Root 2 instead: line 1 has two of today's, line 2 has a stranger, and that is nobody's fault. */
	memcpy(b.root, first, sizeof first);
	b.root[2] = b.officer[3];
	OK(read_under(&b, buf_view(&b.file), &b.rules, &r, &e), e);
	CHECK(!r.vouched && r.serial == 3 && r.count == 3);
	for (int i = 0; i < 3; i++)
		CHECK(roster_lookup(&r, &b.officer[i]) == NULL);
	CHECK(roster_ever(&r, &b.officer[0]) != NULL);
	b.roster = r;
	CHECK(!bureau_change(&b, &endorse, "01", &e)); /* officers nobody vouches for */
	CHECK(!bureau_change(&b, &endorse, "R0", &e));
	OK(bureau_change(&b, &endorse, "R01", &e), e);
	CHECK(b.roster.vouched && b.roster.serial == 4);
	for (int i = 0; i < 3; i++)
		CHECK(roster_lookup(&b.roster, &b.officer[i]) != NULL);
	OK(bureau_dismiss(&b, 2, "02", &e), e);
	/* Under the roots of before it is not vouched for as a whole. */
	memcpy(b.root, first, sizeof first);
	OK(read_under(&b, buf_view(&b.file), &b.rules, &r, &e), e);
	CHECK(r.vouched); /* roots 0 and 1 are the same ones */
	bureau_free(&b);
}

TEST(a_line_put_in_by_strangers_makes_nobody_an_officer_and_hides_nobody)
{
	struct roster_signature signatures[2];
	struct buf statement = buf_empty(1024), line = buf_empty(8192);
	const struct roster_change change = { ROSTER_ENROL, { { 0 } }, STR("MALLORY"), 1795140000 };
	struct roster_change mallory = change;
	struct roster_rules theirs;
	struct ed25519_public keys[2];
	struct signer *strangers[2];
	struct roster r;
	struct bureau b;
	struct err e;

	bureau_open(&b);
	for (unsigned i = 0; i < 2; i++) {
		strangers[i] = seed_signer(ROLE_ROOT, 1, (unsigned char)(0x70 + i));
		OK(signer_public(strangers[i], ROLE_ROOT, 1, &keys[i], &e), e);
	}
	theirs = (struct roster_rules){ BUREAU_ISSUER, keys, 2, 2 };
	mallory.public = keys[0];
	theirs.root_count = 0; /* to write it, he is no root */
	OK(roster_statement(&statement, &b.roster, &theirs, &mallory, &e), e);
	theirs.root_count = 2;
	for (unsigned i = 0; i < 2; i++) {
		signatures[i].public = keys[i];
		OK(signer_note(strangers[i], ROLE_ROOT, 1, buf_view(&statement),
			       signatures[i].signature, &e),
		   e);
	}
	CHECK(!roster_line(&line, &b.roster, &b.rules, buf_view(&statement), signatures, 2, &e));
	OK(roster_line(&line, &b.roster, &theirs, buf_view(&statement), signatures, 2, &e), e);
	buf_str(&b.file, buf_view(&line));
	OK(read_under(&b, buf_view(&b.file), &b.rules, &r, &e), e);
	CHECK(!r.vouched && roster_lookup(&r, &keys[0]) == NULL);
	CHECK(roster_ever(&r, &keys[0]) != NULL); /* a list shows him */
	buf_free(&line);
	buf_free(&statement);
	signer_free(strangers[0]);
	signer_free(strangers[1]);
	bureau_free(&b);
}

TEST(a_statement_of_another_roster_makes_no_line)
{
	struct roster_signature signatures[ROSTER_SIGNATURES_MAX + 1];
	struct buf statement = buf_empty(1024), line = buf_empty(8192);
	struct roster_change change = { ROSTER_ENROL, { { 0 } }, STR("HO"), 1795140000 };
	struct bureau b;
	struct err e;
	size_t n;

	bureau_open(&b);
	change.public = b.officer[3];
	OK(roster_statement(&statement, &b.roster, &b.rules, &change, &e), e);
	n = bureau_sign(&b, "01", buf_view(&statement), signatures);
	CHECK(!roster_line(&line, &b.roster, &b.rules, STR("hufu/1/officer\n"), signatures, n, &e));
	CHECK(!roster_line(&line, &b.roster, &b.rules, buf_view(&statement), signatures,
			   ROSTER_SIGNATURES_MAX + 1, &e));
	signatures[0].signature[5] ^= 1;
	CHECK(!roster_line(&line, &b.roster, &b.rules, buf_view(&statement), signatures, n, &e));
	signatures[0].signature[5] ^= 1;
	EQ_INT(line.n, 0);
	OK(roster_line(&line, &b.roster, &b.rules, buf_view(&statement), signatures, n, &e), e);
	OK(bureau_enrol(&b, 3, "HO Kai", "01", &e), e);
	CHECK(!roster_line(&line, &b.roster, &b.rules, buf_view(&statement), signatures, n, &e));
	EQ_C(e.code, "ROSTER-CHAIN"); /* a change came between */
	buf_free(&line);
	buf_free(&statement);
	bureau_free(&b);
}

TEST(so_many_officers_and_no_more_at_once)
{
	struct roster_change change = { ROSTER_ENROL, { { 0 } }, { NULL, 0 }, 1795140000 };
	struct bureau b;
	struct err e;

	bureau_new(&b);
	for (unsigned i = 0; i <= ROSTER_OFFICERS_MAX; i++) {
		struct signer *one = seed_signer(ROLE_OFFICER, 0, (unsigned char)(0x80 + i));
		char name[8];

		(void)snprintf(name, sizeof name, "N%u", i);
		change.name = str_of(name);
		OK(signer_public(one, ROLE_OFFICER, 0, &change.public, &e), e);
		signer_free(one);
		if (bureau_change(&b, &change, "R01", &e) != (i < ROSTER_OFFICERS_MAX))
			EQ_INT(i, -1);
	}
	EQ_C(e.code, "ROSTER-CHAIN");
	EQ_INT(b.roster.count, ROSTER_OFFICERS_MAX);
	bureau_free(&b);
}

static void roster_check(struct arena *a, const struct json *c, const struct roster_rules *rules)
{
	const struct json *enrolled = json_lookup(c, "enrolled");
	struct str text, expect, name;
	struct roster r;
	struct err e;
	size_t now = 0;
	bool ok;

	OK(json_string(c, "name", 1, 100, &name, &e), e);
	OK(json_string(c, "text", 1, 1 << 20, &text, &e), e);
	OK(json_string(c, "expect", 1, 40, &expect, &e), e);
	ok = roster_read(a, text, rules, &r, &e);
	if (!EQ_STR(ok ? STR("good") : str_of(e.code), expect))
		EQ_STR(name, STR(""));
	if (!ok || enrolled == NULL)
		return;
	for (size_t i = 0; i < r.count; i++)
		now += roster_lookup(&r, &r.officers[i].public) == &r.officers[i];
	if (!EQ_INT(now, enrolled->count))
		EQ_STR(name, STR(""));
	for (size_t i = 0; i < enrolled->count; i++) {
		struct ed25519_public key;

		CHECK(enc_unhex(enrolled->items[i].string, key.bytes, 32));
		CHECK(roster_lookup(&r, &key) != NULL);
	}
}

TEST(rosters_of_another_program_are_judged_as_it_says)
{
	struct arena *a = arena_new(32 << 20);
	struct buf text = buf_empty(1 << 20);
	struct ed25519_public roots[8];
	struct roster_rules rules = { .roots = roots };
	const struct json *root = NULL, *list;
	int64_t k = 0;
	struct err e;

	OK(ed25519_start(&e), e);
	OK(io_read("tests/vectors/officer.json", &text, &e), e);
	OK(json_read(a, buf_view(&text), &json_config, &root, &e), e);
	OK(json_string(root, "issuer", 1, 100, &rules.issuer, &e), e);
	OK(json_integer(root, "k", 1, 8, &k, &e), e);
	rules.k = (unsigned)k;
	list = json_lookup(root, "roots");
	for (; rules.root_count < list->count; rules.root_count++)
		CHECK(enc_unhex(list->items[rules.root_count].string, roots[rules.root_count].bytes,
				32));
	list = json_lookup(root, "rosters");
	CHECK(list->count > 15);
	for (size_t i = 0; i < list->count; i++)
		roster_check(a, &list->items[i], &rules);
	buf_free(&text);
	arena_free(a);
}

TEST(a_roster_that_runs_out_of_memory_is_trouble_and_no_answer)
{
	struct bureau b;
	struct roster r;
	struct err e;
	size_t n = 0;
	bool ok;

	bureau_open(&b);
	do {
		struct arena *a = arena_new(64 << 20);

		check_fail_alloc(++n);
		ok = roster_read(a, buf_view(&b.file), &b.rules, &r, &e);
		if (check_alloc_count() < n) {
			arena_free(a);
			break;
		}
		CHECK(!ok);
		EQ_INT(e.kind, ERR_SYSTEM);
		arena_free(a);
	} while (n < 1000);
	CHECK(ok && n > 3);
	bureau_free(&b);
}
