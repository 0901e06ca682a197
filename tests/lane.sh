# SPDX-License-Identifier: Apache-2.0
# One of several units that run at the same time: lane.sh DIR NUMBER NAME COMMAND...; what it says goes to DIR/NUMBER.
cd "$(dirname "$0")/.." || exit 3
. tests/count.sh
dir=$1 number=$2
shift 2
unit "$@" >"$dir/$number.out"
printf '%d %d\n' "$passed" "$failed" >"$dir/$number.sum"
