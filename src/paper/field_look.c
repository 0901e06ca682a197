/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/num.h"
#include "paper/page.h"

/* What a field looks like: the appearance of its widget (ISO 32000-1 §12.5.5). */

static void number(struct buf *b, double v)
{
	num_put(b, v);
	buf_byte(b, ' ');
}

static struct object *form_xobject(struct paper *p, const double size[2], struct str operators)
{
	struct object *out = objects_stream(&p->objects, operators);
	struct buf *b = objects_begin(&p->objects);

	buf_c(b, "/Type /XObject\n/Subtype /Form\n/BBox [0 0 ");
	number(b, size[0]);
	num_put(b, size[1]);
	buf_c(b, "]\n");
	return out;
}

/* The art in a group of its own, so that where it covers itself it is multiplied once (ISO 32000-1 §11.6.6). */
static struct object *field_group(struct paper *p, const struct paper_field *f,
				  const double rect[4], const double size[2])
{
	const struct art_matrix flip = {
		PT_PER_MM, 0, 0, -PT_PER_MM, -rect[0], p->height - rect[1]
	};
	const struct art_matrix m = art_both(*f->at, flip);
	const double factors[] = { m.a, m.b, m.c, m.d };
	const struct object *art = page_art(p, f->art);
	struct buf *b = objects_begin(&p->objects);
	struct object *out;
	struct str operators;

	page_ink(b, f->ink, false);
	page_ink(b, f->ink, true);
	for (size_t k = 0; k < COUNT_OF(factors); k++) {
		num_fine(b, factors[k]);
		buf_byte(b, ' ');
	}
	number(b, m.e);
	number(b, m.f);
	buf_c(b, "cm /S Do\n");
	operators = objects_keep(&p->objects, buf_view(b));
	sha256_add(p->id, operators.p, operators.n);
	out = form_xobject(p, size, operators);
	buf_c(b, "/Group <</S /Transparency /CS /DeviceRGB /I true>>\n/Resources <</XObject <</S ");
	buf_uint(b, art->number);
	buf_c(b, " 0 R>>>>\n");
	objects_end(&p->objects, out);
	return out;
}

static struct object *field_look(struct paper *p, const struct paper_field *f, const double rect[4])
{
	const double size[2] = { rect[2] - rect[0], rect[3] - rect[1] };
	const struct object *group = field_group(p, f, rect, size);
	struct object *out = form_xobject(p, size, STR("q /M gs /S Do Q\n"));
	struct buf *b = &p->objects.scratch;

	buf_c(b,
	      "/Resources <</ExtGState <</M <</Type /ExtGState /BM /Multiply>>>> /XObject <</S ");
	buf_uint(b, group->number);
	buf_c(b, " 0 R>>>>\n");
	objects_end(&p->objects, out);
	return out;
}

void paper_field(struct paper *p, const struct paper_field *f)
{
	struct field *to = &p->fields.items[p->fields.count];

	if (p->page_count == 0 || p->info.signature == NULL || p->artifact ||
	    p->fields.count == FIELDS_MAX) {
		page_fail(p, "a field where none can be");
		return;
	}
	paper_layer(p, p->on); /* what was marked ends here */
	p->fields.count++;
	to->page = p->page_count - 1;
	to->label = objects_keep(&p->objects, f->label);
	to->rect[0] = f->box.left * PT_PER_MM;
	to->rect[1] = p->height - f->box.bottom * PT_PER_MM;
	to->rect[2] = f->box.right * PT_PER_MM;
	to->rect[3] = p->height - f->box.top * PT_PER_MM;
	to->look = field_look(p, f, to->rect);
	to->widget = objects_dict(&p->objects);
	if (!tree_widget(&p->tree, to->page, to->widget))
		page_fail(p, "too many marked sequences on a document");
}
