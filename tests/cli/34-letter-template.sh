#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Letters and statements are drawn as specimens of an application; their words, fields and recipients are files that anybody may
# change: the program is the one that was built before.
. tests/cli/lib.sh
mkdir share && cp -R "$root/templates" "$root/fonts" share/
export HUFU_SHARE="$PWD/share"
templates=$HUFU_SHARE/templates
now=2026-11-20T12:00:00+08:00

# draw TEMPLATE LANG [OPTION...]: its page in page.pdf, its text on one line in text
draw() {
	template=$1 lang=$2
	shift 2
	runs 0 "$HUFU" preview "$template" --lang "$lang" --as-of $now -o page.pdf "$@"
	words page.pdf
}
words() { pdftotext -raw "$1" - | tr '\n' ' ' >text; }
says() { for w in "$@"; do holds grep -qF -- "$w" text; done; }
silent() { for w in "$@"; do holds sh -c '! grep -qF -- "$1" text' - "$w"; done; }
record() { grep "\"member_id\":\"$1\"" "$root/tests/data/edge.jsonl" >record.jsonl; }

it 'draws a letter of an invented member in both languages'
draw good-standing-letter en
holds qpdf --check page.pdf
says 'Certificate of Good Standing' 'The Registrar, Northland Board of Accountancy' 'ZHANG Yangli' 'as at 12:00 (UTC+8)' \
	'20 November 2026' TEST-TEST-TEST-TEST 000000000000 0000-0000-0000-0000-0000-0000-0000-0000 'was a practising member' \
	'fees were paid to 31 December 2026 and the 2026 annual check was passed'
draw good-standing-letter zh
holds qpdf --check page.pdf
says 会员资格良好证明 张样例 TEST-TEST-TEST-TEST 000000000000 2026年11月20日 北境会计师管理局

it 'draws a statement of one in both languages'
draw status-statement en
says 'Statement of Status' 'it does not say that the member was in good standing' 'Status Active'
draw status-statement zh
says 会员状况说明 不表示其资格状况良好 '状态 有效'

it 'draws the same bytes for the same instant, whatever the clock says'
runs 0 "$HUFU" preview good-standing-letter --lang en --as-of $now -o one.pdf
runs 0 env TZ=America/Chicago "$HUFU" preview good-standing-letter --lang en --as-of 2026-11-20T04:00:00Z -o two.pdf
holds cmp one.pdf two.pdf

it 'moves an invented member to the year of the page'
runs 0 "$HUFU" preview good-standing-letter --lang en --as-of 2031-03-01 -o page.pdf
words page.pdf
says 'fees were paid to 31 December 2031 and the 2031 annual check was passed'

it 'verifies nowhere'
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" preview good-standing-letter --home home --lang en -o page.pdf
words page.pdf
says "$("$HUFU" trust fingerprint home/policy.json)"
runs 1 "$HUFU" verify page.pdf --site site --keys home/policy.json --json
out_has '"verdict":"FORGED"'
out_has '"recipient":"The Registrar, Northland Board of Accountancy"'

it 'answers for the record it is given, and takes its register as of now'
record m-01
draw good-standing-letter en --record record.jsonl
says 'LYU LYU' 'Sample CPAs LLP'
silent 990000010001
runs 0 "$HUFU" preview good-standing-letter --lang en --as-of 2026-12-30 --record record.jsonl -o page.pdf

it 'leaves the name in the other script out of a code that would be too dense'
python3 - <<'EOF' >long.jsonl
import json
r = json.loads(open("record.jsonl").readline())
r["name"] = {"native": "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江·买买提依明·阿布都克里木",
             "latin": {"full": "ABDURAHMAN MAMATALI TURSUNNIYAZJAN ABDUKERIM", "source": "passport"}}
print(json.dumps(r))
EOF
draw good-standing-letter en --record long.jsonl
says 'ABDURAHMAN MAMATALI TURSUNNIYAZJAN ABDUKERIM'
runs 1 "$HUFU" verify page.pdf --site site --keys home/policy.json --json
out_has '"name_latin":"ABDURAHMAN'
out_has '"name_native":null'

it 'refuses a letter that would not be true, and says which condition fails'
record m-10
runs 1 "$HUFU" preview good-standing-letter --as-of $now --record record.jsonl -o never.pdf
err_has 'hufu: record.jsonl:1: there is no such letter of this record: status: '
holds test ! -e never.pdf
draw status-statement en --record record.jsonl
says 'Status Suspended'
record m-11
draw status-statement en --record record.jsonl
says 'Certificate revoked' 'was not a member of the Institute'
record m-11b
draw status-statement zh --record record.jsonl
says 撤销注册
silent 吊销

it 'one word of a letter changed is on the page'
sed -i 's/was a practising member of the Institute/was an enrolled member of the Institute/' "$templates/good-standing-letter/en.json"
draw good-standing-letter en
says 'was an enrolled member of the Institute'

it 'a field added is on the page'
python3 - "$templates/good-standing-letter" <<'EOF'
import json, sys
folder = sys.argv[1]
layout = json.load(open(f"{folder}/layout.json"))
face = layout["languages"]["en"]
face["takes"].append("firm_zh")
(flow,) = [e for e in face["elements"] if e["kind"] == "flow" and any(b["kind"] == "facts" for b in e["blocks"])]
(facts,) = [b for b in flow["blocks"] if b["kind"] == "facts"]
facts["rows"].append({"label": "label_firm_zh", "value": "firm_zh"})
json.dump(layout, open(f"{folder}/layout.json", "w"))
strings = json.load(open(f"{folder}/en.json"))
strings["strings"].update({"label_firm_zh": "Firm in Chinese", "firm_zh": "<zh>{firm_zh}</zh>"})
json.dump(strings, open(f"{folder}/en.json", "w"))
EOF
draw good-standing-letter en
says 'Firm in Chinese' '示范会计师事务所（特殊普通合伙）'

it 'a recipient profile added is what the letter goes by'
python3 - "$templates/demo" <<'EOF'
import json, sys
folder = sys.argv[1]
profiles = json.load(open(f"{folder}/profiles.json"))
name = "The Commission for the Registration of Auditors of the Outer and Inner Isles"
profiles["profiles"].append({"id": "isles", "name_en": "The Isles", "name_zh": "群岛", "look_back": 9, "pending": "silent",
                             "valid_for": "30_days", "languages": ["en"],
                             "recipient": {"name": name, "short": "Commission of the Isles"}})
json.dump(profiles, open(f"{folder}/profiles.json", "w"))
request = json.load(open(f"{folder}/specimen-request.json"))
request["profile"], request["recipient"]["name"] = "isles", name
json.dump(request, open(f"{folder}/specimen-request.json", "w"))
EOF
draw good-standing-letter en
says 'nor imposed in the preceding 9 years' 'Outer and Inner Isles' 'Commission of the Isles' 'valid until the end of 20 December 2026' \
	'It does not speak of disciplinary proceedings'

it 'names file, pointer and what was expected in a template that is wrong'
# fault FILE SED WORDS...
fault() {
	rm -rf broken && cp -R "$root/templates/good-standing-letter" broken
	file=$1
	sed -i "$2" "broken/$file"
	shift 2
	runs 1 "$HUFU" preview broken --lang en --as-of $now -o never.pdf
	for w in "$@"; do err_has "$w"; done
	holds test ! -e never.pdf
}
fault en.json 's/{name_latin}<\/keep>/{name_latn}<\/keep>/' 'hufu: ./broken/en.json: /strings/opening.W1: {name_latn}'
fault en.json 's/"opening.W1"/"openning.W1"/' 'hufu: ./broken/en.json: ' 'the template has no /strings/opening.W1'
fault en.json 's/<keep>{name_latin}/<kep>{name_latin}/' 'hufu: ./broken/layout.json: /languages/en/elements/' \
	'in /strings/opening.W1: <kep>'
fault layout.json 's/"string": "opening", "by"/"string": "openning", "by"/' 'hufu: ./broken/layout.json: /languages/en/elements/' \
	"'openning.…' is not in the language's strings"
fault layout.json 's/"request": "good_standing"/"request": "god_standing"/' 'hufu: ./broken/layout.json: /for/request: '

it 'draws again when its words change'
rm -rf broken && cp -R "$root/templates/status-statement" draft
"$HUFU" preview draft --lang en --as-of $now --watch -o watched.pdf 2>watch.err &
watcher=$!
# drawn COUNT: within ten seconds
drawn() {
	tries=100
	until [ "$(grep -c drawn watch.err)" -eq "$1" ] || [ $((tries -= 1)) -eq 0 ]; do sleep 0.1; done
	holds test "$(grep -c drawn watch.err)" -eq "$1"
}
drawn 1
sed -i 's/Statement of Status/Statement on Status/' draft/en.json
drawn 2
words watched.pdf
says 'Statement on Status'
kill -INT $watcher
wait $watcher
holds test $? -eq 0
finish
