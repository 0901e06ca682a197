#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fuzz each parser for RUNS inputs from its corpus.  New inputs and what crashed stay in BUILD/found.
#   run.sh BUILD RUNS SEED PARSER...
cd "$(dirname "$0")/../.." || exit 3
. tests/count.sh
build=$1 runs=$2 seed=$3
shift 3

[ $# -gt 0 ] || set -- none
for parser in "$@"; do
	found=$build/found/$parser
	mkdir -p "$found/new"
	dict=
	[ ! -f "tests/fuzz/$parser.dict" ] || dict=-dict=tests/fuzz/$parser.dict
	step "$parser stands $runs inputs" "$build/fuzz/$parser" -runs="$runs" -seed="$seed" -timeout=10 -rss_limit_mb=2048 \
		-max_len=65536 -print_final_stats=1 -artifact_prefix="$found/" $dict "$found/new" "tests/fuzz/corpus/$parser"
done
total
