# SPDX-License-Identifier: Apache-2.0
"""positions.py FOLDER: what <case>.pdf shows stands where the design of certificates and letter puts it, to 0.3 mm.

mupdf says where letters stand, poppler what is painted where; art and pages weigh no more than they may.
"""
import glob
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zlib

MM = 25.4 / 72
NEAR = 0.3  # mm
ART_MAX, PAGE_MAX = 25000, 90000  # bytes; without the photo
LETTER_MAX = 112000  # a page of text in Chinese has two hundred letters, 215 bytes each
DPI = 150

failed = False


def check(ok, what, detail=""):
    global failed
    failed |= not ok
    print(("ok " if ok else "not ok ") + what)
    if not ok and detail:
        print("\n".join("# " + line for line in str(detail).splitlines()[:20]))


# text: (where x is measured, x, baseline, points)
HEAD_ZH = {
    "示范注册会计师协会": ("c", 105, 54, 14),
    "Model Institute of Certified Public Accountants": ("c", 105, 60, 8.2),
}
FOOT_ZH = {
    "扫码核验": ("l", 30, 238, 10.5),
    "或访问 verify.example.org 输入核验码": ("l", 30, 243, 7.8),
    "K7QM-4TXR-92HD-0VZ8": ("l", 30, 249.4, 11.5),
    "请核对网页所示姓名、编号与本证书一致": ("l", 30, 254.2, 7.8),
    "会员资格以核验结果所示的现时状态为准": ("r", 180, 268, 7.2),
}
TITLE = {
    "执业会员证书": ("c", 105, 83, 36),
    "Certificate of Practising Membership": ("c", 105, 92.5, 15),
    "兹证明下列人员为本会执业会员，特发此证。": ("c", 105, 110, 12),
}
NON_TITLE = {
    "非执业会员证书": ("c", 105, 83, 36),
    "Certificate of Non-practising Membership": ("c", 105, 92.5, 15),
    "兹证明下列人员为本会非执业会员，特发此证。": ("c", 105, 110, 12),
}


def record(label, value, number, kind, top=136):
    """The four rows under the name, which ends at `top`."""
    return {
        "女": ("l", value, top + 6.2, 12.5),
        "证书编号": ("l", label, top + 9 + 6.1, 10),
        number: ("l", value, top + 9 + 6.2, 12.5),
        "会员类别": ("l", label, top + 18 + 6.1, 10),
        kind: ("l", value, top + 18 + 6.2, 12.5),
        "入会时间": ("l", label, top + 27 + 6.1, 10),
        "2020年2月29日": ("l", value, top + 27 + 6.2, 12.5),
    }


PRACTISING = "执业会员（注册会计师）"
TWO_SIGN = {
    "示范省注册会计师协会": ("c", 159, 231.1, 11.5),
}
CASES = {
    "plain": HEAD_ZH | TITLE | FOOT_ZH | TWO_SIGN | record(30, 57, "990000010001", PRACTISING) | {
        "吕绿": ("l", 57, 132.3, 24),
    },
    "photo": HEAD_ZH | TITLE | FOOT_ZH | TWO_SIGN | record(77, 104, "990000010001", PRACTISING) | {
        "吕绿": ("l", 104, 132.3, 24),
    },
    "photo-long-name": HEAD_ZH | NON_TITLE | FOOT_ZH | TWO_SIGN | {
        "阿卜杜热合曼·麦麦提艾力·": ("l", 104, 130.4, 16),
        "吐尔逊尼牙孜江": ("l", 104, 137.6, 16),
        "N9900005": ("l", 104, 156.2, 12.5),
        "非执业会员 不得": ("l", 104, 165.2, 12.5),
        "得承办法定审计业务": ("l", None, 165.2, 9.5),
    },
    "one-signer": HEAD_ZH | NON_TITLE | FOOT_ZH,
    "plain-en": {
        "Model Institute of Certified Public Accountants": ("c", 105, 53.6, 12),
        "示范注册会计师协会": ("c", 105, 60, 9.5),
        "Certificate of Membership": ("c", 105, 85, 38),
        "执业会员证书": ("c", 105, 93.5, 12),
        "This is to certify that": ("c", 105, 112, 14),
        "LYU LYU": ("c", 105, 128, 32),
        "吕绿": ("c", 105, 137.2, 15),
        "was admitted to the Institute on 29 February 2020 and, on the date of issue,": ("c", 105, 152, 13.5),
        "is registered with Model Province Institute of CPAs as a practising member.": ("c", 105, 159, 13.5),
        "Member number": ("l", 30, 177.4, 9.4),
        "990000010001": ("l", 30, 184.2, 12),
        "Class": ("l", 71, 177.4, 9.4),
        "Admitted": ("l", 108, 177.4, 9.4),
        "Issued": ("l", 146, 177.4, 9.4),
        "23 November 2026": ("l", 146, 184.2, 12),
        "HE Wenshu": ("l", 96, 234.2, 11.5),
        "Secretary General": ("l", 96, 239, 9.5),
        "秘书长": ("l", 96, 243.4, 7.5),
        "Verify this certificate": ("l", 30, 240.6, 11.5),
        "Scan, or enter this code at": ("l", 30, 245.4, 8.5),
        "K7QM-4TXR-92HD-0VZ8": ("l", 30, 251.6, 11.5),
        "Compare the name and number": ("l", 30, 256.4, 8.5),
        "Membership is as shown by the verification result at the time you check it.": ("r", 180, 268, 8),
    },
}
# mm: what the seals take (left, top, right, bottom), and the code without its quiet zone (left, top, side)
SEALS = {
    "plain": (89.5, 197, 180, 242),
    "photo": (89.5, 197, 180, 242),
    "photo-long-name": (89.5, 197, 180, 242),
    "one-signer": (135, 197, 180, 242),
    "plain-en": (135, 198, 180, 243),
}
CODES = {name: (30, 200 if name.endswith("-en") else 197, 33) for name in CASES}
# The border's waves reach this far from the edge, and their hairline stands here.
# The letter in English: the same, and what follows the end of a text that goes on on a second page.
LETTERS = {
    "letter-en": {
        "Registration Department": ("l", 158, 26.3, 8.2),
        "14 Harbour Street": ("l", 28, 60.7, 11.2),
        "Certificate of Good Standing": ("l", 28, 92.3, 21),
        "Dear Sir or Madam": ("l", 28, 102, 11.2),
        "of the Institute and was in good standing.": ("l", 28, 120.6, 11.2),
        "Name in passport": ("l", 28, 129.1, 10.8),
        "990012340028": ("l", 65, 141.3, 10.8),
        "(a)": ("l", 28, 180.7, 11.2),
        "membership was current": ("l", 36, 180.7, 11.2),
        "Date": ("l", 158, 54.2, 8.6),
        "23 November 2026": ("l", 158, 58.5, 10.2),
        "Yours faithfully": ("l", 28, 229, 11.2),
        "HE Wenshu": ("l", 28, 256.6, 11.2),
        "Verify before you rely": ("l", 158, 191.6, 10.6),
        "Page 1 of 1": ("r", 190, 279.6, 8.4),
    },
    "letter-en-two": {
        "Page 1 of 2": ("r", 190, 279.6, 8.4),
        "Qualification:": ("l", 28, 82.1, 11.2),
        "Page 2 of 2": ("r", 190, 279.6, 8.4),
    },
}
LETTER_SEALS = {"letter-en": (70.5, 224.8, 115.5, 269.8)}
REACH = {"plain": 12.25, "photo": 12.25, "plain-en": 12.25, "photo-long-name": 12.41, "one-signer": 12.41}
SIGNATURE = (96, 216, 136, 228)


def letters(pdf):
    """Every letter that mupdf finds: character, left, baseline, right, points."""
    out = subprocess.run(["mutool", "draw", "-F", "stext", pdf], capture_output=True, check=False).stdout
    found = []
    for font in ElementTree.fromstring(out).iter("font"):
        for char in font.iter("char"):
            quad = [float(v) for v in char.get("quad").split()]
            found.append((char.get("c"), float(char.get("x")) * MM, float(char.get("y")) * MM, quad[2] * MM,
                          float(font.get("size"))))
    return found


def places(found, wanted):
    """Where the text stands: left, baseline, right, points, for each time it does."""
    flat = "".join(c for c, *_ in found if not c.isspace())
    inked = [x for x in found if not x[0].isspace()]
    wanted = "".join(wanted.split())
    at = flat.find(wanted)
    while at >= 0:
        run = inked[at:at + len(wanted)]
        yield run[0][1], run[0][2], run[-1][3], run[0][4]
        at = flat.find(wanted, at + 1)


def text(name, pdf, wanted_places):
    found = letters(pdf)
    for wanted, (side, x, y, points) in wanted_places.items():
        seen = list(places(found, wanted))
        stands = [
            p for p in seen
            if (x is None or abs({"l": p[0], "r": p[2], "c": (p[0] + p[2]) / 2}[side] - x) < NEAR)
            and abs(p[1] - y) < NEAR and abs(p[3] - points) < 0.06
        ]
        check(len(stands) > 0, f"{name}: {wanted} stands at {x}, {y} in {points} pt", seen)


class Picture:
    def __init__(self, pdf, folder):
        base = os.path.join(folder, "page")
        subprocess.run(["pdftoppm", "-r", str(DPI), "-singlefile", pdf, base], check=True)
        with open(base + ".ppm", "rb") as f:
            data = f.read()
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        self.width, self.height, self.pixels = int(head[1]), int(head[2]), data[head.end():]

    def at(self, x, y):
        i = (y * self.width + x) * 3
        return self.pixels[i:i + 3]

    def box(self, wanted, area=None):
        """mm that hold all pixels of the area for which wanted(r, g, b)."""
        left, top, right, bottom = area or (0, 0, self.width * 25.4 / DPI, self.height * 25.4 / DPI)
        columns = range(int(left / 25.4 * DPI), min(self.width, int(right / 25.4 * DPI) + 1))
        rows = range(int(top / 25.4 * DPI), min(self.height, int(bottom / 25.4 * DPI) + 1))
        hits = [(x, y) for y in rows for x in columns if wanted(*self.at(x, y))]
        if not hits:
            return None
        xs, ys = [x for x, _ in hits], [y for _, y in hits]
        return tuple(v * 25.4 / DPI for v in (min(xs), min(ys), max(xs) + 1, max(ys) + 1))


def png_rows(data):
    """The rows of a picture of eight bits a channel that is not interlaced, and its channels (PNG §9, filters)."""
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, channels = struct.unpack(">I", body[:4])[0], {0: 1, 2: 3, 6: 4}[body[9]]
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    raw, stride = zlib.decompress(packed), width * channels
    above = bytes(stride)
    for start in range(0, len(raw), stride + 1):
        row = bytearray(raw[start + 1:start + 1 + stride])
        for i in range(stride):
            a, b, c = (row[i - channels], above[i], above[i - channels]) if i >= channels else (0, above[i], 0)
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, near)[raw[start]]) & 255
        above = bytes(row)
        yield above, channels


def tinted(pdf, folder, x, y):
    """How much of 8 mm square about (x, y) is not white on a screen of 110 dpi, for cairo."""
    base = os.path.join(folder, "screen")
    corner = [str(round((v - 4) / 25.4 * 110)) for v in (x, y)]
    subprocess.run(["pdftocairo", "-png", "-singlefile", "-r", "110", "-x", corner[0], "-y", corner[1], "-W", "35", "-H", "35", pdf, base],
                   check=True)
    with open(base + ".png", "rb") as f:
        cells = [min(row[i:i + 3]) for row, step in png_rows(f.read()) for i in range(0, len(row), step)]
    return sum(v < 250 for v in cells) / len(cells)


def even(name, pdf, folder):
    """The rosette is as dense at 45° as above: cairo makes a turned line of less than a pixel thinner, down to nothing."""
    x, y, r = 105, 138 if name.endswith("-en") else 147.5, 44
    seen = [tinted(pdf, folder, x - r * math.sin(math.radians(a)), y - r * math.cos(math.radians(a))) for a in (38, 45, 52)]
    top = tinted(pdf, folder, x, y - r)
    check(min(seen) > 0.6 * top > 0.1, f"{name}: the rosette is even on a screen", (seen, top))


def close(seen, wanted):
    return seen is not None and all(abs(a - b) < NEAR for a, b in zip(seen, wanted))


def paint(name, pdf, folder):
    picture = Picture(pdf, folder)
    lower = (70, 190, 190, 250)  # the seals, and nothing else that is red
    seen = picture.box(lambda r, g, b: r > 150 and g < 120 and b < 120, lower)
    check(close(seen, SEALS[name]), f"{name}: the seals stand where they should", (seen, SEALS[name]))
    x, y, side = CODES[name]
    quiet = side / 50 * 4 - 0.2
    seen = picture.box(lambda r, g, b: r < 128, (x - 2, y - 2, x + side + 2, y + side + 2))
    check(close(seen, (x, y, x + side, y + side)), f"{name}: the code stands at {x}, {y}", seen)
    around = [(x - quiet, y - quiet, x - 0.2, y + side + quiet), (x + side + 0.2, y - quiet, x + side + quiet, y + side + quiet),
              (x - quiet, y - quiet, x + side + quiet, y - 0.2), (x - quiet, y + side + 0.2, x + side + quiet, y + side + quiet)]
    loud = [picture.box(lambda r, g, b: min(r, g, b) < 250, area) for area in around]
    check(loud == [None] * 4, f"{name}: the code's quiet zone is white", loud)
    edge = REACH[name]
    seen = picture.box(lambda r, g, b: min(r, g, b) < 250)
    check(close(seen, (edge, edge, 210 - edge, 297 - edge)), f"{name}: nothing stands outside the border", seen)
    seen = picture.box(lambda r, g, b: max(r, g, b) < 140, (90, 28, 120, 48))
    check(close(seen, (98.36, 31.36, 111.64, 44.64)), f"{name}: the mark stands above the issuer", seen)
    rosette = picture.box(lambda r, g, b: min(r, g, b) < 250, (50, 94.5, 160, 99 if name.endswith("-en") else 101))
    check(rosette is not None, f"{name}: the rosette is there", rosette)
    if name.endswith("-en"):
        seen = picture.box(lambda r, g, b: max(r, g, b) < 140, (90, 210, 134, 229))
        check(seen is not None and seen[0] >= SIGNATURE[0] - NEAR and seen[1] >= SIGNATURE[1] - NEAR
              and seen[3] <= SIGNATURE[3] + NEAR, f"{name}: the signature stands above its line", seen)


def letter_paint(name, pdf, folder, seal):
    picture = Picture(pdf, folder)
    seen = picture.box(lambda r, g, b: r > 150 and g < 120 and b < 120)
    check(close(seen, seal), f"{name}: the seal, and nothing else, is red", (seen, seal))
    seen = picture.box(lambda r, g, b: r < 128, (156, 193, 192, 229))
    check(close(seen, (158, 195, 190, 227)), f"{name}: the code stands in the rail", seen)
    seen = picture.box(lambda r, g, b: min(r, g, b) < 250)
    check(seen[0] > 27 and seen[2] < 191 and seen[1] > 18 and seen[3] < 285, f"{name}: all stands where a printer reaches", seen)


def weight(name, pdf):
    with open(pdf, "rb") as f:
        data = f.read()
    art = [len(m[1]) for m in re.finditer(rb"/Subtype /Form\n.*?stream\r?\n(.*?)\r?\nendstream", data, re.S)]
    check(0 < sum(art) <= ART_MAX, f"{name}: {len(art)} drawings weigh at most {ART_MAX} bytes", art)
    photo = sum(int(m[1]) for m in re.finditer(rb"/Length (\d+)\n[^>]*/Subtype /Image\n[^>]*/BitsPerComponent 8\n", data))
    check((photo > 0) == name.startswith("photo"), f"{name}: a photo is weighed apart", photo)
    most = LETTER_MAX if name.startswith(("letter", "statement")) else PAGE_MAX
    check(len(data) - photo <= most, f"{name}: the page weighs at most {most} bytes", len(data) - photo)


def main(folder):
    with tempfile.TemporaryDirectory() as work:
        for name in CASES:
            pdf = os.path.join(folder, name + ".pdf")
            text(name, pdf, CASES[name])
            paint(name, pdf, work)
            even(name, pdf, work)
        for name, wanted in LETTERS.items():
            text(name, os.path.join(folder, name + ".pdf"), wanted)
        for name, seal in LETTER_SEALS.items():
            letter_paint(name, os.path.join(folder, name + ".pdf"), work, seal)
    for pdf in sorted(glob.glob(os.path.join(folder, "*.pdf"))):
        weight(os.path.basename(pdf)[:-4], pdf)
    sys.exit(failed)


main(sys.argv[1])
