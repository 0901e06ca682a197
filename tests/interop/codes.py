# SPDX-License-Identifier: Apache-2.0
"""codes.py FOLDER...: the printed code of every layout, as scanners and printers leave it, in four readers.

Three documents of each layout and language (the longest token, the shortest, one between) are rasterised at 150 dpi and
read by zbar, zxing-cpp, zxing-wasm and OpenCV's WeChat reader: as they are, blurred, turned by 5°, after JPEG 60, and
after all three.  The page as a 1-bit laser of 300 dpi prints it, grey made of dots, is read too.  Another text than the link of
the token is no answer.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import cv2
import numpy as np
import zxingcpp

sys.dont_write_bytecode = True
import common  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
# 6 × 6 clustered dots: about 70 lines an inch at 300 dpi, the worst a laser does.
DOTS = np.array([[34, 29, 17, 21, 30, 35], [28, 14, 9, 16, 20, 31], [13, 8, 4, 5, 15, 19],
                 [12, 3, 0, 1, 10, 18], [27, 7, 2, 6, 23, 24], [33, 26, 11, 22, 25, 32]])


def blurred(page):
    return cv2.GaussianBlur(page, (0, 0), 0.8)


def turned(page):
    height, width = page.shape
    about = cv2.getRotationMatrix2D((width / 2, height / 2), 5, 1)
    return cv2.warpAffine(page, about, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)


def compressed(page):
    return cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_GRAYSCALE)


def printed(page):
    """What a 1-bit laser leaves of a grey page at 300 dpi."""
    height, width = page.shape
    screen = (np.tile(DOTS, (height // 6 + 1, width // 6 + 1))[:height, :width] + 0.5) * 255 / 36
    return np.where(page > screen, 255, 0).astype(np.uint8)


ALL = (blurred, turned, compressed)
# What is done to the page, at how many dpi, and how many of the four readers must still read it: zbar gives up on the
# longest tokens at 150 dpi when everything comes together.
HARMS = (("as it is", 150, (), 4), ("blurred", 150, (blurred,), 4), ("turned by 5°", 150, (turned,), 4),
         ("in JPEG 60", 150, (compressed,), 4), ("blurred, turned, in JPEG 60", 150, ALL, 3),
         ("blurred, turned, in JPEG 60, of 200 dpi", 200, ALL, 4), ("as a 1-bit laser prints it", 300, (printed,), 4))


class Wasm:
    """zxing-wasm in its own process."""

    def __init__(self, folder):
        work = os.environ.get("WORK", "build/interop")
        self.path = os.path.join(folder, "page.gray")
        self.process = subprocess.Popen([os.environ.get("NODE", "build/node/node_modules/node/bin/node"),
                                         os.path.join(work, "zxing.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, page):
        page.tofile(self.path)
        self.process.stdin.write(f"{page.shape[1]} {page.shape[0]} {self.path}\n".encode())
        self.process.stdin.flush()
        return set(json.loads(self.process.stdout.readline() or b"[]"))


def zbar(page):
    head = b"P5 %d %d 255\n" % (page.shape[1], page.shape[0])
    done = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "pgm:-"],
                          input=head + page.tobytes(), capture_output=True, check=False)
    return set(done.stdout.decode("utf-8", "replace").split())


def zxing_cpp(page):
    return {code.text for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)}


def wechat():
    reader = cv2.wechat_qrcode.WeChatQRCode()  # its detector without the neural nets, which are no part of the package
    return lambda page: set(reader.detectAndDecode(page)[0])


def rasterised(path, dpi, page=1):
    done = subprocess.run(["pdftoppm", "-r", str(dpi), "-f", str(page), "-gray", "-singlefile", path], capture_output=True,
                          check=True)
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", done.stdout)
    return np.frombuffer(done.stdout[head.end():], np.uint8).reshape(int(head[2]), int(head[1]))


def reads(reader, page, digits):
    """A reader may look twice, as a phone looks many times: at the page, and at it enlarged by half."""
    for scale in (1, 1.5):
        seen = page if scale == 1 else cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        if any(text.endswith("/#" + digits) for text in reader(np.ascontiguousarray(seen))):
            return True
    return False


def layout(path):
    """What a document looks like: its template, its language, photo or none, how many pages."""
    with open(path, "rb") as f:
        data = f.read()
    language = bytes.fromhex(re.search(rb"/Lang <FEFF([0-9A-F]+)>", data)[1].decode()).decode("utf-16-be")
    creator = bytes.fromhex(re.search(rb"/Creator <FEFF([0-9A-F]+)>", data)[1].decode()).decode("utf-16-be")
    return creator, language, b"/BitsPerComponent 8" in data, len(re.findall(rb"/Type /Page\b", data))


def named(kind):
    creator, language, photo, pages = kind
    return f"{creator} {language}{' with a photo' if photo else ''}{f' of {pages} pages' if pages > 1 else ''}"


def chosen(folders):
    groups = {}
    for path in [p for folder in folders for p in common.documents(folder)]:
        digits = common.token_of(path)
        if common.say(digits is not None, f"{path} has one token"):
            groups.setdefault(layout(path), []).append((len(digits), path, digits))
    for group in groups.values():
        group.sort()
    return {kind: [group[i] for i in sorted({0, len(group) // 2, len(group) - 1})] for kind, group in groups.items()}


def main(folders):
    common.need("pdftoppm", "zbarimg")
    with tempfile.TemporaryDirectory() as work:
        readers = {"zbar": zbar, "zxing-cpp": zxing_cpp, "zxing-wasm": Wasm(work), "WeChat": wechat()}
        groups = chosen(folders)
        for kind, documents in sorted(groups.items()):
            for length, path, digits in documents:
                for number in range(1, kind[3] + 1):
                    pages = {dpi: rasterised(path, dpi, number) for dpi in (150, 200, 300)}
                    for harm, dpi, steps, wanted in HARMS:
                        page = pages[dpi]
                        for step in steps:
                            page = step(page)
                        read = [name for name, reader in readers.items() if reads(reader, page, digits)]
                        common.say(len(read) >= wanted,
                                   f"{named(kind)}, {length} digits, {harm}: {', '.join(read)} ({path}, page {number})")
    common.say(len(groups) >= 4, f"{len(groups)} layouts seen")
    common.finish()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("codes.py FOLDER...")
    main(sys.argv[1:])
