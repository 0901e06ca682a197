/* SPDX-License-Identifier: Apache-2.0 */
#include "text/unicode.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

static bool ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* UTF-16 of valid UTF-8: never more units than bytes. */
static bool utf16(struct arena *a, struct str in, UChar **out, int32_t *n, struct err *e)
{
	UErrorCode u = U_ZERO_ERROR;

	*out = arena_array(a, in.n + 1, sizeof **out, e);
	if (*out == NULL)
		return false;
	u_strFromUTF8(*out, (int32_t)in.n + 1, n, in.p, (int32_t)in.n, &u);
	if (U_FAILURE(u))
		return err_input(e, "UTF8", "the text is not valid UTF-8");
	return true;
}

static bool utf8(struct arena *a, const UChar *in, int32_t n, struct str *out, struct err *e)
{
	UErrorCode u = U_ZERO_ERROR;
	int32_t bytes = 0;
	int32_t room = 3 * n + 1; /* a UTF-16 unit is at most three bytes */
	char *p = arena_alloc(a, (size_t)room, e);

	if (p == NULL)
		return false;
	u_strToUTF8(p, room, &bytes, in, n, &u);
	if (U_FAILURE(u))
		return err_system(e, "cannot encode UTF-8: %s", u_errorName(u));
	*out = str_bytes(p, (size_t)bytes);
	return true;
}

bool text_nfc(struct arena *a, struct str in, struct str *out, struct err *e)
{
	UErrorCode u = U_ZERO_ERROR;
	const UNormalizer2 *nfc;
	UChar *raw, *composed;
	int32_t n, m;

	if (in.n > TEXT_NFC_MAX)
		return err_input(e, "TEXT-TOO-LONG", "the text has more than %d bytes",
				 TEXT_NFC_MAX);
	if (ascii(in))
		return arena_str(a, in, out, e);
	if (!utf16(a, in, &raw, &n, e))
		return false;
	nfc = unorm2_getNFCInstance(&u);
	if (U_FAILURE(u))
		return err_system(e, "ICU has no NFC data: %s", u_errorName(u));
	if (unorm2_isNormalized(nfc, raw, n, &u) && U_SUCCESS(u))
		return arena_str(a, in, out, e);
	/* NFC grows UTF-16 by at most a factor of 3 (UAX #15 §3.3, U+1D160 and its like). */
	composed = arena_array(a, 3 * (size_t)n + 1, sizeof *composed, e);
	if (composed == NULL)
		return false;
	u = U_ZERO_ERROR;
	m = unorm2_normalize(nfc, raw, n, composed, 3 * n + 1, &u);
	if (U_FAILURE(u))
		return err_system(e, "cannot normalise: %s", u_errorName(u));
	return utf8(a, composed, m, out, e);
}

enum text_class text_class(uint32_t c)
{
	static const unsigned char of[U_CHAR_CATEGORY_COUNT] = {
		[U_UNASSIGNED] = TEXT_UNASSIGNED,
		[U_UPPERCASE_LETTER] = TEXT_LETTER,
		[U_LOWERCASE_LETTER] = TEXT_LETTER,
		[U_TITLECASE_LETTER] = TEXT_LETTER,
		[U_MODIFIER_LETTER] = TEXT_LETTER,
		[U_OTHER_LETTER] = TEXT_LETTER,
		[U_NON_SPACING_MARK] = TEXT_MARK,
		[U_ENCLOSING_MARK] = TEXT_MARK,
		[U_COMBINING_SPACING_MARK] = TEXT_MARK,
		[U_DECIMAL_DIGIT_NUMBER] = TEXT_NUMBER,
		[U_LETTER_NUMBER] = TEXT_NUMBER,
		[U_OTHER_NUMBER] = TEXT_NUMBER,
		[U_SPACE_SEPARATOR] = TEXT_SEPARATOR,
		[U_LINE_SEPARATOR] = TEXT_SEPARATOR,
		[U_PARAGRAPH_SEPARATOR] = TEXT_SEPARATOR,
		[U_CONTROL_CHAR] = TEXT_CONTROL,
		[U_FORMAT_CHAR] = TEXT_FORMAT,
		[U_PRIVATE_USE_CHAR] = TEXT_PRIVATE,
		[U_SURROGATE] = TEXT_SURROGATE,
		[U_DASH_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_START_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_END_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_CONNECTOR_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_OTHER_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_INITIAL_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_FINAL_PUNCTUATION] = TEXT_PUNCTUATION,
		[U_MATH_SYMBOL] = TEXT_SYMBOL,
		[U_CURRENCY_SYMBOL] = TEXT_SYMBOL,
		[U_MODIFIER_SYMBOL] = TEXT_SYMBOL,
		[U_OTHER_SYMBOL] = TEXT_SYMBOL,
	};

	if (c > 0x10FFFF)
		return TEXT_UNASSIGNED;
	return (enum text_class)of[(unsigned char)u_charType((UChar32)c)];
}

bool text_assigned(uint32_t c)
{
	enum text_class k = text_class(c);

	return k != TEXT_UNASSIGNED && k != TEXT_SURROGATE && k != TEXT_PRIVATE;
}

static UScriptCode script_code(uint32_t c)
{
	UErrorCode u = U_ZERO_ERROR;
	UScriptCode s;

	if (c > 0x10FFFF)
		return USCRIPT_UNKNOWN;
	s = uscript_getScript((UChar32)c, &u);
	return U_FAILURE(u) ? USCRIPT_UNKNOWN : s;
}

enum text_script text_script(uint32_t c)
{
	static const struct {
		UScriptCode code;
		enum text_script script;
	} known[] = {
		{ USCRIPT_HAN, TEXT_SCRIPT_HAN },
		{ USCRIPT_LATIN, TEXT_SCRIPT_LATIN },
		{ USCRIPT_COMMON, TEXT_SCRIPT_COMMON },
		{ USCRIPT_INHERITED, TEXT_SCRIPT_INHERITED },
		{ USCRIPT_GREEK, TEXT_SCRIPT_GREEK },
		{ USCRIPT_CYRILLIC, TEXT_SCRIPT_CYRILLIC },
		{ USCRIPT_HANGUL, TEXT_SCRIPT_HANGUL },
		{ USCRIPT_HIRAGANA, TEXT_SCRIPT_KANA },
		{ USCRIPT_KATAKANA, TEXT_SCRIPT_KANA },
		{ USCRIPT_BOPOMOFO, TEXT_SCRIPT_BOPOMOFO },
		{ USCRIPT_YI, TEXT_SCRIPT_YI },
		{ USCRIPT_ARABIC, TEXT_SCRIPT_ARABIC },
		{ USCRIPT_TIBETAN, TEXT_SCRIPT_TIBETAN },
		{ USCRIPT_MONGOLIAN, TEXT_SCRIPT_MONGOLIAN },
	};
	UScriptCode code = script_code(c);

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i].code == code)
			return known[i].script;
	return TEXT_SCRIPT_OTHER;
}

const char *text_script_tag(uint32_t c)
{
	return uscript_getShortName(script_code(c));
}

static bool has(uint32_t c, UProperty property)
{
	return c <= 0x10FFFF && u_hasBinaryProperty((UChar32)c, property);
}

bool text_is_han(uint32_t c)
{
	return c == 0x3007 || has(c, UCHAR_UNIFIED_IDEOGRAPH);
}

bool text_is_han_compatibility(uint32_t c)
{
	return ((c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F)) &&
	       text_assigned(c) && !has(c, UCHAR_UNIFIED_IDEOGRAPH);
}

uint32_t text_capital(uint32_t c)
{
	return c <= 0x10FFFF ? (uint32_t)u_toupper((UChar32)c) : c;
}

bool text_is_private(uint32_t c)
{
	return text_class(c) == TEXT_PRIVATE;
}

bool text_is_bidi_control(uint32_t c)
{
	return has(c, UCHAR_BIDI_CONTROL);
}

bool text_is_invisible(uint32_t c)
{
	return has(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool text_is_variation_selector(uint32_t c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

bool text_is_space(uint32_t c)
{
	return has(c, UCHAR_WHITE_SPACE);
}

bool text_is_right_to_left(uint32_t c)
{
	UCharDirection d;

	if (c > 0x10FFFF)
		return false;
	d = u_charDirection((UChar32)c);
	return d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC;
}
