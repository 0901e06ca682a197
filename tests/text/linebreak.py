# SPDX-License-Identifier: Apache-2.0
"""linebreak.py BREAK [FILE]: the places BREAK (tests/text/break) finds are those of Unicode's LineBreakTest.txt, without
the ones that the rules of the mainland forbid, and those where ICU holds more together: a hyphen that begins a word, and a figure
behind a point or comma (".5").  FILE: as unicode-data has it.
"""
import subprocess
import sys

FILE = "/usr/share/unicode/auxiliary/LineBreakTest.txt"
NEVER_FIRST = set("!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠")
NEVER_LAST = set("$([{£¥‘“〈《「『【〔〖〝（［｛￡￥")


def cases(path):
    with open(path, encoding="utf-8") as f:
        for row in f:
            row = row.split("#")[0].split()
            if row:
                yield row


def ours_too(text, i):
    """A break before character i that the mainland's rules take away."""
    last = text[:i].rstrip(" \u3000")
    return text[i] in NEVER_FIRST or (last and last[-1] in NEVER_LAST)


def held_by_icu(text, i):
    before = text[:i].rstrip("\u0308\u200d")
    if before[-1:] == "-":
        return len(before) == 1 or before[-2] in " \u200b"
    return before[-1:] in set(".,;:") and text[i].isdigit()


def main(program, path=FILE):
    rows = [r for r in cases(path)]
    if len(rows) < 5000:
        sys.exit(f"{path}: only {len(rows)} cases; install unicode-data")
    lines = "".join(" ".join(r[1::2]) + "\n" for r in rows)
    wrong, fewer, held = [], 0, 0
    for language in ("en", "zh"):
        done = subprocess.run([program, language], input=lines, capture_output=True, text=True, check=True)
        for row, seen in zip(rows, done.stdout.splitlines()):
            text = "".join(chr(int(c, 16)) for c in row[1::2])
            wanted = {i for i, mark in enumerate(row[::2]) if mark == "÷" and i > 0}
            kept = {i for i in wanted if i == len(text) or not ours_too(text, i) or text[i - 1] in "\n\r\v\f\x85\u2028\u2029"}
            fewer += len(wanted - kept)
            found = {int(i) for i in seen.split()}
            held += len(kept - found)
            if found - kept or any(not held_by_icu(text, i) for i in kept - found):
                wrong.append(f"{language}: {' '.join(row)}: {seen}, not {sorted(kept)}")
    print(f"{'not ok' if wrong else 'ok'} {2 * len(rows)} texts break as Unicode says, but for {fewer} places of the mainland's rules"
          f" and {held} of ICU's")
    print("\n".join("# " + w for w in wrong[:20]))
    sys.exit(bool(wrong))


main(*sys.argv[1:])
