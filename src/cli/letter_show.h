/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_CLI_LETTER_SHOW_H
#define HUFU_CLI_LETTER_SHOW_H

#include "cli/cli.h"
#include "issue/tick.h"

/* What `hufu letter` prints of applications: to cli->out, as text or one JSON object a line. */

/* Append "2026-11-24 09:00 (UTC+8)", in the issuer's zone. */
void letter_show_time(struct buf *out, const struct config *c, int64_t at);

/* One line an application: number, stage, what for whom. */
bool letter_show_line(struct cli *cli, const struct office_case *c, bool json,
		      struct err *e) MUST_CHECK;

/* Everything: the conditions with their figures, who prepared and approved, what came of it. */
bool letter_show_case(struct cli *cli, const struct office *o, const struct office_case *c,
		      bool json, struct err *e) MUST_CHECK;

/* What the member is told of a refusal: code, reason, what may be had instead, whom to ask, how to appeal; zh and en. */
bool letter_show_refusal(struct cli *cli, const struct office *o, const struct office_case *c,
			 struct err *e) MUST_CHECK;

/* One line of a tick. */
bool letter_show_tick(struct cli *cli, const struct tick_line *line, bool json,
		      struct err *e) MUST_CHECK;

#endif
