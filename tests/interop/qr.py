# SPDX-License-Identifier: Apache-2.0
"""qr.py OUT SITE: the printed code, rasterised at 150 dpi, read by zbar and by zxing-cpp."""
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import common  # noqa: E402

DPI = os.environ.get("DPI", "150")


def run(*command):
    return subprocess.run(command, capture_output=True, check=False).stdout.decode("utf-8", "replace")


def zbar(picture):
    return set(run("zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", picture).split())


def zxing(picture):
    return set(re.findall(r'Text:\s+"([^"]*)"', run("ZXingReader", "-format", "QRCode", picture)))


def pages(path, folder):
    subprocess.run(["pdftoppm", "-r", DPI, "-png", path, os.path.join(folder, "page")], check=True)
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder))]


def main(out, site):
    common.need("pdftoppm", "zbarimg", "ZXingReader")
    base = common.policy(site)["site"] + "/#"
    for path in common.documents(out, 20):
        digits = common.token_of(path)
        if digits is None:
            common.say(False, f"{path} has no token or several")
            continue
        with tempfile.TemporaryDirectory() as folder:
            pictures = pages(path, folder)
            for name, reader in (("zbar", zbar), ("zxing-cpp", zxing)):
                found = set().union(*(reader(p) for p in pictures))
                common.say(found == {base + digits}, f"{path}: {name} reads the link of its token at {DPI} dpi")
    common.finish()


if len(sys.argv) != 3:
    sys.exit("qr.py OUT SITE")
main(*sys.argv[1:])
