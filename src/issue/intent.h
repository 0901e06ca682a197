/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_INTENT_H
#define HUFU_ISSUE_INTENT_H

#include "form/form.h"
#include "issue/home.h"

/*
 * A batch while it is planned: its documents become rows with their ids, and then places on the log, all inside the
 * caller's transaction.  Nothing is signed before that is committed.
 */
struct intent {
	struct home *home; /* unlocked */
	struct store *store;
	const unsigned char *fonts; /* fonts_hash of the forms */
	int64_t as_of;              /* Unix seconds */
	int64_t batch, first_idx;   /* the row is there once the first document is */
	int64_t documents;
};

bool intent_begin(struct home *h, const unsigned char fonts[HASH_SIZE], int64_t as_of,
		  struct intent *out, struct err *e) MUST_CHECK;

/* No back-dating: a verifier refuses a document older than the key that signs it.  ERR_USAGE names --as-of. */
bool intent_allowed(const struct home *h, int64_t as_of, struct err *e) MUST_CHECK;

/* One document that is wanted. */
struct intent_document {
	struct str member_id;
	const unsigned char *salt; /* SALT_SIZE bytes, of the member */
	const struct form_info *form;
	struct str facts;             /* canonical JSON */
	const unsigned char *content; /* facts_content_hash */
	bool fell_back;
};

/* Give it its issue number and id, and store it as planned. */
bool intent_add(struct intent *i, const struct intent_document *d, unsigned char docid[DOCID_SIZE],
		struct err *e) MUST_CHECK;

/*
 * Places by the keyed permutation of the batch, in a block filled to a multiple of 8 (proof.md §3): nobody can tell a
 * document's order from its idx.  Of no documents: nothing.
 */
bool intent_end(struct intent *i, struct err *e) MUST_CHECK;

#endif
