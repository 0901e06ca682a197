#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# codes.sh FOLDER...: codes.py with its Python and npm packages.
set -u
[ $# -ge 1 ] || { echo 'codes.sh FOLDER...' >&2; exit 2; }
. "$(dirname "$0")/node.sh"
export NODE="$node" WORK="$work"
exec sh "$here/venv.sh" "$here/codes.py" "$@"
