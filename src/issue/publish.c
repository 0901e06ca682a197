/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/publish.h"

#include <sys/stat.h>

#include "base/io.h"
#include "issue/archive.h"
#include "issue/edition.h"
#include "issue/mirror.h"
#include "issue/release.h"
#include "issue/sweep.h"
#include "issue/webpage.h"
#include "proof/checkpoint.h"
#include "store/letter.h"

enum {
	CLOSE_AFTER_S = 30 * 60, /* without progress; proof.md §3 */
	AGE_S = 12 * 3600        /* of a status shard that is signed again */
};

struct publisher {
	const struct publish_order *order;
	struct home *home;
	struct publish_result *result;
};

static bool unlock(struct publisher *p, struct err *e)
{
	return p->home->signer != NULL || home_unlock(p->home, p->order->passphrase_fd, e);
}

/* ---- cosignatures ---- */

static bool cosig_known(struct str note, struct str line)
{
	return str_find(note, line, 0) != SIZE_MAX;
}

/* The note with the lines of the file that it does not have yet. */
static bool cosig_join(struct str note, struct str lines, struct buf *out, struct err *e)
{
	struct str line;

	buf_str(out, note);
	while (lines.n > 0 && str_split(&lines, '\n', &line)) {
		if (line.n == 0)
			continue;
		if (!str_starts(line, STR("\xe2\x80\x94 ")))
			return err_input(e, "COSIG-FORM", "not a line of a witness");
		if (cosig_known(note, line))
			continue;
		buf_str(out, line);
		buf_byte(out, '\n');
	}
	return buf_ok(out, "a checkpoint", e);
}

/* A line nobody knows would ride along for ever: each must be a pinned witness's and verify. */
static bool cosig_judge(struct publisher *p, struct str note, struct err *e)
{
	struct note_key keys[1 + POLICY_WITNESSES_MAX + KEYLIST_WITNESSES_MAX];
	struct checkpoint_witnesses who;
	struct checkpoint c;
	struct note read;
	size_t n = home_witnesses(p->home, keys + 1) + 1;

	if (keylist_log_keys(&p->home->keylist, &p->home->policy, keys, 1) != 1)
		return err_system(e, "the key list names no active log key");
	if (!checkpoint_read(p->home->arena, note, &keys[0], keys + 1, n - 1, &c, &who, e) ||
	    !note_read(p->home->arena, note, &read, e))
		return false;
	for (size_t i = 0; i < read.count; i++) {
		bool known = false;

		for (size_t k = 0; k < n; k++)
			known = known ||
				(str_eq(keys[k].name, read.signatures[i].name) &&
				 memcmp(keys[k].hash, read.signatures[i].hash, NOTE_HASH) == 0);
		if (!known)
			return err_input(e, "COSIG-UNKNOWN", "'%.*s' is no witness of this log",
					 STR_ARG(read.signatures[i].name));
	}
	return true;
}

/* A witness that comes when the quorum was reached without it: its line joins the checkpoint that is out. */
static bool cosig_show(struct publisher *p, struct str joined, struct err *e)
{
	struct buf shown = buf_empty(CHECKPOINT_BYTES_MAX);
	struct note ours, theirs;
	const char *site, *path;
	bool ok = home_path(p->home, "site", &site, e) &&
		  home_path(p->home, "site/checkpoint", &path, e);

	if (ok && io_exists(path)) {
		ok = io_read(path, &shown, e) &&
		     note_read(p->home->arena, buf_view(&shown), &theirs, e) &&
		     note_read(p->home->arena, joined, &ours, e);
		if (ok && str_eq(ours.body, theirs.body))
			ok = io_replace(site, "checkpoint", joined, 0644, e);
	}
	buf_free(&shown);
	return ok;
}

static bool cosig_add(struct publisher *p, struct err *e)
{
	struct buf note = buf_empty(CHECKPOINT_BYTES_MAX), lines = buf_empty(CHECKPOINT_BYTES_MAX),
		   joined = buf_empty(CHECKPOINT_BYTES_MAX);
	const char *log;
	bool ok = home_path(p->home, "log", &log, e) && io_read_in(log, "checkpoint", &note, e) &&
		  io_read(p->order->cosig, &lines, e) &&
		  ((cosig_join(buf_view(&note), buf_view(&lines), &joined, e) &&
		    cosig_judge(p, buf_view(&joined), e)) ||
		   err_in(e, "%s", p->order->cosig)) &&
		  io_replace(log, "checkpoint", buf_view(&joined), 0644, e) &&
		  cosig_show(p, buf_view(&joined), e);

	buf_free(&note);
	buf_free(&lines);
	buf_free(&joined);
	return ok;
}

/* ---- what was left open ---- */

/* Seconds since the store last changed: nobody else is at work, or the home would be locked. */
static bool idle_seconds(struct publisher *p, int64_t *out, struct err *e)
{
	const char *path;
	struct stat st;

	if (!home_path(p->home, "store.db", &path, e))
		return false;
	if (stat(path, &st) != 0)
		return err_errno(e, "cannot read '%s'", path);
	*out = env_now(p->order->env) - (int64_t)st.st_mtim.tv_sec;
	return true;
}

static bool batch_close(struct publisher *p, struct store_batch *b, struct err *e)
{
	const struct journal_field fields[] = { { "batch", { NULL, 0 }, b->id } };
	struct store *store = p->home->store;
	struct err why;

	err_input(&why, "BATCH-CLOSED", "the run was interrupted; the next one makes the document");
	if (!store_begin(store, e))
		return false;
	if (!store_batch_abandon(store, b->id, &why, e) || !store_letters_reopen(store, b->id, e) ||
	    !store_batch_move(store, b->id, BATCH_MADE, b->manifest, e) ||
	    !store_commit(store, e)) {
		store_rollback(store);
		return false;
	}
	b->state = BATCH_MADE;
	return journal_add(p->home->journal, env_now(p->order->env), "batch.closed", fields, 1, e);
}

static bool batch_release(struct publisher *p, const struct store_batch *b, struct err *e)
{
	const struct journal_field fields[] = { { "batch", { NULL, 0 }, b->id } };
	struct str out;
	bool found;

	if (!store_note_lookup(p->home->store, p->home->arena, STR("out"), &out, &found, e) ||
	    (found && out.n > 0 && !release_documents(p->home, b->id, out.p, e)) ||
	    !store_batch_move(p->home->store, b->id, BATCH_DONE, b->manifest, e))
		return false;
	p->result->released = b->id;
	return journal_add(p->home->journal, env_now(p->order->env), "batch.released", fields, 1,
			   e);
}

static bool edition_took(struct publisher *p, const struct store_edition *ed)
{
	p->result->edition = ed->id;
	p->result->waiting = ed->state != EDITION_DONE;
	return !p->result->waiting;
}

/* The open batch to its end; *go false when it waits for witnesses. */
static bool batch_settle(struct publisher *p, bool *go, struct err *e)
{
	struct store_batch b;
	struct store_edition ed;
	int64_t idle = 0;
	bool found;

	if (!store_batch_open(p->home->store, &b, &found, e) || !found)
		return !found;
	if (b.state == BATCH_PLANNED) {
		if (!idle_seconds(p, &idle, e))
			return false;
		if (idle < CLOSE_AFTER_S)
			return err_system(
				e,
				"batch %lld was interrupted; finish it with hufu issue (after 30 "
				"minutes without progress publishing closes it)",
				(long long)b.id);
		if (!batch_close(p, &b, e))
			return false;
	}
	if (b.state == BATCH_MADE) {
		const struct edition_order order = {
			.home = p->home, .env = p->order->env, .batch = &b, .journal = true
		};

		if (!unlock(p, e) || !edition_make(&order, &ed, e) ||
		    !store_batch_lookup(p->home->store, b.id, &b, &found, e))
			return false;
		*go = edition_took(p, &ed);
	}
	return !*go || batch_release(p, &b, e);
}

static bool left_open(struct publisher *p, bool *go, struct err *e)
{
	struct store_edition ed;
	bool found;

	*go = true;
	if (!store_edition_open(p->home->store, &ed, &found, e))
		return false;
	if (found) {
		if ((ed.state == EDITION_PLANNED && !unlock(p, e)) ||
		    !edition_resume(p->home, p->order->env, &ed, &found, e))
			return false;
		*go = edition_took(p, &ed);
		if (!sweep_folder(p->home->dir, e))
			return false;
	}
	return !*go || batch_settle(p, go, e);
}

/* ---- what waits ---- */

static bool edition_wanted(struct publisher *p, bool *wanted, struct err *e)
{
	struct store_edition last;
	bool found;

	*wanted = p->order->refresh;
	if (*wanted)
		return true;
	if (!edition_due(p->home, env_now(p->order->env), AGE_S, wanted, e) ||
	    !store_edition_last(p->home->store, &last, &found, e))
		return false;
	/* What was issued enters the log with the journal of it. */
	*wanted = *wanted || !found || !last.has_journal;
	return true;
}

static bool edition_new(struct publisher *p, struct err *e)
{
	const struct edition_order order = { .home = p->home,
					     .env = p->order->env,
					     .all_shards = p->order->refresh,
					     .journal = true };
	struct store_edition ed;
	bool wanted;

	if (!edition_wanted(p, &wanted, e))
		return false;
	if (!wanted)
		return true;
	if (!unlock(p, e) || !edition_make(&order, &ed, e))
		return false;
	(void)edition_took(p, &ed);
	return true;
}

static bool copies_write(struct publisher *p, struct err *e)
{
	const struct publish_order *o = p->order;
	const char *site;

	if (!home_path(p->home, "site", &site, e) ||
	    (o->to != NULL && !mirror_site(site, o->to, &p->result->files, e)))
		return false;
	return o->bundle == NULL || archive_write(site, o->bundle, e);
}

bool publish_site(const struct publish_order *order, struct publish_result *out, struct err *e)
{
	struct publisher p = { .order = order, .home = order->home, .result = out };
	struct journal_field fields[] = { { "files", { NULL, 0 }, 0 } };
	bool go;

	*out = (struct publish_result){ 0 };
	if ((order->cosig != NULL && !cosig_add(&p, e)) ||
	    (order->page != NULL && !webpage_install(p.home, order->page, e)) ||
	    !left_open(&p, &go, e) || (go && !edition_new(&p, e)) || !copies_write(&p, e))
		return false;
	fields[0].number = (int64_t)out->files;
	return journal_add(order->home->journal, env_now(order->env), "site.published", fields, 1,
			   e);
}
