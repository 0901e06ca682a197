/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_RECORD_PUA_H
#define HUFU_RECORD_PUA_H

#include <stdint.h>

/*
 * What a private-use code point of the GBK and GB 18030-2000 mappings stands for today (U+E863 gives U+4DAE 䶮), or 0
 * when no standard assigns it: codes of police, bank or vendor sets need the sender's own table.  A suggestion for
 * people; nothing in the house replaces characters by it unasked.
 */
uint32_t pua_assigned(uint32_t code_point);

#endif
