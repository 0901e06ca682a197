# SPDX-License-Identifier: Apache-2.0
"""sealed.py FOLDER: the seals of good/ and spoiled/ by pdfsig, whose words count and not its exit status, and by mutool."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import common  # noqa: E402


def words_of(*command):
    done = subprocess.run(command, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def look(path, spoiled):
    name = os.path.basename(path)
    two = "two" in name
    words = words_of("pdfsig", "-nocert", path)
    valid, mismatched = words.count("Signature is Valid"), words.count("Digest Mismatch")
    whole = words.count("- Total document signed")
    if spoiled:
        common.say(valid == 0 and mismatched == 1 + two, f"{name}: pdfsig finds {mismatched} mismatched and {valid} valid")
    else:
        # The first of two covers what there was when it was set.
        common.say(valid == 1 + two and whole == 1, f"{name}: pdfsig finds {valid} valid, {whole} over the whole file")
        kind = "adbe.pkcs7.detached" if "pkcs7" in name else "ETSI.CAdES.detached"
        common.say(words.count("Signature Type: " + kind) == 1 + two, f"{name}: of the type {kind}")
    words = words_of("mutool", "sign", "-v", path)
    unchanged, invalid = words.count("unchanged since signing"), words.count("invalidated")
    if spoiled:
        common.say(unchanged == 0 and invalid == 1 + two, f"{name}: mutool finds {invalid} invalidated")
    else:
        common.say(unchanged == 1 and invalid == 0, f"{name}: mutool finds {unchanged} unchanged")


def main(folder):
    common.need("pdfsig", "mutool")
    for part in ("good", "spoiled"):
        for path in common.documents(os.path.join(folder, part)):
            look(path, part == "spoiled")
    common.finish()


if len(sys.argv) != 2:
    sys.exit("sealed.py FOLDER")
main(sys.argv[1])
