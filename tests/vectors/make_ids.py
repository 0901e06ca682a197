#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write ids.json: document ids, nonces, hashes, leaves and the order of a batch, by Python alone.  make_ids.py > ids.json"""
import hashlib
import hmac
import json

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET = hashlib.sha256(b"proof test 7").digest()
SALT = hashlib.sha256(b"salt").digest()


def sha(label, *parts):
    return hashlib.sha256(label + b"\0" + b"".join(parts)).digest()


def mac(*parts, key=SECRET, how=hashlib.sha256):
    return hmac.new(key, b"".join(parts), how).digest()


def u64(n):
    return n.to_bytes(8, "big")


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def groups(data, symbols):
    bits = "".join(f"{b:08b}" for b in data)
    text = "".join(CROCKFORD[int(bits[5 * i:5 * i + 5], 2)] for i in range(symbols))
    return "-".join(text[i:i + 4] for i in range(0, symbols, 4))


FACTS = {"admitted": "2020-02-29", "association_zh": "示范省注册会计师协会", "class": "practising", "issued": "2026-11-19",
         "member_no": "110001234567", "name_latin": 'O"Brien \\ Nguyễn', "name_native": "李𬱖"}
content = hashlib.sha256(canonical({"facts": {k: v for k, v in FACTS.items() if k != "issued"},
                                    "template": "practising-certificate", "version": 3})).digest()


def document(kind, lang, issue, size):
    full = mac(b"hufu/1/docid\0", SALT, u64(kind), lang.encode(), b"\0", u64(issue), content)
    docid = full[:10] if size == 10 else full[:12] + bytes([full[12] & 0xF0])
    nonce = mac(b"hufu/1/nonce\0", SALT, docid)
    token = b"\x84 a token of " + docid
    file = hashlib.sha256(b"a file of " + docid).digest()
    return dict(type=kind, lang=lang, issue=issue, docid=docid.hex(), text=groups(docid + b"\0\0", 16 if size == 10 else 20),
                nonce=nonce.hex(), digest16=sha(b"hufu/1/record", nonce, canonical(FACTS))[:16].hex(), token=token.hex(),
                file_sha256=file.hex(), c_token=sha(b"hufu/1/token", token).hex(), c_pdf=sha(b"hufu/1/pdf", token, file).hex())


def order(batch, count):
    key = mac(b"hufu/1/order\0", u64(batch))
    ranks = sorted(range(count), key=lambda i: (mac(u64(i), key=key), i))
    slots = [0] * count
    for slot, i in enumerate(ranks):
        slots[i] = slot
    return dict(batch=batch, count=count, slot_of=slots)


print(json.dumps(dict(
    schema="hufu.vectors/1", home_secret=SECRET.hex(), member_salt=SALT.hex(), facts=FACTS,
    canonical=canonical(FACTS).decode(), template="practising-certificate", version=3, content_hash=content.hex(),
    documents=[document(1, "zh", 1, 10), document(1, "en", 1, 10), document(1, "zh", 2, 10), document(3, "en", 1, 13)],
    orders=[order(1, 0), order(1, 1), order(1, 8), order(2, 8), order(1000, 300)],
    padding=[dict(idx=i, leaf=mac(b"hufu/1/pad\0", u64(i), how=hashlib.sha512).hex()) for i in (0, 1, 2**32)]),
    ensure_ascii=False, indent=1))
