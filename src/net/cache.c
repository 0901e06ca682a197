/* SPDX-License-Identifier: Apache-2.0 */
#include "net/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

enum { NAME_MAX_BYTES = 200, PATH_CAP = 4096 };

struct cache {
	char dir[PATH_CAP];
};

/* An end of digits behind `prefix`. */
static bool is_numbered(struct str path, struct str prefix)
{
	struct str rest = str_skip(path, prefix.n);
	unsigned long long n;

	return str_starts(path, prefix) && str_u64(rest, UINT64_MAX, &n);
}

enum cache_kind cache_kind_of(struct str path)
{
	if (!site_path_ok(path))
		return CACHE_NOT;
	if (str_starts(path, STR("/tile/")) || str_starts(path, STR("/m/")))
		return CACHE_FOR_EVER;
	if (str_starts(path, STR("/s/")) && str_find(path, STR(".at/"), 0) != SIZE_MAX)
		return CACHE_FOR_EVER;
	if (str_eq(path, STR("/keys.note")) || str_eq(path, STR("/checkpoint")) ||
	    is_numbered(path, STR("/s/")) || str_starts(path, STR("/d/")))
		return CACHE_IF_UNCHANGED;
	return CACHE_NOT;
}

bool cache_open(const char *dir, struct cache **out, struct err *e)
{
	struct cache *c = calloc(1, sizeof *c);
	int n;

	if (c == NULL)
		return err_memory(e, "the cache");
	n = snprintf(c->dir, sizeof c->dir, "%s", dir);
	if (n < 1 || (size_t)n >= sizeof c->dir - NAME_MAX_BYTES - 2) {
		cache_close(c);
		return err_system(e, "the cache's folder '%.64s…' is too long a name", dir);
	}
	*out = c;
	return true;
}

void cache_close(struct cache *c)
{
	free(c);
}

/* dir/name for a path; false for what is never kept. */
static bool name_of(const struct cache *c, const char *path, char out[PATH_CAP])
{
	size_t at;
	int n;

	if (cache_kind_of(str_of(path)) == CACHE_NOT)
		return false;
	at = strlen(c->dir) + 1;
	n = snprintf(out, PATH_CAP, "%s/%s", c->dir, path + 1);
	if (n < 0 || n >= PATH_CAP)
		return false;
	for (char *p = out + at; *p != '\0'; p++)
		if (*p == '/')
			*p = '=';
	return true;
}

/* All of a regular file of at most `max` bytes. */
static bool read_whole(const char *name, size_t max, struct buf *out)
{
	struct stat st;
	struct err ignored;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return false;
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 &&
	     (unsigned long long)st.st_size <= max;
	close(fd);
	return ok && io_read(name, out, &ignored);
}

bool cache_get(struct cache *c, const char *path, size_t cap, struct buf *out,
	       char tag[HTTP_TAG_MAX + 1])
{
	struct buf file = buf_empty(CACHE_FILE_MAX + HTTP_TAG_MAX + 1);
	char name[PATH_CAP];
	struct str rest, line = { 0 };
	bool ok;

	tag[0] = '\0';
	ok = name_of(c, path, name) && read_whole(name, file.max, &file);
	rest = buf_view(&file);
	ok = ok && str_find(rest, STR("\n"), 0) <= HTTP_TAG_MAX && str_split(&rest, '\n', &line) &&
	     rest.n <= cap && (line.n == 0 || memchr(line.p, '\0', line.n) == NULL);
	if (ok) {
		buf_str(out, rest);
		ok = !out->failed;
	}
	if (ok) /* a tag without its copy would let the site call nothing unchanged */
		snprintf(tag, HTTP_TAG_MAX + 1, "%.*s", STR_ARG(line));
	buf_free(&file);
	return ok;
}

static bool write_whole(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

void cache_put(struct cache *c, const char *path, const char *tag, struct str bytes)
{
	char name[PATH_CAP], temp[PATH_CAP];
	struct err ignored;
	bool ok;
	int fd, n;

	if (bytes.n > CACHE_FILE_MAX || !name_of(c, path, name) ||
	    !io_mkdir(c->dir, 0700, &ignored))
		return;
	n = snprintf(temp, sizeof temp, "%s/.tmp-XXXXXX", c->dir);
	fd = n > 0 && (size_t)n < sizeof temp ? mkstemp(temp) : -1;
	if (fd < 0)
		return;
	ok = write_whole(fd, str_of(tag)) && write_whole(fd, STR("\n")) && write_whole(fd, bytes);
	ok = close(fd) == 0 && ok; /* nothing is synced: what a crash tears is fetched again */
	if (!ok || rename(temp, name) != 0)
		unlink(temp);
}

void cache_drop(struct cache *c, const char *path)
{
	char name[PATH_CAP];

	if (name_of(c, path, name))
		unlink(name);
}

struct kept {
	char name[NAME_MAX_BYTES + 1];
	struct timespec at;
	uint64_t bytes;
};

static int by_age(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;

	if (a->at.tv_sec != b->at.tv_sec)
		return a->at.tv_sec < b->at.tv_sec ? -1 : 1;
	return (a->at.tv_nsec > b->at.tv_nsec) - (a->at.tv_nsec < b->at.tv_nsec);
}

/* Temporary files of calls that ended early count too. */
static size_t list(DIR *dir, struct kept *kept, uint64_t *sum)
{
	const struct dirent *entry;
	struct stat st;
	size_t count = 0, n;

	while (count < CACHE_FILES_MAX && (entry = readdir(dir)) != NULL) {
		n = strnlen(entry->d_name, sizeof entry->d_name);
		if (n > NAME_MAX_BYTES ||
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    S_ISDIR(st.st_mode))
			continue;
		memcpy(kept[count].name, entry->d_name, n);
		kept[count].at = st.st_mtim;
		kept[count].bytes = (uint64_t)st.st_size;
		*sum += kept[count].bytes;
		count++;
	}
	return count;
}

/* Oldest first, till the rest is small enough. */
static size_t unlink_oldest(DIR *dir, struct kept *kept, size_t count, uint64_t sum, uint64_t bytes)
{
	size_t gone = 0;

	qsort(kept, count, sizeof *kept, by_age);
	while (gone < count && (sum > bytes / 4 * 3 || count - gone > CACHE_FILES_MAX / 4 * 3)) {
		unlinkat(dirfd(dir), kept[gone].name, 0);
		sum -= kept[gone].bytes;
		gone++;
	}
	return gone;
}

size_t cache_trim(struct cache *c, uint64_t bytes)
{
	struct kept *kept = calloc(CACHE_FILES_MAX, sizeof *kept);
	DIR *dir = opendir(c->dir);
	size_t gone = 0;

	if (kept != NULL && dir != NULL) {
		uint64_t sum = 0;
		size_t count = list(dir, kept, &sum);

		if (sum > bytes || count == CACHE_FILES_MAX)
			gone = unlink_oldest(dir, kept, count, sum, bytes);
	}
	if (dir != NULL)
		closedir(dir);
	free(kept);
	return gone;
}
