/* SPDX-License-Identifier: Apache-2.0 */
#include "form/artwork.h"

#include "base/io.h"
#include "form/svg.h"

enum { KEY_MAX = 64 };

/* A plain name: letters, digits, dashes, ending in .svg; so never another folder's. */
static bool file_name(struct str name)
{
	if (!str_ends(name, STR(".svg")) || name.n <= 4)
		return false;
	for (size_t i = 0; i < name.n - 4; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

static bool file_draw(const struct layout_tools *t, struct str name, double width,
		      struct element_art *out, double *height, struct err *e)
{
	struct buf text = buf_empty(SVG_BYTES_MAX);
	struct svg_target target = { .width = width };
	struct str file, path;
	bool ok = arena_str(t->set.arena, name, &file, e) &&
		  arena_printf(t->set.arena, &path, e, "%s/%.*s", t->folder, STR_ARG(name)) &&
		  io_read_in(t->folder, file.p, &text, e);

	if (ok) {
		target.name = path.p;
		art_begin(t->pen);
		ok = svg_draw(t->pen, buf_view(&text), &target, height, e) &&
		     art_end(t->pen, t->set.arena, &out->art, e);
	}
	if (ok) {
		buf_str(t->files, name);
		buf_byte(t->files, 0);
		buf_str(t->files, buf_view(&text));
		buf_byte(t->files, 0);
	}
	buf_free(&text);
	return ok;
}

static bool place_read(const struct layout *l, const struct json *o, struct element_art *out,
		       struct err *e)
{
	out->ink = PAPER_BLACK;
	if (json_lookup(o, "ink") != NULL && !style_ink(&l->palette, o, "ink", &out->ink, e))
		return false;
	return style_layer(o, &out->layer, e);
}

bool artwork_read(const struct layout *l, const struct layout_tools *t, const struct json *o,
		  struct element_art *out, struct err *e)
{
	static const char *const keys[] = { "kind", "page",  "flow", "when",  "unless", "file", "x",
					    "y",    "width", "ink",  "layer", "alt",    NULL };
	struct str file, alt;
	double x, y, width, height;
	bool has_alt;

	if (!json_only(o, keys, e) || !json_string(o, "file", 1, KEY_MAX, &file, e) ||
	    !style_number(o, "x", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &x, e) ||
	    !style_number(o, "y", -LAYOUT_MM_MAX, LAYOUT_MM_MAX, &y, e) ||
	    !style_number(o, "width", 1, LAYOUT_MM_MAX, &width, e) || !place_read(l, o, out, e) ||
	    !json_string_opt(o, "alt", 1, KEY_MAX, &alt, &has_alt, e))
		return false;
	if (!file_name(file)) {
		err_input(e, "TEMPLATE-WORD",
			  "must be a file beside layout.json such as mark.svg: a-z 0-9 and dashes");
		return err_at(e, "/file");
	}
	if (has_alt && !layout_constant(l, alt, t->set.arena, &out->alt, e))
		return err_at(e, "/alt");
	if (!file_draw(t, file, width, out, &height, e))
		return false;
	out->at = art_turn(0, x + width / 2, y + height / 2);
	out->box = (struct paper_box){ x, y, x + width, y + height };
	return true;
}
