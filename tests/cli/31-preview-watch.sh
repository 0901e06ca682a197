#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh

# until COMMAND...: it holds within ten seconds
until_holds() {
	tries=100
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { wrong "never held: $*"; cat watch.err >>.io/holds; return; }
		sleep 0.1
	done
}

lines() { test "$(grep -c "$1" watch.err)" -eq "$2"; }

cp -R "$root/templates/practising-certificate" draft
head -n 1 "$root/tests/data/edge.jsonl" >record.jsonl
"$HUFU" preview draft --record record.jsonl --watch -o page.pdf 2>watch.err &
watcher=$!

it 'draws at once, and then once for each change'
until_holds lines drawn 1
holds sh -c 'pdftotext -raw page.pdf - | grep -q 特发此证'
sed -i 's/特发此证/特此证明/' draft/zh.json
until_holds lines drawn 2
holds sh -c 'pdftotext -raw page.pdf - | grep -q 特此证明'
sleep 1
holds lines drawn 2

it 'sees a record that was replaced'
sed 's/吕绿/吕碧/' record.jsonl >next && mv next record.jsonl
until_holds lines drawn 3
holds sh -c 'pdftotext -raw page.pdf - | grep -q 吕碧'

it 'names a fault, keeps the last good page, and goes on when it is mended'
cp draft/zh.json good.json
cp page.pdf before.pdf
sed -i 's/"strings"/"stirngs"/' draft/zh.json
until_holds grep -q 'draft/zh.json: /s' watch.err
holds cmp page.pdf before.pdf
holds kill -0 $watcher
cp good.json draft/zh.json
until_holds lines drawn 4

it 'ends when it is asked to'
kill -INT $watcher
wait $watcher
holds test $? -eq 0
finish
