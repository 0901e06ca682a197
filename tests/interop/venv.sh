#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# venv.sh SCRIPT ARGUMENT...: a judge that needs the packages of requirements.txt, installed into WORK when not there yet.
set -u
here=$(dirname "$0")
work=${WORK:-build/interop}
venv=$work/venv
mkdir -p "$work" || exit 1
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
	rm -rf "$venv"
	{ /usr/bin/python3 -m venv "$venv" &&
		"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"; } \
		>"$work/pip.log" 2>&1 || {
		echo "not ok - not installed: the packages of requirements.txt (see $work/pip.log)"
		exit 1
	}
	cp "$here/requirements.txt" "$venv/installed.txt"
fi
exec "$venv/bin/python" "$@"
