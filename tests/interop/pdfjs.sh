#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pdfjs.sh FOLDER...: every PDF opened, read and drawn by pdf.js, the viewer inside Firefox.
set -u
[ $# -ge 1 ] || { echo 'pdfjs.sh FOLDER...' >&2; exit 2; }
. "$(dirname "$0")/node.sh"
exec "$node" "$work/pdfjs.mjs" "$@"
