#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run what was built into BUILD and end with "N passed, N failed".  run.sh BUILD [interop|long]
cd "$(dirname "$0")/.." || exit 3
. tests/count.sh
build=$1
export B="$build" HUFU="$PWD/$build/hufu" HUFU_ROOT="$PWD"
case "$build" in /*) HUFU=$build/hufu ;; esac
export HUFU_SHARE="$PWD" # fonts/ and templates/, wherever the build stands
python=/usr/bin/python3 # Debian's own: the judges' modules are packages of it

rooms() {
	for sources in tests/*/; do
		room=$(basename "$sources")
		ls "$sources"*_test.c >/dev/null 2>&1 || continue
		unit "tests/$room" "$build/tests/${room}_tests"
	done
}

corpora() {
	for target in tests/fuzz/*.c; do
		parser=$(basename "$target" .c)
		[ "$parser" = replay ] || unit "corpus of $parser" "$build/replay/$parser" "tests/fuzz/corpus/$parser"
	done
}

# lanes FILE: the units "name|command" of its lines, as many at once as there are cores, told in their order.  Each works
# in a folder of its own.
lanes() {
	rm -rf "$logs/lanes" && mkdir "$logs/lanes" || return
	awk '{ printf "%04d|%s\n", NR, $0 }' "$1" >"$logs/lanes/list"
	xargs -P "$(nproc)" -d '\n' -n 1 sh -c '
		number=${1%%|*} unit=${1#*|}
		exec sh tests/lane.sh "$0" "$number" "${unit%%|*}" sh -c "${unit#*|}"' "$logs/lanes" <"$logs/lanes/list"
	while IFS='|' read -r number _; do
		p=0 f=1 # a lane that left no sum is a failure
		[ ! -s "$logs/lanes/$number.sum" ] || read -r p f <"$logs/lanes/$number.sum"
		passed=$((passed + p)) failed=$((failed + f))
		cat "$logs/lanes/$number.out"
	done <"$logs/lanes/list"
}

scripts() {
	for script in tests/cli/[0-9]*.sh; do
		printf '%s|sh %s\n' "$script" "$script"
	done >"$logs/scripts"
	lanes "$logs/scripts"
}

# tests/judges: "name: command", a line each; the command sees $B, $HUFU, and the root as its folder.
judges() {
	sed -n 's/^\([a-z][^:#]*\): *\(.*\)/\1|\2/p' tests/judges >"$logs/judges"
	[ -s "$logs/judges" ] || { unit tests/judges false; return; }
	lanes "$logs/judges"
}

# A demo home, issued and published; the deliberate refusals among the demo members make the answer 1.
demo_issue() {
	rm -rf "$demo" && mkdir -p "$demo" || return
	$python tests/demo/members.py 7 200 --photos "$demo/photos" >"$demo/members.jsonl" || return
	timeout 60 "$HUFU" init "$demo/home" --demo || return
	timeout 600 "$HUFU" issue "$demo/members.jsonl" --home "$demo/home" --out "$demo/out"
	[ $? -le 1 ] || return 1
	"$HUFU" publish --home "$demo/home" --to "$demo/site" || return
	ls "$demo"/out/*.pdf >/dev/null
}

# The edge members, in a home of their own: their numbers are those of demo members.
edge_issue() {
	timeout 60 "$HUFU" init "$demo/edge-home" --demo || return
	timeout 60 "$HUFU" issue tests/data/edge.jsonl --home "$demo/edge-home" --out "$demo/edge"
	[ $? -le 1 ] && ls "$demo"/edge/*.pdf >/dev/null
}

# What tests/form draws: every layout and class of name, photos.
samples_draw() {
	mkdir -p "$demo/drawn" && "$build/tests/form/draw" "$demo/drawn"
}

# Status lists of every fill, as no register of a demo has them.
lists_make() {
	mkdir -p "$demo/lists" && "$build/tests/proof/site" "$demo/lists"
}

interop() {
	demo=$build/interop-demo
	export WORK="$build/interop" SAMPLE="${SAMPLE:-20}"
	step 'a demo home is issued and published' demo_issue
	step 'the edge members are issued' edge_issue
	step 'every layout is drawn' samples_draw
	unit 'tokens by cbor2 and nacl' env SAMPLE=0 $python tests/interop/token_cose.py "$demo/out" "$demo/site"
	unit 'tokens by openssl' sh tests/interop/token_openssl.sh "$demo/out" "$demo/site"
	unit 'tokens by cose-kit and @auth0/cose' sh tests/interop/cose.sh "$demo/out" "$demo/site"
	step 'status lists are made' lists_make
	unit 'status lists by @sd-jwt/jwt-status-list' sh tests/interop/statuslist.sh "$demo/lists/site" "$demo/lists"
	unit 'status lists of the demo by the same' sh tests/interop/statuslist.sh "$demo/site"
	unit 'typed codes by hashlib and nacl' env SAMPLE=0 $python tests/interop/lookup.py "$demo/out" "$demo/site"
	unit 'manifests by minisign' sh tests/interop/manifest.sh "$demo/site"
	unit 'codes by zbar and zxing' $python tests/interop/qr.py "$demo/out" "$demo/site"
	unit 'pages by pdftotext' $python tests/interop/text.py "$demo/out" "$demo/site"
	pages="$demo/out $demo/edge $demo/drawn"
	unit 'pages by veraPDF' env SAMPLE="${PAGES:-100}" sh tests/interop/verapdf.sh $pages
	unit 'pages by qpdf, poppler and mupdf' env SAMPLE=100 $python tests/interop/viewers.py $pages
	unit 'pages by pdf.js' sh tests/interop/pdfjs.sh $pages
	unit 'codes of every layout by four readers' env SAMPLE=0 sh tests/interop/codes.sh $pages
	unit 'print of every layout by tesseract' env SAMPLE=0 sh tests/interop/venv.sh tests/interop/laser.py $pages
	unit "the page's verifier and ours" sh tests/interop/web.sh "$build"
	unit 'the page in Chromium and Firefox' sh tests/browser/page.sh "$build"
	unit 'seals by openssl, certtool, pkijs, pyHanko' sh tests/interop/seal.sh "$build"
	unit 'sealed documents by pdfsig, mutool, pyHanko, veraPDF, pdf.js' sh tests/interop/sealed.sh "$build"
	unit 'the judges can say no' $python tests/interop/selftest.py
}

case "${2-test}" in
test)
	rooms
	corpora
	scripts
	judges
	;;
interop) interop ;;
long)
	unit '10,000 names by pdftotext and pdftoppm' $python tests/form/names.py "$HUFU" 10000
	unit '10,000 texts in lines by pdftotext' $python tests/form/running.py "$build/tests/form/compose" 10000
	;;
esac
total
