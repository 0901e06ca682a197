/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/publish.h"

enum { FD_MAX = 1023 };

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "to",
	  .argument = "SITE",
	  .help_en = "The folder of the static site; made when it is not there.",
	  .help_zh = "静态站点目录；不存在则新建。" },
	{ .name = "refresh",
	  .help_en =
		  "Sign every status shard anew, changed or not.  For a timer: a verifier trusts a status list for at most 72 hours.",
	  .help_zh =
		  "重新签发全部状态分片，无论有无变更。供定时任务使用：状态表最多有效 72 小时。" },
	{ .name = "bundle",
	  .argument = "FILE",
	  .help_en = "Write the whole site into one file too, for verifying without a network.",
	  .help_zh = "另将整个站点写成一个文件，供离线核验。" },
	{ .name = "page",
	  .argument = "DIR",
	  .help_en =
		  "Put the verifier page that make web built here into the root of the site.  It stays there; the hash of the build enters the log.",
	  .help_zh = "将 make web 生成的核验网页置于站点根目录，此后一直保留；其哈希写入日志。" },
	{ .name = "cosig",
	  .argument = "FILE",
	  .help_en =
		  "Add the cosignatures of a witness to the newest checkpoint.  With enough of them it becomes the site's, and the documents under it are released.",
	  .help_zh = "将见证人的联署加入最新检查点；满足人数后即公开，其下文件随之放行。" },
	OPTION_PASSPHRASE_FD,
	OPTION_JSON,
};

static bool order_fill(const struct cli_args *args, struct publish_order *o, struct err *e)
{
	uint64_t fd = FD_MAX + 1;

	if (!args_number(args, "passphrase-fd", 0, FD_MAX, &fd, e))
		return false;
	o->passphrase_fd = fd <= FD_MAX ? (int)fd : -1;
	o->to = args_value(args, "to");
	o->bundle = args_value(args, "bundle");
	o->cosig = args_value(args, "cosig");
	o->page = args_value(args, "page");
	o->refresh = args_flag(args, "refresh");
	return o->to != NULL || o->bundle != NULL || o->cosig != NULL || o->refresh ||
	       o->page != NULL ||
	       err_usage(e,
			 "nothing to do: name --to SITE, --bundle FILE, --cosig FILE or --refresh");
}

static void result_show(struct cli *cli, const struct publish_order *o,
			const struct publish_result *r, bool json)
{
	if (json) {
		fprintf(cli->out,
			"{\"edition\":%lld,\"files\":%zu,\"released\":%lld,\"waiting\":%s}\n",
			(long long)r->edition, r->files, (long long)r->released,
			r->waiting ? "true" : "false");
		return;
	}
	if (o->to != NULL)
		cli_say(cli, "published %zu new files to %s", "已发布 %zu 个新文件至 %s", r->files,
			o->to);
	if (r->waiting)
		cli_say(cli, "the new checkpoint waits for cosignatures of its witnesses",
			"新检查点等待见证人联署");
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct publish_order order = { .env = cli->env };
	struct publish_result result;
	const char *dir;
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e) && order_fill(args, &order, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &order.home, &e) &&
		  publish_site(&order, &result, &e);

	home_close(order.home);
	if (!ok)
		return cli_fail(cli, &e);
	result_show(cli, &order, &result, args_flag(args, "json"));
	return EXIT_YES;
}

const struct command command_publish = {
	.name = "publish",
	.synopsis =
		"--home HOME [--to SITE] [--refresh] [--bundle FILE] [--page DIR] [--cosig FILE] "
		"[--passphrase-fd N] [--json]",
	.summary_en = "bring the published site up to date: log, status, keys, manifests",
	.summary_zh = "更新公开站点：日志、状态、密钥清单、签发清单",
	.details_en =
		"Changes of status that wait take effect here, the log grows by them, and one "
		"checkpoint is signed over all of it.  Files that are written once are never "
		"replaced; a site that has one with other bytes stops the publishing.",
	.details_zh = "待生效的状态变更于此生效并写入日志，统一签署一个检查点。只写一次的文件绝不"
		      "替换；站点上同名而内容不同者将中止发布。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 0,
	.most = 0,
	.run = run,
};
