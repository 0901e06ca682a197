/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/mux.h"

#include <stdlib.h>

enum { ROLES = ROLE_HOME + 1, NUMBERS = 256 };

struct mux {
	struct signer *signers[MUX_MAX];
	size_t count;
	unsigned char selected[ROLES][NUMBERS]; /* 1 + which; 0: the first that has a key */
};

static struct signer *owner(const struct mux *m, enum key_role role, unsigned number)
{
	struct ed25519_public key;
	struct err none;

	if (role == ROLE_HOME || number >= NUMBERS)
		return m->signers[m->count - 1];
	if (m->selected[role][number] > 0)
		return m->signers[m->selected[role][number] - 1];
	for (size_t i = 0; i + 1 < m->count; i++)
		if (signer_public(m->signers[i], role, number, &key, &none))
			return m->signers[i];
	return m->signers[m->count - 1];
}

static bool mux_public(void *self, enum key_role role, unsigned number, struct ed25519_public *out)
{
	struct err none;

	return signer_public(owner(self, role, number), role, number, out, &none);
}

static bool mux_select(void *self, enum key_role role, unsigned number,
		       const struct ed25519_public *public)
{
	struct mux *m = self;
	struct err none;

	for (size_t i = 0; i < m->count && number < NUMBERS; i++)
		if (signer_select(m->signers[i], role, number, public, &none)) {
			m->selected[role][number] = (unsigned char)(i + 1);
			return true;
		}
	return false;
}

/* Neighbours of one owner go together. */
static bool mux_run(void *self, struct signer_job *jobs, size_t count, struct err *e)
{
	for (size_t i = 0, n; i < count; i += n) {
		const struct signer *one = owner(self, jobs[i].role, jobs[i].number);

		for (n = 1; i + n < count; n++)
			if (owner(self, jobs[i + n].role, jobs[i + n].number) != one)
				break;
		if (!signer_run(one, jobs + i, n, e))
			return false;
	}
	return true;
}

static void mux_free(void *self)
{
	struct mux *m = self;

	for (size_t i = 0; i < m->count; i++)
		signer_free(m->signers[i]);
	free(m);
}

bool mux_of(struct signer *const *signers, size_t count, struct signer **out, struct err *e)
{
	struct mux *m = calloc(1, sizeof *m);
	const struct signer_backend backend = {
		.self = m,
		.public = mux_public,
		.select = mux_select,
		.run = mux_run,
		.free = mux_free,
	};

	if (m == NULL || count == 0 || count > MUX_MAX) {
		for (size_t i = 0; i < count; i++)
			signer_free(signers[i]);
		free(m);
		return m == NULL ? err_memory(e, "a signer")
				 : err_system(e, "%zu signers as one", count);
	}
	memcpy(m->signers, signers, count * sizeof *signers);
	m->count = count;
	return signer_new(&backend, out, e);
}
