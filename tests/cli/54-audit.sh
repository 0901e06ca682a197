#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hufu audit: green on a home with a life behind it, and the first difference named when one byte is not as it was.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

head -n 3 "$root/tests/data/edge.jsonl" >feed.jsonl
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" suspend --member m-02 --home home </dev/null
runs 0 "$HUFU" publish --home home --to site
runs 0 "$HUFU" forget m-03 --home home </dev/null
runs 0 "$HUFU" publish --home home --to site --refresh

it 'everything agrees, forgotten places and padding included'
runs 0 "$HUFU" audit --home home --site site --json
out_has '"forgotten":2'
out_has '"unproved":0'
runs 0 "$HUFU" audit --home home --locked --json
holds sh -c '! grep -q "\"unproved\":0" .io/out'
root_said=$(python3 -c 'import json; print(json.load(open(".io/out"))["root"])')
holds test "$root_said" = "$(sed -n 3p home/site/checkpoint | base64 -d | od -An -tx1 | tr -d ' \n')"

it 'every valid document is an active member of the feed'"'"'s, as the feed has it'
grep -v m-03 feed.jsonl >register.jsonl
runs 0 "$HUFU" audit --home home --records register.jsonl --json
out_has '"eligible":'
holds sh -c '! grep -q "\"eligible\":0" .io/out'
grep -v m-01 register.jsonl >short.jsonl
runs 1 "$HUFU" audit --home home --records short.jsonl
err_has 'its member is no active member of the feed'
sed 's/990000010001/990000010099/' register.jsonl >other.jsonl
holds sh -c '! cmp -s register.jsonl other.jsonl'
runs 1 "$HUFU" audit --home home --records other.jsonl
err_has "it prints another number or name"

it 'a sample hashes so many files, the same for the same seed'
runs 0 "$HUFU" audit --home home --sample 2 --seed 7 --json
out_has '"files":2'
rm -rf bad && cp -a home bad
printf x >>"$(find bad/documents -name '*.pdf' | sort | head -n 1)"
noticed=no passed_over=no seed=0 # one file of four is drawn: either is seen within a few seeds
while [ "$seed" -lt 60 ] && [ "$noticed$passed_over" != yesyes ]; do
	seed=$((seed + 1))
	if "$HUFU" audit --home bad --sample 1 --seed $seed >/dev/null 2>&1; then passed_over=yes; else noticed=yes; fi
done
holds test "$noticed$passed_over" = yesyes

# spoil NAME WORDS: run NAME on a copy called bad; the audit must say no, and say WORDS.
spoil() {
	it "notices $1"
	rm -rf bad && cp -a home bad
	"$1"
	runs 1 "$HUFU" audit --home bad
	err_has "$2"
}
flip() { # flip FILE OFFSET
	python3 -c '
import sys
b = bytearray(open(sys.argv[1], "rb").read()); b[int(sys.argv[2])] ^= 1; open(sys.argv[1], "wb").write(b)' "$1" "$2"
}
sql() { python3 -c 'import sqlite3, sys; d = sqlite3.connect("bad/store.db"); d.execute(sys.argv[1]); d.commit()' "$1"; }
size=$(sed -n 2p home/site/checkpoint)
# Two places of documents that are still there: of a forgotten one only the tree tells.
set -- $(python3 -c 'import sqlite3; print(*[r[0] for r in sqlite3.connect("home/store.db").execute("SELECT idx FROM document WHERE state = 2 ORDER BY idx LIMIT 2")])')
here=$1 there=$2

a_page_changed() { flip "$(find bad/documents -name '*.pdf' | sort | head -n 1)" 2000; }
a_page_gone() { rm "$(find bad/documents -name '*.pdf' | sort | head -n 1)"; }
an_entry_changed() { flip "bad/site/tile/entries/000.p/$size" $((67 * here + 40)); }
a_tile_changed() { flip "bad/site/tile/0/000.p/$size" 40; }
a_manifest_changed() { sed -i 's/"batch":1/"batch":2/' bad/site/m/1-0.json; }
a_status_list_of_before() { cp "$(find bad/site/s/0.at -type f | sort | head -n 1)" bad/site/s/0; }
a_status_changed_in_the_store() { sql 'UPDATE document SET status = 0 WHERE status = 2'; }
a_document_hidden_from_the_store() { sql 'DELETE FROM document WHERE member_id = "m-01" AND lang = "en"'; }
a_document_that_is_not_on_the_log() { sql 'UPDATE document SET idx = 5000 WHERE member_id = "m-01" AND lang = "en"'; }
a_journal_line_taken_out() { sed -i '3d' bad/journal; }
a_place_called_forgotten_that_the_journal_does_not_name() {
	sql 'INSERT INTO forgotten SELECT idx, 12, 0, 1 FROM document WHERE member_id = "m-01" AND lang = "en"'
	sql 'DELETE FROM move WHERE docid IN (SELECT docid FROM document WHERE member_id = "m-01" AND lang = "en")'
	sql 'DELETE FROM document WHERE member_id = "m-01" AND lang = "en"'
}
two_entries_in_the_place_of_each_other() {
	python3 - "bad/site/tile/entries/000.p/$size" $((67 * here)) $((67 * there)) <<'EOF'
import sys
b = bytearray(open(sys.argv[1], "rb").read())
x, y = int(sys.argv[2]), int(sys.argv[3])
b[x:x + 67], b[y:y + 67] = b[y:y + 67], b[x:x + 67]
open(sys.argv[1], "wb").write(b)
EOF
}
an_entry_of_no_known_kind() { python3 -c '
import sys
b = bytearray(open(sys.argv[1], "rb").read()); b[-65] = 9; open(sys.argv[1], "wb").write(b)' "bad/site/tile/entries/000.p/$size"; }
an_entry_too_few() { truncate -s -67 "bad/site/tile/entries/000.p/$size"; }
a_code_exchanged_in_the_store() { sql 'UPDATE document SET token = (SELECT token FROM document WHERE lang = "en" AND token IS NOT NULL LIMIT 1)'; }
an_old_status_list_rewritten() { flip "$(find bad/site/s/0.at -type f | sort | head -n 1)" 100; }
a_signature_of_the_log_changed() { sed -i '5s/.$/#/' bad/site/checkpoint; }
a_journal_line_changed() { sed -i '2s/2026/2025/' bad/journal; }
a_checkpoint_of_another_tree() { sed -i "2s/.*/$((size - 1))/" bad/site/checkpoint; }

spoil a_page_changed 'the file is not the one that was issued'
spoil a_page_gone 'the file is not there'
spoil an_entry_changed "log entry $here"
spoil a_tile_changed 'the tile is not that of the entries'
spoil a_manifest_changed 'm/1-0.json'
spoil a_status_list_of_before "a published status is not the store's"
spoil a_status_changed_in_the_store "a published status is not the store's"
spoil a_document_hidden_from_the_store 'not padding of this home'
spoil a_document_that_is_not_on_the_log 'log entry'
spoil a_journal_line_taken_out 'journal'
spoil a_place_called_forgotten_that_the_journal_does_not_name 'the journal does not name it'
spoil two_entries_in_the_place_of_each_other "log entry $here"
spoil an_entry_of_no_known_kind 'it is of no known kind'
spoil an_entry_too_few 'the entries are not there, or not as many'
spoil a_code_exchanged_in_the_store 'the store holds another code'
spoil an_old_status_list_rewritten 'it is not the one on the log'
spoil a_signature_of_the_log_changed 'site/checkpoint'
spoil a_journal_line_changed 'journal'
spoil a_checkpoint_of_another_tree 'site/checkpoint'

it 'notices a published copy that is not the home'"'"'s'
flip site/s/0 100
runs 1 "$HUFU" audit --home home --site site
err_has 'site/s/0'
finish
