/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_SEALCONFIG_H
#define HUFU_ISSUE_SEALCONFIG_H

#include "paper/signature.h"
#include "seal/sealer.h"
#include "json/json.h"

/*
 * How a home seals: the member "seal" of hufu.json (docs/SEAL.md).  Paths are inside the home, but for a token's library:
 *
 *   {"level": "B-LT", "form": "cades", "reason": "…", "tsa": {"url": "…", "certs": "keys/seal/tsa.pem", "policy": "1.2.3",
 *    "gap_ms": 20},
 *    "national": SEAL, "local": {"SX99": SEAL, "*": SEAL}}
 *   SEAL: {"certs": "keys/seal/national.pem", "pem"|"pkcs12": "keys/seal/national.key", "pin_file": "…"}
 *      or {"certs": "…", "pkcs11": "/usr/lib/…/module.so", "token": "…", "label": "…", "pin_file": "…"}
 */
enum { SEALCONFIG_LOCALS_MAX = 64 };

struct sealconfig_seal {
	struct str
		code; /* of the association; "*" for those without one of their own; of the national seal empty */
	enum sealkey_kind kind;
	struct str certs, path, module, token, label, pin_file; /* n == 0 when absent */
};

struct sealconfig {
	bool seals; /* false: the home does not */
	enum seal_level level;
	enum signature_form form;
	struct str reason;
	struct str tsa_url, tsa_certs, tsa_policy;
	int64_t tsa_gap_ms; /* least time between two questions to the time stamp service */
	struct sealconfig_seal national;
	struct sealconfig_seal *locals;
	size_t local_count;
};

/* Decode root's member "seal" into the arena; absent: *out says so.  Faults have code CONFIG or JSON-… and their place. */
bool sealconfig_read(struct arena *a, const struct json *root, struct sealconfig *out,
		     struct err *e) MUST_CHECK;

/* Append "seal": {…}, on a line of its own, nothing for a home that does not seal: what sealconfig_read takes back. */
void sealconfig_write(struct buf *out, const struct sealconfig *c);

#endif
