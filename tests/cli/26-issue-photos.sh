#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today
data=$root/tests/paper/data

issue() { timeout 60 "$HUFU" issue "$@" --as-of "$today" --thumbnails 0; }

# feed FILE MEMBER=PHOTO...: edge records with these photos and their true hashes; PHOTO@X writes another hash
cat >feed.py <<'EOF'
import hashlib, json, os, sys
root, name, wanted = sys.argv[1], sys.argv[2], dict(a.split("=") for a in sys.argv[3:])
with open(name, "w") as out:
    for line in open(root + "/tests/data/edge.jsonl"):
        r = json.loads(line)
        if r["member_id"] not in wanted:
            continue
        path, _, fake = wanted[r["member_id"]].partition("@")
        at = os.path.join(os.path.dirname(name), path)
        digest = hashlib.sha256(open(at, "rb").read()).hexdigest() if os.path.isfile(at) else "0" * 64
        r["photo"] = {"path": path, "sha256": fake * 64 or digest}
        out.write(json.dumps(r, ensure_ascii=False) + "\n")
EOF
feed() {
	python3 feed.py "$root" "$@" || exit 3
}

mkdir -p in/photos in/real outside
cp "$data"/*.jpg "$data"/*.png in/photos/
cp "$data/gray.jpg" outside/
ln -s ../../outside/gray.jpg in/photos/link.jpg
ln -s ../outside in/linked
mkdir in/photos/folder.jpg
mkfifo in/photos/pipe.jpg
cp "$data/tagged.jpg" in/photos/fat.jpg
head -c 4200000 /dev/zero >>in/photos/fat.jpg
runs 0 "$HUFU" init home --demo

it 'prints a photo, and of its file nothing but the picture'
feed in/good.jsonl m-01=photos/tagged.jpg m-09=photos/alpha.png
runs 0 issue in/good.jsonl --home home --out out
holds python3 - <<'EOF'
import glob, hashlib, json, subprocess
for l in map(json.loads, open("out/report.jsonl")):
    pdf = "out/" + l["file"]
    held = open(pdf, "rb").read()
    for secret in (b"Exif", b"SecretCam", b"taken at home", b"ICC_PROFILE", b"SecretPlace"):
        assert secret not in held, (pdf, secret)
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True).stdout
    subprocess.run(["pdfdetach", "-save", "1", "-o", "c.json", pdf], check=True)
    facts = json.load(open("c.json"))["facts"]
    source = {"m-01": "tagged.jpg", "m-09": "alpha.png"}[l["member_id"]]
    if l["lang"] == "zh":
        assert " 40    56  rgb     3   8  " in images, images
        assert facts["photo_sha256"] == hashlib.sha256(open("in/photos/" + source, "rb").read()).hexdigest(), facts
    else:
        assert " rgb " not in images and "photo_sha256" not in facts, (images, facts)
EOF
holds test "$(ls home/photos | wc -l)" -eq 2
holds test -z "$(find home/photos -type f ! -perm 600)"

it 'needs a kept photo no more, and verifies what it issued'
mv in/photos in/gone
runs 0 issue in/good.jsonl --home home --out out
err_has '0 documents issued, 4 unchanged'
runs 0 "$HUFU" check in/good.jsonl --home home
runs 1 "$HUFU" check in/good.jsonl
out_has 'in/good.jsonl:1: /photo/path: no photo '
mv in/gone in/photos
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" verify out/*.pdf --site site --keys home/policy.json --allow no-log

it 'refuses each photo that is none, with its code, and checks say the same'
for row in m-01=photos/none.jpg:PHOTO-MISSING:path m-01=photos/link.jpg:PHOTO-PATH:path \
	m-01=linked/gray.jpg:PHOTO-PATH:path m-01=photos/folder.jpg:PHOTO-PATH:path \
	m-01=photos/gray.jpg/x.jpg:PHOTO-PATH:path m-01=photos/pipe.jpg:PHOTO-PATH:path \
	m-01=photos/gray.jpg@f:PHOTO-HASH:sha256 m-01=photos/cmyk.jpg:PHOTO-FORM:path \
	m-01=photos/rgb16.png:PHOTO-FORM:path m-01=photos/bomb.png:PHOTO-SIZE:path m-01=photos/wide.png:PHOTO-SIZE:path \
	m-01=photos/fat.jpg:PHOTO-SIZE:path m-01=photos/turned.jpg:PHOTO-TURNED:path; do
	feed in/bad.jsonl "${row%%:*}"
	runs 1 timeout 60 "$HUFU" check in/bad.jsonl --json
	cp .io/out checked
	runs 1 issue in/bad.jsonl --home home --out bad
	rest=${row#*:}
	holds grep -q "\"code\":\"${rest%:*}\".*\"pointer\":\"/photo/${rest#*:}\"" bad/report.jsonl
	holds grep -q "\"code\":\"${rest%:*}\".*\"pointer\":\"/photo/${rest#*:}\"" checked
done
head -c 1000 "$data/tagged.jpg" >in/photos/cut.jpg
feed in/bad.jsonl m-01=photos/cut.jpg
runs 1 issue in/bad.jsonl --home home --out bad
holds grep -q '"code":"PHOTO-BROKEN"' bad/report.jsonl
holds test "$(ls home/photos | wc -l)" -eq 2

it 'takes records from standard input with --photos, and says so without'
runs 0 "$HUFU" init second --demo
runs 1 issue - --home second --out piped <in/good.jsonl
err_has 'stdin:1: /photo/path: records from standard input have no folder; name it with --photos DIR'
runs 0 issue - --home second --out piped --photos in <in/good.jsonl
err_has '4 documents issued'

it 'asks for no photo where none is printed: another language, a member who left'
feed in/left.jsonl m-01=photos/none.jpg m-10=photos/none.jpg
runs 0 "$HUFU" init third --demo
runs 0 issue in/left.jsonl --home third --out left --lang en
err_has '1 documents issued'
runs 1 issue in/left.jsonl --home third --out left
holds test "$(grep -c PHOTO-MISSING left/report.jsonl)" -eq 1
holds test ! -e third/photos

it 'a changed photo is a changed document'
feed in/good.jsonl m-01=photos/progressive.jpg m-09=photos/alpha.png
sed -i 's/"rev": *[0-9]*/"rev": 90/' in/good.jsonl
runs 0 issue in/good.jsonl --home home --out out
err_has '1 documents issued, 3 unchanged, 1 superseded'

it 'a dry run judges photos and keeps none'
feed in/new.jsonl m-02=photos/rgb.jpg m-03=photos/cmyk.jpg
runs 1 issue in/new.jsonl --home home --dry-run
err_has 'in/new.jsonl:2: /photo/path: '
holds test "$(ls home/photos | wc -l)" -eq 3

it 'gives the same bytes with any number of workers'
feed in/many.jsonl m-01=photos/tagged.jpg m-02=photos/palette.png m-03=photos/gray.jpg m-07=photos/interlaced.png m-09=photos/alpha.png
runs 0 "$HUFU" init fresh --demo
cp -a fresh one && cp -a fresh four
runs 0 issue in/many.jsonl --home one --out a --jobs 1
runs 0 issue in/many.jsonl --home four --out b --jobs 4
holds diff -r -x 'report.*' a b

it 'killed between photos and documents, it ends in the same files without the photos'
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # the leak check cannot run under strace
killed() { # killed CALL N: the Nth such system call is the run's last
	strace -f -qq -o .io/trace -e trace="$1" -e inject="$1:signal=KILL:when=$2" "$HUFU" issue in/many.jsonl --home home \
		--out got --as-of "$today" --jobs 1 --thumbnails 0 >.io/out 2>.io/err
	holds test $? -eq 137
}
for place in syncfs:1 rename:2 syncfs:3 openat:150; do
	rm -rf home got && cp -a fresh home
	killed "${place%:*}" "${place#*:}"
	runs 0 issue in/many.jsonl --home home --out got
	rm -f got/.tmp-*
	holds diff -r -x 'report.*' a got
	holds diff -r -x '.tmp-*' one/photos home/photos
done

it 'a kept photo that is damaged or gone stops the run'
rm -rf home got && cp -a fresh home
killed syncfs 3
one=$(find home/photos -type f ! -name '.tmp-*' | sort | head -n 1)
cp "$one" saved
echo x >>"$one"
runs 3 issue in/many.jsonl --home home --out got
err_has 'is damaged; put that photo back'
rm "$one"
runs 3 issue in/many.jsonl --home home --out got
err_has 'cannot open'
cp saved "$one"
runs 0 issue in/many.jsonl --home home --out got
holds diff -r -x 'report.*' a got
finish
