#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A published site to the network, for a demonstration.

    tests/demo/serve.py FOLDER URL [--pid FILE] [--check]

URL is the base of the codes, http://ADDRESS:PORT: the port is opened on every address of this machine, and the page and
the shared files are answered until Ctrl-C.  Each request is named on standard error: that is all a server learns.
--check only says whether it could be done.  An office puts its site behind a web server with https.
"""
import argparse
import os
import pathlib
import posixpath
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm",
         ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
         ".note": "text/plain; charset=utf-8", ".minisig": "text/plain; charset=utf-8"}
PLAIN = {"checkpoint", "sw-kill"}
HEADERS = {"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
           "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


def found(folder, prefix, target):
    """The file a request names, or None: no folder but the root, nothing hidden, nothing outside."""
    path = unquote(urlsplit(target).path, errors="replace")
    if not path.startswith(prefix + "/") or "\0" in path:
        return None
    name = path[len(prefix) + 1:] or "index.html"
    parts = name.split("/")
    if posixpath.normpath(name) != name or any(p.startswith(".") for p in parts):
        return None
    try:
        file = (folder / name).resolve()
        return file if file.is_file() and file.is_relative_to(folder) else None
    except OSError:
        return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "hufu-demo", ""
    timeout = 30
    folder, prefix = pathlib.Path(), ""

    def answer(self, with_body):
        file = found(self.folder, self.prefix, self.path)
        try:
            body = file.read_bytes() if file else b"none\n"
        except OSError:  # between the look and the reading a new edition took its place
            file, body = None, b"none\n"
        kind = "text/plain; charset=utf-8"
        if file and file.name not in PLAIN:
            kind = TYPES.get(file.suffix, "application/octet-stream")
        self.send_response(200 if file else 404)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def do_GET(self):
        self.answer(True)

    def do_HEAD(self):
        self.answer(False)

    def log_message(self, form, *parts):
        line = "".join(c if c.isprintable() else "?" for c in form % parts)
        print(f"  {self.client_address[0]} {line}", file=sys.stderr)


def port_of(url):
    parts = urlsplit(url)
    try:
        if parts.scheme != "http" or not parts.hostname or parts.query or parts.fragment:
            raise ValueError
        return parts.port or 80, parts.path.rstrip("/")
    except ValueError:
        sys.exit(f"serve.py: {url}: not http://ADDRESS:PORT")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("url")
    parser.add_argument("--pid", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    port, Handler.prefix = port_of(args.url)
    Handler.folder = args.folder.resolve()
    try:
        server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
    except OSError as fault:
        sys.exit(f"serve.py: port {port}: {fault.strerror}")
    if args.check:
        server.server_close()
        return
    if not Handler.folder.is_dir():
        sys.exit(f"serve.py: {args.folder}: no such folder")
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if args.pid:
        args.pid.write_text(f"{os.getpid()}\n")
    print(f"serving {args.folder} on port {port}; point the phone at a code, or open {args.url}/  (Ctrl-C ends)", flush=True)
    end.wait()
    server.shutdown()
    server.server_close()
    if args.pid:
        args.pid.unlink(missing_ok=True)


main()
