/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/publish.h"

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "to",
	  .argument = "SITE",
	  .help_en = "The folder of the static site; made when it is not there.",
	  .help_zh = "静态站点目录；不存在则新建。" },
};

static int run(struct cli *cli, const struct cli_args *args)
{
	struct home *home = NULL;
	const char *dir, *to;
	size_t files;
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e) && args_needed(args, "to", &to, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &home, &e) &&
		  publish_site(home, cli->env, to, &files, &e);

	home_close(home);
	if (!ok)
		return cli_fail(cli, &e);
	cli_say(cli, "published %zu new files to %s", "已发布 %zu 个新文件至 %s", files, to);
	return EXIT_YES;
}

const struct command command_publish = {
	.name = "publish",
	.synopsis = "--home HOME --to SITE",
	.summary_en = "bring the published site up to date: policy, key list, manifests",
	.summary_zh = "更新公开站点：信任策略、密钥清单、签发清单",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 0,
	.most = 0,
	.run = run,
};
