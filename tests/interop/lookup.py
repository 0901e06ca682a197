# SPDX-License-Identifier: Apache-2.0
"""lookup.py OUT SITE: the code printed on each document opens the site's sealed copy of its token, by hashlib and nacl."""
import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True
import common  # noqa: E402

try:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError
except ImportError as missing:
    print(f"not ok - not installed: {missing.name}")
    sys.exit(1)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ENTRY, PLAIN = 440, 416


def docid_of(path):
    """A document's file is named by its code."""
    code = os.path.basename(path)[:-len(".pdf")].replace("-", "")
    number = 0
    for c in code:
        number = number << 5 | CROCKFORD.index(c)
    spare = -5 * len(code) % 8
    return (number << spare).to_bytes((5 * len(code) + spare) // 8, "big")


def open_code(site, bits, docid):
    digest = hashlib.sha256(b"hufu/1/lookup\0" + docid).digest()
    path = os.path.join(site, "d", "".join(f"{b:08b}" for b in digest)[:bits])
    if not os.path.exists(path):
        return None
    with open(path, "rb") as f:
        bucket = f.read()
    tags = [bucket[at:at + 8] for at in range(0, len(bucket), ENTRY)]
    if len(bucket) % ENTRY or tags != sorted(tags):
        raise ValueError(f"bucket {path} is not whole or not in order")
    key = hashlib.blake2b(docid, digest_size=32, person=b"hufu/1/sealed").digest()
    for i, tag in enumerate(tags):
        if tag == digest[4:12]:
            plain = decrypt(bucket[ENTRY * i + 8:ENTRY * (i + 1)], tag, bytes(24), key)
            n = int.from_bytes(plain[:2], "big")
            if len(plain) != PLAIN or any(plain[2 + n:]):
                raise ValueError("is sealed with another filling")
            return plain[2:2 + n]
    return None


def main(out, site):
    with open(os.path.join(site, "d", "info"), encoding="utf-8") as f:
        bits = json.load(f)["bits"]
    for path in common.documents(out):
        docid = docid_of(path)
        try:
            token = open_code(site, bits, docid)
            right = token is not None and token == common.token_bytes(common.token_of(path))
            why = "opens its token" if right else "opens nothing, or another token"
        except (CryptoError, ValueError) as e:
            right, why = False, str(e)
        common.say(right, f"{path}: its code {why}")
        stranger = docid[:5] + bytes([docid[5] ^ 1]) + docid[6:]
        try:
            common.say(open_code(site, bits, stranger) is None, f"{path}: a code one bit away opens nothing")
        except ValueError as e:
            common.say(False, f"{path}: a code one bit away: {e}")
    common.finish()


if len(sys.argv) != 3:
    sys.exit("lookup.py OUT SITE")
main(*sys.argv[1:])
