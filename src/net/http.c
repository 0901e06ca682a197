/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

#include "base/version.h"

enum {
	URL_MAX = 1024,
	HOST_MAX = 255,
	REDIRECTS_MAX = 2,
	STRIKES_MAX = 2,       /* failures to talk at all, one behind the other */
	WASTE_MAX = 64 * 1024, /* of a body that nobody reads: an error's, a redirect's */
	OK = 200,
	UNCHANGED = 304,
	NOT_FOUND = 404,
	GONE = 410
};

const struct http_limits http_limits = {
	.connect_ms = 5000, .whole_ms = 20000, .slow_s = 5, .slow_bytes_s = 500
};

/* The answer being received. */
struct answer {
	CURL *easy;
	struct buf *out;
	size_t cap, start, waste;
	bool conditional; /* a tag was sent along */
	bool too_long, encoded;
	char tag[HTTP_TAG_MAX + 1];
	uint64_t bytes;
};

struct http {
	CURL *easy;
	struct curl_slist *headers;
	struct buf base, url;
	char host[HOST_MAX + 1];
	bool slash; /* the base ended in one, which http_exchange gives back */
	uint64_t bytes, requests;
	unsigned strikes;
	struct err last; /* why the last strike */
	char tag[HTTP_TAG_MAX + 1];
	char detail[CURL_ERROR_SIZE];
};

/* "HOST WORDS", or "HOST WORDS (DETAIL)". */
static bool trouble(const struct http *h, struct err *e, const char *code, const char *words)
{
	if (h->detail[0] == '\0')
		err_system(e, "%s %s", h->host, words);
	else
		err_system(e, "%s %s (%s)", h->host, words, h->detail);
	snprintf(e->code, sizeof e->code, "%s", code);
	return false;
}

/* Scheme, host and port of a URL, "" where there is none. */
struct place {
	char scheme[8], host[HOST_MAX + 1], port[8];
};

static bool part(CURLU *url, CURLUPart which, unsigned flags, char *out, size_t size)
{
	char *text;
	int n;

	if (curl_url_get(url, which, &text, flags) != CURLUE_OK)
		return false;
	n = snprintf(out, size, "%s", text);
	curl_free(text);
	return n > 0 && (size_t)n < size;
}

static bool has(CURLU *url, CURLUPart which)
{
	char *text;

	if (curl_url_get(url, which, &text, 0) != CURLUE_OK)
		return false;
	curl_free(text);
	return true;
}

/* False unless it is http or https without a name and password. */
static bool place_of(const char *text, bool bare, struct place *out)
{
	CURLU *url = curl_url();
	bool ok = url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		  part(url, CURLUPART_SCHEME, 0, out->scheme, sizeof out->scheme) &&
		  part(url, CURLUPART_HOST, 0, out->host, sizeof out->host) &&
		  part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, out->port, sizeof out->port) &&
		  !has(url, CURLUPART_USER) && !has(url, CURLUPART_PASSWORD);

	ok = ok && (strcmp(out->scheme, "http") == 0 || strcmp(out->scheme, "https") == 0);
	if (ok && bare)
		ok = !has(url, CURLUPART_QUERY) && !has(url, CURLUPART_FRAGMENT);
	curl_url_cleanup(url);
	return ok;
}

/* The same host, and the same port unless http becomes https. */
static bool may_lead(const char *from, const char *to)
{
	struct place a, b;
	bool upgrade;

	if (!place_of(from, false, &a) || !place_of(to, false, &b))
		return false;
	upgrade = strcmp(a.scheme, "http") == 0 && strcmp(b.scheme, "https") == 0;
	if (strcasecmp(a.host, b.host) != 0)
		return false;
	return upgrade || (strcmp(a.scheme, b.scheme) == 0 && strcmp(a.port, b.port) == 0);
}

static size_t take_body(char *p, size_t size UNUSED, size_t n, void *self)
{
	struct answer *w = self;
	long status = 0;

	w->bytes += n;
	curl_easy_getinfo(w->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != OK) {
		w->waste += n;
		return w->waste > WASTE_MAX ? 0 : n;
	}
	if (n > w->cap - (w->out->n - w->start)) {
		w->too_long = true;
		return 0;
	}
	buf_put(w->out, p, n);
	return w->out->failed ? 0 : n;
}

static struct str trimmed(struct str s)
{
	while (s.n > 0 && strchr(" \t\r\n", s.p[s.n - 1]) != NULL)
		s.n--;
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_skip(s, 1);
	return s;
}

/* RFC 9110 §8.8.3, kept only when it can be sent back as it came. */
static void take_tag(struct answer *w, struct str value)
{
	struct str quoted = str_starts(value, STR("W/")) ? str_skip(value, 2) : value;

	if (value.n > HTTP_TAG_MAX || quoted.n < 2 || quoted.p[0] != '"' ||
	    quoted.p[quoted.n - 1] != '"')
		return;
	for (size_t i = 1; i + 1 < quoted.n; i++)
		if (quoted.p[i] <= 0x20 || quoted.p[i] >= 0x7f || quoted.p[i] == '"')
			return;
	memcpy(w->tag, value.p, value.n);
	w->tag[value.n] = '\0';
}

static size_t take_header(char *p, size_t size UNUSED, size_t n, void *self)
{
	struct answer *w = self;
	struct str line = str_bytes(p, n), name = { 0 };

	w->bytes += n;
	if (str_starts(line, STR("HTTP/"))) { /* a proxy's, a redirect's, then the file's own */
		w->tag[0] = '\0';
		w->encoded = false;
	}
	if (!str_split(&line, ':', &name) || line.n == 0)
		return n;
	line = trimmed(line);
	if (name.n == 4 && strncasecmp(name.p, "etag", 4) == 0)
		take_tag(w, line);
	if (name.n == 16 && strncasecmp(name.p, "content-encoding", 16) == 0)
		w->encoded = !str_eq(line, STR("identity"));
	return n;
}

static bool starts_like(struct str s, const char *word, size_t n)
{
	return s.n >= n && strncasecmp(s.p, word, n) == 0;
}

/* Tiles are noise and may begin with '<': only what a page begins with is one. */
static bool is_page(CURL *easy, struct str body)
{
	const char *type = NULL;

	if (str_starts(body, STR("\xef\xbb\xbf")))
		body = str_skip(body, 3);
	while (body.n > 0 && strchr(" \t\r\n", body.p[0]) != NULL)
		body = str_skip(body, 1);
	if (starts_like(body, "<!doctype", 9) || starts_like(body, "<html", 5) ||
	    starts_like(body, "<?xml ", 6))
		return true;
	curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
	return type != NULL && strncasecmp(type, "text/html", 9) == 0 && body.n > 0 &&
	       body.p[0] == '<';
}

/* What libcurl calls it, what we call it, and whether libcurl's own words say more. */
static const struct failure {
	CURLcode curl;
	bool detailed;
	const char *code, *words;
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, false, "NET-RESOLVE", "has no known address" },
	{ CURLE_COULDNT_RESOLVE_PROXY, false, "NET-RESOLVE",
	  "is asked through a proxy that has no known address" },
	{ CURLE_COULDNT_CONNECT, false, "NET-CONNECT", "takes no connection" },
	{ CURLE_OPERATION_TIMEDOUT, false, "NET-TIMEOUT", "did not answer in time" },
	{ CURLE_PEER_FAILED_VERIFICATION, true, "NET-CERTIFICATE",
	  "has a certificate that is not trusted" },
	{ CURLE_SSL_CONNECT_ERROR, true, "NET-TLS", "cannot be talked to by TLS" },
	{ CURLE_SSL_CACERT_BADFILE, true, "NET-TLS",
	  "cannot be trusted: no certificates on this machine (ca-certificates)" },
	{ CURLE_RECV_ERROR, false, "NET-BROKEN", "broke off" },
	{ CURLE_SEND_ERROR, false, "NET-BROKEN", "broke off" },
	{ CURLE_PARTIAL_FILE, false, "NET-BROKEN", "broke off in the middle of a file" },
	{ CURLE_GOT_NOTHING, false, "NET-BROKEN", "broke off without an answer" },
	{ CURLE_WEIRD_SERVER_REPLY, false, "NET-BROKEN", "does not answer by HTTP" },
	{ CURLE_UNSUPPORTED_PROTOCOL, false, "NET-BROKEN", "does not answer by HTTP" },
	{ CURLE_HTTP2, false, "NET-BROKEN", "broke off" },
	{ CURLE_HTTP2_STREAM, false, "NET-BROKEN", "broke off" },
};

/* The request itself failed. */
static bool request_failed(struct http *h, CURLcode curl, struct err *e)
{
	const struct failure *f = failures;

	while (f < failures + COUNT_OF(failures) && f->curl != curl)
		f++;
	if (f == failures + COUNT_OF(failures)) {
		trouble(h, e, "NET-OTHER", curl_easy_strerror(curl));
	} else {
		if (!f->detailed)
			h->detail[0] = '\0';
		trouble(h, e, f->code, f->words);
	}
	h->strikes++;
	h->last = *e;
	return false;
}

/* The server answered; is it the file? */
static bool judge(struct http *h, const struct answer *w, long status, enum http_found *found,
		  struct err *e)
{
	h->detail[0] = '\0';
	if (status == NOT_FOUND || status == GONE) {
		*found = HTTP_ABSENT;
		return true;
	}
	if (status == UNCHANGED && w->conditional) {
		*found = HTTP_UNCHANGED;
		return true;
	}
	if (status != OK) {
		snprintf(h->detail, sizeof h->detail, "status %ld", status);
		return trouble(h, e, "NET-STATUS", "answered without the file");
	}
	if (w->encoded)
		return trouble(h, e, "NET-ENCODING", "encoded the file, which nobody asked for");
	if (is_page(h->easy, str_skip(buf_view(w->out), w->start)))
		return trouble(h, e, "NET-PAGE", "answered with a web page");
	*found = HTTP_FOUND;
	return true;
}

/* We broke off ourselves: what an answer other than 200 says at length is not read. */
static bool is_cut(CURLcode curl)
{
	return curl == CURLE_WRITE_ERROR || curl == CURLE_FILESIZE_EXCEEDED;
}

/* One request, to h->url. */
static bool ask(struct http *h, struct answer *w, long *status, struct err *e)
{
	CURLcode curl;

	w->too_long = false;
	w->waste = 0;
	h->detail[0] = '\0';
	*status = 0;
	curl_easy_setopt(h->easy, CURLOPT_URL, h->url.p);
	curl = curl_easy_perform(h->easy);
	h->requests++;
	h->bytes += w->bytes;
	w->bytes = 0;
	curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, status);
	if (*status == OK && (w->too_long || curl == CURLE_FILESIZE_EXCEEDED)) {
		snprintf(h->detail, sizeof h->detail, "%zu bytes", w->cap);
		return trouble(h, e, "NET-TOO-LONG", "sends more than this file may have");
	}
	if (w->out->failed)
		return buf_ok(w->out, "a published file", e);
	if (curl != CURLE_OK && (*status == OK || !is_cut(curl)))
		return request_failed(h, curl, e);
	h->strikes = 0;
	return true;
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where the last answer leads, into h->url. */
static bool follow(struct http *h, struct err *e)
{
	const char *to = NULL;

	curl_easy_getinfo(h->easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL || strnlen(to, URL_MAX) == URL_MAX || !may_lead(h->url.p, to))
		return trouble(h, e, "NET-REDIRECT", "leads to another place");
	buf_clear(&h->url);
	buf_printf(&h->url, "%s", to);
	buf_byte(&h->url, '\0');
	return buf_ok(&h->url, "a redirect", e);
}

static bool ask_and_follow(struct http *h, struct answer *w, long *status, struct err *e)
{
	for (unsigned hop = 0;; hop++) {
		if (!ask(h, w, status, e))
			return false;
		if (!is_redirect(*status))
			return true;
		if (hop == REDIRECTS_MAX)
			return trouble(h, e, "NET-REDIRECT", "leads in a circle");
		if (!follow(h, e))
			return false;
	}
}

/* Header lines of this request: those of all, and the tag known. */
static bool set_headers(struct http *h, const char *tag, struct curl_slist **own, struct err *e)
{
	char line[HTTP_TAG_MAX + 32];

	*own = NULL;
	curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers);
	if (tag[0] == '\0')
		return true;
	snprintf(line, sizeof line, "If-None-Match: %s", tag);
	*own = curl_slist_append(NULL, line);
	if (*own == NULL)
		return err_memory(e, "a request");
	(*own)->next = h->headers;
	curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, *own);
	return true;
}

static bool load(struct http *h, const char *tag, struct answer *w, enum http_found *found,
		 struct err *e)
{
	struct curl_slist *own;
	long status;
	bool ok;

	if (!set_headers(h, tag, &own, e))
		return false;
	curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, w);
	curl_easy_setopt(h->easy, CURLOPT_HEADERDATA, w);
	curl_easy_setopt(h->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)w->cap);
	ok = ask_and_follow(h, w, &status, e) && judge(h, w, status, found, e);
	curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers);
	if (own != NULL)
		own->next = NULL; /* the rest is h's */
	curl_slist_free_all(own);
	return ok;
}

bool http_load_since(struct http *h, const char *path, size_t cap, const char *tag, struct buf *out,
		     enum http_found *found, struct err *e)
{
	struct answer w = { .easy = h->easy, .out = out, .cap = cap, .start = out->n };

	h->tag[0] = '\0';
	if (!site_path_ok(str_of(path)))
		return err_system(e, "'%s' is no path of a published site", path);
	w.conditional = tag[0] != '\0';
	if (h->strikes == STRIKES_MAX) {
		*e = h->last;
		return false;
	}
	buf_clear(&h->url);
	buf_str(&h->url, buf_view(&h->base));
	buf_printf(&h->url, "%s", path);
	buf_byte(&h->url, '\0');
	if (!buf_ok(&h->url, "a URL", e))
		return false;
	if (!load(h, tag, &w, found, e)) {
		out->n = w.start;
		return false;
	}
	if (*found != HTTP_FOUND)
		out->n = w.start;
	memcpy(h->tag, w.tag, sizeof h->tag);
	return true;
}

bool http_load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
	       struct err *e)
{
	enum http_found found = HTTP_ABSENT;

	*absent = false;
	if (!http_load_since(self, path, cap, "", out, &found, e))
		return false;
	*absent = found == HTTP_ABSENT;
	return true;
}

/* Header lines of a POST before those of all; NULL when memory ran out. */
static struct curl_slist *body_headers(struct http *h, const struct http_body *body)
{
	char lines[3][160];
	struct curl_slist *own = NULL, *more, *last;

	snprintf(lines[0], sizeof lines[0], "Content-Type: %s", body->type);
	snprintf(lines[1], sizeof lines[1], "Accept: %s", body->answer);
	snprintf(lines[2], sizeof lines[2], "Expect:"); /* no 100-continue: it costs a round */
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		more = curl_slist_append(own, lines[i]);
		if (more == NULL) {
			curl_slist_free_all(own);
			return NULL;
		}
		own = more;
	}
	for (last = own; last->next != NULL; last = last->next)
		;
	last->next = h->headers;
	return own;
}

/* Take h's own headers off the end of the list, and give the rest back. */
static void headers_free(struct http *h, struct curl_slist *own)
{
	for (struct curl_slist *at = own; at != NULL; at = at->next)
		if (at->next == h->headers)
			at->next = NULL;
	curl_slist_free_all(own);
}

static bool post(struct http *h, const struct http_body *body, struct answer *w, long *status,
		 struct err *e)
{
	struct curl_slist *own = body_headers(h, body);
	bool ok;

	if (own == NULL)
		return err_memory(e, "a request");
	curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, own);
	curl_easy_setopt(h->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(h->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->bytes.n);
	curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, body->bytes.p);
	ok = ask(h, w, status, e);
	if (ok && is_redirect(*status))
		ok = trouble(h, e, "NET-REDIRECT", "leads to another place");
	curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(h->easy, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers);
	headers_free(h, own);
	return ok;
}

bool http_exchange(struct http *h, const struct http_body *body, size_t cap, struct buf *out,
		   struct err *e)
{
	struct answer w = { .easy = h->easy, .out = out, .cap = cap, .start = out->n };
	enum http_found found = HTTP_ABSENT;
	long status = 0;
	bool ok;

	buf_clear(&h->url);
	buf_str(&h->url, buf_view(&h->base));
	if (h->slash)
		buf_byte(&h->url, '/');
	buf_byte(&h->url, '\0');
	if (!buf_ok(&h->url, "a URL", e))
		return false;
	curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, &w);
	curl_easy_setopt(h->easy, CURLOPT_HEADERDATA, &w);
	curl_easy_setopt(h->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)cap);
	ok = body != NULL ? post(h, body, &w, &status, e) : ask_and_follow(h, &w, &status, e);
	ok = ok && judge(h, &w, status, &found, e);
	if (ok && found != HTTP_FOUND) {
		snprintf(h->detail, sizeof h->detail, "status %ld", status);
		ok = trouble(h, e, "NET-STATUS", "answered without the file");
	}
	if (!ok)
		out->n = w.start;
	return ok;
}

/* All that is the same for every request. */
static bool set_up(struct http *h, const struct http_limits *l)
{
	CURL *c = h->easy;

	return curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_USERAGENT, "hufu/" HUFU_VERSION) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, l->connect_ms) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, l->whole_ms) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, l->slow_s) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, l->slow_bytes_s) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	       (l->ca_file == NULL ||
		curl_easy_setopt(c, CURLOPT_CAINFO, l->ca_file) == CURLE_OK) &&
	       curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->detail) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HTTP_CONTENT_DECODING, 0L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK;
}

static bool set_base(struct http *h, struct str base, struct err *e)
{
	struct place place;

	h->slash = str_ends(base, STR("/"));
	while (base.n > 0 && base.p[base.n - 1] == '/')
		base.n--;
	buf_str(&h->base, base);
	buf_byte(&h->base, '\0');
	if (!buf_ok(&h->base, "the site's URL", e))
		return false;
	if (memchr(h->base.p, '\0', base.n) != NULL || strstr(h->base.p, ":///") != NULL ||
	    !place_of(h->base.p, true, &place)) /* libcurl forgives a third slash */
		return err_usage(e, "'%.*s' is no URL of a site: https://host[:port][/path]",
				 STR_ARG(base));
	h->base.n--;
	memcpy(h->host, place.host, sizeof h->host);
	return true;
}

bool http_open(struct str base, const struct http_limits *limits, struct http **out, struct err *e)
{
	struct http *h = calloc(1, sizeof *h);

	if (h == NULL)
		return err_memory(e, "a connection");
	h->base = buf_empty(URL_MAX / 2);
	h->url = buf_empty(URL_MAX);
	if (!set_base(h, base, e)) {
		http_close(h);
		return false;
	}
	h->easy = curl_easy_init();
	h->headers = curl_slist_append(NULL, "Accept-Encoding: identity");
	if (h->easy == NULL || h->headers == NULL ||
	    !set_up(h, limits != NULL ? limits : &http_limits)) {
		http_close(h);
		return err_system(e, "libcurl cannot be used");
	}
	*out = h;
	return true;
}

void http_close(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->easy);
	curl_slist_free_all(h->headers);
	buf_free(&h->base);
	buf_free(&h->url);
	free(h);
}

const char *http_tag(const struct http *h)
{
	return h->tag;
}

void http_site(struct http *h, struct site *site)
{
	*site = (struct site){ .self = h, .load = http_load };
}

uint64_t http_bytes(const struct http *h)
{
	return h->bytes;
}

uint64_t http_requests(const struct http *h)
{
	return h->requests;
}
