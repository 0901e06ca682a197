/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/words.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "proof/docid.h"

struct text {
	const char *en, *zh;
};

static const char *in(const struct text *t, enum words_lang lang)
{
	return lang == WORDS_ZH ? t->zh : t->en;
}

/* An answer: its name for machines, its title, what it means in a clause, what to do. */
struct answer {
	const char *code;
	struct text title, clause, advice;
};

static const struct answer ANSWERS[VERDICT_CODES] = {
	[VERDICT_NOT_FOUND] = { "NOT-FOUND",
				{ "NOT FOUND", "查无此码" },
				{ "the issuer knows no such code", "签发机构没有此核验码" },
				{ "Type the code again, exactly as it stands on the page.",
				  "请按页面所印逐字重新输入。" } },
	[VERDICT_MALFORMED] = { "MALFORMED",
				{ "NOT A READABLE CODE", "核验码无法识读" },
				{ "the code is damaged or made by nobody who can issue",
				  "核验码已损坏或并非正式签发" },
				{ "Scan it again from the original document.",
				  "请用原件重新扫码。" } },
	[VERDICT_NOT_OURS] = { "NOT-OURS",
			       { "NOT A VERIFICATION CODE", "不是核验码" },
			       { "the code carries no signed document", "此码不含签名信息" },
			       { "Scan the code that stands beside the words \"scan to verify\".",
				 "请扫描“扫码核验”字样旁的码。" } },
	[VERDICT_UNKNOWN_KEY] = { "UNKNOWN-KEY",
				  { "UNKNOWN KEY", "签名密钥未知" },
				  { "the key list of the issuer could not tell",
				    "签发机构的密钥表无法确认" },
				  { "Nothing is said against the document; check again when the issuer's site can be reached.",
				    "并非指文件不实；请在可以访问签发机构网站时重新核验。" } },
	[VERDICT_FORGED] = { "FORGED",
			     { "FORGED", "伪造" },
			     { "signed by no key of this issuer", "并非由签发机构的任何密钥签名" },
			     { "Do not rely on this document; tell the issuer.",
			       "请勿采信，并告知签发机构。" } },
	[VERDICT_KEY_NOT_ALLOWED] = { "KEY-NOT-ALLOWED",
				      { "KEY NOT ALLOWED", "签名密钥无权签发" },
				      { "the key that signed may not sign such a document",
					"签名所用密钥无权签发此类文件" },
				      { "Do not rely on this document; tell the issuer.",
					"请勿采信，并告知签发机构。" } },
	[VERDICT_KEY_COMPROMISED] = { "KEY-COMPROMISED",
				      { "KEY COMPROMISED", "签名密钥已失密" },
				      { "signed with a key after it was stolen or lost",
					"签名所用密钥在签名时已失密" },
				      { "Do not rely on this document; ask the issuer for a new one.",
					"请勿采信，并向签发机构申请换发。" } },
	[VERDICT_INCONSISTENT_LOG] = { "INCONSISTENT-LOG",
				       { "INCONSISTENT REGISTER", "公开签发簿不一致" },
				       { "what is published contradicts itself",
					 "公布的签发簿自相矛盾" },
				       { "Do not rely on this answer; tell the issuer.",
					 "请勿依赖此结果，并告知签发机构。" } },
	[VERDICT_REVOKED] = { "REVOKED",
			      { "REVOKED", "此文件已作废" },
			      { "this document has been withdrawn", "此文件已被撤回" },
			      { "Ask the issuer.", "请向签发机构查询。" } },
	[VERDICT_SUPERSEDED] = { "SUPERSEDED",
				 { "SUPERSEDED", "已换发" },
				 { "a newer document has replaced this one; by itself no fault of the holder",
				   "此文件已由新文件替换，其本身并非持有人过错" },
				 { "Ask the holder for the newer one.",
				   "请向持有人索取新文件。" } },
	[VERDICT_SUSPENDED] = { "SUSPENDED",
				{ "SUSPENDED", "已暂停" },
				{ "this document is not to be relied on for the time being",
				  "此文件暂停使用" },
				{ "Ask the issuer.", "请向签发机构查询。" } },
	[VERDICT_ENDED] = { "ENDED",
			    { "NO LONGER CURRENT", "已失效" },
			    { "the register has changed since; ask the Institute",
			      "登记事项其后已变更，请向协会查询" },
			    { "", "" } },
	[VERDICT_NOT_IN_MANIFEST] = { "NOT-IN-MANIFEST",
				      { "NOT IN THE PUBLIC REGISTER", "未见于公开签发簿" },
				      { "signed with the issuer's key, yet not among the documents it published",
					"签名属实，但不在签发机构公布的文件之列" },
				      { "Do not rely on this document; tell the issuer.",
					"请勿采信，并告知签发机构。" } },
	[VERDICT_ALTERED] = { "ALTERED",
			      { "ALTERED", "文件已改动" },
			      { "not the file that was issued: changed, re-saved or printed again",
				"不是当初签发的文件：已被改动、另存或重新打印" },
			      { "The code is genuine; compare every field with the page, or ask for the original file.",
				"核验码属实；请逐项与页面核对，或索取原文件。" } },
	[VERDICT_EXPIRED] = { "EXPIRED",
			      { "EXPIRED", "已过期" },
			      { "genuine, and past its last day", "文件属实，但已过有效期" },
			      { "Ask the holder for a current one.", "请向持有人索取有效文件。" } },
	[VERDICT_NOT_YET_VALID] = { "NOT-YET-VALID",
				    { "NOT YET VALID", "尚未生效" },
				    { "issued for a day still to come", "签发日期尚未到来" },
				    { "Check the clock of this device.", "请检查本机时钟。" } },
	[VERDICT_NOT_FOR_YOU] = { "NOT-FOR-YOU",
				  { "NOT WHAT WAS EXPECTED", "与预期不符" },
				  { "genuine, but it names someone or something else than expected",
				    "文件属实，但所载与预期不符" },
				  { "Compare the fields.", "请核对各项。" } },
	[VERDICT_STALE] = { "STALE",
			    { "STALE", "状态过时" },
			    { "genuine; today's status could not be fetched",
			      "文件属实；未能取得今日状态" },
			    { "Check again when the issuer's site can be reached.",
			      "请在可以访问签发机构网站时重新核验。" } },
	[VERDICT_PENDING] = { "PENDING",
			      { "PENDING", "待公布" },
			      { "genuine; not yet in the copy of the public register at hand",
				"文件属实；手头的签发簿副本尚未收录" },
			      { "Check again against the issuer's own site.",
				"请对照签发机构网站重新核验。" } },
	[VERDICT_UNDECIDED] = { "UNDECIDED",
				{ "UNDECIDED", "未能判定" },
				{ "not everything could be checked", "未能完成全部核验" },
				{ "", "" } },
	[VERDICT_VALID] = { "VALID",
			    { "VALID", "有效" },
			    { "genuine and current", "文件属实，现行有效" },
			    { "Compare the fields with the page.", "请将各项与页面核对。" } },
};

/* A reason takes the place of the answer's clause. */
static const struct {
	const char *code;
	struct text clause;
} REASONS[] = {
	[REASON_NONE] = { "", { "", "" } },
	[REASON_NO_CODE] = { "no-code", { "no code could be read", "未读到核验码" } },
	[REASON_NO_LOOKUP] = { "no-lookup",
			       { "a typed code can only be looked up on the issuer's site; scan the code instead",
				 "手工输入的核验码须在签发机构网站查询；请改为扫码" } },
	[REASON_TWO_CODES] = { "two-codes",
			       { "two codes: the document carries two different codes",
				 "两个核验码：文件含有两个不同的码" } },
	[REASON_UNKNOWN_ISSUER] = { "unknown-issuer",
				    { "unknown issuer: no trust policy is pinned",
				      "签发机构未知：尚未信任其政策文件" } },
	[REASON_NO_KEYLIST] = { "no-key-list",
				{ "the issuer's key list could not be had",
				  "未能取得签发机构的密钥表" } },
	[REASON_BAD_KEYLIST] = { "bad-key-list",
				 { "the published key list is not signed by the pinned root keys",
				   "公布的密钥表并非由所信任的根密钥签名" } },
	[REASON_STALE_KEYLIST] = { "stale-key-list",
				   { "only an expired key list could be had",
				     "只取得已过期的密钥表" } },
	[REASON_NOT_CHECKED] = { "not-checked", { "", "" } }, /* words_missing says which */
	[REASON_NEEDS_LOG] = { "needs-log",
			       { "the key was stolen later; only a witnessed log could show that this is from before",
				 "签名密钥后来失密；须由经见证的签发簿证明此文件签发在先" } },
	[REASON_NO_LIST_AT] = { "no-list-at",
				{ "genuine; no status list of that time is at hand",
				  "文件属实；没有所问时点的状态表" } },
	[REASON_ADDED_TO] = { "added-to",
			      { "added to: the file begins with the original and goes on",
				"被追加：原文件之后另有内容" } },
	[REASON_OTHER_FILE] = { "other-file",
				{ "not the file that was issued: changed, re-saved or printed again",
				  "不是当初签发的文件：已被改动、另存或重新打印" } },
	[REASON_MANIFEST_BAD] = { "manifest-bad",
				  { "the published manifest is not what the issuer signed",
				    "公布的签发簿并非签发机构所签" } },
};

static const struct {
	const char *code;
	struct text text;
} ITEMS[] = {
	[ITEM_SIGNATURE] = { "signature", { "signature of the code", "核验码签名" } },
	[ITEM_KEY_LIST] = { "key-list", { "issuer's key list", "签发机构密钥表" } },
	[ITEM_MANIFEST] = { "manifest",
			    { "entry in the signed batch manifest", "批次签发簿中的记载" } },
	[ITEM_FILE] = { "file", { "the file is the one issued", "文件与签发时一致" } },
	[ITEM_DATES] = { "dates", { "dates of the document", "文件日期" } },
	[ITEM_STATUS] = { "status",
			  { "status (withdrawn, replaced, suspended, ended)",
			    "状态（作废、换发、暂停、失效）" } },
	[ITEM_FRESHNESS] = { "freshness", { "that the status is today's", "状态是否为今日" } },
	[ITEM_TRANSPARENCY] = { "transparency",
				{ "inclusion in the public log", "公开签发簿收录证明" } },
	[ITEM_EXPECTED] = { "expected", { "what was expected", "与预期是否相符" } },
	[ITEM_UNCOVERED] = { "photo-sex-association-seal",
			     { "not covered by the code: photo, sex, association, seal picture",
			       "核验码不涵盖：照片、性别、所属协会、印章图样" } },
};

const char *words_code(enum verdict_code code)
{
	return ANSWERS[code].code;
}

const char *words_reason(enum verdict_reason reason)
{
	return REASONS[reason].code;
}

const char *words_item(enum verdict_item item)
{
	return ITEMS[item].code;
}

const char *words_item_for(enum verdict_item item, enum words_lang lang)
{
	return in(&ITEMS[item].text, lang);
}

const char *words_authenticity(enum authenticity axis)
{
	static const char *const words[] = {
		[AUTH_NOT_CHECKED] = "not-checked",
		[AUTH_GENUINE] = "genuine",
		[AUTH_FORGED] = "forged",
		[AUTH_UNKNOWN_KEY] = "unknown-key",
		[AUTH_KEY_NOT_ALLOWED] = "key-not-allowed",
		[AUTH_KEY_COMPROMISED] = "key-compromised",
		[AUTH_NEEDS_LOG] = "needs-log",
		[AUTH_MALFORMED] = "malformed",
		[AUTH_NOT_OURS] = "not-ours",
	};

	return words[axis];
}

const char *words_status(enum status axis)
{
	static const char *const words[] = {
		[STATUS_NOT_CHECKED] = "not-checked", [STATUS_GOOD] = "good",
		[STATUS_REVOKED] = "revoked",         [STATUS_SUPERSEDED] = "superseded",
		[STATUS_SUSPENDED] = "suspended",     [STATUS_ENDED] = "ended",
		[STATUS_EXPIRED] = "expired",         [STATUS_NOT_YET_VALID] = "not-yet-valid",
	};

	return words[axis];
}

const char *words_freshness(enum freshness axis)
{
	static const char *const words[] = {
		[FRESH_NOT_CHECKED] = "not-checked",
		[FRESH_LIVE] = "live",
		[FRESH_CACHED] = "cached",
		[FRESH_STALE] = "stale",
	};

	return words[axis];
}

const char *words_transparency(enum transparency axis)
{
	static const char *const words[] = {
		[LOG_NOT_CHECKED] = "not-checked",   [LOG_INCLUDED] = "included",
		[LOG_PENDING] = "pending",           [LOG_NOT_IN_MANIFEST] = "not-in-manifest",
		[LOG_INCONSISTENT] = "inconsistent",
	};

	return words[axis];
}

const char *words_file(enum file_state axis)
{
	static const char *const words[] = {
		[FILE_NONE] = "none",         [FILE_NOT_CHECKED] = "not-checked",
		[FILE_ORIGINAL] = "original", [FILE_ADDED_TO] = "added-to",
		[FILE_OTHER] = "other",
	};

	return words[axis];
}

static const struct {
	const char *code;
	struct text text;
} TYPES[] = {
	[TYPE_PRACTISING] = { "practising-certificate",
			      { "certificate of practising membership", "电子执业会员证书" } },
	[TYPE_NON_PRACTISING] = { "non-practising-certificate",
				  { "certificate of non-practising membership",
				    "电子非执业会员证书" } },
	[TYPE_LETTER] = { "good-standing-letter",
			  { "certificate of good standing", "会员资格证明函" } },
	[TYPE_STATEMENT] = { "status-statement", { "status statement", "会员状况说明" } },
};

const char *words_type(unsigned type)
{
	return type >= 1 && type < COUNT_OF(TYPES) ? TYPES[type].code : NULL;
}

const char *words_type_for(unsigned type, enum words_lang lang)
{
	static const struct text other = { "other document", "其他文件" };

	return in(type >= 1 && type < COUNT_OF(TYPES) ? &TYPES[type].text : &other, lang);
}

static bool is_letter(const struct evidence *ev)
{
	return ev->token != NULL && (ev->token->payload.type == TYPE_LETTER ||
				     ev->token->payload.type == TYPE_STATEMENT);
}

static const char *const MONTHS[] = { "January",   "February", "March",    "April",
				      "May",       "June",     "July",     "August",
				      "September", "October",  "November", "December" };

static void put_day(struct buf *out, int64_t day, enum words_lang lang)
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
static void put_minute(struct buf *out, int64_t unix_s, int offset_min, enum words_lang lang)
{
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

/* "status, freshness, transparency not checked"; nothing when every axis was. */
static bool put_missing(struct buf *out, const struct verdict *v, enum words_lang lang)
{
	const struct {
		bool missing;
		struct text text;
	} axes[] = {
		{ v->file == FILE_NOT_CHECKED, { "file", "文件" } },
		{ v->status == STATUS_NOT_CHECKED, { "status", "状态" } },
		{ v->freshness == FRESH_NOT_CHECKED, { "freshness", "时效" } },
		{ v->transparency == LOG_NOT_CHECKED, { "transparency", "公开性" } },
	};
	bool any = false;

	for (size_t i = 0; i < COUNT_OF(axes); i++) {
		if (!axes[i].missing)
			continue;
		if (any)
			buf_c(out, lang == WORDS_ZH ? "、" : ", ");
		else if (lang == WORDS_ZH)
			buf_c(out, "未核验");
		buf_c(out, in(&axes[i].text, lang));
		any = true;
	}
	if (any && lang == WORDS_EN)
		buf_c(out, " not checked");
	return any;
}

static void put_clause(struct buf *out, const struct verdict *v, enum words_lang lang)
{
	if (v->reason == REASON_NOT_CHECKED) {
		buf_c(out, lang == WORDS_ZH ? "文件属实；" : "genuine; ");
		put_missing(out, v, lang);
	} else if (v->reason != REASON_NONE) {
		buf_c(out, in(&REASONS[v->reason].clause, lang));
	} else {
		buf_c(out, in(&ANSWERS[v->code].clause, lang));
	}
}

/* A letter tells of one moment: its headline never says VALID. */
static void put_letter_headline(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	int64_t as_at = ev->token->payload.as_at_min * 60;

	buf_c(out, lang == WORDS_ZH ? "属实——所述截至" : "GENUINE \xe2\x80\x94 true as at ");
	put_minute(out, as_at, offset_of(ev), lang);
	buf_c(out, lang == WORDS_ZH ? "；不代表今日情况" : "; not a statement about today");
}

void words_headline(struct buf *out, const struct evidence *ev, const struct verdict *v,
		    enum words_lang lang)
{
	if (v->code == VERDICT_VALID && is_letter(ev)) {
		put_letter_headline(out, ev, lang);
	} else {
		buf_c(out, in(&ANSWERS[v->code].title, lang));
		if (v->code != VERDICT_VALID) {
			buf_c(out, lang == WORDS_ZH ? "——" : " \xe2\x80\x94 ");
			put_clause(out, v, lang);
		}
	}
	if (v->lowered) {
		buf_c(out, lang == WORDS_ZH ? "（" : " (");
		put_missing(out, v, lang);
		buf_c(out,
		      lang == WORDS_ZH ? "，依 --allow no-log）" : ", as --allow no-log permits)");
	}
}

static void put_list_date(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	buf_c(out, lang == WORDS_ZH ? "依据" : "On the list of ");
	put_minute(out, ev->list_iat, offset_of(ev), lang);
	buf_c(out, lang == WORDS_ZH ? "的状态表。" : ".");
}

void words_sentence(struct buf *out, const struct evidence *ev, const struct verdict *v,
		    enum words_lang lang)
{
	bool listed = v->code >= VERDICT_REVOKED && v->code <= VERDICT_ENDED;
	size_t before = out->n;

	if (listed && ev->has_list_iat)
		put_list_date(out, ev, lang);
	if (v->reason == REASON_ADDED_TO) {
		buf_printf(out,
			   lang == WORDS_ZH ? "前 %zu 字节即原文件，请只采信该部分。"
					    : "The first %zu bytes are the original: rely on those "
					      "alone.",
			   ev->original_length);
		return;
	}
	if (v->reason == REASON_UNKNOWN_ISSUER && ev->offered_fingerprint != NULL) {
		buf_printf(
			out,
			lang == WORDS_ZH
				? "该网站出示的信任指纹为 %s，请与签发机构在别处公布的核对。"
				: "The site offers the policy with fingerprint %s; compare it with "
				  "what the issuer publishes elsewhere.",
			ev->offered_fingerprint);
		return;
	}
	if (v->code == VERDICT_MALFORMED && ev->fault != NULL) {
		char why[600];

		buf_printf(out, "%s%s", err_text(ev->fault, why, sizeof why),
			   lang == WORDS_ZH ? "。" : ".");
	}
	if (out->n > before && lang == WORDS_EN && ANSWERS[v->code].advice.en[0] != '\0')
		buf_byte(out, ' ');
	buf_c(out, in(&ANSWERS[v->code].advice, lang));
}

static void put_label(struct buf *out, const char *en, const char *zh, enum words_lang lang)
{
	buf_c(out, lang == WORDS_ZH ? zh : en);
	buf_c(out, lang == WORDS_ZH ? "：" : ": ");
}

static void put_text_field(struct buf *out, const char *en, const char *zh, struct str value,
			   enum words_lang lang)
{
	if (value.p == NULL)
		return;
	put_label(out, en, zh, lang);
	buf_str(out, value);
	buf_byte(out, '\n');
}

static void put_day_field(struct buf *out, const char *en, const char *zh, int64_t day,
			  enum words_lang lang)
{
	put_label(out, en, zh, lang);
	put_day(out, day, lang);
	buf_byte(out, '\n');
}

static void put_letter_fields(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	static const struct text classes[] = { { "", "" },
					       { "practising member", "执业会员" },
					       { "non-practising member", "非执业会员" } };
	const struct token_payload *p = &ev->token->payload;

	put_label(out, "True as at", "所述截至", lang);
	put_minute(out, p->as_at_min * 60, offset_of(ev), lang);
	buf_byte(out, '\n');
	put_label(out, "Wording", "措辞", lang);
	buf_printf(out, "W%u\n", p->wording);
	if (p->class_code >= 1 && p->class_code < COUNT_OF(classes))
		put_text_field(out, "Class", "会员类别", str_of(in(&classes[p->class_code], lang)),
			       lang);
	put_label(out, "Sanctions looked back", "处分追溯", lang);
	if (p->look_back == 0)
		buf_c(out, lang == WORDS_ZH ? "无\n" : "not at all\n");
	else if (p->look_back == 255)
		buf_c(out, lang == WORDS_ZH ? "入会以来\n" : "ever\n");
	else
		buf_printf(out, lang == WORDS_ZH ? "%u 年\n" : "%u years\n", p->look_back);
	put_label(out, "Pending matters covered", "涵盖未决事项", lang);
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
	if (is_letter(ev))
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
	if (is_letter(ev))
		put_letter_fields(out, ev, lang);
	put_label(out, "Document id", "证书标识", lang);
	docid_text(out, str_bytes(p->docid, p->docid_size));
	buf_byte(out, '\n');
}

static void put_items(struct buf *out, const struct text *label, const enum verdict_item *items,
		      size_t count, enum words_lang lang)
{
	if (count == 0)
		return;
	put_label(out, label->en, label->zh, lang);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_c(out, lang == WORDS_ZH ? "；" : "; ");
		buf_c(out, words_item_for(items[i], lang));
	}
	buf_byte(out, '\n');
}

static void put_sentence_line(struct buf *out, const struct evidence *ev, const struct verdict *v,
			      enum words_lang lang)
{
	size_t before = out->n;

	words_sentence(out, ev, v, lang);
	if (out->n > before)
		buf_byte(out, '\n');
}

void words_all(struct buf *out, const struct evidence *ev, const struct verdict *v,
	       enum words_lang lang)
{
	static const struct text checked = { "Checked", "已核验" },
				 not_checked = { "Not checked", "未核验" };

	/* A letter says first whom it is addressed to: proof.md §5. */
	bool fields_first = is_letter(ev) && v->verified;

	words_headline(out, ev, v, lang);
	buf_byte(out, '\n');
	if (fields_first)
		words_fields(out, ev, v, lang);
	put_sentence_line(out, ev, v, lang);
	if (!fields_first)
		words_fields(out, ev, v, lang);
	put_items(out, &checked, v->checked, v->checked_count, lang);
	put_items(out, &not_checked, v->not_checked, v->not_checked_count, lang);
	put_label(out, "As of", "截至", lang);
	put_minute(out, v->as_of, offset_of(ev), lang);
	buf_byte(out, '\n');
}
