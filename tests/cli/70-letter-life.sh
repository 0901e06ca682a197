#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An application for a letter from the day it comes in: who may say yes, what makes that void, and how it ends.
. tests/cli/lib.sh
. "$root/tests/cli/letter-home.sh"

it 'a home begins with one profile that suits anybody'
head -c 24 /dev/urandom | base64 >pass
runs 0 "$HUFU" init plain --base https://letters.example.net --name-zh 协会 --name-en Institute --contact a@example.net \
	--passphrase-fd 3 3<pass
holds $py - <<'END'
import json
p = json.load(open("plain/profiles.json"))
assert p["schema"] == "hufu.profiles/1" and [x["id"] for x in p["profiles"]] == ["general"], p
END

home_new
{ record m-01 1; record m-10 1; } >feed.jsonl
register feed.jsonl

it 'an application comes as a file, on standard input, or several at once'
request a m-01 language='"both"' >a.json
runs 0 letter apply a.json
out_has '1  submitted  good-standing letter (en,zh)  m-01  → Northland Board of Accountancy  [general]'
out_has 'may be issued, wording W1'
request b m-01 >b.json
runs 0 letter apply - <b.json
out_has '2  submitted'
request c m-10 >c.json
request d m-01 >d.json
runs 1 letter apply c.json d.json
out_has '3  submitted'
out_has 'MEMBER-SUSPENDED'
out_has 'may not be issued; a status statement can be had instead, wording W4'
out_has '4  submitted'

it 'the same application again keeps its number; the same id with other content is refused'
$py -c 'import json; print(json.dumps(json.load(open("a.json")), indent=2, sort_keys=True))' >a-again.json
runs 0 letter apply a-again.json
out_has '1  submitted'
sed 's/Northland Board/Southland Board/' a.json >a-other.json
runs 1 letter apply a-other.json
err_is <<'END'
hufu: a-other.json: /request_id: application 1 has this id and says something else
END
out_is </dev/null

it 'nobody approves by asking, and every fault has its place'
request e m-01 approval='{"by": "chan"}' prepared='{"by": "zhang"}' signatory_id='"s"' language='"fr"' >bad.json
runs 1 letter apply bad.json
err_is <<'END'
hufu: bad.json: /language: must be one of en, zh, both; is "fr"
hufu: bad.json: /approval: is not a key known here
hufu: bad.json: /prepared: is not a key known here
hufu: bad.json: /signatory_id: is not a key known here
END
for key in approval prepared signatory_id; do
	request e m-01 $key='{}' >one.json
	runs 1 letter apply one.json
	err_is <<END
hufu: one.json: /$key: is not a key known here
END
done
request e m-01 profile='"nowhere"' >profile.json
runs 1 letter apply profile.json
err_is <<'END'
hufu: profile.json: /profile: 'nowhere' is no profile of this home
END
printf '{"schema":"hufu.request/1",' >cut.json
runs 1 letter apply cut.json
err_has 'hufu: cut.json: '
runs 3 letter apply absent.json
runs 0 letter list
holds test "$(wc -l <.io/out)" -eq 4

it 'a file that is refused does not keep the others waiting'
runs 1 letter apply one.json bad.json cut.json a.json
out_has '1  submitted'
err_has 'hufu: one.json: /signatory_id'
err_has 'hufu: bad.json: /approval'
err_has 'hufu: cut.json: '

it 'one officer prepares, the same one does not approve, a stranger does neither'
runs 0 letter apply a.json --officer zhang
out_has '1  prepared'
out_has 'prepared by zhang ('
runs 0 letter apply a.json --officer chan
out_lacks 'approved by'
runs 1 letter approve 1 --officer zhang
err_is <<'END'
hufu: 1: the officer who prepared it does not approve it; another one must
END
runs 0 "$HUFU" officer new stranger
runs 1 letter approve 1 --officer stranger
err_has 'hufu: stranger: the key is not of an officer enrolled in'
runs 1 letter apply d.json --officer stranger
runs 2 letter approve 1
err_has '--officer is needed'
stage_is 1 prepared
runs 0 letter approve 1 --officer chan
out_has 'approved by chan ('
out_has 'goes out with the tick at '
runs 1 letter approve 1 --officer lee
err_has 'approved already'

it 'a case that may not be issued is prepared by nobody'
runs 1 letter approve 3 4 --officer zhang
err_has 'hufu: 3: status: suspended since '
out_has '4  prepared'
stage_is 3 submitted

it 'one approval is not two'
runs 1 letter issue 4 --now --json
out_has '{"application":4,"outcome":"refused","code":"APPROVAL-MISSING","message":"approval: no officer approved it"}'
stage_is 4 prepared

it 'the approval of an officer who was dismissed counts no longer'
kid=$("$HUFU" officer list --home home | awk '$NF == "chan" { print $1 }')
cp home/keys/officers officers.before
runs 0 "$HUFU" officer dismiss "$kid" --officer zhang --officer lee --home home
stage_is 1 prepared
runs 1 letter issue 1 --now --json
out_has '"code":"APPROVAL-MISSING"'
runs 0 letter approve 1 --officer lee
out_has '1  approved'
out_lacks 'chan'
runs 0 "$HUFU" officer enrol chan.pub --name chan --home home

voids() { # voids WHAT: the approval of 1 counts no longer, and comes anew
	runs 0 letter show 1
	out_has '1  submitted'
	out_has 'an earlier approval is void: APPROVAL-OTHER'
	runs 1 letter issue 1 --now --json
	out_has '"code":"APPROVAL-OTHER"'
	runs 0 letter approve 1 --officer zhang
	out_has '1  prepared'
	runs 1 letter approve 1 --officer zhang
	runs 0 letter approve 1 --officer chan
	out_has '1  approved'
	out_lacks 'void'
}

it 'a record that changed makes it void'
record m-01 2 practice.firm_en='"Other CPAs"' >feed.jsonl
register feed.jsonl
voids record

it 'a profile that changed makes it void'
sed -i '/"id": "general"/,/"valid_for"/s/"valid_for": "3_months"/"valid_for": "60_days"/' home/profiles.json
voids profile

it 'a word of the template that changed makes it void, in either language'
sed -i '0,/Dear Sir or Madam/s//Dear Madam or Sir/' home/templates/good-standing-letter/en.json
holds grep -q 'Dear Madam or Sir' home/templates/good-standing-letter/en.json
voids template
holds cmp -s "$root/templates/good-standing-letter/zh.json" home/templates/good-standing-letter/zh.json
sed -i '0,/会员资格良好证明/s//会员资格良好之证明/' home/templates/good-standing-letter/zh.json
voids template

# The acts of application 1, said at another time by the same officers: SECONDS from now each.
cat >said.py <<'END'
import datetime, sqlite3, sys
from nacl.signing import SigningKey
db = sqlite3.connect("home/store.db")
keys = {open(n + ".pub").read().strip(): SigningKey(bytes.fromhex(open(n).read().strip())) for n in ("zhang", "chan", "lee")}
rows = db.execute("SELECT sequence, text FROM letter_act WHERE number = 1 ORDER BY sequence DESC LIMIT 2").fetchall()
for (sequence, text), seconds in zip(rows, (int(sys.argv[2]), int(sys.argv[1]))):
    fields = dict(line.split(" ", 1) for line in text.split("\n")[1:-1])
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    text = text.replace("at " + fields["at"], "at " + at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    db.execute("UPDATE letter_act SET text = ?, signature = ? WHERE number = 1 AND sequence = ?",
               (text, keys[fields["officer"]].sign(text.encode()).signature, sequence))
db.commit()
END
lapsed() { # lapsed CODE STAGE
	runs 0 letter show 1 --json
	out_has "\"stage\":\"$2\""
	[ "$1" = "" ] || out_has "\"lapsed\":\"$1\""
}

it 'an approval is good for 7 days and no longer'
runs 0 $py said.py -604700 -604700
lapsed '' approved
runs 0 $py said.py -604900 -604900
lapsed APPROVAL-EXPIRED submitted
runs 1 letter issue 1 --now --json
out_has '"code":"APPROVAL-EXPIRED"'
out_has 'over 7 days'
runs 0 $py said.py -604900 -100
lapsed '' submitted
runs 0 $py said.py -100 -50
lapsed '' approved
runs 1 letter issue 1 --now --as-of "$(date -u -d '+8 days' +%FT%TZ)" --json
out_has '"outcome":"refused"'
runs 0 letter show 1 --as-of "$(date -u -d '+8 days' +%FT%TZ)" --json
out_has '"code":"DISCIPLINE-STALE"'
out_has '"lapsed":"APPROVAL-EXPIRED"'

it 'an approval from the future is none yet'
runs 0 $py said.py -100 3600
lapsed APPROVAL-FUTURE prepared
runs 1 letter issue 1 --now --json
out_has '"code":"APPROVAL-FUTURE"'

it 'a text that no officer signed is none'
runs 0 $py said.py -100 -50
lapsed '' approved
runs 0 $py -c '
import sqlite3
db = sqlite3.connect("home/store.db")
db.execute("UPDATE letter_act SET text = replace(text, \"days\", \"Days\") WHERE number = 1 AND sequence = (SELECT max(sequence) FROM letter_act WHERE number = 1)")
db.commit()'
lapsed '' prepared
runs 1 letter issue 1 --now --json
out_has '"outcome":"refused","code":"APPROVAL-'
sed -i '/"id": "general"/,/"valid_for"/s/"valid_for": "60_days"/"valid_for": "3_months"/' home/profiles.json
runs 0 letter approve 1 --officer zhang
runs 0 letter approve 1 --officer chan # the journal knows these
stage_is 1 approved

it 'a refusal gives code, reason, contact and review in both languages, and ends it'
runs 2 letter refuse 4 --officer lee
err_has 'needs --reason CODE'
runs 2 letter refuse 4 --officer lee --reason Because --text x
runs 2 letter refuse 4 --officer lee --reason OFFICE
err_has '--text TEXT is needed'
runs 2 letter refuse 4 --officer lee --reason OFFICE --text "$(printf 'x%.0s' $(seq 501))"
runs 2 letter refuse 4 --reason OFFICE --text x
runs 0 letter refuse 4 --officer lee --reason OFFICE --text 'the consent was taken back 已撤回同意'
out_is <<'END'
申请 d 未获批准。
理由：the consent was taken back 已撤回同意（OFFICE）
询问与复核：registry@example.org。自本通知之日起 60 日内可申请复核，请注明申请编号；复核由另一名经办人决定。

Application d was not approved.
Reason: the consent was taken back 已撤回同意 (OFFICE)
Questions and review: registry@example.org. You may ask for a review within 60 days of this notice, naming the application; another officer decides it.
END
runs 0 letter refuse 3 --officer lee
out_has '（MEMBER-SUSPENDED）'
out_has '可改申请会员状况说明（措辞 W4）。'
out_has 'A status statement can be had instead (wording W4).'
runs 0 letter show 4 --json
out_has '"stage":"refused","code":"OFFICE","message":"the consent was taken back 已撤回同意"'

it 'a member takes an application back, with or without an officer who records it'
runs 0 letter withdraw 2
out_has '2  withdrawn'
request f m-01 >f.json
runs 0 letter apply f.json
runs 0 letter withdraw 5 --officer zhang
holds grep -q '"application":5,.*"event":"letter.withdrawn","officer":"[0-9a-f]*"' home/journal

it 'what is closed stays closed'
for n in 2 3 4 5; do
	runs 1 letter approve $n --officer chan
	err_has "application $n is "
	runs 1 letter refuse $n --officer chan --reason OFFICE --text x
	err_has "application $n is "
	runs 1 letter withdraw $n
	err_has "application $n is "
	runs 1 letter preview $n -o never.pdf
	runs 1 letter issue $n --now --json
	out_has '"code":"LETTER-CLOSED"'
done
holds test ! -e never.pdf
runs 0 letter apply f.json --officer zhang
out_has '5  withdrawn'

it 'lists are by stage, and JSON throughout'
request g m-01 >g.json
runs 0 letter apply g.json
for n in submitted:6 prepared: approved:1 refused:3,4 withdrawn:2,5 issued: open:1,6; do
	runs 0 letter list --state "${n%%:*}" --json
	holds $py -c '
import json, sys
assert ",".join(str(json.loads(l)["application"]) for l in open(".io/out")) == sys.argv[1], open(".io/out").read()' "${n#*:}"
done
runs 2 letter list --state open,closed
runs 0 letter show 1 2 3 4 5 6 --json
holds $py - <<'END'
import json
rows = [json.loads(line) for line in open(".io/out", encoding="utf-8")]
assert [r["application"] for r in rows] == [1, 2, 3, 4, 5, 6]
words = ["status", "discipline", "sanction", "restriction", "look_back", "pending", "annual_check", "dues", "name", "include",
         "recipient", "language", "consent", "approval"]
for r in rows:
    if r["stage"] in ("submitted", "prepared", "approved"):
        assert [c["condition"] for c in r["checks"]] == words, r
        assert r["outcome"] == "letter" and r["wording"] == "W1", r
    else:
        assert "checks" not in r, r
assert rows[0]["prepared"]["officer"] == "zhang" and rows[0]["approved"]["officer"] == "chan", rows[0]
assert rows[0]["prepared"]["kid"] != rows[0]["approved"]["kid"]
END

it 'a preview is a sample of the page, with nothing attached, and verifies nowhere'
runs 0 "$HUFU" publish --home home --to site
for lang in en zh; do
	runs 0 letter preview 1 --lang $lang -o $lang.pdf
	holds qpdf --check $lang.pdf
	pdftotext -raw $lang.pdf - >text
	holds grep -q 'TEST-TEST-TEST-TEST' text
	holds grep -q 'LYU LYU' text
	holds grep -q 'Northland Board of Accountancy' text
	holds sh -c "pdfdetach -list $lang.pdf | grep -q '^0 embedded files'"
	runs 1 "$HUFU" verify $lang.pdf --site site --keys home/policy.json
	runs 1 "$HUFU" verify $lang.pdf --site site --keys home/policy.json --json
	out_has '"verdict":"FORGED"'
	pdftoppm -r 150 -png -singlefile $lang.pdf $lang
	runs 1 "$HUFU" verify $lang.png --site site --keys home/policy.json --json
	out_has '"verdict":"FORGED"'
done
runs 2 letter preview 6 --lang zh -o never.pdf
runs 2 letter preview 6
stage_is 1 approved

it 'of an unknown member no letter is made, and a reply that says nothing of anybody'
request h m-99 >h.json
request i m-99 doc='"status_statement"' >i.json
runs 1 letter apply h.json
out_has 'no record of m-99  MEMBER-UNKNOWN'
runs 1 letter approve 7 --officer zhang
approved i.json
runs 0 letter issue 1 $number --now --out out --json
holds test "$(grep -c '"outcome":"issued"' .io/out)" -eq 3
reply=out/$(sed -n 's/.*"application":8,.*"docid":"\([^"]*\)".*/\1/p' .io/out).pdf
runs 0 "$HUFU" publish --home home --to site
for pdf in out/*.pdf; do
	runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
	out_has '"verdict":"VALID"'
done
pdftotext -raw "$reply" - | tr '\n' ' ' >text
holds grep -q 'no record of its register of members matched' text
holds sh -c '! grep -q m-99 text'
runs 0 "$HUFU" verify "$reply" --site site --keys home/policy.json --json
out_has '"wording":7'
out_has '"name_native":null,"name_latin":null'
runs 0 letter list --state issued
holds test "$(wc -l <.io/out)" -eq 2
runs 1 letter approve 1 --officer lee
err_has 'application 1 is issued'
runs 0 "$HUFU" audit --home home

it 'who is forgotten takes every application along'
runs 0 letter apply g.json --officer zhang
runs 0 "$HUFU" forget m-01 --home home </dev/null
runs 0 letter list --state issued --json
holds test "$(wc -l <.io/out)" -eq 1
runs 0 letter list --state open --json
holds test "$(wc -l <.io/out)" -eq 1
out_has '"request_id":"h"'
for n in 1 2 5 6; do runs 1 letter show $n; done
holds $py - <<'END'
import json, os
needles = [b"m-01", "吕绿".encode(), b"LYU LYU", b"990000010001", b'"request_id":"g"', b"the consent was taken back"]
needles += [json.load(open(n + ".json"))["request_id"].join(['"', '"']).encode() for n in "abdfg"]
for folder, _, files in os.walk("home"):
    for f in files:
        path = os.path.join(folder, f)
        data = open(path, "rb").read()
        for n in needles:
            assert n not in data, (path, n)
END
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" audit --home home
for pdf in out/*.pdf; do
	[ "$pdf" = "$reply" ] && continue
	runs 1 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
	out_has '"verdict":"ENDED"'
done

it 'whom the register does not know may have applied, and is forgotten too'
request k m-98 purpose='"a reason of m-98 alone"' >k.json
runs 1 letter apply k.json
runs 0 "$HUFU" forget m-98 --home home </dev/null
out_has '"idx":[]'
runs 0 "$HUFU" forget m-99 --home home </dev/null
runs 0 letter list --state open
out_is </dev/null
holds sh -c '! grep -rqaE "m-98|m-99|\"request_id\":\"[hik]\"" home'
runs 0 "$HUFU" verify "$reply" --site site --keys home/policy.json
runs 0 letter list --state issued
out_has '(erased)'
runs 1 "$HUFU" forget m-99 --home home </dev/null
err_has "no member of this home has the id 'm-99'"

it 'a profile or an association that is gone leaves applications that can be ended, and hides no others'
record m-01 5 >back.jsonl # who was forgotten may come back
register back.jsonl
cp home/profiles.json profiles.before
cp home/associations.json associations.before
for r in p q r s; do request "$r" m-01 profile='"admission"' >"$r.json"; done
request t m-10 doc='"status_statement"' >t.json
runs 0 letter apply p.json q.json r.json t.json --officer zhang
runs 0 letter list --state prepared --json
set -- $(sed 's/^{"application":\([0-9]*\),.*/\1/' .io/out)
runs 0 letter approve "$1" "$4" --officer chan
sed -i 's/"id": "admission"/"id": "entry"/' home/profiles.json
runs 0 letter list --json
holds test "$(wc -l <.io/out)" -eq 4
holds test "$(grep -c '"stage":"submitted"' .io/out)" -eq 3
runs 0 letter show "$1"
out_has "'admission' is no profile of this home any more  PROFILE-UNKNOWN"
runs 1 letter approve "$1" --officer lee
err_has "hufu: $1: recipient: 'admission' is no profile"
runs 1 letter preview "$1" -o never.pdf
runs 1 letter apply s.json
runs 1 letter issue "$1" --now --json
out_has '"outcome":"refused","code":"PROFILE-UNKNOWN"'
runs 0 letter refuse "$2" --officer lee
out_has '（PROFILE-UNKNOWN）'
cp profiles.before home/profiles.json
stage_is "$1" approved
sed -i 's/"SX99"/"SX98"/' home/associations.json
runs 0 letter list --json
holds test "$(wc -l <.io/out)" -eq 3
runs 0 letter show "$1" --json
out_has '"answer":"failed","code":"ASSOCIATION-UNKNOWN","condition":"status"'
runs 0 letter withdraw "$3" --officer zhang
out_has 'withdrawn'
runs 0 letter issue --now --json
out_is </dev/null
cp associations.before home/associations.json
runs 0 letter issue --now --json
holds test "$(grep -c '"outcome":"issued"' .io/out)" -eq 2

it 'replies that no record matches have no member in common'
for r in one two; do request "$r" m-97 doc='"status_statement"' >"$r.json"; done
runs 0 letter apply one.json two.json --officer zhang
runs 0 letter list --state prepared --json
set -- $(sed 's/^{"application":\([0-9]*\),.*/\1/' .io/out)
runs 0 letter approve "$1" "$2" --officer chan
runs 0 letter issue --now --json
docid=$(sed -n '1s/.*"docid":"\([^"]*\)".*/\1/p' .io/out)
runs 1 "$HUFU" forget '' --home home </dev/null
err_has "no member of this home has the id ''"
runs 1 "$HUFU" revoke --member '' --home home --reason other </dev/null
err_has "no member of this home has the id ''"
runs 0 "$HUFU" revoke "$docid" --home home --reason resigned --json </dev/null
holds test "$(wc -l <.io/out)" -eq 1
out_has "$docid"
runs 0 "$HUFU" audit --home home

it 'of a member whose record was refused nobody says that there is none'
record m-01 1 | sed 's/"m-01"/"m-96"/; s/"native": *"[^"]*"/"native":"张\xee\xa1\xa3"/' >unreadable.jsonl
runs 1 "$HUFU" issue unreadable.jsonl --home home
request six m-96 doc='"status_statement"' >six.json
runs 1 letter apply six.json --officer zhang --json
out_has '"code":"MEMBER-UNREADABLE"'
out_has '"outcome":"refused"'
runs 0 "$HUFU" forget m-96 --home home --yes
runs 1 "$HUFU" forget m-96 --home home --yes

it 'usage is said plainly'
runs 2 "$HUFU" letter
runs 2 letter post
runs 2 letter apply
runs 2 letter show
runs 2 letter list 1
runs 2 letter refuse 1 2 --officer lee
runs 2 letter show 0
runs 2 letter show 1x
runs 2 letter show 99999999999999999999
runs 1 letter show 99
err_has 'there is no application 99'
runs 2 "$HUFU" letter list
runs 3 "$HUFU" letter list --home nowhere
finish
