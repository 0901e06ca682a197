/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/keeper.h"

#include <unistd.h>

#include "keys/audit.h"
#include "keys/guard.h"
#include "keys/secret.h"
#include "keys/wire.h"

enum {
	NUMBERS = 256,                             /* of a role: document types, roots */
	ANSWER_MAX = WIRE_HEAD + WIRE_JOBS * 1100, /* the longest failure is 1 + 4 × 2 + 968 */
	END_EOF = 0,
	END_GARBAGE = 1,
	END_TROUBLE = 2
};

struct keeper {
	struct signer *signer;
	struct audit audit;
	struct buf request, answer;
};

/* The answer stands behind room for its head. */
static bool answer_send(struct keeper *k, enum wire_kind kind, unsigned count, uint32_t serial)
{
	struct wire_head head = {
		.kind = kind, .count = count, .serial = serial, .size = k->answer.n - WIRE_HEAD
	};

	if (k->answer.failed)
		return false;
	wire_head_write(&head, (unsigned char *)k->answer.p);
	return wire_send(SANDBOX_SOCKET, buf_view(&k->answer));
}

static void answer_begin(struct buf *answer)
{
	static const unsigned char head[WIRE_HEAD] = { 0 };

	buf_clear(answer);
	buf_put(answer, head, sizeof head);
}

/*
 * Ready: 1 ‖ the eight values of the report ‖ count u16 ‖ role u8, number u8, public key of each key that would sign;
 * or 0 ‖ a failure.
 */
static void ready_write(struct keeper *k, const struct sandbox_report *r)
{
	const unsigned char report[] = {
		1,
		r->open_denied,
		r->socket_denied,
		r->fork_denied,
		r->exec_denied,
		r->ptrace_denied,
		r->memory_locked,
		r->landlock_holds,
		r->landlock,
		r->wide,
	};
	struct buf keys = buf_empty(NUMBERS * 64 * 2);
	struct ed25519_public key;
	unsigned count = 0;
	struct err none;

	for (int role = ROLE_ROOT; role < ROLE_HOME; role++)
		for (unsigned number = 0; number < NUMBERS; number++) {
			if (!signer_public(k->signer, (enum key_role)role, number, &key, &none))
				continue;
			buf_byte(&keys, (unsigned char)role);
			buf_byte(&keys, (unsigned char)number);
			buf_put(&keys, key.bytes, sizeof key.bytes);
			count++;
		}
	buf_put(&k->answer, report, sizeof report);
	wire_u16(&k->answer, count);
	buf_str(&k->answer, buf_view(&keys));
	k->answer.failed = k->answer.failed || keys.failed;
	buf_free(&keys);
}

bool keeper_answer(const struct signer *signer, struct str bytes, unsigned count,
		   struct buf *answer, struct err *e)
{
	for (unsigned i = 0; i < count; i++) {
		struct str parts[SIGNER_PARTS];
		struct signer_job job;
		struct err failure;

		if (!wire_job_read(&bytes, parts, &job, e))
			return false;
		if (!signer_run(signer, &job, 1, &failure))
			job.done = false;
		wire_outcome_write(answer, &job, &failure);
		secret_wipe(job.out, sizeof job.out);
	}
	return bytes.n == 0 || err_system(e, "bytes behind the last request");
}

/* The audit could not be written: not one of the signatures leaves. */
static void answer_withhold(struct keeper *k, unsigned count, const struct err *why)
{
	const struct signer_job none = { .done = false };

	secret_wipe(k->answer.p, k->answer.n);
	answer_begin(&k->answer);
	for (unsigned i = 0; i < count; i++)
		wire_outcome_write(&k->answer, &none, why);
}

static int request_serve(struct keeper *k, const struct wire_head *head)
{
	struct err e;
	bool written;

	buf_clear(&k->request);
	if (head->kind != WIRE_REQUEST || head->count == 0)
		return END_GARBAGE;
	if (buf_room(&k->request, head->size) == NULL)
		return END_TROUBLE;
	if (!wire_receive(SANDBOX_SOCKET, k->request.p, head->size))
		return END_EOF;
	answer_begin(&k->answer);
	if (!keeper_answer(k->signer, (struct str){ k->request.p, head->size }, head->count,
			   &k->answer, &e))
		return END_GARBAGE;
	written = audit_flush(&k->audit, &e);
	if (!written)
		answer_withhold(k, head->count, &e);
	if (!answer_send(k, WIRE_ANSWER, head->count, head->serial))
		return END_TROUBLE;
	return written ? -1 : END_TROUBLE;
}

/* Until the parent hangs up. */
static int requests_serve(struct keeper *k)
{
	unsigned char bytes[WIRE_HEAD];
	struct wire_head head;
	struct err e;
	int end;

	do {
		if (!wire_receive(SANDBOX_SOCKET, bytes, sizeof bytes))
			return END_EOF;
		if (!wire_head_read(bytes, &head, &e))
			return END_GARBAGE;
		end = request_serve(k, &head);
	} while (end < 0);
	return end;
}

/*
 * libcrypto reads its configuration, and both libraries look at the processor, on first use: let that be before the
 * lock.  Room for the largest message is made here as well.
 */
static bool warm_up(struct keeper *k, struct err *e)
{
	const struct str word = STR("hufu/1/warm");
	struct err none;
	unsigned char out[SHA512_SIZE];
	struct ed25519_public key;

	sha256_of(word, out);
	hmac_sha256(word, &word, 1, out);
	hmac_sha512(word, &word, 1, out);
	if (ed25519_public_read(word, &key, &none))
		return err_system(e, "a word is no key");
	return (buf_room(&k->request, WIRE_BYTES) != NULL &&
		buf_room(&k->answer, ANSWER_MAX) != NULL) ||
	       err_memory(e, "the signer process");
}

/* Whatever the plan says there is a guard: without officers it lets no letter pass. */
static void guard_begin(struct keeper *k, const struct process_plan *plan)
{
	static const struct roster none = { .serial = 0 };
	const struct signer_guard guard = {
		.roster = plan->officers != NULL ? plan->officers : &none,
		.issuer = plan->issuer,
		.env = plan->env,
	};

	signer_guard(k->signer, &guard);
}

static bool keeper_open(struct keeper *k, const struct process_plan *plan, int sock, struct err *e)
{
	struct sandbox_report report;

	if (!sandbox_begin(sock, plan->audit, plan->profile, e) || !ed25519_start(e))
		return false;
	audit_begin(&k->audit, SANDBOX_AUDIT, plan->env);
	if (!plan->open(plan->self, &k->signer, e) || !warm_up(k, e) ||
	    !sandbox_lock(plan->profile, &report, e))
		return false;
	guard_begin(k, plan);
	signer_audited(k->signer, &(struct signer_audit){ &k->audit, audit_line });
	audit_start(&k->audit, &report);
	if (!audit_flush(&k->audit, e))
		return false;
	answer_begin(&k->answer);
	ready_write(k, &report);
	return true;
}

void keeper_live(const struct process_plan *plan, int sock)
{
	struct keeper k = { .request = buf_empty(WIRE_BYTES), .answer = buf_empty(ANSWER_MAX) };
	struct err e;
	bool ok = keeper_open(&k, plan, sock, &e);

	if (!ok) {
		answer_begin(&k.answer);
		buf_byte(&k.answer, 0);
		wire_failure_write(&k.answer, &e);
	}
	if (!answer_send(&k, WIRE_READY, 0, 0))
		_exit(END_TROUBLE);
	_exit(ok ? requests_serve(&k) : END_TROUBLE);
}
