/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"
#include "cli/command.h"
#include "issue/config.h"
#include "issue/photos.h"
#include "record/feed.h"
#include "json/canon.h"

enum {
	RECORD_ARENA = 32 << 20,   /* a record of 256 KiB, its tree and its decoded form */
	HOME_FILE_MAX = 4 << 20,   /* of a home's configuration and its list of associations */
	LINE_MAX_BYTES = 16 << 10, /* of --json: an error's words, escaped */
	EASTERNMOST_MIN = 14 * 60, /* UTC+14: no place has a later day */
	PROGRESS_STEP = 256,
};

struct check {
	struct cli *cli;
	bool json;
	struct member_rules rules;
	struct associations associations;
	struct photos *photos;
	struct buf line;
	size_t records, refused, faults;
};

static bool home_file(struct check *c, const char *home, const char *name, struct str *out,
		      struct err *e)
{
	struct buf bytes = buf_empty(HOME_FILE_MAX);
	bool ok = io_read_in(home, name, &bytes, e) && buf_ok(&bytes, name, e) &&
		  arena_str(c->cli->arena, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

/* An admission lies not after today: in the home's zone, else where today is latest, so that no true date is refused. */
static bool rules_fill(struct check *c, const char *home, struct err *e)
{
	int zone = EASTERNMOST_MIN;

	if (home != NULL) {
		struct arena *a = c->cli->arena;
		struct config config;
		struct str text;

		if (!home_file(c, home, "hufu.json", &text, e))
			return false;
		if (!config_read(a, text, &config, e))
			return err_in(e, "%s/hufu.json", home);
		if (!home_file(c, home, "associations.json", &text, e))
			return false;
		if (!associations_read(a, text, &c->associations, e))
			return err_in(e, "%s/associations.json", home);
		c->rules.associations = &c->associations;
		zone = config.utc_offset_min;
	}
	c->rules.as_of = civil_of_days(instant_day(env_now(c->cli->env), zone));
	return true;
}

static void member(struct check *c, const char *key, struct str value)
{
	buf_printf(&c->line, "%s\"%s\":", c->line.n > 1 ? "," : "", key);
	canon_string(&c->line, value);
}

static bool fault_json(struct check *c, const struct feed_item *item, const struct err *fault,
		       struct err *e)
{
	buf_clear(&c->line);
	buf_byte(&c->line, '{');
	member(c, "place", str_of(fault->place));
	if (item->member_id.n > 0)
		member(c, "member_id", item->member_id);
	member(c, "code", str_of(fault->code));
	member(c, "pointer", str_of(fault->pointer));
	member(c, "message", str_of(fault->cause));
	buf_c(&c->line, "}\n");
	if (!buf_ok(&c->line, "a line of the report", e))
		return false;
	fwrite(c->line.p, 1, c->line.n, c->cli->out);
	return true;
}

static bool fault_show(struct check *c, const struct feed_item *item, const struct err *fault,
		       struct err *e)
{
	char text[1024];

	if (c->json)
		return fault_json(c, item, fault, e);
	fprintf(c->cli->out, "%s\n", err_text(fault, text, sizeof text));
	return true;
}

static bool item_show(struct check *c, const struct feed_item *item, struct err *e)
{
	size_t shown = 0;

	cli_progress_end(c->cli);
	for (const struct fault *f = item->faults.first; f != NULL; f = f->next, shown++)
		if (!fault_show(c, item, &f->err, e))
			return false;
	if (item->faults.count > shown)
		cli_say(c->cli, "%.*s: %zu more faults are not shown", "%.*s：另有 %zu 处未列出",
			STR_ARG(item->place), item->faults.count - shown);
	if (item->member != NULL)
		for (const struct remark *n = item->member->notes.first; n != NULL; n = n->next)
			cli_say(c->cli, "%.*s: %.*s: note: %.*s", "%.*s: %.*s: 提示: %.*s",
				STR_ARG(item->place), STR_ARG(n->pointer), STR_ARG(n->words));
	return true;
}

/* As issuing would: a photo is asked for while the status is active, whatever the home's templates print. */
static bool photo_check(struct check *c, struct feed_item *item, struct arena *a, struct err *e)
{
	const struct member *m = item->member;
	struct err why = { 0 };

	if (m == NULL || m->photo == NULL || m->status != MEMBER_ACTIVE ||
	    photos_admit(c->photos, m->photo, item->folder, &why))
		return true;
	err_in(&why, "%.*s", STR_ARG(item->place));
	if (why.kind != ERR_INPUT) {
		*e = why;
		return false;
	}
	item->member = NULL;
	return faults_add(a, &item->faults, &why, e);
}

static bool feed_check(struct check *c, struct feed *feed, struct arena *a, struct err *e)
{
	for (;;) {
		struct feed_item item;
		bool end = false;

		arena_reset(a);
		if (!feed_next(feed, a, &item, &end, e))
			return false;
		if (end)
			return true;
		if (!photo_check(c, &item, a, e))
			return false;
		c->records++;
		c->refused += item.member == NULL;
		c->faults += item.faults.count;
		if (!item_show(c, &item, e))
			return false;
		if (c->records % PROGRESS_STEP == 0)
			cli_progress(c->cli, "checking", "检查", c->records, 0);
	}
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct check c = { .cli = cli,
			   .json = args_flag(args, "json"),
			   .line = buf_empty(LINE_MAX_BYTES) };
	const struct photos_order photos = { .home = args_value(args, "home"),
					     .dir = args_value(args, "photos") };
	struct arena *a = arena_new(RECORD_ARENA);
	struct feed *feed = NULL;
	struct err e;
	bool ok = false;

	if (a == NULL) {
		err_memory(&e, "a record");
		goto out;
	}
	if (!rules_fill(&c, photos.home, &e) || !photos_open(&photos, &c.photos, &e) ||
	    !feed_open(&feed, args_words(args), args_count(args), &c.rules, &e))
		goto out;
	ok = feed_check(&c, feed, a, &e);
	cli_progress_end(cli);
	if (ok)
		cli_say(cli, "records %zu, refused %zu, faults %zu",
			"记录 %zu 条，拒绝 %zu 条，差错 %zu 处", c.records, c.refused, c.faults);
out:
	feed_close(feed);
	photos_close(c.photos);
	arena_free(a);
	buf_free(&c.line);
	if (!ok)
		return cli_fail(cli, &e);
	return c.faults > 0 ? EXIT_NO : EXIT_YES;
}

static const struct option options[] = {
	{ .name = "home",
	  .argument = "HOME",
	  .help_en = "Look association codes up in this home, and take its zone for today's date.",
	  .help_zh = "按此签发目录核对协会代码，并以其时区定今日。" },
	{ .name = "photos",
	  .argument = "DIR",
	  .help_en =
		  "Photo paths of the records are relative to DIR; to the folder of the records when absent.",
	  .help_zh = "记录中的照片路径相对于 DIR；省略则相对于记录所在目录。" },
	OPTION_JSON,
};

const struct command command_check = {
	.name = "check",
	.synopsis = "RECORDS... [--home HOME] [--photos DIR] [--json]",
	.summary_en = "validate records only; one line a fault, place first",
	.summary_zh = "只检查会员记录；每处差错一行，先列位置",
	.details_en =
		"RECORDS are JSON Lines, a JSON array, or a folder of JSON files; - is standard "
		"input. Faults go to standard output, the counts to standard error. The exit "
		"status is 1 when there is any fault.",
	.details_zh =
		"RECORDS 为 JSON Lines、JSON 数组或 JSON 文件目录；- 为标准输入。差错列于标准输出，"
		"计数列于标准错误。有差错时退出码为 1。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = ARGS_ANY,
	.run = run,
};
