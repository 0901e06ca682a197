#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"

it 'answers a wrong command line with 2, the fault and where to look'
runs 2 "$HUFU" helpp
out_is </dev/null
err_is <<'X'
hufu: 'helpp' is no command; did you mean 'help'?
hufu: see hufu --help
X

it 'offers nothing when nothing is near'
runs 2 "$HUFU" zzzzzz
err_is <<'X'
hufu: 'zzzzzz' is no command
hufu: see hufu --help
X

it 'names the nearest option'
runs 2 "$HUFU" help --man-option
err_is <<'X'
hufu: unknown option --man-option; did you mean --man-options?
hufu: see hufu help --help
X

it 'refuses options before the command'
runs 2 "$HUFU" --json check
err_has "'--json' stands before the command"

it 'does not pass terminal escapes on'
runs 2 "$HUFU" "$(printf 'a\033[31mb')"
err_has "'a?[31mb' is no command"

it 'says the same in Chinese where the reader does'
runs 2 env LC_ALL= LC_MESSAGES=zh_CN.UTF-8 LANG=en_GB.UTF-8 "$HUFU" zzzzzz
err_has 'hufu: 用法见 hufu --help'
runs 2 env LC_ALL=C LC_MESSAGES=zh_CN.UTF-8 "$HUFU" zzzzzz
err_has 'hufu: see hufu --help'

it 'without a command shows the commands on stderr and answers 2'
runs 2 "$HUFU"
out_is </dev/null
err_has 'usage: hufu COMMAND'

it 'shows the commands on stdout when asked'
for line in --help -h help; do
	runs 0 "$HUFU" $line
	out_has 'usage: hufu COMMAND'
	err_is </dev/null
done

it 'explains every command it lists, in both languages, within 80 columns'
"$HUFU" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' >commands
holds [ "$(wc -l <commands)" -ge 9 ]
while read -r command; do
	runs 0 "$HUFU" "$command" --help
	out_has "usage: hufu $command"
	cp .io/out by-option
	runs 0 "$HUFU" help "$command"
	out_is <by-option
	holds awk 'length > 80 { print; bad = 1 } END { exit bad }' .io/out
	runs 0 env LC_ALL=zh_CN.UTF-8 "$HUFU" "$command" --help
	out_has "用法: hufu $command"
	out_has '选项:'
done <commands

it 'tells its version'
runs 0 "$HUFU" --version
holds grep -qE '^hufu [0-9]+\.[0-9]+\.[0-9]+$' .io/out

it 'answers 3 when what it said could not be written'
runs 3 sh -c '"$HUFU" --version >/dev/full'
err_is <<'X'
hufu: cannot write standard output: No space left on device
X
runs 3 sh -c '"$HUFU" --version >&-'
err_has 'hufu: cannot write standard output'
runs 0 sh -c '"$HUFU" --version >closed 2>&- <&-'
holds grep -q '^hufu ' closed

it 'answers 3, not a signal, when the reader left'
mkfifo pipe
(exec 3<pipe; sleep 0.2) &
runs 3 sh -c '{ sleep 0.5; "$HUFU" help --man-options; } >pipe'
wait
err_has 'cannot write standard output'

finish
