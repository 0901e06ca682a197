/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "keys/command.h"
#include "keys/external.h"
#include "keys/guard.h"
#include "keys/keeper.h"
#include "keys/ring.h"
#include "keys/wire.h"

/*
 * What stands on either side of a signer process.  The first byte chooses: a request (its count is the second byte), the
 * answer to one, the line of a signing program, a list of devices.
 */

static struct signer *signer_new_here(void)
{
	static const struct ring_seed seeds[] = {
		{ .role = ROLE_ISSUING, .number = 1, .seed = { 1 } },
		{ .role = ROLE_STATUS, .seed = { 2 } },
		{ .role = ROLE_LOG, .seed = { 3 } },
		{ .role = ROLE_MANIFEST, .seed = { 4 } },
		{ .role = ROLE_HOME, .seed = { 5 } },
		{ .role = ROLE_ISSUING, .number = 3, .seed = { 6 } },
	};
	static const struct roster nobody;
	const struct signer_guard guard = { &nobody, STR("verify.example.org"), &env_system };
	struct signer *signer = NULL;
	struct err e;

	if (!ed25519_start(&e) || !ring_of_seeds(seeds, COUNT_OF(seeds), &signer, &e))
		abort();
	signer_guard(signer, &guard);
	return signer;
}

/* As many outcomes as jobs, no letter without officers, and a signature under the key that is named. */
static void check_request(struct str bytes, unsigned count)
{
	struct signer *signer = signer_new_here();
	struct buf answer = buf_empty(WIRE_JOBS * 1100);
	struct ed25519_public letters;
	struct signer_job job;
	struct err e, failure;
	struct str rest;

	if (!signer_public(signer, ROLE_ISSUING, 3, &letters, &e))
		abort();
	if (keeper_answer(signer, bytes, count, &answer, &e)) {
		rest = buf_view(&answer);
		for (unsigned i = 0; i < count; i++)
			if (!wire_outcome_read(&rest, &job, &failure, &e) ||
			    (job.done && memcmp(&job.key, &letters, sizeof letters) == 0))
				abort();
		if (answer.failed || rest.n > 0)
			abort();
	}
	buf_free(&answer);
	signer_free(signer);
}

/* A job that was read is written again byte for byte. */
static void check_job(struct str bytes)
{
	struct str parts[SIGNER_PARTS], rest = bytes;
	struct buf again = buf_empty(WIRE_BYTES);
	struct signer_job job;
	struct err e;

	if (!wire_job_read(&rest, parts, &job, &e))
		return;
	wire_job_write(&again, &job);
	if (again.n != wire_job_size(&job) || again.n != bytes.n - rest.n ||
	    memcmp(again.p, bytes.p, again.n) != 0)
		abort();
	buf_free(&again);
}

static void check_list(struct str bytes)
{
	struct arena *a = arena_new(4 << 20);
	struct device *devices;
	size_t count;
	struct err e;

	if (a == NULL)
		abort();
	if (external_read(a, bytes, &devices, &count, &e))
		for (size_t i = 0; i < count; i++)
			if (devices[i].provider == DEVICE_COMMAND ? devices[i].argv[0][0] != '/'
								  : devices[i].module[0] != '/')
				abort();
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_bytes(data, size), rest;
	unsigned char out[ED25519_SIGNATURE];
	struct wire_head head;
	struct signer_job job;
	struct err e, failure;

	if (size < 2)
		return 0;
	rest = str_skip(bytes, 2);
	switch (data[0] & 3) {
	case 0:
		check_job(rest);
		check_request(rest, data[1]);
		return 0;
	case 1:
		if (rest.n >= WIRE_HEAD &&
		    wire_head_read((const unsigned char *)rest.p, &head, &e) &&
		    (head.count > WIRE_JOBS || head.size > WIRE_BYTES))
			abort();
		while (rest.n > 0 && wire_outcome_read(&rest, &job, &failure, &e))
			;
		return 0;
	case 2:
		if (!command_answer_read(rest, out, &e) && e.kind != ERR_SYSTEM)
			abort();
		return 0;
	default:
		check_list(rest);
		return 0;
	}
}
