/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/inclusion.h"

static const char PROOF[] = "the proof";

struct inclusion inclusion_of(struct logview *log, const struct gather_target *target,
			      const struct token *token)
{
	struct inclusion asked = { .log = log, .target = target, .token = token };

	if (target->is_file)
		asked.mine = leaf_of(token->bytes, target->hash->whole);
	else
		leaf_token(token->bytes, asked.mine.c_token);
	return asked;
}

/* The length of the beginning of the file that is the one issued; 0 for none. */
static size_t original_prefix(const struct inclusion *asked, const unsigned char c_pdf[SHA256_SIZE])
{
	const struct filehash *hash = asked->target->hash;
	unsigned char commitment[SHA256_SIZE];

	for (size_t i = 0; i < hash->count; i++) {
		leaf_pdf(asked->token->bytes, hash->prefixes[i], commitment);
		if (memcmp(commitment, c_pdf, SHA256_SIZE) == 0)
			return hash->lengths[i];
	}
	return 0;
}

/* Compare the file, and then its beginnings, with c_pdf. */
static void file_take(const struct inclusion *asked, const unsigned char c_pdf[SHA256_SIZE],
		      struct evidence *out)
{
	if (memcmp(asked->mine.c_pdf, c_pdf, SHA256_SIZE) == 0) {
		out->file = FILE_ORIGINAL;
		return;
	}
	out->original_length = original_prefix(asked, c_pdf);
	out->file = out->original_length > 0 ? FILE_ADDED_TO : FILE_OTHER;
}

/* The entry that stands at idx, against the document at hand. */
static void entry_take(const struct inclusion *asked, const struct entry *entry,
		       struct evidence *out)
{
	if (entry->bytes[0] != ENTRY_DOCUMENT ||
	    memcmp(entry->bytes + 1, asked->mine.c_token, SHA256_SIZE) != 0) {
		out->leaf = LEAF_OTHER;
		return;
	}
	out->leaf = LEAF_INCLUDED;
	if (asked->target->is_file)
		file_take(asked, entry->bytes + 1 + SHA256_SIZE, out);
}

void inclusion_by_tiles(const struct inclusion *asked, struct evidence *out)
{
	struct logview *log = asked->log;
	struct entry entry = entry_document(&asked->mine);
	unsigned char want[SHA256_SIZE];

	out->log_gap = log->gap;
	out->witnesses = log->witnesses;
	entry_hash(&entry, want);
	switch (logview_leaf(log, asked->token->payload.idx, asked->target->is_file ? want : NULL,
			     &entry)) {
	case LOOK_MATCHES:
	case LOOK_ENTRY:
		entry_take(asked, &entry, out);
		break;
	case LOOK_BEYOND:
		out->leaf = LEAF_BEYOND;
		break;
	case LOOK_TILES:
		logview_fault(out, LOG_FAULT_TILES, &log->tree, NULL);
		break;
	case LOOK_UNKNOWN:
		if (log->has_tree)
			out->log_gap = LOG_GAP_TILES;
		break;
	}
}

/* Does the proof show this entry in its own tree? */
static bool proof_shows(const struct sidecar *proof, const struct log_tree *tree,
			const struct entry *entry)
{
	unsigned char leaf[SHA256_SIZE];

	entry_hash(entry, leaf);
	return merkle_includes(leaf, proof->index, tree->size, tree->root, &proof->proof);
}

static bool proof_read(const struct inclusion *asked, struct arena *a, struct log_tree *tree,
		       struct checkpoint_witnesses *who, struct entry *entry, struct err *why)
{
	struct leaf claimed = asked->mine;
	struct sidecar proof;

	*entry = entry_document(&asked->mine);
	if (!sidecar_read(a, asked->target->proof, &proof, why) ||
	    logview_judge(asked->log, proof.checkpoint, tree, who, why) != LOG_GAP_NONE)
		return false;
	if (proof.index != asked->token->payload.idx)
		return err_input(why, "SIDECAR-OTHER", "it is another document's");
	if (asked->target->is_file && proof_shows(&proof, tree, entry))
		return true;
	if (proof.has_extra && proof.extra.n == SHA256_SIZE)
		memcpy(claimed.c_pdf, proof.extra.p, SHA256_SIZE);
	*entry = entry_document(&claimed);
	return proof_shows(&proof, tree, entry) ||
	       err_input(why, "SIDECAR-OTHER", "it is another document's");
}

bool inclusion_by_proof(const struct inclusion *asked, struct arena *a, struct log_tree *tree,
			struct evidence *out)
{
	struct checkpoint_witnesses who;
	struct entry entry;
	struct err why;

	if (!proof_read(asked, a, tree, &who, &entry, &why)) {
		fetch_fault(asked->log->fetch, PROOF, &why);
		return false;
	}
	tree->from = LOG_FROM_PROOF;
	entry_take(asked, &entry, out);
	out->log_gap = LOG_GAP_NONE;
	out->witnesses = who.count;
	if (who.newest > asked->log->newest)
		asked->log->newest = who.newest;
	return true;
}
