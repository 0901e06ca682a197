/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/intent.h"

#include <stdlib.h>

#include "base/civil.h"
#include "proof/docid.h"
#include "proof/order.h"

enum {
	BLOCK_STEP = 8, /* document blocks are filled to a multiple: proof.md §3 */
	ROW_ARENA = 1024 * 1024
};

bool intent_begin(struct home *h, const unsigned char fonts[HASH_SIZE], int64_t as_of,
		  struct intent *out, struct err *e)
{
	*out = (struct intent){ .home = h, .store = h->store, .fonts = fonts, .as_of = as_of };
	return store_batch_next(out->store, &out->batch, &out->first_idx, e);
}

bool intent_allowed(const struct home *h, int64_t as_of, struct err *e)
{
	int zone = h->config.utc_offset_min;
	char text[11];

	for (size_t i = 0; i < h->keylist.count; i++) {
		const struct keylist_key *key = &h->keylist.keys[i];
		int64_t first = instant_day(key->not_before, zone);

		if (key->role != ROLE_ISSUING || key->state != KEY_ACTIVE ||
		    instant_day(as_of, zone) >= first)
			continue;
		civil_text(civil_of_days(first), text);
		return err_usage(
			e, "--as-of lies before %s, the first day of this home's issuing keys",
			text);
	}
	return true;
}

static bool batch_row(struct intent *i, struct err *e)
{
	struct store_batch batch = {
		.id = i->batch, .state = BATCH_PLANNED, .as_of = i->as_of, .first_idx = i->first_idx
	};

	memcpy(batch.fonts, i->fonts, HASH_SIZE);
	return store_batch_add(i->store, &batch, e);
}

bool intent_add(struct intent *i, const struct intent_document *d, unsigned char docid[DOCID_SIZE],
		struct err *e)
{
	const struct form_info *form = d->form;
	struct store_document row = { .member_id = d->member_id,
				      .form = form->id,
				      .family = form->family,
				      .lang = form->language,
				      .type = form->token_type,
				      .batch = i->batch,
				      .sequence = i->documents,
				      .facts = d->facts,
				      .fell_back = d->fell_back };
	struct store_form used = { .form = form->id,
				   .lang = form->language,
				   .type = form->token_type,
				   .version = form->version };
	struct docid_basis basis = { .type = form->token_type, .lang = form->language };

	memcpy(used.hash, form->hash, HASH_SIZE);
	memcpy(row.content, d->content, HASH_SIZE);
	memcpy(basis.content, d->content, HASH_SIZE);
	memcpy(basis.member_salt, d->salt, SALT_SIZE);
	if (!store_issue_no(i->store, row.member_id, row.form, row.lang, &row.issue_no, e))
		return false;
	basis.issue = (uint64_t)row.issue_no;
	if (!docid_make(i->home->signer, &basis, DOCID_SIZE, row.docid, e) ||
	    (i->documents == 0 && !batch_row(i, e)))
		return false;
	memcpy(docid, row.docid, DOCID_SIZE);
	i->documents++;
	return store_document_add(i->store, &row, e) &&
	       store_form_add(i->store, i->batch, &used, e);
}

static bool places_put(struct intent *i, const uint32_t *slot, struct err *e)
{
	struct arena *a = arena_new(ROW_ARENA);
	struct store_document d;
	int64_t sequence = -1;
	bool found = true, ok = a != NULL || err_memory(e, "a batch's order");

	while (ok && found) {
		arena_reset(a);
		ok = store_document_next(i->store, a, i->batch, sequence, &d, &found, e);
		if (!ok || !found)
			break;
		sequence = d.sequence;
		ok = store_document_place(i->store, d.docid, i->first_idx + slot[sequence], e);
	}
	arena_free(a);
	return ok;
}

bool intent_end(struct intent *i, struct err *e)
{
	int64_t slots = (i->documents + BLOCK_STEP - 1) / BLOCK_STEP * BLOCK_STEP;
	uint32_t *slot;
	bool ok;

	if (i->documents == 0)
		return true;
	slot = calloc((size_t)slots, sizeof *slot);
	if (slot == NULL)
		return err_memory(e, "a batch's order");
	ok = order_permutation(i->home->signer, (uint64_t)i->batch, (uint32_t)slots, slot, e) &&
	     places_put(i, slot, e) && store_batch_size(i->store, i->batch, slots, e);
	free(slot);
	return ok;
}
