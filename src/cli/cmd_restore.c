/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/backup.h"

static const struct option options[] = {
	{ .name = "site",
	  .argument = "SITE",
	  .help_en =
		  "The published site as it is now.  A backup whose log ends before it is refused, for its home would sign another tree in that one's place.",
	  .help_zh = "现行公开站点。备份的日志若早于它则拒绝，以免签出另一棵同样大小的树。" },
};

static int run(struct cli *cli, const struct cli_args *args)
{
	const char *from = args_word(args, 0), *to = args_word(args, 1);
	struct backup_head head;
	FILE *in = strcmp(from, "-") == 0 ? cli->in : fopen(from, "re");
	struct err e;
	bool ok = in != NULL || err_errno(&e, "cannot open '%s'", from);

	ok = ok && (backup_restore(cli->arena, in, to, args_value(args, "site"), &head, &e) ||
		    err_in(&e, "%s", from));
	if (in != NULL && in != cli->in)
		fclose(in);
	if (!ok)
		return cli_fail(cli, &e);
	for (size_t i = 0; i < head.left_count; i++)
		cli_say(cli, "%.*s is not in the backup: put it back, mode 0600",
			"备份中没有 %.*s：请放回，权限 0600", STR_ARG(head.left[i]));
	cli_say(cli, "restored %s: %llu files, log of %llu entries",
		"已恢复 %s：%llu 个文件，日志 %llu 条", to, (unsigned long long)head.files,
		(unsigned long long)head.log_size);
	return EXIT_YES;
}

const struct command command_restore = {
	.name = "restore",
	.synopsis = "FILE HOME [--site SITE]",
	.summary_en = "make an issuing home of a backup",
	.summary_zh = "由备份恢复签发目录",
	.details_en =
		"HOME must not exist, or be an empty folder.  Every file is checked against the manifest, and "
		"the home must open; else nothing is left behind.  Name the published site with --site "
		"before anything is issued from the restored home.",
	.details_zh = "HOME 须不存在或为空。逐一核对文件，目录须能打开，否则不留任何东西。"
		      "恢复后签发之前，请用 --site 指明现行公开站点。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 2,
	.most = 2,
	.run = run,
};
