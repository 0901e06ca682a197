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

static void put_letter_fields(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	static const struct text classes[] = { { "", "" },
					       { "practising member", "执业会员" },
					       { "non-practising member", "非执业会员" } };
	const struct token_payload *p = &ev->token->payload;

	words_put_label(out, "True as at", "所述截至", lang);
	words_put_minute(out, p->as_at_min * 60, ev, lang);
	buf_byte(out, '\n');
	words_put_label(out, "Wording", "措辞", lang);
	buf_printf(out, "W%u\n", p->wording);
	if (p->class_code >= 1 && p->class_code < COUNT_OF(classes))
		put_text_field(out, "Class", "会员类别",
			       str_of(words_in(&classes[p->class_code], lang)), lang);
	words_put_label(out, "Sanctions looked back", "处分追溯", lang);
	if (p->look_back == 0)
		buf_c(out, lang == WORDS_ZH ? "无\n" : "not at all\n");
	else if (p->look_back == 255)
		buf_c(out, lang == WORDS_ZH ? "入会以来\n" : "ever\n");
	else
		buf_printf(out, lang == WORDS_ZH ? "%u 年\n" : "%u years\n", p->look_back);
	words_put_label(out, "Pending matters covered", "涵盖未决事项", lang);
	buf_c(out, p->pending ? (lang == WORDS_ZH ? "是\n" : "yes\n")
			      : (lang == WORDS_ZH ? "否\n" : "no\n"));
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
				       : str_of(lang == WORDS_ZH ? "未指明" : "nobody named"),
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
