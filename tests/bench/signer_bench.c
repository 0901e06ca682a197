/* SPDX-License-Identifier: Apache-2.0 */
/*
 * µs a signature and its HMACs: the key ring in this process against the signer process, one request a message, many
 * requests a message, one thread and several.  signer_bench [COUNT]
 */
#define _GNU_SOURCE /* O_TMPFILE */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/pool.h"
#include "keys/process.h"
#include "keys/ring.h"

enum { TOGETHER = 64 };

#define AAD STR("hufu/1/cert\0verify.example.org")

static bool seeds_open(void *self, struct signer **out, struct err *e)
{
	static const struct ring_seed seeds[] = {
		{ .role = ROLE_ISSUING, .number = 1, .seed = { 1 } },
		{ .role = ROLE_HOME, .seed = { 2 } },
	};

	(void)self;
	return ring_of_seeds(seeds, COUNT_OF(seeds), out, e);
}

struct bench {
	const struct signer *signer;
	unsigned char header[9], payload[150];
	int left, together;
};

static bool bench_feed(void *ctx, void *job, bool *end, struct err *e)
{
	struct bench *b = ctx;

	(void)job, (void)e;
	*end = b->left <= 0;
	b->left -= b->together;
	return true;
}

static bool bench_work(void *ctx, int worker, void *job, struct err *e)
{
	struct bench *b = ctx;
	const struct str parts[] = { str_bytes(b->header, sizeof b->header), AAD,
				     str_bytes(b->payload, sizeof b->payload) };
	struct signer_job jobs[TOGETHER];

	(void)worker, (void)job;
	for (int i = 0; i < b->together; i++)
		jobs[i] = (struct signer_job){ .op = SIGNER_COSE,
					       .role = ROLE_ISSUING,
					       .number = 1,
					       .parts = parts,
					       .part_count = COUNT_OF(parts) };
	return signer_run(b->signer, jobs, (size_t)b->together, e);
}

static bool bench_collect(void *ctx, void *job, struct err *e)
{
	(void)ctx, (void)job, (void)e;
	return true;
}

static double now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void measure(struct bench *b, const char *name, int count, int threads)
{
	const struct pool_plan plan = { .ctx = b,
					.job_size = 1,
					.workers = threads,
					.feed = bench_feed,
					.work = bench_work,
					.collect = bench_collect };
	double wall = now_us(CLOCK_MONOTONIC), cpu = now_us(CLOCK_PROCESS_CPUTIME_ID);
	struct err e;
	char words[512];

	b->left = count;
	if (!pool_run(&plan, &e)) {
		fprintf(stderr, "%s\n", err_text(&e, words, sizeof words));
		exit(3);
	}
	printf("%-8s %2d threads %3d a message: %6.1f us wall, %6.1f us CPU of this process\n",
	       name, threads, b->together, (now_us(CLOCK_MONOTONIC) - wall) / count,
	       (now_us(CLOCK_PROCESS_CPUTIME_ID) - cpu) / count);
}

static void all(struct bench *b, const char *name, struct signer *signer, int count)
{
	static const int threads[] = { 1, 2, 8 }, together[] = { 1, TOGETHER };
	struct ed25519_public key;
	struct err e;

	if (!signer_public(signer, ROLE_ISSUING, 1, &key, &e))
		exit(3);
	memcpy(b->header, "\xa2\x01\x27\x04\x44", 5);
	ed25519_kid(&key, b->header + 5);
	memcpy(b->payload, "\x8b\x01\x01", 3);
	b->signer = signer;
	for (size_t t = 0; t < COUNT_OF(together); t++)
		for (size_t i = 0; i < COUNT_OF(threads); i++) {
			b->together = together[t];
			measure(b, name, count, threads[i]);
		}
	signer_free(signer);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 20000;
	struct process_plan plan = { .open = seeds_open,
				     .profile = SANDBOX_STRICT,
				     .audit = open("/tmp", O_TMPFILE | O_WRONLY | O_APPEND, 0600),
				     .env = &env_system };
	struct signer *ring = NULL, *process = NULL;
	struct bench b = { .left = 0 };
	struct rusage used;
	struct err e;
	char words[512];

	if (!ed25519_start(&e) || !seeds_open(NULL, &ring, &e) ||
	    !process_start(&plan, &process, NULL, &e)) {
		fprintf(stderr, "%s\n", err_text(&e, words, sizeof words));
		return 3;
	}
	all(&b, "ring", ring, count);
	all(&b, "process", process, count);
	getrusage(RUSAGE_CHILDREN, &used);
	printf("the signer process used %.1f us CPU a signature\n",
	       ((double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec)) /
		       (6.0 * count));
	return 0;
}
