/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/words.h"

#include "fixture.h"

static struct evidence genuine(struct world *w, const struct token *t)
{
	return (struct evidence){ .code = CODE_TOKEN,
				  .token = t,
				  .policy = &w->policy,
				  .keylist_state = KEYLIST_FRESH,
				  .keylist = &w->list,
				  .leaf = LEAF_INCLUDED,
				  .consistency = CONSISTENCY_SHOWN,
				  .status = STATUS_GOOD,
				  .freshness = FRESH_LIVE,
				  .has_list_iat = true,
				  .list_iat = WORLD_NOW - 3600,
				  .list_exp = WORLD_NOW + 3600,
				  .now = WORLD_NOW };
}

static struct str all(struct world *w, const struct evidence *ev, enum words_lang lang)
{
	struct verdict v = verdict_of(ev);
	struct buf text = buf_empty(1 << 16);
	struct str out = { NULL, 0 };
	struct err e = { 0 };

	words_all(&text, ev, &v, lang);
	world_must(buf_ok(&text, "words", &e) && arena_str(w->arena, buf_view(&text), &out, &e),
		   &e);
	buf_free(&text);
	return out;
}

static bool holds(struct str text, const char *part)
{
	return CHECK(str_find(text, str_of(part), 0) != SIZE_MAX) || (EQ_STR(text, str_of(part)));
}

TEST(a_letters_headline_is_never_a_bare_valid)
{
	struct world w = world_new();
	struct token_payload p = world_letter(9);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = genuine(world_ready(&w), &t);

	EQ_STR(all(&w, &ev, WORDS_EN),
	       STR("GENUINE \xe2\x80\x94 true as at 09:00 (UTC+8) 19 Nov 2026; not a statement about today\n"
		   "Addressed to: Northland Board of Accountancy\n"
		   "Document: certificate of good standing\n"
		   "Name: 张晓明\n"
		   "Name in Latin letters: ZHANG XIAOMING\n"
		   "Member number: 110001234567\n"
		   "Issued: 19 November 2026\n"
		   "Valid to: 19 February 2027\n"
		   "True as at: 09:00 (UTC+8) 19 Nov 2026\n"
		   "It says: a practising member in good standing; no sanction in force, nor imposed in "
		   "the 5 years before; no disciplinary proceeding open (W1)\n"
		   "Document id: 0000-0000-0000-J000\n"
		   "Compare the fields with the page.\n"
		   "Checked: signature of the code; issuer's key list; dates of the document; status "
		   "(withdrawn, replaced, suspended, ended); that the status is today's; inclusion in the "
		   "public log; that the log continues every earlier one at hand\n"
		   "Not checked: confirmation of the log by witnesses; the status list's own entry in the "
		   "log; not covered by the code: photo, sex, association, seal picture\n"
		   "Status list of: 09:00 (UTC+8) 20 Nov 2026\n"
		   "Public register: not witnessed\n"
		   "As of: 10:00 (UTC+8) 20 Nov 2026\n"));
	holds(all(&w, &ev, WORDS_ZH),
	      "属实——所述截至2026年11月19日09:00（UTC+8）；不代表今日情况\n致：Northland");
	world_free(&w);
}

TEST(each_wording_is_said_in_a_sentence_that_goes_no_further_than_the_code)
{
	static const struct {
		unsigned wording, look_back, pending;
		const char *en, *zh;
	} cases[] = {
		{ 1, 0, 0,
		  "It says: a practising member in good standing; no sanction in force; nothing is said of "
		  "proceedings that may be open (W1)\n",
		  "所载内容：为执业会员，资格状况良好；无有效的惩戒；不涉及未决的惩戒程序 (W1)\n" },
		{ 2, 255, 1,
		  "not entitled to sign statutory audit reports; no sanction in force, nor ever imposed; "
		  "no disciplinary proceeding open (W2)\n",
		  "且从未受过惩戒；无未决的惩戒程序 (W2)\n" },
		{ 3, 255, 1,
		  "listed on the page; no sanction in force; no disciplinary proceeding open (W3)\nClass: "
		  "practising\n",
		  "列于页面；无有效的惩戒；无未决的惩戒程序 (W3)\n会员类别：执业\n" },
		{ 4, 0, 1, "it does not say in good standing (W4)\nClass: practising\n",
		  "不表示资格状况良好 (W4)\n" },
		{ 5, 0, 0, "the membership ended by no penalty (W5)\n", "并非处分 (W5)\n" },
		{ 6, 0, 0, "ended by a penalty, which the page names (W6)\n",
		  "因处分终止，处分列于页面 (W6)\n" },
		{ 7, 0, 0, "It says: no record of the register of members matched (W7)\n",
		  "会员名册中无相符记录 (W7)\n" },
	};
	struct world w = world_new();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct token_payload p = world_letter(9);
		struct token t;
		struct evidence ev;

		p.wording = cases[i].wording;
		p.look_back = cases[i].look_back;
		p.pending = cases[i].pending;
		t = world_token(&w, w.signer, &p);
		ev = genuine(world_ready(&w), &t);
		holds(all(&w, &ev, WORDS_EN), cases[i].en);
		holds(all(&w, &ev, WORDS_ZH), cases[i].zh);
	}
	world_free(&w);
}

TEST(a_certificate_says_valid_and_what_the_code_does_not_cover)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(9);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = genuine(world_ready(&w), &t);
	struct str zh = all(&w, &ev, WORDS_ZH);

	CHECK(str_starts(zh, STR("有效\n")));
	holds(zh, "姓名：张晓明\n");
	holds(zh, "入会时间：2020年2月29日\n");
	holds(zh, "照片、性别、所属协会、印章图样");
	CHECK(str_starts(all(&w, &ev, WORDS_EN), STR("VALID\n")));
	world_free(&w);
}

TEST(every_answer_has_words_in_both_languages)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(9);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = genuine(world_ready(&w), &t);
	struct buf text = buf_empty(4096);

	for (enum verdict_code code = 0; code <= VERDICT_VALID; code++)
		for (int lang = 0; lang < 2; lang++) {
			struct verdict v = { .code = code };
			bool ascii = true;

			buf_clear(&text);
			words_headline(&text, &ev, &v, (enum words_lang)lang);
			CHECK(!text.failed && text.n >= 4);
			for (size_t i = 0; i < text.n; i++)
				ascii = ascii && (unsigned char)text.p[i] < 0xe3;
			CHECK(ascii == (lang == WORDS_EN));
			CHECK(str_find(buf_view(&text), STR("(null)"), 0) == SIZE_MAX);
		}
	for (enum verdict_reason reason = REASON_NO_CODE; reason <= REASON_LOG_TILES; reason++)
		CHECK(words_reason(reason)[0] != '\0');
	for (enum verdict_item item = 0; item <= ITEM_UNCOVERED; item++)
		CHECK(words_item(item)[0] != '\0' && words_item_for(item, WORDS_ZH)[0] != '\0');
	buf_free(&text);
	world_free(&w);
}

TEST(the_words_that_matter_are_those_of_the_specification)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(9);
	struct token t = world_token(&w, w.signer, &p), forged = world_token(&w, w.thief, &p);
	struct evidence ev = genuine(world_ready(&w), &t);
	struct str text;

	ev.has_list_iat = true;
	ev.list_iat = WORLD_NOW;
	ev.status = STATUS_REVOKED;
	text = all(&w, &ev, WORDS_EN);
	holds(text, "this document has been withdrawn");
	holds(text, "On the list of 10:00 (UTC+8) 20 Nov 2026");
	holds(all(&w, &ev, WORDS_ZH), "此文件已作废");
	ev.status = STATUS_SUPERSEDED;
	holds(all(&w, &ev, WORDS_EN), "by itself no fault of the holder");
	holds(all(&w, &ev, WORDS_ZH), "已换发");
	ev.status = STATUS_ENDED;
	holds(all(&w, &ev, WORDS_EN), "the register has changed since; ask the Institute");
	holds(all(&w, &ev, WORDS_ZH), "已失效");
	ev.status = STATUS_GOOD;
	ev.now = ev.list_exp;
	holds(all(&w, &ev, WORDS_EN), "genuine; today's status could not be fetched");
	ev = genuine(&w, &t);
	holds(all(&w, &ev, WORDS_EN), "Public register: not witnessed\n");
	holds(all(&w, &ev, WORDS_ZH), "公开签发簿：未经见证\n");
	ev.quorum = 1;
	ev.witnesses = 2;
	holds(all(&w, &ev, WORDS_EN), "confirmed by 2 witnesses, 1 needed");
	ev.leaf = LEAF_OTHER;
	holds(all(&w, &ev, WORDS_ZH), "未见于公开签发簿");
	ev.log_fault = LOG_FAULT_FORK;
	ev.shown = (struct log_tree){ .size = 7, .root = { 0xab } };
	ev.known = (struct log_tree){ .size = 7, .root = { 0xcd }, .from = LOG_FROM_MEMORY };
	text = all(&w, &ev, WORDS_EN);
	holds(text, "two registers of one size");
	holds(text, "Shown: 7 entries, root ab00");
	holds(text, "Seen before: 7 entries, root cd00");
	ev.log_fault = LOG_FAULT_NONE;
	ev.status = STATUS_REVOKED;
	ev.remembered_revoked = true;
	holds(all(&w, &ev, WORDS_EN),
	      "It was seen withdrawn before; that is never taken back. Ask");
	ev = genuine(&w, &t);
	ev.leaf = LEAF_NOT_CHECKED;
	ev.log_gap = LOG_GAP_TILES;
	holds(all(&w, &ev, WORDS_EN), "Parts of the public register could not be had.");
	ev = genuine(&w, &t);
	ev.file = FILE_ADDED_TO;
	ev.original_length = 12345;
	holds(all(&w, &ev, WORDS_EN), "The first 12345 bytes are the original");
	ev = genuine(&w, &forged);
	text = all(&w, &ev, WORDS_EN);
	holds(text, "signed by no key of this issuer");
	holds(text, "Claimed by the code, not confirmed:");
	ev.code = CODE_TWO;
	holds(all(&w, &ev, WORDS_EN), "two codes");
	ev = genuine(&w, &t);
	ev.policy = NULL;
	ev.offered_fingerprint = "ABCD-EFGH";
	holds(all(&w, &ev, WORDS_EN), "unknown issuer");
	holds(all(&w, &ev, WORDS_EN), "ABCD-EFGH");
	world_free(&w);
}

TEST(the_json_line_is_json_with_the_contracts_members)
{
	static const char *const members[] = {
		"target",          "verdict",      "authenticity", "status",
		"freshness",       "transparency", "file",         "signed",
		"claimed",         "reason",       "checked",      "not_checked",
		"as_of",           "list_iat",     "lowered",      "fingerprint",
		"original_length", "quorum",       "witnesses",    "roots_changed",
		"trees",
	};
	static const char *const fields[] = { "type",       "docid",    "member_no", "name_native",
					      "name_latin", "admitted", "issued",    "expires",
					      "recipient",  "as_at",    "wording",   "class",
					      "look_back",  "pending" };
	struct world w = world_new();
	struct token_payload p = world_letter(9);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = genuine(world_ready(&w), &t);
	struct verdict v = verdict_of(&ev);
	struct buf text = buf_empty(1 << 16);
	const struct json *root = NULL, *is;
	struct err e = { 0 };

	verdict_json(&text, STR("a\xff\"b.pdf"), &ev, &v);
	CHECK(str_ends(buf_view(&text), STR("}\n")));
	OK(json_read(w.arena, buf_view(&text), &json_record, &root, &e), e);
	for (size_t i = 0; i < COUNT_OF(members); i++)
		if (!CHECK(json_lookup(root, members[i]) != NULL))
			EQ_C(members[i], "there");
	EQ_INT(root->count, COUNT_OF(members));
	EQ_STR(world_member(root, "target"), STR("a\xef\xbf\xbd\"b.pdf"));
	EQ_STR(world_member(root, "verdict"), STR("VALID"));
	EQ_STR(world_member(root, "as_of"), STR("2026-11-20T02:00:00Z"));
	is = json_lookup(root, "signed");
	EQ_INT(is->count, COUNT_OF(fields));
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		CHECK(json_lookup(is, fields[i]) != NULL);
	EQ_STR(world_member(is, "type"), STR("good-standing-letter"));
	EQ_STR(world_member(is, "as_at"), STR("2026-11-19T01:00:00Z"));
	EQ_STR(world_member(is, "expires"), STR("2027-02-19"));
	EQ_INT(json_lookup(root, "claimed")->kind, JSON_NULL);
	ev.policy = NULL;
	v = verdict_of(&ev);
	buf_clear(&text);
	verdict_json(&text, STR("-"), &ev, &v);
	OK(json_read(w.arena, buf_view(&text), &json_record, &root, &e), e);
	EQ_INT(json_lookup(root, "signed")->kind, JSON_NULL);
	EQ_STR(world_member(json_lookup(root, "claimed"), "member_no"), STR("110001234567"));
	EQ_STR(world_member(root, "reason"), STR("unknown-issuer"));
	buf_free(&text);
	world_free(&w);
}

TEST(no_line_ends_in_a_blank)
{
	struct world w = world_new();
	struct token_payload p = world_certificate(9);
	struct token t = world_token(&w, w.signer, &p);
	struct evidence ev = genuine(world_ready(&w), &t);
	struct err fault;

	err_input(&fault, "TOKEN-FORM", "cut");
	ev.has_list_iat = true;
	for (enum status status = STATUS_NOT_CHECKED; status <= STATUS_ENDED; status++)
		for (int lang = 0; lang < 2; lang++) {
			ev.status = status;
			CHECK(str_find(all(&w, &ev, (enum words_lang)lang), STR(" \n"), 0) ==
			      SIZE_MAX);
		}
	ev = genuine(&w, &t);
	ev.file = FILE_ADDED_TO;
	CHECK(str_find(all(&w, &ev, WORDS_EN), STR(" \n"), 0) == SIZE_MAX);
	ev.code = CODE_MALFORMED;
	ev.fault = &fault;
	holds(all(&w, &ev, WORDS_EN), "\ncut. Scan it again from the original document.\n");
	world_free(&w);
}
