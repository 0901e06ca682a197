#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD: do today's pages look as the golden pictures beside this file?  What differs is in BUILD/golden-diff.
# run.sh BUILD bless: today's pages become the golden ones.
cd "$(dirname "$0")/../.." || exit 3
build=$1 golden=tests/golden diff=$1/golden-diff
export HUFU_SHARE="$PWD"
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
rm -rf "$diff" && mkdir -p "$diff" "$work/drawn" || exit 3

say() { # say CODE WHAT: TAP, with the judge's words behind a failure
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		sed 's/^/# /' "$work/said"
	fi
}

picture() { pdftoppm -r 72 -f "${3-1}" -singlefile "$1" "$2" >"$work/said" 2>&1; }

compare() { /usr/bin/python3 $golden/compare.py "$@" >"$work/said" 2>&1; }

# page NAME SOURCE PAGE [TEMPLATE]: NAME.ppm of a document drawn for the judges, or of the specimen
page() {
	pdf=$work/drawn/$2.pdf
	if [ "$2" = - ]; then
		pdf=$work/specimen.pdf
		"$build/hufu" preview "${4-templates/practising-certificate}" --as-of 2026-11-23 -o "$pdf" >"$work/said" 2>&1 ||
			return 1
	fi
	picture "$pdf" "$work/$1" "$3"
}

"$build/tests/form/draw" "$work/drawn" >"$work/said" 2>&1
say $? 'the documents are drawn'
grep -v '^#' $golden/pages >"$work/pages"
while read -r name source number; do
	if ! page "$name" "$source" "${number:-1}"; then
		say 1 "$name is drawn"
	elif [ "${2-}" = bless ]; then
		compare bless "$work/$name.ppm" $golden/$name.png
		say $? "$name is golden now"
	else
		compare "$work/$name.ppm" $golden/$name.png "$diff/$name.png"
		say $? "$name looks as it did"
	fi
done <"$work/pages"
[ "${2-}" != bless ] || exit 0

# The judge can say no: the same page with one word of seven characters changed.
cp -R templates/practising-certificate "$work/changed"
sed -i 's/请核对网页所示姓名/请核对页面所列姓名/' "$work/changed/zh.json"
if page changed - 1 "$work/changed" && ! compare "$work/changed.ppm" $golden/specimen.png "$diff/changed.png" &&
	grep -q 'pixels differ' "$work/said"; then
	rm -f "$diff/changed.png"
	echo 'ok a changed word of 7.8 points is seen'
else
	say 1 'a changed word of 7.8 points is seen'
fi
for picture in $golden/*.png; do
	name=$(basename "$picture" .png)
	grep -q "^$name " $golden/pages || { echo "not ok $name.png is in tests/golden/pages"; : >"$work/said"; }
done
