/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_PROOF_SHELF_H
#define HUFU_TESTS_PROOF_SHELF_H

#include <stdlib.h>
#include <string.h>

#include "proof/tile.h"

/* A site in memory, and a sink that fills it. */
enum { SHELF_SLOTS = 8192 };

struct shelf_file {
	char path[TILE_PATH];
	unsigned char *bytes;
	size_t n;
	unsigned puts;
};

struct shelf {
	struct shelf_file *files; /* SHELF_SLOTS, open addressing */
	size_t count;
	unsigned loads;
	size_t fail_load, fail_put; /* countdown to a failure; 0: never */
};

static UNUSED struct shelf_file *shelf_slot(struct shelf *s, const char *path)
{
	uint32_t h = 2166136261u;
	size_t at;

	for (const char *c = path; *c != '\0'; c++)
		h = (h ^ (unsigned char)*c) * 16777619u;
	for (at = h % SHELF_SLOTS; s->files[at].path[0] != '\0'; at = (at + 1) % SHELF_SLOTS)
		if (strcmp(s->files[at].path, path) == 0)
			break;
	return &s->files[at];
}

static UNUSED bool shelf_load(void *self, const char *path, size_t cap, struct buf *out,
			      bool *absent, struct err *e)
{
	struct shelf *s = self;
	struct shelf_file *f = shelf_slot(s, path);

	s->loads++;
	if (s->fail_load > 0 && --s->fail_load == 0)
		return err_system(e, "the net is down");
	*absent = f->bytes == NULL;
	if (*absent)
		return true;
	if (f->n > cap)
		return err_system(e, "too long");
	buf_put(out, f->bytes, f->n);
	return buf_ok(out, "a file", e);
}

static UNUSED void shelf_set(struct shelf *s, const char *path, const void *bytes, size_t n)
{
	struct shelf_file *f = shelf_slot(s, path);

	if (f->path[0] == '\0')
		s->count++;
	(void)snprintf(f->path, sizeof f->path, "%s", path);
	free(f->bytes);
	f->bytes = malloc(n + 1);
	if (f->bytes == NULL)
		abort();
	memcpy(f->bytes, bytes, n);
	f->n = n;
}

/* The name stays, so that the slots behind it are found. */
static UNUSED void shelf_remove(struct shelf *s, const char *path)
{
	struct shelf_file *f = shelf_slot(s, path);

	free(f->bytes);
	f->bytes = NULL;
}

static UNUSED bool shelf_put(void *self, const char *path, struct str bytes, struct err *e)
{
	struct shelf *s = self;

	if (s->fail_put > 0 && --s->fail_put == 0)
		return err_system(e, "the disk is full");
	shelf_set(s, path, bytes.p, bytes.n);
	shelf_slot(s, path)->puts++;
	return true;
}

static UNUSED struct shelf shelf_new(void)
{
	struct shelf s = { .files = calloc(SHELF_SLOTS, sizeof *s.files) };

	if (s.files == NULL)
		abort();
	return s;
}

static UNUSED void shelf_free(struct shelf *s)
{
	for (size_t i = 0; i < SHELF_SLOTS; i++)
		free(s->files[i].bytes);
	free(s->files);
}

static UNUSED struct site shelf_site(struct shelf *s)
{
	return (struct site){ .self = s, .load = shelf_load };
}

static UNUSED struct tile_sink shelf_sink(struct shelf *s)
{
	return (struct tile_sink){ .self = s, .put = shelf_put };
}

/* Same names, same bytes, each put once. */
static UNUSED bool shelf_same(struct shelf *a, struct shelf *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < SHELF_SLOTS; i++) {
		const struct shelf_file *f = &a->files[i], *g;

		if (f->path[0] == '\0')
			continue;
		g = shelf_slot(b, f->path);
		if (g->path[0] == '\0' || f->n != g->n || memcmp(f->bytes, g->bytes, f->n) != 0 ||
		    f->puts != 1 || g->puts != 1)
			return false;
	}
	return true;
}

#endif
