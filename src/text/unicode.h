/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TEXT_UNICODE_H
#define HUFU_TEXT_UNICODE_H

#include <stdint.h>

#include "base/arena.h"

/*
 * What the Unicode Character Database says of a code point (ICU 72: Unicode 15.0).  All calls are pure and take any
 * uint32_t; a value past U+10FFFF is unassigned.
 */

enum { TEXT_NFC_MAX = 1 << 20 }; /* bytes text_nfc takes */

/*
 * `in` in Normalization Form C (UAX #15).  Invalid UTF-8 is ERR_INPUT, code UTF8; more than TEXT_NFC_MAX bytes code
 * TEXT-TOO-LONG.  On success *out lives in `a`, NUL-terminated behind its n bytes.  Characters of CJK Compatibility
 * Ideographs change under NFC: refuse them first (text_is_han_compatibility).
 */
bool text_nfc(struct arena *a, struct str in, struct str *out, struct err *e) MUST_CHECK;

/* A character of the standard: neither unassigned, noncharacter, surrogate nor private use. */
bool text_assigned(uint32_t c);

/* General category groups (UAX #44 §5.7.1). */
enum text_class {
	TEXT_UNASSIGNED, /* Cn, noncharacters too */
	TEXT_LETTER,     /* L* */
	TEXT_MARK,       /* M* */
	TEXT_NUMBER,     /* N* */
	TEXT_PUNCTUATION,
	TEXT_SYMBOL,
	TEXT_SEPARATOR, /* Zs Zl Zp */
	TEXT_CONTROL,   /* Cc */
	TEXT_FORMAT,    /* Cf: bidi marks, joiners, soft hyphen, BOM */
	TEXT_SURROGATE,
	TEXT_PRIVATE, /* Co, all three private-use areas */
};
enum text_class text_class(uint32_t c);

/* Script property (UAX #24), the ones the documents treat differently. */
enum text_script {
	TEXT_SCRIPT_COMMON,    /* digits, punctuation, · */
	TEXT_SCRIPT_INHERITED, /* combining marks */
	TEXT_SCRIPT_HAN,
	TEXT_SCRIPT_LATIN,
	TEXT_SCRIPT_GREEK,
	TEXT_SCRIPT_CYRILLIC,
	TEXT_SCRIPT_HANGUL,
	TEXT_SCRIPT_KANA, /* Hiragana and Katakana */
	TEXT_SCRIPT_BOPOMOFO,
	TEXT_SCRIPT_YI,
	TEXT_SCRIPT_ARABIC, /* Uyghur, Kazakh */
	TEXT_SCRIPT_TIBETAN,
	TEXT_SCRIPT_MONGOLIAN,
	TEXT_SCRIPT_OTHER,
};
enum text_script text_script(uint32_t c);

/* The ISO 15924 code of the script ("Hani", "Latn", "Zyyy"), four letters and NUL. */
const char *text_script_tag(uint32_t c);

/* A Chinese character as names use it: script Han and a unified ideograph, or U+3007 〇. */
bool text_is_han(uint32_t c);

/* CJK Compatibility Ideographs: they turn into another character under NFC (not the 12 unified ones of U+FAxx). */
bool text_is_han_compatibility(uint32_t c);

bool text_is_private(uint32_t c);

/* Controls of the bidirectional algorithm: U+061C, U+200E–F, U+202A–E, U+2066–9. */
bool text_is_bidi_control(uint32_t c);

/* Draws nothing (Default_Ignorable_Code_Point): joiners, zero-width space, variation selectors, tags, fillers, BOM. */
bool text_is_invisible(uint32_t c);

/* A variation selector, U+FE00–F or U+E0100–1EF. */
bool text_is_variation_selector(uint32_t c);

/* The one capital of a small letter (Simple_Uppercase_Mapping); any other character as it is: ß, which has two, too. */
uint32_t text_capital(uint32_t c);

/* White_Space: blanks, tab, line ends, U+00A0, U+3000 … */
bool text_is_space(uint32_t c);

/* Written from right to left (bidi class R or AL). */
bool text_is_right_to_left(uint32_t c);

#endif
