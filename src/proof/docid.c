/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/docid.h"

#include "base/enc.h"
#include "base/hash.h"
#include "keys/signer.h"

static const char DOCID_LABEL[] =
	"hufu/1/docid"; /* with their NUL: the zero byte behind the label */
static const char NONCE_LABEL[] = "hufu/1/nonce";

enum {
	LONG_BYTES = 15, /* 13 and two zero bytes: base32 writes multiples of 5 bytes */
	LONG_TEXT = 24,  /* five groups of four and four dashes */
	LONG_SYMBOLS = 20,
	TYPED_MAX = 64
};

bool docid_make(const struct signer *signer, const struct docid_basis *basis, size_t size,
		unsigned char *out, struct err *e)
{
	unsigned char type[8], issue[8], mac[SHA256_SIZE];
	struct str parts[] = {
		{ DOCID_LABEL, sizeof DOCID_LABEL },
		str_bytes(basis->member_salt, MEMBER_SALT),
		str_bytes(type, sizeof type),
		basis->lang,
		{ "", 1 },
		str_bytes(issue, sizeof issue),
		str_bytes(basis->content, sizeof basis->content),
	};

	if (size != DOCID_SHORT && size != DOCID_MAX)
		return err_system(e, "a document id has 10 or 13 bytes, not %zu", size);
	u64_be(basis->type, type);
	u64_be(basis->issue, issue);
	if (!signer_hmac256(signer, parts, COUNT_OF(parts), mac, e))
		return false;
	memcpy(out, mac, size);
	if (size == DOCID_MAX)
		out[DOCID_MAX - 1] &= 0xf0;
	return true;
}

bool docid_nonce(const struct signer *signer, const unsigned char member_salt[MEMBER_SALT],
		 struct str docid, unsigned char out[NONCE_SIZE], struct err *e)
{
	struct str parts[] = {
		{ NONCE_LABEL, sizeof NONCE_LABEL },
		str_bytes(member_salt, MEMBER_SALT),
		docid,
	};

	return signer_hmac256(signer, parts, COUNT_OF(parts), out, e);
}

void docid_text(struct buf *out, struct str docid)
{
	unsigned char padded[LONG_BYTES] = { 0 };
	struct buf text = buf_empty(64);

	if (docid.n == DOCID_SHORT) {
		enc_base32(out, docid.p, docid.n);
		return;
	}
	if (docid.n != DOCID_MAX) {
		out->failed = true;
		return;
	}
	memcpy(padded, docid.p, docid.n);
	enc_base32(&text, padded, sizeof padded);
	if (text.failed)
		out->failed = true;
	else
		buf_put(out, text.p, LONG_TEXT);
	buf_free(&text);
}

bool docid_read(struct str text, unsigned char out[DOCID_MAX], size_t *size)
{
	unsigned char padded[LONG_BYTES];
	char typed[TYPED_MAX + 4];
	size_t n = 0;

	if (text.n > TYPED_MAX)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '-' && text.p[i] != ' ')
			typed[n++] = text.p[i];
	if (n != LONG_SYMBOLS) {
		*size = DOCID_SHORT;
		return enc_unbase32((struct str){ typed, n }, out, DOCID_SHORT);
	}
	memcpy(typed + n, "0000", 4);
	if (!enc_unbase32((struct str){ typed, n + 4 }, padded, sizeof padded))
		return false;
	memcpy(out, padded, DOCID_MAX);
	*size = DOCID_MAX;
	return true;
}
