/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/secret.h"

#include <sodium.h>

bool secret_new(size_t n, struct secret *out, struct err *e)
{
	*out = (struct secret){ 0 };
	out->p = sodium_malloc(n);
	if (out->p == NULL)
		return err_memory(e, "a secret");
	memset(out->p, 0, n);
	out->n = n;
	return true;
}

void secret_free(struct secret *s)
{
	sodium_free(s->p);
	*s = (struct secret){ 0 };
}

void secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

bool secret_lockable(void)
{
	unsigned char probe[64];
	bool ok = sodium_mlock(probe, sizeof probe) == 0;

	if (ok)
		sodium_munlock(probe, sizeof probe);
	return ok;
}
