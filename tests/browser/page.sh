#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The verifier page in Chromium and Firefox, on a site with a document of every kind and fate.  page.sh BUILD [HUFU]
# CHROMIUM, FIREFOX: programs (Debian's); SHOTS: the folder for pictures of every state.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
case "$build" in /*) ;; *) build=$root/$build ;; esac
hufu=${2:-$build/hufu}
case "$hufu" in /*) ;; *) hufu=$root/$hufu ;; esac
node=${NODE:-$build/node/node_modules/node/bin/node}
export CHROMIUM="${CHROMIUM:-/usr/bin/chromium}" FIREFOX="${FIREFOX:-/usr/bin/firefox-esr}"
work=$build/browser
shots=${SHOTS:-$work/shots}
for program in "$node" "$CHROMIUM"; do
	command -v "$program" >/dev/null || { echo "not ok - not installed: $program"; exit 1; }
done
mkdir -p "$work/judge" || exit 3
cp "$root"/tests/browser/*.mjs "$root"/tests/browser/package*.json "$work/judge/" &&
	sh "$root/web/install.sh" "$work" "$node" >"$work/install.log" 2>&1 || {
	echo "not ok - not installed: the packages of web/package.json (see $work/install.log)"
	exit 1
}
PATH=$(dirname "$node"):$PATH
if ! cmp -s "$work/judge/package-lock.json" "$work/judge/installed-lock.json"; then
	(cd "$work/judge" && ${NPM:-npm} ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || {
		echo "not ok - not installed: the packages of tests/browser/package.json (see $work/judge/npm.log)"
		exit 1
	}
	cp "$work/judge/package-lock.json" "$work/judge/installed-lock.json"
fi
cd "$work" && rm -rf now old page state "$shots" || exit 3
now=$(date +%s)
"$node" web/build.mjs "$work/page" >build.hash && "$node" web/build.mjs "$work/page-again" >again.hash &&
	"$node" web/test/fixture.mjs now http://127.0.0.1:8477 "$now" && "$node" web/test/fixture.mjs old http://127.0.0.1:8478 $((now - 5 * 86400)) &&
	cp -R page/. now/site/ && cp -R page/. old/site/ &&
	letter=$("$node" -p 'JSON.parse(fs.readFileSync("now/expected.json")).find((e) => e.name === "letter").word') &&
	"$node" --no-warnings web/test/pictures.mjs code.png code.y4m "$letter" &&
	"$node" --no-warnings web/test/pictures.mjs other.png other.y4m https://elsewhere.example/ || {
	echo 'not ok - the page is built, and a site for it'
	exit 1
}
real() { # documents as they are issued, and a page as a scanner sees it
	export HUFU_SHARE="${HUFU_SHARE:-$root}" XDG_CONFIG_HOME="$work/none" XDG_STATE_HOME="$work/none" XDG_CACHE_HOME="$work/none"
	rm -rf real && mkdir real && "$hufu" init real/home --demo --base http://127.0.0.1:8479 || return
	"$hufu" issue "$root/tests/data/edge.jsonl" --home real/home --out real/out --thumbnails 0
	"$hufu" publish --home real/home --to real/site && cp -R page/. real/site/ || return
	set -- real/out/*.pdf
	pdftoppm -r 150 -png -singlefile "$1" real/scan
}
if real >real.log 2>&1; then echo 'ok - documents are issued'; else sed 's/^/# /' real.log; echo 'not ok - documents are issued'; exit 1; fi
if diff -r page page-again >/dev/null; then echo 'ok - two builds have the same bytes'; else echo 'not ok - two builds have the same bytes'; fi
rm -rf page-again
answer=0
"$node" --no-warnings judge/page.mjs "$work" "$shots" "$hufu" || answer=1
if command -v "$FIREFOX" >/dev/null; then
	"$node" --no-warnings judge/firefox.mjs "$work" "$shots" || answer=1
else
	echo "# not installed, and so not asked: $FIREFOX"
fi
exit $answer
