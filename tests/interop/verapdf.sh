#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verapdf.sh FOLDER...: every PDF of the folders is PDF/A-3a and PDF/UA-1 for veraPDF, whose jars are fetched from Maven
# Central into WORK when not there yet; spoiled copies are refused.
set -u
[ $# -ge 1 ] || { echo 'verapdf.sh FOLDER...' >&2; exit 2; }
here=$(dirname "$0")
work=${WORK:-build/interop}
jars=$work/verapdf
command -v "${JAVA:-java}" >/dev/null || { echo 'not ok - not installed: java'; exit 1; }
mkdir -p "$jars" || exit 1
if ! cmp -s "$here/verapdf/pom.xml" "$jars/installed-pom.xml"; then
	"${MVN:-mvn}" -q -B -f "$here/verapdf/pom.xml" dependency:copy-dependencies \
		-DoutputDirectory="$(cd "$jars" && pwd)" -DincludeScope=runtime >"$work/mvn.log" 2>&1 || {
		echo "not ok - not installed: veraPDF (see $work/mvn.log)"
		exit 1
	}
	cp "$here/verapdf/pom.xml" "$jars/installed-pom.xml"
fi
exec /usr/bin/python3 "$here/verapdf.py" "$jars" "$@"
