/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/block.h"

#include <stdlib.h>

#include "proof/order.h"

struct block {
	struct home *home;
	struct sql_rows *rows;
	int64_t next, end; /* idx */
	struct store_place row;
	bool held, over; /* a row is waiting for its position; there are no more */
};

bool block_open(struct home *h, const struct store_batch *batch, struct block **out, struct err *e)
{
	struct block *b = calloc(1, sizeof *b);

	if (b == NULL)
		return err_memory(e, "a document block");
	*b = (struct block){ .home = h,
			     .next = batch->first_idx,
			     .end = batch->first_idx + batch->slots };
	if (!store_block(h->store, batch->id, &b->rows, e)) {
		free(b);
		return false;
	}
	*out = b;
	return true;
}

void block_close(struct block *b)
{
	if (b == NULL)
		return;
	sql_done(b->rows);
	free(b);
}

static bool row_hold(struct block *b, struct err *e)
{
	if (b->held || b->over)
		return true;
	if (!store_block_row(b->rows, &b->row, &b->over, e))
		return false;
	b->held = !b->over;
	if (b->over)
		return true;
	if (b->row.state == DOCUMENT_PLANNED || b->row.idx < b->next || b->row.idx >= b->end)
		return err_system(e, "the store has a document of a block that is not finished");
	return true;
}

static bool padding(const struct block *b, struct leaf *out, struct err *e)
{
	unsigned char bytes[ORDER_PADDING];

	if (!order_padding(b->home->signer, (uint64_t)b->next, bytes, e))
		return false;
	memcpy(out->c_token, bytes, SHA256_SIZE);
	memcpy(out->c_pdf, bytes + SHA256_SIZE, SHA256_SIZE);
	return true;
}

bool block_next(struct block *b, struct leaf *out, bool *end, struct err *e)
{
	bool here;

	*end = b->next == b->end;
	if (!row_hold(b, e))
		return false;
	if (*end)
		return !b->held || err_system(e, "the store has documents behind their block");
	here = b->held && b->row.idx == b->next;
	if (here && b->row.state == DOCUMENT_MADE) {
		memcpy(out->c_token, b->row.c_token, SHA256_SIZE);
		memcpy(out->c_pdf, b->row.c_pdf, SHA256_SIZE);
	} else if (!padding(b, out, e)) {
		return false;
	}
	b->held = b->held && !here;
	b->next++;
	return true;
}
