/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_VAULT_H
#define HUFU_KEYS_VAULT_H

#include "keys/process.h"
#include "keys/ring.h"
#include "keys/secret.h"

/*
 * Unlock a home's keys, each kind in a process of its own: the key files, home secret included, in one under the strict
 * profile (sandbox.h); what keys_dir/external.json names (external.h), when it is there, in another under that for
 * devices.  Only keys the filter wants are unlocked.
 */
struct vault_order {
	const char *keys_dir;
	/*
	 * For kek_open, and the PIN of a token without a PIN file.  The children inherit it and wipe their copies; this
	 * process's own is the caller's to wipe.
	 */
	struct secret *passphrase;
	const struct ring_filter *filter; /* NULL: all; called in the children */
	int audit;                        /* audit.h */
	const struct env *env;
	const struct roster
		*officers; /* who may approve letters, of `issuer`; NULL: nobody (process.h) */
	struct str issuer;
};

/* *out is the caller's.  *report (NULL: not wanted) is that of the process with the key files. */
bool vault_open(const struct vault_order *order, struct signer **out, struct sandbox_report *report,
		struct err *e) MUST_CHECK;

#endif
