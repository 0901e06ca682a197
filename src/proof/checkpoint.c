/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/checkpoint.h"

#include "base/enc.h"
#include "proof/merkle.h"

enum {
	WITNESSES_MAX = 32, /* bits of who */
	TIME_SIZE = 8,
	COSIGNED_MAX = CHECKPOINT_BODY_MAX + 64
};

static bool bad_form(const char *why, struct err *e)
{
	return err_input(e, "CHECKPOINT-FORM", "checkpoint: %s", why);
}

static bool bad_signature(struct str name, struct err *e)
{
	return err_input(e, "CHECKPOINT-SIGNATURE", "the signature of %.*s does not verify",
			 STR_ARG(name));
}

/* What name a key of ours may have (note.h), so that origin and key name can be one. */
static bool origin_ok(struct str origin)
{
	if (origin.n < 1 || origin.n > NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < origin.n; i++)
		if (origin.p[i] <= 0x20 || origin.p[i] >= 0x7f || strchr("+\"\\", origin.p[i]))
			return false;
	return true;
}

static bool tree_check(const struct checkpoint *c, struct err *e)
{
	unsigned char empty[SHA256_SIZE];

	if (!origin_ok(c->origin))
		return bad_form("the origin is not 1 to 200 printable ASCII characters", e);
	if (c->size > MERKLE_SIZE_MAX)
		return bad_form("the size is over 2^62", e);
	merkle_empty(empty);
	return c->size > 0 || memcmp(c->root, empty, SHA256_SIZE) == 0 ||
	       bad_form("the root of nothing is SHA-256 of nothing", e);
}

bool checkpoint_body(struct buf *out, const struct checkpoint *c, struct err *e)
{
	if (!tree_check(c, e))
		return false;
	buf_str(out, c->origin);
	buf_byte(out, '\n');
	buf_uint(out, c->size);
	buf_byte(out, '\n');
	enc_base64(out, c->root, SHA256_SIZE);
	buf_byte(out, '\n');
	return buf_ok(out, "checkpoint", e);
}

static bool holds(const struct signer *signer, enum key_role role, const struct note_key *key,
		  struct err *e)
{
	struct ed25519_public public;

	if (!signer_public(signer, role, 0, &public, e))
		return false;
	return memcmp(public.bytes, key->public.bytes, ED25519_PUBLIC) == 0 ||
	       err_input(e, "NO-KEY", "the %s key at hand is not that of %.*s", role_name(role),
			 STR_ARG(key->name));
}

bool checkpoint_write(struct buf *out, const struct checkpoint *c, const struct note_key *log,
		      const struct signer *signer, struct err *e)
{
	unsigned char signature[ED25519_SIGNATURE];
	struct buf body = buf_empty(CHECKPOINT_BODY_MAX);
	bool ok = false;

	if (!str_eq(c->origin, log->name))
		return bad_form("the log's key is named otherwise than the log", e);
	if (!checkpoint_body(&body, c, e) || !holds(signer, ROLE_LOG, log, e) ||
	    !signer_note(signer, ROLE_LOG, 0, buf_view(&body), signature, e))
		goto out;
	buf_str(out, buf_view(&body));
	buf_byte(out, '\n');
	note_line(out, log, signature);
	ok = buf_ok(out, "checkpoint", e);
out:
	buf_free(&body);
	return ok;
}

bool checkpoint_read_body(struct str body, struct checkpoint *out, struct err *e)
{
	struct checkpoint c = { 0 };
	struct str rest = body, size, root;
	unsigned long long n;
	size_t got;

	if (body.n > CHECKPOINT_BODY_MAX || body.n == 0 || body.p[body.n - 1] != '\n')
		return bad_form("not three lines", e);
	if (!str_split(&rest, '\n', &c.origin) || !str_split(&rest, '\n', &size) ||
	    !str_split(&rest, '\n', &root) || rest.n != 0)
		return bad_form("not three lines: origin, size, root", e);
	if (!str_u64(size, MERKLE_SIZE_MAX, &n))
		return bad_form("the size is not a decimal number without leading zeros", e);
	if (!enc_unbase64(root, c.root, SHA256_SIZE, &got) || got != SHA256_SIZE)
		return bad_form("the root is not base64 of 32 bytes", e);
	c.size = n;
	if (!tree_check(&c, e))
		return false;
	*out = c;
	return true;
}

/* "cosignature/v1\ntime <t>\n" ‖ body: what a witness signs (C2SP tlog-cosignature, "Ed25519 signed message"). */
static bool cosigned_text(struct buf *out, struct str body, uint64_t time, struct err *e)
{
	buf_c(out, "cosignature/v1\ntime ");
	buf_uint(out, time);
	buf_byte(out, '\n');
	buf_str(out, body);
	return buf_ok(out, "cosigned text", e);
}

/* timestamped_signature: u64 time ‖ 64 bytes; the time at most 2^63 - 1. */
static bool cosignature_verify(const struct note_signature *sig, const struct note_key *key,
			       struct str body, int64_t *time, struct err *e)
{
	const unsigned char *p = (const unsigned char *)sig->bytes.p;
	struct buf text = buf_empty(COSIGNED_MAX);
	uint64_t t = 0;
	bool ok;

	if (key->type != NOTE_COSIGNATURE || sig->bytes.n != TIME_SIZE + ED25519_SIGNATURE)
		return bad_signature(key->name, e);
	for (size_t i = 0; i < TIME_SIZE; i++)
		t = t << 8 | p[i];
	if (t > INT64_MAX)
		return bad_signature(key->name, e);
	ok = cosigned_text(&text, body, t, e);
	if (ok && !ed25519_verify(&key->public, buf_view(&text), p + TIME_SIZE))
		ok = bad_signature(key->name, e);
	buf_free(&text);
	*time = (int64_t)t;
	return ok;
}

/* The message names no witness (the key alone speaks), so a key under two names, or the log's own, is not one more. */
static bool counted_already(const struct note_key *log, const struct note_key *keys, size_t k,
			    uint32_t who)
{
	const unsigned char *mine = keys[k].public.bytes;

	if (memcmp(mine, log->public.bytes, ED25519_PUBLIC) == 0)
		return true;
	for (size_t i = 0; i < WITNESSES_MAX && who >> i != 0; i++)
		if ((who >> i & 1) != 0 && memcmp(mine, keys[i].public.bytes, ED25519_PUBLIC) == 0)
			return true;
	return false;
}

static bool witnesses_count(const struct note *note, const struct note_key *log,
			    const struct note_key *keys, size_t count,
			    struct checkpoint_witnesses *who, struct err *e)
{
	struct checkpoint_witnesses w = { 0 };

	for (size_t s = 0; s < note->count; s++)
		for (size_t k = 0; k < count; k++) {
			int64_t time = 0;

			if (!note_names(&note->signatures[s], &keys[k]))
				continue;
			if (!cosignature_verify(&note->signatures[s], &keys[k], note->body, &time,
						e))
				return false;
			if (time > w.newest)
				w.newest = time;
			if (counted_already(log, keys, k, w.who))
				continue;
			w.who |= UINT32_C(1) << k;
			w.count++;
		}
	*who = w;
	return true;
}

/* A fault of the note's is one of the checkpoint's. */
static bool as_checkpoint(const char *code, struct err *e)
{
	if (e->kind != ERR_INPUT)
		return false;
	memcpy(e->code, code, strlen(code) + 1);
	return false;
}

bool checkpoint_read(struct arena *a, struct str bytes, const struct note_key *log,
		     const struct note_key *witnesses, size_t witness_count, struct checkpoint *out,
		     struct checkpoint_witnesses *who, struct err *e)
{
	struct checkpoint_witnesses w;
	struct checkpoint c;
	struct note note;
	uint32_t signed_by;

	if (witness_count > WITNESSES_MAX)
		return err_system(e, "more than %d witnesses", WITNESSES_MAX);
	if (bytes.n > CHECKPOINT_BYTES_MAX)
		return bad_form("too long", e);
	if (!note_read(a, bytes, &note, e))
		return as_checkpoint("CHECKPOINT-FORM", e);
	if (!note_verify(&note, log, 1, &signed_by, e))
		return as_checkpoint("CHECKPOINT-SIGNATURE", e);
	if (signed_by == 0)
		return err_input(e, "CHECKPOINT-SIGNATURE", "not signed by %.*s",
				 STR_ARG(log->name));
	if (!checkpoint_read_body(note.body, &c, e))
		return false;
	if (!str_eq(c.origin, log->name))
		return bad_form("of another log", e);
	if (!witnesses_count(&note, log, witnesses, witness_count, &w, e))
		return false;
	*out = c;
	*who = w;
	return true;
}

bool checkpoint_witness_key(struct str name, const struct ed25519_public *public,
			    struct note_key *out, struct err *e)
{
	return note_witness_make(name, public, out, e);
}

bool checkpoint_cosign(struct buf *out, struct str body, int64_t time,
		       const struct note_key *witness, const struct signer *signer, struct err *e)
{
	unsigned char signature[ED25519_SIGNATURE];
	struct buf text = buf_empty(COSIGNED_MAX);
	struct checkpoint c;
	bool ok = false;

	if (time < 0 || witness->type != NOTE_COSIGNATURE)
		return err_system(e, "a cosignature needs a witness's key and a time after 1969");
	if (!checkpoint_read_body(body, &c, e) || !holds(signer, ROLE_WITNESS, witness, e))
		return false;
	if (cosigned_text(&text, body, (uint64_t)time, e) &&
	    signer_note(signer, ROLE_WITNESS, 0, buf_view(&text), signature, e)) {
		note_cosignature_line(out, witness, (uint64_t)time, signature);
		ok = buf_ok(out, "cosignature", e);
	}
	buf_free(&text);
	return ok;
}
