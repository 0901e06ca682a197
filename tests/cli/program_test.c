/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/program.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "check.h"
#include "cli/help.h"
#include "cli/sink.h"

/* A cli whose streams end in memory. */
struct stage {
	struct cli cli;
	char *out, *err;
	size_t out_n, err_n;
};

static bool stage_open(struct stage *s, bool chinese)
{
	*s = (struct stage){ .cli = { .env = &env_system, .chinese = chinese } };
	s->cli.out = open_memstream(&s->out, &s->out_n);
	s->cli.err = open_memstream(&s->err, &s->err_n);
	return CHECK(s->cli.out != NULL && s->cli.err != NULL);
}

static void stage_close(struct stage *s)
{
	fclose(s->cli.out);
	fclose(s->cli.err);
	free(s->out);
	free(s->err);
}

static int fails(struct cli *cli, const struct cli_args *args)
{
	const char *word = args_word(args, 0);
	struct err e = { .kind = ERR_NONE };

	if (strcmp(word, "no") == 0)
		err_input(&e, "CODE", "wrong\033[2J");
	else if (strcmp(word, "usage") == 0)
		err_usage(&e, "wrong");
	else if (strcmp(word, "system") == 0)
		err_system(&e, "wrong");
	return cli_fail(cli, &e);
}

static int says(struct cli *cli, const struct cli_args *args UNUSED)
{
	fputs("data\n", cli->out);
	cli_say(cli, "made %s, %d", "已建 %s、%d", "a\033b", 7);
	return EXIT_YES;
}

static const struct option options[] = {
	{ .name = "home", .argument = "HOME", .help_en = "A home.", .help_zh = "目录。" },
};
static const struct command command_fails = { .name = "fails",
					      .synopsis = "WORD [--home HOME]",
					      .summary_en = "fail",
					      .summary_zh = "失败",
					      .options = options,
					      .option_count = COUNT_OF(options),
					      .least = 1,
					      .most = 1,
					      .run = fails };
static const struct command command_says = {
	.name = "says", .synopsis = "", .summary_en = "speak", .summary_zh = "说话", .run = says
};
static const struct command *const commands[] = { &command_fails, &command_says, NULL };
static const struct program program = {
	.name = "prog", .summary_en = "a program", .summary_zh = "程序", .commands = commands
};

static int run(struct stage *s, const char *a, const char *b)
{
	char words[3][32];
	char *argv[] = { words[0], words[1], words[2], NULL };
	int code;

	snprintf(words[0], sizeof words[0], "prog");
	snprintf(words[1], sizeof words[1], "%s", a != NULL ? a : "");
	snprintf(words[2], sizeof words[2], "%s", b != NULL ? b : "");
	code = program_run(&program, &s->cli, a == NULL ? 1 : b == NULL ? 2 : 3, argv);
	fflush(s->cli.err);
	return code;
}

TEST(each_kind_of_failure_has_its_exit_code_and_place_in_the_talk)
{
	static const struct {
		const char *word, *err;
		int code;
	} cases[] = { { "no", "hufu: wrong?[2J\n", EXIT_NO },
		      { "usage", "hufu: wrong\nhufu: see hufu fails --help\n", EXIT_USAGE },
		      { "system", "hufu: wrong\n", EXIT_TROUBLE },
		      { "none", "hufu: \n", EXIT_TROUBLE } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage s;

		if (!stage_open(&s, false))
			return;
		EQ_INT(run(&s, "fails", cases[i].word), cases[i].code);
		EQ_C(s.err, cases[i].err);
		EQ_INT(s.out_n, 0);
		stage_close(&s);
	}
}

TEST(talk_is_in_the_reader_s_language_and_clean)
{
	static const char *const words[] = { "hufu: made a?b, 7\n", "hufu: 已建 a?b、7\n" };

	for (int chinese = 0; chinese < 2; chinese++) {
		struct stage s;

		if (!stage_open(&s, chinese != 0))
			return;
		EQ_INT(run(&s, "says", NULL), EXIT_YES);
		EQ_C(s.err, words[chinese]);
		EQ_C(s.out, "data\n");
		stage_close(&s);
	}
}

TEST(data_that_cannot_be_written_is_trouble)
{
	struct stage s;

	if (!stage_open(&s, false))
		return;
	fclose(s.cli.out);
	s.cli.out = fopen("/dev/full", "w");
	if (CHECK(s.cli.out != NULL)) {
		EQ_INT(run(&s, "says", NULL), EXIT_TROUBLE);
		CHECK(strstr(s.err, "cannot write standard output") != NULL);
	}
	stage_close(&s);
}

static void wraps(const char *text, size_t indent, size_t width, const char *want)
{
	char *got = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&got, &n);

	if (!CHECK(to != NULL))
		return;
	help_wrap(to, text, indent, width);
	fclose(to);
	EQ_C(got, want);
	free(got);
}

TEST(text_is_set_in_lines_that_fit)
{
	wraps("", 2, 10, "\n");
	wraps("one two three", 2, 10, "one two\n  three\n");
	wraps("unbreakableword x", 2, 6, "unbreakableword\n  x\n");
	wraps("one  two", 0, 80, "one  two\n");
	/* Wide characters take two columns and break anywhere, but no line begins with a closing mark. */
	wraps("签发目录，密钥", 0, 8, "签发目\n录，密钥\n");
	wraps("用 hufu 核验。", 0, 9, "用 hufu\n核验。\n");
	wraps("A [--long B] [--other C]", 2, 13, "A\n  [--long B]\n  [--other C]\n");
	EQ_INT(help_columns("虎符 ab"), 7);
	EQ_INT(help_columns("𬱖"), 2);
}

TEST(a_sink_is_whole_or_not_there)
{
	char dir[] = "/tmp/hufu-sink-XXXXXX", path[64];
	struct stage s;
	struct sink sink = { 0 };
	struct buf bytes = buf_empty(100);
	struct stat st;
	struct err e;

	if (!CHECK(mkdtemp(dir) != NULL) || !stage_open(&s, false))
		return;
	s.cli.arena = arena_new(1 << 16);
	snprintf(path, sizeof path, "%s/out", dir);
	sink_discard(&sink);
	OK(sink_open(&s.cli, path, &sink, &e), e);
	fputs("first", sink.file);
	CHECK(!io_exists(path));
	OK(sink_commit(&sink, &e), e);
	CHECK(stat(path, &st) == 0);
	EQ_INT(st.st_mode & 0777, 0600);

	OK(sink_open(&s.cli, path, &sink, &e), e);
	fputs("second", sink.file);
	sink_discard(&sink);
	OK(io_read(path, &bytes, &e), e);
	EQ_STR(buf_view(&bytes), STR("first"));

	OK(sink_open(&s.cli, "/dev/full", &sink, &e), e);
	fputs("lost", sink.file);
	CHECK(!sink_commit(&sink, &e));
	EQ_INT(e.kind, ERR_SYSTEM);
	CHECK(!sink_open(&s.cli, dir, &sink, &e));

	unlink(path);
	EQ_INT(rmdir(dir), 0); /* nothing left behind */
	buf_free(&bytes);
	arena_free(s.cli.arena);
	stage_close(&s);
}
