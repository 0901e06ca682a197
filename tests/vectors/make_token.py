#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write token.json: what a reader of Hufu's codes must accept and refuse.  make_token.py > token.json"""
import hashlib
import json

import cbor2
from nacl.signing import SigningKey

ISSUER = b"verify.example.org"
KEY = SigningKey(hashlib.sha256(b"hufu test").digest())
KID = hashlib.sha256(bytes(KEY.verify_key)).digest()[:4]
DOCID = bytes(range(10))
DIGEST = hashlib.sha256(b"record").digest()[:16]


def enc(value):
    return cbor2.dumps(value, canonical=True)


def sign(protected, payload, aad=b"hufu/1/cert\0" + ISSUER, key=KEY, context="Signature1"):
    return key.sign(enc([context, protected, aad, payload])).signature


def protected(alg=-8, kid=KID):
    return enc({1: alg, 4: kid})


def token(payload, prot=None, **how):
    prot = protected() if prot is None else prot
    payload = payload if isinstance(payload, bytes) else enc(payload)
    return enc([prot, {}, payload, sign(prot, payload, **how)])


def cert(**change):
    fields = dict(form=1, type=1, idx=345678, docid=DOCID, memno=110001234567, native="张晓明",
                  latin="ZHANG XIAOMING", iat=20780, exp=0, digest=DIGEST, ext={4: 18321})
    fields.update(change)
    return list(fields.values())


def letter(**change):
    fields = dict(type=3, exp=20872, ext={1: "Northland Board of Accountancy", 2: 29923260, 3: [1, 1, 5, 1]})
    fields.update(change)
    return cert(**fields)


def plain(value):
    """The payload as JSON can show it."""
    if isinstance(value, bytes):
        return "h'%s'" % value.hex()
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return value


GOOD = [
    ("practising certificate, both names", cert()),
    ("native name alone", cert(latin=None)),
    ("latin name alone", cert(native=None, latin="Seán O’Brien-Nguyễn")),
    ("no name at all", cert(native=None, latin=None)),
    ("characters beyond the basic plane", cert(native="李𬱖", latin=None)),
    ("longest minority name", cert(native="阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江", latin=None)),
    ("non-practising certificate", cert(type=2)),
    ("a type of its own", cert(type=5, ext={})),
    ("type 255 with admission", cert(type=255)),
    ("admitted before 1970", cert(ext={4: -3653})),
    ("first index", cert(idx=0)),
    ("last index", cert(idx=2**53 - 1)),
    ("13-byte document id", cert(docid=bytes(range(12)) + b"\xf0")),
    ("member number of 18 digits", cert(memno=999999999999999999)),
    ("member number of 19 digits is text", cert(memno="1234567890123456789")),
    ("member number with a leading zero is text", cert(memno="0123")),
    ("member number with a letter", cert(memno="N9900005")),
    ("certificate with an end", cert(exp=21145)),
    ("ends the day it is issued", cert(exp=20780)),
    ("good-standing letter", letter()),
    ("letter to nobody named", letter(ext={1: None, 2: 29923260, 3: [1, 2, 0, 0]})),
    ("status statement, looked back for ever", letter(type=4, ext={1: None, 2: 0, 3: [6, 1, 255, 1]})),
    ("recipient of 60 bytes", letter(ext={1: "R" * 60, 2: 29923260, 3: [1, 1, 5, 1]})),
]

BAD_PAYLOADS = [
    ("layout 2", cert(form=2)),
    ("type 0", cert(type=0)),
    ("type 256", cert(type=256)),
    ("negative type", cert(type=-1)),
    ("index past 2^53-1", cert(idx=2**53)),
    ("document id of 9 bytes", cert(docid=bytes(9))),
    ("document id of 14 bytes", cert(docid=bytes(14))),
    ("document id of 13 bytes with loose bits", cert(docid=bytes(range(13)))),
    ("document id as text", cert(docid="0123456789")),
    ("member number 0 as a number", cert(memno=0)),
    ("member number of 19 digits as a number", cert(memno=10**18)),
    ("member number as text that must be a number", cert(memno="110001234567")),
    ("no member number", cert(memno=None)),
    ("empty member number", cert(memno="")),
    ("member number of 41 bytes", cert(memno="N" + "1" * 40)),
    ("empty name", cert(native="")),
    ("name with a right-to-left override", cert(latin="ZHANG \u202eGNAHZ")),
    ("name with a zero-width joiner", cert(native="张\u200d明")),
    ("name with a line break", cert(latin="ZHANG\nVALID")),
    ("name with a terminal escape", cert(latin="ZHANG\x1b[31m")),
    ("name with a private-use character", cert(native="\ue863")),
    ("name with a variation selector", cert(native="葛\U000e0100")),
    ("name with U+0000", cert(latin="A\0B")),
    ("negative day of issue", cert(iat=-1)),
    ("day of issue past 9999", cert(iat=2932897)),
    ("expires before it is issued", cert(exp=20779)),
    ("digest of 15 bytes", cert(digest=DIGEST[:15])),
    ("digest of 32 bytes", cert(digest=bytes(32))),
    ("practising certificate without admission", cert(ext={})),
    ("certificate with an unknown entry", cert(ext={4: 18321, 5: 1})),
    ("certificate with a text key", cert(ext={"4": 18321})),
    ("certificate with a letter's entries", cert(ext={1: None, 2: 1, 3: [1, 1, 1, 1]})),
    ("letter with a certificate's entry", letter(ext={4: 18321})),
    ("letter without a moment", letter(ext={1: None, 3: [1, 1, 5, 1]})),
    ("letter with four entries", letter(ext={1: None, 2: 1, 3: [1, 1, 5, 1], 4: 18321})),
    ("letter with three codes", letter(ext={1: None, 2: 1, 3: [1, 1, 5]})),
    ("letter with pending 2", letter(ext={1: None, 2: 1, 3: [1, 1, 5, 2]})),
    ("letter with a code of 256", letter(ext={1: None, 2: 1, 3: [256, 1, 5, 1]})),
    ("recipient of 61 bytes", letter(ext={1: "R" * 61, 2: 29923260, 3: [1, 1, 5, 1]})),
    ("negative moment", letter(ext={1: None, 2: -1, 3: [1, 1, 5, 1]})),
    ("ten items", cert()[:10]),
    ("twelve items", cert() + [0]),
    ("payload is a map", {1: 1}),
    ("payload is empty", b""),
    ("payload with bytes behind it", enc(cert()) + b"\0"),
    ("nested too deep", cert(ext={4: [[[1]]]})),
    ("a float", cert(idx=1.5)),
    ("a boolean", cert(latin=True)),
    ("undefined for a name", enc(cert(latin=None)).replace(b"\xf6\x19", b"\xf7\x19")),
    ("type in two bytes", enc(cert()).replace(b"\x8b\x01\x01", b"\x8b\x01\x18\x01", 1)),
    ("indefinite array", b"\x9f" + enc(cert())[1:] + b"\xff"),
    ("indefinite map", enc(cert()).replace(b"\xa1\x04\x19\x47\x91", b"\xbf\x04\x19\x47\x91\xff")),
    ("key twice", enc(cert()).replace(b"\xa1\x04\x19\x47\x91", b"\xa2\x04\x19\x47\x91\x04\x19\x47\x91")),
    ("keys out of order", enc(letter()).replace(b"\xa3\x01", b"\xa3\x03").replace(b"\x03\x84", b"\x01\x84")),
    ("a tag around the index", enc(cert()).replace(b"\x1a\x00\x05\x46\x4e", b"\xc1\x1a\x00\x05\x46\x4e")),
    ("name that is not UTF-8", enc(cert(latin="ZHANG")).replace(b"ZHANG", b"ZH\xc0\xafG")),
    ("name with a lone surrogate", enc(cert(latin="ZHANG")).replace(b"ZHANG", b"ZH\xed\xa0\x80")),
    ("length that runs past the end", enc(cert()).replace(b"\x6eZHANG", b"\x78\xffZHANG")),
]


def envelopes():
    """Faults outside the payload."""
    good = token(cert())
    prot, payload = protected(), enc(cert())
    sig = sign(prot, payload)
    many = enc(cert(native="张" * 80, latin="Z" * 60))
    yield "tagged (18)", b"\xd2" + good
    yield "trailing byte", good + b"\0"
    yield "cut by one byte", good[:-1]
    yield "empty", b""
    yield "three items", enc([prot, {}, payload])
    yield "five items", enc([prot, {}, payload, sig, b""])
    yield "signature of 63 bytes", enc([prot, {}, payload, sig[:63]])
    yield "signature of 65 bytes", enc([prot, {}, payload, sig + b"\0"])
    yield "key id in the open header", enc([prot, {4: KID}, payload, sig])
    yield "open header is null", enc([prot, None, payload, sig])
    yield "payload detached", enc([prot, {}, None, sig])
    yield "algorithm ES256", token(cert(), protected(alg=-7))
    yield "algorithm none", token(cert(), protected(alg=0))
    yield "no key id", token(cert(), enc({1: -8}))
    yield "key id of 8 bytes", token(cert(), protected(kid=KID * 2))
    yield "third header entry", token(cert(), enc({1: -8, 4: KID, 5: b"x"}))
    yield "header entries out of order", token(cert(), b"\xa2\x04\x44" + KID + b"\x01\x27")
    yield "header key twice", token(cert(), b"\xa2\x01\x27\x01\x27")
    yield "header is not bytes", enc([{1: -8, 4: KID}, {}, payload, sig])
    yield "length of the header in two bytes", b"\x84\x58\x09" + good[2:]
    yield "401 bytes and more", token(many)
    yield "indefinite envelope", b"\x9f" + good[1:] + b"\xff"


def forgeries():
    other = SigningKey(hashlib.sha256(b"hufu other").digest())
    payload = enc(cert())
    yield "signed by another key under this key id", token(cert(), key=other)
    yield "signed for another issuer", token(cert(), aad=b"hufu/1/cert\0verify.example.com")
    yield "signed without the issuer", token(cert(), aad=b"hufu/1/cert")
    yield "signed as a status list", token(cert(), aad=b"")
    yield "signed as COSE_Sign", token(cert(), context="Signature")
    swapped = enc(cert(native="张晓朋"))
    yield "name changed after signing", enc([protected(), {}, swapped, sign(protected(), payload)])
    sig = sign(protected(), payload)
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(sig[32:], "little") + order
    yield "signature with S + L", enc([protected(), {}, payload, sig[:32] + s.to_bytes(32, "little")])
    yield "signature of zeros", enc([protected(), {}, payload, bytes(64)])
    yield "signature of the identity", enc([protected(), {}, payload, b"\x01" + bytes(63)])


def cases():
    for name, payload in GOOD:
        yield dict(name=name, expect="genuine", hex=token(payload).hex(), payload=plain(payload))
    yield dict(name="algorithm -19", expect="genuine", hex=token(cert(), protected(alg=-19)).hex(),
               payload=plain(cert()))
    for name, made in forgeries():
        yield dict(name=name, expect="forged", hex=made.hex())
    for name, made in envelopes():
        yield dict(name=name, expect="malformed", why="envelope", hex=made.hex())
    for name, payload in BAD_PAYLOADS:
        yield dict(name=name, expect="malformed", why="payload", hex=token(payload).hex())
    good = str(int.from_bytes(token(cert()), "big"))
    yield dict(name="plain digits", expect="genuine", digits=good, payload=plain(cert()))
    for name, digits in [("a leading zero", "0" + good), ("a sign", "+" + good), ("a blank", good[:9] + " " + good[9:]),
                         ("no digits", ""), ("965 digits", "1" * 965), ("964 digits of more than 400 bytes", "9" * 964),
                         ("full-width digits", good[:-1] + "９"), ("hexadecimal", "0x" + token(cert()).hex())]:
        yield dict(name=name, expect="malformed", why="digits", digits=digits)


BASE = "https://verify.example.org"
URLS = [
    (BASE + "/#12345", "12345"), ("12345", "12345"), (BASE + "/zh/#12345", "12345"),
    ("http://192.0.2.1:8080/#12345", "12345"), (BASE + "/#12345&from=timeline", "12345"),
    (BASE + "/#12345?utm=1", "12345"), (BASE + "/#12345\n", "12345"), ("  12345\r\n", "12345"),
    (BASE + "/", None), (BASE + "/#", None), (BASE + "/#x12345", None), (BASE + "/#12345x", None),
    (BASE + "/#12345 678", None), ("ftp://verify.example.org/#12345", None), ("javascript:/#12345", None),
    ("", None), (BASE + "#12345", None), ("12345#", None), ("WIFI:S:net;P:12345;;", None),
]

print(json.dumps(dict(schema="hufu.vectors/1", issuer=ISSUER.decode(), public=bytes(KEY.verify_key).hex(),
                      cases=list(cases()), url_cases=[dict(text=t, digits=d) for t, d in URLS]),
                 ensure_ascii=False, indent=1))
