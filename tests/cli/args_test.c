/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"

#include "check.h"
#include "cli/command.h"

enum { ARENA_BYTES = 1 << 20, WORDS_MAX = 12 };

static const struct option options[] = {
	{ .name = "home", .argument = "HOME" },
	{ .name = "json" },
	{ .name = "jobs", .argument = "N" },
	{ .name = "only", .argument = "K=V", .repeatable = true },
	{ .name = "output", .argument = "FILE", .letter = 'o' },
};
static const char *const verbs[] = { "new", "list", "rotate", NULL };
static const struct command plain = { .name = "plain",
				      .synopsis = "FILE...",
				      .options = options,
				      .option_count = COUNT_OF(options),
				      .least = 1,
				      .most = 3 };
static const struct command verbed = { .name = "key",
				       .synopsis = "new|list|rotate",
				       .verbs = verbs,
				       .options = options,
				       .option_count = COUNT_OF(options),
				       .least = 1,
				       .most = ARGS_ANY };

static bool parse(struct arena *a, const struct command *c, const char *const *line,
		  const struct cli_args **out, struct err *e)
{
	static char copies[WORDS_MAX][64]; /* argv is not const */
	char *argv[WORDS_MAX];
	int argc = 0;

	for (; line[argc] != NULL && argc < WORDS_MAX; argc++) {
		snprintf(copies[argc], sizeof copies[argc], "%s", line[argc]);
		argv[argc] = copies[argc];
	}
	return args_parse(a, c, argc, argv, out, e);
}

TEST(wrong_lines_say_what_is_wrong)
{
	static const struct {
		const struct command *command;
		const char *line[WORDS_MAX], *cause;
	} cases[] = {
		{ &plain, { "a", "--hoem", "x" }, "unknown option --hoem; did you mean --home?" },
		{ &plain, { "a", "--hom=x" }, "unknown option --hom; did you mean --home?" },
		{ &plain, { "a", "--zzz" }, "unknown option --zzz" },
		{ &plain,
		  { "a", "--"
			 "=x" },
		  "unknown option --" },
		{ &plain, { "a", "--hel" }, "unknown option --hel; did you mean --help?" },
		{ &plain, { "a", "-x" }, "unknown option -x; long options begin with two dashes" },
		{ &plain,
		  { "a", "-json" },
		  "unknown option -json; long options begin with two dashes" },
		{ &plain, { "a", "--home" }, "--home needs a value: --home HOME" },
		{ &plain, { "a", "-o" }, "--output needs a value: --output FILE" },
		{ &plain, { "a", "--json=1" }, "--json takes no value" },
		{ &plain, { "a", "--json", "--json" }, "--json is given twice" },
		{ &plain, { "a", "--home", "x", "--home=y" }, "--home is given twice" },
		{ &plain, { "a", "--home=", "--home=y" }, "--home is given twice" },
		{ &plain, { NULL }, "an argument is missing: hufu plain FILE..." },
		{ &plain, { "--json" }, "an argument is missing: hufu plain FILE..." },
		{ &plain, { "a", "b", "c", "d\033[31m" }, "'d?[31m' is one argument too many" },
		{ &verbed, { "rotat" }, "key has no 'rotat'; did you mean 'rotate'?" },
		{ &verbed, { "steal" }, "key has no 'steal'" },
	};
	struct arena *a = arena_new(ARENA_BYTES);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct cli_args *args;
		struct err e = { .kind = ERR_NONE };

		CHECK(!parse(a, cases[i].command, cases[i].line, &args, &e));
		EQ_INT(e.kind, ERR_USAGE);
		EQ_C(e.cause, cases[i].cause);
	}
	arena_free(a);
}

TEST(options_and_words_mix_in_any_order)
{
	static const char *const line[] = { "-",      "--home=/x=y", "--only", "a=1", "b", "-oout",
					    "--json", "--only=b=2",  "--",     "--x", NULL };
	struct arena *a = arena_new(ARENA_BYTES);
	const struct cli_args *args;
	const char *const *values;
	size_t count;
	struct err e;

	OK(parse(a, &plain, line, &args, &e), e);
	EQ_INT(args_count(args), 3);
	EQ_C(args_word(args, 0), "-");
	EQ_C(args_word(args, 1), "b");
	EQ_C(args_word(args, 2), "--x");
	EQ_C(args_value(args, "home"), "/x=y");
	EQ_C(args_value(args, "output"), "out");
	CHECK(args_flag(args, "json"));
	CHECK(!args_flag(args, "jobs"));
	CHECK(args_value(args, "jobs") == NULL);
	values = args_values(args, "only", &count);
	EQ_INT(count, 2);
	EQ_C(values[0], "a=1");
	EQ_C(values[1], "b=2");
	arena_free(a);
}

TEST(a_value_may_look_like_an_option)
{
	static const char *const line[] = { "--home", "--json", "a", "-o", "-", NULL };
	struct arena *a = arena_new(ARENA_BYTES);
	const struct cli_args *args;
	struct err e;

	OK(parse(a, &plain, line, &args, &e), e);
	EQ_C(args_value(args, "home"), "--json");
	EQ_C(args_value(args, "output"), "-");
	CHECK(!args_flag(args, "json"));
	arena_free(a);
}

TEST(help_is_seen_before_any_fault_but_not_behind_two_dashes)
{
	static const char *const asked[] = { "--nonsense", "-h", NULL };
	static const char *const behind[] = { "--", "--help", NULL };
	struct arena *a = arena_new(ARENA_BYTES);
	const struct cli_args *args;
	struct err e;

	OK(parse(a, &plain, asked, &args, &e), e);
	CHECK(args_help(args));
	OK(parse(a, &plain, behind, &args, &e), e);
	CHECK(!args_help(args));
	EQ_C(args_word(args, 0), "--help");
	arena_free(a);
}

TEST(numbers_are_decimal_and_within_bounds)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = { { "0", false },  { "65", false },
		      { "-1", false }, { "+1", false },
		      { "01", false }, { "8x", false },
		      { "", false },   { "99999999999999999999", false },
		      { "1", true },   { "64", true } };
	struct arena *a = arena_new(ARENA_BYTES);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *line[] = { "a", "--jobs", cases[i].text, NULL };
		const struct cli_args *args;
		uint64_t jobs = 7;
		struct err e;

		OK(parse(a, &plain, line, &args, &e), e);
		CHECK(args_number(args, "jobs", 1, 64, &jobs, &e) == cases[i].ok);
		EQ_INT(jobs == 7, !cases[i].ok);
	}
	arena_free(a);
}

TEST(the_nearest_word_is_offered_only_when_near)
{
	static const char *const list[] = { "verify", "init", "import", "issue", NULL };
	static const struct {
		const char *word, *near;
	} cases[] = { { "", NULL },
		      { "x", NULL },
		      { "banana", NULL },
		      { "verfiy", "verify" },
		      { "ver", "verify" },
		      { "isue", "issue" },
		      { "improt", "import" },
		      { "int", "init" },
		      { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *near = args_nearest(cases[i].word, list);

		if (CHECK((near == NULL) == (cases[i].near == NULL)) && near != NULL)
			EQ_C(near, cases[i].near);
	}
}
