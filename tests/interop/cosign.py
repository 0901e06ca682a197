#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judge checkpoints and cosignatures by python3-nacl, from C2SP signed-note, tlog-checkpoint and tlog-cosignature alone.

cosign.py FOLDER LOG_VKEY WITNESS_VKEY...: every FOLDER/checkpoint* must be signed by the log and each witness.
"""
import base64
import glob
import hashlib
import os
import sys

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey


def vkey(path, kind):
    name, hash_hex, encoded = open(path).read().strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    assert raw[0] == kind and len(raw) == 33, "%s: type %d" % (path, raw[0])
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    assert key_id.hex() == hash_hex, path
    return name, key_id, VerifyKey(raw[1:])


def verifies(key, message, signature):
    try:
        key.verify(message, signature)
        return True
    except (BadSignatureError, ValueError):
        return False


def log_signed(key, body, signature):
    return verifies(key, body, signature)


def cosigned(key, body, signature):
    time = int.from_bytes(signature[:8], "big")
    return time < 2**63 and verifies(key, b"cosignature/v1\ntime %d\n" % time + body, signature[8:])


def judge(text, keys):
    """Body and the judges of all signature lines that name a known key: [(ok, rule, key, signature)]."""
    body, _, lines = text.rpartition(b"\n\n")
    body += b"\n"
    found = []
    for line in lines.decode().splitlines():
        dash, name, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        for rule, (known, key_id, key) in keys:
            if dash == "\u2014" and name == known and raw[:4] == key_id:
                found.append((rule(key, body, raw[4:]), rule, key, raw[4:]))
    return body, found


def spoiled(body, rule, key, signature):
    """True when the signature holds for no body or signature with one bit flipped."""
    for bit in range(0, 8 * len(body), 5):
        other = bytearray(body)
        other[bit // 8] ^= 1 << bit % 8
        if rule(key, bytes(other), signature):
            return False
    for bit in range(0, 8 * len(signature), 5):
        other = bytearray(signature)
        other[bit // 8] ^= 1 << bit % 8
        if rule(key, body, bytes(other)):
            return False
    return True


def main(folder, log, *witnesses):
    keys = [(log_signed, vkey(log, 1))] + [(cosigned, vkey(w, 4)) for w in witnesses]
    files = sorted(glob.glob(os.path.join(folder, "checkpoint*")))
    failed = 0
    for path in files:
        body, found = judge(open(path, "rb").read(), keys)
        lines = body.split(b"\n")
        ok = (len(found) == len(keys) and all(f[0] for f in found) and len(lines) == 4 and lines[0].decode() == keys[0][1][0]
              and str(int(lines[1])).encode() == lines[1] and len(base64.b64decode(lines[2], validate=True)) == 32)
        ok = ok and all(spoiled(body, *f[1:]) for f in found)
        # A plain signature is no cosignature, and the reverse.
        ok = ok and not any((cosigned if f[1] is log_signed else log_signed)(f[2], body, f[3]) for f in found)
        failed += not ok
        print("%s - %s: %d signatures" % ("ok" if ok else "not ok", os.path.basename(path), len(found)))
    print("%d passed, %d failed" % (len(files) - failed, failed))
    return failed > 0 or not files


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
