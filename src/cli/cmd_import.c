/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"
#include "cli/command.h"
#include "cli/sink.h"
#include "record/import.h"

enum { MAP_BYTES_MAX = 4 << 20 };

static void fault_say(void *ctx, const struct err *fault)
{
	char text[1024];

	err_text(fault, text, sizeof text);
	cli_say(ctx, "%s", "%s", text);
}

static void note_say(void *ctx, const char *place, const struct remark *note)
{
	cli_say(ctx, "%s: %.*s: note: %.*s", "%s: %.*s: 提示: %.*s", place, STR_ARG(note->pointer),
		STR_ARG(note->words));
}

static bool map_open(struct cli *cli, const char *path, struct map *map, struct err *e)
{
	struct buf bytes = buf_empty(MAP_BYTES_MAX);
	struct str text;
	bool ok = false;

	if (!io_read(path, &bytes, e) || !arena_str(cli->arena, buf_view(&bytes), &text, e))
		goto out;
	ok = map_read(cli->arena, text, map, e) || err_in(e, "%s", path);
out:
	buf_free(&bytes);
	return ok;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	const char *csv_path = args_word(args, 0), *map_path, *out_path;
	struct buf csv = buf_empty(IMPORT_MAX);
	struct import_count count = { 0, 0 };
	struct import_job job = {
		.name = csv_path, .fault = fault_say, .note = note_say, .ctx = cli
	};
	struct sink sink = { 0 };
	struct map map;
	struct err e;
	bool ok = false;

	if (!args_needed(args, "map", &map_path, &e) ||
	    !args_needed(args, "output", &out_path, &e) || !map_open(cli, map_path, &map, &e) ||
	    !io_read(csv_path, &csv, &e) || !sink_open(cli, out_path, &sink, &e))
		goto out;
	job.csv = buf_view(&csv);
	job.map = &map;
	job.out = sink.file;
	ok = import_csv(&job, &count, &e) && sink_commit(&sink, &e);
	if (ok)
		cli_say(cli, "rows written %zu, refused %zu", "写出 %zu 行，拒绝 %zu 行",
			count.written, count.refused);
out:
	sink_discard(&sink);
	buf_free(&csv);
	if (!ok)
		return cli_fail(cli, &e);
	return count.refused > 0 ? EXIT_NO : EXIT_YES;
}

static const struct option options[] = {
	{ .name = "map",
	  .argument = "MAP",
	  .help_en = "How columns become fields: JSON of the schema hufu.map/1, with the encoding "
		     "(UTF-8, GBK or GB18030) and what private-use characters mean.",
	  .help_zh = "列与字段的对应：hufu.map/1 格式的 JSON，含编码（UTF-8、GBK 或 GB18030）"
		     "及自造字对照表。" },
	{ .name = "output",
	  .letter = 'o',
	  .argument = "FILE",
	  .help_en = "Where the records go, as JSON Lines; - is standard output.  The file is "
		     "written whole or not at all, and only its owner may read it.",
	  .help_zh = "记录写往何处，JSON Lines 格式；- 为标准输出。要么完整写成，要么不写；"
		     "仅属主可读。" },
};

const struct command command_import = {
	.name = "import",
	.synopsis = "FILE --map MAP -o FILE",
	.summary_en = "make member records of an office's table (CSV)",
	.summary_zh = "将办公表格（CSV）转为会员记录",
	.details_en =
		"FILE is CSV; - is standard input. A row that makes no good record is left out, "
		"with a line on standard error that says file, line, column and why; the exit "
		"status is then 1. Association codes are left to hufu check.",
	.details_zh =
		"FILE 为 CSV；- 为标准输入。不能成为合格记录的行不写出，并在标准错误列出文件、"
		"行、列与原因，退出码为 1。协会代码由 hufu check 核对。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
