/* SPDX-License-Identifier: Apache-2.0 */
/* What a forger, a host, a network or an insider may try, each against a whole published site (docs/SECURITY.md). */
#include "proof/bundle.h"
#include "sitemaker.h"

/* A verifier that looked once and remembers. */
static struct memory remembers(struct maker *m)
{
	struct memory memory;
	struct err e = { 0 };

	world_must(memory_new(m->w.arena, &memory, &e), &e);
	EQ_INT(maker_look_with(m, &memory, &m->docs[0].token).v.code, VERDICT_VALID);
	return memory;
}

/* Another history of the same issuer: docs[0] is the same, what stands behind it is not. */
static void forked(struct maker *m, size_t pad)
{
	maker_open(m);
	maker_issue(m, world_certificate(0));
	maker_issue(m, world_letter(0)); /* where the honest log has something else */
	maker_pad(m, pad);
	maker_issue(m, world_certificate(0));
	maker_publish(m);
}

static struct gather_target paper(const struct str *digits)
{
	return (struct gather_target){ .tokens = digits, .token_count = 1 };
}

TEST(a_code_pasted_on_another_document_alters_it)
{
	struct maker m;

	maker_ready(&m, 20);
	EQ_INT(maker_look_file(&m, &m.docs[0], m.docs[2].file).v.code, VERDICT_ALTERED);
	EQ_INT(maker_look_file(&m, &m.docs[0], m.docs[2].file).v.reason, REASON_OTHER_FILE);
	maker_close(&m);
}

TEST(a_lookalike_site_adds_evidence_and_never_trust)
{
	struct maker m, evil;
	struct str digits;
	struct gather_target t;
	struct gather_from from;
	struct err e = { 0 };

	maker_ready(&m, 20);
	maker_open(&evil);
	/* The thief's roots, list and log, under the issuer's name. */
	signer_free(evil.w.signer);
	{
		const struct ring_seed theirs[] = { world_seed(ROLE_ROOT, 1, SEED_OTHER),
						    world_seed(ROLE_ROOT, 2, SEED_WITNESS),
						    world_seed(ROLE_ISSUING, 1, SEED_OTHER + 10),
						    world_seed(ROLE_STATUS, 0, SEED_OTHER + 11),
						    world_seed(ROLE_LOG, 0, SEED_OTHER + 12) };

		OK(ring_of_seeds(theirs, COUNT_OF(theirs), &evil.w.signer, &e), e);
	}
	evil.w.list.count = 0;
	world_root(&evil.w, 1, &e);
	world_root(&evil.w, 2, &e);
	OK(signer_public(evil.w.signer, ROLE_LOG, 0, &evil.w.policy.log.public, &e), e);
	OK(note_key_make(STR("verify.example.org/log"), &evil.w.policy.log.public,
			 &evil.w.policy.log, &e),
	   e);
	world_key(&evil.w, ROLE_ISSUING, TYPE_PRACTISING, &e);
	world_key(&evil.w, ROLE_STATUS, 0, &e);
	world_key(&evil.w, ROLE_LOG, 0, &e);
	maker_keys(&evil);
	maker_issue(&evil, world_certificate(0));
	maker_publish(&evil);
	digits = maker_digits(&evil, &evil.docs[0].token);
	t = paper(&digits);
	from = maker_from(&evil);
	EQ_INT(maker_look_at(&evil, &from, &t).v.code, VERDICT_VALID); /* to who pinned the thief */
	from.policy = &m.w.policy;
	EQ_INT(maker_look_at(&evil, &from, &t).v.reason, REASON_BAD_KEYLIST);
	from.policy = NULL;
	EQ_INT(maker_look_at(&evil, &from, &t).v.reason, REASON_UNKNOWN_ISSUER);
	from = maker_from(&m);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_FORGED);
	maker_close(&evil);
	maker_close(&m);
}

TEST(a_stolen_key_signs_nothing_past_the_cut_and_nothing_unlogged_before_it)
{
	struct maker m;
	struct maker_doc forged;
	struct maker_seen seen;

	maker_open(&m);
	maker_quorum(&m, 1);
	m.cosigned = true;
	maker_keys(&m);
	maker_issue(&m, world_certificate(0));
	maker_pad(&m, 20);
	maker_publish(&m);
	m.w.keys[0].state = KEY_COMPROMISED;
	m.w.keys[0].has_from_idx = true;
	m.w.keys[0].from_idx = 10;
	maker_next_keys(&m);
	maker_publish(&m);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.code,
	       VERDICT_VALID); /* below, logged, witnessed */
	forged = maker_made(&m, world_certificate(5));
	seen = maker_look(&m, &forged.token);
	EQ_INT(seen.v.code, VERDICT_NOT_IN_MANIFEST);
	EQ_INT(seen.v.authenticity, AUTH_NEEDS_LOG);
	forged = maker_made(&m, world_certificate(10));
	EQ_INT(maker_look(&m, &forged.token).v.code, VERDICT_KEY_COMPROMISED);
	forged = maker_made(&m, world_certificate(9999));
	EQ_INT(maker_look(&m, &forged.token).v.code, VERDICT_KEY_COMPROMISED);
	/* Nobody watched: then nothing below the cut can be told from a forgery either. */
	m.w.policy.quorum = m.w.list.quorum = 0;
	maker_next_keys(&m);
	maker_publish(&m);
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_UNDECIDED);
	EQ_INT(seen.v.reason, REASON_NEEDS_LOG);
	forged = maker_made(&m, world_certificate(5));
	EQ_INT(maker_look(&m, &forged.token).v.code, VERDICT_NOT_IN_MANIFEST);
	maker_close(&m);
}

TEST(a_fork_shown_to_one_client_is_seen_by_who_remembers)
{
	struct maker m, fork;
	struct memory memory;
	struct maker_seen seen;

	maker_ready(&m, 20);
	memory = remembers(&m);
	forked(&fork, 20);
	EQ_INT(tile_edge_size(fork.edge), tile_edge_size(m.edge));
	EQ_INT(maker_look(&fork, &fork.docs[0].token).v.code, VERDICT_VALID); /* to a newcomer */
	seen = maker_look_with(&fork, &memory, &fork.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_INCONSISTENT_LOG);
	EQ_INT(seen.v.reason, REASON_LOG_FORK);
	EQ_INT(seen.ev.known.from, LOG_FROM_MEMORY);
	EQ_INT(seen.ev.known.size, seen.ev.shown.size);
	/* What was remembered stays, so the honest log is good and the fork is not. */
	EQ_INT(maker_look_with(&m, &memory, &m.docs[0].token).v.code, VERDICT_VALID);
	maker_close(&fork);
	maker_close(&m);
}

TEST(a_log_rewritten_or_cut_is_seen_by_who_remembers)
{
	struct maker m, longer, cut;
	struct memory memory;
	struct maker_seen seen;

	maker_ready(&m, 300);
	memory = remembers(&m);
	forked(&longer, 700);
	seen = maker_look_with(&longer, &memory, &longer.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_INCONSISTENT_LOG);
	EQ_INT(seen.v.reason, REASON_LOG_REWRITTEN);
	maker_ready(&cut, 299);
	seen = maker_look_with(&cut, &memory, &cut.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_INCONSISTENT_LOG);
	EQ_INT(seen.v.reason, REASON_LOG_SHRUNK);
	EQ_INT(seen.ev.known.size, memory.tree_size);
	/* Growth is no offence, and is remembered in turn. */
	maker_pad(&m, 400);
	maker_publish(&m);
	seen = maker_look_with(&m, &memory, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_VALID);
	EQ_INT(seen.ev.consistency, CONSISTENCY_SHOWN);
	EQ_INT(memory.tree_size, tile_edge_size(m.edge));
	maker_close(&cut);
	maker_close(&longer);
	maker_close(&m);
}

TEST(a_tree_without_its_witnesses_is_not_remembered)
{
	struct maker m;
	struct memory memory;
	struct err e = { 0 };

	maker_open(&m);
	maker_quorum(&m, 1);
	maker_keys(&m);
	maker_issue(&m, world_certificate(0));
	maker_publish(&m);
	OK(memory_new(m.w.arena, &memory, &e), e);
	EQ_INT(maker_look_with(&m, &memory, &m.docs[0].token).v.reason, REASON_NOT_WITNESSED);
	EQ_INT(memory.tree_size, 0);
	m.cosigned = true;
	maker_publish(&m);
	EQ_INT(maker_look_with(&m, &memory, &m.docs[0].token).v.code, VERDICT_VALID);
	EQ_INT(memory.tree_size, tile_edge_size(m.edge));
	maker_close(&m);
}

TEST(a_fork_is_seen_by_who_holds_a_documents_proof)
{
	struct maker m, fork;
	struct buf proof = buf_empty(SIDECAR_BYTES_MAX);
	struct str digits;
	struct gather_from from;
	struct gather_target t;
	struct maker_seen seen;

	maker_ready(&m, 20);
	maker_proof(&m, 0, m.docs[0].leaf.c_pdf, &proof);
	forked(&fork, 500);
	digits = maker_digits(&m, &m.docs[0].token);
	t = paper(&digits);
	t.proof = buf_view(&proof);
	from = maker_from(&fork);
	seen = maker_look_at(&fork, &from, &t);
	EQ_INT(seen.v.reason, REASON_LOG_REWRITTEN);
	EQ_INT(seen.ev.known.from, LOG_FROM_PROOF);
	buf_free(&proof);
	maker_close(&fork);
	maker_close(&m);
}

TEST(a_status_list_of_another_log_is_seen)
{
	struct maker m, fork;
	struct maker_seen seen;
	const struct shelf_file *s;

	maker_ready(&m, 20);
	forked(&fork, 19);
	s = shelf_slot(&fork.shelf, "/s/0");
	shelf_set(&m.shelf, "/s/0", s->bytes, s->n);
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_INCONSISTENT_LOG);
	EQ_INT(seen.v.reason, REASON_LOG_REWRITTEN);
	EQ_INT(seen.ev.known.from, LOG_FROM_STATUS);
	maker_close(&fork);
	maker_close(&m);
}

TEST(an_old_register_under_a_new_status_list_is_stale)
{
	struct maker m;
	struct buf old = buf_empty(CHECKPOINT_BYTES_MAX);
	const struct shelf_file *s;
	struct maker_seen seen;
	struct maker_doc late;

	maker_ready(&m, 20);
	s = shelf_slot(&m.shelf, "/checkpoint");
	buf_put(&old, s->bytes, s->n);
	late = *maker_issue(&m, world_certificate(0));
	maker_publish(&m);
	EQ_INT(maker_look(&m, &late.token).v.code, VERDICT_VALID);
	maker_put(&m, "/checkpoint", &old);
	m.site.canonical = true;
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_STALE);
	EQ_INT(seen.v.reason, REASON_OLD_CHECKPOINT);
	/* The list proves that the site has more than it shows: no document is called unpublished by that. */
	EQ_INT(verdict_exit(maker_look(&m, &late.token).v.code), 3);
	buf_free(&old);
	maker_close(&m);
}

TEST(an_old_status_list_is_replayed_in_vain)
{
	struct maker m;
	struct memory memory;
	struct buf old = buf_empty(SHARD_FILE_MAX);
	const struct shelf_file *s;
	struct maker_seen seen;

	maker_ready(&m, 20);
	memory = remembers(&m);
	s = shelf_slot(&m.shelf, "/s/0");
	buf_put(&old, s->bytes, s->n);
	maker_set(&m, &m.docs[1], STATUS_VALUE_SUPERSEDED);
	maker_publish(&m);
	EQ_INT(maker_look_with(&m, &memory, &m.docs[0].token).v.code, VERDICT_VALID);
	maker_put(&m, "/s/0", &old);
	seen = maker_look_with(&m, &memory, &m.docs[1].token);
	EQ_INT(seen.v.code, VERDICT_STALE);
	EQ_INT(seen.v.reason, REASON_STATUS_BACK);
	buf_free(&old);
	maker_close(&m);
}

TEST(revocation_never_unhappens)
{
	struct maker m;
	struct memory memory;
	struct maker_seen seen;

	maker_ready(&m, 20);
	memory = remembers(&m);
	maker_set(&m, &m.docs[1], STATUS_VALUE_REVOKED);
	maker_publish(&m);
	EQ_INT(maker_look_with(&m, &memory, &m.docs[1].token).v.code, VERDICT_REVOKED);
	/* The issuer itself signs it valid again, later. */
	maker_set(&m, &m.docs[1], STATUS_VALUE_VALID);
	maker_publish(&m);
	seen = maker_look_with(&m, &memory, &m.docs[1].token);
	EQ_INT(seen.v.code, VERDICT_REVOKED);
	CHECK(seen.ev.remembered_revoked);
	shelf_remove(&m.shelf, "/s/0");
	EQ_INT(maker_look_with(&m, &memory, &m.docs[1].token).v.code, VERDICT_REVOKED);
	EQ_INT(maker_look_with(&m, &memory, &m.docs[0].token).v.code, VERDICT_UNDECIDED);
	maker_close(&m);
}

TEST(a_status_server_that_is_blocked_is_never_green)
{
	struct maker m;
	struct maker_seen seen;

	maker_ready(&m, 20);
	shelf_remove(&m.shelf, "/s/0");
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_UNDECIDED);
	EQ_INT(seen.v.authenticity, AUTH_GENUINE);
	EQ_INT(seen.v.freshness, FRESH_NOT_CHECKED);
	maker_close(&m);
}

TEST(a_status_list_of_another_issuer_shard_or_key_is_none)
{
	static const char *const subs[] = { "https://verify.example.org/s/1",
					    "https://evil.example.org/s/0",
					    "https://verify.example.org/s/00" };
	struct maker m;
	struct buf out = buf_empty(SHARD_FILE_MAX);
	struct err e = { 0 };

	maker_ready(&m, 20);
	for (size_t i = 0; i < COUNT_OF(subs); i++) {
		buf_clear(&out);
		m.shard.sub = str_of(subs[i]);
		if (!shard_write(&out, &m.shard, m.w.signer, &e))
			continue;
		maker_put(&m, "/s/0", &out);
		EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_UNDECIDED);
	}
	/* The key is one of the list's, and not for that any more. */
	maker_publish(&m);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_VALID);
	m.w.keys[2].state = KEY_COMPROMISED;
	m.w.keys[2].has_from_idx = true;
	m.w.keys[2].from_idx = 0;
	maker_next_keys(&m);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_UNDECIDED);
	buf_free(&out);
	maker_close(&m);
}

TEST(of_two_documents_with_one_index_the_log_knows_one)
{
	struct maker m;
	struct token_payload p = world_certificate(0);
	struct maker_doc twin;

	maker_ready(&m, 20);
	p.name_native = STR("李四");
	twin = maker_made(&m, p);
	EQ_INT(maker_look(&m, &twin.token).v.code, VERDICT_NOT_IN_MANIFEST);
	EQ_INT(maker_look_file(&m, &twin, twin.file).v.code, VERDICT_NOT_IN_MANIFEST);
	EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_VALID);
	maker_close(&m);
}

TEST(an_index_out_of_range_is_never_green)
{
	static const uint64_t far[] = { 10000, UINT64_C(1) << 40, (UINT64_C(1) << 53) - 1 };
	struct maker m;

	maker_ready(&m, 20);
	for (size_t i = 0; i < COUNT_OF(far); i++) {
		struct maker_doc d = maker_made(&m, world_certificate(far[i]));

		CHECK(verdict_exit(maker_look(&m, &d.token).v.code) != 0);
	}
	maker_close(&m);
}

TEST(a_key_put_into_the_list_without_the_roots_is_nobodys)
{
	struct maker m;
	struct err e = { 0 };
	struct token_payload p = world_certificate(3);
	struct token forged;
	struct buf out = buf_empty(NOTE_MAX);
	struct signer *mixed;

	maker_ready(&m, 20);
	forged = world_token(&m.w, m.w.thief, &p);
	OK(keylist_key_make(m.w.thief, ROLE_ISSUING, TYPE_PRACTISING, WORLD_ISSUER,
			    WORLD_NOW - 86400, &m.w.keys[m.w.list.count++], &e),
	   e);
	{
		/* Root 1 is the thief's own, root 2 is missing: k of the pinned roots do not sign this. */
		const struct ring_seed seeds[] = { world_seed(ROLE_ROOT, 1, SEED_ROOT1),
						   world_seed(ROLE_ROOT, 2, SEED_OTHER) };

		OK(ring_of_seeds(seeds, 2, &mixed, &e), e);
	}
	CHECK(!keylist_write(&out, &m.w.list, &m.w.policy, mixed, &e));
	signer_free(mixed);
	{
		struct policy weaker = m.w.policy;

		weaker.k = 1;
		buf_clear(&out);
		OK(keylist_write(&out, &m.w.list, &weaker, m.w.signer, &e), e);
	}
	maker_put(&m, "/keys.note", &out);
	EQ_INT(maker_look(&m, &forged).v.reason, REASON_BAD_KEYLIST);
	buf_free(&out);
	maker_close(&m);
}

TEST(an_old_key_list_under_a_new_status_list_is_stale)
{
	struct maker m;
	struct buf old = buf_empty(NOTE_MAX);
	const struct shelf_file *s;
	struct maker_doc forged;
	struct maker_seen seen;

	maker_ready(&m, 20);
	s = shelf_slot(&m.shelf, "/keys.note");
	buf_put(&old, s->bytes, s->n);
	m.w.keys[0].state = KEY_COMPROMISED;
	m.w.keys[0].has_from_idx = true;
	m.w.keys[0].from_idx = 0;
	maker_next_keys(&m);
	maker_publish(&m);
	forged = maker_made(&m, world_certificate(3));
	EQ_INT(maker_look(&m, &m.docs[0].token).v.code, VERDICT_KEY_COMPROMISED);
	/* The list from before the theft comes back. */
	maker_put(&m, "/keys.note", &old);
	seen = maker_look(&m, &m.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_STALE);
	EQ_INT(seen.v.reason, REASON_OLDER_KEYLIST);
	EQ_INT(maker_look(&m, &forged.token).v.code, VERDICT_NOT_IN_MANIFEST);
	buf_free(&old);
	maker_close(&m);
}

TEST(a_key_list_rolled_back_is_refused_by_who_remembers)
{
	struct maker m, before;
	struct memory memory;
	struct maker_seen seen;

	maker_ready(&before, 20); /* old list, old status: all of one time */
	maker_ready(&m, 20);
	maker_next_keys(&m);
	maker_publish(&m);
	memory = remembers(&m);
	EQ_INT(memory.keys_version, 2);
	memory.tree_size = 0; /* the list alone decides here */
	memory.shard_count = 0;
	seen = maker_look_with(&before, &memory, &before.docs[0].token);
	EQ_INT(seen.v.code, VERDICT_STALE);
	EQ_INT(seen.v.reason, REASON_KEYLIST_BACK);
	EQ_INT(memory.keys_version, 2);
	maker_close(&before);
	maker_close(&m);
}

TEST(an_unknown_key_is_forgery_under_a_fresh_list_and_unknown_without_one)
{
	struct maker m;
	struct token_payload p = world_certificate(3);
	struct token forged;
	struct str digits;
	struct gather_from from;
	struct gather_target t;

	maker_ready(&m, 20);
	forged = world_token(&m.w, m.w.thief, &p);
	digits = maker_digits(&m, &forged);
	t = paper(&digits);
	from = maker_from(&m);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_FORGED);
	from.site = NULL;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNKNOWN_KEY);
	from.site = &m.site;
	m.w.list.expires = WORLD_NOW;
	maker_keys(&m);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNKNOWN_KEY);
	maker_close(&m);
}

TEST(an_unknown_key_is_no_forgery_while_the_status_list_names_a_newer_key_list)
{
	struct maker m;
	struct buf old = buf_empty(NOTE_MAX);
	const struct shelf_file *s;
	struct token_payload p = world_certificate(3);
	struct token t;
	struct err e = { 0 };

	maker_ready(&m, 20);
	s = shelf_slot(&m.shelf, "/keys.note");
	buf_put(&old, s->bytes, s->n);
	t = world_token(&m.w, m.w.thief, &p); /* in truth a key the next list names */
	OK(keylist_key_make(m.w.thief, ROLE_ISSUING, TYPE_PRACTISING, WORLD_ISSUER,
			    WORLD_NOW - 86400, &m.w.keys[m.w.list.count++], &e),
	   e);
	maker_next_keys(&m);
	maker_publish(&m);
	EQ_INT(maker_look(&m, &t).v.code, VERDICT_NOT_IN_MANIFEST); /* known, and not logged */
	maker_put(&m, "/keys.note", &old);
	EQ_INT(maker_look(&m, &t).v.code, VERDICT_UNKNOWN_KEY);
	EQ_INT(maker_look(&m, &t).v.reason, REASON_OLDER_KEYLIST);
	buf_free(&old);
	maker_close(&m);
}

TEST(forged_codes_cost_a_verifier_two_files_however_many_they_are)
{
	struct maker m;
	struct gather_from from;
	struct gather *g;
	struct evidence ev = { 0 };
	struct err e = { 0 };

	maker_ready(&m, 300);
	from = maker_from(&m);
	g = gather_new(&from, &e);
	if (!CHECK(g != NULL))
		return;
	m.shelf.loads = 0;
	for (uint64_t i = 0; i < 50; i++) {
		struct token_payload p = world_certificate(i << 20);
		struct token forged = world_token(&m.w, m.w.thief, &p);
		struct str digits = maker_digits(&m, &forged);
		struct gather_target t = paper(&digits);

		OK(gather_evidence(g, m.w.arena, &t, &ev, &e), e);
		EQ_INT(verdict_of(&ev).code, VERDICT_FORGED);
	}
	EQ_INT(m.shelf.loads, 2); /* the key list, and whether there is a newer one */
	gather_free(g);
	maker_close(&m);
}

TEST(another_issuer_cannot_list_our_key_nor_sign_our_documents)
{
	struct maker m;
	struct keylist list;
	struct policy policy;
	struct buf out = buf_empty(NOTE_MAX);
	struct str digits;
	struct gather_from from;
	struct gather_target t;
	struct err e = { 0 };

	maker_ready(&m, 20);
	/* The other issuer takes our keys into its list: the proof of possession names us, not it. */
	policy = m.w.policy;
	policy.issuer = STR("other.example.org");
	OK(policy_root_name(m.w.arena, policy.issuer, 1, &policy.roots[0].name, &e), e);
	OK(note_key_make(policy.roots[0].name, &policy.roots[0].public, &policy.roots[0], &e), e);
	OK(policy_root_name(m.w.arena, policy.issuer, 2, &policy.roots[1].name, &e), e);
	OK(note_key_make(policy.roots[1].name, &policy.roots[1].public, &policy.roots[1], &e), e);
	list = m.w.list;
	list.issuer = policy.issuer;
	CHECK(!keylist_write(&out, &list, &policy, m.w.signer, &e));
	/* And one who pinned it asks our site of our document. */
	digits = maker_digits(&m, &m.docs[0].token);
	t = paper(&digits);
	from = maker_from(&m);
	from.policy = &policy;
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_UNKNOWN_KEY);
	/* Even with our very key in its list the token stays ours: the issuer stands under the signature. */
	CHECK(!token_verify(&m.docs[0].token, &m.w.keys[0].public, policy.issuer));
	CHECK(token_verify(&m.docs[0].token, &m.w.keys[0].public, WORLD_ISSUER));
	buf_free(&out);
	maker_close(&m);
}

TEST(a_certificate_key_signs_no_letter)
{
	struct maker m;
	struct token_payload p = world_letter(0);
	const struct ring_seed crossed = world_seed(ROLE_ISSUING, 3, SEED_ISSUING1);
	struct signer *s;
	struct token t;
	struct err e = { 0 };

	maker_ready(&m, 20);
	OK(ring_of_seeds(&crossed, 1, &s, &e), e);
	t = world_token(&m.w, s, &p);
	EQ_INT(maker_look(&m, &t).v.code, VERDICT_KEY_NOT_ALLOWED);
	signer_free(s);
	maker_close(&m);
}

TEST(a_pdf_whose_code_was_stripped_is_undecided_and_never_paper)
{
	struct maker m;
	struct gather_from from;
	struct maker_seen seen;

	maker_ready(&m, 20);
	from = maker_from(&m);
	seen = maker_look_at(&m, &from,
			     &(struct gather_target){ .is_file = true, .file = STR("%PDF-1.7\n") });
	EQ_INT(seen.v.code, VERDICT_UNDECIDED);
	EQ_INT(seen.v.reason, REASON_NO_CODE);
	maker_close(&m);
}

/* The whole shelf as a bundle, in byte order. */
static void bundle_of(const struct maker *m, struct buf *out)
{
	const char *last = "";
	struct err e = { 0 };

	for (;;) {
		const struct shelf_file *next = NULL;
		unsigned char header[BUNDLE_BLOCK];
		static const char zeros[BUNDLE_BLOCK];

		for (size_t i = 0; i < SHELF_SLOTS; i++) {
			const struct shelf_file *f = &m->shelf.files[i];

			if (f->bytes != NULL && strcmp(f->path, last) > 0 &&
			    (next == NULL || strcmp(f->path, next->path) < 0))
				next = f;
		}
		if (next == NULL)
			break;
		last = next->path;
		world_must(bundle_header(next->path, next->n, header, &e), &e);
		buf_put(out, header, sizeof header);
		buf_put(out, next->bytes, next->n);
		buf_put(out, zeros, (BUNDLE_BLOCK - next->n % BUNDLE_BLOCK) % BUNDLE_BLOCK);
	}
	for (size_t i = 0; i < BUNDLE_END; i++)
		buf_byte(out, 0);
}

TEST(a_bundle_answers_without_a_net_and_a_hostile_one_is_never_green)
{
	struct maker m;
	struct buf bytes = buf_empty(8 << 20);
	struct str digits;
	struct gather_from from;
	struct gather_target t;
	struct err e = { 0 };
	size_t step, opened = 0, wrong = 0;

	maker_ready(&m, 20);
	/* Only what a verifier of these three documents reads: the rest of a bundle is not its affair. */
	shelf_remove(&m.shelf, "/d/info");
	shelf_remove(&m.shelf, "/d/0");
	shelf_remove(&m.shelf, "/d/1");
	shelf_remove(&m.shelf, "/policy.json");
	bundle_of(&m, &bytes);
	digits = maker_digits(&m, &m.docs[0].token);
	t = paper(&digits);
	from = maker_from(&m);
	step = bytes.n / 400;
	for (size_t at = 0; at < bytes.n; at += at == 0 ? 1 : step) {
		struct bundle *b;
		struct site site;
		struct maker_seen seen;

		if (at > 0)
			bytes.p[at] ^= 1;
		if (bundle_open(buf_view(&bytes), &b, &e)) {
			bundle_site(b, &site);
			from.site = &site;
			seen = maker_look_at(&m, &from, &t);
			if (at == 0)
				EQ_INT(seen.v.code, VERDICT_VALID);
			opened++;
			/* VALID is right where the bit lies in what this document does not need. */
			if (seen.v.code != VERDICT_VALID)
				wrong++;
			CHECK(seen.v.code == VERDICT_VALID || seen.v.code == VERDICT_UNDECIDED ||
			      seen.v.code == VERDICT_UNKNOWN_KEY ||
			      seen.v.code == VERDICT_INCONSISTENT_LOG);
			bundle_close(b);
		}
		if (at > 0)
			bytes.p[at] ^= 1;
	}
	CHECK(opened > 100 && wrong > 50);
	buf_free(&bytes);
	maker_close(&m);
}

/* The log key was stolen: its log is frozen as it stood, and another key goes on under another origin. */
static void log_key_stolen(struct maker *m)
{
	const struct ring_seed seeds[] = {
		world_seed(ROLE_ROOT, 1, SEED_ROOT1),
		world_seed(ROLE_ROOT, 2, SEED_ROOT2),
		world_seed(ROLE_ISSUING, 1, SEED_ISSUING1),
		world_seed(ROLE_ISSUING, 3, SEED_ISSUING3),
		world_seed(ROLE_STATUS, 0, SEED_STATUS),
		world_seed(ROLE_LOG, 0, SEED_OTHER),
	};
	struct keylist_log *frozen = &m->w.list.logs[m->w.list.log_count++];
	struct keylist_key *next = &m->w.keys[m->w.list.count++];
	struct signer *s;
	struct err e = { 0 };

	m->w.keys[3].state = KEY_COMPROMISED;
	m->w.keys[3].has_from_idx = true;
	m->w.keys[3].from_idx = 0;
	frozen->origin = m->w.policy.log.name;
	frozen->size = tile_edge_size(m->edge);
	OK(tile_edge_root(m->edge, frozen->root, &e), e);
	OK(ring_of_seeds(seeds, COUNT_OF(seeds), &s, &e), e);
	OK(keylist_key_make(s, ROLE_LOG, 0, WORLD_ISSUER, WORLD_NOW - 86400, next, &e), e);
	next->log = STR("verify.example.org/log-2");
	m->w.keys[0].log =
		next->log; /* certificates go on in the new log; letters' key stays behind */
	m->w.keys[1].log = frozen->origin;
	m->w.keys[2].log = next->log;
	m->w.keys[3].log = frozen->origin;
	signer_free(m->w.signer);
	m->w.signer = s;
	maker_next_keys(m);
}

TEST(a_log_whose_key_was_stolen_goes_on_under_another_and_cannot_be_rewritten)
{
	struct maker m, fork;
	struct policy pinned;
	struct str digits;
	struct gather_from from;
	struct gather_target t;
	struct maker_seen seen;
	struct maker_doc late;
	struct err e = { 0 };

	maker_ready(&m, 20);
	pinned = m.w.policy;
	log_key_stolen(&m);
	from = maker_from(&m);
	from.policy = &pinned;
	digits = maker_digits(&m, &m.docs[0].token);
	t = paper(&digits);
	/* What the stolen key signs, or has signed, is no checkpoint any more. */
	seen = maker_look_at(&m, &from, &t);
	EQ_INT(seen.v.code, VERDICT_UNDECIDED);
	EQ_INT(seen.ev.log_gap, LOG_GAP_SIGNATURE);
	OK(note_key_make(STR("verify.example.org/log-2"), &m.w.keys[m.w.list.count - 1].public,
			 &m.w.policy.log, &e),
	   e);
	maker_publish(&m);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_VALID);
	digits = maker_digits(&m, &m.docs[1].token);
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_VALID); /* in the frozen log */
	late = *maker_issue(&m, world_letter(0));
	maker_publish(&m);
	digits = maker_digits(&m, &late.token);
	/* Past the end of the log its key belongs to, though an entry stands there now. */
	EQ_INT(maker_look_at(&m, &from, &t).v.code, VERDICT_NOT_IN_MANIFEST);
	/* A continuation that is none. */
	forked(&fork, 60);
	memcpy(fork.w.list.logs, m.w.list.logs, sizeof fork.w.list.logs);
	log_key_stolen(&fork);
	fork.w.list.logs[0] = m.w.list.logs[0];
	fork.w.policy.log = m.w.policy.log;
	maker_next_keys(&fork);
	maker_publish(&fork);
	digits = maker_digits(&fork, &fork.docs[0].token);
	from.site = &fork.site;
	seen = maker_look_at(&fork, &from, &t);
	EQ_INT(seen.v.reason, REASON_LOG_REWRITTEN);
	EQ_INT(seen.ev.known.from, LOG_FROM_KEYS);
	maker_close(&fork);
	maker_close(&m);
}
