/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pixels DIR: for each face two files that differ in the font program alone, DIR/<PostScript name>-ours.pdf with the
 * program of subset_program and -theirs.pdf with that of hb_subset.  pixels.sh compares what viewers make of them.
 */
#include <harfbuzz/hb-subset.h>
#include <stdio.h>

#include "base/io.h"
#include "font/face.h"
#include "font/fonts_inner.h"

enum { LINES = 4, OBJECTS = 8, PDF_MAX = 64 << 20 };

/* Name, sentence, marks, rare characters: each face draws what it holds of them. */
static const char *const lines[LINES] = {
	"刘𫄧䶮 王𤧛 阿卜杜热合曼·麦麦提艾力 陳大文",
	"Anne-Marie Siobhán O’Brien-Nguyễn, office AVATAR 0123456789",
	"兹证明下列人员为本会执业会员，特发此证。（二〇二六年）",
	"㐀㐁㐂㐃㐄㐅㐆 𠀀𠀁𠀂𠀃𠀄 𪜀𪜁𪜂 𫝀𫝁 𫠠𫠡 𬺰𬺱 霹靂 鬱鑿",
};

struct spot {
	uint32_t gid;
	double x, y;
};

struct sheet {
	struct spot spots[1024];
	size_t count;
};

/* One line in this face alone; characters it does not hold are left out. */
static void set_line(const struct face *f, const char *text, double y, struct sheet *sheet)
{
	hb_buffer_t *b = hb_buffer_create();
	double x = 40;
	unsigned n;

	hb_buffer_add_utf8(b, text, -1, 0, -1);
	hb_buffer_guess_segment_properties(b);
	hb_shape(f->thousand, b, NULL, 0);
	const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(b, &n);
	const hb_glyph_position_t *pos = hb_buffer_get_glyph_positions(b, NULL);

	for (unsigned i = 0; i < n && sheet->count < COUNT_OF(sheet->spots); i++) {
		if (info[i].codepoint == 0)
			continue;
		sheet->spots[sheet->count++] =
			(struct spot){ info[i].codepoint, x + pos[i].x_offset * 0.018,
				       y + pos[i].y_offset * 0.018 };
		x += pos[i].x_advance * 0.018;
	}
	hb_buffer_destroy(b);
}

static bool ours(const struct face *f, struct shaper *shaper, const struct sheet *sheet,
		 uint16_t *cids, struct buf *program, struct err *e)
{
	struct subset *s = subset_new(f);
	uint32_t c = 'x';
	bool ok = s != NULL || err_memory(e, "a subset");

	for (size_t i = 0; ok && i < sheet->count; i++) {
		struct glyph g = { .gid = sheet->spots[i].gid, .unicode = &c, .unicode_count = 1 };

		cids[i] = subset_add(s, &g, e);
		ok = cids[i] != 0;
	}
	ok = ok && subset_program(s, shaper, program, e);
	subset_free(s);
	return ok;
}

/* Glyph numbers stay the source's: CID is glyph number. */
static bool theirs(const struct face *f, const struct sheet *sheet, uint16_t *cids,
		   struct buf *program, struct err *e)
{
	hb_subset_input_t *in = hb_subset_input_create_or_fail();
	hb_face_t *small = NULL;

	if (in != NULL) {
		for (size_t i = 0; i < sheet->count; i++) {
			cids[i] = (uint16_t)sheet->spots[i].gid;
			hb_set_add(hb_subset_input_glyph_set(in), cids[i]);
		}
		hb_set_clear(hb_subset_input_set(in, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG));
		hb_subset_input_set_flags(in,
					  HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_RETAIN_GIDS);
		small = hb_subset_or_fail(f->hb, in);
		hb_subset_input_destroy(in);
	}
	if (small == NULL)
		return err_system(e, "hb_subset gives up on %s", f->postscript);
	hb_blob_t *blob = f->metrics.cff
				  ? hb_face_reference_table(small, HB_TAG('C', 'F', 'F', ' '))
				  : hb_face_reference_blob(small);
	unsigned size;
	const char *bytes = hb_blob_get_data(blob, &size);

	buf_put(program, bytes, size);
	hb_blob_destroy(blob);
	hb_face_destroy(small);
	return buf_ok(program, "a program", e);
}

static void object(struct buf *pdf, size_t places[OBJECTS], size_t number)
{
	places[number] = pdf->n;
	buf_printf(pdf, "%zu 0 obj\n", number);
}

static void stream(struct buf *pdf, const char *more, const struct buf *data)
{
	buf_printf(pdf, "<< /Length %zu %s >>\nstream\n", data->n, more);
	buf_put(pdf, data->p, data->n);
	buf_c(pdf, "\nendstream\nendobj\n");
}

static void font_objects(struct buf *pdf, size_t places[OBJECTS], const struct face *f,
			 const struct buf *program)
{
	bool cff = f->metrics.cff;

	object(pdf, places, 4);
	buf_printf(pdf,
		   "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+%s /Encoding /Identity-H "
		   "/DescendantFonts [5 0 R] >>\nendobj\n",
		   f->postscript);
	object(pdf, places, 5);
	buf_printf(pdf,
		   "<< /Type /Font /Subtype /CIDFontType%d /BaseFont /ABCDEF+%s /CIDSystemInfo << "
		   "/Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 6 0 R "
		   "/DW 1000%s >>\nendobj\n",
		   cff ? 0 : 2, f->postscript, cff ? "" : " /CIDToGIDMap /Identity");
	object(pdf, places, 6);
	buf_printf(pdf,
		   "<< /Type /FontDescriptor /FontName /ABCDEF+%s /Flags 4 /FontBBox [-1000 -1000 "
		   "3000 2000] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 "
		   "/FontFile%d 7 0 R >>\nendobj\n",
		   f->postscript, cff ? 3 : 2);
	object(pdf, places, 7);
	stream(pdf, cff ? "/Subtype /CIDFontType0C" : "", program);
}

/* One page; every glyph at a place of its own, so that no width counts. */
static bool write_pdf(const struct face *f, const struct sheet *sheet, const uint16_t *cids,
		      const struct buf *program, struct buf *pdf, struct err *e)
{
	struct buf content = buf_empty(1 << 20);
	size_t places[OBJECTS] = { 0 }, start;

	buf_c(&content, "BT /F 18 Tf\n");
	for (size_t i = 0; i < sheet->count; i++)
		buf_printf(&content, "1 0 0 1 %.3f %.3f Tm <%04X> Tj\n", sheet->spots[i].x,
			   sheet->spots[i].y, (unsigned)cids[i]);
	buf_c(&content, "ET");
	buf_c(pdf, "%PDF-1.7\n");
	object(pdf, places, 1);
	buf_c(pdf, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
	object(pdf, places, 2);
	buf_c(pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 800 200] >>\nendobj\n");
	object(pdf, places, 3);
	buf_printf(pdf,
		   "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 4 0 R >> >> /Contents "
		   "%d 0 R >>\nendobj\n",
		   OBJECTS);
	font_objects(pdf, places, f, program);
	start = pdf->n;
	buf_printf(pdf, "%d 0 obj\n", OBJECTS);
	stream(pdf, "", &content);
	size_t table = pdf->n;

	buf_printf(pdf, "xref\n0 %d\n0000000000 65535 f \n", OBJECTS + 1);
	for (size_t i = 1; i < OBJECTS; i++)
		buf_printf(pdf, "%010zu 00000 n \n", places[i]);
	buf_printf(pdf,
		   "%010zu 00000 n \ntrailer << /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
		   start, OBJECTS + 1, table);
	bool ok = buf_ok(&content, "a page", e) && buf_ok(pdf, "a file", e);

	buf_free(&content);
	return ok;
}

static bool pair(const struct face *f, struct shaper *shaper, const char *dir, struct err *e)
{
	static struct sheet sheet;
	static uint16_t cids[COUNT_OF(sheet.spots)];
	bool ok = true;

	sheet.count = 0;
	for (size_t i = 0; i < LINES; i++)
		set_line(f, lines[i], 160 - 40 * (double)i, &sheet);
	printf("%s %zu\n", f->postscript, sheet.count);
	for (int mine = 0; ok && mine < 2; mine++) {
		struct buf program = buf_empty(PDF_MAX), pdf = buf_empty(PDF_MAX);
		char name[160];

		snprintf(name, sizeof name, "%s-%s.pdf", f->postscript, mine ? "ours" : "theirs");
		ok = (mine ? ours(f, shaper, &sheet, cids, &program, e)
			   : theirs(f, &sheet, cids, &program, e)) &&
		     write_pdf(f, &sheet, cids, &program, &pdf, e) &&
		     io_replace(dir, name, buf_view(&pdf), 0644, e);
		buf_free(&program);
		buf_free(&pdf);
	}
	return ok;
}

int main(int argc, char **argv)
{
	struct fonts *fonts = NULL;
	struct shaper *shaper = NULL;
	struct err e = { 0 };
	char words[1024];
	bool ok;

	if (argc != 2)
		return 2;
	ok = fonts_open("fonts/fonts.json", &fonts, &e);
	if (ok) {
		shaper = shaper_new(fonts);
		ok = shaper != NULL || err_memory(&e, "a shaper");
	}
	for (size_t i = 0; ok && i < fonts->face_count; i++)
		ok = pair(fonts->faces[i], shaper, argv[1], &e);
	if (!ok)
		fprintf(stderr, "pixels: %s\n", err_text(&e, words, sizeof words));
	shaper_free(shaper);
	fonts_free(fonts);
	return ok ? 0 : 3;
}
