#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
templates=$root/templates
head -n 1 "$root/tests/data/edge.jsonl" >record.jsonl

it 'draws a template without a home, a record or a key'
runs 0 "$HUFU" preview practising-certificate --as-of 2026-11-23 -o page.pdf
holds qpdf --check page.pdf
holds sh -c 'pdftotext -raw page.pdf - | grep -q 张样例'
holds sh -c 'pdftotext -raw page.pdf - | grep -q TEST-TEST-TEST-TEST'
holds sh -c 'pdftotext -raw page.pdf - | grep -qx "证书编号 0*"'
holds test "$(stat -c %a page.pdf)" = 600

it 'says SPECIMEN across the page in every language, to the ear first, and not among the words that are copied'
marked=$(printf 'SPECIMEN 样张' | iconv -f UTF-8 -t UTF-16BE | od -An -v -tx1 | tr -d ' \n')
for page in practising-certificate:zh practising-certificate:en non-practising-certificate:zh \
	non-practising-certificate:en; do
	runs 0 "$HUFU" preview ${page%:*} --lang ${page#*:} -o page.pdf
	qpdf --qdf --object-streams=disable page.pdf page.qdf
	holds sh -c "grep -a '^  /S /\|^  /ActualText' page.qdf | head -n 3 | grep -aq 'ActualText <feff$marked>'"
	pdftotext page.pdf .io/text
	holds sh -c "! grep -xE '[SPECIMN]+|[样张]' .io/text"
done

it 'draws the same bytes for the same day'
runs 0 "$HUFU" preview practising-certificate --as-of 2026-11-23 -o one.pdf
runs 0 env TZ=America/Chicago LC_ALL=zh_CN.UTF-8 "$HUFU" preview "$templates/practising-certificate/" \
	--as-of 2026-11-23T00:00:00+08:00 -o two.pdf
runs 0 sh -c "cd '$templates/practising-certificate' && '$HUFU' preview . --as-of 2026-11-23 -o - >'$PWD/three.pdf'"
holds cmp one.pdf two.pdf
holds cmp one.pdf three.pdf

it 'makes a picture'
runs 0 "$HUFU" preview non-practising-certificate -o page.png
holds sh -c 'head -c 8 page.png | od -An -tx1 | grep -q "89 50 4e 47 0d 0a 1a 0a"'

it 'says what is missing when there is no pdftoppm'
mkdir bin
runs 3 env PATH="$PWD/bin" "$HUFU" preview practising-certificate -o none.png
err_has 'install the package poppler-utils'
holds test ! -e none.png

it 'ends a pdftoppm that fails, and one that writes anything else'
printf '#!/bin/sh\nexit 1\n' >bin/pdftoppm && chmod +x bin/pdftoppm
runs 3 env PATH="$PWD/bin:$PATH" "$HUFU" preview practising-certificate -o none.png
err_has 'pdftoppm could not draw the page'
printf '#!/bin/sh\necho hello\n' >bin/pdftoppm
runs 3 env PATH="$PWD/bin:$PATH" "$HUFU" preview practising-certificate -o none.png
err_has 'pdftoppm could not draw the page'
holds test ! -e none.png

it 'hands its environment and its files to no other program'
cat >bin/pdftoppm <<EOF
#!/bin/sh
{ env; ls -l /proc/\$\$/fd; } >"$PWD/seen"
exit 1
EOF
runs 3 env PATH="$PWD/bin:$PATH" SECRET=xyzzy "$HUFU" preview practising-certificate -o none.png
holds test -s seen
holds sh -c '! grep -q xyzzy seen'
holds sh -c '! grep -qE "fonts|templates|jsonl|\.tt[cf]|\.otf" seen'

it 'draws the first record of a feed, its number blank'
runs 0 "$HUFU" preview practising-certificate --record record.jsonl -o page.pdf
holds sh -c 'pdftotext -raw page.pdf - | grep -q 吕绿'
holds sh -c '! pdftotext -raw page.pdf - | grep -q 990000010001'

it 'draws the photo of the record, and no other'
cp "$root/tests/paper/data/tagged.jpg" face.jpg
# photo HASH: the record with a photo of that hash
photo() { sed "s/,\"sex\"/,\"photo\":{\"path\":\"face.jpg\",\"sha256\":\"$1\"}&/" record.jsonl >photo.jsonl; }
photo "$(sha256sum face.jpg | cut -d' ' -f1)"
runs 0 "$HUFU" preview practising-certificate --record photo.jsonl -o page.pdf
holds sh -c 'pdfimages -list page.pdf | grep -q jpeg'
photo "$(printf %064d 0)"
runs 1 "$HUFU" preview practising-certificate --record photo.jsonl -o never.pdf
err_has 'hufu: photo.jsonl:1: /photo/sha256: '

it 'verifies nowhere'
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" preview practising-certificate --home home -o page.pdf
runs 1 "$HUFU" verify page.pdf --site site --keys home/policy.json --json
out_has '"verdict":"FORGED"'

it 'shows the issuer of a home'
python3 - <<'EOF'
import json
c = json.load(open("home/hufu.json"))
c["name_zh"] = "虚构会计师公会"
json.dump(c, open("home/hufu.json", "w"), ensure_ascii=False)
EOF
"$HUFU" preview practising-certificate --home home -o page.pdf >.io/out 2>.io/err
holds sh -c 'pdftotext -raw page.pdf - | grep -q 虚构会计师公会 || grep -q hufu.json .io/err'

it 'refuses a record that is none, in words with its place'
sed 's/"2020-02-29"/"2021-02-29"/' record.jsonl >wrong.jsonl
runs 1 "$HUFU" preview practising-certificate --record wrong.jsonl -o never.pdf
err_has 'hufu: wrong.jsonl:1: /admission/date: '
holds test ! -e never.pdf

it 'names file, pointer and what was expected in a template that is wrong'
# fault FILE SED WORDS...: the copy of a template with FILE changed is refused with these words
fault() {
	rm -rf broken && cp -R "$templates/practising-certificate" broken
	file=$1
	sed -i "$2" "broken/$file"
	shift 2
	runs 1 "$HUFU" preview broken -o never.pdf
	for words in "$@"; do err_has "$words"; done
	holds test ! -e never.pdf
}
fault zh.json '0,/{site.host}/s//{site.hots}/' 'hufu: ./broken/zh.json: /strings/' 'site.hots'
fault zh.json '0,/{name_native}/s//{name_nativ}/' 'hufu: ./broken/zh.json: /strings/' 'name_nativ'
fault zh.json '0,/}/s/}//' 'hufu: ./broken/zh.json'
fault layout.json '0,/"style": "title"/s//"style": "tilte"/' 'hufu: ./broken/layout.json: /languages/zh/elements/' "'tilte' is no style"
fault layout.json '0,/"kind": "frame"/s//"kind": "farme"/' 'hufu: ./broken/layout.json: /languages/zh/elements/' 'farme'
fault layout.json 's/"main": "#0E4A45"/"main": "green"/' 'hufu: ./broken/layout.json: /inks/main: must be a colour'
fault layout.json 's/"token_type": 1/"token_type": 0/' 'hufu: ./broken/layout.json: /token_type: '
fault layout.json 's/"role": "song-bold"/"role": "song-bald"/' 'song-bald'

it 'knows a wrong command line'
runs 2 "$HUFU" preview practising-certificate
err_has '--output is needed'
runs 2 "$HUFU" preview practising-certificate -o page.jpg
runs 2 "$HUFU" preview practising-certificate -o page.pdf --lang zho
runs 2 "$HUFU" preview practising-certificate -o page.pdf --as-of yesterday
runs 2 "$HUFU" preview practising-certificate -o - --watch
runs 3 "$HUFU" preview no-such-template -o page.pdf
runs 3 "$HUFU" preview ./no-such-folder -o page.pdf
: >empty.jsonl
runs 2 "$HUFU" preview practising-certificate --record empty.jsonl -o page.pdf
finish
