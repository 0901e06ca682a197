#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A demo register from records to verdicts.  demo.sh BUILD [BASE-URL]
# With a base URL the codes lead there and the site is served, the page in PAGE (BUILD/web; empty: none) at its root.
# MEMBERS: how many, 1000.
cd "$(dirname "$0")/../.." || exit 3
build=$1 base=${2-}
hufu=$build/hufu
at=$build/demo
members=${MEMBERS:-1000}
page=
[ -z "$base" ] || page=${PAGE-$build/web}

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

# want CODE COMMAND...: the command must end with that answer, or the demo stops.
want() {
	code=$1
	shift
	"$@"
	got=$?
	[ "$got" -eq "$code" ] && return
	printf 'demo: exit %s, expected %s: %s\n' "$got" "$code" "$*" >&2
	exit 1
}

[ -z "$base" ] || want 0 python3 tests/demo/serve.py "$build" "$base" --check
rm -rf "$at" && mkdir -p "$at" || exit 3

say "1. An issuing home: keys, store, templates"
want 0 "$hufu" init "$at/home" --demo ${base:+--base "$base"}

say "2. $members invented members, two in five with a photo; a dozen records are faulty on purpose"
want 0 python3 tests/demo/members.py 1 "$members" --photos "$at/photos" >"$at/members.jsonl"
want 1 "$hufu" issue "$at/members.jsonl" --home "$at/home" --out "$at/certificates"
pdf=$(find "$at/certificates" -name '*.pdf' | sort | head -n 1)
count=$(find "$at/certificates" -name '*.pdf' | wc -l)

say "3. The public half: the log, status list, key list, trust policy, and all of it in one file"
want 0 "$hufu" publish --home "$at/home" --to "$at/site" --bundle "$at/bundle.tar" ${page:+--page "$page"}
trust="--keys $at/home/policy.json"

say "4. Verify a certificate"
want 0 "$hufu" verify "$pdf" --site "$at/site" $trust

say "5. Verify a picture of its code, as a phone would see the paper, without a network"
pdftoppm -r 150 -png -singlefile "$pdf" "$at/page" || exit 3
want 0 "$hufu" verify "$at/page.png" --bundle "$at/bundle.tar" $trust

say "6. Verify a copy with one byte changed"
cp "$pdf" "$at/tampered.pdf"
size=$(wc -c <"$at/tampered.pdf")
byte=$(od -An -tu1 -j $((size / 2)) -N 1 "$at/tampered.pdf" | tr -d ' ')
printf "\\$(printf '%03o' $((byte ^ 1)))" | dd of="$at/tampered.pdf" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
want 1 "$hufu" verify "$at/tampered.pdf" --site "$at/site" $trust

say "7. Withdraw it: the paper's code answers 已作废 from the next publish on"
want 0 "$hufu" revoke "$(basename "$pdf" .pdf)" --home "$at/home" --reason issued_in_error --yes
want 0 "$hufu" publish --home "$at/home" --to "$at/site"
want 1 "$hufu" verify "$at/page.png" --site "$at/site" $trust

say "8. A letter of good standing for a board abroad: two officers approve it, each with a key of their own"
want 0 python3 tests/demo/applicant.py "$at/members.jsonl" "$at/applicant.jsonl" "$at/request.json"
for officer in ZHANG LI; do
	want 0 "$hufu" officer new "$at/$officer.key"
	want 0 "$hufu" officer enrol "$at/$officer.key.pub" --name "$officer" --home "$at/home"
done
want 0 "$hufu" issue "$at/applicant.jsonl" --home "$at/home"
want 0 "$hufu" letter apply "$at/request.json" --home "$at/home" --officer "$at/ZHANG.key"
want 0 "$hufu" letter approve 1 --home "$at/home" --officer "$at/LI.key"
want 0 "$hufu" letter issue --now --home "$at/home" --out "$at/letters"
want 0 "$hufu" publish --home "$at/home" --to "$at/site"
letter=$(find "$at/letters" -name '*.pdf' | head -n 1)
want 0 "$hufu" verify "$letter" --site "$at/site" $trust --expect 'recipient=Northland Board of Accountancy'

say "Where to look"
cat <<EOF
  certificates   $at/certificates ($count PDFs; report.jsonl says what became of every record)
  one of them    $pdf
  the letter     $letter
  published      $at/site (checkpoint, tile/, s/, d/, m/, keys.note, policy.json: nothing in it names a member)
  the home       $at/home
  try            $hufu verify $at/certificates/*.pdf --site $at/site --keys $at/home/policy.json --json
EOF
[ -n "$base" ] || exit 0

say "On the wall: print these or show them, and let a phone scan the code (docs/DEMO.md walks the rest)"
want 0 python3 tests/demo/wall.py "$at/members.jsonl" "$at/certificates" "$at/wall" "$(basename "$pdf" .pdf)"
want 0 "$hufu" publish --home "$at/home" --to "$at/site" --bundle "$at/bundle.tar"
cat <<EOF
  in force       $at/wall/one-zh.pdf and one-en.pdf of a member, two-zh.pdf and two-en.pdf of another
  withdrawn      $pdf
  a letter       $letter
  fingerprint    $("$hufu" trust fingerprint "$at/home/policy.json")
EOF
exec python3 tests/demo/serve.py "$at/site" "$base" --pid "$at/serve.pid"
