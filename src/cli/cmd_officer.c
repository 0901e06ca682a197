/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/enc.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/officers.h"
#include "json/canon.h"

enum { FD_MAX = 1023, OUT_MAX = 1024 * 1024 };

static const char *const verbs[] = { "new", "enrol", "dismiss", "endorse", "list", NULL };

static const struct option options[] = {
	OPTION_HOME,
	{ .name = "name",
	  .argument = "NAME",
	  .help_en = "The officer's name as reports show it. Of those enrolled none has another's.",
	  .help_zh = "报告中显示的人员姓名；在册者不得同名。" },
	{ .name = "officer",
	  .argument = "KEY",
	  .repeatable = true,
	  .help_en =
		  "A file with the key of an officer, or of a root, who signs the change. It takes two officers, or as many roots as sign the key list. Without it the roots of the home sign.",
	  .help_zh =
		  "签署此项变更的人员密钥或根密钥文件；须两名人员，或与密钥清单同数的根密钥。不给则用本目录的根密钥。" },
	OPTION_PASSPHRASE_FD,
	OPTION_JSON,
};

/* One call of the command. */
struct officer_call {
	struct cli *cli;
	const struct cli_args *args;
	const char *word; /* what follows the verb; NULL when nothing does */
	const char *dir;
	struct home *home;
	int passphrase_fd;
};

static void put_kid(struct buf *out, const struct ed25519_public *public)
{
	unsigned char kid[KID_SIZE];

	ed25519_kid(public, kid);
	enc_hex(out, kid, sizeof kid);
}

/* What `new` and `enrol` print: whose key it is. */
static bool put_key(struct officer_call *c, const struct ed25519_public *public, struct err *e)
{
	struct buf out = buf_empty(256);
	bool ok;

	if (args_flag(c->args, "json")) {
		buf_c(&out, "{\"kid\":\"");
		put_kid(&out, public);
		buf_c(&out, "\",\"public\":\"");
		enc_hex(&out, public->bytes, sizeof public->bytes);
		buf_c(&out, "\"}\n");
	} else {
		put_kid(&out, public);
		buf_byte(&out, '\n');
	}
	ok = buf_ok(&out, "a key", e);
	if (ok)
		fwrite(out.p, 1, out.n, c->cli->out);
	buf_free(&out);
	return ok;
}

static bool do_new(struct officer_call *c, struct err *e)
{
	struct ed25519_public public;

	if (!officers_key_new(c->cli->arena, c->word, c->cli->env, &public, e) ||
	    !put_key(c, &public, e))
		return false;
	cli_say(c->cli, "%s is the officer's alone; %s.pub is what hufu officer enrol takes",
		"%s 由本人保管，勿交他人；%s.pub 供 hufu officer enrol 登记", c->word, c->word);
	return true;
}

static bool change(struct officer_call *c, struct officers_order *order, struct err *e)
{
	order->keys = args_values(c->args, "officer", &order->key_count);
	order->passphrase_fd = c->passphrase_fd;
	return officers_change(c->home, c->cli->env, order, e);
}

static bool do_enrol(struct officer_call *c, struct err *e)
{
	struct officers_order order = { .act = ROSTER_ENROL };
	const char *name;

	if (!args_needed(c->args, "name", &name, e))
		return false;
	order.name = str_of(name);
	return officers_public_read(c->word, &order.public, e) && change(c, &order, e) &&
	       put_key(c, &order.public, e);
}

static bool do_dismiss(struct officer_call *c, struct err *e)
{
	struct officers_order order = { .act = ROSTER_DISMISS };
	const struct roster_officer *officer = NULL;

	if (!officers_named(c->home, str_of(c->word), &officer, e))
		return false;
	order.public = officer->public;
	if (!change(c, &order, e))
		return false;
	cli_say(c->cli, "dismissed; what this officer approved and is not issued yet is void",
		"已除名；其批准而尚未签发的申请即告失效");
	return true;
}

static const char *state_of(const struct roster *r, const struct roster_officer *o)
{
	if (o->until != 0)
		return "dismissed";
	return r->vouched ? "enrolled" : "unvouched";
}

static void json_line(struct buf *out, const struct roster *r, const struct roster_officer *o)
{
	char since[21], until[21];

	instant_text(o->since, since);
	instant_text(o->until, until);
	buf_c(out, "{\"kid\":\"");
	enc_hex(out, o->kid, sizeof o->kid);
	buf_c(out, "\",\"name\":");
	canon_string(out, o->name);
	buf_c(out, ",\"public\":\"");
	enc_hex(out, o->public.bytes, sizeof o->public.bytes);
	buf_printf(out, "\",\"since\":\"%s\",\"state\":\"%s\",\"until\":", since, state_of(r, o));
	if (o->until != 0)
		buf_printf(out, "\"%s\"}\n", until);
	else
		buf_c(out, "null}\n");
}

static void text_line(struct buf *out, const struct roster *r, const struct roster_officer *o)
{
	char at[21];

	instant_text(o->until != 0 ? o->until : o->since, at);
	enc_hex(out, o->kid, sizeof o->kid);
	buf_printf(out, "  %-9s  %s  ", state_of(r, o), at);
	buf_str(out, o->name);
	buf_byte(out, '\n');
}

static bool do_list(struct officer_call *c, struct err *e)
{
	const struct roster *r = &c->home->roster;
	struct buf out = buf_empty(OUT_MAX);
	bool ok;

	for (size_t i = 0; i < r->count; i++)
		(args_flag(c->args, "json") ? json_line : text_line)(&out, r, &r->officers[i]);
	ok = buf_ok(&out, "the list of officers", e);
	if (ok && out.n > 0)
		fwrite(out.p, 1, out.n, c->cli->out);
	buf_free(&out);
	if (ok && r->serial > 0 && !r->vouched)
		cli_say(c->cli,
			"today's roots vouch for none of these; look at the list, then: hufu "
			"officer endorse",
			"现行根密钥未为上列人员作保；请核对后执行 hufu officer endorse");
	return ok;
}

/* Whom the roots vouch for from now on is shown to whoever made them sign. */
static bool do_endorse(struct officer_call *c, struct err *e)
{
	struct officers_order order = { .act = ROSTER_ENDORSE };

	return change(c, &order, e) && do_list(c, e);
}

/* Each verb, how many words follow it, and what it needs of a home. */
static const struct {
	const char *verb;
	size_t words;
	bool home, writes;
	bool (*act)(struct officer_call *c, struct err *e);
} acts[] = {
	{ "new", 1, false, false, do_new },       { "enrol", 1, true, true, do_enrol },
	{ "dismiss", 1, true, true, do_dismiss }, { "endorse", 0, true, true, do_endorse },
	{ "list", 0, true, false, do_list },
};

static int run(struct cli *cli, const struct cli_args *args)
{
	struct officer_call c = { .cli = cli, .args = args };
	size_t words = args_count(args) - 1, i = 0;
	uint64_t fd = FD_MAX + 1;
	struct err e;
	bool ok;

	while (strcmp(args_word(args, 0), acts[i].verb) != 0)
		i++; /* args_parse lets no other verb in */
	if (words != acts[i].words) {
		err_usage(&e,
			  acts[i].words > 0 ? "officer %s takes one word behind it"
					    : "nothing follows officer %s",
			  acts[i].verb);
		return cli_fail(cli, &e);
	}
	c.word = words > 0 ? args_word(args, 1) : NULL;
	ok = (!acts[i].home || args_needed(args, "home", &c.dir, &e)) &&
	     args_number(args, "passphrase-fd", 0, FD_MAX, &fd, &e);
	c.passphrase_fd = fd <= FD_MAX ? (int)fd : -1;
	ok = ok &&
	     (!acts[i].home ||
	      home_open(cli->arena, c.dir, acts[i].writes ? HOME_WRITE : HOME_READ, &c.home, &e)) &&
	     acts[i].act(&c, &e);
	home_close(c.home);
	return ok ? EXIT_YES : cli_fail(cli, &e);
}

const struct command command_officer = {
	.name = "officer",
	.synopsis =
		"new|enrol|dismiss|endorse|list [FILE | KID] [--home HOME] [--name NAME] [--officer KEY]... [--passphrase-fd N] [--json]",
	.summary_en = "who may approve letters, two of whom every letter needs",
	.summary_zh = "登记可批核证明函的人员；每份证明函须经其中两人",
	.details_en =
		"new makes an officer's key, FILE for the officer alone and FILE.pub to be enrolled, and needs no home. enrol takes such a public key, 64 hexadecimal digits or PEM; dismiss takes the kid that list shows and is in force at once. Each change is signed by two officers, or by the roots, who therefore enrol the first two. After a change of roots endorse has the new ones vouch for the officers, whom it lists; until then no letter is signed.",
	.details_zh =
		"new 生成人员密钥：FILE 由本人保管，FILE.pub 供登记，无需签发目录。enrol 登记公钥（64 位十六进制或 PEM）；dismiss 按 list 所示编号除名，立即生效。各项变更须由两名人员或根密钥签署，故首两名由根密钥登记。更换根密钥后，用 endorse 由新的根密钥为所列人员作保；在此之前不签发证明函。",
	.verbs = verbs,
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 2,
	.run = run,
};
