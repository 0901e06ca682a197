#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A system call fails once during `hufu issue`: FAULTS= how many places a call (13).  Either the run still ends whole, or
# it says so (exit 3 and a line on stderr) and the next run does.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace

head -n 3 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init fresh --demo
cp -a fresh whole
runs 0 "$HUFU" issue feed.jsonl --home whole --out out --as-of "$today" --jobs 1 --thumbnails 0

issue() { "$HUFU" issue feed.jsonl --home home --out got --as-of "$today" --jobs 1 --thumbnails 0; }

whole() { rm -f got/.tmp-* && diff -r -x 'report.*' out got && diff -r whole/site home/site; }

places=${FAULTS:-13}
for fault in write:ENOSPC write:EIO pwrite64:ENOSPC fsync:EIO fdatasync:EIO syncfs:EIO rename:EIO link:ENOSPC \
	openat:EMFILE mkdir:ENOSPC; do
	call=${fault%:*} error=${fault#*:}
	rm -rf home got && cp -a fresh home
	strace -f -qq -e trace="$call" -o .io/trace "$HUFU" issue feed.jsonl --home home --out got --as-of "$today" \
		--jobs 1 --thumbnails 0 >.io/out 2>.io/err
	total=$(grep -c "$call" .io/trace)
	it "$error at $call ($total calls): never a success with something missing"
	holds test "$total" -gt 0
	k=1 met=0
	while [ "$k" -le "$places" ] && [ "$k" -le "$total" ]; do
		at=$(((total * k + places) / (places + 1)))
		[ "$total" -gt "$places" ] || at=$k
		rm -rf home got && cp -a fresh home
		strace -f -qq -o .io/trace -e trace="$call" -e inject="$call:error=$error:when=$at" "$HUFU" issue \
			feed.jsonl --home home --out got --as-of "$today" --jobs 1 --thumbnails 0 >.io/out 2>.io/err
		code=$?
		met=$((met + $(grep -c INJECTED .io/trace)))
		case $code in
		0) holds whole ;;
		3) # each process counts its own calls, and the one that fails may be that which says so
			grep -q 'write(2, "hufu: .*INJECTED' .io/trace || holds grep -q '^hufu: ' .io/err ;;
		*) # a library or loader that could not open a file may end the program its own way, but not by a signal
			[ "$call" = openat ] && [ "$code" -lt 126 ] || [ "$code" = 127 ] ||
				wrong "exit $code with $error at $call number $at: $(cat .io/err)" ;;
		esac
		runs 0 issue
		holds whole
		k=$((k + 1))
	done
	holds test "$met" -gt $((k / 2)) # threads share the calls: not every place is met
done
finish
