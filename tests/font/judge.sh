#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# judge.sh BUILD: programs of 500 glyphs of every face, written by BUILD/tests/font/dump and drawn by fontTools.
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
"$1/tests/font/dump" "$work" || { echo 'not ok dump'; exit 1; }
/usr/bin/python3 tests/font/outlines.py "$work"
