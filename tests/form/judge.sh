#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# judge.sh BUILD: documents drawn twice by BUILD/tests/form/draw, looked at by programs we did not write.
# VERAPDF=folder of its jars (org.verapdf.apps:greenfield-apps of Maven Central): PDF/A-3a and PDF/UA-1 too.
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
mkdir "$work/a" "$work/b" || exit 3
for folder in a b; do
	"$1/tests/form/draw" "$work/$folder" || { echo 'not ok draw'; exit 1; }
done
if diff -r "$work/a" "$work/b"; then
	echo 'ok two runs write the same bytes'
else
	echo 'not ok two runs write the same bytes'
fi
/usr/bin/python3 tests/form/judge.py "$work/a"
judged=$?
/usr/bin/python3 tests/form/reading.py "$work/a" || judged=1
/usr/bin/python3 tests/form/positions.py "$work/a" && exit $judged
