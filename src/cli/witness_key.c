/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/witness_key.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "keys/kek.h"
#include "keys/keyfile.h"
#include "keys/passphrase.h"
#include "keys/vault.h"
#include "proof/checkpoint.h"

enum { VKEY_BYTES = 1024 };

static const char VKEY[] = "witness.vkey";

/* A typed passphrase is asked for twice: a slip of the finger would lock the key for good. */
static bool passphrase_new(int fd, struct secret *out, struct err *e)
{
	struct secret again = { NULL, 0 };
	bool ok;

	if (fd >= 0)
		return passphrase_of_fd(fd, "New passphrase: ", out, e);
	ok = passphrase_of_terminal("New passphrase: ", out, e) &&
	     passphrase_of_terminal("The same again: ", &again, e);
	if (ok && (out->n != again.n || !bytes_equal(out->p, again.p, again.n)))
		ok = err_system(e, "the two passphrases differ; nothing was made");
	secret_free(&again);
	return ok;
}

/*
 * What `openssl rand -hex 32` writes nobody types: it needs no slow KDF, which would take 256 MB of a small machine at each
 * turn of a timer.
 */
static enum kek_kdf kdf_of(const struct secret *passphrase)
{
	struct str text = secret_view(passphrase);
	unsigned char random[KEK_CREDENTIAL_MIN];
	bool is_random;

	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	is_random = enc_unhex(text, random, sizeof random);
	secret_wipe(random, sizeof random);
	return is_random ? KEK_RAW : KEK_ARGON2ID;
}

static bool vkey_write(const char *dir, const struct note_key *key, struct err *e)
{
	struct buf line = buf_empty(VKEY_BYTES);
	bool ok;

	note_key_write(&line, key);
	buf_byte(&line, '\n');
	ok = buf_ok(&line, "a verifier key", e) && io_replace(dir, VKEY, buf_view(&line), 0644, e);
	buf_free(&line);
	return ok;
}

bool witness_key_new(struct cli *cli, const char *dir, struct str name, int passphrase_fd,
		     struct note_key *out, struct err *e)
{
	static const struct ed25519_public none;
	struct keyfile file = { .role = ROLE_WITNESS };
	struct secret passphrase = { NULL, 0 };
	struct kek *kek = NULL;
	/* The name first: a key without one would be of no use. */
	bool ok =
		checkpoint_witness_key(name, &none, out, e) && ed25519_start(e) &&
		passphrase_new(passphrase_fd, &passphrase, e) && io_mkdir(dir, 0700, e) &&
		kek_create(dir, kdf_of(&passphrase), secret_view(&passphrase), cli->env, &kek, e) &&
		keyfile_create(dir, kek, cli->env, &file, e) &&
		checkpoint_witness_key(name, &file.public, out, e) && vkey_write(dir, out, e);

	kek_free(kek);
	secret_free(&passphrase);
	return ok;
}

bool witness_key_read(struct cli *cli, const char *dir, struct note_key *out, struct err *e)
{
	struct buf file = buf_empty(VKEY_BYTES);
	struct str rest, line = { NULL, 0 };
	bool ok;

	if (!io_is_dir(dir))
		return err_system(e,
				  "'%s' is no folder; make a key with: hufu witness new NAME "
				  "--key %s",
				  dir, dir);
	ok = io_read_in(dir, VKEY, &file, e);
	rest = buf_view(&file);
	if (ok && !str_split(&rest, '\n', &line))
		ok = err_input(e, "NOTE-KEY", "no verifier key");
	ok = ok && note_witness_read(cli->arena, line, out, e);
	buf_free(&file);
	return ok || err_in(e, "%s", dir);
}

static bool is_wanted(void *self, const struct keyfile *file)
{
	const struct note_key *key = self;

	return file->role == ROLE_WITNESS &&
	       memcmp(&file->public, &key->public, sizeof key->public) == 0;
}

bool witness_key_unlock(struct cli *cli, const char *dir, const struct note_key *key,
			int passphrase_fd, struct signer **signer, struct err *e)
{
	struct note_key copy = *key;
	const struct ring_filter filter = { &copy, is_wanted };
	struct secret passphrase = { NULL, 0 };
	struct vault_order order = { .keys_dir = dir,
				     .passphrase = &passphrase,
				     .filter = &filter,
				     .audit = -1,
				     .env = cli->env };
	const char *log;
	bool ok = ed25519_start(e) && io_path(cli->arena, dir, "signer.log", &log, e);

	if (ok)
		order.audit =
			open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (ok && order.audit < 0)
		ok = err_errno(e, "cannot open '%s'", log);
	ok = ok &&
	     (passphrase_fd >= 0 ? passphrase_of_fd(passphrase_fd, "Passphrase: ", &passphrase, e)
				 : passphrase_of_terminal("Passphrase: ", &passphrase, e)) &&
	     vault_open(&order, signer, NULL, e);
	secret_free(&passphrase);
	if (order.audit >= 0)
		close(order.audit);
	return ok;
}
