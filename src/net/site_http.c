/* SPDX-License-Identifier: Apache-2.0 */
#include "net/site_http.h"

#include <stdio.h>
#include <stdlib.h>

#include "net/cache.h"

enum {
	PENDING_MAX = 16 << 20,
	PATH_MAX_BYTES = 200,
	TRIM_EVERY = 1024 /* files; looking at the whole folder costs */
};

/* A file of this call: fetched and not yet kept, or served from the disk. */
struct item {
	struct item *next;
	bool fetched;
	char path[PATH_MAX_BYTES + 1], tag[HTTP_TAG_MAX + 1];
	size_t n;
	unsigned char bytes[];
};

struct site_http {
	struct http *http;
	struct cache *cache; /* NULL: none */
	struct item *items;
	size_t pending; /* bytes fetched and not yet kept */
	size_t cap;     /* of the file being loaded */
	bool wary;      /* the disk is read no more */
	size_t puts;    /* files written since the cache was last trimmed */
	uint64_t cached;
};

/* Forget what was fetched; with `all`, what was served from the disk too. */
static void items_drop(struct site_http *s, bool all)
{
	struct item **at = &s->items;

	while (*at != NULL) {
		struct item *i = *at;

		if (all || i->fetched) {
			*at = i->next;
			free(i);
		} else {
			at = &i->next;
		}
	}
	s->pending = 0;
}

/* Remember a file till the caller says what it was worth; without memory it is just not kept. */
static void item_add(struct site_http *s, const char *path, const char *tag, struct str bytes,
		     bool fetched)
{
	struct item *i;

	if (bytes.n > CACHE_FILE_MAX || s->pending > PENDING_MAX)
		return;
	i = malloc(sizeof *i + bytes.n);
	if (i == NULL)
		return;
	*i = (struct item){ .next = s->items, .fetched = fetched, .n = bytes.n };
	snprintf(i->path, sizeof i->path, "%s", path);
	snprintf(i->tag, sizeof i->tag, "%s", tag);
	if (bytes.n > 0)
		memcpy(i->bytes, bytes.p, bytes.n);
	s->items = i;
	s->pending += bytes.n;
}

/* A file of the disk was served. */
static bool serve(struct site_http *s, const char *path, struct str copy, struct buf *out,
		  struct err *e)
{
	s->cached++;
	item_add(s, path, "", (struct str){ 0 }, false);
	buf_str(out, copy);
	return buf_ok(out, path, e);
}

/* Ask the site; `copy` is what the tag stands for. */
static bool fetch(struct site_http *s, const char *path, const char *tag, struct str copy,
		  struct buf *out, bool *absent, struct err *e)
{
	enum http_found found = HTTP_ABSENT;
	struct buf fresh = buf_empty(out->max);
	bool ok = http_load_since(s->http, path, s->cap, tag, &fresh, &found, e);

	*absent = ok && found == HTTP_ABSENT;
	if (ok && found == HTTP_UNCHANGED)
		ok = serve(s, path, copy, out, e);
	if (ok && found == HTTP_FOUND) {
		buf_str(out, buf_view(&fresh));
		ok = buf_ok(out, path, e);
		if (s->cache != NULL && cache_kind_of(str_of(path)) != CACHE_NOT)
			item_add(s, path, http_tag(s->http), buf_view(&fresh), true);
	}
	buf_free(&fresh);
	return ok;
}

static bool load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		 struct err *e)
{
	struct site_http *s = self;
	struct buf copy = buf_empty(cap);
	char tag[HTTP_TAG_MAX + 1] = "";
	bool had, ok;

	*absent = false;
	s->cap = cap;
	had = s->cache != NULL && !s->wary && cache_get(s->cache, path, cap, &copy, tag);
	if (had && cache_kind_of(str_of(path)) == CACHE_FOR_EVER)
		ok = serve(s, path, buf_view(&copy), out, e);
	else
		ok = fetch(s, path, tag, buf_view(&copy), out, absent, e);
	buf_free(&copy);
	return ok;
}

static void trim(struct site_http *s, size_t least)
{
	if (s->puts < least)
		return;
	cache_trim(s->cache, CACHE_BYTES_MAX);
	s->puts = 0;
}

bool site_http_open(const struct site_http_place *place, struct site_http **out, struct site *site,
		    struct err *e)
{
	struct site_http *s = calloc(1, sizeof *s);
	bool ok;

	if (s == NULL)
		return err_memory(e, "a connection");
	ok = http_open(place->base, place->limits, &s->http, e) &&
	     (place->cache == NULL || cache_open(place->cache, &s->cache, e));
	if (!ok) {
		site_http_close(s);
		return false;
	}
	*out = s;
	*site = (struct site){ .self = s, .load = load, .canonical = place->canonical };
	return true;
}

void site_http_close(struct site_http *s)
{
	if (s == NULL)
		return;
	items_drop(s, true);
	trim(s, 1);
	cache_close(s->cache);
	http_close(s->http);
	free(s);
}

void site_http_keep(struct site_http *s)
{
	for (const struct item *i = s->items; i != NULL; i = i->next) {
		if (!i->fetched)
			continue;
		cache_put(s->cache, i->path, i->tag, str_bytes(i->bytes, i->n));
		s->puts++;
	}
	items_drop(s, false);
	trim(s, TRIM_EVERY);
}

bool site_http_doubt(struct site_http *s)
{
	bool served = false;

	for (const struct item *i = s->items; i != NULL; i = i->next)
		if (!i->fetched) {
			cache_drop(s->cache, i->path);
			served = true;
		}
	items_drop(s, true);
	s->wary = s->wary || served;
	return served;
}

struct site_http_counts site_http_counts(const struct site_http *s)
{
	return (struct site_http_counts){ .bytes = http_bytes(s->http),
					  .requests = http_requests(s->http),
					  .cached = s->cached };
}
