/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/gather.h"

#include "sitemaker.h"

TEST(a_document_is_valid_when_signature_log_status_and_file_all_say_so)
{
	struct maker m;
	struct maker_seen seen;

	maker_ready(&m, 300);
	for (size_t i = 0; i < m.count; i++) {
		seen = maker_look(&m, &m.docs[i].token);
		EQ_INT(seen.v.code, VERDICT_VALID);
		EQ_INT(seen.v.transparency, LOG_INCLUDED);
		EQ_INT(seen.v.status, STATUS_GOOD);
		EQ_INT(seen.v.freshness, FRESH_CACHED); /* a copy */
		EQ_INT(seen.v.file, FILE_NONE);
		EQ_INT(seen.ev.consistency, CONSISTENCY_SHOWN);
		CHECK(seen.ev.status_logged && !seen.v.lowered);
		EQ_INT(seen.ev.list_iat, m.iat);
		EQ_C(seen.trouble, "");
		seen = maker_look_file(&m, &m.docs[i], m.docs[i].file);
		EQ_INT(seen.v.code, VERDICT_VALID);
		EQ_INT(seen.v.file, FILE_ORIGINAL);
	}
	m.site.canonical = true;
	EQ_INT(maker_look(&m, &m.docs[0].token).v.freshness, FRESH_LIVE);
	maker_close(&m);
}

TEST(logs_of_every_awkward_size_are_walked)
{
	static const size_t pads[] = { 0, 1, 251, 252, 253, 254, 255, 256, 509, 767, 1021, 2000 };

	for (size_t i = 0; i < COUNT_OF(pads); i++) {
		struct maker m;

		maker_ready(&m, pads[i]);
		EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_VALID);
		EQ_INT(maker_look_file(&m, &m.docs[2], m.docs[2].file).v.code, VERDICT_VALID);
		maker_close(&m);
	}
}

TEST(a_token_signed_and_never_logged_is_named)
{
	struct maker m;
	struct maker_doc d;

	maker_ready(&m, 3);
	d = maker_made(&m, world_certificate(2)); /* padding stands there */
	EQ_INT(maker_look(&m, &d.token).v.code, VERDICT_NOT_IN_MANIFEST);
	EQ_INT(maker_look_file(&m, &d, d.file).v.code, VERDICT_NOT_IN_MANIFEST);
	d = maker_made(&m, world_certificate(6)); /* the status list's own entry */
	EQ_INT(maker_look(&m, &d.token).v.code, VERDICT_NOT_IN_MANIFEST);
	d = maker_made(&m, world_certificate(7)); /* past the end, as far as a copy can tell */
	EQ_INT(maker_look(&m, &d.token).v.code, VERDICT_PENDING);
	d = maker_made(&m, world_certificate(UINT64_C(1) << 40));
	EQ_INT(maker_look(&m, &d.token).v.code, VERDICT_PENDING);
	m.site.canonical = true;
	EQ_INT(maker_look(&m, &d.token).v.code, VERDICT_NOT_IN_MANIFEST);
	maker_close(&m);
}

TEST(an_entry_of_another_kind_is_no_document)
{
	struct maker m;
	struct maker_doc d;
	struct entry entry;

	maker_open(&m);
	d = maker_made(&m, world_certificate(0));
	entry = entry_document(&d.leaf);
	entry.bytes[0] = ENTRY_OTHER;
	maker_entry(&m, &entry);
	maker_publish(&m);
	EQ_INT(maker_look(&m, &d.token).v.code, VERDICT_NOT_IN_MANIFEST);
	EQ_INT(maker_look_file(&m, &d, d.file).v.code, VERDICT_NOT_IN_MANIFEST);
	maker_close(&m);
}

TEST(files_are_original_added_to_or_another)
{
	struct maker m;
	struct str digits, added;
	struct gather_target t = { .tokens = &digits, .token_count = 1, .is_file = true };
	struct gather_from from;
	struct maker_seen seen;
	size_t prefixes[2];
	struct err e = { 0 };

	maker_ready(&m, 5);
	from = maker_from(&m);
	digits = maker_digits(&m, &m.docs[0].token);
	OK(arena_printf(m.w.arena, &added, &e, "%.*smore\n%%%%EOF\n", STR_ARG(m.docs[0].file)), e);
	prefixes[0] = m.docs[0].file.n - 1;
	prefixes[1] = m.docs[0].file.n;
	t.file = added;
	t.prefixes = prefixes;
	t.prefix_count = 2;
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.file, FILE_ADDED_TO);
	EQ_INT(seen.v.code, VERDICT_ALTERED);
	EQ_INT(seen.ev.original_length, m.docs[0].file.n);
	t.prefix_count = 1;
	EQ_INT(maker_look_at(&m, &from, &t).v.file, FILE_OTHER);
	t.file = (struct str){ NULL, 0 };
	EQ_INT(maker_look_at(&m, &from, &t).v.file, FILE_OTHER);
	/* Without the entry a file that fits is proven by its hash alone; one that does not fit is not known. */
	shelf_remove(&m.shelf, "/tile/entries/000.p/9");
	t.file = m.docs[0].file;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_VALID);
	t.file = added;
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.code, VERDICT_UNDECIDED);
	EQ_INT(seen.v.file, FILE_NOT_CHECKED);
	EQ_INT(seen.ev.log_gap, LOG_GAP_TILES);
	maker_close(&m);
}

TEST(every_file_with_one_byte_changed_is_altered)
{
	struct maker m;
	struct str file;
	char bytes[2000];

	maker_ready(&m, 5);
	file = m.docs[0].file;
	for (size_t i = 0; i < file.n; i++) {
		memcpy(bytes, file.p, file.n);
		bytes[i] ^= 1;
		EQ_INT(maker_look_file(&m, &m.docs[0], str_bytes(bytes, file.n)).v.code,
		       VERDICT_ALTERED);
	}
	maker_close(&m);
}

TEST(two_codes_are_malformed_unless_one_is_the_files_own)
{
	struct maker m;
	struct str two[2];
	struct gather_from from;
	struct gather_target t = { .tokens = two, .token_count = 2, .is_file = true };

	maker_ready(&m, 5);
	from = maker_from(&m);
	two[0] = maker_digits(&m, &m.docs[2].token);
	two[1] = maker_digits(&m, &m.docs[0].token);
	t.file = m.docs[0].file;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_VALID);
	t.file = STR("%PDF other");
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_MALFORMED);
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_TWO_CODES);
	t.is_file = false;
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_TWO_CODES);
	two[0] = STR("12345");
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_TWO_CODES);
	/* A network that fails says nothing against a file that may well have its own code in it. */
	t.is_file = true;
	t.file = m.docs[0].file;
	shelf_remove(&m.shelf, "/checkpoint");
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNDECIDED);
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_TWO_OPEN);
	from.site = NULL;
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_TWO_OPEN);
	t.is_file = false;
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_TWO_CODES);
	maker_close(&m);
}

TEST(targets_without_a_token_ask_the_site_nothing)
{
	struct maker m;
	struct str junk = STR("123456789");
	struct gather_from from;

	maker_ready(&m, 5);
	from = maker_from(&m);
	m.shelf.loads = 0;
	EQ_INT(maker_look_at(&m, &from, &(struct gather_target){ 0 }).v.reason, REASON_NO_CODE);
	EQ_INT(maker_look_at(&m, &from, &(struct gather_target){ .is_file = true }).v.reason,
	       REASON_NO_CODE);
	EQ_INT(maker_look_at(&m, &from, &(struct gather_target){ .other_codes = 1 }).v.code,
	       VERDICT_NOT_OURS);
	EQ_INT(maker_look_at(&m, &from,
			     &(struct gather_target){ .tokens = &junk, .token_count = 1 })
		       .v.code,
	       VERDICT_MALFORMED);
	EQ_INT(m.shelf.loads, 0);
	maker_close(&m);
}

TEST(a_typed_code_leads_to_the_token_and_the_same_checks)
{
	struct maker m;
	struct gather_from from;
	struct gather_target t = { 0 };
	struct token_payload p;
	struct maker_seen seen;

	maker_ready(&m, 5);
	from = maker_from(&m);
	for (size_t i = 0; i < m.count; i++) {
		p = m.docs[i].token.payload;
		t.docid = str_bytes(p.docid, p.docid_size);
		seen = maker_look_at(&m, &from, &t);
		EQ_INT(seen.v.code, VERDICT_VALID);
		EQ_INT(seen.v.file, FILE_NONE);
	}
	maker_set(&m, &m.docs[2], STATUS_VALUE_ENDED);
	maker_publish(&m);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_ENDED);
	p.docid[9] ^= 1;
	t.docid = str_bytes(p.docid, p.docid_size);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_NOT_FOUND);
	/* No index, no answer; and none for an issuer nobody trusts. */
	from.policy = NULL;
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_UNKNOWN_ISSUER);
	from.policy = &m.w.policy;
	from.site = NULL;
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_NO_LOOKUP);
	from.site = &m.site;
	shelf_remove(&m.shelf, "/d/info");
	EQ_INT(maker_look_at(&m, &from, &t).v.reason, REASON_NO_LOOKUP);
	maker_close(&m);
}

TEST(the_status_list_decides_in_its_own_words)
{
	static const struct {
		unsigned value;
		enum verdict_code want;
	} cases[] = {
		{ STATUS_VALUE_REVOKED, VERDICT_REVOKED },
		{ STATUS_VALUE_SUSPENDED, VERDICT_SUSPENDED },
		{ STATUS_VALUE_SUPERSEDED, VERDICT_SUPERSEDED },
		{ STATUS_VALUE_ENDED, VERDICT_ENDED },
		{ STATUS_VALUE_VALID, VERDICT_VALID },
	};
	struct maker m;

	maker_ready(&m, 5);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		maker_set(&m, &m.docs[0], cases[i].value);
		maker_publish(&m);
		EQ_INT(maker_look(&m, &m.docs[0].token).v.code, cases[i].want);
		EQ_INT(maker_look(&m, &m.docs[1].token).v.code, VERDICT_VALID);
	}
	maker_close(&m);
}

TEST(a_list_past_its_time_is_stale_and_none_is_undecided)
{
	struct maker m;
	struct str digits;
	struct gather_from from;
	struct gather_target t = { .tokens = &digits, .token_count = 1 };

	maker_ready(&m, 5);
	digits = maker_digits(&m, &m.docs[0].token);
	from = maker_from(&m);
	from.now = m.iat + SHARD_LIFE_S - 1;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_VALID);
	from.now++;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_STALE);
	/* Stale, it still says what it said. */
	maker_set(&m, &m.docs[0], STATUS_VALUE_REVOKED);
	maker_publish(&m);
	from.now = m.iat + SHARD_LIFE_S;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_REVOKED);
	shelf_remove(&m.shelf, "/s/0");
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNDECIDED);
	EQ_INT(maker_look_at(&m, &from, &t).v.transparency, LOG_INCLUDED);
	maker_close(&m);
}

TEST(a_clock_set_back_is_judged_by_signed_time)
{
	struct maker m;
	struct str digits;
	struct gather_from from;
	struct gather_target t = { .tokens = &digits, .token_count = 1 };
	struct memory memory;
	struct err e = { 0 };

	maker_ready(&m, 5);
	digits = maker_digits(&m, &m.docs[1].token); /* the letter: 92 days */
	from = maker_from(&m);
	from.now = 0;
	EQ_INT(maker_look_at(&m, &from, &t).v.as_of, m.iat);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_VALID);
	OK(memory_new(m.w.arena, &memory, &e), e);
	memory.newest = WORLD_NOW + 100 * INT64_C(86400);
	from.memory = &memory;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_EXPIRED);
	maker_close(&m);
}

TEST(a_moment_of_the_past_is_judged_by_the_list_of_that_time)
{
	struct maker m;
	struct str digits;
	struct gather_from from;
	struct gather *g;
	struct evidence ev = { 0 };
	struct err e = { 0 };

	maker_ready(&m, 5);
	digits = maker_digits(&m, &m.docs[0].token);
	from = maker_from(&m);
	g = gather_new(&from, &e);
	if (!CHECK(g != NULL))
		return;
	OK(gather_evidence(g, m.w.arena,
			   &(struct gather_target){ .tokens = &digits, .token_count = 1 }, &ev, &e),
	   e);
	ev.has_at = true;
	ev.at = m.iat;
	EQ_INT(verdict_of(&ev).code, VERDICT_VALID);
	ev.at = m.iat - 1;
	EQ_INT(verdict_of(&ev).reason, REASON_NO_LIST_AT);
	ev.at = m.iat + SHARD_LIFE_S;
	EQ_INT(verdict_of(&ev).reason, REASON_NO_LIST_AT);
	ev.status = STATUS_SUPERSEDED; /* now; not known then */
	EQ_INT(verdict_of(&ev).reason, REASON_NO_LIST_AT);
	ev.status = STATUS_REVOKED;
	EQ_INT(verdict_of(&ev).code, VERDICT_REVOKED);
	gather_free(g);
	maker_close(&m);
}

TEST(trouble_of_the_site_is_never_an_answer)
{
	struct maker m;
	struct maker_seen seen;
	unsigned loads = 0;

	maker_ready(&m, 300);
	m.shelf.loads = 0;
	EQ_INT(maker_look_file(&m, &m.docs[0], m.docs[0].file).v.code, VERDICT_VALID);
	loads = m.shelf.loads;
	CHECK(loads >= 6);
	for (unsigned i = 1; i <= loads; i++) {
		m.shelf.fail_load = i;
		seen = maker_look_file(&m, &m.docs[0], m.docs[0].file);
		/* The list's own entry is optional evidence; all the rest is needed. */
		if (seen.v.code == VERDICT_VALID)
			CHECK(!seen.ev.status_logged);
		else
			EQ_INT(verdict_exit(seen.v.code), 3);
		CHECK(seen.trouble[0] != '\0' || seen.v.code == VERDICT_VALID);
	}
	m.shelf.fail_load = 0;
	shelf_remove(&m.shelf, "/keys.note");
	EQ_INT(maker_look(&m, &m.docs[0].token).v.reason, REASON_NO_KEYLIST);
	maker_close(&m);
}

TEST(a_web_page_in_a_files_place_is_trouble)
{
	static const char page[] = "<html>Please log in to the network</html>";
	static const char *const paths[] = { "/keys.note", "/checkpoint", "/s/0",
					     "/tile/0/000.p/49", "/s/0.tlog-proof" };

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct maker m;
		struct maker_seen seen;

		maker_ready(&m, 300);
		if (!CHECK(shelf_slot(&m.shelf, paths[i])->bytes != NULL ||
			   i == 3)) /* the partial tile's width is the tree's */
			EQ_C(paths[i], "");
		if (i == 3)
			shelf_set(&m.shelf, "/tile/0/000", page, sizeof page - 1);
		else
			shelf_set(&m.shelf, paths[i], page, sizeof page - 1);
		seen = maker_look(&m, &m.docs[0].token);
		EQ_INT(verdict_exit(seen.v.code), i == 4 ? 0 : 3);
		maker_close(&m);
	}
}

TEST(key_lists_are_fresh_stale_or_not_the_roots)
{
	struct maker m;

	maker_ready(&m, 5);
	m.w.list.issued = WORLD_NOW - 20 * 86400;
	m.w.list.expires = WORLD_NOW;
	maker_keys(&m);
	maker_publish(&m);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_STALE);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.reason, REASON_STALE_KEYLIST);
	shelf_slot(&m.shelf, "/keys.note")->bytes[20] ^= 1;
	EQ_INT(maker_look(&m, &m.docs[0].token).v.reason, REASON_BAD_KEYLIST);
	maker_close(&m);
}

TEST(without_a_policy_the_sites_fingerprint_is_offered_and_trusted_for_nothing)
{
	struct maker m;
	char want[POLICY_FINGERPRINT + 1];
	struct gather_from from;
	struct gather *g;
	struct evidence ev = { 0 };
	struct str digits;
	struct err e = { 0 };

	maker_ready(&m, 5);
	digits = maker_digits(&m, &m.docs[0].token);
	OK(policy_fingerprint(&m.w.policy, want, &e), e);
	from = maker_from(&m);
	from.policy = NULL;
	g = gather_new(&from, &e);
	if (!CHECK(g != NULL))
		return;
	OK(gather_evidence(g, m.w.arena,
			   &(struct gather_target){ .tokens = &digits, .token_count = 1 }, &ev, &e),
	   e);
	EQ_INT(verdict_of(&ev).reason, REASON_UNKNOWN_ISSUER);
	EQ_C(ev.offered_fingerprint, want);
	gather_free(g);
	maker_close(&m);
}

TEST(what_one_gatherer_fetched_is_fetched_once)
{
	struct maker m;
	struct gather_from from;
	struct gather *g;
	struct evidence ev = { 0 };
	struct str digits;
	struct err e = { 0 };
	unsigned loads = 0;

	maker_ready(&m, 300);
	from = maker_from(&m);
	g = gather_new(&from, &e);
	if (!CHECK(g != NULL))
		return;
	for (int i = 0; i < 100; i++) {
		digits = maker_digits(&m, &m.docs[i % 3].token);
		OK(gather_evidence(g, m.w.arena,
				   &(struct gather_target){ .tokens = &digits, .token_count = 1 },
				   &ev, &e),
		   e);
		EQ_INT(verdict_of(&ev).code, VERDICT_VALID);
		if (i == 2)
			loads = m.shelf.loads;
	}
	EQ_INT(m.shelf.loads, loads);
	gather_free(g);
	maker_close(&m);
}

TEST(a_checkpoint_that_lacks_the_pinned_quorum_is_no_ground_to_stand_on)
{
	const struct ring_seed seed = world_seed(ROLE_WITNESS, 0, SEED_OTHER);
	struct maker m;
	struct maker_seen seen;
	struct note_key silent;
	struct signer *s;
	struct err e = { 0 };

	OK(ring_of_seeds(&seed, 1, &s, &e), e);
	OK(signer_public(s, ROLE_WITNESS, 0, &silent.public, &e), e);
	OK(checkpoint_witness_key(STR("witness.example.com/w"), &silent.public, &silent, &e), e);
	signer_free(s);
	maker_open(&m);
	maker_quorum(&m, 1);
	maker_keys(&m);
	maker_issue(&m, world_certificate(0));
	maker_publish(&m);
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_UNDECIDED);
	EQ_INT(seen.v.reason, REASON_NOT_WITNESSED);
	m.cosigned = true;
	maker_publish(&m);
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_VALID);
	EQ_INT(seen.ev.witnesses, 1);
	/* A key list that names other witnesses does not lower what is pinned. */
	m.w.policy.witnesses[0] = silent;
	m.w.list.witnesses[0] = m.witness_key;
	m.w.list.witness_count = 1;
	maker_next_keys(&m);
	maker_publish(&m);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.reason, REASON_NOT_WITNESSED);
	/* It may ask for more. */
	m.w.policy.witnesses[0] = m.witness_key;
	m.w.list.witnesses[0] = silent;
	m.w.list.quorum = 2;
	maker_next_keys(&m);
	maker_publish(&m);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.reason, REASON_NOT_WITNESSED);
	maker_close(&m);
}

TEST(the_documents_own_proof_takes_the_place_of_tiles)
{
	struct maker m;
	struct buf proof = buf_empty(SIDECAR_BYTES_MAX);
	struct str digits;
	struct gather_from from;
	struct gather_target t = { .tokens = &digits, .token_count = 1 };
	struct maker_seen seen;
	unsigned loads = 0;

	maker_ready(&m, 300);
	digits = maker_digits(&m, &m.docs[0].token);
	maker_proof(&m, 0, m.docs[0].leaf.c_pdf, &proof);
	t.proof = buf_view(&proof);
	from = maker_from(&m);
	from.is_far = true;
	m.shelf.loads = 0;
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.code, VERDICT_VALID);
	EQ_INT(m.shelf.loads, 3); /* key list, status, checkpoint: no tile */
	/* The log went on: far away its continuation is not asked for, near it is. */
	maker_publish(&m);
	m.shelf.loads = 0;
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.code, VERDICT_VALID);
	EQ_INT(seen.ev.consistency, CONSISTENCY_NOT_CHECKED);
	EQ_INT(m.shelf.loads, 3);
	from.is_far = false;
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.ev.consistency, CONSISTENCY_SHOWN);
	/* A file needs no `extra`, and one that differs is told from the original by it. */
	t.is_file = true;
	t.file = m.docs[0].file;
	EQ_INT(maker_look_at(&m, &from, &t).v.file, FILE_ORIGINAL);
	t.file = STR("%PDF changed\n%%EOF\n");
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_ALTERED);
	/* No log at all on the site: the proof is enough. */
	for (loads = 0; loads < SHELF_SLOTS; loads++)
		if (strncmp(m.shelf.files[loads].path, "/tile", 5) == 0)
			shelf_remove(&m.shelf, m.shelf.files[loads].path);
	shelf_remove(&m.shelf, "/checkpoint");
	t.file = m.docs[0].file;
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.code, VERDICT_VALID);
	EQ_INT(seen.ev.consistency, CONSISTENCY_NOT_CHECKED);
	buf_free(&proof);
	maker_close(&m);
}

TEST(a_proof_of_something_else_is_put_aside)
{
	struct maker m, other;
	struct buf proof = buf_empty(SIDECAR_BYTES_MAX);
	struct str digits;
	struct gather_from from;
	struct gather_target t = { .tokens = &digits, .token_count = 1 };
	struct maker_seen seen;

	maker_ready(&m, 30);
	digits = maker_digits(&m, &m.docs[0].token);
	from = maker_from(&m);
	maker_proof(&m, 5, m.docs[0].leaf.c_pdf, &proof);
	t.proof = buf_view(&proof);
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.code, VERDICT_VALID); /* by the tiles */
	CHECK(strstr(seen.trouble, "another document") != NULL);
	shelf_remove(&m.shelf, "/checkpoint");
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNDECIDED);
	t.proof = STR("c2sp.org/tlog-proof@v1\n");
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNDECIDED);
	/* A proof of a log somebody else signed. */
	maker_ready(&other, 30);
	signer_free(other.w.signer);
	{
		const struct ring_seed seed = world_seed(ROLE_LOG, 0, SEED_OTHER);
		struct err e = { 0 };

		OK(ring_of_seeds(&seed, 1, &other.w.signer, &e), e);
		OK(signer_public(other.w.signer, ROLE_LOG, 0, &other.w.policy.log.public, &e), e);
		OK(note_key_make(m.w.policy.log.name, &other.w.policy.log.public,
				 &other.w.policy.log, &e),
		   e);
	}
	buf_clear(&proof);
	maker_proof(&other, 0, m.docs[0].leaf.c_pdf, &proof);
	t.proof = buf_view(&proof);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNDECIDED);
	buf_free(&proof);
	maker_close(&other);
	maker_close(&m);
}

TEST(a_look_survives_memory_running_out_anywhere)
{
	struct maker m;
	struct str digits;
	struct gather_from from;
	struct gather_target t = { .tokens = &digits, .token_count = 1, .is_file = true };
	struct arena *a = arena_new(1 << 24);
	size_t failed = 0;

	maker_ready(&m, 300);
	digits = maker_digits(&m, &m.docs[0].token);
	t.file = m.docs[0].file;
	from = maker_from(&m);
	for (size_t nth = 1; a != NULL && nth < 10000; nth++) {
		struct err e = { 0 };
		struct evidence ev = { 0 };
		struct gather *g;
		bool ok;

		arena_reset(a);
		check_fail_alloc(nth);
		g = gather_new(&from, &e);
		ok = g != NULL && gather_evidence(g, a, &t, &ev, &e);
		if (check_alloc_count() < nth) {
			CHECK(ok && verdict_of(&ev).code == VERDICT_VALID);
			gather_free(g);
			break;
		}
		/* Trouble of this machine, or a file that could not be had; never a word against the document. */
		if (!ok)
			EQ_INT(e.kind, ERR_SYSTEM);
		else
			CHECK(verdict_exit(verdict_of(&ev).code) != 1);
		failed += !ok;
		gather_free(g);
	}
	CHECK(failed > 10);
	arena_free(a);
	maker_close(&m);
}
