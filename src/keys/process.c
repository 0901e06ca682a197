/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/process.h"

#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keys/keeper.h"
#include "keys/wire.h"

enum {
	PATIENCE_S =
		120, /* for one answer: unlocking, or a device that thinks 30 s about each of a few signatures */
	REPORT = 9,
	KEYS_MAX = 1024
};

/* The jobs of one caller who waits. */
struct node {
	struct node *next;
	struct signer_job *jobs;
	size_t count, bytes;
	struct err *e;
	bool ok;
	sem_t answered;
};

struct process_key {
	unsigned char role, number;
	struct ed25519_public public;
};

/*
 * Callers push their node onto `waiting`.  Whoever found it empty waits for the channel and then carries all that has
 * gathered meanwhile; the others sleep until their node is answered.
 */
struct process {
	pid_t pid;
	int socket;
	_Atomic(struct node *) waiting;
	sem_t channel;
	/* The rest but `keys` belongs to the holder of the channel. */
	bool broken;
	uint32_t serial;
	struct buf request, answer;
	struct process_key *keys; /* changed by select only */
	size_t key_count;
};

static void sem_take(sem_t *s)
{
	while (sem_wait(s) != 0 && errno == EINTR)
		;
}

/* One message from the child; *body points into p->answer. */
static bool answer_receive(struct process *p, struct wire_head *head, struct str *body,
			   struct err *e)
{
	unsigned char bytes[WIRE_HEAD];

	if (!wire_receive(p->socket, bytes, sizeof bytes))
		return err_system(e, "the signer process has ended; nothing more is signed");
	if (!wire_head_read(bytes, head, e))
		return false;
	buf_clear(&p->answer);
	if (buf_room(&p->answer, head->size) == NULL)
		return err_memory(e, "the signer's answer");
	if (!wire_receive(p->socket, p->answer.p, head->size))
		return err_system(e, "the signer process ended within an answer");
	*body = (struct str){ p->answer.p, head->size };
	return true;
}

static bool exchange(struct process *p, unsigned count, struct str *body, struct err *e)
{
	struct wire_head head = { .kind = WIRE_REQUEST,
				  .count = count,
				  .serial = ++p->serial,
				  .size = p->request.n - WIRE_HEAD };

	if (p->broken)
		return err_system(e, "the signer process has ended; nothing more is signed");
	if (!buf_ok(&p->request, "a request to the signer", e))
		return false;
	p->broken = true;
	wire_head_write(&head, (unsigned char *)p->request.p);
	if (!wire_send(p->socket, buf_view(&p->request)))
		return err_system(e, "the signer process has ended; nothing more is signed");
	if (!answer_receive(p, &head, body, e))
		return false;
	if (head.kind != WIRE_ANSWER || head.count != count || head.serial != p->serial)
		return err_system(e, "the signer process answers something else");
	p->broken = false;
	return true;
}

/* The outcomes of one caller; false when the bytes are none. */
static bool node_answer(struct node *node, struct str *body, struct err *e)
{
	struct err failure;

	node->ok = true;
	for (size_t i = 0; i < node->count; i++) {
		if (!wire_outcome_read(body, &node->jobs[i], &failure, e))
			return false;
		if (!node->jobs[i].done && node->ok)
			*node->e = failure;
		node->ok = node->ok && node->jobs[i].done;
	}
	return true;
}

static void node_fail(struct node *node, const struct err *why)
{
	for (size_t i = 0; i < node->count; i++)
		node->jobs[i].done = false;
	node->ok = false;
	*node->e = *why;
}

/* The nodes from `first` up to `end` in one message. */
static void nodes_carry(struct process *p, struct node *first, const struct node *end,
			unsigned count)
{
	struct str body;
	struct err e;
	bool ok = exchange(p, count, &body, &e);

	for (struct node *n = first; ok && n != end; n = n->next)
		ok = node_answer(n, &body, &e);
	if (ok && body.n > 0)
		ok = err_system(&e, "the signer process answers too much");
	if (ok)
		return;
	p->broken = true;
	for (struct node *n = first; n != end; n = n->next)
		node_fail(n, &e);
}

static void channel_work(struct process *p, struct node *list)
{
	static const unsigned char head[WIRE_HEAD] = { 0 };

	while (list != NULL) {
		struct node *first = list;
		size_t count = 0, bytes = 0;

		buf_clear(&p->request);
		buf_put(&p->request, head, sizeof head);
		for (; list != NULL && count + list->count <= WIRE_JOBS &&
		       bytes + list->bytes <= WIRE_BYTES;
		     list = list->next) {
			for (size_t i = 0; i < list->count; i++)
				wire_job_write(&p->request, &list->jobs[i]);
			count += list->count;
			bytes += list->bytes;
		}
		nodes_carry(p, first, list, (unsigned)count);
	}
}

static bool node_run(struct process *p, struct node *node)
{
	struct node *list, *next;

	node->next = atomic_load(&p->waiting);
	while (!atomic_compare_exchange_weak(&p->waiting, &node->next, node))
		;
	if (node->next != NULL) {
		sem_take(&node->answered);
		return node->ok;
	}
	sem_take(&p->channel);
	list = atomic_exchange(&p->waiting, NULL);
	channel_work(p, list);
	sem_post(&p->channel);
	for (; list != NULL; list = next) {
		/* Once told, the node's owner takes it away. */
		next = list->next;
		if (list != node)
			sem_post(&list->answered);
	}
	return node->ok;
}

/* As many jobs as one message takes. */
static bool node_fill(struct node *node, struct signer_job *jobs, size_t count, struct err *e)
{
	node->jobs = jobs;
	node->e = e;
	while (node->count < count && node->count < WIRE_JOBS) {
		size_t bytes = wire_job_size(&jobs[node->count]);

		if (bytes > WIRE_BYTES)
			return err_system(e, "a request to the signer of %zu bytes", bytes);
		if (node->bytes + bytes > WIRE_BYTES)
			break;
		node->bytes += bytes;
		node->count++;
	}
	return true;
}

static bool process_run(void *self, struct signer_job *jobs, size_t count, struct err *e)
{
	struct process *p = self;
	size_t done = 0;
	bool ok = true;

	while (ok && done < count) {
		struct node node = { .count = 0 };

		if (!node_fill(&node, jobs + done, count - done, e))
			return false;
		if (sem_init(&node.answered, 0, 0) != 0)
			return err_errno(e, "cannot wait for the signer process");
		ok = node_run(p, &node);
		sem_destroy(&node.answered);
		done += node.count;
	}
	return ok;
}

static struct process_key *key_lookup(const struct process *p, enum key_role role, unsigned number)
{
	for (size_t i = 0; i < p->key_count; i++)
		if (p->keys[i].role == role && p->keys[i].number == number)
			return &p->keys[i];
	return NULL;
}

static bool process_public(void *self, enum key_role role, unsigned number,
			   struct ed25519_public *out)
{
	const struct process_key *key = key_lookup(self, role, number);

	if (key != NULL)
		*out = key->public;
	return key != NULL;
}

static bool process_select(void *self, enum key_role role, unsigned number,
			   const struct ed25519_public *public)
{
	struct process *p = self;
	struct process_key *key = key_lookup(p, role, number);
	const struct str part = str_bytes(public->bytes, sizeof public->bytes);
	struct signer_job job = {
		.op = SIGNER_SELECT, .role = role, .number = number, .parts = &part, .part_count = 1
	};
	struct err e;

	if (key == NULL || !process_run(p, &job, 1, &e))
		return false;
	key->public = *public;
	return true;
}

static void process_free(void *self)
{
	struct process *p = self;

	if (p->socket >= 0)
		close(p->socket);
	if (p->pid > 0)
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	sem_destroy(&p->channel);
	buf_free(&p->request);
	buf_free(&p->answer);
	free(p->keys);
	free(p);
}

static bool keys_read(struct process *p, struct str body, struct err *e)
{
	const unsigned char *at;

	if (!wire_take(&body, 2, &at))
		return err_system(e, "the signer process answers something else");
	p->key_count = (size_t)at[0] << 8 | at[1];
	if (body.n != p->key_count * (2 + ED25519_PUBLIC) || p->key_count > KEYS_MAX)
		return err_system(e, "the signer process answers something else");
	p->keys = calloc(p->key_count + 1, sizeof *p->keys);
	if (p->keys == NULL)
		return err_memory(e, "the signer's keys");
	for (size_t i = 0; i < p->key_count; i++) {
		if (!wire_take(&body, 2 + ED25519_PUBLIC, &at))
			return err_system(e, "the signer process answers something else");
		p->keys[i].role = at[0];
		p->keys[i].number = at[1];
		memcpy(p->keys[i].public.bytes, at + 2, ED25519_PUBLIC);
	}
	return true;
}

/* keeper.c says how it is written. */
static bool ready_read(struct process *p, struct sandbox_report *report, struct err *e)
{
	const unsigned char *ok, *r;
	struct wire_head head = { .kind = WIRE_REQUEST };
	struct err failure;
	struct str body;

	if (!answer_receive(p, &head, &body, e))
		return false;
	if (head.kind != WIRE_READY || !wire_take(&body, 1, &ok))
		return err_system(e, "the signer process answers something else");
	if (*ok != 1) {
		if (wire_failure_read(&body, &failure, e))
			*e = failure;
		return false;
	}
	if (!wire_take(&body, REPORT, &r))
		return err_system(e, "the signer process answers something else");
	if (report != NULL)
		*report = (struct sandbox_report){
			.open_denied = r[0],
			.socket_denied = r[1],
			.fork_denied = r[2],
			.exec_denied = r[3],
			.ptrace_denied = r[4],
			.memory_locked = r[5],
			.landlock_holds = r[6],
			.landlock = r[7],
			.wide = r[8],
		};
	return keys_read(p, body, e);
}

static struct process *process_new(struct err *e)
{
	struct process *p = calloc(1, sizeof *p);

	if (p == NULL) {
		err_memory(e, "a signer process");
		return NULL;
	}
	p->socket = -1;
	p->request = buf_empty(WIRE_HEAD + WIRE_BYTES);
	p->answer = buf_empty(WIRE_BYTES);
	atomic_init(&p->waiting, NULL);
	if (sem_init(&p->channel, 0, 1) != 0) {
		err_errno(e, "cannot make a signer process");
		free(p);
		return NULL;
	}
	return p;
}

static bool process_spawn(struct process *p, const struct process_plan *plan, struct err *e)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_errno(e, "cannot make a socket for the signer process");
	p->pid = fork();
	if (p->pid == 0)
		keeper_live(plan, pair[1]);
	close(pair[1]);
	p->socket = pair[0];
	if (p->pid < 0)
		return err_errno(e, "cannot start the signer process");
	return setsockopt(p->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 ||
	       err_errno(e, "cannot set up the signer's socket");
}

bool process_start(const struct process_plan *plan, struct signer **out,
		   struct sandbox_report *report, struct err *e)
{
	struct process *p = process_new(e);
	struct signer_backend backend = {
		.self = p,
		.public = process_public,
		.select = process_select,
		.run = process_run,
		.free = process_free,
	};

	if (p == NULL)
		return false;
	if (!process_spawn(p, plan, e) || !ready_read(p, report, e)) {
		process_free(p);
		return false;
	}
	return signer_new(&backend, out, e);
}
