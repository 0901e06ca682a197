/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "base/pool.h"
#include "fixture.h"

/* Many workers over one set of fonts: what each makes must not depend on how many there are. */
enum { JOBS = 200, WORKERS = 4 };

struct task {
	size_t number;
	unsigned char hash[32];
};

struct crowd {
	struct fonts *fonts;
	struct shaper *shapers[WORKERS];
	struct arena *arenas[WORKERS];
	size_t fed;
	struct sha256 *all;
};

static bool feed(void *ctx, void *job, bool *end, struct err *e)
{
	struct crowd *c = ctx;
	struct task *t = job;

	(void)e;
	*end = c->fed == JOBS;
	t->number = c->fed++;
	return true;
}

/* Shape a line of characters that differ from job to job, and hash the programs of its runs. */
static bool work(void *ctx, int worker, void *job, struct err *e)
{
	struct crowd *c = ctx;
	struct task *t = job;
	const struct text_style style = { "song", "zh-Hans", "lnum,kern", t->number % 2 == 0,
					  0,      false };
	struct buf text = buf_empty(256), program = buf_empty(1u << 20);
	struct shaped line;
	bool ok;

	for (uint32_t i = 0; i < 6; i++)
		enc_put_utf8(&text, 0x4E00 + (uint32_t)(t->number * 97 + i * 1009) % 20000);
	enc_put_utf8(&text, 0x20001 + (uint32_t)t->number);
	buf_printf(&text, " AVATAR %zu", t->number);
	arena_reset(c->arenas[worker]);
	ok = shape_line(c->shapers[worker], c->arenas[worker], &style, buf_view(&text), &line, e);
	for (size_t r = 0; ok && r < line.count; r++) {
		struct subset *s = subset_new(line.runs[r].face);

		ok = s != NULL;
		for (size_t i = 0; ok && i < line.runs[r].count; i++)
			ok = subset_add(s, &line.runs[r].glyphs[i], e) != 0;
		ok = ok && subset_program(s, c->shapers[worker], &program, e);
		subset_free(s);
	}
	sha256_of(buf_view(&program), t->hash);
	buf_free(&text);
	buf_free(&program);
	return ok;
}

static bool collect(void *ctx, void *job, struct err *e)
{
	struct crowd *c = ctx;
	const struct task *t = job;

	(void)e;
	sha256_add(c->all, t->hash, sizeof t->hash);
	return true;
}

static void run(struct fonts *fonts, int workers, unsigned char out[32])
{
	struct crowd c = { .fonts = fonts, .all = sha256_new() };
	struct pool_plan plan = { .ctx = &c,
				  .job_size = sizeof(struct task),
				  .workers = workers,
				  .feed = feed,
				  .work = work,
				  .collect = collect };
	struct err e = { 0 };

	if (c.all == NULL)
		abort();
	for (int i = 0; i < workers; i++) {
		c.shapers[i] = shaper_new(fonts);
		c.arenas[i] = arena_new(16u << 20);
		if (c.shapers[i] == NULL || c.arenas[i] == NULL)
			abort();
	}
	sha256_begin(c.all);
	OK(pool_run(&plan, &e), e);
	sha256_end(c.all, out);
	for (int i = 0; i < workers; i++) {
		shaper_free(c.shapers[i]);
		arena_free(c.arenas[i]);
	}
	sha256_free(c.all);
}

TEST(four_workers_make_what_one_makes)
{
	struct desk d = desk_open();
	unsigned char one[32], four[32];

	run(d.fonts, 1, one);
	run(d.fonts, WORKERS, four);
	EQ_BYTES(one, four, 32);
	desk_close(&d);
}
