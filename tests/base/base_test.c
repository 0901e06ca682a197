/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/pool.h"
#include "check.h"

TEST(error_reads_place_pointer_cause)
{
	struct err e;
	char text[400];

	CHECK(!err_input(&e, "NAME-PRIVATE-USE", "U+%04X is private", 0xe863u));
	err_at(&e, "/native");
	err_at(&e, "/name");
	err_in(&e, "records.jsonl:%d", 17);
	EQ_C(err_text(&e, text, sizeof text), "records.jsonl:17: /name/native: U+E863 is private");
	CHECK(!err_input(&e, "X", "a\033[31m%s", "b"));
	EQ_C(e.cause, "a?[31mb");
}

TEST(arena_keeps_its_limit)
{
	struct arena *a = arena_new(100000);
	struct err e;

	CHECK(arena_alloc(a, 50000, &e) != NULL);
	CHECK(arena_alloc(a, 60000, &e) == NULL);
	arena_reset(a);
	CHECK(arena_alloc(a, 60000, &e) != NULL);
	CHECK(arena_array(a, SIZE_MAX / 2, 8, &e) == NULL);
	arena_free(a);
}

TEST(buffer_failure_sticks)
{
	struct buf b = buf_empty(10);
	struct err e;

	buf_c(&b, "12345678901");
	buf_c(&b, "x");
	CHECK(!buf_ok(&b, "a thing", &e));
	EQ_INT(b.n, 0);
	buf_clear(&b);
	buf_c(&b, "1234567890");
	OK(buf_ok(&b, "a thing", &e), e);
	buf_free(&b);
}

TEST(calendar_knows_leap_days_and_month_ends)
{
	struct civil d;
	int64_t s;
	char text[21];

	CHECK(!civil_read(STR("2021-02-29"), &d));
	CHECK(!civil_read(STR("1900-02-29"), &d));
	CHECK(!civil_read(STR("2020-2-29"), &d));
	CHECK(civil_read(STR("2000-02-29"), &d));
	CHECK(civil_read(STR("1970-01-01"), &d));
	EQ_INT(civil_days(d), 0);
	d = civil_add_months((struct civil){ 2026, 11, 30 }, 3);
	EQ_INT(d.day, 28);
	EQ_INT(d.month, 2);
	EQ_INT(d.year, 2027);
	for (int64_t day = -800000; day < 800000; day += 37)
		if (civil_days(civil_of_days(day)) != day)
			EQ_INT(civil_days(civil_of_days(day)), day);
	CHECK(instant_read(STR("2026-11-20T10:00:00+08:00"), &s));
	instant_text(s, text);
	EQ_C(text, "2026-11-20T02:00:00Z");
	EQ_INT(instant_day(s, 480), instant_day(s, 0));
	CHECK(!instant_read(STR("2026-11-20T25:00:00Z"), &s));
	CHECK(!instant_read(STR("2026-11-20T10:00:00"), &s));
	CHECK(instant_read(STR("2026-11-20T10:00:00.5Z"), &s));
}

TEST(hmac_matches_rfc_4231)
{
	struct str parts[] = { STR("what do ya want "), STR("for nothing?") };
	unsigned char out[64], want[64];

	hmac_sha256(STR("Jefe"), parts, 2, out);
	CHECK(enc_unhex(STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
			want, 32));
	EQ_BYTES(out, want, 32);
	hmac_sha512(STR("Jefe"), parts, 2, out);
	CHECK(enc_unhex(
		STR("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
		want, 64));
	EQ_BYTES(out, want, 64);
}

TEST(published_file_is_never_replaced)
{
	char dir[] = "/tmp/hufu-io-XXXXXX";
	struct buf back = buf_empty(100);
	struct err e;

	CHECK(mkdtemp(dir) != NULL);
	OK(io_publish(dir, "f", STR("one"), 0644, &e), e);
	OK(io_publish(dir, "f", STR("one"), 0644, &e), e);
	CHECK(!io_publish(dir, "f", STR("two"), 0644, &e));
	OK(io_replace(dir, "f", STR("two"), 0644, &e), e);
	OK(io_read_in(dir, "f", &back, &e), e);
	EQ_STR(buf_view(&back), STR("two"));
	back.max = 2;
	buf_clear(&back);
	CHECK(!io_read_in(dir, "f", &back, &e));
	EQ_C(e.code, "TOO-LARGE");
	buf_free(&back);
	CHECK(chdir(dir) == 0 && unlink("f") == 0 && rmdir(dir) == 0);
	CHECK(chdir("/") == 0);
}

struct numbers {
	int next, last, expected, stop_at;
};

static bool number_feed(void *ctx, void *job, bool *end, struct err *e UNUSED)
{
	struct numbers *n = ctx;

	*end = n->next == n->last;
	if (!*end)
		*(int *)job = n->next++;
	return true;
}

static bool number_work(void *ctx, int worker UNUSED, void *job, struct err *e)
{
	const struct numbers *n = ctx;
	int *v = job;

	if (*v == n->stop_at)
		return err_system(e, "stopped at %d", *v);
	*v = *v * 2;
	return true;
}

static bool number_collect(void *ctx, void *job, struct err *e UNUSED)
{
	struct numbers *n = ctx;

	EQ_INT(*(int *)job, n->expected);
	n->expected += 2;
	return true;
}

TEST(pool_collects_in_feeding_order)
{
	for (int workers = 1; workers <= 8; workers++) {
		struct numbers n = { .last = 1000, .stop_at = -1 };
		struct pool_plan plan = { &n,          sizeof(int),    workers, number_feed,
					  number_work, number_collect, NULL };
		struct err e;

		OK(pool_run(&plan, &e), e);
		EQ_INT(n.expected, 2000);
	}
}

TEST(pool_stops_at_the_first_failure)
{
	struct numbers n = { .last = 1000, .stop_at = 500 };
	struct pool_plan plan = {
		&n, sizeof(int), 4, number_feed, number_work, number_collect, NULL
	};
	struct err e;

	CHECK(!pool_run(&plan, &e));
	EQ_C(e.cause, "stopped at 500");
}
