/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "cli/commands.h"
#include "cli/trust.h"
#include "net/http.h"
#include "json/canon.h"

enum { TEXT_MAX = 1 << 20, TYPED_MAX = 200, FINGERPRINT_BYTES = 20 };

static const char *const verbs[] = { "add", "list", "fingerprint", "update", "remove", NULL };

static const struct option options[] = {
	{ .name = "fingerprint",
	  .argument = "F",
	  .help_en = "The fingerprint the issuer gave you elsewhere than on its site: on paper, by "
		     "telephone.  Without it a terminal is asked.",
	  .help_zh = "签发机构经站点以外途径（纸面、电话）告知的指纹；未给出时在终端询问。" },
	{ .name = "replace",
	  .help_en = "Take the new policy of an issuer that is pinned with another one.",
	  .help_zh = "该机构已有另一策略时，以新策略取代。" },
	OPTION_JSON,
};

/* One policy as a line of `trust list` or `trust fingerprint`. */
static bool put_json(struct buf *out, const struct policy *p, struct err *e)
{
	char fingerprint[POLICY_FINGERPRINT + 1];

	if (!policy_fingerprint(p, fingerprint, e))
		return false;
	buf_printf(out, "{\"fingerprint\":\"%s\",\"issuer\":", fingerprint);
	canon_string(out, p->issuer);
	buf_printf(out, ",\"k\":%u,\"log\":", p->k);
	canon_string(out, p->log.name);
	buf_c(out, ",\"names\":{\"en\":");
	canon_string(out, p->name_en);
	buf_c(out, ",\"zh\":");
	canon_string(out, p->name_zh);
	buf_printf(out, "},\"quorum\":%u,\"roots\":%zu,\"site\":", p->quorum, p->root_count);
	canon_string(out, p->site);
	buf_printf(out, ",\"witnesses\":%zu}\n", p->witness_count);
	return buf_ok(out, "the list of policies", e);
}

static bool put_text(struct buf *out, const struct policy *p, struct err *e)
{
	char fingerprint[POLICY_FINGERPRINT + 1];

	if (!policy_fingerprint(p, fingerprint, e))
		return false;
	buf_printf(out, "%.*s  %s  %.*s  %.*s / %.*s\n", STR_ARG(p->issuer), fingerprint,
		   STR_ARG(p->site), STR_ARG(p->name_zh), STR_ARG(p->name_en));
	return buf_ok(out, "the list of policies", e);
}

static bool print(struct cli *cli, const struct policy *policies, size_t count, bool json,
		  struct err *e)
{
	struct buf out = buf_empty(TEXT_MAX);
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = json ? put_json(&out, &policies[i], e) : put_text(&out, &policies[i], e);
	if (ok && out.n > 0)
		fwrite(out.p, 1, out.n, cli->out);
	buf_free(&out);
	return ok;
}

static void put_keys(struct buf *out, const struct note_key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_c(out, i > 0 ? ", " : "");
		note_key_write(out, &keys[i]);
	}
	if (count == 0)
		buf_c(out, "-");
}

/* Every member of a policy as a line "member: value". */
static void put_members(struct buf *out, const struct policy *p)
{
	buf_printf(out, "names: %.*s / %.*s\n", STR_ARG(p->name_zh), STR_ARG(p->name_en));
	buf_printf(out, "site: %.*s\ncontact: %.*s\nlog: ", STR_ARG(p->site), STR_ARG(p->contact));
	note_key_write(out, &p->log);
	buf_printf(out, "\nk: %u\nroots: ", p->k);
	put_keys(out, p->roots, p->root_count);
	buf_printf(out, "\nquorum: %u\nwitnesses: ", p->quorum);
	put_keys(out, p->witnesses, p->witness_count);
	buf_printf(out, "\nutc_offset_min: %d\n", p->utc_offset_min);
}

/* On stderr, two lines for every member that differs. */
static bool show_changes(struct cli *cli, const struct policy *old, const struct policy *new,
			 struct err *e)
{
	struct buf a = buf_empty(TEXT_MAX), b = buf_empty(TEXT_MAX);
	struct str was, is, old_line = { 0 }, new_line = { 0 };
	bool ok;

	put_members(&a, old);
	put_members(&b, new);
	ok = buf_ok(&a, "a policy", e) && buf_ok(&b, "a policy", e);
	was = buf_view(&a);
	is = buf_view(&b);
	while (ok && str_split(&was, '\n', &old_line) && str_split(&is, '\n', &new_line))
		if (!str_eq(old_line, new_line))
			fprintf(cli->err, "- %.*s\n+ %.*s\n", STR_ARG(old_line), STR_ARG(new_line));
	buf_free(&a);
	buf_free(&b);
	return ok;
}

/* What a person at a terminal types in; without a terminal there is nobody to compare. */
static bool ask(struct cli *cli, const struct policy *p, const char *fingerprint, struct str *typed,
		struct err *e)
{
	struct buf line = buf_empty(TYPED_MAX);
	bool end, ok;

	cli_say(cli, "%.*s (%.*s) has the fingerprint %s", "%.*s（%.*s）的指纹是 %s",
		STR_ARG(p->issuer), STR_ARG(cli->chinese ? p->name_zh : p->name_en), fingerprint);
	if (isatty(fileno(cli->in)) != 1)
		return err_usage(e,
				 "--fingerprint is needed: the one the issuer gave you elsewhere "
				 "than on its site");
	cli_say(cli, "type the fingerprint that the issuer gave you on paper or by telephone:",
		"请输入签发机构在纸面或电话中告知的指纹：");
	ok = io_line(cli->in, &line, typed, &end, e) && arena_str(cli->arena, *typed, typed, e);
	buf_free(&line);
	return ok;
}

/* Is this the policy the issuer spoke of? */
static bool confirm(struct cli *cli, const struct cli_args *args, const struct policy *p,
		    struct err *e)
{
	const char *given = args_value(args, "fingerprint");
	char fingerprint[POLICY_FINGERPRINT + 1];
	unsigned char bytes[FINGERPRINT_BYTES];
	struct str typed = { 0 };

	if (!policy_fingerprint(p, fingerprint, e))
		return false;
	if (given != NULL)
		typed = str_of(given);
	else if (!ask(cli, p, fingerprint, &typed, e))
		return false;
	if (!enc_unbase32(typed, bytes, sizeof bytes))
		return err_usage(e, "a fingerprint is 8 groups of 4 letters and digits, not '%.*s'",
				 (int)(typed.n < 60 ? typed.n : 60), typed.p);
	if (policy_fingerprint_eq(typed, str_of(fingerprint)))
		return true;
	return err_input(
		e, "TRUST-FINGERPRINT",
		"the policy's fingerprint is %s, you were given %.*s: it is not the policy "
		"the issuer spoke of",
		fingerprint, STR_ARG(typed));
}

/* A policy file, or the policy.json of a site. */
static bool read_policy(struct cli *cli, const char *from, struct policy *out, struct err *e)
{
	struct buf bytes = buf_empty(POLICY_BYTES_MAX);
	struct http *http = NULL;
	struct str copy;
	bool absent, ok;

	if (!str_starts(str_of(from), STR("https://")) && !str_starts(str_of(from), STR("http://")))
		return trust_read(cli, from, out, e);
	ok = http_open(str_of(from), NULL, &http, e) &&
	     http_load(http, "/policy.json", POLICY_BYTES_MAX, &bytes, &absent, e);
	if (ok && absent)
		ok = err_input(e, "SITE-ABSENT", "the site has no policy.json");
	ok = ok && arena_str(cli->arena, buf_view(&bytes), &copy, e) &&
	     policy_read(cli->arena, copy, out, e);
	if (!ok)
		err_in(e, "%s", from);
	http_close(http);
	buf_free(&bytes);
	return ok;
}

/* Nothing pinned, or the same, or another policy that the user means to take. */
static bool may_pin(struct cli *cli, const struct cli_args *args, const struct trust *t,
		    const struct policy *p, struct err *e)
{
	const struct policy *old = trust_of_issuer(t, p->issuer);
	char was[POLICY_FINGERPRINT + 1], is[POLICY_FINGERPRINT + 1];

	if (old == NULL)
		return true;
	if (!policy_fingerprint(old, was, e) || !policy_fingerprint(p, is, e))
		return false;
	if (strcmp(was, is) == 0)
		return true;
	if (!show_changes(cli, old, p, e))
		return false;
	return args_flag(args, "replace") ||
	       err_input(e, "TRUST-PINNED",
			 "%.*s is pinned with the policy %s; --replace takes %s in its place",
			 STR_ARG(p->issuer), was, is);
}

static bool pin(struct cli *cli, const struct trust *t, const struct policy *p, struct err *e)
{
	char fingerprint[POLICY_FINGERPRINT + 1];

	if (!policy_fingerprint(p, fingerprint, e) || !trust_pin(cli, t, p, e))
		return false;
	cli_say(cli, "%.*s is trusted by the policy %s", "已信任 %.*s，策略指纹 %s",
		STR_ARG(p->issuer), fingerprint);
	return true;
}

static bool add(struct cli *cli, const struct cli_args *args, const char *from, struct err *e)
{
	struct trust t;
	struct policy p;

	return trust_open(cli, &t, e) && read_policy(cli, from, &p, e) &&
	       confirm(cli, args, &p, e) && may_pin(cli, args, &t, &p, e) && pin(cli, &t, &p, e);
}

static bool list(struct cli *cli, const struct cli_args *args, const char *what UNUSED,
		 struct err *e)
{
	struct trust t;

	return trust_open(cli, &t, e) &&
	       print(cli, t.policies, t.count, args_flag(args, "json"), e);
}

static bool fingerprint(struct cli *cli, const struct cli_args *args, const char *from,
			struct err *e)
{
	char text[POLICY_FINGERPRINT + 1];
	struct policy p;

	if (!read_policy(cli, from, &p, e) || !policy_fingerprint(&p, text, e))
		return false;
	if (args_flag(args, "json"))
		return print(cli, &p, 1, true, e);
	fprintf(cli->out, "%s\n", text);
	return true;
}

/* Ask the site of one pinned policy for what follows it. */
static bool update_one(struct cli *cli, const struct trust *t, const struct policy *old,
		       struct err *e)
{
	struct http *http = NULL;
	struct policy p = *old;
	struct site site;
	unsigned hops = 0;
	bool ok = http_open(old->site, NULL, &http, e);

	if (ok) {
		http_site(http, &site);
		ok = trust_follow(cli, &site, &p, &hops, e);
	}
	http_close(http);
	if (!ok)
		return err_in(e, "%.*s", STR_ARG(old->issuer));
	if (hops > 0)
		return show_changes(cli, old, &p, e) && pin(cli, t, &p, e);
	cli_say(cli, "%.*s: nothing follows the pinned policy", "%.*s：策略没有后继",
		STR_ARG(old->issuer));
	return true;
}

/* One issuer, or all; one that fails does not keep the others from being asked. */
static bool update(struct cli *cli, const struct cli_args *args UNUSED, const char *issuer,
		   struct err *e)
{
	struct err why;
	struct trust t;
	bool ok = true, all = issuer[0] == '\0';

	if (!trust_open(cli, &t, e))
		return false;
	if (!all && trust_of_issuer(&t, str_of(issuer)) == NULL)
		return err_input(e, "TRUST-ABSENT", "no policy of '%s' is pinned", issuer);
	for (size_t i = 0; i < t.count; i++) {
		if (!all && !str_eq(t.policies[i].issuer, str_of(issuer)))
			continue;
		if (update_one(cli, &t, &t.policies[i], &why))
			continue;
		if (!ok)
			(void)cli_fail(cli, e);
		*e = why;
		ok = false;
	}
	return ok;
}

static bool forget(struct cli *cli, const struct cli_args *args UNUSED, const char *issuer,
		   struct err *e)
{
	struct trust t;

	if (!trust_open(cli, &t, e) || !trust_unpin(cli, &t, str_of(issuer), e))
		return false;
	cli_say(cli, "%s is not trusted any more", "不再信任 %s", issuer);
	return true;
}

/* What each verb takes behind it: `needs` in words, NULL when nothing must be there. */
static const struct verb {
	const char *name, *needs;
	bool alone;
	bool (*run)(struct cli *cli, const struct cli_args *args, const char *what, struct err *e);
} table[] = {
	{ "add", "a FILE", false, add },
	{ "list", NULL, true, list },
	{ "fingerprint", "a FILE", false, fingerprint },
	{ "update", NULL, false, update },
	{ "remove", "an ISSUER", false, forget },
};

static bool run_verb(struct cli *cli, const struct cli_args *args, const struct verb *verb,
		     struct err *e)
{
	bool bare = args_count(args) < 2;

	if (bare && verb->needs != NULL)
		return err_usage(e, "trust %s needs %s", verb->name, verb->needs);
	if (!bare && verb->alone)
		return err_usage(e, "trust %s takes no argument", verb->name);
	return ed25519_start(e) && verb->run(cli, args, bare ? "" : args_word(args, 1), e);
}

static int trust_run(struct cli *cli, const struct cli_args *args)
{
	const struct verb *verb = table;
	struct err e;

	while (strcmp(verb->name, args_word(args, 0)) != 0) /* args_parse knows the verbs */
		verb++;
	return run_verb(cli, args, verb, &e) ? EXIT_YES : cli_fail(cli, &e);
}

const struct command command_trust = {
	.name = "trust",
	.synopsis = "add|list|fingerprint|update|remove [FILE|URL|ISSUER] [--fingerprint F] "
		    "[--replace] [--json]",
	.summary_en = "pin the issuers whose documents are believed",
	.summary_zh = "固定所信任的签发机构",
	.details_en =
		"add pins the trust policy in FILE, or the one a site offers, once its "
		"fingerprint is the one the issuer gave you elsewhere; fingerprint prints it; "
		"list shows what is pinned; update asks each site for a policy that follows the "
		"pinned one, signed by the roots of both; remove forgets an ISSUER.  Policies "
		"are kept in $XDG_CONFIG_HOME/hufu/trust.",
	.details_zh =
		"add 在指纹与签发机构另行告知者相符时，固定 FILE 中或站点所提供的信任策略；"
		"fingerprint 输出指纹；list 列出已固定者；update 向各站点询问经新旧根密钥共同签署"
		"的后继策略；remove 不再信任 ISSUER。策略存于 $XDG_CONFIG_HOME/hufu/trust。",
	.verbs = verbs,
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 2,
	.run = trust_run,
};
