/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_DEMOSEALS_H
#define HUFU_ISSUE_DEMOSEALS_H

#include "issue/config.h"
#include "seal/authority.h"

/*
 * A demonstration's electronic seals in KEYS/seal: a root of its own, the national seal, and one for all local associations.
 * config->seal says so, at level B-B; strings live in the arena.
 */
bool demoseals_make(struct arena *a, const char *keys_dir, enum authority_key kind, int64_t now,
		    struct config *config, struct err *e) MUST_CHECK;

#endif
