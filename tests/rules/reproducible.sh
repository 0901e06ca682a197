#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two copies of the tree in two folders give the same program, byte for byte.
. "$(dirname "$0")/lib.sh"

hold=$(mktemp -d) && trap 'rm -rf "$hold"' EXIT
for copy in one a/longer/way/to/two; do
	mkdir -p "$hold/$copy"
	files >"$hold/files"
	tar -cf - -T "$hold/files" 2>/dev/null | tar -xf - -C "$hold/$copy"
	MAKEFLAGS= make -C "$hold/$copy" -j2 B=build build/hufu >"$hold/log" 2>&1 ||
		{ not_ok "a copy of the tree builds" "$(tail -n 20 "$hold/log")"; finish; }
done
if cmp "$hold/one/build/hufu" "$hold/a/longer/way/to/two/build/hufu" >/dev/null 2>&1; then
	ok 'two folders give the same program'
else
	not_ok 'two folders give the same program' "$(sha256sum "$hold"/*/build/hufu "$hold"/a/longer/way/to/two/build/hufu)"
fi
none 'the program holds no path of its build' "$(strings "$hold/one/build/hufu" | grep -F "$hold" | head -n 5)"
finish
