/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/prove.h"
#include "proof/docid.h"
#include "proof/sidecar.h"

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "output",
	  .argument = "FILE",
	  .letter = 'o',
	  .help_en =
		  "Where the proof goes; - is standard output.  The document's id with .tlog-proof in this folder when absent.",
	  .help_zh =
		  "证明文件的去处；- 为标准输出；默认为当前目录下以文件编号命名的 .tlog-proof。" },
};

static bool docid_take(const char *word, unsigned char out[DOCID_SIZE], struct err *e)
{
	unsigned char id[DOCID_MAX];
	size_t size;

	if (!docid_read(str_of(word), id, &size) || size != DOCID_SIZE)
		return err_usage(e, "'%s' is no document id", word);
	memcpy(out, id, DOCID_SIZE);
	return true;
}

static bool name_default(struct cli *cli, const unsigned char docid[DOCID_SIZE], const char **out,
			 struct err *e)
{
	struct buf text = buf_empty(DOCID_TEXT_MAX);
	struct str name;
	bool ok;

	docid_text(&text, str_bytes(docid, DOCID_SIZE));
	ok = buf_ok(&text, "a document id", e) &&
	     arena_printf(cli->arena, &name, e, "%.*s.tlog-proof", STR_ARG(buf_view(&text)));
	*out = ok ? name.p : NULL;
	buf_free(&text);
	return ok;
}

static bool proof_put(struct cli *cli, const char *to, struct str text, struct err *e)
{
	const char *slash = strrchr(to, '/');
	struct str dir = { to, slash != NULL ? (size_t)(slash - to) + 1 : 0 }, copy;

	if (strcmp(to, "-") == 0) {
		fwrite(text.p, 1, text.n, cli->out);
		return true;
	}
	return arena_str(cli->arena, dir.n > 0 ? dir : STR("."), &copy, e) &&
	       io_replace(copy.p, slash != NULL ? slash + 1 : to, text, 0644, e);
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct buf text = buf_empty(SIDECAR_BYTES_MAX);
	struct home *home = NULL;
	const char *dir, *to = args_value(args, "output");
	unsigned char docid[DOCID_SIZE];
	struct err e;
	bool ok = args_needed(args, "home", &dir, &e) &&
		  docid_take(args_word(args, 0), docid, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &home, &e) &&
		  prove_document(home, docid, &text, &e) &&
		  (to != NULL || name_default(cli, docid, &to, &e)) &&
		  proof_put(cli, to, buf_view(&text), &e);

	home_close(home);
	buf_free(&text);
	if (!ok)
		return cli_fail(cli, &e);
	if (strcmp(to, "-") != 0)
		cli_say(cli, "wrote %s", "已写入 %s", to);
	return EXIT_YES;
}

const struct command command_proof = {
	.name = "proof",
	.synopsis = "DOCID --home HOME [-o FILE]",
	.summary_en = "write the proof that a document is in the log, to keep beside it",
	.summary_zh = "写出文件已载入公开日志的证明，可与文件一并保存",
	.details_en =
		"With the proof beside it, a document can be checked against the log without a "
		"network and without telling the site which document it is.  It is made once "
		"and stays good.",
	.details_zh =
		"有此证明在旁，无需联网、也不向站点透露所查文件，即可核对公开日志。制作一次，长期有效。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
