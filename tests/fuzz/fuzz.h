/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_FUZZ_H
#define HUFU_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * What each tests/fuzz/<parser>.c defines: hand the bytes to the parser.  Returns 0.  A crash, a sanitizer's finding, a
 * broken promise (abort()) and more than 10 s are faults.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
