/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_MANIFESTS_H
#define HUFU_ISSUE_MANIFESTS_H

#include "base/version.h"
#include "issue/home.h"
#include "proof/manifest.h"

/* Name and version of the program, as manifests name it. */
#define HUFU_PROGRAM "hufu " HUFU_VERSION

/* What the edition that brings a batch into the log adds to its manifest. */
struct manifests_order {
	struct home *home;
	const struct store_batch *batch; /* all documents made or failed */
	struct manifest_tree before, after;
	const struct manifest_status *status;
	size_t status_count;
};

/* Sign the manifest of a batch: parts to HOME/site/m, each with its .minisig.  Same order, same bytes. */
bool manifests_write(const struct manifests_order *order, unsigned char part0[HASH_SIZE],
		     struct err *e) MUST_CHECK;

#endif
