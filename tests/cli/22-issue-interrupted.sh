#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Kill `hufu issue` at chosen system calls and run it again: KILLS= how many places a call (7).
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace

python3 "$root/tests/demo/members.py" 11 24 >feed.jsonl
runs 0 "$HUFU" init fresh --demo
cp -a fresh whole
runs 1 "$HUFU" issue feed.jsonl --home whole --out out --as-of "$today" --jobs 1 --thumbnails 0

# calls NAME: how often the uninterrupted run makes that system call
calls() {
	rm -rf count && cp -a fresh count
	strace -f -qq -e trace="$1" -o .io/trace "$HUFU" issue feed.jsonl --home count --out counted \
		--as-of "$today" --jobs 1 --thumbnails 0 >.io/out 2>.io/err
	grep -c "$1" .io/trace
	rm -rf counted
}

places=${KILLS:-7}
for call in write fsync fdatasync syncfs rename link pwrite64 openat; do
	total=$(calls "$call")
	killed=0
	it "killed at $call ($total calls), then run again: same files, same manifest"
	holds test "$total" -gt 0
	k=1
	while [ "$k" -le "$places" ]; do
		at=$(((total * k) / (places + 1) + 1))
		rm -rf home got && cp -a fresh home
		strace -f -qq -o .io/trace -e trace="$call" -e inject="$call:signal=KILL:when=$at" "$HUFU" issue \
			feed.jsonl --home home --out got --as-of "$today" --jobs 1 --thumbnails 0 >.io/out 2>.io/err
		killed=$((killed + ($? == 137)))
		runs 1 "$HUFU" issue feed.jsonl --home home --out got --as-of "$today" --jobs 2 \
			--thumbnails 0
		holds diff -r -x 'report.*' out got
		holds diff -r whole/site home/site
		k=$((k + 1))
	done
	holds test "$killed" -ge $((places / 2)) # threads share the calls: not every place is met
done
finish
