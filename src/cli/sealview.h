/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_SEALVIEW_H
#define HUFU_CLI_SEALVIEW_H

#include "base/buf.h"
#include "proof/verdict.h"
#include "seal/check.h"

/* What hufu verify --seal looks for, and how it is told. */
struct sealview {
	struct buf roots; /* PEM */
	int64_t at;
};

/* Read the certificates a seal may end in; ERR_SYSTEM when there are none in the file. */
bool sealview_open(const char *path, int64_t at, struct sealview *out, struct err *e) MUST_CHECK;
void sealview_free(struct sealview *v); /* accepts an empty one */

/* Check the seals of a PDF; the report lives in `keep`.  Any number of threads may ask at once. */
bool sealview_check(const struct sealview *v, struct arena *keep, struct str pdf,
		    struct check_report **out, struct err *e) MUST_CHECK;

/* What the verdict says of the file, where the issuer published its hash, is check 18. */
void sealview_record(struct check_report *r, enum file_state file);

/* Lines for the reader; a JSON object, null without a report; "holds", a code, or nothing. */
void sealview_words(struct buf *out, const struct check_report *r, bool chinese);
void sealview_json(struct buf *out, const struct check_report *r);
const char *sealview_code(const struct check_report *r);

#endif
