#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A site that behaves badly, for the tests of src/net and of the command line.

server.py [--tls CERT KEY] [--root DIR] prints its port on one line and serves on 127.0.0.1 until its standard input ends.
The first step of a path is how it behaves, the rest the file asked for; GET /count answers how many connections and
requests there were before this one.
"""
import gzip
import hashlib
import os
import socket
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILE = b"the file\n" * 100
BIG = 10 << 20
PAGE = b"<!DOCTYPE html>\n<html><body>Please log in</body></html>\n"
counts = {"connections": 0, "requests": 0}
seen = {}


def option(name, width=1):
    if name not in sys.argv:
        return None
    at = sys.argv.index(name)
    return sys.argv[at + 1:at + 1 + width]


ROOT = (option("--root") or [None])[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "test"
    sys_version = ""

    def setup(self):
        counts["connections"] += 1
        super().setup()

    def log_message(self, *_):
        pass

    def head(self, status, *headers, length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def answer(self, body, *headers, status=200):
        self.head(status, *headers, length=len(body))
        self.wfile.write(body)

    def do_GET(self):
        step, _, rest = self.path[1:].partition("/")
        act = getattr(self, "act_" + step.replace("-", "_"), None)
        counts["requests"] += 1
        seen.clear()
        seen.update({k.lower(): v for k, v in self.headers.items()})
        try:
            if act is None:
                self.answer(b"no such behaviour\n", status=404)
            else:
                act(rest)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        counts["requests"] += 1
        if self.path.startswith("/post/"):
            said = "%s %s %s %d\n" % (self.path, self.headers.get("Content-Type"), self.headers.get("Accept"), len(body))
            self.answer(said.encode() + body)
        elif self.path.startswith("/away"):
            self.head(307, ("Location", "/post/"), length=0)
        elif self.path.startswith("/large"):
            self.answer(b"x" * BIG)
        else:
            self.answer(b"none\n", status=404)

    def act_count(self, _):
        self.answer(b"%d %d\n" % (counts["connections"], counts["requests"] - 1))

    def act_ok(self, _):
        self.answer(FILE)

    def act_empty(self, _):
        self.answer(b"")

    def act_echo(self, _):
        self.answer("".join(f"{k}: {v}\n" for k, v in sorted(seen.items())).encode())

    def act_site(self, rest):  # a published folder, with entity tags
        path = os.path.join(ROOT, *rest.split("/"))
        if not os.path.isfile(path):
            return self.answer(b"none\n", status=404)
        with open(path, "rb") as f:
            body = f.read()
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        if self.headers.get("If-None-Match") == tag:
            return self.head(304, ("ETag", tag))
        return self.answer(body, ("ETag", tag))

    def act_chunked(self, _):
        self.head(200, ("Transfer-Encoding", "chunked"))
        for at in range(0, len(FILE), 100):
            part = FILE[at:at + 100]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def act_chunked_endless(self, _):
        self.head(200, ("Transfer-Encoding", "chunked"))
        while True:
            self.wfile.write(b"1000\r\n%s\r\n" % (b"x" * 4096))

    def act_until_close(self, _):  # HTTP/1.0: the end of the connection is the end of the file
        self.close_connection = True
        self.head(200, ("Connection", "close"))
        self.wfile.write(FILE)

    def act_gzip(self, _):
        self.answer(gzip.compress(FILE), ("Content-Encoding", "gzip"))

    def act_slow(self, _):  # one byte a second
        self.head(200, length=len(FILE))
        for byte in FILE:
            self.wfile.write(bytes([byte]))
            time.sleep(1)

    def act_drip(self, _):  # slower than a file may take, faster than "slow"
        self.head(200, length=1 << 20)
        while True:
            self.wfile.write(b"x" * 200)
            time.sleep(0.1)

    def act_silent(self, _):
        time.sleep(30)

    def act_cut(self, _):
        self.close_connection = True
        self.head(200, length=len(FILE))
        self.wfile.write(FILE[:100])

    def act_reset(self, _):
        self.close_connection = True
        self.head(200, length=len(FILE))
        self.wfile.write(FILE[:100])
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def act_nothing(self, _):
        self.close_connection = True

    def act_noise(self, _):
        self.close_connection = True
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")

    def act_big(self, _):
        self.head(200, length=BIG)
        self.wfile.write(b"x" * BIG)

    def act_big_unsaid(self, _):
        self.close_connection = True
        self.head(200, ("Connection", "close"))
        self.wfile.write(b"x" * BIG)

    def act_big_404(self, _):
        self.head(404, length=BIG)
        self.wfile.write(b"x" * BIG)

    def act_big_headers(self, _):
        self.close_connection = True
        self.send_response(200)
        for i in range(100):
            self.wfile.write(b"X-%d: " % i + b"x" * 60000 + b"\r\n")
        self.wfile.write(b"\r\n")

    def act_page(self, _):
        self.answer(PAGE, ("Content-Type", "text/html; charset=utf-8"))

    def act_page_unsaid(self, _):
        self.answer(b"\xef\xbb\xbf\n  " + PAGE, ("Content-Type", "application/octet-stream"))

    def act_page_fragment(self, _):
        self.answer(b"\n<p>Please log in", ("Content-Type", "text/html"))

    def act_tile(self, _):  # noise that begins with '<' is no page
        self.answer(b"<" + bytes(range(256)), ("Content-Type", "application/octet-stream"))

    def act_status(self, rest):
        self.answer(b"sorry\n", status=int(rest.split("/")[0]))

    def act_unasked_304(self, _):
        self.head(304, length=0)

    def act_here(self, rest):  # to the file itself, on the same host
        self.head(302, ("Location", "/ok/" + rest), length=0)

    def act_hops(self, rest):  # so many of them
        n, _, name = rest.partition("/")
        to = "/ok/" + name if n == "1" else f"/hops/{int(n) - 1}/{name}"
        self.head(307, ("Location", to), length=0)

    def act_circle(self, rest):
        self.head(301, ("Location", "/circle/" + rest), length=0)

    def act_away(self, rest):  # another name of the same machine is another host
        self.head(302, ("Location", f"http://localhost:{self.server.server_port}/ok/{rest}"), length=0)

    def act_other_port(self, rest):
        self.head(302, ("Location", f"http://127.0.0.1:9/ok/{rest}"), length=0)

    def act_plain(self, rest):  # from https back to http
        self.head(302, ("Location", f"http://127.0.0.1:{self.server.server_port}/ok/{rest}"), length=0)

    def act_to_file(self, _):
        self.head(302, ("Location", "file:///etc/hostname"), length=0)

    def act_no_place(self, _):
        self.head(302, length=0)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    tls = option("--tls", 2)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


main()
