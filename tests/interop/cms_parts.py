#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""cms_parts.py CMS TOKEN SIGNATURE: the time stamp token and the signature of a CMS, each into its file."""
import sys

TOKEN = bytes.fromhex("060b2a864886f70d010910020e")


def content(der, at=0):
    n, head = der[at + 1], 2
    if n & 0x80:
        head = 2 + (n & 0x7F)
        n = int.from_bytes(der[at + 2:at + head], "big")
    return at + head, at + head + n


def children(der):
    at, end = content(der)
    while at < end:
        stop = content(der, at)[1]
        yield der[at:stop]
        at = stop


cms = open(sys.argv[1], "rb").read()
signed = list(children(list(children(cms))[1]))[0]  # [0] EXPLICIT SignedData
signer = list(children(list(children(signed))[-1]))[0]
parts = list(children(signer))
signature = next(p for p in parts if p[0] == 0x04)
unsigned = next(p for p in parts if p[0] == 0xA1)
attribute = list(children(list(children(unsigned))[0]))
if attribute[0] != TOKEN:
    sys.exit("no time stamp token")
open(sys.argv[2], "wb").write(list(children(attribute[1]))[0])
start, end = content(signature)
open(sys.argv[3], "wb").write(signature[start:end])
