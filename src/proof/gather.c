/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/gather.h"

#include <stdlib.h>

#include "proof/fetch.h"
#include "proof/inclusion.h"
#include "proof/logview.h"
#include "proof/lookup.h"
#include "proof/statusview.h"

enum {
	KEEP_MAX = 64 << 20, /* the key list */
	CODES_MAX = 64
};

struct gather {
	struct gather_from from;
	int64_t now;    /* the device's clock, or the newest signed time seen */
	int64_t newest; /* the newest signed time seen */
	struct fetch fetch;
	struct arena *keep;
	bool opened; /* policy or key list were looked for */
	enum keylist_state keylist_state;
	enum keylist_age keylist_age;
	struct keylist keylist;
	unsigned char keys_sha256[SHA256_SIZE];
	char fingerprint[POLICY_FINGERPRINT + 1]; /* "" for none */
	struct logview log;
	struct statusview status;
	enum log_relation frozen_relation[KEYLIST_LOGS_MAX];
	enum log_relation
		memory_relation; /* of the remembered tree; UNPROVEN also before it was asked */
};

/* A signed time was seen: no clock of ours is before it. */
static void time_seen(struct gather *g, int64_t unix_s)
{
	if (unix_s > g->newest)
		g->newest = unix_s;
	if (unix_s > g->now)
		g->now = unix_s;
}

struct gather *gather_new(const struct gather_from *from, struct err *e)
{
	struct gather *g = calloc(1, sizeof *g);

	if (g == NULL) {
		err_memory(e, "a verification");
		return NULL;
	}
	g->from = *from;
	g->now = from->now;
	if (from->memory != NULL)
		time_seen(g, from->memory->newest);
	fetch_open(&g->fetch, from->site);
	g->keep = arena_new(KEEP_MAX);
	if (g->keep == NULL)
		err_memory(e, "a verification");
	else if (logview_open(&g->log, &g->fetch, from->policy, &g->keylist, e) &&
		 statusview_open(&g->status, &g->fetch, from->policy, &g->keylist, e)) {
		g->log.sparing = from->is_far;
		return g;
	}
	gather_free(g);
	return NULL;
}

void gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	statusview_close(&g->status);
	logview_close(&g->log);
	arena_free(g->keep);
	fetch_close(&g->fetch);
	free(g);
}

const struct err *gather_trouble(const struct gather *g)
{
	return g->fetch.troubled ? &g->fetch.trouble : NULL;
}

/* What the site's own policy would be called, for a person to compare.  It is trusted for nothing. */
static bool open_offered(struct gather *g, struct err *e)
{
	static const char path[] = "/policy.json";
	struct policy offered;
	struct str bytes;
	struct err why;

	if (fetch_file(&g->fetch, path, POLICY_BYTES_MAX, &bytes) != FETCHED)
		return true;
	if (policy_read(g->keep, bytes, &offered, &why) &&
	    policy_fingerprint(&offered, g->fingerprint, &why))
		return true;
	g->fingerprint[0] = '\0';
	if (why.kind == ERR_SYSTEM) {
		*e = why;
		return false;
	}
	fetch_fault(&g->fetch, path, &why);
	return true;
}

/* Is the list at hand older than the one named, or another one in its place? */
static bool is_behind(const struct gather *g, uint64_t version,
		      const unsigned char sha256[SHA256_SIZE])
{
	struct err why;

	return !keylist_remembered(version, sha256, &g->keylist, g->keys_sha256, &why);
}

static void keylist_is_stale(struct gather *g, enum keylist_age why)
{
	if (g->keylist_state != KEYLIST_FRESH)
		return;
	g->keylist_state = KEYLIST_STALE;
	g->keylist_age = why;
}

static void keylist_judge(struct gather *g)
{
	struct memory *m = g->from.memory;

	g->keylist_state = KEYLIST_FRESH;
	time_seen(g, g->keylist.issued);
	if (m == NULL)
		return;
	if (is_behind(g, m->keys_version, m->keys_sha256)) {
		keylist_is_stale(g, KEYLIST_OLDER_THAN_SEEN);
		return;
	}
	m->keys_version = g->keylist.version;
	memcpy(m->keys_sha256, g->keys_sha256, SHA256_SIZE);
}

static bool open_keylist(struct gather *g, struct err *e)
{
	static const char path[] = "/keys.note";
	struct str file, bytes;
	struct err why;
	enum fetched fetched = fetch_file(&g->fetch, path, NOTE_MAX, &file);

	if (fetched == FETCHED_ABSENT)
		fetch_absent(&g->fetch, path);
	if (fetched != FETCHED)
		return true;
	/* The list is lent out for as long as g lives; the file's buffer is not. */
	if (!arena_str(g->keep, file, &bytes, e))
		return false;
	if (keylist_read(g->keep, bytes, g->from.policy, &g->keylist, &why)) {
		sha256_of(bytes, g->keys_sha256);
		keylist_judge(g);
		return true;
	}
	if (why.kind == ERR_SYSTEM) {
		*e = why;
		return false;
	}
	g->keylist_state = KEYLIST_BAD;
	fetch_fault(&g->fetch, path, &why);
	return true;
}

static bool open_once(struct gather *g, struct err *e)
{
	if (g->opened)
		return true;
	g->opened = true;
	return g->from.policy == NULL ? open_offered(g, e) : open_keylist(g, e);
}

static bool has_keylist(const struct gather *g)
{
	return g->from.policy != NULL &&
	       (g->keylist_state == KEYLIST_FRESH || g->keylist_state == KEYLIST_STALE);
}

bool gather_keys(struct gather *g, const struct keylist **out, struct err *e)
{
	if (!open_once(g, e))
		return false;
	*out = has_keylist(g) ? &g->keylist : NULL;
	return true;
}

const struct keylist_key *gather_signer(const struct keylist *list, const struct token *token,
					struct str issuer)
{
	const struct keylist_key *key;
	size_t from = 0;

	while ((key = keylist_lookup(list, token->kid, &from)) != NULL)
		if (token_verify(token, &key->public, issuer))
			return key;
	return NULL;
}

/* The key of the list that signed the token: only then is its idx worth a walk through the site. */
static const struct keylist_key *key_of(const struct gather *g, const struct gather_target *target,
					const struct token *token)
{
	if (!has_keylist(g))
		return NULL;
	if (target->tried && token == target->token)
		return target->signer;
	return gather_signer(&g->keylist, token, g->from.policy->issuer);
}

/* Any shard tells which key list is the newest. */
static void keys_named(struct gather *g, const struct statusview_shard *s)
{
	if (!s->there)
		return;
	time_seen(g, s->shard.iat);
	if (is_behind(g, s->shard.keys_version, s->shard.keys_sha256))
		keylist_is_stale(g, KEYLIST_OLDER_THAN_STATUS);
}

static const enum status VALUES[16] = {
	[STATUS_VALUE_VALID] = STATUS_GOOD,          [STATUS_VALUE_REVOKED] = STATUS_REVOKED,
	[STATUS_VALUE_SUSPENDED] = STATUS_SUSPENDED, [STATUS_VALUE_SUPERSEDED] = STATUS_SUPERSEDED,
	[STATUS_VALUE_ENDED] = STATUS_ENDED,
}; /* what the list does not define says nothing */

static void status_take(struct gather *g, const struct statusview_shard *s, uint64_t idx,
			struct evidence *out)
{
	struct memory *m = g->from.memory;

	out->status = VALUES[status_get(s->shard.list, (unsigned)(idx % SHARD_ENTRIES)) & 15];
	out->freshness = out->canonical ? FRESH_LIVE : FRESH_CACHED;
	out->has_list_iat = true;
	out->list_iat = s->shard.iat;
	out->list_exp = s->shard.exp;
	if (m == NULL)
		return;
	if (memory_shard_iat(m, s->n) > s->shard.iat)
		out->status_age = STATUS_OLDER_THAN_SEEN;
	else
		memory_shard_seen(m, s->n, s->shard.iat);
	if (out->status == STATUS_REVOKED)
		memory_revoke(m, idx);
}

/* The lists an answer rests on: today's, which may not be there, and for --at one of that time, or NULL. */
struct lists {
	struct statusview_shard *now, *past;
};

static bool covers(const struct shard *s, int64_t at)
{
	return s->iat <= at && at < s->exp;
}

/* The list of the moment asked about, where today's does not cover it. */
static bool past_find(struct gather *g, uint64_t n, struct lists *lists, struct err *e)
{
	const struct gather_history *history = g->from.history;
	struct statusview_shard *s;
	int64_t iat;

	if (!g->from.has_at || history == NULL || !lists->now->there ||
	    covers(&lists->now->shard, g->from.at) ||
	    !history->newest(history->self, n, g->from.at, &iat))
		return true;
	if (!statusview_past(&g->status, n, iat, &s, e))
		return false;
	if (s->there && covers(&s->shard, g->from.at))
		lists->past = s;
	return true;
}

/* What was true then, unless it is withdrawn now. */
static void past_take(const struct statusview_shard *s, uint64_t idx, struct evidence *out)
{
	out->list_iat = s->shard.iat;
	out->list_exp = s->shard.exp;
	if (out->status != STATUS_REVOKED)
		out->status =
			VALUES[status_get(s->shard.list, (unsigned)(idx % SHARD_ENTRIES)) & 15];
}

/* What status lists and memory say of idx. */
static bool status_evidence(struct gather *g, uint64_t idx, struct evidence *out,
			    struct lists *lists, struct err *e)
{
	const struct memory *m = g->from.memory;
	uint64_t n = idx >> SHARD_BITS;

	*lists = (struct lists){ 0 };
	if (!statusview_shard(&g->status, n, &lists->now, e) || !past_find(g, n, lists, e))
		return false;
	keys_named(g, lists->now);
	if (lists->now->there)
		status_take(g, lists->now, idx, out);
	if (lists->past != NULL)
		past_take(lists->past, idx, out);
	if (m != NULL && memory_is_revoked(m, idx) && out->status != STATUS_REVOKED) {
		out->status = STATUS_REVOKED;
		out->remembered_revoked = true;
	}
	return true;
}

/* Take into evidence how a signed tree stands to the one shown. */
static void relation_take(struct gather *g, const struct log_tree *other,
			  enum log_relation relation, struct evidence *out)
{
	switch (relation) {
	case RELATION_SHOWN:
		break;
	case RELATION_UNPROVEN:
		out->consistency = CONSISTENCY_NOT_CHECKED;
		break;
	case RELATION_AHEAD:
		out->consistency = CONSISTENCY_NOT_CHECKED;
		if (other->from == LOG_FROM_STATUS) {
			out->status_age = STATUS_AHEAD_OF_LOG;
			out->canonical =
				false; /* the list proves that the site has more than it shows */
		} else if (other->from != LOG_FROM_PROOF || out->canonical) {
			logview_fault(out, LOG_FAULT_SHRUNK, &g->log.tree, other);
		}
		break;
	case RELATION_FORK:
		logview_fault(out, LOG_FAULT_FORK, &g->log.tree, other);
		break;
	case RELATION_REWRITTEN:
		logview_fault(out, LOG_FAULT_REWRITTEN, &g->log.tree, other);
		break;
	case RELATION_TILES:
		logview_fault(out, LOG_FAULT_TILES, &g->log.tree, NULL);
		break;
	}
}

/* The remembered tree against the one shown, which takes its place when it extends it. */
static void memory_relate(struct gather *g, bool may_fetch, struct evidence *out)
{
	struct memory *m = g->from.memory;
	struct log_tree known = { .from = LOG_FROM_MEMORY };

	if (m == NULL || m->tree_size == 0) {
		g->memory_relation = RELATION_SHOWN;
	} else {
		known.size = m->tree_size;
		memcpy(known.root, m->tree_root, SHA256_SIZE);
		if (g->memory_relation == RELATION_UNPROVEN)
			g->memory_relation = logview_relate(&g->log, &known, may_fetch);
	}
	relation_take(g, &known, g->memory_relation, out);
	if (m != NULL && g->memory_relation == RELATION_SHOWN && g->log.gap == LOG_GAP_NONE) {
		m->tree_size = g->log.tree.size;
		memcpy(m->tree_root, g->log.tree.root, SHA256_SIZE);
	}
}

/* Every log that was frozen is the beginning of the one shown. */
static void frozen_relate(struct gather *g, bool may_fetch, struct evidence *out)
{
	for (size_t i = 0; i < g->keylist.log_count; i++) {
		const struct keylist_log *frozen = &g->keylist.logs[i];
		struct log_tree known = { .size = frozen->size, .from = LOG_FROM_KEYS };

		memcpy(known.root, frozen->root, SHA256_SIZE);
		if (g->frozen_relation[i] == RELATION_UNPROVEN)
			g->frozen_relation[i] = logview_relate(&g->log, &known, may_fetch);
		relation_take(g, &known, g->frozen_relation[i], out);
	}
}

/* A position past the end of a frozen log is in no log, whatever follows it there. */
static void beyond_frozen(const struct gather *g, struct evidence *out)
{
	const struct keylist_log *frozen = keylist_log(&g->keylist, out->key);

	if (frozen != NULL && out->token->payload.idx >= frozen->size)
		out->leaf = LEAF_OTHER;
}

/* The log a status list names against the one shown. */
static void shard_relate(struct gather *g, bool may_fetch, struct statusview_shard *s,
			 struct evidence *out)
{
	if (s->relation == RELATION_UNPROVEN)
		s->relation = logview_relate(&g->log, &s->tree, may_fetch);
	relation_take(g, &s->tree, s->relation, out);
}

/* The same, and of today's list the log its own proof ends in. */
static void lists_relate(struct gather *g, bool may_fetch, const struct lists *lists,
			 struct evidence *out)
{
	struct statusview_shard *s = lists->now;

	if (lists->past != NULL)
		shard_relate(g, may_fetch, lists->past, out);
	if (!s->there)
		return;
	shard_relate(g, may_fetch, s, out);
	if (!may_fetch || (g->from.is_far && !g->from.thorough))
		return;
	statusview_prove(&g->status, s, &g->log);
	out->status_logged = s->proof_relation == RELATION_SHOWN;
	if (s->proof_relation == RELATION_FORK || s->proof_relation == RELATION_REWRITTEN)
		relation_take(g, &s->proof_tree, s->proof_relation, out);
}

/* Two signed trees of one size with two roots, where the site shows none. */
static void compare(const struct log_tree *shown, const struct log_tree *known,
		    struct evidence *out)
{
	if (shown->size == known->size && memcmp(shown->root, known->root, SHA256_SIZE) != 0)
		logview_fault(out, LOG_FAULT_FORK, shown, known);
}

/* What the log says of the document, and whether all that is signed speaks of one log. */
static void log_evidence(struct gather *g, struct arena *a, const struct gather_target *target,
			 const struct lists *lists, struct evidence *out)
{
	const struct inclusion asked = inclusion_of(&g->log, target, out->token);
	struct log_tree tree;
	bool proven, may_fetch;

	out->quorum = logview_quorum(&g->log);
	out->consistency = CONSISTENCY_SHOWN;
	logview_read(&g->log);
	proven = target->proof.n > 0 && inclusion_by_proof(&asked, a, &tree, out);
	if (!proven)
		inclusion_by_tiles(&asked, out);
	out->tree = proven ? tree : g->log.tree;
	beyond_frozen(g, out);
	time_seen(g, g->log.newest);
	may_fetch = !(proven && g->from.is_far);
	if (!g->log.has_tree) {
		out->consistency = CONSISTENCY_NOT_CHECKED;
		if (proven && lists->now->there)
			compare(&tree, &lists->now->tree, out);
		return;
	}
	if (proven)
		relation_take(g, &tree, logview_relate(&g->log, &tree, may_fetch), out);
	memory_relate(g, may_fetch, out);
	frozen_relate(g, may_fetch, out);
	lists_relate(g, may_fetch, lists, out);
	if (!proven && out->log_gap == LOG_GAP_NONE && out->consistency != CONSISTENCY_SHOWN)
		out->log_gap = LOG_GAP_EXTENSION;
}

/* What the site says of one token, and of the file under it. */
static bool token_evidence(struct gather *g, struct arena *a, const struct gather_target *target,
			   const struct token *token, struct evidence *out, struct err *e)
{
	struct statusview_shard *s;
	struct lists lists;

	out->code = CODE_TOKEN;
	out->token = token;
	if (!open_once(g, e))
		return false;
	out->key = key_of(g, target, token);
	if (out->key == NULL) {
		/* Not forged before it is known that no newer key list exists: any shard tells. */
		if (g->keylist_state != KEYLIST_FRESH)
			return true;
		if (!statusview_shard(&g->status, 0, &s, e))
			return false;
		keys_named(g, s);
		return true;
	}
	if (!status_evidence(g, token->payload.idx, out, &lists, e))
		return false;
	log_evidence(g, a, target, &lists, out);
	return true;
}

/* Nothing was had that tells whether the file is the one issued with this token. */
static bool is_open(const struct gather *g, const struct evidence *ev)
{
	if (ev->file != FILE_NOT_CHECKED || ev->log_fault != LOG_FAULT_NONE)
		return false;
	if (ev->key == NULL)
		return g->from.policy == NULL || g->keylist_state != KEYLIST_FRESH;
	return ev->leaf == LEAF_NOT_CHECKED;
}

/* One of several tokens counts only when the whole file is the one issued with it. */
static bool several_tokens(struct gather *g, struct arena *a, const struct gather_target *target,
			   struct evidence *out, struct err *e)
{
	const struct evidence before = *out;
	bool open = false;

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
		*out = before;
		if (!token_evidence(g, a, target, token, out, e))
			return false;
		if (out->file == FILE_ORIGINAL)
			return true;
		open = open || is_open(g, out);
	}
	*out = before;
	out->code = open ? CODE_TWO_OPEN : CODE_TWO;
	return true;
}

/* A token from its digits or, with `bytes`, from its bytes. */
static bool one_token(struct gather *g, struct arena *a, const struct gather_target *target,
		      const struct str *bytes, struct evidence *out, struct err *e)
{
	struct token *token;
	struct err *why;

	if (bytes == NULL && target->token != NULL)
		return token_evidence(g, a, target, target->token, out, e);
	token = arena_alloc(a, sizeof *token, e);
	why = arena_alloc(a, sizeof *why, e);
	if (token == NULL || why == NULL)
		return false;
	if (bytes != NULL ? token_read_bytes(a, *bytes, token, why)
			  : token_read(a, target->tokens[0], token, why))
		return token_evidence(g, a, target, token, out, e);
	if (why->kind == ERR_SYSTEM) {
		*e = *why;
		return false;
	}
	out->code = CODE_MALFORMED;
	out->fault = why;
	return true;
}

/* How many leading bits name a bucket; false when the site has no index that can be read. */
static bool lookup_width(struct gather *g, unsigned *bits)
{
	static const char path[] = "/d/info";
	struct str bytes;
	struct err why;
	enum fetched fetched = fetch_file(&g->fetch, path, 1024, &bytes);

	if (fetched == FETCHED_ABSENT)
		fetch_absent(&g->fetch, path);
	if (fetched != FETCHED)
		return false;
	if (lookup_info_read(bytes, bits, &why))
		return true;
	fetch_fault(&g->fetch, path, &why);
	return false;
}

/* A typed code to its token.  Only the bucket is named to the site. */
static bool typed_code(struct gather *g, struct arena *a, const struct gather_target *target,
		       struct evidence *out, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	char path[LOOKUP_PATH];
	struct str bucket, token;
	struct err why;
	enum fetched fetched;
	unsigned bits;
	bool found;

	out->code = CODE_NO_LOOKUP;
	if (!open_once(g, e))
		return false;
	if (g->from.policy == NULL || !lookup_width(g, &bits))
		return true;
	lookup_digest(target->docid, digest);
	lookup_path(digest, bits, path);
	fetched = fetch_file(&g->fetch, path, LOOKUP_BUCKET_MAX, &bucket);
	if (fetched != FETCHED) {
		if (fetched == FETCHED_ABSENT)
			out->code = CODE_NOT_FOUND;
		return true;
	}
	if (!lookup_open(a, bucket, target->docid, &token, &found, &why)) {
		fetch_fault(&g->fetch, path, &why);
		return true;
	}
	out->code = CODE_NOT_FOUND;
	return !found || one_token(g, a, target, &token, out, e);
}

static bool target_evidence(struct gather *g, struct arena *a, const struct gather_target *target,
			    struct evidence *out, struct err *e)
{
	if (target->token_count > 1)
		return several_tokens(g, a, target, out, e);
	if (target->token_count == 1)
		return one_token(g, a, target, NULL, out, e);
	if (target->docid.n > 0)
		return typed_code(g, a, target, out, e);
	out->code = target->other_codes > 0 ? CODE_NOT_OURS : CODE_NONE;
	return true;
}

/* The file's hashes, made here unless somebody did. */
static bool file_hash(struct arena *a, struct gather_target *target, struct err *e)
{
	struct filehash *hash;

	if (!target->is_file || target->hash != NULL)
		return true;
	hash = arena_alloc(a, sizeof *hash, e);
	if (hash == NULL ||
	    !filehash_of(target->file, target->prefixes, target->prefix_count, hash, e))
		return false;
	target->hash = hash;
	return true;
}

bool gather_evidence(struct gather *g, struct arena *a, const struct gather_target *asked,
		     struct evidence *out, struct err *e)
{
	struct gather_target target = *asked;
	struct evidence found = { .policy = g->from.policy,
				  .keylist = &g->keylist,
				  .canonical = g->from.site != NULL && g->from.site->canonical,
				  .file = target.is_file ? FILE_NOT_CHECKED : FILE_NONE };

	if (!file_hash(a, &target, e) || !target_evidence(g, a, &target, &found, e))
		return false;
	if (g->keylist_state == KEYLIST_FRESH && !keylist_fresh(&g->keylist, g->now))
		keylist_is_stale(g, KEYLIST_EXPIRED);
	found.keylist_state = g->keylist_state;
	found.keylist_age = g->keylist_age;
	found.offered_fingerprint = g->fingerprint[0] != '\0' ? g->fingerprint : NULL;
	found.now = g->now;
	if (g->from.memory != NULL && g->newest > g->from.memory->newest)
		g->from.memory->newest = g->newest;
	*out = found;
	return true;
}
