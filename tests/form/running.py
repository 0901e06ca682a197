# SPDX-License-Identifier: Apache-2.0
"""running.py COMPOSE COUNT [SEED]: COUNT texts (Chinese, English, mixed, long words, rare characters) are set by COMPOSE
(tests/form/compose).  No line is wider than its measure, by its own word and by poppler's; none begins or ends with what may not;
no character is lost, and pdftotext returns every line as it was written.
"""
import os
import random
import re
import subprocess
import sys
import tempfile

NEVER_FIRST = set("!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠")
NEVER_LAST = set("$([{£¥‘“〈《「『【〔〖〝（［｛￡￥")
HAN = "示范注册会计师协会兹证明截至年月日在册员资格状况良好名记载如下费已缴并通过度检查无未决惩戒程序的一是不了人我有他这"
RARE = ["𰻝", "䶮", "㛃", "𬱖", "𤧛", "𫄧", "龘", "\U000200CC"]
WORDS = ("The Institute confirms that as at the register of members shows Anne-Marie O’Brien Nguyễn Łukasz Şahin naïve "
         "practising audit; reports, fees (paid) “good standing” 1,234.50 v2.0 e.g. Αθήνα Москва 50% re-issue").split()
DATES = ["2026年11月23日", "二〇二六年十一月二十三日", "23 November 2026", "09:00（UTC+8）", "09:00 (UTC+8)", "3.14", "99.5%"]
WHOLE = [d for d in DATES if "UTC" not in d]  # a time is kept by the template that names it
PAGES = 50
SIZE = 11 * 25.4 / 72  # mm of an em


def han(rng):
    out = "".join(rng.choice(HAN) for _ in range(rng.randint(2, 30)))
    kind = rng.random()
    if kind < 0.2:
        return "《" + out[:8] + "》"
    if kind < 0.3:
        return "（" + out[:6] + "）"
    if kind < 0.36:
        return "“" + out[:5] + "”"
    return out + rng.choice(["，", "。", "、", "；", "：", "！", "——", "……", ""])


def text_make(rng):
    """A text, and whether a word of it is wider than any measure may be."""
    kind = rng.choice(["zh", "zh", "en", "en", "mixed", "mixed", "long", "rare"])
    parts = []
    for _ in range(rng.randint(1, 14)):
        take = rng.random()
        if kind in ("zh", "rare") or (kind == "mixed" and take < 0.5):
            parts.append(han(rng))
            if kind == "rare":
                parts.append(rng.choice(RARE))
            if rng.random() < 0.3:
                parts.append(rng.choice(DATES))
            if kind == "mixed":
                parts.append(rng.choice(["", "", " "]) + rng.choice(WORDS) + rng.choice(["", " "]))
        else:
            parts.append(" ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 8))) + " ")
            if rng.random() < 0.3:
                parts.append(rng.choice(DATES[2:]) + " ")
    if kind == "long":
        parts.insert(rng.randrange(len(parts) + 1), "x" * rng.randint(10, 150) + " ")
    text = re.sub(" +", " ", "".join(parts)).strip()
    return text, kind, "zh" if kind in ("zh", "rare") or rng.random() < 0.3 else "en"


class Judge:
    def __init__(self, rng, count):
        self.wrong, self.orders, self.lines, self.refused = [], [], 0, 0
        for _ in range(count):
            text, kind, language = text_make(rng)
            self.orders.append((rng.randint(60, 160), language, rng.randint(0, 1), text, kind))

    def say(self, order, what):
        self.wrong.append(f"{order[0]} mm, {order[1]}: {order[3]}: {what}")

    def one(self, order, answer):
        """What the program says of a text, None when it was refused."""
        width, _, hang, text, kind = order
        head = next(answer)
        if head.startswith("refused"):
            self.refused += 1
            if head != "refused TEXT-TOO-WIDE" or kind != "long":
                self.say(order, head)
            return None
        lines = [next(answer).split(" ", 2) for _ in range(int(head.split()[1]))]
        said = [line[2] for line in lines]
        if "".join(said) != text:
            self.say(order, f"came back as {said}")
        for i, (wide, over, line) in enumerate(lines):
            if float(wide) > width + 0.01 or (float(over) > 0 and not hang) or float(over) > SIZE * 1.3:
                self.say(order, f"'{line}' is {wide} mm and {over} wide")
            shown = line.strip()
            if i > 0 and shown[0] in NEVER_FIRST or i + 1 < len(lines) and shown[-1] in NEVER_LAST:
                self.say(order, f"'{line}' begins or ends as no line may")
            if i > 0 and said[i - 1][-1:] + line[:1] in ("——", "……"):
                self.say(order, f"'{line}' cuts a pair")
        for date in WHOLE:
            if date in text and sum(line.count(date) for line in said) < text.count(date):
                self.say(order, f"'{date}' is cut: {said}")
        self.lines += len(lines)
        return lines

    def pages(self, folder, number, drawn):
        pdf = os.path.join(folder, f"{number:04}.pdf")
        raw = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", pdf, "-"], capture_output=True, check=True).stdout.decode()
        boxes = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True).stdout.decode()
        pages = zip(drawn, raw.split("\f"), boxes.split("<page ")[1:])
        for (order, lines), page, words in pages:
            seen = page.strip("\n").split("\n")
            wanted = [line[2].strip() for line in lines]
            if seen != wanted:
                self.say(order, f"pdftotext has {[x for x in seen if x not in wanted]} for {[x for x in wanted if x not in seen]}")
            over = max(float(line[1]) for line in lines)
            right = max(float(x) for x in re.findall(r'xMax="([\d.]+)"', words)) * 25.4 / 72
            if right > 20 + order[0] + over + 0.1:
                self.say(order, f"poppler sees text to {right - 20:.2f} mm")


def main(program, count, seed):
    judge = Judge(random.Random(seed), count)
    orders = "".join(f"{w} {language} {hang} {text}\n" for w, language, hang, text, _ in judge.orders)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([program, folder], input=orders.encode(), capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stderr.decode())
        answer = iter(done.stdout.decode().split("\n"))
        drawn = [(order, lines) for order in judge.orders if (lines := judge.one(order, answer)) is not None]
        for at in range(0, len(drawn), PAGES):
            judge.pages(folder, at // PAGES, drawn[at:at + PAGES])
    print(f"{'not ok' if judge.wrong else 'ok'} {count} texts in {judge.lines} lines are as wide as they may be, end where they may and "
          f"come back as written; {judge.refused} words too long are refused ({len(judge.wrong)} wrong)")
    print("\n".join("# " + w[:400] for w in judge.wrong[:20]))
    sys.exit(bool(judge.wrong))


if len(sys.argv) not in (3, 4):
    sys.exit("running.py COMPOSE COUNT [SEED]")
main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 14)
