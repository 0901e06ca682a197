#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Erasure: nothing of the member is left in the home or on the site but places on the log.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

python3 "$root/tests/demo/members.py" 3 12 --photos photos >all.jsonl
grep '"photo"' all.jsonl | head -n 2 >feed.jsonl
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site
member=$(python3 -c 'import json; print(json.loads(open("feed.jsonl").readline())["member_id"])')
python3 - "$member" >ids <<'EOF'
import json, sys
for line in open("out/report.jsonl"):
    r = json.loads(line)
    if r["member_id"] == sys.argv[1]: print(r["docid"])
EOF
salt=$(python3 - "$member" <<'EOF'
import sqlite3, sys
print(sqlite3.connect("home/store.db").execute("SELECT hex(salt) FROM member WHERE member_id = ?", (sys.argv[1],)).fetchone()[0])
EOF
)
photo=$(python3 -c 'import json; print(json.loads(open("feed.jsonl").readline())["photo"]["sha256"])')
holds test -n "$salt" -a -f "home/photos/$photo" -a "$(wc -l <ids)" -eq 2

it 'prints a receipt that names the places on the log'
runs 0 "$HUFU" forget "$member" --home home </dev/null
cp .io/out receipt.json
holds python3 - receipt.json "$member" <<'EOF'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["schema"] == "hufu.receipt/1" and r["member_id"] == sys.argv[2] and len(r["idx"]) == 2, r
journal = [json.loads(l) for l in open("home/journal")]
assert [l["idx"] for l in journal if l["event"] == "document.forgotten"] == r["idx"]
EOF

it 'salt, record, number, name, photo and pages are gone from every file of the home'
holds test ! -e "home/photos/$photo"
holds python3 - "$member" "$salt" ids <<'EOF'
import json, os, sys
line = json.loads(open("feed.jsonl").readline())
needles = [bytes.fromhex(sys.argv[2]), sys.argv[1].encode(), line["member_no"].encode()]
if "native" in line["name"]: needles.append(line["name"]["native"].encode())
left = [l.strip() for l in open(sys.argv[3])]
for folder, _, files in os.walk("home"):
    for f in files:
        p = os.path.join(folder, f)
        assert f[:-4] not in left, p
        data = open(p, "rb").read()
        for n in needles:
            assert n not in data, (p, n)
EOF

it 'the site forgets the typed code with the next publish, and the documents have ended'
old=$(head -n 1 ids)
runs 0 "$HUFU" publish --home home --to site
runs 1 "$HUFU" verify "$old" --site site --keys home/policy.json --json
out_has '"verdict":"NOT-FOUND"'
runs 1 "$HUFU" verify "out/$old.pdf" --site site --keys home/policy.json --json
out_has '"verdict":"ENDED"'

it 'the others are as they were, and the log goes on'
other=$(python3 - "$member" <<'EOF'
import json, sys
print(next(json.loads(l)["file"] for l in open("out/report.jsonl") if json.loads(l)["member_id"] != sys.argv[1]))
EOF
)
runs 0 "$HUFU" verify "out/$other" --site site --keys home/policy.json
runs 0 "$HUFU" verify "${other%.pdf}" --site site --keys home/policy.json
runs 1 "$HUFU" forget "$member" --home home </dev/null
err_has 'no member of this home'
runs 0 "$HUFU" issue feed.jsonl --home home --out again --as-of "$today" --thumbnails 0
err_has '2 documents issued, 2 unchanged'
finish
