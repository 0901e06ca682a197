/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include <string.h>

#include "base/enc.h"

enum { WIDTH = 78, OPTION_INDENT = 22, COMMAND_INDENT = 14, USAGE_INDENT = 8 };

static size_t columns_of(uint32_t c)
{
	bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
		    (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
		    (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
		    (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x20000 && c <= 0x3fffd);

	return wide ? 2 : 1;
}

size_t help_columns(const char *text)
{
	struct str s = str_of(text);
	size_t columns = 0, n;
	uint32_t c;

	while ((n = enc_utf8(s, &c)) > 0) {
		columns += columns_of(c);
		s = str_skip(s, n);
	}
	return columns;
}

/* No line begins with one of these (行首禁则). */
static bool closes(uint32_t c)
{
	static const uint32_t closers[] = { 0x3001, 0x3002, 0x300b, 0x300d, 0x300f, 0x3011,
					    0xff01, 0xff09, 0xff0c, 0xff1a, 0xff1b, 0xff1f };

	for (size_t i = 0; i < COUNT_OF(closers); i++)
		if (closers[i] == c)
			return true;
	return false;
}

/*
 * Bytes of the next piece that must stay on one line: a word, one wide character with what closes behind it, a group of
 * a usage line in square brackets.
 */
static size_t piece(struct str s, size_t *columns)
{
	size_t at = 0, n;
	uint32_t c;
	bool wide = false;
	int brackets = 0;

	*columns = 0;
	while ((n = enc_utf8(str_skip(s, at), &c)) > 0) {
		size_t w = columns_of(c);

		if (at > 0 && brackets == 0 &&
		    (c == ' ' || (wide && !closes(c)) || (!wide && w == 2 && !closes(c))))
			break;
		wide = w == 2;
		brackets += (c == '[') - (c == ']');
		*columns += w;
		at += n;
		if (c == ' ' && brackets == 0)
			break;
	}
	return at;
}

/* From `column` on; further lines begin at `indent`. */
static void wrap_from(FILE *to, const char *text, size_t column, size_t indent, size_t width)
{
	struct str s = str_of(text);
	size_t blanks = 0, columns, n;

	for (; (n = piece(s, &columns)) > 0; s = str_skip(s, n)) {
		if (s.p[0] == ' ') { /* waits for the word behind it: none at the end of a line */
			blanks++;
			continue;
		}
		if (column > indent && column + blanks + columns > width) {
			fprintf(to, "\n%*s", (int)indent, "");
			column = indent;
		} else {
			fprintf(to, "%*s", (int)blanks, "");
			column += blanks;
		}
		fwrite(s.p, 1, n, to);
		column += columns;
		blanks = 0;
	}
	fputc('\n', to);
}

void help_wrap(FILE *to, const char *text, size_t indent, size_t width)
{
	wrap_from(to, text, indent, indent, width);
}

void help_program(struct cli *cli, FILE *to)
{
	const struct program *p = cli->program;

	fprintf(to, "%s - %s\n\n", p->name, cli_text(cli, p->summary_en, p->summary_zh));
	cli_print(cli, to, "usage: %s COMMAND [ARGUMENTS]\n\n", "用法: %s 命令 [参数]\n\n",
		  p->name);
	for (const struct command *const *c = p->commands; *c != NULL; c++) {
		fprintf(to, "  %-*s", COMMAND_INDENT - 2, (*c)->name);
		help_wrap(to, cli_text(cli, (*c)->summary_en, (*c)->summary_zh), COMMAND_INDENT,
			  WIDTH);
	}
	cli_print(cli, to, "\n%s COMMAND --help says more; %s --version tells the version.\n",
		  "\n详见 %s 命令 --help；版本见 %s --version。\n", p->name, p->name);
}

static void option_line(struct cli *cli, const struct option *o)
{
	char head[96];
	size_t columns;
	int n;

	if (o->letter != 0)
		n = snprintf(head, sizeof head, "  -%c, --%s%s%s", o->letter, o->name,
			     o->argument != NULL ? " " : "",
			     o->argument != NULL ? o->argument : "");
	else
		n = snprintf(head, sizeof head, "  --%s%s%s", o->name,
			     o->argument != NULL ? " " : "",
			     o->argument != NULL ? o->argument : "");
	if (n < 0)
		return;
	columns = help_columns(head);
	if (columns + 2 > OPTION_INDENT)
		fprintf(cli->out, "%s\n%*s", head, OPTION_INDENT, "");
	else
		fprintf(cli->out, "%s%*s", head, (int)(OPTION_INDENT - columns), "");
	help_wrap(cli->out, cli_text(cli, o->help_en, o->help_zh), OPTION_INDENT, WIDTH);
}

void help_command(struct cli *cli, const struct command *command)
{
	const char *details = cli_text(cli, command->details_en, command->details_zh);
	const char *usage = cli_text(cli, "usage: ", "用法: ");
	bool alone = cli->program->commands[1] == NULL;
	char name[64];

	/* A program of one command is called by its own name alone. */
	snprintf(name, sizeof name, "%s%s%s", cli->program->name, alone ? "" : " ",
		 alone ? "" : command->name);
	fprintf(cli->out, "%s - %s\n\n", name,
		cli_text(cli, command->summary_en, command->summary_zh));
	fprintf(cli->out, "%s%s ", usage, name);
	wrap_from(cli->out, command->synopsis, help_columns(usage) + help_columns(name) + 1,
		  USAGE_INDENT, WIDTH);
	if (details != NULL) {
		fputc('\n', cli->out);
		help_wrap(cli->out, details, 0, WIDTH);
	}
	fputs(cli_text(cli, "\noptions:\n", "\n选项:\n"), cli->out);
	for (size_t i = 0; i < command->option_count; i++)
		option_line(cli, &command->options[i]);
	option_line(cli, &(struct option){ .name = "help",
					   .letter = 'h',
					   .help_en = "Show this.",
					   .help_zh = "显示本说明。" });
}
