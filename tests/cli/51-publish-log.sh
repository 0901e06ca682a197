#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The site as a log: what an edition brings, that it only grows, and that no smaller or other tree is ever signed.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

size() { sed -n 2p "$1"; }

runs 0 "$HUFU" init home --demo
head -n 3 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0

it 'an issue ends with its documents under the checkpoint of HOME/site: a block of a multiple of 8, 04, 03, 02'
holds test "$(size home/site/checkpoint)" -eq 11
holds cmp home/site/checkpoint home/log/checkpoint
python3 - >.io/kinds <<'EOF'
d = open("home/site/tile/entries/000.p/11", "rb").read()
print([d[i + 2] for i in range(0, len(d), 67)])
EOF
holds grep -qF '[1, 1, 1, 1, 1, 1, 1, 1, 4, 3, 2]' .io/kinds

it 'what was issued is valid by HOME/site alone, before anything was published'
runs 0 "$HUFU" verify "$(ls out/*.pdf | head -n 1)" --site home/site --keys home/policy.json

it 'publish adds the head of the journal, and then nothing as long as nothing is new'
runs 0 "$HUFU" publish --home home --to site --json
out_has '"edition":2'
grown=$(size site/checkpoint) # by the journal's head; in the afternoon by the shard of midnight too, signed anew
holds test "$grown" -ge 12 -a "$grown" -le 13
holds python3 - "$grown" <<'EOF'
import hashlib, sys
d = open("site/tile/entries/000.p/" + sys.argv[1], "rb").read()
last = d[-65:]
lines = open("home/journal", "rb").read().split(b"\n")
assert last[0] == 5 and last[33:41] == (1).to_bytes(8, "big"), last.hex()
assert last[1:33] in [hashlib.sha256(l).digest() for l in lines], "no line of the journal"
EOF
runs 0 "$HUFU" publish --home home --to site --json
out_has '"edition":0'
holds test "$(size site/checkpoint)" -eq "$grown"
holds diff -r home/site site

it 'a refresh signs every shard anew, later than before'
before=$(ls site/s/0.at | sort -n | tail -n 1)
versions=$(ls site/s/0.at | wc -l)
runs 0 "$HUFU" publish --home home --to site --refresh
holds test "$(ls site/s/0.at | wc -l)" -eq $((versions + 1))
holds test "$(ls site/s/0.at | sort -n | tail -n 1)" -gt "$before"
holds cmp site/s/0 "site/s/0.at/$(ls site/s/0.at | sort -n | tail -n 1)"

it 'a file that is written once and is there with other bytes stops the publishing'
cp -a site torn
printf 'x' >>torn/m/1-0.json
runs 3 "$HUFU" publish --home home --to torn
err_has "exists with other content"

it 'an old copy of the store signs nothing: a larger tree was signed before'
cp -a home old
runs 0 "$HUFU" publish --home home --to site --refresh
runs 0 "$HUFU" publish --home home --to site --refresh
cp home/log/checkpoint old/log/checkpoint # the second place survived, the store did not
runs 3 "$HUFU" publish --home old --to other --refresh
err_has 'a tree of'
holds test ! -e other/checkpoint

it 'nor is another tree of a size that was signed before'
cp -a home twin
python3 - <<'EOF'
import base64, re
p = "twin/log/checkpoint"
t = open(p, encoding="utf-8").read().split("\n")
t[2] = base64.b64encode(bytes(32)).decode()
open(p, "w", encoding="utf-8").write("\n".join(t))
EOF
runs 3 "$HUFU" publish --home twin --to other --refresh
err_has 'another tree of'

it 'a clock that stands before the last edition is refused'
cp -a home later
python3 -c 'import sqlite3; d = sqlite3.connect("later/store.db"); d.execute("UPDATE edition SET at = at + 259200"); d.commit()'
runs 3 "$HUFU" publish --home later --to other --refresh
err_has 'the clock stands before'

it 'a log whose tiles were changed behind its back does not grow'
cp -a home spoilt
python3 - <<'EOF'
import glob
for p in glob.glob("spoilt/site/tile/0/000.p/*"):
    b = bytearray(open(p, "rb").read()); b[3] ^= 1; open(p, "wb").write(b)
EOF
runs 3 "$HUFU" publish --home spoilt --to other --refresh
holds test ! -e other/checkpoint

it 'a tile that is full makes its partial ones go, here and on the site; the log reads as before'
python3 "$root/tests/demo/members.py" 9 140 >many.jsonl
runs 1 "$HUFU" issue many.jsonl --home home --out out --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site
holds test -f home/site/tile/0/000 -a ! -e home/site/tile/0/000.p -a ! -e home/site/tile/entries/000.p
holds diff -r home/site site
runs 0 "$HUFU" audit --home home --site site

it 'every typed id finds its document, in buckets of many'
n=0
for pdf in out/*.pdf; do
	[ $((n % 9)) -eq 0 ] && runs 0 "$HUFU" verify "$(basename "$pdf" .pdf)" --site site --keys home/policy.json
	n=$((n + 1))
done
runs 1 "$HUFU" verify 0000-0000-0000-0000 --site site --keys home/policy.json --json
out_has '"verdict":"NOT-FOUND"'

it 'a document of the old tree is valid under the new one'
runs 0 "$HUFU" verify "$(ls out/*.pdf | head -n 1)" --site site --keys home/policy.json

it 'a proof stands by itself: index, path and checkpoint of the document'
docid=$(basename "$(ls out/*.pdf | head -n 1)" .pdf)
runs 0 "$HUFU" proof "$docid" --home home
holds grep -q '^c2sp.org/tlog-proof@v1$' "$docid.tlog-proof"
runs 0 "$HUFU" proof "$docid" --home home -o -
holds cmp .io/out "$docid.tlog-proof"
runs 1 "$HUFU" proof 0000-0000-0000-0000 --home home
runs 2 "$HUFU" proof nonsense --home home

it 'a bundle is a tar of the site, and answers without it'
runs 0 "$HUFU" publish --home home --bundle site.tar
holds test "$(tar tf site.tar | grep -c -e '^checkpoint$' -e '^keys.note$' -e '^policy.json$' -e '^s/0$')" -eq 4
mkdir unpacked && tar xf site.tar -C unpacked
holds cmp unpacked/checkpoint home/site/checkpoint
cp site.tar twice.tar
runs 0 "$HUFU" publish --home home --bundle site.tar
holds cmp site.tar twice.tar
runs 0 "$HUFU" verify "out/$docid.pdf" --bundle site.tar --keys home/policy.json
finish
