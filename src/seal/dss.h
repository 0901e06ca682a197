/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_DSS_H
#define HUFU_SEAL_DSS_H

#include "base/arena.h"

/*
 * What goes into a PDF's document security store (ISO 32000-2 section 12.8.4.3): certificates, whole OCSPResponses and
 * CRLs, each the bytes of one stream, none twice, in the order they were added.
 */
enum dss_kind { DSS_CERT, DSS_OCSP, DSS_CRL };

enum { DSS_KINDS = 3, DSS_EACH_MAX = 32, DSS_SIZE_MAX = 256 * 1024 };

struct dss {
	struct str of[DSS_KINDS][DSS_EACH_MAX];
	size_t count[DSS_KINDS];
	size_t size; /* bytes of all */
};

/*
 * Add a copy of these bytes, living in `a`; what is there already is not added again.  SEAL-DSS-LARGE over DSS_SIZE_MAX
 * bytes or DSS_EACH_MAX of a kind.
 */
bool dss_add(struct arena *a, struct dss *d, enum dss_kind kind, struct str bytes,
	     struct err *e) MUST_CHECK;

bool dss_has(const struct dss *d, enum dss_kind kind, struct str bytes);

#endif
