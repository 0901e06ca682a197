#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Kill `hufu publish`, `revoke` and `forget` at chosen system calls and run them again: the log only grows, every entry is
# explained, and a verifier sees either the site of before or that of after.  KILLS= how many places a call (2).
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace

head -n 3 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init fresh --demo
runs 0 "$HUFU" issue feed.jsonl --home fresh --out out --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home fresh --to site
runs 0 "$HUFU" revoke --member m-02 --home fresh --reason resigned </dev/null
pdf=$(ls out/*.pdf | head -n 1)
places=${KILLS:-2}

# calls NAME COMMAND...: how often the uninterrupted command makes that system call
calls() {
	call=$1
	shift
	rm -rf home there && cp -a fresh home && cp -a site there
	strace -f -qq -e trace="$call" -o .io/trace "$@" </dev/null >.io/out 2>.io/err
	grep -c "$call" .io/trace
}

# killed NAME WHAT COMMAND...: at every place, then WHAT is called with nothing left to chance
killed() {
	deed=$1 what=$2
	shift 2
	for call in write fsync fdatasync syncfs rename link unlink pwrite64; do
		total=$(calls "$call" "$@")
		[ "$total" -gt 0 ] || continue
		it "$deed killed at $call ($total calls), then run again"
		met=0 k=1
		while [ "$k" -le "$places" ]; do
			at=$(((total * k) / (places + 1) + 1))
			rm -rf home there && cp -a fresh home && cp -a site there
			strace -f -qq -o .io/trace -e trace="$call" -e inject="$call:signal=KILL:when=$at" "$@" \
				</dev/null >.io/out 2>.io/err
			met=$((met + ($? == 137)))
			"$what"
			k=$((k + 1))
		done
		holds test "$met" -ge $((places / 2)) # threads share the calls: not every place is met
	done
}

# Whatever the moment, what a verifier finds on the site is never a contradiction.
published_again() {
	"$HUFU" verify "$pdf" --site there --keys fresh/policy.json --json >.io/verdict 2>.io/err
	grep -Eq '"verdict":"(VALID|ENDED|STALE|UNDECIDED)"' .io/verdict || wrong "halfway: $(cut -c1-150 .io/verdict)"
	runs 0 "$HUFU" publish --home home --to there
	runs 0 "$HUFU" audit --home home --site there
	holds test -z "$(find home there -name '.tmp-*')"
}
killed 'a publish' published_again "$HUFU" publish --home home --to there

revoked_again() {
	runs 0 "$HUFU" audit --home home # nothing half-done, before any repair
	"$HUFU" revoke --member m-01 --home home --reason penalty </dev/null >.io/out 2>.io/err # done already: nothing to do
	runs 0 "$HUFU" publish --home home --to there
	runs 0 "$HUFU" audit --home home --site there
	holds test "$("$HUFU" verify out/*.pdf --site there --keys fresh/policy.json --json | grep -c REVOKED)" -eq 2
}
killed 'a revocation' revoked_again "$HUFU" revoke --member m-01 --home home --reason penalty

forgotten_again() {
	"$HUFU" forget m-03 --home home </dev/null >.io/out 2>.io/err
	runs 1 "$HUFU" forget m-03 --home home
	runs 0 "$HUFU" publish --home home --to there
	runs 0 "$HUFU" audit --home home --site there --json
	out_has '"forgotten":2'
}
killed 'an erasure' forgotten_again "$HUFU" forget m-03 --home home
finish
