/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/trust.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/xdg.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644 };

/* Whoever may write here decides whom this verifier trusts. */
static bool is_private(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return err_errno(e, "cannot look at '%s'", path);
	if ((st.st_mode & S_IWOTH) == 0)
		return true;
	return err_system(
		e, "everybody may write '%s', so it tells nobody whom to trust: chmod o-w", path);
}

static bool name_ok(struct str issuer)
{
	return issuer.n > 0 && issuer.p[0] != '.' && issuer.p[0] != '-';
}

static bool file_name(struct cli *cli, struct str issuer, const char **out, struct err *e)
{
	struct str name;

	if (!name_ok(issuer))
		return err_input(e, "TRUST-NAME", "the issuer '%.*s' cannot be the name of a file",
				 STR_ARG(issuer));
	if (!arena_printf(cli->arena, &name, e, "%.*s.json", STR_ARG(issuer)))
		return false;
	*out = name.p;
	return true;
}

bool trust_read(struct cli *cli, const char *path, struct policy *out, struct err *e)
{
	struct buf bytes = buf_empty(POLICY_BYTES_MAX);
	struct str copy;
	bool ok = io_read(path, &bytes, e) && arena_str(cli->arena, buf_view(&bytes), &copy, e) &&
		  (policy_read(cli->arena, copy, out, e) || err_in(e, "%s", path));

	buf_free(&bytes);
	return ok;
}

static bool load(struct cli *cli, const char *dir, struct str name, struct policy *out,
		 struct err *e)
{
	const char *path;
	struct str issuer = { name.p, name.n - 5 }; /* without ".json" */

	if (!io_path(cli->arena, dir, name.p, &path, e) || !is_private(path, e) ||
	    !trust_read(cli, path, out, e))
		return false;
	if (str_eq(out->issuer, issuer))
		return true;
	return err_system(e, "'%s' holds the policy of %.*s, not of %.*s", path,
			  STR_ARG(out->issuer), STR_ARG(issuer));
}

static bool load_all(struct cli *cli, struct trust *t, struct err *e)
{
	struct str *names;

	if (!is_private(t->dir, e) ||
	    !io_list(cli->arena, t->dir, ".json", TRUST_MAX, &names, &t->count, e))
		return false;
	t->policies = arena_array(cli->arena, t->count, sizeof *t->policies, e);
	if (t->policies == NULL)
		return false;
	for (size_t i = 0; i < t->count; i++)
		if (!load(cli, t->dir, names[i], &t->policies[i], e))
			return false;
	return true;
}

bool trust_open(struct cli *cli, struct trust *out, struct err *e)
{
	struct trust t = { 0 };

	*out = t;
	if (!xdg_path(cli, XDG_CONFIG, "trust", &t.dir, e))
		return false;
	if (t.dir != NULL && io_exists(t.dir) && !load_all(cli, &t, e)) {
		e->kind =
			ERR_SYSTEM; /* our own file is broken: that says nothing of any document */
		return false;
	}
	*out = t;
	return true;
}

const struct policy *trust_of_issuer(const struct trust *t, struct str issuer)
{
	for (size_t i = 0; i < t->count; i++)
		if (str_eq(t->policies[i].issuer, issuer))
			return &t->policies[i];
	return NULL;
}

const struct policy *trust_of_site(const struct trust *t, struct str base)
{
	while (base.n > 0 && base.p[base.n - 1] == '/')
		base.n--;
	for (size_t i = 0; i < t->count; i++)
		if (str_eq(t->policies[i].site, base))
			return &t->policies[i];
	return NULL;
}

const struct policy *trust_find(const struct trust *t, struct str issuer_or_site)
{
	const struct policy *found = trust_of_issuer(t, issuer_or_site);

	return found != NULL ? found : trust_of_site(t, issuer_or_site);
}

static bool has_place(const struct trust *t, struct err *e)
{
	return t->dir != NULL ||
	       err_system(e, "neither HOME nor XDG_CONFIG_HOME says where to keep a policy");
}

bool trust_pin(struct cli *cli, const struct trust *t, const struct policy *policy, struct err *e)
{
	struct buf text = buf_empty(POLICY_BYTES_MAX);
	const char *name;
	bool ok = has_place(t, e) && file_name(cli, policy->issuer, &name, e);

	if (ok && t->count >= TRUST_MAX && trust_of_issuer(t, policy->issuer) == NULL)
		ok = err_system(e, "%d policies are pinned; remove one first", TRUST_MAX);
	ok = ok && policy_write(&text, policy, e) && io_mkdir(t->dir, FOLDER_MODE, e) &&
	     io_replace(t->dir, name, buf_view(&text), FILE_MODE, e);
	buf_free(&text);
	return ok;
}

bool trust_unpin(struct cli *cli, const struct trust *t, struct str issuer, struct err *e)
{
	const char *name, *path;

	if (trust_of_issuer(t, issuer) == NULL)
		return err_input(e, "TRUST-ABSENT", "no policy of '%.*s' is pinned",
				 STR_ARG(issuer));
	if (!file_name(cli, issuer, &name, e) || !io_path(cli->arena, t->dir, name, &path, e))
		return false;
	if (unlink(path) != 0)
		return err_errno(e, "cannot remove '%s'", path);
	return io_sync_dir(t->dir, e);
}

/* The note that follows, copied into the arena. */
static bool load_successor(struct cli *cli, const struct site *site, const char *path,
			   struct str *out, bool *absent, struct err *e)
{
	struct buf note = buf_empty(NOTE_MAX);
	bool ok = site->load(site->self, path, NOTE_MAX, &note, absent, e) &&
		  arena_str(cli->arena, buf_view(&note), out, e);

	buf_free(&note);
	return ok;
}

bool trust_follow(struct cli *cli, const struct site *site, struct policy *policy, unsigned *hops,
		  struct err *e)
{
	char path[POLICY_SUCCESSOR];
	struct policy next;
	struct str note;
	bool absent = false;

	for (*hops = 0; *hops < POLICY_HOPS_MAX; ++*hops) {
		if (!policy_successor_path(policy, path, e) ||
		    !load_successor(cli, site, path, &note, &absent, e))
			return false;
		if (absent)
			return true;
		if (!policy_follow(cli->arena, note, policy, &next, e))
			return err_in(e, "%s", path);
		*policy = next;
	}
	return err_input(e, "POLICY-CHANGE", "more than %d policies follow one another",
			 POLICY_HOPS_MAX);
}
