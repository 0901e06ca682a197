/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_CHECK_H
#define HUFU_TESTS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * A test is a sentence: TEST(token_with_one_bit_flipped_is_refused) { … }.  Tests register themselves; the runner in
 * check.c prints TAP and ends with "N passed, N failed".  A failed check says file:line and both values, and the
 * test goes on.  Run from the project's root.
 */
void check_register(const char *name, void (*run)(void));
bool check_that(bool ok, const char *file, int line, const char *what);
bool check_int(long long got, long long want, const char *file, int line, const char *what);
bool check_str(struct str got, struct str want, const char *file, int line, const char *what);
bool check_bytes(const void *got, const void *want, size_t n, const char *file, int line,
		 const char *what);
bool check_ok(bool ok, const struct err *e, const char *file, int line, const char *what);

#define TEST(name)                                                                                 \
	static void name(void);                                                                    \
	__attribute__((constructor)) static void name##_register(void)                             \
	{                                                                                          \
		check_register(#name, name);                                                       \
	}                                                                                          \
	static void name(void)

#define CHECK(cond) check_that((cond), __FILE__, __LINE__, #cond)
#define EQ_INT(got, want) check_int((long long)(got), (long long)(want), __FILE__, __LINE__, #got)
#define EQ_STR(got, want) check_str((got), (want), __FILE__, __LINE__, #got)
#define EQ_C(got, want) check_str(str_of(got), str_of(want), __FILE__, __LINE__, #got)
#define EQ_BYTES(got, want, n) check_bytes((got), (want), (n), __FILE__, __LINE__, #got)
/* OK(call(…, &e), e): the call must succeed; prints the error when not. */
#define OK(call, e) check_ok((call), &(e), __FILE__, __LINE__, #call)

/*
 * Fault sweep: while armed, the nth allocation of the process (from 1) fails once.  Returns how many allocations were
 * seen when disarmed.  Available where the test binary is linked with --wrap=malloc,calloc,realloc (all of them are).
 */
void check_fail_alloc(size_t nth);
size_t check_alloc_count(void);

#endif
