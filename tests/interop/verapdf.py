# SPDX-License-Identifier: Apache-2.0
"""verapdf.py JARS FOLDER...: PDF/A-3a and PDF/UA-1 of every PDF, by veraPDF; then proof that the judge can say no."""
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
import common  # noqa: E402

FLAVOURS = ("3a", "ua1")
CHUNK = 200  # files a process: its memory grows with them

# One token of a good file each, replaced by another of the same length, so that no offset moves.  What conformance
# hangs on stands in clear: dictionaries, the structure tree, XMP.
SPOILS = (
    ("a figure without words", rb"(/S /Figure\b[^>]*?)/Alt ", rb"\1/Alx "),
    ("no output intent", rb"/OutputIntents", b"/OutputIntentz"),
    ("an attachment without its relation", rb"/AFRelationship", b"/AFRelationshiq"),
    ("a font without Unicode", rb"/ToUnicode", b"/ToUnicodf"),
    ("one width other than the program's", rb"(?<=/W \[0 \[\d{3} )\d{3}", b"999"),
    ("no language", rb"/Lang(?= <FEFF)", b"/Lanf"),
    ("not marked", rb"/Marked", b"/Markee"),
    ("the title not displayed", rb"/DisplayDocTitle", b"/DisplayDocTitlf"),
    ("no identifier of the file", rb"/ID(?= ?\[)", b"/IE"),
    ("a font that is not embedded", rb"/FontFile2", b"/FontFile9"),
    ("XMP of another level", rb"(?<=<pdfaid:conformance>)A", b"Q"),
    ("XMP that does not claim PDF/UA", rb"(?<=<pdfuaid:part>)1", b"7"),
)


def verdicts(jars, flavour, paths):
    """path → PASS or FAIL, and whatever was said beside."""
    found, said = {}, ""
    for at in range(0, len(paths), CHUNK):
        done = subprocess.run(
            [os.environ.get("JAVA", "java"), "-cp", jars + "/*", "org.verapdf.apps.GreenfieldCliWrapper", "-f", flavour,
             "--format", "text", *paths[at:at + CHUNK]], capture_output=True, check=False, text=True)
        said += done.stdout + done.stderr
        for word, path in re.findall(rf"^(PASS|FAIL) (.*) {flavour}$", done.stdout, re.MULTILINE):
            found[os.path.realpath(path)] = word
    return found, said


def both(jars, paths):
    """verdicts of each flavour, looked for at once."""
    with ThreadPoolExecutor(len(FLAVOURS)) as pool:
        return list(pool.map(lambda flavour: verdicts(jars, flavour, paths), FLAVOURS))


def judge(jars, paths):
    for flavour, (found, said) in zip(FLAVOURS, both(jars, paths)):
        for path in paths:
            word = found.get(os.path.realpath(path))
            common.say(word == "PASS", f"{path}: veraPDF {flavour}: {word or 'no verdict'}")
        if not all(word == "PASS" for word in found.values()) or len(found) < len(paths):
            print("\n".join("# " + line for line in said.splitlines() if "ROS" not in line)[-4000:])


def bites(jars, good, work):
    """Every spoiled copy of a good file fails in one of the flavours, and the copy with nothing spoiled in none."""
    with open(good, "rb") as f:
        data = f.read()
    made = {}
    for number, (what, token, other) in enumerate((("nothing", rb"%PDF", b"%PDF"),) + SPOILS):
        path = os.path.join(work, f"{number:02d}.pdf")
        spoiled, count = re.subn(token, other, data, count=1)
        if count != 1 or len(spoiled) != len(data):
            common.say(False, f"{good} has no place to spoil: {what}")
            continue
        with open(path, "wb") as f:
            f.write(spoiled)
        made[path] = what
    found = [verdict for verdict, _said in both(jars, sorted(made))]
    for path, what in made.items():
        words = [f.get(os.path.realpath(path)) for f in found]
        want = ["PASS", "PASS"] if what == "nothing" else None
        common.say(words == want if want else "FAIL" in words, f"veraPDF says {words} to a copy with: {what}")


def main(jars, folders):
    paths = [path for folder in folders for path in common.documents(folder)]
    if paths:
        judge(jars, paths)
        with tempfile.TemporaryDirectory() as work:
            bites(jars, paths[0], work)
    common.finish()


if len(sys.argv) < 3:
    sys.exit("verapdf.py JARS FOLDER...")
main(sys.argv[1], sys.argv[2:])
