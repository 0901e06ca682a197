#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today

python3 "$root/tests/demo/members.py" 5 60 >feed.jsonl
runs 0 "$HUFU" init one --demo
cp -a one four
cp -a one elsewhere

it 'writes the same files with one worker, four, another zone and another locale'
runs 1 "$HUFU" issue feed.jsonl --home one --out out1 --as-of "$today" --jobs 1
runs 1 "$HUFU" issue feed.jsonl --home four --out out4 --as-of "$today" --jobs 4
runs 1 env TZ=America/Chicago LC_ALL=zh_CN.UTF-8 LANG=zh_CN.UTF-8 \
	"$HUFU" issue feed.jsonl --home elsewhere --out out5 --as-of "$today" --jobs 3
holds diff -r out1 out4
holds diff -r out1 out5
holds diff -r one/site four/site # log, status, buckets, manifest
holds diff -r one/site elsewhere/site
holds test "$(ls out1 | grep -c pdf)" -gt 60

it 'a second run issues nothing'
cp -a one/site before
runs 1 "$HUFU" issue feed.jsonl --home one --out again --as-of "$today"
err_has ' 0 documents issued, '
holds diff -r before one/site
holds test "$(ls again | xargs)" = 'report.html report.jsonl'

it 'a second instance is refused while one is at work'
runs 3 flock four/lock "$HUFU" issue feed.jsonl --home four --out x
err_has "another hufu is at work in 'four'"
finish
