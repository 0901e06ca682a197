#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run what was built into BUILD and end with "N passed, N failed".  run.sh BUILD [interop]
cd "$(dirname "$0")/.." || exit 3
. tests/count.sh
build=$1
export B="$build" HUFU="$PWD/$build/hufu" HUFU_ROOT="$PWD"
case "$build" in /*) HUFU=$build/hufu ;; esac

rooms() {
	for sources in tests/*/; do
		room=$(basename "$sources")
		ls "$sources"*_test.c >/dev/null 2>&1 || continue
		unit "tests/$room" "$build/tests/${room}_tests"
	done
}

corpora() {
	for target in tests/fuzz/*.c; do
		parser=$(basename "$target" .c)
		[ "$parser" = replay ] || unit "corpus of $parser" "$build/replay/$parser" "tests/fuzz/corpus/$parser"
	done
}

scripts() {
	for script in tests/cli/[0-9]*.sh; do
		unit "$script" sh "$script"
	done
}

# tests/judges: "name: command", a line each; the command sees $B, $HUFU, and the root as its folder.
judges() {
	sed -n 's/^\([a-z][^:#]*\): *\(.*\)/\1|\2/p' "$1" >"$logs/judges"
	[ -s "$logs/judges" ] || { unit "$1" false; return; }
	while IFS='|' read -r name command; do
		unit "$name" sh -c "$command"
	done <"$logs/judges"
}

case "${2-test}" in
test)
	rooms
	corpora
	scripts
	judges tests/judges
	;;
interop)
	judges tests/interop/judges
	;;
esac
total
