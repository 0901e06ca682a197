/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_INCLUSION_H
#define HUFU_PROOF_INCLUSION_H

#include "proof/gather.h"
#include "proof/leaf.h"
#include "proof/logview.h"

/* One document asked for in the log: the entry at its token's idx is exactly `01 c_token c_pdf` (paper: c_pdf unchecked). */
struct inclusion {
	struct logview *log;
	const struct gather_target *target;
	const struct token *token;
	struct leaf mine; /* of the token and the file at hand; c_pdf is zero for paper */
};

/* Everything is lent; a target that is a file has its hash. */
struct inclusion inclusion_of(struct logview *log, const struct gather_target *target,
			      const struct token *token);

/* By the site's tiles: fill leaf, log_gap, witnesses, file and, when the tiles are not the signed root's, the fault. */
void inclusion_by_tiles(const struct inclusion *asked, struct evidence *out);

/*
 * By the document's own proof: fill leaf, log_gap, witnesses and file; *tree is the signed tree it ends in.  The entry is
 * made of the token and the file at hand, else of the c_pdf the proof brings along (`extra`): for paper, and for a file that
 * is not the one issued.  False, with nothing filled: it proves nothing of this document, and the trouble is noted.
 */
bool inclusion_by_proof(const struct inclusion *asked, struct arena *a, struct log_tree *tree,
			struct evidence *out);

#endif
