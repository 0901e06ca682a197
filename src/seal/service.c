/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "seal/fault.h"

enum { TRIES_MAX = 10, PAUSE_MAX_MS = 60000 };

struct service {
	struct service_plan plan;
	struct http *http;
	bool asked;
};

bool service_open(const struct service_plan *plan, struct service **out, struct err *e)
{
	struct service *s = calloc(1, sizeof *s);

	if (s == NULL)
		return err_memory(e, "a service");
	s->plan = *plan;
	if (plan->tries == 0 || plan->tries > TRIES_MAX)
		s->plan.tries = 1;
	if (!http_open(str_of(plan->url), plan->limits, &s->http, e)) {
		free(s);
		return false;
	}
	*out = s;
	return true;
}

void service_free(struct service *s)
{
	if (s == NULL)
		return;
	http_close(s->http);
	free(s);
}

/* What net/http.h calls it, what it is here, and whether another try may help. */
static const struct service_fault {
	const char *net, *ending;
	bool again;
} faults[] = {
	{ "NET-RESOLVE", "DOWN", true },     { "NET-CONNECT", "DOWN", true },
	{ "NET-TLS", "DOWN", false },        { "NET-CERTIFICATE", "DOWN", false },
	{ "NET-OTHER", "DOWN", true },       { "NET-TIMEOUT", "SLOW", true },
	{ "NET-BROKEN", "CUT", true },       { "NET-TOO-LONG", "LARGE", false },
	{ "NET-STATUS", "ANSWER", false },   { "NET-REDIRECT", "ANSWER", false },
	{ "NET-ENCODING", "ANSWER", false }, { "NET-PAGE", "ANSWER", false },
};

/* Rename the error; true when another try may help. */
static bool rename_fault(const struct service *s, struct err *e)
{
	char code[sizeof e->code];

	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		if (strcmp(e->code, faults[i].net) != 0)
			continue;
		(void)snprintf(code, sizeof code, "%s-%s", s->plan.fault, faults[i].ending);
		fault_rename(e, code);
		err_in(e, "%s", s->plan.url);
		return faults[i].again;
	}
	return false;
}

static void pause_ms(unsigned long ms)
{
	struct timespec left = { .tv_sec = (time_t)(ms / 1000),
				 .tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&left, NULL); /* a signal ends a pause, and the batch sees to signals */
}

bool service_ask(struct service *s, const struct http_body *body, size_t cap, struct buf *out,
		 struct err *e)
{
	unsigned long wait = s->plan.pause_ms;

	if (s->asked && s->plan.gap_ms > 0)
		pause_ms(s->plan.gap_ms);
	s->asked = true;
	for (unsigned i = 1;; i++) {
		if (http_exchange(s->http, body, cap, out, e))
			return true;
		if (!rename_fault(s, e) || i == s->plan.tries)
			return false;
		pause_ms(wait < PAUSE_MAX_MS ? wait : PAUSE_MAX_MS);
		wait *= 2;
	}
}
