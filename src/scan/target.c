/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/target.h"

#include <stdint.h>

#include "proof/docid.h"
#include "scan/pdfscan.h"
#include "scan/picture.h"

enum {
	WORD_MAX = 4096,      /* bytes of a link; a token has 964 digits at most */
	BARE_DIGITS_MIN = 100 /* fewer are a file name; the shortest token has some 240 */
};

static struct str trim(struct str s)
{
	while (s.n > 0 && (unsigned char)s.p[0] <= ' ')
		s = str_skip(s, 1);
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	return s;
}

/* Room for one token, or none to find. */
static bool one_token(struct arena *a, struct str digits, struct target *out)
{
	struct err e;
	out->tokens = arena_array(a, 1, sizeof *out->tokens, &e);
	if (!out->tokens)
		return false;
	out->tokens[0] = digits;
	out->token_count = 1;
	return true;
}

bool target_of_word(struct arena *a, struct str word, struct target *out)
{
	struct target t = { .kind = TARGET_TEXT };
	struct str digits, base;
	if (word.n > WORD_MAX)
		return false;
	if (token_digits_find(word, &digits, &base) &&
	    (base.n > 0 || digits.n >= BARE_DIGITS_MIN)) {
		if (!one_token(a, digits, &t))
			return false;
		t.base = base;
		*out = t;
		return true;
	}
	if (docid_read(word, t.docid, &t.docid_size)) {
		t.kind = TARGET_CODE;
		*out = t;
		return true;
	}
	return false;
}

static bool read_pdf(struct arena *a, struct target *t, struct err *e)
{
	t->kind = TARGET_PDF;
	return pdfscan_tokens(a, t->bytes, &t->tokens, &t->token_count, e) &&
	       pdfscan_prefixes(a, t->bytes, &t->prefixes, &t->prefix_count, e);
}

/* Codes that carry a token give their digits, each once; the others are counted. */
static bool read_picture(struct arena *a, struct str bytes, struct target *t, struct err *e)
{
	struct str *texts;
	size_t count;
	t->kind = TARGET_PICTURE;
	if (!picture_codes(a, bytes, &texts, &count, e))
		return false;
	t->tokens = arena_array(a, count, sizeof *t->tokens, e);
	if (!t->tokens)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct str digits, base;
		if (!token_digits_find(texts[i], &digits, &base)) {
			t->other_codes++;
			continue;
		}
		bool seen = false;
		for (size_t k = 0; k < t->token_count; k++)
			seen = seen || str_eq(t->tokens[k], digits);
		if (!seen && t->token_count == 0)
			t->base = base;
		if (!seen)
			t->tokens[t->token_count++] = digits;
	}
	return true;
}

bool target_of_bytes(struct arena *a, struct str bytes, struct target *out, struct err *e)
{
	struct target t = { .bytes = bytes };
	if (bytes.n > TARGET_BYTES_MAX)
		return err_input(e, "TARGET-TOO-LARGE", "longer than %d MiB",
				 TARGET_BYTES_MAX >> 20);
	bool ok;
	if (picture_sniff(bytes) != PICTURE_NONE)
		ok = read_picture(a, bytes, &t, e);
	else if (pdfscan_is_pdf(bytes))
		ok = read_pdf(a, &t, e);
	else if (target_of_word(a, trim(bytes), &t))
		ok = true;
	else
		ok = err_input(e, "TARGET-UNKNOWN",
			       "neither a PDF, a PNG or JPEG picture, a link, nor a document id");
	if (ok)
		*out = t;
	return ok;
}
