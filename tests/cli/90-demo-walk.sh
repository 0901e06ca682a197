#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/DEMO.md, walked: every command of its blocks, in order, in a small home that is served on this machine alone.
. tests/cli/lib.sh
export HOME="$PWD/me"
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME http_proxy HTTP_PROXY
mkdir me build
ln -s "$HUFU" build/hufu
ln -s "$root/tests" tests
address=127.0.0.1:$(python3 -c 'import socket; s = socket.socket(); s.bind(("0.0.0.0", 0)); print(s.getsockname()[1])')
stop() { [ ! -f build/demo/serve.pid ] || kill "$(cat build/demo/serve.pid)"; }
trap 'code=$?; stop; over $code' EXIT

# make demo SITE=…: without building, with few members, without the page, which takes Node; served till the page ends it.
make() {
	[ "$1" = demo ] || return
	MEMBERS=16 PAGE='' sh tests/demo/demo.sh build "${2#SITE=}" >make.log 2>&1 &
	made=$!
	while [ ! -s build/demo/serve.pid ]; do
		kill -0 $made 2>/dev/null || { cat make.log >&2; return 1; }
		sleep 0.1
	done
}
gone() { # the server has ended and its port with it
	turns=0
	while [ -e build/demo/serve.pid ]; do
		turns=$((turns + 1))
		[ $turns -lt 100 ] || return 1
		sleep 0.1
	done
}
# step COMMAND [VERDICT WORD]: run it here, so that its variables stay; of a verdict also the JSON and the exit code
step() {
	command=$1 verdict=$2 word=$3 answer=0
	case "$verdict" in '' | VALID) ;; STALE | UNKNOWN-KEY) answer=3 ;; *) answer=1 ;; esac
	runs $answer eval "$command"
	case "$command" in kill\ *) holds gone ;; esac
	[ -n "$verdict" ] || return 0
	out_has "$word"
	runs $answer eval "$command --json"
	out_has "\"verdict\":\"$verdict\""
	verdicts=$((verdicts + 1))
}

sed "s/192\.168\.1\.20:8080/$address/" "$root/docs/DEMO.md" >page.md
# A line is "H heading" or "C command verdict word", \001 between them; a remark that names no verdict is left where it is.
awk '/^## / { print "H " substr($0, 4) } /^```/ { open = $0 == "```sh"; next }
	open { n = split($0, part, / +# → /); split(part[2], say, " "); print "C " part[1] "\001" say[1] "\001" say[2] }' page.md >lines
verdicts=0 sep=$(printf '\001')
while read -r kind rest <&8; do
	case "$kind" in
	H) it "$rest" ;;
	C)
		command=${rest%%"$sep"*} rest=${rest#*"$sep"}
		step "$command" "${rest%%"$sep"*}" "${rest#*"$sep"}"
		;;
	esac
done 8<lines

it 'every verdict of the page was compared, and none is missing'
holds test "$verdicts" -eq "$(grep -c '# → ' page.md)"
for word in VALID ALTERED NOT-FOR-YOU REVOKED STALE NOT-IN-MANIFEST; do holds grep -q "# → $word" page.md; done

it 'serves what is there with its type and headers, and nothing else'
cat >ask.py <<'PY'
import http.client, sys
address, path, *more = sys.argv[1:]
c = http.client.HTTPConnection(address, timeout=10)
c.putrequest("GET", path, skip_host=False)
c.endheaders()
r = c.getresponse()
print(r.status, r.getheader("Content-Type"), r.getheader("Content-Security-Policy"), r.getheader("X-Content-Type-Options"),
      r.getheader("Referrer-Policy"), len(r.read()) == int(r.getheader("Content-Length")))
PY
mkdir -p pages/page
echo secret >secret && echo hidden >pages/.hidden && ln -s ../secret pages/link
printf '<!doctype html>' >pages/index.html
for f in page/zxing.wasm page/app.js page/app.css checkpoint policy.json keys.note odd; do echo x >"pages/$f"; done
python3 tests/demo/serve.py pages "http://$address" --pid pid >served 2>requests &
while [ ! -s pid ]; do sleep 0.1; done
headers="frame-ancestors 'none' nosniff no-referrer True"
while read -r path reply; do
	runs 0 python3 ask.py "$address" "$path"
	out_has "$reply $headers"
done <<'EOF'
/ 200 text/html; charset=utf-8
/?x=1 200 text/html; charset=utf-8
/page/zxing.wasm 200 application/wasm
/page/app.js 200 text/javascript; charset=utf-8
/page/app.css 200 text/css; charset=utf-8
/policy.json 200 application/json
/checkpoint 200 text/plain; charset=utf-8
/keys.note 200 text/plain; charset=utf-8
/odd 200 application/octet-stream
/page 404 text/plain; charset=utf-8
/page/ 404 text/plain; charset=utf-8
/none 404 text/plain; charset=utf-8
/.hidden 404 text/plain; charset=utf-8
/link 404 text/plain; charset=utf-8
/../secret 404 text/plain; charset=utf-8
/%2e%2e/secret 404 text/plain; charset=utf-8
/page/../index.html 404 text/plain; charset=utf-8
/a%00b 404 text/plain; charset=utf-8
EOF
holds grep -q "http://$address/" served
runs 1 python3 tests/demo/serve.py pages "http://$address" --check
err_has 'Address already in use'
kill -INT "$(cat pid)"
runs 1 python3 tests/demo/serve.py pages "https://$address" --check
err_has 'not http://'
finish
