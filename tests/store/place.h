/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_STORE_PLACE_H
#define HUFU_TESTS_STORE_PLACE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "store/store.h"

/* A folder of the test's own, with a new store in it. */
struct place {
	char dir[32], store[64], journal[64];
	struct arena *arena;
};

static inline void place_make(struct place *p)
{
	static const unsigned char seed[SALT_SIZE] = { 7 };
	struct err e;

	memcpy(p->dir, "/tmp/hufu-store-XXXXXX", sizeof "/tmp/hufu-store-XXXXXX");
	CHECK(mkdtemp(p->dir) != NULL);
	snprintf(p->store, sizeof p->store, "%s/store.db", p->dir);
	snprintf(p->journal, sizeof p->journal, "%s/journal", p->dir);
	p->arena = arena_new(64 << 20);
	OK(store_create(p->store, seed, &e), e);
}

static inline void place_remove(struct place *p)
{
	char command[100];

	arena_free(p->arena);
	unlink(p->store);
	unlink(p->journal);
	snprintf(command, sizeof command, "%s/store.db-journal", p->dir);
	unlink(command);
	CHECK(rmdir(p->dir) == 0);
}

static inline struct store_document place_document(const char *member, unsigned char id,
						   int64_t sequence)
{
	struct store_document d = { .member_id = str_of(member),
				    .form = STR("practising-certificate"),
				    .family = STR("certificate"),
				    .lang = STR("zh"),
				    .type = 1,
				    .issue_no = 1,
				    .batch = 1,
				    .sequence = sequence,
				    .facts = STR("{}"),
				    .status = STATUS_VALID };

	d.docid[0] = id;
	return d;
}

static inline bool place_member(struct store *s, const char *id, struct err *e)
{
	struct store_member m = {
		.member_id = str_of(id), .member_no = STR("N1"), .record = STR("{}"), .rev = 1
	};

	return store_member_put(s, &m, e);
}

#endif
