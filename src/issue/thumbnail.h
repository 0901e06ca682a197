/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_THUMBNAIL_H
#define HUFU_ISSUE_THUMBNAIL_H

#include "base/buf.h"

/*
 * The first page of a PDF as a PNG, by the program pdftoppm of poppler-utils: a process of its own, found on the PATH,
 * without our environment and files, ended after a time limit.
 */
enum thumbnail {
	THUMBNAIL_DRAWN,
	THUMBNAIL_ABSENT, /* there is no such program */
	THUMBNAIL_FAILED, /* it ended otherwise than well, took too long or wrote more than fits */
};

enum { THUMBNAIL_DPI_MIN = 10, THUMBNAIL_DPI_MAX = 600 };

/*
 * Append the picture of the PDF that `fd` is open on, from its beginning, to *png (empty).  *how tells; only
 * THUMBNAIL_DRAWN leaves anything in *png.  False (ERR_SYSTEM) when no process could be made at all.
 */
bool thumbnail_of(int fd, int dpi, struct buf *png, enum thumbnail *how, struct err *e) MUST_CHECK;

/* As thumbnail_of, of bytes in memory. */
bool thumbnail_of_bytes(struct str pdf, int dpi, struct buf *png, enum thumbnail *how,
			struct err *e) MUST_CHECK;

#endif
