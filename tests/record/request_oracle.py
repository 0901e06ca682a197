#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutated applications for letters, judged by python3-jsonschema and by Hufu's decoder.

    tests/record/request_oracle.py REQUEST_ORACLE [COUNT [SEED]]

Run from the project's root.  REQUEST_ORACLE is the program of tests/record/request_oracle_main.c.  Fails as oracle.py does.
"""
import copy
import random
import sys

import oracle

HEAD = {"schema": "hufu.request/1", "request_id": "r-1", "member_id": "m-01", "doc": "good_standing",
        "profile": "overseas-body", "language": "en", "delivery": "recipient"}
SEEDS = [
    dict(HEAD, general=True),
    dict(HEAD, recipient={"name": "The Registrar"}),
    dict(HEAD, doc="status_statement", general=False, recipient={
        "name": "北境会计师管理局", "address_lines": ["14 Harbour Street", "Port Meridian"], "country": "Northland",
        "email": "registrar@northland.example", "their_ref": "NBA/IR/26-1180"}),
]
PARTS = {
    "recipient": {"name": "Université de l’État", "address_lines": ["1", "2", "3", "4", "5", "6"], "email": "a@b"},
    "general": True, "purpose": "admission by your Board", "valid_for": "1_year", "language": "both",
    "include": ["dob", "firm", "exam", "cpd", "history"],
    "consent": {"given_at": "2026-11-19T09:00:00+08:00", "scope": ["standing", "discipline", "pending", "dob"]},
    "approval": {"by": "o-2", "at": "2026-11-19T09:00:00+08:00", "decision": "approved"},
    "prepared": {"by": "o-1", "at": "2026-11-19T09:00:00+08:00"}, "signatory_id": "s-1",
}
HARMLESS = ("purpose", "valid_for", "include", "consent", "language")


def requests(count, rng):
    yield from SEEDS
    for _ in range(count):
        request = copy.deepcopy(rng.choice(SEEDS))
        for part in HARMLESS:
            if rng.random() < 0.25:
                request[part] = copy.deepcopy(PARTS[part])
        if rng.random() < 0.8:
            request["purpose"] = rng.choice(oracle.ODD_STRINGS)
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
            oracle.mutate(request, rng, PARTS)
        yield request


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 18030)
    oracle.agree("tests/data/request.schema.json", [sys.argv[1]], list(requests(count, rng)), rng)


if __name__ == "__main__":
    main()
