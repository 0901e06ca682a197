# SPDX-License-Identifier: Apache-2.0
"""laser.py FOLDER...: what a 1-bit laser of 300 dpi leaves of the page's text, grey made of dots, can still be read.

Of two documents of each layout every word must keep its strokes: what the paper shows, softened as an eye sees it, is
what the page shows.  tesseract must read every line of black text that it reads on the page itself.  A page of grey text must fail, or the judge is no judge.
"""
import difflib
import html
import os
import re
import subprocess
import sys
import tempfile

import cv2
import numpy as np

sys.dont_write_bytecode = True
import codes  # noqa: E402
import common  # noqa: E402

DPI = 300
KEPT = 0.80  # correlation of a word with itself as printed
LATIN, CHINESE = 0.85, 0.60  # likeness of what tesseract reads: it takes 年 and 月 over a seal for letters
BLACK = 40  # the darkest pixel of black text; titles are in an ink, and become dots
HAN = re.compile(r"[\u2e80-\u9fff\U00020000-\U0003ffff]")


def boxes(path, what, page):
    """(box in pixels, text) of every line or word, most specific last."""
    done = subprocess.run(["pdftotext", "-f", str(page), "-l", str(page), "-bbox-layout", path, "-"], capture_output=True,
                          check=True)
    out = []
    for found in re.finditer(rf'<{what} xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</{what}>',
                             done.stdout.decode("utf-8", "replace"), re.DOTALL):
        words = re.findall(r"<word[^>]*>(.*?)</word>", found[5]) if what == "line" else [found[5]]
        out.append(([float(v) / 72 * DPI for v in found.groups()[:4]], html.unescape(" ".join(words))))
    return out


def crop(page, box, pad):
    left, top, right, bottom = box
    return page[max(0, int(top)):int(bottom), max(0, int(left) - pad):int(right) + pad]


def soft(page):
    return cv2.GaussianBlur(page.astype(np.float32), (0, 0), 1.2)


def kept(page, paper, box):
    """How like the word as printed is to the word as drawn, 1 for the same."""
    a, b = soft(crop(page, box, 2)), soft(crop(paper, box, 2))
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale else 0.0


def black(page, box):
    return crop(page, box, 0).min(initial=255) < BLACK


def plain(row):
    return row


def despeckled(row):
    """As an eye sees it from a hand's breadth off, or a scanner cleans it: single dots of a tint pale, strokes stay."""
    return np.clip((soft(row) - 60) * (255 / 130), 0, 255).astype(np.uint8)


def read(rows, language, folder, look):
    """What tesseract reads in each row, all of them under one another on one sheet."""
    rows = [cv2.GaussianBlur(cv2.resize(look(r), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), (0, 0), 1.6) for r in rows]
    sheet = os.path.join(folder, "sheet.png")
    cv2.imwrite(sheet, np.vstack(rows))
    done = subprocess.run(["tesseract", sheet, "-", "-l", language, "--psm", "6", "--dpi", str(2 * DPI), "tsv"],
                          capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    ends, out = np.cumsum([r.shape[0] for r in rows]), [""] * len(rows)
    for row in done.stdout.decode().splitlines()[1:]:
        level, *_rest = fields = row.split("\t")
        if level == "5":
            middle = int(fields[7]) + int(fields[9]) // 2
            out[int(np.searchsorted(ends, middle, side="right"))] += fields[11]
    return out


def rows_of(page, lines):
    width = max(int(box[2] - box[0]) for box, _ in lines) + 100
    out = []
    for box, _text in lines:
        cut = crop(page, box, 8)
        row = np.full((cut.shape[0] + 60, width), 255, np.uint8)
        row[30:30 + cut.shape[0], 40:40 + cut.shape[1]] = cut
        out.append(row)
    return out


def likeness(wanted, found):
    """Without spaces and case; O, Q and 0 are one, as they are for whoever types the code."""
    flat = lambda text: "".join(text.split()).upper().replace("Q", "0").replace("O", "0")
    return difflib.SequenceMatcher(None, flat(wanted), flat(found), autojunk=False).ratio()


def best(lines, rows, language, folder):
    """How like each line is to what tesseract reads: it looks twice, and fewer lines are lost to its own mood."""
    looks = [read(rows, language, folder, look) for look in (plain, despeckled)]
    return [max(likeness(line[1], look[i]) for look in looks) for i, line in enumerate(lines)]


def ocr(page, paper, lines, folder):
    """The lines tesseract loses on paper though it reads them on the page, or reads too badly."""
    lost = []
    for language, chinese, floor in (("eng", False, LATIN), ("chi_sim", True, CHINESE)):
        some = [x for x in lines if bool(HAN.search(x[1])) == chinese and len("".join(x[1].split())) >= 6 and black(page, x[0])]
        if not some:
            continue
        from_page, from_paper = (best(some, rows_of(sheet, some), language, folder) for sheet in (page, paper))
        lost += [f"{x[1]} ({a:.2f} → {b:.2f})" for x, a, b in zip(some, from_page, from_paper) if a >= 0.95 and b < floor]
    return lost


def judge(path, page, folder, number=1):
    """(words that lost their strokes, lines tesseract lost)"""
    paper = codes.printed(page)
    words = [(text, kept(page, paper, box)) for box, text in boxes(path, "word", number)]
    lines = boxes(path, "line", number)
    assert len(words) > 10 and len(lines) > 10, path
    return [f"{text} ({k:.2f})" for text, k in words if k < KEPT], ocr(page, paper, lines, folder)


def main(folders):
    common.need("pdftoppm", "pdftotext", "tesseract")
    with tempfile.TemporaryDirectory() as work:
        first = None
        for kind, documents in sorted(codes.chosen(folders).items()):
            for path, number in ((d[1], n) for d in documents[::2] for n in range(1, kind[3] + 1)):
                worn, lost = judge(path, codes.rasterised(path, DPI, number), work, number)
                what = f"{codes.named(kind)} ({path}, page {number})"
                common.say(not worn, f"{what}: every word keeps its strokes" + (f", but for {worn}" if worn else ""))
                common.say(not lost, f"{what}: tesseract reads the print" + (f", but for {lost}" if lost else ""))
                first = first or path
        if first:
            # BLACK is measured on the page itself: grey text would not be looked at, so only the words count here.
            grey = (160 + codes.rasterised(first, DPI).astype(np.uint16) * 95 // 255).astype(np.uint8)
            worn, _lost = judge(first, grey, work)
            common.say(len(worn) > 10, f"a page of grey text fails: {len(worn)} words worn")
    common.finish()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("laser.py FOLDER...")
    main(sys.argv[1:])
