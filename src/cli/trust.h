/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_TRUST_H
#define HUFU_CLI_TRUST_H

#include "cli/cli.h"
#include "net/site.h"
#include "proof/policy.h"

/*
 * The policies a verifier has pinned (proof.md §4): <issuer>.json in $XDG_CONFIG_HOME/hufu/trust, canonical, one an
 * issuer, written at once or not at all, 0644.  The name is the issuer's, so an issuer that begins with a dot or a dash
 * cannot be pinned.
 */
enum { TRUST_MAX = 256 };

struct trust {
	const char *dir; /* NULL: there is no place for it, and nothing is pinned */
	struct policy *policies;
	size_t count; /* by issuer, ascending */
};

/*
 * Read all that is pinned, into cli->arena; no folder is no policy.  A file or folder that everybody may write, a broken
 * file, one that bears another issuer's name: false, with the file's name, for a verifier must not go on without it.
 */
bool trust_open(struct cli *cli, struct trust *out, struct err *e) MUST_CHECK;

/* The policy of this issuer, of this site (a slash at its end is ignored), of either; NULL when none is pinned. */
const struct policy *trust_of_issuer(const struct trust *t, struct str issuer);
const struct policy *trust_of_site(const struct trust *t, struct str base);
const struct policy *trust_find(const struct trust *t, struct str issuer_or_site);

/* Pin the policy, in place of one of the same issuer.  ERR_INPUT, TRUST-NAME; ERR_SYSTEM. */
bool trust_pin(struct cli *cli, const struct trust *t, const struct policy *policy,
	       struct err *e) MUST_CHECK;

/* Take the policy of this issuer away.  ERR_INPUT, TRUST-ABSENT when it is not pinned. */
bool trust_unpin(struct cli *cli, const struct trust *t, struct str issuer,
		 struct err *e) MUST_CHECK;

/*
 * Go from *policy to the one that follows it on the site, and on, at most POLICY_HOPS_MAX times (policy.h); *hops: how
 * often.  Each is signed by the roots of both.  Nothing is pinned.  False when one is not what it must be, or the site
 * cannot be asked.
 */
bool trust_follow(struct cli *cli, const struct site *site, struct policy *policy, unsigned *hops,
		  struct err *e) MUST_CHECK;

/* A policy file of at most POLICY_BYTES_MAX into cli->arena. */
bool trust_read(struct cli *cli, const char *path, struct policy *out, struct err *e) MUST_CHECK;

#endif
