# SPDX-License-Identifier: Apache-2.0
# resign.py HOME KID ORIGIN FILE: the tree of the checkpoint FILE, signed anew by a log key of a home whose credential lies
# beside its keys, as its thief would.
import base64
import hashlib
import json
import pathlib
import sys

import nacl.bindings as sodium
from nacl.signing import SigningKey

folder, kid, origin, target = pathlib.Path(sys.argv[1]) / "keys", sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])


def opened(key, text):
    whole = json.loads(text)
    aad = json.dumps({k: v for k, v in whole.items() if k not in ("nonce", "sealed")}, sort_keys=True, separators=(",", ":"))
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes.fromhex(whole["sealed"]), aad.encode(), bytes.fromhex(whole["nonce"]), key)


kek = (folder / "kek.json").read_text()
outer = hashlib.blake2b((folder / "passphrase").read_bytes(), digest_size=32, salt=bytes.fromhex(json.loads(kek)["salt"]),
                        person=b"hufu/1/kek").digest()
key = SigningKey(opened(opened(outer, kek), next(folder.glob("log-%s.json" % kid)).read_text()))
_, size, root = target.read_text().split("\n")[:3]
body = "%s\n%s\n%s\n" % (origin, size, root)
hint = hashlib.sha256(origin.encode() + b"\n\x01" + bytes(key.verify_key)).digest()[:4]
line = base64.b64encode(hint + key.sign(body.encode()).signature).decode()
target.write_text("%s\n\u2014 %s %s\n" % (body, origin, line))
