/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PAPER_TREE_H
#define HUFU_PAPER_TREE_H

#include "paper/objects.h"
#include "paper/paper.h"

/*
 * The structure tree of one document (ISO 32000-1 §14.7, §14.8): elements in reading order, which is the order of their
 * opening, and the marked sequences that belong to them.  Private to paper/.
 */
enum { TREE_NODES_MAX = 2048, TREE_KIDS_MAX = 4096, TREE_DEPTH_MAX = 16 };

struct tree_node {
	enum paper_role role;
	struct str lang, alt, actual; /* kept by the tree's owner till the end of the document */
	double box[4];                /* points: left, bottom, right, top */
	bool has_box;
	const char *numbering; /* of a list; NULL: none */
	int parent;            /* -1 for the root */
	int page;              /* where its first content stands; -1: none yet */
	int first, last;
	struct object *object;
};

/* What stands under a node: another node, the marked sequence `mcid` of `page`, or an annotation. */
struct tree_kid {
	int parent, node, mcid, page, next;
	struct object *widget; /* an annotation instead; NULL: none */
};

struct tree {
	struct tree_node nodes[TREE_NODES_MAX];
	struct tree_kid kids[TREE_KIDS_MAX];
	int node_count, kid_count;
	int open; /* the innermost open node, -1 before the root */
	int depth;
};

void tree_clear(struct tree *t);

/* Open an element under the open one; *n is filled except parent and kids.  False when there are too many. */
bool tree_open(struct tree *t, const struct tree_node *n);
bool tree_close(struct tree *t); /* false when none is open */

/* The open element gets the marked sequence. */
bool tree_mark(struct tree *t, int page, int mcid);

/* The open element gets the annotation, which has the next key of the parent tree behind those of the pages. */
bool tree_widget(struct tree *t, int page, struct object *widget);

/* Tag of a role as the content stream writes it: "P". */
const char *tree_tag(enum paper_role role);

/*
 * Write elements, parent tree and root; `pages` are the page objects.  Returns the StructTreeRoot.
 */
struct object *tree_write(struct tree *t, struct objects *o, struct object *const *pages,
			  int page_count);

#endif
