#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today

runs 0 "$HUFU" init home --demo
cp "$root/tests/data/edge.jsonl" edge.jsonl

it 'issues or refuses every edge record as expected'
runs 1 "$HUFU" issue edge.jsonl --home home --out out --as-of "$today" --jobs 2
holds python3 - <<'EOF'
import json, collections
lines = [json.loads(l) for l in open("out/report.jsonl")]
got = collections.defaultdict(dict)
for l in lines:
    got[l["member_id"]][l.get("lang", "-")] = l
issue_both = ["m-01", "m-02", "m-03", "m-05", "m-06", "m-07", "m-09"]
for m in issue_both:
    assert got[m]["zh"]["outcome"] == got[m]["en"]["outcome"] == "issued", (m, got[m])
assert got["m-08"]["en"]["outcome"] == "issued", got["m-08"]
assert got["m-08"]["zh"]["outcome"] == "none", got["m-08"]
m04 = got["m-04"]["-"]
assert m04["outcome"] == "refused" and m04["pointer"] == "/name/native", m04
for part in ("U+E863", "U+4DAE", "U+E81E", "U+9FB4"):
    assert part in m04["message"], m04
for m in ("m-10", "m-11", "m-11b"):
    assert [l["outcome"] for l in got[m].values()] == ["none"], (m, got[m])
m12 = got["m-12"]["-"]
assert m12["outcome"] == "none" and "U+E0100" in m12["note"], m12
types = {l["member_id"]: l["document"] for l in lines if l["outcome"] == "issued"}
assert types["m-01"] == "practising-certificate" and types["m-09"] == "non-practising-certificate", types
EOF
err_has 'edge.jsonl:4: /name/native: '

it 'draws the rare characters and gives them back'
holds python3 - <<'EOF'
import json, subprocess
for l in map(json.loads, open("out/report.jsonl")):
    if l["outcome"] != "issued":
        continue
    text = subprocess.run(["pdftotext", "-layout", "out/" + l["file"], "-"], capture_output=True, text=True, check=True)
    assert text.stderr == "", text.stderr
    want = {"m-02": "刘𫄧䶮", "m-03": "赵𰻝𱁬", "m-07": "陳大文"}.get(l["member_id"])
    if want:
        assert want in text.stdout, (l, text.stdout)
EOF

it 'gives the decomposed twin of a Latin name the same record and no second document'
python3 - <<'EOF'
import json, unicodedata
r = [json.loads(l) for l in open("edge.jsonl")][7]
assert r["member_id"] == "m-08"
with open("twin.jsonl", "w") as f:
    f.write(unicodedata.normalize("NFD", json.dumps(r, ensure_ascii=False)) + "\n")
with open("bullet.jsonl", "w") as f:
    r = [json.loads(l) for l in open("edge.jsonl")][4]
    f.write(json.dumps(r, ensure_ascii=False).replace("·", "•") + "\n")
EOF
runs 0 "$HUFU" issue twin.jsonl --home home --out out2 --as-of "$today"
err_has '0 documents issued, 1 unchanged'

it 'normalises a bullet between Han characters and reports it'
runs 0 "$HUFU" issue bullet.jsonl --home home --out out3 --as-of "$today"
holds grep -q '"note":".*U+2022' out3/report.jsonl
err_has '0 documents issued, 2 unchanged'

it 'refuses what contradicts itself, the store or another member'
python3 - <<'EOF'
import json
rows = {json.loads(l)["member_id"]: json.loads(l) for l in open("edge.jsonl")}
def write(name, *rs):
    open(name, "w").write("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rs))
a, b = rows["m-01"], rows["m-07"]
write("conflict.jsonl", dict(a, sex="M"))
write("stale.jsonl", dict(rows["m-09"], rev=6))
write("twice.jsonl", dict(a, rev=2), dict(a, rev=2), dict(b, rev=2), dict(b, rev=2, sex="F"))
write("number.jsonl", dict(a, member_id="m-77"))
EOF
runs 1 "$HUFU" issue conflict.jsonl --home home --out c --as-of "$today"
holds grep -q '"code":"CONFLICT"' c/report.jsonl
runs 1 "$HUFU" issue stale.jsonl --home home --out c --as-of "$today"
holds grep -q '"code":"STALE-REV"' c/report.jsonl
runs 1 "$HUFU" issue twice.jsonl --home home --out c --as-of "$today"
holds test "$(grep -c '"code":"CONFLICT"' c/report.jsonl)" -eq 2
holds test "$(grep -c '"outcome":"unchanged"' c/report.jsonl)" -eq 3
runs 1 "$HUFU" issue number.jsonl --home home --out c --as-of "$today"
holds grep -q '"code":"DUPLICATE-NUMBER"' c/report.jsonl

it 'supersedes when a printed fact changes, and only then'
python3 - <<'EOF'
import json
r = [json.loads(l) for l in open("edge.jsonl")][0]
r["rev"] = 3
r["dues_paid_through"] = "2027-12-31"
open("dues.jsonl", "w").write(json.dumps(r, ensure_ascii=False) + "\n")
r["rev"] = 4
r["name"]["native"] = "吕碧"
open("name.jsonl", "w").write(json.dumps(r, ensure_ascii=False) + "\n")
EOF
runs 0 "$HUFU" issue dues.jsonl --home home --out d --as-of "$today"
err_has '0 documents issued, 2 unchanged'
runs 0 "$HUFU" issue name.jsonl --home home --out d --as-of "$today"
err_has '2 documents issued, 0 unchanged, 2 superseded'

it 'a dry run says what would be and keeps nothing'
runs 0 "$HUFU" init fresh --demo
runs 1 "$HUFU" issue edge.jsonl --home fresh --out dry --as-of "$today" --dry-run
err_has '15 documents to be issued'
holds test ! -e dry
holds test -z "$(find fresh/documents fresh/site/m -type f)"
finish
