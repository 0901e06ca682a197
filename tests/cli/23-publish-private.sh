#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today

python3 "$root/tests/demo/members.py" 3 80 >feed.jsonl
runs 0 "$HUFU" init home --demo
runs 1 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today"
runs 0 "$HUFU" publish --home home --to site

it 'publishes policy, key list and manifest, each signed by whom it should be'
holds test -f site/policy.json -a -f site/keys.note -a -f site/m/1-0.json -a -f site/m/1-0.json.minisig
runs 0 "$HUFU" publish --home home --to site
err_has 'published 0 new files'

it 'nothing published tells a name or number, raw or hashed'
holds python3 - <<'EOF'
import json, hashlib, base64, os, unicodedata
published = b""
for folder, _, files in os.walk("site"):
    for f in files:
        published += open(os.path.join(folder, f), "rb").read() + b"\n" + f.encode() + b"\n"
lower = published.lower()
words = set()
for line in open("feed.jsonl"):
    try:
        r = json.loads(line)
    except ValueError:
        continue
    name = r.get("name", {})
    words |= {r.get("member_id"), r.get("member_no"), name.get("native"), name.get("latin", {}).get("full")}
words = {unicodedata.normalize("NFC", w) for w in words if w}
assert len(words) > 150, len(words)
for w in words:
    raw = w.encode()
    assert raw not in published, w
    assert raw.hex().encode() not in lower, w
    assert base64.b64encode(raw) not in published, w
    for algorithm in ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256"):
        digest = hashlib.new(algorithm, raw).digest()
        assert digest not in published and digest.hex().encode() not in lower, (algorithm, w)
        assert base64.b64encode(digest) not in published, (algorithm, w)
for f in os.listdir("out"):
    if f.endswith(".pdf"):
        docid = f[:-4].encode()
        assert docid not in published and docid.replace(b"-", b"") not in published, f
EOF
finish
