/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_NET_SITE_HTTP_H
#define HUFU_NET_SITE_HTTP_H

#include "net/http.h"

/*
 * A published site behind http or https with a cache before it.  What is fetched is written to the cache only when the
 * caller says that it held, so that a site that lied once is not believed from the disk for ever; and when something of
 * the disk may be to blame, the caller can ask again without it:
 *
 *   again:  judge the target by loading from the site
 *           if the answer is not the one of an honest site, and site_http_doubt(s): forget what was read, goto again
 *           else, if the answer is one of an honest site: site_http_keep(s)
 */
struct site_http;

/*
 * `base` and `limits` as http_open takes them; `cache` is a folder of this log alone, NULL for none.  Fills *site, which
 * lends *out till site_http_close; `canonical` is handed through: true when base is the policy's own site.
 */
struct site_http_place {
	struct str base;
	const struct http_limits *limits;
	const char *cache;
	bool canonical;
};
bool site_http_open(const struct site_http_place *place, struct site_http **out, struct site *site,
		    struct err *e) MUST_CHECK;
void site_http_close(struct site_http *s); /* accepts NULL */

/* What was fetched since the last keep or doubt held: write it to the cache. */
void site_http_keep(struct site_http *s);

/*
 * True when some of what was loaded came from the disk, since the site was opened or doubted before: those files are taken
 * away, and the disk is read no more, so that another try sees the site alone.  (A tile that held for one document may be
 * wrong for the next, so it stays under suspicion.)  What was fetched since the last keep is not kept either way.
 */
bool site_http_doubt(struct site_http *s);

/* Counters as http_bytes and http_requests; files that came from the cache. */
struct site_http_counts {
	uint64_t bytes, requests, cached;
};
struct site_http_counts site_http_counts(const struct site_http *s);

#endif
