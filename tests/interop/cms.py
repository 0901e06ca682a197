# SPDX-License-Identifier: Apache-2.0
"""cms.py PKI OUT: seals by pyHanko, with path, time stamp and, at B-LT, revocation from the evidence alone.  TAP."""
import asyncio
import datetime
import glob
import os
import sys

from asn1crypto import cms, crl, ocsp, pem, x509
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

pki, out = sys.argv[1:3]
passed = failed = 0


def say(ok, name, why=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print(f"{'ok' if ok else 'not ok'} {passed + failed} - {name}")
    if not ok:
        print(f"# {why}")


def certificate(name):
    with open(f"{pki}/{name}.pem", "rb") as f:
        return x509.Certificate.load(pem.unarmor(f.read())[2])


def evidence(base, kind):
    return [open(p, "rb").read() for p in sorted(glob.glob(f"{base}.{kind}.*"))]


def context(base, root, use_evidence):
    more = {"revocation_mode": "soft-fail"}
    if use_evidence:
        more = {"revocation_mode": "require", "ocsps": [ocsp.OCSPResponse.load(b) for b in evidence(base, "ocsp")],
                "crls": [crl.CertificateList.load(b) for b in evidence(base, "crl")],
                "other_certs": [x509.Certificate.load(b) for b in evidence(base, "cert")]}
    return ValidationContext(trust_roots=[certificate(root)], allow_fetching=False,
                             moment=datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=5), **more)


async def judge(path, content, root="root", tsa_root="tsaroot", use_evidence=False):
    with open(path, "rb") as f:
        info = cms.ContentInfo.load(f.read())
    base = path[:-4]
    return await async_validate_detached_cms(content, info["content"], signer_validation_context=context(base, root, use_evidence),
                                             ts_validation_context=context(base, tsa_root, use_evidence))


def ask(*args, **kwargs):
    try:
        return asyncio.run(judge(*args, **kwargs)), ""
    except Exception as error:  # a refusal by exception is a refusal
        return None, f"{type(error).__name__}: {error}"


with open(f"{out}/content", "rb") as f:
    content = f.read()
for path in sorted(glob.glob(f"{out}/*.cms")):
    name = os.path.basename(path)
    level = name[:-4].split("-B-")[1]
    status, why = ask(path, content, use_evidence=level == "LT")
    good = status is not None and status.intact and status.valid and status.trusted
    if good and level != "B":
        stamp = status.timestamp_validity
        good = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
        why = f"time stamp: {stamp.summary() if stamp else None}"
    say(good, f"pyHanko: {name}", why or (status and status.summary()))
    status, _ = ask(path, content + b"x")
    say(status is None or not status.intact, f"pyHanko refuses another content: {name}")
    status, _ = ask(path, content, root="rogue")
    say(status is None or not status.trusted, f"pyHanko refuses another root: {name}")
    if level == "T":
        status, _ = ask(path, content, use_evidence=True)  # there is none
        say(status is None or not status.trusted, f"pyHanko finds no revocation without evidence: {name}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
