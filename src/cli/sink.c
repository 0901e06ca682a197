/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

static bool temporary_open(struct cli *cli, struct sink *s, struct err *e)
{
	const char *slash = strrchr(s->path, '/');
	size_t dir = slash != NULL ? (size_t)(slash - s->path) : 0;
	struct str folder, name;
	char *template;
	int fd;

	if (!arena_printf(cli->arena, &folder, e, "%.*s", (int)dir, s->path) ||
	    !arena_printf(cli->arena, &name, e, "%.*s.tmp-XXXXXX",
			  (int)(slash != NULL ? dir + 1 : 0), s->path))
		return false;
	template = arena_alloc(cli->arena, name.n + 1, e);
	if (template == NULL)
		return false;
	memcpy(template, name.p, name.n + 1);
	fd = mkstemp(template);
	if (fd < 0)
		return err_errno(e, "cannot write beside '%s'", s->path);
	s->folder = slash == NULL ? "." : dir == 0 ? "/" : folder.p;
	s->temporary = template;
	s->file = fdopen(fd, "w");
	if (s->file != NULL)
		return true;
	err_errno(e, "cannot write '%s'", template);
	close(fd);
	unlink(template);
	return false;
}

bool sink_open(struct cli *cli, const char *path, struct sink *out, struct err *e)
{
	struct sink s = { .path = path };
	struct stat there;

	if (strcmp(path, "-") == 0) {
		s.lent = true;
		s.file = cli->out;
	} else if (stat(path, &there) == 0 && S_ISDIR(there.st_mode)) {
		return err_system(e, "cannot write '%s': it is a folder", path);
	} else if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		s.file = fopen(path, "w"); /* renaming over a device would replace it */
		if (s.file == NULL)
			return err_errno(e, "cannot write '%s'", path);
	} else if (!temporary_open(cli, &s, e)) {
		return false;
	}
	*out = s;
	return true;
}

bool sink_commit(struct sink *s, struct err *e)
{
	bool ok = fflush(s->file) == 0 && !ferror(s->file);

	if (ok && s->temporary != NULL)
		ok = fsync(fileno(s->file)) == 0;
	if (!ok)
		err_errno(e, "cannot write '%s'", s->path);
	if (ok && s->temporary != NULL && rename(s->temporary, s->path) != 0)
		ok = err_errno(e, "cannot write '%s'", s->path);
	if (ok && s->temporary != NULL) {
		const char *folder = s->folder;

		s->temporary = NULL;
		ok = io_sync_dir(folder, e);
	}
	sink_discard(s);
	return ok;
}

void sink_discard(struct sink *s)
{
	if (s->file != NULL && !s->lent)
		fclose(s->file);
	if (s->temporary != NULL)
		unlink(s->temporary);
	*s = (struct sink){ 0 };
}
