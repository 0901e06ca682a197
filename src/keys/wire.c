/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/wire.h"

#include <errno.h>
#include <sys/socket.h>

enum { VERSION = 1, JOB_HEAD = 8, NUMBER_BYTES = 4 };
static const char magic[4] = { 'H', 'U', 'F', 'S' };

static uint32_t u32_of(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static unsigned u16_of(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void u32_put(unsigned char *p, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		p[i] = (unsigned char)(v & 0xff);
}

static void u16_put(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8 & 0xff);
	p[1] = (unsigned char)(v & 0xff);
}

void wire_u16(struct buf *out, unsigned v)
{
	unsigned char bytes[2];

	u16_put(bytes, v);
	buf_put(out, bytes, sizeof bytes);
}

void wire_u32(struct buf *out, uint32_t v)
{
	unsigned char bytes[4];

	u32_put(bytes, v);
	buf_put(out, bytes, sizeof bytes);
}

bool wire_take(struct str *rest, size_t n, const unsigned char **out)
{
	if (rest->n < n)
		return false;
	*out = (const unsigned char *)rest->p;
	*rest = str_skip(*rest, n);
	return true;
}

void wire_head_write(const struct wire_head *head, unsigned char out[WIRE_HEAD])
{
	memcpy(out, magic, sizeof magic);
	out[4] = VERSION;
	out[5] = (unsigned char)head->kind;
	u16_put(out + 6, head->count);
	u32_put(out + 8, head->serial);
	u32_put(out + 12, (uint32_t)head->size);
}

bool wire_head_read(const unsigned char bytes[WIRE_HEAD], struct wire_head *out, struct err *e)
{
	struct wire_head head = { .count = u16_of(bytes + 6),
				  .serial = u32_of(bytes + 8),
				  .size = u32_of(bytes + 12) };

	if (memcmp(bytes, magic, sizeof magic) != 0 || bytes[4] != VERSION)
		return err_system(e, "not a message of this version");
	if (bytes[5] < WIRE_REQUEST || bytes[5] > WIRE_READY)
		return err_system(e, "a message of an unknown kind");
	if (head.count > WIRE_JOBS || head.size > WIRE_BYTES)
		return err_system(e, "a message of %u jobs and %zu bytes", head.count, head.size);
	head.kind = (enum wire_kind)bytes[5];
	*out = head;
	return true;
}

size_t wire_job_size(const struct signer_job *job)
{
	size_t n = JOB_HEAD + NUMBER_BYTES * job->part_count;

	for (size_t i = 0; i < job->part_count; i++) {
		if (job->parts[i].n > WIRE_BYTES)
			return SIZE_MAX;
		n += job->parts[i].n;
	}
	return n;
}

void wire_job_write(struct buf *out, const struct signer_job *job)
{
	buf_byte(out, (unsigned char)job->op);
	buf_byte(out, (unsigned char)job->role);
	wire_u16(out, job->number);
	wire_u32(out, (uint32_t)job->part_count);
	for (size_t i = 0; i < job->part_count; i++)
		wire_u32(out, (uint32_t)job->parts[i].n);
	for (size_t i = 0; i < job->part_count; i++)
		buf_str(out, job->parts[i]);
}

bool wire_job_read(struct str *rest, struct str parts[SIGNER_PARTS], struct signer_job *job,
		   struct err *e)
{
	const unsigned char *head, *lengths, *bytes;
	size_t count;

	if (!wire_take(rest, JOB_HEAD, &head))
		return err_system(e, "a request that ends early");
	count = u32_of(head + 4);
	if (head[0] < SIGNER_COSE || head[0] > SIGNER_LETTER || head[1] > ROLE_HOME ||
	    count > SIGNER_PARTS)
		return err_system(e, "a request of an unknown kind");
	if (!wire_take(rest, NUMBER_BYTES * count, &lengths))
		return err_system(e, "a request that ends early");
	for (size_t i = 0; i < count; i++) {
		size_t n = u32_of(lengths + NUMBER_BYTES * i);

		if (!wire_take(rest, n, &bytes))
			return err_system(e, "a request that ends early");
		parts[i] = str_bytes(bytes, n);
	}
	*job = (struct signer_job){ .op = (enum signer_op)head[0],
				    .role = (enum key_role)head[1],
				    .number = u16_of(head + 2),
				    .parts = parts,
				    .part_count = count };
	return true;
}

static void text_write(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	wire_u16(out, (unsigned)n);
	buf_put(out, text, n);
}

void wire_failure_write(struct buf *out, const struct err *failure)
{
	buf_byte(out, (unsigned char)failure->kind);
	text_write(out, failure->code);
	text_write(out, failure->place);
	text_write(out, failure->pointer);
	text_write(out, failure->cause);
}

static bool text_read(struct str *rest, char *out, size_t size)
{
	const unsigned char *p;
	size_t n;

	if (!wire_take(rest, 2, &p))
		return false;
	n = u16_of(p);
	if (n >= size || !wire_take(rest, n, &p))
		return false;
	out[n] = '\0';
	if (n == 0)
		return true; /* and p may be NULL */
	memcpy(out, p, n);
	if (memchr(p, 0, n) != NULL)
		return false;
	return true;
}

bool wire_failure_read(struct str *rest, struct err *failure, struct err *e)
{
	const unsigned char *kind;

	if (!wire_take(rest, 1, &kind) || *kind < ERR_INPUT || *kind > ERR_SYSTEM ||
	    !text_read(rest, failure->code, sizeof failure->code) ||
	    !text_read(rest, failure->place, sizeof failure->place) ||
	    !text_read(rest, failure->pointer, sizeof failure->pointer) ||
	    !text_read(rest, failure->cause, sizeof failure->cause))
		return err_system(e, "an answer that is none");
	failure->kind = (enum err_kind) * kind;
	return true;
}

void wire_outcome_write(struct buf *out, const struct signer_job *job, const struct err *failure)
{
	buf_byte(out, job->done);
	if (!job->done) {
		wire_failure_write(out, failure);
		return;
	}
	buf_put(out, job->key.bytes, sizeof job->key.bytes);
	buf_put(out, job->out, sizeof job->out);
}

bool wire_outcome_read(struct str *rest, struct signer_job *job, struct err *failure, struct err *e)
{
	const unsigned char *done, *key, *out;

	job->done = false;
	if (!wire_take(rest, 1, &done) || *done > 1)
		return err_system(e, "an answer that is none");
	if (*done == 0)
		return wire_failure_read(rest, failure, e);
	if (!wire_take(rest, sizeof job->key.bytes, &key) ||
	    !wire_take(rest, sizeof job->out, &out))
		return err_system(e, "an answer that is none");
	memcpy(job->key.bytes, key, sizeof job->key.bytes);
	memcpy(job->out, out, sizeof job->out);
	job->done = true;
	return true;
}

bool wire_send(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

bool wire_receive(int fd, void *bytes, size_t n)
{
	char *p = bytes;

	while (n > 0) {
		ssize_t got = recv(fd, p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}
