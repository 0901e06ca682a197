#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A verifier that asks the issuer's own site over http, and what it says of a site that behaves badly.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F) # in the demo issuer's zone: its keys are valid from today
export HOME="$PWD/me"
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME http_proxy HTTP_PROXY
mkdir me
state=me/.local/state/hufu cache=me/.cache/hufu

mkfifo hold
python3 "$root/tests/net/server.py" --root "$PWD/site" <hold >port &
exec 9>hold # the server ends when this does
while [ ! -s port ]; do sleep 0.05; done
host=http://127.0.0.1:$(cat port)
ask() { python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode(), end="")' "$host/$1"; }
requests() { ask count/x | cut -d' ' -f2; }

head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo --base "$host/site"
runs 0 "$HUFU" issue feed.jsonl --home home --out out --lang zh --as-of "$today"
runs 0 "$HUFU" publish --home home --to site
a=$(ls out/*.pdf | head -n 1) b=$(ls out/*.pdf | tail -n 1)

it 'the site a code names is not believed without a pin'
runs 3 "$HUFU" verify "$a" --site "$host/site" --json
out_has '"verdict":"UNDECIDED"'
out_has "$("$HUFU" trust fingerprint home/policy.json)"
holds test ! -e "$state" -a ! -e "$cache"

it 'a pinned issuer is asked at its own site, and what holds is kept'
runs 0 "$HUFU" trust add "$host/site" --fingerprint "$("$HUFU" trust fingerprint home/policy.json)"
before=$(requests)
runs 0 "$HUFU" verify "$a" --json
out_has '"verdict":"VALID"'
out_has '"freshness":"live"'
first=$(($(requests) - before))
holds test "$(ls $state/*.json | wc -l)" -eq 1
holds test "$(ls $cache/*/tile=* | wc -l)" -ge 1
holds test -z "$(find me -name '*.tmp*')"

it 'a second look asks for less, and still asks whether anything changed'
before=$(requests)
runs 0 "$HUFU" verify "$a" "$b" --json
holds test "$(grep -c '"verdict":"VALID"' .io/out)" -eq 2
holds test $(($(requests) - before)) -le "$first"
holds test $(($(requests) - before)) -ge 3

it 'a cache that somebody shaped misleads nobody'
for f in $cache/*/tile=*; do printf '\nnot a tile' >"$f"; done
runs 0 "$HUFU" verify "$a" --json
out_has '"verdict":"VALID"'
holds test "$(cat $cache/*/tile=* | grep -c 'not a tile')" -eq 0
rm -rf "$cache"
printf '' >me/.cache/hufu
runs 0 "$HUFU" verify "$a" --json # a cache that cannot be written is no trouble
rm -rf me/.cache

it 'a site that takes back what it showed is caught'
cp -a site before-site
sed -n 3p "$root/tests/data/edge.jsonl" >more.jsonl
runs 0 "$HUFU" issue more.jsonl --home home --out out --lang zh --as-of "$today"
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" verify "$a" --json
mv site newer-site && mv before-site site
for try in 1 2; do
	"$HUFU" verify "$a" --json >.io/out 2>.io/err
	holds test $? -ne 0
	out_lacks '"verdict":"VALID"'
done
mv site before-site && mv newer-site site
runs 0 "$HUFU" verify "$a" --json

it 'a memory that is broken stops the verifier'
cp $state/*.json kept
printf '{}' >"$(ls $state/*.json)"
runs 3 "$HUFU" verify "$a" --json
out_lacks '"verdict":"VALID"'
err_has '.json'
cp kept "$(ls $state/*.json)"

it 'a site that behaves badly is never green and never "no", and the reason is in words'
while read -r step words; do
	start=$(date +%s)
	runs 3 "$HUFU" verify "$a" --site "$host/$step" --keys home/policy.json --json
	out_lacks '"verdict":"VALID"'
	err_has "$words"
	holds test $(($(date +%s) - start)) -le 4
done <<'X'
page answered with a web page
page_unsaid answered with a web page
status/500 status 500
status/403 status 403
status/404 keys.note: the site has no such file
big sends more than this file may have
big_unsaid sends more than this file may have
chunked_endless sends more than this file may have
cut broke off
reset broke off
nothing broke off
noise does not answer by HTTP
gzip encoded the file
away leads to another place
other_port leads to another place
circle leads in a circle
tile keys.note
ok keys.note
X

it 'nobody there is said in words'
runs 3 "$HUFU" verify "$a" --site http://127.0.0.1:9 --keys home/policy.json
err_has '127.0.0.1 takes no connection'
out_lacks '有效'
runs 3 "$HUFU" verify "$a" --site https://verify.example.invalid --keys home/policy.json --json
out_lacks '"verdict":"VALID"'
err_has 'verify.example.invalid has no known address'
runs 2 "$HUFU" verify "$a" --site "http://user@127.0.0.1" --keys home/policy.json
err_has 'is no URL of a site'

it 'when the issuer'"'"'s site is down the answer is that it could not be asked'
exec 9>&-
wait
runs 3 "$HUFU" verify "$a" --json
out_lacks '"verdict":"VALID"'
err_has 'takes no connection'
finish
