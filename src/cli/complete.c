/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/complete.h"

#include <string.h>

/* What bash offers for an argument, told by its placeholder. */
static const char *action_of(const char *argument)
{
	static const char *const folders[] = { "HOME", "DIR", "SITE" };
	static const char *const files[] = { "FILE", "POLICY", "RECORDS" };

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (strncmp(argument, folders[i], strlen(folders[i])) == 0)
			return "-d";
	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (strncmp(argument, files[i], strlen(files[i])) == 0)
			return "-f";
	return NULL;
}

static void option_values(const struct command *c, FILE *to)
{
	fputs("\t\tcase \"$prev\" in\n", to);
	for (size_t i = 0; i < c->option_count; i++) {
		const struct option *o = &c->options[i];
		const char *action = o->argument != NULL ? action_of(o->argument) : NULL;

		if (o->argument == NULL)
			continue;
		fprintf(to, "\t\t--%s", o->name);
		if (o->letter != 0)
			fprintf(to, "|-%c", o->letter);
		if (action != NULL)
			fprintf(to,
				") mapfile -t COMPREPLY < <(compgen %s -- \"$cur\"); return ;;\n",
				action);
		else
			fputs(") COMPREPLY=(); return ;;\n", to);
	}
	fputs("\t\tesac\n", to);
}

static void command_case(const struct command *c, FILE *to)
{
	fprintf(to, "\t%s)\n", c->name);
	option_values(c, to);
	fputs("\t\twords=\"--help", to);
	for (size_t i = 0; i < c->option_count; i++)
		fprintf(to, " --%s", c->options[i].name);
	fputs("\"\n\t\tverbs=\"", to);
	if (c->verbs != NULL)
		for (const char *const *v = c->verbs; *v != NULL; v++)
			fprintf(to, "%s%s", v == c->verbs ? "" : " ", *v);
	fputs("\"\n\t\t;;\n", to);
}

void complete_bash(const struct program *program, FILE *to)
{
	fprintf(to, "# bash completion of %s; put into a file that bash sources\n", program->name);
	fprintf(to, "_%s() {\n", program->name);
	fputs("\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words verbs=\n"
	      "\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"--help --version",
	      to);
	for (const struct command *const *c = program->commands; *c != NULL; c++)
		fprintf(to, " %s", (*c)->name);
	fputs("\" -- \"$cur\")\n\t\treturn\n\tfi\n\tcase \"${COMP_WORDS[1]}\" in\n", to);
	for (const struct command *const *c = program->commands; *c != NULL; c++)
		command_case(*c, to);
	fputs("\t*) return ;;\n\tesac\n"
	      "\tif [ \"${cur:0:1}\" = - ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "\telif [ -n \"$verbs\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$verbs\" -- \"$cur\")\n"
	      "\telse\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "\tfi\n}\n",
	      to);
	fprintf(to, "complete -o filenames -F _%s %s\n", program->name, program->name);
}
