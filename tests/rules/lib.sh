# SPDX-License-Identifier: Apache-2.0
# For the rules: each takes the tree to judge (default: this one), prints "ok" or "not ok" lines and ends with a count.

here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}" || exit 3
passed=0 failed=0

ok() {
	passed=$((passed + 1))
	printf 'ok %d - %s\n' $((passed + failed)) "$1"
}

# not_ok NAME [EVIDENCE]: the evidence is shown, a line a "# ".
not_ok() {
	failed=$((failed + 1))
	printf 'not ok %d - %s\n' $((passed + failed)) "$1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
}

# none NAME FINDINGS: passes when there are none.
none() {
	if [ -z "$2" ]; then ok "$1"; else not_ok "$1" "$2"; fi
}

finish() {
	[ $((passed + failed)) -gt 0 ] || not_ok 'found something to judge'
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
	exit
}

need() {
	for program in "$@"; do
		command -v "$program" >/dev/null 2>&1 || { not_ok "$program is installed"; finish; }
	done
}

# The files of the tree that are ours: tracked ones where git knows, else all but build products.
files() {
	if [ -e .git ]; then
		git ls-files -- "$@"
	else
		find . -type f ! -path './build*' ! -path '*/node_modules/*' | sed 's|^\./||' | sort
	fi
}
