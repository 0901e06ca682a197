/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_ENV_H
#define HUFU_BASE_ENV_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * The world as the program may see it.  Made once in cli/ (or by a test) and handed down; below issue/ nothing else
 * reads the clock, randomness or the environment.
 */
struct env {
	void *self;
	int64_t (*now)(void *self);                                     /* Unix seconds */
	bool (*random)(void *self, void *out, size_t n, struct err *e); /* n secure random bytes */
	const char *(*variable)(void *self, const char *name); /* environment; NULL when unset */
};

static inline int64_t env_now(const struct env *env)
{
	return env->now(env->self);
}

/* The real one: time(), getrandom(), getenv(). */
extern const struct env env_system;

#endif
