#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A log of 400,000 entries by golang.org/x/mod/sumdb/{note,tlog} and its cosignatures by nacl; then a log those made, by our
# reader.  tlog.sh BUILD
cd "$(dirname "$0")/../.." || exit 3
. tests/count.sh
build=$1
case "$build" in /*) ;; *) build=$PWD/$build ;; esac
work=$build/tlog
ours=$work/ours theirs=$work/theirs
log=$build/tests/proof/log

go=${GO:-/usr/bin/go}
[ -x "$go" ] || go=go
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/cache" GOTOOLCHAIN=local CGO_ENABLED=0

# Each tile and bundle of ours that they have too, and more than a few of them.
same_files() {
	count=0
	for file in $(cd "$ours" && find tile -type f); do
		[ -f "$theirs/$file" ] || continue
		cmp "$ours/$file" "$theirs/$file" || return 1
		count=$((count + 1))
	done
	echo "# $count files"
	[ "$count" -ge 500 ]
}

rm -rf "$ours" "$theirs" && mkdir -p "$ours" "$theirs" "$work/cache" || exit 3
step 'the judge is built' sh -c 'cd tests/interop/tlog && "$0" build -o "$1" .' "$go" "$work/judge"
step 'a log of 400,000 entries is written' "$log" build "$ours"
unit 'our log by tlog and note' "$work/judge" judge "$ours"
unit 'our cosignatures by nacl' /usr/bin/python3 tests/interop/cosign.py "$ours" "$ours/log.vkey" "$ours/witness-1.vkey" \
	"$ours/witness-2.vkey"
step 'tlog and note write a log' "$work/judge" make "$theirs"
unit 'their log by our reader' "$log" read "$theirs"
unit 'their cosignatures by nacl' /usr/bin/python3 tests/interop/cosign.py "$theirs" "$theirs/log.vkey" \
	"$theirs/witness-1.vkey" "$theirs/witness-2.vkey"
step 'both wrote the same tiles' same_files
rm -rf "$ours" "$theirs"
total
