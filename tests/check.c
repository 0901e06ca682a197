/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TESTS_MAX = 2000 };

static struct {
	const char *name;
	void (*run)(void);
} tests[TESTS_MAX];
static size_t test_count;
static bool current_failed;

/* One counter for the whole process; tests that sweep are single-threaded. */
static size_t alloc_seen, alloc_fail;

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

static bool alloc_fails(void)
{
	return alloc_fail != 0 && ++alloc_seen == alloc_fail;
}

void *__wrap_malloc(size_t n)
{
	return alloc_fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return alloc_fails() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
	return alloc_fails() ? NULL : __real_realloc(p, n);
}

void check_fail_alloc(size_t nth)
{
	alloc_seen = 0;
	alloc_fail = nth;
}

size_t check_alloc_count(void)
{
	return alloc_seen;
}

void check_register(const char *name, void (*run)(void))
{
	if (test_count == TESTS_MAX)
		abort();
	tests[test_count].name = name;
	tests[test_count++].run = run;
}

bool check_that(bool ok, const char *file, int line, const char *what)
{
	if (!ok) {
		current_failed = true;
		printf("# %s:%d: %s\n", file, line, what);
	}
	return ok;
}

bool check_int(long long got, long long want, const char *file, int line, const char *what)
{
	if (got != want)
		printf("# got %lld, want %lld\n", got, want);
	return check_that(got == want, file, line, what);
}

bool check_str(struct str got, struct str want, const char *file, int line, const char *what)
{
	bool same = str_eq(got, want);

	if (!same)
		printf("# got  \"%.*s\"\n# want \"%.*s\"\n", STR_ARG(got), STR_ARG(want));
	return check_that(same, file, line, what);
}

static void bytes_print(const char *label, const unsigned char *p, size_t n)
{
	printf("# %s ", label);
	for (size_t i = 0; i < n && i < 64; i++)
		printf("%02x", p[i]);
	printf("\n");
}

bool check_bytes(const void *got, const void *want, size_t n, const char *file, int line,
		 const char *what)
{
	bool same = memcmp(got, want, n) == 0;

	if (!same) {
		bytes_print("got ", got, n);
		bytes_print("want", want, n);
	}
	return check_that(same, file, line, what);
}

bool check_ok(bool ok, const struct err *e, const char *file, int line, const char *what)
{
	char text[1024];

	if (!ok)
		printf("# %s\n", err_text(e, text, sizeof text));
	return check_that(ok, file, line, what);
}

/* Usage: a test program without arguments runs all, with words only the tests whose name contains one of them. */
static bool chosen(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strstr(name, argv[i]) != NULL)
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	size_t passed = 0, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < test_count; i++) {
		if (!chosen(tests[i].name, argc, argv))
			continue;
		current_failed = false;
		tests[i].run();
		check_fail_alloc(0);
		printf("%sok %zu - %s\n", current_failed ? "not " : "", passed + failed + 1,
		       tests[i].name);
		*(current_failed ? &failed : &passed) += 1;
	}
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
