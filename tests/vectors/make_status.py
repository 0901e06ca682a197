#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write status.json: status lists to accept and refuse, by cbor2, nacl and zlib.  make_status.py > status.json"""
import hashlib
import json
import random
import zlib

import cbor2
from nacl.signing import SigningKey

SITE = "https://verify.example.org"
IAT = 1795140000  # 2026-11-20T02:00:00Z
DAY = 86400
ENTRIES = 32768
TYP = "application/statuslist+cwt"


def key(name):
    return SigningKey(hashlib.sha256(b"hufu vector " + name.encode()).digest())


def public(name):
    return bytes(key(name).verify_key)


def kid(name):
    return hashlib.sha256(public(name)).digest()[:4]


def listed(name, role="status", state="active", not_before=IAT - 100 * DAY, not_after=None):
    return dict(name=name, role=role, state=state, public=public(name).hex(), not_before=not_before, not_after=not_after)


KEYS = [listed("status"), listed("planned", state="planned"), listed("retired", state="retired", not_after=IAT + 60),
        listed("retired before", state="retired", not_after=IAT), listed("retired at no time", state="retired"),
        listed("compromised", state="compromised"), listed("later", not_before=IAT + 1), listed("ended", not_after=IAT - 1),
        listed("issuing", role="issuing"), listed("log", role="log")]


def head(major, n, extra=None):
    """The head of a CBOR item; extra = 1, 2, 4, 8 bytes forces a longer form than needed."""
    if extra is None:
        extra = 0 if n < 24 else 1 if n < 2**8 else 2 if n < 2**16 else 4 if n < 2**32 else 8
    if extra == 0:
        return bytes([major << 5 | n])
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[extra]]) + n.to_bytes(extra, "big")


def bstr(b):
    return head(2, len(b)) + b


def sealed(protected, payload, signer, unprotected=b"\xa0", tag=b"\xd2"):
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    return tag + b"\x84" + bstr(protected) + unprotected + bstr(payload) + bstr(key(signer).sign(signed).signature)


def protected(who="status", **change):
    return cbor2.dumps({1: change.get("alg", -8), 4: change.get("kid", kid(who)), 16: change.get("typ", TYP),
                        **change.get("more", {})}, canonical=True)


def packed(values):
    out = bytearray(ENTRIES // 2)
    for i, v in values:
        out[i // 2] |= v << 4 * (i % 2)
    return bytes(out)


def deflated(data, *args):
    z = zlib.compressobj(*args)
    return z.compress(data) + z.flush()


FEW = [(0, 1), (1, 2), (2, 3), (3, 12), (32767, 1), (32766, 12), (20000, 3)]
LIST = packed(FEW)
LST = zlib.compress(LIST, 9)
BOUND = [4096, hashlib.sha256(b"tree").digest(), 3, hashlib.sha256(b"keys").digest()]


def claims(n=5, **change):
    inner = change.pop("inner", {"lst": change.pop("lst", LST), "bits": change.pop("bits", 4)})
    c = {2: f"{SITE}/s/{n}", 4: IAT + 3 * DAY, 6: IAT, 65533: inner, 65534: 3600, -70001: BOUND}
    c.update({int(k[1:].replace("m", "-")): v for k, v in change.items()})
    return cbor2.dumps({k: v for k, v in c.items() if v is not None}, canonical=True)


def shard(who="status", n=5, **change):
    return sealed(protected(who), claims(n, **change), who)


def good():
    yield "few values", 5, FEW, shard()
    yield "nothing set", 5, [], shard(lst=zlib.compress(packed([])))
    everything = [(i, 1) for i in range(ENTRIES)]
    yield "all revoked", 5, everything[:3] + everything[-3:], shard(lst=zlib.compress(packed(everything)))
    rnd = random.Random(1)
    many = [(i, rnd.choice([1, 2, 3, 12])) for i in sorted(rnd.sample(range(ENTRIES), 3000))]
    yield "a tenth set", 5, many[:40] + many[-40:], shard(lst=zlib.compress(packed(many)))
    yield "shard 0", 0, FEW, shard(n=0)
    yield "the last shard", 2**49 - 1, FEW, shard(n=2**49 - 1)
    yield "stored, not compressed", 5, FEW, shard(lst=zlib.compress(LIST, 0))
    yield "small window", 5, FEW, shard(lst=deflated(LIST, 9, zlib.DEFLATED, 9))
    yield "good for one second", 5, FEW, shard(_4=IAT + 1)
    yield "empty tree", 5, FEW, shard(_m70001=[0] + BOUND[1:])
    yield "algorithm -19", 5, FEW, sealed(protected(alg=-19), claims(), "status")
    yield "by a key that was retired later", 5, FEW, shard("retired")


def keys_refused():
    for who in ("planned", "retired before", "retired at no time", "compromised", "later", "ended", "issuing", "log", "stranger"):
        yield "STATUS-KEY", f"by a key: {who}", shard(who)
    yield "STATUS-SIGNATURE", "a stranger under the key's id", sealed(protected(), claims(), "stranger")
    yield "STATUS-SIGNATURE", "signature of other claims", shard()[:-64] + shard(_65534=3601)[-64:]
    yield "STATUS-SIGNATURE", "signature under a token's external data", with_aad(b"hufu/1/cert\0verify.example.org")
    yield "STATUS-SIGNATURE", "list changed after signing", shard().replace(LST, zlib.compress(packed(FEW[1:]), 9).ljust(len(LST), b"\0")[:len(LST)])


def with_aad(aad):
    p, c = protected(), claims()
    signed = cbor2.dumps(["Signature1", p, aad, c])
    return b"\xd2\x84" + bstr(p) + b"\xa0" + bstr(c) + bstr(key("status").sign(signed).signature)


def others():
    yield "STATUS-OTHER", "another shard's", shard(n=6)
    yield "STATUS-OTHER", "another site's", shard(_2="https://verify.example.com/s/5")
    yield "STATUS-OTHER", "http", shard(_2="http://verify.example.org/s/5")
    yield "STATUS-OTHER", "leading zero", shard(_2=SITE + "/s/05")
    yield "STATUS-OTHER", "a slash behind", shard(_2=SITE + "/s/5/")
    yield "STATUS-OTHER", "address only begins so", shard(_2=SITE + "/s/50")
    yield "STATUS-OTHER", "no address", shard(_2="")


def lists():
    yield "one byte short", shard(lst=zlib.compress(LIST[:-1], 9))
    yield "one byte long", shard(lst=zlib.compress(LIST + b"\0", 9))
    yield "2 bits an entry, said so", shard(bits=2, lst=zlib.compress(LIST[:8192], 9))
    yield "2 bits an entry, same length", shard(bits=2)
    yield "8 bits an entry", shard(bits=8, lst=zlib.compress(LIST * 2, 9))
    yield "4 MB of zeros", shard(lst=zlib.compress(bytes(1 << 22), 9))
    yield "raw deflate", shard(lst=deflated(LIST, 9, zlib.DEFLATED, -15))
    yield "gzip", shard(lst=deflated(LIST, 9, zlib.DEFLATED, 31))
    yield "checksum changed", shard(lst=LST[:-1] + bytes([LST[-1] ^ 1]))
    yield "checksum cut", shard(lst=LST[:-4])
    yield "bytes behind the checksum", shard(lst=LST + b"\0")
    yield "two streams", shard(lst=zlib.compress(LIST[:8192], 9) + zlib.compress(LIST[8192:], 9))
    z = zlib.compressobj(9, zdict=b"\0" * 64)
    yield "preset dictionary", shard(lst=z.compress(LIST) + z.flush())
    yield "empty", shard(lst=b"")
    for v in (4, 5, 11, 13, 15):
        yield f"value {v}", shard(lst=zlib.compress(packed([(77, v)]), 9))


def times():
    yield "one second over 72 hours", shard(_4=IAT + 3 * DAY + 1)
    yield "expires as it is issued", shard(_4=IAT)
    yield "expires before", shard(_4=IAT - 1)
    yield "a year", shard(_4=IAT + 365 * DAY)
    yield "ttl 0", shard(_65534=0)
    yield "ttl over 72 hours", shard(_65534=3 * DAY + 1)
    yield "iat negative", shard(_6=-1, _4=60)
    yield "iat a float", shard(_6=float(IAT))
    yield "iat over 2^53", shard(_6=2**53, _4=2**53 + 60)


def claims_wrong():
    for label in (2, 4, 6, 65533, 65534, -70001):
        yield f"without claim {label}", shard(**{f"_{label}".replace("-", "m"): None})
    yield "one claim more", shard(_1="verify.example.org")
    yield "list of the old key", shard(_65533=None, _65535={"lst": LST, "bits": 4})
    yield "aggregation_uri", shard(inner={"lst": LST, "bits": 4, "aggregation_uri": SITE})
    yield "no bits", shard(inner={"lst": LST})
    yield "lst as text", shard(inner={"lst": "eNrbuRgAAhcBXQ", "bits": 4})
    yield "bits in front", sealed(protected(), claims().replace(b"\x63lst" + bstr(LST) + b"\x64bits\x04",
                                                               b"\x64bits\x04\x63lst" + bstr(LST)), "status")
    yield "bound to three things", shard(_m70001=BOUND[:3])
    yield "root of 31 bytes", shard(_m70001=[4096, bytes(31), 3, bytes(32)])
    yield "key list version 0", shard(_m70001=[4096, bytes(32), 0, bytes(32)])
    yield "tree size over 2^53", shard(_m70001=[2**53] + BOUND[1:])
    yield "address as bytes", shard(_2=(SITE + "/s/5").encode())
    c = claims()
    yield "iat twice", sealed(protected(), b"\xa7" + c[1:].replace(b"\x06\x1a", b"\x06\x00\x06\x1a", 1), "status")
    yield "iat in eight bytes", sealed(protected(), c.replace(b"\x06" + head(0, IAT), b"\x06" + head(0, IAT, 8), 1), "status")
    yield "iat before exp", sealed(protected(), swap(c), "status")
    yield "indefinite map", sealed(protected(), b"\xbf" + c[1:] + b"\xff", "status")
    yield "claims an array", sealed(protected(), cbor2.dumps([1, 2]), "status")
    yield "claims empty", sealed(protected(), b"", "status")
    yield "a byte behind the claims", sealed(protected(), c + b"\0", "status")
    yield "address not UTF-8", sealed(protected(), c.replace(b"/s/5", b"/s/\xff", 1), "status")


def swap(c):
    exp, iat = b"\x04" + head(0, IAT + 3 * DAY), b"\x06" + head(0, IAT)
    return c.replace(exp + iat, iat + exp, 1)


def headers():
    yield "no type", sealed(cbor2.dumps({1: -8, 4: kid("status")}, canonical=True), claims(), "status")
    for typ in ("application/statuslist+jwt", "statuslist+cwt", "application/cwt", 267):
        yield f"type {typ}", sealed(protected(typ=typ), claims(), "status")
    for alg in (-7, -35, 5, -53, 0):
        yield f"algorithm {alg}", sealed(protected(alg=alg), claims(), "status")
    yield "algorithm as text", sealed(protected(alg="EdDSA"), claims(), "status")
    yield "algorithm in the unprotected header", sealed(cbor2.dumps({4: kid("status"), 16: TYP}, canonical=True), claims(),
                                                        "status", cbor2.dumps({1: -8}))
    yield "algorithm in both", sealed(protected(), claims(), "status", cbor2.dumps({1: -8}))
    yield "key id in the unprotected header", sealed(cbor2.dumps({1: -8, 16: TYP}, canonical=True), claims(), "status",
                                                     cbor2.dumps({4: kid("status")}))
    yield "key id of 8 bytes", sealed(protected(kid=hashlib.sha256(public("status")).digest()[:8]), claims(), "status")
    yield "critical header", sealed(protected(more={2: [16]}), claims(), "status")
    yield "a key in the header", sealed(protected(more={33: public("status")}), claims(), "status")
    yield "header in another order", sealed(b"\xa3\x04" + bstr(kid("status")) + b"\x01\x27\x10" + cbor2.dumps(TYP), claims(),
                                            "status")
    yield "header empty", sealed(b"", claims(), "status")


def envelopes():
    good_one = shard()
    yield "untagged", good_one[1:]
    yield "tag 17", b"\xd1" + good_one[1:]
    yield "tag 61 outside", b"\xd8\x3d" + good_one
    yield "tag in two bytes", b"\xd8\x12" + good_one[1:]
    yield "array of 5", b"\xd2\x85" + good_one[2:] + b"\xf6"
    yield "indefinite array", b"\xd2\x9f" + good_one[2:] + b"\xff"
    yield "a byte behind", good_one + b"\0"
    yield "last byte cut", good_one[:-1]
    yield "cut in half", good_one[:len(good_one) // 2]
    yield "nothing", b""
    yield "tag alone", b"\xd2"
    p, c = protected(), claims()
    yield "signature of 63 bytes", b"\xd2\x84" + bstr(p) + b"\xa0" + bstr(c) + bstr(good_one[-64:-1])
    yield "detached", b"\xd2\x84" + bstr(p) + b"\xa0\xf6" + bstr(good_one[-64:])
    yield "claims' length in four bytes", b"\xd2\x84" + bstr(p) + b"\xa0" + head(2, len(c), 4) + c + bstr(good_one[-64:])


def cases():
    for name, n, values, data in good():
        yield dict(name=name, shard=n, expect="good", values=values, hex=data.hex())
    for part in (keys_refused, others):
        for code, name, data in part():
            yield dict(name=name, shard=5, expect=code, hex=data.hex())
    for part in (lists, times, claims_wrong, headers, envelopes):
        for name, data in part():
            yield dict(name=name, shard=5, expect="STATUS-FORM", hex=data.hex())


MOVES = {(0, 1), (0, 2), (0, 3), (0, 12), (2, 0), (2, 1), (2, 3), (2, 12), (3, 1), (12, 1)}
print(json.dumps(dict(schema="hufu.vectors/1", site=SITE, iat=IAT, bound=[x.hex() if isinstance(x, bytes) else x for x in BOUND],
                      keys=KEYS, moves=sorted(MOVES), cases=list(cases())), ensure_ascii=False, indent=1))
