#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Kill `hufu letter issue` at chosen system calls and run it again: no letter lost, none doubled, the bytes and the log of a
# run that nobody disturbed.  KILLS= how many places a call (2).
. tests/cli/lib.sh
. "$root/tests/cli/letter-home.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace
places=${KILLS:-2}

home_new
{ record m-01 1; record m-10 1; } >feed.jsonl
register feed.jsonl
request a m-01 language='"both"' >a.json
request b m-10 doc='"status_statement"' >b.json
request c m-01 >c.json
runs 0 letter apply a.json b.json --officer zhang
runs 0 letter approve 1 2 --officer chan
runs 0 letter apply c.json
at=$(date -u +%FT%TZ)
mv home fresh
cp -a fresh home
runs 0 letter issue --now --as-of "$at" --out out --json
docids <.io/out | sort >ids
holds test "$(wc -l <ids)" -eq 3
mv home whole

killed() { # killed CALL WHEN: a fresh home's run, ended by a signal at that system call
	rm -rf home got && cp -a fresh home
	strace -f -qq -o .io/trace -e trace="$1" -e inject="$1:signal=KILL:when=$2" "$HUFU" letter issue --now \
		--as-of "$at" --home home --out got >.io/out 2>.io/err
}

# As if nobody had disturbed it: the same files and log, each document once, nothing half-done.
undisturbed() {
	holds diff -r out got
	holds diff -r whole/site home/site
	holds test -z "$(find home got -name '.tmp-*')"
	runs 0 "$HUFU" audit --home home
	runs 0 letter show 1 2 --json
	docids_of_show <.io/out | sort >seen
	holds cmp ids seen
	runs 0 letter issue --now --as-of "$at" --out got
	out_is </dev/null
}
docids_of_show() {
	$py -c '
import json, sys
for r in map(json.loads, sys.stdin):
    assert r["stage"] == "issued", r
    for d in r["documents"]:
        assert d["status"] == "valid", d
        print(d["lang"], d["docid"])'
}

for call in write fsync fdatasync syncfs rename link pwrite64 openat; do
	rm -rf home got && cp -a fresh home
	total=$(strace -f -qq -e trace=$call -o .io/trace "$HUFU" letter issue --now --as-of "$at" --home home --out got \
		>.io/out 2>.io/err; grep -c $call .io/trace)
	[ "$total" -gt 0 ] || continue
	it "killed at $call ($total calls), then run again: same letters, same log"
	met=0 k=1
	while [ "$k" -le "$places" ]; do
		killed $call $(((total * k) / (places + 1) + 1))
		met=$((met + ($? == 137)))
		runs 0 letter issue --now --as-of "$at" --out got --json
		undisturbed
		holds diff -r out got
		k=$((k + 1))
	done
	stage_is 3 submitted
	holds test "$met" -ge $((places / 2)) # threads share the calls: not every place is met
done

# open_batch HOME: is a batch planned, and not at its end?
open_batch() {
	$py -c '
import sqlite3, sys
sys.exit(not sqlite3.connect(sys.argv[1] + "/store.db").execute("SELECT 1 FROM batch WHERE state < 4").fetchall())' "$1"
}
halfway() { # halfway: a home whose letters are planned, and no further
	n=1
	while :; do
		killed syncfs $n
		open_batch home && return
		n=$((n + 1))
		[ $n -lt 20 ] || { wrong 'no place leaves a batch open'; return; }
	done
}

it 'hufu issue finishes a batch of letters'
halfway
stage_is 1 issued
runs 0 "$HUFU" issue feed.jsonl --home home --out got --thumbnails 0
for pdf in out/*.pdf; do holds cmp "$pdf" "got/$(basename "$pdf")"; done
runs 0 letter issue --now --as-of "$at" --json
out_is </dev/null
runs 0 letter show 1 2 --json
docids_of_show <.io/out | sort >seen
holds cmp ids seen
runs 0 "$HUFU" audit --home home

it 'a home with letters under way forgets nobody and changes no key'
halfway
runs 3 "$HUFU" forget m-01 --home home </dev/null
err_has 'was interrupted'
runs 1 "$HUFU" key rotate --role log --home home
runs 3 "$HUFU" publish --home home --to site
err_has 'was interrupted'

it 'publishing closes it after half an hour, and the letters go out with the next tick'
touch -d '31 minutes ago' home/store.db
runs 0 "$HUFU" publish --home home --to site
stage_is 1 approved
stage_is 2 approved
runs 0 letter issue --now --as-of "$at" --out again --json
holds test "$(grep -c '"outcome":"issued"' .io/out)" -eq 3
runs 0 "$HUFU" publish --home home --to site
for pdf in again/*.pdf; do runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json; done
runs 0 "$HUFU" audit --home home

it 'an unfinished batch of certificates comes first'
rm -rf home got && cp -a fresh home
record m-01 2 'name.latin.full="LYU LYUE"' >next.jsonl
n=1
while ! open_batch home && [ $n -lt 20 ]; do
	strace -f -qq -o .io/trace -e trace=syncfs -e inject=syncfs:signal=KILL:when=$n "$HUFU" issue next.jsonl \
		--home home --out got --thumbnails 0 >.io/out 2>.io/err
	n=$((n + 1))
done
holds open_batch home
size=$(sed -n 2p home/site/checkpoint)
runs 75 letter issue --now --as-of "$at" --out got
out_is </dev/null
err_is <<'END'
hufu: a batch of certificates is unfinished; finish it with hufu issue
END
holds test "$(sed -n 2p home/site/checkpoint)" = "$size"
runs 0 "$HUFU" issue next.jsonl --home home --out got --thumbnails 0
runs 1 letter issue 1 2 --now --as-of "$(date -u +%FT%TZ)" --out got --json
out_has '{"application":1,"outcome":"refused","code":"APPROVAL-OTHER"'
out_has '"application":2,"outcome":"issued"'
runs 0 "$HUFU" audit --home home
finish
