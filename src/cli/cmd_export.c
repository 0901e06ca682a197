/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/evidence.h"
#include "proof/docid.h"

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "output",
	  .argument = "FILE",
	  .letter = 'o',
	  .help_en = "Where the evidence goes, a tar file.",
	  .help_zh = "证据文件（tar）的去处。" },
};

static int run(struct cli *cli, const struct cli_args *args)
{
	struct home *home = NULL;
	unsigned char id[DOCID_MAX];
	const char *dir, *to;
	size_t size;
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e) && args_needed(args, "output", &to, &e);

	if (ok && (!docid_read(str_of(args_word(args, 0)), id, &size) || size != DOCID_SIZE))
		ok = err_usage(&e, "'%s' is no document id", args_word(args, 0));
	ok = ok && home_open(cli->arena, dir, HOME_WRITE, &home, &e) &&
	     evidence_write(home, id, to, &e);
	home_close(home);
	if (!ok)
		return cli_fail(cli, &e);
	cli_say(cli, "wrote %s", "已写入 %s", to);
	return EXIT_YES;
}

const struct command command_export = {
	.name = "export",
	.synopsis = "DOCID --home HOME -o FILE",
	.summary_en = "write all evidence of one document into one file, for years",
	.summary_zh = "将一份文件的全部证据写入一个文件，供长期保存",
	.details_en =
		"The document, its place on the log with proof and signed checkpoint, the issuer's keys and "
		"policy, its status as of now, and a README that says how to check all of it without this "
		"program.",
	.details_zh =
		"包括文件、日志位置及证明与签名检查点、签发机构密钥与信任策略、当前状态，以及说明如何"
		"不借助本程序核验的 README。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
