/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/minisign.h"

#include <sodium.h>

#include "base/enc.h"
#include "base/hash.h"
#include "keys/signer.h"

enum {
	KEY_ID = 8,
	LINE2 = 2 + KEY_ID + ED25519_SIGNATURE, /* "ED" ‖ key id ‖ signature */
	PUB = 2 + KEY_ID + ED25519_PUBLIC,      /* "Ed" ‖ key id ‖ public key */
	DIGEST = 64
};

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "

static void key_id(const struct ed25519_public *key, unsigned char id[KEY_ID])
{
	unsigned char digest[SHA256_SIZE];

	sha256_of(str_bytes(key->bytes, sizeof key->bytes), digest);
	memcpy(id, digest, KEY_ID);
}

/* minisign shows key ids as little-endian numbers. */
static void put_key_id(struct buf *out, const unsigned char id[KEY_ID])
{
	for (int i = KEY_ID - 1; i >= 0; i--)
		buf_printf(out, "%02X", id[i]);
}

static bool comment_fits(struct str s)
{
	if (s.n > MINISIGN_COMMENT_MAX)
		return false;
	while (s.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(s, &c);

		if (n == 0 || (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0))
			return false;
		s = str_skip(s, n);
	}
	return true;
}

bool minisign_sign(const struct signer *signer, struct str message, struct str trusted_comment,
		   struct buf *out, struct err *e)
{
	unsigned char signatures[2][ED25519_SIGNATURE], line[LINE2] = { 'E', 'D' };
	struct ed25519_public key;

	if (!comment_fits(trusted_comment))
		return err_system(e, "a trusted comment is one line of at most %d bytes",
				  MINISIGN_COMMENT_MAX);
	if (!signer_minisign(signer, message, trusted_comment, &key, signatures, e))
		return false;
	key_id(&key, line + 2);
	memcpy(line + 2 + KEY_ID, signatures[0], ED25519_SIGNATURE);
	buf_c(out, UNTRUSTED "signature from hufu manifest key ");
	put_key_id(out, line + 2);
	buf_byte(out, '\n');
	enc_base64(out, line, sizeof line);
	buf_c(out, "\n" TRUSTED);
	buf_str(out, trusted_comment);
	buf_byte(out, '\n');
	enc_base64(out, signatures[1], ED25519_SIGNATURE);
	buf_byte(out, '\n');
	return buf_ok(out, "a signature file", e);
}

/* Four lines: untrusted comment, signature, trusted comment, signature of both. */
struct parts {
	unsigned char line2[LINE2], global[ED25519_SIGNATURE];
	struct str comment;
};

/* One line, its \n taken off; a line without \n is none. */
static bool line_take(struct str *rest, struct str *line)
{
	size_t end = str_find(*rest, STR("\n"), 0);

	if (end == SIZE_MAX)
		return false;
	*line = (struct str){ rest->p, end };
	*rest = str_skip(*rest, end + 1);
	return true;
}

static bool base64_take(struct str *rest, unsigned char *out, size_t size)
{
	struct str line;
	size_t n;

	return line_take(rest, &line) && enc_unbase64(line, out, size, &n) && n == size;
}

static bool comment_take(struct str *rest, struct str prefix, struct str *comment)
{
	struct str line;

	if (!line_take(rest, &line) || !str_starts(line, prefix))
		return false;
	*comment = str_skip(line, prefix.n);
	return comment_fits(*comment);
}

static bool parts_read(struct str file, struct parts *p, struct err *e)
{
	struct str untrusted;

	if (file.n <= MINISIGN_FILE_MAX && comment_take(&file, STR(UNTRUSTED), &untrusted) &&
	    base64_take(&file, p->line2, sizeof p->line2) &&
	    comment_take(&file, STR(TRUSTED), &p->comment) &&
	    base64_take(&file, p->global, sizeof p->global) && file.n == 0 &&
	    memcmp(p->line2, "ED", 2) == 0)
		return true;
	return err_input(e, "MINISIGN-FORM", "not a minisign signature file (prehashed form)");
}

static bool message_verify(const struct ed25519_public *key, struct str message,
			   const struct parts *p)
{
	unsigned char digest[DIGEST];

	return crypto_generichash(digest, sizeof digest, (const unsigned char *)message.p,
				  message.n, NULL, 0) == 0 &&
	       ed25519_verify(key, str_bytes(digest, sizeof digest), p->line2 + 2 + KEY_ID);
}

static bool comment_verify(const struct ed25519_public *key, const struct parts *p)
{
	unsigned char bytes[ED25519_SIGNATURE + MINISIGN_COMMENT_MAX];

	memcpy(bytes, p->line2 + 2 + KEY_ID, ED25519_SIGNATURE);
	if (p->comment.n > 0)
		memcpy(bytes + ED25519_SIGNATURE, p->comment.p, p->comment.n);
	return ed25519_verify(key, str_bytes(bytes, ED25519_SIGNATURE + p->comment.n), p->global);
}

bool minisign_verify(const struct ed25519_public *key, struct str message, struct str minisig,
		     struct str *trusted_comment, struct err *e)
{
	unsigned char id[KEY_ID];
	struct parts p;

	if (!parts_read(minisig, &p, e))
		return false;
	key_id(key, id);
	if (memcmp(id, p.line2 + 2, KEY_ID) != 0)
		return err_input(e, "MINISIGN-KEY", "signed by another key");
	if (!message_verify(key, message, &p))
		return err_input(e, "MINISIGN-WRONG", "the signature is not of these bytes");
	if (!comment_verify(key, &p))
		return err_input(e, "MINISIGN-WRONG", "the trusted comment was changed");
	*trusted_comment = p.comment;
	return true;
}

void minisign_public(const struct ed25519_public *key, struct buf *out)
{
	unsigned char line[PUB] = { 'E', 'd' };

	key_id(key, line + 2);
	memcpy(line + 2 + KEY_ID, key->bytes, sizeof key->bytes);
	buf_c(out, UNTRUSTED "minisign public key ");
	put_key_id(out, line + 2);
	buf_byte(out, '\n');
	enc_base64(out, line, sizeof line);
	buf_byte(out, '\n');
}

bool minisign_public_read(struct str text, struct ed25519_public *out, struct err *e)
{
	unsigned char line[PUB], id[KEY_ID];
	struct ed25519_public key;
	struct str untrusted;

	if (text.n > MINISIGN_FILE_MAX || !comment_take(&text, STR(UNTRUSTED), &untrusted) ||
	    !base64_take(&text, line, sizeof line) || text.n > 0 || memcmp(line, "Ed", 2) != 0)
		return err_input(e, "MINISIGN-FORM", "not a minisign public key file");
	if (!ed25519_public_read(str_bytes(line + 2 + KEY_ID, ED25519_PUBLIC), &key, e))
		return false;
	key_id(&key, id);
	if (memcmp(id, line + 2, KEY_ID) != 0)
		return err_input(e, "MINISIGN-KEY", "the key id is not that of the key");
	*out = key;
	return true;
}
