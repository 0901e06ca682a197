/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_VERDICT_H
#define HUFU_PROOF_VERDICT_H

#include "proof/keylist.h"
#include "proof/token.h"

/* The one answer, in the order of proof.md §5: the first that applies is given. */
enum verdict_code {
	VERDICT_NOT_FOUND, /* a typed code the issuer does not know */
	VERDICT_MALFORMED,
	VERDICT_NOT_OURS,
	VERDICT_UNKNOWN_KEY,
	VERDICT_FORGED,
	VERDICT_KEY_NOT_ALLOWED,
	VERDICT_KEY_COMPROMISED,
	VERDICT_INCONSISTENT_LOG,
	VERDICT_REVOKED,
	VERDICT_SUPERSEDED,
	VERDICT_SUSPENDED,
	VERDICT_ENDED,
	VERDICT_NOT_IN_MANIFEST,
	VERDICT_ALTERED,
	VERDICT_EXPIRED,
	VERDICT_NOT_YET_VALID,
	VERDICT_NOT_FOR_YOU, /* --expect names another; after every fault of the document itself */
	VERDICT_STALE,
	VERDICT_PENDING,
	VERDICT_UNDECIDED,
	VERDICT_VALID
};
enum { VERDICT_CODES = VERDICT_VALID + 1 };

/* The five axes. */
enum authenticity {
	AUTH_NOT_CHECKED,
	AUTH_GENUINE,
	AUTH_FORGED,
	AUTH_UNKNOWN_KEY,
	AUTH_KEY_NOT_ALLOWED,
	AUTH_KEY_COMPROMISED,
	AUTH_NEEDS_LOG, /* signed by a key later compromised, below the cut: only a witnessed log tells */
	AUTH_MALFORMED,
	AUTH_NOT_OURS
};
enum status {
	STATUS_NOT_CHECKED,
	STATUS_GOOD,
	STATUS_REVOKED,
	STATUS_SUPERSEDED,
	STATUS_SUSPENDED,
	STATUS_ENDED,
	STATUS_EXPIRED,      /* by the token's own dates; never in evidence */
	STATUS_NOT_YET_VALID /* likewise */
};
enum freshness { FRESH_NOT_CHECKED, FRESH_LIVE, FRESH_CACHED, FRESH_STALE };
enum transparency {
	LOG_NOT_CHECKED,
	LOG_INCLUDED,
	LOG_PENDING,
	LOG_NOT_IN_MANIFEST,
	LOG_INCONSISTENT
};
enum file_state {
	FILE_NONE,        /* paper, picture, digits: there is no file to compare */
	FILE_NOT_CHECKED, /* a PDF, and nothing published to compare it with */
	FILE_ORIGINAL,
	FILE_ADDED_TO, /* begins with the original */
	FILE_OTHER
};

/* What was found as the code. */
enum code_state {
	CODE_TOKEN,     /* one well-formed token, or several of which one is the file's own */
	CODE_NONE,      /* nothing readable: UNDECIDED */
	CODE_NOT_OURS,  /* a code, but no Hufu token */
	CODE_MALFORMED, /* meant to be a token */
	CODE_TWO,       /* two different tokens in one target */
	CODE_TWO_OPEN, /* the same in a PDF, and it could not be seen whether one is its own: UNDECIDED */
	CODE_NOT_FOUND, /* a typed code without an entry */
	CODE_NO_LOOKUP  /* a typed code, and no way to look it up: UNDECIDED */
};

enum keylist_state {
	KEYLIST_ABSENT, /* none could be had */
	KEYLIST_BAD,    /* what was published is not signed by the pinned roots, or broken */
	KEYLIST_STALE,  /* past its expiry */
	KEYLIST_FRESH
};

/* Why a key list is KEYLIST_STALE. */
enum keylist_age {
	KEYLIST_IN_TIME,
	KEYLIST_EXPIRED,
	KEYLIST_OLDER_THAN_STATUS, /* the status list names a newer one, or another of this version */
	KEYLIST_OLDER_THAN_SEEN    /* a newer one, or another of this version, is remembered */
};

/* What the log holds at the token's idx. */
enum leaf_state {
	LEAF_NOT_CHECKED, /* `log_gap` says why */
	LEAF_INCLUDED,    /* exactly `01 c_token c_pdf` (paper: c_pdf unchecked) */
	LEAF_OTHER,       /* another entry */
	LEAF_BEYOND       /* the tree ends before idx */
};

/* Why the log could not tell. */
enum log_gap {
	LOG_GAP_NONE,
	LOG_GAP_CHECKPOINT, /* no checkpoint could be had */
	LOG_GAP_SIGNATURE,  /* what was published as checkpoint is not signed by the log */
	LOG_GAP_WITNESSES,  /* the pinned quorum of witnesses is not reached */
	LOG_GAP_TILES,      /* tiles could not be had */
	LOG_GAP_EXTENSION /* not shown to extend the tree the status list names, or the remembered one */
};

/* How what was published contradicts itself. */
enum log_fault {
	LOG_FAULT_NONE,
	LOG_FAULT_FORK,      /* two trees of one size */
	LOG_FAULT_SHRUNK,    /* a smaller tree than one already shown */
	LOG_FAULT_REWRITTEN, /* a larger tree that does not extend the smaller one */
	LOG_FAULT_TILES      /* tiles or entries that are not those of the signed root */
};

/* Who knows of a tree. */
enum log_from { LOG_FROM_SITE, LOG_FROM_MEMORY, LOG_FROM_STATUS, LOG_FROM_PROOF, LOG_FROM_KEYS };

struct log_tree {
	uint64_t size;
	unsigned char root[SHA256_SIZE];
	enum log_from from;
};

/* Was every other signed tree at hand (status list's, remembered, the proof's) shown to be one with the tree used? */
enum log_consistency { CONSISTENCY_NOT_CHECKED, CONSISTENCY_SHOWN };

/* Why the status list is stale though its own time has not run out. */
enum status_age {
	STATUS_IN_TIME,
	STATUS_OLDER_THAN_SEEN, /* a newer list of this shard is remembered */
	STATUS_AHEAD_OF_LOG     /* it names a tree larger than the one the site shows */
};

/* What the reader wanted to see (--expect); p == NULL: anything. */
struct expect {
	struct str recipient, member_no, name_native, name_latin, docid;
	unsigned type; /* 0: any */
};

/*
 * Read "recipient=Northland Board,type=letter".  Keys: recipient, type (practising, non-practising, letter, statement, a
 * template id of words_type, or 1–255), member_no, name_native, name_latin, docid (as typed).  A comma inside a value
 * stays unless what follows it is one of the keys and "=".  Slices point into text.  ERR_USAGE on anything else.
 */
bool verdict_expect_read(struct str text, struct expect *out, struct err *e) MUST_CHECK;

/* Everything known of one target.  Zero means "not known" throughout; nothing is looked up later. */
struct evidence {
	enum code_state code;
	const struct token *token; /* CODE_TOKEN */
	const struct err *fault;   /* CODE_MALFORMED: why; may be NULL */

	const struct policy *policy;     /* the pinned one; NULL: issuer unknown */
	const char *offered_fingerprint; /* of the policy the site offers; may be NULL */
	unsigned roots_changed; /* times since they were pinned; `policy` is the successor then */

	enum keylist_state keylist_state;
	enum keylist_age keylist_age;
	const struct keylist *keylist; /* STALE and FRESH */

	/* Whose signature on the token was seen to hold; NULL: verdict_of looks itself. */
	const struct keylist_key *key;

	bool canonical; /* the site is the policy's own, fetched in this call */
	enum leaf_state leaf;
	enum log_gap log_gap;
	enum log_fault log_fault;
	struct log_tree shown,
		known; /* of a fault: what is shown, what contradicts it; TILES: shown only */
	struct log_tree tree; /* signed, in which the entry was looked for; size 0: none was had */
	enum log_consistency consistency;
	unsigned quorum,
		witnesses; /* witnesses a checkpoint needs; those that cosigned the one used */

	enum file_state file;
	size_t original_length; /* FILE_ADDED_TO: length of the prefix that is the original */

	enum status status; /* the status list's word; freshness tells its age */
	enum freshness freshness;
	enum status_age status_age;
	bool remembered_revoked; /* seen revoked before: STATUS_REVOKED, whatever the list says */
	bool status_logged;      /* the list's own entry is in the log */
	bool has_list_iat;
	int64_t list_iat, list_exp; /* of the status list */

	int64_t now; /* Unix seconds: max of the device clock and the newest signed time seen */
	bool has_at;
	int64_t at; /* --at */
	bool allow_no_log;
	struct expect expect;
};

/* Finer than the code: picks the sentence. */
enum verdict_reason {
	REASON_NONE,
	REASON_NO_CODE,   /* UNDECIDED: no code could be read */
	REASON_NO_LOOKUP, /* UNDECIDED: typed code without an index */
	REASON_TWO_CODES, /* MALFORMED */
	REASON_TWO_OPEN,  /* UNDECIDED: two codes, and no log to tell which is the file's own */
	REASON_UNKNOWN_ISSUER, /* UNDECIDED: no policy pinned */
	REASON_NO_KEYLIST,     /* UNKNOWN-KEY */
	REASON_BAD_KEYLIST,    /* UNKNOWN-KEY: not signed by the pinned roots */
	REASON_STALE_KEYLIST,  /* UNKNOWN-KEY, STALE: past its expiry */
	REASON_OLDER_KEYLIST,  /* UNKNOWN-KEY, STALE: the status list names a newer one */
	REASON_KEYLIST_BACK,   /* UNKNOWN-KEY, STALE: a newer one was seen before */
	REASON_STATUS_BACK,    /* STALE: a newer status list was seen before */
	REASON_OLD_CHECKPOINT, /* STALE: the status list knows a larger tree than the site shows */
	REASON_NOT_CHECKED,    /* UNDECIDED: genuine, an axis is missing */
	REASON_NOT_WITNESSED,  /* UNDECIDED: the checkpoint lacks the pinned quorum */
	REASON_NEEDS_LOG,      /* UNDECIDED: key compromised later, inclusion not shown */
	REASON_NO_LIST_AT,     /* UNDECIDED: --at without a list of that time */
	REASON_ADDED_TO,       /* ALTERED: something was added to the original */
	REASON_OTHER_FILE,     /* ALTERED: changed, re-saved or printed again */
	REASON_LOG_FORK,       /* INCONSISTENT-LOG: two trees of one size */
	REASON_LOG_SHRUNK,     /* INCONSISTENT-LOG: smaller than one already shown */
	REASON_LOG_REWRITTEN,  /* INCONSISTENT-LOG: no extension of one already shown */
	REASON_LOG_TILES       /* INCONSISTENT-LOG: tiles or entries not of the signed root */
};

/* What was checked, or not. */
enum verdict_item {
	ITEM_SIGNATURE,    /* the code's signature under the issuer's key list */
	ITEM_KEY_LIST,     /* the key list under the pinned roots */
	ITEM_FILE,         /* the file is the one issued */
	ITEM_DATES,        /* the document's own dates */
	ITEM_STATUS,       /* not revoked, replaced, suspended, ended */
	ITEM_FRESHNESS,    /* the status is of today */
	ITEM_TRANSPARENCY, /* inclusion in the public log */
	ITEM_CONSISTENCY,  /* the log extends every earlier tree at hand */
	ITEM_WITNESSES,    /* others cosigned the log's checkpoint; quorum 0: "not witnessed" */
	ITEM_STATUS_ENTRY, /* the status list's own entry in the log */
	ITEM_EXPECTED,     /* what --expect named */
	ITEM_UNCOVERED     /* photo, sex, association, seal picture: never covered by the code */
};
enum { VERDICT_ITEMS_MAX = 12 };

struct verdict {
	enum verdict_code code;
	enum verdict_reason reason;
	enum authenticity authenticity;
	enum status status;
	enum freshness freshness;
	enum transparency transparency;
	enum file_state file;
	bool lowered;  /* VALID only because --allow no-log was given */
	bool verified; /* the signature holds: the token's fields are the issuer's words */
	enum verdict_item checked[VERDICT_ITEMS_MAX], not_checked[VERDICT_ITEMS_MAX];
	size_t checked_count, not_checked_count;
	int64_t as_of;
	const struct keylist_key *key; /* that verified; NULL when none did */
};

/* The decision: a pure function. */
struct verdict verdict_of(const struct evidence *evidence);

/* Exit code of `hufu verify`: 0 VALID; 3 UNKNOWN-KEY, STALE, PENDING, UNDECIDED; 1 the rest. */
int verdict_exit(enum verdict_code code);

/* The worse of two exit codes: 1 before 3 before 0. */
int verdict_exit_worse(int a, int b);

/*
 * One line of `hufu verify --json` (product.md), with \n.  Members: target, verdict, authenticity, status, freshness,
 * transparency, file, signed {type, docid, member_no, name_native, name_latin, admitted, issued, expires, recipient,
 * as_at, wording, class, look_back, pending}, claimed (the same fields), reason, original_length, fingerprint,
 * checked [], not_checked [], lowered, as_of, list_iat, quorum, witnesses, roots_changed, trees [{from, size, root}, …].
 * The fields stand in `signed` once the signature holds, till then in `claimed`; the other is null.  Days are YYYY-MM-DD, instants RFC 3339 in UTC, what is absent is null.
 */
void verdict_json(struct buf *out, struct str target, const struct evidence *evidence,
		  const struct verdict *verdict);

#endif
