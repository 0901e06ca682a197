/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <stdarg.h>

#include "cli/command.h"

static enum exit_code exit_of(enum err_kind kind)
{
	switch (kind) {
	case ERR_INPUT:
		return EXIT_NO;
	case ERR_USAGE:
		return EXIT_USAGE;
	case ERR_NONE: /* a failure without a reason is a fault of the program */
	case ERR_SYSTEM:
		break;
	}
	return EXIT_TROUBLE;
}

int cli_fail(struct cli *cli, const struct err *e)
{
	char text[1024];

	cli_progress_end(cli);
	fprintf(cli->err, "hufu: %s\n", err_text(e, text, sizeof text));
	if (e->kind == ERR_USAGE)
		cli_print(cli, cli->err, "hufu: see hufu%s%s --help\n",
			  "hufu: 用法见 hufu%s%s --help\n", cli->command != NULL ? " " : "",
			  cli->command != NULL ? cli->command->name : "");
	return (int)exit_of(e->kind);
}

void cli_say(struct cli *cli, const char *en, const char *zh, ...)
{
	char text[2048];
	int n;
	va_list args;

	va_start(args, zh);
	n = cli->chinese ? vsnprintf(text, sizeof text, zh, args)
			 : vsnprintf(text, sizeof text, en, args);
	va_end(args);
	if (n < 0)
		text[0] = '\0';
	for (char *c = text; *c != '\0'; c++) /* a file name may hold terminal escapes */
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	cli_progress_end(cli);
	fprintf(cli->err, "hufu: %s\n", text);
}

void cli_print(const struct cli *cli, FILE *to, const char *en, const char *zh, ...)
{
	va_list args;

	va_start(args, zh);
	if (cli->chinese)
		vfprintf(to, zh, args);
	else
		vfprintf(to, en, args);
	va_end(args);
}

const char *cli_colour(const struct cli *cli, enum cli_colour colour)
{
	if (!cli->colour)
		return "";
	switch (colour) { /* ECMA-48 SGR */
	case COLOUR_NONE:
		return "\033[0m";
	case COLOUR_BOLD:
		return "\033[1m";
	case COLOUR_GREEN:
		return "\033[32m";
	case COLOUR_RED:
		return "\033[31m";
	case COLOUR_YELLOW:
		return "\033[33m";
	}
	return "";
}

void cli_progress(struct cli *cli, const char *en, const char *zh, size_t done, size_t total)
{
	if (!cli->progress)
		return;
	fprintf(cli->err, "\r\033[K%s %zu", cli_text(cli, en, zh), done);
	if (total > 0)
		fprintf(cli->err, "/%zu", total);
	fflush(cli->err);
}

void cli_progress_end(struct cli *cli)
{
	if (cli->progress)
		fputs("\r\033[K", cli->err);
}
