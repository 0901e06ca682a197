/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_STORE_STORE_H
#define HUFU_STORE_STORE_H

#include "store/sql.h"

/*
 * The documents ledger: members seen, batches, documents.  Intent is stored before anything is signed: a batch and its
 * documents are rows (planned) in one transaction, then files, then rows (made), then the signed manifest (done).
 */
struct store;

enum { DOCID_SIZE = 10, SALT_SIZE = 32, HASH_SIZE = 32 };

/* Open HOME/store.db; `create` makes the tables and seeds the salt generator with 32 random bytes. */
bool store_open(const char *path, struct store **out, struct err *e) MUST_CHECK;
bool store_create(const char *path, const unsigned char seed[SALT_SIZE], struct err *e) MUST_CHECK;
void store_close(struct store *s); /* accepts NULL; what was not committed never happened */

bool store_begin(struct store *s, struct err *e) MUST_CHECK;
bool store_commit(struct store *s, struct err *e) MUST_CHECK;
void store_rollback(struct store *s);

/* A member as last accepted.  Strings live in the arena of the lookup. */
struct store_member {
	struct str member_id, member_no, record; /* record: canonical JSON */
	unsigned char salt[SALT_SIZE], record_hash[HASH_SIZE];
	int64_t rev;
	bool active;
};

bool store_member_lookup(struct store *s, struct arena *a, struct str member_id,
			 struct store_member *out, bool *found, struct err *e) MUST_CHECK;

/* Insert or replace all but the salt of a member that is there. */
bool store_member_put(struct store *s, const struct store_member *m, struct err *e) MUST_CHECK;

/* A member of whom the register sent a record that was refused, and no other one; gone when one is accepted. */
bool store_refused_put(struct store *s, struct str member_id, int64_t at, struct err *e) MUST_CHECK;
bool store_refused(struct store *s, struct str member_id, bool *yes, struct err *e) MUST_CHECK;

/*
 * The next salt of the home's forward-secure generator: out = SHA-256("hufu/1/salt" ‖ 0 ‖ state), and the state moves on
 * one way.  Inside a transaction: two copies of one home draw the same salts for the same feed, and a salt that was
 * destroyed cannot be drawn again.
 */
bool store_salt(struct store *s, unsigned char out[SALT_SIZE], struct err *e) MUST_CHECK;

/* A note of the home to itself, by name (letters); replaced when there. */
bool store_note_put(struct store *s, struct str name, struct str value, struct err *e) MUST_CHECK;
bool store_note_lookup(struct store *s, struct arena *a, struct str name, struct str *value,
		       bool *found, struct err *e) MUST_CHECK;

enum batch_state { BATCH_PLANNED = 1, BATCH_MADE = 2, BATCH_SIGNED = 3, BATCH_DONE = 4 };

struct store_batch {
	int64_t id; /* from 1 */
	enum batch_state state;
	int64_t as_of; /* Unix seconds, frozen when planned */
	int64_t first_idx, slots;
	unsigned char fonts[HASH_SIZE];    /* fonts_hash of the plan */
	unsigned char manifest[HASH_SIZE]; /* of part 0, zero before BATCH_SIGNED */
};

/* The batch that is not BATCH_DONE; there is at most one. */
bool store_batch_open(struct store *s, struct store_batch *out, bool *found,
		      struct err *e) MUST_CHECK;
bool store_batch_lookup(struct store *s, int64_t id, struct store_batch *out, bool *found,
			struct err *e) MUST_CHECK;

/* The next batch's number, and the position behind the newest edition of the log. */
bool store_batch_next(struct store *s, int64_t *id, int64_t *first_idx, struct err *e) MUST_CHECK;
bool store_batch_add(struct store *s, const struct store_batch *b, struct err *e) MUST_CHECK;
bool store_batch_size(struct store *s, int64_t id, int64_t slots,
		      struct err *e) MUST_CHECK; /* once planned */
/* Every document of the batch that is still planned fails for this reason. */
bool store_batch_abandon(struct store *s, int64_t id, const struct err *why,
			 struct err *e) MUST_CHECK;
bool store_batch_move(struct store *s, int64_t id, enum batch_state state,
		      const unsigned char manifest[HASH_SIZE], struct err *e) MUST_CHECK;

/* The templates a batch was planned with: a resumed batch is made with exactly these. */
struct store_form {
	struct str form, lang;
	int64_t type, version;
	unsigned char hash[HASH_SIZE];
};

enum { BATCH_FORMS_MAX = 256 };

bool store_form_add(struct store *s, int64_t batch, const struct store_form *f,
		    struct err *e) MUST_CHECK; /* again: nothing */
bool store_forms(struct store *s, struct arena *a, int64_t batch, struct store_form **out,
		 size_t *count, struct err *e) MUST_CHECK;

enum document_state { DOCUMENT_PLANNED = 1, DOCUMENT_MADE = 2, DOCUMENT_FAILED = 3 };

/* Status values of proof.md §3. */
enum document_status {
	STATUS_VALID = 0,
	STATUS_REVOKED = 1,
	STATUS_SUSPENDED = 2,
	STATUS_SUPERSEDED = 3,
	STATUS_ENDED = 12
};

struct store_document {
	unsigned char docid[DOCID_SIZE];
	struct str member_id, form, family, lang;
	int64_t type, issue_no, batch,
		sequence; /* sequence: order of planning in the batch, from 0 */
	int64_t idx;      /* -1 until the batch's order is fixed */
	unsigned char content[HASH_SIZE];
	struct str facts; /* canonical JSON of the printed facts */
	enum document_state state;
	enum document_status status;
	/* DOCUMENT_MADE: */
	unsigned char c_token[HASH_SIZE], c_pdf[HASH_SIZE];
	struct str token;                          /* what its code carries */
	unsigned char lookup[HASH_SIZE];           /* lookup_digest of docid; written, not read */
	int64_t seal_level;                        /* 0: not sealed; 1 B-B, 2 B-T, 3 B-LT */
	int64_t seal_time;                         /* of its time stamp, Unix seconds; 0: none */
	unsigned char seal_certificate[HASH_SIZE]; /* SHA-256 of the first seal's, zeros: none */
	struct str code, pointer, message;         /* DOCUMENT_FAILED */
	bool fell_back;
};

/* Unique: docid; idx; member × form × lang × issue number. */
bool store_document_add(struct store *s, const struct store_document *d, struct err *e) MUST_CHECK;
bool store_document_place(struct store *s, const unsigned char docid[DOCID_SIZE], int64_t idx,
			  struct err *e) MUST_CHECK;
bool store_document_made(struct store *s, const struct store_document *d, struct err *e) MUST_CHECK;
bool store_document_failed(struct store *s, const unsigned char docid[DOCID_SIZE],
			   const struct err *why, struct err *e) MUST_CHECK;

bool store_document_lookup(struct store *s, struct arena *a, const unsigned char docid[DOCID_SIZE],
			   struct store_document *out, bool *found, struct err *e) MUST_CHECK;

/*
 * The live document of member × family × language, the newest: made or planned, and valid or suspended once waiting moves
 * are taken.
 */
bool store_document_live(struct store *s, struct arena *a, struct str member_id, struct str family,
			 struct str lang, struct store_document *out, bool *found,
			 struct err *e) MUST_CHECK;

/* The newest one that was made, whatever its status. */
bool store_document_newest(struct store *s, struct arena *a, struct str member_id,
			   struct str family, struct str lang, struct store_document *out,
			   bool *found, struct err *e) MUST_CHECK;

/* Every made document of a member, the newest first, as it will be once waiting moves are taken; in `a`. */
enum { STANDINGS_MAX = 4096 };

struct store_standing {
	unsigned char docid[DOCID_SIZE];
	struct str form, lang;
	enum document_status status;    /* to be */
	enum document_status published; /* as the site says */
	int64_t idx;
	int64_t type;
};

bool store_standings(struct store *s, struct arena *a, struct str member_id,
		     struct store_standing **out, size_t *count, struct err *e) MUST_CHECK;

/* Document ids and tokens whose lookup digest lies between two, ascending by it; token lent till the next row. */
bool store_lookups(struct store *s, const unsigned char first[HASH_SIZE],
		   const unsigned char last[HASH_SIZE], struct sql_rows **rows,
		   struct err *e) MUST_CHECK;
bool store_lookups_row(struct sql_rows *rows, unsigned char docid[DOCID_SIZE], struct str *token,
		       bool *end, struct err *e) MUST_CHECK;
bool store_lookups_count(struct store *s, int64_t *count, struct err *e) MUST_CHECK;

/* 1 + the highest issue number of member × form × language. */
bool store_issue_no(struct store *s, struct str member_id, struct str form, struct str lang,
		    int64_t *out, struct err *e) MUST_CHECK;

/* The planned document of a batch that follows `sequence` (-1: the first). */
bool store_document_next(struct store *s, struct arena *a, int64_t batch, int64_t sequence,
			 struct store_document *out, bool *found, struct err *e) MUST_CHECK;

/*
 * All documents of a batch in order of idx: store_documents opens, store_documents_row fills *out (strings lent till the
 * next call), store_documents_done ends.
 */
bool store_documents(struct store *s, int64_t batch, struct sql_rows **rows,
		     struct err *e) MUST_CHECK;
/* Of the same, in the same order, only what stands on the log; read by store_block_row, ended by sql_done. */
struct store_place {
	int64_t idx;
	enum document_state state;
	unsigned char c_token[HASH_SIZE], c_pdf[HASH_SIZE]; /* DOCUMENT_MADE */
};

bool store_block(struct store *s, int64_t batch, struct sql_rows **rows, struct err *e) MUST_CHECK;
bool store_block_row(struct sql_rows *rows, struct store_place *out, bool *end,
		     struct err *e) MUST_CHECK;

/* The lookup digests of a batch's made documents, in no order. */
bool store_block_lookups(struct store *s, int64_t batch, struct sql_rows **rows,
			 struct err *e) MUST_CHECK;
bool store_block_lookup(struct sql_rows *rows, unsigned char out[HASH_SIZE], bool *end,
			struct err *e) MUST_CHECK;

/* The same for every document that has a place on the log. */
bool store_documents_all(struct store *s, struct sql_rows **rows, struct err *e) MUST_CHECK;
bool store_documents_row(struct sql_rows *rows, struct store_document *out, bool *end,
			 struct err *e) MUST_CHECK;
void store_documents_done(struct sql_rows *rows); /* accepts NULL */

/* The connection, for tables of one command only (the batch's staging). */
struct sql *store_sql(struct store *s);

#endif
