/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sealview.h"

#include "base/civil.h"
#include "base/io.h"
#include "seal/pdf.h"
#include "json/canon.h"

enum { ROOTS_MAX = 256 * 1024 };

bool sealview_open(const char *path, int64_t at, struct sealview *out, struct err *e)
{
	struct check_report nothing;
	struct arena *a;
	bool ok;

	*out = (struct sealview){ .roots = buf_empty(ROOTS_MAX), .at = at };
	if (!io_read(path, &out->roots, e))
		return false;
	a = arena_new(PDF_ARENA_MAX);
	if (a == NULL)
		return err_memory(e, "certificates");
	/* An empty file tells whether the certificates can be read. */
	ok = check_run(a, STR(""), &(struct check_plan){ .anchors = buf_view(&out->roots) },
		       &nothing, e) ||
	     err_in(e, "%s", path);
	arena_free(a);
	return ok;
}

void sealview_free(struct sealview *v)
{
	buf_free(&v->roots);
}

bool sealview_check(const struct sealview *v, struct arena *keep, struct str pdf,
		    struct check_report **out, struct err *e)
{
	const struct check_plan plan = { .anchors = buf_view(&v->roots), .at = v->at };
	struct check_report *report = arena_alloc(keep, sizeof *report, e);
	struct arena *a = report == NULL ? NULL : arena_new(PDF_ARENA_MAX);
	bool ok;

	if (a == NULL)
		return report == NULL ? false : err_memory(e, "a seal");
	ok = check_run(a, pdf, &plan, report, e);
	arena_free(a);
	if (ok)
		*out = report;
	return ok;
}

void sealview_record(struct check_report *r, enum file_state file)
{
	struct check_finding *f = &r->findings[CHECK_RECORD];

	switch (file) {
	case FILE_NONE:
	case FILE_NOT_CHECKED:
		return;
	case FILE_ORIGINAL:
		*f = (struct check_finding){ .outcome = CHECK_PASSED };
		return;
	case FILE_ADDED_TO:
	case FILE_OTHER:
		*f = (struct check_finding){
			.outcome = CHECK_FAILED,
			.words = "the file is not the one the issuer published"
		};
		if (r->failed == CHECK_NONE || r->failed > CHECK_RECORD)
			r->failed = CHECK_RECORD;
		return;
	}
}

const char *sealview_code(const struct check_report *r)
{
	if (r == NULL)
		return "";
	return r->failed == CHECK_NONE ? "holds" : check_name(r->failed);
}

/* What a check that failed, or stays open, means to a reader; findings have the details in English. */
static const char *const chinese_words[CHECK_CODES] = {
	[CHECK_FRAME] = "文件首尾不完整，或前后另有内容",
	[CHECK_TABLES] = "文件结构不是本系统所写",
	[CHECK_RANGE] = "签章未覆盖完整的修订版",
	[CHECK_GAP] = "签章未覆盖之处不止签名本身",
	[CHECK_PADDING] = "签名之后另有内容",
	[CHECK_CMS] = "签名格式不符",
	[CHECK_SIGNATURE] = "文件已被改动，或签名不是该证书所作",
	[CHECK_ALGORITHM] = "签名算法不被接受",
	[CHECK_TIME_ATTRIBUTE] = "签名含有不允许的时间属性",
	[CHECK_PATH] = "证书不可用于签章，或盖章时无效",
	[CHECK_REVOCATION] = "未能确认证书未被吊销",
	[CHECK_STAMP] = "没有可用的时间戳",
	[CHECK_CERTIFIED] = "没有电子章，或其章未认证全文",
	[CHECK_LATER] = "盖章之后文件另有增改",
	[CHECK_CONTENT] = "盖章之后页面内容被替换",
	[CHECK_HIDDEN] = "文件藏有脚本、图层、附件或无用对象",
	[CHECK_WIDGET] = "电子章不可见、被遮盖或不在页面上",
	[CHECK_RECORD] = "文件与签发机构公布的不符，或未能核对",
	[CHECK_STRANGER] = "证书链不止于所信任的根证书",
	[CHECK_LIMITS] = "文件过大或嵌套过深",
};

static const char *finding_words(const struct check_report *r, int code, bool chinese)
{
	return chinese ? chinese_words[code] : r->findings[code].words;
}

static const char *instant(int64_t unix_s, char out[21])
{
	instant_text(unix_s, out);
	return out;
}

static void seal_words(struct buf *out, const struct check_seal *s, bool chinese)
{
	char when[21];

	buf_c(out, chinese ? "电子章：" : "seal: ");
	buf_c(out, s->who[0] != '\0' ? s->who : "?");
	buf_c(out, chinese ? "，" : ", ");
	buf_c(out, check_level_name(s->level));
	if (s->stamped != 0) {
		buf_c(out, chinese ? "，时间戳 " : ", time stamp ");
		buf_c(out, instant(s->stamped, when));
	} else if (s->claimed != 0) {
		buf_c(out, chinese ? "，自称时间 " : ", says of itself ");
		buf_c(out, instant(s->claimed, when));
	}
	buf_byte(out, '\n');
}

void sealview_words(struct buf *out, const struct check_report *r, bool chinese)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->seal_count; i++)
		seal_words(out, &r->seals[i], chinese);
	if (r->failed == CHECK_NONE) {
		buf_c(out, chinese ? "电子章有效：文件自加盖后未被改动\n"
				   : "the seal holds: nothing was changed since it was set\n");
	} else {
		buf_c(out, chinese ? "电子章无效：" : "the seal does not hold: ");
		buf_c(out, check_name(r->failed));
		buf_c(out, chinese ? "，" : ", ");
		buf_c(out, finding_words(r, (int)r->failed, chinese));
		buf_byte(out, '\n');
	}
	for (int i = 1; i < CHECK_CODES; i++) {
		if (r->findings[i].outcome != CHECK_OPEN || r->findings[i].words[0] == '\0')
			continue;
		buf_c(out, chinese ? "未核对：" : "not checked: ");
		buf_c(out, finding_words(r, i, chinese));
		buf_byte(out, '\n');
	}
}

static void text(struct buf *out, const char *key, const char *value)
{
	canon_string(out, str_of(key));
	buf_byte(out, ':');
	if (value[0] != '\0')
		canon_string(out, str_of(value));
	else
		buf_c(out, "null");
}

static void codes(struct buf *out, const char *key, const struct check_report *r,
		  enum check_outcome outcome)
{
	bool any = false;

	canon_string(out, str_of(key));
	buf_c(out, ":[");
	for (int i = 1; i < CHECK_CODES; i++) {
		if (r->findings[i].outcome != outcome)
			continue;
		buf_c(out, any ? "," : "");
		canon_string(out, str_of(check_name((enum check_code)i)));
		any = true;
	}
	buf_byte(out, ']');
}

void sealview_json(struct buf *out, const struct check_report *r)
{
	char when[21];

	if (r == NULL) {
		buf_c(out, "null");
		return;
	}
	buf_c(out, r->failed == CHECK_NONE ? "{\"holds\":true," : "{\"holds\":false,");
	text(out, "code", check_name(r->failed));
	buf_byte(out, ',');
	text(out, "words", r->failed == CHECK_NONE ? "" : r->findings[r->failed].words);
	buf_byte(out, ',');
	codes(out, "failed", r, CHECK_FAILED);
	buf_byte(out, ',');
	codes(out, "open", r, CHECK_OPEN);
	buf_c(out, ",\"seals\":[");
	for (size_t i = 0; i < r->seal_count; i++) {
		const struct check_seal *s = &r->seals[i];

		buf_c(out, i > 0 ? ",{" : "{");
		text(out, "field", s->field);
		buf_byte(out, ',');
		text(out, "name", s->who);
		buf_byte(out, ',');
		text(out, "level", check_level_name(s->level));
		buf_byte(out, ',');
		text(out, "claimed", s->claimed != 0 ? instant(s->claimed, when) : "");
		buf_byte(out, ',');
		text(out, "stamped", s->stamped != 0 ? instant(s->stamped, when) : "");
		buf_byte(out, '}');
	}
	buf_c(out, "]}");
}
