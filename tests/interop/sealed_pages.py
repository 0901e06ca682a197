# SPDX-License-Identifier: Apache-2.0
"""sealed_pages.py FOLDER: pages of good/ look as those of plain/, whose seals are pictures, in poppler and in mupdf; their
text is the same.  A seal drawn over the sign-off, or not at all, would show."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import common  # noqa: E402

DPI = 72
NEAR = 48  # of 255: what smoothing of edges may differ by


def page(viewer, path, out):
    """Width, height and RGB bytes."""
    if viewer == "poppler":
        subprocess.run(["pdftoppm", "-r", str(DPI), "-singlefile", path, out], check=True, capture_output=True)
    else:
        subprocess.run(["mutool", "draw", "-q", "-r", str(DPI), "-F", "ppm", "-o", out + ".ppm", path, "1"], check=True, capture_output=True)
    with open(out + ".ppm", "rb") as f:
        magic, width, height, depth, rest = f.read().split(None, 4)
    if magic != b"P6" or depth != b"255":
        raise ValueError("no picture")
    # The one blank behind the depth may be followed by bytes that look like blanks.
    size = int(width) * int(height) * 3
    return int(width), int(height), rest[-size:].rjust(size, b"\xff")


def main(folder):
    common.need("pdftoppm", "mutool", "pdftotext")
    hold = os.path.join(folder, "page")
    known = {}
    for path in common.documents(os.path.join(folder, "good")):
        name = os.path.basename(path)
        plain = os.path.join(folder, "plain", name)
        for viewer in ("poppler", "mupdf"):
            key = viewer, name.rsplit(".", 2)[1]
            if key not in known:
                known[key] = page(viewer, plain, hold)
            was, now = known[key], page(viewer, path, hold)
            far = sum(abs(a - b) > NEAR for a, b in zip(was[2], now[2]))
            common.say(was[:2] == now[:2] and far == 0, f"{name}: {viewer} draws it as without a seal ({far} far)")
        texts = [subprocess.run(["pdftotext", "-enc", "UTF-8", p, "-"], check=True, capture_output=True).stdout for p in (plain, path)]
        common.say(texts[0] == texts[1] and texts[0].strip(), f"{name}: its text is the same")
    pixels = page("mupdf", path, hold)[2]
    seen = sum(r > 150 and g < 80 and b < 80 for r, g, b in zip(pixels[::3], pixels[1::3], pixels[2::3]))
    common.say(seen > 500, f"the seals are there: {seen} red pixels")
    common.finish()


if len(sys.argv) != 2:
    sys.exit("sealed_pages.py FOLDER")
main(sys.argv[1])
