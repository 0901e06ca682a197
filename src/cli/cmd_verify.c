/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/io.h"
#include "cli/commands.h"
#include "cli/trust.h"
#include "cli/vantage.h"
#include "proof/sidecar.h"
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
	struct vantage_place place; /* what the options say of where to look */
	const char *proof;
	struct policy given; /* --keys */
	bool has_given;
	struct trust trust;      /* else: what is pinned */
	struct vantage **looked; /* one an issuer; NULL till it is asked */
	size_t issuers;          /* at least 1: without a policy, the unknown one */
	struct evidence asked;   /* what the options put into every target's evidence */
	struct arena *arena;     /* of one target */
	struct buf bytes, proof_bytes, words, text;
};

static const struct policy *policy_at(const struct verify *v, size_t i)
{
	if (v->has_given)
		return &v->given;
	return i < v->trust.count ? &v->trust.policies[i] : NULL;
}

/* --at: an instant, or a day, which then begins in the issuer's zone. */
static bool read_at(struct verify *v, const char *text, struct err *e)
{
	struct civil day;

	const struct policy *policy = policy_at(v, 0);

	if (civil_read(str_of(text), &day))
		v->asked.at = civil_days(day) * DAY_S -
			      (policy != NULL ? policy->utc_offset_min * 60 : 0);
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

/* --keys is the only issuer there is; without it, those that are pinned. */
static bool read_trust(struct verify *v, const char *keys, struct err *e)
{
	v->has_given = keys != NULL;
	if (keys != NULL ? !trust_read(v->cli, keys, &v->given, e)
			 : !trust_open(v->cli, &v->trust, e))
		return false;
	v->issuers = v->has_given || v->trust.count == 0 ? 1 : v->trust.count;
	if (v->place.state != NULL && v->issuers > 1)
		return err_usage(e, "--state is of one issuer's log; name the issuer with --keys");
	v->looked = arena_array(v->cli->arena, v->issuers, sizeof(struct vantage *), e);
	return v->looked != NULL;
}

static bool prepare(struct verify *v, const struct cli_args *args, struct err *e)
{
	const char *at = args_value(args, "at"), *expect = args_value(args, "expect");

	v->json = args_flag(args, "json");
	v->place = (struct vantage_place){ .site = args_value(args, "site"),
					   .bundle = args_value(args, "bundle"),
					   .state = args_value(args, "state") };
	v->proof = args_value(args, "proof");
	if (v->place.site && v->place.bundle)
		return err_usage(e, "--site and --bundle name two places to look at");
	if (v->proof && args_count(args) > 1)
		return err_usage(e, "--proof is of one target; put TARGET.tlog-proof beside each");
	if (!read_allowed(v, args, e) ||
	    (expect && !verdict_expect_read(str_of(expect), &v->asked.expect, e)) ||
	    !read_trust(v, args_value(args, "keys"), e) || (at && !read_at(v, at, e)) ||
	    !ed25519_start(e))
		return false;
	v->arena = arena_new(TARGET_ARENA);
	return v->arena != NULL || err_memory(e, "a target");
}

/* The view from the i-th issuer's side; its site, bundle and memory are opened when first asked. */
static bool view(struct verify *v, size_t i, struct vantage **out, struct err *e)
{
	struct vantage_place place = v->place;

	place.policy = policy_at(v, i);
	if (v->looked[i] == NULL && !vantage_open(v->cli, &place, &v->looked[i], e))
		return false;
	*out = v->looked[i];
	return true;
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

/* The proof that lies beside a target: TARGET.tlog-proof, or NAME.tlog-proof beside NAME.pdf.  None is no trouble. */
static bool read_proof(struct verify *v, const char *word, struct str *out, struct err *e)
{
	static const char suffix[] = ".tlog-proof";
	struct str name = str_of(word), path;

	buf_clear(&v->proof_bytes);
	*out = (struct str){ NULL, 0 };
	if (v->proof != NULL) {
		if (!io_read(v->proof, &v->proof_bytes, e))
			return false;
		*out = buf_view(&v->proof_bytes);
		return true;
	}
	if (!io_exists(word))
		return true;
	if (!arena_printf(v->arena, &path, e, "%s%s", word, suffix))
		return false;
	if (!io_exists(path.p) && str_ends(name, STR(".pdf")) &&
	    !arena_printf(v->arena, &path, e, "%.*s%s", (int)name.n - 4, word, suffix))
		return false;
	if (io_exists(path.p) && !io_read(path.p, &v->proof_bytes, e))
		return false;
	*out = buf_view(&v->proof_bytes);
	return true;
}

/*
 * Of several issuers' answers on a target none of them signed, the one to give: one that could not tell goes before one that
 * says no, for a document is forged only when nobody who is trusted can have signed it.
 */
static bool is_better(const struct evidence *a, const struct evidence *b)
{
	return verdict_exit(verdict_of(a).code) == EXIT_TROUBLE &&
	       verdict_exit(verdict_of(b).code) == EXIT_NO;
}

/*
 * Ask the issuer whose link it is, then the others, till one has signed it.  Where the link names an issuer, and nobody has
 * signed it, that one's answer stands.
 */
static bool look(struct verify *v, const struct target *t, const struct gather_target *target,
		 struct evidence *out, struct err *e)
{
	const struct policy *named =
		t->base.n > 0 && !v->has_given ? trust_of_site(&v->trust, t->base) : NULL;
	size_t first = named != NULL ? (size_t)(named - v->trust.policies) : 0;

	for (size_t i = 0; i < v->issuers; i++) {
		struct evidence evidence = { 0 };
		struct vantage *from;

		if (!view(v, (first + i) % v->issuers, &from, e) ||
		    !vantage_look(from, v->arena, target, &v->asked, &evidence, e))
			return false;
		if (i == 0 || evidence.key != NULL || (named == NULL && is_better(&evidence, out)))
			*out = evidence;
		if (evidence.key != NULL)
			break;
	}
	return true;
}

/*
 * One target to its verdict.  What cannot be read is said on stderr and judged as a target without a code, so that every
 * target has its answer and none of them is "yes" or "no" by accident.
 */
static bool check(struct verify *v, const char *word, int *answer, struct err *e)
{
	struct target t = { 0 };
	struct str proof = { NULL, 0 };
	struct evidence evidence = { 0 };
	struct verdict verdict;
	struct err trouble;

	arena_reset(v->arena);
	if (!read_target(v, word, &t, &trouble)) {
		t = (struct target){ 0 };
		(void)cli_fail(v->cli, &trouble);
	} else if (!read_proof(v, word, &proof, &trouble)) {
		(void)cli_fail(v->cli, &trouble); /* then as if there were none */
	}
	const struct gather_target target = { .tokens = t.tokens,
					      .token_count = t.token_count,
					      .other_codes = t.other_codes,
					      .docid = str_bytes(t.docid, t.docid_size),
					      .is_file = t.kind == TARGET_PDF,
					      .file = t.bytes,
					      .prefixes = t.prefixes,
					      .prefix_count = t.prefix_count,
					      .proof = proof };
	if (!look(v, &t, &target, &evidence, e))
		return false;
	verdict = verdict_of(&evidence);
	*answer = verdict_exit_worse(*answer, verdict_exit(verdict.code));
	return print(v, word, &evidence, &verdict, e);
}

static void close_views(struct verify *v, int answer)
{
	struct err e;

	for (size_t i = 0; v->looked != NULL && i < v->issuers; i++) {
		struct vantage *from = v->looked[i];

		if (from == NULL)
			continue;
		if (answer != EXIT_YES && vantage_trouble(from) != NULL)
			(void)cli_fail(v->cli, vantage_trouble(from));
		if (!vantage_save(from, &e))
			(void)cli_fail(v->cli, &e);
		vantage_close(from);
	}
}

static int verify_run(struct cli *cli, const struct cli_args *args)
{
	struct verify v = { .cli = cli,
			    .bytes = buf_empty(TARGET_BYTES_MAX),
			    .proof_bytes = buf_empty(SIDECAR_BYTES_MAX),
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
	/* A policy or bundle that cannot be read is no word on any document. */
	if (!ok && (answer = cli_fail(cli, &e)) == EXIT_NO)
		answer = EXIT_TROUBLE;
	close_views(&v, answer);
	arena_free(v.arena);
	buf_free(&v.bytes);
	buf_free(&v.proof_bytes);
	buf_free(&v.words);
	buf_free(&v.text);
	return answer;
}

static const struct option verify_options[] = {
	{ .name = "site",
	  .argument = "DIR|URL",
	  .help_en =
		  "Where the issuer's published site is: the folder of a copy, or an http(s) "
		  "address.  Without it the site that the trusted policy names is asked.  A site "
		  "adds evidence, never trust.",
	  .help_zh = "签发机构公开站点的副本目录或 http(s) 地址；未给出时访问所信任策略中的站点。"
		     "只作依据，不因此增加信任。" },
	{ .name = "bundle",
	  .argument = "FILE",
	  .help_en = "The site in one file, made by hufu publish --bundle, to check without a "
		     "network.",
	  .help_zh = "由 hufu publish --bundle 生成的单文件站点，用于离线核验。" },
	{ .name = "keys",
	  .argument = "POLICY",
	  .help_en = "The trust policy of the issuer (policy.json), as got from the issuer itself, "
		     "for this call.  Without it those pinned by hufu trust add are used.",
	  .help_zh = "本次核验所用的信任策略（policy.json），须取自机构本身；未给出时用 "
		     "hufu trust add 已信任者。" },
	{ .name = "proof",
	  .argument = "FILE",
	  .help_en =
		  "The document's proof of inclusion (.tlog-proof), for one TARGET.  One that lies "
		  "beside the file is found without this.",
	  .help_zh = "文件的收录证明（.tlog-proof），仅限一个 TARGET；放在文件旁者自动找到。" },
	{ .name = "state",
	  .argument = "FILE",
	  .help_en =
		  "What is remembered of the log between calls: the largest register, the newest "
		  "lists, everything seen withdrawn.  Kept by itself for http(s) sites.",
	  .help_zh = "多次核验之间所记住的签发簿、最新列表及已作废项；对 http(s) 站点自动保存。" },
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
		     "checked.  The answer says so.  Status and file are checked all the same.",
	  .help_zh = "公开签发簿未能核对时也予接受，结果中注明；状态与文件仍须核对。" },
	OPTION_JSON,
};

const struct command command_verify = {
	.name = "verify",
	.synopsis = "TARGET... [--site DIR|URL] [--bundle FILE] [--keys POLICY] [--proof FILE] "
		    "[--state FILE] [--at TIME] [--expect K=V,…] [--allow no-log] [--json]",
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
