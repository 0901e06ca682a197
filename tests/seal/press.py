# SPDX-License-Identifier: Apache-2.0
"""Sealed documents: drawn by tests/seal/sealed, sealed by sealing.py, looked at by check_run."""
import os
import subprocess
import time

import sealing

FORM = "practising-certificate"
HOLE = 6000


class Press:
    """Draws, seals and checks."""

    def __init__(self, build, work):
        self.program, self.work = os.path.join(build, "tests/seal/sealed"), work
        self.pki = sealing.Pki(os.path.join(work, "pki"))
        self.evidence = self.pki.evidence()

    def run(self, *args):
        done = subprocess.run([self.program, *map(str, args)], capture_output=True, check=False, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def draw(self, *args, evidence=True, language="zh"):
        """Bytes and the place of the hole."""
        path = os.path.join(self.work, "drawn.pdf")
        words = self.run("draw", path, FORM, language, f"hole={HOLE}", *(self.evidence if evidence else ()), *args).split()
        with open(path, "rb") as f:
            return f.read(), int(words[0]), int(words[1])

    def seal(self, drawn, name="p256", pki=None, **wrong):
        pdf, hole, behind = drawn
        options = {"timestamp": True, **wrong}
        der = sealing.cms(pki or self.pki, name, sealing.digest_of(pdf, hole, behind), **options)
        return sealing.filled(pdf, hole, behind, der)

    def second(self, pdf, edit=lambda pdf: pdf, **wrong):
        before, after = os.path.join(self.work, "before.pdf"), os.path.join(self.work, "after.pdf")
        with open(before, "wb") as f:
            f.write(pdf)
        hole, behind, _length = map(int, self.run("second", before, after, "示范省注册会计师协会", HOLE).split())
        with open(after, "rb") as f:
            return self.seal((edit(f.read()), hole, behind), "local", **wrong)

    def judge(self, pdf, level="B-LT", sha256=None, anchors=None):
        path = os.path.join(self.work, "judged.pdf")
        with open(path, "wb") as f:
            f.write(pdf)
        return self.run("check", path, anchors or self.pki.path("root.pem"), int(time.time()) + 1, level, *([sha256] if sha256 else []))
