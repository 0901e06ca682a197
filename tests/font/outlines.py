#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw the programs dump_main.c wrote with fontTools and compare them with the source faces.

Usage: outlines.py DIR [fonts.json]
Paths, widths, CIDs and the font dictionaries must be the source's.  Exit 1 on the first difference.
"""
import io
import json
import sys
from pathlib import Path

from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen, DecomposingRecordingPen
from fontTools.ttLib import TTFont


def draw(glyph, pen):
    glyph.draw(pen)
    return pen.value, round(glyph.width)


def compare_cff(data, source, gids):
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[0]
    assert top.ROS == ("Adobe", "Identity", 0), top.ROS
    assert len(top.CharStrings) == len(gids) + 1 == top.CIDCount
    assert len(top.GlobalSubrs) == 0
    assert all(not hasattr(fd.Private, "Subrs") for fd in top.FDArray)
    ours = top.CharStrings
    theirs = source["CFF "].cff.topDictIndex[0].CharStrings
    order = source.getGlyphOrder()
    for cid, gid in enumerate([0] + gids):
        a = ours[".notdef" if cid == 0 else "cid%05d" % cid]
        b = theirs[order[gid]]
        pens = RecordingPen(), RecordingPen()
        a.draw(pens[0])
        b.draw(pens[1])
        assert pens[0].value == pens[1].value, f"CID {cid}, glyph {gid}: other path"
        assert a.width == b.width == source["hmtx"][order[gid]][0], f"CID {cid}, glyph {gid}: other width"
        mine, its = a.private, b.private
        for name in ("defaultWidthX", "nominalWidthX", "BlueValues", "StdHW", "StdVW"):
            assert getattr(mine, name, None) == getattr(its, name, None), f"CID {cid}: other {name}"


def compare_glyf(data, source, gids):
    font = TTFont(io.BytesIO(data), checkChecksums=2)
    assert sorted(t for t in font.keys() if t != "GlyphOrder") == ["glyf", "head", "hhea", "hmtx", "loca", "maxp"]
    ours, theirs = font.getGlyphSet(), source.getGlyphSet()
    names, order = font.getGlyphOrder(), source.getGlyphOrder()
    assert len(names) >= len(gids) + 1
    for cid, gid in enumerate([0] + gids):
        pens = DecomposingRecordingPen(ours), DecomposingRecordingPen(theirs)
        a = draw(ours[names[cid]], pens[0])
        b = draw(theirs[order[gid]], pens[1])
        assert a == b, f"CID {cid}, glyph {gid}: other path or width"
        assert font["hmtx"][names[cid]] == source["hmtx"][order[gid]], f"CID {cid}: other metrics"
    for name in names:
        assert not getattr(font["glyf"][name], "program", None) or not font["glyf"][name].program.getBytecode()


def main():
    folder = Path(sys.argv[1])
    fonts = json.loads(Path(sys.argv[2] if len(sys.argv) > 2 else "fonts/fonts.json").read_text())
    for face in fonts["faces"]:
        path = next(p for d in fonts["dirs"] if (p := Path(d) / face["file"]).exists())
        source = TTFont(path, fontNumber=face["index"], lazy=True)
        gids = [int(n) for n in (folder / (face["postscript"] + ".gids")).read_text().split()]
        cff = folder / (face["postscript"] + ".cff")
        if cff.exists():
            compare_cff(cff.read_bytes(), source, gids)
        else:
            compare_glyf((folder / (face["postscript"] + ".ttf")).read_bytes(), source, gids)
        print(f"ok {face['postscript']}: {len(gids)} glyphs")


if __name__ == "__main__":
    try:
        main()
    except AssertionError as e:
        sys.exit(f"outlines.py: {e}")
