#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A home in one file and back, by way of GNU tar, sqlite3 and sha256sum; hostile and older backups are refused.
. tests/cli/lib.sh
today=$(TZ=UTC-8 date +%F)

head -n 1 "$root/tests/data/edge.jsonl" >one.jsonl
head -n 2 "$root/tests/data/edge.jsonl" >feed.jsonl
"$HUFU" init home --demo 2>/dev/null
"$HUFU" issue one.jsonl --home home --out out --as-of "$today" --thumbnails 0 2>/dev/null >/dev/null
"$HUFU" publish --home home --to site 2>/dev/null >/dev/null

it 'a home gives one private file, the same twice, without what opens its keys'
runs 0 "$HUFU" backup --home home -o b.tar
err_has 'keys/passphrase is left out'
runs 0 "$HUFU" backup --home home -o again.tar
holds cmp b.tar again.tar
holds test "$(stat -c %a b.tar)" = 600
holds test -z "$(find home . -maxdepth 1 -name '.tmp-*')"

it 'tar, sha256sum and sqlite3 agree with the manifest that comes first'
holds test "$(tar tf b.tar | head -n 1)" = hufu.backup
mkdir x && tar xf b.tar -C x
holds python3 - <<'EOP'
import hashlib, json, os
head, *rows = [json.loads(l) for l in open("x/hufu.backup")]
assert head["schema"] == "hufu.backup/1" and head["left_out"] == ["keys/passphrase"], head
assert head["files"] == len(rows) and head["bytes"] == sum(r["size"] for r in rows)
for r in rows:
    b = open("x/" + r["path"], "rb").read()
    assert len(b) == r["size"] and hashlib.sha256(b).hexdigest() == r["sha256"], r
here = {os.path.relpath(os.path.join(d, f), "home") for d, _, fs in os.walk("home") for f in fs}
assert here - {r["path"] for r in rows} == {"lock", "store.db-journal", "keys/passphrase"}, here - {r["path"] for r in rows}
import sqlite3
assert sqlite3.connect("x/store.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
EOP

it 'restored, it is the same home: the same backup, a green audit, and it issues'
runs 0 "$HUFU" restore b.tar back --site site
err_has 'keys/passphrase is not in the backup'
runs 0 "$HUFU" backup --home back -o back.tar
holds python3 - <<'EOP'
import tarfile
a, b = ({m.name: (m.mode, t.extractfile(m).read()) for m in t} for t in map(tarfile.open, ("b.tar", "back.tar")))
a.pop("hufu.backup"); b.pop("hufu.backup")
assert a == b, [n for n in set(a) | set(b) if a.get(n) != b.get(n)]
EOP
cp home/keys/passphrase back/keys/passphrase
runs 0 "$HUFU" audit --home back --site site
runs 0 "$HUFU" issue feed.jsonl --home back --out out2 --as-of "$today" --thumbnails 0
runs 0 "$HUFU" audit --home back

it 'with secrets, nothing has to be put back'
runs 0 "$HUFU" backup --home home -o all.tar --with-secrets
runs 0 "$HUFU" restore all.tar whole
holds cmp home/keys/passphrase whole/keys/passphrase
runs 0 "$HUFU" audit --home whole

it 'a backup older than the published site is refused, and its home cannot take the site back'
runs 0 "$HUFU" issue feed.jsonl --home home --out out --as-of "$today" --thumbnails 0
runs 0 "$HUFU" publish --home home --to site
runs 1 "$HUFU" restore all.tar old --site site
err_has 'the site shows a tree of'
holds test ! -e old
runs 0 "$HUFU" restore all.tar old
runs 1 "$HUFU" audit --home old --site site
runs 3 "$HUFU" publish --home old --to site
err_has 'shows a larger tree'
runs 0 "$HUFU" audit --home home --site site

it 'hostile archives are refused, and leave nothing behind'
cat >spoil.py <<'EOP'
import io, json, hashlib, sys, tarfile
src = open("all.tar", "rb").read()
def members():
    t = tarfile.open("all.tar"); return [(m, t.extractfile(m).read()) for m in t]
def write(name, ms):
    with tarfile.open(name, "w", format=tarfile.USTAR_FORMAT) as t:
        for m, b in ms: t.addfile(m, io.BytesIO(b) if m.isreg() else None)
open("cut.tar", "wb").write(src[:len(src) // 2 // 512 * 512])
open("tail.tar", "wb").write(src + b"\0" * 512)
i = src.index(b"hufu.config/1"); open("hash.tar", "wb").write(src[:i] + b"H" + src[i + 1:])
open("empty.tar", "wb").write(b""); open("zero.tar", "wb").write(b"\0" * 1024)
def named(name, edit, rows_edit=None):
    out, ms = [], members()
    rows = [json.loads(l) for l in ms[0][1].splitlines()]
    for k, (m, b) in enumerate(ms[1:], 1):
        m, b = edit(k, m, b); rows[k]["path"] = m.name if not m.name.startswith("!") else m.name; out.append((m, b))
    text = b"".join(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n" for r in rows)
    ms[0][0].size = len(text); write(name, [(ms[0][0], text)] + out)
def rename(to):
    def f(k, m, b):
        if k == 1: m.name = to
        return m, b
    return f
named("up.tar", rename("../evil")); named("abs.tar", rename("/tmp/evil")); named("twice.tar", rename(members()[2][0].name))
named("dot.tar", rename("a/./b")); named("hidden.tar", rename(".ssh"))
def link(k, m, b):
    if k == 1: m.type, m.linkname, m.size, b = tarfile.SYMTYPE, "/etc/passwd", 0, b""
    return m, b
named("link.tar", link)
def setuid(k, m, b):
    if k == 1: m.mode = 0o4755
    return m, b
named("setuid.tar", setuid)
EOP
holds python3 spoil.py
for f in cut tail hash empty zero up abs twice dot hidden link setuid; do
	runs 1 "$HUFU" restore $f.tar evil
	holds test -z "$(find . -maxdepth 1 -name 'evil*')"
done
runs 1 "$HUFU" restore hash.tar evil
err_has 'hufu.json'

it 'nor is a home overwritten, a link taken, or half a file written'
runs 3 "$HUFU" restore all.tar home
err_has 'not an empty folder'
ln -s /etc/passwd home/seals/link
runs 3 "$HUFU" backup --home home -o l.tar
err_has 'no regular file'
rm home/seals/link
if [ -e /dev/full ]; then runs 3 "$HUFU" backup --home home -o /dev/full; fi
holds test ! -e l.tar
runs 2 "$HUFU" backup --home home
finish
