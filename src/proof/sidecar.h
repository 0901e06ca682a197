/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_SIDECAR_H
#define HUFU_PROOF_SIDECAR_H

#include "base/arena.h"
#include "base/buf.h"
#include "proof/merkle.h"

/*
 * C2SP tlog-proof: an inclusion proof with the checkpoint it ends in, one text file.  "c2sp.org/tlog-proof@v1",
 * "extra <base64>" when has_extra, "index <n>", one base64 hash a line, an empty line, the checkpoint verbatim.
 */
enum { SIDECAR_BYTES_MAX = 128 * 1024, SIDECAR_EXTRA_MAX = 1024 };

struct sidecar {
	bool has_extra;
	struct str extra; /* c_pdf in a document's; authenticated by nothing */
	uint64_t index;
	struct merkle_proof proof;
	struct str checkpoint; /* the whole note */
};

bool sidecar_write(struct buf *out, const struct sidecar *s, struct err *e) MUST_CHECK;

/* Read hostile bytes strictly; slices point into them and `a`.  ERR_INPUT, SIDECAR-FORM. */
bool sidecar_read(struct arena *a, struct str bytes, struct sidecar *out, struct err *e) MUST_CHECK;

#endif
