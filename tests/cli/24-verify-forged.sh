#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today

head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" init other --demo
for h in home other; do
	runs 0 "$HUFU" issue feed.jsonl --home $h --out $h-out --as-of "$today" --lang zh
	runs 0 "$HUFU" publish --home $h --to $h-site
done
a=$(ls home-out/*.pdf | head -n 1) b=$(ls home-out/*.pdf | tail -n 1) foreign=$(ls other-out/*.pdf | head -n 1)
trust="--site home-site --keys home/policy.json"
digits() { grep -ao '<hufu:token>[0-9]*' "$1" | tr -dc 0-9; }
verdict() { # verdict CODE WORD TARGET...: the verdict in JSON, never VALID without being asked for
	code_wanted=$1 word=$2
	shift 2
	runs "$code_wanted" "$HUFU" verify "$@" $trust --json
	out_has "\"verdict\":\"$word\""
	out_lacks '"verdict":"VALID"'
}

it 'a genuine file is UNDECIDED while the log is missing, VALID only when that is allowed'
verdict 3 UNDECIDED "$a"
runs 0 "$HUFU" verify "$a" $trust --allow no-log --json
out_has '"verdict":"VALID"'

it 'a picture, a URL, the digits and standard input are read too'
pdftoppm -r 150 -png -singlefile "$a" page
verdict 3 UNDECIDED page.png
pdftoppm -r 150 -jpeg -singlefile "$a" page
verdict 3 UNDECIDED page.jpg
verdict 3 UNDECIDED "https://verify.example.org/#$(digits "$a")"
verdict 3 UNDECIDED "$(digits "$a")"
runs 3 sh -c "\"$HUFU\" verify - $trust --json <\"$a\""
out_has '"verdict":"UNDECIDED"'

it 'one flipped byte anywhere in a PDF is named'
size=$(wc -c <"$a")
for k in 1 2 3 4 5 6 7 8 9 10 11 12; do
	python3 - "$a" $((size * k / 13)) flipped.pdf <<'EOF'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1
open(sys.argv[3], "wb").write(data)
EOF
	runs 1 "$HUFU" verify flipped.pdf $trust --allow no-log --json
	out_lacks '"verdict":"VALID"'
	grep -o '"verdict":"[A-Z-]*"' .io/out >>verdicts
done
holds test "$(grep -c ALTERED verdicts)" -ge 10 # the others fell into the token

it 'bytes added behind the end are told from changed ones'
{ cat "$a"; echo added; } >added.pdf
verdict 1 ALTERED added.pdf
runs 1 "$HUFU" verify added.pdf $trust
out_has 'added to'

it 'a changed digit of a code is no code of this issuer'
d=$(digits "$a")
for k in 5 60 200 300; do
	python3 - "$d" $k >changed <<'EOF'
import sys
d, k = sys.argv[1], int(sys.argv[2])
print(d[:k] + str((int(d[k]) + 1) % 10) + d[k + 1:], end="")
EOF
	runs 1 "$HUFU" verify "$(cat changed)" $trust --allow no-log --json
	out_lacks '"verdict":"VALID"'
done

it 'a code of another key is forged under a fresh key list'
verdict 1 FORGED "$foreign"
verdict 1 FORGED "$(digits "$foreign")"

it 'a code pasted onto another document alters it'
python3 - "$a" "$b" pasted.pdf <<'EOF'
import re, sys
token = lambda p: re.search(rb"<hufu:token>(\d+)", open(p, "rb").read()).group(1)
data = open(sys.argv[2], "rb").read()
open(sys.argv[3], "wb").write(data.replace(token(sys.argv[2]), token(sys.argv[1])))
EOF
verdict 1 ALTERED pasted.pdf

it 'two different codes in one file are malformed'
python3 - "$a" "$b" two.pdf <<'EOF'
import re, sys
token = re.search(rb"<hufu:token>\d+</hufu:token>", open(sys.argv[2], "rb").read()).group(0)
open(sys.argv[3], "wb").write(open(sys.argv[1], "rb").read() + token)
EOF
verdict 1 MALFORMED two.pdf

it 'a manifest with one byte changed is not what the issuer signed'
cp -a home-site bad-site
python3 - bad-site/m/1-0.json <<'EOF'
import re, sys
text = open(sys.argv[1]).read()
at = text.index('"leaves":["') + 20
text = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]
open(sys.argv[1], "w").write(text)
EOF
runs 1 "$HUFU" verify "$a" --site bad-site --keys home/policy.json --allow no-log --json
out_has '"verdict":"INCONSISTENT-LOG"'

it 'a key list with one byte changed is trusted for nothing'
cp -a home-site bad-keys
sed -i 's/"version":1/"version":2/' bad-keys/keys.note
runs 3 "$HUFU" verify "$a" --site bad-keys --keys home/policy.json --allow no-log --json
out_lacks '"verdict":"VALID"'

it 'without a policy nobody is trusted, and the fingerprint to compare is named'
runs 3 "$HUFU" verify "$a" --site home-site --allow no-log
out_has 'fingerprint'

it 'an unreadable file is trouble, not an answer'
runs 3 "$HUFU" verify nothing.pdf $trust --json
out_lacks '"verdict":"VALID"'
printf 'not a document at all' >junk.bin
runs 3 "$HUFU" verify junk.bin $trust --json
out_lacks '"verdict":"VALID"'

it 'one bad target among many decides the exit'
runs 1 "$HUFU" verify "$a" flipped.pdf nothing.pdf $trust --json
holds test "$(wc -l <.io/out)" -eq 3

it 'what the verifier expected is compared with what is signed'
runs 3 "$HUFU" verify "$a" $trust --expect type=1 --json
runs 1 "$HUFU" verify "$a" $trust --expect type=3 --json
out_has '"verdict":"NOT-FOR-YOU"'
finish
