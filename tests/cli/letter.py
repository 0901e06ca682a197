#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Records and applications for tests of letters, as of now.

    letter.py record MEMBER REV [PATH=JSON]...    an edge record of tests/data, a line
    letter.py request ID MEMBER [PATH=JSON]...    hufu.request/1
    letter.py day DAYS                            today in the issuer's zone and so many days on

Every day of an edge record is moved as if 20 November 2026 were today, and its discipline was checked an hour ago.  A PATH is
keys joined by dots; PATH=- takes the key away.
"""
import datetime
import json
import os
import re
import sys

ZONE = datetime.timezone(datetime.timedelta(hours=8))
NOW = datetime.datetime.now(ZONE).replace(microsecond=0)
EDGE_DAY = datetime.date(2026, 11, 20)


def moved(value, key=""):
    if isinstance(value, dict):
        return {k: moved(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [moved(v) for v in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return str(datetime.date.fromisoformat(value) + (NOW.date() - EDGE_DAY))
    if isinstance(value, str) and key in ("checked_at", "updated_at"):
        return (NOW - datetime.timedelta(hours=1)).isoformat()
    return value


def change(value, words):
    for word in words:
        path, text = word.split("=", 1)
        *parents, last = path.split(".")
        at = value
        for key in parents:
            at = at.setdefault(key, {})
        if text == "-":
            at.pop(last, None)
        else:
            at[last] = json.loads(text)
    return json.dumps(value, ensure_ascii=False)


def record(member, rev, *words):
    with open(os.path.join(os.environ["HUFU_SHARE"], "tests/data/edge.jsonl"), encoding="utf-8") as lines:
        found = next(r for r in map(json.loads, lines) if r["member_id"] == member)
    found = moved(found)
    found["rev"] = int(rev)
    if "annual_check" in found:
        found["annual_check"]["year"] = NOW.year
        found["annual_check"].pop("date", None)
    return change(found, words)


def request(name, member, *words):
    return change({"schema": "hufu.request/1", "request_id": name, "member_id": member, "doc": "good_standing",
                   "recipient": {"name": "Northland Board of Accountancy", "address_lines": ["14 Harbour Street"],
                                 "email": "registrar@northland.example"},
                   "profile": "general", "language": "en", "delivery": "recipient",
                   "consent": {"given_at": (NOW - datetime.timedelta(days=1)).isoformat(),
                               "scope": ["standing", "discipline", "pending"]}}, words)


def day(days):
    return str(NOW.date() + datetime.timedelta(days=int(days)))


sys.stdout.reconfigure(encoding="utf-8")
print({"record": record, "request": request, "day": day}[sys.argv[1]](*sys.argv[2:]))
