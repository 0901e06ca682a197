#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutated member records, judged by python3-jsonschema and by Hufu's decoder.

    tests/record/oracle.py RECORD_ORACLE [COUNT [SEED]]

Run from the project's root.  RECORD_ORACLE is the program of tests/record/oracle_main.c.  Fails when the schema refuses
what Hufu accepts, when Hufu refuses what the schema passes with a code that docs/REFUSALS.md does not mark as stricter,
or when the mutations did not reach both verdicts often enough to mean something.
"""
import copy
import json
import random
import re
import subprocess
import sys

import jsonschema

AS_OF = "2026-11-23"
ODD_STRINGS = [
    "", " ", "x", "王", "\ue863", "葛\U000e0100", "\uf9d1", "\ufa0e", "a\u0301", "Ａ", "阿•依", "?", "□", "\u200b", "\u202e",
    "\ufffd", "\uffff", "\U0002b127", "2021-02-29", "2020-02-30", "2020-13-01", "2020-2-9", "0000-01-01", "9999-12-31",
    "2026-11-24", "1850-01-01", "2026-11-20T10:00:00", "2026-11-20T10:00:00Z", "2026-11-20T24:00:00Z", "active",
    "suspended", "deceased", "annulled", "practising", "non_practising", "fraud", "../a.jpg", "/a.jpg", "a//b", "a/./b",
    "photo/1.jpg", "MICPA", "SX99", "ZZ99", "hufu.member/2", "0" * 64, "F" * 64, "A" * 121, "王" * 51, "é" * 50,
    "A" * 5000, "2020-02-29\n", "M", "\x7f", "\t",
]
ODD_VALUES = [None, True, False, 0, 1, -1, 1.0, 1.5, 0.001, 1e3, 1e30, 2 ** 53, 2 ** 53 - 1, 1990, 1991, 2100, 2101, [], {},
              [[]], [{}], {"a": 1}, ["x"], [{"from": "2020-01-01", "status": "active"}]]
# Complete objects, so that deep rules are reached from plain records too.
PARTS = {
    "photo": {"path": "p/1.jpg", "sha256": "ab" * 32},
    "cpd": {"period": "2026", "hours": 40.5, "compliant": True},
    "restrictions": [{"text_en": "No audits", "text_zh": "不得执行审计业务", "from": "2025-01-01", "until": "2025-12-31"}],
    "history": [{"from": "2012-01-10", "to": "2018-03-31", "status": "active", "class": "practising", "member_no": "9"}],
    "annual_check": {"year": 2026, "result": "passed", "date": "2026-05-31"},
    "practice": {"since": "2022-06-30", "firm_zh": "某某会计师事务所", "firm_en": "Sample CPAs", "firm_code": "1",
                 "audit_rights": True},
    "qualification": {"exam_cert_no": "S1", "passed_year": 2019},
    "discipline": {"checked_at": "2026-11-20T09:00:00+08:00", "pending": "none", "findings": [
        {"date": "2025-03-01", "sanction": "fine", "text_en": "A fine", "ends": "2025-04-01", "disclosable": False}]},
    "birth_date": "1980-02-29", "sex": "X", "dues_paid_through": "2026-12-31", "status_since": "2020-03-01",
    "status_reason": "fraud",
}


def places(value, path=()):
    """Every place in a JSON value, as a path of keys and indexes."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from places(child, path + (key,))


def parent(record, path):
    for step in path[:-1]:
        record = record[step]
    return record


def mutate(record, rng, parts=None):
    parts = parts or PARTS
    paths = [p for p in places(record) if p]
    path = rng.choice(paths)
    holder, key = parent(record, path), path[-1]
    old = holder[key]
    how = rng.randrange(9)
    if how == 0:
        del holder[key]
    elif how in (1, 2):
        holder[key] = rng.choice(ODD_STRINGS)
    elif how == 3:
        holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    elif how == 4 and isinstance(old, str):
        at = rng.randrange(len(old) + 1)
        holder[key] = old[:at] + rng.choice(ODD_STRINGS)[:1] + old[at:]
    elif how == 5 and isinstance(old, str) and old:
        at = rng.randrange(len(old))
        holder[key] = old[:at] + old[at + 1:]
    elif how == 6:
        target = rng.choice([record] + [parent(record, p) for p in paths])
        if isinstance(target, dict):
            target[rng.choice(["id_number", "native", "latin", "former", "from", "x", "Schema"])] = \
                copy.deepcopy(rng.choice(ODD_VALUES + ODD_STRINGS))
        elif target:
            target.append(copy.deepcopy(target[0]))
    elif how == 7 and isinstance(old, list) and old:
        holder[key] = old * rng.choice([2, 9, 65, 201])
    else:
        part = rng.choice(sorted(parts))
        record[part] = copy.deepcopy(parts[part])


def records(count, rng):
    with open("tests/data/edge.jsonl", encoding="utf-8") as lines:
        seeds = [json.loads(line) for line in lines]
    for seed in seeds:
        yield seed
    for _ in range(count):
        record = copy.deepcopy(rng.choice(seeds))
        for part in sorted(PARTS):
            if rng.random() < 0.25:
                record[part] = copy.deepcopy(PARTS[part])
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            mutate(record, rng)
        yield record


def ecma(node):
    """JSON Schema patterns are ECMA 262, where $ is the very end; Python's $ also stands before a last line feed."""
    if isinstance(node, dict):
        return {k: re.sub(r"\$$", r"\\Z", v) if k == "pattern" and isinstance(v, str) else ecma(v)
                for k, v in node.items()}
    return [ecma(v) for v in node] if isinstance(node, list) else node


def stricter_codes():
    with open("docs/REFUSALS.md", encoding="utf-8") as text:
        return set(re.findall(r"^\| `([A-Z0-9-]+)` \| ● \|", text.read(), re.M))


def agree(schema_file, command, batch, rng):
    """Exit 0 when schema and program agree on every record of the batch, and each verdict came often enough."""
    with open(schema_file, encoding="utf-8") as text:
        schema = jsonschema.Draft202012Validator(ecma(json.load(text)))
    lines = [json.dumps(r, ensure_ascii=rng.random() < 0.5) for r in batch]
    run = subprocess.run(command, input="\n".join(lines) + "\n",
                         capture_output=True, text=True, encoding="utf-8", check=True)
    verdicts = [line.split("\t") for line in run.stdout.split("\n")[:-1]]
    if len(verdicts) != len(lines):
        sys.exit(f"oracle: {len(lines)} records, {len(verdicts)} verdicts")
    strict, bad, seen = stricter_codes(), 0, {}
    for record, line, verdict in zip(batch, lines, verdicts):
        passes, codes = schema.is_valid(record), verdict[0].split(",")
        kind = ("schema passes" if passes else "schema refuses", "we accept" if codes == ["ok"] else "we refuse")
        seen[kind] = seen.get(kind, 0) + 1
        wrong = not passes and codes == ["ok"] or passes and codes != ["ok"] and not set(codes) <= strict
        if wrong:
            bad += 1
            if bad <= 10:
                first = next(schema.iter_errors(record), None)
                print(f"# {line[:300]}\n#   schema: {first.message[:150] if first else 'passes'}\n#   hufu: {verdict}")
    for kind, times in sorted(seen.items()):
        print(f"{times:6} {kind[0]}, {kind[1]}")
    print(f"oracle: {len(lines)} records, {bad} disagreements")
    enough = all(seen.get(k, 0) >= len(lines) // 20 for k in (
        ("schema passes", "we accept"), ("schema refuses", "we refuse"), ("schema passes", "we refuse")))
    sys.exit(0 if bad == 0 and enough else 1)


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 18030)
    agree("tests/data/member.schema.json", [program, "tests/data/associations.json", AS_OF],
          list(records(count, rng)), rng)


if __name__ == "__main__":
    main()
