/* SPDX-License-Identifier: Apache-2.0 */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/hash.h"
#include "base/io.h"
#include "json/canon.h"

enum { LINE_MAX_BYTES = 16 * 1024, FIELDS_MAX = 16, JOURNAL_MAX = 1024 * 1024 * 1024 };

/* A first line follows nothing: its prev is 64 zeros. */
static const char FIRST[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct journal {
	int fd;
	char prev[65];
};

static void hash_hex(struct str line, char out[65])
{
	unsigned char hash[SHA256_SIZE];
	struct buf hex = buf_empty(64);

	sha256_of(line, hash);
	enc_hex(&hex, hash, sizeof hash);
	memcpy(out, hex.failed ? FIRST : hex.p, 64);
	out[64] = '\0';
	buf_free(&hex);
}

/* The last whole line of the file, and where it ends; everything behind is a torn write. */
static bool tail_find(int fd, struct journal *j, off_t *end, struct err *e)
{
	char block[2 * LINE_MAX_BYTES];
	off_t size = lseek(fd, 0, SEEK_END), from;
	ssize_t n;
	struct str tail;
	size_t last;

	if (size < 0)
		return err_errno(e, "cannot read the journal");
	from = size > (off_t)sizeof block ? size - (off_t)sizeof block : 0;
	n = pread(fd, block, sizeof block, from);
	if (n < 0)
		return err_errno(e, "cannot read the journal");
	tail = str_bytes(block, (size_t)n);
	while (tail.n > 0 && tail.p[tail.n - 1] != '\n')
		tail.n--;
	*end = from + (off_t)tail.n;
	if (tail.n == 0) {
		memcpy(j->prev, FIRST, sizeof FIRST);
		return from == 0 || err_system(e, "the journal's last line is longer than %d bytes",
					       LINE_MAX_BYTES);
	}
	last = tail.n - 1;
	while (last > 0 && tail.p[last - 1] != '\n')
		last--;
	hash_hex((struct str){ tail.p + last, tail.n - 1 - last }, j->prev);
	return true;
}

bool journal_open(const char *path, struct journal **out, struct err *e)
{
	struct journal *j = calloc(1, sizeof *j);
	off_t end = 0;

	if (j == NULL)
		return err_memory(e, "the journal");
	j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->fd < 0) {
		err_errno(e, "cannot open '%s'", path);
		free(j);
		return false;
	}
	if (!tail_find(j->fd, j, &end, e)) {
		journal_close(j);
		return false;
	}
	if (ftruncate(j->fd, end) != 0) {
		err_errno(e, "cannot cut the journal's torn last line");
		journal_close(j);
		return false;
	}
	*out = j;
	return true;
}

void journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	close(j->fd);
	free(j);
}

void journal_head(const struct journal *j, unsigned char out[32])
{
	if (!enc_unhex(str_of(j->prev), out, SHA256_SIZE))
		abort(); /* prev is made by hash_hex */
}

static int by_key(const void *x, const void *y)
{
	const struct journal_field *a = x, *b = y;

	return canon_order(str_of(a->key), str_of(b->key));
}

static void line_build(struct buf *line, struct journal_field *fields, size_t count)
{
	qsort(fields, count, sizeof *fields, by_key);
	buf_byte(line, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(line, ',');
		canon_string(line, str_of(fields[i].key));
		buf_byte(line, ':');
		if (fields[i].text.p != NULL)
			canon_string(line, fields[i].text);
		else
			buf_printf(line, "%lld", (long long)fields[i].number);
	}
	buf_byte(line, '}');
}

bool journal_add(struct journal *j, int64_t at_unix, const char *event,
		 const struct journal_field *fields, size_t count, struct err *e)
{
	struct journal_field all[FIELDS_MAX + 3];
	struct buf line = buf_empty(LINE_MAX_BYTES);
	char at[21];
	bool ok = false;

	if (count > FIELDS_MAX)
		return err_system(e, "a journal line has at most %d fields", FIELDS_MAX);
	instant_text(at_unix, at);
	if (count > 0)
		memcpy(all, fields, count * sizeof *fields);
	all[count] = (struct journal_field){ "at", str_of(at), 0 };
	all[count + 1] = (struct journal_field){ "event", str_of(event), 0 };
	all[count + 2] = (struct journal_field){ "prev", str_of(j->prev), 0 };
	line_build(&line, all, count + 3);
	if (!buf_ok(&line, "a journal line", e))
		goto out;
	hash_hex(buf_view(&line), j->prev);
	buf_byte(&line, '\n');
	if (!buf_ok(&line, "a journal line", e))
		goto out;
	/* One write: after a crash the line is there, or a torn tail that journal_open cuts off. */
	if (write(j->fd, line.p, line.n) != (ssize_t)line.n || fdatasync(j->fd) != 0) {
		err_errno(e, "cannot write the journal");
		goto out;
	}
	ok = true;
out:
	buf_free(&line);
	return ok;
}

bool journal_check(struct str bytes, size_t *lines, struct err *e)
{
	char prev[65], want[80];
	struct str line;

	*lines = 0;
	memcpy(prev, FIRST, sizeof FIRST);
	while (bytes.n > 0 && str_split(&bytes, '\n', &line)) {
		++*lines;
		if (snprintf(want, sizeof want, "\"prev\":\"%s\"", prev) < 0 ||
		    str_find(line, str_of(want), 0) == SIZE_MAX)
			return err_input(e, "JOURNAL-BROKEN",
					 "journal line %zu does not follow the line before it",
					 *lines);
		hash_hex(line, prev);
	}
	return true;
}
