/* SPDX-License-Identifier: Apache-2.0 */
#include "base/civil.h"
#include "base/enc.h"
#include "proof/docid.h"
#include "proof/words.h"
#include "json/canon.h"

static void put_key(struct buf *out, const char *key)
{
	buf_printf(out, ",\"%s\":", key);
}

static void put_word(struct buf *out, const char *key, const char *word)
{
	put_key(out, key);
	if (word == NULL || word[0] == '\0')
		buf_c(out, "null");
	else
		canon_string(out, str_of(word));
}

static void put_text(struct buf *out, const char *key, struct str text)
{
	put_key(out, key);
	if (text.p == NULL)
		buf_c(out, "null");
	else
		canon_string(out, text);
}

static void put_bool(struct buf *out, const char *key, bool truth)
{
	put_key(out, key);
	buf_c(out, truth ? "true" : "false");
}

static void put_day(struct buf *out, const char *key, bool there, int64_t day)
{
	char text[11];

	civil_text(civil_of_days(day), text);
	put_word(out, key, there ? text : NULL);
}

static void put_instant(struct buf *out, const char *key, bool there, int64_t unix_s)
{
	char text[21];

	instant_text(unix_s, text);
	put_word(out, key, there ? text : NULL);
}

static void put_number(struct buf *out, const char *key, bool there, uint64_t n)
{
	put_key(out, key);
	if (there)
		buf_uint(out, n);
	else
		buf_c(out, "null");
}

/* A file name is any bytes; JSON is UTF-8: what is not becomes U+FFFD. */
static void put_target(struct buf *out, struct str target)
{
	struct buf clean = buf_empty(64 * 1024);

	while (target.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(target, &c);

		if (n == 0)
			enc_put_utf8(&clean, 0xfffd);
		else
			buf_put(&clean, target.p, n);
		target = str_skip(target, n == 0 ? 1 : n);
	}
	buf_c(out, "{\"target\":");
	canon_string(out, buf_view(&clean));
	buf_free(&clean);
}

static void put_type(struct buf *out, unsigned type)
{
	const char *word = words_type(type);

	buf_c(out, "{\"type\":");
	if (word != NULL)
		canon_string(out, str_of(word));
	else
		buf_printf(out, "\"%u\"", type);
}

static void put_fields(struct buf *out, const struct token_payload *p)
{
	bool letter = p->type == TYPE_LETTER || p->type == TYPE_STATEMENT;
	struct buf id = buf_empty(64);

	put_type(out, p->type);
	docid_text(&id, str_bytes(p->docid, p->docid_size));
	put_text(out, "docid", buf_view(&id));
	buf_free(&id);
	put_text(out, "member_no", p->member_no);
	put_text(out, "name_native", p->name_native);
	put_text(out, "name_latin", p->name_latin);
	put_day(out, "admitted", p->has_admitted, p->admitted_day);
	put_day(out, "issued", true, p->issued_day);
	put_day(out, "expires", p->expires_day != 0, p->expires_day);
	put_text(out, "recipient", p->recipient);
	put_instant(out, "as_at", letter, p->as_at_min * 60);
	put_number(out, "wording", letter, p->wording);
	put_number(out, "class", letter, p->class_code);
	put_number(out, "look_back", letter, p->look_back);
	if (letter)
		put_bool(out, "pending", p->pending != 0);
	else
		put_word(out, "pending", NULL);
	buf_byte(out, '}');
}

static void put_claims(struct buf *out, const char *key, const struct token *token)
{
	put_key(out, key);
	if (token != NULL)
		put_fields(out, &token->payload);
	else
		buf_c(out, "null");
}

static void put_items(struct buf *out, const char *key, const enum verdict_item *items,
		      size_t count)
{
	put_key(out, key);
	buf_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		canon_string(out, str_of(words_item(items[i])));
	}
	buf_byte(out, ']');
}

static void put_tree(struct buf *out, const struct log_tree *tree)
{
	buf_printf(out, "{\"from\":\"%s\",\"size\":", words_log_from(tree->from));
	buf_uint(out, tree->size);
	buf_c(out, ",\"root\":\"");
	enc_hex(out, tree->root, SHA256_SIZE);
	buf_c(out, "\"}");
}

/* What contradicts itself, for whoever is to be shown. */
static void put_trees(struct buf *out, const struct evidence *ev)
{
	put_key(out, "trees");
	buf_byte(out, '[');
	if (ev->log_fault != LOG_FAULT_NONE)
		put_tree(out, &ev->shown);
	if (ev->log_fault != LOG_FAULT_NONE && ev->log_fault != LOG_FAULT_TILES) {
		buf_byte(out, ',');
		put_tree(out, &ev->known);
	}
	buf_byte(out, ']');
}

void verdict_json(struct buf *out, struct str target, const struct evidence *ev,
		  const struct verdict *v)
{
	put_target(out, target);
	put_word(out, "verdict", words_code(v->code));
	put_word(out, "authenticity", words_authenticity(v->authenticity));
	put_word(out, "status", words_status(v->status));
	put_word(out, "freshness", words_freshness(v->freshness));
	put_word(out, "transparency", words_transparency(v->transparency));
	put_word(out, "file", words_file(v->file));
	put_claims(out, "signed", v->verified ? ev->token : NULL);
	put_claims(out, "claimed", v->verified ? NULL : ev->token);
	put_word(out, "reason", words_reason(v->reason));
	put_number(out, "original_length", v->file == FILE_ADDED_TO, ev->original_length);
	put_word(out, "fingerprint", ev->policy == NULL ? ev->offered_fingerprint : NULL);
	put_items(out, "checked", v->checked, v->checked_count);
	put_items(out, "not_checked", v->not_checked, v->not_checked_count);
	put_bool(out, "lowered", v->lowered);
	put_instant(out, "as_of", true, v->as_of);
	put_instant(out, "list_iat", ev->has_list_iat, ev->list_iat);
	put_number(out, "quorum", ev->policy != NULL && v->verified, ev->quorum);
	put_number(out, "witnesses", v->transparency == LOG_INCLUDED, ev->witnesses);
	put_bool(out, "roots_changed", ev->roots_changed > 0);
	put_trees(out, ev);
	buf_c(out, "}\n");
}
