/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/tile.h"

#include <stdio.h>

enum { GROUPS_MAX = 7 }; /* three digits each: 2^64 has 20 */

void tile_path(int level, uint64_t n, unsigned width, char out[TILE_PATH])
{
	unsigned groups[GROUPS_MAX];
	int count = 0, at;

	do {
		groups[count++] = (unsigned)(n % 1000);
		n /= 1000;
	} while (n > 0);
	if (level == TILE_ENTRIES)
		at = snprintf(out, TILE_PATH, "/tile/entries");
	else
		at = snprintf(out, TILE_PATH, "/tile/%d", level);
	while (count-- > 0)
		at += snprintf(out + at, TILE_PATH - (size_t)at, "/%s%03u", count > 0 ? "x" : "",
			       groups[count]);
	if (width < TILE_WIDTH)
		(void)snprintf(out + at, TILE_PATH - (size_t)at, ".p/%u", width);
}

unsigned tile_width(int level, uint64_t n, uint64_t size)
{
	uint64_t hashes, full;

	if (level < TILE_ENTRIES || level >= TILE_LEVELS)
		return 0;
	hashes = level == TILE_ENTRIES ? size : size >> 8 * level;
	full = hashes / TILE_WIDTH;
	if (n < full)
		return TILE_WIDTH;
	return n == full ? (unsigned)(hashes % TILE_WIDTH) : 0;
}
