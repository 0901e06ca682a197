/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/statusview.h"

#include <stdlib.h>

#include "proof/sidecar.h"

enum { READ_ARENA = 8 << 20 };

bool statusview_open(struct statusview *v, struct fetch *fetch, const struct policy *policy,
		     const struct keylist *keylist, struct err *e)
{
	*v = (struct statusview){ .fetch = fetch, .policy = policy, .keylist = keylist };
	v->arena = arena_new(READ_ARENA);
	return v->arena != NULL || err_memory(e, "the status list");
}

void statusview_close(struct statusview *v)
{
	for (size_t i = 0; i < STATUSVIEW_SHARDS; i++) {
		free(v->shards[i]);
		free(v->past[i]);
	}
	arena_free(v->arena);
	*v = (struct statusview){ 0 };
}

/* Fetch and verify shard s->n, or its version of s->asked_iat.  False for trouble of this machine. */
static bool shard_load(struct statusview *v, struct statusview_shard *s, struct err *e)
{
	char path[SHARD_PATH];
	struct str bytes;
	struct err why;
	enum fetched fetched;

	if (s->asked_iat != 0)
		shard_history_path(s->n, s->asked_iat, path);
	else
		shard_path(s->n, path);
	fetched = fetch_file(v->fetch, path, SHARD_FILE_MAX, &bytes);
	if (fetched == FETCHED_ABSENT)
		fetch_absent(v->fetch, path);
	if (fetched != FETCHED)
		return true;
	arena_reset(v->arena);
	if (!shard_read(v->arena, bytes, s->n, v->policy, v->keylist, &s->shard, &why)) {
		if (why.kind == ERR_SYSTEM) {
			*e = why;
			return false;
		}
		fetch_fault(v->fetch, path, &why);
		return true;
	}
	if (s->asked_iat != 0 && s->shard.iat != s->asked_iat) {
		err_input(&why, "STATUS-OTHER", "it is of another moment than its name");
		fetch_fault(v->fetch, path, &why);
		return true;
	}
	s->there = true;
	s->shard.sub = (struct str){ NULL, 0 };
	sha256_of(bytes, s->sha256);
	s->tree = (struct log_tree){ .size = s->shard.tree_size, .from = LOG_FROM_STATUS };
	memcpy(s->tree.root, s->shard.tree_root, SHA256_SIZE);
	return true;
}

static bool slot_fill(struct statusview *v, struct statusview_shard **slot, uint64_t n, int64_t iat,
		      struct statusview_shard **out, struct err *e)
{
	if (*slot == NULL || (*slot)->n != n || (*slot)->asked_iat != iat) {
		free(*slot);
		*slot = calloc(1, sizeof **slot);
		if (*slot == NULL)
			return err_memory(e, "a status shard");
		(*slot)->n = n;
		(*slot)->asked_iat = iat;
		if (!shard_load(v, *slot, e)) {
			free(*slot);
			*slot = NULL;
			return false;
		}
	}
	*out = *slot;
	return true;
}

bool statusview_shard(struct statusview *v, uint64_t n, struct statusview_shard **out,
		      struct err *e)
{
	return slot_fill(v, &v->shards[n % STATUSVIEW_SHARDS], n, 0, out, e);
}

bool statusview_past(struct statusview *v, uint64_t n, int64_t iat, struct statusview_shard **out,
		     struct err *e)
{
	return slot_fill(v, &v->past[n % STATUSVIEW_SHARDS], n, iat, out, e);
}

/* The tree in which the proof shows the shard's entry. */
static bool proof_tree(struct statusview *v, const struct statusview_shard *s, struct str bytes,
		       struct logview *log, struct log_tree *tree, struct err *why)
{
	struct entry entry = entry_status(s->sha256, s->n, s->shard.iat);
	struct checkpoint_witnesses who;
	unsigned char leaf[SHA256_SIZE];
	struct sidecar proof;

	arena_reset(v->arena);
	if (!sidecar_read(v->arena, bytes, &proof, why) ||
	    logview_judge(log, proof.checkpoint, tree, &who, why) != LOG_GAP_NONE)
		return false;
	entry_hash(&entry, leaf);
	return merkle_includes(leaf, proof.index, tree->size, tree->root, &proof.proof) ||
	       err_input(why, "STATUS-OTHER", "the proof is another list's");
}

void statusview_prove(struct statusview *v, struct statusview_shard *s, struct logview *log)
{
	char path[SHARD_PATH];
	struct str bytes;
	struct err why;

	if (s->proof_asked || !s->there || !log->has_tree)
		return;
	s->proof_asked = true;
	shard_proof_path(s->n, path);
	if (fetch_file(v->fetch, path, SIDECAR_BYTES_MAX, &bytes) != FETCHED)
		return;
	if (proof_tree(v, s, bytes, log, &s->proof_tree, &why))
		s->proof_relation = logview_relate(log, &s->proof_tree, true);
	else
		fetch_fault(v->fetch, path, &why);
}
