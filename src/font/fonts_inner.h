/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_FONT_FONTS_INNER_H
#define HUFU_FONT_FONTS_INNER_H

#include "font/face.h"

enum {
	FACES_MAX = 32,
	ROLES_MAX = 32,
	LINKS_MAX = 8,      /* of a chain */
	LINK_FACES_MAX = 4, /* files that count as one face */
};

/* One step of a chain: files that together count as one face (HanaMin A and B). */
struct link {
	const struct face *faces[LINK_FACES_MAX];
	size_t count;
};

/* Where to look for a glyph, in order. */
struct chain {
	struct link links[LINKS_MAX];
	size_t count;
};

/* How one line's characters are divided: Chinese ones with their punctuation, and all others. */
enum chain_kind { CHAIN_HAN, CHAIN_OTHER, CHAIN_KINDS };

struct role {
	const char *name;
	struct chain chains[CHAIN_KINDS];
};

struct fonts {
	struct arena *a;
	struct face *faces[FACES_MAX];
	struct str ids[FACES_MAX];
	size_t face_count;
	struct role roles[ROLES_MAX];
	size_t role_count;
	unsigned char hash[SHA256_SIZE];
};

/* The role called name, or NULL. */
const struct role *fonts_role(const struct fonts *f, const char *name);

#endif
