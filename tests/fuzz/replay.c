/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hand every file of the folders named to a fuzz target, under any compiler: a corpus is an ordinary test.  Prints a
 * line before each file, so that the one that crashes is the last one named.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

enum { FILE_BYTES_MAX = 1 << 24, PATH_BYTES_MAX = 1024, NAMES_MAX = 100000 };

static size_t replayed;

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int file_replay(const char *dir, const char *name)
{
	char path[PATH_BYTES_MAX];
	unsigned char *bytes;
	size_t n;
	FILE *in;

	if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
		return 1;
	in = fopen(path, "rb");
	bytes = malloc(FILE_BYTES_MAX);
	if (in == NULL || bytes == NULL) {
		perror(path);
		free(bytes);
		if (in != NULL)
			fclose(in);
		return 1;
	}
	n = fread(bytes, 1, FILE_BYTES_MAX, in);
	fclose(in);
	printf("# %s (%zu bytes)\n", path, n);
	fflush(stdout);
	/* A block of exactly n bytes, so that the sanitizer sees a read behind the end. */
	unsigned char *exact = malloc(n > 0 ? n : 1);
	if (exact == NULL) {
		free(bytes);
		return 1;
	}
	memcpy(exact, bytes, n);
	free(bytes);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	printf("ok %zu - %s\n", ++replayed, name);
	return 0;
}

static int folder_replay(const char *dir)
{
	static char *names[NAMES_MAX];
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t count = 0;
	int failures = 0;

	if (d == NULL) {
		perror(dir);
		return 1;
	}
	while ((entry = readdir(d)) != NULL && count < NAMES_MAX)
		if (entry->d_name[0] != '.')
			names[count++] = strdup(entry->d_name);
	closedir(d);
	qsort(names, count, sizeof *names, by_name);
	for (size_t i = 0; i < count; i++) {
		failures += names[i] == NULL || file_replay(dir, names[i]) != 0;
		free(names[i]);
	}
	return failures;
}

int main(int argc, char **argv)
{
	int failures = 0;

	for (int i = 1; i < argc; i++)
		failures += folder_replay(argv[i]);
	if (LLVMFuzzerTestOneInput((const uint8_t *)"", 0) == 0)
		printf("ok %zu - nothing at all\n", ++replayed);
	if (replayed < 2) {
		printf("not ok %zu - the corpus holds a file\n", replayed + 1);
		failures++;
	}
	printf("%zu passed, %d failed\n", replayed, failures);
	return failures != 0;
}
