#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The completion is judged by bash itself.
. "$(dirname "$0")/lib.sh"

# completes WORD...: what bash offers for the last word
completes() {
	cat >ask.bash <<'X'
set -u
source ./script
COMP_WORDS=(hufu "$@")
COMP_CWORD=$#
COMPREPLY=()
_hufu
printf '%s\n' "${COMPREPLY[@]}" | sort
X
	runs 0 bash ask.bash "$@"
	err_is </dev/null
}

it 'prints a script bash can read'
runs 0 "$HUFU" completion bash
cp .io/out script
runs 0 bash -n script

it 'has no script for another shell'
runs 2 "$HUFU" completion fish
err_has "completion has no 'fish'"

it 'completes commands'
completes he
out_is <<'X'
help
X

it 'completes options of the command, not of another'
completes check --
out_is <<'X'
--help
--home
--json
--photos
X
completes check --j
out_is <<'X'
--json
X

it 'completes verbs'
completes key ne
out_is <<'X'
new
X

it 'completes folders behind an option that wants one, and files elsewhere'
mkdir folder
: >file
completes check --home f
out_is <<'X'
folder
X
completes check fi
out_is <<'X'
file
X

finish
