/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_NAME_H
#define HUFU_RECORD_NAME_H

#include <stdint.h>

#include "base/arena.h"

/*
 * What a string of a record may hold.  A name is printed as the person's own: nothing is repaired in silence, nothing
 * guessed.  The rules follow 民委发〔2016〕33号 (the separator of minority names is U+00B7) and GB/T 28039-2011.
 */
enum name_kind {
	NAME_NATIVE, /* 姓名: Han and other scripts; inner U+0020 allowed */
	NAME_LATIN,  /* as the passport has it: Latin letters, marks, punctuation */
	NAME_TEXT,   /* free words: firm, association, sanction */
};

/*
 * Check `in` (valid UTF-8) and give its NFC form.  All bad code points are named in one message, the first decides the
 * code: CONTROL, BIDI-CONTROL, VARIATION-SELECTOR, INVISIBLE, PRIVATE-USE, COMPATIBILITY, PLACEHOLDER, UNASSIGNED,
 * FULLWIDTH, SCRIPT, SPACE, NO-LETTER.  In a native name the look-alikes of the middle dot (U+2022 U+2219 U+30FB U+FF0E
 * U+002E U+2027 U+0387) become U+00B7 where they stand between two Han characters, and *dots says what was changed (""
 * when nothing was).  The empty string is accepted as it is.
 */
bool name_read(struct arena *a, enum name_kind kind, struct str in, struct str *out,
	       struct str *dots, struct err *e) MUST_CHECK;

/* Code points of valid UTF-8: what maxLength of JSON Schema counts. */
size_t name_length(struct str s);

#endif
