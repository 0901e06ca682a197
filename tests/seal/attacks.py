# SPDX-License-Identifier: Apache-2.0
"""attacks.py BUILD: sealed documents altered in every way known, each named by its code; good ones are called good.

Built from documents of ours and seals made by sealing.py.  USF, ISA and SWA: Mladenov et al., CCS 2019; shadow attacks:
NDSS 2021; EAA and SSA: S&P 2021."""
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import press  # noqa: E402
import sealing  # noqa: E402

good = bad = 0


def say(ok, what):
    global good, bad
    good, bad = good + bool(ok), bad + (not ok)
    print(f"{'ok' if ok else 'not ok'} - {what}")


class Court(press.Press):
    """And says whether a file got the name it should."""

    def expect(self, code, what, pdf, **how):
        words = self.judge(pdf, **how)
        got = words.split("\n", 1)[0]
        say(got == code, f"{what}: {got}" + ("" if got == code else f", not {code}"))
        if got != code:
            print("\n".join(line for line in words.splitlines() if " failed" in line))


# ---- editing ----

def swap(pdf, old, new, count=1):
    """Another text in place of the first one, blanks behind it: no offset moves."""
    if len(new) > len(old) or old not in pdf:
        raise ValueError(f"{old!r} cannot become {new!r}")
    return pdf.replace(old, new.ljust(len(old)), count)


def swap_drawn(drawn, old, new):
    pdf, hole, behind = drawn
    return swap(pdf, old, new), hole, behind


def find(pattern, pdf):
    hit = re.search(pattern, pdf, re.DOTALL)
    if not hit:
        raise ValueError(f"no {pattern!r}")
    return hit


def revision(pdf, objects, root=b"1 0 R", free=()):
    """An incremental update with these objects, as any editor writes it."""
    old = int(find(rb"startxref\n(\d+)\n%%EOF\n$", pdf).group(1))
    size = max([int(n) for n in re.findall(rb"/Size (\d+)", pdf)] + [n + 1 for n in objects])
    ids = find(rb"/ID \[ ?(<\w+>)", pdf).group(1)
    info = find(rb"/Info \d+ 0 R", pdf).group(0)
    out, places = pdf, {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n"
    for number in sorted([*places, *free]):
        out += b"%d 1\n%010d %s\r\n" % (number, places.get(number, 0), b"00000 n" if number in places else b"00001 f")
    return out + b"trailer\n<</Size %d /Root %s %s /Prev %d /ID [%s %s]>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, info, old, ids, ids, table)


def body(pdf, number):
    """The last definition of an object."""
    return re.findall(rb"\n%d 0 obj\n(.*?)\nendobj\n" % number, pdf, re.DOTALL)[-1]


def number_of(pattern, pdf):
    return int(find(pattern, pdf).group(1))


def stream(content):
    return b"<</Length %d>>\nstream\r\n%s\nendstream" % (len(content), content)


# ---- the corpus ----

def good_files(court):
    seals = {}
    for level, evidence, stamp in (("B-B", False, False), ("B-T", False, True), ("B-LT", True, True)):
        for name in ("p256", "rsa"):
            for language in ("zh", "en"):
                pdf = court.seal(court.draw(evidence=evidence, language=language), name, timestamp=stamp)
                court.expect("GOOD", f"good, {level}, {name}, {language}", pdf, level=level, sha256=hashlib.sha256(pdf).hexdigest())
                seals[level, name] = pdf
    court.expect("GOOD", "good, adbe.pkcs7.detached", court.seal(court.draw("form=pkcs7")))
    court.expect("GOOD", "good, the same with a signing-time", court.seal(court.draw("form=pkcs7"), signing_time=True))
    court.expect("GOOD", "good, one association", court.seal(court.draw("national=yes", "second=yes")))
    two = court.seal(court.draw("second=yes"))
    both = court.second(two)
    court.expect("GOOD", "good, two seals", both)
    return seals["B-LT", "p256"], two, both


def outside(court, pdf):
    """What needs no look inside."""
    court.expect("SEAL-FRAME", "junk before %PDF", b"junk\n" + pdf)
    court.expect("SEAL-FRAME", "garbage behind the end", pdf + b"garbage")
    court.expect("SEAL-FRAME", "line ends behind the end", pdf + b"\n\n\n")
    court.expect("SEAL-FRAME", "ISA: a body without table and trailer", pdf + b"200 0 obj\n<</Type /Page>>\nendobj\n")
    court.expect("SEAL-FRAME", "cut off", pdf[:-100])
    court.expect("SEAL-FRAME", "nothing at all", b"")
    table = number_of(rb"startxref\n(\d+)\n%%EOF\n$", pdf)
    entry = table + len("xref\n0 000\n") + 20
    court.expect("SEAL-TABLES", "a table that points elsewhere", pdf[:entry + 20] + pdf[entry:entry + 20] + pdf[entry + 40:])
    court.expect("SEAL-TABLES", "a table before itself", pdf[:-len("\n%%EOF\n") - 5] + b"00017\n%%EOF\n")
    court.expect("SEAL-TABLES", "a hybrid file", swap(pdf, b"/Info 3 0 R", b"/XRefStm 9"))
    court.expect("SEAL-TABLES", "an encrypted file", swap(pdf, b"/Info 3 0 R", b"/Encrypt 3"))
    court.expect("SEAL-TABLES", "bytes between objects", swap(pdf, b"endobj\n2 0 obj", b"endobj%2 0 obj"))
    written = os.path.join(court.work, "qpdf.pdf")
    with open(os.path.join(court.work, "judged.pdf"), "wb") as f:
        f.write(pdf)
    subprocess.run(["qpdf", "--object-streams=generate", os.path.join(court.work, "judged.pdf"), written], check=True)
    with open(written, "rb") as f:
        court.expect("SEAL-TABLES", "written anew by qpdf", f.read())
    court.expect("SEAL-LIMITS", "nested without end", swap(pdf, b"/MarkInfo <</Marked true>>", b"/M" + b"[" * 24))
    page = swap(pdf, b"/ViewerPreferences <</DisplayDocTitle true>>", b"/V" + b"[" * 42)
    court.expect("SEAL-LIMITS", "nested deeper still", page)
    court.expect("SEAL-RECORD", "another file than was published", pdf, sha256="00" * 32)


def space(court, pdf, hole, behind):
    """USF and SWA: what is signed, and what is not."""
    line = find(rb"/ByteRange \[[\d ]*\] *\n", pdf).group(0)
    a, b = hole, behind

    def ranged(text):
        return swap(pdf, line[:-1], b"/ByteRange " + text)

    rest = len(pdf) - b
    court.expect("SEAL-RANGE", "USF: ByteRange of zeros", ranged(b"[0 0 0 0]"))
    court.expect("SEAL-RANGE", "USF: ByteRange null", ranged(b"null"))
    court.expect("SEAL-RANGE", "USF: ByteRange missing", swap(pdf, b"/ByteRange", b"/ByteRangf"))
    court.expect("SEAL-RANGE", "USF: ByteRange negative", ranged(b"[0 %d -%d %d]" % (a, b, rest)))
    court.expect("SEAL-RANGE", "USF: ByteRange of two numbers", ranged(b"[0 %d]" % a))
    court.expect("SEAL-RANGE", "the range begins late", ranged(b"[9 %d %d %d]" % (a - 9, b, rest)))
    court.expect("SEAL-RANGE", "the range ends early", ranged(b"[0 %d %d %d]" % (a, b, rest - 9)))
    court.expect("SEAL-RANGE", "the ranges overlap", ranged(b"[0 %d %d %d]" % (b, a, len(pdf) - a)))
    court.expect("SEAL-GAP", "SWA: the gap is wider before", ranged(b"[0 %d %d %d]" % (a - 20, b, rest)))
    court.expect("SEAL-GAP", "SWA: the gap is wider behind", ranged(b"[0 %d %d %d]" % (a, b + 4, rest - 4)))
    court.expect("SEAL-GAP", "USF: Contents missing", swap(pdf, b"/Contents <", b"/Contentz <"))
    court.expect("SEAL-GAP", "USF: Contents null", pdf[:a] + b"null".ljust(b - a) + pdf[b:])
    court.expect("SEAL-GAP", "Contents twice", swap(pdf, b"/SubFilter /ETSI.CAdES.detached", b"/Contents <00>"))
    court.expect("SEAL-GAP", "Contents in capitals", pdf[:a] + pdf[a:b].upper() + pdf[b:])
    court.expect("SEAL-GAP", "blanks in Contents", pdf[:b - 3] + b"  >" + pdf[b:])
    court.expect("SEAL-PADDING", "USF: Contents of zeros", pdf[:a + 1] + b"0" * (b - a - 2) + pdf[b - 1:])
    court.expect("SEAL-PADDING", "bytes behind the DER", pdf[:b - 3] + b"41>" + pdf[b:])
    court.expect("SEAL-PADDING", "a DER cut off", pdf[:a + 1] + b"3082ffff" + pdf[a + 9:])
    # SWA: the signed tail moves back, what the attacker wants read stands in the gap.
    evil = b"1 0 obj\n<</Type /Catalog>>\nendobj\n"
    moved = swap(pdf, line[:-1], b"/ByteRange [0 %d %d %d]" % (a, b + len(evil), rest))
    court.expect("SEAL-TABLES", "SWA: objects in the gap", moved[:b] + evil + moved[b:])


def later(court, pdf, two, both):
    """ISA, EAA, SSA: what is appended."""
    page = number_of(rb"\n(\d+) 0 obj\n<<\n/Parent 2 0 R\n/Type /Page\n", pdf)
    shown = number_of(rb"/Contents (\d+) 0 R", pdf)
    contents = stream(b"BT ET")
    court.expect("SEAL-CONTENT", "ISA: the page's content replaced", revision(pdf, {shown: contents}))
    court.expect("SEAL-CONTENT", "ISA: the page shows other content",
                 revision(pdf, {page: body(pdf, page).replace(b"/Contents %d 0 R" % shown, b"/Contents 199 0 R"), 199: contents}))
    font = number_of(rb"/F1 (\d+) 0 R", pdf)
    court.expect("SEAL-CONTENT", "a font replaced", revision(pdf, {font: body(pdf, font).replace(b"/BaseFont", b"/BaseFonz")}))
    resources = number_of(rb"/Resources (\d+) 0 R", pdf)
    court.expect("SEAL-CONTENT", "resources replaced", revision(pdf, {resources: b"<<>>"}))
    note = b"<</Type /Annot /Subtype /FreeText /Rect [100 100 200 200] /Contents (x) /F 4 /P %d 0 R>>" % page
    noted = body(pdf, page).replace(b"/Annots [", b"/Annots [199 0 R ")
    court.expect("SEAL-LATER", "EAA: a FreeText added", revision(pdf, {page: noted, 199: note}))
    court.expect("SEAL-LATER", "an object nobody refers to added", revision(pdf, {199: b"<<>>"}))
    court.expect("SEAL-LATER", "a revision with nothing in it", revision(pdf, {}))
    court.expect("SEAL-TABLES", "ISA: a table alone that frees an object", revision(pdf, {}, free=(shown,)))
    catalog = body(pdf, 1)
    court.expect("SEAL-LATER", "a script added", revision(pdf, {1: catalog.replace(b"/Lang", b"/OpenAction <</S /JavaScript /JS (x)>> /Lang")}))
    court.expect("SEAL-LATER", "another catalog", revision(pdf, {199: catalog}, root=b"199 0 R"))
    court.expect("SEAL-LATER", "a second field and seal nobody foresaw", foreign_field(court, pdf, page))
    court.expect("SEAL-CERTIFIED", "the second seal cut off", two)
    third = body(both, page).replace(b"/Annots [", b"/Annots [199 0 R ")
    court.expect("SEAL-LATER", "two seals, a note added", revision(both, {page: third, 199: note}))
    field = number_of(rb"\n(\d+) 0 obj\n<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T \(Seal2\)", both)
    court.expect("SEAL-LATER", "two seals, a third revision of the field", revision(both, {field: body(both, field)}))

    def moved(pdf):
        at = pdf.index(b"/Rect [", len(two)) + len("/Rect [")
        return pdf[:at] + b"1" + pdf[at + 1:]

    court.expect("SEAL-LATER", "the second seal's field moved when it was signed", court.second(two, moved))


def foreign_field(court, pdf, page):
    """Another signature field, by a key of ours, as an incremental saver writes it."""
    widget = (b"<</Type /Annot /Subtype /Widget /FT /Sig /T (Seal2) /F 132 /Rect [90 90 190 190] /P %d 0 R /Lock <</Type /SigFieldLock /Action /All>> "
              b"/AP <</N 198 0 R>> /V 200 0 R>>" % page)
    catalog = re.sub(rb"(/Fields \[\d+ 0 R)", rb"\1 199 0 R", body(pdf, 1))
    signature = (b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20261123000100+08'00') "
                 b"/Reference [<</Type /SigRef /TransformMethod /FieldMDP /TransformParams <</Action /All>>>>] /ByteRange [0 %s] /Contents <%s>>>") % (
        b"0000000000 0000000000 0000000000", b"0" * 2 * press.HOLE)
    out = revision(pdf, {1: catalog, page: body(pdf, page).replace(b"/Annots [", b"/Annots [199 0 R "), 198: stream(b" ").replace(b"<<", b"<</BBox [0 0 100 100] "), 199: widget, 200: signature})
    hole = out.rindex(b"/Contents <") + len("/Contents ")
    behind = hole + 2 * press.HOLE + 2
    out = swap(out, b"[0 0000000000 0000000000 0000000000]", b"[0 %d %d %d]" % (hole, behind, len(out) - behind))
    return court.seal((out, hole, behind), "local")


def seals(court, pdf, drawn):
    """The CMS, its certificates, its token."""
    content = find(rb"stream\r\n", pdf).end() + 40
    court.expect("SEAL-SIGNATURE", "a byte of a stream flipped", pdf[:content] + bytes((pdf[content] ^ 1,)) + pdf[content + 1:])
    court.expect("SEAL-SIGNATURE", "a digit of the page's box", swap(pdf, b"/MediaBox [0 0 595.276", b"/MediaBox [0 0 595.376"))
    other = court.seal(court.draw(language="en"))
    _pdf, hole, behind = drawn
    hexes = find(rb"/Contents (<[0-9a-f]+>)", other).group(1)
    court.expect("SEAL-SIGNATURE", "the seal of another document", pdf[:hole] + hexes + pdf[behind:])
    court.expect("SEAL-SIGNATURE", "signed by another key", court.seal(drawn, key="local"))
    court.expect("SEAL-SIGNATURE", "another certificate's hash", court.seal(drawn, spoil="rsa"))
    court.expect("SEAL-CMS", "two signers", court.seal(drawn, signers=2))
    court.expect("SEAL-CMS", "a certificate that belongs to nothing", court.seal(drawn, chain=("ca", "tsa")))
    plain = find(rb"/Contents <([0-9a-f]+)>", pdf).group(1)
    court.expect("SEAL-CMS", "an indefinite length", swap(pdf, plain[8:30], b"06092a864886f70d010702"[:22].replace(b"06092a", b"06802a")))
    court.expect("SEAL-CMS", "another filter", court.seal(swap_drawn(drawn, b"/ETSI.CAdES.detached", b"/ETSI.RFC3161")))
    court.expect("SEAL-SIGNING-TIME", "a signing-time", court.seal(drawn, signing_time=True))
    court.expect("SEAL-ALGORITHM", "SHA-1", court.seal(drawn, sha1=True))
    court.expect("SEAL-PATH", "an expired certificate", court.seal(drawn, "old"))
    court.expect("SEAL-PATH", "a certificate for web servers", court.seal(drawn, "web"))
    stranger = sealing.Pki(os.path.join(court.work, "stranger"), same_as=court.pki)
    court.expect("SEAL-STRANGER", "a stranger's CA of the same names", court.seal(drawn, pki=stranger, timestamp=False), level="B-B")
    court.expect("SEAL-STRANGER", "a chain without its end", court.seal(court.draw(evidence=False), chain=(), timestamp=False), level="B-B")
    named = court.pki.path("named.pem")
    court.pki.write("named.pem", court.pki.read("root.pem").decode() + court.pki.read("p256.pem").decode())
    court.expect("GOOD", "good, a seal that is named", pdf, anchors=named)
    court.expect("SEAL-STRANGER", "a seal by the same authority for another", court.seal(drawn, "local"), anchors=named)
    court.expect("SEAL-STAMP", "no time stamp where one is due", court.seal(drawn, timestamp=False), level="B-T")
    court.expect("SEAL-STAMP", "the time stamp of another signature", court.seal(drawn, timestamp=b"another"))
    court.expect("SEAL-STAMP", "a stranger's time stamp", court.seal(drawn, stamper=stranger))
    court.expect("SEAL-STAMP", "a seal of a time to come", court.seal(swap_drawn(drawn, b"/M (D:2026", b"/M (D:2036")))
    court.expect("SEAL-REVOCATION", "no evidence where it is due", court.seal(court.draw(evidence=False)))
    court.pki.ocsp("p256", "ca", "p256.ocsp", revoked=True)
    court.expect("SEAL-REVOCATION", "a revoked certificate", court.seal(court.draw()))
    court.pki.ocsp("p256", "ca", "p256.ocsp")
    evidence, court.evidence = court.evidence, [e for e in court.evidence if not e.endswith("p256.ocsp")]
    court.expect("SEAL-REVOCATION", "nothing about the seal's own certificate", court.seal(court.draw()))
    court.evidence = evidence


def prepared(court, drawn):
    """Shadow attacks: what waits in the document when it is sealed."""
    def sealed(code, what, old, new):
        court.expect(code, what, court.seal(swap_drawn(drawn, old, new)))

    mark = b"/MarkInfo <</Marked true>>"
    sealed("SEAL-HIDDEN", "a script", mark, b"/AA <</K <</JS (x)>>>>")
    sealed("SEAL-HIDDEN", "an action at opening", mark, b"/OpenAction null")
    sealed("SEAL-HIDDEN", "a script's name in escapes", mark, b"/A <</S /J#61vaScript>>")
    sealed("SEAL-HIDDEN", "layers", mark, b"/OCProperties <<>>")
    sealed("SEAL-HIDDEN", "another attachment's name", b"(credential.json)", b"(credential.jsox)")
    sealed("SEAL-HIDDEN", "an attachment beside /AF", b"/AF [", b"/A9 [")
    sealed("SEAL-HIDDEN", "an object nobody refers to", find(rb"/Metadata \d+ 0 R", drawn[0]).group(0), b"")
    sealed("SEAL-WIDGET", "a seal nobody sees", b"/F 132", b"/F 134")
    sealed("SEAL-WIDGET", "a seal that is not printed", b"/F 132", b"/F 128")
    rect = find(rb"/Rect \[[\d. ]*\]", drawn[0]).group(0)
    sealed("SEAL-WIDGET", "a seal of no size", rect, b"/Rect [0 0 0 0]")
    sealed("SEAL-WIDGET", "a seal beside the page", rect, b"/Rect [900 9 999 99]")
    annots = find(rb"/Annots \[\d+ 0 R\]", drawn[0]).group(0)
    sealed("SEAL-WIDGET", "a seal its page does not list", annots, b"/Annots []")
    sealed("SEAL-CERTIFIED", "everything is allowed later", b"/V /1.2 /P 1>>", b"/V /1.2 /P 3>>")
    sealed("SEAL-CERTIFIED", "the first seal does not certify", b"/TransformMethod /DocMDP", b"/TransformMethod /UR3")
    sealed("SEAL-CERTIFIED", "no /Perms", b"/Perms <<", b"/Perm9 <<")
    sealed("SEAL-CERTIFIED", "no seal in the form", b"/SigFlags 3", b"/SigFlags 0")
    value = find(rb"/V \d+ 0 R", drawn[0]).group(0)
    court.expect("SEAL-CERTIFIED", "USF: the seal taken out of its field", swap(court.seal(drawn), value, b""))
    two = court.draw("second=yes")
    rects = re.findall(rb"/Rect \[[\d. ]*\]", two[0])
    covered = two[0].replace(rects[1], rects[0].ljust(len(rects[1]))) if len(rects[0]) <= len(rects[1]) else two[0]
    court.expect("SEAL-WIDGET", "a second seal over the first", court.second(court.seal((covered, two[1], two[2]))))


def main(build):
    with tempfile.TemporaryDirectory() as work:
        court = Court(build, work)
        pdf, two, both = good_files(court)
        drawn = court.draw()
        pdf = court.seal(drawn)
        outside(court, pdf)
        space(court, pdf, drawn[1], drawn[2])
        later(court, pdf, two, both)
        seals(court, pdf, drawn)
        prepared(court, drawn)
        path = os.path.join(work, "swept.pdf")
        with open(path, "wb") as f:
            f.write(pdf)
        swept = court.run("sweep", path, court.pki.path("root.pem"), int(time.time()) + 1, "B-LT", 499).splitlines()[-1]
        say(swept.endswith(" 0 passed"), f"one byte changed anywhere: {swept}")
    print(f"# {good} ok, {bad} not ok")
    sys.exit(0 if bad == 0 and good > 0 else 1)


if len(sys.argv) != 2:
    sys.exit("attacks.py BUILD")
main(os.path.abspath(sys.argv[1]))
