/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_CHECK_H
#define HUFU_SEAL_CHECK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"

/*
 * Is a PDF what its seal says?  Twenty checks over hostile bytes, each with a code of its own (docs/SEAL-PDF.md); stricter
 * than a viewer, for only what this program writes passes.  Nothing is fetched: what proves the certificates comes with
 * the file.
 */
enum check_code {
	CHECK_NONE,
	CHECK_FRAME,     /*  1 SEAL-FRAME: %PDF- first, %%EOF last */
	CHECK_TABLES,    /*  2 SEAL-TABLES: revisions, tables and objects are those written by us */
	CHECK_RANGE,     /*  3 SEAL-RANGE: /ByteRange is of one whole revision */
	CHECK_GAP,       /*  4 SEAL-GAP: what it leaves out is this signature's /Contents alone */
	CHECK_PADDING,   /*  5 SEAL-PADDING: one DER value, then zeros */
	CHECK_CMS,       /*  6 SEAL-CMS: SignedData, detached, one signer */
	CHECK_SIGNATURE, /*  7 SEAL-SIGNATURE: digest, certificate hash and signature are right */
	CHECK_ALGORITHM, /*  8 SEAL-ALGORITHM: SHA-2, RSA from 2048 bits, ECDSA */
	CHECK_TIME_ATTRIBUTE, /*  9 SEAL-SIGNING-TIME: none where PAdES forbids it */
	CHECK_PATH,           /* 10 SEAL-PATH: a certificate for sealing, valid when it sealed */
	CHECK_REVOCATION,     /* 11 SEAL-REVOCATION: none of the certificates was revoked */
	CHECK_STAMP, /* 12 SEAL-STAMP: the time stamp is of this signature, and of a service's */
	CHECK_CERTIFIED, /* 13 SEAL-CERTIFIED: the first seal certifies the document */
	CHECK_LATER,     /* 14 SEAL-LATER: nothing follows but the second seal that was foreseen */
	CHECK_CONTENT,   /* 15 SEAL-CONTENT: no later revision touches what pages show */
	CHECK_HIDDEN, /* 16 SEAL-HIDDEN: no script, layer, form or file hidden, no object unused */
	CHECK_WIDGET, /* 17 SEAL-WIDGET: the seal is seen where it stands */
	CHECK_RECORD, /* 18 SEAL-RECORD: the file is the one the issuer published */
	CHECK_STRANGER, /* 19 SEAL-STRANGER: the path ends in an anchor of ours */
	CHECK_LIMITS,   /* 20 SEAL-LIMITS: no larger and no deeper than a document of ours */
	CHECK_CODES
};

enum check_outcome {
	CHECK_OPEN, /* not reached, or nothing there to decide it by */
	CHECK_PASSED,
	CHECK_FAILED
};

/* EN 319 142-1 §6: the bare signature; with a time stamp; with what proves its certificates. */
enum check_level { CHECK_B_B, CHECK_B_T, CHECK_B_LT };

enum { CHECK_SEALS_MAX = 2, CHECK_WORDS_MAX = 240, CHECK_NAME_MAX = 192 };

struct check_plan {
	/*
	 * PEM: certificates a seal's path may end in.  Where those are of an authority that certifies others too, the seals'
	 * own certificates stand with them, and no other seal is ours.
	 */
	struct str anchors;
	struct str tsa_anchors; /* the same of a time stamp's; empty: `anchors` */
	int64_t at;             /* Unix seconds: the time of asking */
	enum check_level level; /* what the issuer seals with: less fails */
	const unsigned char
		*file_sha256; /* what the issuer published of the whole file; NULL: unknown */
};

struct check_finding {
	enum check_outcome outcome;
	char words[CHECK_WORDS_MAX]; /* of a failure, or why it stays open */
};

struct check_seal {
	char who[CHECK_NAME_MAX]; /* subject of its certificate */
	char field[16];
	enum check_level level;
	int64_t claimed; /* /M */
	int64_t stamped; /* genTime; 0 without a token */
};

struct check_report {
	struct check_finding findings[CHECK_CODES];
	struct check_seal seals[CHECK_SEALS_MAX];
	size_t seal_count;
	enum check_code
		failed; /* the first check that failed; CHECK_NONE: none did, and there is a seal */
};

/*
 * A file without any seal fails CHECK_CERTIFIED.  False only for trouble of ours: anchors that cannot be read, memory.
 */
bool check_run(struct arena *a, struct str pdf, const struct check_plan *plan,
	       struct check_report *out, struct err *e) MUST_CHECK;

/* "SEAL-FRAME", … */
const char *check_name(enum check_code code);

/* "B-B", "B-T", "B-LT" */
const char *check_level_name(enum check_level level);

#endif
