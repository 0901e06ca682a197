#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sealed.sh BUILD: sealed documents, by every level, kind of key, form and language, one seal and two, as programs that are
# not ours see them: pdfsig, mutool and pyHanko their seals, poppler and mupdf their pages, veraPDF, qpdf and pdf.js the files.
set -u
[ $# -eq 1 ] || { echo 'sealed.sh BUILD' >&2; exit 2; }
here=$(dirname "$0")
top=$(mktemp -d) && trap 'rm -rf "$top"' EXIT
passed=0 failed=0
check() { # check NAME COMMAND...
	name=$1
	shift
	if "$@" >"$top/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $name"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $name"
		grep -v '^ok' "$top/log" | sed 's/^/# /' | tail -n 20
	fi
	sed -n 's/^\(# [0-9]* ok, .*\)$/\1/p' "$top/log"
}
export SAMPLE=0
check 'they are made' /usr/bin/python3 "$here/sealed_make.py" "$1" "$top"
check 'pdfsig and mutool find the seals good, and altered ones not' /usr/bin/python3 "$here/sealed.py" "$top"
check 'pages look as without a seal, in poppler and mupdf' /usr/bin/python3 "$here/sealed_pages.py" "$top"
check 'pyHanko finds them good at their level, and altered ones not' \
	sh "$here/venv.sh" "$here/sealed_hanko.py" "$top"
check 'veraPDF finds PDF/A-3a and PDF/UA-1' sh "$here/verapdf.sh" "$top/good"
check 'qpdf, poppler and mupdf have nothing to say' /usr/bin/python3 "$here/viewers.py" "$top/good"
check 'pdf.js has nothing to say' sh "$here/pdfjs.sh" "$top/good"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
