/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_COMMAND_H
#define HUFU_CLI_COMMAND_H

#include "cli/args.h"
#include "cli/cli.h"

/*
 * One option.  The same row yields the parser, --help, the completion and the man page's OPTIONS, so the words must
 * read well there: one to three plain sentences, capital, full stop, no markup.
 */
struct option {
	const char *name;     /* without dashes: "home" is --home */
	const char *argument; /* placeholder in capitals ("HOME", "FILE", "N"), NULL for a flag */
	char letter;          /* 'o' makes -o the same option; 0 for none */
	bool repeatable;      /* else a second one is a usage error */
	const char *help_en, *help_zh;
};

/*
 * One command.  Lives in cmd_<name>.c as `const struct command command_<name>`, with one row in main.c's table.
 *
 * run() finds the command line parsed and counted; it writes data to cli->out, talk by cli_say, and returns an enum
 * exit_code.  A failure is `return cli_fail(cli, &e);`.  Whether cli->out could be written is checked by the caller.
 */
struct command {
	const char *name;
	const char *synopsis; /* what follows "hufu NAME": "RECORDS... [--home HOME] [--json]" */
	const char *summary_en, *summary_zh; /* one line, no full stop */
	const char *details_en; /* a paragraph for --help and the man page; may be NULL */
	const char *details_zh;
	const char *const
		*verbs; /* the first positional is one of these, NULL-terminated; or NULL */
	const struct option *options; /* --help is there without a row */
	size_t option_count;
	size_t least, most; /* positionals, verb included; ARGS_ANY: no upper end */
	int (*run)(struct cli *cli, const struct cli_args *args);
};

/* Rows that several commands share. */
#define OPTION_HOME                                                                                \
	{                                                                                          \
		.name = "home", .argument = "HOME",                                                \
		.help_en = "The issuing home made by hufu init.",                                  \
		.help_zh = "hufu init 所建的签发目录。"                                    \
	}
#define OPTION_PASSPHRASE_FD                                                                       \
	{                                                                                          \
		.name = "passphrase-fd", .argument = "N",                                          \
		.help_en = "Read the passphrase from this descriptor instead of the terminal.",    \
		.help_zh = "从此描述符读取口令，而不在终端询问。"                \
	}
#define OPTION_JSON                                                                                \
	{                                                                                          \
		.name = "json", .help_en = "Print one JSON object a line instead of text.",        \
		.help_zh = "每行输出一个 JSON 对象，而非文字。"                      \
	}

#endif
