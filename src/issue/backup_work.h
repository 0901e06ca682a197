/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_BACKUP_WORK_H
#define HUFU_ISSUE_BACKUP_WORK_H

#include "base/hash.h"
#include "issue/backup.h"

/* What writer and reader share.  Private to issue/backup*.c. */
enum { BACKUP_LINE_MAX = 4096, BACKUP_HEAD_MAX = 256 * 1024, PATH_TEXT_MAX = 512 };

#define BACKUP_MANIFEST "hufu.backup"

struct backup_file {
	struct str path;
	unsigned mode; /* permissions only */
	uint64_t size;
	unsigned char sha256[SHA256_SIZE];
};

/* Append a line of the manifest; its first line. */
void backup_line(struct buf *out, const struct backup_file *f);
void backup_headline(struct buf *out, const struct backup_head *h, struct str program);

/* Relative, no part empty or beginning with a dot, no control byte, shorter than USTAR_NAME_MAX. */
bool backup_path_ok(struct str path);

/* Read a line as backup_line writes it, and no other: BACKUP-FORM.  The path is NUL-terminated, in `a`. */
bool backup_line_read(struct arena *a, struct str line, struct backup_file *out,
		      struct err *e) MUST_CHECK;

/* A nameless file for the manifest of a large home; NULL with errno. */
FILE *backup_scratch(void) MUST_CHECK;

#endif
