/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_EVIDENCE_H
#define HUFU_ISSUE_EVIDENCE_H

#include "issue/home.h"

/*
 * Write the evidence of one document to a tar file (proof/bundle.h's form): the PDF, its proof of inclusion, key list,
 * policy, checkpoint, the status shard of now with its proof, and README.txt, which says how to check each with OpenSSL,
 * minisign's relatives or any implementation of docs/FORMAT.md.  It stays checkable when neither the issuer nor this program
 * is there any more.  The file is replaced whole.  ERR_INPUT as prove_document.
 */
bool evidence_write(struct home *h, const unsigned char docid[DOCID_SIZE], const char *file,
		    struct err *e) MUST_CHECK;

#endif
