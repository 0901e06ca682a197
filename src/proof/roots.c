/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/roots.h"

_Static_assert(POLICY_ROOTS_MAX <= 32, "note_verify answers in 32 bits");

bool roots_count(const struct note *note, const struct policy *policy, unsigned *signatures,
		 struct err *e)
{
	uint32_t who;
	unsigned n = 0;

	if (!note_verify(note, policy->roots, policy->root_count, &who, e))
		return false;
	for (; who != 0; who &= who - 1)
		n++;
	*signatures = n;
	return true;
}

/* Did this root sign already?  Lines here are our own. */
static bool has_line(const struct buf *lines, const struct note_key *root)
{
	struct buf start = buf_empty(NOTE_NAME_MAX + 16);
	unsigned char none[ED25519_SIGNATURE] = { 0 };
	bool there;

	/* 4 bytes of the hash are 5 whole base64 digits and a bit: dash, blank, name, blank, 5 digits tell whose it is. */
	note_line(&start, root, none);
	there = !start.failed &&
		str_find(buf_view(lines), (struct str){ start.p, 4 + root->name.n + 1 + 5 }, 0) !=
			SIZE_MAX;
	buf_free(&start);
	return there;
}

bool roots_take(struct buf *lines, const struct note *note, const struct policy *policy,
		struct err *e)
{
	for (size_t n = 0; n < policy->root_count; n++) {
		const struct note_key *root = &policy->roots[n];
		uint32_t who;

		if (!note_verify(note, root, 1, &who, e))
			return false;
		for (size_t i = 0; who != 0 && i < note->count; i++) {
			const struct note_signature *s = &note->signatures[i];

			if (note_names(s, root) && !has_line(lines, root))
				note_line(lines, root, (const unsigned char *)s->bytes.p);
		}
	}
	return buf_ok(lines, "signatures", e);
}

bool roots_sign(struct buf *lines, struct str body, const struct policy *policy,
		struct signer *signer, unsigned *signatures, struct err *e)
{
	unsigned made = 0;

	for (unsigned n = 1; n <= policy->root_count; n++)
		made += has_line(lines, &policy->roots[n - 1]);
	for (unsigned n = 1; n <= policy->root_count && made < policy->k; n++) {
		const struct note_key *root = &policy->roots[n - 1];
		unsigned char signature[ED25519_SIGNATURE];

		if (has_line(lines, root))
			continue;
		if (!signer_select(signer, ROLE_ROOT, n, &root->public, e)) {
			if (e->kind != ERR_INPUT)
				return false;
			continue; /* that root's holder signs elsewhere */
		}
		if (!signer_note(signer, ROLE_ROOT, n, body, signature, e))
			return false;
		note_line(lines, root, signature);
		made++;
	}
	*signatures = made;
	return buf_ok(lines, "signatures", e);
}
