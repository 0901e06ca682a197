/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/filehash.h"

static void prefixes_hash(struct sha256 *running, struct sha256 *copy, struct str file,
			  const size_t *lengths, size_t count, struct filehash *out)
{
	size_t at = 0;

	sha256_begin(running);
	out->count = 0;
	for (size_t i = 0; i < count && out->count < FILEHASH_PREFIXES_MAX; i++) {
		if (lengths[i] <= at || lengths[i] >= file.n)
			continue;
		sha256_add(running, file.p + at, lengths[i] - at);
		at = lengths[i];
		sha256_copy(copy, running);
		out->lengths[out->count] = at;
		sha256_end(copy, out->prefixes[out->count++]);
	}
	if (file.n > at)
		sha256_add(running, file.p + at, file.n - at);
	sha256_end(running, out->whole);
}

bool filehash_of(struct str file, const size_t *lengths, size_t count, struct filehash *out,
		 struct err *e)
{
	struct sha256 *running = sha256_new(), *copy = sha256_new();
	bool ok = running != NULL && copy != NULL;

	if (ok)
		prefixes_hash(running, copy, file, lengths, count, out);
	else
		err_memory(e, "the hash of a file");
	sha256_free(running);
	sha256_free(copy);
	return ok;
}
