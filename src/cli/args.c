/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

/* What was given for one row of the command's table. */
struct slot {
	const char **values; /* room for every word of the line; NULL for a flag */
	size_t count;
};

struct cli_args {
	const struct command *command;
	bool help;
	struct slot *slots; /* one a row */
	const char **words;
	size_t count;
};

/* The line being read: the word at `at` is next. */
struct line {
	struct arena *a;
	struct cli_args *args;
	char **argv;
	size_t argc, at;
};

enum { NEAR_LONGEST = 31 }; /* longest word compared for a suggestion */

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Edits (insert, drop, change, swap neighbours) that lead from a to b; both at most NEAR_LONGEST bytes. */
static size_t distance(struct str a, struct str b)
{
	size_t d[NEAR_LONGEST + 1][NEAR_LONGEST + 1];

	for (size_t i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.n; i++)
		for (size_t j = 1; j <= b.n; j++) {
			size_t change = a.p[i - 1] == b.p[j - 1] ? 0 : 1;

			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[a.n][b.n];
}

const char *args_nearest(const char *word, const char *const *list)
{
	struct str w = { word, strnlen(word, NEAR_LONGEST + 1) };
	const char *best = NULL;
	size_t best_far = 1 + w.n / 4; /* a slip in four letters */

	if (w.n == 0 || w.n > NEAR_LONGEST)
		return NULL;
	for (; *list != NULL; list++) {
		struct str candidate = str_of(*list);
		size_t far;

		if (candidate.n > NEAR_LONGEST)
			continue;
		far = w.n > 2 && str_starts(candidate, w) ? 1 : distance(w, candidate);
		if (far < best_far || (best == NULL && far == best_far)) {
			best = *list;
			best_far = far;
		}
	}
	return best;
}

static size_t option_index(const struct command *c, struct str name)
{
	for (size_t i = 0; i < c->option_count; i++)
		if (str_eq(str_of(c->options[i].name), name))
			return i;
	return SIZE_MAX;
}

static bool unknown_option(const struct line *l, struct str name, struct err *e)
{
	const struct command *c = l->args->command;
	const char **names = arena_array(l->a, c->option_count + 2, sizeof *names, e);
	struct str word;
	const char *near;

	if (names == NULL || !arena_str(l->a, name, &word, e))
		return false;
	for (size_t i = 0; i < c->option_count; i++)
		names[i] = c->options[i].name;
	names[c->option_count] = "help";
	near = args_nearest(word.p, names);
	if (near != NULL)
		return err_usage(e, "unknown option --%.64s; did you mean --%s?", word.p, near);
	return err_usage(e, "unknown option --%.64s", word.p);
}

/* Store one option.  `value` NULL: none was joined by "="; then the next word is it. */
static bool take(struct line *l, size_t index, const char *value, struct err *e)
{
	const struct option *o = &l->args->command->options[index];
	struct slot *slot = &l->args->slots[index];

	if (slot->count > 0 && !o->repeatable)
		return err_usage(e, "--%s is given twice", o->name);
	if (o->argument == NULL) {
		if (value != NULL)
			return err_usage(e, "--%s takes no value", o->name);
		slot->count++;
		return true;
	}
	if (value == NULL) {
		if (l->at == l->argc)
			return err_usage(e, "--%s needs a value: --%s %s", o->name, o->name,
					 o->argument);
		value = l->argv[l->at++];
	}
	if (slot->values == NULL) {
		slot->values = arena_array(l->a, l->argc, sizeof *slot->values, e);
		if (slot->values == NULL)
			return false;
	}
	slot->values[slot->count++] = value;
	return true;
}

static bool take_long(struct line *l, const char *word, struct err *e)
{
	const char *equals = strchr(word, '=');
	struct str name = { word, equals != NULL ? (size_t)(equals - word) : strlen(word) };
	size_t index = option_index(l->args->command, name);

	if (index == SIZE_MAX)
		return unknown_option(l, name, e);
	return take(l, index, equals != NULL ? equals + 1 : NULL, e);
}

static bool take_letter(struct line *l, const char *word, struct err *e)
{
	const struct command *c = l->args->command;

	for (size_t i = 0; i < c->option_count; i++)
		if (c->options[i].letter != 0 && c->options[i].letter == word[0])
			return take(l, i, word[1] != '\0' ? word + 1 : NULL, e);
	return err_usage(e, "unknown option -%.64s; long options begin with two dashes", word);
}

static bool take_words(struct line *l, struct err *e)
{
	bool options = true;

	while (l->at < l->argc) {
		const char *word = l->argv[l->at++];

		if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (options && word[0] == '-' && word[1] == '-') {
			if (!take_long(l, word + 2, e))
				return false;
		} else if (options && word[0] == '-' && word[1] != '\0') {
			if (!take_letter(l, word + 1, e))
				return false;
		} else {
			l->args->words[l->args->count++] = word;
		}
	}
	return true;
}

static bool verb_known(const struct cli_args *args, struct err *e)
{
	const char *near;

	for (const char *const *v = args->command->verbs; *v != NULL; v++)
		if (strcmp(*v, args->words[0]) == 0)
			return true;
	near = args_nearest(args->words[0], args->command->verbs);
	if (near != NULL)
		return err_usage(e, "%s has no '%.64s'; did you mean '%s'?", args->command->name,
				 args->words[0], near);
	return err_usage(e, "%s has no '%.64s'", args->command->name, args->words[0]);
}

static bool words_fit(const struct cli_args *args, struct err *e)
{
	const struct command *c = args->command;

	if (args->count > c->most)
		return err_usage(e, "'%.128s' is one argument too many", args->words[c->most]);
	if (args->count < c->least)
		return err_usage(e, "an argument is missing: hufu %s %s", c->name, c->synopsis);
	return c->verbs == NULL || args->count == 0 || verb_known(args, e);
}

static bool help_wanted(size_t argc, char **argv)
{
	for (size_t i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return false;
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	}
	return false;
}

bool args_parse(struct arena *a, const struct command *command, int argc, char **argv,
		const struct cli_args **out, struct err *e)
{
	struct cli_args *args = arena_alloc(a, sizeof *args, e);
	struct line line = { a, args, argv, argc < 0 ? 0 : (size_t)argc, 0 };

	if (args == NULL)
		return false;
	args->command = command;
	args->help = help_wanted(line.argc, argv);
	args->slots = arena_array(a, command->option_count, sizeof *args->slots, e);
	if (args->slots == NULL)
		return false;
	args->words = arena_array(a, line.argc, sizeof *args->words, e);
	if (args->words == NULL)
		return false;
	if (!args->help && !(take_words(&line, e) && words_fit(args, e)))
		return false;
	*out = args;
	return true;
}

bool args_help(const struct cli_args *args)
{
	return args->help;
}

static const struct slot *slot_of(const struct cli_args *args, const char *name)
{
	size_t index = option_index(args->command, str_of(name));

	if (index == SIZE_MAX)
		abort();
	return &args->slots[index];
}

bool args_flag(const struct cli_args *args, const char *name)
{
	return slot_of(args, name)->count > 0;
}

const char *args_value(const struct cli_args *args, const char *name)
{
	const struct slot *slot = slot_of(args, name);

	return slot->values != NULL ? slot->values[0] : NULL;
}

const char *const *args_values(const struct cli_args *args, const char *name, size_t *count)
{
	const struct slot *slot = slot_of(args, name);

	*count = slot->values != NULL ? slot->count : 0;
	return slot->values;
}

bool args_needed(const struct cli_args *args, const char *name, const char **out, struct err *e)
{
	const char *value = args_value(args, name);

	if (value == NULL)
		return err_usage(e, "--%s is needed", name);
	*out = value;
	return true;
}

bool args_number(const struct cli_args *args, const char *name, uint64_t min, uint64_t max,
		 uint64_t *out, struct err *e)
{
	const char *value = args_value(args, name);
	unsigned long long number;

	if (value == NULL)
		return true;
	if (!str_u64(str_of(value), max, &number) || number < min)
		return err_usage(e, "--%s must be %llu to %llu, is '%.32s'", name,
				 (unsigned long long)min, (unsigned long long)max, value);
	*out = number;
	return true;
}

size_t args_count(const struct cli_args *args)
{
	return args->count;
}

const char *args_word(const struct cli_args *args, size_t i)
{
	if (i >= args->count)
		abort();
	return args->words[i];
}

const char *const *args_words(const struct cli_args *args)
{
	return args->words;
}
