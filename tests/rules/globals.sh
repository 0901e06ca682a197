#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nothing global but constants: no object file of ours has data that can change.  globals.sh TREE BUILD
. "$(dirname "$0")/lib.sh"
build=${2:-build}
need objdump

objects=$(find "$build/src" -name '*.o' 2>/dev/null | sort)
[ -n "$objects" ] || not_ok "$build holds objects"
none 'nothing global but constants' "$(for o in $objects; do
	objdump -t "$o" | awk -v o="$o" '$4 ~ /^\.(data|bss|tdata|tbss)($|\.)/ && $4 !~ /^\.data\.rel\.ro/ && $3 == "O" { print o ": " $NF }'
done)"
finish
