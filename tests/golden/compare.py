# SPDX-License-Identifier: Apache-2.0
"""compare.py PAGE.ppm GOLDEN.png DIFF.png: does the page look as its golden picture does?
compare.py bless PAGE.ppm GOLDEN.png: make the golden picture, 256 colours.

Exit 0 when it does; 1 when not, and DIFF.png shows golden, page and, in red, where they differ.
"""
import collections
import struct
import sys
import zlib

LEVELS = 56  # of 255 that a channel may differ: the palette's rounding, another release's smoothing
PIXELS = 24  # that may differ more: a letter of 7 point has some forty


def read_ppm(path):
    data = open(path, "rb").read()
    magic, width, height, most = data.split(maxsplit=4)[:4]
    size = int(width) * int(height) * 3
    if magic != b"P6" or most != b"255" or len(data) < size:
        sys.exit(f"{path}: no P6 picture")
    return int(width), int(height), data[-size:]


def chunks(data):
    at = 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + 8 + size]
        at += 12 + size


def read_png(path):
    """A picture that `bless` wrote: palette, rows unfiltered."""
    data = open(path, "rb").read()
    parts = collections.defaultdict(bytes)
    for kind, body in chunks(data):
        parts[kind] += body
    width, height, depth, colour = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    rows = zlib.decompress(parts[b"IDAT"])
    if (depth, colour) != (8, 3) or len(rows) != (width + 1) * height or any(rows[:: width + 1]):
        sys.exit(f"{path}: not written by compare.py; bless it again")
    palette = [parts[b"PLTE"][i : i + 3] for i in range(0, len(parts[b"PLTE"]), 3)]
    indexes = b"".join(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))
    return width, height, b"".join([palette[i] for i in indexes])


def write_png(path, width, height, rows, colour, palette=None):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    stride = len(rows) // height
    lines = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)))
        if palette:
            out.write(chunk(b"PLTE", b"".join(palette)))
        out.write(chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def far(one, other):
    return max(abs(a - b) for a, b in zip(one, other))


def bless(page, golden):
    """128 colours seen most often, each far from the others; then 128 times the one that has no colour near."""
    width, height, data = read_ppm(page)
    pixels = list(zip(data[0::3], data[1::3], data[2::3]))
    seen = collections.Counter(pixels)
    chosen = []
    for colour, _ in seen.most_common():
        if len(chosen) < 128 and all(far(colour, c) > 3 for c in chosen):
            chosen.append(colour)
    nearest = {c: min((far(c, k), i) for i, k in enumerate(chosen)) for c in sorted(seen)}
    while len(chosen) < 256:
        colour = max(nearest, key=lambda c: nearest[c][0])
        if nearest[colour][0] == 0:
            break
        for c in nearest:
            nearest[c] = min(nearest[c], (far(c, colour), len(chosen)))
        chosen.append(colour)
    error = max(e for e, _ in nearest.values())
    if error > LEVELS // 2:
        sys.exit(f"{page}: 256 colours are not enough, off by {error}")
    write_png(golden, width, height, bytes(nearest[p][1] for p in pixels), 3, [bytes(c) for c in chosen])


def compare(page, golden, diff):
    width, height, seen = read_ppm(page)
    want_width, want_height, wanted = read_png(golden)
    if (width, height) != (want_width, want_height):
        sys.exit(f"{page}: {width} x {height} pixels, was {want_width} x {want_height}")
    bad = sorted({i // 3 for i, (a, b) in enumerate(zip(seen, wanted)) if abs(a - b) > LEVELS})
    if len(bad) <= PIXELS:
        return
    third = bytearray(255 - (255 - v) // 4 for v in seen)
    for i in bad:
        third[3 * i : 3 * i + 3] = b"\xd0\x00\x00"
    row = 3 * width
    side = b"".join(p[y * row : (y + 1) * row] for y in range(height) for p in (wanted, seen, third))
    write_png(diff, 3 * width, height, side, 2)
    x, y = [i % width for i in bad], [i // width for i in bad]
    sys.exit(
        f"{len(bad)} pixels differ, from {min(x) * 25.4 / 72:.0f},{min(y) * 25.4 / 72:.0f}"
        f" to {max(x) * 25.4 / 72:.0f},{max(y) * 25.4 / 72:.0f} mm: {diff}"
    )


if sys.argv[1] == "bless":
    bless(*sys.argv[2:])
else:
    compare(*sys.argv[1:])
