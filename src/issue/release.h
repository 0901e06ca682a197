/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_RELEASE_H
#define HUFU_ISSUE_RELEASE_H

#include "base/version.h"
#include "issue/home.h"

/* Name and version of the program, as manifests name it. */
#define HUFU_PROGRAM "hufu " HUFU_VERSION

/*
 * Sign the manifest of a batch whose documents are all made or failed: parts to HOME/site/m, each with its .minisig;
 * padding where a document failed.  *part0 becomes the SHA-256 of part 0.  Same batch, same bytes.
 */
bool release_manifest(struct home *h, const struct store_batch *batch,
		      unsigned char part0[HASH_SIZE], struct err *e) MUST_CHECK;

/*
 * Copy the documents of a signed batch to `out`, each whole and durable; a file that is there with the same bytes stays.
 * Copies, not links: nothing that happens to them reaches the home.
 */
bool release_documents(struct home *h, int64_t batch, const char *out, struct err *e) MUST_CHECK;

#endif
