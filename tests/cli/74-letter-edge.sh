#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The thirteen edge members and three profiles: the program decides what tests/record/data/letters.tsv says, and what may be
# issued is issued, verified, and read from the page as the record has it.
. tests/cli/lib.sh
. "$root/tests/cli/letter-home.sh"
members='m-01 m-02 m-03 m-04 m-05 m-06 m-07 m-08 m-09 m-10 m-11 m-11b m-12'
profiles='general overseas-body licence-abroad'

home_new
for m in $members; do record $m 1; done >feed.jsonl

it 'one record of thirteen is refused, for its private-use characters'
runs 1 "$HUFU" issue feed.jsonl --home home --out certificates --thumbnails 0
holds $py - <<'END'
import json
refused = [json.loads(l) for l in open("certificates/report.jsonl") if '"outcome":"refused"' in l]
assert [(r["member_id"], r["code"]) for r in refused] == [("m-04", "PRIVATE-USE")], refused
END

it 'thirty-nine applications are decided as the table says, code by code'
n=0
for m in $members; do
	for p in $profiles; do
		n=$((n + 1))
		request "$m-$p" $m "profile=\"$p\"" 'delivery="both"' >"$(printf 'r%02d' $n)"
	done
done
runs 1 letter apply r?? --json
cp .io/out decided
holds test "$(wc -l <decided)" -eq 39
holds $py - "$root/tests/record/data/letters.tsv" <<'END'
import json, sys
table = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8") if not line.startswith("#")]
got = [json.loads(line) for line in open("decided", encoding="utf-8")]
assert len(table) == len(got) == 39
for (member, profile, outcome, wording, codes), r in zip(table, got):
    if outcome == "record":  # refused when it came: nothing may be said of the member, not even that there is none
        outcome, codes = "refused", "MEMBER-UNREADABLE"
    said = " ".join(dict.fromkeys(c["code"] for c in r["checks"] if c["answer"] == "failed"))
    assert all((c["code"] != "") == (c["answer"] == "failed") for c in r["checks"]), r
    have = (r["member_id"], r["profile"], r["outcome"], r.get("wording", "-"), said)
    assert have == (member, profile, outcome, wording, codes), (have, (member, profile, outcome, wording, codes))
END

it 'what may not be issued nobody prepares'
runs 1 letter approve $(seq 39) --officer zhang
holds test "$(grep -c '  prepared  ' .io/out)" -eq 3
holds test "$(wc -l <.io/err)" -eq 36
runs 1 letter approve $(seq 39) --officer chan
runs 0 letter list --state approved --json
holds test "$(sed 's/^{"application":\([0-9]*\),.*/\1/' .io/out | tr '\n' ' ')" = '1 2 3 '

it 'statements are offered in both languages to all of whom the register can tell, and a reply about nobody'
for m in $members m-99; do request "s-$m" $m 'doc="status_statement"' 'language="both"' >"s-$m"; done
runs 1 letter apply s-* --officer zhang --json
cp .io/out statements
holds $py - <<'END'
import json
got = {r["member_id"]: r for r in map(json.loads, open("statements", encoding="utf-8"))}
want = {"m-01": "W4", "m-02": "W4", "m-10": "W4", "m-11": "W6", "m-11b": "W5", "m-99": "W7"}
assert len(got) == 14
for m, r in got.items():
    codes = [c["code"] for c in r["checks"] if c["code"]]
    if m in want:
        assert (r["outcome"], r["wording"], r["stage"], codes) == ("statement", want[m], "prepared", []), r
    elif m == "m-04":
        assert (r["outcome"], r.get("wording"), codes) == ("refused", None, ["MEMBER-UNREADABLE"]), r
    elif m == "m-12":
        assert (r["outcome"], codes) == ("refused", ["MEMBER-DECEASED", "DISCIPLINE-MISSING", "NAME-UNPRINTABLE"]), r
    else:
        # Of m-08 there is no Chinese name.
        assert codes == ["DISCIPLINE-MISSING"] + ["NAME-MISSING"] * (m == "m-08"), r
print(" ".join(str(r["application"]) for m, r in got.items() if m in want))
END
runs 0 letter approve $(cat .io/holds) --officer chan

it 'all of them go out in one tick, and each is genuine'
runs 0 letter issue --now --out out --json
cp .io/out issued
holds test "$(wc -l <issued)" -eq 15
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" verify out/*.pdf --site site --keys home/policy.json --json
cp .io/out verdicts
holds test "$(grep -c '"verdict":"VALID"' verdicts)" -eq 15
runs 0 "$HUFU" audit --home home --site site

it 'their codes are read by a scanner from the page as it is printed'
for pdf in out/*.pdf; do
	pdftoppm -r 150 -gray -png -singlefile "$pdf" page
	runs 0 "$HUFU" verify page.png --site site --keys home/policy.json --json
	out_has '"verdict":"VALID"'
	out_has "\"docid\":\"$(basename "$pdf" .pdf)\""
done

it 'names, number, dates and status are read from the page exactly'
holds $py - <<'END'
import datetime, json, os, subprocess
records = {r["member_id"]: r for r in map(json.loads, open("feed.jsonl", encoding="utf-8"))}
asked = {}
for name in os.listdir("."):
    if name[0] in "rs" and os.path.isfile(name) and name not in ("statements", "site"):
        r = json.load(open(name))
        asked[r["request_id"]] = r
number = {r["application"]: r["request_id"] for f in ("decided", "statements") for r in map(json.loads, open(f))}
signed = {v["signed"]["docid"]: v["signed"] for v in map(json.loads, open("verdicts"))}
MONTHS = "January February March April May June July August September October November December".split()
STATUS = {"active": ("Active", "有效"), "suspended": ("Suspended", "暂停执业"), "revoked": ("Certificate revoked", "吊销证书"),
          "annulled": ("Registration annulled", "撤销注册")}
zone = datetime.timezone(datetime.timedelta(hours=8))
def day(text, lang):
    d = datetime.date.fromisoformat(text)
    return f"{d.day} {MONTHS[d.month - 1]} {d.year}" if lang == "en" else f"{d.year}年{d.month}月{d.day}日"
seen = set()
for row in map(json.loads, open("issued")):
    request, lang = asked[number[row["application"]]], row["lang"]
    raw = subprocess.run(["pdftotext", "-raw", "out/" + row["file"], "-"], capture_output=True, check=True).stdout.decode()
    assert not any(0xE000 <= ord(c) < 0xF900 or ord(c) == 0xFFFD for c in raw), row
    lines, text = raw.split("\n"), " ".join(raw.split())
    if lang == "zh":
        text = raw.replace("\n", "")
    s, member = signed[row["docid"]], records.get(request["member_id"])
    at = datetime.datetime.fromisoformat(s["as_at"].replace("Z", "+00:00")).astimezone(zone)
    clock = at.strftime("%H:%M")
    moment = f"{clock} (UTC+8) on {day(str(at.date()), 'en')}" if lang == "en" else f"截至{day(str(at.date()), 'zh')}{clock}（UTC+8）"
    has = [moment, day(s["expires"], lang), day(s["issued"], lang), row["docid"], "Northland Board of Accountancy",
           "14 Harbour Street"]
    if member is None:
        assert s["wording"] == 7 and s["name_native"] is None, s
        assert "990000" not in text and "N9900004" not in text and "ZHANG" not in text, row
        has.append("no record of its register of members matched" if lang == "en" else "记录")
    else:
        latin, native = member["name"]["latin"]["full"], member["name"]["native"]
        assert s["name_latin"] in (latin, None) and s["name_native"] in (native, None), s
        assert s["member_no"] == member["member_no"], s
        labels = ("Name in passport", "Name in Chinese", "Member number") if lang == "en" else ("护照姓名", "姓名", "证书编号")
        for label, value in zip(labels, (latin, native, member["member_no"])):
            assert f"{label} {value}" in lines, (label, value, row)
        has.append(day(member["admission"]["date"], lang))
        if request["doc"] == "good_standing":
            has.append(f"{latin} ({native}) was a practising member of the Institute and was in good standing.")
            has.append("no disciplinary sanction was in force" + {
                "general": ".", "overseas-body": ", nor imposed in the preceding seven years.",
                "licence-abroad": ", nor had one ever been imposed."}[request["profile"]])
        else:
            word = STATUS[member["status"]][lang == "zh"]
            assert any(word in line for line in lines), (word, row)
            if member["status"] == "annulled":
                assert "revoked" not in text.lower() and "吊销" not in text, row
            if "status_since" in member:
                has.append(day(member["status_since"], lang))
    for words in has:
        assert words in text, (words, row, text)
    seen.add((request["member_id"], lang, s["wording"]))
assert len(seen) == 13, seen
END
finish
