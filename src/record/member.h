/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_MEMBER_H
#define HUFU_RECORD_MEMBER_H

#include "base/civil.h"
#include "base/hash.h"
#include "record/associations.h"
#include "record/faults.h"
#include "record/shape.h"
#include "json/json.h"

/* The words of hufu.member/1 in the order of its JSON Schema; 0 is absent. */
enum member_class { MEMBER_CLASS_ABSENT, MEMBER_PRACTISING, MEMBER_NON_PRACTISING };

enum member_status {
	MEMBER_STATUS_ABSENT,
	MEMBER_ACTIVE,      /* 有效 */
	MEMBER_SUSPENDED,   /* 暂停执业 */
	MEMBER_LAPSED,      /* 年检未过、欠费 */
	MEMBER_RESIGNED,    /* 退会 */
	MEMBER_CANCELLED,   /* 注销注册 */
	MEMBER_ANNULLED,    /* 撤销注册: neutral unless the reason is fraud; never "revoked" */
	MEMBER_REVOKED,     /* 吊销证书, a penalty */
	MEMBER_EXPELLED,    /* 除名 */
	MEMBER_TRANSFERRED, /* 转会, class conversion */
	MEMBER_DECEASED,    /* 死亡 */
};

enum member_reason {
	MEMBER_REASON_ABSENT,
	MEMBER_LEFT_PRACTICE,
	MEMBER_INCAPACITY,
	MEMBER_CONVICTION,
	MEMBER_PENALTY,
	MEMBER_STOPPED_PRACTISING,
	MEMBER_FRAUD,
	MEMBER_ANNUAL_CHECK,
	MEMBER_ARREARS,
	MEMBER_REQUEST,
	MEMBER_OTHER,
};

enum member_sex { MEMBER_SEX_ABSENT, MEMBER_MALE, MEMBER_FEMALE, MEMBER_SEX_X };
enum member_source {
	MEMBER_SOURCE_ABSENT,
	MEMBER_FROM_PASSPORT,
	MEMBER_DECLARED,
	MEMBER_FROM_REGISTER
};
enum member_route {
	MEMBER_ROUTE_ABSENT,
	MEMBER_BY_EXAM,
	MEMBER_BY_ASSESSMENT,
	MEMBER_BY_CONVERSION,
	MEMBER_BY_MUTUAL
};
enum member_check {
	MEMBER_CHECK_ABSENT,
	MEMBER_CHECK_PASSED,
	MEMBER_CHECK_DEFERRED,
	MEMBER_CHECK_FAILED,
	MEMBER_CHECK_PENDING,
	MEMBER_CHECK_NOT_REQUIRED
};
enum member_pending {
	MEMBER_PENDING_ABSENT,
	MEMBER_PENDING_NONE,
	MEMBER_PENDING_OPEN,
	MEMBER_PENDING_NOT_DISCLOSED
};
enum member_sanction {
	MEMBER_SANCTION_ABSENT,
	MEMBER_WARNING,
	MEMBER_REPRIMAND,
	MEMBER_CRITICISM,
	MEMBER_FINE,
	MEMBER_SUSPENSION,
	MEMBER_REVOCATION,
	MEMBER_EXPULSION,
	MEMBER_SANCTION_OTHER
};

/*
 * Below: an absent string has n == 0, an absent date year == 0, an absent object is NULL.  Enums are held as int, for
 * one table fills them all.
 */
struct member_latin {
	struct str full, surname, given; /* as given; a name without surname is never split */
	int source;                      /* enum member_source */
};

struct member_former {
	struct str native, latin;
	struct civil until;
};

struct member_name {
	struct str native;
	const struct member_latin *latin;
	const struct member_former *former;
	size_t former_count;
};

struct member_photo {
	struct str path; /* relative to the feed's folder, no ".." */
	struct str sha256_hex;
	unsigned char sha256[SHA256_SIZE];
};

struct member_association {
	struct str code, name_zh, name_en;
};

struct member_admission {
	struct civil date;
	struct str approval_no;
	int route; /* enum member_route */
};

struct member_practice {
	struct civil since;
	struct str firm_zh, firm_en, firm_code;
	int audit_rights; /* enum answer */
};

struct member_qualification {
	struct str exam_cert_no;
	int64_t passed_year; /* 0 when absent */
};

struct member_annual_check {
	int64_t year;
	int result; /* enum member_check */
	struct civil date;
};

struct member_cpd {
	struct str period;
	double hours;  /* 0 when absent */
	int compliant; /* enum answer */
};

struct member_restriction {
	struct str text_en, text_zh;
	struct civil from, until;
};

struct member_finding {
	struct civil date;
	int sanction; /* enum member_sanction */
	struct str text_en;
	struct civil ends;
	int disclosable; /* enum answer */
};

struct member_discipline {
	int64_t checked_at; /* Unix seconds */
	int pending;        /* enum member_pending */
	const struct member_finding *findings;
	size_t finding_count;
};

struct member_history {
	struct civil from, to;
	int status; /* enum member_status */
	int class;  /* enum member_class */
	struct str member_no, association;
};

/* One record of hufu.member/1, checked; everything lives in the arena it was read into. */
struct member {
	struct str member_id;
	int64_t rev;
	int64_t updated_at; /* Unix seconds */
	struct str member_no;
	int class;         /* enum member_class */
	int status;        /* enum member_status */
	int status_reason; /* enum member_reason */
	struct civil status_since;
	const struct member_name *name;
	int sex; /* enum member_sex */
	struct civil birth_date;
	const struct member_photo *photo;
	const struct member_association *association_given;
	const struct member_admission *admission;
	const struct member_practice *practice;
	const struct member_qualification *qualification;
	const struct member_annual_check *annual_check;
	const struct member_cpd *cpd;
	struct civil dues_paid_through;
	const struct member_restriction *restrictions;
	size_t restriction_count;
	const struct member_discipline *discipline;
	const struct member_history *history;
	size_t history_count;

	const struct association
		*association; /* the register's entry; NULL without rules->associations */
	struct str canonical; /* canonical JSON of the normalised record */
	unsigned char hash[SHA256_SIZE]; /* record hash (proof.md §1): SHA-256 of canonical */
	struct remarks notes;
	/*
	 * Characters that must not be printed, in the record of a member whose status calls for no certificate: the
	 * status takes effect all the same.  No document may be drawn from such a record; each is among the notes too.
	 */
	struct faults unprintable;
};

struct member_rules {
	const struct associations *associations; /* NULL: codes are not looked up */
	struct civil as_of; /* latest possible day of admission; year 0: not checked */
};

/* The table of hufu.member/1, for those who build records (import). */
extern const struct shape member_shape;

/*
 * Decode a record: every rule of the JSON Schema, real days, RFC 3339, names, admission not after as_of, association
 * known.  Characters that must not be printed are a fault while the status is active.  All faults go to *faults (starts as { 0 }); a refusal returns false with the first of them in *e.  ERR_SYSTEM
 * when memory ran out.
 */
bool member_read(struct arena *a, const struct json *record, const struct member_rules *rules,
		 const struct member **out, struct faults *faults, struct err *e) MUST_CHECK;

/* The member_id of any JSON value when it holds a well-formed one, else the empty string: for reports of refusals. */
struct str member_id_of(const struct json *record);

/* The schema's word ("non_practising"), "" for 0 or a value out of range. */
const char *member_class_word(int class);
const char *member_status_word(int status);
const char *member_reason_word(int reason);
const char *member_sanction_word(int sanction);

#endif
