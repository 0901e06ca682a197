/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/remedy.h"

#include "base/attr.h"

static const struct remedy remedies[] = {
	{ "ADMISSION-FUTURE", "更正入会日期，或推迟签发", "correct the date, or issue later" },
	{ "ASSOCIATION-UNKNOWN", "补充协会，或更正协会代码",
	  "add the association, or correct the code" },
	{ "BIDI-CONTROL", "删除该字符", "remove the character" },
	{ "COMPATIBILITY", "改用所建议的字符", "use the character suggested" },
	{ "CONFLICT", "以更高的 rev 重新报送正确的一条",
	  "send the true one again with a higher rev" },
	{ "CONTROL", "删除该字符", "remove the character" },
	{ "DATE-FORM", "写作 2020-02-29", "write 2020-02-29" },
	{ "DATE-NOT-REAL", "更正日期", "correct the date" },
	{ "DATE-ORDER", "更正日期", "correct the dates" },
	{ "DATE-TIME", "写作 2026-11-20T10:00:00+08:00", "write 2026-11-20T10:00:00+08:00" },
	{ "DUPLICATE-NUMBER", "更正其中一条的会员编号", "correct one member's number" },
	{ "DUPLICATE-PERSON", "关闭其中一个会员档案", "close one of the two members" },
	{ "FACT-MISSING", "在记录中补充该项", "add the fact to the record" },
	{ "FACT-WORD", "在模板的文字中补充该词", "add the word to the template's strings" },
	{ "FULLWIDTH", "改用半角字母", "use the ASCII letters suggested" },
	{ "INVISIBLE", "删除该字符", "remove the character" },
	{ "JSON-BOM", "存为不带 BOM 的 UTF-8", "save as UTF-8 without BOM" },
	{ "JSON-DUPLICATE-KEY", "确定取哪一个值", "decide which value is meant" },
	{ "JSON-ENCODING", "转为 UTF-8，或用 hufu import 导入",
	  "convert to UTF-8, or use hufu import" },
	{ "JSON-MISSING", "补充该项", "add it" },
	{ "JSON-SYNTAX", "修复导出程序", "mend the export" },
	{ "JSON-TRUNCATED", "重新传输文件", "transfer the file again" },
	{ "JSON-UNKNOWN-KEY", "删除该项", "remove it" },
	{ "LINE-TOO-LONG", "每行一条记录", "one record a line" },
	{ "NO-GLYPH", "按 hufu doctor 的提示安装字体", "install the fonts hufu doctor names" },
	{ "NO-LETTER", "更正姓名", "correct the name" },
	{ "PLACEHOLDER", "向来源核对真实姓名", "get the true name from the source" },
	{ "PRIVATE-USE", "改用所建议的字符，或向报送系统索取造字对照表",
	  "use the character suggested, or ask the sending system for its table" },
	{ "QR-TOO-LARGE", "缩短所印的长姓名", "shorten the long name printed" },
	{ "SCRIPT", "按护照填写姓名", "the name as the passport has it" },
	{ "SPACE", "删除多余的空格", "remove the blank" },
	{ "STALE-REV", "重新导出", "export again" },
	{ "TEXT-CLUSTER", "更正姓名", "correct the name" },
	{ "TEXT-TOO-LONG", "缩短文字", "shorten the text" },
	{ "TEXT-TOO-WIDE", "缩短文字，或加宽模板的位置",
	  "shorten the text, or widen its place in the template" },
	{ "TOKEN-TOO-LONG", "缩短所印的长姓名", "shorten the long name printed" },
	{ "UNASSIGNED", "在来源系统中更正", "correct it in the source" },
	{ "VARIATION-SELECTOR", "删除该字符", "remove the character" },
};

const struct remedy *remedy_lookup(struct str code)
{
	for (size_t i = 0; i < COUNT_OF(remedies); i++)
		if (str_eq(code, str_of(remedies[i].code)))
			return &remedies[i];
	return NULL;
}
