#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The verifier of the page, in Node: every vector, and a demo site with all that can befall it, where it must say what our
# program says, member for member and word for word.  web.sh BUILD [HUFU]
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
case "$build" in /*) ;; *) build=$root/$build ;; esac
hufu=${2:-$build/hufu}
case "$hufu" in /*) ;; *) hufu=$root/$hufu ;; esac
node=${NODE:-$build/node/node_modules/node/bin/node}
command -v "$node" >/dev/null || { echo "not ok - not installed: $node"; exit 1; }
work=$build/web-test
mkdir -p "$work" || exit 3
sh "$root/web/install.sh" "$work" "$node" >"$work/install.log" 2>&1 || {
	echo "not ok - not installed: the packages of web/package.json (see $work/install.log)"
	exit 1
}
verify() { "$node" --no-warnings "$work/web/test/verify.mjs" verify "$@"; }
answer=0
say() { # ANSWER NAME
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2" && answer=1; fi
}

# An issuer with test keys, one document of every kind and fate, letters among them.
rm -rf "$work/fixture" && "$node" "$work/web/test/fixture.mjs" "$work/fixture" https://verify.example.org "$(date +%s)" all && cd "$work/fixture" || exit 3
export XDG_CONFIG_HOME="$work/none" XDG_STATE_HOME="$work/none" XDG_CACHE_HOME="$work/none"
targets=$("$node" -p 'JSON.parse(fs.readFileSync("expected.json")).flatMap((e) => ["files/" + e.file, e.word, e.docid]).filter(Boolean).join(" ")')
"$node" -p 'JSON.parse(fs.readFileSync("expected.json")).flatMap((e) => [e.file, e.word, e.docid].filter(Boolean).map(() => e.verdict)).join("\n")' >wanted
# shellcheck disable=SC2086 # words without blanks
{
	"$hufu" verify --json --keys site/policy.json --site site $targets >said.json
	verify --policy site/policy.json --site site --said said.json --hufu "$hufu" $targets | sed 's/ .*//' >theirs
	cmp wanted theirs
	say $? 'a document of every kind and fate, as file, link and typed code: verdict, JSON, words'
	zeros=$(printf '%064d' 0)
	printf '{"keys":{"sha256":"%s","version":0},"newest":0,"revoked":[],"schema":"hufu.memory/1","shards":[],"tree":{"root":"%s","size":0}}' "$zeros" "$zeros" >ours.memory
	cp ours.memory its.memory
	"$hufu" verify --json --keys site/policy.json --site site --state its.memory $targets >said.json
	verify --policy site/policy.json --site site --state ours.memory --said said.json $targets | sed 's/ .*//' >theirs
	cmp wanted theirs && cmp its.memory ours.memory && grep -q '"revoked":\[3\]' ours.memory
	say $? 'what is remembered, byte for byte'
}
(cd site && find . -type f | sed 's|^\./||' | LC_ALL=C sort |
	tar --format=ustar --no-recursion --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=0644 -b1 -cf ../site.tar -T -)
for bundle in site.tar "$root"/tests/fuzz/corpus/bundle/*; do
	"$hufu" verify --json --keys site/policy.json --bundle "$bundle" files/valid.pdf >said.json 2>said.err
	verify --policy site/policy.json --bundle "$bundle" --said said.json files/valid.pdf >theirs 2>theirs.err
	if [ -s said.json ]; then grep -vq DIFFERENT theirs; else [ ! -s theirs ]; fi
	say $? "bundle $(basename "$bundle"): $(cut -d' ' -f1 theirs | grep . || echo refused)"
done
"$node" --no-warnings "$work/web/test/flips.mjs" "$work/fixture" "$hufu" 100 "${SEED:-1}" >flips.log
say $? "a site spoiled at random: $(tail -n 1 flips.log)"
grep -v '^ok' flips.log | head -n 40 | sed 's/^/# /'

cat >"$work/verifier" <<-EOF
	#!/bin/sh
	case "\$1" in
	vectors) exec "$node" --no-warnings "$work/web/test/vectors.mjs" "\$2" ;;
	*) shift && exec "$node" --no-warnings "$work/web/test/verify.mjs" verify --said said.json --hufu "$hufu" "\$@" ;;
	esac
EOF
chmod 755 "$work/verifier" || exit 3
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
VERIFIER=$work/verifier sh "$root/tests/interop/second.sh" "$build" "$hufu" >second.log 2>&1 || answer=1
sed 's/^ok   /ok - /; s/^not ok   /not ok - /' second.log | grep -vE '^[0-9]+ passed, '
# Its vectors are one line of its, and many cases.
exit $answer

