#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write log.json: entries, trees, tiles, proofs, checkpoints, by hashlib and python3-nacl alone.  make_log.py > log.json"""
import base64
import hashlib
import json
import struct

from nacl.signing import SigningKey

ORIGIN = "verify.example.org/log"
TIME = 1795140000


def sha(data):
    return hashlib.sha256(data).digest()


def key(name):
    return SigningKey(sha(b"hufu log vectors " + name.encode()))


def b64(data):
    return base64.b64encode(data).decode()


def key_id(name, kind, who):
    return sha(name.encode() + b"\n" + bytes([kind]) + bytes(key(who).verify_key))[:4]


def vkey(name, kind, who):
    return "%s+%s+%s" % (name, key_id(name, kind, who).hex(), b64(bytes([kind]) + bytes(key(who).verify_key)))


# Entries: 65 bytes.
def entry(kind, body):
    return bytes([kind]) + body.ljust(64, b"\0")


def document(i):
    a = sha(b"log test %d" % i)
    return entry(1, a + sha(a))


X = sha(b"x")
ENTRIES = [("document 0", document(0)), ("manifest of batch 258", entry(2, X + struct.pack(">Q", 258))),
           ("shard 3, iat 1795140000", entry(3, X + struct.pack(">QQ", 3, TIME))),
           ("key list, version 7", entry(4, X + struct.pack(">Q", 7))), ("journal head", entry(5, X + struct.pack(">Q", 1))),
           ("plan", entry(5, X + struct.pack(">Q", 2))), ("page build", entry(5, X + struct.pack(">Q", 3)))]


# The tree: RFC 6962, section 2.1, word for word.
def leaf(data):
    return sha(b"\0" + data)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d):
    if len(d) == 0:
        return sha(b"")
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return sha(b"\1" + mth(d[:k]) + mth(d[k:]))


def path(m, d):
    if len(d) == 1:
        return []
    k = split(len(d))
    return path(m, d[:k]) + [mth(d[k:])] if m < k else path(m - k, d[k:]) + [mth(d[:k])]


def subproof(m, d, whole):
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    return subproof(m, d[:k], whole) + [mth(d[k:])] if m <= k else subproof(m - k, d[k:], False) + [mth(d[:k])]


LEAVES = [leaf(document(i)) for i in range(1000)]


def root(n):
    return mth(LEAVES[:n])


def flip(data, bit=0):
    data = bytearray(data)
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


def inclusion():
    def case(name, expect, size, index, leaf_hash, root_hash, proof):
        return dict(name=name, expect=expect, size=size, index=index, leaf=leaf_hash.hex(), root=root_hash.hex(),
                    proof=[p.hex() for p in proof])
    for size, index in ((1, 0), (2, 1), (3, 2), (7, 3), (256, 255), (257, 256), (1000, 333), (1000, 999)):
        good = (size, index, LEAVES[index], root(size), path(index, LEAVES[:size]))
        yield case("leaf %d of %d" % (index, size), "good", *good)
        p = good[4]
        yield case("another leaf", "bad", size, index, LEAVES[index + 1] if index < 999 else LEAVES[0], good[3], p)
        yield case("another root", "bad", size, index, good[2], flip(good[3], 255), p)
        yield case("index = size", "bad", size, size, good[2], good[3], p)
        yield case("no tree", "bad", 0, 0, good[2], good[3], p)
        yield case("one hash more", "bad", size, index, good[2], good[3], p + [root(size)])
        for i in range(0, len(p), 3):
            yield case("a bit of hash %d" % i, "bad", size, index, good[2], good[3], p[:i] + [flip(p[i], 77)] + p[i + 1:])
        if p:
            yield case("one hash less", "bad", size, index, good[2], good[3], p[:-1])
            yield case("the first hash less", "bad", size, index, good[2], good[3], p[1:])
            yield case("the neighbour's place", "bad", size, index ^ 1, good[2], good[3], p)
        if len(p) > 1:
            yield case("hashes turned round", "bad", size, index, good[2], good[3], p[::-1])
    # A node of the tree given out for a leaf: the prefixes differ, so it must not be reached from a leaf hash.
    yield case("a node's two halves as an entry", "bad", 2, 0, leaf(LEAVES[0] + LEAVES[1]), root(4), [mth(LEAVES[2:4])])


def consistency():
    def case(name, expect, old, old_root, size, root_hash, proof):
        return dict(name=name, expect=expect, old_size=old, old_root=old_root.hex(), size=size, root=root_hash.hex(),
                    proof=[p.hex() for p in proof])
    for old, size in ((0, 5), (1, 1), (1, 2), (2, 3), (3, 7), (4, 8), (6, 8), (255, 256), (256, 257), (257, 1000), (512, 1000),
                      (1000, 1000)):
        p = subproof(old, LEAVES[:size], True) if old else []
        yield case("%d to %d" % (old, size), "good", old, root(old), size, root(size), p)
        yield case("another old root", "bad", old, flip(root(old)), size, root(size), p)
        yield case("one hash more", "bad", old, root(old), size, root(size), p + [root(size)])
        if old:
            yield case("another root", "bad", old, root(old), size, flip(root(size)), p)
        if old < size:
            yield case("shrinks", "bad", size, root(size), old, root(old), p)
        for i in range(0, len(p), 2):
            yield case("a bit of hash %d" % i, "bad", old, root(old), size, root(size), p[:i] + [flip(p[i], 9)] + p[i + 1:])
        if p:
            yield case("one hash less", "bad", old, root(old), size, root(size), p[:-1])
            yield case("no hash", "bad", old, root(old), size, root(size), [])
    split_view = mth([flip(LEAVES[0])] + LEAVES[1:100])
    yield case("a split view", "bad", 100, split_view, 257, root(257), subproof(100, LEAVES[:257], True))


# Tiles: C2SP tlog-tiles.
def tile_name(level, n):
    groups = []
    while True:
        groups.insert(0, "%03d" % (n % 1000))
        n //= 1000
        if n == 0:
            break
    return "/tile/%s/%s" % (level, "/".join(["x" + g for g in groups[:-1]] + groups[-1:]))


def files(size):
    out = {}
    for level in range(8):
        row = [mth(LEAVES[i * 256**level:(i + 1) * 256**level]) for i in range(size // 256**level)]
        for n in range(0, len(row), 256):
            width = len(row[n:n + 256])
            suffix = "" if width == 256 else ".p/%d" % width
            out[tile_name(level, n // 256) + suffix] = b"".join(row[n:n + 256])
            if level == 0:
                out[tile_name("entries", n // 256) + suffix] = b"".join(
                    struct.pack(">H", 65) + document(i) for i in range(n, n + width))
    return out


# Checkpoints: C2SP signed-note, tlog-checkpoint, tlog-cosignature.
def body(size, root_hash, origin=ORIGIN):
    return ("%s\n%s\n%s\n" % (origin, size, b64(root_hash))).encode()


def line(name, kind, who, signature):
    return "\u2014 %s %s\n" % (name, b64(key_id(name, kind, who) + signature))


def by_log(text, name=ORIGIN, who="log"):
    return line(name, 1, who, key(who).sign(text).signature)


def by_witness(text, n, time=TIME, said=None, who=None):
    name, who = "w%d.example.net" % n, who or "witness %d" % n
    message = b"cosignature/v1\ntime %d\n" % (time if said is None else said) + text
    return line(name, 4, who, struct.pack(">Q", time) + key(who).sign(message).signature)


def note(text, *lines):
    return text.decode() + "\n" + "".join(lines)


def checkpoints():
    def good(name, text, size, count, newest):
        return dict(name=name, expect="good", text=text, size=size, root=root(size).hex(), witnesses=count, newest=newest)

    def bad(name, text):
        return dict(name=name, expect="bad", text=text)
    b = body(257, root(257))
    log = by_log(b)
    yield good("the log alone", note(b, log), 257, 0, 0)
    yield good("two witnesses", note(b, log, by_witness(b, 1), by_witness(b, 2, TIME + 60)), 257, 2, TIME + 60)
    yield good("witnesses before the log", note(b, by_witness(b, 2), by_witness(b, 1), log), 257, 2, TIME)
    yield good("one witness, twice", note(b, log, by_witness(b, 1), by_witness(b, 1, TIME + 9)), 257, 1, TIME + 9)
    yield good("a stranger's line", note(b, log, by_witness(b, 3), line("x", 1, "x", b"\0" * 64)), 257, 0, 0)
    yield good("a witness's name, another key", note(b, log, by_witness(b, 1, who="x")), 257, 0, 0)
    yield good("nothing yet", note(body(0, root(0)), by_log(body(0, root(0)))), 0, 0, 0)
    yield good("latest time there is", note(b, log, by_witness(b, 1, 2**63 - 1)), 257, 1, 2**63 - 1)
    yield bad("no signature", b.decode())
    yield bad("no line", b.decode() + "\n")
    yield bad("witnesses only", note(b, by_witness(b, 1), by_witness(b, 2)))
    yield bad("the log's signature of another tree", note(b, by_log(body(256, root(256)))))
    yield bad("the log's name, another key", note(b, by_log(b, who="x")))
    yield bad("another log", note(body(257, root(257), "verify.example.org/log2"), by_log(body(257, root(257), "verify.example.org/log2"))))
    yield bad("a second line of the log that is wrong", note(b, log, by_log(body(256, root(256)))))
    yield bad("a witness's signature of another time", note(b, log, by_witness(b, 1, TIME, TIME + 1)))
    yield bad("a witness's signature of another tree", note(b, log, by_witness(body(256, root(256)), 1)))
    yield bad("a time past 2^63 - 1", note(b, log, by_witness(b, 1, 2**63)))
    yield bad("a witness's plain signature", note(b, log, line("w1.example.net", 4, "witness 1", key("witness 1").sign(b).signature)))
    yield bad("a blank line in the signatures", note(b, log, "\n", by_witness(b, 1)))
    yield bad("no newline at the end", note(b, log)[:-1])
    yield bad("a hyphen for the dash", note(b, log.replace("\u2014", "-")))
    for name, text in (("an extension line", b + b"more\n"), ("a leading zero", body("0257", root(257))),
                       ("a sign", body("+257", root(257))), ("over 2^62", body(2**62 + 1, root(257))),
                       ("a root too short", body(257, root(257)[:31])), ("a root too long", body(257, root(257) + b"\0")),
                       ("the empty tree with a root", body(0, root(1))), ("two lines", b"%s\n257\n" % ORIGIN.encode()),
                       ("carriage returns", b.replace(b"\n", b"\r\n"))):
        yield bad(name, note(text, by_log(text)))


def sidecars():
    def proof(size=1000, index=333, hashes=None, extra=None, head="c2sp.org/tlog-proof@v1", text=None):
        b = body(size, root(size))
        lines = [head] + ([] if extra is None else ["extra " + extra]) + ["index %s" % index]
        lines += [b64(h) for h in (path(index, LEAVES[:size]) if hashes is None else hashes)]
        return "\n".join(lines) + "\n\n" + (text or note(b, by_log(b), by_witness(b, 1)))
    c_pdf = b64(document(333)[33:])
    p = path(333, LEAVES[:1000])

    def case(name, expect, text, leaf_hash=LEAVES[333]):
        return dict(name=name, expect=expect, leaf=leaf_hash.hex(), text=text)
    yield case("with c_pdf", "good", proof(extra=c_pdf))
    yield case("without", "good", proof())
    yield case("a tree of one", "good", proof(1, 0), LEAVES[0])
    yield case("another leaf", "bad", proof(), LEAVES[334])
    yield case("another index", "bad", proof(index=332, hashes=p))
    yield case("a hash with a bit flipped", "bad", proof(hashes=[flip(p[0], 5)] + p[1:]))
    yield case("a hash less", "bad", proof(hashes=p[:-1]))
    yield case("a hash more", "bad", proof(hashes=p + [root(5)]))
    yield case("the proof of a smaller tree", "bad", proof(hashes=path(333, LEAVES[:999])))
    yield case("another version", "bad", proof(head="c2sp.org/tlog-proof@v2"))
    yield case("index with a zero", "bad", proof(index="0333", hashes=p))
    yield case("extra that is no base64", "bad", proof(extra=c_pdf[:-1]))
    yield case("extra of nothing", "bad", proof(extra=""))
    yield case("no checkpoint", "bad", proof(text=note(body(1000, root(1000)))))
    yield case("no blank line", "bad", proof().replace("\n\n", "\n", 1))
    yield case("cut", "bad", proof()[:400])


print(json.dumps(dict(
    schema="hufu.vectors/1", origin=ORIGIN, log=vkey(ORIGIN, 1, "log"),
    witnesses=[vkey("w%d.example.net" % n, 4, "witness %d" % n) for n in (1, 2)],
    entries=[dict(name=n, entry=e.hex(), leaf=leaf(e).hex()) for n, e in ENTRIES],
    trees=[dict(size=n, root=root(n).hex()) for n in (0, 1, 2, 3, 7, 8, 255, 256, 257, 600, 1000)],
    files=[dict(path=p, bytes=len(d), sha256=sha(d).hex()) for p, d in sorted(files(600).items())],
    inclusion=list(inclusion()), consistency=list(consistency()), checkpoints=list(checkpoints()), sidecars=list(sidecars())),
    ensure_ascii=False, indent=1))
