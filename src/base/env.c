/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* getentropy */
#include "base/env.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int64_t system_now(void *self UNUSED)
{
	return (int64_t)time(NULL);
}

static bool system_random(void *self UNUSED, void *out, size_t n, struct err *e)
{
	unsigned char *p = out;

	while (n > 0) {
		size_t part = n < 256 ? n : 256; /* getentropy's limit */

		if (getentropy(p, part) != 0)
			return err_errno(e, "cannot draw random bytes");
		p += part;
		n -= part;
	}
	return true;
}

static const char *system_variable(void *self UNUSED, const char *name)
{
	return getenv(name);
}

const struct env env_system = { NULL, system_now, system_random, system_variable };
