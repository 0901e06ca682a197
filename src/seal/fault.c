/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault_raise(struct err *e, const char *code, const char *fmt, ...)
{
	char words[sizeof e->cause];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	err_system(e, "%s", words);
	return fault_rename(e, code);
}

bool fault_rename(struct err *e, const char *code)
{
	(void)snprintf(e->code, sizeof e->code, "%s", code);
	return false;
}
