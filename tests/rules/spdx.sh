#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every source says its licence on line 1 (line 2 behind #!).
. "$(dirname "$0")/lib.sh"

missing=
count=0
for f in $(files); do
	case "$f" in
	tests/fuzz/corpus/* | tests/*/data/* | tests/data/* | */package-lock.json) continue ;;
	*.c | *.h | *.sh | *.py | *.awk | *.mk | *.js | *.mjs | *.css | *.html | *.sql | *.map | Makefile | .ci/* | docs/*.[1-8]) ;;
	*) continue ;;
	esac
	count=$((count + 1))
	head -n 2 "$f" | grep -q 'SPDX-License-Identifier: Apache-2\.0' || missing="$missing
$f"
done
[ "$count" -gt 0 ] || not_ok 'there are sources'
none 'every source has its SPDX line' "$missing"
[ -f LICENSE ] && grep -q 'Apache License' LICENSE && ok 'LICENSE is there' || not_ok 'LICENSE is there'
finish
