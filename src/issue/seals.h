/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_SEALS_H
#define HUFU_ISSUE_SEALS_H

#include "form/seal.h"

/*
 * The seals of the associations of DIR/associations.json: drawn, or read from the art each names, a file below DIR.  An
 * association whose seal is supplied without art is ERR_INPUT SEAL-ART; else the faults of seal_open.
 */
bool seals_open(struct arena *a, const char *dir, const struct fonts *fonts, struct seals **out,
		struct err *e) MUST_CHECK;

#endif
