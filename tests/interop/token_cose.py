# SPDX-License-Identifier: Apache-2.0
"""token_cose.py OUT SITE: every token, by cbor2 and nacl."""
import hashlib
import sys

sys.dont_write_bytecode = True
import common  # noqa: E402

try:
    import cbor2
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
except ImportError as missing:
    print(f"not ok - not installed: {missing.name}")
    sys.exit(1)


def fault(token, keys, issuer):
    """What is wrong with a token; None when nothing is."""
    message = cbor2.loads(token)
    if cbor2.dumps(message, canonical=True) != token:
        return "is not in deterministic form"
    protected, unprotected, payload, signature = message
    header = cbor2.loads(protected)
    if header.get(1) not in (-8, -19) or unprotected != {} or set(header) != {1, 4}:
        return "has another header"
    fields = cbor2.loads(payload)
    if cbor2.dumps(fields, canonical=True) != payload:
        return "has a payload that is not in deterministic form"
    if len(fields) != 11 or fields[0] != 1 or len(fields[9]) != 16:
        return "has another payload"
    aad = b"hufu/1/cert\0" + issuer.encode()
    signed = cbor2.dumps(["Signature1", protected, aad, payload])
    for key in keys:
        public = bytes.fromhex(key["public"])
        if key["role"] != "issuing" or hashlib.sha256(public).digest()[:4] != header[4]:
            continue
        try:
            VerifyKey(public).verify(signed, signature)
        except BadSignatureError:
            continue
        return None if fields[1] in key["types"] else f"is of type {fields[1]}, not its key's"
    return "is signed by no issuing key of the list"


def main(out, site):
    listed = common.key_list(site)
    positions = {}
    for path in common.documents(out):
        digits = common.token_of(path)
        if digits is None:
            common.say(False, f"{path} has no token or several")
            continue
        token = common.token_bytes(digits)
        try:
            wrong = fault(token, listed["keys"], listed["issuer"])
        except Exception as e:  # whatever a judge chokes on is a verdict
            wrong = f"cannot be read: {e}"
        common.say(wrong is None, f"{path}: its token {wrong or 'holds'}")
        if wrong is None:
            idx = cbor2.loads(cbor2.loads(token)[2])[2]
            if positions.setdefault(idx, path) != path:
                common.say(False, f"{path} has the position {idx} of {positions[idx]}")
    common.finish()


if len(sys.argv) != 3:
    sys.exit("token_cose.py OUT SITE")
main(*sys.argv[1:])
