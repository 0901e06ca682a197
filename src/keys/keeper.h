/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_KEEPER_H
#define HUFU_KEYS_KEEPER_H

#include "base/buf.h"
#include "keys/process.h"

/*
 * The life of a signer process (process.h), on the far side of the socket: shed what the parent had, unlock, lock itself
 * in, say ready or why not, and then answer requests (wire.h) until the socket ends.  Each job is shaped and checked
 * here, by a signer of this process, letters under its guard (guard.h).  Bytes that are no message end it without an answer.  Never returns.
 */
void keeper_live(const struct process_plan *plan, int socket);

/*
 * Answer one request: `count` jobs in `bytes`, which are hostile, into *answer; false (*e) when they are no request, and
 * then the process must end.  A job that is refused is an answer.
 */
bool keeper_answer(const struct signer *signer, struct str bytes, unsigned count,
		   struct buf *answer, struct err *e) MUST_CHECK;

#endif
