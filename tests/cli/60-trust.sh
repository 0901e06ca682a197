#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
. tests/cli/lib.sh
export HOME="$PWD/me"
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
mkdir "$HOME"
runs 0 "$HUFU" init home --demo
runs 0 "$HUFU" init other --demo
policy=home/policy.json issuer=$(sed -n 's/.*"issuer":"\([^"]*\)".*/\1/p' home/policy.json)

it 'nobody is trusted before he is pinned'
runs 0 "$HUFU" trust list
out_is </dev/null

it 'prints the fingerprint that stands on paper, alone'
runs 0 "$HUFU" trust fingerprint $policy
fingerprint=$(cat .io/out)
holds grep -qxE '([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}' .io/out
# as python computes it from the canonical bytes
holds python3 - "$policy" "$fingerprint" <<'X'
import hashlib, json, sys
text = json.dumps(json.load(open(sys.argv[1])), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
n = int.from_bytes(hashlib.sha256(text).digest()[:20], "big")
digits = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[n >> 5 * i & 31] for i in range(31, -1, -1))
assert "-".join(digits[i:i + 4] for i in range(0, 32, 4)) == sys.argv[2], digits
X

it 'pins nothing without a fingerprint, with a wrong one, or half of one'
runs 2 "$HUFU" trust add $policy
err_has "$fingerprint"
runs 1 "$HUFU" trust add $policy --fingerprint "$("$HUFU" trust fingerprint other/policy.json)"
err_has "$fingerprint"
runs 2 "$HUFU" trust add $policy --fingerprint "${fingerprint%-*}"
holds test ! -e me/.config

it 'pins one policy an issuer, canonical, for the user to read and copy'
runs 0 "$HUFU" trust add $policy --fingerprint "$(echo "$fingerprint" | tr 'A-Z-' 'a-z ')"
out_is </dev/null
holds test "$(stat -c %a "me/.config/hufu/trust/$issuer.json")" = 644
holds test "$("$HUFU" trust fingerprint "me/.config/hufu/trust/$issuer.json")" = "$fingerprint"
runs 0 "$HUFU" trust list
out_has "$issuer  $fingerprint"
runs 0 "$HUFU" trust list --json
holds python3 -c 'import json, sys; d = json.loads(open(".io/out").read()); assert d["fingerprint"] == sys.argv[1] and d["issuer"] == sys.argv[2]' "$fingerprint" "$issuer"

it 'another policy of the same issuer is shown and needs a word'
f=$("$HUFU" trust fingerprint other/policy.json)
runs 1 "$HUFU" trust add other/policy.json --fingerprint "$f"
err_has '- roots: '
err_has '+ roots: '
runs 0 "$HUFU" trust list
out_has "$fingerprint"
runs 0 "$HUFU" trust add other/policy.json --fingerprint "$f" --replace
runs 0 "$HUFU" trust list
out_has "$f"
out_lacks "$fingerprint"

it 'a pin that everybody may write stops whoever relies on it'
chmod 666 "me/.config/hufu/trust/$issuer.json"
runs 3 "$HUFU" trust list
err_has 'everybody may write'
chmod 644 "me/.config/hufu/trust/$issuer.json"

it 'forgets an issuer, and only one that is there'
runs 0 "$HUFU" trust remove "$issuer"
runs 1 "$HUFU" trust remove "$issuer"
runs 0 "$HUFU" trust list
out_is </dev/null

it 'a full disk pins nothing and says so'
[ -e /dev/full ] && runs 3 env XDG_CONFIG_HOME=/dev/full "$HUFU" trust add $policy --fingerprint "$fingerprint"

it 'says the same in Chinese where the reader does'
runs 2 env LC_ALL=zh_CN.UTF-8 "$HUFU" trust add $policy
err_has '的指纹是'
finish
