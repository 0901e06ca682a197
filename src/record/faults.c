/* SPDX-License-Identifier: Apache-2.0 */
#include "record/faults.h"

bool faults_add(struct arena *a, struct faults *f, const struct err *fault, struct err *e)
{
	struct fault *added;

	if (f->count++ >= FAULTS_MAX)
		return true;
	added = arena_alloc(a, sizeof *added, e);
	if (added == NULL)
		return false;
	added->err = *fault;
	if (f->last != NULL)
		f->last->next = added;
	else
		f->first = added;
	f->last = added;
	return true;
}

bool remarks_add(struct arena *a, struct remarks *n, const struct remark *note, struct err *e)
{
	struct remark *added = arena_alloc(a, sizeof *added, e);

	if (added == NULL)
		return false;
	*added = *note;
	added->next = NULL;
	if (n->last != NULL)
		n->last->next = added;
	else
		n->first = added;
	n->last = added;
	n->count++;
	return true;
}
