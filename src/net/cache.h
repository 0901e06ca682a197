/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_NET_CACHE_H
#define HUFU_NET_CACHE_H

#include "net/http.h"

/*
 * Files of one published log that were fetched before, in a folder of the verifier's own.  They are hostile bytes like
 * any others; what makes them worth keeping is that the names below never change their content in an honest log.
 *
 *   kept, and not asked for again     /tile/…, partial tiles too, /m/…, /s/<n>.at/<iat>
 *   kept, and asked for again with    /keys.note, /checkpoint, /s/<n>, /d/info, /d/<bits>: the site is asked every time
 *   the entity tag                    and only says whether it changed, so that a copy never answers in its place
 *   not kept                          everything else, and files over CACHE_FILE_MAX
 *
 * One file each, named by the path with '=' for '/'; its first line is the entity tag.
 */
enum { CACHE_FILE_MAX = 256 * 1024, CACHE_BYTES_MAX = 64 << 20, CACHE_FILES_MAX = 32768 };

enum cache_kind { CACHE_NOT, CACHE_FOR_EVER, CACHE_IF_UNCHANGED };

enum cache_kind cache_kind_of(struct str path);

/* Open below the folder `dir`, which is made (0700) when something is first put. */
struct cache;
bool cache_open(const char *dir, struct cache **out, struct err *e) MUST_CHECK;
void cache_close(struct cache *c); /* accepts NULL */

/*
 * Append the file kept for the path and give its entity tag ("" for none).  False when there is none that can be read
 * whole, or it is longer than `cap`: ask the site.
 */
bool cache_get(struct cache *c, const char *path, size_t cap, struct buf *out,
	       char tag[HTTP_TAG_MAX + 1]) MUST_CHECK;

/* Keep a file, replacing the one before.  A cache that cannot keep is no trouble of anybody: there is no error. */
void cache_put(struct cache *c, const char *path, const char *tag, struct str bytes);

void cache_drop(struct cache *c, const char *path);

/*
 * Take the oldest away until at most three quarters of `bytes` (CACHE_BYTES_MAX for most) are left, when there are more
 * than that.  Returns how many files went.
 */
size_t cache_trim(struct cache *c, uint64_t bytes);

#endif
