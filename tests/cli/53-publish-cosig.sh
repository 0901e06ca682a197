#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# With a quorum of witnesses nothing is released before they have signed: the documents, the checkpoint, the status.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

# A witness of OpenSSL and a few lines: what it signs is C2SP cosignature/v1.
openssl genpkey -algorithm ed25519 -out witness.pem 2>/dev/null
openssl pkey -in witness.pem -pubout -outform DER | tail -c 32 >witness.pub
cat >cosign.py <<'EOF'
import base64, hashlib, subprocess, sys, time
name, public = sys.argv[1].encode(), open("witness.pub", "rb").read()
key = hashlib.sha256(name + b"\n\x04" + public).digest()[:4]
if sys.argv[2] == "vkey":
    print(name.decode() + "+" + key.hex() + "+" + base64.b64encode(b"\x04" + public).decode())
else:
    body = open(sys.argv[2], "rb").read().split(b"\n\n")[0] + b"\n"
    now = int(time.time())
    open("body", "wb").write(b"cosignature/v1\ntime %d\n" % now + body)
    subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "witness.pem", "-in", "body", "-out", "sig"], check=True)
    line = base64.b64encode(key + now.to_bytes(8, "big") + open("sig", "rb").read()).decode()
    print("\u2014 " + name.decode() + " " + line)
EOF
export PYTHONUTF8=1
python3 cosign.py witness.example.net vkey >witness.vkey

runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" key import witness.vkey --role witness --quorum 1 --home home
head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl

it 'an issue ends with a signed checkpoint that nobody sees, and without its documents'
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
err_has 'wait'
holds test -f home/log/checkpoint -a ! -e home/site/checkpoint
holds test -z "$(find out -name '*.pdf')"
runs 0 "$HUFU" publish --home home --to site --json
out_has '"waiting":true'
holds test ! -e site/checkpoint -a ! -e site/s/0

it 'another run waits for it too'
runs 3 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
err_has 'waits for its witnesses'

it 'a line that does not verify, of nobody known, or that is no line is refused'
python3 cosign.py witness.example.com home/log/checkpoint >stranger
runs 1 "$HUFU" publish --home home --to site --cosig stranger
err_has "'witness.example.com' is no witness of this log"
sed '2s/.*/1234/' home/log/checkpoint >other-body
python3 cosign.py witness.example.net other-body >wrong
runs 1 "$HUFU" publish --home home --to site --cosig wrong
echo 'witnessed, believe me' >prose
runs 1 "$HUFU" publish --home home --to site --cosig prose
holds test ! -e site/checkpoint

it "the witness's line releases documents, checkpoint and status"
python3 cosign.py witness.example.net home/log/checkpoint >line
runs 0 "$HUFU" publish --home home --to site --cosig line --json
out_has '"released":1'
holds test "$(find out -name '*.pdf' | wc -l)" -eq 4

# The edition that brings the journal's head waits for its own line.
python3 cosign.py witness.example.net home/log/checkpoint >line
runs 0 "$HUFU" publish --home home --to site --cosig line --json
holds grep -q 'witness.example.net' site/checkpoint
holds test -f site/s/0
pdf=$(find out -name '*.pdf' | sort | head -n 1)
runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
out_has '"verdict":"VALID"'
out_has '"witnesses":1'

it 'a site whose witness lines are gone is not witnessed: no longer valid, and not forged'
cp -a site bare
grep -v 'witness.example.net' site/checkpoint >bare/checkpoint
runs 3 "$HUFU" verify "$pdf" --site bare --keys home/policy.json --json
out_lacks '"verdict":"VALID"'
finish
