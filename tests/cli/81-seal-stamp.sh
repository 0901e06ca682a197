#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Seals with time stamps and evidence, made by hufu issue with real services on loopback: levels, faults, resuming.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)
mkdir pki && mkfifo hold
python3 "$root/tests/seal/server.py" pki <hold >port 2>server.log &
exec 3>hold
n=0
until [ -s port ] || [ $n -ge 600 ]; do n=$((n + 1)) && sleep 0.1; done
port=$(cat port)
python3 "$root/tests/demo/members.py" 11 12 >feed.jsonl

# home DIR LEVEL [STEP]: a home that seals with the keys of the demo PKI
home() {
	rm -rf "$1" && "$HUFU" init "$1" --demo >/dev/null 2>&1 && mkdir "$1/keys/seal" || return 1
	cp pki/p256.key "$1/keys/seal/national.key" && cp pki/rsa2048.key "$1/keys/seal/local.key" || return 1
	chmod 600 "$1"/keys/seal/*.key
	cat pki/p256.pem pki/issuing.pem pki/root.pem >"$1/keys/seal/national.pem"
	cat pki/rsa2048.pem pki/issuing.pem pki/root.pem >"$1/keys/seal/local.pem"
	cp pki/tsaroot.pem "$1/keys/seal/tsa.pem"
	python3 - "$1/hufu.json" "$2" "http://127.0.0.1:$port/tsa${3-}" <<'PY'
import json, sys
c = json.load(open(sys.argv[1]))
seal = {"level": sys.argv[2], "national": {"certs": "keys/seal/national.pem", "pem": "keys/seal/national.key"},
        "local": {"*": {"certs": "keys/seal/local.pem", "pem": "keys/seal/local.key"}}}
if sys.argv[2] != "B-B":
    seal["tsa"] = {"url": sys.argv[3], "certs": "keys/seal/tsa.pem"}
c["seal"] = seal
json.dump(c, open(sys.argv[1], "w"), ensure_ascii=False)
PY
}
issue() { # HOME OUT [OPTION]
	"$HUFU" issue feed.jsonl --home "$1" --out "$2" --as-of "$today" --thumbnails 0 ${3-}
}
levels() { python3 -c 'import sqlite3, sys
print(sorted(set(sqlite3.connect(sys.argv[1] + "/store.db").execute("SELECT seal_level, seal_time > 0 FROM document WHERE state = 2"))))' "$1"; }
cat pki/root.pem pki/tsaroot.pem >roots.pem

it 'B-T and B-LT: every document carries its time stamps, and our own checks and poppler agree'
rm -rf nss && mkdir nss && certutil -N -d sql:nss --empty-password
certutil -A -d sql:nss -n root -t CT,CT,CT -i pki/root.pem
certutil -A -d sql:nss -n issuing -t ,, -i pki/issuing.pem
for level in B-T B-LT; do
	holds home h$level $level
	runs 1 issue h$level out$level
	documents=$(ls out$level | grep -c 'pdf$')
	holds test "$documents" -ge 15
	case $level in B-T) want='[(2, 1)]' ;; *) want='[(3, 1)]' ;; esac
	holds test "$(levels h$level)" = "$want"
	for f in out$level/*.pdf; do
		pdfsig -nssdir "sql:$PWD/nss" "$f" >.io/sig 2>/dev/null
		[ "$(grep -c 'Signature is Valid' .io/sig)" -ge 1 ] &&
			[ "$(grep -c 'Signature is Valid' .io/sig)" -eq "$(grep -c '^Signature #' .io/sig)" ] || wrong "$f: $(cat .io/sig)"
	done
	runs 0 "$HUFU" publish --home h$level --to site$level
	runs 0 sh -c '"$0" verify out$1/*.pdf --site site$1 --keys h$1/policy.json --seal --seal-roots roots.pem --json >seen' "$HUFU" $level
	holds test "$(grep -c '"verdict":"VALID"' seen)" -eq "$documents"
	runs 0 "$HUFU" audit --home h$level
done

it 'a letter goes out with its stamp too'
python3 "$root/tests/demo/applicant.py" feed.jsonl record.jsonl request.json
for o in one two; do
	runs 0 "$HUFU" officer new $o
	runs 0 "$HUFU" officer enrol $o.pub --name $o --home hB-T
done
runs 0 "$HUFU" issue record.jsonl --home hB-T
runs 0 "$HUFU" letter apply request.json --home hB-T --officer one
runs 0 "$HUFU" letter approve 1 --home hB-T --officer two
runs 0 "$HUFU" letter issue --now --home hB-T --out letters
holds test "$(ls letters | wc -l)" -eq 1
holds test "$(levels hB-T)" = '[(2, 1)]'

it 'a service that is down, slow or lies stops the run with its own words, and nothing leaves'
for fault in nonce imprint truncated large refuse stranger late; do
	holds home bad B-T /$fault
	runs 3 issue bad none
	err_has 'national seal'
	holds test "$(ls none 2>/dev/null | grep -c 'pdf$')" -eq 0
	sort -u .io/err | head -n 1 >>said
done
holds test "$(sort -u said | wc -l)" -ge 5 # each fault in words of its own

it 'when it comes back the run goes on; --degrade does not wait, and the store says what was made'
holds home back B-T
sed -i "s|127.0.0.1:$port/tsa|127.0.0.1:9/tsa|" back/hufu.json
runs 3 issue back late
holds test "$(ls late 2>/dev/null | grep -c 'pdf$')" -eq 0
cp -a back poor
sed -i "s|127.0.0.1:9/tsa|127.0.0.1:$port/tsa|" back/hufu.json
runs 1 issue back late
holds test "$(ls late | grep -c 'pdf$')" -eq "$documents"
holds test "$(levels back)" = '[(2, 1)]'
runs 1 issue poor degraded --degrade
holds test "$(ls degraded | grep -c 'pdf$')" -eq "$documents"
holds test "$(levels poor)" = '[(1, 0)]'

exec 3>&-
wait
finish
