/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/keychange_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/io.h"
#include "keys/vault.h"
#include "proof/roots.h"

/*
 * How a change becomes the home's.  Two notes, in HOME/keys/pending or in memory: the key list, and when roots change the
 * policy that follows.  Each is a body, a blank line and as many signatures as there are so far.
 */
enum { POLICY_BODY_MAX = POLICY_BYTES_MAX + 1, HISTORY_MAX = 65536 };

static const char PENDING[] = "keys/pending", HISTORY[] = "keys/history";
static const char LIST_NOTE[] = "keys.note", POLICY_NOTE[] = "policy.note",
		  BEFORE_NOTE[] = "before.note";

struct placing {
	struct home *home;
	const struct policy *old, *next; /* the same when the policy stays */
	struct policy read;              /* what next points to when it was read */
	struct keylist list;
	bool policy_changed;
	struct buf list_body, list_lines, policy_body, policy_lines;
};

static void placing_begin(struct placing *p, struct home *h)
{
	*p = (struct placing){ .home = h,
			       .old = &h->policy,
			       .next = &h->policy,
			       .list_body = buf_empty(NOTE_MAX),
			       .list_lines = buf_empty(NOTE_MAX),
			       .policy_body = buf_empty(NOTE_MAX),
			       .policy_lines = buf_empty(NOTE_MAX) };
}

static void placing_end(struct placing *p)
{
	buf_free(&p->list_body);
	buf_free(&p->list_lines);
	buf_free(&p->policy_body);
	buf_free(&p->policy_lines);
}

static void put_note(struct buf *out, const struct buf *body, const struct buf *lines)
{
	buf_str(out, buf_view(body));
	buf_byte(out, '\n');
	buf_str(out, buf_view(lines));
}

static bool is_root(void *self UNUSED, const struct keyfile *key)
{
	return key->role == ROLE_ROOT;
}

bool keychange_unlock(struct home *h, struct secret *passphrase, const struct ring_filter *filter,
		      struct signer **out, struct err *e)
{
	struct vault_order order = { .passphrase = passphrase,
				     .filter = filter,
				     .env = &env_system };
	const char *path;
	bool ok;

	if (!home_path(h, "keys", &order.keys_dir, e) || !home_path(h, "signer.log", &path, e))
		return false;
	order.audit = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (order.audit < 0)
		return err_errno(e, "cannot open '%s'", path);
	ok = vault_open(&order, out, NULL, e);
	close(order.audit);
	return ok;
}

static bool roots_open(struct home *h, struct secret *passphrase, struct signer **out,
		       struct err *e)
{
	const struct ring_filter filter = { NULL, is_root };

	return keychange_unlock(h, passphrase, &filter, out, e);
}

static bool sign_body(struct placing *p, struct signer *roots, const struct buf *body,
		      struct buf *lines, unsigned have[2], struct err *e)
{
	have[1] = 0;
	return roots_sign(lines, buf_view(body), p->old, roots, &have[0], e) &&
	       (!p->policy_changed ||
		roots_sign(lines, buf_view(body), p->next, roots, &have[1], e));
}

/* Sign all there is to sign with the roots that are here.  out->have counts the note that has fewest. */
static bool sign_all(struct placing *p, struct signer *roots, struct keychange_result *out,
		     struct err *e)
{
	unsigned list[2], policy[2] = { p->old->k, p->next->k };
	const unsigned need[2] = { p->old->k, p->next->k };

	if (!sign_body(p, roots, &p->list_body, &p->list_lines, list, e) ||
	    (p->policy_changed &&
	     !sign_body(p, roots, &p->policy_body, &p->policy_lines, policy, e)))
		return false;
	for (int i = 0; i < 2; i++) {
		list[i] = policy[i] < list[i] ? policy[i] : list[i];
		list[i] = need[i] < list[i] ? need[i]
					    : list[i]; /* more than k fill no gap elsewhere */
	}
	out->have = list[0] + (p->policy_changed ? list[1] : 0);
	out->need = need[0] + (p->policy_changed ? need[1] : 0);
	out->policy = p->policy_changed;
	out->listed = true;
	out->version = p->list.version;
	return policy_fingerprint(p->next, out->fingerprint, e);
}

/* The note as verifiers will read it, under both policies, after the list in force. */
static bool list_check(struct placing *p, const struct buf *note, struct err *e)
{
	unsigned char before[SHA256_SIZE], after[SHA256_SIZE];
	struct buf now = buf_empty(NOTE_MAX);
	struct arena *a = p->home->arena;
	struct keylist list;
	bool ok = io_read_in(p->home->dir, "site/keys.note", &now, e);

	if (ok) {
		sha256_of(buf_view(&now), before);
		sha256_of(buf_view(note), after);
		ok = keylist_read(a, buf_view(note), p->old, &list, e) &&
		     keylist_read(a, buf_view(note), p->next, &list, e) &&
		     keylist_follows(&p->home->keylist, before, &list, after, e);
	}
	if (ok && list.version != p->home->keylist.version + 1)
		ok = err_input(e, "KEYLIST-CHANGE", "another change came first; begin again");
	buf_free(&now);
	return ok;
}

static bool journal_list(struct home *h, const struct env *env, uint64_t version,
			 const struct buf *note, struct err *e)
{
	unsigned char sha[SHA256_SIZE];
	struct buf hex = buf_empty(2 * SHA256_SIZE);
	bool ok;

	sha256_of(buf_view(note), sha);
	enc_hex(&hex, sha, sizeof sha);
	const struct journal_field fields[] = { { "sha256", buf_view(&hex), 0 },
						{ "version", { NULL, 0 }, (int64_t)version } };
	ok = buf_ok(&hex, "a hash", e) &&
	     journal_add(h->journal, env_now(env), "keys.signed", fields, COUNT_OF(fields), e);
	buf_free(&hex);
	return ok;
}

/* HOME/keys/history/keys-<version>.note; there once and for good. */
static bool keep_list(struct home *h, uint64_t version, struct str note, struct err *e)
{
	const char *history;
	struct str name;

	return home_path(h, HISTORY, &history, e) && io_mkdir(history, 0700, e) &&
	       arena_printf(h->arena, &name, e, "keys-%llu.note", (unsigned long long)version) &&
	       io_publish(history, name.p, note, 0644, e);
}

/* "/policy/<fingerprint>.note" of the policy that is followed: its last part, the history's file behind "policy-". */
static bool successor_name(const struct policy *old, char out[POLICY_SUCCESSOR], struct err *e)
{
	char path[POLICY_SUCCESSOR];

	if (!policy_successor_path(old, path, e))
		return false;
	memcpy(out, path + sizeof "/policy", sizeof path - sizeof "/policy");
	return true;
}

static bool keep_policy(struct placing *p, const char *history, const struct buf *note,
			struct err *e)
{
	char name[POLICY_SUCCESSOR];
	struct str file;

	/* Replaced: what an interrupted change left there was never in force. */
	return successor_name(p->old, name, e) &&
	       arena_printf(p->home->arena, &file, e, "policy-%s", name) &&
	       io_replace(history, file.p, buf_view(note), 0644, e);
}

/* The policy in force at HOME, at its site, and its note at the site for whoever holds `old`.  May be done again. */
static bool policy_place(struct home *h, const struct policy *old, const struct policy *next,
			 struct str note, struct err *e)
{
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	char name[POLICY_SUCCESSOR];
	const char *site, *folder;
	bool ok = policy_write(&text, next, e) && successor_name(old, name, e) &&
		  home_path(h, "site", &site, e) && home_path(h, "site/policy", &folder, e) &&
		  io_replace(h->dir, "policy.json", buf_view(&text), 0644, e) &&
		  io_replace(site, "policy.json", buf_view(&text), 0644, e) &&
		  io_mkdir(folder, 0755, e) && io_publish(folder, name, note, 0644, e);

	buf_free(&text);
	return ok;
}

static bool pending_clear(struct home *h, struct err *e)
{
	const char *const names[] = { LIST_NOTE, POLICY_NOTE, BEFORE_NOTE };
	const char *folder, *path;

	if (!home_path(h, PENDING, &folder, e))
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!io_path(h->arena, folder, names[i], &path, e))
			return false;
		if (unlink(path) != 0 && errno != ENOENT)
			return err_errno(e, "cannot remove '%s'", path);
	}
	if (rmdir(folder) != 0 && errno != ENOENT && errno != ENOTEMPTY)
		return err_errno(e, "cannot remove '%s'", folder);
	return true;
}

/*
 * Everything is signed: history, journal, then the files in force.  The list is signed by both policies, so that it holds
 * under either, whenever this is cut off; keychange_finish does the rest.
 */
static bool install(struct placing *p, const struct env *env, struct err *e)
{
	struct buf list = buf_empty(NOTE_MAX), policy = buf_empty(NOTE_MAX);
	struct home *h = p->home;
	const char *history, *site;
	bool ok;

	/* The policy's history may name a change that never came; the list's names only what was in force. */
	put_note(&list, &p->list_body, &p->list_lines);
	put_note(&policy, &p->policy_body, &p->policy_lines);
	ok = buf_ok(&list, "the key list", e) && buf_ok(&policy, "the policy", e) &&
	     list_check(p, &list, e) && home_path(h, HISTORY, &history, e) &&
	     home_path(h, "site", &site, e) &&
	     (!p->policy_changed || keep_policy(p, history, &policy, e)) &&
	     journal_list(h, env, p->list.version, &list, e) &&
	     io_replace(site, "keys.note", buf_view(&list), 0644, e) &&
	     keep_list(h, p->list.version, buf_view(&list), e) &&
	     (!p->policy_changed || policy_place(h, p->old, p->next, buf_view(&policy), e)) &&
	     pending_clear(h, e);
	buf_free(&list);
	buf_free(&policy);
	return ok;
}

static bool pending_write(struct placing *p, const char *folder, struct err *e)
{
	struct buf list = buf_empty(NOTE_MAX), policy = buf_empty(NOTE_MAX);
	bool ok;

	put_note(&list, &p->list_body, &p->list_lines);
	put_note(&policy, &p->policy_body, &p->policy_lines);
	/* The policy first: a list that waits alone would be taken for one without. */
	ok = buf_ok(&list, "the key list", e) && buf_ok(&policy, "the policy", e) &&
	     io_mkdir(folder, 0700, e) &&
	     (!p->policy_changed || io_replace(folder, POLICY_NOTE, buf_view(&policy), 0644, e)) &&
	     io_replace(folder, LIST_NOTE, buf_view(&list), 0644, e);
	buf_free(&list);
	buf_free(&policy);
	return ok;
}

/* What the waiting change follows, for roots whose copy of the home is older. */
static bool before_write(struct placing *p, const char *folder, struct err *e)
{
	struct buf now = buf_empty(NOTE_MAX);
	bool ok = io_mkdir(folder, 0700, e) &&
		  io_read_in(p->home->dir, "site/keys.note", &now, e) &&
		  io_replace(folder, BEFORE_NOTE, buf_view(&now), 0644, e);

	buf_free(&now);
	return ok;
}

static bool place_or_wait(struct placing *p, const struct env *env, struct keychange_result *out,
			  struct err *e)
{
	const char *folder;

	out->installed = out->have >= out->need;
	if (out->installed)
		return install(p, env, e);
	return home_path(p->home, PENDING, &folder, e) && before_write(p, folder, e) &&
	       pending_write(p, folder, e);
}

bool keychange_commit(struct keychange *c, struct keychange_result *out, struct err *e)
{
	struct signer *roots = NULL;
	struct placing p;
	bool ok;

	*out = (struct keychange_result){ .installed = true };
	if (!c->listed)
		return policy_fingerprint(&c->home->policy, out->fingerprint, e);
	placing_begin(&p, c->home);
	p.next = &c->policy;
	p.policy_changed = c->policy_changed;
	p.list = c->list;
	ok = keylist_body(&p.list_body, &c->list, p.next, e) &&
	     (!p.policy_changed || policy_write(&p.policy_body, p.next, e));
	if (p.policy_changed)
		buf_byte(&p.policy_body, '\n');
	ok = ok && buf_ok(&p.policy_body, "the policy", e) &&
	     roots_open(c->home, &c->passphrase, &roots, e) && sign_all(&p, roots, out, e) &&
	     place_or_wait(&p, c->env, out, e);
	signer_free(roots);
	placing_end(&p);
	return ok;
}

/* The two parts of a pending note; no signature at all is fine. */
static bool note_split(struct str bytes, struct buf *body, struct str *lines, struct err *e)
{
	size_t end = str_find(bytes, STR("\n\n"), 0);

	if (end == SIZE_MAX)
		return err_input(e, "NOTE-FORM", "no blank line behind the body");
	buf_put(body, bytes.p, end + 1);
	*lines = str_skip(bytes, end + 2);
	return true;
}

/* Read one pending note of a folder. */
static bool note_load(const char *folder, const char *name, struct buf *body, struct buf *bytes,
		      struct err *e)
{
	struct str rest;
	bool ok = io_read_in(folder, name, bytes, e) && note_split(buf_view(bytes), body, &rest, e);

	return ok || err_in(e, "%s/%s", folder, name);
}

static bool lines_take(struct placing *p, const struct buf *bytes, struct buf *lines, struct err *e)
{
	struct note note;

	if (bytes->n >= 2 && memcmp(bytes->p + bytes->n - 2, "\n\n", 2) == 0)
		return true; /* nobody signed yet */
	return note_read(p->home->arena, buf_view(bytes), &note, e) &&
	       roots_take(lines, &note, p->old, e) &&
	       (!p->policy_changed || roots_take(lines, &note, p->next, e));
}

static bool policy_in(struct placing *p, const char *folder, bool *there, struct err *e)
{
	const char *path;

	if (!io_path(p->home->arena, folder, POLICY_NOTE, &path, e))
		return false;
	*there = io_exists(path);
	return true;
}

/* Fill a placing from a folder: bodies, what they mean, and the signatures that hold. */
static bool folder_load(struct placing *p, const char *folder, struct err *e)
{
	struct buf list = buf_empty(NOTE_MAX), policy = buf_empty(NOTE_MAX);
	struct arena *a = p->home->arena;
	bool ok = policy_in(p, folder, &p->policy_changed, e) &&
		  note_load(folder, LIST_NOTE, &p->list_body, &list, e);
	struct str text;

	if (ok && p->policy_changed) {
		ok = note_load(folder, POLICY_NOTE, &p->policy_body, &policy, e) &&
		     arena_str(a, buf_view(&p->policy_body), &text, e) &&
		     policy_read(a, text, &p->read, e);
		p->next = &p->read;
	}
	ok = ok && arena_str(a, buf_view(&p->list_body), &text, e) &&
	     keylist_read_body(a, text, p->next, &p->list, e) &&
	     lines_take(p, &list, &p->list_lines, e) &&
	     (!p->policy_changed || lines_take(p, &policy, &p->policy_lines, e));
	buf_free(&list);
	buf_free(&policy);
	return ok;
}

bool keychange_waits(struct home *h, bool *waits, struct err *e)
{
	const char *folder, *path;

	if (!home_path(h, PENDING, &folder, e) || !io_path(h->arena, folder, LIST_NOTE, &path, e))
		return false;
	*waits = io_exists(path);
	return true;
}

/*
 * A root signs nothing but the next version of a list that is in force: the folder's BEFORE_NOTE, which roots signed, and
 * which is the list this copy of the home knows or a later one.
 */
static bool follows_known(struct placing *p, const char *folder, struct err *e)
{
	static const unsigned char unfinished[SHA256_SIZE]; /* the new list's bytes are yet to be */
	unsigned char known[SHA256_SIZE], before[SHA256_SIZE];
	struct buf ours = buf_empty(NOTE_MAX), theirs = buf_empty(NOTE_MAX);
	struct keylist list;
	bool ok = io_read_in(p->home->dir, "site/keys.note", &ours, e) &&
		  io_read_in(folder, BEFORE_NOTE, &theirs, e);

	sha256_of(buf_view(&ours), known);
	sha256_of(buf_view(&theirs), before);
	ok = ok && keylist_read(p->home->arena, buf_view(&theirs), p->old, &list, e) &&
	     keylist_follows(&p->home->keylist, known, &list, before, e) &&
	     (p->list.version == list.version + 1 ||
	      err_input(e, "KEYLIST-CHANGE", "not the next version of the list in force")) &&
	     keylist_follows(&list, before, &p->list, unfinished, e);
	buf_free(&ours);
	buf_free(&theirs);
	return ok;
}

bool keychange_sign(struct home *h, const char *folder, int passphrase_fd,
		    struct keychange_result *out, struct err *e)
{
	struct secret passphrase = { NULL, 0 };
	struct signer *roots = NULL;
	struct placing p;
	bool ok;

	*out = (struct keychange_result){ 0 };
	placing_begin(&p, h);
	ok = folder_load(&p, folder, e) && follows_known(&p, folder, e) &&
	     home_passphrase(&h->config, h->dir, passphrase_fd, &passphrase, e) &&
	     roots_open(h, &passphrase, &roots, e) && sign_all(&p, roots, out, e) &&
	     pending_write(&p, folder, e);
	signer_free(roots);
	secret_free(&passphrase);
	placing_end(&p);
	return ok;
}

/* The lines a folder brings, when it is about the same change. */
static bool folder_merge(struct placing *p, const char *folder, struct err *e)
{
	struct buf body = buf_empty(NOTE_MAX), bytes = buf_empty(NOTE_MAX);
	bool ok = note_load(folder, LIST_NOTE, &body, &bytes, e) &&
		  (str_eq(buf_view(&body), buf_view(&p->list_body)) ||
		   err_input(e, "KEYLIST-CHANGE", "'%s' holds another change", folder)) &&
		  lines_take(p, &bytes, &p->list_lines, e);

	if (ok && p->policy_changed) {
		buf_clear(&body);
		buf_clear(&bytes);
		ok = note_load(folder, POLICY_NOTE, &body, &bytes, e) &&
		     (str_eq(buf_view(&body), buf_view(&p->policy_body)) ||
		      err_input(e, "POLICY-CHANGE", "'%s' holds another change", folder)) &&
		     lines_take(p, &bytes, &p->policy_lines, e);
	}
	buf_free(&body);
	buf_free(&bytes);
	return ok;
}

/* A signer without keys: sign_all then only counts. */
static bool nobody(struct signer **out, struct err *e)
{
	return ring_of_seeds(NULL, 0, out, e);
}

bool keychange_merge(struct home *h, const struct env *env, const char *const *folders,
		     size_t count, struct keychange_result *out, struct err *e)
{
	struct signer *none = NULL;
	const char *pending;
	struct placing p;
	bool ok, waits;

	*out = (struct keychange_result){ 0 };
	placing_begin(&p, h);
	ok = keychange_finish(h, e) && keychange_waits(h, &waits, e) &&
	     (waits || err_input(e, "KEY-BUSY", "no change of keys waits for its roots")) &&
	     home_path(h, PENDING, &pending, e) && folder_load(&p, pending, e);
	for (size_t i = 0; ok && i < count; i++)
		ok = folder_merge(&p, folders[i], e);
	ok = ok && nobody(&none, e) && sign_all(&p, none, out, e) && place_or_wait(&p, env, out, e);
	signer_free(none);
	placing_end(&p);
	return ok;
}

/* The history's note for whoever holds `old`, when there is one. */
static bool history_load(struct home *h, const struct policy *old, struct buf *out, bool *there,
			 struct err *e)
{
	const char *history, *path;
	char name[POLICY_SUCCESSOR];
	struct str file;

	if (!successor_name(old, name, e) || !home_path(h, HISTORY, &history, e) ||
	    !arena_printf(h->arena, &file, e, "policy-%s", name) ||
	    !io_path(h->arena, history, file.p, &path, e))
		return false;
	*there = io_exists(path);
	return !*there || io_read(path, out, e);
}

/*
 * A successor of the policy in force, while the list in force is signed by its roots too: the change was cut off between
 * list and policy.  Without that list it never came into force.
 */
static bool roll_forward(struct home *h, struct err *e)
{
	struct buf note = buf_empty(NOTE_MAX), list = buf_empty(NOTE_MAX);
	struct policy next;
	struct keylist read;
	struct str text, bytes;
	struct err why;
	bool there, ok = history_load(h, &h->policy, &note, &there, e);

	if (ok && there &&
	    (ok = io_read_in(h->dir, "site/keys.note", &list, e) &&
		  arena_str(h->arena, buf_view(&note), &text, e) &&
		  arena_str(h->arena, buf_view(&list), &bytes, e)) &&
	    policy_follow(h->arena, text, &h->policy, &next, &why) &&
	    keylist_read(h->arena, bytes, &next, &read, &why)) {
		ok = policy_place(h, &h->policy, &next, text, e);
		h->policy = next;
	}
	buf_free(&note);
	buf_free(&list);
	return ok;
}

/* Every note of the history whose policy came into force is at the site. */
static bool notes_publish(struct home *h, struct err *e)
{
	struct buf note = buf_empty(NOTE_MAX), now = buf_empty(POLICY_BODY_MAX);
	const char *history, *folder, *site;
	struct str *names;
	size_t count = 0;
	bool ok = home_path(h, HISTORY, &history, e) && home_path(h, "site/policy", &folder, e) &&
		  home_path(h, "site", &site, e) && policy_write(&now, &h->policy, e);

	if (ok && io_is_dir(history))
		ok = io_list(h->arena, history, ".note", HISTORY_MAX, &names, &count, e);
	for (size_t i = 0; ok && i < count; i++) {
		if (!str_starts(names[i], STR("policy-")))
			continue;
		buf_clear(&note);
		ok = io_read_in(history, names[i].p, &note, e);
		if (!ok || note.n <= now.n || memcmp(note.p, now.p, now.n) != 0)
			continue; /* an earlier one, there already; or one that never came into force */
		ok = io_mkdir(folder, 0755, e) &&
		     io_replace(site, "policy.json", buf_view(&now), 0644, e) &&
		     io_publish(folder, names[i].p + 7, buf_view(&note), 0644, e);
	}
	buf_free(&note);
	buf_free(&now);
	return ok;
}

/* A list of the history that is newer than the one in force: somebody put an old one back. */
static bool nothing_newer(struct home *h, struct err *e)
{
	const char *history;
	struct str *names;
	size_t count;

	if (!home_path(h, HISTORY, &history, e) ||
	    !io_list(h->arena, history, ".note", HISTORY_MAX, &names, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		unsigned long long version;
		struct str digits = names[i];

		if (!str_starts(digits, STR("keys-")))
			continue;
		digits = (struct str){ digits.p + 5, digits.n - 10 }; /* keys- and .note */
		if (str_u64(digits, UINT64_MAX, &version) && version > h->keylist.version)
			return err_system(e,
					  "the key list in force is version %llu, and '%s/%s' is a "
					  "later one; put that back as site/keys.note",
					  (unsigned long long)h->keylist.version, history,
					  names[i].p);
	}
	return true;
}

static bool history_whole(struct home *h, struct err *e)
{
	struct buf now = buf_empty(NOTE_MAX);
	bool ok = io_read_in(h->dir, "site/keys.note", &now, e) &&
		  keep_list(h, h->keylist.version, buf_view(&now), e) && nothing_newer(h, e);

	buf_free(&now);
	return ok;
}

bool keychange_finish(struct home *h, struct err *e)
{
	return roll_forward(h, e) && history_whole(h, e) && notes_publish(h, e);
}
