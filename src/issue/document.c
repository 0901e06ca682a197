/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/document.h"

#include "base/civil.h"
#include "base/enc.h"
#include "issue/payload.h"
#include "proof/docid.h"
#include "qr/qr.h"
#include "json/canon.h"

enum { CREDENTIAL_MAX = 16 * 1024, URL_MAX = BASE_URL_MAX + 2 + DECIMAL_DIGITS_MAX };

void document_name(const unsigned char docid[DOCID_SIZE], char name[DOCUMENT_NAME],
		   char folder[DOCUMENT_FOLDER])
{
	struct buf text = buf_empty(DOCUMENT_NAME);

	docid_text(&text, str_bytes(docid, DOCID_SIZE));
	buf_put(&text, ".pdf", sizeof ".pdf");
	memcpy(name, text.failed ? "" : text.p, text.failed ? 1 : text.n);
	memcpy(folder, name, 2);
	folder[2] = '\0';
	buf_free(&text);
}

bool document_facts(struct arena *a, struct str text, struct facts *out, struct err *e)
{
	const struct json *root;

	*out = (struct facts){ .count = 0 };
	if (!json_read(a, text, &json_record, &root, e))
		return false;
	if (root->kind != JSON_OBJECT)
		return err_system(e, "the store holds damaged facts");
	for (size_t i = 0; i < root->count; i++) {
		if (root->items[i].kind != JSON_STRING)
			return err_system(e, "the store holds damaged facts");
		if (!facts_add(out, root->keys[i], root->items[i].string, e))
			return false;
	}
	return true;
}

static bool payload_fill(const struct document_order *o, const unsigned char nonce[NONCE_SIZE],
			 struct token_payload *p, struct err *e)
{
	int zone = o->home->config.utc_offset_min;

	if (!payload_of_facts(o->facts, (unsigned)o->row->type, zone, p, e))
		return false;
	p->idx = (uint64_t)o->row->idx;
	memcpy(p->docid, o->row->docid, DOCID_SIZE);
	p->docid_size = DOCID_SIZE;
	p->issued_day = instant_day(o->as_of, zone);
	return facts_digest(o->facts, nonce, p->digest16, e);
}

/* A token whose code would be denser than the page allows: proof.md §2; a letter's is 32 mm wide, and not 33. */
static bool token_dense(const struct document_order *o, struct str token)
{
	int most = o->proof != NULL ? QR_VERSION_32MM : QR_VERSION_MAX;
	struct buf digits = buf_empty(DECIMAL_DIGITS_MAX);
	int version;

	enc_decimal(&digits, token.p, token.n);
	version = digits.failed ? 0 : qr_version_for(o->home->config.base.n + 2, digits.n);
	buf_free(&digits);
	return version == 0 || version > most;
}

/* A letter is signed on the strength of two officers. */
static bool token_sign(const struct document_order *o, const struct token_payload *p,
		       struct buf *token, struct err *e)
{
	struct signer *signer = o->home->signer;
	struct str issuer = o->home->config.issuer;

	return o->proof != NULL ? token_write_letter(p, o->proof, signer, issuer, token, e)
				: token_write(p, signer, issuer, token, e);
}

/*
 * Sign the token; when the code would be too dense, the name in the other script is left out of it, and when that does
 * not help either the document is refused.
 */
static bool token_make(const struct document_order *o, const unsigned char nonce[NONCE_SIZE],
		       struct buf *token, struct err *e)
{
	struct token_payload p;
	struct str *other;

	if (!payload_fill(o, nonce, &p, e))
		return false;
	if (token_sign(o, &p, token, e)) {
		if (!token_dense(o, buf_view(token)))
			return true;
	} else if (strcmp(e->code, "TOKEN-TOO-LONG") != 0) {
		return false;
	}
	other = str_eq(o->row->lang, STR("zh")) ? &p.name_latin : &p.name_native;
	*other = (struct str){ NULL, 0 };
	buf_clear(token);
	if (!token_sign(o, &p, token, e))
		return false;
	if (!token_dense(o, buf_view(token)))
		return true;
	err_input(e, "QR-TOO-LARGE",
		  "the code for this name would be too dense to print; shorten the name");
	return err_at(e, "/name");
}

/* credential.json (documents.md): what the page says, and the nonce that opens digest16. */
static bool credential_make(const struct document_order *o, const unsigned char nonce[NONCE_SIZE],
			    struct str docid, struct buf *out, struct err *e)
{
	buf_c(out, "{\"docid\":");
	canon_string(out, docid);
	buf_c(out, ",\"facts\":");
	facts_canonical(out, o->facts, NULL);
	buf_c(out, ",\"nonce32\":\"");
	enc_hex(out, nonce, NONCE_SIZE);
	buf_c(out, "\",\"schema\":\"hufu.credential/1\"}");
	return buf_ok(out, "credential.json", e);
}

static bool page_draw(struct form_desk *desk, const struct document_order *o, struct form_input *in,
		      const unsigned char nonce[NONCE_SIZE], struct buf *pdf, struct err *e)
{
	struct buf docid = buf_empty(DOCID_TEXT_MAX), credential = buf_empty(CREDENTIAL_MAX);
	bool ok;

	docid_text(&docid, str_bytes(o->row->docid, DOCID_SIZE));
	ok = buf_ok(&docid, "a document id", e) &&
	     credential_make(o, nonce, buf_view(&docid), &credential, e);
	if (ok) {
		in->docid = buf_view(&docid);
		in->credential = buf_view(&credential);
		ok = form_draw(desk, o->form, in, pdf, e);
	}
	buf_free(&docid);
	buf_free(&credential);
	return ok;
}

/* Drawn with room for the seal, and sealed.  A seal that did not fit has said how much room it takes: once more. */
static bool page_seal(struct form_desk *desk, const struct document_order *o, struct form_input *in,
		      const unsigned char nonce[NONCE_SIZE], struct buf *pdf,
		      struct document_proof *proof, struct err *e)
{
	for (int again = 0;; again++) {
		in->signature = sealing_begin(o->hand, o->facts, o->row->lang);
		buf_clear(pdf);
		if (!page_draw(desk, o, in, nonce, pdf, e))
			return false;
		if (sealing_end(o->hand, desk, o->as_of, pdf, &proof->seal, e)) {
			proof->sealed = true;
			return true;
		}
		if (again > 0 || strcmp(e->code, "SEAL-HOLE") != 0)
			return false;
	}
}

static bool page_make(struct form_desk *desk, const struct document_order *o,
		      const unsigned char nonce[NONCE_SIZE], struct str token, struct buf *pdf,
		      struct document_proof *proof, struct err *e)
{
	struct buf url = buf_empty(URL_MAX);
	struct form_input in = { .facts = o->facts,
				 .photo = o->photo,
				 .issued_unix = o->as_of,
				 .utc_offset_min = o->home->config.utc_offset_min,
				 .member_id = o->row->member_id };
	bool ok;

	buf_str(&url, o->home->config.base);
	buf_c(&url, "/#");
	enc_decimal(&url, token.p, token.n);
	ok = buf_ok(&url, "a code's URL", e);
	in.url = buf_view(&url);
	in.token = str_skip(in.url, o->home->config.base.n + 2);
	if (ok && o->kept.n > 0 && str_find(o->kept, in.token, 0) != SIZE_MAX) {
		/* The same token is the same page: what was sealed once is never sealed again. */
		buf_str(pdf, o->kept);
		ok = buf_ok(pdf, "a document", e);
	} else if (ok) {
		ok = o->hand != NULL ? page_seal(desk, o, &in, nonce, pdf, proof, e)
				     : page_draw(desk, o, &in, nonce, pdf, e);
	}
	buf_free(&url);
	return ok;
}

bool document_make(struct form_desk *desk, const struct document_order *order, struct buf *pdf,
		   struct document_proof *proof, struct err *e)
{
	struct buf token = buf_empty(TOKEN_BYTES_MAX);
	unsigned char file[SHA256_SIZE], nonce[NONCE_SIZE];
	bool ok;

	proof->sealed = false;
	ok = docid_nonce(order->home->signer, order->salt, str_bytes(order->row->docid, DOCID_SIZE),
			 nonce, e) &&
	     token_make(order, nonce, &token, e) &&
	     page_make(desk, order, nonce, buf_view(&token), pdf, proof, e);
	if (ok) {
		sha256_of(buf_view(pdf), file);
		proof->leaf = leaf_of(buf_view(&token), file);
		memcpy(proof->token, token.p, token.n);
		proof->token_size = token.n;
	}
	buf_free(&token);
	return ok;
}
