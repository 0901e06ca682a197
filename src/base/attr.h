/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_ATTR_H
#define HUFU_BASE_ATTR_H

/* Compiler attributes behind names, so that no other file spells __attribute__. */
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
