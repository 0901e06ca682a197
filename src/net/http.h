/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_NET_HTTP_H
#define HUFU_NET_HTTP_H

#include <stdint.h>

#include "net/site.h"

/*
 * A published site behind http or https (RFC 9110), read by GET.  Everything it says is hostile: no cookie, no referer,
 * no encoding, no other host; a redirect is followed at most twice, on the same host, never from https to http.
 * Certificates are checked against the system's store.  Proxies of the environment (http_proxy, https_proxy, no_proxy)
 * are used.  One connection is kept and used again.
 */
struct http;

/* How long a site may keep us, in ms, s, bytes a second. */
struct http_limits {
	long connect_ms; /* to be connected, TLS included */
	long whole_ms;   /* one request */
	long slow_s; /* a request slower than slow_bytes_s for so long, waiting included, is over */
	long slow_bytes_s;
	const char
		*ca_file; /* PEM certificates trusted instead of the system's; NULL: the system's */
};

extern const struct http_limits http_limits; /* 5 s, 20 s, 5 s below 500 bytes a second */

enum { HTTP_TAG_MAX = 128 };

/*
 * A site below `base` ("https://verify.example.org", "http://host:8080/path"; a slash at its end is dropped).  Nothing
 * is asked yet.  ERR_USAGE for a base with another scheme, a user, a query or a fragment.  `limits` NULL: http_limits.
 */
bool http_open(struct str base, const struct http_limits *limits, struct http **out,
	       struct err *e) MUST_CHECK;
void http_close(struct http *h); /* accepts NULL */

/*
 * As site->load with self = h.  404 and 410 are absent; what else goes wrong is ERR_SYSTEM with a code:
 *   NET-RESOLVE  NET-CONNECT  NET-TIMEOUT  NET-BROKEN  NET-TLS  NET-CERTIFICATE  NET-OTHER  NET-STATUS (another status
 *   than 200)  NET-REDIRECT  NET-TOO-LONG (over `cap`; no more than that is received)  NET-ENCODING  NET-PAGE (a web page
 *   in the file's place).
 * A site that could not be talked to twice in a row is asked no more: every further load fails alike, at once.
 */
bool http_load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
	       struct err *e) MUST_CHECK;

enum http_found { HTTP_FOUND, HTTP_ABSENT, HTTP_UNCHANGED };

/*
 * As http_load, telling the server which version is known by its entity tag (If-None-Match); HTTP_UNCHANGED when it
 * answers that this one stands.  `tag` as http_tag gave it, "" for none.
 */
bool http_load_since(struct http *h, const char *path, size_t cap, const char *tag, struct buf *out,
		     enum http_found *found, struct err *e) MUST_CHECK;

/* What a request carries: `type` is its media type, `answer` the media type asked for. */
struct http_body {
	const char *type, *answer;
	struct str bytes;
};

/*
 * One exchange with the base itself, no path behind it: a POST of `body` (RFC 3161 section 3.4, RFC 6960 appendix A), or
 * a GET when that is NULL.  A POST follows no redirect.  Everything but the answer itself is ERR_SYSTEM with a code as
 * http_load gives it, 404 and 410 are NET-STATUS too; a site that could not be talked to twice in a row is asked again
 * all the same, for how long is the caller's to say.
 */
bool http_exchange(struct http *h, const struct http_body *body, size_t cap, struct buf *out,
		   struct err *e) MUST_CHECK;

/* The entity tag of the last file found, "" when it had none, or a weird one. */
const char *http_tag(const struct http *h);

/* The site as an interface; it lends h. */
void http_site(struct http *h, struct site *site);

/* What was received so far, header lines included (TLS and TCP are not), and how many requests were sent. */
uint64_t http_bytes(const struct http *h);
uint64_t http_requests(const struct http *h);

#endif
