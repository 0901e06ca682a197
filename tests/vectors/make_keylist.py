#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write keylist.json: key lists that follow another or must not, and policies that follow.  make_keylist.py > keylist.json"""
import base64
import copy
import hashlib
import json

from make_keys import ISSUER, KEYS, LIST, POLICY, canonical, key, line, listed, note, note_hash, public, root, vkey


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def signed(value, *roots):
    b = canonical(value) + b"\n"
    return note(b, *[root(n, b) for n in roots])


def entry(who, **change):
    e = copy.deepcopy(next(k for k in KEYS if k["public"] == public(who).hex()))
    e.update(change)
    return e


def others(who):
    return [k for k in KEYS if k["public"] != public(who).hex()]


FIRST = signed(LIST, 1, 2)


def second(**change):
    return dict(LIST, version=2, prev=sha(FIRST), issued="2026-11-20T02:00:00Z", **change)


OLD_RETIRED = entry("issuing", state="retired", not_after="2026-11-20T02:00:00Z")
NEW = listed("issuing-b", "issuing", [1, 2], first_idx=64, not_before="2026-11-20T02:00:00Z")
ROTATED = second(keys=[OLD_RETIRED, NEW] + others("issuing"))
STOLEN = second(keys=[entry("issuing", state="compromised", from_idx=64), NEW] + others("issuing"))
FROZEN = dict(origin=ISSUER + "/log", root="55" * 32, size=4096)


def moved(entry):
    return dict(entry, log=ISSUER + "/log-2")


REPLACED = second(logs=[FROZEN], keys=[entry("log", state="compromised", from_idx=0), listed("log-2", "log", log=ISSUER + "/log-2")] +
                  [moved(k) for k in others("log")])


def third(after, **change):
    text = signed(after, 1, 2)
    return text, signed(dict(copy.deepcopy(after), version=3, prev=sha(text), issued="2026-11-21T02:00:00Z", **change), 1, 2)


def lists():
    yield "a key is rotated", "good", FIRST, signed(ROTATED, 1, 2)
    yield "a key was stolen", "good", FIRST, signed(STOLEN, 1, 2)
    yield "the list that is known", "good", FIRST, FIRST
    yield "a log key was stolen", "good", FIRST, signed(REPLACED, 1, 2)
    yield "versions between are missing", "good", FIRST, signed(dict(STOLEN, version=7, prev="77" * 32), 1, 2)
    yield "a quorum and a witness are added", "good", FIRST, signed(second(quorum=1, witnesses=[
        vkey("witness.example.net", "witness", b"\x04")]), 1, 2)
    yield "a planned key is added", "good", FIRST, signed(second(keys=KEYS + [listed("next", "issuing", [1], state="planned")]), 1, 2)
    yield "a planned key begins to sign", "good", *third(second(keys=KEYS + [listed("next", "issuing", [1], state="planned")]), keys=[
        OLD_RETIRED, listed("next", "issuing", [1], first_idx=80, not_before="2026-11-21T02:00:00Z")] + others("issuing"))
    yield "the cut is lowered", "good", *third(STOLEN, keys=[entry("issuing", state="compromised", from_idx=9), NEW] + others("issuing"))
    yield "the one before", "KEYLIST-ROLLBACK", signed(STOLEN, 1, 2), FIRST
    yield "two of one version", "KEYLIST-FORK", signed(STOLEN, 1, 2), signed(ROTATED, 1, 2)
    yield "the same list, signed by other roots", "KEYLIST-FORK", FIRST, signed(LIST, 2, 3)
    yield "another predecessor", "KEYLIST-FORK", FIRST, signed(dict(STOLEN, prev="77" * 32), 1, 2)
    yield "the stolen key is taken away", "KEYLIST-CHANGE", FIRST, signed(second(keys=[NEW] + others("issuing")), 1, 2)
    yield "issued before the other", "KEYLIST-CHANGE", FIRST, signed(dict(ROTATED, issued="2026-11-19T01:59:59Z", expires="2027-11-01T00:00:00Z"), 1, 2)
    yield "a stolen key is good again", "KEYLIST-CHANGE", *third(STOLEN, keys=KEYS + [NEW])
    yield "a stolen key is only retired", "KEYLIST-CHANGE", *third(STOLEN, keys=[OLD_RETIRED, NEW] + others("issuing"))
    yield "a retired key signs again", "KEYLIST-CHANGE", *third(ROTATED, keys=[
        entry("issuing", not_after="2026-11-20T02:00:00Z"), NEW] + others("issuing"))
    yield "an active key is only planned", "KEYLIST-CHANGE", FIRST, signed(second(keys=[entry("issuing", state="planned")] + others("issuing")), 1, 2)
    yield "the cut is raised", "KEYLIST-CHANGE", *third(STOLEN, keys=[entry("issuing", state="compromised", from_idx=65), NEW] + others("issuing"))
    yield "the end is put off", "KEYLIST-CHANGE", *third(ROTATED, keys=[
        entry("issuing", state="retired", not_after="2026-11-21T02:00:00Z"), NEW] + others("issuing"))
    yield "the end is taken back", "KEYLIST-CHANGE", *third(
        second(keys=[entry("issuing", not_after="2027-01-01T00:00:00Z")] + others("issuing")), keys=KEYS)
    yield "a key signs another type", "KEYLIST-CHANGE", FIRST, signed(second(keys=[entry("issuing", types=[1, 2, 3])] + others("issuing")), 1, 2)
    yield "a status key signs documents", "KEYLIST-CHANGE", FIRST, signed(second(keys=[
        entry("status", role="issuing", types=[1])] + others("status")), 1, 2)
    yield "a key signs from earlier on", "KEYLIST-CHANGE", *third(STOLEN, keys=[
        entry("issuing", state="compromised", from_idx=64), dict(NEW, first_idx=0)] + others("issuing"))
    yield "a key leaves a log that goes on", "KEYLIST-CHANGE", FIRST, signed(second(keys=[
        entry("issuing", log=ISSUER + "/log-0")] + others("issuing"), logs=[dict(FROZEN, origin=ISSUER + "/log-0")]), 1, 2)
    yield "a frozen log grows", "KEYLIST-CHANGE", *third(REPLACED, logs=[dict(FROZEN, size=8192)])
    yield "a frozen log is another", "KEYLIST-CHANGE", *third(REPLACED, logs=[dict(FROZEN, root="66" * 32)])


NEXT = dict(POLICY, roots=[POLICY["roots"][0], vkey(ISSUER + "/root-2", "root-2b"), POLICY["roots"][2]])
FAR = dict(NEXT, roots=[vkey("%s/root-%d" % (ISSUER, n), "root-%dc" % n) for n in (1, 2)], k=2)


def successor(policy, *signers):
    b = canonical(policy) + b"\n"
    return note(b, *[root(n, b, who) for n, who in signers])


def policies():
    old = ((1, "root-1"), (2, "root-2"))
    yield "one root of three is replaced", "good", successor(NEXT, *old, (2, "root-2b"))
    yield "the roots that stay are enough", "good", successor(NEXT, (1, "root-1"), (3, "root-3"))
    yield "all roots are replaced", "good", successor(FAR, *old, (1, "root-1c"), (2, "root-2c"))
    yield "a quorum of witnesses", "good", successor(dict(POLICY, quorum=1, witnesses=[vkey("witness.example.net", "witness", b"\x04")]), *old)
    yield "the old quorum is missing", "POLICY-ROOT", successor(FAR, (1, "root-1"), (1, "root-1c"), (2, "root-2c"))
    yield "the new quorum is missing", "POLICY-ROOT", successor(FAR, *old, (1, "root-1c"))
    yield "a thief with one root makes a policy of his own", "POLICY-ROOT", successor(
        dict(FAR, k=1), (2, "root-2"), (1, "root-1c"), (2, "root-2c"))
    yield "an old name over a new key", "NOTE-SIGNATURE", successor(NEXT, (1, "root-1"), (2, "root-2")).replace(
        base64.b64encode(note_hash(ISSUER + "/root-2", public("root-2")) + key("root-2").sign(canonical(NEXT) + b"\n").signature).decode(),
        base64.b64encode(note_hash(ISSUER + "/root-2", public("root-2")) + key("root-2b").sign(canonical(NEXT) + b"\n").signature).decode())
    yield "another issuer", "POLICY-CHANGE", other()
    yield "the policy itself", "POLICY-CHANGE", successor(POLICY, *old)
    yield "signed, but no policy", "JSON-SCHEMA", note(canonical(LIST) + b"\n", *[root(n, canonical(LIST) + b"\n") for n in (1, 2)])
    loose = json.dumps(NEXT, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    yield "not canonical", "POLICY-FORM", note(loose, root(1, loose), root(3, loose))


def other():
    name = "verify.example.com"
    p = dict(POLICY, issuer=name, roots=[vkey("%s/root-%d" % (name, n), "root-%d" % n) for n in (1, 2, 3)],
             log=dict(origin=name + "/log", vkey=vkey(name + "/log", "log")))
    b = canonical(p) + b"\n"
    return note(b, root(1, b), root(2, b), *[line("%s/root-%d" % (name, n), "root-%d" % n, b) for n in (1, 2)])


print(json.dumps(dict(schema="hufu.vectors/1", policy=canonical(POLICY).decode(),
                      lists=[dict(name=n, expect=x, old=o, new=w) for n, x, o, w in lists()],
                      policies=[dict(name=n, expect=x, note=t) for n, x, t in policies()]), ensure_ascii=False, indent=1))
