/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/policy.h"

#include "base/enc.h"
#include "fixture.h"

/* Replace the first `from` in `text` by `to`. */
static struct str edited(struct arena *a, struct str text, const char *from, const char *to)
{
	size_t at = str_find(text, str_of(from), 0);
	struct str out = { NULL, 0 };
	struct err e = { 0 };

	if (!CHECK(at != SIZE_MAX))
		EQ_C(from, "in the text");
	else
		world_must(arena_printf(a, &out, &e, "%.*s%s%.*s", (int)at, text.p, to,
					(int)(text.n - at - strlen(from)),
					text.p + at + strlen(from)),
			   &e);
	return out;
}

static struct str policy_text(struct world *w)
{
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	struct str out;
	struct err e = { 0 };

	world_must(policy_write(&text, &w->policy, &e), &e);
	world_must(arena_str(w->arena, buf_view(&text), &out, &e), &e);
	buf_free(&text);
	return out;
}

TEST(policies_that_break_a_rule_are_refused)
{
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "hufu.policy/1", "hufu.policy/2" },
		{ "\"k\":2", "\"k\":0" },
		{ "\"k\":2", "\"k\":3" },
		{ "\"k\":2", "\"k\":2.0" },
		{ "\"k\":2", "\"k\":\"2\"" },
		{ "\"k\":2", "\"k\":2,\"k\":1" },
		{ "\"k\":2,", "" },
		{ "\"k\":2", "\"k\":2,\"extra\":1" },
		{ "\"quorum\":0", "\"quorum\":1" },
		{ "\"quorum\":0", "\"quorum\":-1" },
		{ "\"issuer\":\"verify.example.org\"", "\"issuer\":\"Verify.example.org\"" },
		{ "\"issuer\":\"verify.example.org\"", "\"issuer\":\"verify.example.com\"" },
		{ "\"issuer\":\"verify.example.org\"", "\"issuer\":\"\"" },
		{ "root-1", "root-2" },
		{ "root-2", "root-1" },
		{ "root-1", "root-01" },
		{ "https://verify", "ftp://verify" },
		{ "https://verify.example.org", "https://verify.example.org/" },
		{ "https://verify.example.org", "https://verify.example.org/#" },
		{ "https://verify.example.org",
		  "https://a-host-name-too-long-for-a-code.verify.example.org" },
		{ "\"utc_offset_min\":480", "\"utc_offset_min\":900" },
		{ "\"contact\":\"verify@example.org\"", "\"contact\":\"\"" },
		{ "\"contact\":\"verify@example.org\"", "\"contact\":\"a\\nb\"" },
		{ "\"origin\":\"verify.example.org/log\"", "\"origin\":\"verify.example.org\"" },
		{ "\"zh\":", "\"fr\":" },
		{ "\"witnesses\":[]", "\"witnesses\":[1]" },
		{ "\"witnesses\":[]", "\"witnesses\":null" },
		{ "}", "}}" },
	};
	struct world w = world_new();
	struct str text = policy_text(&w);
	struct policy p;
	struct err e = { 0 };

	OK(policy_read(w.arena, text, &p, &e), e);
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct str bad = edited(w.arena, text, edits[i].from, edits[i].to);

		if (!CHECK(!policy_read(w.arena, bad, &p, &e)))
			EQ_C(edits[i].to, "");
		else
			EQ_INT(e.kind, ERR_INPUT);
	}
	world_free(&w);
}

TEST(one_key_never_stands_for_two_roles)
{
	struct world w = world_new();
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	struct policy p = w.policy;
	struct err e = { 0 };

	OK(note_key_make(p.roots[1].name, &p.roots[0].public, &p.roots[1], &e), e);
	CHECK(!policy_write(&text, &p, &e));
	EQ_C(e.code, "POLICY-FORM");
	p = w.policy;
	OK(note_witness_make(STR("witness"), &p.log.public, &p.witnesses[0], &e), e);
	p.witness_count = 1;
	CHECK(!policy_write(&text, &p, &e));
	buf_free(&text);
	world_free(&w);
}

TEST(a_policy_is_read_as_it_was_written_and_named_by_its_fingerprint)
{
	struct world w = world_new();
	struct str text = policy_text(&w), spaced;
	struct buf again = buf_empty(POLICY_BYTES_MAX), print = buf_empty(64);
	char one[POLICY_FINGERPRINT + 1], two[POLICY_FINGERPRINT + 1];
	unsigned char hash[SHA256_SIZE];
	struct policy p;
	struct err e = { 0 };

	OK(policy_read(w.arena, text, &p, &e), e);
	OK(policy_write(&again, &p, &e), e);
	EQ_STR(buf_view(&again), text);
	OK(policy_fingerprint(&p, one, &e), e);
	sha256_of(text, hash);
	enc_base32(&print, hash, 20);
	EQ_STR(buf_view(&print), str_of(one));
	EQ_INT(strlen(one), POLICY_FINGERPRINT);
	/* White space is no other policy. */
	spaced = edited(w.arena, text, ",", " ,\n\t");
	OK(policy_read(w.arena, spaced, &p, &e), e);
	OK(policy_fingerprint(&p, two, &e), e);
	EQ_C(two, one);
	CHECK(policy_fingerprint_eq(str_of(one), str_of(two)));
	CHECK(!policy_fingerprint_eq(STR("0000-0000"), str_of(one)));
	p.quorum = 0;
	p.k = 1;
	OK(policy_fingerprint(&p, two, &e), e);
	CHECK(!policy_fingerprint_eq(str_of(one), str_of(two)));
	buf_free(&again);
	buf_free(&print);
	world_free(&w);
}
