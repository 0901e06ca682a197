#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A member who applies for a letter.

    tests/demo/applicant.py MEMBERS.jsonl RECORD.jsonl REQUEST.json [COUNT]

Takes the first practising member in good order, writes its record as the register sends it tonight (discipline checked
now, fees paid to the end of the year) and COUNT applications for a good-standing letter, REQUEST.json for one,
REQUEST-1.json, … for more.
"""
import json
import sys
from datetime import datetime, timezone

members, record_path, request_path = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 1
now = datetime.now(timezone.utc).replace(microsecond=0)
stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ")


def fit(record):
    return (record.get("class") == "practising" and record.get("status") == "active" and "practice" in record
            and "native" in record.get("name", {}) and "latin" in record["name"]
            and len(record["name"]["native"]) <= 4 and all("\u4e00" <= c <= "\u9fff" for c in record["name"]["native"]))


for line in open(members, encoding="utf-8"):
    try:
        record = json.loads(line)
    except ValueError:
        continue
    if fit(record):
        break
else:
    sys.exit("no member fit for a letter")
record.update(rev=record["rev"] + 1, updated_at=stamp, dues_paid_through=f"{now.year}-12-31",
              discipline={"checked_at": stamp, "pending": "none", "findings": []})
record.pop("history", None)
record.pop("restrictions", None)
record.pop("photo", None)
with open(record_path, "w", encoding="utf-8") as out:
    print(json.dumps(record, ensure_ascii=False), file=out)
for i in range(count):
    request = {"schema": "hufu.request/1", "request_id": f"demo-{now:%Y%m%d%H%M%S}-{i + 1}", "member_id": record["member_id"],
               "doc": "good_standing", "profile": "overseas-body", "language": "en", "delivery": "both",
               "purpose": "admission by your Board",
               "recipient": {"name": "Northland Board of Accountancy",
                             "address_lines": ["14 Harbour Street", "Port Meridian NL 20410"], "country": "Northland",
                             "their_ref": "NBA/IR/26-1180"},
               "consent": {"given_at": stamp, "scope": ["standing", "pending"]}}
    path = request_path if count == 1 else request_path.replace(".json", f"-{i + 1}.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(request, out, ensure_ascii=False)
