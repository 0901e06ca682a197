/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "check.h"
#include "paper/image.h"

enum { MANY = 300 }; /* more than two groups */

/* A home and a feed's folder in a folder of the test's own. */
struct place {
	char dir[64], home[80], feed[80];
	struct arena *arena;
	struct err e;
};

static bool place_open(struct place *p)
{
	*p = (struct place){ .dir = "/tmp/hufu-photos-XXXXXX", .arena = arena_new(1 << 24) };
	if (!CHECK(mkdtemp(p->dir) != NULL && p->arena != NULL))
		return false;
	snprintf(p->home, sizeof p->home, "%s/home", p->dir);
	snprintf(p->feed, sizeof p->feed, "%s/feed", p->dir);
	return OK(io_mkdir(p->home, 0700, &p->e) && io_mkdir(p->feed, 0700, &p->e), p->e);
}

static void folder_drop(struct place *p, const char *name)
{
	const char *path;
	struct str *names;
	size_t count;

	if (!io_path(p->arena, p->dir, name, &path, &p->e) || !io_is_dir(path) ||
	    !io_list(p->arena, path, "", 1000, &names, &count, &p->e))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *file;

		if (io_path(p->arena, path, names[i].p, &file, &p->e))
			unlink(file);
	}
	rmdir(path);
}

static void place_close(struct place *p)
{
	folder_drop(p, "home/photos");
	folder_drop(p, "home");
	folder_drop(p, "feed");
	rmdir(p->dir);
	arena_free(p->arena);
}

/* A photo of the feed: that of the tests with `serial` behind its end, so that each has a hash of its own. */
static struct member_photo photo_put(struct place *p, int serial)
{
	struct buf bytes = buf_empty(1 << 16), hex = buf_empty(2 * SHA256_SIZE);
	struct member_photo photo = { .path = STR("") };
	struct str name;

	OK(io_read("tests/paper/data/gray.jpg", &bytes, &p->e), p->e);
	buf_printf(&bytes, "%d", serial);
	OK(arena_printf(p->arena, &name, &p->e, "%d.jpg", serial), p->e);
	OK(io_stage(p->feed, name.p, buf_view(&bytes), 0600, &p->e) &&
		   io_unstage(p->feed, name.p, &p->e),
	   p->e);
	photo.path = name;
	sha256_of(buf_view(&bytes), photo.sha256);
	enc_hex(&hex, photo.sha256, SHA256_SIZE);
	OK(arena_str(p->arena, buf_view(&hex), &photo.sha256_hex, &p->e), p->e);
	buf_free(&bytes);
	buf_free(&hex);
	return photo;
}

TEST(photos_of_many_records_are_kept_once_each)
{
	struct photos_order order = { .keep = true };
	struct photos *photos = NULL;
	struct buf bytes = buf_empty(IMAGE_FILE_MAX);
	struct member_photo last = { .path = STR("") };
	const char *kept;
	struct str *names;
	struct place p;
	size_t count;

	if (!place_open(&p))
		return;
	order.home = p.home;
	if (OK(photos_open(&order, &photos, &p.e), p.e)) {
		for (int i = 0; i < MANY; i++) {
			last = photo_put(&p, i);
			for (int twice = 0; twice < 2; twice++)
				OK(photos_admit(photos, &last, str_of(p.feed), &p.e), p.e);
		}
		OK(photos_flush(photos, &p.e) && photos_flush(photos, &p.e), p.e);
		photos_close(photos);
		OK(photos_kept(p.home, last.sha256_hex, &bytes, &p.e), p.e);
		if (OK(io_path(p.arena, p.home, "photos", &kept, &p.e) &&
			       io_list(p.arena, kept, "", 1000, &names, &count, &p.e),
		       p.e))
			EQ_INT(count, MANY);
	}
	buf_free(&bytes);
	place_close(&p);
}

TEST(what_is_not_kept_is_looked_for_again)
{
	struct photos_order order = { .keep = false };
	struct photos *photos = NULL;
	struct member_photo photo;
	struct place p;

	if (!place_open(&p))
		return;
	order.dir = p.feed;
	photo = photo_put(&p, 1);
	if (OK(photos_open(&order, &photos, &p.e), p.e)) {
		OK(photos_admit(photos, &photo, STR("elsewhere"), &p.e), p.e);
		folder_drop(&p, "feed");
		OK(io_mkdir(p.feed, 0700, &p.e), p.e);
		CHECK(!photos_admit(photos, &photo, STR("elsewhere"), &p.e));
		EQ_C(p.e.code, "PHOTO-MISSING");
		photos_close(photos);
	}
	place_close(&p);
}

TEST(every_allocation_for_a_kept_photo_may_fail)
{
	struct photos_order order = { .keep = true };
	struct photos *photos;
	struct member_photo photo;
	size_t seen = SIZE_MAX;
	struct place p;

	if (!place_open(&p))
		return;
	order.home = p.home;
	photo = photo_put(&p, 1);
	for (size_t n = 1; n <= seen; n++) {
		bool ok;

		photos = NULL;
		folder_drop(&p, "home/photos");
		check_fail_alloc(n);
		ok = photos_open(&order, &photos, &p.e) &&
		     photos_admit(photos, &photo, str_of(p.feed), &p.e) &&
		     photos_flush(photos, &p.e);
		if (check_alloc_count() < n)
			seen = 0;
		check_fail_alloc(SIZE_MAX);
		photos_close(photos);
		CHECK(ok == (seen == 0));
		CHECK(ok || p.e.kind == ERR_SYSTEM);
	}
	place_close(&p);
}
