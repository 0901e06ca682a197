/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_ANSWER_H
#define HUFU_CLI_ANSWER_H

#include "cli/cli.h"
#include "cli/sealview.h"
#include "proof/verdict.h"

/* How verdicts are given: in words, one JSON object a line, or CSV. */
enum answer_form {
	ANSWER_WORDS,
	ANSWER_JSON, /* verdict_json */
	/*
	 * RFC 4180 with a header line, UTF-8.  Fields of the document stand there only when its signature holds.  A field
	 * that a spreadsheet would take for a formula (= + - @, tab, return first) has an apostrophe before it.
	 */
	ANSWER_CSV
};

struct answers {
	struct cli *cli;
	enum answer_form form;
	/*
	 * Also say what the answer rests on, for the file.  JSON: a member "evidence" {checked_at, policy (its fingerprint),
	 * file_sha256, tree_size, tree_root, list_iat, list_exp, keys_version, program}; CSV: columns of these names.
	 */
	bool evidence;
	/* Seals were looked at: JSON has a member, CSV a column "seal", and one that does not hold is a no. */
	bool seal;
	struct buf text, words;
	const struct policy *of; /* `fingerprint` is this one's */
	char fingerprint[POLICY_FINGERPRINT + 1];
	size_t given, valid, no, undecided;
	int worst; /* exit code */
};

struct answers answers_begin(struct cli *cli, enum answer_form form, bool evidence, bool seal);
void answers_free(struct answers *a);

/* Give one.  `sha256` of the target's file, NULL for a code; `seal`: what was found of its seals, NULL for none looked at.  Whether cli->out could be written is not looked at. */
bool answers_give(struct answers *a, struct str target, const unsigned char *sha256,
		  const struct evidence *evidence, const struct verdict *verdict,
		  const struct check_report *seal, struct err *e) MUST_CHECK;

/* How many of each there were, on stderr. */
void answers_sum(struct answers *a);

#endif
