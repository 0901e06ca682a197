#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Three witnesses of one log, two honest, one that signs anything: a quorum of two, and a log with two histories.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)
export HOME="$PWD/me" PYTHONUTF8=1
unset XDG_CONFIG_HOME XDG_STATE_HOME http_proxy HTTP_PROXY
mkdir me site

# The liar: OpenSSL and a few lines; it looks at nothing.
openssl genpkey -algorithm ed25519 -out liar.pem 2>/dev/null
openssl pkey -in liar.pem -pubout -outform DER | tail -c 32 >liar.pub
cat >liar.py <<'EOF'
import base64, hashlib, subprocess, sys, time
name, public = b"liar.example.net", open("liar.pub", "rb").read()
key = hashlib.sha256(name + b"\n\x04" + public).digest()[:4]
if sys.argv[1] == "vkey":
    print(name.decode() + "+" + key.hex() + "+" + base64.b64encode(b"\x04" + public).decode())
else:
    body = open(sys.argv[1], "rb").read().split(b"\n\n")[0] + b"\n"
    now = int(time.time())
    open("body", "wb").write(b"cosignature/v1\ntime %d\n" % now + body)
    subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "liar.pem", "-in", "body", "-out", "sig"], check=True)
    line = base64.b64encode(key + now.to_bytes(8, "big") + open("sig", "rb").read()).decode()
    print("\u2014 " + name.decode() + " " + line)
EOF
python3 liar.py vkey >liar.vkey

# Anybody: two notes and the log's vkey; OpenSSL says whether its key signed both, the eye whether they are one tree.
cat >anybody.py <<'EOF'
import base64, subprocess, sys
vkey = sys.argv[1].split("+", 2)
der = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(vkey[2])[1:]
open("log.der", "wb").write(der)
trees = []
for path in sys.argv[2:4]:
    body, lines = open(path, "rb").read().split(b"\n\n", 1)
    line = [l for l in lines.decode().split("\n") if l.startswith("\u2014 " + vkey[0] + " ")][0]
    open("body", "wb").write(body + b"\n")
    open("sig", "wb").write(base64.b64decode(line.split(" ")[2])[4:])
    subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "log.der", "-in", "body", "-sigfile", "sig"], check=True, stdout=subprocess.DEVNULL)
    trees.append(body.decode().split("\n"))
a, b = trees
print("fork" if a[:2] == b[:2] and a[2] != b[2] else "nothing")
EOF

python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$PWD" >port 2>/dev/null &
server=$!
trap 'kill $server; over $?' EXIT
until grep -q 'port [0-9]' port 2>.io/none; do sleep 0.05; done
host=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' port)

# witness WHO SITE OPTION...: with its own state; the line goes to WHO.line
witness() {
	who=$1 where=$2
	shift 2
	rm -f "$who.line"*
	"$HUFU" witness "$where" --key "keys/$who" --state "state/$who" -o "$who.line" --passphrase-fd 3 3<passphrase "$@"
}
issue() { # issue HOME RECORD OUT
	sed -n "$2p" "$root/tests/data/edge.jsonl" >feed.jsonl
	"$HUFU" issue feed.jsonl --home "$1" --out "$3" --lang zh --as-of "$today" --thumbnails 0
}
publish() { "$HUFU" publish --home home --to site "$@"; }
outcome() { grep -o '"outcome":"[a-z]*"' .io/out | cut -d'"' -f4; }
openssl rand -hex 32 >passphrase # what a timer has; typed ones take half a second a time

it 'a witness makes its key outside any issuing home, and shows only the line issuers import'
for who in alice bob; do
	runs 0 "$HUFU" witness new "$who.example.net" --key "keys/$who" --passphrase-fd 3 3<passphrase
	cp .io/out "$who.vkey"
	holds cmp "$who.vkey" "keys/$who/witness.vkey"
	holds grep -q "^$who.example.net+[0-9a-f]\{8\}+B" "$who.vkey" # base64 of type 4
done
holds test -z "$(find keys/alice -name '*.json' ! -perm 0600)" -a "$(stat -c %a keys/alice)" = 700
runs 3 "$HUFU" witness new alice.example.net --key keys/alice --passphrase-fd 3 3<passphrase
holds cmp alice.vkey keys/alice/witness.vkey
echo 'the witness types this' >typed
runs 0 "$HUFU" witness new carol.example.net --key keys/carol --passphrase-fd 3 3<typed
holds grep -q argon2id keys/carol/kek.json
holds grep -q '"kdf":"raw"' keys/alice/kek.json
runs 1 "$HUFU" witness new 'two words' --key keys/words --passphrase-fd 3 3<passphrase
holds test ! -e keys/words

runs 0 "$HUFU" init home --demo --base "$host/site"
runs 0 "$HUFU" key import alice.vkey --role witness --home home
runs 0 "$HUFU" key import bob.vkey --role witness --home home
runs 0 "$HUFU" key import liar.vkey --role witness --quorum 2 --home home
runs 0 "$HUFU" trust add home/policy.json --fingerprint "$("$HUFU" trust fingerprint home/policy.json)"

it 'what waits for its witnesses is shown to them, and to nobody else'
runs 0 issue home 1 out
err_has 'wait'
runs 0 publish --json
out_has '"waiting":true'
holds test -f site/checkpoint.pending -a ! -e site/checkpoint
holds cmp site/checkpoint.pending home/log/checkpoint

it 'an unknown log, a wrong passphrase, another key or no key at all: nothing is signed, nothing remembered'
runs 2 "$HUFU" witness "$host/elsewhere" --key keys/alice --passphrase-fd 3 3<passphrase
runs 2 "$HUFU" witness "$host/site" --passphrase-fd 3 3<passphrase
runs 3 "$HUFU" witness "$host/site" --key keys/nobody --passphrase-fd 3 3<passphrase
echo 'something else' >wrong
runs 3 "$HUFU" witness "$host/site" --key keys/alice --state state/alice --passphrase-fd 3 3<wrong
out_is </dev/null
holds test ! -e state/alice
runs 3 "$HUFU" witness "$host/site" --key keys/carol --state state/carol --passphrase-fd 3 3<passphrase
printf 'the witness types this' >typed # a line break at its end is no part of it
runs 0 "$HUFU" witness "$host/site" --key keys/carol --state state/carol --passphrase-fd 3 3<typed

it 'what cannot be remembered is not signed'
runs 3 "$HUFU" witness "$host/site" --key keys/alice --state passphrase --passphrase-fd 3 3<passphrase
out_is </dev/null

it 'the first witness signs what it sees first, over http; one line is not enough'
runs 0 witness alice "$host/site" --json
holds test "$(outcome)" = first
out_has '"cosignature":"— alice.example.net '
holds test "$(wc -l <alice.line)" -eq 1
{ cat site/checkpoint.pending alice.line; } >signed # the line by a judge of its own, with the log's signature
cp home/policy.json . && grep -o '"vkey":"[^"]*"' policy.json | cut -d'"' -f4 >log.vkey
mkdir judged && cp signed judged/checkpoint
holds /usr/bin/python3 "$root/tests/interop/cosign.py" judged log.vkey alice.vkey
holds cmp state/alice/*.checkpoint site/checkpoint.pending
runs 0 publish --cosig alice.line --json
out_has '"waiting":true'
holds test ! -e site/checkpoint
holds grep -q alice.example.net site/checkpoint.pending

it 'the second makes the quorum: documents and checkpoint are out'
runs 0 witness bob "$host/site"
runs 0 publish --cosig bob.line --json
out_has '"released":1'
pdf=$(ls out/*.pdf | head -n 1)
holds grep -q bob.example.net site/checkpoint

it 'the edition behind it waits in its turn; a witness that was late catches up later'
holds test -f site/checkpoint.pending
runs 0 witness alice "$host/site" --json
holds test "$(outcome)" = grown
out_has '"last":{"root":"'
python3 liar.py site/checkpoint.pending >liar.line
runs 0 publish --cosig alice.line
runs 0 publish --cosig liar.line
holds test ! -e site/checkpoint.pending -a ! -e home/site/checkpoint.pending
runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
out_has '"verdict":"VALID"'
out_has '"witnesses":2'
runs 0 witness bob "$host/site" --json
holds test "$(outcome)" = grown
runs 0 publish --cosig bob.line
holds grep -q bob.example.net site/checkpoint
runs 0 "$HUFU" verify "$pdf" --site site --keys home/policy.json --json
out_has '"witnesses":3'
runs 0 witness bob site --json # a folder is a site too
holds test "$(outcome)" = same

cp -a home evil && cp -a home worse # their histories part here

it 'a site that shows an older tree than was signed is told so, and the larger one stays remembered'
cp -a site old
runs 0 issue home 2 out
runs 0 publish
runs 0 witness alice "$host/site" --json
holds test "$(outcome)" = grown
runs 3 witness alice "$host/old" --keys home/policy.json --json
holds test "$(outcome)" = late
err_has 'older than the'
holds test ! -e alice.line
holds cmp state/alice/*.checkpoint site/checkpoint.pending
runs 0 witness bob site

it 'another history of the same size is a fork: nothing is signed, both checkpoints are kept'
runs 0 issue evil 3 evil-out
runs 0 "$HUFU" publish --home evil --to evil-site
holds test "$(sed -n 2p evil-site/checkpoint.pending)" = "$(sed -n 2p site/checkpoint.pending)"
runs 1 witness alice "$host/evil-site" --keys home/policy.json --json
holds test "$(outcome)" = fork
err_has 'FORK: the log verify.example.org/log signed a tree of'
out_has '"evidence":{"a":"verify.example.org/log'
holds test ! -e alice.line -a ! -e alice.line.fork-proof
holds cmp alice.line.fork-a site/checkpoint.pending
holds cmp alice.line.fork-b evil-site/checkpoint.pending
holds cmp state/alice/*.checkpoint site/checkpoint.pending
cp alice.line.fork-a fork-a && cp alice.line.fork-b fork-b

it 'a fork is as plain to anybody who holds the two files and the policy'
runs 1 "$HUFU" witness judge fork-a fork-b --keys home/policy.json
out_has 'FORK verify.example.org/log'
runs 1 "$HUFU" witness judge fork-b fork-a --keys home/policy.json --json
out_has '"finding":"FORK"'
vkey=$(grep -o '"vkey":"[^"]*"' home/policy.json | cut -d'"' -f4)
holds test "$(python3 anybody.py "$vkey" fork-a fork-b)" = fork
runs 0 "$HUFU" witness judge fork-a fork-a --keys home/policy.json
sed '2s/.*/1/' fork-b >not-signed
runs 3 "$HUFU" witness judge fork-a not-signed --keys home/policy.json
out_lacks FORK

it 'without -o the evidence stays with what is remembered'
runs 1 "$HUFU" witness evil-site --key keys/bob --state state/bob --keys home/policy.json --passphrase-fd 3 3<passphrase
out_is </dev/null
holds cmp state/bob/*.fork-a site/checkpoint.pending
holds cmp state/bob/*.fork-b evil-site/checkpoint.pending

it 'another history of another size is a fork by its tiles, and the proof of it is kept'
/usr/bin/python3 "$root/tests/demo/members.py" 5 20 >many.jsonl
"$HUFU" issue many.jsonl --home worse --out worse-out --lang zh --thumbnails 0 >.io/out 2>.io/err
runs 0 "$HUFU" publish --home worse --to worse-site
holds test "$(sed -n 2p worse-site/checkpoint.pending)" -gt "$(sed -n 2p site/checkpoint.pending)"
runs 1 witness alice "$host/worse-site" --keys home/policy.json --json
holds test "$(outcome)" = fork
out_has '"proof":"hufu/1/fork'
holds test ! -e alice.line
runs 1 "$HUFU" witness judge alice.line.fork-a alice.line.fork-b alice.line.fork-proof --keys home/policy.json
out_has FORK
runs 1 "$HUFU" witness judge alice.line.fork-a alice.line.fork-b alice.line.fork-proof --keys home/policy.json --key-list alice.line.fork-keys
runs 3 "$HUFU" witness judge alice.line.fork-a alice.line.fork-b --keys home/policy.json # honest: not shown by the two alone
out_has UNDECIDED
sed '5s/^./A/;5s/^A\(.\)/B\1/' alice.line.fork-proof >bent
runs 3 "$HUFU" witness judge alice.line.fork-a alice.line.fork-b bent --keys home/policy.json
out_has UNDECIDED

it 'a site whose tiles are not those it signed proves nothing: no fork, no signature'
cp -a worse-site torn
for f in torn/tile/0/*; do [ -d "$f" ] || python3 -c 'import sys; b = bytearray(open(sys.argv[1], "rb").read()); b[0] ^= 1; open(sys.argv[1], "wb").write(b)' "$f"; done
for f in torn/tile/0/*.p/*; do python3 -c 'import sys; b = bytearray(open(sys.argv[1], "rb").read()); b[0] ^= 1; open(sys.argv[1], "wb").write(b)' "$f"; done
runs 3 witness alice torn --keys home/policy.json
err_has 'the tiles of the site are not those of its tree'
rm -rf torn/tile
runs 3 witness alice "$host/torn" --keys home/policy.json
holds test ! -e alice.line -a ! -e alice.line.fork-a

it 'the liar signs the fork all the same, and alone reaches no quorum'
python3 liar.py evil-site/checkpoint.pending >liar.line
runs 0 "$HUFU" publish --home evil --to evil-site --cosig liar.line --json
out_has '"waiting":true'
cp -a evil-site lied && cp evil/log/checkpoint lied/checkpoint
runs 3 "$HUFU" verify "$pdf" --site lied --keys home/policy.json --json
out_lacks '"verdict":"VALID"'
runs 1 witness bob lied --keys home/policy.json # shown as the checkpoint itself, it is the same fork

it 'a checkpoint by mail: the note in a file, the tiles from the site'
runs 0 witness bob site --checkpoint home/log/checkpoint --json
holds test "$(outcome)" = same
runs 1 witness bob site --checkpoint evil/log/checkpoint
runs 3 witness bob site --checkpoint feed.jsonl

it 'the honest history goes on'
runs 0 witness bob "$host/site"
runs 0 witness alice "$host/site"
cat alice.line bob.line >both.line
runs 0 publish --cosig both.line --json
out_has '"released":2'
runs 0 "$HUFU" verify out/*.pdf --site site --keys home/policy.json --json
out_lacks UNDECIDED

it 'the key of the log rotates: the witness holds the new one to the same tree'
kid() { "$HUFU" key list --home home --json | grep '"role":"log","state":"active"' | grep -o '"kid":"[0-9a-f]*"' | cut -d'"' -f4; }
quorum() { # what waits is signed by both, till nothing waits
	for turn in 1 2 3; do
		[ -e site/checkpoint.pending ] || return 0
		runs 0 witness alice site
		runs 0 witness bob site
		cat alice.line bob.line >both.line
		runs 0 publish --cosig both.line
	done
	holds test ! -e site/checkpoint.pending
}
quorum
runs 0 "$HUFU" key rotate --role log --home home
runs 0 publish
runs 0 witness bob site --json
holds test "$(outcome)" = grown
quorum

it 'the key of the log is stolen: the log that follows goes on from the frozen tree, or nothing is signed'
frozen=$(sed -n 2p site/checkpoint)
runs 0 "$HUFU" key compromise "$(kid)" --home home
runs 0 publish
runs 0 witness bob site --json
holds test "$(outcome)" = first
out_has '"origin":"verify.example.org/log-2"'
cp -a worse-site usurped && cp site/keys.note usurped/keys.note && rm -f usurped/checkpoint
holds test "$(sed -n 2p usurped/checkpoint.pending)" -gt "$frozen"
/usr/bin/python3 "$root/tests/cli/resign.py" home "$(kid)" verify.example.org/log-2 usurped/checkpoint.pending
runs 1 "$HUFU" witness usurped --key keys/alice --state state/new --keys home/policy.json --passphrase-fd 3 3<passphrase
err_has 'does not go on from the log verify.example.org/log, frozen at'
out_is </dev/null
runs 1 witness bob usurped --keys home/policy.json # for who saw the new log already it is a fork
quorum

it 'a key list that is taken back is refused'
cp -a site rolled
runs 0 "$HUFU" key renew --home home
runs 0 publish
runs 0 witness bob site
cp rolled/keys.note site/keys.note
runs 3 witness bob site
err_has 'keys.note'
holds test ! -e bob.line
finish
