/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/io.h"
#include "base/pool.h"
#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/targets.h"
#include "cli/vantage.h"

enum { DAY_S = 86400, PROGRESS_EVERY = 100 };

/* One call of `hufu verify`: targets are read on workers, looked up and answered in their order on the calling thread. */
struct verify {
	struct cli *cli;
	struct vantage_place place; /* what the options say of where to look */
	struct policy given;        /* --keys */
	bool has_given;
	struct trust trust;      /* else: what is pinned */
	struct vantage **looked; /* one an issuer; NULL till it is asked */
	size_t issuers;          /* at least 1: without a policy, the unknown one */
	struct evidence asked;   /* what the options put into every target's evidence */
	uint64_t jobs;
	struct targets *targets;
	bool bulk;   /* a list or a folder is among them: they are summed up */
	bool prompt; /* somebody may wait for each answer before the next line is written */
	struct reading_plan plan;
	struct sealview seal; /* --seal */
	struct buf *bytes;    /* one a worker */
	struct answers answers;
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
	v->place.has_at = true;
	v->place.at = v->asked.at;
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

/* Standard input is read once. */
static bool read_inputs(const struct cli_args *args, const char *list, struct err *e)
{
	size_t inputs = list != NULL && strcmp(list, "-") == 0;

	for (size_t i = 0; i < args_count(args); i++)
		inputs += strcmp(args_word(args, i), "-") == 0;
	if (inputs > 1)
		return err_usage(e, "standard input is named twice");
	if (args_count(args) == 0 && list == NULL)
		return err_usage(e, "at least 1 TARGET or --from is needed");
	if (list == NULL && args_flag(args, "null"))
		return err_usage(e, "--null is of the list that --from names");
	return true;
}

static bool read_form(struct verify *v, const struct cli_args *args, struct err *e)
{
	bool json = args_flag(args, "json"), csv = args_flag(args, "csv");
	bool evidence = args_flag(args, "evidence");

	if (json && csv)
		return err_usage(e, "--json and --csv are two forms of one output");
	if (evidence && !json && !csv)
		return err_usage(e, "--evidence is for --json and --csv");
	v->answers = answers_begin(v->cli,
				   csv    ? ANSWER_CSV
				   : json ? ANSWER_JSON
					  : ANSWER_WORDS,
				   evidence, args_flag(args, "seal"));
	v->plan.hash_all = evidence;
	v->place.thorough = evidence;
	return true;
}

/* --seal: the seals' certificates are given with it, for no policy names them. */
static bool read_seal(struct verify *v, const struct cli_args *args, struct err *e)
{
	const char *roots = args_value(args, "seal-roots");
	bool seal = args_flag(args, "seal");

	if (seal != (roots != NULL))
		return err_usage(e, "--seal and --seal-roots go together");
	if (!seal)
		return true;
	v->plan.seal = &v->seal;
	return sealview_open(roots, v->asked.has_at ? v->asked.at : env_now(v->cli->env), &v->seal,
			     e);
}

static bool open_targets(struct verify *v, const struct cli_args *args, struct err *e)
{
	struct targets_from from = { .words = args_words(args),
				     .count = args_count(args),
				     .list = args_value(args, "from"),
				     .nul = args_flag(args, "null") };

	if (!read_inputs(args, from.list, e))
		return false;
	if (v->plan.proof != NULL && (from.count > 1 || from.list != NULL))
		return err_usage(e, "--proof is of one target; put TARGET.tlog-proof beside each");
	v->bulk = from.list != NULL;
	for (size_t i = 0; i < from.count; i++)
		v->bulk = v->bulk || io_is_dir(from.words[i]);
	v->prompt = v->jobs == 1 && from.list != NULL && strcmp(from.list, "-") == 0;
	return targets_open(v->cli, &from, &v->targets, e);
}

static bool prepare(struct verify *v, const struct cli_args *args, struct err *e)
{
	const char *at = args_value(args, "at"), *expect = args_value(args, "expect");

	v->place.site = args_value(args, "site");
	v->place.bundle = args_value(args, "bundle");
	v->place.state = args_value(args, "state");
	v->plan.proof = args_value(args, "proof");
	v->jobs = 1;
	if (v->place.site && v->place.bundle)
		return err_usage(e, "--site and --bundle name two places to look at");
	if (!args_number(args, "jobs", 1, POOL_WORKERS_MAX, &v->jobs, e) ||
	    !read_form(v, args, e) || !read_allowed(v, args, e) ||
	    (expect && !verdict_expect_read(str_of(expect), &v->asked.expect, e)) ||
	    !read_trust(v, args_value(args, "keys"), e) || (at && !read_at(v, at, e)) ||
	    !read_seal(v, args, e) || !ed25519_start(e) || !open_targets(v, args, e))
		return false;
	v->bytes = arena_array(v->cli->arena, (size_t)v->jobs, sizeof *v->bytes, e);
	for (size_t i = 0; v->bytes != NULL && i < v->jobs; i++)
		v->bytes[i] = buf_empty(TARGET_BYTES_MAX);
	return v->bytes != NULL;
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

/* What workers may know of the issuers: key lists that are at hand, read before they start. */
static bool plan_signers(struct verify *v, struct err *e)
{
	const struct keylist **lists = arena_array(v->cli->arena, v->issuers, sizeof *lists, e);
	struct str *names = arena_array(v->cli->arena, v->issuers, sizeof *names, e);
	bool near = v->place.bundle != NULL ||
		    (v->place.site != NULL && !vantage_is_far(v->place.site));

	if (lists == NULL || names == NULL)
		return false;
	for (size_t i = 0; near && i < v->issuers; i++) {
		const struct policy *policy = policy_at(v, i);
		struct vantage *from;

		if (policy == NULL)
			continue;
		names[i] = policy->issuer;
		if (!view(v, i, &from, e) || !vantage_keys(from, &lists[i], e))
			return false;
	}
	v->plan.lists = lists;
	v->plan.names = names;
	v->plan.issuers = v->issuers;
	v->plan.trust = v->has_given ? NULL : &v->trust;
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
static bool look(struct verify *v, const struct reading *r, struct evidence *out, struct err *e)
{
	for (size_t i = 0; i < v->issuers; i++) {
		const struct gather_target target = reading_target(r, i);
		struct evidence evidence = { 0 };
		struct vantage *from;

		if (!view(v, (r->first + i) % v->issuers, &from, e) ||
		    !vantage_look(from, r->arena, &target, &v->asked, &evidence, e))
			return false;
		if (i == 0 || evidence.key != NULL ||
		    (r->named == NULL && is_better(&evidence, out)))
			*out = evidence;
		if (evidence.key != NULL)
			break;
	}
	return true;
}

static bool feed(void *ctx, void *job, bool *end, struct err *e)
{
	struct verify *v = ctx;
	struct reading *r = job;
	struct targets_item item;

	if (!targets_next(v->targets, &item, end, e) || *end)
		return *end;
	if (!reading_begin(r, item.name, e))
		return false;
	r->skip = item.bad;
	if (item.bad)
		r->trouble = item.why;
	return true;
}

static bool work(void *ctx, int worker, void *job, struct err *e)
{
	struct verify *v = ctx;

	(void)e;
	reading_do(job, &v->plan, &v->bytes[worker]);
	return true;
}

/*
 * One target to its verdict.  What cannot be read is said on stderr and judged as a target without a code, so that every
 * target has its answer and none of them is "yes" or "no" by accident.
 */
static bool collect(void *ctx, void *job, struct err *e)
{
	struct verify *v = ctx;
	struct reading *r = job;
	struct evidence evidence = { 0 };
	struct verdict verdict;

	if (r->troubled)
		(void)cli_fail(v->cli, &r->trouble);
	if (!look(v, r, &evidence, e))
		return false;
	verdict = verdict_of(&evidence);
	if (r->seal != NULL)
		sealview_record(r->seal, verdict.file);
	if (!answers_give(&v->answers, r->name, r->hashed ? r->hash.whole : NULL, &evidence,
			  &verdict, r->seal, e))
		return false;
	if (v->prompt)
		fflush(v->cli->out);
	if (v->bulk && !v->cli->colour && v->answers.given % PROGRESS_EVERY == 0)
		cli_progress(v->cli, "verified", "已核验", v->answers.given, 0);
	return true;
}

static void release(void *ctx, void *job)
{
	(void)ctx;
	reading_free(job);
}

static bool verify_all(struct verify *v, struct err *e)
{
	const struct pool_plan plan = { .ctx = v,
					.job_size = sizeof(struct reading),
					.workers = (int)v->jobs,
					.feed = feed,
					.work = work,
					.collect = collect,
					.release = release };

	return plan_signers(v, e) && pool_run(&plan, e);
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
	struct verify v = { .cli = cli };
	struct err e;
	bool ok = prepare(&v, args, &e) && verify_all(&v, &e);
	int answer = v.answers.worst;

	/* A policy, bundle or list that cannot be read is no word on any document. */
	if (!ok && (answer = cli_fail(cli, &e)) == EXIT_NO)
		answer = EXIT_TROUBLE;
	close_views(&v, answer);
	if (ok && v.bulk)
		answers_sum(&v.answers);
	targets_close(v.targets);
	for (size_t i = 0; v.bytes != NULL && i < v.jobs; i++)
		buf_free(&v.bytes[i]);
	answers_free(&v.answers);
	sealview_free(&v.seal);
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
	  .help_en = "Judge as of this day or instant.  Needs a status list of that time: the "
		     "current one, or an older one kept in the folder of a site.",
	  .help_zh = "按此日期或时刻判断；须有当时的状态表（现行者，或站点目录中所存的旧表）。" },
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
	{ .name = "from",
	  .argument = "FILE",
	  .help_en = "A list of targets, one a line, or - for standard input; any number of them.  "
		     "How many were valid is said at the end.",
	  .help_zh = "目标清单文件，每行一个，或以 - 表示标准输入；数量不限，最后给出合计。" },
	{ .name = "null",
	  .letter = '0',
	  .help_en = "The targets of the list end in NUL bytes instead of line ends, as find "
		     "-print0 writes them.",
	  .help_zh = "清单中的目标以 NUL 字节而非换行结束（如 find -print0 的输出）。" },
	{ .name = "jobs",
	  .argument = "N",
	  .help_en = "Read this many files at once, 1 to 64.  The answers and their order are the "
		     "same for every N; with 1, which is the default, each is written before the "
		     "next line of standard input is read.",
	  .help_zh = "同时读取的文件数，1 至 64；结果及其顺序不因此改变。默认为 1，"
		     "此时每读一行标准输入即先写出该行结果。" },
	{ .name = "seal",
	  .help_en = "Check the electronic seals of PDFs too: twenty checks, each with a code of "
		     "its own (docs/SEAL-PDF.md).  A PDF without a seal, or with one that does not "
		     "hold, is a no.",
	  .help_zh = "同时核对 PDF 的电子章：共二十项，各有代码（见 docs/SEAL-PDF.md）。"
		     "无章或章无效者答否。" },
	{ .name = "seal-roots",
	  .argument = "FILE",
	  .help_en = "PEM: the certificates in which the path of a seal, and of its time stamp, "
		     "may end; and the seals' own, where those belong to an authority that "
		     "certifies others too.  Needed with --seal.",
	  .help_zh = "PEM 文件：电子章及其时间戳的证书链所止于的根证书；该机构若也为他人发证，"
		     "须一并列出电子章本身的证书。与 --seal 同用。" },
	OPTION_JSON,
	{ .name = "csv",
	  .help_en = "Print a table (RFC 4180, UTF-8) with a header line instead of text.",
	  .help_zh = "输出带表头的 CSV 表格（RFC 4180，UTF-8），而非文字。" },
	{ .name = "evidence",
	  .help_en = "Add what each answer rests on to the JSON or the table, to be kept on file: "
		     "when it was checked, the policy's fingerprint, the file's SHA-256, the "
		     "log's size and root, the status list's dates, the program's version.",
	  .help_zh = "在 JSON 或表格中加入各项结果的依据以备存档：核验时间、策略指纹、文件 "
		     "SHA-256、签发簿大小与根、状态表日期、程序版本。" },
};

const struct command command_verify = {
	.name = "verify",
	.synopsis =
		"[TARGET...] [--site DIR|URL] [--bundle FILE] [--keys POLICY] [--proof FILE] "
		"[--state FILE] [--at TIME] [--expect K=V,…] [--allow no-log] [--from FILE] [-0] "
		"[--jobs N] [--seal --seal-roots FILE] [--json | --csv] [--evidence]",
	.summary_en = "check a document, a picture of its code, or the code itself",
	.summary_zh = "核验文件、二维码图片或其编码",
	.details_en =
		"TARGET is a PDF, a PNG or JPEG picture that shows the code, the link or the "
		"digits behind the code, a document id, - for standard input, or a folder of "
		"such files, without those below.  A PDF is "
		"compared byte for byte with what was issued; a picture proves what its code "
		"says and the page beside it must be compared with the signed fields shown.  "
		"Exit status: 0 valid, 1 not, 3 undecided; of many targets 1 before 3 before 0.",
	.details_zh =
		"TARGET 为 PDF、含二维码的 PNG 或 JPEG 图片、二维码内的链接或数字、文件编号，"
		"或以 - 表示标准输入，亦可为含此类文件的目录（不含下级目录）。PDF 逐字节与所签发者比对；图片只证明二维码所载，"
		"请将所示签名内容与纸面核对。退出码：0 有效，1 否，3 未决；多个目标时 1 先于 3，"
		"3 先于 0。",
	.options = verify_options,
	.option_count = COUNT_OF(verify_options),
	.least = 0,
	.most = ARGS_ANY,
	.run = verify_run,
};
