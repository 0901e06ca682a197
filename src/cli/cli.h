/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_CLI_H
#define HUFU_CLI_CLI_H

#include <stdio.h>

#include "base/arena.h"
#include "base/env.h"

/* What the program answers with (product.md, Exit). */
enum exit_code {
	EXIT_YES = 0,     /* done; the answer is yes */
	EXIT_NO = 1,      /* the answer is no, or some records were refused */
	EXIT_USAGE = 2,   /* the command line is wrong */
	EXIT_TROUBLE = 3, /* the system failed, or undecided */
	EXIT_RETRY = 75,  /* try again later (a shard) */
};

struct program;
struct command;

/* Where a command runs: the world and the three streams.  stdout is data, stderr is talk. */
struct cli {
	const struct env *env;
	const struct program *program; /* the command's own tables, for help and completion */
	const struct command *command; /* the one that runs; NULL before it is known */
	FILE *in, *out, *err;
	struct arena *arena; /* lives till the command returns */
	bool chinese;        /* by LC_ALL, LC_MESSAGES, LANG */
	bool colour;         /* cli->out is a terminal and NO_COLOR is not set */
	bool progress;       /* cli->err is a terminal: a progress line may be drawn there */
};

/* "hufu: place: pointer: cause" on stderr; the exit code that belongs to e->kind.  A usage error adds where to look. */
int cli_fail(struct cli *cli, const struct err *e);

/* One line of talk on stderr behind "hufu: ", in the reader's language.  Both formats take the same arguments. */
void cli_say(struct cli *cli, const char *en, const char *zh, ...) PRINTF_LIKE(2, 4)
	PRINTF_LIKE(3, 4);

/* As cli_say, but to any stream (cli->out, cli->err), with nothing before or behind the words. */
void cli_print(const struct cli *cli, FILE *to, const char *en, const char *zh, ...)
	PRINTF_LIKE(3, 5) PRINTF_LIKE(4, 5);

/* The one of two texts that the reader's language asks for. */
static inline const char *cli_text(const struct cli *cli, const char *en, const char *zh)
{
	return cli->chinese ? zh : en;
}

/* The words that switch cli->out to bold, green, red, yellow and back; "" when colour is off. */
enum cli_colour { COLOUR_NONE, COLOUR_BOLD, COLOUR_GREEN, COLOUR_RED, COLOUR_YELLOW };
const char *cli_colour(const struct cli *cli, enum cli_colour colour);

/* Redraw the progress line ("issuing 120 of 1000"); nothing unless cli->progress.  `total` 0: not known. */
void cli_progress(struct cli *cli, const char *en, const char *zh, size_t done, size_t total);
void cli_progress_end(struct cli *cli); /* wipe it */

#endif
