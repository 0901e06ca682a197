#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A time stamp service, OCSP responders and CRLs of a demo PKI (pki.sh) on loopback, that can do wrong on request.

server.py DIR makes the PKI in DIR, prints its port on one line and serves on 127.0.0.1 until its standard input ends.
  POST /tsa[/FAULT]           RFC 3161, by `openssl ts`
  POST /ocsp/CA               RFC 6960, by `openssl ocsp`; what is wrong is set by GET /set/ocsp/FAULT ("none": nothing)
  GET  /crl/CA                RFC 5280; GET /set/crl/FAULT
  GET  /count                 requests of each kind so far
"""
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DIR = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
lock = threading.Lock()
state = {"ocsp": "none", "crl": "none", "turns": "none"}
turns = [0]
counts = {"tsa": 0, "ocsp": 0, "crl": 0}
OID_TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")


def run(*args):
    done = subprocess.run(args, cwd=DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0


def read(der, at=0):
    """Tag, beginning and end of the content of the value at `at`."""
    n, head = der[at + 1], 2
    if n & 0x80:
        head = 2 + (n & 0x7F)
        n = int.from_bytes(der[at + 2:at + head], "big")
    return der[at], at + head, at + head + n


def parts(der, at=0):
    """The values within the constructed one at `at`."""
    _, at, end = read(der, at)
    out = []
    while at < end:
        stop = read(der, at)[2]
        out.append(der[at:stop])
        at = stop
    return out


def wrap(tag, content):
    n = len(content)
    size = bytes([n]) if n < 128 else (lambda b: bytes([0x80 | len(b)]) + b)(n.to_bytes((n.bit_length() + 7) // 8, "big"))
    return bytes([tag]) + size + content


def info_of(reply):
    """The TSTInfo within a TimeStampResp."""
    at = reply.index(OID_TST_INFO) + len(OID_TST_INFO)
    _, at, _ = read(reply, at)
    _, at, end = read(reply, at)
    return reply[at:end]


def reply_of(token):
    return wrap(0x30, wrap(0x30, b"\x02\x01\x00") + token)


class Work:
    """Files of one request."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(dir=DIR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.dir.cleanup()

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def put(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def get(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()


def stamped(query, section="tsa1"):
    with lock, Work() as w:  # one serial number after the other
        ok = run("openssl", "ts", "-reply", "-config", "openssl.cnf", "-section", section, "-queryfile", w.put("q", query),
                 "-out", w.path("r"))
        return w.get("r") if ok else b""


def resigned(info, signer, *options):
    """A token over this TSTInfo by somebody else."""
    with Work() as w:
        run("openssl", "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-md", "sha256", "-econtent_type",
            "1.2.840.113549.1.9.16.1.4", "-signer", signer + ".pem", "-inkey", signer + ".key", "-outform", "DER", "-in",
            w.put("i", info), "-out", w.path("t"), *(options or ("-cades",)))
        return reply_of(w.get("t"))


def other_time(info, seconds):
    at = 0
    for part in parts(info):
        if part[0] == 0x18:
            at = info.index(part)
    when = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + seconds)).encode()
    old = parts(info)
    return wrap(0x30, b"".join(wrap(0x18, when) if p[0] == 0x18 else p for p in old)) if at else info


def changed_query(query, which):
    """Another nonce or imprint, or no policy, than was asked."""
    out = []
    for i, p in enumerate(parts(query)):
        if which == "nonce" and p[0] == 0x02 and i > 0:
            p = p[:-1] + bytes([p[-1] ^ 1])
        if which == "imprint" and i == 1:
            p = p[:-1] + bytes([p[-1] ^ 1])
        if which in ("policy", "no-nonce"):
            if which == "policy" and p[0] == 0x06:
                continue
            if which == "no-nonce" and p[0] == 0x02 and i > 0:
                continue
        out.append(p)
    return wrap(0x30, b"".join(out))


def tsa(query, fault):
    if fault in ("nonce", "imprint", "policy", "no-nonce"):
        return stamped(changed_query(query, fault))
    second = fault == "second"
    if fault == "turns":  # from the second request on by another certificate
        turns[0] += 1
        second = turns[0] > 1 or state["turns"] == "hold"
    reply = stamped(query, "tsa2" if second else "tsa1")
    if fault == "purpose":
        return resigned(info_of(reply), "p256")
    if fault in ("mild", "both"):
        return resigned(info_of(reply), "tsa-" + fault)
    if fault == "stranger":
        return resigned(info_of(reply), "tsa-rogue")
    if fault == "no-certificate":
        return resigned(info_of(reply), "tsa2", "-cades", "-nocerts")
    if fault == "unnamed":
        return resigned(info_of(reply), "tsa2", "-nosmimecap")  # without -cades
    if fault == "early":
        return resigned(other_time(info_of(reply), -900), "tsa2")
    if fault == "late":
        return resigned(other_time(info_of(reply), 900), "tsa2")
    if fault == "flipped":
        return reply[:-1] + bytes([reply[-1] ^ 1])
    if fault == "trailing":
        return reply + b"\0"
    if fault == "truncated":
        return reply[:len(reply) // 2]
    if fault == "noise":
        return b"\xde\xad\xbe\xef" * 100
    if fault == "empty":
        return b""
    if fault == "refuse":
        return wrap(0x30, wrap(0x30, b"\x02\x01\x02" + wrap(0x30, wrap(0x0C, b"quota used up"))))
    return reply


def ocsp(ca, request, fault):
    responder = {"issuing": "ocsp-issuing", "tsaroot": "ocsp-tsaroot"}[ca]
    if ca == "issuing":  # faults are of the seals' own authority
        responder = {"stranger": "ocsp-tsaroot", "checked": "ocsp-checked", "issuer": "issuing", "plain": "p256"}.get(fault, responder)
        if fault == "later":
            return bytes.fromhex("30030a0103")
        if fault == "noise":
            return b"\xde\xad\xbe\xef" * 100
    with Work() as w:
        if ca == "issuing" and fault == "other":  # an answer for another certificate
            run("openssl", "ocsp", "-sha1", "-issuer", "issuing.pem", "-cert", "p384.pem", "-no_nonce", "-reqout", w.path("q"))
        else:
            w.put("q", request)
        run("openssl", "ocsp", "-index", ca + ".index", "-CA", ca + ".pem", "-rsigner", responder + ".pem", "-rkey",
            responder + ".key", "-ndays", "1", "-reqin", w.path("q"), "-respout", w.path("r"))
        reply = w.get("r")
    if ca == "issuing" and fault == "flipped":
        at = reply.index(parts(reply)[1]) + 60
        return reply[:at] + bytes([reply[at] ^ 1]) + reply[at + 1:]
    return reply


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "test"
    sys_version = ""

    def log_message(self, *_):
        pass

    def answer(self, body, kind="application/octet-stream", status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def transport(self, fault, body):
        """What goes wrong whatever is asked; False when nothing does."""
        if fault == "slow":
            time.sleep(4)
            self.close_connection = True
        elif fault == "cut":
            self.close_connection = True
            self.answer(body[:100], length=len(body) or 1000)
        elif fault == "dead":
            self.close_connection = True
        elif fault == "large":
            self.answer(b"x" * (4 << 20))
        elif fault == "status":
            self.answer(b"sorry\n", status=503)
        elif fault == "page":
            self.answer(b"<!DOCTYPE html><html>please log in</html>", "text/html")
        else:
            return False
        return True

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        steps = self.path.strip("/").split("/")
        try:
            if steps[0] == "tsa":
                counts["tsa"] += 1
                fault = steps[1] if len(steps) > 1 else "none"
                if fault == "once" and counts["tsa"] % 2 == 1:  # down now, up at the next try
                    self.close_connection = True
                    return
                if not self.transport(fault, b"x" * 1000):
                    self.answer(tsa(body, fault), "application/timestamp-reply")
            else:
                counts["ocsp"] += 1
                fault = state["ocsp"] if steps[1] == "issuing" else "none"
                if not self.transport(fault, b"x" * 1000):
                    self.answer(ocsp(steps[1], body, fault), "application/ocsp-response")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self):
        steps = self.path.strip("/").split("/")
        try:
            if steps[0] == "set":
                state[steps[1]] = steps[2]
                self.answer(b"ok\n")
            elif steps[0] == "count":
                self.answer(b"%d %d %d\n" % (counts["tsa"], counts["ocsp"], counts["crl"]))
            elif steps[0] == "crl":
                counts["crl"] += 1
                fault = state["crl"]
                name = {"stale": "stale", "other": "issuing"}.get(fault, steps[1]) if steps[1] == "root" else steps[1]
                with open(os.path.join(DIR, name + ".crl"), "rb") as f:
                    crl = f.read()
                if fault == "flipped":
                    crl = crl[:-1] + bytes([crl[-1] ^ 1])
                if not self.transport(fault, crl):
                    self.answer(crl, "application/pkix-crl")
            else:
                self.answer(b"none\n", status=404)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    done = subprocess.run(["sh", os.path.join(HERE, "pki.sh"), DIR, str(server.server_port)], stdout=sys.stderr)
    if done.returncode != 0:
        sys.exit(1)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


main()
