/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_PHOTOS_H
#define HUFU_ISSUE_PHOTOS_H

#include "base/buf.h"
#include "record/member.h"

/*
 * The photos of one run: found below the records' folder, judged, and kept in HOME/photos under their SHA-256, so that
 * making and resuming need the feed no more.  A kept photo is one that was judged; it is not looked for again.  What is
 * kept is the file as it came, for only so its name proves it; what of it reaches a document is image.h's.
 */
struct photos;

struct photos_order {
	const char *home; /* NULL: none is kept anywhere */
	const char *
		dir; /* photo paths are relative to it instead of the records' folder; NULL: to that */
	bool keep; /* into the home */
};

/* *order is lent till photos_close. */
bool photos_open(const struct photos_order *order, struct photos **out, struct err *e) MUST_CHECK;
void photos_close(struct photos *p); /* accepts NULL */

/*
 * Judge the photo of a record of `folder` ("" for standard input), and keep it.  A refusal is ERR_INPUT at /photo/path or
 * /photo/sha256: PHOTO-MISSING, PHOTO-PATH, PHOTO-HASH, and those of image_check.
 */
bool photos_admit(struct photos *p, const struct member_photo *photo, struct str folder,
		  struct err *e) MUST_CHECK;

/* What was kept since the last flush lasts from here on. */
bool photos_flush(struct photos *p, struct err *e) MUST_CHECK;

/* The bytes of a photo, judged as by photos_admit, appended to *out, which must allow IMAGE_FILE_MAX. */
bool photos_load(const struct member_photo *photo, struct str folder, struct buf *out,
		 struct err *e) MUST_CHECK;

/* The bytes of a kept photo by the value of the fact photo_sha256; one that is gone or damaged is ERR_SYSTEM. */
bool photos_kept(const char *home, struct str sha256_hex, struct buf *out,
		 struct err *e) MUST_CHECK;

#endif
