/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/key_show.h"
#include "issue/keychange.h"
#include "keys/pem.h"
#include "keys/seedfile.h"

enum {
	FD_MAX = 1023,
	TYPE_MAX = 255,
	QUORUM_MAX = 32,
	OUT_MAX = 4 * 1024 * 1024,
	VKEY_FILE_MAX = 1024
};

static const char *const verbs[] = { "list",   "new",   "rotate", "retire", "compromise", "import",
				     "export", "renew", "sign",   "merge",  NULL };

static const struct option options[] = {
	OPTION_HOME,
	OPTION_JSON,
	{ .name = "role",
	  .argument = "ROLE",
	  .help_en =
		  "What the key signs: root, issuing, status, log or manifest. rotate also takes home, the home secret; import also witness.",
	  .help_zh =
		  "密钥的用途：root、issuing、status、log 或 manifest；rotate 还可用 home（目录秘密），import 还可用 witness。" },
	{ .name = "number",
	  .argument = "N",
	  .help_en = "Document type of an issuing key, number of a root key.",
	  .help_zh = "签发密钥的文件类型号，或根密钥的序号。" },
	{ .name = "planned",
	  .help_en = "List the new key as planned. It signs from the next rotate of its role on.",
	  .help_zh = "新密钥列为预备，到下一次轮换时启用。" },
	{ .name = "from-idx",
	  .argument = "N",
	  .help_en =
		  "First position of the log that is not genuine under a compromised issuing or manifest key. It can be lowered later, never raised.",
	  .help_zh = "失密的签发或清单密钥自此序号起签名无效；以后只可改小，不可改大。" },
	{ .name = "quorum",
	  .argument = "N",
	  .help_en = "How many witnesses a checkpoint needs (import, renew).",
	  .help_zh = "检查点需要几家见证（import、renew）。" },
	{ .name = "format",
	  .argument = "FORMAT",
	  .help_en =
		  "How export writes the public half: hex, vkey, minisign or pem. Without it, what programs take that check such a key.",
	  .help_zh = "export 输出公钥的格式：hex、vkey、minisign 或 pem；不给则按用途选取。" },
	OPTION_PASSPHRASE_FD,
};

/* One call of the command. */
struct key_call {
	struct cli *cli;
	const struct cli_args *args;
	const char *word; /* what follows the verb: KID, FILE or FOLDER; NULL when nothing does */
	struct home *home;
	struct keychange *change;
	struct keyfile made; /* new, rotate, import: the key whose kid is printed */
	bool has_made;
	enum key_role role;
	uint64_t number, from_idx, quorum, fd;
};

static int passphrase_fd(const struct key_call *c)
{
	return c->fd <= FD_MAX ? (int)c->fd : -1;
}

static bool role_asked(struct key_call *c, bool also_home, bool also_witness, struct err *e)
{
	const char *role;

	if (!args_needed(c->args, "role", &role, e))
		return false;
	/* A file of the home opens for whoever has the passphrase: every officer would be all of them. */
	if (strcmp(role, role_name(ROLE_OFFICER)) == 0)
		return err_usage(
			e,
			"an officer's key is no key of the home's; make it with: hufu officer new FILE");
	if (role_read(str_of(role), &c->role) && (c->role != ROLE_HOME || also_home) &&
	    (c->role != ROLE_WITNESS || also_witness))
		return true;
	return err_usage(e, "--role must be root, issuing, status, log or manifest, is '%s'", role);
}

static bool numbers_read(struct key_call *c, struct err *e)
{
	c->fd = FD_MAX + 1;
	c->quorum = QUORUM_MAX + 1;
	return args_number(c->args, "number", 1, TYPE_MAX, &c->number, e) &&
	       args_number(c->args, "from-idx", 0, INT64_MAX, &c->from_idx, e) &&
	       args_number(c->args, "quorum", 0, QUORUM_MAX, &c->quorum, e) &&
	       args_number(c->args, "passphrase-fd", 0, FD_MAX, &c->fd, e);
}

/* The verbs that change the list: each fills what is drafted. */
static bool do_new(struct key_call *c, struct err *e)
{
	c->has_made = true;
	return role_asked(c, false, false, e) &&
	       keychange_new(c->change, c->role, (unsigned)c->number, args_flag(c->args, "planned"),
			     NULL, &c->made, e);
}

static bool do_rotate(struct key_call *c, struct err *e)
{
	c->has_made = true;
	return role_asked(c, true, false, e) &&
	       keychange_rotate(c->change, c->role, (unsigned)c->number, &c->made, e);
}

static bool do_retire(struct key_call *c, struct err *e)
{
	return keychange_retire(c->change, str_of(c->word), e);
}

static bool do_compromise(struct key_call *c, struct err *e)
{
	return keychange_compromise(c->change, str_of(c->word),
				    args_value(c->args, "from-idx") != NULL, c->from_idx, e);
}

static bool quorum_set(struct key_call *c)
{
	if (c->quorum <= QUORUM_MAX)
		keychange_quorum(c->change, (unsigned)c->quorum);
	return true;
}

static bool do_renew(struct key_call *c, struct err *e UNUSED)
{
	keychange_renew(c->change);
	return quorum_set(c);
}

/* A foreign public key: the first line of a file is its vkey. */
static bool import_public(struct key_call *c, struct err *e)
{
	struct buf file = buf_empty(VKEY_FILE_MAX);
	struct str rest, line;
	struct note_key key;
	bool ok = io_read(c->word, &file, e);

	rest = buf_view(&file);
	if (ok && !str_split(&rest, '\n', &line))
		ok = err_input(e, "NOTE-KEY", "'%s' is empty", c->word);
	if (ok && c->role == ROLE_WITNESS)
		ok = keychange_witness(c->change, line, e) && quorum_set(c);
	else if (ok)
		ok = note_key_read(c->cli->arena, line, &key, e) &&
		     keychange_root(c->change, (unsigned)c->number, &key.public, e);
	buf_free(&file);
	return ok || err_in(e, "%s", c->word);
}

/* A public key in PEM is that of a device; anything else must be a private one. */
static bool import_device(struct key_call *c, bool *is_public, struct err *e)
{
	struct buf file = buf_empty(VKEY_FILE_MAX);
	struct ed25519_public public;
	bool ok = io_read(c->word, &file, e);

	*is_public = ok && pem_is_public(buf_view(&file));
	if (*is_public)
		ok = pem_public_read(buf_view(&file), &public, e) &&
		     keychange_device(c->change, c->role, (unsigned)c->number,
				      args_flag(c->args, "planned"), &public, e);
	if (file.n > 0)
		secret_wipe(file.p, file.n);
	buf_free(&file);
	return ok || err_in(e, "%s", c->word);
}

static bool do_import(struct key_call *c, struct err *e)
{
	struct secret seed = { NULL, 0 };
	bool is_public, ok;

	if (!role_asked(c, false, true, e))
		return false;
	if (c->role == ROLE_WITNESS || c->role == ROLE_ROOT)
		return import_public(c, e);
	ok = import_device(c, &is_public, e);
	if (!ok || is_public)
		return ok;
	c->has_made = true;
	ok = seedfile_read(c->word, &seed, e) &&
	     keychange_new(c->change, c->role, (unsigned)c->number, args_flag(c->args, "planned"),
			   seed.p, &c->made, e);
	secret_free(&seed);
	return ok;
}

static void say_waiting(struct cli *cli, const struct keychange_result *r, const char *folder)
{
	cli_say(cli, "%u of %u root signatures; the rest is made with: hufu key sign %s",
		"根密钥签名 %u/%u；其余用此命令补签：hufu key sign %s", r->have, r->need, folder);
}

/* What became of a change. */
static int told(struct cli *cli, const struct keychange_result *r)
{
	if (!r->installed) {
		say_waiting(cli, r, "HOME/keys/pending");
		return EXIT_RETRY;
	}
	if (r->listed)
		cli_say(cli, "version %llu of the key list is in force; publish it",
			"密钥清单第 %llu 版已生效，请发布", (unsigned long long)r->version);
	if (r->policy)
		cli_say(cli, "the policy changed; its fingerprint is %s",
			"信任策略已更改，指纹为 %s", r->fingerprint);
	return EXIT_YES;
}

static int key_change(struct key_call *c, const char *dir,
		      bool (*what)(struct key_call *c, struct err *e))
{
	struct keychange_result result;
	struct err e;
	bool ok = home_open(c->cli->arena, dir, HOME_WRITE, &c->home, &e) &&
		  keychange_begin(c->home, c->cli->env, passphrase_fd(c), &c->change, &e) &&
		  what(c, &e) && keychange_commit(c->change, &result, &e);

	keychange_free(c->change);
	home_close(c->home);
	if (!ok)
		return cli_fail(c->cli, &e);
	if (c->has_made)
		fprintf(c->cli->out, "%02x%02x%02x%02x\n", c->made.kid[0], c->made.kid[1],
			c->made.kid[2], c->made.kid[3]);
	return told(c->cli, &result);
}

static int print(struct key_call *c, const char *dir,
		 bool (*show)(struct key_call *c, struct buf *out, struct err *e))
{
	struct buf out = buf_empty(OUT_MAX);
	struct err e;
	bool ok = home_open(c->cli->arena, dir, HOME_READ, &c->home, &e) && show(c, &out, &e);

	if (ok)
		fwrite(out.p, 1, out.n, c->cli->out);
	buf_free(&out);
	home_close(c->home);
	return ok ? EXIT_YES : cli_fail(c->cli, &e);
}

static bool show_list(struct key_call *c, struct buf *out, struct err *e)
{
	return key_show_list(c->home, args_flag(c->args, "json"), out, e);
}

static bool show_public(struct key_call *c, struct buf *out, struct err *e)
{
	return key_show_public(c->home, str_of(c->word), args_value(c->args, "format"), out, e);
}

static int key_sign(struct key_call *c, const char *dir)
{
	struct keychange_result result;
	struct err e;
	bool ok = home_open(c->cli->arena, dir, HOME_READ, &c->home, &e) &&
		  keychange_sign(c->home, c->word, passphrase_fd(c), &result, &e);

	home_close(c->home);
	if (!ok)
		return cli_fail(c->cli, &e);
	if (result.have < result.need)
		say_waiting(c->cli, &result, c->word);
	else
		cli_say(c->cli, "signed by all it needs; hufu key merge %s puts it in force",
			"签名已齐，用 hufu key merge %s 使之生效", c->word);
	return EXIT_YES;
}

static int key_merge(struct key_call *c, const char *dir)
{
	struct keychange_result result;
	struct err e;
	bool ok = home_open(c->cli->arena, dir, HOME_WRITE, &c->home, &e) &&
		  keychange_merge(c->home, c->cli->env, args_words(c->args) + 1,
				  args_count(c->args) - 1, &result, &e);

	home_close(c->home);
	return ok ? told(c->cli, &result) : cli_fail(c->cli, &e);
}

static int key_print_list(struct key_call *c, const char *dir)
{
	return print(c, dir, show_list);
}

static int key_print_public(struct key_call *c, const char *dir)
{
	return print(c, dir, show_public);
}

/* Each verb: how many words follow it, and one of two ways to do it. */
static const struct {
	const char *verb;
	size_t least, most;
	int (*run)(struct key_call *c, const char *dir);
	bool (*change)(struct key_call *c, struct err *e);
} acts[] = {
	{ "list", 0, 0, key_print_list, NULL }, { "export", 1, 1, key_print_public, NULL },
	{ "new", 0, 0, NULL, do_new },          { "rotate", 0, 0, NULL, do_rotate },
	{ "retire", 1, 1, NULL, do_retire },    { "compromise", 1, 1, NULL, do_compromise },
	{ "import", 1, 1, NULL, do_import },    { "renew", 0, 0, NULL, do_renew },
	{ "sign", 1, 1, key_sign, NULL },       { "merge", 0, ARGS_ANY, key_merge, NULL },
};

static int run(struct cli *cli, const struct cli_args *args)
{
	struct key_call c = { .cli = cli, .args = args };
	size_t words = args_count(args) - 1, i = 0;
	const char *dir;
	struct err e;

	while (strcmp(args_word(args, 0), acts[i].verb) != 0)
		i++; /* args_parse lets no other verb in */
	c.word = words > 0 ? args_word(args, 1) : NULL;
	if (words < acts[i].least || words > acts[i].most) {
		err_usage(&e,
			  acts[i].least > 0 ? "key %s takes one word behind it"
					    : "nothing follows key %s",
			  acts[i].verb);
		return cli_fail(cli, &e);
	}
	if (!args_needed(args, "home", &dir, &e) || !numbers_read(&c, &e))
		return cli_fail(cli, &e);
	return acts[i].run != NULL ? acts[i].run(&c, dir) : key_change(&c, dir, acts[i].change);
}

const struct command command_key = {
	.name = "key",
	.synopsis =
		"list|new|rotate|retire|compromise|import|export|renew|sign|merge [KID | FILE | FOLDER...] --home HOME [--json] [--role ROLE] [--number N] [--planned] [--from-idx N] [--quorum N] [--format FORMAT] [--passphrase-fd N]",
	.summary_en = "the life of the home's keys",
	.summary_zh = "管理密钥的生命周期",
	.details_en =
		"Each change makes the next version of the key list, signed by the roots that are here. When they are too few it waits in HOME/keys/pending, and the exit status is 75: sign signs such a folder with the roots of another home, merge takes the signatures back and puts the change in force. rotate retires a key and puts another in its place; documents need no new issue. compromise marks a stolen key, named by its kid. import takes a private key made elsewhere from a file only its owner can read, the public key (PEM) of a device that keys/external.json names, or the verifier key of a witness or a root. export prints a public half. renew gives the list a new expiry.",
	.details_zh =
		"每次更改生成密钥清单的下一版，由本机的根密钥签名；不足时在 HOME/keys/pending 等候（退出码 75）：sign 在另一目录补签，merge 收回签名并生效。rotate 更换密钥，已签发的文件不必重发；compromise 登记失密的密钥；import 导入外来私钥（仅本人可读的文件）、external.json 所列设备的公钥（PEM）或见证、根的公钥；export 输出公钥；renew 延长清单有效期。",
	.verbs = verbs,
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = ARGS_ANY,
	.run = run,
};
