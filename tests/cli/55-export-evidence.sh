#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The evidence of one document: checkable by ours offline, and by OpenSSL and a few lines without ours.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site
docid=$(basename "$(ls out/*.pdf | head -n 1)" .pdf)

it 'one tar with the document, its proof, keys, policy, status and a README; the same twice'
runs 0 "$HUFU" export "$docid" --home home -o evidence.tar
runs 0 "$HUFU" export "$docid" --home home -o again.tar
holds cmp evidence.tar again.tar
mkdir e && tar xf evidence.tar -C e
holds cmp "e/$docid.pdf" "out/$docid.pdf"
holds test -f "e/$docid.tlog-proof" -a -f e/keys.note -a -f e/policy.json -a -f e/checkpoint -a -f e/s/0 -a -f e/s/0.tlog-proof
holds grep -q "$("$HUFU" trust fingerprint e/policy.json)" e/README.txt

it 'the verifier needs nothing else'
runs 0 "$HUFU" verify "e/$docid.pdf" --site e --keys e/policy.json --json
out_has '"verdict":"VALID"'

it 'nor does a stranger: hashes by Python, signatures by OpenSSL'
holds python3 - "$docid" <<'EOF'
import base64, hashlib, json, re, subprocess, sys
docid = sys.argv[1]
sha = lambda *p: hashlib.sha256(b"".join(p)).digest()
def verify(public, message, signature):
    open("pub.der", "wb").write(bytes.fromhex("302a300506032b6570032100") + public)
    open("msg", "wb").write(message); open("sig", "wb").write(signature)
    return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "pub.der", "-rawin",
                           "-in", "msg", "-sigfile", "sig"], capture_output=True).returncode == 0
def note(path):
    text, lines = open(path, encoding="utf-8").read().split("\n\n", 1)
    return text + "\n", [l.split(" ")[1:] for l in lines.strip().split("\n")]
def vkey(v):
    name, _, key = v.split("+", 2)
    return name, base64.b64decode(key)[1:]
policy = json.load(open("e/policy.json"))
body, sigs = note("e/keys.note")
roots = dict(vkey(v) for v in policy["roots"])
good = sum(verify(roots[n], body.encode(), base64.b64decode(s)[4:]) for n, s in sigs if n in roots)
assert good >= policy["k"], good
keys = json.loads(body)["keys"]
pdf = open(f"e/{docid}.pdf", "rb").read()
n = int(re.search(rb"<hufu:token>([0-9]+)<", pdf)[1])
token = n.to_bytes((n.bit_length() + 7) // 8, "big")
assert token[:2] == b"\x84\x49" and token[2 + 9] == 0xa0
header = token[2:11]
at = 12
length = token[at + 1] if token[at] == 0x58 else token[at] - 0x40
at += 2 if token[at] == 0x58 else 1
payload, tail = token[at:at + length], token[at + length:]
assert tail[:2] == b"\x58\x40"
aad = b"hufu/1/cert\0" + policy["issuer"].encode()
head = lambda major, n: bytes([major << 5 | n]) if n < 24 else bytes([major << 5 | 24, n])
signed = b"\x84\x6aSignature1" + head(2, 9) + header + head(2, len(aad)) + aad + head(2, len(payload)) + payload
assert any(verify(bytes.fromhex(k["public"]), signed, tail[2:]) for k in keys if k["role"] == "issuing"), "no issuing key"
proof, checkpoint = open(f"e/{docid}.tlog-proof", encoding="utf-8").read().split("\n\n", 1)
rows = proof.split("\n")
c_pdf = sha(b"hufu/1/pdf\0", token, sha(pdf))
assert rows[0] == "c2sp.org/tlog-proof@v1" and base64.b64decode(rows[1].split(" ")[1]) == c_pdf
index, path = int(rows[2].split(" ")[1]), [base64.b64decode(r) for r in rows[3:]]
r = sha(b"\0\x01", sha(b"hufu/1/token\0", token), c_pdf)
size, root = int(checkpoint.split("\n")[1]), base64.b64decode(checkpoint.split("\n")[2])
fn, sn = index, size - 1
for p in path:
    if fn % 2 or fn == sn:
        r = sha(b"\1", p, r)
        while fn % 2 == 0 and fn: fn >>= 1; sn >>= 1
    else:
        r = sha(b"\1", r, p)
    fn >>= 1; sn >>= 1
assert sn == 0 and r == root, "not in the log"
text, lines = checkpoint.split("\n\n", 1)
name, public = vkey(policy["log"]["vkey"])
line = next(l.split(" ") for l in lines.split("\n") if l.startswith("\u2014 " + name + " "))
assert verify(public, (text + "\n").encode(), base64.b64decode(line[2])[4:]), "the log's signature"
EOF

it 'an unknown id is refused'
runs 1 "$HUFU" export 0000-0000-0000-0000 --home home -o x.tar
holds test ! -e x.tar
runs 2 "$HUFU" export "$docid" --home home
finish
