/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_PROVE_H
#define HUFU_ISSUE_PROVE_H

#include "issue/home.h"

/*
 * Append the sidecar of a document (proof/sidecar.h): its inclusion under the checkpoint of HOME/site, `extra` = c_pdf.
 * ERR_INPUT: DOCUMENT-UNKNOWN, DOCUMENT-NOT-RELEASED.
 */
bool prove_document(struct home *h, const unsigned char docid[DOCID_SIZE], struct buf *out,
		    struct err *e) MUST_CHECK;

#endif
