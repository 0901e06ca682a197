# SPDX-License-Identifier: Apache-2.0
# For the runners: one total over many programs that each say "N passed, N failed" or print TAP.

passed=0 failed=0
limit=${LIMIT:-600} # seconds a unit or step may take: a loop without end is a failure, not a wait

# What a sanitizer finds must never look like an answer of the program: it aborts (134), and no test expects a signal.
export ASAN_OPTIONS="abort_on_error=1:detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:allocator_may_return_null=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export LSAN_OPTIONS="exitcode=134${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
export UBSAN_OPTIONS="halt_on_error=1:abort_on_error=1:print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
export LC_ALL=C.UTF-8 TZ=UTC
unset LC_MESSAGES LANG LANGUAGE NO_COLOR MAKEFLAGS MAKELEVEL MFLAGS

logs=$(mktemp -d) && trap 'rm -rf "$logs"' EXIT

# unit NAME COMMAND...: run it and add what it counted.  A program that counts nothing, or that fails without saying
# what failed, is one failure.
unit() {
	name=$1
	shift
	timeout -k 10 "$limit" "$@" >"$logs/log" 2>&1 </dev/null
	status=$?
	[ $status -ne 124 ] || echo "# took over $limit s" >>"$logs/log"
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$logs/log" | tail -n 1)
	if [ -n "$last" ]; then
		p=${last%% *}
		f=${last#*, } && f=${f%% *}
	else
		p=$(grep -cE '^ok( |$)' "$logs/log")
		f=$(grep -cE '^not ok( |$)' "$logs/log")
	fi
	if [ "$f" -eq 0 ]; then
		[ "$status" -eq 0 ] || { f=1; echo "# ended with status $status" >>"$logs/log"; }
		[ $((p + f)) -gt 0 ] || { f=1; echo '# judged nothing' >>"$logs/log"; }
	fi
	passed=$((passed + p)) failed=$((failed + f))
	if [ "$f" -eq 0 ]; then
		printf 'ok     %-40s %5d passed\n' "$name" "$p"
	else
		printf 'not ok %-40s %5d passed, %d failed\n' "$name" "$p" "$f"
		grep -vE '^ok( |$)' "$logs/log" | tail -n 60 | sed 's/^/    /'
	fi
}

# step NAME COMMAND...: one thing that succeeds or fails; its words are shown when it fails.
step() {
	name=$1
	shift
	if "$@" >"$logs/log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		printf 'ok     %s\n' "$name"
	else
		failed=$((failed + 1))
		printf 'not ok %s\n' "$name"
		tail -n 60 "$logs/log" | sed 's/^/    /'
	fi
}

total() {
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}
