#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The evidence of forks by golang.org/x/mod/sumdb/{note,tlog}.  fork.sh BUILD
cd "$(dirname "$0")/../.." || exit 3
. tests/count.sh
build=$1
case "$build" in /*) ;; *) build=$PWD/$build ;; esac
work=$build/fork

go=${GO:-/usr/bin/go}
[ -x "$go" ] || go=go
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$build/tlog/cache" GOTOOLCHAIN=local CGO_ENABLED=0

rm -rf "$work/made" && mkdir -p "$work/made" "$build/tlog/cache" || exit 3
step 'the judge is built' sh -c 'cd tests/interop/fork && "$0" build -o "$1" .' "$go" "$work/judge"
step 'forks of 105 pairs of sizes are written' "$build/tests/proof/fork" "$work/made"
unit 'forks by tlog and note' "$work/judge" "$work/made"
rm -rf "$work/made"
total
