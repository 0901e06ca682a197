#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cose.sh OUT SITE: tokens by cose-kit and @auth0/cose, installed from the lock file into WORK when not there yet.
set -u
[ $# -eq 2 ] || { echo 'cose.sh OUT SITE' >&2; exit 2; }
. "$(dirname "$0")/node.sh"
answer=0
for library in cose-kit @auth0/cose; do
	"$node" "$work/cose.mjs" "$library" "$1" "$2" || answer=1
done
exit $answer
