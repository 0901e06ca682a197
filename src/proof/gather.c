/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/gather.h"

#include <stdlib.h>

#include "keys/minisign.h"
#include "proof/manifest.h"

enum {
	KEEP_MAX = 256 << 20,     /* heads and the key list */
	SCRATCH_MAX = 1024 << 20, /* one part as a JSON tree */
	CODES_MAX = 64
};

/* The head of one batch, without its leaves. */
struct head {
	uint64_t batch;
	bool absent;
	struct manifest m; /* issuer, batch, range and parts only */
	unsigned char sha256[SHA256_SIZE];
};

/* The part whose leaves are in memory. */
struct loaded {
	uint64_t batch; /* 0: none */
	struct manifest_part part;
};

struct gather {
	const struct site *site;
	const struct policy *policy;
	int64_t now;
	struct arena *keep, *scratch;
	struct buf file, signature;
	bool opened; /* policy or key list were looked for */
	enum keylist_state keylist_state;
	struct keylist keylist;
	char fingerprint[POLICY_FINGERPRINT + 1]; /* "" for none */
	struct head *heads;
	size_t head_count, head_room;
	struct loaded loaded;
	struct sha256 *whole, *prefix;
	bool troubled;
	struct err trouble;
};

struct gather *gather_new(const struct site *site, const struct policy *policy, int64_t now,
			  struct err *e)
{
	struct gather *g = calloc(1, sizeof *g);

	if (g == NULL) {
		err_memory(e, "a verification");
		return NULL;
	}
	*g = (struct gather){ .site = site, .policy = policy, .now = now };
	g->keep = arena_new(KEEP_MAX);
	g->scratch = arena_new(SCRATCH_MAX);
	g->whole = sha256_new();
	g->prefix = sha256_new();
	g->file = buf_empty(MANIFEST_BYTES_MAX);
	g->signature = buf_empty(MINISIGN_FILE_MAX);
	if (g->keep == NULL || g->scratch == NULL || g->whole == NULL || g->prefix == NULL) {
		gather_free(g);
		err_memory(e, "a verification");
		return NULL;
	}
	return g;
}

void gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	arena_free(g->keep);
	arena_free(g->scratch);
	sha256_free(g->whole);
	sha256_free(g->prefix);
	buf_free(&g->file);
	buf_free(&g->signature);
	free(g->heads);
	free(g);
}

const struct err *gather_trouble(const struct gather *g)
{
	return g->troubled ? &g->trouble : NULL;
}

static void note_trouble(struct gather *g, const struct err *why, const char *path)
{
	g->trouble = *why;
	err_in(&g->trouble, "%s", path);
	g->troubled = true;
}

static void note_absent(struct gather *g, const char *path)
{
	struct err why;

	err_input(&why, "SITE-ABSENT", "the site has no such file");
	note_trouble(g, &why, path);
}

enum fetched { FETCHED, FETCHED_ABSENT, FETCHED_TROUBLE };

static enum fetched fetch(struct gather *g, const char *path, size_t cap, struct buf *out)
{
	struct err why = { 0 };
	bool absent = false;

	buf_clear(out);
	if (g->site == NULL)
		return FETCHED_TROUBLE;
	if (!g->site->load(g->site->self, path, cap, out, &absent, &why)) {
		note_trouble(g, &why, path);
		return FETCHED_TROUBLE;
	}
	if (absent || out->failed || out->n > cap)
		return absent ? FETCHED_ABSENT : FETCHED_TROUBLE;
	return FETCHED;
}

/* What the site's own policy would be called, for a person to compare.  It is trusted for nothing. */
static bool open_offered(struct gather *g, struct err *e)
{
	struct policy offered;
	struct err why;

	if (fetch(g, "/policy.json", POLICY_BYTES_MAX, &g->file) != FETCHED)
		return true;
	if (policy_read(g->keep, buf_view(&g->file), &offered, &why) &&
	    policy_fingerprint(&offered, g->fingerprint, &why))
		return true;
	g->fingerprint[0] = '\0';
	if (why.kind == ERR_SYSTEM) {
		*e = why;
		return false;
	}
	note_trouble(g, &why, "/policy.json");
	return true;
}

static bool open_keylist(struct gather *g, struct err *e)
{
	static const char path[] = "/keys.note";
	enum fetched fetched = fetch(g, path, NOTE_MAX, &g->file);
	struct str bytes;
	struct err why;

	if (fetched != FETCHED) {
		if (fetched == FETCHED_ABSENT)
			note_absent(g, path);
		return true;
	}
	/* The list is lent out for as long as g lives; the file's buffer is not. */
	if (!arena_str(g->keep, buf_view(&g->file), &bytes, e))
		return false;
	if (!keylist_read(g->keep, bytes, g->policy, &g->keylist, &why)) {
		if (why.kind == ERR_SYSTEM) {
			*e = why;
			return false;
		}
		g->keylist_state = KEYLIST_BAD;
		note_trouble(g, &why, path);
		return true;
	}
	if (g->keylist.issued > g->now)
		g->now = g->keylist.issued;
	g->keylist_state = keylist_fresh(&g->keylist, g->now) ? KEYLIST_FRESH : KEYLIST_STALE;
	return true;
}

static bool open_once(struct gather *g, struct err *e)
{
	if (g->opened)
		return true;
	g->opened = true;
	return g->policy == NULL ? open_offered(g, e) : open_keylist(g, e);
}

/* Is the manifest in g->file signed by a manifest key of the list? */
static enum manifest_state signature_state(struct gather *g, const char *path)
{
	enum manifest_state state = MANIFEST_NOT_CHECKED;
	struct err why = { 0 };
	struct str comment;

	for (size_t i = 0; i < g->keylist.count; i++) {
		const struct keylist_key *key = &g->keylist.keys[i];

		if (key->role != ROLE_MANIFEST || key->state == KEY_PLANNED)
			continue;
		if (minisign_verify(&key->public, buf_view(&g->file), buf_view(&g->signature),
				    &comment, &why)) {
			if (key->state != KEY_COMPROMISED)
				return MANIFEST_LISTED;
			err_input(&why, "MANIFEST-KEY", "signed by a key that was compromised");
			note_trouble(g, &why, path);
			return MANIFEST_NOT_CHECKED;
		}
		state = MANIFEST_BAD;
	}
	if (state == MANIFEST_NOT_CHECKED)
		err_input(&why, "MANIFEST-KEY", "the key list names no manifest key");
	note_trouble(g, &why, path);
	return state;
}

static const struct head *known(const struct gather *g, uint64_t batch)
{
	for (size_t i = 0; i < g->head_count; i++)
		if (g->heads[i].batch == batch)
			return &g->heads[i];
	return NULL;
}

/* Batches follow one another on the log, and each names the one before. */
static bool consistent(const struct head *x, const struct head *y, const struct manifest *y_full)
{
	if (x->absent)
		return true;
	if (x->batch < y->batch ? x->m.last_idx >= y->m.first_idx : y->m.last_idx >= x->m.first_idx)
		return false;
	if (x->batch + 1 == y->batch)
		return memcmp(y_full->previous, x->sha256, SHA256_SIZE) == 0;
	if (y->batch + 1 == x->batch)
		return memcmp(x->m.previous, y->sha256, SHA256_SIZE) == 0;
	return true;
}

static bool remember(struct gather *g, const struct head *head, struct err *e)
{
	if (g->head_count == g->head_room) {
		size_t room = g->head_room == 0 ? 16 : 2 * g->head_room;
		struct head *heads = realloc(g->heads, room * sizeof *heads);

		if (heads == NULL)
			return err_memory(e, "batch manifests");
		g->heads = heads;
		g->head_room = room;
	}
	g->heads[g->head_count++] = *head;
	return true;
}

static bool bad_manifest(struct gather *g, const char *path, const char *why,
			 enum manifest_state *state)
{
	struct err bad;

	err_input(&bad, "MANIFEST-FORM", "%s", why);
	note_trouble(g, &bad, path);
	*state = MANIFEST_BAD;
	return true;
}

/* Keep of a head what outlives the scratch arena. */
static bool head_keep(struct gather *g, const struct manifest *m, struct head *head, struct err *e)
{
	struct str parts = str_bytes(m->parts, (manifest_parts(m) - 1) * SHA256_SIZE), copy;

	head->m = *m;
	head->m.issuer = g->policy->issuer;
	head->m.templates = NULL;
	head->m.template_count = 0;
	head->m.keys = NULL;
	head->m.key_count = 0;
	head->m.program = (struct str){ NULL, 0 };
	if (!arena_str(g->keep, parts, &copy, e))
		return false;
	head->m.parts = (const unsigned char *)copy.p;
	return remember(g, head, e);
}

/* Judge the bytes in g->file as part 0 of `batch`; its leaves become the loaded part. */
static bool head_judge(struct gather *g, uint64_t batch, const char *path,
		       enum manifest_state *state, struct err *e)
{
	struct head head = { .batch = batch };
	struct manifest m;
	struct err why;

	arena_reset(g->scratch);
	g->loaded.batch = 0;
	if (!manifest_read(g->scratch, buf_view(&g->file), &m, &g->loaded.part, &why)) {
		if (why.kind == ERR_SYSTEM) {
			*e = why;
			return false;
		}
		return bad_manifest(g, path, why.cause, state);
	}
	if (m.batch != batch || !str_eq(m.issuer, g->policy->issuer))
		return bad_manifest(g, path, "it is another batch's or issuer's", state);
	head.m = m;
	sha256_of(buf_view(&g->file), head.sha256);
	for (size_t i = 0; i < g->head_count; i++)
		if (!consistent(&g->heads[i], &head, &m))
			return bad_manifest(g, path, "it contradicts another batch", state);
	g->loaded.batch = batch;
	*state = MANIFEST_LISTED;
	return head_keep(g, &m, &head, e);
}

/*
 * The head of a batch.  *state is MANIFEST_LISTED when *out is a head (perhaps `absent`), else what is to be said.
 * False only for trouble of this machine.
 */
static bool head_load(struct gather *g, uint64_t batch, const struct head **out,
		      enum manifest_state *state, struct err *e)
{
	char path[MANIFEST_PATH];
	enum fetched fetched;

	*state = MANIFEST_LISTED;
	*out = known(g, batch);
	if (*out != NULL)
		return true;
	manifest_path(batch, 0, false, path);
	fetched = fetch(g, path, MANIFEST_BYTES_MAX, &g->file);
	if (fetched == FETCHED_ABSENT) {
		struct head absent = { .batch = batch, .absent = true };

		if (!remember(g, &absent, e))
			return false;
	} else if (fetched == FETCHED) {
		char beside[MANIFEST_PATH];

		manifest_path(batch, 0, true, beside);
		fetched = fetch(g, beside, MINISIGN_FILE_MAX, &g->signature);
		if (fetched == FETCHED_ABSENT)
			return bad_manifest(g, path, "it has no signature", state);
		*state = fetched == FETCHED ? signature_state(g, path) : MANIFEST_NOT_CHECKED;
		if (*state == MANIFEST_LISTED && !head_judge(g, batch, path, state, e))
			return false;
	} else {
		*state = MANIFEST_NOT_CHECKED;
	}
	*out = known(g, batch);
	return true;
}

/* What stands between the two batches nearest to an index that no batch covers. */
static enum manifest_state uncovered(struct gather *g, uint64_t below, uint64_t above, bool beyond)
{
	char path[MANIFEST_PATH];
	const struct head *next = known(g, above);

	if (next != NULL && !next->absent)
		return MANIFEST_OTHER_LEAF; /* an entry of the log that is no document */
	manifest_path(above, 0, false, path);
	if (below == 0 || beyond) {
		note_absent(g, path); /* nothing is published, or one is withheld */
		return MANIFEST_NOT_CHECKED;
	}
	return MANIFEST_NOT_COVERED;
}

/*
 * The batch that covers idx.  Batches are numbered from 1 without holes and their ranges ascend, so doubling steps and
 * then halving ones find it in a few loads.  *out == NULL: *state says why.
 */
static bool head_find(struct gather *g, uint64_t idx, const struct head **out,
		      enum manifest_state *state, struct err *e)
{
	uint64_t below = 0, above = 0, batch = 1; /* above == 0: no upper end yet */
	bool beyond = false;                      /* a batch behind idx exists */

	*out = NULL;
	while (above == 0 || above - below > 1) {
		const struct head *head;

		if (!head_load(g, batch, &head, state, e))
			return false;
		if (*state != MANIFEST_LISTED)
			return true;
		if (head->absent || head->m.first_idx > idx) {
			above = batch;
			beyond = beyond || !head->absent;
		} else if (head->m.last_idx < idx) {
			below = batch;
		} else {
			*out = head;
			return true;
		}
		batch = above == 0 ? 2 * below : below + (above - below) / 2;
	}
	if (below > 0 && !beyond) {
		const struct head *next;

		/* What looks like the end may be a hole: one more question tells them apart. */
		if (!head_load(g, above + 1, &next, state, e))
			return false;
		beyond = *state != MANIFEST_LISTED || !next->absent;
	}
	*state = uncovered(g, below, above, beyond);
	return true;
}

/* Make the part that holds idx the loaded one. */
static bool part_load(struct gather *g, const struct head *head, unsigned part,
		      enum manifest_state *state, struct err *e)
{
	char path[MANIFEST_PATH];
	enum fetched fetched;
	struct err why;

	*state = MANIFEST_LISTED;
	if (g->loaded.batch == head->batch && g->loaded.part.part == part)
		return true;
	manifest_path(head->batch, part, false, path);
	fetched = fetch(g, path, MANIFEST_BYTES_MAX, &g->file);
	if (fetched != FETCHED) {
		if (fetched == FETCHED_ABSENT)
			note_absent(g, path);
		*state = MANIFEST_NOT_CHECKED;
		return true;
	}
	arena_reset(g->scratch);
	g->loaded.batch = 0;
	if (part == 0) {
		unsigned char hash[SHA256_SIZE];
		struct manifest m;

		sha256_of(buf_view(&g->file), hash);
		if (memcmp(hash, head->sha256, SHA256_SIZE) != 0)
			return bad_manifest(g, path, "it changed while it was read", state);
		if (!manifest_read(g->scratch, buf_view(&g->file), &m, &g->loaded.part, e))
			return false;
	} else if (!manifest_read_part(g->scratch, buf_view(&g->file), &head->m, part,
				       &g->loaded.part, &why)) {
		if (why.kind == ERR_SYSTEM) {
			*e = why;
			return false;
		}
		return bad_manifest(g, path, why.cause, state);
	}
	g->loaded.batch = head->batch;
	return true;
}

/* The leaf published at idx, lent till the next load; NULL with *state when there is none. */
static bool leaf_find(struct gather *g, uint64_t idx, const struct leaf **out,
		      enum manifest_state *state, struct err *e)
{
	const struct head *head;

	*out = NULL;
	if (!head_find(g, idx, &head, state, e))
		return false;
	if (head == NULL)
		return true;
	if (!part_load(g, head, manifest_part_of(&head->m, idx), state, e))
		return false;
	if (*state == MANIFEST_LISTED)
		*out = &g->loaded.part.leaves[idx - g->loaded.part.first_idx];
	return true;
}

/* Compare the file, and its beginnings, with c_pdf. */
static enum file_state file_judge(struct gather *g, const struct gather_target *target,
				  struct str token, const unsigned char c_pdf[SHA256_SIZE],
				  size_t *original)
{
	unsigned char hash[SHA256_SIZE], commitment[SHA256_SIZE];
	enum file_state state = FILE_OTHER;
	size_t at = 0;

	sha256_begin(g->whole);
	for (size_t i = 0; i < target->prefix_count; i++) {
		size_t end = target->prefixes[i];

		if (end < at || end >= target->file.n)
			continue;
		sha256_add(g->whole, target->file.p + at, end - at);
		at = end;
		sha256_copy(g->prefix, g->whole);
		sha256_end(g->prefix, hash);
		leaf_pdf(token, hash, commitment);
		if (memcmp(commitment, c_pdf, SHA256_SIZE) == 0) {
			state = FILE_ADDED_TO;
			*original = end;
		}
	}
	sha256_add(g->whole, target->file.p + at, target->file.n - at);
	sha256_end(g->whole, hash);
	leaf_pdf(token, hash, commitment);
	return memcmp(commitment, c_pdf, SHA256_SIZE) == 0 ? FILE_ORIGINAL : state;
}

/* Some key of the list signed it: only then is its idx worth a walk through the site. */
static bool signature_known(const struct gather *g, const struct token *token)
{
	const struct keylist_key *key;
	size_t from = 0;

	if (g->policy == NULL ||
	    (g->keylist_state != KEYLIST_FRESH && g->keylist_state != KEYLIST_STALE))
		return false;
	while ((key = keylist_lookup(&g->keylist, token->kid, &from)) != NULL)
		if (token_verify(token, &key->public, g->policy->issuer))
			return true;
	return false;
}

/* What the site says of one token, and of the file under it. */
static bool token_evidence(struct gather *g, const struct gather_target *target,
			   const struct token *token, struct evidence *out, struct err *e)
{
	const struct leaf *leaf;
	unsigned char c_token[SHA256_SIZE];

	out->code = CODE_TOKEN;
	out->token = token;
	out->manifest = MANIFEST_NOT_CHECKED;
	out->file = target->is_file ? FILE_NOT_CHECKED : FILE_NONE;
	if (!signature_known(g, token))
		return true;
	if (!leaf_find(g, token->payload.idx, &leaf, &out->manifest, e))
		return false;
	if (leaf == NULL)
		return true;
	leaf_token(token->bytes, c_token);
	if (memcmp(c_token, leaf->c_token, SHA256_SIZE) != 0) {
		out->manifest = MANIFEST_OTHER_LEAF;
		return true;
	}
	if (target->is_file)
		out->file = file_judge(g, target, token->bytes, leaf->c_pdf, &out->original_length);
	return true;
}

/* One of several tokens counts only when the whole file is the one issued with it. */
static bool several_tokens(struct gather *g, struct arena *a, const struct gather_target *target,
			   struct evidence *out, struct err *e)
{
	for (size_t i = 0; i < target->token_count && i < CODES_MAX; i++) {
		struct token *token = arena_alloc(a, sizeof *token, e);
		struct err why;

		if (token == NULL)
			return false;
		if (!token_read(a, target->tokens[i], token, &why)) {
			if (why.kind != ERR_SYSTEM)
				continue;
			*e = why;
			return false;
		}
		if (!token_evidence(g, target, token, out, e))
			return false;
		if (out->file == FILE_ORIGINAL)
			return true;
	}
	out->code = CODE_TWO;
	out->original_length = 0;
	out->token = NULL;
	out->manifest = MANIFEST_NOT_CHECKED;
	out->file = target->is_file ? FILE_NOT_CHECKED : FILE_NONE;
	return true;
}

static bool one_token(struct gather *g, struct arena *a, const struct gather_target *target,
		      struct evidence *out, struct err *e)
{
	struct token *token = arena_alloc(a, sizeof *token, e);
	struct err *why = arena_alloc(a, sizeof *why, e);

	if (token == NULL || why == NULL)
		return false;
	if (token_read(a, target->tokens[0], token, why))
		return token_evidence(g, target, token, out, e);
	if (why->kind == ERR_SYSTEM) {
		*e = *why;
		return false;
	}
	out->code = CODE_MALFORMED;
	out->fault = why;
	return true;
}

bool gather_evidence(struct gather *g, struct arena *a, const struct gather_target *target,
		     struct evidence *out, struct err *e)
{
	struct evidence found = { .policy = g->policy };
	bool ok = true;

	if (!open_once(g, e))
		return false;
	found.keylist_state = g->keylist_state;
	found.keylist = &g->keylist;
	found.offered_fingerprint = g->fingerprint[0] != '\0' ? g->fingerprint : NULL;
	found.canonical = g->site != NULL && g->site->canonical;
	found.now = g->now;
	found.file = target->is_file ? FILE_NOT_CHECKED : FILE_NONE;
	if (target->token_count > 1)
		ok = several_tokens(g, a, target, &found, e);
	else if (target->token_count == 1)
		ok = one_token(g, a, target, &found, e);
	else if (target->typed_code)
		found.code = CODE_NO_LOOKUP;
	else
		found.code = target->other_codes > 0 ? CODE_NOT_OURS : CODE_NONE;
	if (ok)
		*out = found;
	return ok;
}
