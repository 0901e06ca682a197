#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A changed wording and a document type of its own are files of a home: the program is the one that was built before.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

runs 0 "$HUFU" init home --demo
grep -e '"m-01"' -e '"m-09"' "$root/tests/data/edge.jsonl" >feed.jsonl

# pages OUT DOCUMENT LANG: the text of the documents issued
pages() {
	python3 - "$@" <<'EOF'
import json, subprocess, sys
out, document, lang = sys.argv[1:]
for l in map(json.loads, open(f"{out}/report.jsonl")):
    if (l["outcome"], l.get("document"), l.get("lang")) == ("issued", document, lang):
        print(subprocess.run(["pdftotext", "-raw", f"{out}/{l['file']}", "-"], capture_output=True, text=True, check=True).stdout)
EOF
}

it 'a changed wording is on the next page'
sed -i 's/特发此证/颁发此证/' home/templates/practising-certificate/zh.json
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
pages out practising-certificate zh >text
holds grep -q 颁发此证 text
pages out non-practising-certificate zh >text
holds grep -q 特发此证 text

it 'a fifth document type is a folder: previewed, issued, verified'
mkdir home/templates/seminar-record
cat >home/templates/seminar-record/layout.json <<'EOF'
{
  "schema": "hufu.layout/1", "version": 1, "token_type": 2, "family": "seminar",
  "for": { "status": "active" },
  "page": { "width": 148, "height": 210 },
  "inks": { "plum": "#5A1E4B" },
  "styles": {
    "title": { "role": "kai", "size": 26, "ink": "plum" },
    "line": { "role": "song", "size": 11 },
    "code": { "role": "mono", "size": 10, "language": "en" }
  },
  "languages": {
    "zh": {
      "needs": ["name_native", "member_no", "admitted"], "takes": [],
      "elements": [
        { "kind": "text", "string": "title", "style": "title", "x": 74, "y": 40, "width": 120, "align": "center", "role": "H1" },
        { "kind": "text", "string": "body", "style": "line", "x": 20, "y": 70, "width": 108, "leading": 6 },
        { "kind": "qr", "x": 20, "y": 140, "size": 33, "plate": 2.7, "version_max": 14, "alt": "alt" },
        { "kind": "text", "string": "code", "style": "code", "x": 20, "y": 182 }
      ]
    }
  }
}
EOF
cat >home/templates/seminar-record/zh.json <<'EOF'
{
  "schema": "hufu.strings/1", "language": "zh-Hans",
  "strings": {
    "document_title": "研修记录 {name_native}", "title": "研修记录",
    "body": ["{name_native}（{member_no}）", "自{admitted|date}起在{issuer.name_zh}登记。"],
    "alt": "核验二维码", "code": "{docid}"
  }
}
EOF
runs 0 "$HUFU" preview seminar-record --home home -o page.pdf
holds qpdf --check page.pdf
holds sh -c 'pdftotext -raw page.pdf - | grep -q 研修记录'
runs 0 "$HUFU" issue feed.jsonl --home home --out more --as-of "$today"
err_has '2 documents issued, 4 unchanged'
pages more seminar-record zh >text
holds grep -q '吕绿（990000010001）' text
holds grep -qF '自2020年2月29日起在示范注册会计师协会登记。' text
holds grep -q 'seminar-record zh' more/report.html
runs 0 "$HUFU" publish --home home --to site
for pdf in more/*.pdf; do
	runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --allow no-log
done
finish
