#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pixels.sh BUILD: our font programs and hb_subset's, the same pixels in poppler and in mupdf, face by face.
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
"$1/tests/font/pixels" "$work" >"$work/faces" || { echo 'not ok pixels'; exit 1; }
answer=0

ok() { echo "ok - $1"; }
not_ok() {
	answer=1
	echo "not ok - $1"
}

# A picture of FILE by VIEWER; whatever the viewer says is kept.
draw() {
	case $1 in
	poppler) pdftoppm -r 150 -gray "$work/$2.pdf" >"$work/$2.$1" 2>"$work/$2.said" ;;
	mupdf) mutool draw -q -r 150 -F pgm -o "$work/$2.$1" "$work/$2.pdf" 2>"$work/$2.said" ;;
	esac && ! grep -qvE '^$|ICC support is not available' "$work/$2.said" # of Debian's mupdf, which has no colour engine
}

while read -r face glyphs; do
	for viewer in poppler mupdf; do
		what="$face: $glyphs glyphs, $viewer"
		if ! { draw $viewer "$face-ours" && draw $viewer "$face-theirs"; }; then
			not_ok "$what draws both: $(cat "$work/$face"-*.said)"
		elif ! cmp -s "$work/$face-ours.$viewer" "$work/$face-theirs.$viewer"; then
			not_ok "$what draws the same pixels"
		elif [ "$(tail -c +20 "$work/$face-ours.$viewer" | tr -d '\377' | wc -c)" -lt $((20 * glyphs)) ]; then
			not_ok "$what draws ink"
		else
			ok "$what"
		fi
	done
	before=${last:-}
	last=$face
done <"$work/faces"

# Two faces never agree: the comparison can fail.
if cmp -s "$work/$last-ours.poppler" "$work/$before-theirs.poppler"; then
	not_ok 'two faces differ'
else
	ok 'two faces differ'
fi
exit $answer
