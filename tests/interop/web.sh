#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The verifier of the page, in Node: every vector, and a demo site with all that can befall it, where it must say what our
# program says, member for member and word for word.  web.sh BUILD [HUFU]
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$1
case "$build" in /*) ;; *) build=$root/$build ;; esac
hufu=${2:-$build/hufu}
case "$hufu" in /*) ;; *) hufu=$root/$hufu ;; esac
node=${NODE:-$build/node/node_modules/node/bin/node}
command -v "$node" >/dev/null || { echo "not ok - not installed: $node"; exit 1; }
work=$build/web-test
mkdir -p "$work" || exit 3
sh "$root/web/install.sh" "$work" "$node" >"$work/install.log" 2>&1 || {
	echo "not ok - not installed: the packages of web/package.json (see $work/install.log)"
	exit 1
}
cat >"$work/verifier" <<-EOF
	#!/bin/sh
	case "\$1" in
	vectors) exec "$node" --no-warnings "$work/web/test/vectors.mjs" "\$2" ;;
	*) shift && exec "$node" --no-warnings "$work/web/test/verify.mjs" verify --said said.json --hufu "$hufu" "\$@" ;;
	esac
EOF
chmod 755 "$work/verifier" || exit 3
VERIFIER=$work/verifier exec sh "$root/tests/interop/second.sh" "$build" "$hufu"
