/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/answer.h"

#include <inttypes.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/version.h"
#include "proof/docid.h"
#include "proof/words.h"

enum {
	OUTPUT_MAX = 1 << 20,
	SHOWN_MAX = 60 /* bytes of a target's name on the screen; a link has hundreds of digits */
};

static const char COLUMNS[] =
	"target,verdict,reason,authenticity,status,freshness,transparency,file,type,docid,member_no,"
	"name_native,name_latin,admitted,issued,expires,recipient,as_at,as_of,list_iat";
static const char EVIDENCE_COLUMNS[] =
	",checked_at,policy,file_sha256,tree_size,tree_root,list_exp,"
	"keys_version,program";

struct answers answers_begin(struct cli *cli, enum answer_form form, bool evidence, bool seal)
{
	return (struct answers){ .cli = cli,
				 .form = form,
				 .evidence = evidence,
				 .seal = seal,
				 .text = buf_empty(OUTPUT_MAX),
				 .words = buf_empty(OUTPUT_MAX) };
}

void answers_free(struct answers *a)
{
	buf_free(&a->text);
	buf_free(&a->words);
}

/* The target's name for the screen: no control bytes, not longer than a line. */
static void put_name(struct buf *out, struct str name)
{
	bool whole = name.n <= SHOWN_MAX;

	for (size_t i = 0; i < name.n && (whole || i < SHOWN_MAX); i++)
		buf_byte(out, (unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f
				      ? '?'
				      : (unsigned char)name.p[i]);
	buf_c(out, whole ? "\n" : "…\n");
}

static enum cli_colour colour_of(enum verdict_code code)
{
	int answer = verdict_exit(code);

	return answer == EXIT_YES ? COLOUR_GREEN : answer == EXIT_NO ? COLOUR_RED : COLOUR_YELLOW;
}

/* The headline in both languages, the reader's first, then all the rest in the reader's. */
static void put_words(struct answers *a, struct str name, const struct evidence *evidence,
		      const struct verdict *verdict)
{
	enum words_lang mine = a->cli->chinese ? WORDS_ZH : WORDS_EN;
	enum words_lang other = a->cli->chinese ? WORDS_EN : WORDS_ZH;
	struct str all, headline = { 0 };
	struct buf *out = &a->text;

	buf_clear(&a->words);
	words_all(&a->words, evidence, verdict, mine);
	all = buf_view(&a->words);
	str_split(&all, '\n', &headline);
	if (a->given > 0)
		buf_c(out, "\n");
	put_name(out, name);
	buf_c(out, cli_colour(a->cli, colour_of(verdict->code)));
	buf_str(out, headline);
	buf_c(out, "\n");
	words_headline(out, evidence, verdict, other);
	buf_c(out, cli_colour(a->cli, COLOUR_NONE));
	buf_c(out, "\n");
	buf_str(out, all);
}

/* What an answer rests on; empty for what is not there. */
struct grounds {
	char checked_at[21], list_iat[21], list_exp[21], size[21], keys[21];
	const char *policy;
	char sha256[2 * SHA256_SIZE + 1], root[2 * SHA256_SIZE + 1];
};

static void hex(char out[2 * SHA256_SIZE + 1], const unsigned char *hash)
{
	struct buf text = buf_empty(2 * SHA256_SIZE);

	enc_hex(&text, hash, SHA256_SIZE);
	if (text.n == 2 * SHA256_SIZE)
		memcpy(out, text.p, text.n);
	buf_free(&text);
}

static bool grounds_of(struct answers *a, const unsigned char *sha256, const struct evidence *ev,
		       struct grounds *out, struct err *e)
{
	*out = (struct grounds){ .policy = ev->policy != NULL ? a->fingerprint : "" };
	if (ev->policy != NULL && ev->policy != a->of) {
		if (!policy_fingerprint(ev->policy, a->fingerprint, e))
			return false;
		a->of = ev->policy;
	}
	instant_text(env_now(a->cli->env), out->checked_at);
	if (sha256 != NULL)
		hex(out->sha256, sha256);
	if (ev->tree.size > 0) {
		snprintf(out->size, sizeof out->size, "%" PRIu64, ev->tree.size);
		hex(out->root, ev->tree.root);
	}
	if (ev->has_list_iat) {
		instant_text(ev->list_iat, out->list_iat);
		instant_text(ev->list_exp, out->list_exp);
	}
	if (ev->keylist_state == KEYLIST_FRESH || ev->keylist_state == KEYLIST_STALE)
		snprintf(out->keys, sizeof out->keys, "%" PRIu64, ev->keylist->version);
	return true;
}

/* Words of ours: nothing in them needs to be escaped. */
static void put_member(struct buf *out, const char *name, const char *value, bool quoted)
{
	const char *quote = quoted && value[0] != '\0' ? "\"" : "";

	buf_printf(out, "\"%s\":%s%s%s", name, quote, value[0] != '\0' ? value : "null", quote);
}

static void put_evidence(struct buf *out, const struct grounds *g)
{
	const struct {
		const char *name, *value;
		bool quoted;
	} members[] = {
		{ "checked_at", g->checked_at, true }, { "policy", g->policy, true },
		{ "file_sha256", g->sha256, true },    { "tree_size", g->size, false },
		{ "tree_root", g->root, true },        { "list_iat", g->list_iat, true },
		{ "list_exp", g->list_exp, true },     { "keys_version", g->keys, false },
		{ "program", HUFU_VERSION, true },
	};

	out->n -= strlen("}\n"); /* the line goes on */
	buf_c(out, ",\"evidence\":");
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		buf_c(out, i == 0 ? "{" : ",");
		put_member(out, members[i].name, members[i].value, members[i].quoted);
	}
	buf_c(out, "}}\n");
}

/* A field of a spreadsheet: quoted when it must be, never a formula.  Bytes that are no UTF-8 become U+FFFD. */
static void put_field(struct buf *out, struct str field)
{
	bool quoted = false;

	for (size_t i = 0; i < field.n && !quoted; i++)
		quoted = field.p[i] != '\0' && strchr(",\"\r\n", field.p[i]) != NULL;
	if (quoted)
		buf_byte(out, '"');
	if (field.n > 0 && field.p[0] != '\0' && strchr("=+-@\t\r", field.p[0]) != NULL)
		buf_byte(out, '\'');
	while (field.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(field, &c);

		if (field.p[0] == '"')
			buf_byte(out, '"');
		if (n == 0 || c == 0)
			enc_put_utf8(out, 0xfffd);
		else
			buf_put(out, field.p, n);
		field = str_skip(field, n == 0 ? 1 : n);
	}
	if (quoted)
		buf_byte(out, '"');
}

static void put_next(struct buf *out, const char *field)
{
	buf_byte(out, ',');
	put_field(out, str_of(field));
}

static void put_day(struct buf *out, bool there, int64_t day)
{
	char text[11] = "";

	if (there)
		civil_text(civil_of_days(day), text);
	put_next(out, text);
}

static void put_instant(struct buf *out, bool there, int64_t unix_s)
{
	char text[21] = "";

	if (there)
		instant_text(unix_s, text);
	put_next(out, text);
}

static void put_text(struct buf *out, struct str text)
{
	buf_byte(out, ',');
	put_field(out, text);
}

/* type to as_at. */
static void put_signed(struct buf *out, const struct token_payload *p)
{
	bool letter = p->type == TYPE_LETTER || p->type == TYPE_STATEMENT;
	const char *type = words_type(p->type);
	struct buf id = buf_empty(64);
	char number[12];

	snprintf(number, sizeof number, "%u", p->type);
	docid_text(&id, str_bytes(p->docid, p->docid_size));
	put_next(out, type != NULL ? type : number);
	put_text(out, buf_view(&id));
	put_text(out, p->member_no);
	put_text(out, p->name_native);
	put_text(out, p->name_latin);
	put_day(out, p->has_admitted, p->admitted_day);
	put_day(out, true, p->issued_day);
	put_day(out, p->expires_day != 0, p->expires_day);
	put_text(out, p->recipient);
	put_instant(out, letter, p->as_at_min * 60);
	buf_free(&id);
}

static void put_row(struct answers *a, struct str target, const struct evidence *ev,
		    const struct verdict *v, const struct grounds *g,
		    const struct check_report *seal)
{
	struct buf *out = &a->text;

	if (a->given == 0) {
		buf_c(out, COLUMNS);
		buf_c(out, a->evidence ? EVIDENCE_COLUMNS : "");
		buf_c(out, a->seal ? ",seal" : "");
		buf_c(out, "\r\n");
	}
	put_field(out, target);
	put_next(out, words_code(v->code));
	put_next(out, words_reason(v->reason));
	put_next(out, words_authenticity(v->authenticity));
	put_next(out, words_status(v->status));
	put_next(out, words_freshness(v->freshness));
	put_next(out, words_transparency(v->transparency));
	put_next(out, words_file(v->file));
	if (v->verified)
		put_signed(out, &ev->token->payload);
	else
		buf_c(out, ",,,,,,,,,,");
	put_instant(out, true, v->as_of);
	put_instant(out, ev->has_list_iat, ev->list_iat);
	if (a->evidence) {
		const char *const fields[] = {
			g->checked_at, g->policy,   g->sha256, g->size,
			g->root,       g->list_exp, g->keys,   HUFU_VERSION
		};

		for (size_t i = 0; i < COUNT_OF(fields); i++)
			put_next(out, fields[i]);
	}
	if (a->seal)
		put_next(out, sealview_code(seal));
	buf_c(out, "\r\n");
}

static void put_seal(struct buf *out, const struct check_report *seal)
{
	out->n -= strlen("}\n"); /* the line goes on */
	buf_c(out, ",\"seal\":");
	sealview_json(out, seal);
	buf_c(out, "}\n");
}

static void count(struct answers *a, enum verdict_code code, const struct check_report *seal)
{
	int answer = verdict_exit(code);

	if (seal != NULL && seal->failed != CHECK_NONE)
		answer = verdict_exit_worse(answer, EXIT_NO);

	a->given++;
	a->valid += answer == EXIT_YES;
	a->no += answer == EXIT_NO;
	a->undecided += answer == EXIT_TROUBLE;
	a->worst = verdict_exit_worse(a->worst, answer);
}

bool answers_give(struct answers *a, struct str target, const unsigned char *sha256,
		  const struct evidence *evidence, const struct verdict *verdict,
		  const struct check_report *seal, struct err *e)
{
	struct grounds grounds = { 0 };

	if (a->evidence && !grounds_of(a, sha256, evidence, &grounds, e))
		return false;
	buf_clear(&a->text);
	switch (a->form) {
	case ANSWER_WORDS:
		put_words(a, target, evidence, verdict);
		sealview_words(&a->text, seal, a->cli->chinese);
		break;
	case ANSWER_JSON:
		verdict_json(&a->text, target, evidence, verdict);
		if (a->evidence)
			put_evidence(&a->text, &grounds);
		if (a->seal)
			put_seal(&a->text, seal);
		break;
	case ANSWER_CSV:
		put_row(a, target, evidence, verdict, &grounds, seal);
		break;
	}
	if (!buf_ok(&a->words, "the verdict", e) || !buf_ok(&a->text, "the verdict", e))
		return false;
	fwrite(a->text.p, 1, a->text.n, a->cli->out);
	count(a, verdict->code, seal);
	return true;
}

void answers_sum(struct answers *a)
{
	cli_say(a->cli, "%zu valid, %zu not, %zu undecided", "有效 %zu，否 %zu，未决 %zu", a->valid,
		a->no, a->undecided);
}
