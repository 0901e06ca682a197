/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/officer.h"

#include "keys/lettercode.h"
#include "keys/ring.h"
#include "keys/secret.h"
#include "keys/seedfile.h"
#include "keys/statement.h"

enum { TYPE_MIN = 3, TYPE_MAX = 4 };

static const uint64_t REQUEST_MAX = (UINT64_C(1) << 53) - 1; /* what JSON integers hold exactly */

static const char *const acts[] = { "prepare", "approve", "refuse", "withdraw" };

const char *officer_act_name(enum officer_act act)
{
	return acts[act - 1];
}

static bool fits(const struct officer_statement *s)
{
	struct ed25519_public key;
	struct err none;

	return statement_issuer_fits(s->issuer) && s->act >= OFFICER_PREPARE &&
	       s->act <= OFFICER_WITHDRAW && s->request > 0 && s->request <= REQUEST_MAX &&
	       s->type >= TYPE_MIN && s->type <= TYPE_MAX && s->days <= OFFICER_DAYS_MAX &&
	       statement_instant_fits(s->at) &&
	       ed25519_public_read(str_bytes(s->officer.bytes, sizeof s->officer.bytes), &key,
				   &none);
}

bool officer_write(struct buf *out, const struct officer_statement *s, struct err *e)
{
	if (!fits(s))
		return err_system(e, "not what an officer can say");
	buf_str(out, OFFICER_LABEL);
	statement_put_text(out, "issuer", s->issuer);
	statement_put_text(out, "act", str_of(officer_act_name(s->act)));
	statement_put_number(out, "request", s->request);
	statement_put_number(out, "type", s->type);
	statement_put_hex(out, "binds", s->binds, sizeof s->binds);
	statement_put_hex(out, "subject", s->subject, sizeof s->subject);
	statement_put_hex(out, "native", s->native, sizeof s->native);
	statement_put_hex(out, "latin", s->latin, sizeof s->latin);
	statement_put_number(out, "days", s->days);
	statement_put_instant(out, "at", s->at);
	statement_put_hex(out, "officer", s->officer.bytes, sizeof s->officer.bytes);
	return buf_ok(out, "an officer's statement", e);
}

static bool hashes_read(struct statement *in, struct officer_statement *s, struct err *e)
{
	return statement_hex(in, "binds", s->binds, sizeof s->binds, e) &&
	       statement_hex(in, "subject", s->subject, sizeof s->subject, e) &&
	       statement_hex(in, "native", s->native, sizeof s->native, e) &&
	       statement_hex(in, "latin", s->latin, sizeof s->latin, e);
}

bool officer_read(struct str text, struct officer_statement *out, struct err *e)
{
	struct officer_statement s = { .act = OFFICER_PREPARE };
	struct statement in;
	unsigned act = 0;
	uint64_t type = 0, days = 0;

	if (text.n > OFFICER_TEXT_MAX)
		return err_input(e, "OFFICER-FORM", "%zu bytes; at most %d", text.n,
				 OFFICER_TEXT_MAX);
	if (!statement_begin(&in, text, OFFICER_LABEL, "OFFICER-FORM", e) ||
	    !statement_issuer(&in, &s.issuer, e) ||
	    !statement_word(&in, "act", acts, COUNT_OF(acts), &act, e) ||
	    !statement_number(&in, "request", 1, REQUEST_MAX, &s.request, e) ||
	    !statement_number(&in, "type", TYPE_MIN, TYPE_MAX, &type, e) ||
	    !hashes_read(&in, &s, e) ||
	    !statement_number(&in, "days", 0, OFFICER_DAYS_MAX, &days, e) ||
	    !statement_instant(&in, "at", &s.at, e) ||
	    !statement_public(&in, "officer", &s.officer, e) || !statement_end(&in, e))
		return false;
	s.act = (enum officer_act)act;
	s.type = (unsigned)type;
	s.days = (unsigned)days;
	*out = s;
	return true;
}

static void items_hash(const unsigned char salt[OFFICER_SALT], const struct str *items,
		       size_t count, unsigned char out[SHA256_SIZE])
{
	struct str parts[4] = { str_bytes(salt, OFFICER_SALT) };

	memcpy(parts + 1, items, count * sizeof *items);
	sha256_labelled("hufu/1/subject", parts, 1 + count, out);
}

void officer_nil(const unsigned char salt[OFFICER_SALT], unsigned char out[SHA256_SIZE])
{
	const struct str nil = STR("\xf6");

	items_hash(salt, &nil, 1, out);
}

bool officer_subject(struct str payload, const unsigned char salt[OFFICER_SALT],
		     struct officer_statement *out, struct err *e)
{
	struct lettercode code;

	if (!lettercode_read(payload, &code, e))
		return false;
	items_hash(salt, (struct str[]){ code.member_no, code.recipient, code.wording }, 3,
		   out->subject);
	items_hash(salt, &code.native, 1, out->native);
	items_hash(salt, &code.latin, 1, out->latin);
	return true;
}

bool officer_key_open(const char *path, struct signer **out, struct ed25519_public *public,
		      struct err *e)
{
	struct ring_seed one = { .role = ROLE_OFFICER };
	struct secret seed = { NULL, 0 };
	struct signer *signer = NULL;
	bool ok;

	if (!seedfile_read(path, &seed, e))
		return false;
	memcpy(one.seed, seed.p, sizeof one.seed);
	secret_free(&seed);
	ok = ring_of_seeds(&one, 1, &signer, e);
	secret_wipe(&one, sizeof one);
	if (!ok || !signer_public(signer, ROLE_OFFICER, 0, public, e)) {
		signer_free(signer);
		return false;
	}
	*out = signer;
	return true;
}

bool officer_sign(struct arena *a, struct officer_statement *s, const struct signer *key,
		  struct officer_signed *out, struct err *e)
{
	struct buf text = buf_empty(OFFICER_TEXT_MAX);
	struct officer_signed made;
	bool ok = signer_public(key, ROLE_OFFICER, 0, &s->officer, e) &&
		  officer_write(&text, s, e) && arena_str(a, buf_view(&text), &made.text, e) &&
		  signer_note(key, ROLE_OFFICER, 0, made.text, made.signature, e);

	buf_free(&text);
	if (ok)
		*out = made;
	return ok;
}

bool officer_verify(const struct officer_signed *signed_text, struct officer_statement *out,
		    struct err *e)
{
	struct officer_statement s;

	if (!officer_read(signed_text->text, &s, e))
		return false;
	if (!ed25519_verify(&s.officer, signed_text->text, signed_text->signature))
		return err_input(e, "OFFICER-SIGNATURE",
				 "the signature is not that of the officer it names");
	*out = s;
	return true;
}
