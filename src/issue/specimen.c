/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/specimen.h"

#include "base/enc.h"
#include "issue/calling.h"
#include "issue/payload.h"
#include "keys/ring.h"
#include "proof/token.h"

enum { URL_MAX = BASE_URL_MAX + 2 + DECIMAL_DIGITS_MAX, DOCID_BYTES = 10 };

#define SPECIMEN_DOCID "TEST-TEST-TEST-TEST"

/* RFC 2606: a name that nobody can register. */
static const struct str SPECIMEN_ISSUER = { "specimen.invalid", sizeof "specimen.invalid" - 1 };

/* Published with the test vectors: proves nothing, which is its use here. */
static const unsigned char TEST_SEED[ED25519_SEED] = {
	0x56, 0xb8, 0xa9, 0x5f, 0x73, 0xb8, 0x84, 0x73, 0xa0, 0x2a, 0x40,
	0xbc, 0x3a, 0x0e, 0x46, 0x1c, 0x43, 0x55, 0xfc, 0x27, 0xba, 0x9c,
	0x82, 0xc7, 0xd6, 0xd7, 0xfe, 0x8f, 0xa9, 0x44, 0xdc, 0x19,
};

bool specimen_blank(struct arena *a, struct facts *facts, struct err *e)
{
	for (size_t i = 0; i < facts->count; i++) {
		struct fact *fact = &facts->items[i];
		char *copy;

		if (!str_eq(fact->key, STR("member_no")))
			continue;
		copy = arena_alloc(a, fact->value.n, e);
		if (copy == NULL)
			return false;
		for (size_t k = 0; k < fact->value.n; k++) {
			char c = fact->value.p[k];

			copy[k] = (char)(c >= '0' && c <= '9' ? '0' : c);
		}
		fact->value.p = copy;
	}
	return true;
}

/* Without its file a photo is not drawn, and so is no fact. */
static void photo_settle(const struct specimen_order *o, struct facts *facts)
{
	size_t kept = 0;

	if (o->photo.n > 0)
		return;
	for (size_t i = 0; i < facts->count; i++)
		if (!str_eq(facts->items[i].key, STR("photo_sha256")))
			facts->items[kept++] = facts->items[i];
	facts->count = kept;
}

static bool facts_fill(struct arena *a, const struct specimen_order *o, struct facts *facts,
		       struct err *e)
{
	struct form_info any = *form_info(o->form);
	struct civil day = civil_of_days(instant_day(o->as_of, o->config->utc_offset_min));
	enum calling calling;
	struct str missing;

	if (o->facts != NULL) {
		*facts = *o->facts;
		return true;
	}
	/* What is missing is said by the form, with its place. */
	any.for_class = any.for_status = any.for_request = STR("");
	if (!calling_facts(a, o->member, &any, day, facts, &calling, &missing, e))
		return false;
	photo_settle(o, facts);
	return specimen_blank(a, facts, e);
}

static bool payload_fill(const struct specimen_order *o, const struct facts *facts,
			 struct token_payload *p, struct err *e)
{
	static const unsigned char nonce[32];
	int zone = o->config->utc_offset_min;

	if (!payload_of_facts(facts, form_info(o->form)->token_type, zone, p, e))
		return false;
	p->docid_size = DOCID_BYTES;
	p->issued_day = instant_day(o->as_of, zone);
	if (!enc_unbase32(STR(SPECIMEN_DOCID), p->docid, DOCID_BYTES))
		return err_system(e, "the specimen's id is none");
	return facts_digest(facts, nonce, p->digest16, e);
}

/* `names`: both scripts', or only the one of the page. */
static bool url_put(struct buf *url, const struct specimen_order *o, const struct facts *facts,
		    bool names, struct err *e)
{
	struct ring_seed seed = { .role = ROLE_ISSUING, .number = form_info(o->form)->token_type };
	struct buf token = buf_empty(TOKEN_BYTES_MAX);
	struct signer *signer = NULL;
	struct token_payload payload;
	bool ok;

	memcpy(seed.seed, TEST_SEED, sizeof TEST_SEED);
	ok = ed25519_start(e) && ring_of_seeds(&seed, 1, &signer, e) &&
	     payload_fill(o, facts, &payload, e);
	if (ok && !names)
		*(str_eq(form_info(o->form)->language, STR("zh")) ? &payload.name_latin
								  : &payload.name_native) =
			(struct str){ NULL, 0 };
	ok = ok && token_write(&payload, signer, SPECIMEN_ISSUER, &token, e);
	if (ok)
		token_url(url, o->config->base, buf_view(&token));
	signer_free(signer);
	buf_free(&token);
	return ok && buf_ok(url, "a code's URL", e);
}

static bool page_draw(struct form_desk *desk, const struct specimen_order *o,
		      const struct facts *facts, bool names, struct buf *pdf, struct err *e)
{
	struct buf url = buf_empty(URL_MAX);
	bool ok = url_put(&url, o, facts, names, e);

	if (ok) {
		const struct form_input in = {
			.facts = facts,
			.docid = STR(SPECIMEN_DOCID),
			.token = str_skip(buf_view(&url), o->config->base.n + 2),
			.url = buf_view(&url),
			.photo = o->photo,
			.issued_unix = o->as_of,
			.utc_offset_min = o->config->utc_offset_min,
			.member_id = o->member != NULL ? o->member->member_id : STR(""),
			.specimen = true,
			.draft = o->member == NULL,
		};

		ok = form_draw(desk, o->form, &in, pdf, e);
	}
	buf_free(&url);
	return ok;
}

/* As a document's code does, a specimen's leaves out the name in the other script when it would be too dense. */
bool specimen_draw(struct form_desk *desk, struct arena *a, const struct specimen_order *order,
		   struct buf *pdf, struct err *e)
{
	size_t before = pdf->n;
	struct facts facts;

	if (!facts_fill(a, order, &facts, e))
		return false;
	if (page_draw(desk, order, &facts, true, pdf, e))
		return true;
	if (strcmp(e->code, "QR-TOO-LARGE") != 0 && strcmp(e->code, "TOKEN-TOO-LONG") != 0)
		return false;
	pdf->n = before;
	return page_draw(desk, order, &facts, false, pdf, e);
}
