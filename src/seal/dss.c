/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/dss.h"

#include "seal/fault.h"

bool dss_has(const struct dss *d, enum dss_kind kind, struct str bytes)
{
	for (size_t i = 0; i < d->count[kind]; i++)
		if (str_eq(d->of[kind][i], bytes))
			return true;
	return false;
}

bool dss_add(struct arena *a, struct dss *d, enum dss_kind kind, struct str bytes, struct err *e)
{
	static const char *const names[DSS_KINDS] = { "certificates", "OCSP answers", "CRLs" };
	struct str own;

	if (dss_has(d, kind, bytes))
		return true;
	if (d->count[kind] == DSS_EACH_MAX)
		return fault_raise(e, "SEAL-DSS-LARGE", "more than %d %s", DSS_EACH_MAX,
				   names[kind]);
	if (bytes.n > DSS_SIZE_MAX - d->size)
		return fault_raise(e, "SEAL-DSS-LARGE",
				   "%s: every document would carry more than %d bytes of evidence",
				   names[kind], DSS_SIZE_MAX);
	if (!arena_str(a, bytes, &own, e))
		return false;
	d->of[kind][d->count[kind]++] = own;
	d->size += bytes.n;
	return true;
}
