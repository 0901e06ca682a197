/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/tree.h"

#include "paper/num.h"

void tree_clear(struct tree *t)
{
	t->node_count = t->kid_count = t->depth = 0;
	t->open = -1;
}

static bool kid_add(struct tree *t, int parent, struct tree_kid kid)
{
	struct tree_node *up = &t->nodes[parent];
	int at = t->kid_count;

	if (at == TREE_KIDS_MAX)
		return false;
	kid.parent = parent;
	kid.next = -1;
	t->kids[at] = kid;
	t->kid_count++;
	if (up->last < 0)
		up->first = at;
	else
		t->kids[up->last].next = at;
	up->last = at;
	return true;
}

bool tree_open(struct tree *t, const struct tree_node *n)
{
	int at = t->node_count;

	if (at == TREE_NODES_MAX || t->depth == TREE_DEPTH_MAX || (t->open < 0 && at > 0))
		return false;
	if (t->open >= 0 && !kid_add(t, t->open, (struct tree_kid){ .node = at, .mcid = -1 }))
		return false;
	t->nodes[at] = *n;
	t->nodes[at].parent = t->open;
	t->nodes[at].first = t->nodes[at].last = t->nodes[at].page = -1;
	t->nodes[at].object = NULL;
	t->node_count++;
	t->depth++;
	t->open = at;
	return true;
}

bool tree_close(struct tree *t)
{
	if (t->open < 0)
		return false;
	t->open = t->nodes[t->open].parent;
	t->depth--;
	return true;
}

bool tree_mark(struct tree *t, int page, int mcid)
{
	if (t->open < 0)
		return false;
	if (t->nodes[t->open].page < 0)
		t->nodes[t->open].page = page;
	return kid_add(t, t->open, (struct tree_kid){ .node = -1, .mcid = mcid, .page = page });
}

bool tree_widget(struct tree *t, int page, struct object *widget)
{
	if (t->open < 0)
		return false;
	if (t->nodes[t->open].page < 0)
		t->nodes[t->open].page = page;
	return kid_add(t, t->open,
		       (struct tree_kid){ .node = -1, .mcid = -1, .page = page, .widget = widget });
}

const char *tree_tag(enum paper_role role)
{
	switch (role) {
	case PAPER_ARTIFACT:
		return "Artifact";
	case PAPER_DOCUMENT:
		return "Document";
	case PAPER_SECTION:
		return "Sect";
	case PAPER_H1:
		return "H1";
	case PAPER_P:
		return "P";
	case PAPER_TABLE:
		return "Table";
	case PAPER_ROW:
		return "TR";
	case PAPER_ROW_HEADER:
	case PAPER_COLUMN_HEADER:
		return "TH";
	case PAPER_CELL:
		return "TD";
	case PAPER_FIGURE:
		return "Figure";
	case PAPER_FORM:
		return "Form";
	case PAPER_LIST:
		return "L";
	case PAPER_ITEM:
		return "LI";
	case PAPER_LABEL:
		return "Lbl";
	case PAPER_BODY:
		return "LBody";
	}
	return "NonStruct";
}

static void reference(struct buf *b, const struct object *to)
{
	buf_uint(b, to->number);
	buf_c(b, " 0 R");
}

/* One kid of a node: a reference, a bare MCID, or an MCR when it stands on another page than the node's /Pg. */
static void kid_write(struct buf *b, const struct tree *t, const struct tree_kid *kid,
		      struct object *const *pages)
{
	if (kid->node >= 0) {
		reference(b, t->nodes[kid->node].object);
	} else if (kid->widget != NULL) {
		buf_c(b, "<</Type /OBJR /Pg ");
		reference(b, pages[kid->page]);
		buf_c(b, " /Obj ");
		reference(b, kid->widget);
		buf_c(b, ">>");
	} else if (kid->page == t->nodes[kid->parent].page) {
		num_int(b, kid->mcid);
	} else {
		buf_c(b, "<</Type /MCR /Pg ");
		reference(b, pages[kid->page]);
		buf_c(b, " /MCID ");
		num_int(b, kid->mcid);
		buf_c(b, ">>");
	}
}

/* The attribute object a role needs (ISO 32000-1 §14.8.5). */
static void attributes(struct buf *b, const struct tree_node *n)
{
	switch (n->role) {
	case PAPER_ROW_HEADER:
		buf_c(b, "/A <</O /Table /Scope /Row>>\n");
		break;
	case PAPER_COLUMN_HEADER:
		buf_c(b, "/A <</O /Table /Scope /Column>>\n");
		break;
	case PAPER_FIGURE:
	case PAPER_FORM:
		if (!n->has_box)
			break;
		buf_c(b, "/A <</O /Layout /Placement /Block /BBox [");
		for (int i = 0; i < 4; i++) {
			num_put(b, n->box[i]);
			buf_byte(b, i < 3 ? ' ' : ']');
		}
		buf_c(b, ">>\n");
		break;
	case PAPER_LIST:
		if (n->numbering == NULL)
			break;
		buf_c(b, "/A <</O /List /ListNumbering /");
		buf_c(b, n->numbering);
		buf_c(b, ">>\n");
		break;
	case PAPER_ARTIFACT:
	case PAPER_DOCUMENT:
	case PAPER_SECTION:
	case PAPER_H1:
	case PAPER_P:
	case PAPER_TABLE:
	case PAPER_ROW:
	case PAPER_CELL:
	case PAPER_ITEM:
	case PAPER_LABEL:
	case PAPER_BODY:
		break;
	}
}

static void node_write(const struct tree *t, struct objects *o, const struct tree_node *n,
		       const struct object *parent, struct object *const *pages)
{
	struct buf *b = objects_begin(o);
	bool alone;

	buf_c(b, "/S /"); /* /Type may be left out: ISO 32000-1 table 323 */
	buf_c(b, tree_tag(n->role));
	buf_c(b, "\n/P ");
	reference(b, parent);
	if (n->page >= 0) {
		buf_c(b, "\n/Pg ");
		reference(b, pages[n->page]);
	}
	if (n->lang.n > 0) {
		buf_c(b, "\n/Lang ");
		num_text(b, n->lang);
	}
	if (n->alt.n > 0) {
		buf_c(b, "\n/Alt ");
		num_text(b, n->alt);
	}
	if (n->actual.n > 0) {
		buf_c(b, "\n/ActualText ");
		num_text(b, n->actual);
	}
	buf_byte(b, '\n');
	attributes(b, n);
	/*
	 * A field's only kid stands without an array: one that compares revisions of a sealed file finds it there
	 * (table 323 allows both).
	 */
	alone = n->first >= 0 && n->first == n->last && t->kids[n->first].widget != NULL;
	buf_c(b, alone ? "/K " : "/K [");
	for (int k = n->first; k >= 0; k = t->kids[k].next) {
		if (k != n->first)
			buf_byte(b, ' ');
		kid_write(b, t, &t->kids[k], pages);
	}
	buf_c(b, alone ? "\n" : "]\n");
	objects_end(o, n->object);
}

/* MCIDs count up in the order they were marked, so a page's entries come out in order; so do annotations. */
static struct object *parent_tree(const struct tree *t, struct objects *o, int page_count,
				  int *next_key)
{
	struct object *out = objects_dict(o);
	struct buf *b = objects_begin(o);

	buf_c(b, "/Nums [");
	for (int page = 0; page < page_count; page++) {
		num_int(b, page);
		buf_c(b, " [");
		for (int k = 0; k < t->kid_count; k++) {
			if (t->kids[k].node >= 0 || t->kids[k].widget != NULL ||
			    t->kids[k].page != page)
				continue;
			reference(b, t->nodes[t->kids[k].parent].object);
			buf_byte(b, ' ');
		}
		buf_c(b, "]\n");
	}
	*next_key = page_count;
	for (int k = 0; k < t->kid_count; k++) {
		if (t->kids[k].widget == NULL)
			continue;
		num_int(b, (*next_key)++);
		buf_byte(b, ' ');
		reference(b, t->nodes[t->kids[k].parent].object);
		buf_byte(b, '\n');
	}
	buf_c(b, "]\n");
	objects_end(o, out);
	return out;
}

struct object *tree_write(struct tree *t, struct objects *o, struct object *const *pages,
			  int page_count)
{
	struct object *root = objects_dict(o);
	const struct object *parents;
	struct buf *b;
	int next_key;

	for (int i = 0; i < t->node_count; i++)
		t->nodes[i].object = objects_dict(o);
	for (int i = 0; i < t->node_count; i++) {
		const struct tree_node *n = &t->nodes[i];

		node_write(t, o, n, n->parent < 0 ? root : t->nodes[n->parent].object, pages);
	}
	parents = parent_tree(t, o, page_count, &next_key);
	b = objects_begin(o);
	buf_c(b, "/Type /StructTreeRoot\n/K [");
	if (t->node_count > 0)
		reference(b, t->nodes[0].object);
	buf_c(b, "]\n/ParentTree ");
	reference(b, parents);
	buf_c(b, "\n/ParentTreeNextKey ");
	num_int(b, next_key);
	buf_byte(b, '\n');
	objects_end(o, root);
	return root;
}
