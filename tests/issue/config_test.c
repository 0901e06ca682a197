/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/config.h"

#include "check.h"

TEST(base_url_is_a_bare_http_origin_or_path)
{
	static const struct {
		const char *url, *host; /* host NULL: refused */
	} cases[] = {
		{ "ftp://verify.example.org", NULL },
		{ "https://", NULL },
		{ "https://.example.org", NULL },
		{ "https://Verify.example.org", NULL },
		{ "https://verify.example.org/", NULL },
		{ "https://verify.example.org/a b", NULL },
		{ "https://verify.example.org?x=1", NULL },
		{ "https://verify.example.org#x", NULL },
		{ "https://user@example.org", NULL },
		{ "https://verify.example.org:", NULL },
		{ "https://verify.example.org:123456", NULL },
		{ "https://0123456789.0123456789.0123456789.example",
		  "0123456789.0123456789.0123456789.example" },
		{ "https://0123456789.0123456789.0123456789.examples", NULL }, /* 49 bytes */
		{ "https://verify.example.org", "verify.example.org" },
		{ "http://192.168.1.2:8080", "192.168.1.2:8080" },
		{ "https://example.org/v", "example.org" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str host;
		struct err e;
		bool ok = config_base(str_of(cases[i].url), &host, &e);

		if (ok != (cases[i].host != NULL))
			EQ_C(cases[i].url, ok ? "refused" : "accepted");
		if (ok && cases[i].host != NULL)
			EQ_STR(host, str_of(cases[i].host));
	}
}

TEST(configuration_that_was_written_reads_back)
{
	const struct config c = { .issuer = STR("verify.example.org"),
				  .name_zh = STR("示范\"协会"),
				  .name_en = STR("Model"),
				  .contact = STR("a@b"),
				  .base = STR("https://verify.example.org"),
				  .origin = STR("verify.example.org/log"),
				  .utc_offset_min = 480,
				  .passphrase_file = STR("keys/passphrase"),
				  .ticks = {
					  .minutes = 15, .from = 8 * 60 + 30, .until = 24 * 60 } };
	struct arena *a = arena_new(1 << 20);
	struct buf text = buf_empty(1 << 16);
	struct config back;
	struct err e;

	OK(config_write(&text, &c, &e), e);
	OK(config_read(a, buf_view(&text), &back, &e), e);
	EQ_STR(back.name_zh, c.name_zh);
	EQ_STR(back.host, STR("verify.example.org"));
	EQ_STR(back.passphrase_file, c.passphrase_file);
	EQ_INT(back.utc_offset_min, 480);
	EQ_INT(back.ticks.minutes, 15);
	EQ_INT(back.ticks.from, 510);
	EQ_INT(back.ticks.until, 1440);
	buf_free(&text);
	arena_free(a);
}

TEST(configuration_faults_name_their_place)
{
#define HEAD                                                                                       \
	"{\"schema\":\"hufu.config/1\",\"issuer\":{\"id\":\"a.b\",\"name_zh\":\"x\",\"name_en\":\"y\",\"contact\":\"z\"},"
	static const struct {
		const char *text, *pointer;
	} cases[] = {
		{ HEAD
		  "\"base\":\"https://a.b/\",\"origin\":\"a.b/l\",\"utc_offset_min\":0,\"store\":\"store.db\"}",
		  "/base" },
		{ HEAD
		  "\"base\":\"https://a.b\",\"origin\":\"a.b/l\",\"utc_offset_min\":900,\"store\":\"store.db\"}",
		  "/utc_offset_min" },
		{ HEAD
		  "\"base\":\"https://a.b\",\"origin\":\"a.b/l\",\"utc_offset_min\":0,\"store\":\"../x\"}",
		  "/store" },
		{ HEAD
		  "\"base\":\"https://a.b\",\"origin\":\"a.b/l\",\"utc_offset_min\":0,\"store\":\"store.db\","
		  "\"passphrase_file\":\"../p\"}",
		  "/passphrase_file" },
		{ HEAD
		  "\"base\":\"https://a.b\",\"origin\":\"a.b/l\",\"utc_offset_min\":0,\"store\":\"store.db\",\"x\":1}",
		  "/x" },
#define TICKS(ticks)                                                                               \
	HEAD "\"base\":\"https://a.b\",\"origin\":\"a.b/l\",\"utc_offset_min\":0,"                 \
	     "\"store\":\"store.db\",\"ticks\":{" ticks "}}"
		{ TICKS("\"minutes\":0,\"from\":\"09:00\",\"until\":\"18:00\""), "/ticks/minutes" },
		{ TICKS("\"minutes\":10,\"from\":\"9:00a\",\"until\":\"18:00\""), "/ticks/from" },
		{ TICKS("\"minutes\":10,\"from\":\"09:60\",\"until\":\"18:00\""), "/ticks/from" },
		{ TICKS("\"minutes\":10,\"from\":\"09:00\",\"until\":\"24:01\""), "/ticks/until" },
		{ TICKS("\"minutes\":10,\"from\":\"18:00\",\"until\":\"18:00\""), "/ticks" },
		{ TICKS("\"minutes\":10,\"from\":\"09:00\"}, \"y\":{"), "/y" },
	};
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct config c;
		struct err e = { 0 };

		CHECK(!config_read(a, str_of(cases[i].text), &c, &e));
		EQ_C(e.pointer, cases[i].pointer);
	}
	arena_free(a);
}
