/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TESTS_FORM_ISSUER_H
#define HUFU_TESTS_FORM_ISSUER_H

#include "form/seal.h"

/* Seals of the associations that the facts of these tests name: a national one, a local one. */
static inline bool issuer_seals(const struct fonts *fonts, struct seals **out, struct err *e)
{
	const struct seal_order orders[] = {
		{ .names = { STR("示范注册会计师协会"),
			     STR("Model Institute of Certified Public Accountants") } },
		{ .names = { STR("示范省注册会计师协会"),
			     STR("Model Province Institute of CPAs") } },
	};

	return seal_open(fonts, orders, COUNT_OF(orders), out, e);
}

#endif
