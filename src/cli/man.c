/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/man.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

enum { TEXT_WIDTH = 72 };

/* Plain words as mdoc text: a new line after each sentence (mandoc's STYLE), none over TEXT_WIDTH, escapes set. */
static void text_lines(FILE *to, const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;

	while (str_split(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		if (column > 0 && column + 1 + word.n > TEXT_WIDTH) {
			fputc('\n', to);
			column = 0;
		}
		if (column > 0)
			fputc(' ', to);
		else if (word.p[0] == '.' || word.p[0] == '\'')
			fputs("\\&", to);
		for (size_t i = 0; i < word.n; i++)
			if (word.p[i] == '\\')
				fputs("\\e", to);
			else
				fputc(word.p[i], to);
		column += 1 + word.n;
		if (word.p[word.n - 1] == '.') {
			fputc('\n', to);
			column = 0;
		}
	}
	if (column > 0)
		fputc('\n', to);
}

static bool placeholder(struct str word)
{
	return word.n > 0 && ((word.p[0] >= 'A' && word.p[0] <= 'Z') || word.p[0] == '.');
}

/* One word of a usage line as an mdoc macro, behind `lead`: "." on a line of its own, " " behind another macro. */
static void usage_word(FILE *to, const char *lead, struct str word)
{
	bool dots = str_ends(word, STR("...")) && word.n > 3;

	if (dots)
		word.n -= 3;
	if (str_eq(word, STR("|")))
		fprintf(to, "%s|", lead[0] == '.' ? "" : lead);
	else if (word.n > 2 && str_starts(word, STR("--")))
		fprintf(to, "%sFl %.*s", lead, (int)word.n - 1, word.p + 1);
	else if (word.n == 2 && word.p[0] == '-')
		fprintf(to, "%sFl %c", lead, word.p[1]);
	else
		fprintf(to, "%s%s %.*s", lead, placeholder(word) ? "Ar" : "Cm", STR_ARG(word));
	if (dots)
		fputs(" ...", to);
}

/* "RECORDS... [--home HOME]" → ".Ar RECORDS ..." and ".Op Fl -home Ar HOME", a line a group. */
static void usage(FILE *to, const char *synopsis)
{
	struct str rest = str_of(synopsis), word;
	bool open = false;

	while (str_split(&rest, ' ', &word)) {
		const char *lead = open ? " " : ".";
		bool closes;

		if (word.n == 0)
			continue;
		if (word.p[0] == '[') {
			fputs(".Op", to);
			open = true;
			lead = " ";
			word = str_skip(word, 1);
		}
		closes = word.n > 0 && word.p[word.n - 1] == ']';
		if (closes)
			word.n--;
		usage_word(to, lead, word);
		if (closes)
			open = false;
		if (!open)
			fputc('\n', to);
	}
}

static void options(FILE *to, const struct command *c)
{
	if (c->option_count == 0)
		return;
	fputs(".Bl -tag -width Ds\n", to);
	for (size_t i = 0; i < c->option_count; i++) {
		const struct option *o = &c->options[i];

		fputs(".It", to);
		if (o->letter != 0)
			fprintf(to, " Fl %c ,", o->letter);
		fprintf(to, " Fl -%s", o->name);
		if (o->argument != NULL)
			fprintf(to, " Ar %s", o->argument);
		fputc('\n', to);
		text_lines(to, o->help_en);
		if (o->repeatable)
			fputs("May be given more than once.\n", to);
	}
	fputs(".El\n", to);
}

/* The one-line summary as the sentence it is in a page. */
static void summary(FILE *to, const char *text)
{
	fprintf(to, "%c%s.\n", toupper((unsigned char)text[0]), text + 1);
}

void man_commands(const struct program *program, FILE *to)
{
	for (const struct command *const *c = program->commands; *c != NULL; c++) {
		fprintf(to, ".Ss %s %s\n", program->name, (*c)->name);
		fprintf(to, ".Nm %s Cm %s\n", program->name, (*c)->name);
		usage(to, (*c)->synopsis);
		fputs(".Pp\n", to);
		summary(to, (*c)->summary_en);
		if ((*c)->details_en != NULL) {
			fputs(".Pp\n", to);
			text_lines(to, (*c)->details_en);
		}
		options(to, *c);
	}
}
