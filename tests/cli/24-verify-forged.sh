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
at_site() { # at_site SITE CODE WORD TARGET...: the verdict in JSON
	site=$1 code_wanted=$2 word=$3
	shift 3
	runs "$code_wanted" "$HUFU" verify "$@" --site "$site" --keys home/policy.json --json
	out_has "\"verdict\":\"$word\""
}
verdict() { at_site home-site "$@"; }
copy() { # a copy of the site to spoil
	rm -rf bad-site
	cp -a home-site bad-site
}
cat >flip.py <<'EOF'
import sys
data = bytearray(open(sys.argv[1], "rb").read()) # one bit, by default in the middle
data[int(sys.argv[2]) if len(sys.argv) > 2 else len(data) // 2] ^= 1
open(sys.argv[1], "wb").write(data)
EOF
flip() { python3 flip.py "$@"; }

it 'a genuine file is VALID: signature, log, status and file, and the output says it was not witnessed'
verdict 0 VALID "$a"
out_has '"file":"original"'
out_has '"transparency":"included"'
out_has '"lowered":false'
runs 0 "$HUFU" verify "$a" $trust
out_has 'Public register: not witnessed'
out_has 'photo, sex, association, seal picture'

it 'a picture, a URL, the digits, the typed code and standard input are read too'
pdftoppm -r 150 -png -singlefile "$a" page
verdict 0 VALID page.png
pdftoppm -r 150 -jpeg -singlefile "$a" page
verdict 0 VALID page.jpg
out_has '"file":"none"'
verdict 0 VALID "https://verify.example.org/#$(digits "$a")"
verdict 0 VALID "$(digits "$a")"
verdict 0 VALID "$(basename "$a" .pdf)"
verdict 0 VALID "$(basename "$a" .pdf | tr 'A-Z' 'a-z' | tr -d -)"
verdict 1 NOT-FOUND 0123-4567-89AB-CDEF
runs 0 sh -c "\"$HUFU\" verify - $trust --json <\"$a\""
out_has '"verdict":"VALID"'

it 'one flipped byte anywhere in a PDF is named'
size=$(wc -c <"$a")
for k in 1 2 3 4 5 6 7 8 9 10 11 12; do
	python3 - "$a" $((size * k / 13)) flipped.pdf <<'EOF'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1
open(sys.argv[3], "wb").write(data)
EOF
	runs 1 "$HUFU" verify flipped.pdf $trust --json
	out_lacks '"verdict":"VALID"'
	grep -o '"verdict":"[A-Z-]*"' .io/out >>verdicts
done
holds test "$(grep -c ALTERED verdicts)" -ge 10 # the others fell into the token

it 'bytes added behind the end are told from changed ones'
{ cat "$a"; echo added; } >added.pdf
verdict 1 ALTERED added.pdf
out_has "\"original_length\":$size"
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
	runs 1 "$HUFU" verify "$(cat changed)" $trust --json
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

it 'a register that is not the one that was signed is inconsistent'
n=$(sed -n 2p home-site/checkpoint)
for at in 0 $((32 * n / 2)) $((32 * n - 1)); do
	copy
	flip "bad-site/tile/0/000.p/$n" "$at"
	at_site bad-site 1 INCONSISTENT-LOG "$a" "$b" # the leaf of a file itself is computed, not read
	out_has '"reason":"log-tiles"'
done
copy
python3 - "bad-site/tile/entries/000.p/$n" <<'EOF'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
for i in range(0, len(data), 67): data[i + 40] ^= 1 # every entry another one
open(sys.argv[1], "wb").write(data)
EOF
at_site bad-site 1 INCONSISTENT-LOG "$(digits "$a")"
at_site bad-site 0 VALID "$a" # the leaf of a whole file needs no entry

it 'what is missing, broken or unsigned is trouble: not green, and not the document'"'"'s fault'
for spoil in 'rm bad-site/checkpoint' 'flip bad-site/checkpoint' 'rm -r bad-site/tile' 'rm bad-site/s/0' 'flip bad-site/s/0' \
	'flip bad-site/keys.note' 'rm bad-site/keys.note' 'cp bad-site/keys.note bad-site/checkpoint' \
	'cp other-site/checkpoint bad-site/checkpoint' 'cp other-site/s/0 bad-site/s/0' \
	'cp other-site/keys.note bad-site/keys.note'; do
	copy
	$spoil
	runs 3 "$HUFU" verify "$a" --site bad-site --keys home/policy.json --json
	out_lacks '"verdict":"VALID"'
	runs 3 "$HUFU" verify "$(digits "$a")" --site bad-site --keys home/policy.json --json
	out_lacks '"verdict":"VALID"'
done

it 'without the register paper is accepted when that is allowed, and a PDF is not'
copy
rm bad-site/checkpoint
runs 0 "$HUFU" verify "$(digits "$a")" --site bad-site --keys home/policy.json --allow no-log --json
out_has '"lowered":true'
runs 3 "$HUFU" verify "$a" --site bad-site --keys home/policy.json --allow no-log --json

it 'the proof beside a document takes the place of the register, and only of that'
copy
rm -r bad-site/tile bad-site/checkpoint
runs 0 "$HUFU" proof "$(basename "$a" .pdf)" --home home -o mine.tlog-proof
runs 0 "$HUFU" verify "$a" --site bad-site --keys home/policy.json --proof mine.tlog-proof --json
out_has '"verdict":"VALID"'
out_has '"not_checked":["consistency"'
runs 0 "$HUFU" verify "$(digits "$a")" --site bad-site --keys home/policy.json --proof mine.tlog-proof --json
cp "$a" copy.pdf && cp mine.tlog-proof copy.tlog-proof
at_site bad-site 0 VALID copy.pdf
echo more >>copy.pdf
at_site bad-site 1 ALTERED copy.pdf
runs 3 "$HUFU" verify "$b" --site bad-site --keys home/policy.json --proof mine.tlog-proof --json
out_has '"verdict":"UNDECIDED"'
err_has "another document"
rm bad-site/s/0
runs 3 "$HUFU" verify "$a" --site bad-site --keys home/policy.json --proof mine.tlog-proof --json
out_has '"transparency":"included"'

it 'a bundle answers without a site, and a broken one is trouble'
runs 0 "$HUFU" publish --home home --to home-site --bundle site.tar
runs 0 "$HUFU" verify "$a" page.png --bundle site.tar --keys home/policy.json --json
holds test "$(grep -c '"verdict":"VALID"' .io/out)" -eq 2
head -c 5000 site.tar >cut.tar
runs 3 "$HUFU" verify "$a" --bundle cut.tar --keys home/policy.json --json
out_is </dev/null
runs 3 "$HUFU" verify "$a" --bundle site.tar --keys site.tar --json
out_is </dev/null
runs 2 "$HUFU" verify "$a" --bundle site.tar --site home-site --keys home/policy.json

it 'a moment needs a status list of that time'
verdict 3 UNDECIDED "$a" --at "$(date -u -d '-1 hour' +%FT%TZ)"
out_has '"reason":"no-list-at"'
verdict 0 VALID "$a" --at "$(date -u -d '+1 hour' +%FT%TZ)"
verdict 3 UNDECIDED "$a" --at "$(date -u -d '+73 hours' +%FT%TZ)"

it 'a verifier that remembers is not shown less'
runs 0 "$HUFU" verify "$a" $trust --state memory --json
holds test -s memory
cp -a home-site old-site
sed -n 3p "$root/tests/data/edge.jsonl" >more.jsonl
runs 0 "$HUFU" issue more.jsonl --home home --out home-out --as-of "$today" --lang zh
runs 0 "$HUFU" publish --home home --to home-site
runs 0 "$HUFU" verify "$a" $trust --state memory --json
runs 1 "$HUFU" verify "$a" --site old-site --keys home/policy.json --state memory --json
out_has '"verdict":"INCONSISTENT-LOG"'
out_has '"from":"memory"'
runs 1 "$HUFU" verify "$a" --site old-site --keys home/policy.json --state memory
out_has 'Seen before: '
runs 0 "$HUFU" verify "$a" --site old-site --keys home/policy.json --json # a copy without memory may be old

it 'a key list with one byte changed is trusted for nothing'
cp -a home-site bad-keys
sed -i 's/"version":1/"version":2/' bad-keys/keys.note
runs 3 "$HUFU" verify "$a" --site bad-keys --keys home/policy.json --json
out_lacks '"verdict":"VALID"'

it 'without a policy nobody is trusted, and the fingerprint to compare is named'
runs 3 "$HUFU" verify "$a" --site home-site
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
runs 0 "$HUFU" verify "$a" $trust --expect type=1 --json
runs 1 "$HUFU" verify "$a" $trust --expect type=3 --json
out_has '"verdict":"NOT-FOR-YOU"'
finish
