/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/markup.h"

#include "base/enc.h"
#include "text/unicode.h"

/* The reference of a character that means something to a parser, or NULL. */
static const char *reference(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/* A reader sees it for what it is. */
static bool plain(uint32_t c)
{
	return text_assigned(c) && text_class(c) != TEXT_CONTROL && text_class(c) != TEXT_FORMAT &&
	       !text_is_invisible(c) && !text_is_bidi_control(c);
}

void markup_text(struct buf *out, struct str text)
{
	while (text.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(text, &c);

		if (n == 0) {
			buf_printf(out, "⟨byte %02X⟩", (unsigned)(unsigned char)text.p[0]);
			n = 1;
		} else if (reference(c) != NULL) {
			buf_c(out, reference(c));
		} else if (plain(c)) {
			buf_put(out, text.p, n);
		} else {
			buf_printf(out, "⟨U+%04X⟩", (unsigned)c);
		}
		text = str_skip(text, n);
	}
}

void markup_number(struct buf *out, uint64_t n)
{
	if (n < 1000) {
		buf_uint(out, n);
		return;
	}
	markup_number(out, n / 1000);
	buf_printf(out, ",%03u", (unsigned)(n % 1000));
}
