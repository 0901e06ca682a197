/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/make.h"

#include <stdlib.h>

#include "base/io.h"
#include "base/pool.h"
#include "issue/document.h"
#include "issue/photos.h"
#include "paper/image.h"
#include "proof/lookup.h"
#include "store/letter.h"

enum {
	GROUP = 128, /* documents made durable by one syncfs */
	JOB_ARENA = 4 * 1024 * 1024,
	PDF_MAX = 64 * 1024 * 1024
};

/* One document on its way through the pool. */
struct job {
	struct arena *arena;
	struct store_document row;
	struct facts facts;
	const struct form *form;
	unsigned char salt[SALT_SIZE];
	bool granted; /* a letter: `grant` is what officers said */
	struct officer_proof grant;
	struct buf pdf;
	struct document_proof proof;
	bool failed;
	struct err failure;
};

/* A finished document waiting for its group. */
struct finished {
	unsigned char docid[DOCID_SIZE];
	struct document_proof proof;
	bool failed;
	struct err failure;
};

struct maker {
	const struct make_order *order;
	struct store *store;
	const char *documents;
	struct form_desk *desks[POOL_WORKERS_MAX];
	struct sealing_hand *hands[POOL_WORKERS_MAX]; /* NULL: the home does not seal */
	struct buf kept[POOL_WORKERS_MAX]; /* a file that was sealed before an interruption */
	int jobs;
	bool over;                           /* no document is left */
	size_t left;                         /* documents of this block */
	struct buf photos[POOL_WORKERS_MAX]; /* the one each worker is drawing */
	int64_t sequence;                    /* of the latest document fed */
	struct finished group[GROUP];
	size_t waiting, done;
};

static bool job_begin(struct job *job, struct err *e)
{
	if (job->arena == NULL) {
		job->arena = arena_new(JOB_ARENA);
		job->pdf = buf_empty(PDF_MAX);
	}
	if (job->arena == NULL)
		return err_memory(e, "a document");
	arena_reset(job->arena);
	buf_clear(&job->pdf);
	job->failed = false;
	return true;
}

/* What a letter is signed on the strength of; the salt that opens it is its member's. */
static bool grant_find(struct maker *m, struct job *job, struct err *e)
{
	struct store_grant g;

	job->granted = false;
	if (job->row.type != TYPE_LETTER && job->row.type != TYPE_STATEMENT)
		return true;
	if (!store_grant_lookup(m->store, job->arena, job->row.docid, &g, &job->granted, e))
		return false;
	if (!job->granted)
		return err_system(e, "the store has lost a letter's approval");
	job->grant.prepared.text = g.prepared.text;
	job->grant.approved.text = g.approved.text;
	memcpy(job->grant.prepared.signature, g.prepared.signature, ED25519_SIGNATURE);
	memcpy(job->grant.approved.signature, g.approved.signature, ED25519_SIGNATURE);
	memcpy(job->grant.salt, job->salt, SALT_SIZE);
	return true;
}

static bool document_feed(void *ctx, void *slot, bool *end, struct err *e)
{
	struct maker *m = ctx;
	struct job *job = slot;
	struct store_member member;
	bool found;

	*end = m->left == 0;
	if (*end)
		return true;
	m->left--;
	if (!job_begin(job, e) || !store_document_next(m->store, job->arena, m->order->batch->id,
						       m->sequence, &job->row, &found, e))
		return false;
	*end = m->over = !found;
	if (!found)
		return true;
	m->sequence = job->row.sequence;
	job->form = forms_lookup(m->order->forms, job->row.form, job->row.lang);
	if (job->form == NULL)
		return err_system(e, "the template '%.*s' (%.*s) is gone", STR_ARG(job->row.form),
				  STR_ARG(job->row.lang));
	if (!store_member_lookup(m->store, job->arena, job->row.member_id, &member, &found, e))
		return false;
	if (!found)
		return err_system(e, "the store has lost a planned document's member");
	memcpy(job->salt, member.salt, SALT_SIZE);
	return grant_find(m, job, e) && document_facts(job->arena, job->row.facts, &job->facts, e);
}

/* The kept photo that the facts name, when they name one. */
static bool photo_read(const struct maker *m, const struct facts *facts, struct buf *photo,
		       struct err *e)
{
	const struct str *hex = facts_lookup(facts, STR("photo_sha256"));

	buf_clear(photo);
	return hex == NULL || photos_kept(m->order->home->dir, *hex, photo, e);
}

/* What is there under its own name is whole and durable. */
static bool kept_read(struct maker *m, int worker, const struct job *job, struct str *out,
		      struct err *e)
{
	char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER], path[4096];

	*out = STR("");
	if (m->hands[worker] == NULL)
		return true;
	document_name(job->row.docid, name, folder);
	if (snprintf(path, sizeof path, "%s/%s/%s", m->documents, folder, name) >= (int)sizeof path)
		return err_system(e, "path '%s' is too long", m->documents);
	buf_clear(&m->kept[worker]);
	if (!io_exists(path))
		return true;
	if (!io_read(path, &m->kept[worker], e))
		return false;
	*out = buf_view(&m->kept[worker]);
	return true;
}

/* A refusal belongs to the document; a system failure stops the batch. */
static bool document_work(void *ctx, int worker, void *slot, struct err *e)
{
	struct maker *m = ctx;
	struct job *job = slot;
	struct document_order order = { .home = m->order->home,
					.form = job->form,
					.row = &job->row,
					.facts = &job->facts,
					.as_of = m->order->batch->as_of,
					.proof = job->granted ? &job->grant : NULL };
	struct err why;

	memcpy(order.salt, job->salt, SALT_SIZE);
	order.hand = m->hands[worker];
	if (!photo_read(m, &job->facts, &m->photos[worker], e) ||
	    !kept_read(m, worker, job, &order.kept, e))
		return false;
	order.photo = buf_view(&m->photos[worker]);
	if (document_make(m->desks[worker], &order, &job->pdf, &job->proof, &why))
		return true;
	if (why.kind == ERR_SYSTEM) {
		*e = why;
		return false;
	}
	job->failed = true;
	job->failure = why;
	return true;
}

static bool group_name(struct maker *m, struct err *e)
{
	for (size_t i = 0; i < m->waiting; i++) {
		char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER], dir[4096];

		if (m->group[i].failed)
			continue;
		document_name(m->group[i].docid, name, folder);
		if (snprintf(dir, sizeof dir, "%s/%s", m->documents, folder) >= (int)sizeof dir)
			return err_system(e, "path '%s' is too long", m->documents);
		if (!io_unstage(dir, name, e))
			return false;
	}
	return true;
}

static bool group_mark(struct maker *m, struct err *e)
{
	for (size_t i = 0; i < m->waiting; i++) {
		const struct finished *f = &m->group[i];
		struct store_document d = { .state = DOCUMENT_MADE,
					    .token = str_bytes(f->proof.token,
							       f->proof.token_size) };

		if (f->failed) {
			if (!store_document_failed(m->store, f->docid, &f->failure, e))
				return false;
			continue;
		}
		memcpy(d.docid, f->docid, DOCID_SIZE);
		memcpy(d.c_token, f->proof.leaf.c_token, HASH_SIZE);
		memcpy(d.c_pdf, f->proof.leaf.c_pdf, HASH_SIZE);
		lookup_digest(str_bytes(f->docid, DOCID_SIZE), d.lookup);
		if (f->proof.sealed) {
			d.seal_level = 1 + (int64_t)f->proof.seal.level;
			d.seal_time = f->proof.seal.time;
			memcpy(d.seal_certificate, f->proof.seal.certificate, HASH_SIZE);
		}
		if (!store_document_made(m->store, &d, e))
			return false;
	}
	return true;
}

/*
 * The order that makes "made" true: bytes on the disk under temporary names, then their names, then the rows.  A crash
 * between leaves rows that say planned, and the files are written again with the same bytes.
 */
static bool group_end(struct maker *m, struct err *e)
{
	if (m->waiting == 0)
		return true;
	if (!io_sync_all(m->documents, e) || !group_name(m, e) || !io_sync_all(m->documents, e) ||
	    !store_begin(m->store, e))
		return false;
	if (!group_mark(m, e) || !store_commit(m->store, e)) {
		store_rollback(m->store);
		return false;
	}
	m->done += m->waiting;
	m->waiting = 0;
	if (m->order->progress != NULL)
		m->order->progress(m->order->progress_self, m->done,
				   (size_t)m->order->batch->slots);
	return true;
}

static bool document_collect(void *ctx, void *slot, struct err *e)
{
	struct maker *m = ctx;
	struct job *job = slot;
	struct finished *f = &m->group[m->waiting];
	char name[DOCUMENT_NAME], folder[DOCUMENT_FOLDER], dir[4096];

	*f = (struct finished){ .proof = job->proof,
				.failed = job->failed,
				.failure = job->failure };
	memcpy(f->docid, job->row.docid, DOCID_SIZE);
	if (!job->failed) {
		document_name(f->docid, name, folder);
		if (snprintf(dir, sizeof dir, "%s/%s", m->documents, folder) >= (int)sizeof dir)
			return err_system(e, "path '%s' is too long", m->documents);
		if (!io_mkdir(dir, 0700, e) || !io_stage(dir, name, buf_view(&job->pdf), 0644, e))
			return false;
	}
	m->waiting++;
	return m->waiting < GROUP || group_end(m, e);
}

static void job_release(void *ctx UNUSED, void *slot)
{
	struct job *job = slot;

	arena_free(job->arena);
	buf_free(&job->pdf);
}

/* The plan froze fonts and templates: a batch half made with others would contradict its own manifest. */
static bool plan_unchanged(const struct make_order *o, struct err *e)
{
	struct store_form *forms;
	size_t count;

	if (memcmp(o->forms->fonts_hash, o->batch->fonts, HASH_SIZE) != 0)
		return err_system(
			e, "the fonts are not those batch %lld was planned with; put them back",
			(long long)o->batch->id);
	if (!store_forms(o->home->store, o->home->arena, o->batch->id, &forms, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct form *form = forms_lookup(o->forms, forms[i].form, forms[i].lang);

		if (form == NULL || memcmp(form_info(form)->hash, forms[i].hash, HASH_SIZE) != 0)
			return err_system(
				e,
				"the template '%.*s' (%.*s) is not the one batch %lld was planned with;"
				" put it back",
				STR_ARG(forms[i].form), STR_ARG(forms[i].lang),
				(long long)o->batch->id);
	}
	return true;
}

static bool workers_ready(struct maker *m, struct err *e)
{
	for (int i = 0; i < m->jobs; i++) {
		m->photos[i] = buf_empty(IMAGE_FILE_MAX);
		m->kept[i] = buf_empty(PDF_MAX);
		m->desks[i] = form_desk_new(m->order->forms->fonts, e);
		if (m->desks[i] == NULL)
			return false;
	}
	return true;
}

static void hands_free(struct maker *m)
{
	for (int i = 0; i < POOL_WORKERS_MAX; i++) {
		sealing_hand_free(m->hands[i]);
		m->hands[i] = NULL;
	}
}

/* One block of documents; what seals them is asked of the net before. */
static bool block_make(struct maker *m, struct err *e)
{
	const struct pool_plan plan = { m,
					sizeof(struct job),
					m->jobs,
					document_feed,
					document_work,
					document_collect,
					job_release };
	struct sealing *sealing = m->order->sealing;
	bool ok = sealing == NULL || sealing_prepare(sealing, e);

	m->left = sealing != NULL ? SEALING_BLOCK : SIZE_MAX;
	for (int i = 0; ok && sealing != NULL && i < m->jobs; i++)
		ok = sealing_hand_new(sealing, &m->hands[i], e);
	ok = ok && pool_run(&plan, e) && group_end(m, e);
	hands_free(m);
	return ok;
}

bool make_documents(const struct make_order *order, struct err *e)
{
	struct maker *m = calloc(1, sizeof *m);
	bool ok = false;

	if (m == NULL)
		return err_memory(e, "a batch");
	m->order = order;
	m->store = order->home->store;
	m->sequence = -1;
	m->jobs = order->jobs;
	if (order->sealing != NULL && sealing_jobs(order->sealing) > m->jobs)
		m->jobs = sealing_jobs(order->sealing);
	ok = plan_unchanged(order, e) && home_path(order->home, "documents", &m->documents, e) &&
	     workers_ready(m, e);
	while (ok && !m->over)
		ok = block_make(m, e);
	for (int i = 0; i < POOL_WORKERS_MAX; i++) {
		form_desk_free(m->desks[i]);
		buf_free(&m->photos[i]);
		buf_free(&m->kept[i]);
	}
	free(m);
	return ok;
}
