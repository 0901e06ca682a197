#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# level3.sh BUILD: the hanzi of GB 18030-2022, drawn by BUILD/tests/font/level3 and looked at on the page.
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
"$1/tests/font/level3" "$work" || { echo 'not ok level3'; exit 1; }
/usr/bin/python3 tests/font/level3.py "$work"
