/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_FORM_LETTERS_H
#define HUFU_TESTS_FORM_LETTERS_H

#include <stddef.h>

/* Letters and statements that the judges look at: facts, and what their pages must say (behind ! must not). */
enum { LETTER_FACTS = 32, LETTER_WORDS = 16 };

struct letter {
	const char *name, *form, *language;
	const char *facts[LETTER_FACTS][2];
	const char *says[LETTER_WORDS];
};

#define LYU                                                                                        \
	{ "name_latin", "LYU Lyu" }, { "name_native", "吕绿" }, { "member_no", "990012340028" },   \
	{                                                                                          \
		"admitted", "2020-02-29"                                                           \
	}
#define INSTANT                                                                                    \
	{ "as_at", "2026-11-23T09:00+08:00" }, { "issued", "2026-11-23" },                         \
		{ "expires", "2027-02-23" },                                                       \
	{                                                                                          \
		"policy_fingerprint", "9QK2-MM41-7C0B-XE5H-2R8T-WVFA-0G3N-J6DP"                    \
	}
#define BOARD                                                                                      \
	{ "recipient", "The Registrar, Northland Board of Accountancy" },                          \
		{ "recipient_address", "14 Harbour Street\nPort Meridian NL 20410\nNorthland" },   \
		{ "their_ref", "NBA/IR/26-1180" },                                                 \
	{                                                                                          \
		"purpose", "admission by your Board"                                               \
	}
#define FIRM                                                                                       \
	{ "firm_en", "Lantern Hill Certified Public Accountants LLP" },                            \
		{ "dues_through", "2026-12-31" },                                                  \
	{                                                                                          \
		"annual_check", "2026"                                                             \
	}

static const struct letter letters[] = {
	{ "letter-en",
	  "good-standing-letter",
	  "en",
	  { LYU,
	    INSTANT,
	    BOARD,
	    FIRM,
	    { "wording", "W1" },
	    { "class", "practising" },
	    { "audit_rights", "yes" },
	    { "look_back", "5" },
	    { "pending", "covered" } },
	  { "Certificate of Good Standing",
	    "as at 09:00 (UTC+8) on 23 November 2026, LYU Lyu (吕绿)", "Page 1 of 1",
	    "9QK2-MM41-7C0B-XE5H-2R8T-WVFA-0G3N-J6DP", "nor imposed in the preceding five years.",
	    "no disciplinary proceeding was open;",
	    "fees were paid to 31 December 2026 and the 2026 annual check was passed;",
	    "valid until the end of 23 February 2027 (UTC+8).",
	    "Practising member, entitled to sign statutory audit reports" } },
	{ "letter-en-two",
	  "good-standing-letter",
	  "en",
	  { LYU,
	    INSTANT,
	    BOARD,
	    FIRM,
	    { "wording", "W3" },
	    { "class", "practising" },
	    { "audit_rights", "yes" },
	    { "look_back", "ever" },
	    { "pending", "silent" },
	    { "birth_date", "1988-03-14" },
	    { "exam", "20190412345\t2019\texam" },
	    { "cpd", "2024-2026\t128.5\tyes" },
	    { "findings",
	      "2021-06-30\treprimand\t2022-06-30\tA working paper of an audit was not kept for the time "
	      "the law asks.\n2023-02-01\twarning\t2023-08-01\tFees were paid late." },
	    { "history", "2012-03-01\t2015-06-30\tnon_practising\tactive\t99000123\tSFCPA\n"
			 "2015-07-01\t2016-12-31\tpractising\tactive\t990012340028\tSFCPA\n"
			 "2017-01-01\t2017-12-31\tpractising\tsuspended\t990012340028\tSFCPA\n"
			 "2018-01-01\t2020-02-28\tnon_practising\tactive\t99000123\tSFCPA\n"
			 "2020-02-29\t\tpractising\tactive\t990012340028\tSFCPA" } },
	  { "Page 1 of 2", "Page 2 of 2", "14 March 1988", "20190412345", "128.5", "Reprimand",
	    "It does not speak of disciplinary proceedings that may be open." } },
	{ "letter-en-recipient",
	  "good-standing-letter",
	  "en",
	  { LYU,
	    INSTANT,
	    { "recipient",
	      "The Registrar of Public Accountants and Auditors, Ministry of Commerce, "
	      "Industry and Supply of Northland" },
	    { "recipient_short", "Registrar of Public Accountants, Northland" },
	    { "recipient_address",
	      "Division of Foreign Qualifications and Mutual Recognition\nThird Floor, East Wing, "
	      "Chancery House of the Commonwealth\n14–18 Harbour Street\nPort Meridian NL 20410\n"
	      "Αθήνα · Москва\nNorthland" },
	    { "their_ref", "MCIS/RPAA/FQ/2026/0001180-B" },
	    { "wording", "W2" },
	    { "class", "non_practising" },
	    { "dues_through", "2026-12-31" },
	    { "look_back", "none" },
	    { "pending", "silent" } },
	  { "A non-practising member is not entitled to sign statutory audit reports.",
	    "no disciplinary sanction was in force.", "Αθήνα · Москва", "Page 1 of 1",
	    "!annual check", "!for the purpose", "MCIS/RPAA/FQ/2026/0001180-B",
	    "Addressee, as in the code", "Registrar of Public Accountants, Northland",
	    "Non-practising, not entitled to sign statutory audit reports" } },
	{ "letter-zh",
	  "good-standing-letter",
	  "zh",
	  { LYU,
	    INSTANT,
	    { "recipient", "北境会计师管理局" },
	    { "recipient_address", "示例市港口街14号\n邮政编码 204100" },
	    { "purpose", "申请注册" },
	    { "wording", "W1" },
	    { "class", "practising" },
	    { "audit_rights", "yes" },
	    { "firm_zh", "灯笼山会计师事务所（特殊普通合伙）" },
	    { "dues_through", "2026-12-31" },
	    { "annual_check", "2026" },
	    { "look_back", "5" },
	    { "pending", "covered" } },
	  { "会员资格良好证明", "截至2026年11月23日09:00（UTC+8），吕绿（LYU Lyu）为本会执业会员",
	    "此前5年内未受惩戒", "会费已缴至2026年12月31日，并已通过2026年度检查；", "第1页，共1页",
	    "有效期至2027年2月23日" } },
	{ "statement-en",
	  "status-statement",
	  "en",
	  { { "name_latin", "SHAN XIEQIU" },
	    { "name_native", "单解仇" },
	    { "member_no", "990012340029" },
	    { "admitted", "2012-03-01" },
	    INSTANT,
	    { "wording", "W5" },
	    { "class", "practising" },
	    { "status", "annulled" },
	    { "status_reason", "stopped_practising" },
	    { "status_since", "2025-03-31" },
	    { "look_back", "none" },
	    { "pending", "silent" },
	    { "former_names", "单谢秋\tSHAN XIEQIU\t2018-03-31" },
	    { "history", "2012-03-01\t2018-03-31\tpractising\tactive\t990012340029\tSFCPA\n"
			 "2018-04-01\t2025-03-30\tnon_practising\tactive\t99000124\tSFCPA\n"
			 "2025-03-31\t\tnon_practising\tannulled\t99000124\tSFCPA" } },
	  { "Statement of Status", "To whom it may concern", "!revoked", "!Dear",
	    "Registration annulled (stopped practising)", "31 March 2025", "单谢秋",
	    "was no longer a member of the Institute." } },
	{ "statement-zh",
	  "status-statement",
	  "zh",
	  { { "name_native", "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江" },
	    { "member_no", "990012340030" },
	    { "admitted", "2012-03-01" },
	    INSTANT,
	    { "wording", "W4" },
	    { "class", "practising" },
	    { "status", "suspended" },
	    { "status_since", "2026-02-28" },
	    { "look_back", "ever" },
	    { "pending", "covered" },
	    { "proceedings", "open" },
	    { "restrictions", "2026-02-28\t2027-02-28\tNo audit reports.\t不得签署审计报告" },
	    { "findings", "2026-02-28\tsuspension\t2027-02-28\tAn audit without evidence." },
	    { "history", "2012-03-01\t2026-02-27\tpractising\tactive\t990012340030\tSFCPA\n"
			 "2026-02-28\t\tpractising\tsuspended\t990012340030\tSFCPA" } },
	  { "会员状况说明", "暂停执业", "有未决的惩戒程序", "不得签署审计报告", "敬启者",
	    "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江" } },
	{ "letter-en-names",
	  "good-standing-letter",
	  "en",
	  { { "name_latin", "ABDURAHMAN MAMATALI TURSUNNIYAZJAN ABDUKERIM" },
	    { "name_native",
	      "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江·买买提依明·阿布都克里木·艾合买提江·沙吾提·克里木江" },
	    { "member_no", "990012340031" },
	    { "admitted", "2012-03-01" },
	    INSTANT,
	    { "wording", "W1" },
	    { "class", "practising" },
	    { "audit_rights", "no" },
	    { "dues_through", "2026-12-31" },
	    { "look_back", "ever" },
	    { "pending", "covered" } },
	  { "To whom it may concern", "nor had one ever been imposed.", "Practising member",
	    "!entitled" } },
	{ "letter-zh-listed",
	  "good-standing-letter",
	  "zh",
	  { LYU,
	    INSTANT,
	    { "recipient", "北境联邦工商与供应部注册会计师与审计师注册登记处暨外国资格互认司" },
	    { "recipient_short", "北境注册会计师登记处" },
	    { "recipient_address", "北境美港市港口街14号\n邮政编码 204100" },
	    { "wording", "W3" },
	    { "class", "non_practising" },
	    { "dues_through", "2026-12-31" },
	    { "look_back", "ever" },
	    { "pending", "covered" },
	    { "findings", "2015-06-30\twarning\t\tFees were paid late.\n"
			  "2018-03-01\tsuspension\t2018-09-01\tA working paper was not kept." } },
	  { "会员资格良好证明", "非执业会员，不得签署法定审计报告", "收件方（码中简称）",
	    "北境注册会计师登记处", "暂停执业", "2018年9月1日", "历来所受惩戒均已期满",
	    "!有权签署" } },
	{ "statement-en-active",
	  "status-statement",
	  "en",
	  { LYU,
	    INSTANT,
	    BOARD,
	    { "wording", "W4" },
	    { "class", "practising" },
	    { "status", "suspended" },
	    { "status_since", "2026-02-28" },
	    { "look_back", "none" },
	    { "pending", "covered" },
	    { "proceedings", "open" },
	    { "firm_en", "Lantern Hill Certified Public Accountants LLP" },
	    { "restrictions", "2026-02-28\t2027-02-28\tNo audit reports.\t不得签署审计报告" },
	    { "findings", "2026-02-28\tsuspension\t2027-02-28\tAn audit without evidence." },
	    { "history", "2020-02-29\t2026-02-27\tpractising\tactive\t990012340028\tSFCPA\n"
			 "2026-02-28\t\tpractising\tsuspended\t990012340028\tSFCPA" } },
	  { "Suspended", "A disciplinary proceeding was open at the time stated.",
	    "No audit reports.", "it does not say that the member was in good standing." } },
	{ "statement-zh-ended",
	  "status-statement",
	  "zh",
	  { LYU,
	    INSTANT,
	    { "recipient", "示范市中级人民法院" },
	    { "wording", "W5" },
	    { "class", "practising" },
	    { "status", "cancelled" },
	    { "status_since", "2025-03-31" },
	    { "look_back", "none" },
	    { "pending", "silent" },
	    { "history", "2020-02-29\t2025-03-30\tpractising\tactive\t990012340028\tSFCPA\n"
			 "2025-03-31\t\tpractising\tcancelled\t990012340028\tSFCPA" } },
	  { "注销注册", "已不再是本会会员", "!吊销", "!撤销", "2025年3月31日" } },
	{ "statement-en-penalty",
	  "status-statement",
	  "en",
	  { LYU,
	    INSTANT,
	    BOARD,
	    { "wording", "W6" },
	    { "class", "practising" },
	    { "status", "revoked" },
	    { "status_since", "2025-03-31" },
	    { "look_back", "none" },
	    { "pending", "silent" },
	    { "findings", "2025-03-31\trevocation\t\tAn audit report without an audit." },
	    { "history", "2020-02-29\t2025-03-30\tpractising\tactive\t990012340028\tSFCPA\n"
			 "2025-03-31\t\tpractising\trevoked\t990012340028\tSFCPA" } },
	  { "Certificate revoked", "was not a member of the Institute",
	    "the membership had ended as stated below.", "!cancelled", "Revocation" } },
	{ "statement-zh-penalty",
	  "status-statement",
	  "zh",
	  { LYU,
	    INSTANT,
	    { "wording", "W6" },
	    { "class", "practising" },
	    { "status", "annulled" },
	    { "status_reason", "fraud" },
	    { "status_since", "2025-03-31" },
	    { "look_back", "none" },
	    { "pending", "silent" } },
	  { "撤销注册（以欺骗手段取得）", "不是本会会员", "!吊销", "!注销", "敬启者" } },
	{ "statement-zh-none",
	  "status-statement",
	  "zh",
	  { INSTANT, { "recipient", "北境会计师管理局" }, { "wording", "W7" } },
	  { "没有与申请所列信息相符的记录", "!证书编号" } },
	{ "statement-none",
	  "status-statement",
	  "en",
	  { INSTANT, BOARD, { "wording", "W7" } },
	  { "no record of its register of members matched", "!Member number",
	    "The Registrar, Northland Board of Accountancy" } },
};

#endif
