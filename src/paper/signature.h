/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_SIGNATURE_H
#define HUFU_PAPER_SIGNATURE_H

#include "base/buf.h"
#include "base/hash.h"

/*
 * An electronic seal as a PDF holds it (ISO 32000-1 §12.8, EN 319 142-1 §6.3): what its dictionary says, and the hole for
 * a CMS made when all other bytes are written.
 */
enum {
	SIGNATURE_HOLE_MIN = 64,
	SIGNATURE_HOLE_MAX = 1 << 16, /* bytes of CMS */
	SIGNATURE_PARTS_MAX = 64,     /* certificates, responses, lists, of each */
	SIGNATURE_EVIDENCE_MAX = 1 << 20
};

enum signature_form {
	SIGNATURE_CADES, /* ETSI.CAdES.detached */
	SIGNATURE_PKCS7  /* adbe.pkcs7.detached, for readers that do not know the other */
};

/* What proves the certificates (EN 319 142-1 §5.4.2, the DSS), each a DER encoding. */
struct signature_evidence {
	const struct str *certs, *ocsps, *crls;
	size_t cert_count, ocsp_count, crl_count;
};

struct signature {
	struct str name;   /* who seals, UTF-8 */
	struct str reason; /* empty: none */
	enum signature_form form;
	size_t hole; /* bytes there are for the CMS */
	bool second; /* a second seal of the document signs after this one: its field is prepared */
	struct signature_evidence evidence; /* all of it empty: no DSS */
};

/*
 * What a CMS covers of a file: [0, hole) and [behind, length), between them the hexadecimal string of /Contents with its
 * angle brackets.
 */
struct signature_space {
	size_t hole, behind, length;
};

/* False, with words, for what no document can hold: a hole or evidence out of bounds, a name that is empty. */
bool signature_check(const struct signature *s, struct err *e) MUST_CHECK;

/*
 * Append the entries of a signature dictionary but for /Reference, which the caller has put: /Type to /Contents with a
 * hole of zeros.  `range` and `hole` are where in *out /ByteRange's array and /Contents' string begin.
 */
struct signature_places {
	size_t range, hole;
};
void signature_put(struct buf *out, const struct signature *s, int64_t unix_s, int utc_offset_min,
		   struct signature_places *places);

/* Write the array of /ByteRange at `range` of a whole file. */
void signature_range(char *pdf, size_t range, const struct signature_space *space);

/* SHA-256 of what the CMS covers. */
void signature_digest(struct sha256 *h, struct str pdf, const struct signature_space *space,
		      unsigned char out[SHA256_SIZE]);

/* Write the CMS into the hole.  One that is larger leaves the file as it is: ERR_INPUT SEAL-HOLE. */
bool signature_fill(char *pdf, const struct signature_space *space, struct str cms,
		    struct err *e) MUST_CHECK;

#endif
