/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/letter_show.h"
#include "cli/share.h"
#include "cli/sink.h"

enum {
	REQUEST_MAX = 256 * 1024,
	PDF_MAX = 64 << 20,
	FD_MAX = 1023,
	WORDS_MAX = 500,
	CODE_MAX = 39,
	NUMBERS_MAX = TICK_LETTERS_MAX,
	TIME_MAX = 64
};

static const char *const verbs[] = { "apply",  "list",     "show",  "preview", "approve",
				     "refuse", "withdraw", "issue", NULL };

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "officer",
	  .argument = "KEY",
	  .help_en =
		  "The officer's own private key, made by hufu officer new. apply: that officer has prepared it then.",
	  .help_zh = "经办人本人的私钥，由 hufu officer new 建立；用于 apply 即为初审。" },
	{ .name = "reason",
	  .argument = "CODE",
	  .help_en =
		  "refuse: the reason's code in capitals and dashes; without it the code of the first condition that fails.",
	  .help_zh = "refuse：理由码，大写字母与连字符；省略则取第一项不符条件的代码。" },
	{ .name = "text",
	  .argument = "TEXT",
	  .help_en = "refuse: the reason in words, as the member is told.",
	  .help_zh = "refuse：告知会员的理由。" },
	{ .name = "state",
	  .argument = "STAGE",
	  .help_en =
		  "list: only those submitted, prepared, approved, refused, withdrawn or issued; open is the first three, and what is listed without it.",
	  .help_zh =
		  "list：仅列 submitted、prepared、approved、refused、withdrawn 或 issued；open 为前三者，亦为默认。" },
	{ .name = "lang",
	  .argument = "LANG",
	  .help_en = "preview: which of the languages asked for; the first when absent.",
	  .help_zh = "preview：所申请语言之一；默认第一种。" },
	{ .name = "output",
	  .argument = "FILE",
	  .letter = 'o',
	  .help_en = "preview: the PDF; - is standard output.",
	  .help_zh = "preview：PDF 文件；- 为标准输出。" },
	{ .name = "out",
	  .argument = "DIR",
	  .help_en = "issue: copy the letters here; without it they stay in the home.",
	  .help_zh = "issue：证明复制到此目录；省略则留在签发目录内。" },
	{ .name = "as-of",
	  .argument = "DATE",
	  .help_en =
		  "show, preview, issue: the day (00:00 in the issuer's zone) or RFC 3339 instant the letter speaks of; the clock when absent.",
	  .help_zh =
		  "show、preview、issue：证明所述时点，日期（机构时区零时）或 RFC 3339 时刻；默认当前时间。" },
	{ .name = "now",
	  .help_en = "issue: do not wait for the next tick of the office's hours.",
	  .help_zh = "issue：不等办公时间内的下一时刻。" },
	{ .name = "degrade",
	  .help_en =
		  "issue: when no time stamp is to be had, seal without one instead of stopping; the store says which level was reached.",
	  .help_zh = "issue：取不到时间戳时以无时间戳的印章签发而不停止；台账记载所达级别。" },
	OPTION_PASSPHRASE_FD,
	OPTION_JSON,
};

/* One call of the command. */
struct call {
	struct cli *cli;
	const struct cli_args *args;
	struct home *home;
	struct office office;
	struct office_officer officer; /* key == NULL: none was given */
	int64_t at;
	uint64_t fd;
	bool json;
	int exit; /* EXIT_YES, or what a refusal among the answers made of it */
};

/* ---- what the command line says ---- */

static bool number_read(const char *word, int64_t *out, struct err *e)
{
	int64_t n = 0;

	for (const char *p = word; *p != '\0'; p++) {
		if (*p < '0' || *p > '9' || n > INT64_MAX / 10 - 1)
			return err_usage(e, "'%s' is no number of an application", word);
		n = n * 10 + *p - '0';
	}
	*out = n;
	return n > 0 || err_usage(e, "'%s' is no number of an application", word);
}

static bool officer_open(struct call *c, bool needed, struct err *e)
{
	const char *file = args_value(c->args, "officer");

	if (file == NULL)
		return !needed || args_needed(c->args, "officer", &file, e);
	return office_officer(&c->office, file, &c->officer, e);
}

static bool case_open(struct call *c, const char *word, struct office_case *out, struct err *e)
{
	int64_t number;

	return number_read(word, &number, e) && office_case(&c->office, number, c->at, out, e);
}

/* ---- apply ---- */

static bool file_read(struct call *c, const char *path, struct buf *bytes, struct err *e)
{
	char block[4096];
	size_t n;

	if (strcmp(path, "-") != 0)
		return io_read(path, bytes, e);
	while ((n = fread(block, 1, sizeof block, c->cli->in)) > 0)
		buf_put(bytes, block, n);
	return buf_ok(bytes, "a request", e);
}

/* What is refused is an answer, and does not keep the others waiting; anything else stops the call. */
static bool refusal_say(struct call *c, const char *place, struct err *e)
{
	char text[1024];

	if (e->kind != ERR_INPUT)
		return false;
	(void)err_in(e, "%s", place);
	cli_say(c->cli, "%s", "%s", err_text(e, text, sizeof text));
	c->exit = EXIT_NO;
	return true;
}

/* All the faults of a request; one that cannot be read has the one in *e. */
static bool faults_say(struct call *c, const char *path, const struct faults *faults, struct err *e)
{
	if (e->kind != ERR_INPUT || faults->count == 0)
		return refusal_say(c, path, e);
	for (const struct fault *f = faults->first; f != NULL; f = f->next) {
		struct err one = f->err;

		(void)refusal_say(c, path, &one);
	}
	return true;
}

/* A request the register does not bear out is kept all the same: the officer answers it. */
static bool application_tell(struct call *c, int64_t number, struct err *e)
{
	struct office_case k;

	if (!office_case(&c->office, number, c->at, &k, e))
		return false;
	if (c->officer.key != NULL && k.row.state == LETTER_OPEN && k.stage == OFFICE_SUBMITTED &&
	    k.standing.outcome != STANDING_REFUSED &&
	    (!office_approve(&c->office, &k, &c->officer, e) ||
	     !office_case(&c->office, number, env_now(c->cli->env), &k, e)))
		return false;
	if (k.row.state == LETTER_OPEN && k.standing.outcome == STANDING_REFUSED)
		c->exit = EXIT_NO;
	return letter_show_case(c->cli, &c->office, &k, c->json, e);
}

static bool apply_one(struct call *c, const char *path, struct err *e)
{
	struct buf bytes = buf_empty(REQUEST_MAX);
	struct faults faults = { 0 };
	int64_t number;
	bool again, ok = file_read(c, path, &bytes, e);

	if (ok)
		ok = office_apply(&c->office, buf_view(&bytes), &number, &again, &faults, e)
			     ? application_tell(c, number, e)
			     : faults_say(c, path, &faults, e);
	buf_free(&bytes);
	return ok || err_in(e, "%s", path);
}

static bool do_apply(struct call *c, struct err *e)
{
	if (!officer_open(c, false, e))
		return false;
	for (size_t i = 1; i < args_count(c->args); i++)
		if (!apply_one(c, args_word(c->args, i), e))
			return false;
	return true;
}

/* ---- list, show, preview ---- */

static bool stage_asked(const struct call *c, enum office_stage stage)
{
	const char *state = args_value(c->args, "state");

	if (state == NULL || strcmp(state, "open") == 0)
		return stage <= OFFICE_APPROVED;
	return strcmp(state, office_stage_word(stage)) == 0;
}

static bool state_known(const struct call *c, struct err *e)
{
	const char *state = args_value(c->args, "state");
	bool known = state == NULL || strcmp(state, "open") == 0;

	for (int i = OFFICE_SUBMITTED; i <= OFFICE_ISSUED; i++)
		known = known || strcmp(state, office_stage_word((enum office_stage)i)) == 0;
	return known || err_usage(e, "--state '%s' is none", state);
}

static bool do_list(struct call *c, struct err *e)
{
	struct store_letter row = { .number = 0 };
	struct office_case k;
	bool found;

	if (!state_known(c, e))
		return false;
	for (;;) {
		if (!store_letter_next(c->home->store, c->cli->arena, (enum letter_state)0,
				       row.number, &row, &found, e))
			return false;
		if (!found)
			return true;
		if (!office_case(&c->office, row.number, c->at, &k, e))
			return false;
		if (stage_asked(c, k.stage) && !letter_show_line(c->cli, &k, c->json, e))
			return false;
	}
}

static bool do_show(struct call *c, struct err *e)
{
	struct office_case k;

	for (size_t i = 1; i < args_count(c->args); i++)
		if (!case_open(c, args_word(c->args, i), &k, e) ||
		    !letter_show_case(c->cli, &c->office, &k, c->json, e))
			return false;
	return true;
}

static const struct form *language_find(const struct call *c, const struct office_case *k,
					struct err *e)
{
	const char *asked = args_value(c->args, "lang");

	for (size_t i = 0; i < k->form_count; i++)
		if (asked == NULL || str_eq(form_info(k->forms[i])->language, str_of(asked)))
			return k->forms[i];
	err_usage(e, "application %lld asks for no document in '%s'", (long long)k->row.number,
		  asked != NULL ? asked : "");
	return NULL;
}

static bool do_preview(struct call *c, struct err *e)
{
	struct buf pdf = buf_empty(PDF_MAX);
	const struct form *form = NULL;
	struct sink sink = { 0 };
	struct office_case k;
	const char *path;
	bool ok = args_needed(c->args, "output", &path, e) &&
		  case_open(c, args_word(c->args, 1), &k, e);

	if (ok && k.row.state == LETTER_OPEN)
		ok = (form = language_find(c, &k, e)) != NULL;
	ok = ok && office_preview(&c->office, &k, form, &pdf, e) &&
	     sink_open(c->cli, path, &sink, e);
	if (ok) {
		fwrite(pdf.p, 1, pdf.n, sink.file);
		ok = sink_commit(&sink, e);
	}
	buf_free(&pdf);
	return ok;
}

/* ---- approve, refuse, withdraw ---- */

static bool show_again(struct call *c, int64_t number, struct err *e)
{
	struct office_case k;

	return office_case(&c->office, number, env_now(c->cli->env), &k, e) &&
	       letter_show_case(c->cli, &c->office, &k, c->json, e);
}

static bool do_approve(struct call *c, struct err *e)
{
	struct office_case k;

	if (!officer_open(c, true, e))
		return false;
	for (size_t i = 1; i < args_count(c->args); i++) {
		const char *word = args_word(c->args, i);
		bool ok =
			case_open(c, word, &k, e) && office_approve(&c->office, &k, &c->officer, e);

		if (ok ? !show_again(c, k.row.number, e) : !refusal_say(c, word, e))
			return false;
	}
	return true;
}

static bool code_fits(struct str code)
{
	for (size_t i = 0; i < code.n; i++) {
		char b = code.p[i];

		if ((b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '-')
			return false;
	}
	return code.n > 0 && code.n <= CODE_MAX;
}

/* The code given, else that of the first condition that fails; a refusal without any reason is none. */
static bool reason_read(const struct call *c, const struct office_case *k, struct str *code,
			struct str *words, struct err *e)
{
	const char *given = args_value(c->args, "reason"), *text = args_value(c->args, "text");

	*words = str_of(text != NULL ? text : "");
	*code = str_of(given != NULL ? given : "");
	for (size_t i = 0; i < STANDING_CONDITIONS && code->n == 0; i++) {
		const struct standing_check *check = &k->standing.checks[i];

		if (check->answer != STANDING_FAILED)
			continue;
		*code = str_of(check->code);
		if (words->n == 0)
			*words = check->figures;
	}
	if (code->n == 0)
		return err_usage(e, "every condition holds: a refusal needs --reason CODE");
	if (!code_fits(*code))
		return err_usage(e, "--reason must be capitals, digits and dashes, is '%s'", given);
	if (words->n == 0)
		return err_usage(e, "the member is told why: --text TEXT is needed");
	return words->n <= WORDS_MAX || err_usage(e, "--text has more than %d bytes", WORDS_MAX);
}

static bool do_refuse(struct call *c, struct err *e)
{
	struct office_case k;
	struct str code, words;

	if (!officer_open(c, true, e) || !case_open(c, args_word(c->args, 1), &k, e) ||
	    !reason_read(c, &k, &code, &words, e) ||
	    !office_refuse(&c->office, &k, &c->officer, code, words, e))
		return false;
	if (c->json)
		return show_again(c, k.row.number, e);
	k.row.code = code;
	k.row.words = words;
	return letter_show_refusal(c->cli, &c->office, &k, e);
}

static bool do_withdraw(struct call *c, struct err *e)
{
	struct office_case k;

	return officer_open(c, false, e) && case_open(c, args_word(c->args, 1), &k, e) &&
	       office_withdraw(&c->office, &k, c->officer.key != NULL ? &c->officer : NULL, e) &&
	       show_again(c, k.row.number, e);
}

/* ---- issue ---- */

static bool numbers_read(const struct call *c, int64_t *numbers, size_t *count, struct err *e)
{
	*count = args_count(c->args) - 1;
	if (*count > NUMBERS_MAX)
		return err_usage(e, "at most %d applications at once", NUMBERS_MAX);
	for (size_t i = 0; i < *count; i++)
		if (!number_read(args_word(c->args, i + 1), &numbers[i], e))
			return false;
	return true;
}

static void tick_say(struct call *c, const struct tick_result *r)
{
	struct buf next = buf_empty(TIME_MAX);

	letter_show_time(&next, &c->home->config, r->next);
	buf_byte(&next, '\0');
	if (r->resumed != 0)
		cli_say(c->cli, "finished batch %lld, which was interrupted",
			"已完成中断的批次 %lld", (long long)r->resumed);
	if (r->unwitnessed)
		cli_say(c->cli,
			"the checkpoint waits for witnesses; hufu publish --cosig releases the letters",
			"检查点等待见证；hufu publish --cosig 后放行");
	if (r->waits > 0)
		cli_say(c->cli, "%zu wait for the tick at %s; --now does not wait",
			"%zu 件等待 %s 的时刻；--now 则不等", r->waits, next.failed ? "" : next.p);
	buf_free(&next);
}

static bool do_issue(struct call *c, struct err *e)
{
	int64_t numbers[NUMBERS_MAX];
	struct tick_order order = { .office = &c->office,
				    .numbers = numbers,
				    .as_of = c->at,
				    .at_once = args_flag(c->args, "now"),
				    .degrade = args_flag(c->args, "degrade"),
				    .out = args_value(c->args, "out") };
	struct tick_result result;

	if (!numbers_read(c, numbers, &order.number_count, e) ||
	    !home_unlock(c->home, c->fd <= FD_MAX ? (int)c->fd : -1, e) ||
	    (order.out != NULL && !io_mkdir(order.out, 0755, e)) || !tick_run(&order, &result, e))
		return false;
	for (size_t i = 0; i < result.count; i++)
		if (!letter_show_tick(c->cli, &result.lines[i], c->json, e))
			return false;
	if (result.busy) {
		cli_say(c->cli, "a batch of certificates is unfinished; finish it with hufu issue",
			"有一批证书尚未完成，请先用 hufu issue 完成");
		c->exit = EXIT_RETRY;
		return true;
	}
	tick_say(c, &result);
	if (result.refused > 0)
		c->exit = EXIT_NO;
	else if (result.waits > 0 && result.issued == 0)
		c->exit = EXIT_RETRY;
	return true;
}

/* ---- the command ---- */

/* Each verb and how many words follow it. */
static const struct {
	const char *verb;
	size_t least, most;
	bool (*run)(struct call *c, struct err *e);
} acts[] = {
	{ "apply", 1, ARGS_ANY, do_apply },     { "list", 0, 0, do_list },
	{ "show", 1, ARGS_ANY, do_show },       { "preview", 1, 1, do_preview },
	{ "approve", 1, ARGS_ANY, do_approve }, { "refuse", 1, 1, do_refuse },
	{ "withdraw", 1, 1, do_withdraw },      { "issue", 0, ARGS_ANY, do_issue },
};

static bool call_open(struct call *c, struct err *e)
{
	const char *dir, *fonts, *as_of = args_value(c->args, "as-of");

	c->fd = FD_MAX + 1;
	c->at = env_now(c->cli->env);
	return args_needed(c->args, "home", &dir, e) &&
	       args_number(c->args, "passphrase-fd", 0, FD_MAX, &c->fd, e) &&
	       share_fonts(c->cli, &fonts, e) &&
	       home_open(c->cli->arena, dir, HOME_WRITE, &c->home, e) &&
	       (as_of == NULL || config_as_of(&c->home->config, str_of(as_of), &c->at, e)) &&
	       office_open(c->home, c->cli->env, fonts, &c->office, e);
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct call c = { .cli = cli, .args = args, .json = args_flag(args, "json") };
	size_t words = args_count(args) - 1, i = 0;
	struct err e;
	bool ok;

	while (strcmp(args_word(args, 0), acts[i].verb) != 0)
		i++; /* args_parse lets no other verb in */
	if (words < acts[i].least || words > acts[i].most) {
		err_usage(&e,
			  acts[i].least > 0 ? "letter %s needs what it is about behind it"
					    : "nothing follows letter %s",
			  acts[i].verb);
		return cli_fail(cli, &e);
	}
	ok = call_open(&c, &e) && acts[i].run(&c, &e);
	office_officer_end(&c.officer);
	office_close(&c.office);
	home_close(c.home);
	return ok ? c.exit : cli_fail(cli, &e);
}

const struct command command_letter = {
	.name = "letter",
	.synopsis =
		"apply|list|show|preview|approve|refuse|withdraw|issue [FILE... | NUMBER...] --home HOME [--officer KEY] [--reason CODE] [--text TEXT] [--state STAGE] [--lang LANG] [-o FILE] [--out DIR] [--as-of DATE] [--now] [--degrade] [--passphrase-fd N] [--json]",
	.summary_en = "good-standing letters and statements, from application to paper",
	.summary_zh = "资格良好证明与状况说明：从申请到出具",
	.details_en =
		"apply takes applications (hufu.request/1; - is standard input), judges them by the register and keeps them under a number. Two officers say yes, each with a key of their own: the first approve (or apply --officer) prepares, the second one, by another officer, approves; what they sign binds record, application, profile and template, holds for 7 days and is void when one of these changes. refuse and withdraw end an application. issue sends out what was approved before the newest tick of the office's hours: it judges once more, and a letter the register no longer bears out does not leave. show tells every condition with its figures. The exit status is 1 when an answer is no, 75 when all that is approved waits for the next tick.",
	.details_zh =
		"apply 接收申请（hufu.request/1；- 为标准输入），按名册判定并编号保存。须由两名经办人以各自的密钥同意：第一次 approve（或 apply --officer）为初审，另一人的第二次为批准；所签内容绑定记录、申请、对象规则与模板，七日内有效，其一变更即作废。refuse、withdraw 终结申请。issue 签发办公时间最近时刻之前批准者：再次判定，名册不再支持者不予出具。show 列出各项条件及数据。有否定答复时退出码为 1，已批准者均在等待下一时刻时为 75。",
	.verbs = verbs,
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = ARGS_ANY,
	.run = run,
};
