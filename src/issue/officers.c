/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/officers.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "issue/keychange_inner.h"
#include "keys/pem.h"
#include "keys/ring.h"

enum { STATEMENT_MAX = 1024, LINE_MAX = 8 * 1024, PUBLIC_FILE_MAX = 512, HEX = 2 * ED25519_SEED };

/* The statement of a change, and what was signed of it so far. */
struct change {
	struct home *home;
	struct roster_rules rules;
	struct buf statement;
	struct roster_signature signatures[ROSTER_SIGNATURES_MAX];
	size_t count;
};

/* ---- a key of an officer's own ---- */

/* A file that was not there before; nothing stays of one that could not be written. */
static bool file_create(const char *path, struct str bytes, mode_t mode, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	bool ok;

	if (fd < 0 && errno == EEXIST)
		return err_input(e, "OFFICER-EXISTS",
				 "'%s' is there already; a key is never written over", path);
	if (fd < 0)
		return err_errno(e, "cannot make '%s'", path);
	ok = fchmod(fd, mode) == 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n &&
	     fsync(fd) == 0;
	if (!ok) {
		err_errno(e, "cannot write '%s'", path);
		(void)unlink(path);
	}
	close(fd);
	return ok;
}

static bool public_write(struct arena *a, const char *path, const struct ed25519_public *public,
			 struct err *e)
{
	struct buf hex = buf_empty(HEX + 1);
	struct str name;
	bool ok;

	enc_hex(&hex, public->bytes, sizeof public->bytes);
	buf_byte(&hex, '\n');
	ok = buf_ok(&hex, "a public key", e) && arena_printf(a, &name, e, "%s.pub", path) &&
	     file_create(name.p, buf_view(&hex), 0644, e);
	buf_free(&hex);
	return ok;
}

static void hex_put(unsigned char *out, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = (unsigned char)digits[p[i] >> 4];
		out[2 * i + 1] = (unsigned char)digits[p[i] & 15];
	}
}

bool officers_key_new(struct arena *a, const char *path, const struct env *env,
		      struct ed25519_public *out, struct err *e)
{
	struct ring_seed one = { .role = ROLE_OFFICER };
	struct secret text = { NULL, 0 };
	struct signer *signer = NULL;
	bool ok = ed25519_start(e) && env->random(env->self, one.seed, sizeof one.seed, e) &&
		  ring_of_seeds(&one, 1, &signer, e) &&
		  signer_public(signer, ROLE_OFFICER, 0, out, e) && secret_new(HEX + 1, &text, e);

	if (ok) {
		hex_put(text.p, one.seed, sizeof one.seed);
		text.p[HEX] = '\n';
		ok = file_create(path, secret_view(&text), 0600, e);
	}
	if (ok && !public_write(a, path, out, e)) {
		(void)unlink(path);
		ok = false;
	}
	signer_free(signer);
	secret_free(&text);
	secret_wipe(&one, sizeof one);
	return ok;
}

bool officers_public_read(const char *path, struct ed25519_public *out, struct err *e)
{
	struct buf file = buf_empty(PUBLIC_FILE_MAX);
	unsigned char bytes[ED25519_PUBLIC];
	struct str text;
	bool ok = io_read(path, &file, e);

	text = buf_view(&file);
	while (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (ok && pem_is_public(text))
		ok = pem_public_read(text, out, e);
	else if (ok)
		ok = enc_unhex(text, bytes, sizeof bytes)
			     ? ed25519_public_read(str_bytes(bytes, sizeof bytes), out, e)
			     : err_input(
				       e, "OFFICER-KEY",
				       "is neither 64 hexadecimal digits nor a public key in PEM");
	buf_free(&file);
	return ok || err_in(e, "%s", path);
}

bool officers_named(const struct home *h, struct str digits, const struct roster_officer **out,
		    struct err *e)
{
	unsigned char bytes[ED25519_PUBLIC];
	const struct roster_officer *found = NULL;
	size_t n = digits.n / 2;

	if ((n != KID_SIZE && n != ED25519_PUBLIC) || !enc_unhex(digits, bytes, n))
		return err_usage(e, "an officer is named by 8 or 64 hexadecimal digits");
	for (size_t i = 0; i < h->roster.count; i++) {
		const struct roster_officer *o = &h->roster.officers[i];

		if (o->until != 0 ||
		    memcmp(n == KID_SIZE ? o->kid : o->public.bytes, bytes, n) != 0)
			continue;
		if (found != NULL)
			return err_input(e, "ROSTER-UNKNOWN",
					 "two officers have this kid; use the 64 digits");
		found = o;
	}
	if (found == NULL)
		return err_input(e, "ROSTER-UNKNOWN", "no officer with this key is enrolled");
	*out = found;
	return true;
}

/* ---- a change ---- */

static struct roster_signature *place_next(struct change *c, struct err *e)
{
	if (c->count < ROSTER_SIGNATURES_MAX)
		return &c->signatures[c->count];
	err_input(e, "ROSTER-SIGNATURE", "more than %d keys", ROSTER_SIGNATURES_MAX);
	return NULL;
}

/* Whose key it is, of an officer or a root, the signature is made the same way. */
static bool key_sign(struct change *c, const char *path, struct err *e)
{
	struct roster_signature *s = place_next(c, e);
	struct signer *key = NULL;
	bool ok = s != NULL && officer_key_open(path, &key, &s->public, e);

	for (size_t i = 0; ok && i < c->count; i++)
		if (memcmp(&c->signatures[i].public, &s->public, sizeof s->public) == 0)
			ok = err_input(e, "ROSTER-SIGNATURE", "the same key twice");
	ok = ok && signer_note(key, ROLE_OFFICER, 0, buf_view(&c->statement), s->signature, e);
	c->count += ok;
	signer_free(key);
	return ok || err_in(e, "%s", path);
}

/* Every root that is here, not k of them: when one is replaced later, the others still vouch. */
static bool roots_sign_all(struct change *c, struct signer *roots, struct err *e)
{
	for (unsigned n = 1; n <= c->rules.root_count; n++) {
		struct roster_signature *s = place_next(c, e);

		if (s == NULL)
			return false;
		s->public = c->rules.roots[n - 1];
		if (!signer_select(roots, ROLE_ROOT, n, &s->public, e)) {
			if (e->kind != ERR_INPUT)
				return false;
			continue; /* kept elsewhere */
		}
		if (!signer_note(roots, ROLE_ROOT, n, buf_view(&c->statement), s->signature, e))
			return false;
		c->count++;
	}
	return true;
}

static bool is_root(void *self UNUSED, const struct keyfile *key)
{
	return key->role == ROLE_ROOT;
}

static bool roots_unlock(struct change *c, int passphrase_fd, struct err *e)
{
	const struct ring_filter filter = { NULL, is_root };
	struct home *h = c->home;
	struct secret passphrase = { NULL, 0 };
	struct signer *roots = NULL;
	bool ok = home_passphrase(&h->config, h->dir, passphrase_fd, &passphrase, e) &&
		  keychange_unlock(h, &passphrase, &filter, &roots, e) &&
		  roots_sign_all(c, roots, e);

	signer_free(roots);
	secret_free(&passphrase);
	return ok;
}

static bool sign(struct change *c, const struct officers_order *order, struct err *e)
{
	if (order->key_count == 0)
		return roots_unlock(c, order->passphrase_fd, e);
	for (size_t i = 0; i < order->key_count; i++)
		if (!key_sign(c, order->keys[i], e))
			return false;
	return true;
}

static bool journal_change(struct home *h, const struct env *env,
			   const struct officers_order *order, struct err *e)
{
	unsigned char kid[KID_SIZE];
	struct buf head = buf_empty(2 * SHA256_SIZE), who = buf_empty(2 * KID_SIZE);
	bool ok;

	ed25519_kid(&order->public, kid);
	enc_hex(&head, h->roster.head, sizeof h->roster.head);
	enc_hex(&who, kid, sizeof kid);
	const struct journal_field fields[] = {
		{ "act", str_of(roster_act_name(order->act)), 0 },
		{ "serial", { NULL, 0 }, (int64_t)h->roster.serial },
		{ "sha256", buf_view(&head), 0 },
		{ "kid", buf_view(&who), 0 },
	};
	ok = buf_ok(&head, "a hash", e) && buf_ok(&who, "a kid", e) &&
	     journal_add(h->journal, env_now(env), "officers.changed", fields,
			 COUNT_OF(fields) - (order->act == ROSTER_ENDORSE), e);
	buf_free(&head);
	buf_free(&who);
	return ok;
}

/*
 * The file first: what store and journal know must be in it.  The new roster is read from what was written, as every
 * later command will read it.
 */
static bool install(struct change *c, struct str line, struct err *e)
{
	struct home *h = c->home;
	struct buf all = buf_empty(ROSTER_BYTES_MAX);
	struct roster next;
	struct str before;
	const char *keys;
	bool ok = home_roster_text(h, &before, e) && home_path(h, "keys", &keys, e);

	if (ok) {
		buf_str(&all, before);
		buf_str(&all, line);
		ok = buf_ok(&all, "the officers", e) &&
		     roster_read(h->arena, buf_view(&all), &c->rules, &next, e) &&
		     io_replace(keys, "officers", buf_view(&all), 0600, e);
	}
	if (ok)
		h->roster = next;
	buf_free(&all);
	return ok && home_roster_remember(h, e);
}

bool officers_change(struct home *h, const struct env *env, const struct officers_order *order,
		     struct err *e)
{
	struct change c = { .home = h, .statement = buf_empty(STATEMENT_MAX) };
	const struct roster_change change = {
		.act = order->act, .public = order->public, .name = order->name, .at = env_now(env)
	};
	struct buf line = buf_empty(LINE_MAX);
	bool ok = home_roster_rules(h, &c.rules, e) &&
		  roster_statement(&c.statement, &h->roster, &c.rules, &change, e) &&
		  sign(&c, order, e) &&
		  roster_line(&line, &h->roster, &c.rules, buf_view(&c.statement), c.signatures,
			      c.count, e) &&
		  install(&c, buf_view(&line), e) && journal_change(h, env, order, e);

	buf_free(&line);
	buf_free(&c.statement);
	return ok;
}
