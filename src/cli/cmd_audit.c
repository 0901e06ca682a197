/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "issue/audit.h"

enum { FD_MAX = 1023 };

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "site",
	  .argument = "SITE",
	  .help_en = "Compare this published copy with the home's, byte for byte.",
	  .help_zh = "将此公开副本与目录内站点逐字节比对。" },
	{ .name = "records",
	  .argument = "FEED",
	  .repeatable = true,
	  .help_en =
		  "The register's own records: every valid document must be an active member's of them, with the number and name they give.",
	  .help_zh = "登记机构自己的记录：每份有效文件须属其中的有效会员，编号与姓名须相符。" },
	{ .name = "sample",
	  .argument = "N",
	  .help_en = "Hash only N of the documents' files again, drawn by --seed.",
	  .help_zh = "只重算其中 N 份文件的哈希，由 --seed 抽取。" },
	{ .name = "seed",
	  .argument = "S",
	  .help_en = "The number that draws the sample; 0 when absent.",
	  .help_zh = "抽样所用的数，默认 0。" },
	{ .name = "locked",
	  .help_en =
		  "Do not open the keys.  Padding on the log is then counted, and not proved to be padding.",
	  .help_zh = "不打开密钥；日志中的填充项只计数，不验证。" },
	OPTION_PASSPHRASE_FD,
	OPTION_JSON,
};

static void counts_show(struct cli *cli, const struct audit_counts *c, bool json)
{
	if (json) {
		fprintf(cli->out,
			"{\"documents\":%" PRIu64 ",\"eligible\":%" PRIu64 ",\"entries\":%" PRIu64
			",\"files\":%" PRIu64 ",\"forgotten\":%" PRIu64
			",\"journal_heads\":%" PRIu64 ",\"journal_lines\":%zu,\"keylists\":%" PRIu64
			",\"letters\":%" PRIu64 ",\"manifests\":%" PRIu64 ",\"pages\":%" PRIu64
			",\"padding\":%" PRIu64 ",\"root\":\"%s\",\"shards\":%" PRIu64
			",\"site_files\":%zu,\"unproved\":%" PRIu64 "}\n",
			c->documents, c->eligible, c->entries, c->files, c->forgotten,
			c->journal_heads, c->journal_lines, c->keylists, c->letters, c->manifests,
			c->pages, c->padding, c->root, c->shards, c->site_files, c->unproved);
		return;
	}
	cli_print(cli, cli->out,
		  "%" PRIu64 " entries explained: %" PRIu64 " documents, %" PRIu64
		  " padding, %" PRIu64 " forgotten, %" PRIu64 " status lists, %" PRIu64
		  " manifests, %" PRIu64 " key lists, %" PRIu64 " journal heads\n",
		  "%" PRIu64 " 条记录均有来由：文件 %" PRIu64 "，填充 %" PRIu64 "，已删除 %" PRIu64
		  "，状态表 %" PRIu64 "，清单 %" PRIu64 "，密钥清单 %" PRIu64 "，日志头 %" PRIu64
		  "\n",
		  c->entries, c->documents, c->padding, c->forgotten, c->shards, c->manifests,
		  c->keylists, c->journal_heads);
	if (c->letters > 0)
		cli_print(cli, cli->out, "%" PRIu64 " of the documents letters of two officers\n",
			  "其中 %" PRIu64 " 份为两名经办人批准的证明\n", c->letters);
	if (c->unproved > 0)
		cli_print(cli, cli->out,
			  "%" PRIu64 " of the padding not proved: the keys stayed locked\n",
			  "其中 %" PRIu64 " 项填充未经验证：密钥未打开\n", c->unproved);
	cli_print(cli, cli->out, "root %s\n", "根 %s\n", c->root);
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct audit_order order = { .env = cli->env };
	struct audit_counts counts;
	const char *dir;
	uint64_t fd = FD_MAX + 1;
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e) &&
		  args_number(args, "passphrase-fd", 0, FD_MAX, &fd, &e) &&
		  args_number(args, "sample", 1, INT64_MAX, &order.sample, &e) &&
		  args_number(args, "seed", 0, INT64_MAX, &order.seed, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &order.home, &e) &&
		  (args_flag(args, "locked") ||
		   home_unlock(order.home, fd <= FD_MAX ? (int)fd : -1, &e));

	order.site = args_value(args, "site");
	order.records = args_values(args, "records", &order.record_count);
	ok = ok && audit_run(&order, &counts, &e);
	home_close(order.home);
	if (!ok)
		return cli_fail(cli, &e);
	counts_show(cli, &counts, args_flag(args, "json"));
	return EXIT_YES;
}

const struct command command_audit = {
	.name = "audit",
	.synopsis =
		"--home HOME [--site SITE] [--records FEED]... [--sample N --seed S] [--locked] "
		"[--passphrase-fd N] [--json]",
	.summary_en = "recompute everything, and reconcile store, files and log",
	.summary_zh = "重新计算一切，核对库、文件与日志",
	.details_en =
		"The journal's chain, the tree from its entries, every entry explained, every document's "
		"file hashed again, manifests leaf by leaf, status lists entry by entry.  Exit status: 0 "
		"all of it agrees, 1 with the first difference on standard error, 3 trouble.",
	.details_zh =
		"核对流水链、由记录重算的树、每条记录的来由、每份文件的哈希、清单逐叶、状态表逐项。"
		"退出码：0 全部一致；1 有差异，首个差异见标准错误；3 系统故障。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 0,
	.most = 0,
	.run = run,
};
