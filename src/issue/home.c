/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* flock */
#include "issue/home.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/io.h"
#include "keys/passphrase.h"
#include "keys/vault.h"

enum { CONFIG_MAX = 64 * 1024 };

static const char OFFICERS[] = "keys/officers";

bool home_path(struct home *h, const char *name, const char **out, struct err *e)
{
	return io_path(h->arena, h->dir, name, out, e);
}

size_t home_witnesses(const struct home *h, struct note_key *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->policy.witness_count; i++)
		out[n++] = h->policy.witnesses[i];
	for (size_t i = 0; i < h->keylist.witness_count; i++)
		out[n++] = h->keylist.witnesses[i];
	return n;
}

bool home_broken(const struct home *h, const char *file, struct err *e)
{
	e->kind = ERR_SYSTEM;
	return err_in(e, "%s/%s", h->dir, file);
}

/* A file of the home into its arena; the name stands in the error's place. */
static bool home_read(struct home *h, const char *name, size_t max, struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(max);
	bool ok = io_read_in(h->dir, name, &bytes, e) &&
		  arena_str(h->arena, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

static bool home_describe(struct home *h, struct err *e)
{
	struct str text;

	if (!home_read(h, "hufu.json", CONFIG_MAX, &text, e))
		return false;
	if (!config_read(h->arena, text, &h->config, e))
		return home_broken(h, "hufu.json", e);
	if (!home_read(h, "policy.json", POLICY_BYTES_MAX, &text, e))
		return false;
	if (!policy_read(h->arena, text, &h->policy, e))
		return home_broken(h, "policy.json", e);
	if (!str_eq(h->policy.issuer, h->config.issuer) ||
	    !str_eq(h->policy.name_zh, h->config.name_zh) ||
	    !str_eq(h->policy.name_en, h->config.name_en) ||
	    !str_eq(h->policy.site, h->config.base)) {
		err_system(e, "names another issuer or site than hufu.json");
		return home_broken(h, "policy.json", e);
	}
	if (!home_read(h, "site/keys.note", NOTE_MAX, &text, e))
		return false;
	if (!keylist_read(h->arena, text, &h->policy, &h->keylist, e))
		return home_broken(h, "site/keys.note", e);
	return true;
}

bool home_roster_rules(struct home *h, struct roster_rules *out, struct err *e)
{
	struct ed25519_public *roots =
		arena_array(h->arena, h->policy.root_count + 1, sizeof *roots, e);

	if (roots == NULL)
		return false;
	for (size_t i = 0; i < h->policy.root_count; i++)
		roots[i] = h->policy.roots[i].public;
	*out = (struct roster_rules){ .issuer = h->policy.issuer,
				      .roots = roots,
				      .root_count = h->policy.root_count,
				      .k = h->policy.k };
	return true;
}

bool home_roster_text(struct home *h, struct str *out, struct err *e)
{
	const char *path;

	*out = (struct str){ NULL, 0 };
	return home_path(h, OFFICERS, &path, e) &&
	       (!io_exists(path) || home_read(h, OFFICERS, ROSTER_BYTES_MAX, out, e));
}

bool home_roster_remember(struct home *h, struct err *e)
{
	struct str serial;

	return arena_printf(h->arena, &serial, e, "%llu", (unsigned long long)h->roster.serial) &&
	       store_note_put(h->store, STR("officers"), serial, e);
}

/* Ends the file where it should?  A change taken off its end breaks no chain. */
static bool roster_whole(struct home *h, struct err *e)
{
	unsigned long long known = 0;
	struct str serial;
	bool found;

	if (!store_note_lookup(h->store, h->arena, STR("officers"), &serial, &found, e))
		return false;
	if (found && !str_u64(serial, ROSTER_CHANGES_MAX, &known))
		return err_system(e, "the store's note of officers is none");
	return known <= h->roster.serial ||
	       err_input(e, "ROSTER-CHAIN", "ends at change %llu, and there were %llu",
			 (unsigned long long)h->roster.serial, known);
}

static bool home_roster(struct home *h, struct err *e)
{
	struct roster_rules rules;
	struct str text;

	return home_roster_rules(h, &rules, e) &&
	       ((home_roster_text(h, &text, e) &&
		 roster_read(h->arena, text, &rules, &h->roster, e) &&
		 (h->store == NULL || roster_whole(h, e))) ||
		home_broken(h, OFFICERS, e));
}

/* One writer a home: the lock goes with the process, however it ends. */
static bool home_lock(struct home *h, struct err *e)
{
	const char *path;

	if (!home_path(h, "lock", &path, e))
		return false;
	h->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (h->lock < 0)
		return err_errno(e, "cannot open '%s'", path);
	if (flock(h->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno == EWOULDBLOCK)
		return err_system(e, "another hufu is at work in '%s'", h->dir);
	return err_errno(e, "cannot lock '%s'", path);
}

static bool home_ledger(struct home *h, struct err *e)
{
	const char *store, *journal;

	return home_lock(h, e) && home_path(h, "store.db", &store, e) &&
	       home_path(h, "journal", &journal, e) && store_open(store, &h->store, e) &&
	       journal_open(journal, &h->journal, e);
}

bool home_open(struct arena *a, const char *dir, enum home_use use, struct home **out,
	       struct err *e)
{
	struct home *h = arena_alloc(a, sizeof *h, e);

	if (h == NULL)
		return false;
	h->arena = a;
	h->dir = dir;
	h->lock = -1;
	if (!io_is_dir(dir))
		return err_system(e, "'%s' is no folder; make a home with: hufu init %s", dir, dir);
	/* Officers behind the lock: whoever writes sees the newest. */
	if (!ed25519_start(e) || !home_describe(h, e) ||
	    (use == HOME_WRITE && !home_ledger(h, e)) || !home_roster(h, e)) {
		home_close(h);
		return false;
	}
	*out = h;
	return true;
}

void home_close(struct home *h)
{
	if (h == NULL)
		return;
	signer_free(h->signer);
	journal_close(h->journal);
	store_close(h->store);
	if (h->lock >= 0)
		close(h->lock);
	*h = (struct home){ .lock = -1 };
}

bool home_passphrase(const struct config *config, const char *dir, int passphrase_fd,
		     struct secret *out, struct err *e)
{
	struct buf path = buf_empty(4096);
	bool ok;

	if (passphrase_fd >= 0)
		return passphrase_of_fd(passphrase_fd, "Passphrase: ", out, e);
	if (config->passphrase_file.n == 0)
		return passphrase_of_terminal("Passphrase: ", out, e);
	buf_printf(&path, "%s/%.*s", dir, STR_ARG(config->passphrase_file));
	buf_byte(&path, '\0');
	ok = buf_ok(&path, "the passphrase file's path", e) && passphrase_of_file(path.p, out, e);
	buf_free(&path);
	return ok;
}

/* Keys the list calls active, and the home secret; roots stay locked. */
static bool key_wanted(void *self, const struct keyfile *key)
{
	const struct home *h = self;

	if (key->role == ROLE_HOME)
		return true;
	for (size_t i = 0; i < h->keylist.count; i++) {
		const struct keylist_key *listed = &h->keylist.keys[i];

		if (listed->role == key->role && listed->state == KEY_ACTIVE &&
		    memcmp(&listed->public, &key->public, sizeof key->public) == 0)
			return true;
	}
	return false;
}

/* The signer process writes it, before each signature leaves. */
static int audit_open(struct home *h, struct err *e)
{
	const char *path;
	int fd;

	if (!home_path(h, "signer.log", &path, e))
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		err_errno(e, "cannot open '%s'", path);
	return fd;
}

bool home_unlock(struct home *h, int passphrase_fd, struct err *e)
{
	const struct ring_filter filter = { h, key_wanted };
	struct secret passphrase = { NULL, 0 };
	struct vault_order order = { .passphrase = &passphrase,
				     .filter = &filter,
				     .audit = audit_open(h, e),
				     .env = &env_system,
				     .officers = &h->roster,
				     .issuer = h->config.issuer };
	bool ok = order.audit >= 0 && home_path(h, "keys", &order.keys_dir, e) &&
		  home_passphrase(&h->config, h->dir, passphrase_fd, &passphrase, e) &&
		  vault_open(&order, &h->signer, NULL, e);

	secret_free(&passphrase);
	if (order.audit >= 0)
		close(order.audit);
	return ok;
}
