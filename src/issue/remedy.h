/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_REMEDY_H
#define HUFU_ISSUE_REMEDY_H

#include "base/str.h"

/* What a registrar does about a refused record, a line each: the remedies of docs/REFUSALS.md. */
struct remedy {
	const char *code, *zh, *en;
};

/* NULL for a code whose message says it already. */
const struct remedy *remedy_lookup(struct str code);

#endif
