#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# seal.sh BUILD: signatures of seals, every kind of key × file, PKCS#12, SoftHSM × level, made with a demo PKI and judged by
# openssl, certtool, pkijs and pyHanko; then the same with one thing changed, which each judge must refuse.
set -u
build=$1
. "$(dirname "$0")/node.sh"
passed=0 failed=0
check() { # check NAME COMMAND...
	name=$1
	shift
	if "$@" >"$top/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $name"
		sed -n 's/^\([0-9]* passed, 0 failed\)$/# \1/p; s/^\(.* bytes of evidence\)$/# \1/p' "$top/log"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $name"
		sed 's/^/# /' "$top/log" | tail -n 20
	fi
}
top=$(mktemp -d) || exit 3
pki=$top/pki out=$top/out
mkdir -p "$pki" "$out"
mkfifo "$top/hold"
/usr/bin/python3 "$here/../seal/server.py" "$pki" <"$top/hold" >"$top/port" 2>"$top/server.log" &
exec 3>"$top/hold"
trap 'exec 3>&-; wait; rm -rf "$top"' EXIT
n=0
until [ -s "$top/port" ]; do
	n=$((n + 1))
	[ $n -lt 600 ] || { echo 'not ok - the demo PKI'; cat "$top/server.log"; exit 1; }
	sleep 0.1
done
port=$(cat "$top/port")

mkdir "$top/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$top/tokens" >"$top/softhsm2.conf"
export SOFTHSM2_CONF="$top/softhsm2.conf"
softhsm2-util --init-token --free --label seals --pin 1234 --so-pin 5678 >/dev/null || exit 1
id=0
for key in rsa2048 rsa3072 p256 p384; do
	id=$((id + 1))
	softhsm2-util --import "$pki/$key.key" --token seals --label $key --id 0$id --pin 1234 >/dev/null || exit 1
done

check 'seals of every kind are made' "$build/tests/seal/cms" "$pki" "$port" "$out" /usr/lib/softhsm/libsofthsm2.so
total_cms=$(ls "$out"/*.cms 2>/dev/null | wc -l)
check 'they are 36' test "$total_cms" -eq 36

content=$out/content
cp "$content" "$out/other" && printf x >>"$out/other"
all() { # all COMMAND: it says yes to each seal, with CONTENT
	for cms in "$out"/*.cms; do
		"$@" "$cms" || { echo "$cms"; return 1; }
	done
}
none() { # none COMMAND: it says no to each
	for cms in "$out"/*.cms; do
		if "$@" "$cms" >/dev/null 2>&1; then echo "$cms"; return 1; fi
	done
}

by_openssl() { # CONTENT ROOT CMS
	openssl cms -verify -cades -binary -purpose any -inform DER -in "$3" -content "$1" -CAfile "$pki/$2.pem" -out /dev/null 2>"$top/why" ||
		{ cat "$top/why"; return 1; }
}
check 'openssl cms -verify -cades: yes' all by_openssl "$content" root
check 'openssl cms -verify -cades: no to another content' none by_openssl "$out/other" root
check 'openssl cms -verify -cades: no to another root of the same name' none by_openssl "$content" rogue

by_certtool() { # CONTENT ROOT CMS
	certtool --p7-verify --inder --infile "$3" --load-data "$1" --load-ca-certificate "$pki/$2.pem" >"$top/why" 2>&1 &&
		grep -q 'Signature status: ok' "$top/why" || { cat "$top/why"; return 1; }
}
check 'certtool --p7-verify: yes' all by_certtool "$content" root
check 'certtool --p7-verify: no to another content' none by_certtool "$out/other" root
check 'certtool --p7-verify: no to another root' none by_certtool "$content" rogue

shape() { # the attributes PAdES asks for, and none it forbids
	openssl asn1parse -inform DER -in "$1" >"$top/asn1" || return 1
	for attribute in contentType messageDigest id-smime-aa-signingCertificateV2; do
		[ "$(grep -c "OBJECT *:$attribute" "$top/asn1")" -ge 1 ] || { echo "no $attribute"; return 1; }
	done
	case "$1" in
	*-B-B.cms) ! grep -q 'id-smime-aa-timeStampToken\|signingTime' "$top/asn1" ;;
	*) grep -q id-smime-aa-timeStampToken "$top/asn1" ;;
	esac
}
check 'openssl asn1parse: the attributes of the level' all shape

stamped() { # the token by openssl ts, over the signature
	case "$1" in *-B-B.cms) return 0 ;; esac
	/usr/bin/python3 "$here/cms_parts.py" "$1" "$top/token" "$top/signature" &&
		openssl ts -verify -token_in -in "$top/token" -data "$top/signature" -CAfile "$pki/tsaroot.pem" >"$top/why" 2>&1 ||
		{ cat "$top/why"; return 1; }
}
check 'openssl ts -verify: the token stamps the signature' all stamped

check 'pkijs' "$node" "$work/cms.mjs" "$pki" "$out"
check 'pyHanko' sh "$here/venv.sh" "$here/cms.py" "$pki" "$out"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
