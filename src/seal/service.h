/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_SERVICE_H
#define HUFU_SEAL_SERVICE_H

#include "net/http.h"

/*
 * A time stamp service, an OCSP responder or a place of CRLs behind one address, asked again after a pause when it cannot
 * be talked to.  One connection, kept; one thread at a time.
 */
struct service;

struct service_plan {
	const char *url;                  /* http or https, no query */
	const char *fault;                /* what the codes below begin with: "SEAL-TSA" */
	const struct http_limits *limits; /* NULL: http_limits */
	unsigned tries;                   /* 1 to 10 */
	unsigned pause_ms; /* before the second try; twice as long before each further one */
	unsigned gap_ms;   /* between two exchanges: some shut out who asks too often */
};

/* Nothing is asked yet. */
bool service_open(const struct service_plan *plan, struct service **out, struct err *e) MUST_CHECK;
void service_free(struct service *s); /* accepts NULL */

/*
 * One exchange (http_exchange): a POST, or a GET when body is NULL; at most `cap` bytes, appended.  ERR_SYSTEM:
 *   …-DOWN    no address, no connection, no TLS
 *   …-SLOW    no answer in time
 *   …-CUT     it broke off in the middle of its answer
 *   …-LARGE   more than cap bytes
 *   …-ANSWER  it answers by something else: a status, a redirect, a web page
 * The first three are tried again.
 */
bool service_ask(struct service *s, const struct http_body *body, size_t cap, struct buf *out,
		 struct err *e) MUST_CHECK;

#endif
