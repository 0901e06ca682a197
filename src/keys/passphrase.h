/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_PASSPHRASE_H
#define HUFU_KEYS_PASSPHRASE_H

#include "keys/secret.h"

enum { PASSPHRASE_MAX = 1024 }; /* bytes; 1 at least */

/*
 * What opens a home, never from argv or the environment.  Each gives 1 to PASSPHRASE_MAX bytes in *out, owned by the
 * caller (secret_free), or fails with ERR_SYSTEM and an empty *out.  The bytes are as they came, a final line break
 * included: only kek_* knows whether they were typed (then it is dropped) or drawn at random (then it counts).
 */

/* Till the end of a pipe or file; a terminal is asked for one line, echo off, with `prompt`. */
bool passphrase_of_fd(int fd, const char *prompt, struct secret *out, struct err *e) MUST_CHECK;

/* A credential file, private as private_read asks (systemd LoadCredential, a demo home). */
bool passphrase_of_file(const char *path, struct secret *out, struct err *e) MUST_CHECK;

/* One line from the controlling terminal, echo off. */
bool passphrase_of_terminal(const char *prompt, struct secret *out, struct err *e) MUST_CHECK;

#endif
