#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Open a home's key folder as src/keys/kek.h and keyfile.h describe it, with hashlib and PyNaCl only.

usage: open_home.py KEYS COUNT     KEYS/credential holds the raw credential; exit 0 when COUNT keys opened, 1 when not
"""
import hashlib
import json
import pathlib
import sys

import nacl.bindings as sodium
import nacl.exceptions


def opened(key, text):
    whole = json.loads(text)
    header = {k: v for k, v in whole.items() if k not in ("nonce", "sealed")}
    aad = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return header, sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes.fromhex(whole["sealed"]), aad, bytes.fromhex(whole["nonce"]), key)


def check(header, seed):
    if header["role"] == "home":
        kid = hashlib.sha256(b"hufu/1/home\0" + seed).digest()[:4]
    else:
        public, _ = sodium.crypto_sign_seed_keypair(seed)
        assert public.hex() == header["public"], "public key is not that of the seed"
        kid = hashlib.sha256(public).digest()[:4]
    assert kid.hex() == header["kid"], "kid"


def main(folder, count):
    kek_text = (folder / "kek.json").read_text()
    salt = bytes.fromhex(json.loads(kek_text)["salt"])
    outer = hashlib.blake2b((folder / "credential").read_bytes(), digest_size=32, salt=salt,
                            person=b"hufu/1/kek").digest()
    _, kek = opened(outer, kek_text)
    keys = [p for p in folder.glob("*.json") if p.name != "kek.json"]
    assert len(keys) == count, f"{len(keys)} keys"
    for path in keys:
        check(*opened(kek, path.read_text()))


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
    except (AssertionError, nacl.exceptions.CryptoError) as fault:
        sys.exit(f"open_home.py: {fault}")
