#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write officer.json: what officers say of letters, and rosters, by cbor2 and nacl.  make_officer.py > officer.json"""
import datetime
import hashlib
import json

import cbor2
from nacl.signing import SigningKey

ISSUER = "verify.example.org"
AT = 1795140000  # 2026-11-20T02:00:00Z


def key(name):
    return SigningKey(hashlib.sha256(b"hufu officer " + name.encode()).digest())


def public(name):
    return bytes(key(name).verify_key).hex()


def instant(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(name, text):
    return key(name).sign(text.encode()).signature.hex()


def lines(label, rows):
    return label + "\n" + "".join(f"{k} {v}\n" for k, v in rows)


def payload(type_, memno, native, latin, recipient, codes):
    return [1, type_, 4711, bytes(range(10)), memno, native, latin, AT // 86400, AT // 86400 + 90, bytes(16),
            {1: recipient, 2: AT // 60, 3: codes}]


def hashed(salt, *items):
    data = b"".join(cbor2.dumps(i, canonical=True) for i in items)
    return hashlib.sha256(b"hufu/1/subject\0" + salt + data).hexdigest()


def statement(name, act, p, salt, at, request=12, days=95):
    rows = [("issuer", ISSUER), ("act", act), ("request", request), ("type", p[1]),
            ("binds", hashlib.sha256(b"the case").hexdigest()), ("subject", hashed(salt, p[4], p[10][1], p[10][3])),
            ("native", hashed(salt, p[5])), ("latin", hashed(salt, p[6])), ("days", days), ("at", instant(at)),
            ("officer", public(name))]
    text = lines("hufu/1/officer", rows)
    return {"text": text, "signature": sign(name, text)}


PAYLOADS = [
    payload(3, 12345, "陳大文", "CHAN Tai Man", "The Law Society of Elsewhere", [1, 2, 5, 1]),
    payload(4, "0012345", None, "O'BRIEN Seán", None, [200, 3, 255, 0]),
    payload(3, 0x1234567890, "㐂" * 8, None, "某某" * 10, [0, 0, 0, 0]),
    payload(4, 999999999999999999, None, None, "x" * 60, [255, 255, 255, 1]),
]


def subjects():
    for n, p in enumerate(PAYLOADS):
        salt = hashlib.sha256(b"salt %d" % n).digest()
        yield {"payload": cbor2.dumps(p, canonical=True).hex(), "salt": salt.hex(),
               "prepared": statement("one", "prepare", p, salt, AT - 7200), "approved": statement("two", "approve", p, salt, AT)}


class Roster:
    def __init__(self, issuer=ISSUER):
        self.rows, self.issuer = [], issuer

    def change(self, act, officer, name, signers, **other):
        prev = hashlib.sha256(self.rows[-1].encode()).hexdigest() if self.rows else "0" * 64
        rows = dict(issuer=self.issuer, serial=len(self.rows) + 1, prev=prev, act=act, officer=public(officer) if officer else "0" * 64,
                    name=name, at=instant(AT))
        rows.update(other)
        text = lines("hufu/1/officer-roster", rows.items())
        line = {"signatures": [{"public": public(s), "signature": sign(s, text)} for s in signers], "statement": text}
        self.rows.append(json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
        return self

    def case(self, what, expect, enrolled=()):
        return {"name": what, "text": "".join(r + "\n" for r in self.rows), "expect": expect, "enrolled": [public(o) for o in enrolled]}


def first():
    return Roster().change("enrol", "one", "ZHANG Wei", ["root 1", "root 2"]).change("enrol", "two", "陳大文", ["root 3", "root 1"])


def rosters():
    yield first().case("two officers enrolled by the roots", "good", ["one", "two"])
    third = first().change("enrol", "three", "Seán \"S\" O'Brien\\", ["two", "one"])
    yield third.case("a third by the two", "good", ["one", "two", "three"])
    yield third.change("dismiss", "one", "-", ["two", "three"]).case("the first dismissed", "good", ["two", "three"])
    yield third.change("enrol", "four", "HO", ["one", "two"]).case("by one who was dismissed", "ROSTER-SIGNATURE")
    yield first().change("enrol", "three", "LEE", ["one", "root 1"]).case("by an officer and a root", "ROSTER-SIGNATURE")
    yield first().change("enrol", "three", "LEE", []).case("by nobody", "ROSTER-SIGNATURE")
    yield first().change("enrol", "three", "LEE", ["four", "five"]).case("by strangers: without a voucher", "good", [])
    yield Roster().change("enrol", "one", "ZHANG", ["old 1", "old 2"]).case("by former roots: without a voucher", "good", [])
    yield (Roster().change("enrol", "one", "ZHANG", ["old 1", "old 2"]).change("enrol", "two", "CHAN", ["old 2", "old 3"])
           .change("endorse", None, "-", ["root 2", "root 3"]).case("endorsed by today's roots", "good", ["one", "two"]))
    yield first().change("enrol", "one", "AGAIN", ["root 1", "root 2"]).case("one officer twice", "ROSTER-CHAIN")
    yield first().change("dismiss", "three", "-", ["root 1", "root 2"]).case("dismissed and never enrolled", "ROSTER-CHAIN")
    yield first().change("enrol", "three", "LEE", ["root 1", "root 2"], serial=4).case("a serial passed over", "ROSTER-CHAIN")
    yield first().change("enrol", "three", "LEE", ["root 1", "root 2"], prev="0" * 64).case("another beginning", "ROSTER-CHAIN")
    yield Roster("verify.example.com").change("enrol", "one", "ZHANG", ["root 1", "root 2"]).case("another issuer", "ROSTER-CHAIN")
    yield first().change("endorse", "three", "-", ["root 1", "root 2"]).case("endorses a person", "ROSTER-FORM")
    yield first().change("enrol", "three", "", ["root 1", "root 2"]).case("no name", "ROSTER-FORM")
    yield first().change("enrol", "three", "a\tb", ["root 1", "root 2"]).case("a tab in the name", "ROSTER-FORM")
    yield first().change("promote", "three", "LEE", ["root 1", "root 2"]).case("an act there is not", "ROSTER-FORM")
    yield first().change("enrol", "three", "LEE", ["root 1", "root 2"], at="2026-11-20T02:00:00+00:00").case("another time", "ROSTER-FORM")


json.dump({"issuer": ISSUER, "k": 2, "roots": [public(f"root {n}") for n in (1, 2, 3)], "subjects": list(subjects()),
           "rosters": list(rosters())}, __import__("sys").stdout, indent=1, ensure_ascii=False)
print()
