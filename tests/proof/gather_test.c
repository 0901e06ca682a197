/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/gather.h"

#include "fixture.h"
#include "keys/minisign.h"
#include "proof/leaf.h"
#include "proof/manifest.h"
#include "proof/order.h"

/* A site in memory. */
enum { FILES_MAX = 64 };

struct shelf {
	struct {
		char path[MANIFEST_PATH];
		struct buf bytes;
		bool broken; /* reading it fails */
	} files[FILES_MAX];
	size_t count;
	size_t loads;
};

static struct buf *shelf_find(struct shelf *s, const char *path, bool *broken)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->files[i].path, path) == 0) {
			if (broken != NULL)
				*broken = s->files[i].broken;
			return &s->files[i].bytes;
		}
	return NULL;
}

/* The bytes of a file that must be there. */
static struct buf *shelf_of(struct shelf *s, const char *path)
{
	struct buf *file = shelf_find(s, path, NULL);

	if (file == NULL)
		abort();
	return file;
}

static struct buf *shelf_put(struct shelf *s, const char *path)
{
	struct buf *old = shelf_find(s, path, NULL);

	if (old == NULL) {
		if (s->count == FILES_MAX)
			abort();
		(void)snprintf(s->files[s->count].path, MANIFEST_PATH, "%s", path);
		s->files[s->count].bytes = buf_empty(MANIFEST_BYTES_MAX);
		old = &s->files[s->count++].bytes;
	}
	buf_clear(old);
	return old;
}

static void shelf_break(struct shelf *s, const char *path, bool broken)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->files[i].path, path) == 0)
			s->files[i].broken = broken;
}

/* As if the file had never been there. */
static void shelf_drop(struct shelf *s, const char *path)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->files[i].path, path) == 0)
			s->files[i].path[0] = '\0';
}

static bool shelf_load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		       struct err *e)
{
	struct shelf *s = self;
	bool broken = false;
	const struct buf *file = shelf_find(s, path, &broken);

	s->loads++;
	if (broken)
		return err_system(e, "the network is away");
	*absent = file == NULL;
	if (file != NULL && file->n > cap)
		return err_system(e, "too long");
	if (file != NULL)
		buf_str(out, buf_view(file));
	return true;
}

static void shelf_free(struct shelf *s)
{
	for (size_t i = 0; i < s->count; i++)
		buf_free(&s->files[i].bytes);
}

/*
 * Three batches of 8, 8 and 4 positions: idx 0–7, 8–15, 17–20 (16 is an entry of the log that is no document).
 * idx 1, 9 and 18 are the documents A, B, C; the rest is padding.  A's file is "%PDF A".
 */
struct stage {
	struct world w;
	struct shelf shelf;
	struct site site;
	struct token a, b, c;
	unsigned char previous[SHA256_SIZE];
};

static const char FILE_A[] = "%PDF A\n%%EOF\n";

static struct leaf leaf_at(struct stage *s, uint64_t idx)
{
	unsigned char hash[SHA256_SIZE], pad[ORDER_PADDING];
	const struct token *t = idx == 1 ? &s->a : idx == 9 ? &s->b : idx == 18 ? &s->c : NULL;
	struct leaf leaf;
	struct err e;

	sha256_of(str_of(FILE_A), hash);
	if (t != NULL)
		return leaf_of(t->bytes, hash);
	world_must(order_padding(s->w.signer, idx, pad, &e), &e);
	memcpy(leaf.c_token, pad, SHA256_SIZE);
	memcpy(leaf.c_pdf, pad + SHA256_SIZE, SHA256_SIZE);
	return leaf;
}

static void sign_part(struct stage *s, const struct signer *signer, uint64_t batch)
{
	char path[MANIFEST_PATH], beside[MANIFEST_PATH];
	struct err e;

	manifest_path(batch, 0, false, path);
	manifest_path(batch, 0, true, beside);
	world_must(minisign_sign(signer, buf_view(shelf_of(&s->shelf, path)), STR("hufu manifest"),
				 shelf_put(&s->shelf, beside), &e),
		   &e);
}

static void put_batch(struct stage *s, uint64_t batch, uint64_t first, uint64_t last)
{
	struct manifest m = { .issuer = WORLD_ISSUER,
			      .batch = batch,
			      .first_idx = first,
			      .last_idx = last,
			      .program = STR("hufu"),
			      .has_previous = batch > 1,
			      .before = { .size = first },
			      .after = { .size = last + 1 } };
	struct leaf leaves[32];
	char path[MANIFEST_PATH];
	struct buf *out;
	struct err e;

	for (uint64_t idx = first; idx <= last; idx++)
		leaves[idx - first] = leaf_at(s, idx);
	memcpy(m.previous, s->previous, SHA256_SIZE);
	manifest_path(batch, 0, false, path);
	out = shelf_put(&s->shelf, path);
	world_must(manifest_write(out, &m, 0, leaves, (size_t)(last - first + 1), &e), &e);
	sha256_of(buf_view(out), s->previous);
	sign_part(s, s->w.signer, batch);
}

static void put_list(struct stage *s)
{
	struct err e;

	world_must(keylist_write(shelf_put(&s->shelf, "/keys.note"), &s->w.list, &s->w.policy,
				 s->w.signer, &e),
		   &e);
}

static struct token document(struct stage *s, uint64_t idx)
{
	struct token_payload p = world_certificate(idx);

	return world_token(&s->w, s->w.signer, &p);
}

static void stage_open(struct stage *s)
{
	struct err e;

	*s = (struct stage){ .w = world_new() };
	world_ready(&s->w);
	s->site = (struct site){ .self = &s->shelf, .load = shelf_load };
	s->a = document(s, 1);
	s->b = document(s, 9);
	s->c = document(s, 18);
	put_list(s);
	put_batch(s, 1, 0, 7);
	put_batch(s, 2, 8, 15);
	put_batch(s, 3, 17, 20);
	world_must(policy_write(shelf_put(&s->shelf, "/policy.json"), &s->w.policy, &e), &e);
}

static void stage_close(struct stage *s)
{
	shelf_free(&s->shelf);
	world_free(&s->w);
}

static struct str digits_of(struct stage *s, const struct token *t)
{
	struct buf url = buf_empty(2000);
	struct str out;
	struct err e;

	token_url(&url, STR(""), t->bytes);
	world_must(arena_str(s->w.arena, str_skip(buf_view(&url), 2), &out, &e), &e);
	buf_free(&url);
	return out;
}

/* One look at a fresh site. */
static struct verdict look_at(struct stage *s, const struct gather_target *target)
{
	struct err e = { 0 };
	struct gather *g = gather_new(&s->site, &s->w.policy, WORLD_NOW, &e);
	struct evidence ev = { 0 };
	struct verdict v = { 0 };

	if (g == NULL)
		abort();
	if (OK(gather_evidence(g, s->w.arena, target, &ev, &e), e)) {
		ev.allow_no_log = true;
		v = verdict_of(&ev);
	}
	gather_free(g);
	return v;
}

static struct verdict look(struct stage *s, const struct token *t)
{
	struct str digits = digits_of(s, t);

	return look_at(s, &(struct gather_target){ .tokens = &digits, .token_count = 1 });
}

static struct verdict look_file(struct stage *s, struct str file, const size_t *prefixes,
				size_t count)
{
	struct str digits = digits_of(s, &s->a);

	return look_at(s, &(struct gather_target){ .tokens = &digits,
						   .token_count = 1,
						   .is_file = true,
						   .file = file,
						   .prefixes = prefixes,
						   .prefix_count = count });
}

TEST(documents_of_every_batch_are_found)
{
	struct stage s;

	stage_open(&s);
	EQ_INT(look(&s, &s.a).code, VERDICT_VALID);
	EQ_INT(look(&s, &s.b).code, VERDICT_VALID);
	EQ_INT(look(&s, &s.c).code, VERDICT_VALID);
	CHECK(look(&s, &s.c).lowered);
	stage_close(&s);
}

TEST(a_token_signed_and_never_published_is_named)
{
	struct stage s;
	struct token t;

	stage_open(&s);
	t = document(&s, 3); /* padding stands there */
	EQ_INT(look(&s, &t).code, VERDICT_NOT_IN_MANIFEST);
	t = document(&s, 16); /* no document's place */
	EQ_INT(look(&s, &t).code, VERDICT_NOT_IN_MANIFEST);
	t = document(&s, 21); /* not published yet, as far as a copy can tell */
	EQ_INT(look(&s, &t).code, VERDICT_PENDING);
	s.site.canonical = true;
	EQ_INT(look(&s, &t).code, VERDICT_NOT_IN_MANIFEST);
	stage_close(&s);
}

TEST(a_forged_token_makes_nobody_walk_the_site)
{
	struct stage s;
	struct token_payload p = world_certificate(20);
	struct token t;

	stage_open(&s);
	t = world_token(&s.w, s.w.thief, &p);
	EQ_INT(look(&s, &t).code, VERDICT_FORGED);
	EQ_INT(s.shelf.loads, 1);
	stage_close(&s);
}

TEST(files_are_original_added_to_or_another)
{
	static const char added[] = "%PDF A\n%%EOF\nmore\n%%EOF\n";
	static const size_t prefixes[] = { 12, 13 };
	struct stage s;

	stage_open(&s);
	EQ_INT(look_file(&s, str_of(FILE_A), prefixes, 1).code, VERDICT_VALID);
	EQ_INT(look_file(&s, str_of(FILE_A), prefixes, 1).file, FILE_ORIGINAL);
	EQ_INT(look_file(&s, str_of(added), prefixes, 2).file, FILE_ADDED_TO);
	EQ_INT(look_file(&s, str_of(added), prefixes, 2).code, VERDICT_ALTERED);
	EQ_INT(look_file(&s, str_of(added), prefixes, 1).file, FILE_OTHER);
	EQ_INT(look_file(&s, STR(""), NULL, 0).file, FILE_OTHER);
	shelf_drop(&s.shelf, "/m/1-0.json");
	EQ_INT(look_file(&s, str_of(FILE_A), prefixes, 1).code, VERDICT_UNDECIDED);
	EQ_INT(look_file(&s, str_of(FILE_A), prefixes, 1).file, FILE_NOT_CHECKED);
	stage_close(&s);
}

TEST(every_file_with_one_byte_changed_is_altered)
{
	struct stage s;
	char bytes[sizeof FILE_A];

	stage_open(&s);
	for (size_t i = 0; i < sizeof FILE_A - 1; i++) {
		memcpy(bytes, FILE_A, sizeof bytes);
		bytes[i] ^= 1;
		EQ_INT(look_file(&s, str_bytes(bytes, sizeof bytes - 1), NULL, 0).code,
		       VERDICT_ALTERED);
	}
	stage_close(&s);
}

TEST(two_codes_are_malformed_unless_one_is_the_files_own)
{
	struct stage s;
	struct str two[2];
	struct gather_target target = { .tokens = two, .token_count = 2, .is_file = true };

	stage_open(&s);
	two[0] = digits_of(&s, &s.c);
	two[1] = digits_of(&s, &s.a);
	target.file = str_of(FILE_A);
	/* All three documents of this site have one and the same file: take C's place in the log away. */
	s.c = document(&s, 19);
	two[0] = digits_of(&s, &s.c);
	EQ_INT(look_at(&s, &target).code, VERDICT_VALID);
	target.file = STR("%PDF other");
	EQ_INT(look_at(&s, &target).code, VERDICT_MALFORMED);
	EQ_INT(look_at(&s, &target).reason, REASON_TWO_CODES);
	target.is_file = false;
	EQ_INT(look_at(&s, &target).reason, REASON_TWO_CODES);
	two[0] = STR("12345");
	EQ_INT(look_at(&s, &target).reason, REASON_TWO_CODES);
	stage_close(&s);
}

TEST(targets_without_a_token_say_what_they_are)
{
	struct stage s;
	struct str junk = STR("123456789");

	stage_open(&s);
	EQ_INT(look_at(&s, &(struct gather_target){ 0 }).reason, REASON_NO_CODE);
	EQ_INT(look_at(&s, &(struct gather_target){ .other_codes = 1 }).code, VERDICT_NOT_OURS);
	EQ_INT(look_at(&s, &(struct gather_target){ .typed_code = true }).reason, REASON_NO_LOOKUP);
	EQ_INT(look_at(&s, &(struct gather_target){ .tokens = &junk, .token_count = 1 }).code,
	       VERDICT_MALFORMED);
	stage_close(&s);
}

TEST(a_manifest_that_is_not_the_issuers_is_inconsistent)
{
	struct stage s;
	struct buf *file;

	stage_open(&s);
	file = shelf_of(&s.shelf, "/m/1-0.json");
	file->p[file->n / 2] ^= 1;
	EQ_INT(look(&s, &s.a).code, VERDICT_INCONSISTENT_LOG);
	file->p[file->n / 2] ^= 1;
	EQ_INT(look(&s, &s.a).code, VERDICT_VALID);
	sign_part(&s, s.w.thief, 1);
	EQ_INT(look(&s, &s.a).code, VERDICT_INCONSISTENT_LOG);
	shelf_drop(&s.shelf, "/m/1-0.json.minisig");
	EQ_INT(look(&s, &s.a).code, VERDICT_INCONSISTENT_LOG);
	sign_part(&s, s.w.signer, 1);
	EQ_INT(look(&s, &s.a).code, VERDICT_VALID);
	/* Signed by the issuer, yet under another batch's name. */
	file = shelf_put(&s.shelf, "/m/1-0.json");
	buf_str(file, buf_view(shelf_of(&s.shelf, "/m/2-0.json")));
	sign_part(&s, s.w.signer, 1);
	EQ_INT(look(&s, &s.a).code, VERDICT_INCONSISTENT_LOG);
	stage_close(&s);
}

TEST(batches_that_overlap_or_forget_the_one_before_are_inconsistent)
{
	struct stage s;

	stage_open(&s);
	put_batch(&s, 2, 8, 15); /* its "previous" is batch 3 */
	EQ_INT(look(&s, &s.b).code, VERDICT_INCONSISTENT_LOG);
	stage_close(&s);
	stage_open(&s);
	sha256_of(buf_view(shelf_of(&s.shelf, "/m/1-0.json")), s.previous);
	put_batch(&s, 2, 7, 15);
	EQ_INT(look(&s, &s.b).code, VERDICT_INCONSISTENT_LOG);
	stage_close(&s);
}

TEST(a_batch_withheld_in_the_middle_is_not_checked_rather_than_absent)
{
	struct stage s;

	stage_open(&s);
	shelf_drop(&s.shelf, "/m/2-0.json");
	s.site.canonical = true;
	put_batch(&s, 4, 24, 31);
	EQ_INT(look(&s, &s.a).code, VERDICT_VALID);
	EQ_INT(look(&s, &s.b).transparency, LOG_NOT_CHECKED);
	stage_close(&s);
	stage_open(&s);
	shelf_drop(&s.shelf, "/m/3-0.json");
	put_batch(&s, 4, 24, 31);
	s.site.canonical = true;
	EQ_INT(look(&s, &s.c).transparency, LOG_NOT_CHECKED);
	stage_close(&s);
}

TEST(trouble_of_the_site_is_never_an_answer)
{
	static const char *const paths[] = { "/keys.note", "/m/1-0.json", "/m/1-0.json.minisig" };
	struct stage s;

	stage_open(&s);
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct verdict v;

		shelf_break(&s.shelf, paths[i], true);
		v = look_file(&s, str_of(FILE_A), NULL, 0);
		EQ_INT(verdict_exit(v.code), 3);
		shelf_break(&s.shelf, paths[i], false);
	}
	s.site.load = shelf_load;
	shelf_drop(&s.shelf, "/keys.note");
	EQ_INT(look(&s, &s.a).code, VERDICT_UNKNOWN_KEY);
	EQ_INT(look(&s, &s.a).reason, REASON_NO_KEYLIST);
	stage_close(&s);
}

TEST(key_lists_are_fresh_stale_or_not_the_roots)
{
	struct stage s;

	stage_open(&s);
	s.w.list.issued = WORLD_NOW - 20 * 86400;
	s.w.list.expires = WORLD_NOW;
	put_list(&s);
	EQ_INT(look(&s, &s.a).code, VERDICT_STALE);
	/* A list issued after the device's clock moves `now`: this one has not run out yet. */
	s.w.list.issued = WORLD_NOW + 50 * 86400;
	s.w.list.expires = s.w.list.issued + 1;
	put_list(&s);
	EQ_INT(look(&s, &s.a).code, VERDICT_VALID);
	EQ_INT(look(&s, &s.a).as_of, WORLD_NOW + 50 * 86400);
	shelf_of(&s.shelf, "/keys.note")->p[20] ^= 1;
	EQ_INT(look(&s, &s.a).reason, REASON_BAD_KEYLIST);
	stage_close(&s);
}

TEST(without_a_policy_the_sites_fingerprint_is_offered_and_trusted_for_nothing)
{
	struct stage s;
	char want[POLICY_FINGERPRINT + 1];
	struct gather *g;
	struct evidence ev = { 0 };
	struct str digits;
	struct err e = { 0 };

	stage_open(&s);
	digits = digits_of(&s, &s.a);
	OK(policy_fingerprint(&s.w.policy, want, &e), e);
	g = gather_new(&s.site, NULL, WORLD_NOW, &e);
	if (g == NULL)
		abort();
	OK(gather_evidence(g, s.w.arena,
			   &(struct gather_target){ .tokens = &digits, .token_count = 1 }, &ev, &e),
	   e);
	EQ_INT(verdict_of(&ev).reason, REASON_UNKNOWN_ISSUER);
	EQ_C(ev.offered_fingerprint, want);
	gather_free(g);
	stage_close(&s);
}

TEST(a_manifest_key_that_was_compromised_or_planned_proves_nothing)
{
	struct stage s;

	stage_open(&s);
	s.w.keys[4].state = KEY_COMPROMISED;
	s.w.keys[4].has_from_idx = true;
	put_list(&s);
	EQ_INT(look(&s, &s.a).transparency, LOG_NOT_CHECKED);
	EQ_INT(look_file(&s, str_of(FILE_A), NULL, 0).code, VERDICT_UNDECIDED);
	s.w.keys[4].state = KEY_PLANNED;
	s.w.keys[4].has_from_idx = false;
	put_list(&s);
	EQ_INT(look_file(&s, str_of(FILE_A), NULL, 0).code, VERDICT_UNDECIDED);
	stage_close(&s);
}

TEST(many_batches_are_searched_in_a_few_loads)
{
	struct stage s;
	struct gather *g;
	struct evidence ev = { 0 };
	struct str digits;
	struct err e = { 0 };

	stage_open(&s);
	digits = digits_of(&s, &s.a);
	for (uint64_t batch = 4; batch <= 24; batch++)
		put_batch(&s, batch, 8 * batch, 8 * batch + 7);
	g = gather_new(&s.site, &s.w.policy, WORLD_NOW, &e);
	if (g == NULL)
		abort();
	for (int i = 0; i < 100; i++)
		OK(gather_evidence(g, s.w.arena,
				   &(struct gather_target){ .tokens = &digits, .token_count = 1 },
				   &ev, &e),
		   e);
	EQ_INT(s.shelf.loads, 3); /* the key list, one head and its signature: read once */
	s.c = document(&s, 8 * 23 + 5);
	digits = digits_of(&s, &s.c);
	OK(gather_evidence(g, s.w.arena,
			   &(struct gather_target){ .tokens = &digits, .token_count = 1 }, &ev, &e),
	   e);
	EQ_INT(ev.manifest, MANIFEST_OTHER_LEAF);
	CHECK(s.shelf.loads <= 25);
	gather_free(g);
	stage_close(&s);
}
