# SPDX-License-Identifier: Apache-2.0
"""viewers.py FOLDER...: qpdf finds every PDF sound; poppler and mupdf read and draw it with nothing to say."""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
import common  # noqa: E402

VIEWERS = (
    ("qpdf", "--check"),
    ("pdfinfo", "-struct-text"),
    ("pdftotext", "-enc", "UTF-8"),
    ("pdftoppm", "-r", "30"),
    ("mutool", "draw", "-q", "-r", "30", "-o", os.devnull, "-F", "pgm"),
)
# Debian builds mupdf without a colour engine, and it says so of every output intent.
HARMLESS = "ICC support is not available"


def look(path):
    wrong = []
    for viewer in VIEWERS:
        done = subprocess.run([*viewer, path] + (["-"] if viewer[0] == "pdftotext" else []), capture_output=True, check=False)
        said = [x for x in done.stderr.decode("utf-8", "replace").splitlines() if x and HARMLESS not in x]
        if done.returncode or said or (viewer[0] == "qpdf" and b"No syntax or stream encoding errors" not in done.stdout):
            wrong.append(f"{viewer[0]} ({done.returncode}): {'; '.join(said)[:200]}")
    return path, wrong


def main(folders):
    common.need(*(v[0] for v in VIEWERS))
    paths = [path for folder in folders for path in common.documents(folder)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, wrong in pool.map(look, paths):
            common.say(not wrong, f"{path}: " + ("qpdf, poppler and mupdf have nothing to say" if not wrong else " | ".join(wrong)))
    common.finish()


if len(sys.argv) < 2:
    sys.exit("viewers.py FOLDER...")
main(sys.argv[1:])
