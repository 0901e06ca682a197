#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What becomes of documents that are out: by the records, by hand, and as the published site tells it.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

# Every edge record first as an active member, whose documents the records of the day then end.
python3 - "$root/tests/data/edge.jsonl" <<'EOF'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
def write(name, rows):
    open(name, "w", encoding="utf-8").write("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
before = []
for r in rows:
    if r["member_id"] not in ("m-09", "m-10", "m-11", "m-11b", "m-12"):
        continue
    b = json.loads(json.dumps(r))
    b["rev"] = r["rev"]
    b["status"] = "active"
    b.pop("status_reason", None)
    b.pop("status_since", None)
    if r["member_id"] == "m-09":
        b["class"] = "practising"
        b["practice"] = {"since": "2012-01-10"}
        b["member_no"] = "990000010009"
    if r["member_id"] == "m-12":
        b["name"]["native"] = "葛戊己"
    if b["class"] == "practising" and "practice" not in b:
        b["practice"] = {"since": b["admission"]["date"]}
    before.append(b)
write("before.jsonl", before)
for r in rows:
    r["rev"] += 1
write("day.jsonl", rows)
EOF

verdict() { # verdict MEMBER LANG WORD: of the document of before.jsonl
	pdf=$(python3 -c '
import json, sys
for line in open("out1/report.jsonl"):
    r = json.loads(line)
    if r["member_id"] == sys.argv[1] and r.get("lang") == sys.argv[2] and r["outcome"] == "issued":
        print(r["file"])' "$1" "$2")
	"$HUFU" verify "out1/$pdf" --site site --keys home/policy.json --json >.io/verdict 2>.io/err
	grep -q "\"verdict\":\"$3\"" .io/verdict || wrong "$1 $2: want $3: $(cut -c1-200 .io/verdict) $(cat .io/err)"
}

runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" issue before.jsonl --home home --out out1 --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site

it 'before the day all of them are valid'
for m in m-09 m-10 m-11 m-11b m-12; do verdict $m zh VALID; done

it 'the records of the day end earlier documents as the lattice says, each with its line in the report'
runs 1 "$HUFU" issue day.jsonl --home home --out out2 --as-of "$today" --thumbnails 0
err_has '2 documents withdrawn, 2 suspended, 4 ended'
holds test "$(grep -c '"outcome":"superseded"' out2/report.jsonl)" -eq 2
runs 0 "$HUFU" publish --home home --to site
for lang in zh en; do
	verdict m-09 $lang SUPERSEDED
	verdict m-10 $lang SUSPENDED
	verdict m-11 $lang REVOKED
	verdict m-11b $lang ENDED
	verdict m-12 $lang ENDED
done

it 'the neutral endings never say revoked, withdrawn or 作废'
pdf=$(python3 -c '
import json
for line in open("out1/report.jsonl"):
    r = json.loads(line)
    if r["member_id"] == "m-11b" and r.get("lang") == "zh": print(r["file"])')
runs 1 "$HUFU" verify "out1/$pdf" --site site --keys home/policy.json
cp .io/out words
runs 1 env LC_ALL=zh_CN.UTF-8 "$HUFU" verify "out1/$pdf" --site site --keys home/policy.json
cat .io/out >>words
holds grep -q '已失效' words
holds sh -c '! sed "/^Checked:/d; /^已核验/d; /^Not checked/d; /^未核验/d" words | grep -Eqi "revoked|作废|吊销|撤销"'

it 'the same records again change nothing'
runs 1 "$HUFU" issue day.jsonl --home home --out out3 --as-of "$today" --thumbnails 0
err_has ' 0 documents issued'
holds sh -c '! grep -Eq "\"outcome\":\"(ended|withdrawn|suspended|superseded)\"" out3/report.jsonl'

it 'a suspension that came with the records goes with them'
python3 - <<'EOF'
import json
for line in open("before.jsonl"):
    r = json.loads(line)
    if r["member_id"] == "m-10":
        r["rev"] = 9
        open("back.jsonl", "w").write(json.dumps(r, ensure_ascii=False) + "\n")
EOF
runs 0 "$HUFU" issue back.jsonl --home home --out out4 --as-of "$today" --thumbnails 0
err_has '0 documents issued, 2 unchanged'
runs 0 "$HUFU" publish --home home --to site
verdict m-10 zh VALID

# ---- by hand ----
docid=$(python3 -c '
import json
for line in open("out1/report.jsonl"):
    r = json.loads(line)
    if r["member_id"] == "m-10" and r.get("lang") == "zh": print(r["docid"])')

it 'a member-level reason takes both languages, and can be taken back until the next publish'
runs 0 "$HUFU" revoke "$docid" --home home --reason resigned --json </dev/null
holds test "$(grep -c '"status":"ended"' .io/out)" -eq 2
verdict m-10 zh VALID
runs 0 "$HUFU" reinstate --member m-10 --home home --json </dev/null
holds test "$(grep -c '"taken_back":true' .io/out)" -eq 2
runs 0 "$HUFU" publish --home home --to site
verdict m-10 zh VALID

it 'a reason of the document takes that one alone; what is withdrawn stays so'
runs 0 "$HUFU" revoke "$docid" --home home --reason issued_in_error </dev/null
err_has '1 documents; it takes effect with the next hufu publish'
runs 0 "$HUFU" publish --home home --to site
verdict m-10 zh REVOKED
verdict m-10 en VALID
runs 1 "$HUFU" reinstate "$docid" --home home </dev/null
err_has 'no document that could become valid'
runs 1 "$HUFU" suspend "$docid" --home home </dev/null

it 'what was withdrawn by hand no feed brings back'
sed 's/"rev": 9/"rev": 10/' back.jsonl >again.jsonl
runs 0 "$HUFU" issue again.jsonl --home home --out out5 --as-of "$today" --thumbnails 0
holds grep -q '"lang":"zh".*"message":"the document was withdrawn by hand"' out5/report.jsonl
holds test "$(ls out5 | grep -c pdf)" -eq 0

it 'a suspension by hand is not lifted by the records, but by hand'
runs 0 "$HUFU" suspend --member m-10 --home home </dev/null
runs 0 "$HUFU" publish --home home --to site
verdict m-10 en SUSPENDED
sed 's/"rev": 9/"rev": 11/' back.jsonl >again.jsonl
runs 0 "$HUFU" issue again.jsonl --home home --out out6 --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site
verdict m-10 en SUSPENDED
runs 0 "$HUFU" reinstate --member m-10 --home home </dev/null
runs 0 "$HUFU" publish --home home --to site
verdict m-10 en VALID

it 'says what is wrong with the call'
runs 2 "$HUFU" revoke "$docid" --home home
err_has '--reason CODE is needed'
runs 2 "$HUFU" revoke "$docid" --home home --reason because
err_has "'because' is no reason code"
runs 2 "$HUFU" revoke "$docid" --member m-10 --home home --reason other
runs 2 "$HUFU" revoke not-an-id --home home --reason other
runs 1 "$HUFU" revoke 0000-0000-0000-0000 --home home --reason other
err_has 'no document of this home has this id'
runs 1 "$HUFU" suspend --member nobody --home home
err_has "no member of this home has the id 'nobody'"
finish
