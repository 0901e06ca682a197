#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A home that seals: certificates and letters signed in the PDF, one and two seals, and nothing sealed twice.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace

python3 "$root/tests/demo/members.py" 11 24 >feed.jsonl
issue() { # HOME OUT JOBS
	"$HUFU" issue feed.jsonl --home "$1" --out "$2" --as-of "$today" --jobs "$3" --thumbnails 0
}
# trusted HOME FILES...: poppler finds every signature valid and its certificate trusted; prints how many
trusted() {
	home=$1
	shift
	rm -rf nss && mkdir nss && certutil -N -d sql:nss --empty-password &&
		certutil -A -d sql:nss -n root -t CT,CT,CT -i "$home/keys/seal/root.pem" || return 1
	for f in "$@"; do pdfsig -nssdir "sql:$PWD/nss" "$f" 2>/dev/null; done >.io/sigs
	n=$(grep -c '^Signature #' .io/sigs)
	[ "$n" -gt 0 ] && [ "$(grep -c 'Signature is Valid' .io/sigs)" -eq "$n" ] &&
		[ "$(grep -c 'Certificate is Trusted' .io/sigs)" -eq "$n" ] &&
		[ "$(grep -c 'Total document signed' .io/sigs)" -eq $# ] || return 1
	echo "$n"
}

it 'a demonstration is sealed by an authority of its own, whose keys only the owner reads'
runs 2 "$HUFU" init bad --demo --seal dsa
err_has 'p256, rsa2048 or rsa3072'
runs 0 "$HUFU" init fresh --demo --seal p256
holds test "$(stat -c %a fresh/keys/seal/national.key)" = 600
holds openssl verify -CAfile fresh/keys/seal/root.pem fresh/keys/seal/national.pem
holds openssl verify -CAfile fresh/keys/seal/root.pem fresh/keys/seal/local.pem

it 'every certificate is signed; that of a member of a local association twice'
cp -a fresh whole
runs 1 issue whole out 2
files=$(ls out | grep -c 'pdf$')
holds test "$files" -gt 20
runs 0 trusted whole out/*.pdf
holds test "$(cat .io/out)" -gt "$files"
for f in out/*.pdf; do
	qpdf --check "$f" >.io/qpdf 2>&1 || wrong "qpdf: $f: $(cat .io/qpdf)"
done
holds test "$(python3 -c 'import sqlite3
print(sqlite3.connect("whole/store.db").execute("SELECT count(*) FROM document WHERE seal_level = 1 AND length(seal_certificate) = 32").fetchone()[0])')" -eq "$files"

it 'the hash on the log is that of the sealed file'
runs 0 "$HUFU" publish --home whole --to site
runs 0 sh -c '"$0" verify out/*.pdf --site site --keys whole/policy.json --json >verdicts' "$HUFU"
holds test "$(grep -c '"verdict":"VALID".*"file":"original"' verdicts)" -eq "$files"
runs 0 "$HUFU" audit --home whole --site site
one=$(ls out/*.pdf | head -n 1)
python3 - "$one" <<'PY'
import re, sys
b = bytearray(open(sys.argv[1], "rb").read())
at = re.search(rb"/Contents\s*<", b).end() + 40
b[at] = ord("0") if b[at] != ord("0") else ord("1")
open("changed.pdf", "wb").write(b)
PY
runs 1 "$HUFU" verify changed.pdf --site site --keys whole/policy.json
out_has 'ALTERED'

it 'killed and run again, a file that was sealed and durable is not sealed anew'
for call in write rename link pwrite64; do
	total=$(rm -rf count counted && cp -a fresh count && strace -f -qq -e trace=$call -o .io/trace "$HUFU" issue feed.jsonl \
		--home count --out counted --as-of "$today" --jobs 1 --thumbnails 0 >/dev/null 2>&1; grep -c $call .io/trace)
	for k in 1 2 3; do
		rm -rf home got && cp -a fresh home
		strace -f -qq -o .io/trace -e trace=$call -e inject="$call:signal=KILL:when=$((total * k / 4 + 1))" "$HUFU" issue \
			feed.jsonl --home home --out got --as-of "$today" --jobs 1 --thumbnails 0 >/dev/null 2>&1
		(cd home/documents && find . -name '[0-9A-Z]*.pdf' -exec sha256sum {} +) | sort >before
		runs 1 issue home got 2
		(cd home/documents && find . -name '[0-9A-Z]*.pdf' -exec sha256sum {} +) | sort >after
		holds test -z "$(comm -23 before after)"
		holds test "$(ls got | grep -c 'pdf$')" -eq "$files"
		holds sh -c 'ls out | grep pdf >a; ls got | grep pdf >b; cmp a b' # the same ids
		runs 0 "$HUFU" audit --home home
	done
done
runs 0 trusted home got/*.pdf

it 'with an RSA key any number of workers writes the same bytes'
runs 0 "$HUFU" init rsa --demo --seal rsa2048
cp -a rsa rsa2
runs 1 issue rsa r1 1
runs 1 issue rsa2 r2 4
holds diff -r -x 'report.*' r1 r2
holds diff -r rsa/site rsa2/site
runs 0 trusted rsa r1/*.pdf

it 'a letter is sealed too'
python3 "$root/tests/demo/applicant.py" feed.jsonl record.jsonl request.json
for o in one two; do
	runs 0 "$HUFU" officer new $o
	runs 0 "$HUFU" officer enrol $o.pub --name $o --home whole
done
runs 0 "$HUFU" issue record.jsonl --home whole
runs 0 "$HUFU" letter apply request.json --home whole --officer one
runs 0 "$HUFU" letter approve 1 --home whole --officer two
runs 0 "$HUFU" letter issue --now --home whole --out letters
runs 0 "$HUFU" publish --home whole --to site
runs 0 trusted whole letters/*.pdf
runs 0 sh -c '"$0" verify letters/*.pdf --site site --keys whole/policy.json' "$HUFU"
out_has 'Addressed to: Northland Board of Accountancy'

it 'a seal that cannot seal stops before anything leaves, and says why'
cp -a fresh home2
chmod 644 home2/keys/seal/national.key
runs 3 issue home2 none 1
err_has 'national seal'
holds test "$(ls none 2>/dev/null | grep -c pdf)" -eq 0
chmod 600 home2/keys/seal/national.key
cp home2/keys/seal/local.key home2/keys/seal/national.key
runs 3 issue home2 none 1
err_has 'national seal'
holds test "$(ls none 2>/dev/null | grep -c pdf)" -eq 0
sed -i 's/"level": "B-B"/"level": "B-T"/' fresh/hufu.json
runs 3 issue fresh none 1
err_has '/seal/tsa'
finish
