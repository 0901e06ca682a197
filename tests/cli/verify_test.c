/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "base/enc.h"
#include "check.h"
#include "cli/commands.h"
#include "cli/program.h"
#include "net/site_dir.h"
#include "proof/sitemaker.h"

enum { PATH_ROOM = 300 };

/* A published site in a folder, and documents beside it. */
struct place {
	struct maker m;
	char dir[64];
	bool pinned;
};

static void put_file(struct place *p, const char *name, struct str bytes)
{
	char folder[PATH_ROOM];
	const char *slash = strrchr(name, '/');
	struct err e = { 0 };

	snprintf(folder, sizeof folder, "%s/%.*s", p->dir, slash ? (int)(slash - name) : 0, name);
	world_must(io_mkdir(folder, 0755, &e), &e);
	world_must(io_replace(folder, slash ? slash + 1 : name, bytes, 0644, &e), &e);
}

/* NAME.pdf and NAME.digits. */
static void put_document(struct place *p, const char *name, const struct maker_doc *d)
{
	char file[32];

	snprintf(file, sizeof file, "%s.pdf", name);
	put_file(p, file, d->file);
	snprintf(file, sizeof file, "%s.digits", name);
	put_file(p, file, maker_digits(&p->m, &d->token));
}

/* What the maker has published, and so what is gone from it. */
static void put_site(struct place *p)
{
	for (size_t i = 0; i < SHELF_SLOTS; i++) {
		const struct shelf_file *f = &p->m.shelf.files[i];

		if (f->bytes != NULL)
			put_file(p, f->path + 1, str_bytes(f->bytes, f->n));
	}
}

static struct place *place_new(void)
{
	struct place *p = calloc(1, sizeof *p);
	struct maker_doc forged;
	unsigned char hash[SHA256_SIZE];
	struct token_payload payload = world_certificate(0);

	if (p == NULL)
		abort();
	maker_ready(&p->m, 20);
	snprintf(p->dir, sizeof p->dir, "/tmp/hufu-verify-XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		abort();
	put_document(p, "a", &p->m.docs[0]);
	put_document(p, "letter", &p->m.docs[1]);
	forged = maker_made(&p->m, payload);
	forged.token = world_token(&p->m.w, p->m.w.thief, &payload);
	sha256_of(forged.file, hash);
	put_file(p, "forged.digits", maker_digits(&p->m, &forged.token));
	put_site(p);
	return p;
}

static void place_free(struct place *p)
{
	char line[128];

	snprintf(line, sizeof line, "rm -rf %s", p->dir);
	CHECK(system(line) == 0);
	maker_close(&p->m);
	free(p);
}

static int64_t fixed_now(void *self)
{
	(void)self;
	return WORLD_NOW;
}

/* The only variable there is: where pins lie, when a test has put any there. */
static const char *variable(void *self, const char *name)
{
	const struct place *p = self;

	return p->pinned && strcmp(name, "XDG_CONFIG_HOME") == 0 ? p->dir : NULL;
}

static const struct command *const only_verify[] = { &command_verify, NULL };

/* Run `hufu verify` with these words ("@x" is x in the place's folder); what it printed is in *out (malloc). */
static int verify(struct place *p, bool chinese, const char *const *words, char **out)
{
	static const struct program program = { .name = "hufu", .commands = only_verify };
	const struct env env = { .now = fixed_now, .self = p, .variable = variable };
	char room[16][1200], *argv[17];
	size_t n, said;
	char *talk;
	int argc = 1, code;
	struct cli cli = { .env = &env, .in = stdin, .chinese = chinese };

	argv[0] = room[0];
	snprintf(room[0], sizeof room[0], "hufu-verify");
	for (; words[argc - 1] && argc < 16; argc++) {
		const char *word = words[argc - 1];
		snprintf(room[argc], sizeof room[argc], "%s%s%s", word[0] == '@' ? p->dir : "",
			 word[0] == '@' ? "/" : "", word[0] == '@' ? word + 1 : word);
		argv[argc] = room[argc];
	}
	argv[argc] = NULL;
	cli.out = open_memstream(out, &n);
	cli.err = open_memstream(&talk, &said);
	if (cli.out == NULL || cli.err == NULL)
		abort();
	code = program_run_only(&program, &cli, argc, argv);
	fclose(cli.out);
	fclose(cli.err);
	free(talk);
	return code;
}

static bool has(const char *text, const char *part)
{
	bool there = strstr(text, part) != NULL;

	if (!there)
		printf("# no '%s' in:\n# %s\n", part, text);
	return there;
}

TEST(every_target_gets_its_verdict_and_exit)
{
	static const struct {
		const char *words[8];
		int code;
		const char *verdict;
	} cases[] = {
		/* Nothing readable is never yes and never no. */
		{ { "@missing.pdf" }, 3, "UNDECIDED" },
		{ { "/" }, 3, "UNDECIDED" },
		{ { "@keys.note" }, 3, "UNDECIDED" },
		{ { "tests/scan/data/blank.png" }, 3, "UNDECIDED" },
		{ { "tests/scan/data/foreign.png" }, 1, "NOT-OURS" },
		{ { "tests/scan/data/two.png" }, 1, "MALFORMED" },
		{ { "https://verify.example.org/#123" }, 1, "MALFORMED" },
		{ { "@no-code.pdf" }, 3, "UNDECIDED" },
		{ { "0123-4567-89AB-CDEF" }, 1, "NOT-FOUND" },
		{ { "@forged.digits" }, 1, "FORGED" },
		{ { "@changed.pdf", "--allow", "no-log" }, 1, "ALTERED" },
		{ { "@added.pdf" }, 1, "ALTERED" },
		{ { "@two.pdf", "--allow", "no-log" }, 1, "MALFORMED" },
		{ { "@a.pdf" }, 0, "VALID" },
		{ { "@a.digits" }, 0, "VALID" },
		{ { "@letter.pdf" }, 0, "VALID" },
		{ { "0000-0000-0000-0000" }, 0, "VALID" }, /* typed: that of idx 0 */
		{ { "@letter.pdf", "--expect", "recipient=Somebody Else" }, 1, "NOT-FOR-YOU" },
		{ { "@letter.pdf", "--expect=recipient=Northland Board of Accountancy,type=3" },
		  0,
		  "VALID" },
		{ { "@a.pdf", "--at", "2026-11-20T08:59:59+08:00" }, 3, "UNDECIDED" },
		{ { "@a.pdf", "--at", "2026-11-20T09:00:00+08:00" }, 0, "VALID" },
	};
	struct place *p = place_new();
	struct buf b = buf_empty(1 << 16);
	struct err e = { 0 };
	size_t at;

	put_file(p, "no-code.pdf", STR("%PDF-1.7\nnothing\n%%EOF\n"));
	OK(io_read_in(p->dir, "a.pdf", &b, &e), e);
	at = b.n;
	buf_c(&b, "more\n%%EOF\n");
	put_file(p, "added.pdf", buf_view(&b));
	b.n = at;
	b.p[5] = '2';
	put_file(p, "changed.pdf", buf_view(&b));
	OK(io_read_in(p->dir, "letter.pdf", &b, &e), e);
	put_file(p, "two.pdf", buf_view(&b));
	buf_free(&b);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *words[16] = { 0 };
		char *out, want[64];
		size_t n = 0;

		for (; cases[i].words[n]; n++)
			words[n] = cases[i].words[n];
		words[n++] = "--json";
		words[n++] = "--site";
		words[n++] = "@";
		words[n++] = "--keys";
		words[n++] = "@policy.json";
		if (!EQ_INT(verify(p, false, words, &out), cases[i].code))
			printf("# %s %s\n", words[0], out);
		snprintf(want, sizeof want, "\"verdict\":\"%s\"", cases[i].verdict);
		CHECK(has(out, want));
		free(out);
	}
	place_free(p);
}

TEST(the_worst_of_many_answers_is_the_exit)
{
	static const struct {
		const char *words[12];
		int code;
	} cases[] = {
		{ { "@a.pdf", "@missing.pdf", "@forged.digits", NULL }, 1 },
		{ { "@forged.digits", "@a.pdf", NULL }, 1 },
		{ { "@a.pdf", "@missing.pdf", "@letter.pdf", NULL }, 3 },
		{ { "@a.pdf", "@letter.pdf", NULL }, 0 },
	};
	struct place *p = place_new();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *words[16] = { "--site", "@", "--keys=", "--allow", "no-log" };
		char keys[100], *out;
		size_t n = 5;

		snprintf(keys, sizeof keys, "--keys=%s/policy.json", p->dir);
		words[2] = keys;
		for (size_t k = 0; cases[i].words[k]; k++)
			words[n++] = cases[i].words[k];
		EQ_INT(verify(p, false, words, &out), cases[i].code);
		free(out);
	}
	place_free(p);
}

TEST(without_a_policy_nobody_is_trusted)
{
	static const char *const words[] = { "@a.pdf", "--site", "@", "--allow", "no-log", NULL };
	struct place *p = place_new();
	char *out, fingerprint[POLICY_FINGERPRINT + 1];
	struct err e = { 0 };

	EQ_INT(verify(p, false, words, &out), 3);
	OK(policy_fingerprint(&p->m.w.policy, fingerprint, &e), e);
	CHECK(has(out, "UNDECIDED"));
	CHECK(has(out, fingerprint));
	free(out);
	place_free(p);
}

TEST(words_come_in_the_reader_s_language_with_both_headlines)
{
	static const char *const words[] = { "@letter.pdf",  "--site",  "@",      "--keys",
					     "@policy.json", "--allow", "no-log", NULL };
	struct place *p = place_new();
	char *out;

	EQ_INT(verify(p, false, words, &out), 0);
	CHECK(has(out, "Addressed to: Northland Board of Accountancy"));
	CHECK(has(out, "GENUINE"));
	CHECK(has(out, "photo"));
	CHECK(has(out, "110001234567"));
	free(out);
	EQ_INT(verify(p, true, words, &out), 0);
	CHECK(has(out, "GENUINE"));
	CHECK(has(out, "照片"));
	CHECK(has(out, "Northland Board of Accountancy"));
	free(out);
	place_free(p);
}

TEST(a_wrong_line_is_usage)
{
	static const char *const lines[][8] = {
		{ "@a.pdf", "--site", "http://me@127.0.0.1", NULL },
		{ "@a.pdf", "--site", "@", "--bundle", "@b.tar", NULL },
		{ "@a.pdf", "@letter.pdf", "--proof", "@a.tlog-proof", NULL },
		{ "@a.pdf", "--allow", "everything", NULL },
		{ "@a.pdf", "--at", "yesterday", NULL },
		{ "@a.pdf", "--expect", "colour=red", NULL },
		{ "--json", NULL },
	};
	struct place *p = place_new();

	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		char *out;

		EQ_INT(verify(p, false, lines[i], &out), 2);
		EQ_C(out, "");
		free(out);
	}
	place_free(p);
}

TEST(a_site_s_folder_lets_nobody_out)
{
	static const char *const bad[] = {
		"",         "/",   "keys.note", "/../x",        "/m/..",      "/m//1-0.json",
		"/.hidden", "/m/", "/m/.",      "//etc/passwd", "/keys note", "/a\\b"
	};
	struct place *p = place_new();
	struct site_dir d;
	struct site site;
	struct buf b = buf_empty(1 << 16);
	struct err e = { 0 };
	bool absent;

	CHECK(!site_dir_open("/tmp/hufu-no-such-folder", &d, &site, &e));
	if (OK(site_dir_open(p->dir, &d, &site, &e), e)) {
		for (size_t i = 0; i < COUNT_OF(bad); i++) {
			absent = false;
			if (!CHECK(!site.load(site.self, bad[i], 100, &b, &absent, &e) && !absent))
				printf("# %s\n", bad[i]);
		}
		CHECK(!site.load(site.self, "/s", 1 << 16, &b, &absent, &e)); /* a folder */
		CHECK(!site.load(site.self, "/keys.note", 10, &b, &absent, &e));
		EQ_INT(b.n, 0);
		OK(site.load(site.self, "/nothing", 10, &b, &absent, &e), e);
		CHECK(absent);
		OK(site.load(site.self, "/s/0", 1 << 16, &b, &absent, &e), e);
		CHECK(!absent && b.n > 0);
	}
	site_dir_close(&d);
	buf_free(&b);
	place_free(p);
}

/* Pin the place's issuer, and another whose site nobody has. */
static void pin_two(struct place *p)
{
	struct policy other = p->m.w.policy;
	struct buf b = buf_empty(POLICY_BYTES_MAX);
	struct err e = { 0 };

	world_must(policy_write(&b, &p->m.w.policy, &e), &e);
	put_file(p, "hufu/trust/verify.example.org.json", buf_view(&b));
	other.issuer = STR("another.example.org");
	other.site = STR("https://another.example.org");
	for (unsigned n = 1; n <= 2; n++) {
		world_must(policy_root_name(p->m.w.arena, other.issuer, n, &other.roots[n - 1].name,
					    &e),
			   &e);
		world_must(note_key_make(other.roots[n - 1].name, &other.roots[n - 1].public,
					 &other.roots[n - 1], &e),
			   &e);
	}
	buf_clear(&b);
	world_must(policy_write(&b, &other, &e), &e);
	put_file(p, "hufu/trust/another.example.org.json", buf_view(&b));
	buf_free(&b);
	p->pinned = true;
}

TEST(of_several_pinned_issuers_the_one_who_signed_answers)
{
	struct place *p = place_new();
	struct buf link = buf_empty(4096), digits = buf_empty(4096);
	struct err e = { 0 };
	char *out;

	pin_two(p);
	OK(io_read_in(p->dir, "forged.digits", &digits, &e), e);
	buf_printf(&link, "https://verify.example.org/#%.*s", STR_ARG(buf_view(&digits)));
	buf_byte(&link, 0);
	const struct {
		const char *words[8];
		int code;
		const char *verdict;
	} cases[] = {
		{ { "@a.pdf", "--site", "@", "--json" }, 0, "VALID" },
		/* Forged only when nobody who is trusted can have signed it. */
		{ { "@forged.digits", "--site", "@", "--json" }, 3, "UNKNOWN-KEY" },
		{ { "@forged.digits", "--site", "@", "--json", "--keys", "@policy.json" },
		  1,
		  "FORGED" },
		/* Or when its link names the issuer. */
		{ { link.p, "--site", "@", "--json" }, 1, "FORGED" },
		{ { "@a.pdf", "--site", "@", "--state", "@memory" }, 2, "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *words[16] = { 0 };

		for (size_t n = 0; n < 8 && cases[i].words[n]; n++)
			words[n] = cases[i].words[n];
		EQ_INT(verify(p, false, words, &out), cases[i].code);
		CHECK(has(out, cases[i].verdict));
		free(out);
	}
	buf_free(&link);
	buf_free(&digits);
	place_free(p);
}
