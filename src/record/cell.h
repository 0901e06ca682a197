/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_CELL_H
#define HUFU_RECORD_CELL_H

#include "record/map.h"

/*
 * The JSON value that a cell of the field's column stands for; *present = false for an empty cell.  Private-use
 * characters go through the map's table.  Faults: CSV-VALUE, CSV-ENCODING.
 */
bool cell_read(struct arena *a, const struct map *map, const struct map_field *field,
	       struct str text, struct json *out, bool *present, struct err *e) MUST_CHECK;

#endif
