#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Install the Debian packages that are missing, and Node 22 for the judges that are npm packages.
#   deps.sh no|"" NODE_DIR|- PACKAGE...
wish=$1 node_dir=$2
shift 2
[ "$wish" != no ] || exit 0

NODE_VERSION=22.12.0 # of the npm package "node", which carries the program itself

say() { printf 'hufu: %s\n' "$*" >&2; }

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo -- "$@"
	else
		say "be root or have sudo to install: $*"
		say "or install them yourself and say DEPS=no"
		exit 3
	fi
}

node=
if [ "$node_dir" != - ]; then
	node=$node_dir/node_modules/node/bin/node
	[ -x "$node" ] || command -v npm >/dev/null 2>&1 || set -- "$@" npm
fi

have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" { print $1 }')
missing=
for p in "$@"; do
	printf '%s\n' "$have" | grep -qxF -- "$p" || missing="$missing $p"
done
if [ -n "$missing" ]; then
	say "installing$missing"
	as_root apt-get update -qq || say 'apt-get update failed; going on with the lists there are'
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2 || exit 3
fi

if [ -n "$node" ] && [ ! -x "$node" ]; then
	say "installing node $NODE_VERSION into $node_dir"
	mkdir -p "$node_dir"
	npm install --prefix "$node_dir" --no-save --no-audit --no-fund --loglevel=error "node@$NODE_VERSION" >&2 || exit 3
	"$node" --version >/dev/null || exit 3
fi
