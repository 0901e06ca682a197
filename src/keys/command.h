/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_COMMAND_H
#define HUFU_KEYS_COMMAND_H

#include "keys/device.h"

/*
 * A key behind a program of the issuer's: started once (no shell, an environment of PATH alone), asked on its standard
 * input, a line of canonical JSON a question, and to answer each with one line on its standard output:
 *
 *   {"message":hex,"number":1,"public":hex,"role":"issuing","schema":"hufu.sign/1"}
 *   {"signature":hex 64}      or      {"error":"words"}
 *
 * It ends when its input does.  An answer that does not begin within COMMAND_PATIENCE_S seconds, is longer than
 * COMMAND_ANSWER_MAX bytes or none of the above ends its use: it is asked nothing more.
 */
enum { COMMAND_PATIENCE_S = 30, COMMAND_ANSWER_MAX = 4096 };

bool command_open(const struct device *device, struct device_hand *out, struct err *e) MUST_CHECK;

/* One line of a program, its line break cut off; hostile.  ERR_SYSTEM carries the words of an "error". */
bool command_answer_read(struct str line, unsigned char out[ED25519_SIGNATURE],
			 struct err *e) MUST_CHECK;

#endif
