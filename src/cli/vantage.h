/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_VANTAGE_H
#define HUFU_CLI_VANTAGE_H

#include "cli/cli.h"
#include "proof/gather.h"

/*
 * Where a verifier looks at one issuer from: a site in a folder, behind http(s) or in a bundle, the pinned policy, what is
 * remembered of its log.
 */
struct vantage;

/* All of it may be NULL. */
struct vantage_place {
	const char *site;   /* a folder or an http(s) base; with neither: the policy's own site */
	const char *bundle; /* a bundle file */
	const char *state;  /* the file of memory; NULL: the user's own, and only for http(s) */
	const struct policy *policy; /* lent till vantage_close */
	bool thorough;               /* as gather_from */
	bool has_at;
	int64_t at;
};

/* Is --site behind http(s)? */
bool vantage_is_far(const char *site);

/* ERR_SYSTEM or ERR_INPUT when folder, bundle or memory cannot be read.  A site behind http(s) is asked only later. */
bool vantage_open(struct cli *cli, const struct vantage_place *place, struct vantage **out,
		  struct err *e) MUST_CHECK;

void vantage_close(struct vantage *v); /* accepts NULL */

/*
 * What a worker may look for signers under: the key list of a site that is at hand (a folder, a bundle).  NULL when none
 * holds, and for a site behind http(s), which may be read afresh at any look.
 */
bool vantage_keys(struct vantage *v, const struct keylist **out, struct err *e) MUST_CHECK;

/* Write down what was seen. */
bool vantage_save(struct vantage *v, struct err *e) MUST_CHECK;

/*
 * One target to its evidence and verdict.  `asked` holds what the options ask: has_at, at, allow_no_log, expect.  When the
 * answer may be the fault of files kept on the disk, it is looked for once more without them.  Where the key list is not
 * signed by the pinned roots, and the site has a successor of the policy that is, the look goes on with that one, for this
 * vantage alone: nothing is pinned, and out->roots_changed says so.
 */
bool vantage_look(struct vantage *v, struct arena *a, const struct gather_target *target,
		  const struct evidence *asked, struct evidence *out, struct err *e) MUST_CHECK;

/* As gather_trouble. */
const struct err *vantage_trouble(const struct vantage *v);

#endif
