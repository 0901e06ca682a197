# SPDX-License-Identifier: Apache-2.0
"""level3.py FOLDER: the pages level3_main.c drew hold the 87,887 hanzi of GB 18030-2022, in order, each with ink.

pdftotext reads them, pdftoppm draws them.  The set is put together here again, and is what Python's gb18030 can write.
"""
import glob
import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

HANZI = 87887
RANGES = ((0x3400, 6582), (0x4E00, 20976), (0x20000, 42711), (0x2A700, 4149), (0x2B740, 222), (0x2B820, 5762), (0x2CEB0, 7473))
UNIFIED = "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"  # of the compatibility block, and yet no doubles
PER_ROW, PER_PAGE, DPI = 10, 200, 72
LEFT, TOP, STEP_X, STEP_Y, EM = 15, 25, 18, 13, 20 * 25.4 / 72  # mm: baselines of level3_main.c


def hanzi():
    found = [chr(first + i) for first, count in RANGES for i in range(count)] + list(UNIFIED)
    assert len(set(found)) == HANZI, len(set(found))
    for c in found:
        assert unicodedata.category(c) == "Lo" and c == c.encode("gb18030").decode("gb18030"), hex(ord(c))
        assert unicodedata.normalize("NFC", c) == c, hex(ord(c))
    return sorted(found)


def text_of(path):
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    return ["".join(page.split()) for page in done.stdout.decode("utf-8").split("\f")[:-1]], done.stderr


def pages_of(path):
    done = subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", path], capture_output=True, check=True)
    data, at, out = done.stdout, 0, []
    while at < len(data):
        head = re.compile(rb"P5\s+(\d+)\s+(\d+)\s+255\s").match(data, at)
        width, height = int(head[1]), int(head[2])
        out.append((width, data[head.end():head.end() + width * height]))
        at = head.end() + width * height
    return out, done.stderr


def dark(page, i):
    """Dark pixels of the em square of character i, and of the gap to its right."""
    width, pixels = page
    scale = DPI / 25.4
    x, y = LEFT + STEP_X * (i % PER_ROW), TOP + STEP_Y * (i // PER_ROW)
    counts = []
    for left, right in ((x, x + EM), (x + EM + 3, x + STEP_X - 3)):
        rows = range(int((y - 0.88 * EM) * scale), int((y + 0.12 * EM) * scale))
        a, b = int(left * scale), int(right * scale) + 1
        counts.append(sum(1 for r in rows for v in pixels[r * width + a:r * width + b] if v < 160))
    return counts


def look(job):
    path, wanted = job
    texts, said = text_of(path)
    pictures, said_too = pages_of(path)
    wrong = [f"{path}: {x}" for x in (said + said_too).decode("utf-8", "replace").splitlines()]
    for number in range(0, len(wanted), PER_PAGE):
        want, page = wanted[number:number + PER_PAGE], number // PER_PAGE
        if page >= len(texts) or page >= len(pictures):
            wrong.append(f"{path}: page {page + 1} is not there")
            continue
        if texts[page] != want:
            wrong.append(f"{path}: page {page + 1} reads otherwise: {set(want) ^ set(texts[page])}")
        for i, c in enumerate(want):
            ink, gap = dark(pictures[page], i)
            if ink < 3 or gap:
                wrong.append(f"{path}: U+{ord(c):04X} {c}: {ink} dark pixels, {gap} beside it")
    return wrong


def main(folder):
    wanted = "".join(hanzi())
    paths = sorted(glob.glob(os.path.join(folder, "*.pdf")))
    size = 10 * PER_PAGE
    jobs = [(path, wanted[i * size:(i + 1) * size]) for i, path in enumerate(paths)]
    drawn = sum(len(want) for _path, want in jobs)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [x for found in pool.map(look, jobs) for x in found]
    print("\n".join("# " + x for x in wrong[:40]))
    print(f"{'ok' if drawn == HANZI else 'not ok'} - {drawn} hanzi are drawn")
    print(f"{'not ok' if wrong else 'ok'} - poppler reads and draws every one ({len(wrong)} wrong)")
    sys.exit(bool(wrong) or drawn != HANZI)


main(sys.argv[1])
