/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <unistd.h>

#include "base/civil.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/forget.h"
#include "json/canon.h"

enum { ANSWER_MAX = 16, RECEIPT_MAX = 2 << 20 };

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "yes", .help_en = "Do not ask on the terminal.", .help_zh = "不在终端询问。" },
};

static bool confirmed(struct cli *cli, const struct cli_args *args)
{
	char answer[ANSWER_MAX];

	if (args_flag(args, "yes") || !isatty(STDIN_FILENO))
		return true;
	cli_print(cli, cli->err, "Erase this member? It cannot be taken back. [y/N] ",
		  "删除该会员？无法撤回。[y/N] ");
	fflush(cli->err);
	return fgets(answer, sizeof answer, cli->in) != NULL &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

/* What the office files: which places on the log mean nothing any more, and where the journal says so. */
static bool receipt_put(struct cli *cli, struct home *home, struct str member,
			const struct forget_result *r, struct err *e)
{
	struct buf text = buf_empty(RECEIPT_MAX);
	unsigned char head[32];
	char at[21];
	bool ok;

	instant_text(r->at, at);
	journal_head(home->journal, head);
	buf_printf(&text, "{\"at\":\"%s\",\"idx\":[", at);
	for (size_t i = 0; i < r->count; i++)
		buf_printf(&text, "%s%" PRId64, i > 0 ? "," : "", r->idx[i]);
	buf_c(&text, "],\"issuer\":");
	canon_string(&text, home->config.issuer);
	buf_c(&text, ",\"journal\":\"");
	for (size_t i = 0; i < sizeof head; i++)
		buf_printf(&text, "%02x", head[i]);
	buf_c(&text, "\",\"member_id\":");
	canon_string(&text, member);
	buf_c(&text, ",\"schema\":\"hufu.receipt/1\"}\n");
	ok = buf_ok(&text, "the receipt", e);
	if (ok)
		fwrite(text.p, 1, text.n, cli->out);
	buf_free(&text);
	return ok;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct home *home = NULL;
	struct forget_result result;
	struct str member = str_of(args_word(args, 0));
	const char *dir;
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e);

	if (ok && !confirmed(cli, args)) {
		cli_say(cli, "nothing was changed", "未作任何变更");
		return EXIT_NO;
	}
	ok = ok && home_open(cli->arena, dir, HOME_WRITE, &home, &e) &&
	     forget_member(home, cli->env, member, &result, &e) &&
	     receipt_put(cli, home, member, &result, &e);
	home_close(home);
	if (!ok)
		return cli_fail(cli, &e);
	cli_say(cli,
		"erased; copies outside the home are yours to delete, and hufu publish takes the "
		"lookup entries from the site",
		"已删除；目录之外的副本须自行删除，hufu publish 会将检索条目从站点移除");
	return EXIT_YES;
}

const struct command command_forget = {
	.name = "forget",
	.synopsis = "MEMBER --home HOME [--yes]",
	.summary_en = "erase a member: salt, record, photo, documents; prints a receipt",
	.summary_zh = "删除会员：盐值、记录、照片与文件；输出回执",
	.details_en =
		"What is public of the documents, their places and hashes on the log, stays there and "
		"means nothing any more.  Live documents end with the next hufu publish.  The receipt "
		"is one JSON object on standard output.",
	.details_zh =
		"已公开的日志位置与哈希保留，但不再具有任何含义；有效文件于下次 hufu publish 时失效。"
		"回执为标准输出上的一个 JSON 对象。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
