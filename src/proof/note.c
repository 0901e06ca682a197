/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/note.h"

#include "base/enc.h"
#include "base/hash.h"

enum {
	VKEY_MAX = NOTE_NAME_MAX + 80,
	SIGNATURE_BYTES = 4096 /* a foreign type may be long (ML-DSA-44: 2,420) */
};

static const struct str DASH = { "\xe2\x80\x94 ", 4 }; /* U+2014 and a blank */

static bool name_ok(struct str name)
{
	if (name.n < 1 || name.n > NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		/* Ours are domains and paths: no blank of any script hides in ASCII, nothing needs escaping. */
		if (c <= 0x20 || c >= 0x7f || c == '+' || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static bool key_make(enum note_type type, struct str name, const struct ed25519_public *public,
		     struct note_key *out, struct err *e)
{
	unsigned char digest[SHA256_SIZE], text[NOTE_NAME_MAX + 2 + ED25519_PUBLIC];

	if (!name_ok(name))
		return err_input(e, "NOTE-NAME",
				 "a key name is 1 to %d printable ASCII characters but + \" and \\",
				 NOTE_NAME_MAX);
	memcpy(text, name.p, name.n);
	text[name.n] = '\n';
	text[name.n + 1] = (unsigned char)type;
	memcpy(text + name.n + 2, public->bytes, ED25519_PUBLIC);
	sha256_of(str_bytes(text, name.n + 2 + ED25519_PUBLIC), digest);
	*out = (struct note_key){ .type = type, .name = name, .public = *public };
	memcpy(out->hash, digest, NOTE_HASH);
	return true;
}

bool note_key_make(struct str name, const struct ed25519_public *public, struct note_key *out,
		   struct err *e)
{
	return key_make(NOTE_ED25519, name, public, out, e);
}

bool note_witness_make(struct str name, const struct ed25519_public *public, struct note_key *out,
		       struct err *e)
{
	return key_make(NOTE_COSIGNATURE, name, public, out, e);
}

static bool wrong_type(enum note_type want, struct err *e)
{
	switch (want) {
	case NOTE_ED25519:
		return err_input(e, "NOTE-KEY", "not an Ed25519 verifier key (type 0x01)");
	case NOTE_COSIGNATURE:
		return err_input(e, "NOTE-KEY", "not a witness's verifier key (type 0x04)");
	}
	return err_system(e, "no key type %d", (int)want);
}

static bool key_read(struct arena *a, enum note_type type, struct str vkey, struct note_key *out,
		     struct err *e)
{
	struct str rest = vkey, name, hex, copy;
	unsigned char hash[NOTE_HASH], bytes[1 + ED25519_PUBLIC];
	struct ed25519_public public;
	struct note_key key;
	size_t n;

	if (vkey.n > VKEY_MAX || !str_split(&rest, '+', &name) || !str_split(&rest, '+', &hex) ||
	    !enc_unhex(hex, hash, sizeof hash) || !enc_unbase64(rest, bytes, sizeof bytes, &n) ||
	    n != sizeof bytes)
		return err_input(e, "NOTE-KEY",
				 "expected name+8 hex digits+base64 of an Ed25519 verifier key");
	if (bytes[0] != type)
		return wrong_type(type, e);
	if (!ed25519_public_read(str_bytes(bytes + 1, ED25519_PUBLIC), &public, e) ||
	    !arena_str(a, name, &copy, e) || !key_make(type, copy, &public, &key, e))
		return false;
	if (memcmp(key.hash, hash, NOTE_HASH) != 0)
		return err_input(e, "NOTE-KEY", "the key's hash does not belong to name and key");
	*out = key;
	return true;
}

bool note_key_read(struct arena *a, struct str vkey, struct note_key *out, struct err *e)
{
	return key_read(a, NOTE_ED25519, vkey, out, e);
}

bool note_witness_read(struct arena *a, struct str vkey, struct note_key *out, struct err *e)
{
	return key_read(a, NOTE_COSIGNATURE, vkey, out, e);
}

void note_key_write(struct buf *out, const struct note_key *key)
{
	unsigned char bytes[1 + ED25519_PUBLIC] = { (unsigned char)key->type };

	memcpy(bytes + 1, key->public.bytes, ED25519_PUBLIC);
	buf_str(out, key->name);
	buf_byte(out, '+');
	enc_hex(out, key->hash, NOTE_HASH);
	buf_byte(out, '+');
	enc_base64(out, bytes, sizeof bytes);
}

static bool bad_note(const char *why, struct err *e)
{
	return err_input(e, "NOTE-FORM", "signed note: %s", why);
}

/* Valid UTF-8, no control byte but \n. */
static bool text_ok(struct str s)
{
	uint32_t c;

	while (s.n > 0) {
		size_t n = enc_utf8(s, &c);

		if (n == 0 || (c < 0x20 && c != '\n') || c == 0x7f)
			return false;
		s = str_skip(s, n);
	}
	return true;
}

static bool signature_read(struct arena *a, struct str line, struct note_signature *out,
			   struct err *e)
{
	struct str rest, name;
	unsigned char *bytes;
	size_t n;

	if (!str_starts(line, DASH))
		return bad_note("a signature line must start with an em dash and a blank", e);
	rest = str_skip(line, DASH.n);
	if (!str_split(&rest, ' ', &name) || !name_ok(name) || rest.n > 2 * SIGNATURE_BYTES)
		return bad_note("a signature line is not \"— name base64\"", e);
	bytes = arena_alloc(a, rest.n, e);
	if (bytes == NULL)
		return false;
	if (!enc_unbase64(rest, bytes, rest.n, &n) || n <= NOTE_HASH)
		return bad_note("a signature is not base64 of a key hash and a signature", e);
	*out = (struct note_signature){ .name = name,
					.bytes = str_bytes(bytes + NOTE_HASH, n - NOTE_HASH) };
	memcpy(out->hash, bytes, NOTE_HASH);
	return true;
}

/* Where the last "\n\n" is, or SIZE_MAX. */
static size_t last_blank_line(struct str s)
{
	for (size_t i = s.n; i >= 2; i--)
		if (s.p[i - 1] == '\n' && s.p[i - 2] == '\n')
			return i - 2;
	return SIZE_MAX;
}

bool note_read(struct arena *a, struct str bytes, struct note *out, struct err *e)
{
	struct note note = { 0 };
	struct str rest, line;
	size_t split;

	if (bytes.n > NOTE_MAX)
		return bad_note("too long", e);
	if (!text_ok(bytes))
		return bad_note("not UTF-8, or a control character", e);
	split = last_blank_line(bytes);
	if (split == SIZE_MAX || bytes.p[bytes.n - 1] != '\n' || split + 2 == bytes.n)
		return bad_note("no signatures behind a blank line", e);
	note.body = (struct str){ bytes.p, split + 1 };
	rest = (struct str){ bytes.p + split + 2, bytes.n - split - 3 };
	while (str_split(&rest, '\n', &line)) {
		if (note.count == NOTE_SIGNATURES_MAX)
			return bad_note("too many signatures", e);
		if (!signature_read(a, line, &note.signatures[note.count], e))
			return false;
		note.count++;
	}
	*out = note;
	return true;
}

bool note_names(const struct note_signature *signature, const struct note_key *key)
{
	return str_eq(signature->name, key->name) &&
	       memcmp(signature->hash, key->hash, NOTE_HASH) == 0;
}

bool note_verify(const struct note *note, const struct note_key *keys, size_t count, uint32_t *who,
		 struct err *e)
{
	uint32_t good = 0;

	for (size_t s = 0; s < note->count; s++) {
		const struct note_signature *sig = &note->signatures[s];

		for (size_t k = 0; k < count && k < 32; k++) {
			if (!note_names(sig, &keys[k]))
				continue;
			if (keys[k].type != NOTE_ED25519 || sig->bytes.n != ED25519_SIGNATURE ||
			    !ed25519_verify(&keys[k].public, note->body,
					    (const unsigned char *)sig->bytes.p))
				return err_input(e, "NOTE-SIGNATURE",
						 "the signature of %.*s does not verify",
						 STR_ARG(keys[k].name));
			good |= UINT32_C(1) << k;
		}
	}
	*who = good;
	return true;
}

static void put_line(struct buf *out, const struct note_key *key, const unsigned char *bytes,
		     size_t n)
{
	buf_str(out, DASH);
	buf_str(out, key->name);
	buf_byte(out, ' ');
	enc_base64(out, bytes, n);
	buf_byte(out, '\n');
}

void note_line(struct buf *out, const struct note_key *key,
	       const unsigned char signature[ED25519_SIGNATURE])
{
	unsigned char bytes[NOTE_HASH + ED25519_SIGNATURE];

	memcpy(bytes, key->hash, NOTE_HASH);
	memcpy(bytes + NOTE_HASH, signature, ED25519_SIGNATURE);
	put_line(out, key, bytes, sizeof bytes);
}

void note_cosignature_line(struct buf *out, const struct note_key *key, uint64_t time,
			   const unsigned char signature[ED25519_SIGNATURE])
{
	unsigned char bytes[NOTE_HASH + 8 + ED25519_SIGNATURE];

	memcpy(bytes, key->hash, NOTE_HASH);
	u64_be(time, bytes + NOTE_HASH);
	memcpy(bytes + NOTE_HASH + 8, signature, ED25519_SIGNATURE);
	put_line(out, key, bytes, sizeof bytes);
}
