#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A signing program as src/keys/command.h asks for one, with PyNaCl; and its evil twins.

usage: sign_command.py SEED_HEX [HOW]      HOW: well (default), wrong, refuse, garbage, long, two, end, env
"""
import json
import os
import sys

from nacl.signing import SigningKey

sys.excepthook = lambda *_: os._exit(1)  # the asker is gone: say nothing
key, how = SigningKey(bytes.fromhex(sys.argv[1])), (sys.argv + ["well"])[2]
for line in sys.stdin:
    question = json.loads(line)
    assert line == json.dumps(question, sort_keys=True, separators=(",", ":")) + "\n"
    assert sorted(question) == ["message", "number", "public", "role", "schema"]
    assert question["schema"] == "hufu.sign/1"
    assert question["public"] == key.verify_key.encode().hex()
    message = bytes.fromhex(question["message"])
    if how == "wrong":
        message += b"!"
    if how == "env" and set(os.environ) - {"LC_CTYPE"} != {"PATH"}:  # Python sets LC_CTYPE itself
        print(json.dumps({"error": "environment: " + " ".join(os.environ)}), flush=True)
        continue
    answer = json.dumps({"signature": key.sign(message).signature.hex()})
    if how == "refuse":
        answer = json.dumps({"error": "the drawer is locked"})
    elif how == "garbage":
        answer = "\x00\xff not an answer"
    elif how == "long":
        answer = " " * 100000
    elif how == "two":
        answer += "\n" + answer
    elif how == "end":
        sys.exit(1)
    print(answer, flush=True)
