/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/html.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/io.h"
#include "issue/document.h"
#include "issue/manifests.h"
#include "issue/markup.h"
#include "issue/remedy.h"
#include "issue/tally.h"
#include "issue/thumbnail.h"

enum {
	PAGE_MAX = 64 << 20,
	ARENA_MAX = 16 << 20,
	REFUSALS_SHOWN = 1000,
	FALLBACKS_SHOWN = 200,
	PICTURE_MAX = 4 << 20, /* bytes of one PNG */
	PICTURE_DPI = 36       /* A4 is 298 pixels wide */
};

struct html {
	struct home *home;
	const struct html_run *run;
	const char *dir;
	struct tally tally;
	struct buf page, refusals, fallbacks;
	size_t refusals_shown, fallbacks_shown;
};

static const char HEAD[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"zh-Hans\" xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"/>\n"
	"<meta http-equiv=\"Content-Security-Policy\""
	" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"/>\n"
	"<meta name=\"viewport\" content=\"width=device-width\"/><title>签发报告 Issue report</title>\n"
	"<style>*{box-sizing:border-box}body{margin:0 auto;max-width:80em;padding:2em 3em;background:#fff;color:#111;"
	"font:15px/1.45 system-ui,'Noto Sans CJK SC','Noto Sans SC',sans-serif;font-variant-numeric:tabular-nums}\n"
	"header{border-bottom:2px solid #0E4A45;padding-bottom:1em;display:flex;gap:2em;align-items:end}"
	"h1{font:400 1.9em/1.15 'EB Garamond',Georgia,'Noto Serif CJK SC',serif;margin:0;color:#0E4A45}"
	"header p{margin:.3em 0 0;color:#3C4542}.end{margin-left:auto;font-weight:600;white-space:nowrap}"
	".yes{color:#0B5D4E}.no{color:#9A2B12}\n"
	".sum{display:flex;flex-wrap:wrap;margin:1.6em 0;gap:1.2em 0}.sum div{padding:0 1.4em;border-left:1px solid #CFD2CC}"
	".sum div:first-child{padding-left:0;border:0}"
	".sum b{display:block;font:400 2.8em/1.1 'EB Garamond',Georgia,serif;font-variant-numeric:lining-nums;color:#0E4A45}"
	".sum .no b{color:#9A2B12}.sum span{font-weight:600}\n"
	"h2{font-size:1.15em;margin:2em 0 .6em}table{border-collapse:collapse;width:100%}"
	"th{text-align:left;font-size:.86em;color:#3C4542;padding:0 1em .4em 0}"
	"td{border-top:1px solid #DADCD8;padding:.5em 1em .5em 0;vertical-align:top;overflow-wrap:anywhere}"
	"td.n,th.n{text-align:right}code{font:600 .86em 'JetBrains Mono',monospace;color:#9A2B12}"
	"#documents{max-width:34em}#refusals td:first-child,#refusals td:nth-child(4){min-width:9em}"
	"#refusals code,#codes code{white-space:nowrap}"
	".facts td:first-child{white-space:nowrap;color:#3C4542}.facts code{color:#111;font-weight:400}\n"
	".strip{display:flex;flex-wrap:wrap;gap:1.4em}figure{margin:0;width:11.4em}"
	"img{width:100%;display:block;border:1px solid #CFD2CC}figcaption{font-size:.86em;margin-top:.5em}"
	"figcaption b{display:block}a{color:#0E4A45}footer{margin-top:2em;border-top:1px solid #CFD2CC;padding-top:.8em;"
	"font-size:.86em;color:#3C4542}.note{color:#3C4542}@media print{body{padding:0}tr,figure{break-inside:avoid}}"
	"</style></head><body>\n";

/* ---- pieces ---- */

static void cell(struct buf *b, struct str text)
{
	buf_c(b, "<td><bdi>");
	markup_text(b, text);
	buf_c(b, "</bdi></td>");
}

static void file_link(struct buf *b, const unsigned char docid[DOCID_SIZE])
{
	char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER];

	document_name(docid, name, folder);
	buf_printf(b, "<a href=\"%s\">%s</a>", name, name);
}

static void fact_row(struct buf *b, const char *label, struct str value)
{
	buf_c(b, "<tr><td>");
	buf_c(b, label);
	buf_c(b, "</td><td><code>");
	markup_text(b, value);
	buf_c(b, "</code></td></tr>\n");
}

static void hex_row(struct buf *b, const char *label, const unsigned char *bytes, size_t n)
{
	buf_printf(b, "<tr><td>%s</td><td><code>", label);
	enc_hex(b, bytes, n);
	buf_c(b, "</code></td></tr>\n");
}

static void number_row(struct buf *b, const char *label, size_t n)
{
	buf_printf(b, "<tr><td>%s</td><td class=\"n\">", label);
	markup_number(b, n);
	buf_c(b, "</td></tr>\n");
}

/* "2026-11-23 09:00 (UTC+8)" in the issuer's zone. */
static void instant_put(const struct html *w, struct buf *b)
{
	int zone = w->home->config.utc_offset_min, minutes = zone < 0 ? -zone : zone;
	int64_t local = w->run->as_of + (int64_t)zone * 60, day = instant_day(w->run->as_of, zone);
	int64_t second = local - day * 86400;
	char date[11];

	civil_text(civil_of_days(day), date);
	buf_printf(b, "%s %02d:%02d (UTC%c%d", date, (int)(second / 3600), (int)(second / 60 % 60),
		   zone < 0 ? '-' : '+', minutes / 60);
	if (minutes % 60 != 0)
		buf_printf(b, ":%02d", minutes % 60);
	buf_c(b, ")");
}

/* ---- one pass over the report's lines ---- */

static void refusal_put(struct html *w, const struct staged_line *line)
{
	struct buf *b = &w->refusals;

	if (w->refusals_shown == REFUSALS_SHOWN)
		return;
	w->refusals_shown++;
	buf_c(b, "<tr>");
	cell(b, line->place);
	cell(b, line->member_id);
	buf_c(b, "<td>");
	if (line->form.n > 0) {
		markup_text(b, line->form);
		buf_byte(b, ' ');
		markup_text(b, line->lang);
	}
	buf_c(b, "</td>");
	cell(b, line->pointer);
	buf_c(b, "<td><code>");
	markup_text(b, line->code);
	buf_c(b, "</code></td>");
	cell(b, line->message);
	buf_c(b, "</tr>\n");
}

static void fallback_put(struct html *w, const struct staged_line *line)
{
	struct buf *b = &w->fallbacks;

	if (w->fallbacks_shown == FALLBACKS_SHOWN)
		return;
	w->fallbacks_shown++;
	buf_c(b, "<tr>");
	cell(b, line->place);
	cell(b, line->member_id);
	buf_c(b, "<td>");
	markup_text(b, line->form);
	buf_byte(b, ' ');
	markup_text(b, line->lang);
	buf_c(b, "</td><td>");
	file_link(b, line->docid);
	buf_c(b, "</td></tr>\n");
}

static bool lines_read(struct html *w, struct err *e)
{
	struct staged_line line;
	struct sql_rows *rows = NULL;
	bool end = false, ok = staging_lines(w->home->store, &rows, e);

	while (ok && (ok = staging_line(rows, &line, &end, e)) && !end) {
		ok = tally_line(&w->tally, &line, e);
		if (str_eq(line.word, STR("refused")))
			refusal_put(w, &line);
		else if (str_eq(line.word, STR("issued")) && line.has_docid && line.fell_back)
			fallback_put(w, &line);
	}
	sql_done(rows);
	tally_end(&w->tally);
	return ok;
}

/* ---- the sections ---- */

static void head_put(struct html *w)
{
	struct buf *b = &w->page;
	size_t refused = w->tally.records[TALLY_REFUSED];

	buf_c(b, HEAD);
	buf_c(b, "<header><div><h1>签发报告 <span lang=\"en\">Issue report</span></h1><p>");
	markup_text(b, w->home->config.name_zh);
	buf_c(b, " · <span lang=\"en\">");
	markup_text(b, w->home->config.name_en);
	buf_c(b, "</span></p><p>签发时点 Issued as of ");
	instant_put(w, b);
	if (w->run->batch != 0)
		buf_printf(b, " · 第 %lld 批 batch %lld", (long long)w->run->batch,
			   (long long)w->run->batch);
	buf_c(b, "</p>");
	if (w->run->resumed != 0)
		buf_printf(
			b,
			"<p>本次先完成了上次中断的第 %lld 批。This run first finished batch %lld, which an earlier run"
			" had left open.</p>",
			(long long)w->run->resumed, (long long)w->run->resumed);
	buf_printf(b, "</div><div class=\"end %s\">%s</div></header>\n", refused > 0 ? "no" : "yes",
		   refused > 0 ? "✗ 有记录被拒绝 some records refused"
			       : "✓ 全部处理 every record done");
}

static void sum_cell(struct buf *b, size_t n, const char *zh, const char *en, bool bad)
{
	buf_printf(b, "<div%s><b>", bad ? " class=\"no\"" : "");
	markup_number(b, n);
	buf_printf(b, "</b><span>%s</span> <span lang=\"en\">%s</span></div>\n", zh, en);
}

static void counts_put(struct html *w)
{
	struct buf *b = &w->page;
	const size_t *n = w->tally.records;
	const struct report_counts *c = w->run->counts;

	buf_c(b, "<section class=\"sum\" id=\"records\">");
	sum_cell(b, w->run->records, "读取记录 =", "records read", false);
	sum_cell(b, n[TALLY_ISSUED], "签发 +", "issued", false);
	sum_cell(b, n[TALLY_UNCHANGED], "未变 +", "unchanged", false);
	sum_cell(b, n[TALLY_NONE], "无需文件 +", "calling for none", false);
	sum_cell(b, n[TALLY_REFUSED], "拒绝", "refused", n[TALLY_REFUSED] > 0);
	buf_c(b,
	      "</section>\n<h2>文件 <span lang=\"en\">Documents</span></h2><table id=\"documents\">\n");
	number_row(b, "签发 issued", c->issued);
	for (size_t i = 0; i < w->tally.form_count; i++) {
		const struct tally_form *f = &w->tally.forms[i];

		buf_c(b, "<tr><td>— ");
		markup_text(b, f->form);
		buf_byte(b, ' ');
		markup_text(b, f->lang);
		buf_c(b, "</td><td class=\"n\">");
		markup_number(b, f->issued);
		buf_c(b, "</td></tr>\n");
	}
	number_row(b, "未变 unchanged", c->unchanged);
	number_row(b, "被替换 superseded", c->superseded);
	number_row(b, "作废 withdrawn", c->withdrawn);
	number_row(b, "暂停 suspended", c->suspended);
	number_row(b, "失效 ended", c->ended);
	number_row(b, "无需 not called for", c->none);
	number_row(b, "拒绝 refused", c->refused);
	buf_c(b, "</table>\n");
}

static void code_row(struct buf *b, const struct tally_code *c)
{
	const struct remedy *r = remedy_lookup(str_of(c->code));

	buf_c(b, "<tr><td><code>");
	markup_text(b, str_of(c->code));
	buf_c(b, "</code></td><td class=\"n\">");
	markup_number(b, c->lines);
	buf_printf(b, "</td><td>%s</td><td lang=\"en\">%s</td></tr>\n",
		   r != NULL ? r->zh : "见下列说明", r != NULL ? r->en : "see the words below");
}

static void refusals_put(struct html *w)
{
	struct buf *b = &w->page;
	size_t left = w->run->counts->refused - w->refusals_shown;

	if (w->run->counts->refused == 0)
		return;
	buf_c(b,
	      "<h2>拒绝：如何处理 <span lang=\"en\">Refused: what to do</span></h2><table id=\"codes\">"
	      "<tr><th>代码 Code</th><th class=\"n\">行 Lines</th><th>处理</th><th lang=\"en\">Remedy</th></tr>\n");
	for (size_t i = 0; i < w->tally.code_count; i++)
		code_row(b, &w->tally.codes[i]);
	buf_c(b, "</table>\n");
	if (w->tally.other_codes > 0)
		buf_printf(
			b,
			"<p class=\"note\">另有 %zu 行为其他代码。%zu lines have other codes.</p>\n",
			w->tally.other_codes, w->tally.other_codes);
	buf_c(b,
	      "<p class=\"note\">各代码的含义见随附手册 REFUSALS.md。Every code is explained in REFUSALS.md of the"
	      " program's documentation.</p>\n"
	      "<h2>被拒绝的记录 <span lang=\"en\">Refused records</span></h2><table id=\"refusals\">"
	      "<tr><th>位置 Place</th><th>会员 Member</th><th>文件 Document</th><th>字段 Pointer</th><th>代码 Code</th>"
	      "<th>说明 Message</th></tr>\n");
	buf_str(b, buf_view(&w->refusals));
	buf_c(b, "</table>\n");
	if (left > 0)
		buf_printf(
			b,
			"<p class=\"note\" id=\"more\">另有 %zu 行未列出，见 report.jsonl。%zu more lines are in"
			" report.jsonl.</p>\n",
			left, left);
}

static void fallbacks_put(struct html *w)
{
	struct buf *b = &w->page;
	size_t left = w->tally.fell_back - w->fallbacks_shown;

	if (w->tally.fell_back == 0)
		return;
	buf_c(b,
	      "<h2>后备字体 <span lang=\"en\">Names set in a fallback font: look at them</span></h2>"
	      "<table id=\"fallbacks\"><tr><th>位置 Place</th><th>会员 Member</th><th>文件 Document</th>"
	      "<th>PDF</th></tr>\n");
	buf_str(b, buf_view(&w->fallbacks));
	buf_c(b, "</table>\n");
	if (left > 0)
		buf_printf(b, "<p class=\"note\">另有 %zu 份。%zu more.</p>\n", left, left);
}

/* ---- pictures ---- */

static bool pick_caption(struct html *w, const struct tally_pick *pick, struct err *e)
{
	static const char *const reasons[] = {
		[TALLY_FIRST] = "首份 First of its kind",
		[TALLY_LONGEST] = "文字最长 Longest text",
		[TALLY_FELL_BACK] = "后备字体 Fallback font",
	};
	static const char *const names[] = { "name_native", "name_latin" };
	struct store_document d;
	struct facts facts;
	bool found;

	if (!store_document_lookup(w->home->store, w->tally.arena, pick->docid, &d, &found, e) ||
	    !document_facts(w->tally.arena, d.facts, &facts, e))
		return false;
	buf_printf(&w->page, "<figcaption><b>%s</b>", reasons[pick->why]);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct str *name = facts_lookup(&facts, str_of(names[i]));

		if (name == NULL)
			continue;
		buf_c(&w->page, "<bdi>");
		markup_text(&w->page, *name);
		buf_c(&w->page, "</bdi> ");
	}
	buf_c(&w->page, "<br/>");
	markup_text(&w->page, d.form);
	buf_byte(&w->page, ' ');
	markup_text(&w->page, d.lang);
	buf_c(&w->page, "<br/>");
	file_link(&w->page, pick->docid);
	buf_c(&w->page, "</figcaption>");
	return true;
}

static bool pick_open(const struct html *w, const struct tally_pick *pick, int *fd, struct err *e)
{
	char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER], path[4096];

	document_name(pick->docid, name, folder);
	if (snprintf(path, sizeof path, "%s/%s", w->dir, name) >= (int)sizeof path)
		return err_system(e, "path '%s' is too long", w->dir);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return true;
}

static bool picture_put(struct html *w, const struct tally_pick *pick, enum thumbnail *how,
			struct err *e)
{
	struct buf png = buf_empty(PICTURE_MAX);
	int fd = -1;
	bool ok = pick_open(w, pick, &fd, e);

	*how = THUMBNAIL_FAILED;
	if (ok && fd >= 0)
		ok = thumbnail_of(fd, PICTURE_DPI, &png, how, e);
	if (ok && *how == THUMBNAIL_DRAWN) {
		buf_c(&w->page, "<figure><img alt=\"\" src=\"data:image/png;base64,");
		enc_base64(&w->page, png.p, png.n);
		buf_c(&w->page, "\"/>");
		ok = pick_caption(w, pick, e);
		buf_c(&w->page, "</figure>\n");
	}
	if (fd >= 0)
		close(fd);
	buf_free(&png);
	return ok;
}

static bool pictures_put(struct html *w, struct err *e)
{
	size_t count = w->tally.pick_count, failed = 0;
	enum thumbnail how = THUMBNAIL_DRAWN;

	if (count > (size_t)w->run->thumbnails)
		count = (size_t)w->run->thumbnails;
	if (count == 0)
		return true;
	buf_c(&w->page, "<h2>请过目 <span lang=\"en\">To look at</span></h2>"
			"<section class=\"strip\" id=\"pictures\">\n");
	for (size_t i = 0; i < count && how != THUMBNAIL_ABSENT; i++) {
		if (!picture_put(w, &w->tally.picks[i], &how, e))
			return false;
		failed += how == THUMBNAIL_FAILED;
	}
	buf_c(&w->page, "</section>\n");
	if (how == THUMBNAIL_ABSENT)
		buf_c(&w->page,
		      "<p class=\"note\" id=\"no-pictures\">未安装 pdftoppm（poppler-utils），故无图。No pictures: the"
		      " program pdftoppm of the package poppler-utils is not installed.</p>\n");
	else if (failed > 0)
		buf_printf(
			&w->page,
			"<p class=\"note\">%zu 份未能成图。%zu pages could not be pictured.</p>\n",
			failed, failed);
	return true;
}

/* ---- where it comes from ---- */

static bool batch_rows(struct html *w, int64_t id, struct err *e)
{
	struct buf *b = &w->page, name = buf_empty(64);
	struct store_batch batch;
	struct store_form *forms;
	size_t count;
	bool found, ok;

	if (id == 0)
		return true;
	if (!store_batch_lookup(w->home->store, id, &batch, &found, e))
		return false;
	if (!found)
		return err_system(e, "the store has lost batch %lld", (long long)id);
	ok = store_forms(w->home->store, w->tally.arena, id, &forms, &count, e);
	if (ok) {
		buf_printf(&name, "%lld", (long long)id);
		fact_row(b, "批次 Batch", buf_view(&name));
		hex_row(b, "清单 Manifest, SHA-256", batch.manifest, HASH_SIZE);
		hex_row(b, "字体 Fonts, SHA-256", batch.fonts, HASH_SIZE);
	}
	for (size_t i = 0; ok && i < count; i++) {
		struct ed25519_public key;
		unsigned char kid[KID_SIZE];

		ok = signer_public(w->home->signer, ROLE_ISSUING, (unsigned)forms[i].type, &key, e);
		if (!ok)
			break;
		ed25519_kid(&key, kid);
		buf_c(b, "<tr><td>模板 Template</td><td><code>");
		markup_text(b, forms[i].form);
		buf_byte(b, ' ');
		markup_text(b, forms[i].lang);
		buf_printf(b, " · version %lld · sha256 ", (long long)forms[i].version);
		enc_hex(b, forms[i].hash, HASH_SIZE);
		buf_printf(b, " · type %lld · key ", (long long)forms[i].type);
		enc_hex(b, kid, sizeof kid);
		buf_c(b, "</code></td></tr>\n");
	}
	buf_free(&name);
	return ok;
}

static bool origin_put(struct html *w, struct err *e)
{
	char fingerprint[POLICY_FINGERPRINT + 1];
	struct buf *b = &w->page;

	if (!policy_fingerprint(&w->home->policy, fingerprint, e))
		return false;
	buf_c(b, "<h2>出处 <span lang=\"en\">Provenance</span></h2><table class=\"facts\">\n");
	if (w->run->batch == 0 && w->run->resumed == 0)
		fact_row(b, "批次 Batch", STR("– 本次无新文件 no new document"));
	if (!batch_rows(w, w->run->resumed, e) || !batch_rows(w, w->run->batch, e))
		return false;
	fact_row(b, "签发机构 Issuer", w->home->config.issuer);
	fact_row(b, "信任策略指纹 Policy fingerprint", str_of(fingerprint));
	fact_row(b, "程序 Program", STR(HUFU_PROGRAM));
	buf_c(b,
	      "</table>\n<footer>本报告含个人信息，保管要求同会员名册。<span lang=\"en\">This report holds personal data:"
	      " keep it as the register is kept.</span> report.jsonl 逐条列出全部结果。<span lang=\"en\">report.jsonl has"
	      " every line.</span></footer>\n</body></html>\n");
	return true;
}

bool html_write(struct home *h, const struct html_run *run, const char *dir, struct err *e)
{
	struct html w = { .home = h,
			  .run = run,
			  .dir = dir,
			  .page = buf_empty(PAGE_MAX),
			  .refusals = buf_empty(PAGE_MAX),
			  .fallbacks = buf_empty(PAGE_MAX),
			  .tally.arena = arena_new(ARENA_MAX) };
	bool ok = false;

	if (w.tally.arena == NULL) {
		err_memory(e, "report.html");
		goto out;
	}
	if (!lines_read(&w, e) || !buf_ok(&w.refusals, "report.html", e) ||
	    !buf_ok(&w.fallbacks, "report.html", e))
		goto out;
	head_put(&w);
	counts_put(&w);
	refusals_put(&w);
	fallbacks_put(&w);
	ok = pictures_put(&w, e) && origin_put(&w, e) && buf_ok(&w.page, "report.html", e) &&
	     io_mkdir(dir, 0755, e) && io_replace(dir, "report.html", buf_view(&w.page), 0600, e);
out:
	buf_free(&w.page);
	buf_free(&w.refusals);
	buf_free(&w.fallbacks);
	arena_free(w.tally.arena);
	return ok;
}
