/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_NET_SITE_DIR_H
#define HUFU_NET_SITE_DIR_H

#include "net/site.h"

/* A published site (proof.md §3) that lies in a folder. */
struct site_dir {
	int fd; /* the folder; -1 when closed */
};

/*
 * Open the folder and fill *site, which lends *d till site_dir_close.  It is never the canonical site: a copy tells
 * nothing of today.  ERR_SYSTEM when it is no folder that can be opened.
 *
 * site->load takes only paths of [A-Za-z0-9._-] parts, each behind one "/", none of them beginning with a dot, and reads
 * only regular files; a missing file or folder is *absent.
 */
bool site_dir_open(const char *path, struct site_dir *d, struct site *site,
		   struct err *e) MUST_CHECK;
void site_dir_close(struct site_dir *d);

#endif
