/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_ERR_H
#define HUFU_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* What a caller may branch on; everything else is words. */
enum err_kind {
	ERR_NONE,
	ERR_INPUT,  /* the data handed in is wrong or refused; the answer is "no" (exit 1) */
	ERR_USAGE,  /* the command line is wrong (exit 2) */
	ERR_SYSTEM, /* the machine, a file, a key, a library failed (exit 3) */
};

/*
 * Failure as a value.  Caller-owned, fixed size, no memory behind it.  A function that fails fills it once;
 * each level on the way up adds its place.  Reads as "place: pointer: cause":
 *   records.jsonl:17: /name/native: U+E863 is a private-use character; use U+4DAE
 */
struct err {
	enum err_kind kind;
	char code[40];     /* UPPER-KEBAB, documented in docs/REFUSALS.md, "" for system trouble */
	char place[256];   /* file and line, "" when none */
	char pointer[160]; /* RFC 6901 pointer inside the record, "" for none */
	char cause[512];
};

/* Each returns false, so that `return err_input(e, …);` leaves.  Control bytes in the words become '?'. */
bool err_input(struct err *e, const char *code, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool err_usage(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool err_system(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* System trouble with errno's words after ": ". */
bool err_errno(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Memory ran out while doing `what`. */
bool err_memory(struct err *e, const char *what);

/* Put a step before the pointer: err_at(e, "/name") after "/native" gives "/name/native". */
bool err_at(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Put a place before the place: err_in(e, "records.jsonl:%zu", line). */
bool err_in(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "place: pointer: cause", NUL-terminated, cut to size; returns out. */
const char *err_text(const struct err *e, char *out, size_t size);

#endif
