/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_DOCUMENT_H
#define HUFU_ISSUE_DOCUMENT_H

#include "form/form.h"
#include "issue/home.h"
#include "issue/sealing.h"
#include "keys/officer.h"
#include "proof/leaf.h"
#include "proof/token.h"

/*
 * One planned document made real: facts → token → page → commitments.  A pure function of the planned row, the home's
 * keys and the template: a document that is made again has the same bytes.
 */
struct document_order {
	const struct home *home;
	const struct form *form;
	const struct store_document *row; /* docid, member_id, type, idx, lang */
	const struct facts *facts;
	struct str photo;                  /* the file the fact photo_sha256 names; empty: none */
	unsigned char salt[SALT_SIZE];     /* of the member */
	int64_t as_of;                     /* Unix seconds: CreationDate and day of issue */
	const struct officer_proof *proof; /* of a letter: what officers said; else NULL */
	struct sealing_hand *hand;         /* the home seals; else NULL */
	struct str kept; /* its file from before an interruption, sealed and durable; empty: none */
};

/* What a document leaves behind for log and lookup. */
struct document_proof {
	struct leaf leaf;
	unsigned char token[TOKEN_BYTES_MAX];
	size_t token_size;
	bool sealed; /* `seal` is its seal, unless `kept` was kept */
	struct sealing_done seal;
};

/* Append the PDF to *pdf; *proof commits to it.  Thread-safe with a desk of the thread's own. */
bool document_make(struct form_desk *desk, const struct document_order *order, struct buf *pdf,
		   struct document_proof *proof, struct err *e) MUST_CHECK;

/* The facts of a row's canonical JSON; strings live in the arena.  On the thread that decodes JSON. */
bool document_facts(struct arena *a, struct str json, struct facts *out, struct err *e) MUST_CHECK;

/* "XXXX-XXXX-XXXX-XXXX.pdf", and the folder of HOME/documents it stands in ("XX"). */
enum { DOCUMENT_NAME = 32, DOCUMENT_FOLDER = 3 };
void document_name(const unsigned char docid[DOCID_SIZE], char name[DOCUMENT_NAME],
		   char folder[DOCUMENT_FOLDER]);

#endif
