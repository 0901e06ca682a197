#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each header compiles alone and twice, with both compilers, and its guard has its own name.
. "$(dirname "$0")/lib.sh"
need gcc clang

bad_guards= bad_alone=
hold=$(mktemp -d) && trap 'rm -rf "$hold"' EXIT
for h in $(find src -name '*.h' | sort); do
	inner=${h#src/}
	guard=HUFU_$(printf '%s' "$inner" | tr 'a-z/.-' 'A-Z___')
	grep -q "^#define $guard\$" "$h" || bad_guards="$bad_guards
$h: the guard is not $guard"
	printf '#include "%s"\n#include "%s"\nextern int alone;\n' "$inner" "$inner" >"$hold/alone.c"
	for cc in gcc clang; do
		$cc -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
			"$hold/alone.c" 2>"$hold/why" || bad_alone="$bad_alone
$h ($cc): $(grep -m1 error "$hold/why")"
	done
done
none 'guards are named after their files' "$bad_guards"
none 'every header stands alone' "$bad_alone"
finish
