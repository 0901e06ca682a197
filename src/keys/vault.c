/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/vault.h"

#include <sys/mman.h>

#include "keys/kek.h"

/* In the child.  A lock on memory is not inherited, so the passphrase is locked again for the second it is needed. */
static bool files_open(void *self, struct signer **out, struct err *e)
{
	const struct vault_order *o = self;
	struct kek *kek = NULL;
	bool ok;

	(void)mlock(o->passphrase->p, o->passphrase->n);
	ok = kek_open(o->keys_dir, secret_view(o->passphrase), &kek, e);
	secret_wipe(o->passphrase->p, o->passphrase->n);
	ok = ok && ring_open(o->keys_dir, kek, o->filter, out, e);
	kek_free(kek);
	return ok;
}

bool vault_open(const struct vault_order *order, struct signer **out, struct sandbox_report *report,
		struct err *e)
{
	struct vault_order copy = *order;
	const struct process_plan plan = {
		.self = &copy,
		.open = files_open,
		.profile = SANDBOX_STRICT,
		.audit = order->audit,
		.env = order->env,
	};

	return process_start(&plan, out, report, e);
}
