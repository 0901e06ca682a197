/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/markup.h"

#include "check.h"

TEST(hostile_text_is_words_in_html)
{
	static const struct {
		const char *text;
		size_t n;
		const char *want;
	} cases[] = {
		{ "<script>alert('1')</script>", 27,
		  "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;" },
		{ "\" onerror=\"x", 12, "&quot; onerror=&quot;x" },
		{ "&lt;", 4, "&amp;lt;" },
		{ "a\0b", 3, "a⟨U+0000⟩b" },
		{ "a\nb\x7f", 4, "a⟨U+000A⟩b⟨U+007F⟩" },
		{ "\xE2\x80\xAE"
		  "exe.pdf",
		  10, "⟨U+202E⟩exe.pdf" },
		{ "\xEF\xBB\xBF", 3, "⟨U+FEFF⟩" },
		{ "\xF3\xA0\x84\x80", 4, "⟨U+E0100⟩" },
		{ "\xEE\xA1\xA3", 3, "⟨U+E863⟩" },
		{ "\xEF\xBF\xBF", 3, "⟨U+FFFF⟩" },
		{ "\xC0\xBC", 2, "⟨byte C0⟩⟨byte BC⟩" },              /* an overlong < */
		{ "\xED\xA0\x80", 3, "⟨byte ED⟩⟨byte A0⟩⟨byte 80⟩" }, /* a surrogate */
		{ "\xE5\x90", 2, "⟨byte E5⟩⟨byte 90⟩" },
		{ "吕绿 O’Brien · 𱁬", sizeof "吕绿 O’Brien · 𱁬" - 1,
		  "吕绿 O’Brien · 𱁬" },
		{ "", 0, "" },
	};
	struct buf out = buf_empty(4096);
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&out);
		markup_text(&out, (struct str){ cases[i].text, cases[i].n });
		OK(buf_ok(&out, "markup", &e), e);
		EQ_STR(buf_view(&out), str_of(cases[i].want));
	}
	buf_free(&out);
}

TEST(numbers_are_grouped_by_thousands)
{
	static const struct {
		uint64_t n;
		const char *want;
	} cases[] = { { 0, "0" },
		      { 999, "999" },
		      { 1000, "1,000" },
		      { 363804, "363,804" },
		      { 1000000, "1,000,000" },
		      { UINT64_MAX, "18,446,744,073,709,551,615" } };
	struct buf out = buf_empty(64);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&out);
		markup_number(&out, cases[i].n);
		EQ_STR(buf_view(&out), str_of(cases[i].want));
	}
	buf_free(&out);
}
