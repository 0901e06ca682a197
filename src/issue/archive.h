/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_ARCHIVE_H
#define HUFU_ISSUE_ARCHIVE_H

#include "base/err.h"

/*
 * Write the offline bundle of a site folder (proof/bundle.h): key list, policy and its successors, checkpoint, current
 * status shards with their proofs, and the tiles and entries of the checkpoint's tree.  Not in it: manifests, status
 * history, lookup buckets.  The file is replaced whole.
 */
bool archive_write(const char *site, const char *file, struct err *e) MUST_CHECK;

#endif
