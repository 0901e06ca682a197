/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_SEALED_H
#define HUFU_KEYS_SEALED_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

/*
 * What kek.json and the key files have in common: a private file of one line of canonical JSON with hexadecimal
 * members.  All failures are ERR_SYSTEM: these files are ours, so a fault in one is no answer to a user's question.
 */
enum { SEALED_FILE_MAX = 2048 };

/* Read dir/name as private_read asks.  *text is the whole file, *out the object in it; both live in `a`. */
bool sealed_load(struct arena *a, const char *dir, const char *name, struct str *text,
		 const struct json **out, struct err *e) MUST_CHECK;

/* The member `key`: exactly n bytes as 2n digits. */
bool sealed_hex(const struct json *object, const char *key, unsigned char *out, size_t n,
		struct err *e) MUST_CHECK;

/*
 * True when `text` is byte for byte what we would write for the values read from it; else "was changed": two texts
 * with one meaning are one too many for a file nobody edits.
 */
bool sealed_same(struct str text, const struct buf *written, struct err *e) MUST_CHECK;

/* Turn a fault in dir/name found by json/ into ERR_SYSTEM "… was changed" with its place; returns false. */
bool sealed_fault(const char *dir, const char *name, struct err *e);

/* Append ,"key":"hex" for a member that is not the first of its object. */
void sealed_put_hex(struct buf *out, const char *key, const unsigned char *p, size_t n);

#endif
