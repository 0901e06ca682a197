/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/token.h"

#include "base/enc.h"
#include "keys/signer.h"
#include "proof/cbor.h"
#include "proof/payload.h"

/*
 * untagged COSE_Sign1 (RFC 9052 §4.2), proof.md §2:
 *
 *   84                      array(4)
 *   49 a2 01 27 04 44 kid   protected: bstr { 1: alg, 4: kid }
 *   a0                      unprotected: {}
 *   58 nn payload           bstr
 *   58 40 signature         bstr(64)
 */
enum {
	PROTECTED = 9, /* bytes of the protected header */
	LABEL_ALG = 1, /* RFC 9052 §3.1 */
	LABEL_KID = 4,
	ALG_EDDSA = -8,    /* RFC 9053 §2.2 */
	ALG_ED25519 = -19, /* RFC 9864 */
	AAD_MAX = 300,     /* "hufu/1/cert", 0 and the issuer */
	TBS_MAX = TOKEN_BYTES_MAX + AAD_MAX + 64
};

static const char AAD_LABEL[] = "hufu/1/cert"; /* its NUL is the zero byte behind it */
static const char CONTEXT[] = "Signature1";

static void protected_write(unsigned char out[PROTECTED], int alg, const unsigned char *kid)
{
	out[0] = 0xa2;
	out[1] = LABEL_ALG;
	out[2] = (unsigned char)(0x20 | (-1 - alg));
	out[3] = LABEL_KID;
	out[4] = 0x40 | KID_SIZE;
	memcpy(out + 5, kid, KID_SIZE);
}

static bool protected_read(struct str bytes, struct token *out, struct err *e)
{
	struct cbor c = { bytes, 0 };
	uint64_t label;
	int64_t alg;
	size_t pairs;
	struct str kid;

	if (!cbor_check(bytes, e) || !cbor_map(&c, &pairs, e) ||
	    !cbor_uint(&c, LABEL_ALG, &label, e) || !cbor_int(&c, &alg, e) ||
	    !cbor_uint(&c, LABEL_KID, &label, e) || !cbor_bytes(&c, &kid, e) || !cbor_end(&c, e))
		return false;
	if (pairs != 2 || label != LABEL_KID || kid.n != KID_SIZE)
		return err_input(e, "TOKEN-FORM", "expected exactly alg and a key id of 4 bytes");
	if (alg != ALG_EDDSA && alg != ALG_ED25519)
		return err_input(e, "TOKEN-FORM", "algorithm %lld is not Ed25519", (long long)alg);
	out->alg = (int)alg;
	memcpy(out->kid, kid.p, KID_SIZE);
	return true;
}

static void token_encode(struct buf *out, const unsigned char header[PROTECTED], struct str payload,
			 const unsigned char signature[ED25519_SIGNATURE])
{
	cbor_put_array(out, 4);
	cbor_put_bytes(out, str_bytes(header, PROTECTED));
	cbor_put_map(out, 0);
	cbor_put_bytes(out, payload);
	cbor_put_bytes(out, str_bytes(signature, ED25519_SIGNATURE));
}

/* RFC 8949 allows one deterministic form only; ours must be it, whatever the checks above overlooked. */
static bool same_again(const struct token *t, struct err *e)
{
	unsigned char header[PROTECTED];
	struct buf payload = buf_empty(TOKEN_BYTES_MAX), whole = buf_empty(TOKEN_BYTES_MAX);
	bool ok = false;

	protected_write(header, t->alg, t->kid);
	payload_encode(&payload, &t->payload);
	token_encode(&whole, header, buf_view(&payload), t->signature);
	if (!buf_ok(&payload, "payload", e) || !buf_ok(&whole, "token", e))
		goto out;
	ok = str_eq(buf_view(&whole), t->bytes) ||
	     err_input(e, "TOKEN-FORM", "does not re-encode to the same bytes");
out:
	buf_free(&payload);
	buf_free(&whole);
	return ok;
}

bool token_read_bytes(struct arena *a, struct str bytes, struct token *out, struct err *e)
{
	struct token t = { 0 };
	struct cbor c;
	struct str header, signature;
	size_t pairs;

	if (bytes.n > TOKEN_BYTES_MAX)
		return err_input(e, "TOKEN-FORM", "%zu bytes; at most %d", bytes.n,
				 TOKEN_BYTES_MAX);
	if (!cbor_check(bytes, e) || !arena_str(a, bytes, &t.bytes, e))
		return false;
	c = (struct cbor){ t.bytes, 0 };
	if (!cbor_array(&c, 4, e) || !cbor_bytes(&c, &header, e) || !cbor_map(&c, &pairs, e))
		return false;
	if (pairs != 0)
		return err_input(e, "TOKEN-FORM", "the unprotected header is not empty");
	if (!cbor_bytes(&c, &t.payload_bytes, e) || !cbor_bytes(&c, &signature, e) ||
	    !cbor_end(&c, e))
		return false;
	if (signature.n != ED25519_SIGNATURE)
		return err_input(e, "TOKEN-FORM", "the signature is not 64 bytes");
	memcpy(t.signature, signature.p, ED25519_SIGNATURE);
	if (!protected_read(header, &t, e) || !payload_decode(a, t.payload_bytes, &t.payload, e) ||
	    !same_again(&t, e))
		return false;
	*out = t;
	return true;
}

bool token_read(struct arena *a, struct str digits, struct token *out, struct err *e)
{
	unsigned char bytes[DECIMAL_BYTES_MAX];
	size_t n;

	if (digits.n > DECIMAL_DIGITS_MAX)
		return err_input(e, "TOKEN-FORM", "%zu digits; at most %d", digits.n,
				 DECIMAL_DIGITS_MAX);
	if (!enc_undecimal(digits, bytes, &n))
		return err_input(e, "TOKEN-FORM", "not a decimal number of at most %d bytes",
				 DECIMAL_BYTES_MAX);
	return token_read_bytes(a, str_bytes(bytes, n), out, e);
}

/* "hufu/1/cert" ‖ 0 ‖ issuer; 0 when the issuer is too long. */
static size_t aad_write(unsigned char out[AAD_MAX], struct str issuer)
{
	if (issuer.n > AAD_MAX - sizeof AAD_LABEL)
		return 0;
	memcpy(out, AAD_LABEL, sizeof AAD_LABEL);
	if (issuer.n > 0)
		memcpy(out + sizeof AAD_LABEL, issuer.p, issuer.n);
	return sizeof AAD_LABEL + issuer.n;
}

static size_t put_string(unsigned char *out, unsigned major, const void *p, size_t n)
{
	size_t head = cbor_head(out, major, n);

	memcpy(out + head, p, n);
	return head + n;
}

/* On the stack, so that memory running out can never look like a forgery. */
bool token_verify(const struct token *t, const struct ed25519_public *key, struct str issuer)
{
	unsigned char header[PROTECTED], aad[AAD_MAX], tbs[TBS_MAX];
	size_t aad_size = aad_write(aad, issuer), n = 0;

	if (aad_size == 0 || t->payload_bytes.n > TOKEN_BYTES_MAX)
		return false;
	protected_write(header, t->alg, t->kid);
	n += cbor_head(tbs, CBOR_ARRAY, 4); /* Sig_structure, RFC 9052 §4.4 */
	n += put_string(tbs + n, CBOR_TEXT, CONTEXT, sizeof CONTEXT - 1);
	n += put_string(tbs + n, CBOR_BYTES, header, sizeof header);
	n += put_string(tbs + n, CBOR_BYTES, aad, aad_size);
	n += put_string(tbs + n, CBOR_BYTES, t->payload_bytes.p, t->payload_bytes.n);
	return ed25519_verify(key, str_bytes(tbs, n), t->signature);
}

/* Bytes of the whole token around a payload of n bytes. */
static size_t token_size(size_t n)
{
	unsigned char head[CBOR_HEAD_MAX];

	return 1 + 1 + PROTECTED + 1 + cbor_head(head, CBOR_BYTES, n) + n + 2 + ED25519_SIGNATURE;
}

bool token_payload_bytes(const struct token_payload *p, struct buf *out, struct err *e)
{
	struct buf payload = buf_empty(TOKEN_BYTES_MAX);
	bool ok = payload_check(p, e);

	if (ok) {
		payload_encode(&payload, p);
		ok = (!payload.failed && token_size(payload.n) <= TOKEN_BYTES_MAX) ||
		     err_input(e, "TOKEN-TOO-LONG", "the signed fields need more than %d bytes",
			       TOKEN_BYTES_MAX);
	}
	if (ok) {
		buf_str(out, buf_view(&payload));
		ok = buf_ok(out, "payload", e);
	}
	buf_free(&payload);
	return ok;
}

/* `proof` NULL: by the issuing key alone. */
static bool token_sign(const struct token_payload *p, const struct officer_proof *proof,
		       const struct signer *signer, struct str issuer, struct buf *out,
		       struct err *e)
{
	struct buf payload = buf_empty(TOKEN_BYTES_MAX);
	unsigned char header[PROTECTED], aad[AAD_MAX], kid[KID_SIZE], signature[ED25519_SIGNATURE];
	struct str head = str_bytes(header, sizeof header), data;
	struct signer_letter letter;
	struct ed25519_public key;
	size_t aad_size = aad_write(aad, issuer);
	bool ok = false;

	if (aad_size == 0)
		return err_input(e, "TOKEN-FORM", "the issuer's id is too long");
	data = str_bytes(aad, aad_size);
	if (!token_payload_bytes(p, &payload, e) ||
	    !signer_public(signer, ROLE_ISSUING, p->type, &key, e))
		goto out;
	ed25519_kid(&key, kid);
	protected_write(header, ALG_EDDSA, kid);
	letter = (struct signer_letter){ p->type, head, data, buf_view(&payload), proof };
	ok = proof == NULL ? signer_cose(signer, ROLE_ISSUING, p->type, head, data, letter.payload,
					 signature, e)
			   : signer_letter(signer, &letter, signature, e);
	if (ok) {
		token_encode(out, header, buf_view(&payload), signature);
		ok = buf_ok(out, "token", e);
	}
out:
	buf_free(&payload);
	return ok;
}

bool token_write(const struct token_payload *p, const struct signer *signer, struct str issuer,
		 struct buf *out, struct err *e)
{
	return token_sign(p, NULL, signer, issuer, out, e);
}

bool token_write_letter(const struct token_payload *p, const struct officer_proof *proof,
			const struct signer *signer, struct str issuer, struct buf *out,
			struct err *e)
{
	return token_sign(p, proof, signer, issuer, out, e);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str trimmed(struct str s)
{
	while (s.n > 0 && blank(s.p[0]))
		s = str_skip(s, 1);
	while (s.n > 0 && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool token_digits_find(struct str text, struct str *digits, struct str *base)
{
	struct str rest = trimmed(text), before = { rest.p, 0 };
	size_t mark = str_find(rest, STR("/#"), 0), n = 0;

	if (mark != SIZE_MAX) {
		before.n = mark;
		rest = str_skip(rest, mark + 2);
		if (!str_starts(before, STR("http://")) && !str_starts(before, STR("https://")))
			return false;
	}
	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	if (n == 0 || (n < rest.n && rest.p[n] != '&' && rest.p[n] != '?'))
		return false;
	*digits = (struct str){ rest.p, n };
	*base = before;
	return true;
}

void token_url(struct buf *out, struct str base, struct str token)
{
	buf_str(out, base);
	buf_c(out, "/#");
	enc_decimal(out, token.p, token.n);
}
