/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* posix_openpt */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "check.h"
#include "cli/commands.h"
#include "cli/program.h"
#include "cli/trust.h"
#include "net/server.h"
#include "proof/fixture.h"

/* A verifier's home with a policy file in it. */
struct place {
	struct world w;
	char dir[64], config[80], file[80], other[80], fingerprint[POLICY_FINGERPRINT + 1],
		changed[POLICY_FINGERPRINT + 1];
};

static void write_policy(const struct place *p, const char *name, const struct policy *policy)
{
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	struct err e = { 0 };

	world_must(policy_write(&text, policy, &e), &e);
	world_must(io_replace(p->dir, name, buf_view(&text), 0644, &e), &e);
	buf_free(&text);
}

static struct place *place_new(void)
{
	struct place *p = calloc(1, sizeof *p);
	struct policy changed;
	struct err e = { 0 };

	if (p == NULL)
		abort();
	p->w = world_new();
	world_ready(&p->w);
	snprintf(p->dir, sizeof p->dir, "/tmp/hufu-trust-XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		abort();
	snprintf(p->config, sizeof p->config, "%s/config", p->dir);
	snprintf(p->file, sizeof p->file, "%s/policy.json", p->dir);
	snprintf(p->other, sizeof p->other, "%s/changed.json", p->dir);
	write_policy(p, "policy.json", &p->w.policy);
	changed = p->w.policy;
	changed.contact = STR("https://elsewhere.example/");
	write_policy(p, "changed.json", &changed);
	world_must(policy_fingerprint(&p->w.policy, p->fingerprint, &e), &e);
	world_must(policy_fingerprint(&changed, p->changed, &e), &e);
	return p;
}

static void place_free(struct place *p)
{
	char line[128];

	snprintf(line, sizeof line, "rm -rf %s", p->dir);
	CHECK(system(line) == 0);
	world_free(&p->w);
	free(p);
}

static const char *variable(void *self, const char *name)
{
	const struct place *p = self;

	return strcmp(name, "XDG_CONFIG_HOME") == 0 ? p->config : NULL;
}

static const char *no_variable(void *self, const char *name)
{
	(void)self;
	(void)name;
	return NULL;
}

struct said {
	char *out, *err;
	int code;
};

static void said_free(struct said *s)
{
	free(s->out);
	free(s->err);
}

static const struct command *const only_trust[] = { &command_trust, NULL };

/* `hufu trust` with these words (NULL-terminated), reading `in`. */
static struct said trust_from(struct place *p, FILE *in, const char *const *words)
{
	static const struct program program = { .name = "hufu", .commands = only_trust };
	const struct env env = { .self = p, .variable = variable };
	struct cli cli = { .env = &env, .in = in };
	struct said s = { 0 };
	char *argv[10] = { NULL };
	size_t n, m;
	int argc = 1;

	argv[0] = strdup("hufu-trust");
	for (; words[argc - 1] != NULL && argc < 9; argc++)
		argv[argc] = strdup(words[argc - 1]);
	cli.out = open_memstream(&s.out, &n);
	cli.err = open_memstream(&s.err, &m);
	if (cli.out == NULL || cli.err == NULL)
		abort();
	s.code = program_run_only(&program, &cli, argc, argv);
	fclose(cli.out);
	fclose(cli.err);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return s;
}

static struct said trust(struct place *p, const char *const *words)
{
	FILE *in = fopen("/dev/null", "r");
	struct said s;

	if (in == NULL)
		abort();
	s = trust_from(p, in, words);
	fclose(in);
	return s;
}

#define TRUST(p, ...) trust(p, (const char *const[]){ __VA_ARGS__, NULL })

static bool has(const char *text, const char *part)
{
	bool there = strstr(text, part) != NULL;

	if (!there)
		printf("# no '%s' in:\n# %s\n", part, text);
	return there;
}

/* One run: its exit code and a part of what it said on either stream. */
static void answers(struct said s, int code, const char *part)
{
	if (!EQ_INT(s.code, code))
		printf("# %s%s\n", s.out, s.err);
	if (part[0] != '\0' && strstr(s.out, part) == NULL)
		CHECK(has(s.err, part));
	said_free(&s);
}

TEST(a_wrong_fingerprint_is_refused_with_both)
{
	struct place *p = place_new();
	struct said s = TRUST(p, "add", p->file, "--fingerprint", p->changed);

	EQ_INT(s.code, 1);
	CHECK(has(s.err, p->fingerprint));
	CHECK(has(s.err, p->changed));
	said_free(&s);
	CHECK(!io_exists(p->config));
	answers(TRUST(p, "add", p->file, "--fingerprint", "1234"), 2, "8 groups of 4");
	answers(TRUST(p, "add", p->file, "--fingerprint", ""), 2, "8 groups of 4");
	CHECK(!io_exists(p->config));
	place_free(p);
}

TEST(without_a_terminal_nobody_compares)
{
	struct place *p = place_new();
	struct said s = TRUST(p, "add", p->file);

	EQ_INT(s.code, 2);
	CHECK(has(s.err, p->fingerprint));
	CHECK(has(s.err, "--fingerprint is needed"));
	said_free(&s);
	CHECK(!io_exists(p->config));
	place_free(p);
}

/* What the user types at a terminal. */
static struct said typed(struct place *p, const char *line)
{
	const char *const words[] = { "add", p->file, NULL };
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct said s;
	FILE *in;

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		abort();
	in = fopen(ptsname(master), "r");
	if (in == NULL || write(master, line, strlen(line)) < 0 || write(master, "\n", 1) < 0)
		abort();
	s = trust_from(p, in, words);
	fclose(in);
	close(master);
	return s;
}

TEST(at_a_terminal_the_fingerprint_is_typed)
{
	struct place *p = place_new();
	char lower[POLICY_FINGERPRINT + 1];

	answers(typed(p, p->changed), 1, "not the policy");
	answers(typed(p, "yes"), 2, "8 groups of 4");
	answers(typed(p, ""), 2, "8 groups of 4");
	CHECK(!io_exists(p->config));
	memcpy(lower, p->fingerprint, sizeof lower);
	for (char *c = lower; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c == '-')
			*c = ' ';
	answers(typed(p, lower), 0, "is trusted");
	answers(TRUST(p, "list"), 0, p->fingerprint);
	place_free(p);
}

TEST(a_policy_is_pinned_listed_and_removed)
{
	struct place *p = place_new();
	char path[200];
	struct stat st;

	answers(TRUST(p, "list"), 0, "");
	answers(TRUST(p, "fingerprint", p->file), 0, p->fingerprint);
	answers(TRUST(p, "fingerprint", p->file, "--json"), 0, "\"issuer\":\"verify.example.org\"");
	answers(TRUST(p, "add", p->file, "--fingerprint", p->fingerprint), 0, "is trusted");
	snprintf(path, sizeof path, "%s/hufu/trust/verify.example.org.json", p->config);
	EQ_INT(stat(path, &st), 0);
	EQ_INT(st.st_mode & 07777, 0644);
	answers(TRUST(p, "add", p->file, "--fingerprint", p->fingerprint), 0, "is trusted");
	answers(TRUST(p, "list"), 0, p->fingerprint);
	answers(TRUST(p, "list", "--json"), 0, "\"quorum\":");
	answers(TRUST(p, "remove", "nobody.example"), 1, "no policy of 'nobody.example'");
	answers(TRUST(p, "remove", "../trust/verify.example.org"), 1, "no policy of");
	answers(TRUST(p, "remove", "verify.example.org"), 0, "not trusted any more");
	CHECK(!io_exists(path));
	answers(TRUST(p, "remove", "verify.example.org"), 1, "no policy of");
	place_free(p);
}

TEST(another_policy_of_a_pinned_issuer_needs_a_word_and_shows_what_differs)
{
	struct place *p = place_new();
	struct said s;

	answers(TRUST(p, "add", p->file, "--fingerprint", p->fingerprint), 0, "");
	s = TRUST(p, "add", p->other, "--fingerprint", p->changed);
	EQ_INT(s.code, 1);
	CHECK(has(s.err, "+ contact: https://elsewhere.example/"));
	CHECK(has(s.err, "- contact: "));
	CHECK(strstr(s.err, "site: ") == NULL);
	CHECK(has(s.err, "--replace"));
	said_free(&s);
	answers(TRUST(p, "list"), 0, p->fingerprint);
	answers(TRUST(p, "add", p->other, "--fingerprint", p->changed, "--replace"), 0,
		"+ contact: ");
	answers(TRUST(p, "list"), 0, p->changed);
	place_free(p);
}

TEST(a_wrong_line_is_usage)
{
	struct place *p = place_new();

	answers(TRUST(p, "add"), 2, "needs a FILE");
	answers(TRUST(p, "fingerprint"), 2, "needs a FILE");
	answers(TRUST(p, "remove"), 2, "needs an ISSUER");
	answers(TRUST(p, "list", "x"), 2, "takes no argument");
	answers(TRUST(p, "ad", "x"), 2, "did you mean 'add'");
	answers(TRUST(p, "add", "ftp://x"), 3, "");
	answers(TRUST(p, "add", "/nonexistent"), 3, "");
	answers(TRUST(p, "add", "/dev/null", "--fingerprint", p->fingerprint), 1, "/dev/null");
	place_free(p);
}

/* Plant a file in the folder of pins. */
static void plant(const struct place *p, const char *name, struct str bytes)
{
	char dir[200];
	struct err e = { 0 };

	snprintf(dir, sizeof dir, "%s/hufu/trust", p->config);
	OK(io_mkdir(dir, 0755, &e), e);
	OK(io_replace(dir, name, bytes, 0644, &e), e);
}

TEST(a_verifier_does_not_go_on_with_pins_that_are_not_what_they_should_be)
{
	struct place *p = place_new();
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	struct err e = { 0 };
	char path[200];

	OK(policy_write(&text, &p->w.policy, &e), e);
	plant(p, "other.example.json", buf_view(&text));
	answers(TRUST(p, "list"), 3, "not of other.example");
	snprintf(path, sizeof path, "%s/hufu/trust/other.example.json", p->config);
	CHECK(unlink(path) == 0);
	plant(p, "verify.example.org.json", STR("{}"));
	answers(TRUST(p, "list"), 3, "verify.example.org.json");
	answers(TRUST(p, "add", p->file, "--fingerprint", p->fingerprint), 3, "");
	plant(p, "verify.example.org.json", buf_view(&text));
	plant(p, ".hidden.json", STR("{}"));
	plant(p, "readme.txt", STR("{}"));
	answers(TRUST(p, "list"), 0, p->fingerprint);
	snprintf(path, sizeof path, "%s/hufu/trust/verify.example.org.json", p->config);
	CHECK(chmod(path, 0666) == 0);
	answers(TRUST(p, "list"), 3, "everybody may write");
	CHECK(chmod(path, 0644) == 0);
	snprintf(path, sizeof path, "%s/hufu/trust", p->config);
	CHECK(chmod(path, 0777) == 0);
	answers(TRUST(p, "list"), 3, "everybody may write");
	buf_free(&text);
	place_free(p);
}

TEST(a_policy_is_found_by_issuer_and_by_site)
{
	struct place *p = place_new();
	const struct env env = { .self = p, .variable = variable },
			 bare = { .variable = no_variable };
	struct cli cli = { .env = &env, .arena = arena_new(1 << 24) };
	struct trust t;
	struct err e = { 0 };
	struct policy bad = p->w.policy;
	char slash[100];

	OK(trust_open(&cli, &t, &e), e);
	EQ_INT(t.count, 0);
	OK(trust_pin(&cli, &t, &p->w.policy, &e), e);
	OK(trust_open(&cli, &t, &e), e);
	EQ_INT(t.count, 1);
	CHECK(trust_of_issuer(&t, STR("verify.example.org")) == t.policies);
	CHECK(trust_of_issuer(&t, STR("verify.example")) == NULL);
	CHECK(trust_of_site(&t, p->w.policy.site) == t.policies);
	snprintf(slash, sizeof slash, "%.*s/", STR_ARG(p->w.policy.site));
	CHECK(trust_of_site(&t, str_of(slash)) == t.policies);
	CHECK(trust_of_site(&t, STR("")) == NULL);
	CHECK(trust_find(&t, p->w.policy.site) == t.policies);
	CHECK(trust_find(&t, STR("verify.example.org")) == t.policies);
	CHECK(trust_find(&t, STR("http://verify.example.org")) == NULL);
	bad.issuer = STR("..");
	CHECK(!trust_pin(&cli, &t, &bad, &e));
	EQ_C(e.code, "TRUST-NAME");
	bad.issuer = STR("-x");
	CHECK(!trust_pin(&cli, &t, &bad, &e));
	cli.env = &bare; /* without HOME nothing is pinned, and nothing can be */
	OK(trust_open(&cli, &t, &e), e);
	EQ_INT(t.count, 0);
	CHECK(!trust_pin(&cli, &t, &p->w.policy, &e) && e.kind == ERR_SYSTEM);
	arena_free(cli.arena);
	place_free(p);
}

TEST(the_policy_a_site_offers_is_pinned_by_its_fingerprint_and_no_other_way)
{
	struct place *p = place_new();
	const char *const args[] = { "--root", p->dir, NULL };
	struct server s = server_start(args);
	char url[100];

	snprintf(url, sizeof url, "http://127.0.0.1:%u/site", s.port);
	answers(TRUST(p, "fingerprint", url), 0, p->fingerprint);
	answers(TRUST(p, "add", url), 2, p->fingerprint);
	answers(TRUST(p, "add", url, "--fingerprint", p->changed), 1, p->fingerprint);
	answers(TRUST(p, "add", url, "--fingerprint", p->fingerprint), 0, "is trusted");
	snprintf(url, sizeof url, "http://127.0.0.1:%u/page", s.port);
	answers(TRUST(p, "add", url, "--fingerprint", p->fingerprint), 3, "web page");
	snprintf(url, sizeof url, "http://127.0.0.1:%u/status/404", s.port);
	answers(TRUST(p, "add", url, "--fingerprint", p->fingerprint), 1, "no policy.json");
	server_stop(&s);
	place_free(p);
}

/* The site of a place with a successor of its policy on it. */
static void put_successor(struct place *p, const struct policy *old, const struct policy *next)
{
	struct buf note = buf_empty(NOTE_MAX);
	char path[POLICY_SUCCESSOR], dir[200];
	struct err e = { 0 };

	world_must(policy_successor_path(old, path, &e), &e);
	world_must(policy_succeed(&note, old, next, p->w.signer, &e), &e);
	snprintf(dir, sizeof dir, "%s/policy", p->dir);
	world_must(io_mkdir(dir, 0755, &e), &e);
	world_must(io_replace(dir, strrchr(path, '/') + 1, buf_view(&note), 0644, &e), &e);
	buf_free(&note);
}

TEST(a_policy_that_both_quorums_signed_is_followed_from_the_site)
{
	struct place *p = place_new();
	const char *const args[] = { "--root", p->dir, NULL };
	struct server s = server_start(args);
	struct policy one = p->w.policy, two, three;
	char site[64], fingerprint[POLICY_FINGERPRINT + 1];
	int n = snprintf(site, sizeof site, "http://127.0.0.1:%u/site", s.port);
	struct err e = { 0 };

	one.site = str_bytes(site, (size_t)n);
	two = one;
	two.contact = STR("telephone 1");
	three = two;
	three.contact = STR("telephone 2");
	write_policy(p, "policy.json", &one);
	OK(policy_fingerprint(&one, fingerprint, &e), e);
	answers(TRUST(p, "add", p->file, "--fingerprint", fingerprint), 0, "is trusted");
	answers(TRUST(p, "update"), 0, "nothing follows");
	put_successor(p, &one, &two);
	put_successor(p, &two, &three);
	answers(TRUST(p, "update", "verify.example.org"), 0, "+ contact: telephone 2");
	OK(policy_fingerprint(&three, fingerprint, &e), e);
	answers(TRUST(p, "list"), 0, fingerprint);
	answers(TRUST(p, "update", "nobody.example"), 1, "no policy of");
	put_successor(p, &three, &one); /* a circle is no successor */
	answers(TRUST(p, "update"), 1, "follow one another");
	answers(TRUST(p, "list"), 0, fingerprint);
	server_stop(&s);
	answers(TRUST(p, "update"), 3, "takes no connection");
	place_free(p);
}

TEST(without_memory_a_policy_is_pinned_whole_or_not_at_all)
{
	struct place *p = place_new();
	char path[200];
	size_t failed = 0;

	snprintf(path, sizeof path, "%s/hufu/trust/verify.example.org.json", p->config);
	for (size_t nth = 1; nth < 200; nth++) {
		struct said s;

		unlink(path);
		check_fail_alloc(nth);
		s = TRUST(p, "add", p->file, "--fingerprint", p->fingerprint);
		check_fail_alloc(0);
		if (s.code == 0) {
			answers(TRUST(p, "list"), 0, p->fingerprint);
			said_free(&s);
			break;
		}
		EQ_INT(s.code, 3);
		CHECK(!io_exists(path));
		said_free(&s);
		failed++;
	}
	CHECK(failed >= 3 && failed < 199);
	place_free(p);
}
