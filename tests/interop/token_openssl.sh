#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# token_openssl.sh OUT SITE: tokens by openssl alone, the Sig_structure of RFC 9052 §4.4 put together from hex.
set -u
[ $# -eq 2 ] || { echo 'token_openssl.sh OUT SITE' >&2; exit 2; }
out=$1 site=$2 good=0 bad=0
for program in openssl bc xxd; do
	command -v $program >/dev/null || { echo "not ok - not installed: $program"; exit 1; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

list=$(sed -n 1p "$site/keys.note")
issuer=$(printf '%s' "$list" | sed -n 's/.*"issuer":"\([^"]*\)".*/\1/p')
printf '%s' "$list" | tr '{' '\n' | grep '"role":"issuing"' >"$dir/keys"

# Hex of a byte string's CBOR head: length below 65,536.
head_hex() {
	if [ "$1" -lt 24 ]; then printf '%02x' $((64 + $1))
	elif [ "$1" -lt 256 ]; then printf '58%02x' "$1"
	else printf '59%04x' "$1"; fi
}

aad=$(printf 'hufu/1/cert\0%s' "$issuer" | xxd -p | tr -d '\n')

# Does some issuing key of that kid verify the token whose hex is $1?
verifies() {
	hex=$1
	# 84 | 49 a2 01 27 04 44 kid | a0 | payload | 58 40 signature
	case $hex in 8449a20127044?????????a0*5840????????????????*) ;; *) return 1 ;; esac
	protected=$(printf '%s' "$hex" | cut -c3-22)
	kid=$(printf '%s' "$hex" | cut -c15-22)
	signature=$(printf '%s' "$hex" | tail -c 128)
	payload=$(printf '%s' "$hex" | cut -c25- | sed 's/5840.\{128\}$//')
	printf '%s' "846a5369676e617475726531$protected$(head_hex $((${#aad} / 2)))$aad$payload" |
		xxd -r -p >"$dir/signed"
	printf '%s' "$signature" | xxd -r -p >"$dir/signature"
	grep "\"kid\":\"$kid\"" "$dir/keys" | sed 's/.*"public":"\([0-9a-f]*\)".*/\1/' >"$dir/public"
	while read -r public; do
		printf '302a300506032b6570032100%s' "$public" | xxd -r -p >"$dir/key.der"
		openssl pkeyutl -verify -pubin -keyform DER -inkey "$dir/key.der" -rawin \
			-in "$dir/signed" -sigfile "$dir/signature" >/dev/null 2>&1 && return 0
	done <"$dir/public"
	return 1
}

find "$out" -maxdepth 1 -name '*.pdf' | sort >"$dir/all"
count=$(wc -l <"$dir/all")
awk -v n="$count" -v s="${SAMPLE:-20}" 'n <= s || int(NR * s / n) != int((NR - 1) * s / n)' \
	"$dir/all" >"$dir/some"
while read -r pdf; do
	digits=$(LC_ALL=C grep -a -o 'hufu:token[>="'\'' ]*[0-9][0-9]*' "$pdf" | LC_ALL=C grep -a -o '[0-9]*$' | sort -u)
	hex=
	case $digits in
	'' | *[!0-9]*) ;;
	*) hex=$(echo "obase=16; $digits" | BC_LINE_LENGTH=0 bc | tr 'A-F' 'a-f') ;;
	esac
	if [ -n "$hex" ] && verifies "$hex"; then
		good=$((good + 1)); echo "ok - $pdf: openssl verifies its token"
	else
		bad=$((bad + 1)); echo "not ok - $pdf: openssl does not verify its token"
	fi
done <"$dir/some"
echo "# $good ok, $bad not ok"
[ $bad -eq 0 ] && [ $good -gt 0 ]
