/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_JSON_SCAN_H
#define HUFU_JSON_SCAN_H

#include "json/json.h"

/*
 * The strict look at a JSON text before any library sees it: RFC 8259 grammar, valid UTF-8 without BOM, no U+0000, no
 * lone surrogate, every limit.  Allocates nothing.  Duplicate keys are the decoder's, which has the keys unescaped.
 * marks[i] becomes the offset of the first byte of the ith value in the text's order (an object or array counts before
 * what it holds); it must have scan_marks_max(text, limits) entries.
 */
bool scan_text(struct str text, const struct json_limits *limits, uint32_t *marks, size_t *count,
	       struct err *e) MUST_CHECK;

/* Most values a text of this length can hold within the limits: every value but the first costs two bytes. */
size_t scan_marks_max(struct str text, const struct json_limits *limits);

/* Refuse the text at byte `at`: "line 2, column 7: …".  Columns count characters from 1.  Returns false. */
bool scan_fault(struct err *e, const char *code, struct str text, size_t at, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

#endif
