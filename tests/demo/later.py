#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The memory of a verifier that has seen a signed time DAYS from now, so that it judges as of then.

    tests/demo/later.py DAYS >FILE          hufu verify ... --state FILE

A verifier's clock is the later of the machine's and the newest signed time it remembers; nobody need set a clock.
"""
import json
import sys
import time

ZEROS = "0" * 64
memory = {"keys": {"sha256": ZEROS, "version": 0}, "newest": int(time.time()) + int(sys.argv[1]) * 86400, "revoked": [],
          "schema": "hufu.memory/1", "shards": [], "tree": {"root": ZEROS, "size": 0}}
print(json.dumps(memory, sort_keys=True, separators=(",", ":")), end="")
