/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/signer.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/enc.h"
#include "keys/guard.h"
#include "keys/minisign.h"
#include "keys/secret.h"
#include "keys/statement.h"

enum {
	COSE_PAYLOAD_MAX = 1024 * 1024,
	DIGEST = 64, /* BLAKE2b-512 */
	LETTER = 3,  /* document types that officers approve (proof.md §2) */
	STATEMENT = 4
};

struct signer {
	struct signer_backend backend;
	struct signer_audit audit;
	struct signer_guard guard; /* roster NULL: none */
};

bool signer_new(const struct signer_backend *backend, struct signer **out, struct err *e)
{
	struct signer *s = calloc(1, sizeof *s);

	if (s == NULL) {
		backend->free(backend->self);
		return err_memory(e, "a signer");
	}
	s->backend = *backend;
	*out = s;
	return true;
}

void signer_free(struct signer *s)
{
	if (s == NULL)
		return;
	s->backend.free(s->backend.self);
	free(s);
}

void signer_audited(struct signer *s, const struct signer_audit *audit)
{
	s->audit = audit != NULL ? *audit : (struct signer_audit){ 0 };
}

void signer_guard(struct signer *s, const struct signer_guard *guard)
{
	s->guard = guard != NULL ? *guard : (struct signer_guard){ 0 };
}

static bool no_key(enum key_role role, unsigned number, struct err *e)
{
	if (number > 0)
		return err_input(e, "NO-KEY", "no %s key for number %u", role_name(role), number);
	return err_input(e, "NO-KEY", "no %s key", role_name(role));
}

bool signer_select(struct signer *s, enum key_role role, unsigned number,
		   const struct ed25519_public *public, struct err *e)
{
	return s->backend.select(s->backend.self, role, number, public) || no_key(role, number, e);
}

bool signer_public(const struct signer *s, enum key_role role, unsigned type,
		   struct ed25519_public *out, struct err *e)
{
	return (role != ROLE_HOME && s->backend.public(s->backend.self, role, type, out)) ||
	       no_key(role, type, e);
}

/* A key that was looked up, and what it is about to do. */
struct act {
	const char *purpose;
	enum key_role role;
	unsigned number;
	struct ed25519_public key;
};

static bool act_begin(const struct signer *s, struct act *act, struct err *e)
{
	return signer_public(s, act->role, act->number, &act->key, e);
}

static bool act_sign(const struct signer *s, const struct act *act, struct str bytes,
		     unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	if (s->audit.line != NULL) {
		struct signer_event event = {
			.purpose = act->purpose,
			.role = act->role,
			.number = act->number,
		};

		ed25519_kid(&act->key, event.kid);
		sha256_of(bytes, event.sha256);
		if (!s->audit.line(s->audit.self, &event, e))
			return false;
	}
	return s->backend.sign(s->backend.self, &act->key, bytes, out, e);
}

/* The head of a CBOR item of up to 2^32 - 1 bytes or items, shortest form (RFC 8949 §3, §4.2.1). */
static void cbor_head(struct buf *out, unsigned major, size_t n)
{
	unsigned char lead = (unsigned char)(major << 5);

	if (n < 24) {
		buf_byte(out, (unsigned char)(lead | n));
		return;
	}
	if (n <= 0xff) {
		buf_byte(out, lead | 24);
	} else if (n <= 0xffff) {
		buf_byte(out, lead | 25);
		buf_byte(out, (unsigned char)(n >> 8));
	} else {
		buf_byte(out, lead | 26);
		buf_byte(out, (unsigned char)(n >> 24));
		buf_byte(out, (unsigned char)(n >> 16 & 0xff));
		buf_byte(out, (unsigned char)(n >> 8 & 0xff));
	}
	buf_byte(out, (unsigned char)(n & 0xff));
}

enum { CBOR_BYTES = 2, CBOR_TEXT = 3, CBOR_ARRAY = 4 };

static void cbor_bytes(struct buf *out, struct str s)
{
	cbor_head(out, CBOR_BYTES, s.n);
	buf_str(out, s);
}

/*
 * The protected header: {1: alg, 4: kid} of a token, the same and 16: "application/statuslist+cwt" of a status list.
 *
 *   a2|a3  01 27|32  04 44 kid  [10 78 1a "application/statuslist+cwt"]         27 = -8 EdDSA, 32 = -19 Ed25519
 */
static bool header_fits(struct str header, const struct act *act)
{
	bool status = act->role == ROLE_STATUS;
	struct str tail = status ? STR("\x10\x78\x1a"
				       "application/statuslist+cwt")
				 : STR("");
	const unsigned char *p = (const unsigned char *)header.p;
	unsigned char kid[KID_SIZE];

	if (header.n != 9 + tail.n)
		return false;
	ed25519_kid(&act->key, kid);
	return p[0] == (status ? 0xa3 : 0xa2) && p[1] == 0x01 && (p[2] == 0x27 || p[2] == 0x32) &&
	       p[3] == 0x04 && p[4] == 0x44 && memcmp(p + 5, kid, KID_SIZE) == 0 &&
	       str_eq(str_skip(header, 9), tail);
}

/* payload = [1, type, …] of eleven, and this key's type: 8b 01 type, from 24 on 8b 01 18 type. */
static bool payload_fits(struct str payload, unsigned type)
{
	unsigned char want[4] = { 0x8b, 0x01, 0x18, (unsigned char)type };
	size_t n = sizeof want;

	if (type < 24)
		want[2] = want[--n];
	return type <= 0xff && str_starts(payload, str_bytes(want, n));
}

static const char CERT[] = "hufu/1/cert"; /* its NUL is the zero byte behind it */

/* The parts of a Sig_structure that the caller chooses. */
struct cose {
	struct str header, aad, payload;
};

static struct cose cose_of(const struct signer_job *job)
{
	return (struct cose){ job->parts[0], job->parts[1], job->parts[2] };
}

static bool cose_check(const struct act *act, const struct cose *c, struct err *e)
{
	if (c->payload.n == 0 || c->payload.n > COSE_PAYLOAD_MAX)
		return err_system(e, "a payload of %zu bytes is not signed", c->payload.n);
	if (!header_fits(c->header, act))
		return err_system(e, "not a protected header of this %s key", role_name(act->role));
	if (act->role == ROLE_STATUS)
		return c->aad.n == 0 || err_system(e, "a status list has no external data");
	if (!str_starts(c->aad, str_bytes(CERT, sizeof CERT)) ||
	    !statement_issuer_fits(str_skip(c->aad, sizeof CERT)))
		return err_system(e, "the external data of a token must name the issuer");
	return payload_fits(c->payload, act->number) ||
	       err_system(e, "the payload is not of document type %u", act->number);
}

/* The parts were checked. */
static bool cose_sign(const struct signer *s, const struct act *act, const struct cose *c,
		      struct signer_job *job, struct err *e)
{
	struct buf bytes = buf_empty(COSE_PAYLOAD_MAX + 1024);
	bool ok;

	cbor_head(&bytes, CBOR_ARRAY, 4);
	cbor_head(&bytes, CBOR_TEXT, strlen("Signature1"));
	buf_c(&bytes, "Signature1");
	cbor_bytes(&bytes, c->header);
	cbor_bytes(&bytes, c->aad);
	cbor_bytes(&bytes, c->payload);
	ok = buf_ok(&bytes, "Sig_structure", e) && act_sign(s, act, buf_view(&bytes), job->out, e);
	buf_free(&bytes);
	return ok;
}

/* Is this key one that letters are signed with? */
static bool is_letter(const struct act *act)
{
	return act->role == ROLE_ISSUING && (act->number == LETTER || act->number == STATEMENT);
}

static bool cose_do(const struct signer *s, struct signer_job *job, struct act *act, struct err *e)
{
	const struct cose c = cose_of(job);

	if (act->role != ROLE_ISSUING && act->role != ROLE_STATUS)
		return err_system(e, "a %s key signs no COSE", role_name(act->role));
	if (s->guard.roster != NULL && is_letter(act))
		return err_input(e, "APPROVAL-NEEDED",
				 "a document of type %u is signed on the approval of two officers",
				 act->number);
	return act_begin(s, act, e) && cose_check(act, &c, e) && cose_sign(s, act, &c, job, e);
}

/* Salt, text, signature, text, signature. */
static bool proof_of(const struct str *parts, struct officer_proof *out, struct err *e)
{
	if (parts[0].n != OFFICER_SALT || parts[2].n != ED25519_SIGNATURE ||
	    parts[4].n != ED25519_SIGNATURE)
		return err_system(e, "not the statements of two officers");
	memcpy(out->salt, parts[0].p, OFFICER_SALT);
	out->prepared.text = parts[1];
	memcpy(out->prepared.signature, parts[2].p, ED25519_SIGNATURE);
	out->approved.text = parts[3];
	memcpy(out->approved.signature, parts[4].p, ED25519_SIGNATURE);
	return true;
}

static bool letter_do(const struct signer *s, struct signer_job *job, struct act *act,
		      struct err *e)
{
	const struct cose c = cose_of(job);
	struct officer_proof proof;

	if (!is_letter(act))
		return err_system(e, "the %s key of number %u signs no letters",
				  role_name(act->role), act->number);
	if (s->guard.roster == NULL)
		return err_system(e, "no guard, so no letter");
	return act_begin(s, act, e) && cose_check(act, &c, e) &&
	       proof_of(job->parts + 3, &proof, e) &&
	       guard_letter(&s->guard, act->number, str_skip(c.aad, sizeof CERT), c.payload, &proof,
			    e) &&
	       cose_sign(s, act, &c, job, e);
}

/* C2SP signed-note: UTF-8, no control characters but \n, \n at the end. */
static bool note_fits(struct str body)
{
	if (body.n == 0 || body.n > SIGNER_BODY_MAX || body.p[body.n - 1] != '\n')
		return false;
	while (body.n > 0) {
		uint32_t c;
		size_t n = enc_utf8(body, &c);

		if (n == 0 || (c < 0x20 && c != '\n'))
			return false;
		body = str_skip(body, n);
	}
	return true;
}

/* Whose text is it?  What officers say is theirs, so that no other key can be led to say it. */
static bool note_role_fits(enum key_role role, struct str body)
{
	if (str_starts(body, OFFICER_LABEL))
		return role == ROLE_OFFICER;
	if (str_starts(body, ROSTER_LABEL))
		return role == ROLE_OFFICER || role == ROLE_ROOT;
	return role != ROLE_OFFICER && !str_starts(body, STR("hufu/1/officer"));
}

static bool note_do(const struct signer *s, struct signer_job *job, struct act *act, struct err *e)
{
	if (act->role != ROLE_ROOT && act->role != ROLE_LOG && act->role != ROLE_WITNESS &&
	    act->role != ROLE_OFFICER)
		return err_system(e, "a %s key signs no notes", role_name(act->role));
	if (!note_fits(job->parts[0]))
		return err_system(e, "not the text of a note");
	if (!note_role_fits(act->role, job->parts[0]))
		return err_system(e, "not a text that a %s key signs", role_name(act->role));
	return act_begin(s, act, e) && act_sign(s, act, job->parts[0], job->out, e);
}

static bool pop_do(const struct signer *s, struct signer_job *job, struct act *act, struct err *e)
{
	struct buf bytes = buf_empty(512);
	bool ok;

	if (!statement_issuer_fits(job->parts[0]))
		return err_system(e, "'%.*s' is not an issuer's domain",
				  (int)(job->parts[0].n < STATEMENT_ISSUER_MAX
						? job->parts[0].n
						: STATEMENT_ISSUER_MAX),
				  job->parts[0].p);
	if (!act_begin(s, act, e))
		return false;
	buf_put(&bytes, "hufu/1/pop", sizeof "hufu/1/pop");
	buf_str(&bytes, job->parts[0]);
	buf_byte(&bytes, 0);
	buf_put(&bytes, act->key.bytes, sizeof act->key.bytes);
	ok = buf_ok(&bytes, "proof of possession", e) &&
	     act_sign(s, act, buf_view(&bytes), job->out, e);
	buf_free(&bytes);
	return ok;
}

/* "ED" (minisign.h): the digest is signed, and then that signature with the comment. */
static bool minisign_do(const struct signer *s, struct signer_job *job, struct act *act,
			struct err *e)
{
	struct str digest = job->parts[0], comment = job->parts[1];
	struct buf bytes = buf_empty(ED25519_SIGNATURE + MINISIGN_COMMENT_MAX);
	bool ok;

	if (act->role != ROLE_MANIFEST)
		return err_system(e, "a %s key signs no files", role_name(act->role));
	if (digest.n != DIGEST || comment.n > MINISIGN_COMMENT_MAX)
		return err_system(e, "not the digest and comment of a file");
	ok = act_begin(s, act, e) && act_sign(s, act, digest, job->out, e);
	if (ok) {
		buf_put(&bytes, job->out, ED25519_SIGNATURE);
		buf_str(&bytes, comment);
		ok = buf_ok(&bytes, "trusted comment", e) &&
		     act_sign(s, act, buf_view(&bytes), job->out + ED25519_SIGNATURE, e);
	}
	buf_free(&bytes);
	return ok;
}

/* Only under labels of ours: the home secret is no oracle for other protocols. */
static bool hmac_do(const struct signer *s, struct signer_job *job, struct err *e)
{
	size_t size = job->op == SIGNER_HMAC256 ? SHA256_SIZE : SHA512_SIZE;

	if (job->role != ROLE_HOME || job->number != 0 || job->part_count == 0 ||
	    !str_starts(job->parts[0], STR("hufu/1/")))
		return err_system(e, "the home secret authenticates nothing without a label");
	return s->backend.hmac(s->backend.self, size, job->parts, job->part_count, job->out, e);
}

static bool select_do(const struct signer *s, struct signer_job *job, struct err *e)
{
	struct ed25519_public key;

	if (job->parts[0].n != sizeof key)
		return err_system(e, "not a public key");
	memcpy(&key, job->parts[0].p, sizeof key);
	return s->backend.select(s->backend.self, job->role, job->number, &key) ||
	       no_key(job->role, job->number, e);
}

static bool parts_fit(const struct signer_job *job)
{
	static const unsigned char parts[] = {
		[SIGNER_COSE] = 3,     [SIGNER_NOTE] = 1,   [SIGNER_POP] = 1,
		[SIGNER_MINISIGN] = 2, [SIGNER_SELECT] = 1, [SIGNER_LETTER] = 8,
	};

	if (job->op == SIGNER_HMAC256 || job->op == SIGNER_HMAC512)
		return job->part_count <= SIGNER_PARTS;
	return job->part_count == parts[job->op];
}

static bool job_do(const struct signer *s, struct signer_job *job, struct act *act, struct err *e)
{
	if (!parts_fit(job))
		return err_system(e, "a request of %zu parts", job->part_count);
	switch (job->op) {
	case SIGNER_COSE:
		act->purpose = "cose";
		return cose_do(s, job, act, e);
	case SIGNER_LETTER:
		act->purpose = "letter";
		return letter_do(s, job, act, e);
	case SIGNER_NOTE:
		act->purpose = "note";
		return note_do(s, job, act, e);
	case SIGNER_POP:
		act->purpose = "pop";
		return pop_do(s, job, act, e);
	case SIGNER_MINISIGN:
		act->purpose = "minisign";
		return minisign_do(s, job, act, e);
	case SIGNER_HMAC256:
	case SIGNER_HMAC512:
		return hmac_do(s, job, e);
	case SIGNER_SELECT:
		return select_do(s, job, e);
	}
	return err_system(e, "a request of an unknown kind");
}

bool signer_run(const struct signer *s, struct signer_job *jobs, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		jobs[i].done = false;
	if (s->backend.run != NULL)
		return s->backend.run(s->backend.self, jobs, count, e);
	for (size_t i = 0; i < count; i++) {
		struct act act = { .role = jobs[i].role, .number = jobs[i].number };

		memset(jobs[i].out, 0, sizeof jobs[i].out);
		jobs[i].done = job_do(s, &jobs[i], &act, e);
		if (!jobs[i].done)
			return false;
		jobs[i].key = act.key;
	}
	return true;
}

bool signer_cose(const struct signer *s, enum key_role role, unsigned type,
		 struct str protected_header, struct str aad, struct str payload,
		 unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	const struct str parts[] = { protected_header, aad, payload };
	struct signer_job job = { .op = SIGNER_COSE,
				  .role = role,
				  .number = type,
				  .parts = parts,
				  .part_count = COUNT_OF(parts) };

	if (!signer_run(s, &job, 1, e))
		return false;
	memcpy(out, job.out, ED25519_SIGNATURE);
	return true;
}

bool signer_letter(const struct signer *s, const struct signer_letter *letter,
		   unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	const struct officer_proof *proof = letter->proof;
	const struct str parts[] = {
		letter->protected_header, letter->aad,
		letter->payload,          str_bytes(proof->salt, OFFICER_SALT),
		proof->prepared.text,     str_bytes(proof->prepared.signature, ED25519_SIGNATURE),
		proof->approved.text,     str_bytes(proof->approved.signature, ED25519_SIGNATURE),
	};
	struct signer_job job = { .op = SIGNER_LETTER,
				  .role = ROLE_ISSUING,
				  .number = letter->type,
				  .parts = parts,
				  .part_count = COUNT_OF(parts) };

	if (!signer_run(s, &job, 1, e))
		return false;
	memcpy(out, job.out, ED25519_SIGNATURE);
	return true;
}

bool signer_note(const struct signer *s, enum key_role role, unsigned number, struct str body,
		 unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	struct signer_job job = {
		.op = SIGNER_NOTE, .role = role, .number = number, .parts = &body, .part_count = 1
	};

	if (!signer_run(s, &job, 1, e))
		return false;
	memcpy(out, job.out, ED25519_SIGNATURE);
	return true;
}

bool signer_pop(const struct signer *s, enum key_role role, unsigned type, struct str issuer,
		unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	struct signer_job job = {
		.op = SIGNER_POP, .role = role, .number = type, .parts = &issuer, .part_count = 1
	};

	if (!signer_run(s, &job, 1, e))
		return false;
	memcpy(out, job.out, ED25519_SIGNATURE);
	return true;
}

bool signer_minisign(const struct signer *s, struct str message, struct str comment,
		     struct ed25519_public *key, unsigned char out[2][ED25519_SIGNATURE],
		     struct err *e)
{
	unsigned char digest[DIGEST];
	const struct str parts[] = { str_bytes(digest, sizeof digest), comment };
	struct signer_job job = { .op = SIGNER_MINISIGN,
				  .role = ROLE_MANIFEST,
				  .parts = parts,
				  .part_count = COUNT_OF(parts) };

	if (crypto_generichash(digest, sizeof digest, (const unsigned char *)message.p, message.n,
			       NULL, 0) != 0)
		return err_system(e, "BLAKE2b failed");
	if (!signer_run(s, &job, 1, e))
		return false;
	memcpy(out[0], job.out, ED25519_SIGNATURE);
	memcpy(out[1], job.out + ED25519_SIGNATURE, ED25519_SIGNATURE);
	*key = job.key;
	return true;
}

static bool home_hmac(const struct signer *s, struct signer_job *job, unsigned char *out,
		      size_t size, struct err *e)
{
	job->role = ROLE_HOME;
	if (!signer_run(s, job, 1, e))
		return false;
	memcpy(out, job->out, size);
	secret_wipe(job->out, sizeof job->out);
	return true;
}

bool signer_hmac256(const struct signer *s, const struct str *parts, size_t count,
		    unsigned char out[32], struct err *e)
{
	struct signer_job job = { .op = SIGNER_HMAC256, .parts = parts, .part_count = count };

	return home_hmac(s, &job, out, SHA256_SIZE, e);
}

bool signer_hmac512(const struct signer *s, const struct str *parts, size_t count,
		    unsigned char out[64], struct err *e)
{
	struct signer_job job = { .op = SIGNER_HMAC512, .parts = parts, .part_count = count };

	return home_hmac(s, &job, out, SHA512_SIZE, e);
}
