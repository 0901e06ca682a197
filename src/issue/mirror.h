/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_MIRROR_H
#define HUFU_ISSUE_MIRROR_H

#include "base/arena.h"

/*
 * Bring the folder `to` up to what a finished HOME/site holds: first all that is written once (tiles, bundles, manifests,
 * status history), then key list, policy, checkpoint and the one that waits for witnesses, then the status shards and
 * lookup buckets that build on it, then the verifier page; each file whole or not there, each stage durable before the next.  A file that is the
 * same size and age is taken for the same.  One that is written once and is there with other bytes stops it.  Only lookup
 * buckets, partial tiles and a waiting checkpoint that are gone are taken away.
 * *files: how many were written.
 */
bool mirror_site(const char *from, const char *to, size_t *files, struct err *e) MUST_CHECK;

#endif
