/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/sink.h"
#include "issue/backup.h"

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "output",
	  .argument = "FILE",
	  .letter = 'o',
	  .help_en = "Where the backup goes, a tar file.",
	  .help_zh = "备份文件（tar）的去处。" },
	{ .name = "with-secrets",
	  .help_en =
		  "Take what opens the keys too: passphrase file, PINs, keys of seals that are not encrypted.  Whoever has the file can then sign.",
	  .help_zh =
		  "连同可打开密钥之物：口令文件、PIN、未加密的签章私钥。持有此文件者即可签发。" },
};

static int run(struct cli *cli, const struct cli_args *args)
{
	struct home *home = NULL;
	struct backup_head head;
	struct sink sink = { 0 };
	const char *dir, *to;
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e) && args_needed(args, "output", &to, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &home, &e) &&
		  sink_open(cli, to, &sink, &e) &&
		  backup_write(home, args_flag(args, "with-secrets"), sink.file, &head, &e) &&
		  sink_commit(&sink, &e);

	sink_discard(&sink);
	for (size_t i = 0; ok && i < head.left_count; i++)
		cli_say(cli, "%.*s is left out, for it opens keys: keep it elsewhere",
			"%.*s 可打开密钥，未备份：请另行保管", STR_ARG(head.left[i]));
	home_close(home);
	if (!ok)
		return cli_fail(cli, &e);
	cli_say(cli, "wrote %s: %llu files, log of %llu entries",
		"已写入 %s：%llu 个文件，日志 %llu 条", to, (unsigned long long)head.files,
		(unsigned long long)head.log_size);
	return EXIT_YES;
}

const struct command command_backup = {
	.name = "backup",
	.synopsis = "--home HOME -o FILE [--with-secrets]",
	.summary_en = "write a whole issuing home into one file",
	.summary_zh = "将整个签发目录写入一个文件",
	.details_en =
		"A tar file with a manifest of every file's size and SHA-256 first, written whole or not at "
		"all; the same home gives the same bytes.  hufu restore makes a home of it.",
	.details_zh = "tar 文件，首项为各文件大小与 SHA-256 的清单；同一目录得同样字节。用 hufu "
		      "restore 恢复。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 0,
	.most = 0,
	.run = run,
};
