/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_HOME_H
#define HUFU_ISSUE_HOME_H

#include "base/env.h"
#include "issue/config.h"
#include "keys/roster.h"
#include "keys/secret.h"
#include "keys/signer.h"
#include "proof/keylist.h"
#include "store/journal.h"
#include "store/store.h"

/*
 * An issuing home, open (product.md: hufu.json, associations.json, policy.json, templates/, keys/, store.db, documents/,
 * log/, site/, journal).  Everything in the struct lives till home_close.
 */
struct home {
	struct arena *arena;
	const char *dir;
	struct config config;
	struct policy policy;
	struct keylist keylist;
	struct roster roster;    /* who approves letters; of HOME/keys/officers */
	struct store *store;     /* NULL for HOME_READ */
	struct journal *journal; /* NULL for HOME_READ */
	struct signer *signer;   /* NULL until home_unlock */
	int lock;                /* -1 for HOME_READ */
};

enum home_use {
	HOME_READ, /* configuration, policy and key list only */
	HOME_WRITE /* the store too; a second writer is refused */
};

/*
 * Open a home that `hufu init` made.  Checks that policy.json, site/keys.note and keys/officers are this issuer's; the
 * officers are judged by the policy's roots.
 */
bool home_open(struct arena *a, const char *dir, enum home_use use, struct home **out,
	       struct err *e) MUST_CHECK;
void home_close(struct home *h); /* accepts NULL */

/*
 * Unlock the keys the key list calls active, and the home secret, in a process of their own (keys/vault.h): this one
 * never sees them, so unlock before making threads.  Letters are signed there on the approval of the home's officers only
 * (keys/guard.h).  Each signature leaves a line in HOME/signer.log (keys/audit.h).
 * The passphrase comes from a descriptor (≥ 0), else from the file hufu.json names, else from the terminal.
 */
bool home_unlock(struct home *h, int passphrase_fd, struct err *e) MUST_CHECK;

/* The passphrase of a home as home_unlock finds it; owned by the caller. */
bool home_passphrase(const struct config *config, const char *dir, int passphrase_fd,
		     struct secret *out, struct err *e) MUST_CHECK;

/*
 * A fault in the home's own files is trouble of the system (exit 3), not an answer about somebody's record: turn *e into
 * that, with the file as its place.  Returns false.
 */
bool home_broken(const struct home *h, const char *file, struct err *e);

/* Witnesses the policy pins and those the key list adds; `out` has room for all that both can hold.  Returns how many. */
size_t home_witnesses(const struct home *h, struct note_key *out);

/*
 * By whom changes of officers are judged, in the home's arena; keys/officers as it is now, empty when absent; and that the
 * store remembers which change is the newest, so that a file that ends before it opens no home for writing.
 */
bool home_roster_rules(struct home *h, struct roster_rules *out, struct err *e) MUST_CHECK;
bool home_roster_text(struct home *h, struct str *out, struct err *e) MUST_CHECK;
bool home_roster_remember(struct home *h, struct err *e) MUST_CHECK;

/* "HOME/name" in the home's arena. */
bool home_path(struct home *h, const char *name, const char **out, struct err *e) MUST_CHECK;

#endif
