/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/vantage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/state.h"
#include "net/site_dir.h"
#include "net/site_http.h"
#include "proof/bundle.h"

struct vantage {
	struct cli *cli;
	struct gather_from from;
	struct site site;
	struct site_dir dir;
	struct site_http *http;
	void *map; /* of the bundle's file; NULL: none */
	size_t map_n;
	struct bundle *bundle;
	const char *state; /* NULL: nothing is remembered */
	struct memory memory;
	struct gather *gather;
};

static bool is_url(struct str s)
{
	return str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
}

static bool open_folder(struct vantage *v, const char *path, struct err *e)
{
	if (!site_dir_open(path, &v->dir, &v->site, e))
		return false;
	v->from.site = &v->site;
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
	if (place->site != NULL && !is_url(str_of(place->site)))
		return open_folder(v, place->site, e);
	if (place->site != NULL)
		return open_net(v, str_of(place->site), e);
	return place->policy == NULL || open_net(v, place->policy->site, e);
}

/* What the user remembers is of the net: a copy in a folder may be as old as it likes. */
static bool open_memory(struct vantage *v, const struct vantage_place *place, struct err *e)
{
	v->state = place->state;
	if (place->policy == NULL)
		v->state = NULL;
	else if (v->state == NULL && v->http != NULL &&
		 !state_path(v->cli, &place->policy->log, &v->state, e))
		return false;
	if (v->state == NULL)
		return true;
	if (!state_load(v->cli, v->state, &v->memory, e))
		return false;
	v->from.memory = &v->memory;
	return true;
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

static bool look_once(struct vantage *v, struct arena *a, const struct gather_target *target,
		      const struct evidence *asked, struct evidence *out, struct err *e)
{
	if (!gather_evidence(v->gather, a, target, out, e))
		return false;
	out->has_at = asked->has_at;
	out->at = asked->at;
	out->allow_no_log = asked->allow_no_log;
	out->expect = asked->expect;
	return true;
}

bool vantage_look(struct vantage *v, struct arena *a, const struct gather_target *target,
		  const struct evidence *asked, struct evidence *out, struct err *e)
{
	bool doubtful;

	if (!look_once(v, a, target, asked, out, e))
		return false;
	if (v->http == NULL)
		return true;
	doubtful = is_doubtful(verdict_of(out).code);
	if (doubtful && site_http_doubt(v->http)) {
		if (!look_afresh(v, e) || !look_once(v, a, target, asked, out, e))
			return false;
		doubtful = is_doubtful(verdict_of(out).code);
	}
	if (!doubtful)
		site_http_keep(v->http);
	return true;
}
