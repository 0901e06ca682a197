/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/vantage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/state.h"
#include "cli/trust.h"
#include "net/site_dir.h"
#include "net/site_http.h"
#include "proof/bundle.h"
#include "proof/statuslist.h"

enum { VERSIONS_MAX = 1 << 16, VERSIONS_ARENA = 16 << 20, VERSIONS_KNOWN = 64 };

/* The version of a shard that was the newest at the moment asked about; by the shard's number's last bits. */
struct version {
	bool known, found;
	uint64_t n;
	int64_t iat;
};

struct vantage {
	struct cli *cli;
	struct gather_from from;
	struct site site;
	struct site_dir dir;
	struct site_http *http;
	void *map; /* of the bundle's file; NULL: none */
	size_t map_n;
	struct bundle *bundle;
	const char *folder; /* of the site; NULL: its files cannot be listed */
	struct gather_history history;
	struct version versions[VERSIONS_KNOWN];
	bool asked_successor;
	unsigned hops;          /* from the pinned policy to … */
	struct policy followed; /* … this one; 0: it was not left */
	bool own_state;         /* the file of memory is the user's own */
	const char *state;      /* NULL: nothing is remembered */
	struct memory memory;
	struct gather *gather;
};

bool vantage_is_far(const char *site)
{
	return str_starts(str_of(site), STR("https://")) ||
	       str_starts(str_of(site), STR("http://"));
}

static bool newest_listed(const char *folder, uint64_t n, int64_t at, int64_t *iat)
{
	struct arena *a = arena_new(VERSIONS_ARENA);
	char part[SHARD_PATH];
	struct str path, *names;
	size_t count = 0;
	bool found = false;
	struct err why;

	shard_history_path(n, 0, part);
	*strrchr(part, '/') = '\0';
	if (a != NULL && arena_printf(a, &path, &why, "%s%s", folder, part) &&
	    io_list(a, path.p, "", VERSIONS_MAX, &names, &count, &why))
		for (size_t i = 0; i < count; i++) {
			unsigned long long made;

			if (str_u64(names[i], INT64_MAX, &made) && (int64_t)made <= at &&
			    (!found || (int64_t)made > *iat)) {
				*iat = (int64_t)made;
				found = true;
			}
		}
	arena_free(a);
	return found;
}

/* As gather_history; `at` is the same in every call of ours. */
static bool newest_version(void *self, uint64_t n, int64_t at, int64_t *iat)
{
	struct vantage *v = self;
	struct version *known = &v->versions[n % VERSIONS_KNOWN];

	if (!known->known || known->n != n) {
		*known = (struct version){ .known = true, .n = n };
		known->found = newest_listed(v->folder, n, at, &known->iat);
	}
	*iat = known->iat;
	return known->found;
}

static bool open_folder(struct vantage *v, const char *path, struct err *e)
{
	if (!site_dir_open(path, &v->dir, &v->site, e))
		return false;
	v->from.site = &v->site;
	v->folder = path;
	v->history = (struct gather_history){ .self = v, .newest = newest_version };
	v->from.history = &v->history;
	return true;
}

/* Map the file: a bundle may be larger than memory. */
static bool map_file(struct vantage *v, const char *path, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	void *at;

	if (fd < 0)
		return err_errno(e, "%s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    (uint64_t)st.st_size > BUNDLE_BYTES_MAX) {
		close(fd);
		return err_input(e, "BUNDLE-FORM", "%s is no bundle", path);
	}
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return err_errno(e, "%s", path);
	v->map = at;
	v->map_n = (size_t)st.st_size;
	return true;
}

static bool open_bundle(struct vantage *v, const char *path, struct err *e)
{
	if (!map_file(v, path, e))
		return false;
	if (!bundle_open(str_bytes(v->map, v->map_n), &v->bundle, e))
		return err_in(e, "%s", path);
	bundle_site(v->bundle, &v->site);
	v->from.site = &v->site;
	return true;
}

static struct str without_slash(struct str s)
{
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	return s;
}

static bool open_net(struct vantage *v, struct str base, struct err *e)
{
	const struct policy *policy = v->from.policy;
	struct site_http_place place = { .base = base };

	if (policy != NULL) {
		place.canonical = str_eq(without_slash(base), policy->site);
		if (!state_cache(v->cli, &policy->log, &place.cache, e))
			return false;
	}
	if (!site_http_open(&place, &v->http, &v->site, e))
		return false;
	v->from.site = &v->site;
	v->from.is_far = true;
	return true;
}

static bool open_site(struct vantage *v, const struct vantage_place *place, struct err *e)
{
	if (place->bundle != NULL)
		return open_bundle(v, place->bundle, e);
	if (place->site != NULL && !vantage_is_far(place->site))
		return open_folder(v, place->site, e);
	if (place->site != NULL)
		return open_net(v, str_of(place->site), e);
	return place->policy == NULL || open_net(v, place->policy->site, e);
}

static bool load_memory(struct vantage *v, struct err *e)
{
	v->from.memory = NULL;
	if (v->state == NULL)
		return true;
	if (!state_load(v->cli, v->state, &v->memory, e))
		return false;
	v->from.memory = &v->memory;
	return true;
}

/* What the user remembers is of the net: a copy in a folder may be as old as it likes. */
static bool open_memory(struct vantage *v, const struct vantage_place *place, struct err *e)
{
	v->own_state = place->policy != NULL && place->state == NULL && v->http != NULL;
	v->state = place->policy != NULL ? place->state : NULL;
	if (v->own_state && !state_path(v->cli, &place->policy->log, &v->state, e))
		return false;
	return load_memory(v, e);
}

static bool look_afresh(struct vantage *v, struct err *e)
{
	gather_free(v->gather);
	v->gather = gather_new(&v->from, e);
	return v->gather != NULL;
}

bool vantage_open(struct cli *cli, const struct vantage_place *place, struct vantage **out,
		  struct err *e)
{
	struct vantage *v = calloc(1, sizeof *v);

	if (v == NULL)
		return err_memory(e, "a verification");
	*v = (struct vantage){ .cli = cli, .dir = { .fd = -1 } };
	v->from.policy = place->policy;
	v->from.thorough = place->thorough;
	v->from.has_at = place->has_at;
	v->from.at = place->at;
	v->from.now = env_now(cli->env);
	if (open_site(v, place, e) && open_memory(v, place, e) && look_afresh(v, e)) {
		*out = v;
		return true;
	}
	vantage_close(v);
	return false;
}

void vantage_close(struct vantage *v)
{
	if (v == NULL)
		return;
	gather_free(v->gather);
	site_http_close(v->http);
	site_dir_close(&v->dir);
	bundle_close(v->bundle);
	if (v->map != NULL)
		munmap(v->map, v->map_n);
	free(v);
}

bool vantage_save(struct vantage *v, struct err *e)
{
	return v->state == NULL || state_save(v->cli, v->state, &v->memory, e);
}

const struct err *vantage_trouble(const struct vantage *v)
{
	return v->gather != NULL ? gather_trouble(v->gather) : NULL;
}

/* An answer an honest site whose files were not kept too long would not have given. */
static bool is_doubtful(enum verdict_code code)
{
	return code == VERDICT_UNKNOWN_KEY || code == VERDICT_INCONSISTENT_LOG ||
	       code == VERDICT_NOT_IN_MANIFEST || code == VERDICT_NOT_FOUND ||
	       code == VERDICT_STALE || code == VERDICT_PENDING || code == VERDICT_UNDECIDED;
}

/* What was remembered of the old policy's log says nothing of another one. */
static bool memory_follow(struct vantage *v, const struct policy *old, struct err *e)
{
	const struct policy *now = &v->followed;

	if (str_eq(old->log.name, now->log.name) &&
	    memcmp(&old->log.public, &now->log.public, sizeof now->log.public) == 0)
		return true;
	v->state = NULL;
	if (v->own_state && !state_path(v->cli, &now->log, &v->state, e))
		return false;
	return load_memory(v, e);
}

/* Go on with the policy's last successor, when the site has one; asked once.  A bad one changes nothing. */
static bool follow(struct vantage *v, bool *changed, struct err *e)
{
	const struct policy *old = v->from.policy;
	struct err why;

	*changed = false;
	if (v->asked_successor || old == NULL || v->from.site == NULL)
		return true;
	v->asked_successor = true;
	v->followed = *old;
	if (!trust_follow(v->cli, v->from.site, &v->followed, &v->hops, &why))
		v->hops = 0;
	if (v->hops == 0)
		return true;
	*changed = true;
	v->from.policy = &v->followed;
	return memory_follow(v, old, e) && look_afresh(v, e);
}

bool vantage_keys(struct vantage *v, const struct keylist **out, struct err *e)
{
	bool changed;

	*out = NULL;
	if (v->http != NULL)
		return true;
	if (!gather_keys(v->gather, out, e))
		return false;
	if (*out != NULL)
		return true;
	return follow(v, &changed, e) && (!changed || gather_keys(v->gather, out, e));
}

static bool look_once(struct vantage *v, struct arena *a, const struct gather_target *target,
		      const struct evidence *asked, struct evidence *out, struct err *e)
{
	if (!gather_evidence(v->gather, a, target, out, e))
		return false;
	out->has_at = asked->has_at;
	out->at = asked->at;
	out->allow_no_log = asked->allow_no_log;
	out->expect = asked->expect;
	out->roots_changed = v->hops;
	return true;
}

bool vantage_look(struct vantage *v, struct arena *a, const struct gather_target *target,
		  const struct evidence *asked, struct evidence *out, struct err *e)
{
	bool changed = false;

	if (!look_once(v, a, target, asked, out, e))
		return false;
	if (v->http != NULL && is_doubtful(verdict_of(out).code) && site_http_doubt(v->http) &&
	    (!look_afresh(v, e) || !look_once(v, a, target, asked, out, e)))
		return false;
	if (out->keylist_state == KEYLIST_BAD &&
	    (!follow(v, &changed, e) || (changed && !look_once(v, a, target, asked, out, e))))
		return false;
	if (v->http != NULL && !is_doubtful(verdict_of(out).code))
		site_http_keep(v->http);
	return true;
}
