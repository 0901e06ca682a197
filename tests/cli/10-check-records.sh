#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
edge=$root/tests/data/edge.jsonl

good='{"schema":"hufu.member/1","member_id":"m-01","rev":1,"updated_at":"2026-11-20T10:00:00+08:00","member_no":"990000010001","class":"practising","status":"active","name":{"native":"吕绿"},"association":{"code":"SX99"},"admission":{"date":"2020-02-29"},"practice":{"since":"2022-06-30"}}'
with() { printf '%s\n' "$good" | sed "$1"; }

it 'names the place, the pointer and the remedy of each fault, on stdout, and counts on stderr'
cp "$edge" edge.jsonl
runs 1 "$HUFU" check edge.jsonl
out_is <<'X'
edge.jsonl:4: /name/native: U+E863 is a private-use character; use U+4DAE 䶮; U+E81E is a private-use character; use U+9FB4 龴
X
err_has 'hufu: records 13, refused 1, faults 1'

it 'answers 0 and says nothing on stdout when all is well'
with '' >good.jsonl
runs 0 "$HUFU" check good.jsonl
out_is </dev/null
err_is <<'X'
hufu: records 1, refused 0, faults 0
X

it 'reads standard input, several files and folders'
runs 0 sh -c '"$HUFU" check - <good.jsonl'
mkdir folder
cp good.jsonl folder/a.json
with 's/2020-02-29/2021-02-29/' >folder/b.json
runs 1 "$HUFU" check good.jsonl folder
out_has 'folder/b.json'
out_has '/admission/date: '
err_has 'records 3, refused 1, faults 1'

it 'reads every line behind a broken one'
{ printf '{"a":\n\n'; printf '\357\273\277'; with ''; with 's/"rev":1/"rev":1,"rev":2/'; with ''; printf '{"schema":"hufu'; } >broken.jsonl
runs 1 "$HUFU" check broken.jsonl
for line in 1 3 4 6; do out_has "broken.jsonl:$line: "; done
out_lacks 'broken.jsonl:5'
out_has 'rev'
err_has 'refused 4'

it 'says faults as JSON, a line each'
runs 1 "$HUFU" check --json edge.jsonl
holds /usr/bin/python3 - .io/out <<'X'
import json, sys
lines = [json.loads(l) for l in open(sys.argv[1], encoding="utf-8")]
assert len(lines) == 1, lines
assert lines[0]["place"] == "edge.jsonl:4" and lines[0]["member_id"] == "m-04"
assert lines[0]["code"] == "PRIVATE-USE" and lines[0]["pointer"] == "/name/native", lines
assert set(lines[0]) == {"place", "member_id", "code", "pointer", "message"}
X

it 'refuses an admission that lies ahead, but not one of today in any zone'
with "s/2020-02-29/$(TZ=UTC-14 date +%F)/; s/2022-06-30/$(TZ=UTC-14 date +%F)/" >today.jsonl
runs 0 "$HUFU" check today.jsonl
with 's/2020-02-29/9998-01-01/' >ahead.jsonl
runs 1 "$HUFU" check ahead.jsonl
out_has '/admission/date: '

it 'looks associations up only in a home'
with 's/SX99/QQ77/' >unknown.jsonl
runs 0 "$HUFU" check unknown.jsonl
runs 0 "$HUFU" init home --demo
runs 1 "$HUFU" check unknown.jsonl --home home
out_has 'unknown.jsonl:1: /association/code: '
runs 0 "$HUFU" check good.jsonl --home home

it 'a file that is not there is trouble, not a refusal'
runs 3 "$HUFU" check good.jsonl nonesuch.jsonl
err_has "hufu: cannot open 'nonesuch.jsonl': No such file or directory"
runs 3 "$HUFU" check good.jsonl --home nonesuch

it 'wants records'
runs 2 "$HUFU" check
err_has 'an argument is missing: hufu check RECORDS...'

it 'answers 3 when the faults could not be written'
runs 3 sh -c '"$HUFU" check edge.jsonl >/dev/full'

it 'passes no terminal escape of a hostile record on'
with 's/m-01/m-\\u001b[31m/' >hostile.jsonl
runs 1 "$HUFU" check hostile.jsonl
holds sh -c '! grep -q "$(printf "\\033")" .io/out .io/err'

finish
