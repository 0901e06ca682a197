#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No promises in place of work, no path of one machine, no address of a package registry in any file of ours.
. "$(dirname "$0")/lib.sh"

list=$(mktemp) && trap 'rm -f "$list"' EXIT
files | grep -vE '^(tests/rules/(words|selftest)\.sh|LICENSE)$' >"$list"
[ -s "$list" ] || not_ok 'there are files'

search() {
	tr '\n' '\0' <"$list" | xargs -0 -r grep -nIE "$1" -- /dev/null | cut -c1-160
}

none 'no promise in place of work' "$(search '\b(TODO|FIXME|XXX|HACK)\b' | grep -v '^tests/fuzz/corpus/')"
none 'no path of one machine' "$(search '(^|[^A-Za-z0-9_.])/(work|home/[A-Za-z0-9_.-]+|root|mnt|Users)/' |
	grep -v '^tests/fuzz/corpus/')"
none 'no registry address' "$(search \
	'(registry\.npmjs\.org|registry\.npmmirror|registry\.yarnpkg|pypi\.org|pythonhosted\.org|deb\.debian\.org|proxy\.golang\.org|static\.crates\.io|"resolved": *"https?:)')"
finish
