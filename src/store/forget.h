/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_FORGET_H
#define HUFU_STORE_FORGET_H

#include "store/store.h"

/* What is known of a document that is about to be forgotten. */
struct store_trace {
	unsigned char docid[DOCID_SIZE], lookup[HASH_SIZE];
	int64_t idx; /* -1: it has no place on the log */
	bool made;
	enum document_status status; /* to be once it is forgotten: a live one ends */
};

/* Every document of the member, in `a`. */
bool store_traces(struct store *s, struct arena *a, struct str member_id, struct store_trace **out,
		  size_t *count, struct err *e) MUST_CHECK;

/*
 * Inside a transaction: take member, documents and moves out of the store; of a document on the log its place and status
 * stay.  What the file held before is overwritten, not only let go of.
 */
bool store_forget(struct store *s, struct str member_id, const struct store_trace *traces,
		  size_t count, int64_t at, struct err *e) MUST_CHECK;

/* After the commit: the rollback journal still holds the pages as they were; take it away. */
bool store_forget_end(struct store *s, struct err *e) MUST_CHECK;

/* Does a record of another member name this text (the hash of a photo)? */
bool store_mentions(struct store *s, struct str text, bool *yes, struct err *e) MUST_CHECK;

/* Is the position one of a forgotten document? */
bool store_is_forgotten(struct store *s, int64_t idx, bool *yes, struct err *e) MUST_CHECK;

#endif
