/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_MOVE_H
#define HUFU_STORE_MOVE_H

#include "store/store.h"

/*
 * Changes of a document's status.  A move waits until the next edition of the site takes it (proof.md §3: it takes effect,
 * and can be taken back, until the next publish); a document has at most one that waits.
 */
enum move_origin { MOVE_BY_HAND = 0, MOVE_BY_FEED = 1 };

/* "valid", "revoked", …: as lists and messages say it. */
const char *store_status_word(enum document_status status);

struct store_move {
	unsigned char docid[DOCID_SIZE];
	enum document_status was, status;
	struct str reason; /* a reason code of product.md; never published */
	enum move_origin origin;
	int64_t at;      /* Unix seconds */
	int64_t edition; /* that took it; 0: it waits */
};

/*
 * Ask for a status.  It replaces a move that waits, and nothing waits when the document has that status already.
 * ERR_INPUT, MOVE-NOT-ALLOWED, when proof.md §3 knows no such move from the status the document has on the site.
 */
bool store_move_put(struct store *s, const struct store_move *m, struct err *e) MUST_CHECK;

/* Take back what waits for the document; *found tells whether something did. */
bool store_move_take_back(struct store *s, const unsigned char docid[DOCID_SIZE], bool *found,
			  struct err *e) MUST_CHECK;

/* How many wait; forgotten documents (store/forget.h) count too. */
bool store_moves_waiting(struct store *s, int64_t *count, struct err *e) MUST_CHECK;

/*
 * Drop the waiting supersessions whose successor, planned in this batch, could not be made: the old document stays in
 * force.
 */
bool store_moves_drop_failed(struct store *s, int64_t batch, struct err *e) MUST_CHECK;

/* Give every waiting move to an edition: the documents have their new status from here on. */
bool store_moves_take(struct store *s, int64_t edition, struct err *e) MUST_CHECK;

/* The newest move of a document, waiting or taken; the reason lives in `a`. */
bool store_move_latest(struct store *s, struct arena *a, const unsigned char docid[DOCID_SIZE],
		       struct store_move *out, bool *found, struct err *e) MUST_CHECK;

#endif
