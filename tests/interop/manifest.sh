#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# manifest.sh SITE: every batch manifest by minisign, under a manifest key of the key list.
set -u
[ $# -eq 1 ] || { echo 'manifest.sh SITE' >&2; exit 2; }
site=$1 good=0 bad=0
for program in minisign xxd base64 sha256sum; do
	command -v $program >/dev/null || { echo "not ok - not installed: $program"; exit 1; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# minisign's public key: "Ed", 8 bytes of key id (here the first of the key's SHA-256), the key.
sed -n 1p "$site/keys.note" | tr '{' '\n' | grep '"role":"manifest"' |
	sed 's/.*"public":"\([0-9a-f]*\)".*/\1/' | while read -r public; do
	id=$(printf '%s' "$public" | xxd -r -p | sha256sum | cut -c1-16)
	printf '4564%s%s' "$id" "$public" | xxd -r -p | base64
done >"$dir/keys"

signed() {
	[ -f "$1.minisig" ] || return 1
	while read -r key; do
		minisign -V -q -P "$key" -m "$1" -x "$1.minisig" >/dev/null 2>&1 && return 0
	done <"$dir/keys"
	return 1
}

for manifest in "$site"/m/*.json; do
	[ -f "$manifest" ] || continue
	if signed "$manifest"; then
		good=$((good + 1)); echo "ok - minisign verifies $manifest"
	else
		bad=$((bad + 1)); echo "not ok - minisign does not verify $manifest"
	fi
done
echo "# $good ok, $bad not ok"
[ $bad -eq 0 ] && [ $good -gt 0 ]
