/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_KEYCHANGE_INNER_H
#define HUFU_ISSUE_KEYCHANGE_INNER_H

#include "issue/keychange.h"
#include "keys/kek.h"
#include "keys/ring.h"

struct keychange {
	struct home *home;
	const struct env *env;
	struct secret passphrase;
	struct kek *kek;
	const char *keys;     /* HOME/keys */
	struct keylist list;  /* the next one; its keys have room for KEYLIST_KEYS_MAX */
	bool listed;          /* it differs, or renews */
	struct policy policy; /* the next one */
	bool policy_changed;
	bool witnesses_awaited; /* by a signed edition */
	uint64_t size;          /* of the log */
	unsigned char root[SHA256_SIZE];
};

/* Keys of the home in the signer process; HOME/signer.log has a line for each of their signatures. */
bool keychange_unlock(struct home *h, struct secret *passphrase, const struct ring_filter *filter,
		      struct signer **out, struct err *e) MUST_CHECK;

/* Complete a change of the policy that was cut off between its files, and publish what should be there. */
bool keychange_finish(struct home *h, struct err *e) MUST_CHECK;

/* Is a change waiting for roots? */
bool keychange_waits(struct home *h, bool *waits, struct err *e) MUST_CHECK;

#endif
