# SPDX-License-Identifier: Apache-2.0
"""selftest.py: every judge here says yes to a good example and no to a spoiled one.  Run from the project's root."""
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

import cbor2
from nacl.signing import SigningKey

sys.dont_write_bytecode = True
import common  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ISSUER = "verify.example.org"
SEED = hashlib.sha256(b"hufu test").digest()  # the public test key of the token example
ISSUING, MANIFEST = SigningKey(SEED), SigningKey(hashlib.sha256(b"hufu test manifest").digest())
PICTURE = os.path.join(HERE, "..", "scan", "data", "plain.png")
LINK = os.path.join(HERE, "..", "scan", "data", "zh.link")


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def key_row(key, role, types):
    public = bytes(key.verify_key)
    return {"first_idx": 0, "kid": hashlib.sha256(public).hexdigest()[:8], "public": public.hex(),
            "role": role, "state": "active", "types": types}


def write_site(site):
    os.makedirs(os.path.join(site, "m"))
    body = canonical({"issuer": ISSUER, "keys": [key_row(ISSUING, "issuing", [1, 2, 3]), key_row(MANIFEST, "manifest", [])]})
    with open(os.path.join(site, "keys.note"), "w", encoding="utf-8") as f:
        f.write(body + "\n\n— nobody AAAA\n")
    with open(os.path.join(site, "policy.json"), "w", encoding="utf-8") as f:
        f.write(canonical({"issuer": ISSUER, "site": "https://" + ISSUER}))
    manifest = canonical({"batch": 1, "issuer": ISSUER}).encode()
    public = bytes(MANIFEST.verify_key)
    key_id = hashlib.sha256(public).digest()[:8]
    signature = MANIFEST.sign(hashlib.blake2b(manifest).digest()).signature
    comment = "example"
    whole = MANIFEST.sign(signature + comment.encode()).signature
    with open(os.path.join(site, "m", "1-0.json"), "wb") as f:
        f.write(manifest)
    with open(os.path.join(site, "m", "1-0.json.minisig"), "w", encoding="utf-8") as f:
        f.write("untrusted comment: x\n" + base64.b64encode(b"ED" + key_id + signature).decode() +
                f"\ntrusted comment: {comment}\n" + base64.b64encode(whole).decode() + "\n")


def new_token(type_, idx, name):
    payload = cbor2.dumps([1, type_, idx, bytes(range(10)), 110001234567, None, name, 20780, 0, bytes(16), {4: 18321}],
                          canonical=True)
    protected = cbor2.dumps({1: -8, 4: hashlib.sha256(bytes(ISSUING.verify_key)).digest()[:4]}, canonical=True)
    signed = cbor2.dumps(["Signature1", protected, b"hufu/1/cert\0" + ISSUER.encode(), payload])
    token = cbor2.dumps([protected, {}, payload, ISSUING.sign(signed).signature])
    return str(int.from_bytes(token, "big"))


def picture_object():
    """The PNG's own compressed rows as an image of a PDF."""
    with open(PICTURE, "rb") as f:
        png = f.read()
    at, rows = 8, b""
    while at < len(png):
        size, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        if kind == b"IHDR":
            width, height, depth = int.from_bytes(png[at + 8 : at + 12], "big"), int.from_bytes(png[at + 12 : at + 16], "big"), png[at + 16]
            assert png[at + 17] == 0
        if kind == b"IDAT":
            rows += png[at + 8 : at + 8 + size]
        at += 12 + size
    assert zlib.decompress(rows)
    head = (f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent {depth}"
            f" /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 1 /BitsPerComponent {depth} /Columns {width} >> /Length {len(rows)} >>")
    return head.encode() + b"\nstream\n" + rows + b"\nendstream"


def write_pdf(path, digits, lines, attribute=False):
    text = "".join(f"BT /F 12 Tf 50 {700 - 20 * i} Td ({line}) Tj ET\n" for i, line in enumerate(lines))
    content = ("q 79 0 0 79 50 500 cm /Q Do Q\n" + text).encode()
    about = f'<rdf:Description hufu:token="{digits}"/>' if attribute else f"<hufu:token>{digits}</hufu:token>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 7 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /Q 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"endstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        picture_object(),
        b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n" % len(about) + about.encode() + b"\nendstream",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    with open(path, "wb") as f:
        f.write(out)


def judge(expected, what, *command):
    run = subprocess.run(command, capture_output=True, check=False, text=True)
    if not common.say((run.returncode == 0) == expected, f"{os.path.basename(command[1])} says {'yes' if expected else 'no'} to {what}"):
        print("\n".join("# " + line for line in (run.stdout + run.stderr).splitlines()[-12:]))


def both(what_good, good, what_bad, bad, *command):
    """command with each of two folders; {} stands for the folder."""
    for expected, what, folder in ((True, what_good, good), (False, what_bad, bad)):
        judge(expected, what, *[part.replace("{}", folder) for part in command])


def spoil(digits):
    """Another last digit: the signature's last byte changes, the form does not."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def main(work):
    python, shell = sys.executable, "sh"
    site, empty = os.path.join(work, "site"), os.path.join(work, "empty")
    write_site(site)
    with open(LINK, encoding="ascii") as f:
        link_digits = f.read().strip().split("#")[1]
    own = new_token(1, 7, "ZHANG XIAOMING")
    lines = [docid_line(), "110001234567", "ZHANG XIAOMING"]
    made = {
        "good": [("a.pdf", link_digits, [], False), ("b.pdf", own, lines, True)],
        "spoiled": [("a.pdf", spoil(link_digits), [], False), ("b.pdf", own, lines, True)],
        "empty": [],
        "code": [("a.pdf", link_digits, [], False)],
        "other-code": [("a.pdf", own, [], False)],
        "text": [("b.pdf", own, lines, False)],
        "other-text": [("b.pdf", own, lines[:2] + ["ZHANG XIAOMIN"], False)],
        "wrong-type": [("a.pdf", new_token(4, 8, "A"), [], False)],
        "same-position": [("a.pdf", own, [], False), ("b.pdf", new_token(1, 7, "B"), [], False)],
    }
    for folder, files in made.items():
        os.makedirs(os.path.join(work, folder))
        for name, digits, text, attribute in files:
            write_pdf(os.path.join(work, folder, name), digits, text, attribute)

    at = lambda name: os.path.join(work, name)
    here = lambda name: os.path.join(HERE, name)
    for script, runner in (("token_cose.py", python), ("token_openssl.sh", shell), ("cose.sh", shell)):
        both("good tokens", at("good"), "a spoiled token", at("spoiled"), runner, here(script), "{}", site)
        judge(False, "an empty folder", runner, here(script), empty, site)
    judge(False, "a type its key may not sign", python, here("token_cose.py"), at("wrong-type"), site)
    judge(False, "two documents at one position", python, here("token_cose.py"), at("same-position"), site)
    both("a page with the token's code", at("code"), "a page with another code", at("other-code"), python, here("qr.py"), "{}", site)
    both("a page that says what is signed", at("text"), "a page with another name", at("other-text"), python, here("text.py"), "{}", site)

    other = at("other-site")
    shutil.copytree(site, other)
    with open(os.path.join(other, "m", "1-0.json"), "ab") as f:
        f.write(b" ")
    both("a signed manifest", site, "a changed manifest", other, shell, here("manifest.sh"), "{}")
    common.finish()


def docid_line():
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    bits = "".join(f"{b:08b}" for b in range(10))
    letters = "".join(alphabet[int(bits[i : i + 5], 2)] for i in range(0, 80, 5))
    return re.sub(r"(....)(?=.)", r"\1-", letters)


with tempfile.TemporaryDirectory() as folder:
    main(folder)
