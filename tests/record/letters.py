#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drawn members and applications, decided by Hufu and by the rules of docs/LETTERS.md written out again here.

    tests/record/letters.py LETTERS [COUNT [SEED]]

Run from the project's root.  LETTERS is the program of tests/record/letters_main.c.  Days, months and windows are counted by
Python's datetime; the facts are judged by python3-jsonschema with the templates' facts.schema.json.
"""
import calendar
import datetime
import json
import random
import subprocess
import sys

import jsonschema

ZONE = datetime.timezone(datetime.timedelta(hours=8))
DAY = datetime.timedelta(days=1)
ENDLESS = {"suspension", "revocation", "expulsion", "other"}
SANCTIONS = ["warning", "reprimand", "criticism", "fine", "suspension", "revocation", "expulsion", "other"]
STATUSES = ["suspended", "lapsed", "resigned", "cancelled", "annulled", "revoked", "expelled", "transferred", "deceased"]
STATEMENT = {"active": 4, "suspended": 4, "revoked": 6, "expelled": 6}


def months_later(day, months):
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(day, term):
    number, unit = term.split("_")
    return day + int(number) * DAY if unit == "days" else months_later(day, int(number) * (12 if "year" in unit else 1))


def date(text):
    return datetime.date.fromisoformat(text) if text else None


def draw_day(rng, today, years):
    edges = [months_later(today, -12 * n) for n in (5, 7)] + [today]
    if rng.random() < 0.4:
        return rng.choice(edges) + rng.choice([-1, 0, 1]) * DAY
    return today - rng.randrange(years * 365) * DAY + rng.randrange(300) * DAY


def draw_finding(rng, today):
    finding = {"date": draw_day(rng, today, 12), "sanction": rng.choice(SANCTIONS[:4] if rng.random() < 0.6 else SANCTIONS),
               "disclosable": rng.random() < 0.75}
    if rng.random() < 0.4:
        finding["ends"] = str(max(finding["date"], draw_day(rng, today, 8)))
    finding["date"] = str(finding["date"])
    return finding


def draw_member(rng, at):
    today = at.date()
    member = {"schema": "hufu.member/1", "member_id": "m-1", "rev": 1, "updated_at": "2026-11-20T10:00:00+08:00",
              "member_no": "990000010001", "class": rng.choice(["practising", "non_practising"]), "status": "active",
              "name": {"native": "吕绿", "latin": {"full": "LYU LYU", "source": "passport"}},
              "association": {"code": "SX99"}, "admission": {"date": "2010-02-28"},
              "practice": {"since": "2012-06-30", "firm_en": "Sample CPAs", "audit_rights": rng.random() < 0.7}}
    if rng.random() < 0.25:
        member["status"], member["status_since"] = rng.choice(STATUSES), "2025-03-31"
        if rng.random() < 0.5:
            member["status_reason"] = rng.choice(["fraud", "conviction", "stopped_practising"])
    if rng.random() < 0.9:
        member["dues_paid_through"] = str(today + rng.choice([-1, 0, 1, 40, 40, 40]) * DAY)
    if rng.random() < 0.7:
        member["annual_check"] = {"year": today.year - rng.choice([0, 0, 0, 1, 2]), "result": rng.choice(
            ["passed", "passed", "passed", "deferred", "failed", "pending", "not_required"])}
    if rng.random() < 0.9:
        member["discipline"] = {
            "checked_at": (at - datetime.timedelta(seconds=rng.choice([0, 60, 3600, 86400, 86401]))).isoformat(),
            "pending": rng.choice(["none", "none", "open", "not_disclosed"]),
            "findings": [draw_finding(rng, today) for _ in range(rng.choice([0, 0, 0, 1, 1, 2]))]}
    if rng.random() < 0.15:
        member["restrictions"] = [{"text_en": "No audits", "from": "2010-03-01", "until": str(draw_day(rng, today, 3))}]
        if rng.random() < 0.3:
            del member["restrictions"][0]["until"]
    return member


def draw_request(rng, profile):
    scope = ["standing", "discipline", "pending", "firm"]
    if rng.random() < 0.1:
        scope.remove(rng.choice(scope))
    request = {"schema": "hufu.request/1", "request_id": "r-1", "member_id": "m-1", "profile": profile["id"],
               "doc": rng.choice(["good_standing", "good_standing", "status_statement"]),
               "recipient": {"name": "Northland Board of Accountancy", "address_lines": ["14 Harbour Street"]},
               "language": rng.choice(profile["languages"]), "delivery": "both", "purpose": "admission",
               "consent": {"given_at": "2026-01-01T00:00:00Z", "scope": scope}}
    if rng.random() < 0.3:
        request["include"] = ["firm"]
    if rng.random() < 0.3:
        request["valid_for"] = rng.choice(["30_days", "60_days", "90_days", "3_months", "1_year"])
    return request


def live(finding, today):
    if date(finding["date"]) > today:
        return True
    ends = date(finding.get("ends"))
    return ends >= today if ends else finding["sanction"] in ENDLESS


def reached(finding, today, years):
    return years == 255 or max(date(finding["date"]), date(finding.get("ends")) or datetime.date.min) >= \
        months_later(today, -12 * years)


def letter_fails(member, profile, today):
    """Which conditions of a letter, beyond those of every document, do not hold."""
    discipline, fails = member.get("discipline"), set()
    if member["status"] != "active":
        fails.add("status")
    if not discipline or any(live(f, today) for f in discipline["findings"]):
        fails.add("sanction")
    if any("until" not in r or date(r["until"]) >= today for r in member.get("restrictions", [])):
        fails.add("restriction")
    if profile["look_back"] and (not discipline or any(
            reached(f, today, profile["look_back"]) and not (profile["look_back"] == 255 and f["disclosable"])
            for f in discipline["findings"])):
        fails.add("look_back")
    if profile["pending"] == "covered" and (not discipline or discipline["pending"] != "none"):
        fails.add("pending")
    check = member.get("annual_check")
    if check:
        done = check["result"] in ("passed", "not_required")
        if check["result"] == "failed" or check["year"] < today.year - 1 or check["year"] == today.year - 1 and not done:
            fails.add("annual_check")
    if not member.get("dues_paid_through") or date(member["dues_paid_through"]) < today:
        fails.add("dues")
    return fails


def expected(member, request, profile, at):
    """(outcome, wording, failed conditions)"""
    today, discipline = at.date(), member.get("discipline")
    letter, fails = request["doc"] == "good_standing", set()
    if letter:
        fails = letter_fails(member, profile, today)
    elif member["status"] == "deceased" and not profile.get("authority"):
        fails.add("status")
    if not discipline or at - datetime.datetime.fromisoformat(discipline["checked_at"]) > DAY:
        fails.add("discipline")
    shown = [f for f in (discipline or {"findings": []})["findings"] if f["disclosable"]]
    listed = shown and (not letter or profile["look_back"] == 255)
    needs = {"standing"} | set(request.get("include", [])) | ({"discipline"} if listed else set()) | \
        ({"pending"} if profile["pending"] == "covered" else set())
    if not needs <= set(request["consent"]["scope"]):
        fails.add("consent")
    if letter and not fails:
        return "letter", 3 if listed else 1 if member["class"] == "practising" else 2, fails
    wording = STATEMENT.get(member["status"], 5)
    if member["status"] == "annulled" and member.get("status_reason") == "fraud":
        wording = 6
    if member["status"] == "deceased" and not profile.get("authority"):
        wording = 0
    return "refused" if fails else "statement", wording, fails


def facts_wrong(decided, case, profile, at, schemas):
    facts = dict(decided["facts"], issued=str(at.date()), policy_fingerprint="-".join(["0000"] * 8))
    error = next(schemas[decided["outcome"]].iter_errors(facts), None)
    if error:
        return error.message
    terms = [profile["valid_for"]] + ([case["request"]["valid_for"]] if "valid_for" in case["request"] else [])
    if facts["expires"] != str(min(last_day(at.date(), term) for term in terms)):
        return f"expires {facts['expires']}"
    if facts["as_at"] != at.strftime("%Y-%m-%dT%H:%M+08:00"):
        return f"as_at {facts['as_at']}"
    rows = [row.split("\t") for row in facts.get("findings", "").split("\n") if row]
    listed = [[f["date"], f["sanction"], f.get("ends", ""), ""] for f in case["member"]["discipline"]["findings"]
              if f["disclosable"]] if decided["wording"] >= 3 else []
    return f"findings {rows}" if rows != listed else None


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20261123)
    with open("templates/demo/profiles.json", encoding="utf-8") as text:
        profiles = {p["id"]: p for p in json.load(text)["profiles"]}
    schemas = {}
    for outcome, template in (("letter", "good-standing-letter"), ("statement", "status-statement")):
        with open(f"templates/{template}/facts.schema.json", encoding="utf-8") as text:
            schemas[outcome] = jsonschema.Draft202012Validator(json.load(text))
    cases = []
    for _ in range(count):
        at = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZONE) + rng.randrange(-1500, 1500) * DAY + \
            datetime.timedelta(minutes=rng.randrange(-539, 900))
        cases.append((at, {"as_at": at.isoformat(), "member": draw_member(rng, at),
                           "request": draw_request(rng, rng.choice(list(profiles.values())))}))
        cases[-1][1]["request"]["consent"]["given_at"] = (at - DAY).isoformat()
    run = subprocess.run([sys.argv[1], "templates/demo/profiles.json"], capture_output=True, encoding="utf-8",
                         input="".join(json.dumps(c) + "\n" for _, c in cases))
    if run.returncode:
        sys.exit(run.stderr)
    bad, seen = 0, {}
    for (at, case), line in zip(cases, run.stdout.splitlines(), strict=True):
        decided, profile = json.loads(line), profiles[case["request"]["profile"]]
        outcome, wording, fails = expected(case["member"], case["request"], profile, at)
        wrong = None
        if (decided["outcome"], decided["wording"]) != (outcome, wording):
            wrong = f"expected {outcome} W{wording}"
        elif {word for word, code in decided["codes"].items() if code} != fails:
            wrong = f"expected {sorted(fails)} to fail"
        elif outcome != "refused":
            wrong = facts_wrong(decided, case, profile, at, schemas)
        seen[outcome, wording] = seen.get((outcome, wording), 0) + 1
        bad += wrong is not None
        if wrong and bad <= 5:
            print(f"# {wrong}\n#   {json.dumps(case, ensure_ascii=False)}\n#   {line}")
    print(", ".join(f"{n} {o} W{w}" for (o, w), n in sorted(seen.items())))
    print(f"letters: {count} cases, {bad} disagreements")
    wanted = [("letter", 1), ("letter", 2), ("letter", 3), ("statement", 4), ("statement", 5), ("statement", 6), ("refused", 4)]
    sys.exit(0 if bad == 0 and all(seen.get(w, 0) >= 10 for w in wanted) else 1)


main()
