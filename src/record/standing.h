/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_STANDING_H
#define HUFU_RECORD_STANDING_H

#include "proof/facts.h"
#include "record/member.h"
#include "record/profile.h"
#include "record/request.h"

/*
 * The letter decision: may the body say what is asked for, and in which of the seven wordings.  docs/LETTERS.md
 * explains conditions, codes and wordings to the officer.
 */

/* The wordings.  W1 to W3 are letters of good standing, W4 to W6 status statements, W7 a reply. */
enum standing_wording {
	STANDING_W1 = 1, /* a practising member in good standing */
	STANDING_W2, /* a non-practising member in good standing, not entitled to sign audit reports */
	STANDING_W3, /* in good standing now; every spent finding is listed */
	STANDING_W4, /* on the register, active or suspended; no statement of good standing */
	STANDING_W5, /* no longer on the register as a member, by no penalty */
	STANDING_W6, /* revoked (吊销), expelled (除名), or annulled (撤销) for fraud */
	STANDING_W7, /* no record matches */
};

enum standing_outcome { STANDING_REFUSED, STANDING_LETTER, STANDING_STATEMENT };

/* An officer's approval, as the journal has it. */
struct standing_approval {
	struct str prepared_by, approved_by; /* two different officers */
	int64_t at;                          /* Unix seconds */
	unsigned char binds[SHA256_SIZE];    /* standing_binding of what was approved */
};

struct standing_case {
	const struct member *member; /* NULL: no record matches */
	bool unreadable; /* of such a one: the register did send a record, which was refused */
	const struct request *request;
	const struct profile *profile;
	int64_t as_at;      /* Unix seconds: the instant the letter speaks of */
	int utc_offset_min; /* of the issuer's zone */
	bool issuing; /* false while it is prepared: approval is not asked for, and nothing may leave */
	const struct standing_approval *approval; /* NULL: none */
	unsigned char
		binding[SHA256_SIZE]; /* when issuing: standing_binding of the case as it is now */
	/* Goes into the binding: the member's salt, so that it means nothing once that is destroyed. */
	unsigned char nonce[SHA256_SIZE];
};

/* On which paper: what the officer who approved saw is what is printed. */
struct standing_paper {
	struct str template_id;
	uint64_t version;
	unsigned char hash[SHA256_SIZE]; /* of the compiled template, of all languages asked for */
};

enum standing_answer { STANDING_NOT_ASKED, STANDING_PASSED, STANDING_FAILED };

/* The conditions, in the order an officer reads them. */
enum standing_condition {
	STANDING_STATUS,
	STANDING_DISCIPLINE, /* the state of discipline is known, and checked at most 24 hours before */
	STANDING_SANCTION,
	STANDING_RESTRICTION,
	STANDING_LOOK_BACK,
	STANDING_PENDING,
	STANDING_ANNUAL_CHECK,
	STANDING_DUES,
	STANDING_NAME,
	STANDING_INCLUDE,
	STANDING_RECIPIENT,
	STANDING_LANGUAGE,
	STANDING_CONSENT,
	STANDING_APPROVAL,
	STANDING_CONDITIONS
};

struct standing_check {
	enum standing_answer answer;
	const char *code;   /* when it failed, of docs/REFUSALS.md; else "" */
	struct str figures; /* what was compared with what; may be empty */
};

struct standing {
	enum standing_outcome outcome;
	unsigned
		wording; /* of the letter or statement; when refused, of the statement offered, or 0 */
	struct standing_check checks[STANDING_CONDITIONS];

	/* For the signed code (ext 1 to 3, proof.md §2); days since 1970-01-01 in the issuer's zone. */
	struct str
		recipient; /* p == NULL: to whom it may concern; at most 60 bytes but in a refusal */
	int64_t as_at_min;
	unsigned class_code; /* enum member_class, 0 for W7 */
	unsigned look_back;  /* years, 0 none, 255 ever */
	unsigned pending;    /* 1: the document speaks of open proceedings */
	int64_t expires_day;

	int status; /* enum member_status it was judged by: the most restrictive of the record's */
	struct civil since; /* of that status; year 0 when not known */
	bool shortened;     /* `recipient` is the profile's short form */
	bool listed;        /* the document lists findings */
};

/*
 * Judge a case.  Every condition is evaluated and none is passed that the register does not show.  A refusal is an
 * outcome, not a failure; the same case at the same instant has the same outcome.  ERR_INPUT REQUEST-MEMBER,
 * REQUEST-PROFILE when request, record and profile are not of one another; ERR_SYSTEM when memory ran out.
 */
bool standing_decide(struct arena *a, const struct standing_case *c, struct standing *out,
		     struct err *e) MUST_CHECK;

/*
 * What an approval binds: SHA-256("hufu/1/approval" ‖ 0 ‖ canonical JSON of {form, member_id, nonce, profile, record,
 * request, rev, template, version}); form, nonce and record are hexadecimal: the paper's hash, the case's nonce, the hash of
 * the record, zeros when there is none.
 */
bool standing_binding(const struct standing_case *c, const struct standing_paper *paper,
		      unsigned char out[SHA256_SIZE], struct err *e) MUST_CHECK;

/*
 * The facts of a letter or statement, all but those of the issue itself (issued, policy_fingerprint, association):
 *   wording "W1" · as_at "2026-11-23T09:00+08:00" · expires · class · member_no · name_native · name_latin · admitted
 *   recipient, recipient_short (what the code carries, when not the former), recipient_address (rows), their_ref, purpose
 *   look_back "none", "5", "ever" · pending "covered", "silent" · findings (rows: date, sanction, end, words)
 *   in letters: dues_through · annual_check (the year passed) · audit_rights "yes", "no" (practising)
 *   in statements: status · status_since · status_reason (annulled) · proceedings "none", "open" · restrictions (rows:
 *   from, until, English, Chinese) · former_names (rows: native, Latin, until)
 *   in statements, and as asked for: history (rows: from, to, class, status, member number, association)
 *   as asked for: birth_date · firm_zh, firm_en · exam (row: certificate, year, route) · cpd (row: period, hours, "yes" or "no")
 * A fact that is not known is absent.  Rows are lines, their cells parted by tabs.  Only for outcomes other than
 * STANDING_REFUSED.
 */
bool standing_facts(struct arena *a, const struct standing_case *c, const struct standing *s,
		    struct facts *out, struct err *e) MUST_CHECK;

/* Has the register turned against what a letter or statement says, while it may still be relied on (proof.md §5)? */
enum standing_turn {
	STANDING_HOLDS,
	STANDING_ENDED, /* no longer a member, a sanction or restriction took effect, or it was there unsaid: ask again */
	STANDING_WITHDRAWN /* revoked (吊销), expelled (除名), annulled for fraud */
};

/* What the document said, from its facts. */
struct standing_said {
	bool letter;         /* of good standing; else a statement */
	struct str status;   /* the status a statement told: "suspended" */
	bool penalty;        /* a statement of wording W6 */
	int64_t look_back;   /* of a letter: years, LOOK_BACK_NONE, LOOK_BACK_EVER */
	struct str findings; /* the rows a letter lists, as standing_facts has them */
	struct civil as_at;  /* the day it spoke of */
	struct civil expires;
};

enum standing_turn standing_turned(const struct member *m, const struct standing_said *said,
				   struct civil today);

/* A record that can turn nothing: active, without findings and restrictions. */
bool standing_clean(const struct member *m);

/* The condition's word ("look_back"), as JSON and strings files name it. */
const char *standing_condition_word(enum standing_condition condition);

#endif
