/* SPDX-License-Identifier: Apache-2.0 */
#include "font/face.h"

#include <fcntl.h>
#include <harfbuzz/hb-ot.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_BYTES_MAX = 256 << 20,
	HEAD_REVISION = 4,
	HEAD_UNITS = 18,
	HEAD_BBOX = 36,
	OS2_FS_TYPE = 8,
	CFF_UNITS = 1000, /* the default FontMatrix (5176 §9) */
};

static bool map_file(const char *path, struct view *out, struct err *e)
{
	struct stat st;
	void *p = MAP_FAILED;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "cannot open");
	if (fstat(fd, &st) != 0) {
		err_errno(e, "cannot stat");
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size < 12 || st.st_size > FILE_BYTES_MAX) {
		err_system(e, "not a font file");
		goto out;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		err_errno(e, "cannot map");
	else
		*out = (struct view){ p, (size_t)st.st_size };
out:
	close(fd);
	return p != MAP_FAILED;
}

static bool check_name(struct face *f, struct str expected, struct err *e)
{
	unsigned n = sizeof f->postscript;

	hb_ot_name_get_utf8(f->hb, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &n,
			    f->postscript);
	if (!str_eq((struct str){ f->postscript, n }, expected))
		return err_system(e, "font %.*s expected, the file holds %.*s", STR_ARG(expected),
				  (int)n, f->postscript);
	return true;
}

/* fsType 0: installable embedding, subsetting allowed (OpenType 1.9, OS/2). */
static bool check_licence(const struct face *f, struct err *e)
{
	struct view os2 = sfnt_table(&f->sfnt, "OS/2");

	if (!view_has(os2, OS2_FS_TYPE, 2))
		return err_system(e, "no OS/2 table");
	if (sfnt_u16(os2.p + OS2_FS_TYPE) != 0)
		return err_system(e, "the font restricts embedding (fsType %u)",
				  sfnt_u16(os2.p + OS2_FS_TYPE));
	return true;
}

static bool open_outlines(struct face *f, struct err *e)
{
	struct view maxp = sfnt_table(&f->sfnt, "maxp");
	struct view cff = sfnt_table(&f->sfnt, "CFF ");

	if (!view_has(maxp, 4, 2))
		return err_system(e, "no maxp table");
	f->glyphs = sfnt_u16(maxp.p + 4);
	f->metrics.cff = cff.p != NULL;
	if (cff.p == NULL)
		return glyf_open(&f->sfnt, &f->glyf, e);
	if (f->metrics.units_per_em != CFF_UNITS)
		return err_system(e, "CFF outlines of %d units, not 1000", f->metrics.units_per_em);
	return cff_open(cff, f->glyphs, &f->cff, e);
}

static bool open_units(struct face *f, struct err *e)
{
	struct view head = sfnt_table(&f->sfnt, "head");
	int units;

	if (!view_has(head, HEAD_BBOX, 8))
		return err_system(e, "no head table");
	units = (int)sfnt_u16(head.p + HEAD_UNITS);
	if (units < 16 || units > 16384)
		return err_system(e, "%d units per em", units);
	f->metrics.units_per_em = units;
	for (size_t i = 0; i < 4; i++)
		f->metrics.bbox[i] = sfnt_i16(head.p + HEAD_BBOX + 2 * i) * 1000 / units;
	return true;
}

static int metric(hb_font_t *font, hb_ot_metrics_tag_t tag, int otherwise)
{
	hb_position_t v;

	return hb_ot_metrics_get_position(font, tag, &v) ? (int)v : otherwise;
}

static bool open_fonts(struct face *f, struct err *e)
{
	int units = f->metrics.units_per_em;

	f->thousand = hb_font_create(f->hb);
	f->units = hb_font_create(f->hb);
	if (f->thousand == hb_font_get_empty() || f->units == hb_font_get_empty())
		return err_memory(e, "a font");
	hb_font_set_scale(f->thousand, 1000, 1000);
	hb_font_set_scale(f->units, units, units);
	f->metrics.ascent = metric(f->thousand, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, 880);
	f->metrics.descent = metric(f->thousand, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, -120);
	f->metrics.cap_height = metric(f->thousand, HB_OT_METRICS_TAG_CAP_HEIGHT, 700);
	hb_font_make_immutable(f->thousand);
	hb_font_make_immutable(f->units);
	return true;
}

static bool open_face(struct face *f, const struct face_spec *spec, struct err *e)
{
	hb_blob_t *blob;

	if (!map_file(spec->path, &f->map, e) || !sfnt_open(f->map, spec->index, &f->sfnt, e))
		return false;
	blob = hb_blob_create((const char *)f->map.p, (unsigned)f->map.n, HB_MEMORY_MODE_READONLY,
			      NULL, NULL);
	f->hb = hb_face_create(blob, spec->index);
	hb_blob_destroy(blob);
	if (f->hb == hb_face_get_empty())
		return err_memory(e, "a font");
	hb_face_make_immutable(f->hb);
	return check_name(f, spec->postscript, e) && check_licence(f, e) && open_units(f, e) &&
	       open_outlines(f, e) && open_fonts(f, e);
}

bool face_open(const struct face_spec *spec, struct face **out, struct err *e)
{
	struct face *f = calloc(1, sizeof *f);

	if (f == NULL)
		return err_memory(e, "a font");
	f->number = spec->number;
	if (!open_face(f, spec, e)) {
		face_free(f);
		return err_in(e, "%s", spec->path);
	}
	*out = f;
	return true;
}

void face_free(struct face *f)
{
	if (f == NULL)
		return;
	hb_font_destroy(f->thousand);
	hb_font_destroy(f->units);
	hb_face_destroy(f->hb);
	cff_free(f->cff);
	if (f->map.p != NULL)
		munmap((void *)(uintptr_t)f->map.p, f->map.n);
	free(f);
}

const char *face_postscript(const struct face *f)
{
	return f->postscript;
}

const struct face_metrics *face_metrics(const struct face *f)
{
	return &f->metrics;
}

void face_hash(const struct face *f, struct sha256 *h)
{
	sha256_u64(h, strlen(f->postscript));
	sha256_add(h, f->postscript, strlen(f->postscript));
	sha256_add(h, sfnt_table(&f->sfnt, "head").p + HEAD_REVISION, 4);
	sha256_u64(h, f->map.n);
	sfnt_hash(&f->sfnt, h);
}

static void sink_move(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float x, float y,
		      void *user)
{
	const struct outline_sink *s = to;

	(void)d, (void)st, (void)user;
	s->move(s->self, (double)x, (double)y);
}

static void sink_line(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float x, float y,
		      void *user)
{
	const struct outline_sink *s = to;

	(void)d, (void)st, (void)user;
	s->line(s->self, (double)x, (double)y);
}

static void sink_cubic(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, float x1, float y1,
		       float x2, float y2, float x3, float y3, void *user)
{
	const struct outline_sink *s = to;

	(void)d, (void)st, (void)user;
	s->cubic(s->self, (const double[6]){ (double)x1, (double)y1, (double)x2, (double)y2,
					     (double)x3, (double)y3 });
}

static void sink_close(hb_draw_funcs_t *d, void *to, hb_draw_state_t *st, void *user)
{
	const struct outline_sink *s = to;

	(void)d, (void)st, (void)user;
	s->close(s->self);
}

bool face_outline(const struct face *f, uint32_t gid, const struct outline_sink *sink,
		  struct err *e)
{
	/* Quadratic curves reach the sink as cubic ones: HarfBuzz raises them when asked for cubics only. */
	struct outline_sink to = *sink;
	hb_draw_funcs_t *d;

	if (gid >= f->glyphs)
		return err_system(e, "%s has no glyph %u", f->postscript, gid);
	d = hb_draw_funcs_create();
	hb_draw_funcs_set_move_to_func(d, sink_move, NULL, NULL);
	hb_draw_funcs_set_line_to_func(d, sink_line, NULL, NULL);
	hb_draw_funcs_set_cubic_to_func(d, sink_cubic, NULL, NULL);
	hb_draw_funcs_set_close_path_func(d, sink_close, NULL, NULL);
	hb_font_get_glyph_shape(f->units, gid, d, &to);
	hb_draw_funcs_destroy(d);
	return true;
}
