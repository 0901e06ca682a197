/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_CHECK_INNER_H
#define HUFU_SEAL_CHECK_INNER_H

#include <openssl/cms.h>

#include "seal/check.h"
#include "seal/pdf.h"

/* One call of check_run, shared by its files.  Private to check*.c. */

/* One signed field. */
struct check_signature {
	const struct pdf_value *field, *dictionary;
	const struct pdf_object *field_object;
	int64_t number; /* of the dictionary's object */
	size_t revision;
	size_t index; /* 0 the seal that certifies */

	size_t hole, behind, length; /* as /ByteRange has them, once CHECK_RANGE has passed */
	struct str cms;              /* the DER, once CHECK_PADDING has passed */
	bool cades;
	CMS_ContentInfo *content; /* once CHECK_CMS has passed */
	CMS_SignerInfo *signer;
	STACK_OF(X509) * certs; /* of the CMS, then of the DSS too */
	int own_certs;          /* of the CMS */
	X509 *cert;             /* the signer's; lent from `certs` */
	struct str token;       /* of the time stamp; empty: none */
};

struct check {
	struct arena *arena;
	const struct check_plan *plan;
	struct check_report *report;
	struct pdf pdf;
	struct check_signature signatures[CHECK_SEALS_MAX];
	size_t count;
	STACK_OF(X509) * roots, *tsa_roots;
};

/* Note a failure of a check; the first words stay.  Returns false. */
bool check_fail(struct check *c, enum check_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Note that a check passed, or stays open; a failure noted before stays. */
void check_pass(struct check *c, enum check_code code);
void check_leave(struct check *c, enum check_code code, const char *words);

/* check_file.c: 3, 4, 5, 13 to 17. */
bool check_space(struct check *c, struct check_signature *s);
void check_certified(struct check *c);
void check_revisions(struct check *c);
void check_hidden(struct check *c);
void check_widgets(struct check *c);

/*
 * check_shape.c: is it SignedData in DER of the shape of a seal, or of a time stamp token with its content inside, and
 * is all of it either signed or as it must be?  ERR_INPUT DER-FORM, DER-CUT.
 */
bool check_shape(struct str cms, bool token, struct err *e) MUST_CHECK;

/* check_cms.c: 6 to 9.  False when what follows has nothing to stand on. */
bool check_cms(struct check *c, struct check_signature *s);

/* check_trust.c: 10 to 12, 19. */
void check_trust(struct check *c, struct check_signature *s);

#endif
