#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write lookup.json: from a document id to its token, by hashlib and nacl.  Reads token.json.  make_lookup.py > lookup.json"""
import hashlib
import json
import os

import cbor2
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

PLAIN = 416


def digest(docid):
    return hashlib.sha256(b"hufu/1/lookup\0" + docid).digest()


def tag(docid):
    return digest(docid)[4:12]


def filled(token, n=None, fill=b"\0"):
    return ((len(token) if n is None else n).to_bytes(2, "big") + token).ljust(PLAIN, fill)[:PLAIN]


def seal(docid, plain, person=b"hufu/1/sealed", aad=None, nonce=bytes(24), key=None):
    key = key or hashlib.blake2b(docid, digest_size=32, person=person).digest()
    return tag(docid) + encrypt(plain, tag(docid) if aad is None else aad, nonce, key)


def bucket(pairs):
    return b"".join(seal(d, filled(t)) for d, t in sorted(pairs, key=lambda p: tag(p[0])))


def tokens():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "token.json"), encoding="utf-8") as f:
        listed = json.load(f)["cases"]
    found = {}
    for case in listed:
        if case["expect"] == "genuine" and "hex" in case:
            token = bytes.fromhex(case["hex"])
            found.setdefault(cbor2.loads(cbor2.loads(token)[2])[3], token)
    return list(found.items())


ALL = tokens()
# token.json holds two document ids at least; one of 13 bytes among them.
(A, TOKEN_A), (B, TOKEN_B) = ALL[0], next(p for p in ALL if len(p[0]) == 13)
STRANGER = bytes(range(100, 110))


def opens():
    yield "alone", bucket([(A, TOKEN_A)]), A, TOKEN_A
    both = bucket([(A, TOKEN_A), (B, TOKEN_B)])
    yield "first of two", both, A, TOKEN_A
    yield "an id of 13 bytes", both, B, TOKEN_B
    yield "behind another entry of its tag", tag(A) + bytes(PLAIN + 16) + seal(A, filled(TOKEN_A)), A, TOKEN_A


def misses():
    yield "nothing in the bucket", b"", A
    yield "another document's bucket", bucket([(B, TOKEN_B)]), A
    yield "an id nobody has", bucket([(A, TOKEN_A), (B, TOKEN_B)]), STRANGER


def broken():
    one = seal(A, filled(TOKEN_A))
    both = bucket([(A, TOKEN_A), (B, TOKEN_B)])
    yield "last byte cut", one[:-1]
    yield "one byte more", one + b"\0"
    yield "second entry cut to its tag", both[:440 + 8]
    yield "entries in the wrong order", both[440:] + both[:440]
    yield "sealed bytes changed", one[:100] + bytes([one[100] ^ 1]) + one[101:]
    yield "authenticator changed", one[:-1] + bytes([one[-1] ^ 128])
    yield "sealed for another id", tag(A) + seal(B, filled(TOKEN_B))[8:]
    yield "another's token in it", seal(A, filled(TOKEN_B))
    yield "other associated data", seal(A, filled(TOKEN_A), aad=b"")
    yield "other personalisation", seal(A, filled(TOKEN_A), person=b"hufu/1/lookup")
    yield "no personalisation", seal(A, filled(TOKEN_A), person=b"")
    yield "another nonce", seal(A, filled(TOKEN_A), nonce=bytes(23) + b"\1")
    yield "SHA-256 in place of BLAKE2b", seal(A, filled(TOKEN_A), key=hashlib.sha256(A).digest())
    yield "length 0", seal(A, filled(TOKEN_A, 0))
    yield "length one short", seal(A, filled(TOKEN_A, len(TOKEN_A) - 1))
    yield "length one long", seal(A, filled(TOKEN_A, len(TOKEN_A) + 1))
    yield "length 401", seal(A, filled(TOKEN_A, 401))
    yield "length 65535", seal(A, filled(TOKEN_A, 65535))
    yield "filled with 1", seal(A, filled(TOKEN_A, fill=b"\1"))
    yield "no token", seal(A, filled(b"not a token"))


def cases():
    for name, data, docid, token in opens():
        yield dict(name=name, docid=docid.hex(), expect="found", token=token.hex(), hex=data.hex())
    for name, data, docid in misses():
        yield dict(name=name, docid=docid.hex(), expect="absent", hex=data.hex())
    for name, data in broken():
        yield dict(name=name, docid=A.hex(), expect="refused", hex=data.hex())


def paths():
    for docid in (A, B, STRANGER):
        bits = "".join(f"{b:08b}" for b in digest(docid))
        for n in (1, 2, 8, 9, 28):
            yield dict(docid=docid.hex(), bits=n, path="/d/" + bits[:n], tag=tag(docid).hex())


def canonical(**members):
    return json.dumps(members, sort_keys=True, separators=(",", ":"))


INFO = [dict(text=canonical(schema="hufu.lookup/1", bits=n), bits=n) for n in (1, 9, 10, 28)] + [dict(text=t, bits=None) for t in (
    "", "{}", canonical(schema="hufu.lookup/1", bits=0), canonical(schema="hufu.lookup/1", bits=29),
    canonical(schema="hufu.lookup/1", bits=-1), canonical(schema="hufu.lookup/2", bits=9), canonical(schema="hufu.lookup/1"),
    canonical(schema="hufu.lookup/1", bits="9"), canonical(schema="hufu.lookup/1", bits=9.5),
    canonical(schema="hufu.lookup/1", bits=9, more=1), canonical(schema="hufu.lookup/1", bits=9) + "\n",
    '{"bits":09,"schema":"hufu.lookup/1"}', '{"bits": 9,"schema":"hufu.lookup/1"}', '{"schema":"hufu.lookup/1","bits":9}',
    '{"bits":,"schema":"hufu.lookup/1"}', '{"bits":99999999999999999999,"schema":"hufu.lookup/1"}')]

print(json.dumps(dict(schema="hufu.vectors/1", paths=list(paths()), info=INFO, cases=list(cases())), indent=1))
