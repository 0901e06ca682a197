#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What hangs on the wall: the certificates of two members, as files and as pictures of their pages.

    tests/demo/wall.py MEMBERS.jsonl CERTIFICATES WALL [WITHOUT-DOCID]

Of the report in CERTIFICATES the last two members of one class with different Chinese names, each with a Chinese and an
English certificate; none who holds WITHOUT-DOCID.  WALL/one-zh.pdf, one-en.pdf, two-zh.pdf, two-en.pdf, a .png beside each,
and of each member WALL/one.id, the id in the register, and WALL/one.name.
"""
import json
import pathlib
import shutil
import subprocess
import sys

members, certificates, wall = map(pathlib.Path, sys.argv[1:4])
without = sys.argv[4] if len(sys.argv) > 4 else None
names = {}
for line in open(members, encoding="utf-8"):
    try:
        record = json.loads(line)
        names[record["member_id"]] = record["name"]["native"]
    except (ValueError, KeyError):
        continue
held = {}
for line in open(certificates / "report.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if row["outcome"] == "issued" and row["member_id"] in names:
        held.setdefault((row["document"], row["member_id"]), {})[row["lang"]] = row["docid"]
found = [(document, member, docs) for (document, member), docs in sorted(held.items(), reverse=True)
         if len(docs) == 2 and without not in docs.values()]
for (document, one, docs), (same, two, others) in zip(found, found[1:]):
    if document == same and names[one] != names[two]:
        break
else:
    sys.exit("wall.py: no two members of one class with certificates in both languages")
wall.mkdir(parents=True, exist_ok=True)
for who, member, ids in (("one", one, docs), ("two", two, others)):
    (wall / f"{who}.id").write_text(member + "\n")
    (wall / f"{who}.name").write_text(names[member] + "\n", encoding="utf-8")
    for lang, docid in ids.items():
        target = wall / f"{who}-{lang}"
        shutil.copyfile(certificates / f"{docid}.pdf", f"{target}.pdf")
        subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", f"{target}.pdf", target], check=True)
