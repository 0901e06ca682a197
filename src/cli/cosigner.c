/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cosigner.h"

#include "base/io.h"
#include "cli/logbook.h"
#include "cli/state.h"
#include "net/http.h"
#include "net/site_dir.h"
#include "proof/keylist.h"

enum { LOG_KEYS_MAX = 16, LINE_BYTES = 1024, SHOWN_MAX = 2 };

static const char CHECKPOINT[] = "/checkpoint", PENDING[] = "/checkpoint.pending",
		  KEYS[] = "/keys.note", FROZEN[] = "WITNESS-FROZEN";

struct shown {
	struct str note;
	struct checkpoint tree;
};

struct cosigner {
	struct cli *cli;
	const struct cosigner_order *order;
	struct cosigner_result *result;
	struct site_dir dir;
	struct http *http;
	struct site site;
	struct keylist list;
	struct note_key keys[LOG_KEYS_MAX];
	size_t key_count;
	struct memory memory;
	struct logbook book;
	struct shown seen; /* the largest tree so far; without origin: none */
	struct shown shown[SHOWN_MAX];
	size_t shown_count;
};

static bool site_open(struct cosigner *c, struct err *e)
{
	struct str base = str_of(c->order->site);

	if (!str_starts(base, STR("https://")) && !str_starts(base, STR("http://")))
		return site_dir_open(c->order->site, &c->dir, &c->site, e);
	if (!http_open(base, NULL, &c->http, e))
		return false;
	http_site(c->http, &c->site);
	return true;
}

/* A file of the site into the arena; without bytes when it is not there. */
static bool load(struct cosigner *c, const char *path, size_t cap, struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(cap);
	bool absent = false, ok;

	*out = (struct str){ NULL, 0 };
	ok = c->site.load(c->site.self, path, cap, &bytes, &absent, e) &&
	     (absent || arena_str(c->cli->arena, buf_view(&bytes), out, e));
	buf_free(&bytes);
	return ok || err_in(e, "%s", c->order->site);
}

static bool absent(const struct cosigner *c, const char *path, struct err *e)
{
	err_system(e, "the site has no such file");
	err_in(e, "%s", path);
	return err_in(e, "%s", c->order->site);
}

/* ---- whose log it is ---- */

/* Signed by the policy's roots, in force, and not older than one that was seen. */
static bool list_judge(struct cosigner *c, struct str note, struct err *e)
{
	unsigned char hash[SHA256_SIZE];

	sha256_of(note, hash);
	if (!keylist_read(c->cli->arena, note, c->order->policy, &c->list, e) ||
	    !keylist_remembered(c->memory.keys_version, c->memory.keys_sha256, &c->list, hash, e))
		return false;
	if (!keylist_fresh(&c->list, env_now(c->cli->env)))
		return err_system(e, "the key list has expired");
	c->memory.keys_version = c->list.version;
	memcpy(c->memory.keys_sha256, hash, sizeof hash);
	return true;
}

static bool log_open(struct cosigner *c, struct err *e)
{
	const struct policy *policy = c->order->policy;
	struct str *note = &c->result->keys;

	if (!logbook_open(c->cli, c->order->state, policy->issuer, &c->book, e) ||
	    !state_load(c->cli, c->book.keys, &c->memory, e) || !load(c, KEYS, NOTE_MAX, note, e))
		return false;
	if (note->n == 0)
		return absent(c, KEYS, e);
	if (!list_judge(c, *note, e))
		return err_in(e, "%s%s", c->order->site, KEYS);
	c->key_count = keylist_log_keys(&c->list, policy, c->keys, LOG_KEYS_MAX);
	if (c->key_count == 0)
		return err_system(e, "the key list names no key that signs for the log");
	return logbook_turn(&c->book, c->cli, c->keys[0].name, e);
}

/* ---- what is remembered, and what is shown ---- */

static bool last_open(struct cosigner *c, struct err *e)
{
	struct note note;

	if (c->book.last.n == 0)
		return true;
	if (!note_read(c->cli->arena, c->book.last, &note, e) ||
	    !checkpoint_read_body(note.body, &c->seen.tree, e))
		return err_in(e, "%s", c->book.dir);
	if (!str_eq(c->seen.tree.origin, c->keys[0].name))
		return err_system(e, "'%s' holds the checkpoint of another log", c->book.dir);
	c->seen.note = c->book.last;
	c->result->last = c->seen.tree;
	return true;
}

/* Of a log whose key was stolen: till the log that follows has its quorum, a site has nothing newer to show. */
static bool is_frozen(const struct cosigner *c, struct str note)
{
	struct checkpoint tree;
	struct note read;
	struct err e;

	if (!note_read(c->cli->arena, note, &read, &e) ||
	    !checkpoint_read_body(read.body, &tree, &e))
		return false;
	for (size_t i = 0; i < c->list.log_count; i++)
		if (str_eq(c->list.logs[i].origin, tree.origin))
			return true;
	return false;
}

static bool shown_add(struct cosigner *c, struct str note, const char *path, struct err *e)
{
	struct shown *s = &c->shown[c->shown_count];

	if (!witness_read(c->cli->arena, note, c->keys, c->key_count, &s->tree, e))
		return err_in(e, "%s", path);
	s->note = note;
	c->shown_count++;
	return true;
}

static bool file_read(struct cosigner *c, struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(CHECKPOINT_BYTES_MAX);
	bool ok = io_read(c->order->checkpoint, &bytes, e) &&
		  arena_str(c->cli->arena, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

static bool shown_open(struct cosigner *c, struct err *e)
{
	const char *waiting = c->order->checkpoint != NULL ? c->order->checkpoint : PENDING;
	struct str note;

	if (!load(c, CHECKPOINT, CHECKPOINT_BYTES_MAX, &note, e) ||
	    (note.n > 0 && !is_frozen(c, note) && !shown_add(c, note, CHECKPOINT, e)))
		return false;
	if (c->order->checkpoint != NULL ? !file_read(c, &note, e)
					 : !load(c, PENDING, CHECKPOINT_BYTES_MAX, &note, e))
		return false;
	if ((note.n > 0 || c->order->checkpoint != NULL) && !shown_add(c, note, waiting, e))
		return false;
	return c->shown_count > 0 || absent(c, CHECKPOINT, e);
}

/* ---- judging ---- */

/* The tree that was signed before, or shown beside it, and another that excludes it. */
static void forked(struct cosigner *c, const struct shown *next)
{
	struct cosigner_result *r = c->result;

	r->word = WITNESS_FORK;
	r->trees[0] = c->seen.tree;
	r->notes[0] = c->seen.note;
	r->trees[1] = r->tree = next->tree;
	r->notes[1] = next->note;
}

/* How the tree that will be signed stands to the one before this call. */
static enum witness_word word_of(const struct cosigner *c)
{
	const struct checkpoint *last = &c->result->last;

	if (last->origin.n == 0)
		return WITNESS_FIRST;
	return last->size == c->seen.tree.size ? WITNESS_SAME : WITNESS_GROWN;
}

/* Each beside the largest before it; what is late but of the same log is passed over for what is not. */
static bool shown_judge(struct cosigner *c, struct err *e)
{
	struct cosigner_result *r = c->result;
	bool all_late = true;

	for (size_t i = 0; i < c->shown_count; i++) {
		const struct checkpoint *seen = c->seen.tree.origin.n > 0 ? &c->seen.tree : NULL;
		enum witness_word word;

		if (!witness_judge(&c->site, seen, &c->shown[i].tree, &word, &r->fork, e))
			return err_in(e, "%s", c->order->site);
		if (word == WITNESS_FORK) {
			forked(c, &c->shown[i]);
			return true;
		}
		if (word == WITNESS_LATE)
			continue;
		c->seen = c->shown[i];
		all_late = false;
	}
	r->word = all_late ? WITNESS_LATE : word_of(c);
	r->tree = all_late ? c->shown[c->shown_count - 1].tree : c->seen.tree;
	return true;
}

/* A log that follows one whose key was stolen goes on from its last honest tree. */
static bool frozen_judge(struct cosigner *c, struct err *e)
{
	for (size_t i = 0; i < c->list.log_count; i++) {
		const struct keylist_log *log = &c->list.logs[i];
		struct checkpoint then = { .origin = log->origin, .size = log->size };
		struct witness_fork fork;
		enum witness_word word;

		memcpy(then.root, log->root, SHA256_SIZE);
		if (!witness_judge(&c->site, &then, &c->seen.tree, &word, &fork, e))
			return err_in(e, "%s", c->order->site);
		if (word == WITNESS_LATE || word == WITNESS_FORK)
			return err_input(
				e, FROZEN,
				"the tree of %ju entries does not go on from the log %.*s, "
				"frozen at %ju",
				(uintmax_t)c->seen.tree.size, STR_ARG(log->origin),
				(uintmax_t)log->size);
	}
	return true;
}

/* ---- signing ---- */

static bool sign(struct cosigner *c, struct err *e)
{
	struct buf line = buf_empty(LINE_BYTES), body = buf_empty(CHECKPOINT_BODY_MAX);
	bool ok = logbook_write(&c->book, c->cli, c->seen.note, e) &&
		  state_save(c->cli, c->book.keys, &c->memory, e) &&
		  checkpoint_body(&body, &c->seen.tree, e) &&
		  checkpoint_cosign(&line, buf_view(&body), env_now(c->cli->env), c->order->key,
				    c->order->signer, e) &&
		  arena_str(c->cli->arena, buf_view(&line), &c->result->line, e);

	buf_free(&line);
	buf_free(&body);
	return ok;
}

static bool look(struct cosigner *c, struct err *e)
{
	struct cosigner_result *r = c->result;
	struct str stem;

	if (!site_open(c, e) || !log_open(c, e) || !last_open(c, e) || !shown_open(c, e) ||
	    !shown_judge(c, e) ||
	    !arena_printf(c->cli->arena, &stem, e, "%s/%.*s", c->book.dir, STR_ARG(c->book.log)))
		return false;
	r->evidence = stem.p;
	if (r->word == WITNESS_FORK || r->word == WITNESS_LATE)
		return true;
	return frozen_judge(c, e) && sign(c, e);
}

bool cosigner_run(struct cli *cli, const struct cosigner_order *order, struct cosigner_result *out,
		  struct err *e)
{
	struct cosigner c = { .cli = cli,
			      .order = order,
			      .result = out,
			      .dir = { .fd = -1 },
			      .book = { .lock = -1 } };
	bool ok;

	*out = (struct cosigner_result){ 0 };
	ok = look(&c, e);
	logbook_close(&c.book);
	http_close(c.http);
	site_dir_close(&c.dir);
	/* A site that cannot be asked, or answers nonsense, is no answer about the log. */
	if (!ok && e->kind == ERR_INPUT && strcmp(e->code, FROZEN) != 0)
		e->kind = ERR_SYSTEM;
	return ok;
}
