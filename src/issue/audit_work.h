/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_AUDIT_WORK_H
#define HUFU_ISSUE_AUDIT_WORK_H

#include "issue/audit.h"
#include "net/site_dir.h"
#include "proof/checkpoint.h"
#include "proof/tile.h"
#include "json/json.h"

/* What the parts of an audit share.  Private to issue/audit*.c. */
struct audit {
	const struct audit_order *order;
	struct home *home;
	struct audit_counts *counts;
	struct arena *arena;
	const char *dir; /* HOME/site */
	struct site_dir folder;
	struct site site;
	struct checkpoint checkpoint;
	struct tile_edge *edge; /* the tree, made again */
	struct buf bundle;      /* entries of `bundle_n` */
	uint64_t bundle_n;      /* UINT64_MAX: none is loaded */
	struct buf bytes;
	unsigned char (*lines)[SHA256_SIZE]; /* of the journal, ascending */
	size_t line_count;
	unsigned char (*acts)[SHA256_SIZE]; /* officers' statements in the journal, ascending */
	size_t act_count;
	int64_t *forgotten; /* places the journal names, ascending */
	size_t forgotten_count;
	int64_t *sampled; /* places whose files are hashed, ascending; NULL: all */
	size_t sampled_count;
	struct sql_rows *rows; /* documents by idx */
	struct store_document row;
	bool held, over;
};

/* A difference: "place: words". */
bool audit_differs(struct err *e, const char *place, const char *words);

/* The journal: its chain, its lines' hashes, the places it calls forgotten. */
bool audit_journal(struct audit *a, struct err *e) MUST_CHECK;

/* The log, entry by entry. */
bool audit_log(struct audit *a, struct err *e) MUST_CHECK;
bool audit_entry_at(struct audit *a, uint64_t idx, struct entry *out, struct err *e) MUST_CHECK;

/* Draw the sample that the order asks for. */
bool audit_sample(struct audit *a, struct err *e) MUST_CHECK;

/* Of a journal line about a letter: the statement in it.  Then, of all of them together. */
bool audit_act_take(struct audit *a, const struct json *line, struct err *e) MUST_CHECK;
void audit_acts_end(struct audit *a);

/* Each letter against what two officers signed. */
bool audit_letters(struct audit *a, struct err *e) MUST_CHECK;

/* Valid documents against the feed, when there is one. */
bool audit_feed(struct audit *a, struct err *e) MUST_CHECK;

/* Manifests and status lists against log and store. */
bool audit_manifests(struct audit *a, struct err *e) MUST_CHECK;
bool audit_shards(struct audit *a, struct err *e) MUST_CHECK;

#endif
