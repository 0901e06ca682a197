#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hufu verify --seal: the electronic seals of what a home issued, beside the verdict.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

head -n 1 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo --seal p256
runs 0 "$HUFU" issue feed.jsonl --home home --out out --lang zh --as-of "$today"
runs 0 "$HUFU" publish --home home --bundle bundle
a=$(ls out/*.pdf | head -n 1)
seen="--bundle bundle --keys home/policy.json"
roots=home/keys/seal/root.pem

it 'a document and its seal hold'
runs 0 "$HUFU" verify "$a" $seen --seal --seal-roots $roots
out_has 'the seal holds'
runs 0 "$HUFU" verify "$a" $seen --seal --seal-roots $roots --json
out_has '"seal":{"holds":true,"code":null'
out_has '"verdict":"VALID"'
runs 0 "$HUFU" verify "$a" $seen --seal --seal-roots $roots --csv
out_has ',seal'
out_has ',holds'

it 'without --seal nothing is said of it'
runs 0 "$HUFU" verify "$a" $seen --json
holds test "$(grep -c '"seal":' .io/out)" -eq 0

it 'one byte behind the end is named by both'
cp "$a" added.pdf && printf '\n\n' >>added.pdf
runs 1 "$HUFU" verify added.pdf $seen --seal --seal-roots $roots --json
out_has '"verdict":"ALTERED"'
out_has '"code":"SEAL-FRAME"'

it 'one byte within is named by both'
python3 - "$a" changed.pdf <<'PYTHON'
import sys
pdf = bytearray(open(sys.argv[1], "rb").read())
at = pdf.index(b"/MediaBox [0 0 595") + len("/MediaBox [0 0 ")
pdf[at] = ord("4")
open(sys.argv[2], "wb").write(pdf)
PYTHON
runs 1 "$HUFU" verify changed.pdf $seen --seal --seal-roots $roots --json
out_has '"verdict":"ALTERED"'
out_has '"code":"SEAL-SIGNATURE"'

it 'another home is a stranger, whatever its names'
runs 0 "$HUFU" init other --demo --seal p256
runs 1 "$HUFU" verify "$a" $seen --seal --seal-roots other/keys/seal/root.pem --json
out_has '"verdict":"VALID"'
out_has '"code":"SEAL-STRANGER"'

it 'a PDF without a seal is a no when seals are asked for'
runs 0 "$HUFU" init bare --demo
runs 0 "$HUFU" issue feed.jsonl --home bare --out bare-out --lang zh --as-of "$today"
runs 0 "$HUFU" publish --home bare --bundle bare-bundle
b=$(ls bare-out/*.pdf | head -n 1)
runs 0 "$HUFU" verify "$b" --bundle bare-bundle --keys bare/policy.json
runs 1 "$HUFU" verify "$b" --bundle bare-bundle --keys bare/policy.json --seal --seal-roots $roots
out_has 'SEAL-CERTIFIED'

it 'the certificates are asked for, and must be some'
runs 2 "$HUFU" verify "$a" $seen --seal
runs 2 "$HUFU" verify "$a" $seen --seal-roots $roots
runs 3 "$HUFU" verify "$a" $seen --seal --seal-roots feed.jsonl
finish
