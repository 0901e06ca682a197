/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/vault.h"

#include <sys/mman.h>

#include "base/arena.h"
#include "keys/external.h"
#include "keys/kek.h"
#include "keys/mux.h"

enum { LIST_WORK = 1024 * 1024 };

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

/* In the child of the devices. */
struct devices {
	const struct vault_order *order;
	const struct device *list;
	size_t count;
};

static bool devices_open(void *self, struct signer **out, struct err *e)
{
	const struct devices *d = self;
	const struct vault_order *o = d->order;
	bool ok;

	(void)mlock(o->passphrase->p, o->passphrase->n);
	ok = external_open(d->list, d->count, o->filter, secret_view(o->passphrase), out, e);
	secret_wipe(o->passphrase->p, o->passphrase->n);
	return ok;
}

static bool process_of(const struct vault_order *order, struct devices *devices,
		       struct signer **out, struct sandbox_report *report, struct err *e)
{
	struct vault_order copy = *order;
	const struct process_plan plan = {
		.self = devices != NULL ? (void *)devices : (void *)&copy,
		.open = devices != NULL ? devices_open : files_open,
		.profile = devices != NULL ? SANDBOX_DEVICE : SANDBOX_STRICT,
		.audit = order->audit,
		.env = order->env,
		.officers = order->officers,
		.issuer = order->issuer,
	};

	return process_start(&plan, out, report, e);
}

/* Does the filter want any of them?  Else there is no process for them. */
static bool is_wanted(const struct vault_order *o, const struct devices *d)
{
	struct keyfile key;

	for (size_t i = 0; i < d->count; i++) {
		external_key(&d->list[i], &key);
		if (o->filter == NULL || o->filter->wanted(o->filter->self, &key))
			return true;
	}
	return false;
}

bool vault_open(const struct vault_order *order, struct signer **out, struct sandbox_report *report,
		struct err *e)
{
	struct arena *a = arena_new(LIST_WORK);
	struct devices devices = { .order = order };
	struct signer *both[2] = { NULL, NULL };
	struct device *list;
	bool ok = false;

	if (a == NULL)
		return err_memory(e, "the list of devices");
	if (!external_list(a, order->keys_dir, &list, &devices.count, e))
		goto out;
	devices.list = list;
	/* The process of the devices first: it is then no heir to the other's socket. */
	if (is_wanted(order, &devices) && !process_of(order, &devices, &both[0], NULL, e))
		goto out;
	if (!process_of(order, NULL, &both[1], report, e)) {
		signer_free(both[0]);
		goto out;
	}
	ok = both[0] != NULL ? mux_of(both, 2, out, e) : true;
	if (both[0] == NULL)
		*out = both[1];
out:
	arena_free(a);
	return ok;
}
