#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The signer process of a home, an issuing key on a PKCS#11 token, a manifest key behind a program.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)
trust="--site site --keys home/policy.json"
module=/usr/lib/softhsm/libsofthsm2.so

head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo
pem() { # pem HEX: the SubjectPublicKeyInfo of an Ed25519 key (RFC 8410)
	echo '-----BEGIN PUBLIC KEY-----'
	echo "302a300506032b6570032100$1" | xxd -r -p | base64
	echo '-----END PUBLIC KEY-----'
}
lines() { grep -c "$1" home/signer.log; }
as_of_key() { # as_of_key ROLE NUMBER: public half of the active one
	"$HUFU" key list --home home --json | python3 -c '
import json, sys
role, number = sys.argv[1], int(sys.argv[2])
print(*[k["public"] for k in map(json.loads, sys.stdin)
        if (k["role"], k["number"], k["state"]) == (role, number, "active")])' "$1" "$2"
}

it 'each signature of an issue has its line in the audit, behind what the process found locked'
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today"
documents=$(ls out/*.pdf | wc -l)
holds test "$documents" -gt 0
holds test "$(lines '"purpose":"cose","role":"issuing"')" -ge "$documents"
holds grep -q '"denied":\["open","socket","fork","exec","ptrace"\]' home/signer.log
holds test "$(stat -c %a home/signer.log)" = 600
holds python3 - <<'END'
import json
runs = 0
for line in open("home/signer.log"):
    entry = json.loads(line)
    assert line == json.dumps(entry, sort_keys=True, separators=(",", ":")) + "\n"
    if entry["purpose"] == "start":
        runs, n = runs + 1, 0
        assert len(entry["denied"]) == 5 or entry["wide"]
    else:
        n += 1
        assert entry["n"] == n and len(entry["sha256"]) == 64 and len(entry["kid"]) == 8
assert runs >= 1
END

it 'a passphrase that is wrong is said in the words of the key files'
printf '%064d' 7 >wrong
runs 3 sh -c "\"$HUFU\" publish --home home --to site --passphrase-fd 9 9<wrong"
err_has 'passphrase'

it 'without its audit the home signs nothing'
cp -a home locked
rm -f locked/signer.log && mkdir locked/signer.log
runs 3 "$HUFU" publish --home locked --to site
err_has 'signer.log'
rmdir locked/signer.log
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace
for at in 1 2; do # the line of the start, of the first signature; strace's way to fail a call may end the process
	: >locked/signer.log
	for locale in C C.UTF-8; do
		runs 3 env LC_ALL=$locale strace -f -qq -o .io/trace -P locked/signer.log -e trace=write \
			-e inject=write:error=EIO:when=$at "$HUFU" publish --home locked --to other
		holds grep -Eq '^hufu: .*the signer (cannot write its audit|process has ended)' .io/err
		holds test ! -e other
	done
done

it 'an issuing key on a PKCS#11 token takes the place of the file'
mkdir tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" >softhsm2.conf
export SOFTHSM2_CONF="$PWD/softhsm2.conf"
runs 0 softhsm2-util --init-token --free --label hufu --pin 1234 --so-pin 5678
token() { pkcs11-tool --module $module --token-label hufu "$@"; }
runs 0 token --login --pin 1234 --keypairgen --key-type EC:edwards25519 --label issuing-1 --id 01
runs 0 token -O --type pubkey
public=$(sed -n 's/.*EC_POINT: *0420//p' .io/out | head -n 1)
(umask 077 && printf '1234\n' >pin)
seed=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
program=03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8
(umask 077 && cat >home/keys/external.json <<END
{"schema": "hufu.external/1", "signers": [
  {"role": "issuing", "number": 1, "public": "$public", "provider": "pkcs11",
   "module": "$module", "token": "hufu", "label": "issuing-1", "pin_file": "$PWD/pin"},
  {"role": "manifest", "number": 0, "public": "$program", "provider": "command",
   "argv": ["/usr/bin/python3", "$root/tests/keys/sign_command.py", "$seed"]}]}
END
)
pem "$public" >issuing.pem
pem "$program" >manifest.pem
runs 0 "$HUFU" key import issuing.pem --role issuing --number 1 --planned --home home
runs 0 "$HUFU" key rotate --role issuing --number 1 --home home
holds test "$(as_of_key issuing 1)" = "$public"

it 'and a program of the issuer that of the manifest key'
runs 0 "$HUFU" key import manifest.pem --role manifest --planned --home home
runs 0 "$HUFU" key rotate --role manifest --home home
holds test "$(as_of_key manifest 0)" = "$program"

it 'documents and manifests are signed there, and verify'
python3 "$root/tests/demo/members.py" 9 20 >more.jsonl
runs 0 sh -c "\"$HUFU\" issue more.jsonl --home home --out more --as-of $today; [ \$? -le 1 ]" # some are refused
runs 0 "$HUFU" publish --home home --to site
kid=$(echo "$public" | xxd -r -p | sha256sum | cut -c 1-8)
holds grep -q "\"kid\":\"$kid\".*\"purpose\":\"cose\"" home/signer.log
kid=$(echo "$program" | xxd -r -p | sha256sum | cut -c 1-8)
holds grep -q "\"kid\":\"$kid\".*\"purpose\":\"minisign\"" home/signer.log
runs 0 "$HUFU" verify more/*.pdf $trust
runs 0 "$HUFU" key export "$kid" --home home --format minisign
cp .io/out manifest.pub
for manifest in site/m/*.json; do :; done # of the last batch
holds minisign -V -q -p manifest.pub -m "$manifest"

it 'a token that was taken out signs nothing'
mv tokens taken && mkdir tokens
python3 "$root/tests/demo/members.py" 10 20 >yet.jsonl
runs 3 "$HUFU" issue yet.jsonl --home home --out yet --as-of "$today"
err_has "there is no token 'hufu'"
holds test "$(ls yet 2>/dev/null | grep -c pdf)" -eq 0
rmdir tokens && mv taken tokens
runs 0 sh -c "\"$HUFU\" issue yet.jsonl --home home --out yet --as-of $today; [ \$? -le 1 ]"
holds test "$(ls yet | grep -c pdf)" -gt 0
finish
