#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One letter, a new process, cold: CPU of `hufu letter issue` for one approved application.  letter.sh HUFU MEMBERS DIR
hufu=$1 members=$2 at=$3
letters=9
mkdir -p "$at" && "$hufu" init "$at/home" --demo 2>/dev/null || exit 3
for officer in one two; do
	"$hufu" officer new "$at/$officer" >/dev/null 2>&1 &&
		"$hufu" officer enrol "$at/$officer.pub" --name "$officer" --home "$at/home" >/dev/null 2>&1 || exit 3
done
python3 "$(dirname "$0")/../demo/applicant.py" "$members" "$at/record.jsonl" "$at/request.json" $letters || exit 3
"$hufu" issue "$at/record.jsonl" --home "$at/home" --out "$at/out" 2>/dev/null || exit 3
: >"$at/times"
for i in $(seq $letters); do
	"$hufu" letter apply "$at/request-$i.json" --home "$at/home" --officer "$at/one" >/dev/null &&
		"$hufu" letter approve "$i" --home "$at/home" --officer "$at/two" >/dev/null || exit 3
	# The signer process is waited for, so that its CPU counts.
	/usr/bin/env bash -c 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null' - "$hufu" letter issue --now \
		--home "$at/home" --out "$at/out" 2>>"$at/times" || exit 3
done
sort -n "$at/times" | awk '{ cpu[NR] = $1 + $2; wall[NR] = $3 } END { m = int((NR + 1) / 2)
	printf "one letter in a new process, from the approval in the store to the file and the checkpoint: %.0f ms CPU (median of %d), %.0f ms\n",
	cpu[m] * 1000, NR, wall[m] * 1000 }'
