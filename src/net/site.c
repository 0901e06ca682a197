/* SPDX-License-Identifier: Apache-2.0 */
#include "net/site.h"

enum { PATH_BYTES_MAX = 200 };

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool site_path_ok(struct str path)
{
	if (path.n < 2 || path.n > PATH_BYTES_MAX || path.p[0] != '/' || path.p[path.n - 1] == '/')
		return false;
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '/' && (path.p[i + 1] == '/' || path.p[i + 1] == '.'))
			return false;
		if (path.p[i] != '/' && !is_name_byte(path.p[i]))
			return false;
	}
	return true;
}
