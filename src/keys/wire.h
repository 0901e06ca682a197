/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_WIRE_H
#define HUFU_KEYS_WIRE_H

#include "base/buf.h"
#include "keys/signer.h"

/*
 * What is said on the socket between a process that issues and its signer process.  Numbers are big-endian, all of it of
 * one program: a version that does not fit is refused, never spoken around.
 *
 *   head     "HUFS" ‖ version 1 u8 ‖ kind u8 ‖ count u16 ‖ serial u32 ‖ size of the rest u32          16 bytes
 *   request  a job: op u8 ‖ role u8 ‖ number u16 ‖ parts u32 ‖ length u32 of each ‖ their bytes
 *   answer   a job: 1 u8 ‖ public key 32 ‖ out 128      or      a failure: 0 u8 ‖ kind u8 ‖ four texts of u16 length:
 *            code, place, pointer, cause
 *
 * An answer has the count and the serial of its request, its jobs in the same order.
 */
enum {
	WIRE_HEAD = 16,
	WIRE_JOBS = 256, /* most jobs a message */
	WIRE_BYTES = SIGNER_BODY_MAX + 64 * 1024
};

enum wire_kind { WIRE_REQUEST = 1, WIRE_ANSWER, WIRE_READY };

struct wire_head {
	enum wire_kind kind;
	unsigned count;
	uint32_t serial;
	size_t size;
};

void wire_head_write(const struct wire_head *head, unsigned char out[WIRE_HEAD]);

/* The bytes are hostile: version, kind, count ≤ WIRE_JOBS and size ≤ WIRE_BYTES are checked. */
bool wire_head_read(const unsigned char bytes[WIRE_HEAD], struct wire_head *out,
		    struct err *e) MUST_CHECK;

/* Bytes of one job in a request. */
size_t wire_job_size(const struct signer_job *job);

void wire_job_write(struct buf *out, const struct signer_job *job);

/*
 * Cut the first job off *rest, which is hostile.  `parts` gets what job->parts points to, and points into the bytes
 * itself.  Op, role and part count are ones there are; whether they fit each other is signer_run's to say.
 */
bool wire_job_read(struct str *rest, struct str parts[SIGNER_PARTS], struct signer_job *job,
		   struct err *e) MUST_CHECK;

/* The outcome of one job; `failure` is read when job->done is false. */
void wire_outcome_write(struct buf *out, const struct signer_job *job, const struct err *failure);

/* Cut the first outcome off *rest into job->done, ->key and ->out, or into *failure; false (*e) when it is none. */
bool wire_outcome_read(struct str *rest, struct signer_job *job, struct err *failure,
		       struct err *e) MUST_CHECK;

/* A failure alone, as in an outcome. */
void wire_failure_write(struct buf *out, const struct err *failure);
bool wire_failure_read(struct str *rest, struct err *failure, struct err *e) MUST_CHECK;

/* All of the bytes, whatever interrupts; false when the other end is gone. */
bool wire_send(int fd, struct str bytes) MUST_CHECK;
bool wire_receive(int fd, void *bytes, size_t n) MUST_CHECK;

/* Numbers as above; wire_take cuts n bytes off *rest, false when there are fewer. */
void wire_u16(struct buf *out, unsigned v);
void wire_u32(struct buf *out, uint32_t v);
bool wire_take(struct str *rest, size_t n, const unsigned char **out) MUST_CHECK;

#endif
