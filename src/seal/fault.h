/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_FAULT_H
#define HUFU_SEAL_FAULT_H

#include "base/err.h"

/*
 * What keeps a seal from being made is no fault of a record: ERR_SYSTEM with a code of docs/SEAL.md, which a caller may
 * branch on.  Returns false.
 */
bool fault_raise(struct err *e, const char *code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The code of *e becomes `code`, its words stay. */
bool fault_rename(struct err *e, const char *code);

#endif
