/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_IO_H
#define HUFU_BASE_IO_H

#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"

/* The whole of a regular file, pipe or "-" (stdin), at most out->max bytes, appended to *out. */
bool io_read(const char *path, struct buf *out, struct err *e) MUST_CHECK;

/* As io_read of a path made from dir and name ("dir/name"). */
bool io_read_in(const char *dir, const char *name, struct buf *out, struct err *e) MUST_CHECK;

/*
 * Replace dir/name by the bytes, atomically and durably: write dir/.tmp-… with `mode`, fsync, rename, fsync dir.
 * After a crash either the old or the new file is there, whole.
 */
bool io_replace(const char *dir, const char *name, struct str bytes, mode_t mode,
		struct err *e) MUST_CHECK;

/*
 * Publish dir/name once: like io_replace, but by link(2), and a file already there is success only when it holds the
 * same bytes; else "exists with other content".
 */
bool io_publish(const char *dir, const char *name, struct str bytes, mode_t mode,
		struct err *e) MUST_CHECK;

/*
 * A group of files made durable at once: io_stage writes dir/.tmp-<name> without syncing; after one io_sync_all the
 * caller gives each its name with io_unstage, and syncs once more.  A crash leaves temporary files that the next run
 * overwrites, never a half-written file under its own name.
 */
bool io_stage(const char *dir, const char *name, struct str bytes, mode_t mode,
	      struct err *e) MUST_CHECK;
bool io_unstage(const char *dir, const char *name, struct err *e) MUST_CHECK;

/* Make path and its missing parents with `mode`; one already there is success. */
bool io_mkdir(const char *path, mode_t mode, struct err *e) MUST_CHECK;

/* fsync a folder, so that the names in it last. */
bool io_sync_dir(const char *path, struct err *e) MUST_CHECK;

/* All of the file system that holds path (syncfs), for a group of files at once. */
bool io_sync_all(const char *path, struct err *e) MUST_CHECK;

bool io_exists(const char *path);
bool io_is_dir(const char *path);

/* Sorted names (byte order) of the entries of a folder that end in `suffix`, dot-files left out; at most `max`. */
bool io_list(struct arena *a, const char *path, const char *suffix, size_t max, struct str **names,
	     size_t *count, struct err *e) MUST_CHECK;

/* "dir/name" in the arena. */
bool io_path(struct arena *a, const char *dir, const char *name, const char **out,
	     struct err *e) MUST_CHECK;

/*
 * Lines of a stream, without their \n (a final line without one counts; "\r" stays).  A line over `max` bytes is an
 * error that names the limit; *end is true after the last.  `line` points into *hold till the next call.
 */
bool io_line(FILE *in, struct buf *hold, struct str *line, bool *end, struct err *e) MUST_CHECK;

#endif
