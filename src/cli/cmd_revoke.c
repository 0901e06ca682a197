/* SPDX-License-Identifier: Apache-2.0 */
/* revoke, suspend, reinstate: one command in three words. */
#include <unistd.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "issue/standing.h"
#include "proof/docid.h"
#include "json/canon.h"

enum { ANSWER_MAX = 16, LINE_CAP = 4096 };

#define OPTION_MEMBER                                                                              \
	{                                                                                          \
		.name = "member", .argument = "ID",                                                \
		.help_en = "Every document of this member instead of one.",                        \
		.help_zh = "该会员的全部文件，而非其中一份。"                      \
	}
#define OPTION_ONLY                                                                                \
	{                                                                                          \
		.name = "only",                                                                    \
		.help_en = "This document alone, though the reason is the member's.",              \
		.help_zh = "虽为会员原因，仍只限此一份。"                            \
	}
#define OPTION_YES                                                                                 \
	{                                                                                          \
		.name = "yes", .help_en = "Do not ask on the terminal.",                           \
		.help_zh = "不在终端询问。"                                                 \
	}

static const struct option revoke_options[] = {
	OPTION_HOME,
	OPTION_MEMBER,
	{ .name = "reason",
	  .argument = "CODE",
	  .help_en =
		  "issued_in_error, lost, penalty, expelled, fraud, name_change, resigned, cancelled, deceased, lapsed, annulled or other.  It is never published.",
	  .help_zh =
		  "issued_in_error、lost、penalty、expelled、fraud、name_change、resigned、cancelled、deceased、lapsed、annulled 或 other；不对外公布。" },
	OPTION_ONLY,
	OPTION_YES,
	OPTION_JSON,
};

static const struct option suspend_options[] = {
	OPTION_HOME,
	OPTION_MEMBER,
	{ .name = "reason",
	  .argument = "CODE",
	  .help_en = "A reason code of hufu revoke; other when absent.  It is never published.",
	  .help_zh = "hufu revoke 的原因码，默认 other；不对外公布。" },
	OPTION_ONLY,
	OPTION_YES,
	OPTION_JSON,
};

static const struct option reinstate_options[] = {
	OPTION_HOME,
	OPTION_MEMBER,
	OPTION_YES,
	OPTION_JSON,
};

static bool target_read(const struct cli_args *args, struct standing_order *o,
			unsigned char docid[DOCID_SIZE], struct err *e)
{
	const char *member = args_value(args, "member");
	unsigned char id[DOCID_MAX];
	size_t size;

	if ((member != NULL) == (args_count(args) > 0))
		return err_usage(e, "name either a document id or --member ID");
	if (member != NULL) {
		o->member = str_of(member);
		return true;
	}
	if (!docid_read(str_of(args_word(args, 0)), id, &size) || size != DOCID_SIZE)
		return err_usage(e, "'%s' is no document id", args_word(args, 0));
	memcpy(docid, id, DOCID_SIZE);
	o->docid = docid;
	return true;
}

static bool reason_read(const struct cli_args *args, struct standing_order *o, struct err *e)
{
	const char *reason = o->act == STANDING_REINSTATE ? NULL : args_value(args, "reason");

	if (reason == NULL) {
		o->reason = STR("other");
		return o->act != STANDING_REVOKE || err_usage(e, "--reason CODE is needed");
	}
	o->reason = str_of(reason);
	return standing_reason(o->reason) ||
	       err_usage(e, "'%s' is no reason code; see hufu revoke --help", reason);
}

static void change_line(struct buf *line, const struct standing_change *c, bool json)
{
	if (!json) {
		docid_text(line, str_bytes(c->docid, DOCID_SIZE));
		buf_printf(line, "  %.*s (%.*s)  %s → %s%s\n", STR_ARG(c->form), STR_ARG(c->lang),
			   store_status_word(c->was), store_status_word(c->status),
			   c->take_back ? "  (taken back)" : "");
		return;
	}
	buf_c(line, "{\"docid\":\"");
	docid_text(line, str_bytes(c->docid, DOCID_SIZE));
	buf_c(line, "\",\"document\":");
	canon_string(line, c->form);
	buf_c(line, ",\"lang\":");
	canon_string(line, c->lang);
	buf_printf(line, ",\"status\":\"%s\",\"taken_back\":%s,\"was\":\"%s\"}\n",
		   store_status_word(c->status), c->take_back ? "true" : "false",
		   store_status_word(c->was));
}

static void plan_show(struct cli *cli, const struct standing_plan *plan, bool json)
{
	struct buf line = buf_empty(LINE_CAP);

	for (size_t i = 0; i < plan->count; i++) {
		buf_clear(&line);
		change_line(&line, &plan->changes[i], json);
		fwrite(line.p, 1, line.n, cli->out);
	}
	fflush(cli->out);
	buf_free(&line);
}

/* A person at the terminal sees the list and says yes; a script has said so by calling. */
static bool confirmed(struct cli *cli, const struct cli_args *args)
{
	char answer[ANSWER_MAX];

	if (args_flag(args, "yes") || !isatty(STDIN_FILENO))
		return true;
	cli_print(cli, cli->err, "Do it? It can be taken back until the next publish. [y/N] ",
		  "执行吗？下次发布前可撤回。[y/N] ");
	fflush(cli->err);
	return fgets(answer, sizeof answer, cli->in) != NULL &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

static int standing_run(struct cli *cli, const struct cli_args *args, enum standing_act act)
{
	struct standing_order order = { .env = cli->env, .act = act };
	struct standing_plan plan;
	unsigned char docid[DOCID_SIZE];
	const char *dir;
	struct err e;
	bool json = args_flag(args, "json"), go = false;
	bool ok = args_needed(args, "home", &dir, &e) && target_read(args, &order, docid, &e) &&
		  reason_read(args, &order, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &order.home, &e);

	order.only = act != STANDING_REINSTATE && args_flag(args, "only");
	ok = ok && standing_plan(&order, &plan, &e);
	if (ok) {
		plan_show(cli, &plan, json);
		go = confirmed(cli, args);
		ok = !go || standing_apply(&order, &plan, &e);
	}
	home_close(order.home);
	if (!ok)
		return cli_fail(cli, &e);
	if (!go) {
		cli_say(cli, "nothing was changed", "未作任何变更");
		return EXIT_NO;
	}
	cli_say(cli, "%zu documents; it takes effect with the next hufu publish",
		"%zu 份文件；下次 hufu publish 时生效", plan.count);
	return EXIT_YES;
}

static int revoke_run(struct cli *cli, const struct cli_args *args)
{
	return standing_run(cli, args, STANDING_REVOKE);
}

static int suspend_run(struct cli *cli, const struct cli_args *args)
{
	return standing_run(cli, args, STANDING_SUSPEND);
}

static int reinstate_run(struct cli *cli, const struct cli_args *args)
{
	return standing_run(cli, args, STANDING_REINSTATE);
}

const struct command command_revoke = {
	.name = "revoke",
	.synopsis = "[DOCID] [--member ID] --home HOME --reason CODE [--only] [--yes] [--json]",
	.summary_en = "withdraw documents, or end them neutrally, as the reason asks",
	.summary_zh = "按原因作废文件，或中性地使其失效",
	.details_en =
		"penalty, expelled, fraud, resigned, cancelled, deceased, lapsed and annulled are "
		"the member's: they take every live document of the member in all languages, unless "
		"--only is given.  resigned, cancelled, deceased, lapsed and annulled end a document "
		"(no longer current), name_change supersedes it, all others withdraw it.  The list is "
		"shown first.  It takes effect with the next hufu publish; until then hufu reinstate "
		"takes it back.",
	.details_zh =
		"penalty、expelled、fraud、resigned、cancelled、deceased、lapsed、annulled 属会员"
		"原因，及于该会员各语种全部有效文件，除非给出 --only。resigned、cancelled、"
		"deceased、lapsed、annulled 使文件失效，name_change 使其被替换，其余作废。先列出"
		"清单。下次 hufu publish 时生效，此前可用 hufu reinstate 撤回。",
	.options = revoke_options,
	.option_count = COUNT_OF(revoke_options),
	.least = 0,
	.most = 1,
	.run = revoke_run,
};

const struct command command_suspend = {
	.name = "suspend",
	.synopsis = "[DOCID] [--member ID] --home HOME [--reason CODE] [--only] "
		    "[--yes] [--json]",
	.summary_en = "mark documents suspended until they are reinstated",
	.summary_zh = "暂停文件，直至恢复",
	.details_en =
		"Takes effect with the next hufu publish.  A suspension by hand is not lifted by "
		"the records; only hufu reinstate lifts it.",
	.details_zh =
		"下次 hufu publish 时生效。手工暂停不因会员记录解除，只由 hufu reinstate 解除。",
	.options = suspend_options,
	.option_count = COUNT_OF(suspend_options),
	.least = 0,
	.most = 1,
	.run = suspend_run,
};

const struct command command_reinstate = {
	.name = "reinstate",
	.synopsis = "[DOCID] [--member ID] --home HOME [--yes] [--json]",
	.summary_en = "lift a suspension, or take back what was not published yet",
	.summary_zh = "解除暂停，或撤回尚未发布的变更",
	.details_en =
		"What is published as withdrawn, superseded or ended stays so for ever; issue a new "
		"document instead.",
	.details_zh = "已公布为作废、被替换或失效者永久如此；请另行签发。",
	.options = reinstate_options,
	.option_count = COUNT_OF(reinstate_options),
	.least = 0,
	.most = 1,
	.run = reinstate_run,
};
