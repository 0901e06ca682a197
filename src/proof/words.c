/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "proof/words_inner.h"

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
	[REASON_TWO_OPEN] = { "two-codes-open",
			      { "two codes, and the public register that tells which is the file's own could not be had",
				"文件含有两个不同的码；未能取得公开签发簿以判定何者为其本身的码" } },
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
	[REASON_OLDER_KEYLIST] = { "older-key-list",
				   { "the issuer has another, newer key list than the one at hand",
				     "签发机构另有更新的密钥表，手头的已过时" } },
	[REASON_KEYLIST_BACK] = { "key-list-rolled-back",
				  { "a newer key list was seen before; this one is not accepted",
				    "先前已见过更新的密钥表，不接受此旧表" } },
	[REASON_STATUS_BACK] = { "status-rolled-back",
				 { "genuine; a newer status list was seen before",
				   "文件属实；先前已见过更新的状态表" } },
	[REASON_OLD_CHECKPOINT] = { "old-checkpoint",
				    { "genuine; the copy of the register at hand is older than the status list",
				      "文件属实；手头的签发簿副本早于状态表" } },
	[REASON_NOT_CHECKED] = { "not-checked", { "", "" } }, /* words_missing says which */
	[REASON_NOT_WITNESSED] = { "not-witnessed",
				   { "genuine; the register at hand is not confirmed by enough witnesses",
				     "文件属实；手头的签发簿尚未经足够的见证方确认" } },
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
	[REASON_LOG_FORK] = { "log-fork",
			      { "two registers of one size, and not the same",
				"两份大小相同而内容不同的签发簿" } },
	[REASON_LOG_SHRUNK] = { "log-shrunk",
				{ "the register shown is smaller than one already shown",
				  "所示签发簿小于先前所示" } },
	[REASON_LOG_REWRITTEN] = { "log-rewritten",
				   { "the register shown does not continue the one shown before",
				     "所示签发簿并非先前签发簿的延续" } },
	[REASON_LOG_TILES] = { "log-tiles",
			       { "the published register is not the one that was signed",
				 "公布的签发簿与其签名不符" } },
};

static const struct {
	const char *code;
	struct text text;
} ITEMS[] = {
	[ITEM_SIGNATURE] = { "signature", { "signature of the code", "核验码签名" } },
	[ITEM_KEY_LIST] = { "key-list", { "issuer's key list", "签发机构密钥表" } },
	[ITEM_FILE] = { "file", { "the file is the one issued", "文件与签发时一致" } },
	[ITEM_DATES] = { "dates", { "dates of the document", "文件日期" } },
	[ITEM_STATUS] = { "status",
			  { "status (withdrawn, replaced, suspended, ended)",
			    "状态（作废、换发、暂停、失效）" } },
	[ITEM_FRESHNESS] = { "freshness", { "that the status is today's", "状态是否为今日" } },
	[ITEM_TRANSPARENCY] = { "transparency",
				{ "inclusion in the public log", "公开签发簿收录证明" } },
	[ITEM_CONSISTENCY] = { "consistency",
			       { "that the log continues every earlier one at hand",
				 "公开签发簿延续手头所有先前的签发簿" } },
	[ITEM_WITNESSES] = { "witnesses",
			     { "confirmation of the log by witnesses", "见证方对签发簿的确认" } },
	[ITEM_STATUS_ENTRY] = { "status-entry",
				{ "the status list's own entry in the log",
				  "状态表本身在签发簿中的记载" } },
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
	return words_in(&ITEMS[item].text, lang);
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

const char *words_log_from(enum log_from from)
{
	static const char *const words[] = {
		[LOG_FROM_SITE] = "site",     [LOG_FROM_MEMORY] = "memory",
		[LOG_FROM_STATUS] = "status", [LOG_FROM_PROOF] = "proof",
		[LOG_FROM_KEYS] = "keys",
	};

	return words[from];
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

	return words_in(type >= 1 && type < COUNT_OF(TYPES) ? &TYPES[type].text : &other, lang);
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
		buf_c(out, words_in(&axes[i].text, lang));
		any = true;
	}
	if (any && lang == WORDS_EN)
		buf_c(out, " not checked");
	return any;
}

static void put_clause(struct buf *out, const struct evidence *ev, const struct verdict *v,
		       enum words_lang lang)
{
	static const struct text copy = { "this copy of the issuer's index has no such code",
					  "手头的查询索引副本中没有此核验码" };

	if (v->reason == REASON_NOT_CHECKED) {
		buf_c(out, lang == WORDS_ZH ? "文件属实；" : "genuine; ");
		put_missing(out, v, lang);
	} else if (v->reason != REASON_NONE) {
		buf_c(out, words_in(&REASONS[v->reason].clause, lang));
	} else if (v->code == VERDICT_NOT_FOUND && !ev->canonical) {
		buf_c(out, words_in(&copy, lang));
	} else {
		buf_c(out, words_in(&ANSWERS[v->code].clause, lang));
	}
}

/* A letter tells of one moment: its headline never says VALID. */
static void put_letter_headline(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	int64_t as_at = ev->token->payload.as_at_min * 60;

	buf_c(out, lang == WORDS_ZH ? "属实——所述截至" : "GENUINE \xe2\x80\x94 true as at ");
	words_put_minute(out, as_at, ev, lang);
	buf_c(out, lang == WORDS_ZH ? "；不代表今日情况" : "; not a statement about today");
}

void words_headline(struct buf *out, const struct evidence *ev, const struct verdict *v,
		    enum words_lang lang)
{
	if (v->code == VERDICT_VALID && words_is_letter(ev)) {
		put_letter_headline(out, ev, lang);
	} else {
		buf_c(out, words_in(&ANSWERS[v->code].title, lang));
		if (v->code != VERDICT_VALID) {
			buf_c(out, lang == WORDS_ZH ? "——" : " \xe2\x80\x94 ");
			put_clause(out, ev, v, lang);
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
	words_put_minute(out, ev->list_iat, ev, lang);
	buf_c(out, lang == WORDS_ZH ? "的状态表。" : ".");
}

static void put_tree(struct buf *out, const struct log_tree *tree, enum words_lang lang)
{
	static const struct text from[] = {
		[LOG_FROM_SITE] = { "Shown", "所示" },
		[LOG_FROM_MEMORY] = { "Seen before", "先前所见" },
		[LOG_FROM_STATUS] = { "Named by the status list", "状态表所称" },
		[LOG_FROM_PROOF] = { "In the document's proof", "文件证明所载" },
		[LOG_FROM_KEYS] = { "Frozen by the key list", "密钥表所冻结" },
	};

	words_put_label(out, from[tree->from].en, from[tree->from].zh, lang);
	buf_uint(out, tree->size);
	buf_c(out, lang == WORDS_ZH ? " 项，根 " : " entries, root ");
	enc_hex(out, tree->root, SHA256_SIZE);
	buf_c(out, lang == WORDS_ZH ? "。" : ". ");
}

/* Both trees of a contradiction, so that whoever is told can be shown. */
static void put_trees(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	put_tree(out, &ev->shown, lang);
	if (ev->log_fault != LOG_FAULT_TILES)
		put_tree(out, &ev->known, lang);
}

/* Why the log could not tell. */
static void put_gap(struct buf *out, enum log_gap gap, enum words_lang lang)
{
	static const struct text why[] = {
		[LOG_GAP_NONE] = { "", "" },
		[LOG_GAP_CHECKPOINT] = { "The checkpoint of the public register could not be had.",
					 "未能取得公开签发簿的检查点。" },
		[LOG_GAP_SIGNATURE] = { "The published checkpoint is not signed by the register's key.",
					"公布的检查点并非由签发簿密钥签名。" },
		[LOG_GAP_WITNESSES] = { "Ask again when the issuer's witnesses have confirmed it.",
					"请在见证方确认之后重新核验。" },
		[LOG_GAP_TILES] = { "Parts of the public register could not be had.",
				    "未能取得公开签发簿的部分内容。" },
		[LOG_GAP_EXTENSION] = { "It could not be shown that the register continues the one known.",
					"未能证明所示签发簿延续已知的签发簿。" },
	};

	buf_c(out, words_in(&why[gap], lang));
}

/* What belongs to the answer besides its advice; true when nothing else is to be said. */
static bool put_detail(struct buf *out, const struct evidence *ev, const struct verdict *v,
		       enum words_lang lang)
{
	char why[600];

	if (v->reason == REASON_ADDED_TO) {
		buf_printf(out,
			   lang == WORDS_ZH ? "前 %zu 字节即原文件，请只采信该部分。"
					    : "The first %zu bytes are the original: rely on those "
					      "alone.",
			   ev->original_length);
		return true;
	}
	if (v->reason == REASON_UNKNOWN_ISSUER && ev->offered_fingerprint != NULL) {
		buf_printf(
			out,
			lang == WORDS_ZH
				? "该网站出示的信任指纹为 %s，请与签发机构在别处公布的核对。"
				: "The site offers the policy with fingerprint %s; compare it with "
				  "what the issuer publishes elsewhere.",
			ev->offered_fingerprint);
		return true;
	}
	if (v->code == VERDICT_MALFORMED && ev->fault != NULL)
		buf_printf(out, "%s%s", err_text(ev->fault, why, sizeof why),
			   lang == WORDS_ZH ? "。" : ".");
	if (v->code == VERDICT_INCONSISTENT_LOG)
		put_trees(out, ev, lang);
	if (v->code == VERDICT_REVOKED && ev->remembered_revoked)
		buf_c(out, lang == WORDS_ZH
				   ? "此前在本机已见其作废；作废不可撤销。"
				   : "It was seen withdrawn before; that is never taken back.");
	if (v->reason == REASON_BAD_KEYLIST)
		buf_c(out, lang == WORDS_ZH
				   ? "如机构已宣布更换根密钥，请运行 hufu trust update。"
				   : "Should the issuer have changed its roots, hufu trust update "
				     "follows it.");
	if (v->code == VERDICT_UNDECIDED && v->transparency == LOG_NOT_CHECKED)
		put_gap(out, ev->log_gap, lang);
	return false;
}

void words_sentence(struct buf *out, const struct evidence *ev, const struct verdict *v,
		    enum words_lang lang)
{
	bool listed = v->code >= VERDICT_REVOKED && v->code <= VERDICT_ENDED;
	size_t before = out->n;

	if (listed && ev->has_list_iat && !ev->remembered_revoked)
		put_list_date(out, ev, lang);
	if (put_detail(out, ev, v, lang))
		return;
	if (out->n > before && lang == WORDS_EN && ANSWERS[v->code].advice.en[0] != '\0' &&
	    out->p[out->n - 1] != ' ')
		buf_byte(out, ' ');
	buf_c(out, words_in(&ANSWERS[v->code].advice, lang));
}

static void put_items(struct buf *out, const struct text *label, const enum verdict_item *items,
		      size_t count, enum words_lang lang)
{
	if (count == 0)
		return;
	words_put_label(out, label->en, label->zh, lang);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_c(out, lang == WORDS_ZH ? "；" : "; ");
		buf_c(out, words_item_for(items[i], lang));
	}
	buf_byte(out, '\n');
}

/* Which list and which log the answer rests on. */
static void put_sources(struct buf *out, const struct evidence *ev, const struct verdict *v,
			enum words_lang lang)
{
	if (v->status != STATUS_NOT_CHECKED && ev->has_list_iat) {
		words_put_label(out, "Status list of", "状态表日期", lang);
		words_put_minute(out, ev->list_iat, ev, lang);
		buf_byte(out, '\n');
	}
	if (v->transparency != LOG_INCLUDED)
		return;
	words_put_label(out, "Public register", "公开签发簿", lang);
	if (ev->quorum == 0)
		buf_c(out, lang == WORDS_ZH ? "未经见证\n" : "not witnessed\n");
	else
		buf_printf(out,
			   lang == WORDS_ZH ? "见证方 %u 家，至少须 %u 家\n"
					    : "confirmed by %u witnesses, %u needed\n",
			   ev->witnesses, ev->quorum);
}

/* The pin is the reader's to change; this call went on with the successor. */
static void put_roots(struct buf *out, const struct evidence *ev, enum words_lang lang)
{
	if (ev->roots_changed > 0)
		buf_c(out,
		      lang == WORDS_ZH
			      ? "签发机构已更换根密钥，并由原根密钥签名确认；请运行 hufu trust update。\n"
			      : "The issuer's roots have changed, signed by the old ones; run "
				"hufu trust update.\n");
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
	bool fields_first = words_is_letter(ev) && v->verified;

	words_headline(out, ev, v, lang);
	buf_byte(out, '\n');
	if (fields_first)
		words_fields(out, ev, v, lang);
	put_sentence_line(out, ev, v, lang);
	if (!fields_first)
		words_fields(out, ev, v, lang);
	put_roots(out, ev, lang);
	put_items(out, &checked, v->checked, v->checked_count, lang);
	put_items(out, &not_checked, v->not_checked, v->not_checked_count, lang);
	if (v->verified)
		put_sources(out, ev, v, lang);
	words_put_label(out, "As of", "截至", lang);
	words_put_minute(out, v->as_of, ev, lang);
	buf_byte(out, '\n');
}
