/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_OFFICE_H
#define HUFU_ISSUE_OFFICE_H

#include "base/env.h"
#include "issue/forms.h"
#include "keys/officer.h"
#include "record/standing.h"
#include "store/letter.h"

/*
 * The office that answers applications for letters (docs/LETTERS.md): what it judges with.  Everything lives in the home's
 * arena till office_close.
 */
struct office {
	struct home *home; /* HOME_WRITE */
	const struct env *env;
	struct arena *arena;
	struct associations associations;
	struct profiles profiles;
	struct forms forms;
	char fingerprint[POLICY_FINGERPRINT + 1];
};

/* Read HOME/profiles.json and HOME/associations.json, compile the templates. */
bool office_open(struct home *h, const struct env *env, const char *fonts_json, struct office *out,
		 struct err *e) MUST_CHECK;
void office_close(struct office *o); /* accepts an empty one */

/* An officer at work: the key is on the roster of the home.  ERR_INPUT OFFICER-UNKNOWN. */
struct office_officer {
	struct signer *key;
	struct ed25519_public public;
	const struct roster_officer *who;
};

bool office_officer(const struct office *o, const char *key_file, struct office_officer *out,
		    struct err *e) MUST_CHECK;
void office_officer_end(struct office_officer *officer); /* accepts an empty one */

/* How far an application is, by what is signed and by the register as it is. */
enum office_stage {
	OFFICE_SUBMITTED, /* no officer has looked at it as it is now */
	OFFICE_PREPARED,  /* one officer has */
	OFFICE_APPROVED,  /* and another one: it goes out with the next tick */
	OFFICE_REFUSED,
	OFFICE_WITHDRAWN,
	OFFICE_ISSUED
};

const char *office_stage_word(enum office_stage stage);

/* One that counts: of an enrolled officer, over the case as it is, not too old. */
struct office_act {
	const struct store_act *act; /* NULL: there is none */
	const struct roster_officer *who;
	int64_t at;
};

/* An approval that counts no longer, or not yet, and its preparation: why the application is not approved. */
struct office_lapse {
	const char *
		code; /* APPROVAL-OTHER, -EXPIRED or -FUTURE of docs/REFUSALS.md; NULL: there is none */
	struct ed25519_public prepared, approved;
	unsigned char binds[HASH_SIZE];
	int64_t at;
};

/* An application and everything that bears on it, at one instant. */
struct office_case {
	struct store_letter row;
	enum office_stage stage;
	const struct request *request;
	const struct profile *profile; /* NULL: the home has no such profile any more */
	const struct member *member;   /* NULL: no record matches */
	bool unreadable;               /* then: the register's record of it was refused */
	unsigned char salt[SALT_SIZE]; /* of the member */
	bool barred; /* profile or record can be read no longer: `standing` says which, and nothing else is filled */
	struct standing_case input;
	struct standing standing; /* as of now, approval not asked for; of open applications only */
	const struct form *forms[2]; /* a language each */
	size_t form_count;
	unsigned char binding[HASH_SIZE];
	struct office_act prepared, approved;
	struct office_lapse lapse;        /* while there is no approval that counts */
	struct store_document *documents; /* that came of it */
	size_t document_count;
};

/*
 * Take an application, hufu.request/1 (hostile bytes).  The same request again is the same application (*again), with
 * other content ERR_INPUT REQUEST-CONFLICT.  Of a faulty request all faults go to *faults (starts as { 0 }) and the first
 * to *e.  *number is its number in the home.
 */
bool office_apply(struct office *o, struct str bytes, int64_t *number, bool *again,
		  struct faults *faults, struct err *e) MUST_CHECK;

/* Read application `number` as of the instant `at`.  ERR_INPUT REQUEST-UNKNOWN. */
bool office_case(struct office *o, int64_t number, int64_t at, struct office_case *out,
		 struct err *e) MUST_CHECK;

/*
 * The officer says yes: the first one has prepared it then, the second approved it.  ERR_INPUT: the code of the first
 * condition that fails, APPROVAL-ONE-OFFICER, LETTER-CLOSED, LETTER-APPROVED.
 */
bool office_approve(struct office *o, const struct office_case *c, struct office_officer *officer,
		    struct err *e) MUST_CHECK;

/* The officer says no, with a reason the member is told: `code` UPPER-KEBAB, `words` plain text. */
bool office_refuse(struct office *o, const struct office_case *c, struct office_officer *officer,
		   struct str code, struct str words, struct err *e) MUST_CHECK;

/* The member takes it back; an officer who records that signs it (NULL: nobody does). */
bool office_withdraw(struct office *o, const struct office_case *c, struct office_officer *officer,
		     struct err *e) MUST_CHECK;

/* Judge the case once more, approvals included, into *out: what issue does.  The case is as of that instant. */
bool office_decide(struct office *o, const struct office_case *c, struct standing *out,
		   struct err *e) MUST_CHECK;

/* The facts of its documents: those of the decision, issued that day, with the policy's fingerprint. */
bool office_facts(struct office *o, const struct office_case *c, const struct standing *s,
		  struct facts *out, struct err *e) MUST_CHECK;

/* Those of the facts that the form prints; ERR_INPUT FACT-MISSING for one that it needs. */
bool office_print(const struct form_info *form, const struct facts *all, struct facts *out,
		  struct err *e) MUST_CHECK;

/* Append the PDF as it would be in one language: marked as a sample, seal and code pale, the code certifying nothing. */
bool office_preview(struct office *o, const struct office_case *c, const struct form *form,
		    struct buf *pdf, struct err *e) MUST_CHECK;

#endif
