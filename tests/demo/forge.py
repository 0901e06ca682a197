#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a thief makes of a stolen issuing key: a code with a good signature for somebody who is no member.

    tests/demo/forge.py HOME GENUINE.pdf NAME OUT.png [IDX]

Takes the code of a genuine certificate, puts another name and document id in, keeps its place in the log or says IDX, and
signs with the key of HOME, whose credential lies beside it as in every demonstration.  OUT.png shows the code; the link
behind it is printed.  Needs libsodium and libqrencode, which the program is built from, and no module of Python.
"""
import ctypes
import hashlib
import json
import os
import pathlib
import re
import struct
import sys
import zlib

sodium, qrencode = ctypes.CDLL("libsodium.so.23"), ctypes.CDLL("libqrencode.so.4")
QUIET, UNIT = 4, 5  # modules of white around the code, pixels a module


class Symbol(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("width", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_ubyte))]


qrencode.QRcode_encodeString.restype = ctypes.POINTER(Symbol)


def opened(key, text):
    """The secret in a key file: XChaCha20-Poly1305, the other members as associated data."""
    whole = json.loads(text)
    aad = json.dumps({k: v for k, v in whole.items() if k not in ("nonce", "sealed")}, sort_keys=True, separators=(",", ":")).encode()
    sealed, nonce = bytes.fromhex(whole["sealed"]), bytes.fromhex(whole["nonce"])
    out = ctypes.create_string_buffer(len(sealed) - 16)
    if sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(out, None, None, sealed, ctypes.c_ulonglong(len(sealed)), aad,
                                                         ctypes.c_ulonglong(len(aad)), nonce, key) != 0:
        sys.exit("forge.py: the key does not open")
    return out.raw


def issuing_key(home, number):
    folder = home / "keys"
    kek = (folder / "kek.json").read_text()
    outer = hashlib.blake2b((folder / "passphrase").read_bytes(), digest_size=32, salt=bytes.fromhex(json.loads(kek)["salt"]),
                            person=b"hufu/1/kek").digest()
    return opened(opened(outer, kek), next(folder.glob(f"issuing-{number}-*.json")).read_text())


def signed(seed, message):
    public, secret, signature = (ctypes.create_string_buffer(n) for n in (32, 64, 64))
    sodium.crypto_sign_seed_keypair(public, secret, seed)
    sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), secret)
    return public.raw, signature.raw


def head(kind, n):
    for most, info, form in ((24, n, ""), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I"), (1 << 64, 27, ">Q")):
        if n < most:
            return bytes([kind << 5 | info]) + (struct.pack(form, n) if form else b"")


def cbor(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def read(data, at=0):
    """One value and where the next begins."""
    if data[at] == 0xF6:
        return None, at + 1
    kind, n, at = data[at] >> 5, data[at] & 31, at + 1
    if n >= 24:
        size = 1 << (n - 24)
        n, at = int.from_bytes(data[at:at + size], "big"), at + size
    if kind < 2:
        return (n if kind == 0 else -1 - n), at
    if kind < 4:
        return (data[at:at + n] if kind == 2 else data[at:at + n].decode()), at + n
    items = []
    for _ in range(n if kind == 4 else 2 * n):
        item, at = read(data, at)
        items.append(item)
    return (items if kind == 4 else dict(zip(items[::2], items[1::2]))), at


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(text):
    symbol = qrencode.QRcode_encodeString(text.encode(), 0, 1, 2, 1).contents  # any version, level M, 8-bit and numeric
    n, side = symbol.width, (symbol.width + 2 * QUIET) * UNIT
    white = b"\xff" * side
    rows = [white] * (QUIET * UNIT)
    for y in range(n):
        dots = b"".join((b"\0" if symbol.data[y * n + x] & 1 else b"\xff") * UNIT for x in range(n))
        rows += [b"\xff" * (QUIET * UNIT) + dots + b"\xff" * (QUIET * UNIT)] * UNIT
    rows += [white] * (QUIET * UNIT)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


home, genuine, name, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], pathlib.Path(sys.argv[4])
policy, base = json.loads((home / "policy.json").read_text()), json.loads((home / "hufu.json").read_text())["base"]
digits = int(re.search(rb"<hufu:token>([0-9]+)<", genuine.read_bytes()).group(1))
(protected, _, payload, _), _ = read(digits.to_bytes((digits.bit_length() + 7) // 8, "big"))
fields, _ = read(payload)
fields[3], fields[5] = os.urandom(len(fields[3])), name
if len(sys.argv) > 5:
    fields[2] = int(sys.argv[5])
payload = cbor(fields)
aad = b"hufu/1/cert\0" + policy["issuer"].encode()
_, signature = signed(issuing_key(home, fields[1]), cbor(["Signature1", protected, aad, payload]))
link = f"{base}/#{int.from_bytes(cbor([protected, {}, payload, signature]), 'big')}"
out.write_bytes(picture(link))
print(link)
