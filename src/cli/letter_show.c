/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/letter_show.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/enc.h"
#include "issue/document.h"
#include "proof/docid.h"
#include "store/move.h"
#include "json/canon.h"

enum { TEXT_MAX = 256 * 1024, APPEAL_DAYS = 60 };

static bool put(struct cli *cli, struct buf *text, struct err *e)
{
	bool ok = buf_ok(text, "what is printed of an application", e);

	if (ok)
		fwrite(text->p, 1, text->n, cli->out);
	buf_free(text);
	return ok;
}

void letter_show_time(struct buf *out, const struct config *c, int64_t at)
{
	int64_t local = at + (int64_t)c->utc_offset_min * 60,
		day = instant_day(at, c->utc_offset_min);
	int minute = (int)((local - day * 86400) / 60), zone = c->utc_offset_min;
	char date[11];

	civil_text(civil_of_days(day), date);
	buf_printf(out, "%s %02d:%02d (UTC%c%d", date, minute / 60, minute % 60,
		   zone < 0 ? '-' : '+', abs(zone) / 60);
	if (abs(zone) % 60 != 0)
		buf_printf(out, ":%02d", abs(zone) % 60);
	buf_byte(out, ')');
}

static struct str recipient_of(const struct office_case *c)
{
	if (c->request == NULL)
		return STR("");
	return c->request->recipient != NULL ? c->request->recipient->name
					     : STR("to whom it may concern");
}

static const char *languages_of(const struct request *r)
{
	static const char *const words[] = { [REQUEST_LANGUAGE_ABSENT] = "",
					     [REQUEST_EN] = "en",
					     [REQUEST_ZH] = "zh",
					     [REQUEST_BOTH] = "en,zh" };

	return words[r->language];
}

static const char *outcome_word(const struct standing *s)
{
	switch (s->outcome) {
	case STANDING_REFUSED:
		return "refused";
	case STANDING_LETTER:
		return "letter";
	case STANDING_STATEMENT:
		break;
	}
	return "statement";
}

static const char *answer_word(enum standing_answer answer)
{
	switch (answer) {
	case STANDING_NOT_ASKED:
		return "not_asked";
	case STANDING_PASSED:
		return "passed";
	case STANDING_FAILED:
		break;
	}
	return "failed";
}

/* ---- JSON ---- */

/* ,"key":"text" */
static void member_put(struct buf *out, const char *key, struct str text)
{
	buf_printf(out, ",\"%s\":", key);
	canon_string(out, text);
}

static void instant_member(struct buf *out, const char *key, int64_t at)
{
	char text[21];

	instant_text(at, text);
	member_put(out, key, str_of(text));
}

static void head_json(struct buf *out, const struct office_case *c)
{
	buf_printf(out, "{\"application\":%lld", (long long)c->row.number);
	instant_member(out, "applied_at", c->row.applied_at);
	if (c->request != NULL) {
		member_put(out, "document", str_of(request_document_word(c->request->document)));
		member_put(out, "language", str_of(languages_of(c->request)));
		member_put(out, "member_id", c->request->member_id);
		member_put(out, "profile", c->request->profile);
		member_put(out, "recipient", recipient_of(c));
	}
	member_put(out, "request_id", c->row.request_id);
	member_put(out, "stage", str_of(office_stage_word(c->stage)));
	if (c->row.code.n > 0) {
		member_put(out, "code", c->row.code);
		member_put(out, "message", c->row.words);
	}
}

static void check_json(struct buf *out, const struct standing *s, size_t i)
{
	const struct standing_check *check = &s->checks[i];

	buf_c(out, i > 0 ? ",{" : "{");
	buf_printf(out, "\"answer\":\"%s\"", answer_word(check->answer));
	member_put(out, "code", str_of(check->code != NULL ? check->code : ""));
	member_put(out, "condition", str_of(standing_condition_word((enum standing_condition)i)));
	member_put(out, "figures", check->figures);
	buf_byte(out, '}');
}

static void act_json(struct buf *out, const char *key, const struct office_act *act)
{
	if (act->act == NULL)
		return;
	buf_printf(out, ",\"%s\":{\"kid\":\"", key);
	enc_hex(out, act->who->kid, KID_SIZE);
	buf_byte(out, '"');
	instant_member(out, "at", act->at);
	member_put(out, "officer", act->who->name);
	buf_byte(out, '}');
}

static void document_json(struct buf *out, const struct store_document *d)
{
	buf_c(out, "{\"docid\":\"");
	docid_text(out, str_bytes(d->docid, DOCID_SIZE));
	buf_byte(out, '"');
	member_put(out, "lang", d->lang);
	if (d->state == DOCUMENT_FAILED) {
		member_put(out, "code", d->code);
		member_put(out, "message", d->message);
	} else {
		member_put(out, "status",
			   str_of(d->state == DOCUMENT_MADE ? store_status_word(d->status)
							    : "planned"));
	}
	buf_byte(out, '}');
}

static void case_json(struct buf *out, const struct office_case *c)
{
	head_json(out, c);
	if (c->row.state == LETTER_OPEN) {
		buf_c(out, ",\"checks\":[");
		for (size_t i = 0; i < STANDING_CONDITIONS; i++)
			check_json(out, &c->standing, i);
		buf_c(out, "]");
		instant_member(out, "as_at", c->input.as_at);
		member_put(out, "outcome", str_of(outcome_word(&c->standing)));
		if (c->standing.wording != 0)
			buf_printf(out, ",\"wording\":\"W%u\"", c->standing.wording);
	}
	act_json(out, "prepared", &c->prepared);
	act_json(out, "approved", &c->approved);
	if (c->lapse.code != NULL)
		member_put(out, "lapsed", str_of(c->lapse.code));
	buf_c(out, ",\"documents\":[");
	for (size_t i = 0; i < c->document_count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		document_json(out, &c->documents[i]);
	}
	buf_c(out, "]}\n");
}

/* ---- text ---- */

static void head_text(struct cli *cli, struct buf *out, const struct office_case *c)
{
	static const char *const documents[][2] = {
		[REQUEST_DOCUMENT_ABSENT] = { "", "" },
		[REQUEST_GOOD_STANDING] = { "good-standing letter", "资格良好证明" },
		[REQUEST_STATUS_STATEMENT] = { "status statement", "状况说明" },
	};
	static const char *const stages[] = {
		[OFFICE_SUBMITTED] = "已提交", [OFFICE_PREPARED] = "已初审",
		[OFFICE_APPROVED] = "已批准",  [OFFICE_REFUSED] = "已拒绝",
		[OFFICE_WITHDRAWN] = "已撤回", [OFFICE_ISSUED] = "已签发",
	};

	buf_printf(out, "%lld  %-9s  ", (long long)c->row.number,
		   cli_text(cli, office_stage_word(c->stage), stages[c->stage]));
	if (c->request == NULL) {
		buf_c(out, cli_text(cli, "(erased)\n", "（已删除）\n"));
		return;
	}
	buf_printf(out, "%s (%s)  %.*s  → %.*s  [%.*s]\n",
		   cli_text(cli, documents[c->request->document][0],
			    documents[c->request->document][1]),
		   languages_of(c->request), STR_ARG(c->request->member_id),
		   STR_ARG(recipient_of(c)), STR_ARG(c->request->profile));
}

static void check_text(struct cli *cli, struct buf *out, const struct standing *s, size_t i)
{
	static const char *const marks[][2] = { [STANDING_NOT_ASKED] = { "not asked", "不问" },
						[STANDING_PASSED] = { "passed", "符合" },
						[STANDING_FAILED] = { "FAILED", "不符" } };
	const struct standing_check *check = &s->checks[i];
	enum cli_colour colour = check->answer == STANDING_PASSED   ? COLOUR_GREEN
				 : check->answer == STANDING_FAILED ? COLOUR_RED
								    : COLOUR_NONE;

	buf_printf(out, "    %-13s %s%-10s%s %.*s%s%s\n",
		   standing_condition_word((enum standing_condition)i), cli_colour(cli, colour),
		   cli_text(cli, marks[check->answer][0], marks[check->answer][1]),
		   colour != COLOUR_NONE ? cli_colour(cli, COLOUR_NONE) : "",
		   STR_ARG(check->figures), check->answer == STANDING_FAILED ? "  " : "",
		   check->answer == STANDING_FAILED ? check->code : "");
}

static void decision_text(struct cli *cli, struct buf *out, const struct standing *s)
{
	if (s->outcome != STANDING_REFUSED)
		buf_c(out, cli_text(cli, "  may be issued", "  可签发"));
	else if (s->wording != 0)
		buf_c(out,
		      cli_text(cli, "  may not be issued; a status statement can be had instead",
			       "  不可签发；可改申请状况说明"));
	else
		buf_c(out, cli_text(cli, "  may not be issued", "  不可签发"));
	if (s->wording != 0)
		buf_printf(out, "%s W%u", cli_text(cli, ", wording", "，措辞"), s->wording);
	buf_byte(out, '\n');
}

static void act_text(struct buf *out, const struct config *c, const char *word,
		     const struct office_act *act)
{
	if (act->act == NULL)
		return;
	buf_printf(out, "  %s %.*s (", word, STR_ARG(act->who->name));
	enc_hex(out, act->who->kid, KID_SIZE);
	buf_c(out, ") ");
	letter_show_time(out, c, act->at);
	buf_byte(out, '\n');
}

static void document_text(struct buf *out, const struct store_document *d)
{
	buf_c(out, "  ");
	docid_text(out, str_bytes(d->docid, DOCID_SIZE));
	if (d->state == DOCUMENT_FAILED)
		buf_printf(out, "  %.*s  failed: %.*s\n", STR_ARG(d->lang), STR_ARG(d->message));
	else
		buf_printf(out, "  %.*s  %s\n", STR_ARG(d->lang),
			   d->state == DOCUMENT_MADE ? store_status_word(d->status) : "planned");
}

static void next_text(struct cli *cli, struct buf *out, const struct office *o, int64_t now)
{
	int64_t last, next;

	config_tick(&o->home->config, now, &last, &next);
	buf_c(out, cli_text(cli, "  goes out with the tick at ", "  将随此时刻签发："));
	letter_show_time(out, &o->home->config, next);
	buf_byte(out, '\n');
}

static void case_text(struct cli *cli, struct buf *out, const struct office *o,
		      const struct office_case *c)
{
	const struct config *config = &o->home->config;

	head_text(cli, out, c);
	buf_printf(out, "  %s %.*s  ", cli_text(cli, "request", "申请"),
		   STR_ARG(c->row.request_id));
	letter_show_time(out, config, c->row.applied_at);
	buf_byte(out, '\n');
	if (c->row.state == LETTER_OPEN) {
		for (size_t i = 0; i < STANDING_CONDITIONS; i++)
			check_text(cli, out, &c->standing, i);
		decision_text(cli, out, &c->standing);
	}
	act_text(out, config, cli_text(cli, "prepared by", "初审"), &c->prepared);
	act_text(out, config, cli_text(cli, "approved by", "批准"), &c->approved);
	if (c->lapse.code != NULL)
		buf_printf(out, "  %s: %s\n",
			   cli_text(cli, "an earlier approval is void", "先前的批准已作废"),
			   c->lapse.code);
	if (c->stage == OFFICE_APPROVED)
		next_text(cli, out, o, c->input.as_at);
	if (c->row.code.n > 0)
		buf_printf(out, "  %.*s: %.*s\n", STR_ARG(c->row.code), STR_ARG(c->row.words));
	for (size_t i = 0; i < c->document_count; i++)
		document_text(out, &c->documents[i]);
}

/* ---- what is called ---- */

bool letter_show_line(struct cli *cli, const struct office_case *c, bool json, struct err *e)
{
	struct buf out = buf_empty(TEXT_MAX);

	if (json) {
		head_json(&out, c);
		buf_c(&out, "}\n");
	} else {
		head_text(cli, &out, c);
	}
	return put(cli, &out, e);
}

bool letter_show_case(struct cli *cli, const struct office *o, const struct office_case *c,
		      bool json, struct err *e)
{
	struct buf out = buf_empty(TEXT_MAX);

	if (json)
		case_json(&out, c);
	else
		case_text(cli, &out, o, c);
	return put(cli, &out, e);
}

bool letter_show_refusal(struct cli *cli, const struct office *o, const struct office_case *c,
			 struct err *e)
{
	const struct config *config = &o->home->config;
	struct buf out = buf_empty(TEXT_MAX);
	unsigned offered = c->request->document == REQUEST_GOOD_STANDING ? c->standing.wording : 0;

	buf_printf(&out, "申请 %.*s 未获批准。\n理由：%.*s（%.*s）\n", STR_ARG(c->row.request_id),
		   STR_ARG(c->row.words), STR_ARG(c->row.code));
	if (offered >= STANDING_W4)
		buf_printf(&out, "可改申请会员状况说明（措辞 W%u）。\n", offered);
	buf_printf(
		&out,
		"询问与复核：%.*s。自本通知之日起 %d 日内可申请复核，请注明申请编号；复核由另一名经办人决定。\n\n",
		STR_ARG(config->contact), APPEAL_DAYS);
	buf_printf(&out, "Application %.*s was not approved.\nReason: %.*s (%.*s)\n",
		   STR_ARG(c->row.request_id), STR_ARG(c->row.words), STR_ARG(c->row.code));
	if (offered >= STANDING_W4)
		buf_printf(&out, "A status statement can be had instead (wording W%u).\n", offered);
	buf_printf(
		&out,
		"Questions and review: %.*s. You may ask for a review within %d days of this notice, naming the"
		" application; another officer decides it.\n",
		STR_ARG(config->contact), APPEAL_DAYS);
	return put(cli, &out, e);
}

static void delivery_json(struct buf *out, const struct request *r)
{
	static const char *const words[] = {
		[REQUEST_DELIVERY_ABSENT] = "member",
		[REQUEST_TO_MEMBER] = "member",
		[REQUEST_TO_RECIPIENT] = "recipient",
		[REQUEST_TO_BOTH] = "both",
	};

	member_put(out, "delivery", str_of(words[r->delivery]));
	if (r->recipient != NULL && r->recipient->email.n > 0)
		member_put(out, "recipient_email", r->recipient->email);
}

static void tick_json(struct buf *out, const struct tick_line *line)
{
	static const char *const words[] = {
		[TICK_ISSUED] = "issued", [TICK_REFUSED] = "refused", [TICK_WAITS] = "waits"
	};
	char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER];

	buf_printf(out, "{\"application\":%lld", (long long)line->number);
	member_put(out, "outcome", str_of(words[line->outcome]));
	switch (line->outcome) {
	case TICK_ISSUED:
		document_name(line->document.docid, name, folder);
		buf_c(out, ",\"docid\":\"");
		docid_text(out, str_bytes(line->document.docid, DOCID_SIZE));
		buf_byte(out, '"');
		member_put(out, "document", line->document.form);
		member_put(out, "lang", line->document.lang);
		member_put(out, "file", str_of(name));
		delivery_json(out, line->request);
		break;
	case TICK_REFUSED:
		member_put(out, "code", str_of(line->why.code));
		member_put(out, "message", str_of(line->why.cause));
		break;
	case TICK_WAITS:
		break;
	}
	buf_c(out, "}\n");
}

bool letter_show_tick(struct cli *cli, const struct tick_line *line, bool json, struct err *e)
{
	struct buf out = buf_empty(TEXT_MAX);

	if (json) {
		tick_json(&out, line);
		return put(cli, &out, e);
	}
	buf_printf(&out, "%lld  ", (long long)line->number);
	switch (line->outcome) {
	case TICK_ISSUED:
		docid_text(&out, str_bytes(line->document.docid, DOCID_SIZE));
		buf_printf(&out, "  %.*s  %.*s\n", STR_ARG(line->document.form),
			   STR_ARG(line->document.lang));
		break;
	case TICK_REFUSED:
		buf_printf(&out, "%s  %s: %s\n", cli_text(cli, "refused", "拒绝"), line->why.code,
			   line->why.cause);
		break;
	case TICK_WAITS:
		buf_printf(&out, "%s\n", cli_text(cli, "waits for the next tick", "等待下一时刻"));
		break;
	}
	return put(cli, &out, e);
}
