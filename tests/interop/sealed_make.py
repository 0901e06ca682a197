# SPDX-License-Identifier: Apache-2.0
"""sealed_make.py BUILD FOLDER: good/NAME.pdf and the same without a seal in plain/, spoiled/NAME.pdf, pki/."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "seal"))
import press as presses  # noqa: E402

LEVELS = {"B-B": (False, False), "B-T": (False, True), "B-LT": (True, True)}


def main(build, folder):
    press = presses.Press(os.path.abspath(build), folder)
    for part in ("good", "plain", "spoiled"):
        os.makedirs(os.path.join(folder, part))

    def write(part, name, pdf):
        with open(os.path.join(folder, part, name + ".pdf"), "wb") as f:
            f.write(pdf)

    for language in ("zh", "en"):
        plain = press.draw("plain=yes", language=language)[0]
        for level, (evidence, stamp) in LEVELS.items():
            for key in ("p256", "rsa"):
                name = f"{level}.{key}.{language}"
                pdf = press.seal(press.draw(evidence=evidence, language=language), key, timestamp=stamp)
                write("good", name, pdf)
                write("plain", name, plain)
        name = f"B-B.pkcs7.{language}"
        write("good", name, press.seal(press.draw("form=pkcs7", evidence=False, language=language), "rsa", timestamp=False))
        write("plain", name, plain)
        if language == "zh":  # whose page has two
            both = press.second(press.seal(press.draw("second=yes")))
            write("good", "B-LT.two.zh", both)
            write("plain", "B-LT.two.zh", plain)
    at = pdf.index(b"/MediaBox [0 0 595") + len("/MediaBox [0 0 ")
    write("spoiled", "byte", pdf[:at] + b"4" + pdf[at + 1:])
    at = both.index(b"/MediaBox [0 0 595") + len("/MediaBox [0 0 ")
    write("spoiled", "two", both[:at] + b"4" + both[at + 1:])
    print("# made")


if len(sys.argv) != 3:
    sys.exit("sealed_make.py BUILD FOLDER")
main(sys.argv[1], sys.argv[2])
