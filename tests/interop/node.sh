# SPDX-License-Identifier: Apache-2.0
# For the judges that are npm packages: sets node and work, and installs the packages of the lock file there.
here=$(dirname "$0")
node=${NODE:-build/node/node_modules/node/bin/node}
work=${WORK:-build/interop}
command -v "$node" >/dev/null || { echo "not ok - not installed: $node"; exit 1; }
mkdir -p "$work" && cp "$here/package.json" "$here/package-lock.json" "$here"/*.mjs "$work" || exit 1
if ! cmp -s "$work/package-lock.json" "$work/installed-lock.json"; then
	(cd "$work" && ${NPM:-npm} ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || {
		echo "not ok - not installed: the packages of package.json (see $work/npm.log)"
		exit 1
	}
	cp "$work/package-lock.json" "$work/installed-lock.json"
fi
