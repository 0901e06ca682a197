#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# statuslist.sh SITE [VALUES]: status lists by @auth0/cose and @sd-jwt/jwt-status-list, from the lock file.
set -u
[ $# -ge 1 ] || { echo 'statuslist.sh SITE [VALUES]' >&2; exit 2; }
. "$(dirname "$0")/node.sh"
exec "$node" "$work/statuslist.mjs" "$@"
