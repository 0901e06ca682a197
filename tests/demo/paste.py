#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The code of one certificate pasted on the page of another, as a picture.

    tests/demo/paste.py GENUINE.pdf PAGE.pdf OUT.png

Both are certificates of the demonstration in the same language; where the code stands is read from the layout.
"""
import json
import pathlib
import struct
import subprocess
import sys
import zlib

DPI = 150
LAYOUT = pathlib.Path(__file__).resolve().parents[2] / "templates/practising-certificate/layout.json"


def codes(node):
    """Every code of a layout."""
    if isinstance(node, dict):
        if node.get("kind") == "qr":
            yield node
        node = list(node.values())
    for part in node if isinstance(node, list) else []:
        yield from codes(part)


def pixels(pdf):
    ppm = subprocess.run(["pdftoppm", "-r", str(DPI), "-singlefile", pdf], check=True, capture_output=True).stdout
    _, size, _, data = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    return width, height, bytearray(data)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rgb):
    rows = b"".join(b"\0" + bytes(rgb[y * width * 3:(y + 1) * width * 3]) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


genuine, page, out = sys.argv[1:]
(width, height, source), (width_b, height_b, target) = pixels(genuine), pixels(page)
if (width, height) != (width_b, height_b):
    sys.exit("paste.py: pages of different size")
# Its place in one language is a few millimetres from that in the other: a patch that covers both.
places = list(codes(json.loads(LAYOUT.read_text(encoding="utf-8"))))
px = [round(mm * DPI / 25.4) for mm in (
    min(q["x"] - q["plate"] for q in places), max(q["x"] + q["size"] + q["plate"] for q in places),
    min(q["y"] - q["plate"] for q in places), max(q["y"] + q["size"] + q["plate"] for q in places))]
for y in range(px[2], px[3]):
    row = slice((y * width + px[0]) * 3, (y * width + px[1]) * 3)
    target[row] = source[row]
pathlib.Path(out).write_bytes(png(width, height, target))
