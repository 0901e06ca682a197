#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write keys.json: a trust policy, its fingerprint, and key lists to accept and refuse.  make_keys.py > keys.json"""
import base64
import hashlib
import json

from nacl.signing import SigningKey

ISSUER = "verify.example.org"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def key(name):
    return SigningKey(hashlib.sha256(b"hufu vector " + name.encode()).digest())


def public(name):
    return bytes(key(name).verify_key)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def note_hash(name, pub, kind=b"\x01"):
    return hashlib.sha256(name.encode() + b"\n" + kind + pub).digest()[:4]


def vkey(name, who, kind=b"\x01"):
    pub = public(who)
    return "%s+%s+%s" % (name, note_hash(name, pub, kind).hex(), base64.b64encode(kind + pub).decode())


def line(name, who, body):
    sig = note_hash(name, public(who)) + key(who).sign(body).signature
    return ("\u2014 %s %s\n" % (name, base64.b64encode(sig).decode())).encode()


def root(n, body, who=None):
    return line("%s/root-%d" % (ISSUER, n), who or "root-%d" % n, body)


def listed(who, role, types=(), **change):
    pub = public(who)
    pop = key(who).sign(b"hufu/1/pop\0" + ISSUER.encode() + b"\0" + pub).signature
    entry = dict(kid=hashlib.sha256(pub).hexdigest()[:8], role=role, types=list(types), public=pub.hex(), state="active",
                 log=ISSUER + "/log", first_idx=0, from_idx=None, not_before="2026-01-01T00:00:00Z", not_after=None, pop=pop.hex())
    entry.update(change)
    return entry


POLICY = dict(schema="hufu.policy/1", issuer=ISSUER, names=dict(zh="示范注册会计师协会", en="Model Institute"),
              site="https://verify.example.org", roots=[vkey("%s/root-%d" % (ISSUER, n), "root-%d" % n) for n in (1, 2, 3)],
              k=2, log=dict(origin=ISSUER + "/log", vkey=vkey(ISSUER + "/log", "log")), witnesses=[], quorum=0,
              utc_offset_min=480, contact="verify@example.org")
KEYS = [listed("issuing", "issuing", [1, 2]), listed("letters", "issuing", [3, 4]), listed("status", "status"),
        listed("log", "log"), listed("manifest", "manifest")]
LIST = dict(schema="hufu.keys/1", issuer=ISSUER, version=1, issued="2026-11-19T02:00:00Z", expires="2027-12-19T02:00:00Z",
            prev=None, keys=KEYS, logs=[], witnesses=[], quorum=0)


def body(**change):
    return canonical(dict(LIST, **change)) + b"\n"


def note(b, *lines):
    return (b + b"\n" + b"".join(lines or (root(1, b), root(2, b)))).decode()


def fingerprint():
    bits = "".join(f"{b:08b}" for b in hashlib.sha256(canonical(POLICY)).digest()[:20])
    text = "".join(CROCKFORD[int(bits[i:i + 5], 2)] for i in range(0, 160, 5))
    return "-".join(text[i:i + 4] for i in range(0, 32, 4))


def cases():
    b = body()
    yield "two of three roots", "good", note(b)
    yield "roots 2 and 3", "good", note(b, root(2, b), root(3, b))
    yield "a stranger signed too", "good", note(b, line("witness.example.net", "stranger", b), root(1, b), root(3, b))
    second = body(version=2, prev="44" * 32, quorum=1, witnesses=[vkey("witness.example.net", "witness", b"\x04")],
                  keys=[listed("issuing", "issuing", [1], state="compromised", from_idx=77),
                        listed("old", "issuing", [1], state="retired", not_after="2026-06-01T00:00:00Z"),
                        listed("next", "issuing", [1], state="planned", first_idx=500)])
    yield "second version, with a compromised key and a witness", "good", note(second)
    frozen = body(version=3, prev="44" * 32, logs=[dict(origin=ISSUER + "/log", size=4096, root="55" * 32)], keys=[
        listed("log", "log", state="compromised", from_idx=0), listed("log-2", "log", log=ISSUER + "/log-2"),
        listed("issuing", "issuing", [1], log=ISSUER + "/log-2"),
        listed("old", "issuing", [1], state="retired", not_after="2026-06-01T00:00:00Z")])
    yield "a frozen log, and the one that follows", "good", note(frozen)
    yield "one root", "bad", note(b, root(1, b))
    yield "one root twice", "bad", note(b, root(1, b), root(1, b))
    yield "a root's name over a stranger's signature", "bad", note(b, root(1, b), root(2, b, "stranger"))
    yield "no signature", "bad", (b + b"\n").decode()
    yield "signatures of another body", "bad", note(b, root(1, body(version=2)), root(2, body(version=2)))
    yield "body changed after signing", "bad", note(b).replace('"first_idx":0', '"first_idx":1', 1)
    for name, change in [
            ("another issuer", dict(issuer="verify.example.com")), ("version 0", dict(version=0)),
            ("version 2 without its predecessor", dict(version=2)), ("version 1 with one", dict(prev="44" * 32)),
            ("14 months", dict(expires="2028-01-19T02:00:00Z")), ("expires before it is issued", dict(expires="2026-11-19T01:00:00Z")),
            ("a witness whose key signs plain notes", dict(witnesses=[vkey("witness.example.net", "witness")])),
            ("quorum without witnesses", dict(quorum=1)), ("no keys", dict(keys=[])), ("unknown member", dict(note="x")),
            ("one key twice", dict(keys=KEYS + [KEYS[0]])), ("a root key that signs documents", dict(keys=[listed("root-1", "issuing", [1])])),
            ("an officer", dict(keys=[listed("officer", "officer")])),
            ("key id of another key", dict(keys=[listed("issuing", "issuing", [1], kid="00000000")])),
            ("possession shown for another issuer", dict(keys=[listed("issuing", "issuing", [1], pop=key("issuing").sign(
                b"hufu/1/pop\0verify.example.com\0" + public("issuing")).signature.hex())])),
            ("possession shown by another key", dict(keys=[listed("issuing", "issuing", [1], pop=KEYS[1]["pop"])])),
            ("key of low order", dict(keys=[listed("issuing", "issuing", [1], public="01" + "00" * 31, kid=hashlib.sha256(
                b"\x01" + bytes(31)).hexdigest()[:8], pop="01" + "00" * 63)])),
            ("issuing key without types", dict(keys=[listed("issuing", "issuing")])),
            ("status key with types", dict(keys=[listed("status", "status", [1])])),
            ("compromised without a cut", dict(keys=[listed("issuing", "issuing", [1], state="compromised")])),
            ("retired without an end", dict(keys=[listed("issuing", "issuing", [1], state="retired")])),
            ("a status key good below a cut", dict(keys=[listed("status", "status", state="compromised", from_idx=1)])),
            ("a log key good below a cut", dict(keys=[listed("log", "log", state="compromised", from_idx=1)])),
            ("a key of a log that is not there", dict(keys=[listed("issuing", "issuing", [1], log="verify.example.org/log-9")])),
            ("two log keys that sign", dict(keys=KEYS + [listed("log-b", "log")])),
            ("two logs that go on", dict(keys=KEYS + [listed("log-b", "log", log="verify.example.org/log-2")])),
            ("a frozen log that goes on", dict(logs=[dict(origin=ISSUER + "/log", size=8, root="55" * 32)])),
            ("a frozen log twice", dict(logs=[dict(origin=ISSUER + "/log-0", size=8, root="55" * 32)] * 2)),
            ("a log shorter than the one before", dict(logs=[dict(origin=ISSUER + "/log-0", size=8, root="55" * 32), dict(
                origin=ISSUER + "/log-00", size=7, root="55" * 32)])),
            ("an empty log with entries", dict(logs=[dict(origin=ISSUER + "/log-0", size=0, root="55" * 32)])),
            ("a witness twice, for a quorum of two", dict(quorum=2, witnesses=[
                vkey("witness.example.net", "witness", b"\x04"), vkey("witness.example.com", "witness", b"\x04")])),
            ("a witness that also signs documents", dict(quorum=1, witnesses=[vkey("witness.example.net", "issuing", b"\x04")])),
            ("a root that is also a witness", dict(quorum=1, witnesses=[vkey("witness.example.net", "root-1", b"\x04")])),
            ("a cut without compromise", dict(keys=[listed("issuing", "issuing", [1], from_idx=7)]))]:
        yield name, "bad", note(body(**change))
    loose = json.dumps(LIST, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    yield "not canonical", "bad", note(loose)
    upper = b.replace(KEYS[0]["public"].encode(), KEYS[0]["public"].upper().encode())
    yield "hexadecimal in capitals", "bad", note(upper)


if __name__ == "__main__":
    print(json.dumps(dict(schema="hufu.vectors/1", policy=canonical(POLICY).decode(), fingerprint=fingerprint(),
                          cases=[dict(name=n, expect=x, note=t) for n, x, t in cases()]), ensure_ascii=False, indent=1))
