/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks text for linebreak.py: break LANGUAGE reads lines of code points in hex and writes for each, as numbers of
 * characters, where a line may end.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "text/break.h"

enum { LINE_BYTES = 4096, CHARS_MAX = 512 };

static void utf8_put(struct buf *b, unsigned long c)
{
	if (c < 0x80) {
		buf_byte(b, (unsigned char)c);
		return;
	}
	if (c < 0x800) {
		buf_byte(b, (unsigned char)(0xC0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_byte(b, (unsigned char)(0xE0 | c >> 12));
		} else {
			buf_byte(b, (unsigned char)(0xF0 | c >> 18));
			buf_byte(b, (unsigned char)(0x80 | (c >> 12 & 63)));
		}
		buf_byte(b, (unsigned char)(0x80 | (c >> 6 & 63)));
	}
	buf_byte(b, (unsigned char)(0x80 | (c & 63)));
}

static bool line_break(struct text_breaker *b, struct arena *a, const char *line, struct err *e)
{
	struct buf text = buf_empty(LINE_BYTES);
	struct text_running running = { 0 };
	struct text_breaks breaks = { 0 };
	size_t ends[CHARS_MAX], count = 0, k = 0;
	char *next;
	bool ok;

	for (unsigned long c = strtoul(line, &next, 16); next != line && count < CHARS_MAX;
	     c = strtoul(line, &next, 16)) {
		utf8_put(&text, c);
		ends[count++] = text.n;
		line = next;
	}
	running.text = buf_view(&text);
	ok = text_break_lines(b, a, &running, &breaks, e);
	for (size_t i = 0; ok && i < breaks.count; i++) {
		while (ends[k] < breaks.items[i].at)
			k++;
		printf("%s%zu", i > 0 ? " " : "", k + 1);
	}
	if (ok)
		putchar('\n');
	buf_free(&text);
	return ok;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new(64u << 20);
	struct text_breaker *b = NULL;
	struct err e = { 0 };
	char line[LINE_BYTES], words[1024];
	bool ok;

	if (argc != 2 || a == NULL) {
		fputs("usage: break LANGUAGE\n", stderr);
		return 2;
	}
	ok = text_breaker_new(argv[1], &b, &e);
	while (ok && fgets(line, sizeof line, stdin) != NULL) {
		arena_reset(a);
		ok = line_break(b, a, line, &e);
	}
	if (!ok)
		fprintf(stderr, "break: %s\n", err_text(&e, words, sizeof words));
	text_breaker_free(b);
	arena_free(a);
	return !ok;
}
