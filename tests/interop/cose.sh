#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cose.sh OUT SITE: tokens by cose-kit and @auth0/cose, installed from the lock file into WORK when not there yet.
set -u
[ $# -eq 2 ] || { echo 'cose.sh OUT SITE' >&2; exit 2; }
here=$(dirname "$0")
node=${NODE:-build/node/node_modules/node/bin/node}
work=${WORK:-build/interop}
command -v "$node" >/dev/null || { echo "not ok - not installed: $node"; exit 1; }
mkdir -p "$work" && cp "$here/package.json" "$here/package-lock.json" "$here/cose.mjs" "$work" || exit 1
if ! cmp -s "$work/package-lock.json" "$work/installed-lock.json"; then
	(cd "$work" && ${NPM:-npm} ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || {
		echo "not ok - not installed: cose-kit @auth0/cose (see $work/npm.log)"
		exit 1
	}
	cp "$work/package-lock.json" "$work/installed-lock.json"
fi
answer=0
for library in cose-kit @auth0/cose; do
	"$node" "$work/cose.mjs" "$library" "$1" "$2" || answer=1
done
exit $answer
