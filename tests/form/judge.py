# SPDX-License-Identifier: Apache-2.0
"""judge.py FOLDER: every <case>.pdf is sound, says what <case>.txt lists (not what stands behind a !), and shows it.

qpdf reads the structure, poppler and mupdf the page, zbar the code; veraPDF where VERAPDF names the folder of its jars.
"""
import glob
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

try:
    from jsonschema import Draft202012Validator
except ImportError as missing:
    print(f"not ok - not installed: {missing.name}")
    sys.exit(1)

failed = False


def check(ok, what, detail=""):
    global failed
    failed |= not ok
    print(("ok " if ok else "not ok ") + what)
    if not ok and detail:
        print("\n".join("# " + line for line in str(detail).splitlines()[:20]))


def run(*command):
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def squeezed(text):
    """Without white space: a line break inside a name is layout."""
    return "".join(text.split())


def quiet(name, *command):
    """The program succeeds and has nothing to say."""
    code, out, said = run(*command)
    # Debian builds mupdf without a colour engine, and it says so of every output intent.
    said = "\n".join(x for x in said.splitlines() if x and "ICC support is not available" not in x)
    check(code == 0 and said == "", f"{name}: {command[0]} {command[1]} says nothing", said)
    return out


def structure(name, pdf):
    code, out, said = run("qpdf", "--check", pdf)
    check(code == 0 and b"No syntax or stream encoding errors" in out, f"{name}: qpdf --check", said)
    fonts = run("pdffonts", pdf)[1].decode().splitlines()[2:]
    bad = [x for x in fonts if not re.search(r" yes +yes +yes +\d+ +0$", x)]
    check(len(fonts) > 0 and not bad, f"{name}: every font embedded, subset, with Unicode", bad or fonts)
    info = run("pdfinfo", pdf)[1].decode()
    check(re.search(r"Tagged: +yes", info) is not None, f"{name}: tagged", info)
    meta = run("pdfinfo", "-meta", pdf)[1].decode()
    title = re.search(r"Title: +(.*)", info)
    check(title is not None and f">{title[1]}</rdf:li>" in meta, f"{name}: Info and XMP have one title", info)
    attached = run("pdfdetach", "-list", pdf)[1].decode()
    check("credential.json" in attached, f"{name}: credential.json is attached", attached)


def words(name, pdf, wanted):
    seen = {
        "pdftotext": quiet(name, "pdftotext", "-enc", "UTF-8", pdf, "-").decode("utf-8"),
        "mutool": quiet(name, "mutool", "draw", "-F", "txt", pdf).decode("utf-8"),
    }
    for program, text in seen.items():
        flat = squeezed(text)
        lost = [w for w in wanted if (squeezed(w.lstrip("!")) in flat) == w.startswith("!")]
        check(not lost, f"{name}: {program} returns every string", lost)
        # A value that fits its line is found as it was given, spaces and all.
        broken = [w for w in wanted if len(w) <= 12 and w[0] != "!" and w not in text]
        check(not broken, f"{name}: {program} returns short strings whole", broken)


def picture(pdf, dpi, folder, page=1):
    base = os.path.join(folder, "page")
    quiet(os.path.basename(pdf)[:-4], "pdftoppm", "-r", str(dpi), "-f", str(page), "-gray", "-singlefile", pdf, base)
    with open(base + ".pgm", "rb") as f:
        data = f.read()
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    return int(head[1]), int(head[2]), data[head.end():]


def cells(text, left, right):
    """Where each letter of a word stands, a Chinese one taking twice the room of another; about there when they mix."""
    widths = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text]
    step, at, out = (right - left) / sum(widths), left, []
    loose = step if len(set(widths)) > 1 else 0
    for width in widths:
        out.append((at - loose, at + width * step + loose))
        at += width * step
    return out


def ink(name, pdf, folder):
    """No character of any page is blank: each word's box holds dark pixels, as many columns of them as it has letters."""
    # poppler writes a title beyond plane 0 as bare surrogates here.
    boxes = run("pdftotext", "-bbox", pdf, "-")[1].decode("utf-8", "replace")
    for number, page in enumerate(boxes.split("<page ")[1:], 1):
        page_ink(f"{name}, page {number}", picture(pdf, 200, folder, number), page)


def page_ink(name, image, boxes):
    dpi, (width, height, pixels) = 200, image
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', boxes)
    blank = []
    for x0, y0, x1, y1, text in found:
        letters = html.unescape(text)
        left, top, right, bottom = (float(v) * dpi / 72 for v in (x0, y0, x1, y1))
        # Ascent and descent reach over rules of the row: leave out the outer parts, where no letter is alone.
        top, bottom = top + 0.12 * (bottom - top), bottom - 0.18 * (bottom - top)
        for i, (start, end) in enumerate(cells(letters, left, right)):
            # A cell's dark pixels; the centre of a narrow letter is enough.
            a, b = int(start), max(int(end), int(start) + 1)
            dark = any(
                min(pixels[y * width + a: y * width + min(b, width)], default=255) < 140
                for y in range(max(0, int(top)), min(height, int(bottom)))
            )
            if not dark:
                blank.append((text, i))
    check(len(found) > 10 and not blank, f"{name}: no blank cell", blank or len(found))


def code(name, pdf, folder):
    meta = run("pdfinfo", "-meta", pdf)[1].decode()
    token = re.search(r"<hufu:token>(\d+)</hufu:token>", meta)
    with open(pdf, "rb") as f:
        check(token is not None and token[0].encode() in f.read(), f"{name}: the token stands in the XMP, in clear")
    for dpi in (96, 150, 300):
        picture(pdf, dpi, folder)
        read = run("zbarimg", "-q", "--raw", os.path.join(folder, "page.pgm"))[1].decode().strip()
        check(token is not None and read == "https://verify.example.org/#" + token[1], f"{name}: zbar reads the code at {dpi} dpi", read)


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def faults(schema, value):
    Draft202012Validator.check_schema(schema)
    return [f"/{'/'.join(map(str, x.absolute_path))}: {x.message}" for x in Draft202012Validator(schema).iter_errors(value)]


def templates():
    """What the program reads is what the schema for editors allows."""
    schema = load("templates/schema.json")
    strings = {"$defs": schema["$defs"], "$ref": "#/$defs/strings"}
    for path in sorted(glob.glob("templates/*/layout.json")):
        folder = os.path.dirname(path)
        found = faults(schema, load(path))
        check(not found, f"{path} by its schema", "\n".join(found))
        for words_file in sorted(glob.glob(folder + "/??.json")):
            found = faults(strings, load(words_file))
            check(not found, f"{words_file} by its schema", "\n".join(found))


def facts(name, pdf, folder):
    """The attachment holds the facts the template lists, no others."""
    out = os.path.join(folder, "credential.json")
    run("pdfdetach", "-save", "1", "-o", out, pdf)
    creator = re.search(r"Creator: +(.*)", run("pdfinfo", pdf)[1].decode())[1]
    found = faults(load(f"templates/{creator}/facts.schema.json"), load(out))
    check(not found, f"{name}: attached facts by the template's schema", "\n".join(found))


PHOTO = (30, 123, 35, 49)  # mm: left, top, width, height (templates/*-certificate, zh)


def photo(name, pdf, folder):
    """A page with a photo has one picture beside its code, upright, in its place and of its colours, and no other page."""
    listed = [row.split() for row in run("pdfimages", "-list", pdf)[1].decode().splitlines()[2:]]
    photos = [row for row in listed if row[7] == "8"]
    if not name.startswith("photo"):
        check(not photos, f"{name}: no photo, no picture", listed)
        return
    ok = len(photos) == 1 and photos[0][3:7] == ["40", "56", "rgb", "3"]
    check(ok, f"{name}: one photo of 40 × 56 in RGB", listed)
    base, dpi = os.path.join(folder, "photo"), 150
    run("pdftoppm", "-r", str(dpi), "-singlefile", pdf, base)
    with open(base + ".ppm", "rb") as f:
        data = f.read()
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    width, pixels = int(head[1]), data[head.end():]

    def at(x, y):
        i = (round(y / 25.4 * dpi) * width + round(x / 25.4 * dpi)) * 3
        return tuple(pixels[i:i + 3])

    x, y, w, h = PHOTO
    red, blue, outside = at(x + 1.5, y + 1.5), at(x + w - 1.5, y + 1.5), at(x - 1, y + h / 2)
    check(red[0] > 200 > 90 > red[1] and blue[2] > 200 > 90 > blue[0] and outside == (255, 255, 255),
          f"{name}: the photo fills its frame, red left, blue right", (red, blue, outside))
    text = run("pdftotext", "-bbox", pdf, "-")[1].decode("utf-8", "replace")
    label = re.search(r'xMin="([\d.]+)"[^>]*>证书编号<', text)
    check(label is not None and abs(float(label[1]) / 72 * 25.4 - 77) < 0.5, f"{name}: the record stands beside the photo",
          label)
    info = run("pdfinfo", "-struct", pdf)[1].decode("utf-8", "replace")
    check(info.count("Figure") == 4, f"{name}: photo, code and seals are figures", info)
    with open(pdf, "rb") as f:
        held = f.read()
    check(not any(word in held for word in (b"Exif", b"SecretCam", b"taken at home", b"ICC_PROFILE", b"SecretPlace")),
          f"{name}: nothing of the file but the picture")


# How often an element of the structure tree is there; what stands again on a second page is decoration.
TREES = {
    "letter-en": {"H1": 1, "Table": 1, "TR": 6, "TH": 6, "TD": 6, "L": 2, "LI": 7, "Lbl": 7, "LBody": 7, "Figure": 3},
    "letter-en-two": {"H1": 1, "Table": 5, "TR": 7 + 3 + 6 + 2 + 2, "TH": 7 + 4 + 4 + 3 + 3, "L": 2, "LI": 6, "Lbl": 6, "LBody": 6,
                      "Figure": 3},
    "statement-none": {"H1": 1, "Table": 0, "L": 1, "Figure": 3},
}


def tree(name, pdf):
    """The letter as a screen reader has it."""
    if name not in TREES:
        return
    found = run("pdfinfo", "-struct", pdf)[1].decode("utf-8", "replace")
    seen = {role: len(re.findall(rf"^ +{role}(?: \(block\))?:?$", found, re.M)) for role in TREES[name]}
    check(seen == TREES[name], f"{name}: headings, tables with headers, lists with labels", seen)
    text = run("pdfinfo", "-struct-text", pdf)[1].decode("utf-8", "replace")
    check("Page 1 of" not in text and text.count("Model Institute of Certified") >= 1, f"{name}: foot lines are decoration")


def verapdf(folder, pdfs):
    jars = os.environ.get("VERAPDF")
    if not jars:
        return
    for flavour in ("3a", "ua1"):
        out = run("java", "-cp", jars + "/*", "org.verapdf.apps.GreenfieldCliWrapper", "-f", flavour, "--format",
                  "text", *pdfs)[1].decode()
        for pdf in pdfs:
            check(f"PASS {pdf} {flavour}" in out, f"{os.path.basename(pdf)[:-4]}: veraPDF {flavour}", out)


def main(folder):
    pdfs = sorted(glob.glob(folder + "/*.pdf"))
    check(len(pdfs) > 0, "there are documents")
    templates()
    with tempfile.TemporaryDirectory() as work:
        for pdf in pdfs:
            name = os.path.basename(pdf)[:-4]
            with open(pdf[:-4] + ".txt", encoding="utf-8") as f:
                wanted = f.read().splitlines()
            structure(name, pdf)
            words(name, pdf, wanted)
            ink(name, pdf, work)
            code(name, pdf, work)
            facts(name, pdf, work)
            photo(name, pdf, work)
            tree(name, pdf)
    verapdf(folder, pdfs)
    sys.exit(failed)


main(sys.argv[1])
