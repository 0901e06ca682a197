#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""site.py BUILD: what BUILD/tests/proof/site published, read by cbor2, nacl, zlib, hashlib and tar."""
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zlib

import cbor2
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

SITE = "https://verify.example.org"
ENTRIES = 32768
results = []


def say(ok, what):
    results.append(ok)
    print(("ok - " if ok else "not ok - ") + what)


def contents(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()


def shard_values(data, number, public):
    """The values of a shard, or the fault found."""
    message = cbor2.loads(data)
    if not isinstance(message, cbor2.CBORTag) or message.tag != 18 or cbor2.dumps(message, canonical=True) != data:
        return "is no tag 18 in deterministic form"
    protected, unprotected, payload, signature = message.value
    kid = hashlib.sha256(public).digest()[:4]
    if cbor2.loads(protected) != {1: -8, 4: kid, 16: "application/statuslist+cwt"} or unprotected != {}:
        return "has another header"
    VerifyKey(public).verify(cbor2.dumps(["Signature1", protected, b"", payload]), signature)
    claims = cbor2.loads(payload)
    if cbor2.dumps(claims, canonical=True) != payload or list(claims) != [2, 4, 6, 65533, 65534, -70001]:
        return "has other claims"
    status = claims[65533]
    if claims[2] != f"{SITE}/s/{number}" or not 0 < claims[4] - claims[6] <= 72 * 3600 or claims[65534] < 1:
        return "has another address or life"
    if [type(x) for x in claims[-70001]] != [int, bytes, int, bytes] or set(status) != {"bits", "lst"} or status["bits"] != 4:
        return "has another list"
    inflate = zlib.decompressobj()
    flat = inflate.decompress(status["lst"], ENTRIES)
    if len(flat) != ENTRIES // 2 or not inflate.eof or inflate.unused_data:
        return "does not inflate to 16,384 bytes"
    return bytes(flat[i // 2] >> 4 * (i % 2) & 15 for i in range(ENTRIES))


def shards(folder):
    listed = json.loads(contents(folder, "site", "keys.note").decode().split("\n\n", 1)[0])["keys"]
    public = next(bytes.fromhex(key["public"]) for key in listed if key["role"] == "status")
    names = sorted(n for n in os.listdir(os.path.join(folder, "site", "s")) if n.isdigit())
    for name in names:
        data = contents(folder, "site", "s", name)
        values = shard_values(data, name, public)
        say(values == contents(folder, f"values-{name}"),
            f"shard {name}: {values if isinstance(values, str) else 'all 32,768 values'}")
        spoiled = bytearray(data)
        spoiled[len(data) // 2] ^= 1
        try:
            answer = shard_values(bytes(spoiled), name, public)
            refused = isinstance(answer, str)
        except (BadSignatureError, ValueError):
            refused = True
        say(refused, f"shard {name}: refused with one bit changed")
    say(len(names) == 7, "seven shards")


def opened(bucket, docid):
    """The token of a document in its bucket; None when it is not there."""
    tag = hashlib.sha256(b"hufu/1/lookup\0" + docid).digest()[4:12]
    key = hashlib.blake2b(docid, digest_size=32, person=b"hufu/1/sealed").digest()
    for at in range(0, len(bucket), 440):
        if bucket[at:at + 8] == tag:
            plain = decrypt(bucket[at + 8:at + 440], tag, bytes(24), key)
            n = int.from_bytes(plain[:2], "big")
            return plain[2:2 + n] if len(plain) == 416 and not any(plain[2 + n:]) else None
    return None


def lookup(folder):
    info = contents(folder, "site", "d", "info")
    bits = json.loads(info)["bits"]
    say(info == b'{"bits":%d,"schema":"hufu.lookup/1"}' % bits, f"/d/info says {bits} bits")
    buckets = [n for n in os.listdir(os.path.join(folder, "site", "d")) if n != "info"]
    for name in buckets:
        bucket = contents(folder, "site", "d", name)
        tags = [bucket[at:at + 8] for at in range(0, len(bucket), 440)]
        if len(bucket) % 440 or tags != sorted(tags) or len(name) != bits:
            say(False, f"bucket {name} is whole and in order")
    right = strange = 0
    documents = contents(folder, "documents").decode().split("\n")[:-1]
    for line in documents:
        docid, token = (bytes.fromhex(x) for x in line.split())
        digest = hashlib.sha256(b"hufu/1/lookup\0" + docid).digest()
        path = "".join(f"{b:08b}" for b in digest)[:bits]
        bucket = contents(folder, "site", "d", path)
        right += opened(bucket, docid) == token
        strange += opened(bucket, docid[:-1] + bytes([docid[-1] ^ 0x55])) is not None
    say(right == len(documents) > 0, f"{right} of {len(documents)} documents open in {len(buckets)} buckets")
    everything = b"".join(contents(folder, "site", "d", name) for name in buckets)
    say(strange == 0, "an id that is none opens nothing")
    hidden = all(bytes.fromhex(line.split()[1])[:24] not in everything for line in documents)
    say(hidden, "no token stands readable in a bucket")


def bundle(folder, work):
    archive = os.path.join(folder, "site.tar")
    site = os.path.join(folder, "site")
    listing = subprocess.run(["tar", "-tvf", archive], capture_output=True, text=True, check=False)
    say(listing.returncode == 0 and not listing.stderr and all(
        row.startswith("-rw-r--r-- 0/0") and "1970-01-01" in row for row in listing.stdout.splitlines()),
        f"tar -tv lists {len(listing.stdout.splitlines())} regular files without owner or date")
    unpacked = subprocess.run(["tar", "-xf", archive, "-C", work], capture_output=True, text=True, check=False)
    same = subprocess.run(["diff", "-r", site, work], capture_output=True, text=True, check=False)
    say(unpacked.returncode == 0 and not unpacked.stderr and same.returncode == 0, "tar -x makes the site's folder")
    with tarfile.open(archive, "r:", format=tarfile.USTAR_FORMAT) as t:
        names = t.getnames()
    say(names == sorted(names, key=str.encode) and len(names) == len(set(names)) > 10, "names ascend by bytes")
    again = subprocess.run(["tar", "--format=ustar", "--no-recursion", "--owner=0", "--group=0", "--numeric-owner",
                            "--mtime=@0", "--mode=0644", "-b1", "-cf", "-", "-C", site, "-T", "-"],
                           input="\n".join(names).encode(), capture_output=True, check=False)
    say(again.stdout == contents(archive), "GNU tar makes the same bytes of the same site")


def main(build):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as work:
        made = subprocess.run([f"{build}/tests/proof/site", folder], capture_output=True, text=True, check=False)
        print(made.stdout + made.stderr, end="")
        say(made.returncode == 0, "a site is made")
        shards(folder)
        lookup(folder)
        bundle(folder, work)
    return 0 if all(results) else 1


sys.exit(main(sys.argv[1]))
