# SPDX-License-Identifier: Apache-2.0
"""text.py OUT SITE [EXPECTED]: pdftotext finds what the token signs, and every string of EXPECTED."""
import json
import subprocess
import sys

sys.dont_write_bytecode = True
import common  # noqa: E402

try:
    import cbor2
except ImportError as missing:
    print(f"not ok - not installed: {missing.name}")
    sys.exit(1)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def page_text(path):
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", "-q", path, "-"], capture_output=True, check=False)
    return run.stdout.decode("utf-8") if run.returncode == 0 else ""


def squeezed(text):
    """Without white space: a line break or a letter space inside a name is layout."""
    return "".join(text.split())


def docid_text(docid):
    bits = int.from_bytes(docid, "big") >> (len(docid) * 8 % 5)
    count = len(docid) * 8 // 5
    letters = "".join(CROCKFORD[bits >> 5 * i & 31] for i in range(count - 1, -1, -1))
    return "-".join(letters[i : i + 4] for i in range(0, count, 4))


def signed_strings(digits):
    fields = cbor2.loads(cbor2.loads(common.token_bytes(digits))[2])
    strings = [docid_text(fields[3]), str(fields[4]), fields[5], fields[6]]
    if fields[1] in (3, 4):
        strings.append(fields[10][1])
    return [s for s in strings if s is not None]


def expected_strings(path):
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f if line.strip()]
    return {row["file"]: row["strings"] for row in rows}


def main(out, _site, expected=None):
    common.need("pdftotext")
    wanted = expected_strings(expected) if expected else {}
    for path in common.documents(out, 0 if expected else 20):
        digits = common.token_of(path)
        if digits is None:
            common.say(False, f"{path} has no token or several")
            continue
        text = squeezed(page_text(path))
        strings = signed_strings(digits) + wanted.pop(path.rsplit("/", 1)[-1], [])
        missing = [s for s in strings if squeezed(s) not in text]
        common.say(not missing, f"{path}: " + (f"not on the page: {missing}" if missing else "the page says it all"))
    for name in wanted:
        common.say(False, f"{name} is expected and not there")
    common.finish()


if len(sys.argv) not in (3, 4):
    sys.exit("text.py OUT SITE [EXPECTED]")
main(*sys.argv[1:])
