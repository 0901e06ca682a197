#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.html by Python's XML and HTML parsers, against report.jsonl.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

runs 0 "$HUFU" init home --demo
python3 "$root/tests/demo/members.py" 9 60 | tail -n +20 >feed.jsonl # the first share numbers with the edge records
cat "$root/tests/data/edge.jsonl" >>feed.jsonl
# U+2A6A5 stands in the second face of the chain.
head -n 1 "$root/tests/data/edge.jsonl" | sed 's/吕绿/王𪚥/; s/"m-01"/"rare"/; s/990000010001/990000020001/; s/S0000001/S0000901/' >>feed.jsonl

cat >judge.py <<'EOF'
import base64, collections, html.parser, json, re, sys
import xml.etree.ElementTree as ET

folder, pictures = sys.argv[1], int(sys.argv[2])
text = open(f"{folder}/report.html", encoding="utf-8").read()
lines = [json.loads(l) for l in open(f"{folder}/report.jsonl", encoding="utf-8")]
X = "{http://www.w3.org/1999/xhtml}"
root = ET.fromstring(text)


class Tags(html.parser.HTMLParser):
    void = {"meta", "img", "br"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.seen = [], collections.Counter()

    def handle_starttag(self, tag, attrs):
        self.seen[tag] += 1
        for key, value in attrs:
            assert not key.startswith("on"), (key, value)
            assert key not in ("src", "href") or re.match(r"data:image/png;base64,|[0-9A-Z-]+\.pdf$", value), value[:80]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in self.void, tag
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


tags = Tags()
tags.feed(text)
tags.close()
assert tags.open == [] and tags.seen["script"] == 0, (tags.open, tags.seen)


def by_id(name):
    return next((e for e in root.iter() if e.get("id") == name), None)


def words(e):
    return "".join(e.itertext())


def rows(name):
    table = by_id(name)
    return [] if table is None else [[words(c) for c in r if c.tag == X + "td"] for r in table.iter(X + "tr")]


outcomes = collections.Counter(l["outcome"] for l in lines)
shown = {r[0]: int(r[1].replace(",", "")) for r in rows("documents")}
for label, word in (("签发 issued", "issued"), ("未变 unchanged", "unchanged"), ("被替换 superseded", "superseded"),
                    ("无需 not called for", "none"), ("拒绝 refused", "refused")):
    assert shown[label] == outcomes[word], (label, shown, outcomes)
assert sum(n for k, n in shown.items() if k.startswith("— ")) == outcomes["issued"], shown

records = [int(words(b).replace(",", "")) for b in by_id("records").iter(X + "b")]
of = collections.defaultdict(set)
for l in lines:
    of[l["place"]].add(l["outcome"])
want = collections.Counter(next((w for w in ("refused", "issued", "unchanged") if w in o), "none") for o in of.values())
assert records == [len(of)] + [want[w] for w in ("issued", "unchanged", "none", "refused")], (records, want)
assert records[0] == sum(records[1:]), records

refused = [l for l in lines if l["outcome"] == "refused"]
table = [r for r in rows("refusals") if r]
assert len(table) == min(len(refused), 1000), (len(table), len(refused))
visible = lambda s: re.sub("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]",
                           lambda m: f"⟨U+{ord(m[0]):04X}⟩", s)
for row, l in zip(table, refused):
    document = f"{l['document']} {l['lang']}" if "document" in l else ""
    assert row == [visible(x) for x in (l["place"], l.get("member_id", ""), document, l.get("pointer", ""), l["code"], l["message"])], (row, l)
codes = {r[0]: int(r[1].replace(",", "")) for r in rows("codes") if r}
assert codes == collections.Counter(l["code"] for l in refused), codes
assert (by_id("more") is not None) == (len(refused) > 1000)

images = [e for e in root.iter(X + "img")]
assert len(images) == pictures, len(images)
for e in images:
    assert base64.b64decode(e.get("src").split(",")[1], validate=True)[:8] == b"\x89PNG\r\n\x1a\n"
EOF

it 'adds up, is well-formed, loads nothing and shows every refusal of report.jsonl'
runs 1 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today"
pictures=$(grep -o '<img ' out/report.html | wc -l)
holds test "$pictures" -ge 5
holds test "$pictures" -le 12
holds python3 judge.py out "$pictures"
holds test "$(stat -c %a out/report.html)" = 600
holds grep -q "$(sha256sum home/site/m/1-0.json | cut -d' ' -f1)" out/report.html
holds grep -qF 'd-00' out/report.html

it 'names in a fallback font are listed and pictured'
holds grep -q 'id="fallbacks"' out/report.html
holds grep -qF '后备字体 Fallback font' out/report.html

it 'says the same of a run that changes nothing'
runs 1 "$HUFU" issue feed.jsonl --home home --out again --as-of "$today"
holds python3 judge.py again 0
holds grep -qF 'no new document' again/report.html

it 'shows hostile words as words'
mkdir '<script>alert(1)<b>'
python3 - <<'EOF'
import json
rows = [json.loads(l) for l in open("feed.jsonl")]
r = next(x for x in rows if x["member_id"] == "m-01")
out = open("<script>alert(1)<b>/a&b\"'.jsonl", "w")
for name in ("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "吕\u202e绿", "&lt;b&gt;", "]]>", "吕\u0001绿"):
    print(json.dumps(dict(r, rev=9, name=dict(r["name"], native=name)), ensure_ascii=False), file=out)
print(json.dumps(dict(r, rev=9, **{"<i>": 1})), file=out)
print(json.dumps(dict(r, rev=9, association={"code": "<b>"})), file=out)
EOF
runs 1 "$HUFU" issue "<script>alert(1)<b>/a&b\"'.jsonl" --home home --out hostile --as-of "$today"
holds python3 judge.py hostile 0
holds grep -qF '&lt;script&gt;' hostile/report.html
holds sh -c '! grep -qF "<script" hostile/report.html'

it 'counts the refusals it does not show'
python3 -c '
import json
r = json.loads(open("feed.jsonl").readline())
for i in range(1300):
    print(json.dumps(dict(r, member_id=f"x-{i}", status="alive"), ensure_ascii=False))' >many.jsonl
runs 1 "$HUFU" issue many.jsonl --home home --out many --as-of "$today"
holds python3 judge.py many 0
holds grep -qF '300 more lines are in report.jsonl' many/report.html

it 'knows remedies only for codes that are explained'
sed -n 's/^	{ "\([A-Z0-9-]*\)", .*/\1/p' "$root/src/issue/remedy.c" >remedies
holds test "$(wc -l <remedies)" -ge 30
holds sh -c "while read -r code; do grep -qF \"\\\`\$code\\\`\" '$root/docs/REFUSALS.md' || exit 1; done <remedies"

it 'has no pictures and says so without pdftoppm; none are wanted with 0'
mkdir bin
for program in python3 sh; do ln -s "$(command -v $program)" bin/; done
runs 0 "$HUFU" init other --demo
cp -R other third
runs 1 env PATH="$PWD/bin" "$HUFU" issue feed.jsonl --home other --out plain --as-of "$today"
holds python3 judge.py plain 0
holds grep -q 'id="no-pictures"' plain/report.html
runs 1 "$HUFU" issue feed.jsonl --home third --out none --as-of "$today" --thumbnails 0
holds python3 judge.py none 0
holds sh -c '! grep -q pictures none/report.html'
runs 2 "$HUFU" issue feed.jsonl --home third --out none --thumbnails 13

it 'says which batch was finished first'
runs 0 "$HUFU" init broken --demo
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -f -qq -e trace=link \
	-e inject=link:signal=KILL:when=1 "$HUFU" issue feed.jsonl --home broken --out resumed --as-of "$today" --jobs 1 \
	--thumbnails 0 >.io/out 2>.io/err
holds test $? -eq 137
runs 1 "$HUFU" issue feed.jsonl --home broken --out resumed --as-of "$today" --thumbnails 3
holds grep -qF 'This run first finished batch 1' resumed/report.html
holds python3 judge.py resumed 3
finish
