/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_REQUEST_H
#define HUFU_RECORD_REQUEST_H

#include <stdint.h>

#include "base/hash.h"
#include "record/faults.h"
#include "record/term.h"
#include "json/json.h"

/* The words of hufu.request/1 in the order of its JSON Schema; 0 is absent. */
enum request_document { REQUEST_DOCUMENT_ABSENT, REQUEST_GOOD_STANDING, REQUEST_STATUS_STATEMENT };

enum request_language { REQUEST_LANGUAGE_ABSENT, REQUEST_EN, REQUEST_ZH, REQUEST_BOTH };

enum request_delivery {
	REQUEST_DELIVERY_ABSENT,
	REQUEST_TO_MEMBER,
	REQUEST_TO_RECIPIENT,
	REQUEST_TO_BOTH
};

/* What a letter tells; consent names what it covers, `include` asks for more than every letter tells. */
enum request_item {
	REQUEST_ITEM_ABSENT,
	REQUEST_DOB,
	REQUEST_FIRM,
	REQUEST_EXAM,
	REQUEST_CPD,
	REQUEST_HISTORY,
	REQUEST_STANDING,   /* membership, its dates, good standing: every letter */
	REQUEST_DISCIPLINE, /* findings by name */
	REQUEST_PENDING,    /* whether a proceeding is open */
};
enum { REQUEST_ITEMS = REQUEST_PENDING + 1 };

/* Items in an `unsigned`, a bit each. */
#define REQUEST_BIT(item) (1u << (item))

/* Whom the letter is for, as printed above it. */
struct request_line {
	struct str text;
};

struct request_recipient {
	struct str name; /* the line "Addressed to" */
	const struct request_line *lines;
	size_t line_count;
	struct str country, email, their_ref; /* n == 0 when absent */
};

struct request_consent {
	int64_t given_at; /* Unix seconds */
};

/*
 * One application for a letter, checked; everything lives in the arena it was read into.  It holds what a member may
 * ask for and nothing an officer does: who prepared and who approved stands in the journal.
 */
struct request {
	struct str
		request_id; /* the sender's own: the same id with the same content is the same request */
	struct str member_id;
	int document;                              /* enum request_document */
	const struct request_recipient *recipient; /* NULL: to whom it may concern */
	struct str profile;                        /* id of a recipient profile */
	int language;                              /* enum request_language */
	struct str purpose;                        /* n == 0 when absent */
	int delivery;                              /* enum request_delivery */
	int valid_for;                             /* enum term: shorter than the profile's */
	unsigned include;                          /* REQUEST_BITs, DOB to HISTORY */
	const struct request_consent *consent;     /* NULL: none recorded */
	unsigned scope;                            /* REQUEST_BITs the consent covers */

	struct str canonical; /* canonical JSON of the normalised request */
	unsigned char hash[SHA256_SIZE];
	struct remarks notes;
};

/*
 * Decode a request: every rule of the JSON Schema, and texts that can be printed.  An approval or any other key the
 * format does not have is JSON-UNKNOWN-KEY.  All faults go to *faults (starts as { 0 }); a refusal returns false with
 * the first of them in *e.  ERR_SYSTEM when memory ran out.
 */
bool request_read(struct arena *a, const struct json *root, const struct request **out,
		  struct faults *faults, struct err *e) MUST_CHECK;

/* The schema's word ("good_standing", "dob"), "" for 0 or a value out of range. */
const char *request_document_word(int document);
const char *request_item_word(int item);

#endif
