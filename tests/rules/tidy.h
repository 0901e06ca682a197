/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_RULES_TIDY_H
#define HUFU_TESTS_RULES_TIDY_H

/*
 * Read before every source by clang-tidy, and by it only: it judges a file alone and cannot know that these return false
 * (base/err.h), so that it would follow failures on as if they were successes.
 */
#include "base/err.h"

#define err_input(...) ((void)(err_input)(__VA_ARGS__), false)
#define err_usage(...) ((void)(err_usage)(__VA_ARGS__), false)
#define err_system(...) ((void)(err_system)(__VA_ARGS__), false)
#define err_errno(...) ((void)(err_errno)(__VA_ARGS__), false)
#define err_memory(...) ((void)(err_memory)(__VA_ARGS__), false)
#define err_at(...) ((void)(err_at)(__VA_ARGS__), false)
#define err_in(...) ((void)(err_in)(__VA_ARGS__), false)

#endif
