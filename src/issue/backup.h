/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_BACKUP_H
#define HUFU_ISSUE_BACKUP_H

#include <stdio.h>

#include "issue/home.h"

/*
 * A whole home in one file: a ustar archive (base/ustar.h) whose first member "hufu.backup" is lines of canonical JSON,
 *
 *   {"bytes":n,"files":n,"left_out":[path,…],"log":{"root":hex,"size":n},"program":version,"schema":"hufu.backup/1"}
 *   {"mode":384,"path":"associations.json","sha256":hex,"size":n}      each file, in byte order of the paths
 *
 * and whose other members are these files.  No time and no owner is in it: the same home gives the same bytes.
 */
enum { BACKUP_LEFT_MAX = 256 };

/* What a backup holds, of its first line. */
struct backup_head {
	uint64_t files, bytes;
	uint64_t log_size; /* of the largest tree the home signed */
	char log_root[65]; /* "" while it signed none */
	struct str *left;  /* secrets that are not in it, paths ascending */
	size_t left_count;
};

/*
 * Write the archive to `out`.  The home is HOME_WRITE, so that nothing else moves; the store is copied by SQLite itself.  What
 * opens keys without being sealed (passphrase file, PINs, keys of seals that are not encrypted) is left out unless
 * `secrets`.  Lock, temporary files and the store's rollback journal are no part of a home.  Anything else that is no
 * regular file, or has a name no archive can hold, is ERR_SYSTEM.
 */
bool backup_write(struct home *h, bool secrets, FILE *out, struct backup_head *head,
		  struct err *e) MUST_CHECK;

/* Where files of an archive go; each is called in order, and any may refuse. */
struct backup_sink {
	void *self;
	bool (*begin)(void *self, const char *path, unsigned mode, struct err *e);
	bool (*bytes)(void *self, struct str bytes, struct err *e);
	bool (*end)(void *self, struct err *e);
};

/*
 * Read an archive (hostile).  ERR_INPUT with code BACKUP-FORM (not such an archive, cut, a link, a path that leads out, …) or
 * BACKUP-HASH (a file's bytes are not those of the manifest) and "byte N" or the path as place.
 */
bool backup_read(struct arena *a, FILE *in, const struct backup_sink *sink,
		 struct backup_head *head, struct err *e) MUST_CHECK;

/*
 * Make a home of it at `dir`, which is not there or an empty folder: built beside and renamed, nothing left behind by a
 * failure.  The home must open.  With `site` (a published copy): BACKUP-OLD when its log has what the backup's has not, for
 * another tree would be signed in that one's place.
 */
bool backup_restore(struct arena *a, FILE *in, const char *dir, const char *site,
		    struct backup_head *head, struct err *e) MUST_CHECK;

/* Size and root of the tree in a checkpoint file; size 0 when there is no such file. */
bool backup_tree(struct arena *a, const char *file, uint64_t *size, char root[65],
		 struct err *e) MUST_CHECK;

#endif
