#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Thousands at once: lists, folders, tables, evidence.  And two things a verifier meets in years: new roots, older lists.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today
export HOME="$PWD/me"
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
mkdir me

head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today"
runs 0 "$HUFU" publish --home home --to site
at='--site site --keys home/policy.json'
ls out/*.pdf >files
a=$(head -n 1 files) b=$(tail -n 1 files)
many=$(wc -l <files)
digits() { grep -ao '<hufu:token>[0-9]*' "$1" | tr -dc 0-9; }
verdicts() { sed -n 's/.*"verdict":"\([A-Z-]*\)".*/\1/p' .io/out | tr '\n' ' '; }
timeless() { sed 's/"as_of":"[^"]*"//; s/"checked_at":"[^"]*"//' "$1"; }
cp "$a" changed.pdf
printf x | dd of=changed.pdf bs=1 seek=2000 conv=notrunc 2>/dev/null
{ cat "$b"; echo more; } >added.pdf

it 'a list names files, links, digits and codes, in any line ends, and each has its answer in its place'
{
	echo "$a"
	printf 'https://verify.example.org/#%s\r\n\n' "$(digits "$b")"
	digits "$a" && echo
	basename "$b" .pdf
	printf 'changed.pdf\nadded.pdf\nmissing.pdf\n0123-4567-89AB-CDEF\nhttps://verify.example.org/#123\n-\n'
	printf '%05000d\n' 0
	printf %s "$a" # without a line end
} >list
runs 1 "$HUFU" verify --from list $at --json
wanted='VALID VALID VALID VALID ALTERED ALTERED UNDECIDED NOT-FOUND MALFORMED UNDECIDED UNDECIDED VALID '
[ "$(verdicts)" = "$wanted" ] || wrong "$(verdicts)"
err_has '5 valid, 4 not, 3 undecided'
err_has "cannot open 'missing.pdf'"
err_has 'longer than 4096 bytes'
err_has 'a list cannot name standard input'
timeless .io/out >one

it 'any number of workers gives the same answers in the same order'
for jobs in 2 7 64; do
	runs 1 "$HUFU" verify --from list $at --json --jobs $jobs
	timeless .io/out | cmp -s - one || wrong "--jobs $jobs: $(timeless .io/out | diff - one | head -n 4)"
done
i=0
while [ $i -lt 40 ]; do cat files && i=$((i + 1)); done >long
runs 0 "$HUFU" verify --from long $at --json --jobs 4
holds test "$(grep -c '"verdict":"VALID"' .io/out)" -eq $((40 * many))
timeless .io/out | cut -d'"' -f4 | cmp -s - long || wrong 'not in order'

it 'standard input is read as it comes: with one worker each answer is there before the next line is asked for'
cat >talk.py <<'EOF'
import subprocess, sys
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)
for name in open(sys.argv[1]):
    p.stdin.write(name)
    assert '"VALID"' in p.stdout.readline()
p.stdin.close()
sys.exit(p.wait())
EOF
runs 0 timeout 60 python3 talk.py files "$HUFU" verify --from - $at --json
runs 0 sh -c "cat files | \"$HUFU\" verify --from - $at --json --jobs 2"
holds test "$(wc -l <.io/out)" -eq "$many"

it 'names may hold anything when the list is one of NUL bytes'
mkdir odd
cp "$a" "odd/=1+1.pdf" && cp "$a" 'odd/a "quoted", name.pdf' && cp "$a" "$(printf 'odd/two\nlines.pdf')" && cp "$a" "odd/ends in space "
find odd -type f -print0 | sort -z >nul
runs 0 "$HUFU" verify --from nul -0 $at --json
holds test "$(verdicts)" = 'VALID VALID VALID VALID '
runs 0 "$HUFU" verify --from nul --null $at --json --jobs 2

it 'a folder stands for the documents in it, one level, by name'
mkdir -p box/below
cp "$b" box/b.PDF && cp "$a" box/a.pdf && cp "$a" box/below/ && echo text >box/readme.txt && cp "$a" box/.hidden.pdf
pdftoppm -r 110 -png -singlefile "$a" box/c
pdftoppm -r 110 -jpeg -singlefile "$b" box/d
runs 0 "$HUFU" verify box $at --json
[ "$(cut -d'"' -f4 .io/out | tr '\n' ' ')" = 'box/a.pdf box/b.PDF box/c.png box/d.jpg ' ] || wrong "$(cat .io/out)"
err_has '4 valid, 0 not, 0 undecided'
echo box >list2
runs 0 "$HUFU" verify "$a" --from list2 $at --json
holds test "$(wc -l <.io/out)" -eq 5
mkdir empty
runs 3 "$HUFU" verify empty $at --json
err_has "the folder 'empty' holds no PDF"
holds test "$(verdicts)" = 'UNDECIDED '

it 'a table is one that a spreadsheet reads, and no formula'
mv "odd/=1+1.pdf" . && cp ./=1+1.pdf ./-2.pdf && cp ./=1+1.pdf ./@sum.pdf && cp ./=1+1.pdf ./+3.pdf
printf '=1+1.pdf\0-2.pdf\0@sum.pdf\0+3.pdf\0' >odd/list
find odd -name '*.pdf' -print0 | sort -z >>odd/list
printf 'changed.pdf\0https://verify.example.org/#123\0' >>odd/list
runs 1 "$HUFU" verify --from odd/list -0 $at --csv --evidence
cp .io/out table.csv
cat >table.py <<'EOF'
import csv, hashlib, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
raw = open(sys.argv[1], "rb").read()
assert raw.count(b"\r\n") == len(rows), "lines end in CR LF"
head, rows = rows[0], rows[1:]
assert all(len(r) == len(head) for r in rows) and len(rows) == 8, [len(r) for r in rows]
rows = [dict(zip(head, r)) for r in rows]
assert [r["target"] for r in rows] == ["'=1+1.pdf", "'-2.pdf", "'@sum.pdf", "'+3.pdf", 'odd/a "quoted", name.pdf',
    "odd/two\nlines.pdf", "changed.pdf", "https://verify.example.org/#123"], rows
assert all(f[:1] not in "=+-@\t\r" for r in rows for f in r.values() if f)
assert [r["verdict"] for r in rows] == ["VALID"] * 6 + ["ALTERED", "MALFORMED"]
assert rows[0]["docid"] == sys.argv[2] and rows[0]["name_native"] and rows[7]["docid"] == ""
assert rows[0]["file_sha256"] == hashlib.sha256(open("=1+1.pdf", "rb").read()).hexdigest() and rows[7]["file_sha256"] == ""
assert len({r["policy"] for r in rows}) == 1 and rows[0]["policy"] == sys.argv[3]
EOF
holds python3 table.py table.csv "$(basename "$a" .pdf)" "$("$HUFU" trust fingerprint home/policy.json)"

it 'evidence is what the answer rests on'
runs 0 "$HUFU" verify "$a" $at --json --evidence
{ read -r _ && read -r size && read -r tree; } <site/checkpoint
hex=$(printf %s "$tree" | base64 -d | od -An -tx1 | tr -d ' \n')
out_has "\"policy\":\"$("$HUFU" trust fingerprint home/policy.json)\",\"file_sha256\":\"$(sha256sum "$a" | cut -d' ' -f1)\",\"tree_size\":$size,\"tree_root\":\"$hex\",\"list_iat\":\"$(sed 's/.*"list_iat":"\([^"]*\)".*/\1/' .io/out | head -n 1)\""
out_has "\"program\":\"$("$HUFU" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')\"}}"
runs 3 "$HUFU" verify "$(digits "$a")" --json --evidence --site empty
out_has '"evidence":{"checked_at":"'
out_has '"policy":null,"file_sha256":null,"tree_size":null'

it 'a wrong line is usage'
for line in '--json' '--from list --from list' '--csv --json out' '--evidence out' '-0 out' '--jobs 0 out' '--jobs 65 out' \
	'- --from -' '- -' '--from list --proof x'; do
	# shellcheck disable=SC2086
	runs 2 "$HUFU" verify $line $at
	out_is </dev/null
done
runs 3 "$HUFU" verify --from nowhere $at
err_has "cannot open 'nowhere'"

it 'memory is that of a few, however many there are'
cat >hungry.py <<'EOF'
import resource, subprocess, sys
def peak(lines):
    with open("hungry", "w") as f:
        f.writelines("https://verify.example.org/#123%d\n" % i for i in range(lines))
    subprocess.run(sys.argv[1:] + ["--from", "hungry", "--jobs", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
few, many = peak(20000), peak(80000) # by then a sanitizer has what it keeps of its own
print(few, many)
sys.exit(many > few + 4096)
EOF
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1" runs 0 python3 hungry.py "$HUFU" verify $at --json

it 'what was true at an earlier moment is found among the older lists of a folder; withdrawn now is withdrawn then'
then=$(date -u +%Y-%m-%dT%H:%M:%SZ)
docid() { basename "$1" .pdf; }
sleep 2
runs 0 "$HUFU" suspend "$(docid "$a")" --home home --reason other --only --yes
runs 0 "$HUFU" revoke "$(docid "$b")" --home home --reason issued_in_error --only --yes
runs 0 "$HUFU" publish --home home --to site
holds test "$(ls site/s/0.at | wc -l)" -eq 2
runs 1 "$HUFU" verify "$a" $at --json
out_has '"verdict":"SUSPENDED"'
runs 1 "$HUFU" verify "$a" "$b" $at --json --at "$then"
holds test "$(verdicts)" = 'VALID REVOKED '
out_has "\"as_of\":\"$then\""
runs 3 "$HUFU" verify "$a" $at --json --at "$(date -u -d '-1 hour' +%Y-%m-%dT%H:%M:%SZ)"
out_has '"reason":"no-list-at"'
cp -a site site-b
for f in site-b/s/0.at/*; do # the older one under the newer one's name, and the other way round
	[ "$f" = "$(ls -d site-b/s/0.at/* | head -n 1)" ] && cp "$(ls -d site-b/s/0.at/* | tail -n 1)" "$f"
done
runs 3 "$HUFU" verify "$a" --site site-b --keys home/policy.json --json --at "$then"
out_has '"reason":"no-list-at"'

it 'roots that changed since they were pinned are followed for this call, and the answer says so'
cp home/policy.json pinned.json
for n in 1 2 3; do runs 0 "$HUFU" key rotate --role root --number $n --home home; done
runs 0 "$HUFU" key renew --home home
runs 0 "$HUFU" publish --home home --to site
runs 1 cmp pinned.json site/policy.json
other=$(grep -v -e "$a" -e "$b" files | head -n 1)
for jobs in 1 3; do
	runs 0 "$HUFU" verify "$other" --site site --keys pinned.json --json --evidence --jobs $jobs
	out_has '"verdict":"VALID"'
	out_has '"roots_changed":true'
	out_has "\"policy\":\"$("$HUFU" trust fingerprint site/policy.json)\""
done
runs 0 "$HUFU" verify "$other" --site site --keys pinned.json
out_has "The issuer's roots have changed, signed by the old ones; run hufu trust update."
runs 0 env LC_ALL=zh_CN.UTF-8 "$HUFU" verify "$other" --site site --keys pinned.json
out_has '签发机构已更换根密钥'
runs 0 "$HUFU" verify "$other" --site site --keys home/policy.json --json
out_has '"roots_changed":false'
mkfifo hold
python3 "$root/tests/net/server.py" --root "$PWD/site" <hold >port &
exec 9>hold # the server ends when this does
while [ ! -s port ]; do sleep 0.05; done
for file in "$a" "$other"; do # one that is suspended, one that is not
	"$HUFU" verify "$file" --site "http://127.0.0.1:$(cat port)/site" --keys pinned.json --json >.io/out 2>.io/err
	out_has '"roots_changed":true'
done
out_has '"verdict":"VALID"'
exec 9>&-
wait
cp -a site bad
for f in bad/policy/*; do sed -i '1s/"k":./"k":1/' "$f"; done
runs 3 "$HUFU" verify "$other" --site bad --keys pinned.json --json
out_has '"reason":"bad-key-list"'
out_has '"roots_changed":false'
finish
