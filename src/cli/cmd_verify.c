/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "base/civil.h"
#include "base/io.h"
#include "cli/commands.h"
#include "net/site_dir.h"
#include "proof/words.h"
#include "scan/target.h"

enum {
	TARGET_ARENA =
		16 << 20, /* what one target leaves behind: texts, a token, a manifest's leaf */
	OUTPUT_MAX = 1 << 20,
	SHOWN_MAX = 60, /* bytes of a target's name on the screen; a link has hundreds of digits */
	DAY_S = 86400
};

/* One call of `hufu verify`. */
struct verify {
	struct cli *cli;
	bool json;
	struct policy policy;
	bool has_policy;
	struct site_dir dir;
	struct site site;
	bool has_site;
	struct evidence asked; /* what the options put into every target's evidence */
	struct gather *gather;
	struct arena *arena; /* of one target */
	struct buf bytes, words, text;
};

/* --keys: the trust policy of an issuer. */
static bool read_policy(struct verify *v, const char *path, struct err *e)
{
	struct buf bytes = buf_empty(POLICY_BYTES_MAX);
	struct str copy;
	bool ok = io_read(path, &bytes, e) &&
		  arena_str(v->cli->arena, buf_view(&bytes), &copy, e) &&
		  policy_read(v->cli->arena, copy, &v->policy, e);

	buf_free(&bytes);
	if (!ok)
		return err_in(e, "%s", path);
	v->has_policy = true;
	return true;
}

/* --at: an instant, or a day, which then begins in the issuer's zone. */
static bool read_at(struct verify *v, const char *text, struct err *e)
{
	struct civil day;

	if (civil_read(str_of(text), &day))
		v->asked.at = civil_days(day) * DAY_S -
			      (v->has_policy ? v->policy.utc_offset_min * 60 : 0);
	else if (!instant_read(str_of(text), &v->asked.at))
		return err_usage(e, "--at takes 2026-11-23 or 2026-11-23T09:00:00+08:00, not '%s'",
				 text);
	v->asked.has_at = true;
	return true;
}

static bool read_allowed(struct verify *v, const struct cli_args *args, struct err *e)
{
	size_t count;
	const char *const *values = args_values(args, "allow", &count);

	for (size_t i = 0; i < count; i++) {
		if (!str_eq(str_of(values[i]), STR("no-log")))
			return err_usage(e, "--allow knows only no-log, not '%s'", values[i]);
		v->asked.allow_no_log = true;
	}
	return true;
}

static bool open_site(struct verify *v, const char *where, struct err *e)
{
	struct str s = str_of(where);

	if (str_starts(s, STR("https://")) || str_starts(s, STR("http://")))
		return err_usage(e, "--site takes the folder of a copy of the site, not '%s'",
				 where);
	v->has_site = site_dir_open(where, &v->dir, &v->site, e);
	return v->has_site;
}

static bool prepare(struct verify *v, const struct cli_args *args, struct err *e)
{
	const char *keys = args_value(args, "keys"), *at = args_value(args, "at");
	const char *expect = args_value(args, "expect"), *site = args_value(args, "site");

	v->json = args_flag(args, "json");
	if (!read_allowed(v, args, e) ||
	    (expect && !verdict_expect_read(str_of(expect), &v->asked.expect, e)))
		return false;
	if ((keys && !read_policy(v, keys, e)) || (at && !read_at(v, at, e)) ||
	    (site && !open_site(v, site, e)))
		return false;
	if (!ed25519_start(e))
		return false;
	v->gather = gather_new(v->has_site ? &v->site : NULL, v->has_policy ? &v->policy : NULL,
			       env_now(v->cli->env), e);
	v->arena = arena_new(TARGET_ARENA);
	if (!v->gather)
		return false;
	return v->arena != NULL || err_memory(e, "a target");
}

/* A word names a file before it is a document id, so that every file can be named. */
static bool read_target(struct verify *v, const char *word, struct target *t, struct err *e)
{
	buf_clear(&v->bytes);
	if (!io_exists(word) && target_of_word(v->arena, str_of(word), t))
		return true;
	if (!io_read(word, &v->bytes, e))
		return false;
	if (target_of_bytes(v->arena, buf_view(&v->bytes), t, e))
		return true;
	return err_in(e, "%s", word);
}

/* The target's name for the screen: no control bytes, not longer than a line. */
static void put_name(struct buf *out, struct str name)
{
	bool whole = name.n <= SHOWN_MAX;

	for (size_t i = 0; i < name.n && (whole || i < SHOWN_MAX); i++)
		buf_byte(out, (unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f
				      ? '?'
				      : (unsigned char)name.p[i]);
	buf_c(out, whole ? "\n" : "…\n");
}

static enum cli_colour colour_of(enum verdict_code code)
{
	int answer = verdict_exit(code);

	return answer == EXIT_YES ? COLOUR_GREEN : answer == EXIT_NO ? COLOUR_RED : COLOUR_YELLOW;
}

/* The headline in both languages, the reader's first, then all the rest in the reader's. */
static void put_words(struct verify *v, struct str name, const struct evidence *evidence,
		      const struct verdict *verdict)
{
	enum words_lang mine = v->cli->chinese ? WORDS_ZH : WORDS_EN;
	enum words_lang other = v->cli->chinese ? WORDS_EN : WORDS_ZH;
	struct str all, headline = { 0 };
	struct buf *out = &v->text;

	buf_clear(&v->words);
	words_all(&v->words, evidence, verdict, mine);
	all = buf_view(&v->words);
	str_split(&all, '\n', &headline);
	put_name(out, name);
	buf_c(out, cli_colour(v->cli, colour_of(verdict->code)));
	buf_str(out, headline);
	buf_c(out, "\n");
	words_headline(out, evidence, verdict, other);
	buf_c(out, cli_colour(v->cli, COLOUR_NONE));
	buf_c(out, "\n");
	buf_str(out, all);
}

static bool print(struct verify *v, const char *word, const struct evidence *evidence,
		  const struct verdict *verdict, struct err *e)
{
	buf_clear(&v->text);
	if (v->json)
		verdict_json(&v->text, str_of(word), evidence, verdict);
	else
		put_words(v, str_of(word), evidence, verdict);
	if (!buf_ok(&v->words, "the verdict", e) || !buf_ok(&v->text, "the verdict", e))
		return false;
	fwrite(v->text.p, 1, v->text.n, v->cli->out);
	return true;
}

static void take_options(struct evidence *evidence, const struct evidence *asked)
{
	evidence->has_at = asked->has_at;
	evidence->at = asked->at;
	evidence->allow_no_log = asked->allow_no_log;
	evidence->expect = asked->expect;
}

/*
 * One target to its verdict.  What cannot be read is said on stderr and judged as a target without a code, so that every
 * target has its answer and none of them is "yes" or "no" by accident.
 */
static bool check(struct verify *v, const char *word, int *answer, struct err *e)
{
	struct target t = { 0 };
	struct evidence evidence = { 0 };
	struct verdict verdict;
	struct err trouble;

	arena_reset(v->arena);
	if (!read_target(v, word, &t, &trouble)) {
		t = (struct target){ 0 };
		(void)cli_fail(v->cli, &trouble);
	}
	const struct gather_target target = { .tokens = t.tokens,
					      .token_count = t.token_count,
					      .other_codes = t.other_codes,
					      .typed_code = t.kind == TARGET_CODE,
					      .is_file = t.kind == TARGET_PDF,
					      .file = t.bytes,
					      .prefixes = t.prefixes,
					      .prefix_count = t.prefix_count };
	if (!gather_evidence(v->gather, v->arena, &target, &evidence, e))
		return false;
	take_options(&evidence, &v->asked);
	verdict = verdict_of(&evidence);
	*answer = verdict_exit_worse(*answer, verdict_exit(verdict.code));
	return print(v, word, &evidence, &verdict, e);
}

static int verify_run(struct cli *cli, const struct cli_args *args)
{
	struct verify v = { .cli = cli,
			    .dir = { .fd = -1 },
			    .bytes = buf_empty(TARGET_BYTES_MAX),
			    .words = buf_empty(OUTPUT_MAX),
			    .text = buf_empty(OUTPUT_MAX) };
	struct err e;
	int answer = EXIT_YES;
	bool ok = prepare(&v, args, &e);

	for (size_t i = 0; ok && i < args_count(args); i++) {
		if (i > 0 && !v.json)
			fputc('\n', cli->out);
		ok = check(&v, args_word(args, i), &answer, &e);
	}
	if (!ok)
		answer = cli_fail(cli, &e);
	else if (v.gather && gather_trouble(v.gather) && answer != EXIT_YES)
		(void)cli_fail(cli, gather_trouble(v.gather));
	gather_free(v.gather);
	arena_free(v.arena);
	site_dir_close(&v.dir);
	buf_free(&v.bytes);
	buf_free(&v.words);
	buf_free(&v.text);
	return answer;
}

static const struct option verify_options[] = {
	{ .name = "site",
	  .argument = "DIR",
	  .help_en = "A copy of the issuer's published site: keys, manifests, status.  It adds "
		     "evidence, never trust.",
	  .help_zh = "签发机构公开站点的副本（密钥、签发簿、状态）。只作依据，不因此增加信任。" },
	{ .name = "keys",
	  .argument = "POLICY",
	  .help_en = "The trust policy of the issuer (policy.json), as got from the issuer itself.",
	  .help_zh = "签发机构的信任策略（policy.json），须取自机构本身。" },
	{ .name = "at",
	  .argument = "TIME",
	  .help_en = "Judge as of this day or instant.  Needs a status list of that time.",
	  .help_zh = "按此日期或时刻判断；须有当时的状态表。" },
	{ .name = "expect",
	  .argument = "K=V,…",
	  .help_en = "What the document should be: recipient, type, member_no, name_native, "
		     "name_latin, docid.  Another one is NOT-FOR-YOU.",
	  .help_zh = "文件应为何：recipient、type、member_no、name_native、name_latin、docid；"
		     "不符则答 NOT-FOR-YOU。" },
	{ .name = "allow",
	  .argument = "no-log",
	  .repeatable = true,
	  .help_en = "Accept a genuine document whose entry in the public log could not be "
		     "checked.  The answer says so.",
	  .help_zh = "公开日志未能核对时也予接受，结果中注明。" },
	OPTION_JSON,
};

const struct command command_verify = {
	.name = "verify",
	.synopsis = "TARGET... [--site DIR] [--keys POLICY] [--at TIME] [--expect K=V,…] "
		    "[--allow no-log] [--json]",
	.summary_en = "check a document, a picture of its code, or the code itself",
	.summary_zh = "核验文件、二维码图片或其编码",
	.details_en =
		"TARGET is a PDF, a PNG or JPEG picture that shows the code, the link or the "
		"digits behind the code, a document id, or - for standard input.  A PDF is "
		"compared byte for byte with what was issued; a picture proves what its code "
		"says and the page beside it must be compared with the signed fields shown.  "
		"Exit status: 0 valid, 1 not, 3 undecided; of many targets 1 before 3 before 0.",
	.details_zh =
		"TARGET 为 PDF、含二维码的 PNG 或 JPEG 图片、二维码内的链接或数字、文件编号，"
		"或以 - 表示标准输入。PDF 逐字节与所签发者比对；图片只证明二维码所载，"
		"请将所示签名内容与纸面核对。退出码：0 有效，1 否，3 未决；多个目标时 1 先于 3，"
		"3 先于 0。",
	.options = verify_options,
	.option_count = COUNT_OF(verify_options),
	.least = 1,
	.most = ARGS_ANY,
	.run = verify_run,
};
