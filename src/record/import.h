/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_IMPORT_H
#define HUFU_RECORD_IMPORT_H

#include <stdio.h>

#include "record/map.h"

enum { IMPORT_MAX = 64 * 1024 * 1024 }; /* bytes of a CSV file */

struct import_job {
	const char *name; /* of the CSV file, for places */
	struct str csv;   /* its bytes, in the map's encoding */
	const struct map *map;
	FILE *out; /* lent */
	/* Told of every fault, with place "name:line:column"; may be NULL. */
	void (*fault)(void *ctx, const struct err *fault);
	/* Told of every note of a record written (a middle dot normalised); may be NULL. */
	void (*note)(void *ctx, const char *place, const struct remark *note);
	void *ctx;
};

struct import_count {
	size_t written, refused; /* rows */
};

/*
 * Write a line of canonical hufu.member/1 for each good row.  Rows with faults are told of and left out; association
 * codes and the day of admission are left to `hufu check`.  False when nothing can be made of the file (ERR_INPUT:
 * encoding, header) or of the machine (ERR_SYSTEM).
 */
bool import_csv(const struct import_job *job, struct import_count *count, struct err *e) MUST_CHECK;

#endif
