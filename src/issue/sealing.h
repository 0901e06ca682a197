/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_SEALING_H
#define HUFU_ISSUE_SEALING_H

#include "base/env.h"
#include "form/form.h"
#include "issue/home.h"
#include "record/associations.h"
#include "seal/sealer.h"

/*
 * The electronic seals of a home (spec: PAdES in the PDF): the national one certifies, that of the member's association, where
 * the home holds it, signs a prepared field after it.
 */
struct sealing;

/*
 * Open keys and certificates of hufu.json's "seal"; *out is NULL when the home does not seal.  `degrade`: a document without a
 * time stamp rather than none.  After home_unlock: this process has threads from here on.
 */
bool sealing_open(struct home *h, const struct associations *associations, const struct env *env,
		  bool degrade, struct sealing **out, struct err *e) MUST_CHECK;
void sealing_free(struct sealing *s); /* accepts NULL; hands first */

/* Before each block of documents: certificates judged, time stamp and revocations asked.  No hand may be at work. */
bool sealing_prepare(struct sealing *s, struct err *e) MUST_CHECK;

/* Documents of a block: what was asked of the net holds for so many. */
enum { SEALING_BLOCK = 4096 };

/* Threads worth having when each waits for a time stamp; 0: as many as for anything else. */
int sealing_jobs(const struct sealing *s);

/* What one thread seals with. */
struct sealing_hand;
bool sealing_hand_new(const struct sealing *s, struct sealing_hand **out, struct err *e) MUST_CHECK;
void sealing_hand_free(struct sealing_hand *h); /* accepts NULL */

/* What form_draw is told of the seals of a document with these facts; lent till the next call. */
const struct signature *sealing_begin(struct sealing_hand *h, const struct facts *facts,
				      struct str language);

struct sealing_done {
	enum seal_level level;         /* the lowest of its seals */
	int64_t time;                  /* of the last time stamp token, Unix seconds; 0: none */
	unsigned char certificate[32]; /* SHA-256 of the first seal's */
};

/*
 * Seal what form_draw wrote into *pdf, which holds nothing else.  ERR_INPUT SEAL-HOLE: the hole was too small, sealing_begin
 * offers a larger one now; else ERR_SYSTEM.
 */
bool sealing_end(struct sealing_hand *h, const struct form_desk *desk, int64_t unix_s,
		 struct buf *pdf, struct sealing_done *done, struct err *e) MUST_CHECK;

#endif
