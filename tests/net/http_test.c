/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "check.h"
#include "net/http.h"
#include "net/server.h"

enum { CAP = 2048, FILE_BYTES = 900, SLACK_MS = 5000 /* for valgrind */ };

/* What a user waits 5 and 20 seconds for takes 700 ms and 1.5 s here. */
static const struct http_limits hasty = {
	.connect_ms = 700, .whole_ms = 1500, .slow_s = 1, .slow_bytes_s = 500
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One server for all tests of this program; it ends when the program does. */
static unsigned port(void)
{
	static struct server s;

	if (s.port == 0)
		s = server_start(NULL);
	return s.port;
}

static struct http *open_at(const char *scheme, unsigned p, const char *step,
			    const struct http_limits *limits)
{
	struct http *h = NULL;
	struct err e = { 0 };
	char base[128];
	int n = snprintf(base, sizeof base, "%s://127.0.0.1:%u/%s", scheme, p, step);

	if (!OK(http_open(str_bytes(base, (size_t)n), limits, &h, &e), e))
		abort();
	return h;
}

struct got {
	bool ok, absent;
	size_t n;
	long ms;
	struct err e;
};

static struct got load(struct http *h, const char *path)
{
	struct buf out = buf_empty(1 << 24);
	struct got g = { 0 };
	long start = now_ms();

	buf_c(&out, "before");
	g.ok = http_load(h, path, CAP, &out, &g.absent, &g.e);
	g.ms = now_ms() - start;
	g.n = out.n - 6;
	CHECK(memcmp(out.p, "before", 6) == 0);
	buf_free(&out);
	return g;
}

static struct got load_once(const char *scheme, unsigned p, const char *step,
			    const struct http_limits *limits)
{
	struct http *h = open_at(scheme, p, step, limits);
	struct got g = load(h, "/keys.note");

	http_close(h);
	return g;
}

TEST(a_site_that_behaves_badly_is_named_and_costs_no_time)
{
	static const struct {
		const char *step, *code, *words;
		long ms;
	} cases[] = {
		{ "silent", "NET-TIMEOUT", "127.0.0.1 did not answer in time", 1500 },
		{ "slow", "NET-TIMEOUT", "did not answer in time", 2000 },
		{ "big", "NET-TOO-LONG", "sends more than this file may have (2048 bytes)", 0 },
		{ "big_unsaid", "NET-TOO-LONG", "sends more than", 0 },
		{ "chunked_endless", "NET-TOO-LONG", "sends more than", 0 },
		{ "drip", "NET-TOO-LONG", "sends more than", 0 },
		{ "cut", "NET-BROKEN", "broke off in the middle of a file", 0 },
		{ "reset", "NET-BROKEN", "broke off", 0 },
		{ "nothing", "NET-BROKEN", "broke off without an answer", 0 },
		{ "noise", "NET-BROKEN", "does not answer by HTTP", 0 },
		{ "big_headers", "", "", 0 },
		{ "page", "NET-PAGE", "answered with a web page", 0 },
		{ "page_unsaid", "NET-PAGE", "answered with a web page", 0 },
		{ "page_fragment", "NET-PAGE", "answered with a web page", 0 },
		{ "gzip", "NET-ENCODING", "encoded the file", 0 },
		{ "status/500", "NET-STATUS", "answered without the file (status 500)", 0 },
		{ "status/403", "NET-STATUS", "status 403", 0 },
		{ "status/401", "NET-STATUS", "status 401", 0 },
		{ "status/204", "NET-STATUS", "status 204", 0 },
		{ "status/206", "NET-STATUS", "status 206", 0 },
		{ "status/300", "NET-STATUS", "status 300", 0 },
		{ "status/503", "NET-STATUS", "status 503", 0 },
		{ "unasked_304", "NET-STATUS", "status 304", 0 },
		{ "away", "NET-REDIRECT", "leads to another place", 0 },
		{ "other_port", "NET-REDIRECT", "leads to another place", 0 },
		{ "to_file", "NET-REDIRECT", "leads to another place", 0 },
		{ "no_place", "NET-REDIRECT", "leads to another place", 0 },
		{ "circle", "NET-REDIRECT", "leads in a circle", 0 },
		{ "hops/3", "NET-REDIRECT", "leads in a circle", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct got g = load_once("http", port(), cases[i].step, &hasty);

		if (!CHECK(!g.ok && !g.absent && g.n == 0 && g.e.kind == ERR_SYSTEM) ||
		    (cases[i].code[0] != '\0' && !EQ_C(g.e.code, cases[i].code)) ||
		    !CHECK(strstr(g.e.cause, cases[i].words) != NULL) ||
		    !CHECK(g.ms < cases[i].ms + SLACK_MS))
			printf("# %s: %s %s, %ld ms\n", cases[i].step, g.e.code, g.e.cause, g.ms);
	}
}

TEST(what_is_not_there_is_absent_and_no_trouble)
{
	static const char *const steps[] = { "status/404", "status/410", "big_404", "unknown" };

	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct got g = load_once("http", port(), steps[i], &http_limits);

		if (!CHECK(g.ok && g.absent && g.n == 0))
			printf("# %s: %s %s\n", steps[i], g.e.code, g.e.cause);
	}
}

TEST(a_file_comes_as_it_is_however_it_is_sent)
{
	static const struct {
		const char *step;
		size_t n;
	} cases[] = {
		{ "ok", FILE_BYTES },          { "ok/", FILE_BYTES },    { "chunked", FILE_BYTES },
		{ "here", FILE_BYTES },        { "hops/1", FILE_BYTES }, { "hops/2", FILE_BYTES },
		{ "until_close", FILE_BYTES }, { "tile", 257 },          { "empty", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct got g = load_once("http", port(), cases[i].step, &http_limits);

		if (!CHECK(g.ok && !g.absent) || !EQ_INT(g.n, cases[i].n))
			printf("# %s: %s %s\n", cases[i].step, g.e.code, g.e.cause);
	}
}

TEST(the_cap_is_the_buffer_s_too)
{
	struct http *h = open_at("http", port(), "ok", &http_limits);
	struct buf small = buf_empty(100);
	struct err e = { 0 };
	bool absent;

	CHECK(!http_load(h, "/x", CAP, &small, &absent, &e));
	CHECK(e.kind == ERR_SYSTEM || e.kind == ERR_INPUT);
	buf_free(&small);
	struct buf exact = buf_empty(CAP);
	OK(http_load(h, "/x", FILE_BYTES, &exact, &absent, &e), e);
	EQ_INT(exact.n, FILE_BYTES);
	CHECK(!http_load(h, "/x", FILE_BYTES - 1, &exact, &absent, &e));
	EQ_C(e.code, "NET-TOO-LONG");
	EQ_INT(exact.n, FILE_BYTES);
	CHECK(!http_load(h, "/x", 0, &exact, &absent, &e));
	buf_free(&exact);
	http_close(h);
}

/* A port where nobody listens, or (held) somebody who says nothing. */
static int listener(bool listening, unsigned *p)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
	    (listening && listen(fd, 8) != 0) || getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		abort();
	*p = ntohs(a.sin_port);
	return fd;
}

TEST(nobody_there_is_said_at_once_and_asked_no_more)
{
	unsigned p;
	int fd = listener(false, &p);
	struct http *h = open_at("http", p, "ok", &hasty);
	struct got g = load(h, "/checkpoint");

	CHECK(!g.ok && g.ms < SLACK_MS);
	EQ_C(g.e.code, "NET-CONNECT");
	CHECK(strstr(g.e.cause, "127.0.0.1 takes no connection") != NULL);
	for (size_t i = 0; i < 20; i++) {
		g = load(h, "/checkpoint");
		CHECK(!g.ok);
		EQ_C(g.e.code, "NET-CONNECT");
	}
	EQ_INT(http_requests(h), 2);
	http_close(h);
	close(fd);
}

TEST(one_failure_between_answers_does_not_end_the_asking)
{
	struct http *h = open_at("http", port(), "", &http_limits);

	for (size_t i = 0; i < 3; i++) {
		CHECK(!load(h, "/nothing/x").ok);
		CHECK(load(h, "/ok/x").ok);
	}
	CHECK(!load(h, "/nothing/x").ok);
	CHECK(!load(h, "/cut/x").ok);
	CHECK(!load(h, "/ok/x").ok); /* twice in a row */
	http_close(h);
}

TEST(a_name_without_an_address_is_said)
{
	struct http *h = NULL;
	struct err e = { 0 };
	struct got g;

	OK(http_open(STR("https://verify.example.invalid/"), &hasty, &h, &e), e);
	g = load(h, "/checkpoint");
	CHECK(!g.ok && g.e.kind == ERR_SYSTEM && g.ms < 3000);
	CHECK(strcmp(g.e.code, "NET-RESOLVE") == 0 || strcmp(g.e.code, "NET-TIMEOUT") == 0);
	http_close(h);
}

TEST(who_never_shakes_hands_is_left)
{
	unsigned p;
	int fd = listener(true, &p);
	struct got g = load_once("https", p, "ok", &hasty);

	CHECK(!g.ok && g.ms < hasty.connect_ms + SLACK_MS);
	EQ_C(g.e.code, "NET-TIMEOUT");
	g = load_once("http", p, "ok", &hasty);
	CHECK(!g.ok && g.ms < hasty.whole_ms + SLACK_MS);
	EQ_C(g.e.code, "NET-TIMEOUT");
	g = load_once("https", port(), "ok", &hasty); /* one who speaks plainly */
	CHECK(!g.ok); /* he waits for the end of a line, which the random bytes may hold or not */
	CHECK(strcmp(g.e.code, "NET-TLS") == 0 || strcmp(g.e.code, "NET-TIMEOUT") == 0);
	close(fd);
}

TEST(a_certificate_nobody_vouches_for_is_refused)
{
	char dir[] = "/tmp/hufu-net-XXXXXX", line[512], cert[64], key[64];
	struct http_limits limits = http_limits;
	struct server s;
	struct http *h = NULL;
	struct err e = { 0 };
	struct got g;
	int n;

	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(cert, sizeof cert, "%s/cert.pem", dir);
	snprintf(key, sizeof key, "%s/key.pem", dir);
	snprintf(
		line, sizeof line,
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test "
		"-addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s 2>/dev/null",
		key, cert);
	CHECK(system(line) == 0);
	const char *const args[] = { "--tls", cert, key, NULL };
	s = server_start(args);
	g = load_once("https", s.port, "ok", &http_limits);
	CHECK(!g.ok && !g.absent && g.e.kind == ERR_SYSTEM);
	EQ_C(g.e.code, "NET-CERTIFICATE");
	CHECK(strstr(g.e.cause, "127.0.0.1 has a certificate that is not trusted (") != NULL);
	limits.ca_file = cert;
	g = load_once("https", s.port, "ok", &limits);
	CHECK(g.ok && g.n == FILE_BYTES);
	g = load_once("https", s.port, "plain", &limits);
	CHECK(!g.ok);
	EQ_C(g.e.code, "NET-REDIRECT");
	n = snprintf(line, sizeof line, "https://localhost:%u/ok", s.port);
	OK(http_open(str_bytes(line, (size_t)n), &limits, &h, &e), e);
	g = load(h, "/keys.note");
	CHECK(!g.ok); /* a certificate for another name */
	EQ_C(g.e.code, "NET-CERTIFICATE");
	http_close(h);
	server_stop(&s);
	snprintf(line, sizeof line, "rm -rf %s", dir);
	CHECK(system(line) == 0);
}

TEST(only_a_plain_address_is_a_site)
{
	static const char *const bad[] = {
		"",
		"verify.example.org",
		"ftp://verify.example.org",
		"file:///etc",
		"https://",
		"https://user@verify.example.org",
		"https://user:word@verify.example.org",
		"https://verify.example.org/?a=b",
		"https://verify.example.org/#a",
		"https://verify.example.org:99999",
		"https://verify example.org",
		"javascript:alert(1)",
		"https:///etc/passwd",
	};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct http *h = NULL;
		struct err e = { 0 };

		if (!CHECK(!http_open(str_of(bad[i]), NULL, &h, &e) && e.kind == ERR_USAGE))
			printf("# %s\n", bad[i]);
	}
	struct http *h = NULL;
	struct err e = { 0 };
	CHECK(!http_open(STR("https://a.example\0.org"), NULL, &h, &e));
}

TEST(no_path_leads_out_of_the_site)
{
	static const char *const bad[] = { "",     "/",    "x",   "/../x", "//x",
					   "/x?y", "/x#y", "/.x", "/a b",  "/x%2f" };
	struct http *h = open_at("http", port(), "ok", &http_limits);

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (!CHECK(!load(h, bad[i]).ok))
			printf("# %s\n", bad[i]);
	EQ_INT(http_requests(h), 0);
	http_close(h);
}

static void text_of(struct http *h, const char *path, char *out, size_t size)
{
	struct buf b = buf_empty(size - 1);
	struct err e = { 0 };
	bool absent;

	OK(http_load(h, path, size - 1, &b, &absent, &e), e);
	snprintf(out, size, "%.*s", (int)b.n, b.p != NULL ? b.p : "");
	buf_free(&b);
}

TEST(a_request_tells_as_little_as_it_can)
{
	struct http *h = open_at("http", port(), "", &http_limits);
	char text[2000];

	text_of(h, "/echo/x", text, sizeof text);
	text_of(h, "/echo/y", text, sizeof text);
	CHECK(strstr(text, "user-agent: hufu/") != NULL);
	CHECK(strstr(text, "accept-encoding: identity") != NULL);
	CHECK(strstr(text, "cookie") == NULL && strstr(text, "referer") == NULL);
	CHECK(strstr(text, "if-none-match") == NULL);
	http_close(h);
}

TEST(one_connection_serves_many_files_and_all_bytes_are_counted)
{
	struct http *h = open_at("http", port(), "", &http_limits);
	char text[100];
	unsigned connections, requests, more, later;

	text_of(h, "/count/x", text, sizeof text);
	CHECK(sscanf(text, "%u %u", &connections, &requests) == 2);
	for (size_t i = 0; i < 10; i++)
		CHECK(load(h, i % 2 ? "/ok/x" : "/status/404").ok);
	text_of(h, "/count/x", text, sizeof text);
	CHECK(sscanf(text, "%u %u", &more, &later) == 2);
	EQ_INT(more, connections);
	EQ_INT(later - requests, 11);
	EQ_INT(http_requests(h), 12);
	CHECK(http_bytes(h) > 5 * FILE_BYTES + 12 * 50);
	CHECK(http_bytes(h) < 5 * FILE_BYTES + 12 * 300);
	http_close(h);
}

TEST(a_file_that_did_not_change_is_not_sent_again)
{
	const char *const args[] = { "--root", "tests/net/data", NULL };
	struct server s = server_start(args);
	struct http *h = open_at("http", s.port, "site", &http_limits);
	struct buf out = buf_empty(CAP);
	enum http_found found = HTTP_ABSENT;
	char tag[HTTP_TAG_MAX + 1];
	struct err e = { 0 };

	OK(http_load_since(h, "/keys.note", CAP, "", &out, &found, &e), e);
	EQ_INT(found, HTTP_FOUND);
	CHECK(out.n > 10);
	snprintf(tag, sizeof tag, "%s", http_tag(h));
	EQ_INT(strlen(tag), 18);
	buf_clear(&out);
	OK(http_load_since(h, "/keys.note", CAP, tag, &out, &found, &e), e);
	EQ_INT(found, HTTP_UNCHANGED);
	EQ_INT(out.n, 0);
	OK(http_load_since(h, "/keys.note", CAP, "\"another\"", &out, &found, &e), e);
	EQ_INT(found, HTTP_FOUND);
	OK(http_load_since(h, "/none", CAP, tag, &out, &found, &e), e);
	EQ_INT(found, HTTP_ABSENT);
	EQ_C(http_tag(h), "");
	buf_free(&out);
	http_close(h);
	server_stop(&s);
}

/* What a POST to `step` is answered; `code` is what must be said when it fails, NULL for none. */
static void post(struct http *h, struct str bytes, const char *code, struct buf *out)
{
	const struct http_body body = { "application/timestamp-query",
					"application/timestamp-reply", bytes };
	struct err e = { 0 };

	buf_clear(out);
	if (code == NULL)
		OK(http_exchange(h, &body, CAP, out, &e), e);
	else
		CHECK(!http_exchange(h, &body, CAP, out, &e));
	if (code != NULL)
		EQ_C(e.code, code);
}

TEST(a_post_carries_its_bytes_and_its_type_and_a_get_may_follow)
{
	struct http *h = open_at("http", port(), "post/", NULL);
	struct buf out = buf_empty(1 << 16);
	const char bytes[] = "\0\1<html>\xff";
	struct err e = { 0 };

	post(h, str_bytes(bytes, sizeof bytes), NULL, &out);
	EQ_STR(buf_view(&out), STR("/post/ application/timestamp-query "
				   "application/timestamp-reply 10\n\0\1<html>\xff\0"));
	post(h, STR("again"), NULL, &out);
	CHECK(str_ends(buf_view(&out), STR("reply 5\nagain")));
	http_close(h);

	h = open_at("http", port(), "ok", NULL);
	buf_clear(&out);
	OK(http_exchange(h, NULL, CAP, &out, &e), e);
	EQ_INT(out.n, FILE_BYTES);
	post(h, STR("a"), "NET-STATUS", &out);
	buf_clear(&out);
	OK(http_exchange(h, NULL, CAP, &out, &e), e);
	EQ_INT(out.n, FILE_BYTES);
	http_close(h);
	buf_free(&out);
}

TEST(a_post_follows_nobody_and_takes_no_more_than_its_cap)
{
	struct buf out = buf_empty(1 << 16);
	struct http *h = open_at("http", port(), "away", NULL);

	post(h, STR("a"), "NET-REDIRECT", &out);
	http_close(h);
	h = open_at("http", port(), "large", NULL);
	post(h, STR("a"), "NET-TOO-LONG", &out);
	EQ_INT(out.n, 0);
	http_close(h);
	h = open_at("http", 9, "ok", NULL);
	post(h, STR("a"), "NET-CONNECT", &out);
	post(h, STR("a"), "NET-CONNECT", &out);
	post(h, STR("a"), "NET-CONNECT", &out);
	http_close(h);
	buf_free(&out);
}
