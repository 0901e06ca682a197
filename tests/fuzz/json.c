/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer: any bytes as a JSON text.  The canonical form of what json_read accepts reads back to itself; what
 * member_read accepts has a canonical record that reads back to the same hash.
 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "record/member.h"
#include "json/canon.h"

enum { ROOM = 64 * 1024 * 1024, CANON_MAX = 4 * 1024 * 1024 };

static void demand(bool ok)
{
	if (!ok)
		abort();
}

static void canon_twice(struct arena *a, const struct json *value)
{
	struct buf first = buf_empty(CANON_MAX), second = buf_empty(CANON_MAX);
	const struct json *again;
	struct err e = { 0 };

	if (canon_decimals(&first, value, &e)) {
		demand(json_read(a, buf_view(&first), &json_config, &again, &e));
		demand(canon_decimals(&second, again, &e));
		demand(str_eq(buf_view(&first), buf_view(&second)));
	} else {
		demand(e.kind == ERR_INPUT);
	}
	buf_free(&first);
	buf_free(&second);
}

static void member_twice(struct arena *a, const struct json *record)
{
	static const struct member_rules rules = { 0 };
	struct faults faults = { 0 };
	const struct member *m, *n;
	struct err e = { 0 };

	if (!member_read(a, record, &rules, &m, &faults, &e)) {
		demand(e.kind == ERR_INPUT && faults.count > 0);
		return;
	}
	demand(faults.count == 0 && m->name != NULL && m->admission != NULL);
	demand(json_read(a, m->canonical, &json_config, &record, &e));
	demand(member_read(a, record, &rules, &n, &faults, &e));
	demand(bytes_equal(m->hash, n->hash, sizeof m->hash));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(ROOM);
	const struct json *value;
	struct err e = { 0 };

	if (json_read(a, str_bytes(data, size), &json_record, &value, &e)) {
		canon_twice(a, value);
		member_twice(a, value);
	} else {
		demand(e.kind == ERR_INPUT && e.code[0] != '\0' && e.cause[0] != '\0');
	}
	arena_free(a);
	return 0;
}
