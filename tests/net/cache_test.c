/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "check.h"
#include "net/cache.h"
#include "net/server.h"
#include "net/site_http.h"

/* A folder of its own with site/ and cache/ in it. */
struct place {
	char dir[64], site[80], cache[80];
};

static struct place place_new(void)
{
	struct place p = { .dir = "/tmp/hufu-cache-XXXXXX" };
	struct err e = { 0 };

	if (mkdtemp(p.dir) == NULL)
		abort();
	snprintf(p.site, sizeof p.site, "%s/site", p.dir);
	snprintf(p.cache, sizeof p.cache, "%s/deep/cache", p.dir);
	OK(io_mkdir(p.site, 0755, &e), e);
	return p;
}

static void place_free(const struct place *p)
{
	char line[128];

	snprintf(line, sizeof line, "rm -rf %s", p->dir);
	CHECK(system(line) == 0);
}

static void put_site(const struct place *p, const char *path, const char *text)
{
	char dir[300], *slash;
	struct err e = { 0 };

	snprintf(dir, sizeof dir, "%s%s", p->site, path);
	slash = strrchr(dir, '/');
	*slash = '\0';
	OK(io_mkdir(dir, 0755, &e), e);
	OK(io_replace(dir, slash + 1, str_of(text), 0644, &e), e);
}

static struct cache *cache_new(const struct place *p)
{
	struct cache *c = NULL;
	struct err e = { 0 };

	if (!OK(cache_open(p->cache, &c, &e), e))
		abort();
	return c;
}

TEST(only_files_that_never_change_are_kept_for_ever)
{
	static const struct {
		const char *path;
		enum cache_kind kind;
	} cases[] = {
		{ "", CACHE_NOT },
		{ "/../keys.note", CACHE_NOT },
		{ "/tile/../../x", CACHE_NOT },
		{ "/policy.json", CACHE_NOT },
		{ "/index.html", CACHE_NOT },
		{ "/s/x", CACHE_NOT },
		{ "/s/7.tlog-proof", CACHE_NOT },
		{ "/keys.note", CACHE_IF_UNCHANGED },
		{ "/checkpoint", CACHE_IF_UNCHANGED },
		{ "/s/7", CACHE_IF_UNCHANGED },
		{ "/d/info", CACHE_IF_UNCHANGED },
		{ "/d/0110", CACHE_IF_UNCHANGED },
		{ "/s/7.at/1795000000", CACHE_FOR_EVER },
		{ "/tile/0/x001/067", CACHE_FOR_EVER },
		{ "/tile/0/x001/067.p/8", CACHE_FOR_EVER },
		{ "/tile/entries/000", CACHE_FOR_EVER },
		{ "/m/1-0.json", CACHE_FOR_EVER },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (!EQ_INT(cache_kind_of(str_of(cases[i].path)), cases[i].kind))
			printf("# %s\n", cases[i].path);
}

TEST(what_is_put_comes_back_with_its_tag)
{
	struct place p = place_new();
	struct cache *c = cache_new(&p);
	struct buf out = buf_empty(1000);
	char tag[HTTP_TAG_MAX + 1];
	struct stat st;

	CHECK(!cache_get(c, "/keys.note", 1000, &out, tag));
	CHECK(stat(p.cache, &st) != 0); /* nothing is made for nothing */
	cache_put(c, "/keys.note", "\"a\"", STR("line\nline\n\0x"));
	cache_put(c, "/tile/0/x001/067", "", STR(""));
	cache_put(c, "/policy.json", "", STR("never"));
	CHECK(cache_get(c, "/keys.note", 1000, &out, tag));
	EQ_STR(buf_view(&out), STR("line\nline\n\0x"));
	EQ_C(tag, "\"a\"");
	CHECK(cache_get(c, "/tile/0/x001/067", 1000, &out, tag));
	EQ_INT(out.n, 12);
	EQ_C(tag, "");
	CHECK(!cache_get(c, "/policy.json", 1000, &out, tag));
	CHECK(!cache_get(c, "/keys.note", 11, &out, tag)); /* longer than the reader takes */
	cache_drop(c, "/keys.note");
	CHECK(!cache_get(c, "/keys.note", 1000, &out, tag));
	EQ_INT(stat(p.cache, &st), 0);
	EQ_INT(st.st_mode & 0777, 0700);
	buf_free(&out);
	cache_close(c);
	place_free(&p);
}

static void plant(const struct place *p, const char *name, struct str bytes)
{
	struct err e = { 0 };

	OK(io_mkdir(p->cache, 0700, &e), e);
	OK(io_replace(p->cache, name, bytes, 0644, &e), e);
}

TEST(a_cache_that_somebody_shaped_gives_nothing)
{
	static char long_tag[HTTP_TAG_MAX + 3];
	static char big[CACHE_FILE_MAX + 200];
	struct place p = place_new();
	struct cache *c = cache_new(&p);
	struct buf out = buf_empty(CACHE_FILE_MAX * 2);
	char tag[HTTP_TAG_MAX + 1], path[200], target[200];

	memset(long_tag, 'x', sizeof long_tag - 2);
	long_tag[sizeof long_tag - 2] = '\n';
	memset(big, '\n', sizeof big);
	plant(&p, "tile=0=000", STR("no line end"));
	plant(&p, "tile=0=001", str_of(long_tag));
	plant(&p, "tile=0=002", STR("\0\nx"));
	plant(&p, "tile=0=003", str_bytes(big, sizeof big));
	plant(&p, "tile=0=004", STR(""));
	plant(&p, "kept", STR("\nsecret"));
	snprintf(path, sizeof path, "%s/tile=0=005", p.cache);
	snprintf(target, sizeof target, "%s/kept", p.cache);
	CHECK(symlink(target, path) == 0);
	snprintf(path, sizeof path, "%s/tile=0=006", p.cache);
	CHECK(mkfifo(path, 0600) == 0);
	snprintf(path, sizeof path, "%s/tile=0=007", p.cache);
	CHECK(mkdir(path, 0700) == 0);
	for (unsigned i = 0; i < 9; i++) {
		snprintf(path, sizeof path, "/tile/0/%03u", i);
		if (!CHECK(!cache_get(c, path, CACHE_FILE_MAX, &out, tag)))
			printf("# %s\n", path);
	}
	EQ_INT(out.n, 0);
	buf_free(&out);
	cache_close(c);
	place_free(&p);
}

TEST(the_oldest_go_when_there_is_too_much)
{
	static char kilobyte[1000];
	struct place p = place_new();
	struct cache *c = cache_new(&p);
	struct buf out = buf_empty(4000);
	char path[200], tag[HTTP_TAG_MAX + 1];

	for (unsigned i = 0; i < 20; i++) {
		struct timespec at[2] = { { .tv_sec = 1000 + i }, { .tv_sec = 1000 + i } };

		snprintf(path, sizeof path, "/tile/0/%03u", i);
		cache_put(c, path, "", str_bytes(kilobyte, sizeof kilobyte));
		snprintf(path, sizeof path, "%s/tile=0=%03u", p.cache, i);
		CHECK(utimensat(AT_FDCWD, path, at, 0) == 0);
	}
	EQ_INT(cache_trim(c, 30000), 0);
	EQ_INT(cache_trim(c, 16000), 9); /* 11 × 1001 bytes are within 12,000 */
	CHECK(!cache_get(c, "/tile/0/008", 1000, &out, tag));
	CHECK(cache_get(c, "/tile/0/009", 1000, &out, tag));
	EQ_INT(cache_trim(c, 0), 11);
	buf_free(&out);
	cache_close(c);
	place_free(&p);
}

TEST(a_cache_that_cannot_keep_is_no_trouble)
{
	struct cache *c = NULL;
	struct buf out = buf_empty(100);
	char tag[HTTP_TAG_MAX + 1];
	struct err e = { 0 };

	OK(cache_open("/dev/null/cache", &c, &e), e);
	cache_put(c, "/keys.note", "", STR("x"));
	CHECK(!cache_get(c, "/keys.note", 100, &out, tag));
	EQ_INT(cache_trim(c, 0), 0);
	cache_drop(c, "/keys.note");
	cache_close(c);
	buf_free(&out);
}

/* A site of the place's folder behind http. */
static struct site_http *site_new(const struct place *p, unsigned port, bool cached,
				  struct site *site)
{
	struct site_http *s = NULL;
	struct err e = { 0 };
	char base[64];
	int n = snprintf(base, sizeof base, "http://127.0.0.1:%u/site", port);
	const struct site_http_place place = { .base = str_bytes(base, (size_t)n),
					       .limits = &http_limits,
					       .cache = cached ? p->cache : NULL,
					       .canonical = true };

	if (!OK(site_http_open(&place, &s, site, &e), e))
		abort();
	CHECK(site->canonical);
	return s;
}

/* One file, which must be there and be this. */
static void is(struct site *site, const char *path, const char *text)
{
	struct buf out = buf_empty(1000);
	struct err e = { 0 };
	bool absent;

	OK(site->load(site->self, path, 500, &out, &absent, &e), e);
	CHECK(!absent);
	EQ_STR(buf_view(&out), str_of(text));
	buf_free(&out);
}

TEST(a_second_look_asks_only_for_what_may_have_changed)
{
	struct place p = place_new();
	const char *const args[] = { "--root", p.site, NULL };
	struct server server = server_start(args);
	struct site site;
	struct site_http *s;
	uint64_t first;

	put_site(&p, "/keys.note", "the keys");
	put_site(&p, "/tile/0/000", "a tile");
	put_site(&p, "/s/0", "the status of today");
	s = site_new(&p, server.port, true, &site);
	is(&site, "/keys.note", "the keys");
	is(&site, "/tile/0/000", "a tile");
	is(&site, "/s/0", "the status of today");
	EQ_INT(site_http_counts(s).requests, 3);
	EQ_INT(site_http_counts(s).cached, 0);
	first = site_http_counts(s).bytes;
	site_http_keep(s);
	site_http_close(s);

	put_site(&p, "/s/0", "revoked");
	s = site_new(&p, server.port, true, &site);
	is(&site, "/keys.note", "the keys");
	is(&site, "/tile/0/000", "a tile");
	is(&site, "/s/0", "revoked");
	EQ_INT(site_http_counts(s).requests, 2);
	EQ_INT(site_http_counts(s).cached, 2);
	CHECK(site_http_counts(s).bytes < first);
	site_http_keep(s);
	is(&site, "/s/0", "revoked");
	EQ_INT(site_http_counts(s).cached, 3);
	site_http_close(s);
	server_stop(&server);
	place_free(&p);
}

TEST(a_copy_never_answers_for_a_site_that_is_down)
{
	struct place p = place_new();
	const char *const args[] = { "--root", p.site, NULL };
	struct server server = server_start(args);
	struct buf out = buf_empty(1000);
	struct err e = { 0 };
	struct site site;
	struct site_http *s;
	bool absent;

	put_site(&p, "/s/0", "good");
	put_site(&p, "/tile/0/000", "a tile");
	s = site_new(&p, server.port, true, &site);
	is(&site, "/s/0", "good");
	is(&site, "/tile/0/000", "a tile");
	site_http_keep(s);
	server_stop(&server);
	CHECK(!site.load(site.self, "/s/0", 500, &out, &absent, &e) && !absent);
	EQ_C(e.code, "NET-CONNECT");
	EQ_INT(out.n, 0);
	is(&site, "/tile/0/000", "a tile"); /* that never changes */
	site_http_close(s);
	buf_free(&out);
	place_free(&p);
}

TEST(what_did_not_hold_is_not_kept_and_what_misled_is_dropped)
{
	struct place p = place_new();
	const char *const args[] = { "--root", p.site, NULL };
	struct server server = server_start(args);
	struct site site;
	struct site_http *s;

	put_site(&p, "/tile/0/000", "a lie");
	s = site_new(&p, server.port, true, &site);
	is(&site, "/tile/0/000", "a lie");
	CHECK(!site_http_doubt(s)); /* the site itself said so */
	site_http_keep(s);
	site_http_close(s);
	put_site(&p, "/tile/0/000", "the truth");
	s = site_new(&p, server.port, true, &site);
	is(&site, "/tile/0/000", "the truth");
	site_http_close(s);

	plant(&p, "tile=0=000", STR("\na lie"));
	s = site_new(&p, server.port, true, &site);
	is(&site, "/tile/0/000", "a lie");
	CHECK(site_http_doubt(s));
	is(&site, "/tile/0/000", "the truth");
	CHECK(!site_http_doubt(s));
	is(&site, "/tile/0/000", "the truth");
	site_http_keep(s);
	site_http_close(s);

	plant(&p, "tile=0=000", STR("\na lie that holds for one"));
	s = site_new(&p, server.port, true, &site);
	is(&site, "/tile/0/000", "a lie that holds for one");
	site_http_keep(s);
	CHECK(site_http_doubt(s));
	is(&site, "/tile/0/000", "the truth");
	site_http_keep(s);
	site_http_close(s);
	put_site(&p, "/tile/0/000", "not looked at any more");
	s = site_new(&p, server.port, true, &site);
	is(&site, "/tile/0/000", "the truth");
	site_http_close(s);
	server_stop(&server);
	place_free(&p);
}

TEST(without_a_cache_everything_is_fetched)
{
	struct place p = place_new();
	const char *const args[] = { "--root", p.site, NULL };
	struct server server = server_start(args);
	struct site site;
	struct site_http *s;

	put_site(&p, "/tile/0/000", "a tile");
	s = site_new(&p, server.port, false, &site);
	is(&site, "/tile/0/000", "a tile");
	is(&site, "/tile/0/000", "a tile");
	EQ_INT(site_http_counts(s).requests, 2);
	site_http_keep(s);
	CHECK(!site_http_doubt(s));
	CHECK(!io_exists(p.cache));
	site_http_close(s);
	server_stop(&server);
	place_free(&p);
}

/* All a second look does, with one allocation failing. */
static bool look(const struct place *p, unsigned port, size_t nth, size_t *count)
{
	char base[64];
	int n = snprintf(base, sizeof base, "http://127.0.0.1:%u/site", port);
	const struct site_http_place at = { .base = str_bytes(base, (size_t)n),
					    .limits = &http_limits,
					    .cache = p->cache };
	struct buf out = buf_empty(1000);
	struct site_http *s = NULL;
	struct site site;
	struct err e = { 0 };
	bool absent = false, ok;

	check_fail_alloc(nth);
	ok = site_http_open(&at, &s, &site, &e) &&
	     site.load(site.self, "/keys.note", 500, &out, &absent, &e) &&
	     site.load(site.self, "/tile/0/000", 500, &out, &absent, &e);
	if (ok)
		site_http_keep(s);
	*count = check_alloc_count();
	check_fail_alloc(0);
	if (ok)
		EQ_STR(buf_view(&out), STR("the keysa tile"));
	else
		CHECK(e.kind == ERR_SYSTEM && e.cause[0] != '\0');
	site_http_close(s);
	buf_free(&out);
	return ok;
}

TEST(without_memory_a_file_is_whole_or_not_there)
{
	struct place p = place_new();
	const char *const args[] = { "--root", p.site, NULL };
	struct server server = server_start(args);
	size_t count, ignored, failed = 0;

	put_site(&p, "/keys.note", "the keys");
	put_site(&p, "/tile/0/000", "a tile");
	for (unsigned round = 0; round < 2; round++) {
		CHECK(look(&p, server.port, SIZE_MAX, &count));
		CHECK(count >= 4);
		for (size_t nth = 1; nth <= count; nth++)
			failed += look(&p, server.port, nth, &ignored) ? 0 : 1;
	}
	CHECK(failed >= 6);
	CHECK(look(&p, server.port, SIZE_MAX, &count));
	server_stop(&server);
	place_free(&p);
}
