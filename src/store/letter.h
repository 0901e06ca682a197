/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_LETTER_H
#define HUFU_STORE_LETTER_H

#include "store/store.h"

/*
 * Applications for letters: what was asked, what officers said of it, and the documents that came of it.  How far officers
 * are with one is not stored: it follows from what they signed and from the register as it is.
 */
enum letter_state {
	LETTER_OPEN = 1, /* submitted; perhaps prepared or approved */
	LETTER_REFUSED = 2,
	LETTER_WITHDRAWN = 3,
	LETTER_ISSUED = 4 /* planned in a batch at least; its documents say the rest */
};

/* "open", "refused", …: as lists and messages say it. */
const char *store_letter_word(enum letter_state state);

struct store_letter {
	int64_t number; /* from 1 */
	struct str request_id, member_id;
	unsigned char hash[HASH_SIZE]; /* of the canonical request */
	struct str request;            /* canonical JSON of hufu.request/1 */
	enum letter_state state;
	int64_t applied_at; /* Unix seconds */
	struct str code,
		words; /* LETTER_REFUSED: why; LETTER_OPEN: why its document could not be made */
	int64_t batch; /* LETTER_ISSUED */
};

/* The next number; *number is filled.  The request id is new (store_letter_find). */
bool store_letter_add(struct store *s, struct store_letter *letter, struct err *e) MUST_CHECK;

bool store_letter_lookup(struct store *s, struct arena *a, int64_t number, struct store_letter *out,
			 bool *found, struct err *e) MUST_CHECK;
bool store_letter_find(struct store *s, struct arena *a, struct str request_id,
		       struct store_letter *out, bool *found, struct err *e) MUST_CHECK;

/*
 * Those of a state (0: any) by number: the next one after `number`.  Strings live in `a`.
 */
bool store_letter_next(struct store *s, struct arena *a, enum letter_state state, int64_t number,
		       struct store_letter *out, bool *found, struct err *e) MUST_CHECK;

/* The same of the applications whose documents stand in a batch. */
bool store_letter_in(struct store *s, struct arena *a, int64_t batch, int64_t number,
		     struct store_letter *out, bool *found, struct err *e) MUST_CHECK;

/* Has the member an application, in whatever state? */
bool store_letter_of(struct store *s, struct str member_id, bool *yes, struct err *e) MUST_CHECK;

/* From LETTER_OPEN to another state, once; ERR_SYSTEM when it is not open any more. */
bool store_letter_close(struct store *s, const struct store_letter *letter,
			struct err *e) MUST_CHECK;

/* Documents of the batch that failed: their applications are open again, with the reason. */
bool store_letters_reopen(struct store *s, int64_t batch, struct err *e) MUST_CHECK;

enum { LETTER_ACTS_MAX = 64, LETTER_KEY_SIZE = 32, LETTER_SIGNATURE_SIZE = 64 };

/* What an officer signed about an application (keys/officer.h). */
struct store_act {
	struct str text;
	unsigned char signature[LETTER_SIGNATURE_SIZE];
};

/* An open application's failure is settled by it.  ERR_INPUT LETTER-ACTS past LETTER_ACTS_MAX. */
bool store_act_add(struct store *s, int64_t number, const struct store_act *act,
		   struct err *e) MUST_CHECK;
/* Oldest first, in `a`. */
bool store_acts(struct store *s, struct arena *a, int64_t number, struct store_act **out,
		size_t *count, struct err *e) MUST_CHECK;

/* A planned document is made for this application, on the strength of these two acts. */
struct store_grant {
	unsigned char docid[DOCID_SIZE];
	int64_t number;
	struct store_act prepared, approved;
};

bool store_grant_add(struct store *s, const struct store_grant *g, struct err *e) MUST_CHECK;
bool store_grant_lookup(struct store *s, struct arena *a, const unsigned char docid[DOCID_SIZE],
			struct store_grant *out, bool *found, struct err *e) MUST_CHECK;

enum { LETTER_DOCUMENTS_MAX = 64 };

/* The documents of an application in order of planning, in `a`. */
bool store_letter_documents(struct store *s, struct arena *a, int64_t number,
			    struct store_document **out, size_t *count, struct err *e) MUST_CHECK;

#endif
