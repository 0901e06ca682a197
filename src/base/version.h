/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_BASE_VERSION_H
#define HUFU_BASE_VERSION_H

/* Semantic version of the program, as --version and the manifest's "program" spell it. */
#define HUFU_VERSION "0.1.0"

#endif
