#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Roots kept apart: three copies of a home, each with one root key, none with two.
. tests/cli/lib.sh

version() { sed -n '1s/.*"version":\([0-9]*\),.*/\1/p' "$1/site/keys.note"; }
signatures() { grep -c "^— verify.example.org/root-" "$1"; }
runs 0 "$HUFU" init home --demo
cp -a home whole
for n in 1 2 3; do
	cp -a home root$n
	find root$n/keys -name 'root-*' ! -name "root-$n-*" -delete
	rm root$n/store.db root$n/journal
done
rm home/keys/root-*

it 'without roots a change waits, and nothing is in force'
runs 75 "$HUFU" key rotate --role issuing --number 3 --home home
err_has '0 of 2 root signatures'
holds test "$(version home)" -eq 1
holds cmp home/site/keys.note whole/site/keys.note
runs 1 "$HUFU" key rotate --role issuing --number 4 --home home
err_has 'waits for its roots'

it 'each root signs a copy where it is kept; together they are enough'
cp -a home/keys/pending one
cp -a home/keys/pending three
runs 0 "$HUFU" key sign one --home root1
err_has '1 of 2 root signatures'
runs 0 "$HUFU" key sign one --home root1 # again: nothing new
holds test "$(signatures one/keys.note)" -eq 1
runs 0 "$HUFU" key sign three --home root3
runs 75 "$HUFU" key merge one --home home
holds test "$(version home)" -eq 1
runs 0 "$HUFU" key merge one three --home home
err_has 'version 2 of the key list is in force'
holds test "$(version home)" -eq 2
holds test ! -e home/keys/pending
runs 1 "$HUFU" key merge one --home home
runs 0 "$HUFU" key list --home home
out_has '(kept elsewhere)'

it 'a root signs nothing that is not a change of the list it knows'
runs 75 "$HUFU" key renew --home home
cp -a home/keys/pending next
for edit in 's/"version":3/"version":1/' 's/"state":"retired"/"state":"active"/' \
	's/"issuer":"verify.example.org"/"issuer":"verify.example.com"/' 's/"quorum":0/"quorum":3/' 's/"pop":"./"pop":"0/' \
	's/"version"/ "version"/'; do
	rm -rf bad && cp -a next bad
	sed -i "$edit" bad/keys.note
	cmp -s bad/keys.note next/keys.note && continue # a proof that began with that digit
	runs 1 "$HUFU" key sign bad --home root2
	holds test "$(signatures bad/keys.note)" -eq 0
done
rm -rf bad && cp -a next bad
cp whole/site/keys.note bad/before.note # as if the second version had never been
runs 1 "$HUFU" key sign bad --home root2
runs 0 "$HUFU" key sign next --home root2

it 'signatures of another change, or of nobody, are not taken'
cp -a next other
sed -i '1s/"expires":"2/"expires":"3/' other/keys.note
runs 1 "$HUFU" key merge other --home home
cp -a next forged
python3 - forged/keys.note <<'END'
import base64, sys
lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
at = next(i for i, l in enumerate(lines) if l.startswith("\u2014"))
dash, name, b64 = lines[at].split(" ")
raw = bytearray(base64.b64decode(b64))
raw[20] ^= 1
lines[at] = " ".join([dash, name, base64.b64encode(raw).decode()])
open(sys.argv[1], "w", encoding="utf-8").write("\n".join(lines))
END
runs 1 "$HUFU" key merge forged --home home
err_has 'does not verify'
runs 0 "$HUFU" key sign next --home root1
runs 0 "$HUFU" key merge next --home home
holds test "$(version home)" -eq 3

it 'a root is replaced by one made elsewhere, with signatures of both policies'
runs 0 "$HUFU" init spare --demo
new=$("$HUFU" key list --home spare | awk '$2 == "root" && $3 == 2 { print $1 }')
runs 0 "$HUFU" key export "$new" --home spare
cp .io/out new-root.vkey
runs 1 "$HUFU" key import new-root.vkey --role root --number 9 --home home
runs 75 "$HUFU" key import new-root.vkey --role root --number 2 --home home
err_has '0 of 4 root signatures'
cp -a home/keys/pending both
holds test -f both/policy.note
runs 0 "$HUFU" key sign both --home root1
err_has '2 of 4'
runs 0 "$HUFU" key sign both --home root3
holds test "$(signatures both/policy.note)" -eq 2
runs 0 "$HUFU" key merge both --home home
err_has 'the policy changed'
holds cmp home/policy.json home/site/policy.json
holds test "$(ls home/site/policy | wc -l)" -eq 1
runs 1 cmp home/policy.json whole/policy.json

it 'the replaced root signs no more, the list that brought the change holds under either policy'
rm -rf moved && cp -a home moved
cp whole/policy.json moved/policy.json
runs 0 "$HUFU" key list --home moved
runs 75 "$HUFU" key renew --home home
rm -rf late && cp -a home/keys/pending late
for n in 1 2 3; do cp home/policy.json root$n/ && cp home/site/keys.note root$n/site/; done
runs 0 "$HUFU" key sign late --home root2
holds test "$(signatures late/keys.note)" -eq 0
for n in 1 3; do runs 0 "$HUFU" key sign late --home root$n; done
runs 0 "$HUFU" key merge late --home home
cp home/site/keys.note moved/site/
runs 0 "$HUFU" key list --home moved # roots 1 and 3 are in both policies

it 'a verifier who knows the first policy arrives at the last one, step by step'
rm -rf home && cp -a whole home
for n in 1 2 3; do runs 0 "$HUFU" key rotate --role root --number $n --home home; done
holds test "$(ls home/site/policy | wc -l)" -eq 3
/usr/bin/python3 - >.io/walk 2>&1 <<'END' || wrong "$(cat .io/walk)"
# With hashlib and PyNaCl only: from the pinned policy to the one in force.
import base64, hashlib, json, os
from nacl.signing import VerifyKey
def canonical(p): return json.dumps(p, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
def fingerprint(p):
    bits = "".join(f"{b:08b}" for b in hashlib.sha256(canonical(p)).digest()[:20])
    t = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[i:i + 5], 2)] for i in range(0, 160, 5))
    return "-".join(t[i:i + 4] for i in range(0, 32, 4))
def signers(p, body, lines):
    n = 0
    for vkey in p["roots"]:
        name, hash_, key = vkey.split("+", 2)
        for l in lines:
            _, who, b64 = l.split(" ")
            raw = base64.b64decode(b64)
            if who == name and raw[:4].hex() == hash_:
                VerifyKey(base64.b64decode(key)[1:]).verify(body, raw[4:])
                n += 1
    return n
p, hops = json.load(open("whole/policy.json")), 0
while os.path.exists(f"home/site/policy/{fingerprint(p)}.note"):
    text = open(f"home/site/policy/{fingerprint(p)}.note", "rb").read()
    body, lines = text.split(b"\n\n")
    body, lines = body + b"\n", lines.decode().strip().split("\n")
    following = json.loads(body)
    assert signers(p, body, lines) >= p["k"] and signers(following, body, lines) >= following["k"]
    p, hops = following, hops + 1
assert hops == 3 and canonical(p) == open("home/site/policy.json", "rb").read()
body, lines = open("home/site/keys.note", "rb").read().split(b"\n\n")
assert signers(p, body + b"\n", lines.decode().strip().split("\n")) >= 2
END
finish
