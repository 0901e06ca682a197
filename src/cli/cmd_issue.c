/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <unistd.h>

#include "base/pool.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/share.h"
#include "issue/batch.h"
#include "issue/tally.h"
#include "json/canon.h"

enum { FD_MAX = 1023, LANGUAGES_MAX = 16, PROGRESS_SECONDS = 10 };

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "out",
	  .argument = "DIR",
	  .help_en =
		  "Where the issued documents, report.html and report.jsonl go.  Without it they stay in the home.",
	  .help_zh = "签发的文件与 report.html、report.jsonl 的去处；省略则只存于签发目录。" },
	{ .name = "lang",
	  .argument = "LIST",
	  .help_en = "Languages of the documents, comma-separated; zh,en when absent.",
	  .help_zh = "文件语言，逗号分隔；默认 zh,en。" },
	{ .name = "photos",
	  .argument = "DIR",
	  .help_en =
		  "Photo paths of the records are relative to DIR; to the folder of the records when absent.",
	  .help_zh = "记录中的照片路径相对于 DIR；省略则相对于记录所在目录。" },
	{ .name = "as-of",
	  .argument = "DATE",
	  .help_en =
		  "The day or RFC 3339 instant the documents are issued at; the clock when absent.",
	  .help_zh = "签发日期或 RFC 3339 时刻；默认当前时间。" },
	{ .name = "jobs",
	  .argument = "N",
	  .help_en =
		  "How many workers draw and sign, one a core when absent.  Any number gives the same bytes.",
	  .help_zh = "并行线程数，默认每核一个；结果与线程数无关。" },
	{ .name = "thumbnails",
	  .argument = "N",
	  .help_en =
		  "How many pages report.html shows as pictures, 0 to 12; 12 when absent.  They are drawn by the program pdftoppm.",
	  .help_zh = "report.html 所附页面图的数目，0 至 12，默认 12；由 pdftoppm 生成。" },
	{ .name = "dry-run",
	  .help_en = "Read, judge and plan, but keep nothing.",
	  .help_zh = "只读取、检查、规划，不留下任何结果。" },
	{ .name = "degrade",
	  .help_en =
		  "When no time stamp is to be had, seal without one instead of stopping; the store says which level was reached.",
	  .help_zh = "取不到时间戳时以无时间戳的印章签发而不停止；台账记载所达级别。" },
	OPTION_PASSPHRASE_FD,
	OPTION_JSON,
};

/* What talks while a run goes on: a line that redraws itself on a terminal, one line per 10 s elsewhere. */
struct talk {
	struct cli *cli;
	bool json;
	int64_t told; /* when the latest line was printed */
};

static void talk_progress(void *self, enum batch_phase phase, size_t done, size_t total)
{
	static const struct {
		const char *en, *zh;
	} words[] = { [PHASE_READ] = { "reading", "读取" }, [PHASE_MAKE] = { "issuing", "签发" } };
	struct talk *t = self;
	int64_t now = env_now(t->cli->env);

	cli_progress(t->cli, words[phase].en, words[phase].zh, done, total);
	if (t->cli->progress || now - t->told < PROGRESS_SECONDS)
		return;
	t->told = now;
	cli_say(t->cli, "%s %zu", "%s %zu", cli_text(t->cli, words[phase].en, words[phase].zh),
		done);
}

static bool talk_refusal(void *self, const struct err *why, struct err *e UNUSED)
{
	struct talk *t = self;
	char text[1024];

	cli_progress_end(t->cli);
	err_text(why, text, sizeof text);
	cli_say(t->cli, "%s", "%s", text);
	return true;
}

static bool languages_read(const struct cli_args *args, struct str *languages, size_t *count,
			   struct err *e)
{
	const char *given = args_value(args, "lang");
	struct str list = str_of(given != NULL ? given : "zh,en"), language;

	*count = 0;
	while (str_split(&list, ',', &language)) {
		for (size_t i = 0; i < *count; i++)
			if (str_eq(languages[i], language))
				return err_usage(e, "--lang names '%.*s' twice", STR_ARG(language));
		if (*count == LANGUAGES_MAX || language.n != 2)
			return err_usage(
				e, "--lang must be two-letter languages such as zh,en, is '%s'",
				given);
		languages[(*count)++] = language;
	}
	return true;
}

/* A worker a core that is online. */
static uint64_t jobs_default(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores < 1 ? 1 : cores > POOL_WORKERS_MAX ? POOL_WORKERS_MAX : (uint64_t)cores;
}

static bool order_fill(const struct cli_args *args, struct batch_order *o, struct str *languages,
		       struct err *e)
{
	const char *as_of = args_value(args, "as-of");
	uint64_t jobs = jobs_default(), thumbnails = TALLY_PICKS;

	if (!args_number(args, "jobs", 1, POOL_WORKERS_MAX, &jobs, e) ||
	    !args_number(args, "thumbnails", 0, TALLY_PICKS, &thumbnails, e) ||
	    !languages_read(args, languages, &o->language_count, e))
		return false;
	o->languages = languages;
	o->records = args_words(args);
	o->record_count = args_count(args);
	o->out = args_value(args, "out");
	o->photos = args_value(args, "photos");
	o->as_of = as_of != NULL ? str_of(as_of) : STR("");
	o->jobs = (int)jobs;
	o->thumbnails = (int)thumbnails;
	o->dry_run = args_flag(args, "dry-run");
	o->degrade = args_flag(args, "degrade");
	return true;
}

/* Every language asked for must be one some template speaks: a typing error must not issue nothing in silence. */
static bool languages_known(const struct batch_order *o, struct err *e)
{
	for (size_t i = 0; i < o->language_count; i++) {
		bool known = false;

		for (size_t k = 0; k < o->forms->count; k++)
			known = known ||
				str_eq(form_info(o->forms->items[k])->language, o->languages[i]);
		if (!known)
			return err_usage(e, "no template of this home speaks '%.*s'",
					 STR_ARG(o->languages[i]));
	}
	return true;
}

static void result_show(struct cli *cli, const struct batch_order *o, const struct batch_result *r,
			bool json)
{
	const struct report_counts *c = &r->counts;

	if (json) {
		fprintf(cli->out,
			"{\"batch\":%" PRId64
			",\"dry_run\":%s,\"ended\":%zu,\"issued\":%zu,\"none\":%zu,\"records\":%zu,"
			"\"refused\":%zu,\"resumed\":%" PRId64
			",\"superseded\":%zu,\"suspended\":%zu,\"unchanged\":%zu,"
			"\"waiting\":%s,\"withdrawn\":%zu}\n",
			r->batch, o->dry_run ? "true" : "false", c->ended, c->issued, c->none,
			r->records, c->refused, r->resumed, c->superseded, c->suspended,
			c->unchanged, r->waiting ? "true" : "false", c->withdrawn);
		return;
	}
	cli_say(cli,
		"%zu records: %zu documents %sissued, %zu unchanged, %zu superseded, %zu not called for, %zu refused",
		"%zu 条记录：%zu 份%s签发，%zu 份未变，%zu 份被替换，%zu 份无需，%zu 份拒绝",
		r->records, c->issued, o->dry_run ? cli_text(cli, "to be ", "待") : "",
		c->unchanged, c->superseded, c->none, c->refused);
	if (r->waiting)
		cli_say(cli,
			"the checkpoint waits for its witnesses; hufu publish --cosig releases the documents",
			"检查点等待见证人联署；hufu publish --cosig 后文件方可放行");
	if (c->withdrawn + c->suspended + c->ended > 0)
		cli_say(cli, "%zu documents withdrawn, %zu suspended, %zu ended",
			"%zu 份作废，%zu 份暂停，%zu 份失效", c->withdrawn, c->suspended, c->ended);
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct talk talk = { .cli = cli, .told = env_now(cli->env) };
	struct batch_order o = { .env = cli->env,
				 .progress = talk_progress,
				 .progress_self = &talk,
				 .refusal = talk_refusal,
				 .refusal_self = &talk };
	struct str languages[LANGUAGES_MAX];
	struct forms forms = { 0 };
	struct batch_result result;
	const char *dir, *fonts;
	uint64_t fd = FD_MAX + 1;
	struct err e;
	bool ok = order_fill(args, &o, languages, &e) && args_needed(args, "home", &dir, &e) &&
		  args_number(args, "passphrase-fd", 0, FD_MAX, &fd, &e) &&
		  share_fonts(cli, &fonts, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &o.home, &e) &&
		  home_unlock(o.home, fd <= FD_MAX ? (int)fd : -1, &e) &&
		  forms_open(o.home, fonts, FORMS_ALL, &forms, &e);

	o.forms = &forms;
	ok = ok && languages_known(&o, &e) && batch_run(&o, &result, &e);
	cli_progress_end(cli);
	if (ok)
		result_show(cli, &o, &result, args_flag(args, "json"));
	forms_close(&forms);
	home_close(o.home);
	if (!ok)
		return cli_fail(cli, &e);
	return result.counts.refused > 0 ? EXIT_NO : EXIT_YES;
}

const struct command command_issue = {
	.name = "issue",
	.synopsis =
		"RECORDS... --home HOME [--out DIR] [--lang zh,en] [--photos DIR] [--as-of DATE] [--jobs N] [--thumbnails N] [--dry-run] [--degrade] [--passphrase-fd N] [--json]",
	.summary_en = "issue the documents a feed of member records calls for",
	.summary_zh = "按会员记录签发文件",
	.details_en =
		"RECORDS are JSON Lines files, files with a JSON array, folders of JSON files, or - for standard"
		" input.  A record that is refused is reported with its place and the others go on.  After any"
		" interruption the same command ends in the same files.",
	.details_zh =
		"RECORDS 为 JSON Lines 文件、JSON 数组文件、JSON 文件目录，或 - 表示标准输入。被拒绝的记录"
		"连同位置列出，其余照常签发。中断后重新执行同一命令，结果相同。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = ARGS_ANY,
	.run = run,
};
