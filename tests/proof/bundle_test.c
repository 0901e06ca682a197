/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/bundle.h"

#include "fixture.h"

/* One file of a bundle that is made by hand. */
struct file {
	const char *path, *content;
};

static const struct file SITE[] = {
	{ "/checkpoint", "a checkpoint" },
	{ "/d/0", "" },
	{ "/d/info", "{}" },
	{ "/keys.note", "keys" },
	{ "/m/1-0.json", "{\"a\":1}" },
	{ "/m/1-0.json.minisig", "sig" },
	{ "/s/0", "shard" },
	{ "/s/0.at/1795140000", "shard" },
	{ "/tile/0/000", "\x01\x02" },
	{ "/tile/entries/x001/x234/067.p/8", "entries" },
};

static void put_file(struct buf *out, const char *path, struct str content)
{
	static const char zeros[BUNDLE_BLOCK];
	unsigned char header[BUNDLE_BLOCK];
	struct err e = { 0 };

	OK(bundle_header(path, content.n, header, &e), e);
	buf_put(out, header, sizeof header);
	buf_str(out, content);
	buf_put(out, zeros, (BUNDLE_BLOCK - content.n % BUNDLE_BLOCK) % BUNDLE_BLOCK);
}

static void put_end(struct buf *out)
{
	static const char zeros[BUNDLE_END];

	buf_put(out, zeros, sizeof zeros);
}

static struct buf bundle_of(const struct file *files, size_t count)
{
	struct buf out = buf_empty(1 << 20);

	for (size_t i = 0; i < count; i++)
		put_file(&out, files[i].path, str_of(files[i].content));
	put_end(&out);
	return out;
}

static bool opens(struct str bytes, struct err *e)
{
	struct bundle *b = NULL;
	bool ok = bundle_open(bytes, &b, e);

	CHECK(ok == (b != NULL));
	bundle_close(b);
	return ok;
}

static void refused(struct str bytes, const char *what)
{
	struct err e = { 0 };

	if (!CHECK(!opens(bytes, &e)))
		EQ_C(what, "refused");
	EQ_C(e.code, "BUNDLE-FORM");
}

static size_t sum_of(const char *block)
{
	size_t sum = 0;

	for (size_t i = 0; i < BUNDLE_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)block[i];
	return sum;
}

/* Change bytes of the first header and mend its checksum, so that only what was changed is wrong. */
static void patched(size_t at, struct str bytes, const char *what)
{
	struct buf b = bundle_of(SITE, COUNT_OF(SITE));
	char sum[8];

	memcpy(b.p + at, bytes.p, bytes.n);
	if (at < 148 || at >= 156) {
		(void)snprintf(sum, sizeof sum, "%06zo", sum_of(b.p));
		memcpy(b.p + 148, sum, 7);
		b.p[155] = ' ';
	}
	refused(buf_view(&b), what);
	buf_free(&b);
}

TEST(names_that_lead_out_of_the_site_are_refused)
{
	static const char *const names[] = {
		"../etc/passwd", "..",   "/etc/passwd", "a/../b", "a/..",    "./a",       "a/./b",
		"a//b",          "a/",   "/",           ".",      ".hidden", "a/.hidden", "a\\b",
		"a b",           "a\nb", "C:a",         "\xff",   "a\x7f",   "~a",        "-rf *",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char padded[100] = { 0 };
		unsigned char header[BUNDLE_BLOCK];
		struct err e = { 0 };

		memcpy(padded, names[i], strlen(names[i]));
		patched(0, (struct str){ padded, 100 }, names[i]);
		/* the prefix is a name's beginning too */
		patched(345, (struct str){ padded, 100 }, names[i]);
		if (names[i][0] != '/' || names[i][1] == '\0')
			CHECK(!bundle_header(names[i], 1, header, &e) && e.kind == ERR_SYSTEM);
	}
	patched(0, STR("\0"), "no name at all");
}

TEST(links_folders_devices_and_extensions_are_refused)
{
	static const char types[] = "1234567xgLKSDMNVXA\0 ";

	for (size_t i = 0; i < sizeof types - 1; i++)
		patched(156, (struct str){ types + i, 1 }, "type");
	patched(157, STR("/etc/passwd"), "link name");
}

TEST(headers_are_ours_or_refused)
{
	patched(100, STR("0000755"), "mode");
	patched(100, STR("0004644"), "set-uid");
	patched(108, STR("0001750"), "owner");
	patched(116, STR("0001750"), "group");
	patched(136, STR("14762054000"), "date");
	patched(257, STR("ustar  "), "GNU magic");
	patched(257, STR("\0\0\0\0\0\0\0\0"), "old magic");
	patched(265, STR("root"), "owner's name");
	patched(297, STR("root"), "group's name");
	patched(329, STR("0000001"), "device");
	patched(500, STR("x"), "behind the prefix");
	patched(124, STR("          14"), "size in blanks");
	patched(124, STR("00000000014 "), "size without NUL");
	patched(124, STR("0000000001a"), "size with a letter");
	patched(124, STR("77777777777"), "8 GiB");
	patched(124, STR("00400000001"), "over 64 MiB");
	patched(124, STR("\x80\0\0\0\0\0\0\0\0\0\0\x0c"), "base-256 size");
	patched(124, STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xf4"), "negative size");
	patched(148, STR("000000\0 "), "checksum");
	patched(148, STR("0000000"), "checksum of seven digits");
	patched(11, STR("\0x"), "bytes behind the name");
}

TEST(bundle_cut_anywhere_is_refused)
{
	struct buf b = bundle_of(SITE, COUNT_OF(SITE));
	size_t accepted = 0;
	struct err e = { 0 };

	for (size_t n = 0; n < b.n; n++)
		accepted += opens((struct str){ b.p, n }, &e) || strcmp(e.code, "BUNDLE-FORM") != 0;
	EQ_INT(accepted, 0);
	OK(opens(buf_view(&b), &e), e);
	put_end(&b);
	refused(buf_view(&b), "more zeros behind");
	buf_free(&b);
}

TEST(bundle_with_any_byte_of_a_header_or_filling_changed_is_refused)
{
	struct buf b = bundle_of(SITE, 2);
	size_t accepted = 0;
	struct err e = { 0 };

	for (size_t i = 0; i < b.n; i++) {
		/* the content of the first file, and the last letters of names, may be anything */
		if ((i >= BUNDLE_BLOCK && i < BUNDLE_BLOCK + 12) || i % BUNDLE_BLOCK < 12)
			continue;
		b.p[i] = (char)(b.p[i] ^ 1 << i % 7);
		accepted += opens(buf_view(&b), &e);
		b.p[i] = (char)(b.p[i] ^ 1 << i % 7);
	}
	EQ_INT(accepted, 0);
	buf_free(&b);
}

TEST(names_twice_or_out_of_order_or_in_a_folders_place_are_refused)
{
	static const struct file twice[] = { { "/a", "1" }, { "/a", "2" } };
	static const struct file swapped[] = { { "/b", "1" }, { "/a", "2" } };
	static const struct file folder[] = { { "/a", "1" }, { "/a-b", "2" }, { "/a/b", "3" } };
	static const struct file deep[] = { { "/a/b", "1" },
					    { "/a/b.c", "2" },
					    { "/a/b/c/d", "3" } };
	static const struct file near[] = { { "/a", "1" }, { "/a.b/c", "2" }, { "/aa/b", "3" } };
	const struct {
		const struct file *files;
		size_t count;
	} bad[] = { { twice, 2 }, { swapped, 2 }, { folder, 3 }, { deep, 3 } };
	struct err e = { 0 };
	struct buf b;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		b = bundle_of(bad[i].files, bad[i].count);
		refused(buf_view(&b), bad[i].files[0].path);
		buf_free(&b);
	}
	b = bundle_of(near, COUNT_OF(near));
	OK(opens(buf_view(&b), &e), e);
	buf_free(&b);
}

TEST(a_site_is_served_from_its_bundle)
{
	struct buf b = bundle_of(SITE, COUNT_OF(SITE)), got = buf_empty(4096);
	static const char *const absent[] = { "/checkpoin", "/checkpoint2", "/s",
					      "/s/1",       "/zzz",         "/0" };
	struct bundle *bundle = NULL;
	struct site site;
	struct err e = { 0 };
	bool missing;

	OK(bundle_open(buf_view(&b), &bundle, &e), e);
	bundle_site(bundle, &site);
	CHECK(!site.canonical);
	for (size_t i = 0; i < COUNT_OF(SITE); i++) {
		buf_clear(&got);
		OK(site.load(site.self, SITE[i].path, strlen(SITE[i].content), &got, &missing, &e),
		   e);
		CHECK(!missing);
		EQ_STR(buf_view(&got), str_of(SITE[i].content));
	}
	for (size_t i = 0; i < COUNT_OF(absent); i++) {
		buf_clear(&got);
		OK(site.load(site.self, absent[i], 4096, &got, &missing, &e), e);
		CHECK(missing && got.n == 0);
	}
	CHECK(!site.load(site.self, "/keys.note", 3, &got, &missing, &e) && !missing);
	EQ_INT(e.kind, ERR_SYSTEM);
	CHECK(!site.load(site.self, "keys.note", 30, &got, &missing, &e));
	CHECK(!site.load(site.self, "/../keys.note", 30, &got, &missing, &e));
	bundle_close(bundle);
	bundle_close(NULL);
	buf_free(&got);
	buf_free(&b);
}

TEST(an_empty_bundle_is_a_site_without_files)
{
	struct buf b = bundle_of(SITE, 0), got = buf_empty(16);
	struct bundle *bundle = NULL;
	struct site site;
	struct err e = { 0 };
	bool missing = false;

	OK(bundle_open(buf_view(&b), &bundle, &e), e);
	bundle_site(bundle, &site);
	OK(site.load(site.self, "/checkpoint", 10, &got, &missing, &e), e);
	CHECK(missing);
	bundle_close(bundle);
	buf_free(&b);
	refused(STR(""), "nothing");
}

/* Names over 100 bytes are cut at a slash; 200 bytes in all, and no part over 100. */
TEST(long_names_are_cut_at_a_slash)
{
	char path[260];
	struct err e = { 0 };
	unsigned char header[BUNDLE_BLOCK];

	for (size_t n = 90; n < 250; n++) {
		size_t slash = n > 150 ? n - 90 : 20;
		struct buf b = buf_empty(8192), got = buf_empty(16);
		struct bundle *bundle = NULL;
		struct site site;
		bool missing, fits;

		memset(path, 'a', n);
		path[0] = path[slash] = '/';
		path[n] = '\0';
		fits = bundle_header(path, 3, header, &e);
		CHECK(fits == (n <= 121 || (n > 150 && n <= 201)));
		if (fits) {
			put_file(&b, path, STR("abc"));
			put_end(&b);
			OK(bundle_open(buf_view(&b), &bundle, &e), e);
			bundle_site(bundle, &site);
			OK(site.load(site.self, path, 3, &got, &missing, &e), e);
			EQ_STR(buf_view(&got), STR("abc"));
		}
		bundle_close(bundle);
		buf_free(&b);
		buf_free(&got);
	}
	memset(path, 'a', 150);
	path[150] = '\0';
	CHECK(!bundle_header(path, 0, header, &e));
	CHECK(bundle_header("/a", BUNDLE_FILE_MAX, header, &e));
	CHECK(!bundle_header("/a", BUNDLE_FILE_MAX + 1, header, &e));
	CHECK(!bundle_header("/a", UINT64_MAX, header, &e));
	CHECK(!bundle_header("", 0, header, &e) && !bundle_header("/", 0, header, &e));
	CHECK(!bundle_header("//a", 0, header, &e));
}

/* A long name may be cut in one place only, or one site would have two bundles. */
TEST(a_name_cut_elsewhere_is_refused)
{
	struct buf b = bundle_of(SITE, 1);
	char sum[8];

	memset(b.p, 0, 100);
	b.p[0] = 'b';
	b.p[345] = 'a';
	(void)snprintf(sum, sizeof sum, "%06zo", sum_of(b.p));
	memcpy(b.p + 148, sum, 7);
	refused(buf_view(&b), "a/b with a prefix it does not need");
	buf_free(&b);
}

TEST(bundle_survives_every_allocation_failing_once)
{
	struct buf b = bundle_of(SITE, COUNT_OF(SITE));
	size_t failures = 0;

	for (size_t nth = 1; nth < 10; nth++) {
		struct err e = { 0 };
		bool ok;

		check_fail_alloc(nth);
		ok = opens(buf_view(&b), &e);
		check_fail_alloc(0);
		CHECK(ok || e.kind == ERR_SYSTEM);
		failures += !ok;
	}
	EQ_INT(failures, 2);
	buf_free(&b);
}
