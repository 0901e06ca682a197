#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lay the sources of web/ and the packages of its lock file into FOLDER/web, so that nothing is written beside the sources.
#   install.sh FOLDER NODE
folder=$1 node=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/web" || exit 3
for part in "$folder"/web/*; do
	case "$part" in */node_modules | */installed-lock.json) ;; *) rm -rf "$part" ;; esac
done
for part in "$here"/*; do
	case "$part" in */node_modules) ;; *) cp -R "$part" "$folder/web/" || exit 3 ;; esac
done
cd "$folder/web" || exit 3
cmp -s package-lock.json installed-lock.json && exit
case "$node" in */*) PATH=$(dirname "$node"):$PATH ;; esac
"${NPM:-npm}" ci --ignore-scripts --no-audit --no-fund --loglevel=error && cp package-lock.json installed-lock.json
