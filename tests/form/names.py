# SPDX-License-Identifier: Apache-2.0
"""names.py HUFU COUNT [SEED]: COUNT random names people may bear, issued by HUFU, come back from the page as they went in.

Of every class there is: common and rare hanzi of all of GB 18030-2022, minority names with ·, traditional characters, Latin names
with the marks of Vietnamese and of Europe, up to 50 characters.  pdftotext gives each back exactly; no name reaches out of
the text frame or over other words; no page weighs more than PAGE_MAX; of LOOKED_AT of them (300) every character is looked at
for ink.  A name of 51 characters, a
variation sequence and a character that no face holds are refused, each with its record named.
"""
import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

CHUNK = 500  # members a home: their pages are looked at and thrown away
LOOKED_AT = int(os.environ.get("LOOKED_AT", "300"))
DPI = 150
PAGE_MAX, PAGE_HEAVY = 95000, 90000  # bytes, of a page without a photo
FRAME = (29.9, 180.3)  # mm: the text frame of the certificates, and what a side bearing may take

COMMON = "的一是在有人中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
TRADITIONAL = "陳黃張劉葉鄭蕭鄧盧馮許蘇羅謝韓龍鳳麗雲輝慶豐榮華國偉傑賢儀詠詩寶貴鑫錦銘鈞頤顯顧體麟齡龐"
RARE = "䶮㛃𬱖𤧛𫄧㮾𨱏𡐓𣲗𬇙𬘓𪟝㧑㛹㬎𬍛龴𠅤鿍堃喆赟頔翀曌犇镕𬭎𬬻𬺓𫍯𫖯𫗴"
PARTS = ["阿卜杜热合曼", "麦麦提艾力", "吐尔逊尼牙孜江", "古丽娜尔", "买买提依明", "艾合买提江", "帕提古丽", "叶尔兰", "热依汗", "阿依古丽",
         "努尔兰", "迪丽达尔", "沙吾提", "克里木江", "阿布都克里木", "肉孜", "玛依拉", "赛福鼎", "乌云其木格", "巴特尔"]
GIVEN = ["Anne-Marie", "Siobhán", "Jürgen", "Zoë", "Łukasz", "Søren", "Kwame", "María José", "Þóra", "Ðuro", "Aşkın", "İpek", "Ģirts",
         "Ružena", "Ştefan", "Çağla", "Máire", "Håkon", "Eñaut", "Élodie", "Ioannis", "D’Arcy", "Keʻalohi", "Ijeọma"]
FAMILY = ["O’Brien", "Müller", "Østergaard", "de la Cruz", "Żółkiewska", "Mac Giolla", "Ångström", "Owusu", "Leitão", "Đặng",
          "Ñíguez", "Škvorecký", "Yıldız", "Ķēniņš", "Őzsváth", "Þorsteinsdóttir", "Ljubičić", "Gröger"]
VIET = [x + y + z for x in ("Ng", "Tr", "Ph", "Th", "L", "H") for y in ("uyễ", "ươ", "ạ", "ệ", "ồ", "ứ", "ị", "ẳ", "ỡ", "ậ") for z in ("n", "ng", "t", "")]
# Wider than a line: broken at a space where one serves, after a hyphen where none does.
HYPHENS = ("AŞKIN D’ARCY ANNE-MARIE ANNE-MARIE", "ÞORSTEINSDÓTTIR-ÞORSTEINSDÓTTIR GRÖGER RUŽENA", "ÞORSTEINSDÓTTIR-GRÖGER-ÞORSTEINSDÓTTIR")
LEVEL3 = ((0x4E00, 20976), (0x3400, 6582), (0x20000, 42711), (0x2A700, 4149), (0x2B740, 222), (0x2B820, 5762), (0x2CEB0, 7473))
ASSOCIATION = {"code": "SX99"}


def pick(rng, text, low, high):
    return "".join(rng.choice(text) for _ in range(rng.randint(low, high)))


def level3(rng, low, high):
    out = ""
    for _ in range(rng.randint(low, high)):
        first, count = rng.choice(LEVEL3)
        out += chr(first + rng.randrange(count))
    return out


def dotted(rng, parts):
    """Parts with the dot between, as many as 50 characters hold."""
    out = rng.choice(parts)
    for _ in range(rng.randint(1, 8)):
        more = out + "·" + rng.choice(parts)
        if len(more) > 50:
            break
        out = more
    return out


def latin(rng, words, low, high):
    out = rng.choice(words)
    for _ in range(rng.randint(low, high)):
        more = out + rng.choice(" -" if rng.random() < 0.1 else " ") + rng.choice(words)
        if len(more) > 50:
            break
        out = more
    return out


def name_of(rng):
    """(class, native, Latin)"""
    passport = pick(rng, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2, 8) + " " + pick(rng, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2, 12)
    kind = rng.choice(("common", "common", "rare", "level 3", "level 3", "minority", "minority", "minority rare", "traditional",
                       "European", "Vietnamese", "passport", "Latin alone"))
    native = {
        "common": lambda: pick(rng, COMMON, 2, 4),
        "rare": lambda: pick(rng, COMMON, 1, 2) + pick(rng, RARE, 1, 2),
        "level 3": lambda: level3(rng, 2, 6),
        "minority": lambda: dotted(rng, PARTS),
        "minority rare": lambda: dotted(rng, PARTS + [pick(rng, RARE, 2, 3), level3(rng, 2, 5)]),
        "traditional": lambda: pick(rng, TRADITIONAL, 2, 4),
        "Latin alone": lambda: None,
    }.get(kind, lambda: pick(rng, COMMON, 2, 3))()
    spelled = {
        "European": lambda: latin(rng, GIVEN + FAMILY, 1, 4),
        "Vietnamese": lambda: latin(rng, VIET, 1, 5),
        "passport": lambda: latin(rng, [x.upper() for x in GIVEN + FAMILY], 1, 3),
        "Latin alone": lambda: latin(rng, GIVEN + FAMILY + VIET, 1, 4),
    }.get(kind, lambda: passport)()
    return kind, native, spelled


def record(number, native, spelled, practising):
    name = {"latin": {"full": spelled, "source": "passport"}}
    if native is not None:
        name["native"] = native
    out = {"schema": "hufu.member/1", "member_id": f"n-{number:06d}", "rev": 1, "updated_at": "2026-06-01T10:00:00+08:00",
           "member_no": f"9900{number:08d}" if practising else f"N99{number:05d}",
           "class": "practising" if practising else "non_practising", "status": "active", "name": name,
           "association": ASSOCIATION, "admission": {"date": "2019-05-01", "route": "exam"}}
    if practising:
        out["practice"] = {"since": "2019-05-01", "firm_zh": "示范甲会计师事务所", "firm_en": "Model A CPAs", "audit_rights": True}
    return out


def run(*command, **more):
    return subprocess.run(command, capture_output=True, check=False, **more)


class Judge:
    def __init__(self, hufu):
        self.hufu = hufu
        self.wrong = []
        self.names = self.pages = self.looked_at = 0
        self.heaviest, self.weight, self.heavy = (0, None), 0, 0

    def issue(self, work, records):
        """The lines of the report and the folder of the documents."""
        home, out, lines = (os.path.join(work, x) for x in ("home", "out", "members.jsonl"))
        for folder in (home, out):
            shutil.rmtree(folder, ignore_errors=True)
        with open(lines, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
        made = run(self.hufu, "init", home, "--demo")
        assert made.returncode == 0, made.stderr
        run(self.hufu, "issue", lines, "--home", home, "--out", out)
        with open(os.path.join(out, "report.jsonl"), encoding="utf-8") as f:
            return [json.loads(line) for line in f], out

    def page(self, job):
        path, wanted, ink = job
        done = run("pdftotext", "-enc", "UTF-8", "-bbox", path, "-")
        boxes = [([float(v) * 25.4 / 72 for v in m[:4]], html.unescape(m[4])) for m in re.findall(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', done.stdout.decode("utf-8", "replace"))]
        text = run("pdftotext", "-enc", "UTF-8", path, "-")
        wrong = [f"pdftotext says {x}" for x in (done.stderr + text.stderr).decode("utf-8", "replace").splitlines()
                 if "Illegal character" not in x]
        flat = "".join(text.stdout.decode("utf-8").split())
        for name in wanted:
            if "".join(name.split()) not in flat and not (divided(name, flat) and read_by_mupdf(path, name)):
                wrong.append(f"{name} is not read")
            else:
                wrong += self.place(name, boxes)
        if ink:
            wrong += blanks(path, boxes)
        return [f"{wanted}: {x} ({path})" for x in wrong]

    def place(self, name, boxes):
        """The words of the name stand in the frame, and over no other word."""
        words = {part for word in name.split() for part in split(word)}
        mine = [(box, t) for box, t in boxes if t in words or (len(t) > 3 and t in "".join(name.split()))]
        rest = [(box, t) for box, t in boxes if (box, t) not in mine]
        if not mine:
            return ["stands nowhere"]
        wrong = [f"{t} reaches out of the frame: {box[0]:.1f} to {box[2]:.1f} mm" for box, t in mine if box[0] < FRAME[0] or box[2] > FRAME[1]]
        return wrong + [f"{t} lies over {u}" for a, t in mine for b, u in rest if overlap(a, b)]

    def chunk(self, work, rng, first, count, ink):
        people = [name_of(rng) for _ in range(count)]
        people[:len(HYPHENS)] = [("hyphens", "王五", name) for name in HYPHENS]
        records = [record(first + i, native, spelled, i % 2 == 0) for i, (_kind, native, spelled) in enumerate(people)]
        by_id = {r["member_id"]: person for r, person in zip(records, people)}
        report, out = self.issue(work, records)
        jobs, issued = [], set()
        for line in report:
            kind, native, spelled = by_id[line["member_id"]]
            if line["outcome"] == "refused":
                self.wrong.append(f"{kind} {native} {spelled}: refused: {line['message']}")
            elif line["outcome"] == "issued":
                issued.add(line["member_id"])
                wanted = [native] if line["lang"] == "zh" else [x for x in (native, spelled) if x is not None]
                path = os.path.join(out, line["file"])
                jobs.append((path, wanted, len(jobs) < 2 * ink))
                self.weigh(os.path.getsize(path), wanted)
        self.wrong += [f"{by_id[m]}: nothing issued" for m in by_id.keys() - issued]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for wrong in pool.map(self.page, jobs):
                self.wrong += wrong
        self.names += count
        self.pages += len(jobs)
        self.looked_at += min(len(jobs), 2 * ink)

    def weigh(self, size, wanted):
        self.weight += size
        self.heavy += size > PAGE_HEAVY
        self.heaviest = max(self.heaviest, (size, wanted))
        if size > PAGE_MAX:
            self.wrong.append(f"{wanted}: the page weighs {size} bytes")

    def refusals(self, work):
        """Records that must not be issued: code and words of the refusal name what and where."""
        fifty = "·".join(("阿卜杜热合曼", "麦麦提艾力", "吐尔逊尼牙孜江", "买买提依明", "阿布都克里木", "艾合买提江", "沙吾提", "克里木江"))
        cases = (("fifty characters", fifty[:50], "issued", "", ""),
                 ("51 characters", (fifty + "江江江")[:51], "refused", "JSON-LENGTH", "50"),
                 ("a variation sequence", "葛\U000E0100戊", "refused", "VARIATION-SELECTOR", "U+E0100"),
                 ("a character no face holds", "王" + missing(), "refused", "NO-GLYPH", "U+3"))
        records = [record(900 + i, native, "WANG WU", False) for i, (_w, native, *_rest) in enumerate(cases)]
        report, _out = self.issue(work, records)
        for i, (what, native, outcome, code, words) in enumerate(cases):
            lines = [x for x in report if x["member_id"] == f"n-{900 + i:06d}"]
            ok = bool(lines) and all(x["outcome"] == outcome for x in lines)
            if outcome == "refused":
                ok = ok and all(x["code"] == code and x["pointer"] in ("/name/native", "/name_native") and words in x["message"] and
                                x["place"].endswith(f":{i + 1}") for x in lines)
            say(ok, f"{what}: {outcome}", [f"{native}: {lines}"])


def missing():
    """A character of Extension G that none of the faces in fonts.json holds, by fontTools."""
    from fontTools.ttLib import TTFont
    with open("fonts/fonts.json", encoding="utf-8") as f:
        fonts = json.load(f)
    held = set()
    for face in fonts["faces"]:
        path = next(p for d in fonts["dirs"] if os.path.exists(p := os.path.join(d, face["file"])))
        held |= set(TTFont(path, fontNumber=face["index"], lazy=True).getBestCmap())
    return chr(next(c for c in range(0x30000, 0x3134B) if c not in held))


def divided(name, flat):
    """Only the hyphen at the end of a line is missing: pdftotext takes it for that of a divided word."""
    name = "".join(name.split())
    return any(name[:m.start()] + name[m.end():] in flat for m in re.finditer("-", name))


def read_by_mupdf(path, name):
    text = run("mutool", "draw", "-q", "-F", "txt", path).stdout.decode("utf-8", "replace")
    return "".join(name.split()) in "".join(text.split())


def split(word):
    """A name may be broken after · and -; poppler gives its lines as words."""
    parts = re.findall(r"[^·\-]+[·\-]?", word)
    return ["".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)] + parts


def overlap(a, b):
    """Two boxes of type share ink: their heights hold ascent and descent that no letter fills, so a part counts."""
    height = 0.30 * min(a[3] - a[1], b[3] - b[1])
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.3 and min(a[3], b[3]) - max(a[1], b[1]) > height


def blanks(path, boxes):
    """Every letter of every word has dark pixels in its cell."""
    data = run("pdftoppm", "-r", str(DPI), "-gray", "-singlefile", path).stdout
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    width, pixels = int(head[1]), data[head.end():]
    wrong = []
    for box, text in boxes:
        left, top, right, bottom = (v / 25.4 * DPI for v in box)
        step = (right - left) / len(text)
        for i in range(len(text)):
            a, b = int(left + i * step), int(left + (i + 1) * step) + 1
            rows = range(int(top + 0.1 * (bottom - top)), int(bottom - 0.1 * (bottom - top)))
            if all(min(pixels[r * width + a:r * width + b], default=255) > 150 for r in rows):
                wrong.append(f"{text[i]} of {text} is blank")
    return wrong


def say(ok, what, evidence=()):
    print(f"{'ok' if ok else 'not ok'} - {what}")
    if not ok:
        Judge.failed = True
        print("\n".join("# " + str(x)[:300] for x in list(evidence)[:30]))


def main(hufu, count, seed):
    Judge.failed = False
    judge, rng = Judge(hufu), random.Random(seed)
    with tempfile.TemporaryDirectory() as work:
        judge.refusals(work)
        for first in range(0, count, CHUNK):
            size = min(CHUNK, count - first)
            share = LOOKED_AT * (first + size) // count - LOOKED_AT * first // count
            judge.chunk(work, rng, 1000 + first, size, min(size, share))
    say(not judge.wrong, f"{judge.names} names on {judge.pages} pages are read, fit and are where they belong; "
        f"{judge.looked_at} of them have no blank cell; they weigh {judge.weight // judge.pages} bytes, "
        f"{judge.heaviest[0]} at most, {judge.heavy} more than {PAGE_HEAVY} ({len(judge.wrong)} wrong)", judge.wrong)
    print(f"# the heaviest page is that of {judge.heaviest[1]}")
    sys.exit(Judge.failed)


if len(sys.argv) not in (3, 4):
    sys.exit("names.py HUFU COUNT [SEED]")
main(os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 18030)
