/* SPDX-License-Identifier: Apache-2.0 */
#include "record/name.h"

#include "base/enc.h"
#include "record/pua.h"
#include "text/unicode.h"

enum {
	NAMED_MAX = 5,       /* bad code points spelled out in one message */
	WORDS_MAX = 480,     /* bytes of a message: struct err's cause, less the end */
	DOT = 0xb7,          /* · */
	WIDE_FIRST = 0xff01, /* ！, the full-width twin of ! */
	WIDE_LAST = 0xff5e,
	WIDE_SHIFT = 0xff01 - 0x21,
};

/* Why a code point may not stand in a record. */
struct ban {
	const char *code;
	const char *words;  /* after "U+E863 " */
	uint32_t suggested; /* 0 for none */
};

static bool middle_dot_like(uint32_t c)
{
	return c == 0x2022 || c == 0x2219 || c == 0x30fb || c == 0xff0e || c == '.' ||
	       c == 0x2027 || c == 0x0387;
}

/* Stands in exports for a character that the sending system could not write. */
static bool placeholder(enum name_kind kind, uint32_t c)
{
	if (c == 0xfffd || c == 0xfffc || c == 0x25a1)
		return true;
	if (kind == NAME_TEXT)
		return false;
	return c == '?' || c == '*' || c == 0xff1f || c == 0xff0a || c == 0x3013 ||
	       (c >= 0x2ff0 && c <= 0x2fff);
}

static struct ban ban_of_class(uint32_t c)
{
	if (text_is_private(c))
		return (struct ban){ "PRIVATE-USE", "is a private-use character", pua_assigned(c) };
	if (text_is_bidi_control(c))
		return (struct ban){ "BIDI-CONTROL", "turns the writing direction; remove it", 0 };
	if (text_is_variation_selector(c))
		return (struct ban){ "VARIATION-SELECTOR", "is a variation selector; remove it",
				     0 };
	if (text_is_invisible(c))
		return (struct ban){ "INVISIBLE", "is an invisible character; remove it", 0 };
	if (text_class(c) == TEXT_CONTROL)
		return (struct ban){ "CONTROL", "is a control character; remove it", 0 };
	if (text_class(c) == TEXT_FORMAT)
		return (struct ban){ "INVISIBLE", "is an invisible character; remove it", 0 };
	if (!text_assigned(c))
		return (struct ban){ "UNASSIGNED", "is not a character of Unicode 15", 0 };
	return (struct ban){ 0 };
}

/* What a compatibility ideograph turns into under NFC; 0 when it stays. */
static bool unified_form(struct arena *a, uint32_t c, uint32_t *unified, struct err *e)
{
	char bytes[8];
	struct buf b = { .p = bytes, .cap = sizeof bytes, .max = sizeof bytes };
	struct str nfc;

	enc_put_utf8(&b, c);
	if (!text_nfc(a, buf_view(&b), &nfc, e))
		return false;
	if (enc_utf8(nfc, unified) == 0 || *unified == c)
		*unified = 0;
	return true;
}

static struct ban ban_of_kind(enum name_kind kind, uint32_t c)
{
	enum text_script script = text_script(c);

	if (placeholder(kind, c))
		return (struct ban){ "PLACEHOLDER", "stands for a character that was lost", 0 };
	if (kind == NAME_TEXT)
		return (struct ban){ 0 };
	if (kind == NAME_LATIN && c >= WIDE_FIRST && c <= WIDE_LAST)
		return (struct ban){ "FULLWIDTH", "is full-width", c - WIDE_SHIFT };
	if (text_is_space(c) && c != ' ')
		return (struct ban){ "SPACE", "is a space other than U+0020", 0 };
	if (kind == NAME_LATIN && script != TEXT_SCRIPT_LATIN && script != TEXT_SCRIPT_COMMON &&
	    script != TEXT_SCRIPT_INHERITED)
		return (struct ban){ "SCRIPT", "is not of the Latin script", 0 };
	return (struct ban){ 0 };
}

static bool ban_find(struct arena *a, enum name_kind kind, uint32_t c, struct ban *ban,
		     struct err *e)
{
	*ban = ban_of_class(c);
	if (ban->code == NULL && text_is_han_compatibility(c)) {
		*ban = (struct ban){ "COMPATIBILITY", "is a compatibility ideograph", 0 };
		return unified_form(a, c, &ban->suggested, e);
	}
	if (ban->code == NULL)
		*ban = ban_of_kind(kind, c);
	return true;
}

static void ban_write(struct buf *words, uint32_t c, const struct ban *ban)
{
	buf_printf(words, "%sU+%04X %s", words->n > 0 ? "; " : "", (unsigned)c, ban->words);
	if (ban->suggested == 0)
		return;
	buf_printf(words, "; use U+%04X ", (unsigned)ban->suggested);
	enc_put_utf8(words, ban->suggested);
}

/* Every code point of `in` that must not be there, in one message. */
static bool characters_check(struct arena *a, enum name_kind kind, struct str in, struct err *e)
{
	char bytes[WORDS_MAX];
	struct buf words = { .p = bytes, .cap = sizeof bytes, .max = sizeof bytes };
	const char *code = NULL;
	size_t bad = 0;
	uint32_t c;

	for (size_t n; (n = enc_utf8(in, &c)) > 0; in = str_skip(in, n)) {
		struct ban ban;

		if (!ban_find(a, kind, c, &ban, e))
			return false;
		if (ban.code == NULL)
			continue;
		if (code == NULL)
			code = ban.code;
		if (++bad <= NAMED_MAX)
			ban_write(&words, c, &ban);
	}
	if (in.n > 0)
		return err_input(e, "JSON-ENCODING", "is not UTF-8");
	if (code == NULL)
		return true;
	if (bad > NAMED_MAX)
		return err_input(e, code, "%.*s; and %zu more", (int)words.n, words.p,
				 bad - NAMED_MAX);
	return err_input(e, code, "%.*s", (int)words.n, words.p);
}

/* The spaces and letters of a name. */
static bool edges_check(struct str in, struct err *e)
{
	bool letter = false;
	struct str rest = in;
	uint32_t c;

	if (in.p[0] == ' ' || in.p[in.n - 1] == ' ')
		return err_input(e, "SPACE", "%s with a space; remove it",
				 in.p[0] == ' ' ? "begins" : "ends");
	for (size_t n; (n = enc_utf8(rest, &c)) > 0; rest = str_skip(rest, n))
		letter = letter || text_class(c) == TEXT_LETTER || text_is_han(c);
	return letter || err_input(e, "NO-LETTER", "must hold at least one letter");
}

static void dot_note(struct buf *words, uint32_t before, uint32_t c, uint32_t after)
{
	buf_printf(words, "%sU+%04X between ", words->n > 0 ? ", " : "", (unsigned)c);
	enc_put_utf8(words, before);
	buf_c(words, " and ");
	enc_put_utf8(words, after);
	buf_c(words, " became U+00B7");
}

/* Copy `in` with the look-alikes of · between Han characters replaced; *words says which. */
static void dots_copy(struct str in, struct buf *out, struct buf *words)
{
	uint32_t before = 0, c, after;

	for (size_t n; (n = enc_utf8(in, &c)) > 0; in = str_skip(in, n)) {
		if (middle_dot_like(c) && text_is_han(before) &&
		    enc_utf8(str_skip(in, n), &after) > 0 && text_is_han(after)) {
			if (words->n < WORDS_MAX)
				dot_note(words, before, c, after);
			c = DOT;
		}
		enc_put_utf8(out, c);
		before = c;
	}
}

static bool dots_unify(struct arena *a, struct str in, struct str *out, struct str *dots,
		       struct err *e)
{
	struct buf text = buf_empty(4 * in.n), words = buf_empty((size_t)2 * WORDS_MAX);
	bool ok;

	dots_copy(in, &text, &words);
	ok = buf_ok(&text, "a name", e) && buf_ok(&words, "a note", e) &&
	     arena_str(a, buf_view(&text), out, e) && arena_str(a, buf_view(&words), dots, e);
	buf_free(&text);
	buf_free(&words);
	return ok;
}

bool name_read(struct arena *a, enum name_kind kind, struct str in, struct str *out,
	       struct str *dots, struct err *e)
{
	*dots = (struct str){ 0 };
	if (in.n == 0) {
		*out = in;
		return true;
	}
	if (!characters_check(a, kind, in, e))
		return false;
	if (kind != NAME_TEXT && !edges_check(in, e))
		return false;
	if (kind == NAME_NATIVE && !dots_unify(a, in, &in, dots, e))
		return false;
	return text_nfc(a, in, out, e);
}

size_t name_length(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return count;
}
