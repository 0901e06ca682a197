#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Letters go out together at ticks, in a block that does not tell how many there are, and not before the log shows them.
. tests/cli/lib.sh
. "$root/tests/cli/letter-home.sh"

ticks() { # ticks JSON: of hufu.json; nothing takes them away
	$py - "$1" <<'END'
import json, sys
c = json.load(open("home/hufu.json"))
c.pop("ticks", None)
if sys.argv[1]:
    c["ticks"] = json.loads(sys.argv[1])
json.dump(c, open("home/hufu.json", "w"))
END
}
# Once an hour, half an hour from now: no tick is near, whatever the clock says.
minute=$(date -u -d '+30 minutes' +%M)
hourly="{\"minutes\": 60, \"from\": \"00:$minute\", \"until\": \"24:00\"}"

home_new
{ record m-01 1; record m-02 1 'dues_paid_through="2099-12-31"'; } >feed.jsonl
register feed.jsonl

it 'a fault in "ticks" opens no home, and is named'
fault() { # fault JSON POINTER
	ticks "$1"
	runs 3 letter list
	err_has "hufu.json: $2: "
}
fault '{"minutes": 0, "from": "09:00", "until": "18:00"}' /ticks/minutes
fault '{"minutes": 61, "from": "09:00", "until": "18:00"}' /ticks/minutes
fault '{"minutes": "10", "from": "09:00", "until": "18:00"}' /ticks/minutes
fault '{"minutes": 10, "from": "9:00", "until": "18:00"}' /ticks/from
fault '{"minutes": 10, "from": "09:60", "until": "18:00"}' /ticks/from
fault '{"minutes": 10, "from": "09:00", "until": "24:01"}' /ticks/until
fault '{"minutes": 10, "from": "24:00", "until": "24:00"}' /ticks
fault '{"minutes": 10, "from": "18:00", "until": "09:00"}' /ticks
fault '{"minutes": 10, "from": "09:00"}' /ticks/until
fault '{"minutes": 10, "from": "09:00", "until": "18:00", "days": 5}' /ticks/days
fault '[]' /ticks
ticks ''
runs 0 letter list
ticks "$hourly"
runs 0 letter list

it 'with nothing approved a tick makes nothing'
size=$(sed -n 2p home/site/checkpoint)
runs 0 letter issue
out_is </dev/null
err_is </dev/null
holds test "$(sed -n 2p home/site/checkpoint)" = "$size"

it 'what was approved after the newest tick waits for the next, which is named'
request a m-01 >a.json
approved a.json
next=$($py - "$minute" <<'END'
import datetime, sys
now = datetime.datetime.now(datetime.timezone.utc)
at = now.replace(minute=int(sys.argv[1]), second=0, microsecond=0)
at += datetime.timedelta(hours=at <= now)
print((at + datetime.timedelta(hours=8)).strftime("%Y-%m-%d %H:%M (UTC+8)"))
END
)
out_has "goes out with the tick at $next"
runs 75 letter issue --out out
out_is <<'END'
1  waits for the next tick
END
err_is <<END
hufu: 1 wait for the tick at $next; --now does not wait
END
runs 75 letter issue 1 --json
out_is <<'END'
{"application":1,"outcome":"waits"}
END
stage_is 1 approved
holds test "$(sed -n 2p home/site/checkpoint)" = "$size"
holds test -z "$(ls out)"

padding() { "$HUFU" audit --home home --json 2>/dev/null | sed -n 's/.*"padding":\([0-9]*\).*/\1/p'; }

it 'when the tick has come it goes out, in a block of eight'
before=$(padding)
ticks '{"minutes": 1, "from": "00:00", "until": "24:00"}'
runs 0 letter issue --as-of "$(date -u -d '+3 minutes' +%FT%TZ)" --out out --json
out_has '{"application":1,"outcome":"issued"'
err_is </dev/null
holds test "$(($(padding) - before))" -eq 7
stage_is 1 issued
runs 0 letter issue --now --json
out_is </dev/null
ticks "$hourly"

it '--now does not wait; both languages go out in one tick'
request b m-01 language='"both"' delivery='"both"' >b.json
request c m-02 recipient.name='"The Registrar, Northland Board of Accountancy and Public Auditing Oversight"' \
	profile='"northland-board"' >c.json
approved b.json
approved c.json
before=$(padding)
runs 0 letter issue --now --out out --json
holds test "$(wc -l <.io/out)" -eq 3
holds test "$(($(padding) - before))" -eq 5 # three of eight
holds $py - <<'END'
import json
rows = [json.loads(line) for line in open(".io/out")]
assert [(r["application"], r["document"], r["lang"]) for r in rows] == [(2, "good-standing-letter", "en"),
    (2, "good-standing-letter", "zh"), (3, "good-standing-letter", "en")], rows
assert all(r["outcome"] == "issued" and r["file"] == r["docid"] + ".pdf" for r in rows), rows
END

it 'who gets it is said, so that a letter for its recipient alone is sent there'
out_has '"delivery":"both","recipient_email":"registrar@northland.example"'
out_has '"delivery":"recipient","recipient_email":"registrar@northland.example"'
request d m-02 profile='"northland-board"' delivery='"member"' >d.json
runs 1 letter apply d.json
out_has 'DELIVERY-DIRECT'
request e m-01 recipient.email=- >e.json
approved e.json
runs 0 letter issue --now --json
out_has '"delivery":"recipient"}'

it 'what lies in --out is what the home keeps'
holds test "$(ls out | wc -l)" -eq 4
for pdf in out/*.pdf; do
	holds cmp "$pdf" "$(find home/documents -name "$(basename "$pdf")")"
	holds qpdf --check "$pdf"
done
holds test "$(find home/documents -name '*.pdf' | wc -l)" -eq 9 # four certificates, and the letter without --out

it 'two letters to one recipient are both good'
runs 0 "$HUFU" publish --home home --to site
for pdf in out/*.pdf; do
	runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
	out_has '"verdict":"VALID"'
done
runs 0 "$HUFU" verify out/*.pdf --site site --keys home/policy.json --expect 'recipient=Northland Board of Accountancy' --json
holds test "$(grep -c '"verdict":"VALID"' .io/out)" -eq 4

it 'a letter that can be made in one language only is finished in it, and not made again and again'
native=$($py -c 'print(("阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江·买买提江·" * 2)[:50], end="")')
record m-06 2 name.native="\"$native\"" 'dues_paid_through="2099-12-31"' discipline="$(record m-01 1 |
	sed 's/.*"discipline": \({[^}]*}\).*/\1/')" >long.jsonl
register long.jsonl
request f m-06 language='"both"' 'recipient.name="The Northland Board of Accountancy and Auditing Oversight 12"' >f.json
approved f.json
f=$number
runs 1 letter issue --now --out long --json
out_has '"lang":"en"'
out_has '"outcome":"refused","code":"QR-TOO-LARGE"'
size=$(sed -n 2p home/site/checkpoint)
runs 1 letter issue --now --out long --json
out_is <<END
{"application":$f,"outcome":"refused","code":"QR-TOO-LARGE","message":"the code for this name would be too dense to print; shorten the name"}
END
holds test "$(sed -n 2p home/site/checkpoint)" = "$size"
runs 1 letter issue $f --now --out long --json
out_has QR-TOO-LARGE
out_lacks '"outcome":"issued"'
holds test "$(ls long | wc -l)" -eq 1
runs 0 letter show $f --json
out_has '"stage":"approved","code":"QR-TOO-LARGE"'
sed 's/"rev": 2/"rev": 3/; s/·买买提江·[^"]*"/"/' long.jsonl >short.jsonl
register short.jsonl
runs 0 letter issue --now --json
out_is </dev/null
runs 0 letter approve $f --officer zhang
runs 0 letter approve $f --officer chan
runs 0 letter issue --now --out long --json
out_has '"lang":"zh"'
out_lacks '"lang":"en"'
stage_is $f issued
runs 0 "$HUFU" audit --home home

it 'a letter may not speak of a time still to come, and is open again'
request g m-01 >g.json
approved g.json
runs 1 letter issue --now --as-of "$(date -u -d '+20 minutes' +%FT%TZ)" --json
out_has '"code":"APPROVAL-FUTURE"'
stage_is $number approved
runs 0 letter issue $number --now --json
out_has '"outcome":"issued"'
runs 2 letter issue --as-of 2020-01-01
err_has 'the first day of this home'

# ---- behind a passphrase ----
rm -rf home site zhang* chan* lee*
head -c 24 /dev/urandom | base64 >pass
locked() { "$HUFU" "$@" --home home --passphrase-fd 3 3<pass; }
runs 0 "$HUFU" init home --base https://letters.example.net --name-zh 协会 --name-en Institute --contact a@example.net \
	--passphrase-fd 3 3<pass
for n in zhang chan; do
	runs 0 "$HUFU" officer new $n
	runs 0 locked officer enrol $n.pub --name $n
done
record m-01 1 association.code='"NATIONAL"' >own.jsonl
runs 0 locked issue own.jsonl --thumbnails 0

it 'officers approve without the passphrase; nothing is issued without it'
request general m-01 recipient=- general=true delivery='"member"' language='"both"' >general.json
approved general.json
runs 3 letter issue --now --out plain </dev/null
err_has 'use --passphrase-fd'
echo wrong >wrong
runs 3 "$HUFU" letter issue --now --home home --out plain --passphrase-fd 3 3<wrong
stage_is 1 approved
holds test -z "$(ls plain 2>/dev/null)"
runs 0 locked letter issue --now --out plain --json
holds test "$(grep -c '"delivery":"member"}' .io/out)" -eq 2
runs 0 locked publish --to site
for pdf in plain/*.pdf; do
	runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
	out_has '"recipient":null'
	pdftotext "$pdf" - >text
	holds grep -Eq '^(To whom it may concern|敬启者)$' text
done
runs 1 "$HUFU" verify plain/*.pdf --site site --keys home/policy.json --expect 'recipient=Northland Board of Accountancy'

# ---- with witnesses ----
rm -rf home site zhang* chan* lee*
home_new
openssl genpkey -algorithm ed25519 -out witness.pem 2>/dev/null
openssl pkey -in witness.pem -pubout -outform DER | tail -c 32 >witness.pub
cat >cosign.py <<'END'
import base64, hashlib, subprocess, sys, time
name, public = b"witness.example.net", open("witness.pub", "rb").read()
key = hashlib.sha256(name + b"\n\x04" + public).digest()[:4]
if sys.argv[1:] == ["vkey"]:
    print(name.decode() + "+" + key.hex() + "+" + base64.b64encode(b"\x04" + public).decode())
else:
    text = open("home/log/checkpoint", "rb").read().split(b"\n\n")[0] + b"\n"
    now = int(time.time())
    open("body", "wb").write(b"cosignature/v1\ntime %d\n" % now + text)
    subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "witness.pem", "-in", "body", "-out", "sig"], check=True)
    line = base64.b64encode(key + now.to_bytes(8, "big") + open("sig", "rb").read()).decode()
    print("\u2014 " + name.decode() + " " + line)
END
$py cosign.py vkey >witness.vkey
register feed.jsonl
runs 0 "$HUFU" key import witness.vkey --role witness --quorum 1 --home home
runs 0 "$HUFU" publish --home home --to site --json
while grep -q '"waiting":true' .io/out; do
	$py cosign.py >line
	runs 0 "$HUFU" publish --home home --to site --cosig line --json
done

it 'with a quorum no letter leaves before the witness has signed'
approved a.json
runs 0 letter issue --now --out witnessed --json
err_has 'waits for witnesses'
holds test -z "$(ls witnessed)"
stage_is 1 issued
runs 3 letter issue --now --out witnessed
err_has 'waits for its witnesses'
$py cosign.py >line
runs 0 "$HUFU" publish --home home --to site --cosig line --json
holds test "$(ls witnessed | wc -l)" -eq 1
while grep -q '"waiting":true' .io/out; do
	$py cosign.py >line
	runs 0 "$HUFU" publish --home home --to site --cosig line --json
done
runs 0 "$HUFU" verify witnessed/*.pdf --site site --keys home/policy.json --json
out_has '"verdict":"VALID"'
out_has '"witnesses":1'
finish
