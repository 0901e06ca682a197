/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/pool.h"
#include "check.h"
#include "qr/matrix.h"

static const char base[] = "https://verify.example.org/#";

/* n digits that look like a token's. */
static struct str digits_of(char *room, size_t n)
{
	uint32_t x = 12345 + (uint32_t)n;
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		room[i] = (char)('0' + (x >> 16) % 10);
	}
	if (n > 0 && room[0] == '0')
		room[0] = '7';
	return (struct str){ room, n };
}

TEST(bytes_that_no_link_or_number_may_hold_are_refused)
{
	const struct {
		struct str base, digits;
		const char *code;
	} cases[] = {
		{ STR(""), STR("123"), "QR-EMPTY" },
		{ STR("https://a/#"), STR(""), "QR-EMPTY" },
		{ STR("https://a/\0#"), STR("1"), "QR-BASE" },
		{ STR("https://a b/#"), STR("1"), "QR-BASE" },
		{ STR("https://\xe4\xb8\xad/#"), STR("1"), "QR-BASE" },
		{ STR("https://a/#"), STR("12a"), "QR-DIGITS" },
		{ STR("https://a/#"), STR("12\0"), "QR-DIGITS" },
		{ STR("https://a/#"), STR(" 12"), "QR-DIGITS" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct qr_symbol s = { .version = -1 };
		struct err e = { 0 };
		CHECK(!qr_make(&s, cases[i].base, cases[i].digits, QR_VERSION_MAX, &e));
		EQ_C(e.code, cases[i].code);
		EQ_INT(e.kind, ERR_INPUT);
		EQ_INT(s.version, -1);
	}
}

TEST(a_code_past_the_cap_is_refused_and_one_at_the_cap_is_made)
{
	static char room[5000];
	for (int version = 7; version <= QR_VERSION_MAX; version++) {
		size_t n = 1;
		while (qr_version_for(28, n + 1) != 0 && qr_version_for(28, n + 1) <= version)
			n++;
		struct qr_symbol s;
		struct err e = { 0 };
		OK(qr_make(&s, STR("https://verify.example.org/#"), digits_of(room, n), version,
			   &e),
		   e);
		EQ_INT(s.version, version);
		EQ_INT(s.size, 17 + 4 * version);
		CHECK(!qr_make(&s, STR("https://verify.example.org/#"), digits_of(room, n + 1),
			       version, &e));
		EQ_C(e.code, "QR-TOO-LARGE");
	}
	EQ_INT(qr_version_for(28, 5000), 0);
	EQ_INT(qr_version_for(SIZE_MAX, 10), 0);
	EQ_INT(qr_version_for(28, SIZE_MAX), 0);
}

/* The four documents of the checked token example, their digit counts, and proof.md's version promise. */
TEST(usual_documents_stay_within_version_eleven)
{
	const struct {
		size_t digits;
		int version;
	} cases[] = {
		{ 349, 9 },  /* three Han, 145 bytes */
		{ 383, 10 }, /* with the Latin name, 159 bytes */
		{ 470, 11 }, /* twenty Han, 195 bytes */
		{ 487, 11 }, /* a letter, 202 bytes */
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EQ_INT(qr_version_for(sizeof(base) - 1, cases[i].digits), cases[i].version);
}

TEST(the_bitmap_is_the_symbol_enlarged_dark_is_zero)
{
	struct qr_symbol s;
	struct err e = { 0 };
	OK(qr_make(&s, STR("https://verify.example.org/#"), STR("81234567890"), 14, &e), e);
	CHECK(qr_dark(&s, 0, 0) && !qr_dark(&s, 1, 1) && qr_dark(&s, 3, 3)); /* finder */
	CHECK(qr_dark(&s, 8, s.size - 8));                                   /* always dark */
	for (int scale = 1; scale <= 4; scale++)
		for (int quiet = 0; quiet <= 4; quiet += 4) {
			struct buf b = buf_empty(1 << 20);
			OK(qr_image(&s, scale, quiet, &b, &e), e);
			int side = qr_image_side(&s, scale, quiet);
			size_t stride = ((size_t)side + 7) / 8;
			EQ_INT(b.n, stride * (size_t)side);
			bool same = true;
			for (int y = 0; y < side; y++)
				for (int x = 0; x < (int)stride * 8; x++) {
					int mx = x / scale - quiet, my = y / scale - quiet;
					bool inside = x < side && mx >= 0 && my >= 0 &&
						      mx < s.size && my < s.size;
					bool want = inside && qr_dark(&s, mx, my);
					unsigned char byte =
						(unsigned char)
							b.p[(size_t)y * stride + (size_t)x / 8];
					same = same && (((byte >> (7 - x % 8)) & 1) == !want);
				}
			CHECK(same);
			buf_free(&b);
		}
}

TEST(an_image_out_of_range_or_over_the_buffer_is_refused)
{
	struct qr_symbol s;
	struct err e = { 0 };
	OK(qr_make(&s, STR("https://a/#"), STR("1"), 14, &e), e);
	struct buf b = buf_empty(1 << 20);
	CHECK(!qr_image(&s, 0, 0, &b, &e));
	CHECK(!qr_image(&s, QR_SCALE_MAX + 1, 0, &b, &e));
	CHECK(!qr_image(&s, 2, -1, &b, &e));
	CHECK(!qr_image(&s, 2, QR_QUIET * 2 + 1, &b, &e));
	CHECK(!qr_image(&(struct qr_symbol){ 0 }, 2, 0, &b, &e));
	OK(qr_image(&s, QR_SCALE_MAX, QR_QUIET * 2, &b, &e), e);
	buf_free(&b);
	struct buf small = buf_empty(10);
	CHECK(!qr_image(&s, 2, 0, &small, &e));
	buf_free(&small);
}

/* Write the symbol as a grey PGM file; false when it could not be written. */
static bool write_pgm(const struct qr_symbol *s, char *path)
{
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!f)
		return false;
	struct err e = { 0 };
	struct buf b = buf_empty(1 << 20);
	OK(qr_image(s, 3, QR_QUIET, &b, &e), e);
	int side = qr_image_side(s, 3, QR_QUIET);
	size_t stride = ((size_t)side + 7) / 8;
	fprintf(f, "P5\n%d %d\n255\n", side, side);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++)
			fputc(b.p[(size_t)y * stride + (size_t)x / 8] & 0x80 >> x % 8 ? 255 : 0, f);
	buf_free(&b);
	return fclose(f) == 0;
}

/* What `reader FILE` prints must hold `want`. */
static void read_back(const char *reader, const char *path, struct str want)
{
	char line[300];
	snprintf(line, sizeof line, "%s %s", reader, path);
	FILE *out = popen(line, "r");
	static char text[8000];
	size_t n = out ? fread(text, 1, sizeof text, out) : 0;
	if (out)
		pclose(out);
	if (!CHECK(str_find((struct str){ text, n }, want, 0) != SIZE_MAX))
		printf("# %s printed %.*s\n", reader, (int)n, text);
}

TEST(two_other_readers_read_every_symbol_back)
{
	static char room[2000];
	const size_t counts[] = { 1, 2, 3, 300, 333, 349, 351, 383, 420, 470, 487, 560, 640, 720 };
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct qr_symbol s;
		struct err e = { 0 };
		struct str digits = digits_of(room, counts[i]);
		if (!OK(qr_make(&s, STR("https://verify.example.org/#"), digits, 14, &e), e))
			continue;
		char path[] = "/tmp/hufu-qr-XXXXXX", link[2000], quoted[2000];
		int n = snprintf(link, sizeof link, "%s%.*s\n", base, STR_ARG(digits));
		int m = snprintf(quoted, sizeof quoted, "\"%s%.*s\"\n", base, STR_ARG(digits));
		if (CHECK(write_pgm(&s, path))) {
			read_back("zbarimg -q --raw --nodbus -Sdisable -Sqrcode.enable", path,
				  (struct str){ link, (size_t)n });
			read_back("ZXingReader -format QRCode", path,
				  (struct str){ quoted, (size_t)m });
		}
		unlink(path);
	}
}

TEST(every_symbol_is_the_reference_encoder_s_module_for_module)
{
	static char room[2000];
	int masks[8] = { 0 };
	for (size_t n = 1; n < 780; n += n < 40 ? 1 : 3) {
		struct qr_symbol s;
		struct err e = { 0 };
		struct str digits = digits_of(room, n);
		const struct str bases[] = { STR("https://verify.example.org/#"), STR("a") };
		for (size_t b = 0; b < COUNT_OF(bases); b++) {
			if (!OK(qr_make(&s, bases[b], digits, QR_VERSION_MAX, &e), e))
				continue;
			OK(qr_agrees(&s, bases[b], digits, &e), e);
			masks[matrix_mask_of(&s)]++;
		}
	}
	for (int i = 0; i < 8; i++)
		CHECK(masks[i] > 0);
}

TEST(a_symbol_with_one_module_turned_over_does_not_agree)
{
	struct str where = STR("https://verify.example.org/#"), digits = STR("8092342118103257");
	struct qr_symbol s;
	struct err e = { 0 };
	OK(qr_make(&s, where, digits, 14, &e), e);
	int agreed = 0;
	for (int y = 0; y < s.size; y++)
		for (int x = 0; x < s.size; x++) {
			s.rows[y][x / 8] ^= (unsigned char)(0x80 >> x % 8);
			if (qr_agrees(&s, where, digits, &e))
				agreed++;
			else
				EQ_INT(e.kind, ERR_SYSTEM);
			s.rows[y][x / 8] ^= (unsigned char)(0x80 >> x % 8);
		}
	/* Where the masks differ the format bits are not compared, but a wrong mask shows elsewhere. */
	CHECK(agreed <= 24);
	CHECK(!qr_agrees(&s, where, STR("8092342118103258"), &e));
}

struct many {
	size_t next;
	struct qr_symbol first;
	bool same;
};

static bool feed(void *ctx, void *job, bool *end, struct err *e)
{
	(void)e;
	(void)job;
	struct many *m = ctx;
	*end = m->next++ >= 200;
	return true;
}

static bool work(void *ctx, int worker, void *job, struct err *e)
{
	(void)ctx;
	(void)worker;
	return qr_make(job, STR("https://verify.example.org/#"), STR("8092342118103257899598"), 14,
		       e);
}

static bool collect(void *ctx, void *job, struct err *e)
{
	(void)e;
	struct many *m = ctx;
	m->same = m->same && memcmp(job, &m->first, sizeof m->first) == 0;
	return true;
}

TEST(many_threads_make_the_same_symbol)
{
	struct many m = { .same = true };
	struct err e = { 0 };
	OK(work(&m, 0, &m.first, &e), e);
	struct pool_plan plan = { .ctx = &m,
				  .job_size = sizeof(struct qr_symbol),
				  .workers = 4,
				  .feed = feed,
				  .work = work,
				  .collect = collect };
	OK(pool_run(&plan, &e), e);
	CHECK(m.same);
}
