/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_HUFU_H
#define HUFU_PROOF_HUFU_H

/*
 * libhufu: is this document genuine, and what does the issuer's public register say of it now?
 *
 *   struct hufu *h = hufu_new();
 *   hufu_policy(h, policy_json, n);               whom to trust, got from the issuer itself
 *   hufu_bundle(h, bundle, m);                    or hufu_site: where its published files are
 *   hufu_time(h, time(NULL));
 *   int answer = hufu_check(h, code, file, size); 0 yes, 1 no, 3 undecided
 *   puts(hufu_words(h, "en"));
 *   hufu_free(h);
 *
 * One handle belongs to one thread at a time; handles are independent.  The library opens no file and no socket, reads no
 * environment, and no clock.  All bytes handed in may be hostile.  Text is UTF-8; what is returned
 * is valid until the next call on the handle.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hufu;

/* What hufu_check answers; the words are in hufu_verdict, hufu_words and hufu_json. */
enum { HUFU_YES = 0, HUFU_NO = 1, HUFU_UNDECIDED = 3 };

/* NULL when memory ran out. */
struct hufu *hufu_new(void);
void hufu_free(struct hufu *h); /* accepts NULL */

/* "0.1.0", of the library that runs. */
const char *hufu_version(void);

/*
 * Trust the issuer of this policy.json, and none before it.  Compare hufu_fingerprint with what the issuer prints on paper:
 * a policy from the net proves nothing by itself.  False: see hufu_error.
 */
bool hufu_policy(struct hufu *h, const void *json, size_t size);

/* "8PDS-3ZMF-…" of the trusted policy; "" for none. */
const char *hufu_fingerprint(const struct hufu *h);

/*
 * Where published files come from.  load() puts the file `path` ("/checkpoint", "/s/0") into `out`, at most `cap` bytes, and
 * returns how many; HUFU_ABSENT when the site has no such file; HUFU_FAILED when it could not be had or is longer.
 * `canonical`: it asks the policy's own site, now.
 */
enum { HUFU_ABSENT = -1, HUFU_FAILED = -2 };
typedef long hufu_load(void *self, const char *path, void *out, size_t cap);
void hufu_site(struct hufu *h, hufu_load *load, void *self, bool canonical);

/* The same from an offline bundle (`hufu publish --bundle`), lent till the handle is freed or given another. */
bool hufu_bundle(struct hufu *h, const void *bytes, size_t size);

/* The clock of the machine, Unix seconds.  Before the first hufu_check, and again when time has passed. */
void hufu_time(struct hufu *h, int64_t now);

/*
 * What was seen of the issuer's log, as hufu_memory gave it after an earlier check: with it no site can take back what it
 * once showed.  False for bytes that are none.
 */
bool hufu_remember(struct hufu *h, const void *bytes, size_t size);
const char *hufu_memory(struct hufu *h, size_t *size); /* NULL when nothing was seen */

/* "recipient=Northland Board,type=letter"; NULL: anything.  False for what is no such list. */
bool hufu_expect(struct hufu *h, const char *expected);

/*
 * Check one document: `code` is the text behind its QR code (the link or its digits) or the id typed from the page; `file`
 * the PDF it came with, NULL for paper.  Returns HUFU_YES, HUFU_NO or HUFU_UNDECIDED.
 */
int hufu_check(struct hufu *h, const char *code, const void *file, size_t size);

/* Of the latest check: "VALID", "REVOKED", …; the text for a person in "en" or "zh"; one JSON object (product.md). */
const char *hufu_verdict(const struct hufu *h);
const char *hufu_words(struct hufu *h, const char *language);
const char *hufu_json(const struct hufu *h);

/* Why the latest call said false or HUFU_UNDECIDED, in words; "" for nothing. */
const char *hufu_error(const struct hufu *h);

#ifdef __cplusplus
}
#endif

#endif
