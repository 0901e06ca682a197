/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

/*
 * The input as a bundle; the same with every block's checksum mended, so that mutations reach what it guards; as a path
 * of one file.  A bundle that opens is its own files written again.
 */
static void must(bool ok)
{
	if (!ok)
		abort();
}

/* The name in a header block, as a path. */
static void path_of(const char *block, char path[270])
{
	(void)snprintf(path, 270, "/%.155s%s%.100s", block + 345, block[345] != '\0' ? "/" : "",
		       block);
}

static void check_bundle(struct bundle *b, struct str bytes)
{
	struct site site;
	struct buf data = buf_empty(bytes.n);
	unsigned char again[BUNDLE_BLOCK];
	char path[270];
	bool absent;
	struct err e;
	size_t at = 0;

	bundle_site(b, &site);
	while (bytes.n - at > BUNDLE_END) {
		path_of(bytes.p + at, path);
		buf_clear(&data);
		must(site.load(site.self, path, bytes.n, &data, &absent, &e) && !absent);
		must(bundle_header(path, data.n, again, &e));
		must(memcmp(again, bytes.p + at, BUNDLE_BLOCK) == 0);
		at += BUNDLE_BLOCK;
		must(data.n == 0 || memcmp(data.p, bytes.p + at, data.n) == 0);
		at += (data.n + BUNDLE_BLOCK - 1) / BUNDLE_BLOCK * BUNDLE_BLOCK;
		must(data.n == 0 || !site.load(site.self, path, data.n - 1, &data, &absent, &e));
	}
	must(bytes.n - at == BUNDLE_END);
	buf_free(&data);
}

static void as_bundle(struct str bytes)
{
	struct bundle *b;
	struct err e;

	if (bundle_open(bytes, &b, &e)) {
		check_bundle(b, bytes);
		bundle_close(b);
	} else {
		must(e.kind == ERR_INPUT && strcmp(e.code, "BUNDLE-FORM") == 0);
	}
}

static void as_mended(struct str bytes)
{
	char *copy = malloc(bytes.n + BUNDLE_END);
	size_t n = bytes.n / BUNDLE_BLOCK * BUNDLE_BLOCK;

	must(copy != NULL);
	if (n > 0)
		memcpy(copy, bytes.p, n);
	memset(copy + n, 0, BUNDLE_END);
	for (size_t at = 0; at < n; at += BUNDLE_BLOCK) {
		char *block = copy + at, text[8];
		unsigned sum = 0;

		if (memcmp(block + 257, "ustar", 6) != 0)
			continue;
		for (size_t i = 0; i < BUNDLE_BLOCK; i++)
			sum += i >= 148 && i < 156 ? ' ' : (unsigned char)block[i];
		(void)snprintf(text, sizeof text, "%06o", sum);
		memcpy(block + 148, text, 7);
		block[155] = ' ';
	}
	as_bundle((struct str){ copy, n });
	as_bundle((struct str){ copy, n + BUNDLE_END });
	free(copy);
}

static void as_path(struct str bytes)
{
	unsigned char one[3 * BUNDLE_BLOCK] = { 0 };
	char path[300];
	struct err e;

	(void)snprintf(path, sizeof path, "%.*s", (int)(bytes.n < 290 ? bytes.n : 290),
		       bytes.n > 0 ? bytes.p : "");
	if (bundle_header(path, 0, one, &e))
		as_bundle(str_bytes(one, sizeof one));
	else
		must(e.kind == ERR_SYSTEM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size);

	as_bundle(bytes);
	as_mended(bytes);
	as_path(bytes);
	return 0;
}
