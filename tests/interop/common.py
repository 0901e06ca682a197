# SPDX-License-Identifier: Apache-2.0
"""What the Python judges share: documents, tokens, the key list.  Written from the published formats."""
import json
import os
import re
import shutil
import sys

TOKEN = re.compile(rb"<hufu:token>\s*([0-9]{1,964})\s*</hufu:token>|hufu:token\s*=\s*[\"']([0-9]{1,964})[\"']")
failures = 0
looked_at = 0


def say(ok, what):
    global failures, looked_at
    looked_at += 1
    failures += not ok
    print(("ok - " if ok else "not ok - ") + what)
    return ok


def finish():
    if looked_at == 0:
        print("not ok - there was nothing to look at")
    print(f"# {looked_at - failures} ok, {failures} not ok")
    sys.exit(1 if failures or not looked_at else 0)


def need(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    if missing:
        print("not ok - not installed: " + " ".join(missing))
        sys.exit(1)


def documents(folder, default_sample=0):
    names = sorted(n for n in os.listdir(folder) if n.endswith(".pdf"))
    sample = int(os.environ.get("SAMPLE", default_sample))
    if 0 < sample < len(names):
        names = [names[i * len(names) // sample] for i in range(sample)]
    return [os.path.join(folder, n) for n in names]


def token_of(path):
    """The one token of a PDF as digits, or None."""
    with open(path, "rb") as f:
        found = {a or b for a, b in TOKEN.findall(f.read())}
    return found.pop().decode() if len(found) == 1 else None


def token_bytes(digits):
    n = int(digits)
    return n.to_bytes((n.bit_length() + 7) // 8, "big")


def key_list(site):
    """Body of the signed note: one line of JSON before the blank line."""
    with open(os.path.join(site, "keys.note"), encoding="utf-8") as f:
        return json.loads(f.read().split("\n\n", 1)[0])


def policy(site):
    with open(os.path.join(site, "policy.json"), encoding="utf-8") as f:
        return json.load(f)
