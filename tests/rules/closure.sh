#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The verifier is a small closure: hufu-verify and libhufu.so need these libraries, show these symbols, and are this small;
# and a stranger's program builds against the installed library and gets its answer.  closure.sh ROOT BUILD
. "$(dirname "$0")/lib.sh"
build=$2

needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*\]/\1/p' | sort | tr '\n' ' '; }

same() { # same WHAT WANT GOT
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "want $2
got  $3"; fi
}
same 'hufu-verify needs no PDF writer, no fonts, no SQL' \
	'libc libcjson libcrypto libcurl libjpeg libm libpng16 libsodium libz libzbar ' "$(needed "$build/hufu-verify")"
same 'libhufu needs neither the net nor pictures' \
	'libc libcjson libcrypto libsodium libz ' "$(needed "$build/libhufu.so.0")"
same 'libhufu shows the calls of its header and nothing else' \
	"$(sed -n '/^global:/,/^local:/p' src/proof/hufu.map | tr ' ;\t' '\n\n\n' | grep '^hufu_' | sort | tr '\n' ' ')" \
	"$(nm -D --defined-only "$build/libhufu.so.0" | sed -n 's/.* T \(.*\)@@.*/\1/p' | sort | tr '\n' ' ')"
same 'every call of the map is in the header' '' \
	"$(sed -n '/^global:/,/^local:/p' src/proof/hufu.map | tr ' ;\t' '\n\n\n' | grep '^hufu_' | while read -r call; do
		grep -q "\b$call(" src/proof/hufu.h || echo "$call"
	done)"

hold=$(mktemp -d) && trap 'rm -rf "$hold"' EXIT
strip -o "$hold/verify" "$build/hufu-verify"
size=$(wc -c <"$hold/verify")
if [ "$size" -le 1048576 ]; then ok "hufu-verify is $size bytes, at most 1 MiB"; else not_ok "hufu-verify is $size bytes"; fi

make -s B="$build" DESTDIR="$hold/root" PREFIX=/usr install >"$hold/log" 2>&1 || not_ok 'it installs' "$(tail -n 5 "$hold/log")"
cat >"$hold/stranger.c" <<'EOF'
#include <hufu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *load(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *p = malloc(1 << 24);

	if (f == NULL || p == NULL)
		exit(9);
	*n = fread(p, 1, 1 << 24, f);
	fclose(f);
	return p;
}

/* stranger POLICY BUNDLE CODE [PDF] */
int main(int argc, char **argv)
{
	size_t policy_n, bundle_n, pdf_n = 0;
	char *policy = load(argv[1], &policy_n), *bundle = load(argv[2], &bundle_n);
	char *pdf = argc > 4 ? load(argv[4], &pdf_n) : NULL;
	struct hufu *h = hufu_new();
	int answer;

	if (h == NULL || !hufu_policy(h, policy, policy_n) || !hufu_bundle(h, bundle, bundle_n))
		return 8;
	hufu_time(h, (int64_t)time(NULL));
	answer = hufu_check(h, argv[3], pdf, pdf_n);
	printf("%s\n%s%s%s\n", hufu_verdict(h), hufu_words(h, "en"), hufu_words(h, "zh"), hufu_json(h));
	hufu_free(h);
	free(policy);
	free(bundle);
	free(pdf);
	return answer;
}
EOF
export PKG_CONFIG_SYSROOT_DIR="$hold/root" PKG_CONFIG_PATH="$hold/root/usr/lib/pkgconfig" LD_LIBRARY_PATH="$hold/root/usr/lib"
if cc -Wall -Wextra -Wpedantic -Werror -o "$hold/stranger" "$hold/stranger.c" -I"$hold/root/usr/include" \
	-L"$hold/root/usr/lib" $(pkg-config --libs-only-l hufu) 2>"$hold/log"; then
	ok "a stranger's program builds against it"
else
	not_ok "a stranger's program builds against it" "$(cat "$hold/log")"
fi

export HUFU_SHARE=$PWD
{ "$build/hufu" init "$hold/home" --demo && head -n 1 tests/data/edge.jsonl >"$hold/feed.jsonl" &&
	"$build/hufu" issue "$hold/feed.jsonl" --home "$hold/home" --out "$hold/out" --thumbnails 0 &&
	"$build/hufu" publish --home "$hold/home" --bundle "$hold/bundle"; } >"$hold/log" 2>&1 || not_ok 'a demo home' "$(cat "$hold/log")"
pdf=$(find "$hold/out" -name '*.pdf' | sort | head -n 1)
digits=$(pdftotext "$pdf" - >/dev/null; grep -ao '<hufu:token>[0-9]*' "$pdf" | grep -o '[0-9]*$')
"$hold/stranger" "$hold/home/policy.json" "$hold/bundle" "$digits" "$pdf" >"$hold/answer"
same 'it says VALID of a genuine file, with exit 0' '0 VALID' "$? $(head -n 1 "$hold/answer")"
printf x >>"$pdf"
"$hold/stranger" "$hold/home/policy.json" "$hold/bundle" "$digits" "$pdf" >"$hold/answer"
same 'and ALTERED of another' '1 ALTERED' "$? $(head -n 1 "$hold/answer")"
"$build/hufu-verify" "$pdf" --bundle "$hold/bundle" --keys "$hold/home/policy.json" --json >"$hold/answer" 2>&1
same 'as does hufu-verify' 1 "$(grep -c '"verdict":"ALTERED"' "$hold/answer")"
finish
