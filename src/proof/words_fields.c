/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "proof/docid.h"
#include "proof/words_inner.h"

bool words_is_letter(const struct evidence *ev)
{
	return ev->token != NULL && (ev->token->payload.type == TYPE_LETTER ||
				     ev->token->payload.type == TYPE_STATEMENT);
}

static const char *const MONTHS[] = { "January",   "February", "March",    "April",
				      "May",       "June",     "July",     "August",
				      "September", "October",  "November", "December" };

void words_put_day(struct buf *out, int64_t day, enum words_lang lang)
{
	struct civil date = civil_of_days(day);

	if (lang == WORDS_ZH)
		buf_printf(out, "%d年%d月%d日", date.year, date.month, date.day);
	else
		buf_printf(out, "%d %s %d", date.day, MONTHS[date.month - 1], date.year);
}

static int offset_of(const struct evidence *ev)
{
	return ev->policy != NULL ? ev->policy->utc_offset_min : 0;
}

/* "09:00 (UTC+8) 23 Nov 2026", "2026年11月23日09:00（UTC+8）". */
void words_put_minute(struct buf *out, int64_t unix_s, const struct evidence *ev,
		      enum words_lang lang)
{
	int offset_min = offset_of(ev);
	int64_t local = unix_s + (int64_t)offset_min * 60;
	int64_t day = instant_day(unix_s, offset_min);
	int minute = (int)((local - day * 86400) / 60), away = abs(offset_min);
	struct civil date = civil_of_days(day);
	char zone[16] = "UTC";

	if (away != 0 && away % 60 == 0)
		(void)snprintf(zone, sizeof zone, "UTC%c%d", offset_min < 0 ? '-' : '+',
			       away / 60 % 100);
	else if (away != 0)
		(void)snprintf(zone, sizeof zone, "UTC%c%d:%02d", offset_min < 0 ? '-' : '+',
			       away / 60 % 100, away % 60);
	if (lang == WORDS_ZH)
		buf_printf(out, "%d年%d月%d日%02d:%02d（%s）", date.year, date.month, date.day,
			   minute / 60, minute % 60, zone);
	else
		buf_printf(out, "%02d:%02d (%s) %d %.3s %d", minute / 60, minute % 60, zone,
			   date.day, MONTHS[date.month - 1], date.year);
}

void words_put_label(struct buf *out, const char *en, const char *zh, enum words_lang lang)
{
	buf_c(out, lang == WORDS_ZH ? zh : en);
	buf_c(out, lang == WORDS_ZH ? "：" : ": ");
}

static void put_text_field(struct buf *out, const char *en, const char *zh, struct str value,
			   enum words_lang lang)
{
	if (value.p == NULL)
		return;
	words_put_label(out, en, zh, lang);
	buf_str(out, value);
	buf_byte(out, '\n');
}

static void put_day_field(struct buf *out, const char *en, const char *zh, int64_t day,
			  enum words_lang lang)
{
	words_put_label(out, en, zh, lang);
	words_put_day(out, day, lang);
	buf_byte(out, '\n');
}

enum { LETTER_LISTED = 3, LETTERS = 3, LOOK_BACK_EVER = 255 };

/* What each wording says of the holder (docs/LETTERS.md); the code carries the number alone. */
static const struct text wordings[] = {
	{ "", "" },
	{ "a practising member in good standing", "为执业会员，资格状况良好" },
	{ "a non-practising member in good standing, not entitled to sign statutory audit reports",
	  "为非执业会员，资格状况良好，不得签署法定审计报告" },
	{ "a member in good standing; findings made before and spent are listed on the page",
	  "为会员，资格状况良好；以往已期满的惩戒列于页面" },
	{ "on the register of members, with the status the page states; it does not say in good standing",
	  "在册，状况以页面所载为准；不表示资格状况良好" },
	{ "no longer a member; the membership ended by no penalty",
	  "已非会员；会籍终止，并非处分" },
	{ "not a member; the membership ended by a penalty, which the page names",
	  "已非会员；会籍因处分终止，处分列于页面" },
	{ "no record of the register of members matched", "会员名册中无相符记录" },
};

/* Of a letter: how far its word on sanctions and proceedings goes; a statement tells them on the page. */
static void put_reach(struct buf *out, const struct token_payload *p, enum words_lang lang)
{
	bool zh = lang == WORDS_ZH;

	buf_c(out, zh ? "；无有效的惩戒" : "; no sanction in force");
	if (p->wording != LETTER_LISTED && p->look_back == LOOK_BACK_EVER)
		buf_c(out, zh ? "，且从未受过惩戒" : ", nor ever imposed");
	else if (p->wording != LETTER_LISTED && p->look_back > 0)
		buf_printf(out,
			   zh ? "，且此前 %u 年内未受惩戒" : ", nor imposed in the %u years before",
			   p->look_back);
	if (p->pending)
		buf_c(out, zh ? "；无未决的惩戒程序" : "; no disciplinary proceeding open");
	else
		buf_c(out, zh ? "；不涉及未决的惩戒程序"
			      : "; nothing is said of proceedings that may be open");
}

static void put_letter_fields(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	static const struct text classes[] = { { "", "" },
					       { "practising", "执业" },
					       { "non-practising", "非执业" } };
	const struct token_payload *p = &ev->token->payload;

	words_put_label(out, "True as at", "所述截至", lang);
	words_put_minute(out, p->as_at_min * 60, ev, lang);
	buf_byte(out, '\n');
	words_put_label(out, "It says", "所载内容", lang);
	if (p->wording < COUNT_OF(wordings))
		buf_c(out, words_in(&wordings[p->wording], lang));
	if (p->wording <= LETTERS)
		put_reach(out, p, lang);
	buf_printf(out, " (W%u)\n", p->wording);
	/* W1 and W2 have said it, W7 is about nobody. */
	if (p->wording >= LETTER_LISTED && p->class_code >= 1 && p->class_code < COUNT_OF(classes))
		put_text_field(out, "Class", "会员类别",
			       str_of(words_in(&classes[p->class_code], lang)), lang);
}

void words_fields(struct buf *out, const struct evidence *ev, const struct verdict *v,
		  enum words_lang lang)
{
	const struct token_payload *p;

	if (ev->token == NULL)
		return;
	p = &ev->token->payload;
	if (!v->verified)
		buf_c(out, lang == WORDS_ZH ? "以下为码中所称，未经证实：\n"
					    : "Claimed by the code, not confirmed:\n");
	if (words_is_letter(ev))
		put_text_field(out, "Addressed to", "致",
			       p->recipient.p != NULL
				       ? p->recipient
				       : str_of(lang == WORDS_ZH ? "敬启者（未指定收件方）"
								 : "whom it may concern"),
			       lang);
	put_text_field(out, "Document", "文件", str_of(words_type_for(p->type, lang)), lang);
	put_text_field(out, "Name", "姓名", p->name_native, lang);
	put_text_field(out, "Name in Latin letters", "拉丁字母姓名", p->name_latin, lang);
	put_text_field(out, "Member number", "证书编号", p->member_no, lang);
	if (p->has_admitted)
		put_day_field(out, "Admitted", "入会时间", p->admitted_day, lang);
	put_day_field(out, "Issued", "发证日期", p->issued_day, lang);
	if (p->expires_day != 0)
		put_day_field(out, "Valid to", "有效期至", p->expires_day, lang);
	if (words_is_letter(ev))
		put_letter_fields(out, ev, lang);
	words_put_label(out, "Document id", "证书标识", lang);
	docid_text(out, str_bytes(p->docid, p->docid_size));
	buf_byte(out, '\n');
}
