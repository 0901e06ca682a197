/* SPDX-License-Identifier: Apache-2.0 */
#include "form/form.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/io.h"
#include "form/photo.h"
#include "form/sheet.h"
#include "form/watermark.h"
#include "qr/qr.h"

enum {
	FORM_ARENA_MAX = 32 << 20,
	DESK_ARENA_MAX = 32 << 20,
	FILE_MAX_BYTES = 1 << 20,
	ART_FILES_MAX = 8 << 20,
	FACT_LIST_MAX = 32,
	QR_SCALE = 3, /* pixels a module: 2–4 read best from a screen's rendering */
	QR_BITMAP_MAX = 1 << 20
};

/* What signatures are drawn with in a draft, where they are drawn in the ink of their place. */
static const struct paper_ink DRAFT_SIGNATURE = { .gray = true, .r = 0xC8 };

/* A specimen's seals are too pale to be cut out. */
static const struct paper_ink SPECIMEN_SEAL = { .r = 0xEB, .g = 0xC3, .b = 0xC5 };

struct form {
	struct arena *arena;
	struct form_info info;
	struct layout layout;
	const struct phrase *title; /* of the file */
};

struct form_desk {
	struct arena *arena;
	struct shaper *shaper;
	struct paper *paper;
	struct buf bitmap;
	struct image photo;
	struct sheet sheet;
	int fields; /* of the document being drawn */
	struct text_breaker
		*breakers[2]; /* Chinese, other; made by the first page of running text */
};

/* ---- opening ---- */

struct opening {
	struct form *form;
	const char *folder; /* templates_dir/id */
	struct buf layout_file, strings_file, art_files;
	const char *strings_name; /* "zh.json" */
	const struct json *layout, *strings, *face;
	struct layout_tools tools;
};

static bool file_read(struct opening *o, const char *name, struct buf *to, const struct json **out,
		      struct err *e)
{
	if (!io_read_in(o->folder, name, to, e))
		return false;
	if (!json_read(o->form->arena, buf_view(to), &json_config, out, e))
		return err_in(e, "%s/%s", o->folder, name);
	return true;
}

static bool files_read(struct opening *o, const char *dir, struct str id, struct str language,
		       struct err *e)
{
	struct arena *a = o->form->arena;
	struct str folder, strings;

	if (!arena_printf(a, &folder, e, "%s/%.*s", dir, STR_ARG(id)) ||
	    !arena_printf(a, &strings, e, "%.*s.json", STR_ARG(language)))
		return false;
	o->folder = o->tools.folder = folder.p;
	o->strings_name = strings.p;
	return file_read(o, "layout.json", &o->layout_file, &o->layout, e) &&
	       file_read(o, o->strings_name, &o->strings_file, &o->strings, e);
}

static bool fact_list(struct arena *a, const struct json *face, const char *key,
		      const struct str **out, size_t *count, struct err *e)
{
	const struct json *list;
	struct str *names;

	if (!json_array(face, key, FACT_LIST_MAX, &list, e))
		return false;
	names = arena_array(a, list->count, sizeof *names, e);
	if (names == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind != JSON_STRING) {
			err_input(e, "JSON-TYPE", "must be the name of a fact");
			return err_at(e, "/%s/%zu", key, i);
		}
		names[i] = list->items[i].string;
	}
	*out = names;
	*count = list->count;
	return true;
}

static bool for_read(const struct json *layout, struct form_info *info, struct err *e)
{
	static const char *const keys[] = { "class", "status", "request", NULL };
	const struct json *whom = json_lookup(layout, "for");
	bool present;

	if (whom == NULL)
		return true;
	return (json_only(whom, keys, e) &&
		json_string_opt(whom, "class", 1, 64, &info->for_class, &present, e) &&
		json_string_opt(whom, "status", 1, 64, &info->for_status, &present, e) &&
		json_string_opt(whom, "request", 1, 64, &info->for_request, &present, e)) ||
	       err_at(e, "/for");
}

static bool head_read(struct opening *o, struct err *e)
{
	static const char *const keys[] = { "$schema", "schema",    "version", "token_type",
					    "family",  "for",       "page",    "inks",
					    "styles",  "languages", NULL };
	struct form_info *info = &o->form->info;
	int64_t type;

	if (!json_only(o->layout, keys, e) || !json_schema(o->layout, "hufu.layout/1", e) ||
	    !json_integer(o->layout, "version", 1, 1 << 30, &info->version, e) ||
	    !json_integer(o->layout, "token_type", 1, 255, &type, e) ||
	    !json_string(o->layout, "family", 1, 64, &info->family, e))
		return false;
	info->token_type = (unsigned)type;
	return for_read(o->layout, info, e);
}

/* The face of this language: what it needs and takes, and its elements. */
static bool face_read(struct opening *o, struct err *e)
{
	static const char *const keys[] = { "needs", "takes", "elements", NULL };
	struct form_info *info = &o->form->info;
	struct phrase_names *names = &o->tools.names;
	const struct json *languages;
	char key[32];

	if (!json_object(o->layout, "languages", &languages, e))
		return false;
	snprintf(key, sizeof key, "%.*s", STR_ARG(info->language));
	if (!json_object(languages, key, &o->face, e))
		return err_at(e, "/languages");
	if (!json_only(o->face, keys, e) ||
	    !fact_list(o->form->arena, o->face, "needs", &info->needs, &info->needs_count, e) ||
	    !fact_list(o->form->arena, o->face, "takes", &info->takes, &info->takes_count, e)) {
		err_at(e, "/%s", key);
		return err_at(e, "/languages");
	}
	names->facts[0] = info->needs;
	names->facts_count[0] = info->needs_count;
	names->facts[1] = info->takes;
	names->facts_count[1] = info->takes_count;
	return true;
}

static bool strings_read(struct opening *o, struct err *e)
{
	static const char *const keys[] = { "$schema", "schema", "language",
					    "strings", "words",  NULL };
	struct layout *l = &o->form->layout;
	const struct layout_string *title;

	if (!json_only(o->strings, keys, e) || !json_schema(o->strings, "hufu.strings/1", e) ||
	    !json_string(o->strings, "language", 2, 16, &l->language, e))
		return false;
	o->tools.names.language = l->language;
	o->tools.names.words = json_lookup(o->strings, "words");
	if (!layout_strings(l, o->strings, &o->tools, e))
		return false;
	title = layout_string(l, STR("document_title"));
	if (title == NULL || title->count != 1) {
		err_input(e, "JSON-MISSING", "is missing: the one line that is the file's title");
		return err_at(e, "/strings/document_title");
	}
	o->form->title = &title->phrases[0];
	return true;
}

static bool elements_read(struct opening *o, struct err *e)
{
	const struct json *elements;

	if (json_array(o->face, "elements", ELEMENTS_MAX, &elements, e)) {
		if (layout_read(&o->form->layout, o->layout, elements, &o->tools, e))
			return true;
		if (strncmp(e->pointer, "/elements", 9) != 0)
			return false; /* a fault of /page, /inks, /styles */
	}
	err_at(e, "/%.*s", STR_ARG(o->form->info.language));
	return err_at(e, "/languages");
}

static void hash_files(struct opening *o)
{
	unsigned char seals[SHA256_SIZE] = { 0 };
	const struct str parts[] = { buf_view(&o->layout_file),  STR("\0"),
				     buf_view(&o->strings_file), STR("\0"),
				     buf_view(&o->art_files),    str_bytes(seals, sizeof seals) };

	if (o->tools.seals != NULL)
		seal_hash(o->tools.seals, seals);
	sha256_labelled("hufu/1/template", parts, COUNT_OF(parts), o->form->info.hash);
}

static bool compile(struct opening *o, struct err *e)
{
	if (!head_read(o, e) || !face_read(o, e))
		return err_in(e, "%s/layout.json", o->folder);
	if (!strings_read(o, e))
		return err_in(e, "%s/%s", o->folder, o->strings_name);
	if (!elements_read(o, e))
		return err_in(e, "%s/layout.json", o->folder);
	if (!buf_ok(&o->art_files, "the drawings of a template", e))
		return err_in(e, "%s", o->folder);
	hash_files(o);
	return true;
}

bool form_open(const char *templates_dir, struct str id, struct str language,
	       const struct fonts *fonts, const struct form_constants *constants, struct form **out,
	       struct err *e)
{
	struct form *f = calloc(1, sizeof *f);
	struct opening o = { .form = f,
			     .layout_file = buf_empty(FILE_MAX_BYTES),
			     .strings_file = buf_empty(FILE_MAX_BYTES),
			     .art_files = buf_empty(ART_FILES_MAX) };
	bool ok = false;

	if (f == NULL)
		return err_memory(e, "a template");
	f->arena = arena_new(FORM_ARENA_MAX);
	o.tools.set.arena = f->arena;
	o.tools.set.shaper = shaper_new(fonts);
	o.tools.names.constants = constants;
	o.tools.seals = constants->seals;
	o.tools.files = &o.art_files;
	o.tools.pen = art_pen_new();
	if (f->arena == NULL || o.tools.set.shaper == NULL || o.tools.pen == NULL) {
		err_memory(e, "a template");
		goto out;
	}
	ok = arena_str(f->arena, id, &f->info.id, e) &&
	     arena_str(f->arena, language, &f->info.language, e) &&
	     files_read(&o, templates_dir, id, language, e) && compile(&o, e);
out:
	shaper_free(o.tools.set.shaper);
	art_pen_free(o.tools.pen);
	buf_free(&o.layout_file);
	buf_free(&o.strings_file);
	buf_free(&o.art_files);
	if (ok)
		*out = f;
	else
		form_free(f);
	return ok;
}

void form_free(struct form *f)
{
	if (f == NULL)
		return;
	arena_free(f->arena);
	free(f);
}

const struct form_info *form_info(const struct form *f)
{
	return &f->info;
}

/* ---- the desk ---- */

struct form_desk *form_desk_new(const struct fonts *fonts, struct err *e)
{
	struct form_desk *d = calloc(1, sizeof *d);

	if (d == NULL) {
		err_memory(e, "a desk");
		return NULL;
	}
	d->bitmap = buf_empty(QR_BITMAP_MAX);
	d->photo = image_empty();
	d->arena = arena_new(DESK_ARENA_MAX);
	d->shaper = shaper_new(fonts);
	if (d->shaper != NULL)
		d->paper = paper_new(d->shaper);
	if (d->arena == NULL || d->paper == NULL) {
		err_memory(e, "a desk");
		form_desk_free(d);
		return NULL;
	}
	return d;
}

void form_desk_free(struct form_desk *d)
{
	if (d == NULL)
		return;
	paper_free(d->paper);
	shaper_free(d->shaper);
	arena_free(d->arena);
	buf_free(&d->bitmap);
	image_free(&d->photo);
	for (size_t i = 0; i < COUNT_OF(d->breakers); i++)
		text_breaker_free(d->breakers[i]);
	free(d);
}

static bool needs_met(const struct form *f, const struct facts *facts, struct err *e)
{
	for (size_t i = 0; i < f->info.needs_count; i++) {
		if (facts_lookup(facts, f->info.needs[i]) != NULL)
			continue;
		err_input(e, "FACT-MISSING", "is missing: %.*s in %.*s cannot do without",
			  STR_ARG(f->info.id), STR_ARG(f->info.language));
		return err_at(e, "/%.*s", STR_ARG(f->info.needs[i]));
	}
	return true;
}

static bool lay_out(struct form_desk *d, const struct form *f, const struct phrase_values *v,
		    struct err *e)
{
	struct setting_tools tools = { .shaper = d->shaper, .arena = d->arena };
	bool zh = str_starts(f->layout.language, STR("zh"));
	struct text_breaker **breaker = &d->breakers[zh ? 0 : 1];

	if (f->layout.flows && *breaker == NULL && !text_breaker_new(zh ? "zh" : "en", breaker, e))
		return false;
	tools.breaker = *breaker;
	return needs_met(f, v->facts, e) && sheet_place(&d->sheet, &f->layout, &tools, v, e);
}

bool form_check(struct form_desk *d, const struct form *f, const struct facts *facts,
		struct form_notes *notes, struct err *e)
{
	/* Every docid is as wide as any other: the style is monospaced. */
	struct phrase_values v = { .facts = facts, .docid = STR("0000-0000-0000-0000") };

	arena_reset(d->arena);
	if (!lay_out(d, f, &v, e))
		return false;
	notes->fell_back = d->sheet.fell_back;
	return true;
}

/* ---- drawing ---- */

/* url = base "/#" digits: the byte segment ends with the hash sign. */
static bool url_split(const struct form_input *in, struct str *base, struct str *digits,
		      struct err *e)
{
	if (!str_ends(in->url, in->token) || in->token.n == 0 || in->url.n == in->token.n)
		return err_system(e, "the address of the code does not end in its token");
	*base = (struct str){ in->url.p, in->url.n - in->token.n };
	*digits = in->token;
	return true;
}

static bool draw_qr(struct form_desk *d, const struct sheet_qr *at, const struct form_input *in,
		    struct err *e)
{
	const struct element_qr *q = at->qr;
	double y = q->y + at->shift;
	struct paper_box box = { q->x, y, q->x + q->size, y + q->size };
	struct paper_box plate = { box.left - q->plate, box.top - q->plate, box.right + q->plate,
				   box.bottom + q->plate };
	struct paper_bitmap bitmap;
	struct qr_symbol symbol;
	struct str base, digits;

	buf_clear(&d->bitmap);
	if (!url_split(in, &base, &digits, e) ||
	    !qr_make(&symbol, base, digits, q->version_max, e) ||
	    !qr_image(&symbol, QR_SCALE, 0, &d->bitmap, e))
		return false;
	bitmap.width = bitmap.height = qr_image_side(&symbol, QR_SCALE, 0);
	bitmap.rows = buf_view(&d->bitmap);
	bitmap.pale = in->draft;
	paper_fill(d->paper, plate, PAPER_WHITE);
	paper_bitmap(d->paper, &bitmap, box);
	return true;
}

static bool draw_photo(struct form_desk *d, const struct element_photo *at,
		       const struct form_input *in, struct err *e)
{
	struct photo_input photo = { .facts = in->facts, .file = in->photo, .hold = &d->photo };

	return photo_draw(d->paper, at, &photo, e);
}

static bool page_begin(struct form_desk *d, const struct form *f, const struct form_input *in,
		       bool again, struct err *e)
{
	struct setting_tools tools = { .shaper = d->shaper, .arena = d->arena };

	paper_page(d->paper, f->layout.width, f->layout.height);
	return !in->specimen || watermark_draw(d->paper, &f->layout, &tools, again, e);
}

/* Is this a seal that signs, rather than a picture of one?  What a later page repeats is decoration, in no element. */
static bool signs(const struct form_desk *d, const struct sheet_item *item,
		  const struct form_input *in)
{
	return item->kind == SHEET_SEAL && item[-1].kind == SHEET_OPEN && in->signature != NULL &&
	       d->fields < (in->signature->second ? 2 : 1);
}

/* The figure around a seal that signs is a form's field. */
static void draw_open(struct form_desk *d, const struct sheet_item *item,
		      const struct form_input *in)
{
	struct paper_element el = item->as.open;

	if (item + 1 < d->sheet.items + d->sheet.count && signs(d, item + 1, in))
		el.role = PAPER_FORM;
	paper_open(d->paper, &el);
}

static void draw_seal(struct form_desk *d, const struct sheet_item *item,
		      const struct form_input *in)
{
	const struct sheet_art *seal = &item->as.art;
	double r = seal->at.a * SEAL_NOMINAL / 2, x = seal->at.e, y = seal->at.f;

	paper_layer(d->paper, item->layer);
	if (!signs(d, item, in)) {
		paper_art(d->paper, seal->art, &seal->at, in->specimen ? SPECIMEN_SEAL : seal->ink);
		return;
	}
	paper_field(d->paper, &(struct paper_field){ .art = seal->art,
						     .at = &seal->at,
						     .ink = seal->ink,
						     .box = { x - r, y - r, x + r, y + r },
						     .label = item[-1].as.open.alt });
	d->fields++;
}

static bool draw_item(struct form_desk *d, const struct form *f, const struct sheet_item *item,
		      const struct form_input *in, struct err *e)
{
	struct paper_text text;

	switch (item->kind) {
	case SHEET_PAGE:
		return page_begin(d, f, in, true, e);
	case SHEET_OPEN:
		draw_open(d, item, in);
		return true;
	case SHEET_CLOSE:
		paper_close(d->paper);
		return true;
	case SHEET_TEXT:
		text = item->as.text;
		text.line = &item->line;
		paper_layer(d->paper, item->layer);
		paper_text(d->paper, &text);
		return true;
	case SHEET_RULE:
		paper_layer(d->paper, item->layer);
		paper_rule(d->paper, &item->as.rule);
		return true;
	case SHEET_FRAME:
		paper_layer(d->paper, item->layer);
		paper_frame(d->paper, item->as.frame.box, item->as.frame.radius,
			    item->as.frame.width, item->as.frame.ink);
		return true;
	case SHEET_QR:
		paper_layer(d->paper, item->layer);
		return draw_qr(d, &item->as.qr, in, e);
	case SHEET_PHOTO:
		paper_layer(d->paper, item->layer);
		return draw_photo(d, item->as.photo, in, e);
	case SHEET_ART:
		paper_layer(d->paper, item->layer);
		paper_art(d->paper, item->as.art.art, &item->as.art.at,
			  in->draft && item->layer == PAPER_TEXT ? DRAFT_SIGNATURE
								 : item->as.art.ink);
		return true;
	case SHEET_SEAL:
		draw_seal(d, item, in);
		return true;
	}
	return err_system(e, "an element of no known kind");
}

bool form_draw(struct form_desk *d, const struct form *f, const struct form_input *in,
	       struct buf *pdf, struct err *e)
{
	struct phrase_values v = { .facts = in->facts, .docid = in->docid };
	struct paper_info info = { .language = f->layout.language,
				   .creator = f->info.id,
				   .token = in->token,
				   .attachment = in->credential,
				   .created_unix = in->issued_unix,
				   .utc_offset_min = in->utc_offset_min,
				   .signature = in->signature };
	bool absent;

	if (in->specimen && in->signature != NULL)
		return err_system(e, "a specimen is not sealed");
	d->fields = 0;
	arena_reset(d->arena);
	if (!lay_out(d, f, &v, e) ||
	    !phrase_fill(d->arena, f->title, &v, &info.title, &absent, e) ||
	    !paper_begin(d->paper, &info, e))
		return false;
	buf_clear(&d->photo.data);
	if (!page_begin(d, f, in, false, e))
		return false;
	for (size_t i = 0; i < d->sheet.count; i++) {
		if (!draw_item(d, f, &d->sheet.items[i], in, e))
			return false;
	}
	return paper_end(d->paper, pdf, e);
}

struct signature_space form_space(const struct form_desk *d)
{
	return paper_space(d->paper);
}

bool form_second(const struct form_desk *d)
{
	return paper_second(d->paper);
}
