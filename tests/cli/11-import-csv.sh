#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cp "$root/tests/record/data/members-gbk.csv" "$root/tests/record/data/map.json" .

it 'writes the good rows and says where the others break'
runs 1 "$HUFU" import members-gbk.csv --map map.json -o out.jsonl
out_is </dev/null
err_is <<'X'
hufu: members-gbk.csv:3:43: /name/native: note: U+FF0E between 杜 and 热 became U+00B7
hufu: members-gbk.csv:4:37: /class: must be one of the map's values; is "会友"
hufu: members-gbk.csv:5:66: /admission/date: 2020-02-30 is no day of the calendar
hufu: members-gbk.csv:5:47: /name/native: U+003F stands for a character that was lost
hufu: members-gbk.csv:7:1: has 3 fields, the header 19
hufu: members-gbk.csv:9:47: /name/native: holds bytes that the map's encoding does not have
hufu: rows written 4, refused 4
X
holds [ "$(wc -l <out.jsonl)" -eq 4 ]

it 'what it writes is what check takes'
runs 0 "$HUFU" check out.jsonl
holds /usr/bin/python3 - out.jsonl <<'X'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1], encoding="utf-8")]
assert [r["member_id"] for r in rows] == ["c-01", "c-02", "c-05", "c-07"]
assert rows[1]["name"]["native"] == "阿卜杜·热合曼"
assert rows[3]["name"]["native"] == "刘䶮", "the sender's private-use character"
X

it 'only the owner may read it'
holds [ "$(stat -c %a out.jsonl)" = 600 ]

it 'reads standard input and writes standard output'
cp out.jsonl before
runs 1 sh -c '"$HUFU" import - --map map.json -o - <members-gbk.csv'
out_is <before

it 'leaves the old file alone when it fails, and nothing else behind'
printf 'x\n' >bad.csv
runs 1 "$HUFU" import bad.csv --map map.json -o out.jsonl
file_is out.jsonl <before
holds [ "$(ls -A | grep -c tmp)" -eq 0 ]

it 'a full disk, a folder, a missing folder are trouble'
runs 3 "$HUFU" import members-gbk.csv --map map.json -o /dev/full
err_has 'No space left on device'
holds [ -c /dev/full ]
mkdir folder
runs 3 "$HUFU" import members-gbk.csv --map map.json -o folder
runs 3 "$HUFU" import members-gbk.csv --map map.json -o none/such
runs 3 "$HUFU" import nonesuch.csv --map map.json -o x.jsonl
runs 3 sh -c '"$HUFU" import members-gbk.csv --map map.json -o - >/dev/full'

it 'wants a map it can read'
runs 2 "$HUFU" import members-gbk.csv -o x.jsonl
err_has '--map is needed'
runs 2 "$HUFU" import members-gbk.csv --map map.json
err_has '--output is needed'
printf '{"schema":"hufu.map/1","columns":{"/nonsense":"x"}}' >wrong.json
runs 1 "$HUFU" import members-gbk.csv --map wrong.json -o x.jsonl
err_has 'wrong.json: '
holds [ ! -e x.jsonl ]

finish
