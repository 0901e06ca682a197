#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh

key() { "$HUFU" key "$@" --home home; }
kid() { # kid ROLE STATE [NUMBER]
	"$HUFU" key list --home "${HOME_OF:-home}" |
		awk -v r="$1" -v s="$2" -v n="${3-}" '$2 == r && (n == "" || $3 == n) && $0 ~ " " s " " { print $1 }'
}
version() { sed -n '1s/.*"version":\([0-9]*\),.*/\1/p' "${1:-home}/site/keys.note"; }
active_are() { # the active keys of each role, once each, in the list and on the disk
	key list --json | python3 -c '
import collections, json, sys
keys = [json.loads(line) for line in sys.stdin]
active = collections.Counter((k["role"], k["number"]) for k in keys if k["state"] == "active")
assert all(n == 1 for n in active.values()), active
assert all(k["here"] for k in keys if k["state"] == "active"), keys
'
}
runs 0 "$HUFU" init home --demo

it 'a rotated key retires, and another is in its place'
old=$(kid issuing active 1)
runs 0 key rotate --role issuing --number 1
err_has 'version 2 of the key list'
holds test "$(kid issuing retired 1)" = "$old"
holds test -f "home/keys/issuing-1-$(cat .io/out).json"
holds test "$(grep -c '"role":"root"' home/signer.log)" -eq 2
for role in status log manifest home; do runs 0 key rotate --role $role; done
holds active_are
holds test "$(version)" -eq 5 # the home secret stands in no list
holds test "$(kid home retired | wc -l)" -eq 1

it 'each list names the one before it, and the home keeps them'
python3 - >.io/chain 2>&1 <<'END' || wrong "$(cat .io/chain)"
import hashlib, json
prev = None
for n in range(1, 6):
    text = open("home/site/keys.note" if n == 5 else f"home/keys/history/keys-{n}.note", "rb").read()
    body = json.loads(text.split(b"\n\n")[0])
    assert body["version"] == n and body["prev"] == prev, n
    prev = hashlib.sha256(text).hexdigest()
    assert prev in open("home/journal").read() or n == 1, n
END

it 'a planned key signs nothing until it takes over'
runs 0 key new --role issuing --number 1 --planned
planned=$(kid issuing planned 1)
holds test -n "$planned"
runs 0 key rotate --role issuing --number 1
holds test "$(kid issuing active 1)" = "$planned"

it 'what another key does already is not begun twice'
runs 1 key new --role issuing --number 1
err_has 'rotate'
runs 0 key new --role issuing --number 9
runs 0 key retire "$(kid issuing active 9)"
runs 1 key retire "$(kid issuing retired 9)"
runs 1 key retire "$(kid status active)"
err_has 'cannot do without'
runs 1 key rotate --role issuing --number 8
runs 2 key new --role issuing
runs 2 key new --role witness
runs 2 key retire 0123
runs 1 key retire 01234567
holds active_are

it 'a stolen key has a cut that is lowered, never raised, and never beyond the log'
stolen=$(kid issuing active 2)
runs 2 key compromise "$stolen"
runs 1 key compromise "$stolen" --from-idx 1
err_has 'the log ends at 0'
runs 0 key compromise "$stolen" --from-idx 0
holds test "$(kid issuing compromised 2)" = "$stolen"
holds test -n "$(kid issuing active 2)" # another took over
runs 1 key compromise "$stolen" --from-idx 0
runs 1 key retire "$stolen"
holds active_are

it 'status and log keys are revoked at once; a stolen log is frozen and another goes on'
runs 1 key compromise "$(kid status active)" --from-idx 0
runs 0 key compromise "$(kid status active)"
runs 0 key compromise "$(kid log active)"
holds active_are
python3 - >.io/frozen 2>&1 <<'END' || wrong "$(cat .io/frozen)"
import hashlib, json
body = json.loads(open("home/site/keys.note", "rb").read().split(b"\n\n")[0])
assert body["logs"] == [{"origin": "verify.example.org/log", "root": hashlib.sha256(b"").hexdigest(), "size": 0}], body["logs"]
for k in body["keys"]:
    going = k["state"] in ("active", "planned")
    assert (k["log"] == "verify.example.org/log-2") == going, k
END

it 'a retired key may still be found stolen'
runs 0 key compromise "$(kid issuing retired 9)" --from-idx 0

it 'private keys made elsewhere come in from a file that is nobody else'"'"'s'
openssl genpkey -algorithm ed25519 -out seed.pem 2>/dev/null
chmod 644 seed.pem
runs 3 key import seed.pem --role issuing --number 7
err_has 'others can read it'
chmod 600 seed.pem
runs 0 key import seed.pem --role issuing --number 7
runs 1 key import seed.pem --role issuing --number 6
err_has 'already'
umask 077
head -c 32 /dev/zero | tr '\0' '7' >raw
runs 0 key import raw --role issuing --number 5
printf '%064d\n' 5 >hex
runs 0 key import hex --role issuing --number 6 --planned
printf 'no key at all\n' >junk
runs 1 key import junk --role issuing --number 8
printf -- '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n' >junk
runs 1 key import junk --role issuing --number 8
umask 022

it 'public halves go out in the forms that other programs take'
runs 0 key export "$(kid issuing active 7)"
openssl pkey -in seed.pem -pubout 2>/dev/null | cmp -s - .io/out || wrong 'not what openssl says'
runs 0 key export "$(kid manifest active)"
minisign_line=$(sed -n 2p .io/out)
holds test "${#minisign_line}" -eq 56
runs 0 key export "$(kid root active 1)"
grep -q '^verify.example.org/root-1+[0-9a-f]*+' .io/out || wrong 'no vkey of a root'
grep -qF "$(cat .io/out)" home/policy.json || wrong 'not the root of the policy'
runs 0 key export "$(kid log active)" --format vkey
grep -q '^verify.example.org/log-2+' .io/out || wrong 'not the name of the log that goes on'
runs 0 key export "$(kid issuing active 1)" --format hex
holds test "$(wc -c <.io/out)" -eq 65
runs 1 key export "$(kid home active)"
runs 2 key export "$(kid log active)" --format der

it 'a key that never leaves its device enters by its public half, and takes over'
cat >device.py <<'END'
import json, sys
from nacl.signing import SigningKey
key = SigningKey(bytes(range(32)))
if len(sys.argv) > 1:
    print(bytes(key.verify_key).hex())
    sys.exit()
for line in sys.stdin:
    print(json.dumps({"signature": key.sign(bytes.fromhex(json.loads(line)["message"])).signature.hex()}), flush=True)
END
public=$(/usr/bin/python3 device.py public)
{ echo '-----BEGIN PUBLIC KEY-----'
	printf '302a300506032b6570032100%s' "$public" | xxd -r -p | base64 -w 0
	printf '\n-----END PUBLIC KEY-----\n'; } >device.pem
runs 1 key import device.pem --role issuing --number 3 --planned
err_has 'external.json'
umask 077
printf '{"schema":"hufu.external/1","signers":[{"role":"issuing","number":3,"public":"%s","provider":"command","argv":["/usr/bin/python3","%s/device.py"]}]}' \
	"$public" "$(pwd)" >home/keys/external.json
umask 022
runs 1 key import device.pem --role issuing --number 4 --planned
runs 0 key import device.pem --role issuing --number 3 --planned
runs 1 key import device.pem --role issuing --number 3 --planned
runs 0 key rotate --role issuing --number 3
holds test "$(key list --json | grep '"state":"active","types":\[3\]' | grep -c "$public")" -eq 1
holds active_are
runs 0 key export "$(kid issuing active 3)"
holds cmp .io/out device.pem
head -c 100 device.pem >cut.pem
runs 1 key import cut.pem --role issuing --number 3
rm home/keys/external.json
runs 0 key rotate --role issuing --number 3

it 'a witness of the key list, and the quorum it can fill'
python3 - >witness.vkey <<'END'
import base64, hashlib
public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") # RFC 8032 §7.1
name = b"witness.example.net"
print("%s+%s+%s" % (name.decode(), hashlib.sha256(name + b"\n\x04" + public).hexdigest()[:8],
      base64.b64encode(b"\x04" + public).decode()))
END
runs 1 key import witness.vkey --role witness --quorum 2
runs 0 key import witness.vkey --role witness --quorum 1
runs 1 key import witness.vkey --role witness --quorum 2
python3 - >weak.vkey <<'END'
import base64, hashlib
public = bytes([1]) + bytes(31) # the neutral point
name = b"witness.example.com"
print("%s+%s+%s" % (name.decode(), hashlib.sha256(name + b"\n\x04" + public).hexdigest()[:8],
      base64.b64encode(b"\x04" + public).decode()))
END
runs 1 key import weak.vkey --role witness
err_has 'low order'
runs 0 key renew --quorum 0 # the policy pins none

it 'an older list put back is noticed by the home itself'
cp home/site/keys.note newest
cp home/keys/history/keys-2.note home/site/keys.note
runs 3 key renew
err_has 'is a later one'
cp newest home/site/keys.note
runs 0 key renew
sed 's/"quorum":0/"quorum":1/' newest >home/site/keys.note
runs 3 key renew
cp "home/keys/history/$(ls -v home/keys/history | grep '^keys-' | tail -n 1)" home/site/keys.note
runs 0 key renew

it 'no key is changed under an unfinished batch'
python3 "$root/tests/demo/members.py" 11 8 >feed.jsonl
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace
rm -rf home && runs 0 "$HUFU" init home --demo
cp -a home count
strace -f -qq -e trace=fdatasync,fsync -o .io/trace "$HUFU" issue feed.jsonl --home count --lang zh >.io/out 2>.io/err
at=$(($(grep -c sync .io/trace) / 2))
strace -f -qq -o .io/trace -e trace=fdatasync,fsync -e inject=fdatasync,fsync:signal=KILL:when=$at \
	"$HUFU" issue feed.jsonl --home home --lang zh >.io/out 2>.io/err
runs 1 key rotate --role manifest
err_has 'is unfinished'
runs 1 key compromise "$(kid issuing active 1)" --from-idx 0
err_has 'is unfinished'
holds test "$(version)" -eq 1
"$HUFU" issue feed.jsonl --home home --lang zh >.io/out 2>.io/err
runs 0 key rotate --role manifest

it 'killed anywhere, a change is in force as a whole or not at all'
cp -a home fresh
for call in fsync link rename; do
	strace -f -qq -e trace=$call -o .io/trace "$HUFU" key rotate --role root --number 2 --home home >.io/out 2>.io/err
	total=$(grep -c $call .io/trace)
	for at in $(seq 1 "$total"); do
		rm -rf home && cp -a fresh home
		strace -f -qq -o .io/trace -e trace=$call -e inject=$call:signal=KILL:when="$at" \
			"$HUFU" key rotate --role root --number 2 --home home >.io/out 2>.io/err
		before=$(version)
		runs 0 key renew
		holds test "$(version)" -eq $((before + 1))
		holds cmp home/policy.json home/site/policy.json
		if ! cmp -s home/policy.json fresh/policy.json; then
			holds test "$(ls home/site/policy | wc -l)" -eq 1
		fi
	done
done
finish
