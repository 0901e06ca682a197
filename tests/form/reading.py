# SPDX-License-Identifier: Apache-2.0
"""reading.py FOLDER: letters as a screen reader has them.  By pdfinfo's structure dump the order of reading is the order of the
letter, every cell of a table's head says what it heads, every item of a list has its label and body; by qpdf's streams every
run of another language says which.
"""
import base64
import json
import os
import re
import subprocess
import sys

HAN = re.compile(r"[\u2e80-\u9fff\U00020000-\U0003ffff]")
WORD = re.compile(r"(?<![A-Za-z])(?!UTC)[A-Za-z]{3,}")
ADDRESS = re.compile(r"[.@]\w")  # a host or an address of mail is of no language

# What must be read one after another.
ORDER = {
    "letter-en": [
        "Model Institute of Certified", "The Registrar, Northland Board", "14 Harbour Street", "Certificate of Good Standing",
        "Dear Sir or Madam", "confirms that, as at", "LYU Lyu", "吕绿", "Name in passport", "Name in Chinese", "Member number",
        "990012340028", "Class of membership", "Registered with", "in good standing", "(a)", "membership was current", "(b)",
        "fees were paid to", "(c)", "no disciplinary proceeding", "(d)", "no disciplinary sanction", "This letter is issued",
        "Yours faithfully", "HE Wenshu", "Director of Registration", "Date", "Your reference", "NBA/IR/26-1180", "Status as at",
        "Valid until", "Verify before you rely", "K7QM-4TXR-92HD-0VZ8", "Open ", "Compare name", "Rely on it",
        "9QK2-MM41", "Questions about this letter"],
    # On two pages: the first page's margin, then the letter in one go, then who signed it.
    "letter-en-two": [
        "The Registrar, Northland Board", "Certificate of Good Standing", "Status as at", "Verify before you rely", "Rely on it",
        "Dear Sir or Madam", "Name in passport", "membership was current", "Disciplinary findings:", "30 June 2021", "Reprimand",
        "1 February 2023", "Warning", "History of membership:", "1 March 2012", "1 July 2015", "1 January 2017", "Suspended",
        "29 February 2020", "Qualification:", "20190412345", "Continuing professional development:", "This letter is issued",
        "It does not speak of", "Yours faithfully", "HE Wenshu"],
    "letter-en-recipient": ["Your reference", "Addressee, as in the code", "Registrar of Public", "Accountants,", "Status as at"],
    "letter-zh-listed": [
        "示范注册会计师协会", "北境联邦工商与供应部", "会员资格良好证明", "收件方（码中简称）", "北境注册会计师登记处", "敬启者：", "兹证明：截至",
        "姓名", "会员类别", "非执业会员，不得签署法定审计报告", "（一）", "会员资格有效", "（四）", "惩戒记录：", "警告", "暂停执业",
        "本证明应会员本人申请", "特此证明。", "何文书"],
    "statement-zh": ["会员状况说明", "会员名册关于", "状态", "暂停执业", "惩戒记录：", "现行限制：", "不得签署审计报告", "会籍沿革：",
                     "在上述时点", "本说明应申请出具", "特此说明。"],
}

failed = False


def check(ok, what, detail=""):
    global failed
    failed |= not ok
    print(("ok " if ok else "not ok ") + what)
    if not ok and detail:
        print("\n".join("# " + line for line in str(detail).splitlines()[:20]))


def out_of_place(text, wanted):
    """The first of the wanted that does not stand behind the one before it."""
    at = 0
    for phrase in wanted:
        found = text.find(phrase, at)
        if found < 0:
            return phrase
        at = found + len(phrase)
    return None


def structure(name, pdf):
    dump = subprocess.run(["pdfinfo", "-struct-text", pdf], capture_output=True, check=True).stdout.decode("utf-8", "replace")
    if name in ORDER:
        # Pieces of one line stand on lines of their own.
        text = re.sub(r'"\n +"', "", dump)
        wrong = out_of_place(text, ORDER[name])
        check(wrong is None, f"{name}: is read in the order of the letter", wrong)
        check(out_of_place(text, ORDER[name][1:] + ORDER[name][:1]) is not None, f"{name}: another order would be seen")
    heads, scoped = re.findall(r"^ +TH:?$", dump, re.M), re.findall(r"^ +TH:\n +/Scope /(?:Row|Column)$", dump, re.M)
    check(len(heads) == len(scoped), f"{name}: every head of a table says of row or column", f"{len(heads)} {len(scoped)}")
    items = re.findall(r"^( +)LI \(block\)\n\1  Lbl \(block\)\n(?:\1    .*\n)+\1  LBody \(block\)\n", dump, re.M)
    check(len(items) == len(re.findall(r"^ +LI\b", dump, re.M)) > 0, f"{name}: every item has its label, then its body")


def objects_of(pdf):
    done = subprocess.run(["qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=generalized", pdf],
                          capture_output=True, check=True)
    return json.loads(done.stdout)["qpdf"][1]


def text16(hexes):
    return bytes.fromhex(hexes.decode()).decode("utf-16-be")


def spoken(pdf):
    """(language, text) of every run on the pages that is no decoration; the document's language first."""
    objects = objects_of(pdf)

    def value(x):
        return objects["obj:" + x]["value"] if isinstance(x, str) and x.endswith(" R") else x

    def stream(reference):
        return base64.b64decode(objects["obj:" + reference]["stream"]["data"])

    dictionaries = [o["value"] for o in objects.values() if isinstance(o.get("value"), dict)]
    (own,) = [d["/Lang"] for d in dictionaries if d.get("/Type") == "/Catalog"]
    own = own.removeprefix("u:")
    runs = []
    for page in (d for d in dictionaries if d.get("/Type") == "/Page"):
        fonts = {name: {code.decode(): text16(u) for code, u in
                        re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", stream(value(reference)["/ToUnicode"]))}
                 for name, reference in value(value(page["/Resources"])["/Font"]).items()}
        contents = page["/Contents"] if isinstance(page["/Contents"], str) else page["/Contents"][0]
        marks, font = [], {}
        for tag, about, end, face, shown in re.findall(
                rb"/(\w+) (?:<<(.*?)>> )?(?:BDC|BMC)|(\bEMC\b)|(/F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ", stream(contents)):
            if end:
                marks.pop()
            elif face:
                font = fonts[face.decode()]
            elif tag:
                language = re.search(rb"/Lang <FEFF([0-9A-F]+)>", about)
                marks.append((tag, text16(language[1]) if language else None))
            elif (b"Artifact", None) not in marks:
                codes = b"".join(re.findall(rb"<([0-9A-F]+)>", shown)).decode()
                said = [language for _, language in marks if language]
                runs.append((said[-1] if said else own, "".join(font.get(codes[i:i + 4], "?") for i in range(0, len(codes), 4))))
    return own, runs


def languages(name, pdf):
    own, runs = spoken(pdf)
    check(own == ("zh-Hans" if "-zh" in name else "en"), f"{name}: the document says its language", own)
    check(len(runs) > 30 and not any("?" in text for _, text in runs), f"{name}: its runs are read", runs[:3])
    wrong = [run for run in runs if HAN.search(run[1]) and not run[0].startswith("zh")]
    check(not wrong, f"{name}: Chinese is said to be Chinese", wrong)
    wrong = [run for run in runs if WORD.search(run[1]) and not HAN.search(run[1]) and not ADDRESS.search(run[1])
             and run[0] != "en"]
    check(not wrong, f"{name}: English is said to be English", wrong)


def names(name, pdf):
    """A name of many parts is cut behind a middle dot only: in the opening, and in the table."""
    if name != "letter-en-names":
        return
    parts = "阿卜杜热合曼·麦麦提艾力·吐尔逊尼牙孜江·买买提依明·阿布都克里木·艾合买提江·沙吾提·克里木江".split("·")
    text = subprocess.run(["pdftotext", "-enc", "UTF-8", pdf, "-"], capture_output=True, check=True).stdout.decode()
    cut = [part for part in parts if text.count(part) != 2]
    check(not cut and "\n·" not in text, f"{name}: no part of a name is cut", cut)
    check(re.search("·\n", text) is not None, f"{name}: it takes more lines than one")


def main(folder):
    letters = sorted(f[:-4] for f in os.listdir(folder) if re.match(r"(letter|statement)-.*\.pdf$", f))
    check(set(ORDER) <= set(letters), "there are letters", letters)
    for name in letters:
        pdf = os.path.join(folder, name + ".pdf")
        structure(name, pdf)
        languages(name, pdf)
        names(name, pdf)
    sys.exit(failed)


if len(sys.argv) != 2:
    sys.exit("reading.py FOLDER")
main(sys.argv[1])
