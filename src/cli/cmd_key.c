/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/enc.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "issue/home.h"
#include "keys/kek.h"
#include "keys/keyfile.h"
#include "json/canon.h"

enum { FD_MAX = 1023, TYPE_MAX = 255, LINE_CAP = 4096 };

static const char *const verbs[] = { "list", "new", NULL };

static const struct option options[] = {
	OPTION_HOME,
	OPTION_JSON,
	{ .name = "role",
	  .argument = "ROLE",
	  .help_en = "What the new key signs: root, issuing, status, log, manifest or officer.",
	  .help_zh = "新密钥的用途：root、issuing、status、log、manifest 或 officer。" },
	{ .name = "number",
	  .argument = "N",
	  .help_en = "Document type of an issuing key, number of a root key.",
	  .help_zh = "签发密钥的文件类型号，或根密钥的序号。" },
	{ .name = "passphrase-fd",
	  .argument = "N",
	  .help_en = "Read the passphrase from this descriptor instead of the terminal.",
	  .help_zh = "从此描述符读取口令，而不在终端询问。" },
};

/* The key list's row of a key file; NULL when the list does not know it: it is only planned. */
static const struct keylist_key *listed(const struct keylist *list, const struct keyfile *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->keys[i].role == key->role &&
		    memcmp(&list->keys[i].public, &key->public, sizeof key->public) == 0)
			return &list->keys[i];
	return NULL;
}

/* Roots stand in the policy, the home secret nowhere: both are active by being there. */
static const char *state_of(const struct keyfile *key, const struct keylist_key *row)
{
	if (row != NULL)
		return state_name(row->state);
	return state_name(key->role == ROLE_ROOT || key->role == ROLE_HOME ? KEY_ACTIVE
									   : KEY_PLANNED);
}

static void json_line(struct buf *out, const struct keyfile *key, const struct keylist_key *row)
{
	char from[21] = "", until[21] = "";

	instant_text(row != NULL ? row->not_before : key->created, from);
	buf_printf(out, "{\"algorithm\":\"%s\",\"kid\":\"",
		   key->role == ROLE_HOME ? "HMAC-SHA-256" : "Ed25519");
	enc_hex(out, key->kid, KID_SIZE);
	buf_printf(out, "\",\"not_after\":");
	if (row != NULL && row->has_not_after) {
		instant_text(row->not_after, until);
		buf_printf(out, "\"%s\"", until);
	} else {
		buf_c(out, "null");
	}
	buf_printf(out, ",\"not_before\":\"%s\",\"number\":%u,\"public\":", from, key->number);
	if (key->role == ROLE_HOME) {
		buf_c(out, "null");
	} else {
		buf_byte(out, '"');
		enc_hex(out, key->public.bytes, ED25519_PUBLIC);
		buf_byte(out, '"');
	}
	buf_printf(out, ",\"role\":\"%s\",\"state\":\"%s\",\"types\":[", role_name(key->role),
		   state_of(key, row));
	for (size_t i = 0; row != NULL && i < row->type_count; i++)
		buf_printf(out, "%s%u", i > 0 ? "," : "", row->types[i]);
	buf_c(out, "]}\n");
}

static void text_line(struct buf *out, const struct keyfile *key, const struct keylist_key *row)
{
	char number[8] = "", from[21];

	if (key->number > 0 && snprintf(number, sizeof number, "%u", key->number) < 0)
		number[0] = '\0';
	instant_text(row != NULL ? row->not_before : key->created, from);
	enc_hex(out, key->kid, KID_SIZE);
	buf_printf(out, "  %-9s %-3s %-11s %s\n", role_name(key->role), number, state_of(key, row),
		   from);
}

static int key_list(struct cli *cli, const struct cli_args *args, const char *dir)
{
	void (*const line)(struct buf *, const struct keyfile *, const struct keylist_key *) =
		args_flag(args, "json") ? json_line : text_line;
	struct buf out = buf_empty(KEYFILES_MAX * LINE_CAP);
	struct home *home = NULL;
	struct keyfile *keys;
	const char *folder;
	size_t count;
	struct err e;
	bool ok = home_open(cli->arena, dir, HOME_READ, &home, &e) &&
		  home_path(home, "keys", &folder, &e) &&
		  keyfile_list(cli->arena, folder, &keys, &count, &e);

	for (size_t i = 0; ok && i < count; i++)
		line(&out, &keys[i], listed(&home->keylist, &keys[i]));
	ok = ok && buf_ok(&out, "the list of keys", &e);
	if (ok)
		fwrite(out.p, 1, out.n, cli->out);
	buf_free(&out);
	home_close(home);
	return ok ? EXIT_YES : cli_fail(cli, &e);
}

static bool new_fill(const struct cli_args *args, struct keyfile *key, uint64_t *fd, struct err *e)
{
	const char *role;
	uint64_t number = 0;

	if (!args_needed(args, "role", &role, e) ||
	    !args_number(args, "number", 1, TYPE_MAX, &number, e) ||
	    !args_number(args, "passphrase-fd", 0, FD_MAX, fd, e))
		return false;
	if (!role_read(str_of(role), &key->role) || key->role == ROLE_HOME ||
	    key->role == ROLE_WITNESS)
		return err_usage(
			e,
			"--role must be root, issuing, status, log, manifest or officer, is '%s'",
			role);
	if ((key->role == ROLE_ROOT || key->role == ROLE_ISSUING) != (number > 0))
		return err_usage(e, "--number belongs to root and issuing keys, and to them only");
	key->number = (unsigned)number;
	return true;
}

static bool new_make(struct cli *cli, struct home *home, uint64_t fd, struct keyfile *key,
		     struct err *e)
{
	struct secret passphrase = { NULL, 0 };
	struct kek *kek = NULL;
	struct buf kid = buf_empty(2 * KID_SIZE);
	const char *folder;
	bool ok = home_path(home, "keys", &folder, e) &&
		  home_passphrase(&home->config, home->dir, fd <= FD_MAX ? (int)fd : -1,
				  &passphrase, e) &&
		  kek_open(folder, secret_view(&passphrase), &kek, e) &&
		  keyfile_create(folder, kek, cli->env, key, e);

	if (ok) {
		enc_hex(&kid, key->kid, KID_SIZE);
		const struct journal_field fields[] = {
			{ "kid", buf_view(&kid), 0 }, { "role", str_of(role_name(key->role)), 0 }
		};

		ok = journal_add(home->journal, env_now(cli->env), "key.made", fields,
				 COUNT_OF(fields), e);
	}
	buf_free(&kid);
	kek_free(kek);
	secret_free(&passphrase);
	return ok;
}

static int key_new(struct cli *cli, const struct cli_args *args, const char *dir)
{
	struct keyfile key = { .role = ROLE_ROOT };
	struct home *home = NULL;
	uint64_t fd = FD_MAX + 1;
	char name[KEYFILE_NAME];
	struct err e;
	bool ok = new_fill(args, &key, &fd, &e) &&
		  home_open(cli->arena, dir, HOME_WRITE, &home, &e) &&
		  new_make(cli, home, fd, &key, &e);

	home_close(home);
	if (!ok)
		return cli_fail(cli, &e);
	keyfile_name(&key, name);
	fprintf(cli->out, "%s\n", name);
	cli_say(cli, "the key is planned; it signs nothing until a key list names it",
		"密钥已备，列入密钥清单之前不用于签名");
	return EXIT_YES;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	const char *dir;
	struct err e;

	if (!args_needed(args, "home", &dir, &e))
		return cli_fail(cli, &e);
	return strcmp(args_word(args, 0), "list") == 0 ? key_list(cli, args, dir)
						       : key_new(cli, args, dir);
}

const struct command command_key = {
	.name = "key",
	.synopsis = "list|new --home HOME [--json] [--role ROLE] [--number N] [--passphrase-fd N]",
	.summary_en = "list the home's keys, make new ones",
	.summary_zh = "列出或新建密钥",
	.verbs = verbs,
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 1,
	.run = run,
};
