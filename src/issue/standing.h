/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_STANDING_H
#define HUFU_ISSUE_STANDING_H

#include "base/env.h"
#include "issue/home.h"
#include "store/move.h"

/* What an officer does to documents that are out, by hand (product.md: revoke, suspend, reinstate). */
enum standing_act { STANDING_REVOKE, STANDING_SUSPEND, STANDING_REINSTATE };

struct standing_order {
	struct home *home; /* HOME_WRITE; nothing is signed here */
	const struct env *env;
	enum standing_act act;
	const unsigned char *docid; /* DOCID_SIZE bytes, or NULL: every document of `member` */
	struct str member;
	struct str reason; /* a reason code of product.md; for reinstate empty */
	bool only;         /* this document alone, though the reason is the member's */
};

/* One document the order would touch. */
struct standing_change {
	unsigned char docid[DOCID_SIZE];
	struct str form, lang;
	enum document_status was, status; /* to be before the order, and after it */
	bool take_back;                   /* what waited is taken back: the site never knew */
};

struct standing_plan {
	struct str member;
	struct standing_change *changes;
	size_t count;
};

/* True for a reason code of product.md. */
bool standing_reason(struct str reason) MUST_CHECK;

/*
 * What the order comes to.  Reasons that are the member's (penalty, expelled, fraud, resigned, cancelled, deceased, lapsed,
 * annulled) take every live document of the member, in all languages, unless order->only.  ERR_INPUT: DOCUMENT-UNKNOWN,
 * MEMBER-UNKNOWN, MOVE-NOT-ALLOWED when not one document can make the move.  Results live in the home's arena.
 */
bool standing_plan(const struct standing_order *order, struct standing_plan *out,
		   struct err *e) MUST_CHECK;

/* Do it, all of it or nothing, with one journal line a document.  It takes effect with the next publish. */
bool standing_apply(const struct standing_order *order, const struct standing_plan *plan,
		    struct err *e) MUST_CHECK;

#endif
