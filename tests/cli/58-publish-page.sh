#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The verifier page at the site's root: its build enters the log, and nobody changes a file of it unnoticed.
. tests/cli/lib.sh

# build DIR WORD: a page as make web lays it down, with its list of hashes
build() {
	mkdir -p "$1/page"
	printf '<!doctype html><p>%s\n' "$2" >"$1/index.html"
	printf '// %s\n' "$2" >"$1/sw.js"
	printf 'no\n' >"$1/sw-kill"
	printf 'p{}\n' >"$1/page/app.css"
	python3 - "$1" <<'PY'
import hashlib, json, sys
names = ["index.html", "page/app.css", "sw.js"]
files = {n: hashlib.sha256(open(f"{sys.argv[1]}/{n}", "rb").read()).hexdigest() for n in names}
open(f"{sys.argv[1]}/page/build.json", "w").write(json.dumps({"files": files, "schema": "hufu.page/1"}))
PY
}
pages() { "$HUFU" audit --home home --json | grep -o '"pages":[0-9]*'; }

build one 'first'
build two 'second'
runs 0 "$HUFU" init home --demo

it 'is laid into the root of the site and enters the log once'
runs 0 "$HUFU" publish --home home --to site --page one
for f in index.html sw.js sw-kill page/app.css page/build.json; do holds cmp "one/$f" "site/$f"; done
holds test "$(pages)" = '"pages":1'
runs 0 "$HUFU" publish --home home --to site --page one
runs 0 "$HUFU" publish --home home --to site
holds test "$(pages)" = '"pages":1'
runs 0 "$HUFU" audit --home home --site site
hash=$(sha256sum one/page/build.json | cut -c1-64)
holds sh -c 'cat home/site/tile/entries/* home/site/tile/entries/*/* 2>/dev/null | xxd -p | tr -d "\n" | grep -q "05$1$(printf "%016d" 3)"' - "$hash"

it 'a new build takes its place; the switch of the office stays'
echo yes >home/site/sw-kill
runs 0 "$HUFU" publish --home home --to site --page two
holds cmp two/index.html site/index.html
holds grep -q yes site/sw-kill
holds test "$(pages)" = '"pages":2'

it 'a build that is not what it says is not laid down, and what is there stays'
cp -a two bad
echo x >>bad/page/app.css
runs 1 "$HUFU" publish --home home --to site --page bad
err_has 'bad/page/app.css'
holds cmp two/page/app.css home/site/page/app.css
for path in ../x /etc/x page/../x page/a/b .x X.html ''; do
	cp -a two "bad2" && printf '{"files":{"%s":"00"},"schema":"hufu.page/1"}' "$path" >bad2/page/build.json
	runs 1 "$HUFU" publish --home home --page bad2
	rm -r bad2
done
runs 3 "$HUFU" publish --home home --page nowhere

it 'audit sees a file of the page that was changed in the home, and another build'
echo x >>home/site/page/app.css
runs 1 "$HUFU" audit --home home
err_has 'page/app.css'
runs 0 "$HUFU" publish --home home --to site --page two
cp one/page/build.json home/site/page/build.json
runs 1 "$HUFU" audit --home home
err_has 'not the build that is on the log'
finish
