/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_MARKUP_H
#define HUFU_ISSUE_MARKUP_H

#include "base/buf.h"

/*
 * Hostile text made harmless in HTML and XML, as the content of an element or of an attribute in double quotes: markup
 * becomes references, and what draws nothing, draws backwards or is no character is named, as "⟨U+202E⟩" or "⟨byte FF⟩".
 */
void markup_text(struct buf *out, struct str text);

/* 363,804 */
void markup_number(struct buf *out, uint64_t n);

#endif
