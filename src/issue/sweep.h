/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_ISSUE_SWEEP_H
#define HUFU_ISSUE_SWEEP_H

#include "base/err.h"

/*
 * Take away what a killed run left under `dir`: files still under their temporary names (base/io.h).  Only while the home
 * is locked: nobody else is writing then.  A folder that is not there is swept.
 */
bool sweep_folder(const char *dir, struct err *e) MUST_CHECK;

/* The same of the files in the folder itself: a glance at its names, however many they are. */
bool sweep_files(const char *dir, struct err *e) MUST_CHECK;

#endif
