#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every code an error of the program may carry is explained in docs/REFUSALS.md.
. "$(dirname "$0")/lib.sh"

codes=$(files | grep '^src/.*\.c$' | xargs cat | tr '\n' ' ' |
	grep -oE '(err_input|fault_raise)\( *[^,"]+, *"[A-Z0-9][A-Z0-9-]*"' | grep -oE '"[A-Z0-9-]+"' | tr -d '"' | sort -u)
[ -n "$codes" ] || not_ok 'there are codes'
missing=
for code in $codes; do
	grep -qF "\`$code\`" docs/REFUSALS.md || missing="$missing
$code"
done
none 'every code is in docs/REFUSALS.md' "$missing"
finish
