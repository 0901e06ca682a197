/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/seals.h"

#include "base/io.h"
#include "form/svg.h"
#include "record/associations.h"

enum { ASSOCIATIONS_BYTES_MAX = 4 << 20 };

static bool file_read(struct arena *a, const char *dir, const char *name, size_t max,
		      struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(max);
	bool ok = io_read_in(dir, name, &bytes, e) && arena_str(a, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

static bool order_fill(struct arena *a, const char *dir, const struct association *from,
		       struct seal_order *to, struct err *e)
{
	struct str name;

	*to = (struct seal_order){ .names = { from->name_zh, from->name_en } };
	if (from->seal != ASSOCIATION_SEAL_SUPPLIED)
		return true;
	if (from->art.n == 0) {
		err_input(e, "SEAL-ART",
			  "is missing: the file of the seal this association supplies");
		return err_at(e, "/art");
	}
	return arena_str(a, from->art, &name, e) && io_path(a, dir, name.p, &to->file, e) &&
	       file_read(a, dir, name.p, SVG_BYTES_MAX, &to->svg, e);
}

static bool all_open(struct arena *a, const char *dir, const struct fonts *fonts,
		     struct seals **out, struct err *e)
{
	struct associations list;
	struct seal_order *orders;
	struct str text;

	if (!file_read(a, dir, "associations.json", ASSOCIATIONS_BYTES_MAX, &text, e) ||
	    !associations_read(a, text, &list, e))
		return false;
	orders = arena_array(a, list.count, sizeof *orders, e);
	if (orders == NULL)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (!order_fill(a, dir, &list.items[i], &orders[i], e))
			return err_at(e, "/associations/%zu", i);
	}
	return seal_open(fonts, orders, list.count, out, e) || err_at(e, "/associations");
}

bool seals_open(struct arena *a, const char *dir, const struct fonts *fonts, struct seals **out,
		struct err *e)
{
	return all_open(a, dir, fonts, out, e) ||
	       (e->kind == ERR_INPUT && e->place[0] == 0 ? err_in(e, "%s/associations.json", dir)
							 : false);
}
