/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/share.h"
#include "cli/sink.h"
#include "cli/watch.h"
#include "issue/calling.h"
#include "issue/forms.h"
#include "issue/photos.h"
#include "issue/rehearsal.h"
#include "issue/seals.h"
#include "issue/specimen.h"
#include "issue/thumbnail.h"
#include "paper/image.h"
#include "proof/policy.h"
#include "record/feed.h"

enum {
	RECORD_ARENA = 32 << 20, /* a record of 256 KiB, its tree, its decoded form and its page */
	ASSOCIATIONS_MAX = 4 << 20,
	PDF_MAX = 64 << 20,
	PNG_MAX = 64 << 20,
	LANGUAGES_MAX = 32,
	LANGUAGE_LENGTH = 2,
	PREVIEW_DPI = 150,
	PATH_CAP = 4096,
};

/* What letters of an invented issuer print as the fingerprint of its policy. */
static const char NO_POLICY[] = "0000-0000-0000-0000-0000-0000-0000-0000";

struct preview {
	struct cli *cli;
	struct config config;
	const char *templates, *folder; /* folder: templates/id */
	struct str id, language;        /* language empty: the template's first */
	const char *record;             /* NULL: the sample that comes with the program */
	const char *share, *path;
	bool picture;
	int64_t as_of;
	struct associations associations;
	const char *issuer; /* the folder that holds them, and their seals */
	char fingerprint[POLICY_FINGERPRINT + 1];
	struct fonts *fonts;
	struct seals *seals;
	struct form_desk *desk;
	struct arena *arena; /* of one page */
	struct buf photo, pdf, png;
};

/* ---- what the command line names ---- */

/* "a/b/" is the template b of the folder a. */
static bool folder_split(struct preview *p, struct str path, struct err *e)
{
	struct arena *a = p->cli->arena;
	struct str dir;
	size_t slash;

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	for (slash = path.n; slash > 0 && path.p[slash - 1] != '/';)
		slash--;
	dir = slash == 0 ? STR(".") : slash > 1 ? (struct str){ path.p, slash - 1 } : STR("/");
	if (!arena_str(a, str_skip(path, slash), &p->id, e) || !arena_str(a, dir, &dir, e))
		return false;
	p->templates = dir.p;
	return io_path(a, p->templates, p->id.p, &p->folder, e);
}

/* A folder that is there; else the id of a template of the home, or of those that come with the program. */
static bool template_find(struct preview *p, const char *word, const char *home, struct err *e)
{
	struct arena *a = p->cli->arena;
	char here[PATH_CAP];

	if (strcmp(word, ".") == 0)
		return getcwd(here, sizeof here) != NULL ? folder_split(p, str_of(here), e)
							 : err_errno(e, "cannot tell where '.' is");
	if (strchr(word, '/') == NULL && (home != NULL || !io_is_dir(word))) {
		p->id = str_of(word);
		if (!io_path(a, home != NULL ? home : p->share, "templates", &p->templates, e) ||
		    !io_path(a, p->templates, word, &p->folder, e))
			return false;
		return io_is_dir(p->folder) ||
		       err_system(e, "there is no template '%s' in '%s'", word, p->templates);
	}
	return io_is_dir(word) ? folder_split(p, str_of(word), e)
			       : err_system(e, "there is no folder '%s'", word);
}

static bool language_find(struct preview *p, const char *asked, struct err *e)
{
	struct arena *a = p->cli->arena;
	struct str *files;
	size_t count;

	if (asked != NULL) {
		p->language = str_of(asked);
		if (p->language.n != LANGUAGE_LENGTH)
			return err_usage(e, "--lang must be one two-letter language, is '%s'",
					 asked);
		return true;
	}
	if (!io_list(a, p->folder, ".json", LANGUAGES_MAX, &files, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct str name = files[i];

		if (name.n != LANGUAGE_LENGTH + sizeof ".json" - 1)
			continue;
		name.n = LANGUAGE_LENGTH;
		if (p->language.n == 0 || str_eq(name, STR("zh")))
			p->language = name;
	}
	return p->language.n > 0 ||
	       err_system(e, "'%s' holds no strings of any language, such as zh.json", p->folder);
}

static bool output_find(struct preview *p, bool watched, const char *path, struct err *e)
{
	struct str name = str_of(path);

	p->path = path;
	p->picture = str_ends(name, STR(".png"));
	if (strcmp(path, "-") == 0)
		return !watched || err_usage(e, "--watch needs a file to write again and again");
	return p->picture || str_ends(name, STR(".pdf")) ||
	       err_usage(e, "--output must end in .pdf or .png, is '%s'", path);
}

/* The issuer: that of the home, else the invented one. */
static bool issuer_find(struct preview *p, const char *dir, struct err *e)
{
	struct arena *a = p->cli->arena;
	struct buf bytes = buf_empty(ASSOCIATIONS_MAX);
	struct home *home = NULL;
	const char *folder = dir;
	struct str text;
	bool ok = true;

	p->config = config_demo();
	memcpy(p->fingerprint, NO_POLICY, sizeof NO_POLICY);
	if (dir != NULL && (ok = home_open(a, dir, HOME_READ, &home, e))) {
		p->config = home->config;
		ok = policy_fingerprint(&home->policy, p->fingerprint, e);
	}
	if (dir == NULL)
		ok = io_path(a, p->share, "templates/demo", &folder, e);
	ok = ok && io_read_in(folder, "associations.json", &bytes, e) &&
	     arena_str(a, buf_view(&bytes), &text, e) &&
	     (associations_read(a, text, &p->associations, e) ||
	      err_in(e, "%s/associations.json", folder));
	buf_free(&bytes);
	/* The configuration lives in the arena; nothing else of the home is needed. */
	home_close(home);
	p->issuer = folder;
	return ok;
}

/* ---- the record ---- */

/* Of the samples the one that the form is for; of a feed simply the first. */
static bool meant(const struct preview *p, const struct form_info *form, const struct member *m)
{
	return p->record != NULL || form->for_class.n == 0 ||
	       str_eq(form->for_class, str_of(member_class_word(m->class)));
}

static bool record_read(struct preview *p, struct feed *feed, const struct form_info *form,
			struct feed_item *item, struct err *e)
{
	const struct member *last = NULL;
	bool end = false;

	for (;;) {
		if (!feed_next(feed, p->arena, item, &end, e))
			return false;
		if (end)
			break;
		if (item->member == NULL) {
			*e = item->faults.first->err;
			return false;
		}
		last = item->member;
		if (meant(p, form, last))
			return true;
	}
	item->member = last;
	return last != NULL || err_usage(e, "the feed holds no record");
}

/* The sample's association is one of the issuer's, a local one where there is any: two seals show more than one. */
static const struct association *sample_association(const struct associations *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == ASSOCIATION_LOCAL)
			return &list->items[i];
	return list->national;
}

static bool member_find(struct preview *p, const struct form_info *form, struct member *out,
			struct str *place, struct err *e)
{
	struct member_rules rules = { .associations = p->record != NULL ? &p->associations : NULL };
	struct form_info any = *form; /* the page shows the record, whether or not it is for it */
	const char *path = p->record;
	struct feed *feed = NULL;
	struct feed_item item;
	bool ok = (path != NULL ||
		   io_path(p->arena, p->share, "templates/demo/specimen.jsonl", &path, e)) &&
		  feed_open(&feed, &path, 1, &rules, e) && record_read(p, feed, form, &item, e);

	any.for_class = any.for_status = STR("");
	if (ok) {
		*out = *item.member;
		*place = item.place;
		if (p->record == NULL)
			out->association = sample_association(&p->associations);
		if (out->photo != NULL && calling_prints(out, &any, STR("photo_sha256")))
			ok = photos_load(out->photo, item.folder, &p->photo, e) ||
			     err_in(e, "%.*s", STR_ARG(item.place));
	}
	feed_close(feed);
	return ok;
}

/* ---- one page ---- */

static bool picture_make(struct preview *p, struct err *e)
{
	enum thumbnail how;

	if (!thumbnail_of_bytes(buf_view(&p->pdf), PREVIEW_DPI, &p->png, &how, e))
		return false;
	switch (how) {
	case THUMBNAIL_DRAWN:
		return true;
	case THUMBNAIL_ABSENT:
		return err_system(
			e, "pictures need the program pdftoppm: install the package poppler-utils");
	case THUMBNAIL_FAILED:
		break;
	}
	return err_system(e, "pdftoppm could not draw the page");
}

static bool page_write(struct preview *p, struct err *e)
{
	const struct buf *bytes = p->picture ? &p->png : &p->pdf;
	struct sink sink = { 0 };

	if (!sink_open(p->cli, p->path, &sink, e))
		return false;
	fwrite(bytes->p, 1, bytes->n, sink.file);
	return sink_commit(&sink, e);
}

/* A letter's facts are those of an invented application by the record's member. */
static bool letter_find(struct preview *p, const struct form_info *form,
			const struct member *member, struct str place, struct facts *out,
			struct err *e)
{
	struct rehearsal r = { .form = form,
			       .member = member,
			       .invented = p->record == NULL,
			       .as_of = p->as_of,
			       .utc_offset_min = p->config.utc_offset_min,
			       .fingerprint = str_of(p->fingerprint) };

	if (!io_path(p->arena, p->share, "templates/demo", &r.folder, e))
		return false;
	if (rehearsal_facts(p->arena, &r, out, e))
		return true;
	if (strcmp(e->code, "TEMPLATE-WORD") == 0)
		return err_in(e, "%s/layout.json", p->folder);
	return err_in(e, "%.*s", STR_ARG(place));
}

static bool form_page(struct preview *p, const struct form *form, struct err *e)
{
	const struct form_info *info = form_info(form);
	bool letter = info->for_request.n > 0;
	struct member member;
	struct facts facts = { .count = 0 };
	struct str place;
	struct specimen_order order = { .form = form,
					.config = &p->config,
					.member = &member,
					.facts = letter ? &facts : NULL,
					.as_of = p->as_of };

	if (!member_find(p, info, &member, &place, e) ||
	    (letter && !letter_find(p, info, &member, place, &facts, e)))
		return false;
	order.photo = buf_view(&p->photo);
	if (specimen_draw(p->desk, p->arena, &order, &p->pdf, e))
		return true;
	/* A word that is missing is found out by the fact that asks for it. */
	return strcmp(e->code, "FACT-WORD") != 0
		       ? false
		       : err_in(e, "%s/%.*s.json", p->folder, STR_ARG(p->language));
}

static bool page_make(struct preview *p, struct err *e)
{
	struct fact facts[FORMS_CONSTANTS];
	const struct form_constants constants = { facts, FORMS_CONSTANTS, p->seals };
	struct form *form = NULL;
	bool ok;

	arena_reset(p->arena);
	buf_clear(&p->pdf);
	buf_clear(&p->photo);
	forms_constants(&p->config, facts);
	ok = form_open(p->templates, p->id, p->language, p->fonts, &constants, &form, e) &&
	     form_page(p, form, e);
	form_free(form);
	return ok && (!p->picture || picture_make(p, e)) && page_write(p, e);
}

/* ---- the command ---- */

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One line a page, or its fault; the last good page stays. */
static bool page_again(struct preview *p, struct err *e)
{
	int64_t begun = clock_ms();

	if (!page_make(p, e))
		return false;
	cli_say(p->cli, "%s drawn in %lld ms", "%s 已生成，用时 %lld 毫秒", p->path,
		(long long)(clock_ms() - begun));
	return true;
}

static bool watch_pages(struct preview *p, struct err *e)
{
	struct watch watch = { .paths = { p->folder, p->record },
			       .count = p->record != NULL ? 2 : 1 };
	char text[1024];
	bool ok = watch_begin(&watch, e);

	if (ok) {
		do {
			if (!page_again(p, e))
				cli_say(p->cli, "%s", "%s", err_text(e, text, sizeof text));
		} while (watch_wait(&watch));
	}
	watch_end(&watch);
	return ok;
}

static bool preview_fill(struct preview *p, const struct cli_args *args, struct err *e)
{
	const char *home = args_value(args, "home"), *as_of = args_value(args, "as-of"), *path;

	p->record = args_value(args, "record");
	p->as_of = env_now(p->cli->env);
	return args_needed(args, "output", &path, e) &&
	       output_find(p, args_flag(args, "watch"), path, e) &&
	       share_find(p->cli, &p->share, e) && template_find(p, args_word(args, 0), home, e) &&
	       language_find(p, args_value(args, "lang"), e) && issuer_find(p, home, e) &&
	       (as_of == NULL || config_as_of(&p->config, str_of(as_of), &p->as_of, e));
}

static bool tools_open(struct preview *p, struct err *e)
{
	const char *fonts_json;

	p->arena = arena_new(RECORD_ARENA);
	if (p->arena == NULL)
		return err_memory(e, "a preview");
	if (!share_fonts(p->cli, &fonts_json, e) || !fonts_open(fonts_json, &p->fonts, e) ||
	    !seals_open(p->cli->arena, p->issuer, p->fonts, &p->seals, e))
		return false;
	p->desk = form_desk_new(p->fonts, e);
	return p->desk != NULL;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct preview p = { .cli = cli,
			     .photo = buf_empty(IMAGE_FILE_MAX),
			     .pdf = buf_empty(PDF_MAX),
			     .png = buf_empty(PNG_MAX) };
	struct err e;
	bool ok = preview_fill(&p, args, &e) && tools_open(&p, &e) &&
		  (args_flag(args, "watch") ? watch_pages(&p, &e) : page_make(&p, &e));

	form_desk_free(p.desk);
	seal_free(p.seals);
	fonts_free(p.fonts);
	arena_free(p.arena);
	buf_free(&p.photo);
	buf_free(&p.pdf);
	buf_free(&p.png);
	return ok ? EXIT_YES : cli_fail(cli, &e);
}

static const struct option options[] = {
	{ .name = "record",
	  .argument = "FILE",
	  .help_en = "Draw the first record of this feed; an invented one when absent.",
	  .help_zh = "以此文件的第一条记录排版；省略则用虚构的记录。" },
	{ .name = "lang",
	  .argument = "LANG",
	  .help_en = "The language of the page; zh when absent, or the template's first.",
	  .help_zh = "页面语言；默认 zh，否则取模板的第一种语言。" },
	{ .name = "home",
	  .argument = "HOME",
	  .help_en =
		  "Take issuer, associations and templates of this home; no key of it is used.  An invented issuer when absent.",
	  .help_zh = "使用此签发目录的机构、协会与模板，不使用其密钥；省略则用虚构的机构。" },
	{ .name = "as-of",
	  .argument = "DATE",
	  .help_en =
		  "The day or RFC 3339 instant printed as the date of issue; the clock when absent.",
	  .help_zh = "印于页面的签发日期或 RFC 3339 时刻；默认当前时间。" },
	{ .name = "watch",
	  .help_en =
		  "Draw again whenever a file of the template or the record changes, till interrupted.",
	  .help_zh = "模板文件或记录变动即重新生成，直至中断。" },
	{ .name = "output",
	  .argument = "FILE",
	  .letter = 'o',
	  .help_en =
		  "Write here: FILE.pdf, or FILE.png at 150 dpi by the program pdftoppm; - is standard output, as PDF.",
	  .help_zh =
		  "输出文件：FILE.pdf，或由 pdftoppm 生成 150 dpi 的 FILE.png；- 为标准输出（PDF）。" },
};

const struct command command_preview = {
	.name = "preview",
	.synopsis =
		"TEMPLATE [--record FILE] [--lang LANG] [--home HOME] [--as-of DATE] [--watch] -o FILE.pdf|FILE.png",
	.summary_en = "draw a template as a specimen, by the renderer that issues",
	.summary_zh = "以签发所用的排版生成模板样张",
	.details_en =
		"TEMPLATE is a template's folder, or the id of one in HOME or of those that come with hufu. The page"
		" is marked as a specimen, its number is all zeros, and its code verifies nowhere. A letter or statement"
		" answers an invented application, decided for the record at --as-of without approvals; the register's"
		" answer on discipline is taken as given then. A fault of the template names the file, the place in it and what was expected; the exit status is then 1.",
	.details_zh =
		"TEMPLATE 为模板目录，或 HOME 内模板、随程序提供的模板的标识。页面标明样张，编号为零，二维码无从核验。"
		"证明书与说明按一份虚构的申请，以 --as-of 时点依该记录判定，无须审批；惩戒情况视为当时查询所得。"
		"模板有误时列出文件、位置与所需内容，退出码为 1。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
