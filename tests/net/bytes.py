#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bytes.py BUILD: what checks fetch over http from an issuer of a thousand million documents, header lines included.

A phone that scans a code sees the same files: the code alone is the dearest target, for its entry must be read too.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

results = []
sent = {"bytes": 0, "requests": 0}
paths = []
site = {"folder": ""}


class Counted:
    def __init__(self, inner):
        self.inner = inner

    def write(self, data):
        sent["bytes"] += len(data)
        return self.inner.write(data)

    def __getattr__(self, name):
        return getattr(self.inner, name)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.wfile = Counted(self.wfile)

    def log_message(self, *_):
        pass

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        sent["requests"] += 1
        paths.append(self.path)
        path = site["folder"] + self.path
        if not os.path.isfile(path):
            return self.answer(404, b"none\n")
        with open(path, "rb") as f:
            body = f.read()
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, b"", ("ETag", tag))
        return self.answer(200, body, ("ETag", tag))


def say(ok, what, more=""):
    results.append(ok)
    print(("ok - " if ok else "not ok - ") + what)
    if not ok and more:
        print("# " + more)


def check(build, work, target, limit, what, *options):
    sent.update(bytes=0, requests=0)
    paths.clear()
    home = {k: v for k, v in os.environ.items() if not k.startswith("XDG_") and not k.lower().endswith("_proxy")}
    got = subprocess.run([f"{build}/hufu", "verify", f"{work}/{target}", "--site", site["url"], "--keys",
                          f"{work}/policy.json", "--json", *options],
                         capture_output=True, text=True, check=False, env=dict(home, HOME=f"{work}/me"))
    verdict = json.loads(got.stdout or "{}").get("verdict")
    say(verdict == "VALID" and 0 < sent["bytes"] <= limit,
        f"{what}: {sent['bytes']} bytes in {sent['requests']} requests, at most {limit}",
        f"{verdict} {got.stderr} {' '.join(paths)}")


def main(build):
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([f"{build}/tests/proof/far", work, str(int(time.time()))], check=True)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.update(folder=f"{work}/one", url=f"http://127.0.0.1:{server.server_port}")
        check(build, work, "other.digits", 8000, "a code with its proof, by a verifier that knows nothing")
        subprocess.run(["rm", "-rf", f"{work}/me"], check=True)
        os.remove(f"{work}/other.digits.tlog-proof")
        check(build, work, "mine.pdf", 60000, "a file, by a verifier that knows nothing")
        subprocess.run(["rm", "-rf", f"{work}/me"], check=True)
        check(build, work, "mine.digits", 60000, "a code, by a verifier that knows nothing")
        say(not any(p.endswith(".tlog-proof") for p in paths), "nothing is asked for that decides nothing")
        check(build, work, "mine.digits", 2000, "the same again")
        site["folder"] = f"{work}/two"
        check(build, work, "mine.digits", 8000, "the same when the log has grown by a tick")
        check(build, work, "near.digits", 30000, "another of the same 65,536, within the hour")
        check(build, work, "near.pdf", 30000, "its file")
        check(build, work, "other.pdf", 30000, "another from far away")
        check(build, work, "other.digits", 30000, "its code")
        check(build, work, "other.digits", 8000, "--evidence asks for the list's own proof too", "--evidence")
        say(any(p.endswith(".tlog-proof") for p in paths), "and it was asked for")
        server.shutdown()
    return 0 if all(results) else 1


sys.exit(main(os.path.abspath(sys.argv[1])))
