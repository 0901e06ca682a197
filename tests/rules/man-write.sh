#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Put what the option tables say between the two marks of a man page, all of it or of one command.
# man-write.sh PAGE PROGRAM [COMMAND]
set -e
page=$1 hufu=$2 command=${3-}
new=$(mktemp) && trap 'rm -f "$new" "$new.table"' EXIT
"$hufu" help --man-options | awk -v command="$command" '
	/^\.Ss / { shown = command == "" || $3 == command }
	shown' >"$new.table"
[ -s "$new.table" ]
grep -q '^\.\\" BEGIN COMMANDS' "$page"
awk -v table="$new.table" '
	/^\.\\" BEGIN COMMANDS/ { print; while ((getline line < table) > 0) print line; hidden = 1; next }
	/^\.\\" END COMMANDS/ { hidden = 0 }
	!hidden { print }' "$page" >"$new"
cat "$new" >"$page"
