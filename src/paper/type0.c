/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/type0.h"

#include "paper/num.h"

enum {
	PROGRAM_MAX = 32 << 20, /* bytes; far beyond any subset a document needs */
	BFCHAR_MAX = 100,       /* entries of one block; CMap specification (Adobe TN 5014) */
	WIDTH_DEFAULT = 1000,   /* /DW: the width of every Han glyph */
	TAG = 6,                /* letters before the plus sign, ISO 32000-1 §9.6.4 */
	SYMBOLIC = 4,           /* FontDescriptor /Flags bit 3 */
	STEM_V = 80,            /* required, and used by nobody where the program is embedded */
	ZERO_WIDTH = 0x200B     /* stands for a glyph whose characters an earlier one carries */
};

static void reference(struct buf *b, const char *key, const struct object *to)
{
	buf_c(b, key);
	buf_uint(b, to->number);
	buf_c(b, " 0 R\n");
}

static void base_font(struct buf *b, const unsigned char hash[32], const struct face *face)
{
	for (int i = 0; i < TAG; i++)
		buf_byte(b, (unsigned char)('A' + hash[i] % 26));
	buf_byte(b, '+');
	buf_c(b, face_postscript(face));
	buf_byte(b, '\n');
}

static void width_array(struct buf *b, const struct subset_entry *entries, size_t count)
{
	bool open = false;

	buf_c(b, "/W [");
	for (size_t cid = 0; cid < count; cid++) {
		if (entries[cid].width == WIDTH_DEFAULT) {
			if (open)
				buf_byte(b, ']');
			open = false;
			continue;
		}
		if (!open) {
			buf_uint(b, cid);
			buf_c(b, " [");
		} else {
			buf_byte(b, ' ');
		}
		num_int(b, entries[cid].width);
		open = true;
	}
	buf_c(b, open ? "]]\n" : "]\n");
}

static void cid_hex(struct buf *b, size_t cid)
{
	buf_byte(b, '<');
	num_utf16(b, (uint32_t)cid);
	buf_byte(b, '>');
}

static void to_unicode(struct buf *b, const struct subset_entry *entries, size_t count)
{
	size_t left = 0;

	buf_c(b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
		 "<</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
		 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
		 "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	for (size_t cid = 1; cid < count; cid++) {
		if (left == 0) {
			left = count - cid < BFCHAR_MAX ? count - cid : BFCHAR_MAX;
			buf_uint(b, left);
			buf_c(b, " beginbfchar\n");
		}
		cid_hex(b, cid);
		buf_c(b, " <");
		for (size_t i = 0; i < entries[cid].unicode_count; i++)
			num_utf16(b, entries[cid].unicode[i]);
		if (entries[cid].unicode_count == 0)
			num_utf16(b, ZERO_WIDTH);
		buf_c(b, ">\n");
		if (--left == 0)
			buf_c(b, "endbfchar\n");
	}
	buf_c(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}

struct type0 type0_empty(void)
{
	return (struct type0){ .program = buf_empty(PROGRAM_MAX),
			       .unicode = buf_empty(PROGRAM_MAX) };
}

void type0_free(struct type0 *t)
{
	buf_free(&t->program);
	buf_free(&t->unicode);
}

bool type0_key(const struct subset *s, unsigned char key[SHA256_SIZE], struct err *e)
{
	const struct subset_entry *entries = subset_entries(s);
	struct str parts[2] = { str_of(face_postscript(subset_face(s))) };
	struct buf all = buf_empty(PROGRAM_MAX);
	bool ok;

	for (size_t cid = 1; cid < subset_count(s); cid++) {
		buf_u64be(&all, entries[cid].gid);
		buf_u64be(&all, entries[cid].unicode_count);
		buf_put(&all, entries[cid].unicode,
			entries[cid].unicode_count * sizeof *entries[cid].unicode);
	}
	parts[1] = buf_view(&all);
	ok = buf_ok(&all, "a font", e);
	if (ok)
		sha256_labelled("hufu/1/font", parts, COUNT_OF(parts), key);
	buf_free(&all);
	return ok;
}

bool type0_build(struct type0 *t, const struct subset *s, struct shaper *shaper,
		 struct deflater *deflater, size_t store, struct err *e)
{
	bool cff = face_metrics(subset_face(s))->cff;
	struct buf plain = buf_empty(PROGRAM_MAX);
	bool ok = false;

	buf_clear(&t->program);
	buf_clear(&t->unicode);
	if (!subset_program(s, shaper, &plain, e) || !buf_ok(&plain, "a font program", e))
		goto out;
	sha256_of(buf_view(&plain), t->hash);
	t->length = plain.n;
	t->program_flate = !(cff && plain.n <= store);
	if (t->program_flate)
		deflate_put(deflater, &t->program, buf_view(&plain));
	else
		buf_str(&t->program, buf_view(&plain));
	buf_clear(&plain);
	to_unicode(&plain, subset_entries(s), subset_count(s));
	deflate_put(deflater, &t->unicode, buf_view(&plain));
	ok = buf_ok(&plain, "a character map", e) && buf_ok(&t->program, "a font program", e) &&
	     buf_ok(&t->unicode, "a character map", e);
out:
	buf_free(&plain);
	return ok;
}

static struct object *program_stream(struct objects *o, bool cff, const struct type0 *t)
{
	struct object *out = objects_stream(o, buf_view(&t->program));
	struct buf *b = objects_begin(o);

	if (cff) {
		buf_c(b, "/Subtype /CIDFontType0C\n");
	} else {
		buf_c(b, "/Length1 ");
		buf_uint(b, t->length);
		buf_byte(b, '\n');
	}
	if (t->program_flate)
		buf_c(b, "/Filter /FlateDecode\n");
	objects_end(o, out);
	return out;
}

static struct object *descriptor(struct objects *o, const struct face *face,
				 const unsigned char hash[32], const struct object *program)
{
	const struct face_metrics *m = face_metrics(face);
	struct object *out = objects_dict(o);
	struct buf *b = objects_begin(o);

	buf_c(b, "/Type /FontDescriptor\n/FontName /");
	base_font(b, hash, face);
	buf_c(b, "/Flags ");
	num_int(b, SYMBOLIC);
	buf_c(b, "\n/FontBBox [");
	for (int i = 0; i < 4; i++) {
		num_int(b, m->bbox[i]);
		buf_byte(b, i < 3 ? ' ' : ']');
	}
	buf_c(b, "\n/ItalicAngle 0\n/Ascent ");
	num_int(b, m->ascent);
	buf_c(b, "\n/Descent ");
	num_int(b, m->descent);
	buf_c(b, "\n/CapHeight ");
	num_int(b, m->cap_height);
	buf_c(b, "\n/StemV ");
	num_int(b, STEM_V);
	reference(b, m->cff ? "\n/FontFile3 " : "\n/FontFile2 ", program);
	objects_end(o, out);
	return out;
}

static struct object *descendant(struct objects *o, const struct subset *s,
				 const unsigned char hash[32], const struct object *about)
{
	const struct face *face = subset_face(s);
	bool cff = face_metrics(face)->cff;
	struct object *out = objects_dict(o);
	struct buf *b = objects_begin(o);

	buf_c(b, "/Type /Font\n/Subtype /");
	buf_c(b, cff ? "CIDFontType0" : "CIDFontType2");
	buf_c(b, "\n/BaseFont /");
	base_font(b, hash, face);
	buf_c(b, "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>\n");
	reference(b, "/FontDescriptor ", about);
	buf_c(b, "/DW ");
	num_int(b, WIDTH_DEFAULT);
	buf_byte(b, '\n');
	if (!cff)
		buf_c(b, "/CIDToGIDMap /Identity\n");
	width_array(b, subset_entries(s), subset_count(s));
	objects_end(o, out);
	return out;
}

void type0_write(struct objects *o, struct object *font, const struct subset *s,
		 const struct type0 *t)
{
	const struct face *face = subset_face(s);
	bool cff = face_metrics(face)->cff;
	const struct object *part;
	struct object *unicode;
	struct buf *b;

	part = program_stream(o, cff, t);
	part = descriptor(o, face, t->hash, part);
	part = descendant(o, s, t->hash, part);
	unicode = objects_stream(o, buf_view(&t->unicode));
	unicode->text = STR("/Filter /FlateDecode\n");
	b = objects_begin(o);
	buf_c(b, "/Type /Font\n/Subtype /Type0\n/BaseFont /");
	base_font(b, t->hash, face);
	if (cff) { /* the Type0 of a CIDFontType0 adds the CMap's name, §9.7.6.1 */
		b->n--;
		buf_c(b, "-Identity-H\n");
	}
	buf_c(b, "/Encoding /Identity-H\n");
	reference(b, "/ToUnicode ", unicode);
	buf_c(b, "/DescendantFonts [");
	buf_uint(b, part->number);
	buf_c(b, " 0 R]\n");
	objects_end(o, font);
}
