#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A verifier written from docs/FORMAT.md alone, and ours: both judge every vector, and a demo site with all that can befall it.
# second.sh BUILD [HUFU]; VERIFIER: a program that takes its place and its arguments
cd "$(dirname "$0")/../.." || exit 3
. tests/count.sh
root=$PWD
build=$1 hufu=${2:-$1/hufu}
case "$build" in /*) ;; *) build=$root/$build ;; esac
case "$hufu" in /*) ;; *) hufu=$root/$hufu ;; esac
work=$build/second${VERIFIER:+-other}
verifier=${VERIFIER:-$work/verifier}
export HUFU_SHARE="${HUFU_SHARE:-$root}" XDG_CONFIG_HOME="$work/none" XDG_STATE_HOME="$work/none" XDG_CACHE_HOME="$work/none"

go=${GO:-/usr/bin/go}
[ -x "$go" ] || go=go
export GO111MODULE=off GOCACHE="$work/cache" GOTOOLCHAIN=local CGO_ENABLED=0

# agree VERDICT NAME SITE TARGET...: both say VERDICT of every target, under the policy in $policy, $later seconds from now.
agree() {
	want=$1 name=$2 site=$3
	shift 3
	now=$(($(date +%s) + later))
	if [ "$later" -gt 0 ]; then # our clock is what the memory says
		zeros=$(printf '%064d' 0)
		printf '{"keys":{"sha256":"%s","version":0},"newest":%s,"revoked":[],"schema":"hufu.memory/1","shards":[],"tree":{"root":"%s","size":0}}' \
			"$zeros" "$now" "$zeros" >memory.json
		"$hufu" verify --json --keys "$policy" --site "$site" --state memory.json "$@" >said.json 2>said.err
	else
		"$hufu" verify --json --keys "$policy" --site "$site" "$@" >said.json 2>said.err
	fi
	sed 's/.*"verdict":"\([A-Z-]*\)".*/\1/' said.json >ours
	"$verifier" verify --policy "$policy" --site "$site" --now "$now" "$@" | sed 's/ .*//' >theirs
	for target in "$@"; do echo "$want"; done >wanted
	if cmp -s wanted ours && cmp -s wanted theirs; then
		passed=$((passed + $#))
		echo "ok - $want: $name"
	else
		failed=$((failed + 1))
		echo "not ok - $want: $name; ours: $(sort ours | uniq -c | tr '\n' ' '), theirs: $(sort theirs | uniq -c | tr '\n' ' ')"
		sed 's/^/    /' said.err
	fi
}

# flip FILE OFFSET: one bit, when the file is that long.
flip() {
	[ "$(wc -c <"$1")" -gt "$2" ] || return 0
	byte=$(od -An -tu1 -j"$2" -N1 "$1")
	printf "\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
copy() { rm -rf "$2" && cp -r "$1" "$2"; }
quiet() { "$hufu" "$@" </dev/null >said 2>&1 || { cat said; return 1; }; }
issue() { quiet issue "$1" --home "$2" --out "$3" --thumbnails 0 || ls "$3"/*.pdf; } # some members of the demo are refused
digits() { grep -a -o '<hufu:token>[0-9]*' "$1" | tr -dc 0-9; }
publish() { quiet publish --home "$1" --to "$2" --refresh; }
id() { basename "$1" .pdf; }

make_home() {
	quiet init home --demo && issue "$root/tests/data/edge.jsonl" home out && quiet publish --home home --to first
}
change_status() {
	quiet revoke "$(id "$1")" --home home --reason issued_in_error --only --yes && quiet suspend "$(id "$2")" --home home --only --yes &&
		quiet revoke "$(id "$3")" --home home --reason lapsed --only --yes &&
		quiet revoke "$(id "$4")" --home home --reason name_change --only --yes && publish home site && publish home site
}
# The same positions of the log, once for ten members and once for ten others; then the keys of a stolen twin.
make_twin() {
	python3 "$root/tests/demo/members.py" 9 10 >more.jsonl && python3 "$root/tests/demo/members.py" 11 10 >other.jsonl &&
		copy home twin && issue other.jsonl twin other && publish twin twin-site &&
		issue more.jsonl home more
}
rotate() { # HOME TYPE...
	home=$1 && shift
	for type in "$@"; do quiet key rotate --role issuing --number "$type" --home "$home" || return; done
}
issue_ahead() { # HOME OUT
	quiet issue "$root/tests/data/edge.jsonl" --home "$1" --out "$2" --thumbnails 0 --as-of "$(date -d '+3 days' +%F)" || ls "$2"/*.pdf >/dev/null || return
	publish "$1" "$2-site"
}
kids() { tr '{' '\n' <"$1/keys.note" | sed -n "s/.*\"kid\":\"\([0-9a-f]*\)\".*\"role\":\"$2\",\"state\":\"$3\".*/\1/p"; } # SITE ROLE STATE
retire() { # HOME SITE
	for kid in $(kids "$2" issuing active); do quiet key retire "$kid" --home "$1" || return; done
}
compromise() { # HOME FROM
	for kid in $(kids site issuing active) $(kids site issuing retired); do
		quiet key compromise "$kid" --from-idx "$2" --home "$1" || return
	done
}

rm -rf "$work/demo" && mkdir -p "$work/demo" "$work/cache" || exit 3
[ -n "${VERIFIER-}" ] || step 'the second verifier is built' sh -c 'cd tests/interop/second && "$0" build -o "$1" .' "$go" "$work/verifier"
unit 'the vectors' "$verifier" vectors tests/vectors
cd "$work/demo" || exit 3
policy=home/policy.json later=0
step 'a demo home is issued and published' make_home
set -- out/*.pdf
a=$1 b=$2 c=$3 d=$4
shift 4
good=$1
agree VALID 'as issued' first out/*.pdf
step 'one is withdrawn, suspended, ended, superseded each' change_status "$a" "$b" "$c" "$d"
agree REVOKED 'withdrawn' site "$a" "$(digits "$a")"
agree SUSPENDED 'suspended' site "$b" "$(digits "$b")"
agree ENDED 'ended' site "$c" "$(digits "$c")"
agree SUPERSEDED 'superseded' site "$d" "$(digits "$d")"
agree VALID 'the others' site "$@"
digits=$(digits "$good")
agree VALID 'their digits and links' site "$digits" "https://verify.example.org/#$digits" "https://elsewhere.example/#$digits&from=x" "$digits?x" " $digits"

# The file.
cp "$good" added.pdf && echo >>added.pdf
cp "$a" withdrawn.pdf && echo >>withdrawn.pdf
cp "$good" flipped.pdf && flip flipped.pdf 20000
cp "$good" doubled.pdf && printf '<hufu:token>%s</hufu:token>' "$digits" >>doubled.pdf
cp "$good" two.pdf && printf '<hufu:token>%s</hufu:token>' "$(digits "$d")" >>two.pdf
cp "$good" short.pdf && printf '<hufu:token>123</hufu:token>' >>short.pdf
grep -av '<hufu:token>' "$good" >none.pdf
printf '%%PDF-1.7\n<hufu:token>%s</hufu:token>\n' "$digits" >stub.pdf
agree ALTERED 'added to, a bit flipped, another file with its code' site added.pdf flipped.pdf doubled.pdf stub.pdf
agree REVOKED 'withdrawn and added to' site withdrawn.pdf
agree MALFORMED 'two codes' site two.pdf short.pdf
agree UNDECIDED 'no code' site none.pdf https://verify.example.org/ nothing

# The code.
agree MALFORMED 'digits that are no token' site "0$digits" https://verify.example.org/#123 "https://verify.example.org/#${digits}0" "${digits%??????}"
last=${digits#"${digits%?}"}
agree FORGED 'the last digit is another' site "${digits%?}$(((last + 1) % 10))"

# The policy and the keys.
step 'another issuer of the same name' quiet init stranger --demo
policy=stranger/policy.json
agree UNKNOWN-KEY 'the policy of a stranger' site "$good" "$digits"
step 'the stranger issues too' issue "$root/tests/data/edge.jsonl" stranger strange
step 'and publishes' publish stranger strange-site
agree FORGED 'the policy and site of a stranger' strange-site "$good" "$digits"
policy=home/policy.json
copy site cut && rm cut/keys.note
agree UNKNOWN-KEY 'no key list' cut "$good"
copy site cut && flip cut/keys.note 300
agree UNKNOWN-KEY 'a key list with a bit flipped' cut "$good"
cp strange-site/keys.note cut/
agree UNKNOWN-KEY 'the key list of a stranger' cut "$good"

# The status list.
copy site cut && rm cut/s/0
agree UNDECIDED 'no status list' cut "$good" "$a" "$digits"
agree ALTERED 'no status list, and the file is another' cut flipped.pdf
copy site cut && flip cut/s/0 120
agree UNDECIDED 'a status list with a bit flipped' cut "$good" "$a"
cp strange-site/s/0 cut/s/0
agree UNDECIDED 'the status list of a stranger' cut "$good"
copy site cut && truncate -s 200 cut/s/0
agree UNDECIDED 'a status list cut short' cut "$good"

# The log.
copy site cut && rm cut/checkpoint
agree UNDECIDED 'no checkpoint' cut "$good" "$digits" flipped.pdf
agree REVOKED 'no checkpoint, and withdrawn' cut "$a"
copy site cut && sed -i '2s/.*/19/' cut/checkpoint
agree UNDECIDED 'a checkpoint that is not signed' cut "$good"
cp strange-site/checkpoint cut/
agree UNDECIDED 'the checkpoint of a stranger' cut "$good"
cp first/checkpoint cut/
agree STALE 'a checkpoint older than the status list' cut "$good" "$digits"
agree ALTERED 'the same, and the file is another' cut flipped.pdf
cp first/s/0 cut/s/0
agree VALID 'an old edition, within its days' cut "$good" "$a"
for offset in 0 100 350 639; do
	copy site cut
	for tile in cut/tile/0/000.p/*; do flip "$tile" "$offset"; done
	agree INCONSISTENT-LOG "bit $offset of the tiles" cut "$good" "$digits"
done
copy site cut
for tile in cut/tile/0/000.p/*; do truncate -s 64 "$tile"; done
agree UNDECIDED 'tiles cut short' cut "$good" "$digits"
rm -rf cut/tile
agree UNDECIDED 'no tiles' cut "$good" "$digits"
copy site cut && rm -rf cut/tile/entries
agree UNDECIDED 'no entries, and paper' cut "$digits" flipped.pdf
agree VALID 'no entries, and the file' cut "$good"
copy site cut
for bundle in cut/tile/entries/000.p/*; do
	at=40
	while [ "$at" -lt "$(wc -c <"$bundle")" ]; do flip "$bundle" "$at" && at=$((at + 67)); done
done
agree INCONSISTENT-LOG 'entries that are not those of the tree' cut "$digits" flipped.pdf

# The clock.
later=$((4 * 86400))
agree STALE 'four days later' site "$good" "$digits"
agree REVOKED 'four days later, and withdrawn' site "$a"
agree ALTERED 'four days later, and the file is another' site flipped.pdf
agree FORGED 'four days later, and forged' site "${digits%?}$(((last + 1) % 10))"
later=$((400 * 86400))
agree STALE 'when the key list has expired' site "$good"
agree UNKNOWN-KEY 'the same, and forged' site "${digits%?}$(((last + 1) % 10))"
later=0

step 'another home' quiet init tomorrow --demo
step 'it issues three days ahead' issue_ahead tomorrow ahead
policy=tomorrow/policy.json
agree NOT-YET-VALID 'issued three days ahead' ahead-site ahead/*.pdf
later=$((2 * 86400))
agree VALID 'two days later' ahead-site ahead/*.pdf
later=0
step 'its keys are retired' retire tomorrow ahead-site
step 'and it is published' publish tomorrow ahead-site
agree KEY-NOT-ALLOWED 'issued on a day after its key retired' ahead-site ahead/*.pdf
policy=home/policy.json

# Positions, and keys that change.
step 'two homes go on from one log' make_twin
agree PENDING 'issued, not published' site more/*.pdf
agree VALID 'in its own log' twin-site other/*.pdf
step 'the first publishes' publish home site
agree VALID 'issued and published' site more/*.pdf
agree NOT-IN-MANIFEST 'signed, and another stands there' site "$(ls other/*.pdf | head -n 1)" "$(digits "$(ls other/*.pdf | head -n 1)")"
copy site cut && cp twin-site/checkpoint cut/ && cp -r twin-site/tile cut/
agree INCONSISTENT-LOG 'the log of the other' cut "$good" "$digits"
copy site cut && cp twin-site/s/0 cut/s/
agree INCONSISTENT-LOG 'the status list of the other' cut "$good"
agree REVOKED 'a copy of before, and withdrawn' twin-site "$a"
copy site cut
step 'keys are rotated here' rotate home 1 2
step 'and otherwise there' rotate twin 2 1
step 'this is published' publish home site
step 'and that' publish twin twin-site
agree VALID 'by keys that retired' site "$good" more/*.pdf
cp cut/keys.note keys-1.note && copy site cut && cp keys-1.note cut/keys.note
agree STALE 'the key list of before' cut "$good"
cp twin-site/keys.note cut/
agree STALE 'another key list of that version' cut "$good"
copy home stolen
step 'all issuing keys are stolen' compromise stolen 0
step 'and it is published' publish stolen stolen-site
agree KEY-COMPROMISED 'of stolen keys' stolen-site "$good" "$a" "$digits" more/*.pdf
copy home stolen
step 'the keys are stolen at last' compromise stolen 16
step 'and it is published' publish stolen stolen-later
agree UNDECIDED 'before the theft, without a witness' stolen-later "$good" "$digits"
agree REVOKED 'before the theft, and withdrawn' stolen-later "$a"
copy home moved
copy site moved-site
step 'the log key is stolen' quiet key compromise "$(kids site log active)" --home moved
step 'and another log goes on' publish moved moved-site
agree VALID 'in a frozen log' moved-site "$good" "$digits" more/*.pdf
copy moved-site cut && cp site/checkpoint cut/
agree UNDECIDED 'a checkpoint of the stolen key' cut "$good"
copy home moved
copy site moved-site
step 'the status key is stolen' quiet key compromise "$(kids site status active)" --home moved
step 'and another signs' publish moved moved-site
agree VALID 'by the new status key' moved-site "$good"
cp site/s/0 moved-site/s/0
agree UNDECIDED 'a list of the stolen key' moved-site "$good" "$a"

# Witnesses: one of ours, by nacl.
witness() { # vkey, or the line for a CHECKPOINT
	/usr/bin/python3 - "$@" <<-'EOF'
		import base64, hashlib, struct, sys, time
		from nacl.signing import SigningKey
		key, name = SigningKey(hashlib.sha256(b"hufu test witness").digest()), "witness.example.net"
		public = b"\4" + bytes(key.verify_key)
		hash4 = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
		if sys.argv[1] == "vkey":
		    print(f"{name}+{hash4.hex()}+{base64.b64encode(public).decode()}")
		else:
		    note, now = open(sys.argv[1], encoding="utf-8").read(), int(time.time())
		    text = note[: note.rindex("\n\n") + 1]
		    signature = key.sign(f"cosignature/v1\ntime {now}\n{text}".encode()).signature
		    sys.stdout.buffer.write(f"— {name} {base64.b64encode(hash4 + struct.pack('>Q', now) + signature).decode()}\n".encode())
	EOF
}
cosigned() { # HOME SITE
	publish "$1" "$2" && witness "$1/site/checkpoint.pending" >line && quiet publish --home "$1" --to "$2" --cosig line
}
copy home seen && witness vkey >witness.vkey
step 'a quorum of one witness' quiet key import --role witness witness.vkey --home seen --quorum 1
step 'which cosigns' cosigned seen seen-site
agree VALID 'with a witness' seen-site "$good" "$digits"
copy seen-site cut && sed -i '/^— witness/d' cut/checkpoint
agree UNDECIDED 'without the witness' cut "$good" "$digits"
agree REVOKED 'without the witness, and withdrawn' cut "$a"
agree ALTERED 'without the witness, and the file is another' cut flipped.pdf
agree NOT-IN-MANIFEST 'without the witness, and another stands there' cut "$(ls other/*.pdf | head -n 1)"
for tile in cut/tile/0/000.p/*; do flip "$tile" 100; done
agree INCONSISTENT-LOG 'without the witness, and the tiles are not of the tree' cut "$good"
step 'the keys are stolen at last' compromise seen 16
step 'which is cosigned' cosigned seen seen-site
agree VALID 'before the theft, with a witness' seen-site "$good" "$digits"
cd "$root" && rm -rf "$work/demo"
total
