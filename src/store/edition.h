/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_EDITION_H
#define HUFU_STORE_EDITION_H

#include "store/store.h"

/*
 * Editions of the site: each appends a block to the log and ends in one signed checkpoint.  The row is written before
 * anything is signed and says all that the bytes depend on, so that an edition done again comes out the same.
 */
enum edition_state {
	EDITION_PLANNED = 1, /* nothing signed yet, or not known to be */
	EDITION_SIGNED = 2,  /* its checkpoint is signed and waits for witnesses */
	EDITION_DONE = 3     /* its checkpoint is the site's */
};

struct store_edition {
	int64_t id; /* from 1 */
	enum edition_state state;
	int64_t at; /* Unix seconds: iat of its status shards; ascending from edition to edition */
	int64_t batch; /* whose documents it brings; 0: none */
	int64_t first; /* size of the log before it */
	int64_t size;  /* and after it; 0 while planned */
	unsigned char root[HASH_SIZE];
	bool all_shards;  /* every shard is signed anew */
	bool has_journal; /* the journal's head enters the log */
	unsigned char journal[HASH_SIZE];
	bool has_keys; /* a key list the log does not know yet enters it */
	int64_t keys_version;
	bool has_page; /* a build of the verifier page the log does not know yet enters it */
	unsigned char page[HASH_SIZE];
};

/* The edition that is not EDITION_DONE; there is at most one. */
bool store_edition_open(struct store *s, struct store_edition *out, bool *found,
			struct err *e) MUST_CHECK;
/* The newest one; *found is false on a new home. */
bool store_edition_last(struct store *s, struct store_edition *out, bool *found,
			struct err *e) MUST_CHECK;
/* The one before edition `id`. */
bool store_edition_before(struct store *s, int64_t id, struct store_edition *out, bool *found,
			  struct err *e) MUST_CHECK;
bool store_edition_add(struct store *s, const struct store_edition *ed, struct err *e) MUST_CHECK;
/* To SIGNED with size and root, or to DONE. */
bool store_edition_move(struct store *s, const struct store_edition *ed, struct err *e) MUST_CHECK;

/* The newest key list version that an edition brought into the log; 0: none. */
bool store_keys_logged(struct store *s, int64_t *version, struct err *e) MUST_CHECK;

/* The newest build of the page that an edition brought into the log. */
bool store_page_logged(struct store *s, unsigned char out[HASH_SIZE], bool *found,
		       struct err *e) MUST_CHECK;
/* Did an edition bring this build? */
bool store_page_known(struct store *s, const unsigned char page[HASH_SIZE], bool *yes,
		      struct err *e) MUST_CHECK;

/* One status shard as an edition signed it. */
struct store_shard {
	int64_t edition, shard, iat, idx; /* idx of its entry in the log */
	unsigned char sha256[HASH_SIZE];
};

/* Again: replaced. */
bool store_shard_add(struct store *s, const struct store_shard *shard, struct err *e) MUST_CHECK;
bool store_shard_latest(struct store *s, int64_t shard, struct store_shard *out, bool *found,
			struct err *e) MUST_CHECK;

bool store_shard_at(struct store *s, int64_t shard, int64_t iat, struct store_shard *out,
		    bool *found, struct err *e) MUST_CHECK;

/* Those of one edition, by number, in `a`. */
bool store_shards_of(struct store *s, struct arena *a, int64_t edition, struct store_shard **out,
		     size_t *count, struct err *e) MUST_CHECK;

/*
 * Shards signed by editions after the one that brought the manifest of `batch` - 1, up to and with `edition`, ascending by
 * iat, then shard; in `a`.
 */
bool store_shards_since(struct store *s, struct arena *a, int64_t batch, int64_t edition,
			struct store_shard **out, size_t *count, struct err *e) MUST_CHECK;

/* Shards of 2^15 indices in which a move of this edition changed something: numbers ascending, in `a`. */
bool store_shards_moved(struct store *s, struct arena *a, int64_t edition, int64_t **out,
			size_t *count, struct err *e) MUST_CHECK;

/* Statuses other than valid with first ≤ idx < end, ascending; row: *idx < 0 at the end. */
bool store_statuses(struct store *s, int64_t first, int64_t end, struct sql_rows **rows,
		    struct err *e) MUST_CHECK;
bool store_statuses_row(struct sql_rows *rows, int64_t *idx, int *status, struct err *e) MUST_CHECK;

/* One more than the highest idx of a document, 0 for none. */
bool store_documents_end(struct store *s, int64_t *end, struct err *e) MUST_CHECK;

#endif
