#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a document costs: µs of CPU per step, then a whole run written to disk.  run.sh BUILD [MEMBERS]
cd "$(dirname "$0")/../.." || exit 3
build=$1 members=${2:-2000}
at=$build/bench-run
rm -rf "$at" && mkdir -p "$at" || exit 3
python3 tests/demo/members.py 2 "$members" >"$at/members.jsonl" || exit 3
"$build/hufu" init "$at/home" --demo 2>/dev/null || exit 3
printf 'load %s, %s cores\n' "$(cut -d' ' -f1-3 /proc/loadavg)" "$(nproc)"
for bench in "$build"/tests/bench/*_bench; do
	case "$bench" in */issue_bench | */publish_bench) continue ;; esac
	{ echo "== $(basename "$bench")"; "$bench" || exit 3; }
done
echo '== 400,000 documents enter the log and are published'
"$build/hufu" init "$at/big" --demo 2>/dev/null && "$build/tests/bench/publish_bench" "$at/big" "$at/big-site" || exit 3
rm -rf "$at/big" "$at/big-site"
echo '== one document, step by step'
"$build/tests/bench/issue_bench" "$at/home" fonts/fonts.json "$at/members.jsonl" || exit 3
echo '== hufu issue --jobs 1: records to durable files, manifest, copies in --out'
/usr/bin/env bash -c 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null 2>"$0"' "$at/log" "$build/hufu" issue \
	"$at/members.jsonl" --home "$at/home" --out "$at/out" --jobs 1 2>"$at/time"
documents=$(find "$at/out" -name '*.pdf' | wc -l)
awk -v n="$documents" '{ printf "%d documents: %.0f us CPU each (%.0f user, %.0f system), %.0f documents/s/core, wall %.1f s\n",
	n, ($1 + $2) / n * 1e6, $1 / n * 1e6, $2 / n * 1e6, n / ($1 + $2), $3 }' "$at/time"
echo '== hufu letter issue, cold'
sh tests/bench/letter.sh "$build/hufu" "$at/members.jsonl" "$at/letter" || exit 3
echo '== hufu verify --from: those files and the site from a folder, JSON'
"$build/hufu" publish --home "$at/home" --to "$at/site" 2>/dev/null || exit 3
find "$at/out" -name '*.pdf' | sort >"$at/names"
for _ in 1 2 3; do cat "$at/names"; done >"$at/list"
/usr/bin/env bash -c 'TIMEFORMAT="%U %S %R"; time "$@" >"$0" 2>/dev/null' "$at/verdicts" "$build/hufu" verify --from "$at/list" \
	--site "$at/site" --keys "$at/home/policy.json" --json 2>"$at/time" || exit 3
awk -v n="$(grep -c '"verdict":"VALID"' "$at/verdicts")" '{ printf "%d documents: %.0f us CPU each, %.0f/s/core, wall %.1f s\n",
	n, ($1 + $2) / n * 1e6, n / ($1 + $2), $3 }' "$at/time"
