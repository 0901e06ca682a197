/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_OBJECTS_H
#define HUFU_PAPER_OBJECTS_H

#include <hpdf.h>

#include "base/arena.h"
#include "base/buf.h"

/*
 * The indirect objects of one document, written by libharu from text and bytes of ours: its dictionaries print what
 * their write_fn gives, and behind them what their after_write_fn does.  Private to paper/.
 *
 * Nothing here fails visibly: the first failure sticks in `failed` and `err`, and every call still returns something
 * to write to.
 */
struct object {
	struct str text; /* what stands between << and >> */
	struct str data; /* bytes of a stream, lent until the document is written */
	bool stream;
	HPDF_Stream to;  /* the file, while it is written */
	size_t at;       /* where in the file `text` begins, once written */
	unsigned number; /* object number; generation 0 */
};

struct objects {
	HPDF_Doc doc;
	struct arena *arena; /* holds texts and objects; reset by the owner with the document */
	struct buf scratch;  /* for composing one text */
	bool failed;
	struct err err;
	struct object spare; /* handed out after a failure */
};

/* A dictionary; its number is good at once, its text may come later. */
struct object *objects_dict(struct objects *o);

/* A page of the document: a dictionary that stands in the page tree, which adds its /Parent. */
struct object *objects_page(struct objects *o);

/* A stream over `data`, which must stay till the document is written; /Length comes by itself. */
struct object *objects_stream(struct objects *o, struct str data);

/* Compose a text: begin, append to the buffer, end with the object that gets it. */
struct buf *objects_begin(struct objects *o);
void objects_end(struct objects *o, struct object *to);

/* A copy that lives as long as the document. */
struct str objects_keep(struct objects *o, struct str bytes);

/* libharu's dictionaries of its own (catalog, info) print `text` too. */
void objects_hook(struct objects *o, HPDF_Dict dict, struct str text);

/* Note a failure: the first one counts. */
void objects_fail(struct objects *o, const struct err *e);

#endif
