#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who the officers are: two of them, or the roots, change the roster; the file is a chain that nobody edits.
. tests/cli/lib.sh

officer() { "$HUFU" officer "$@" --home home; }
kid() { officer list 2>/dev/null | awk -v n="$1" '$NF == n && $2 != "dismissed" { print $1 }'; }
changes() { if [ -f home/keys/officers ]; then wc -l <home/keys/officers; else echo 0; fi; }

it 'a key is made without a home, for its owner alone, and never over another'
for n in zhang chan lee wong; do runs 0 "$HUFU" officer new $n; done
err_has 'wong.pub is what'
holds test "$(stat -c %a zhang)" = 600
holds test "$(stat -c %a zhang.pub)" = 644
holds grep -qE '^[0-9a-f]{64}$' zhang
holds grep -qE '^[0-9a-f]{64}$' zhang.pub
holds test "$(python3 -c 'import hashlib,sys;print(hashlib.sha256(bytes.fromhex(open("wong.pub").read())).hexdigest()[:8])')" = "$(cat .io/out)"
holds /usr/bin/python3 -c 'from nacl.signing import SigningKey as S
assert S(bytes.fromhex(open("zhang").read())).verify_key.encode().hex() == open("zhang.pub").read().strip()'
cp zhang zhang.before
runs 1 "$HUFU" officer new zhang
err_has 'never written over'
holds cmp zhang zhang.before
rm -f lone && : >lone.pub
runs 1 "$HUFU" officer new lone
holds test ! -e lone
holds test ! -s lone.pub
runs 3 "$HUFU" officer new no/such/folder/key

it 'a home has no officers until its roots enrol them, and no officer key of its own'
runs 0 "$HUFU" init home --demo
runs 0 officer list
out_is </dev/null
runs 2 "$HUFU" key new --role officer --home home
err_has 'hufu officer new FILE'
runs 2 "$HUFU" key import zhang --role officer --home home
runs 1 officer enrol zhang.pub --name ZHANG --officer zhang --officer chan
err_has 'signed by 0 roots; it takes 2'
runs 2 officer enrol zhang.pub
runs 3 officer enrol nowhere.pub --name N
printf 'xyz\n' >bad.pub
runs 1 officer enrol bad.pub --name N
err_has 'bad.pub'
printf '%064d\n' 0 >low.pub
runs 1 officer enrol low.pub --name N
holds test "$(changes)" -eq 0
runs 0 officer enrol zhang.pub --name ZHANG
holds test "$(cat .io/out)" = "$(kid ZHANG)"
{ printf -- '-----BEGIN PUBLIC KEY-----\n'
{ printf '302a300506032b6570032100' | xxd -r -p; xxd -r -p chan.pub; } | base64
printf -- '-----END PUBLIC KEY-----\n'; } >chan.pem
holds openssl pkey -pubin -in chan.pem -noout
runs 0 officer enrol chan.pem --name CHAN
runs 0 officer list
holds test "$(grep -c enrolled .io/out)" -eq 2
holds test "$(stat -c %a home/keys/officers)" = 600
holds grep -q '"act":"enrol","at":"[^"]*","event":"officers.changed","kid":"'"$(kid ZHANG)"'","prev":"[0-9a-f]*","serial":1,' home/journal
holds test "$(grep -c '"purpose":"note","role":"root"' home/signer.log)" -eq 6 # three roots, two changes

it 'the same key, name or root is not enrolled twice'
runs 1 officer enrol zhang.pub --name OTHER
err_has 'enrolled already'
runs 1 officer enrol lee.pub --name ZHANG
err_has 'of this name'
hex=$("$HUFU" key list --home home --json | sed -n 's/.*"number":1,"public":"\([0-9a-f]*\)","role":"root".*/\1/p')
echo "$hex" >root.pub
runs 1 officer enrol root.pub --name ROOT
err_has 'a root of the issuer'
runs 1 officer enrol lee.pub --name "$(printf 'a\tb')"
runs 1 officer enrol lee.pub --name ''
runs 1 officer enrol lee.pub --name "$(printf 'x%.0s' $(seq 121))"
holds test "$(changes)" -eq 2

it 'two officers change the roster, one does not'
runs 1 officer enrol lee.pub --name LEE --officer zhang
err_has 'signed by 1 officers'
runs 1 officer enrol lee.pub --name LEE --officer zhang --officer zhang
err_has 'the same key twice'
runs 1 officer enrol lee.pub --name LEE --officer zhang --officer lee # not one of them yet
chmod 644 chan
runs 3 officer enrol lee.pub --name LEE --officer zhang --officer chan
chmod 600 chan
holds test "$(changes)" -eq 2
runs 0 officer enrol lee.pub --name LEE --officer zhang --officer chan
runs 0 officer list --json
holds python3 -c 'import json,sys
rows=[json.loads(l) for l in open(".io/out")]
assert [r["name"] for r in rows]==["ZHANG","CHAN","LEE"] and all(r["state"]=="enrolled" and r["until"] is None for r in rows), rows'

it 'a program that knows nothing of us follows the chain and verifies every signature'
cat >follow.py <<'END'
import hashlib, json, sys
from nacl.signing import VerifyKey
import base64
policy = json.load(open("home/policy.json"))
roots = {base64.b64decode(v.split("+", 2)[2])[1:].hex() for v in policy["roots"]}
prev, officers = "0" * 64, {}
for n, line in enumerate(open("home/keys/officers", encoding="utf-8").read().split("\n")[:-1], 1):
    o = json.loads(line)
    assert line == json.dumps(o, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    label, *rows = o["statement"].split("\n")[:-1]
    s = dict(r.split(" ", 1) for r in rows)
    assert label == "hufu/1/officer-roster" and s["issuer"] == policy["issuer"]
    assert list(s) == ["issuer", "serial", "prev", "act", "officer", "name", "at"]
    assert int(s["serial"]) == n and s["prev"] == prev, n
    who = set()
    for g in o["signatures"]:
        VerifyKey(bytes.fromhex(g["public"])).verify(o["statement"].encode(), bytes.fromhex(g["signature"]))
        who.add(g["public"])
    assert len(who & roots) >= policy["k"] or len(who & set(officers)) >= 2, n
    if s["act"] == "enrol": officers[s["officer"]] = s["name"]
    if s["act"] == "dismiss": del officers[s["officer"]]
    prev = hashlib.sha256(line.encode()).hexdigest()
print(" ".join(sorted(officers.values())))
END
runs 0 /usr/bin/python3 follow.py
out_is <<'END'
CHAN LEE ZHANG
END

it 'a dismissed officer signs nothing more'
runs 1 officer dismiss 00000000 --officer zhang --officer lee
runs 2 officer dismiss "$(kid CHAN)00" --officer zhang --officer lee
chan=$(kid CHAN)
runs 0 officer dismiss "$chan" --officer zhang --officer lee
err_has 'is void'
runs 0 officer list
out_has 'dismissed'
runs 1 officer enrol wong.pub --name WONG --officer zhang --officer chan
err_has 'signed by 1 officers'
runs 1 officer dismiss "$chan" --officer zhang --officer lee
err_has 'no officer with this key'
runs 0 officer enrol wong.pub --name WONG --officer lee --officer zhang
runs 0 /usr/bin/python3 follow.py
out_is <<'END'
LEE WONG ZHANG
END

it 'a chain that was cut, changed or put together anew opens no home'
cp home/keys/officers whole
refused() { # refused WORDS: no command works on this home
	err=$1
	runs 3 "$HUFU" officer list --home home
	err_has "$err"
	err_has 'keys/officers'
	runs 3 officer endorse
	runs 3 "$HUFU" key renew --home home
	cp whole home/keys/officers
}
sed -i 2d home/keys/officers && refused 'serial 3 follows 1'
sed -i 1d home/keys/officers && refused 'line 1'
sed -i '1s/ZHANG/ZHONG/' home/keys/officers && refused 'line 2: the line before it is another'
sed -i '2s/CHAN/CHIN/' home/keys/officers && refused 'line 2: signature 1 does not verify'
sed -i '5s/WONG/WANG/' home/keys/officers && refused 'line 5: signature 1 does not verify'
sed -i '5s/"signatures":\[{[^}]*},/"signatures":[/' home/keys/officers && refused 'line 5: signed by 1 officers'
sed -i '5s/"signatures":\[.*\],/"signatures":[],/' home/keys/officers && refused 'line 5: signed by 0 officers'
sed -i '3s/"statement"/ "statement"/' home/keys/officers && refused 'line 3: not canonical'
printf 'x' >>home/keys/officers && refused 'ends within a line'
sed -i 's/verify\.example\.org/verify.example.com/' home/keys/officers && refused 'of another issuer'
head -c 3000000 /dev/zero >home/keys/officers && refused ''

it 'a file that lost its last change is missed by whoever would write'
head -n 4 whole >home/keys/officers
runs 3 officer enrol chan.pub --name CHAN
err_has 'ends at change 4, and there were 5'
runs 3 "$HUFU" key renew --home home
rm home/keys/officers
runs 3 "$HUFU" key renew --home home
cp whole home/keys/officers
runs 0 "$HUFU" key renew --home home

it 'a change signed by strangers makes nobody an officer'
/usr/bin/python3 - <<'END'
import hashlib, json
from nacl.signing import SigningKey
lines = open("home/keys/officers", encoding="utf-8").read().split("\n")[:-1]
keys = [SigningKey(bytes([n]) * 32) for n in (7, 8)]
text = json.loads(lines[-1])["statement"].split("\n")
text[2:4] = ["serial 6", "prev " + hashlib.sha256(lines[-1].encode()).hexdigest()]
text[5:7] = ["officer " + keys[0].verify_key.encode().hex(), "name MALLORY"]
text = "\n".join(text)
line = {"signatures": [{"public": k.verify_key.encode().hex(), "signature": k.sign(text.encode()).signature.hex()}
                       for k in keys], "statement": text}
open("home/keys/officers", "a").write(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n")
END
runs 0 officer list
out_lacks ' enrolled '
out_has MALLORY
err_has 'vouch for none'
runs 1 officer enrol chan.pub --name CHAN --officer zhang --officer lee
err_has 'signed by 0 roots'
cp whole home/keys/officers

it 'after the roots are replaced the new ones endorse the officers once'
runs 0 "$HUFU" key rotate --role root --number 1 --home home
runs 0 officer list
out_has enrolled # two of the three that signed are roots still
runs 0 "$HUFU" key rotate --role root --number 2 --home home
runs 0 officer list
out_has unvouched
err_has 'hufu officer endorse'
runs 1 officer enrol chan.pub --name CHAN --officer zhang --officer lee
runs 0 officer endorse
out_has enrolled
out_has WONG
holds grep -q '"act":"endorse"' home/journal
runs 0 officer enrol chan.pub --name CHAN --officer zhang --officer lee
runs 0 officer list
holds test "$(grep -c enrolled .io/out)" -eq 4
runs 1 officer endorse --officer zhang
holds grep -q 'hufu/1/officer-roster' home/keys/officers

it 'a root kept elsewhere signs by its file'
PYTHONPATH=$root/tests/keys /usr/bin/python3 - <<'END'
import glob, hashlib, json, os
from open_home import opened
text = open("home/keys/kek.json").read()
outer = hashlib.blake2b(open("home/keys/passphrase", "rb").read(), digest_size=32,
                        salt=bytes.fromhex(json.loads(text)["salt"]), person=b"hufu/1/kek").digest()
_, kek = opened(outer, text)
for name in glob.glob("home/keys/root-*.json"):
    header, seed = opened(kek, open(name).read())
    fd = os.open("root" + name.split("-")[2][:8], os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(fd, seed.hex().encode())
END
set -- $("$HUFU" key list --home home | awk '$2 == "root" && $4 == "active" { print "root" $1 }')
holds test $# -eq 3
rm home/keys/root-*
runs 0 "$HUFU" officer new sixth
runs 1 officer enrol sixth.pub --name HO
err_has '0 officers and 0 roots; it takes 2 officers or 2 roots'
runs 1 officer enrol sixth.pub --name HO --officer "$1"
runs 1 officer enrol sixth.pub --name HO --officer "$1" --officer zhang
err_has 'signed by 1 officers and 1 roots'
runs 0 officer enrol sixth.pub --name HO --officer "$1" --officer "$3"
runs 0 officer list
holds test "$(grep -c enrolled .io/out)" -eq 5

it 'usage is said plainly'
runs 2 "$HUFU" officer
runs 2 "$HUFU" officer promote x --home home
runs 2 officer list x
runs 2 officer endorse x
runs 2 "$HUFU" officer new
runs 2 "$HUFU" officer list
runs 3 "$HUFU" officer list --home nowhere
finish
