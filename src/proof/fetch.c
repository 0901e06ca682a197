/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/fetch.h"

enum { FILE_MAX = 4 << 20 };

void fetch_open(struct fetch *f, const struct site *site)
{
	*f = (struct fetch){ .site = site, .file = buf_empty(FILE_MAX) };
}

void fetch_close(struct fetch *f)
{
	buf_free(&f->file);
}

void fetch_fault(struct fetch *f, const char *path, const struct err *why)
{
	f->trouble = *why;
	err_in(&f->trouble, "%s", path);
	f->troubled = true;
}

void fetch_absent(struct fetch *f, const char *path)
{
	struct err why;

	err_input(&why, "SITE-ABSENT", "the site has no such file");
	fetch_fault(f, path, &why);
}

enum fetched fetch_file(struct fetch *f, const char *path, size_t cap, struct str *bytes)
{
	struct err why = { 0 };
	bool absent = false;

	buf_clear(&f->file);
	if (f->site == NULL)
		return FETCHED_TROUBLE;
	if (!f->site->load(f->site->self, path, cap, &f->file, &absent, &why)) {
		fetch_fault(f, path, &why);
		return FETCHED_TROUBLE;
	}
	if (absent)
		return FETCHED_ABSENT;
	if (f->file.failed || f->file.n > cap) {
		err_system(&why, "longer than %zu bytes", cap);
		fetch_fault(f, path, &why);
		return FETCHED_TROUBLE;
	}
	*bytes = buf_view(&f->file);
	return FETCHED;
}
