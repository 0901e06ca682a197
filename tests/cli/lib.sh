# SPDX-License-Identifier: Apache-2.0
# For tests/cli/NN-verb-what.sh: exact stdout, stderr and exit code.  A program that a signal ended never passes.
#
#   it 'names the nearest command'
#   runs 2 "$HUFU" verfy
#   out_is </dev/null
#   err_is <<'EOF' …
#   finish
#
# Each script runs in a folder of its own that is gone afterwards; $root is the project's root.

: "${HUFU:?the program to test}"
root=${HUFU_ROOT:-$(pwd)}
case "$HUFU" in /*) ;; *) HUFU=$root/$HUFU ;; esac
export LC_ALL=C.UTF-8 TZ=UTC HUFU_SHARE=$root # a build folder may lie anywhere
unset LC_MESSAGES LANG LANGUAGE
trash=$(mktemp -d) || exit 3
cd "$trash" || exit 3
mkdir .io
name= passed=0 failed=0 bad=
trap 'over $?' EXIT
trap 'exit 3' INT TERM

over() {
	cd / && rm -rf "$trash"
	[ "$name" = finished ] || echo "not ok $((passed + failed + 1)) - the script ended early (status $1)"
}

close_it() {
	[ -n "$name" ] || return 0
	if [ -z "$bad" ]; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $name"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $name"
		printf '%s\n' "$bad" | sed '/^$/d; s/^/# /'
	fi
	bad=
}

it() {
	close_it
	name=$1
}

wrong() {
	bad="$bad
$1"
}

# runs CODE COMMAND...: the streams are kept for the checks below
runs() {
	want=$1
	shift
	"$@" >.io/out 2>.io/err
	code=$?
	if [ "$code" -ge 126 ] || [ "$code" -ne "$want" ]; then
		wrong "exit $code, want $want: $*
$(head -n 30 .io/err)"
	fi
}

same() { # same WHAT FILE < wanted
	cat >.io/want
	cmp -s .io/want "$2" || wrong "$1 differs:
$(diff -u .io/want "$2" | tail -n +3 | head -n 40)"
}

out_is() { same stdout .io/out; }
err_is() { same stderr .io/err; }
file_is() { same "$1" "$1"; }
out_has() { grep -qF -- "$1" .io/out || wrong "stdout lacks: $1
$(head -n 20 .io/out)"; }
err_has() { grep -qF -- "$1" .io/err || wrong "stderr lacks: $1
$(head -n 20 .io/err)"; }
out_lacks() { ! grep -qF -- "$1" .io/out || wrong "stdout has: $1"; }
err_lacks() { ! grep -qF -- "$1" .io/err || wrong "stderr has: $1"; }

# holds COMMAND...: any condition
holds() {
	"$@" >.io/holds 2>&1 || wrong "does not hold: $*
$(head -n 20 .io/holds)"
}

finish() {
	close_it
	name=finished
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}
