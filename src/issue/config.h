/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_CONFIG_H
#define HUFU_ISSUE_CONFIG_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "issue/sealconfig.h"

enum { BASE_URL_MAX = 48 }; /* bytes: what the QR code has room for, proof.md §2 */

/*
 * When letters enter the log (proof.md §3): every `minutes` from midnight on in the issuer's zone, between two times of the
 * day.  "ticks": {"minutes": 10, "from": "09:00", "until": "18:00"}, which is also what holds without it.
 */
struct config_ticks {
	int minutes;     /* 1 to 60 */
	int from, until; /* minutes of the day, from < until ≤ 1440 */
};

/* HOME/hufu.json, "hufu.config/1". */
struct config {
	struct str issuer;           /* stable ASCII id of the trust policy, a domain */
	struct str name_zh, name_en; /* as printed */
	struct str contact;          /* where a verifier asks: an address or a URL */
	struct str base;   /* "https://verify.example.org": what QR codes open, no trailing slash */
	struct str host;   /* of base, port included: what the page tells people to open */
	struct str origin; /* C2SP log origin */
	int utc_offset_min;         /* the issuer's zone, civil time without summer time */
	struct str passphrase_file; /* path inside the home, empty: asked for */
	struct config_ticks ticks;
	struct sealconfig seal;
};

/* Decode and check; strings live in the arena.  Faults name the JSON pointer. */
bool config_read(struct arena *a, struct str text, struct config *out, struct err *e) MUST_CHECK;

/* hufu.json's bytes: readable JSON that config_read takes back. */
bool config_write(struct buf *out, const struct config *c, struct err *e) MUST_CHECK;

/*
 * Check a base URL: http or https, a host of [a-z0-9.-] with an optional port, an optional path without a trailing
 * slash, at most 48 bytes.  *host points into it, port included.
 */
bool config_base(struct str url, struct str *host, struct err *e) MUST_CHECK;

/* The newest tick at or before `now`, and the first one after it; Unix seconds. */
void config_tick(const struct config *c, int64_t now, int64_t *last, int64_t *next);

/* The invented issuer of demonstrations, all but origin and passphrase_file. */
struct config config_demo(void);

/*
 * When documents are issued: a day ("2026-11-23", 00:00 in the issuer's zone) or an instant (RFC 3339) as Unix seconds.
 * ERR_USAGE names --as-of.
 */
bool config_as_of(const struct config *c, struct str text, int64_t *out, struct err *e) MUST_CHECK;

#endif
