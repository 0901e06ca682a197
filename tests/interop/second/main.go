// SPDX-License-Identifier: Apache-2.0

// A second verifier, written from docs/FORMAT.md with Go's standard library alone:
//
//	second vectors FOLDER
//	second verify --policy policy.json --site FOLDER [--now UNIX] TARGET...
//
// Texts are matched against forms: JSON as it stands, CBOR in the notation of RFC 8949 §8.  Not here: what the buckets seal (neither
// XChaCha20 nor BLAKE2b is in Go's library; lookup.py opens them), bundle, memory, manifests, pictures, proofs beside a file, and that
// the point of a key has no part of low order beside one of the large order.
package main

import (
	"bytes"
	"compress/zlib"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/big"
	"math/bits"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type fields = map[string]string
type object = map[string]any
type notary struct { // whose signatures of notes are known
	name, hash, public string
	kind               byte
}
type keyList struct {
	fields
	keys, logs []fields
	witnesses  []notary
}
type head struct { // of a log
	size, newest uint64
	root         string
	witnesses    int
}

// need refuses by a panic with a code; try gives that code, form for whatever else is not as expected, and "good".
func need(ok bool, code string) {
	if !ok {
		panic(code)
	}
}
func try(form string, f func()) (code string) {
	defer func() {
		if r := recover(); r != nil {
			code = pick(fmt.Sprintf("%T", r) == "string" && r != "", fmt.Sprint(r), form)
		}
	}()
	f()
	return "good"
}
func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}
func later(a, b int64) int64   { return pick(a > b, a, b) }
func sha(s string) string      { h := sha256.Sum256([]byte(s)); return string(h[:]) }
func node(a, b string) string  { return sha("\x01" + a + b) }
func u64(n uint64) string      { return string(binary.BigEndian.AppendUint64(nil, n)) }
func number(s string) uint64   { n, _ := strconv.ParseUint(s, 10, 64); return n }
func integer(s string) int64   { n, _ := strconv.ParseInt(s, 10, 64); need(n < 1<<53, ""); return n }
func unhex(s string) string    { b, err := hex.DecodeString(s); need(err == nil, ""); return string(b) }
func unquote(s string) string  { json.Unmarshal([]byte(`"`+s+`"`), &s); return s }
func list(s string) [][]string { return regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(s, -1) }
func canonical(v any) string   { b, _ := json.Marshal(v); return plain.Replace(string(b)) }
func parse(s string) (v object) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	need(d.Decode(&v) == nil, "")
	return
}
func unbase(s string) string {
	b, err := strict.DecodeString(s)
	need(err == nil, "")
	return string(b)
}
func instant(s string) int64 {
	t, err := time.Parse(time.RFC3339, s)
	need(err == nil, "")
	return t.Unix()
}
func crockford(b string) string {
	return fours.ReplaceAllString(alphabet.EncodeToString([]byte(b))[:len(b)*2/5*4], "$1-")
}

var strict, fours = base64.StdEncoding.Strict(), regexp.MustCompile(`(.{4})\B`)
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
var plain = strings.NewReplacer(`\\`, `\\`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\u2028`, "\u2028", `\u2029`, "\u2029")

// A form is a regular expression, where <x:C> stands for a group named x of class C.
var classes = fields{
	"N": `0|[1-9][0-9]{0,15}`, "M": `null|0|[1-9][0-9]{0,15}`, "O": `[1-9][0-9]{0,17}`, "Z": `0|-?[1-9][0-9]{0,8}`, "B": `[1-9]?[0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5]`,
	"D": `"[a-z0-9.-]{1,100}"`, "T": `"[0-9T:Z-]{20}"`, "U": `null|"[0-9T:Z-]{20}"`, "S": `"[^"\\]*"`, "A": `\[(?:"[^"\\]*"(?:,"[^"\\]*")*)?\]`,
	"H": `"[0-9a-f]+"`, "P": `null|"[0-9a-f]{64}"`, "L": `"(?:[^"\\\x00-\x1f\x7f]|\\["\\])+"`, "K": `\[(?:\{.*\})?\]`,
	"I": `\[[1-9][0-9]*(?:,[1-9][0-9]*)*\]|\[\]`, "X": `[0-9a-f]*`, "R": `(?s:.*)`, "E": `[A-Za-z0-9+/]+={0,2}`, "Y": "[!#-*,-\\[\\]-~]{1,200}",
	"W": `"(?:\\["\\]|[^"\\\x00-\x1f\x7f-\x9f\xad\x{61c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{e000}-\x{f8ff}` +
		`\x{fdd0}-\x{fdef}\x{fe00}-\x{fe0f}\x{feff}\x{fff0}-\x{ffff}\x{e0000}-\x{e0fff}\x{f0000}-\x{10ffff}])+"`,
}

func match(s, form, code string) fields {
	group := regexp.MustCompile(`<(\w+):(\w)>`)
	re := regexp.MustCompile("^(?:" + group.ReplaceAllStringFunc(form, func(g string) string {
		return "(?P<" + g[1:len(g)-3] + ">" + classes[g[len(g)-2:len(g)-1]] + ")"
	}) + ")$")
	m, f := re.FindStringSubmatch(s), fields{}
	need(m != nil, code)
	for i, name := range re.SubexpNames() {
		f[name] = strings.TrimSuffix(strings.TrimPrefix(m[i], `"`), `"`)
	}
	return f
}

var controls = regexp.MustCompile(`[^\n\P{Cc}]`)
var low = regexp.MustCompile("^(0[01]0{62}|ecf{60}7f|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05|(e[d-f]|f.)f{60}7f|" +
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a)$") // ordinates of points of low order, and those past p
func sound(point string) bool {
	return len(point) == 32 && !low.MatchString(fmt.Sprintf("%x", point[:31]+string(rune(point[31]&127))))
}
func signed(public, message, sig string) bool {
	return len(sig) == 64 && sound(public) && sound(sig[:32]) && ed25519.Verify([]byte(public), []byte(message), []byte(sig))
}

// CBOR of the deterministic form alone, with at most depth arrays and maps inside each other, as text.
func item(s string, depth int) (string, string) {
	kind, n, w := s[0]>>5, uint64(s[0]&31), 0
	if s = s[1:]; n > 23 {
		need(n < 28, "")
		w = 1 << (n - 24)
		n, s = binary.BigEndian.Uint64([]byte(strings.Repeat("\x00", 8-w)+s[:w])), s[w:]
	}
	need(n >= [9]uint64{1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[w] && n < 1<<63 && kind != 6, "")
	switch kind {
	case 0, 1:
		return fmt.Sprint(pick(kind == 0, int64(n), -1-int64(n))), s
	case 2, 3:
		need(kind == 2 || utf8.ValidString(s[:n]), "")
		return pick(kind == 2, fmt.Sprintf("h'%x'", s[:n]), canonical(s[:n])), s[n:]
	case 7:
		need(n == 22, "")
		return "null", s
	}
	out, last := "", ""
	for i := uint64(0); i < n*uint64(kind-3); i++ {
		v, rest := item(s, depth-1)
		head := s[:len(s)-len(rest)]
		need(kind == 4 || i%2 == 1 || head > last, "")
		last, s, out = pick(i%2 == 0, head, last), rest, out+pick(i == 0, "", pick(kind == 5 && i%2 == 1, ":", ","))+v
	}
	need(depth > 0, "")
	return pick(kind == 4, "["+out+"]", "{"+out+"}"), s
}
func cbor(s, form string) fields {
	text, rest := item(s, 3)
	need(rest == "", "")
	return match(text, form, "")
}
func bstr(s string) string {
	n := uint64(len(s))
	return pick(n < 24, string(rune(64+n)), pick(n < 256, "\x58"+u64(n)[7:], "\x59"+u64(n)[6:])) + s
}
func cose(s, external, kind, form string) fields { // the payload's members beside kid, and what sig signs
	e := cbor(s, `\[h'<header:X>',\{\},h'<payload:X>',h'<sig:X>'\]`)
	f := cbor(unhex(e["payload"]), form)
	f["payload"], _ = item(unhex(e["payload"]), 3)
	f["kid"], f["sig"] = cbor(unhex(e["header"]), `\{1:(?:-8|-19),4:h'<kid:X>'`+kind+`\}`)["kid"], unhex(e["sig"])
	f["signed"] = "\x84\x6aSignature1" + bstr(unhex(e["header"])) + bstr(external) + bstr(unhex(e["payload"]))
	need(len(f["kid"]) == 8 && len(f["sig"]) == 64, "")
	return f
}

func token(raw, issuer string) fields {
	f := cose(raw, "hufu/1/cert\x00"+issuer, "", `\[1,<type:B>,<idx:N>,h'<docid:X>',(?:<number:O>|<member:W>),(?:null|<native:W>),(?:null|<latin:W>),<issued:N>,<expires:N>,h'<digest:X>',`+
		`(?:\{(?:4:<admitted:Z>)?\}|\{1:(?:null|<to:W>),2:<at:N>,3:\[<wording:B>,<class:B>,<back:B>,[01]\]\})\]`)
	letter, id, issued, expires := f["at"] != "", f["docid"], integer(f["issued"]), integer(f["expires"])
	need(len(raw) <= 400 && f["type"] != "0" && (f["type"] == "3" || f["type"] == "4") == letter && integer(f["idx"]) >= 0, "")
	need((f["type"] != "1" && f["type"] != "2" || f["admitted"] != "") && integer(f["admitted"]) >= -719162 && integer(f["admitted"]) <= 2932896, "")
	need((len(id) == 20 || len(id) == 26 && id[25] == '0') && len(f["digest"]) == 32 && integer(f["at"]) <= 2932896*1440, "")
	need(issued <= 2932896 && (expires == 0 || expires >= issued && expires <= 2932896) && len(unquote(f["to"])) <= 60, "")
	need(len(unquote(f["member"])) <= 40 && !regexp.MustCompile(`^[1-9][0-9]{0,17}$`).MatchString(f["member"]), "")
	f["c_token"] = sha("hufu/1/token\x00" + raw)
	return f
}
func digits(s string) string { // a token's bytes
	n, ok := new(big.Int).SetString(s, 10)
	need(ok && len(s) <= 964 && s[0] >= '1' && s[0] <= '9' && n.BitLen() <= 3200, "")
	return string(n.Bytes())
}

// Signed notes: the text, whose of the known signatures are there, and the newest time of a witness.
func vkey(s string, kind byte) notary {
	f := match(s, `<name:Y>\+<hash:X>\+<key:E>`, "")
	k := unbase(f["key"])
	need(len(k) == 33 && k[0] == kind && unhex(f["hash"]) == sha(f["name"] + "\n" + k)[:4] && sound(k[1:]), "")
	return notary{f["name"], unhex(f["hash"]), k[1:], kind}
}
func vkeys(s string, kind byte) (out []notary) {
	for _, v := range list(s) {
		out = append(out, vkey(v[1], kind))
	}
	return
}
func note(s string, max int, known []notary) (text string, seen map[string]bool, newest uint64) {
	f := match(s, "(?s)(?P<text>.*\n)\n(?P<lines>(?:— [^\n]+\n)+)", "NOTE-FORM")
	text, seen = f["text"], map[string]bool{}
	need(len(s) <= max && utf8.ValidString(s) && !controls.MatchString(s) && strings.Count(f["lines"], "\n") <= 64, "NOTE-FORM")
	for _, line := range strings.Split(strings.TrimSuffix(f["lines"], "\n"), "\n") {
		l := match(line, "— <name:Y> <raw:E>", "NOTE-FORM")
		raw := unbase(l["raw"])
		for _, k := range known {
			if w := k.kind == 4; k.name == l["name"] && k.hash == raw[:4] {
				at := binary.BigEndian.Uint64([]byte(pick(w, raw[4:12], u64(0))))
				need(at < 1<<63 && signed(k.public, pick(w, fmt.Sprintf("cosignature/v1\ntime %d\n", at), "")+text, raw[pick(w, 12, 4):]), "NOTE-SIGNATURE")
				seen[k.public], newest = true, pick(at > newest, at, newest)
			}
		}
	}
	return
}
func checkpoint(s string, logs, witnesses []notary) head {
	text, seen, newest := note(s, 1<<16, append(logs[:len(logs):len(logs)], witnesses...))
	f, ours := match(text, `(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n<root:E>\n`, ""), false
	for _, l := range logs {
		ours = ours || l.name == f["origin"] && seen[l.public]
		delete(seen, l.public)
	}
	h := head{number(f["size"]), newest, unbase(f["root"]), len(seen)}
	need(ours && h.size <= 1<<62 && len(h.root) == 32 && (h.size > 0 || h.root == sha("")), "")
	return h
}

// The tree: of entries, by proofs, from tiles.
func mth(lo, n uint64, known func(lo, n uint64) string) string {
	if h := known(lo, n); h != "" || n < 2 {
		return pick(n == 0, sha(""), h)
	}
	k := uint64(1) << (bits.Len64(n-1) - 1)
	return node(mth(lo, k, known), mth(lo+k, n-k, known))
}
func climb(fn, sn uint64, f, s string, proof string) (string, string) {
	for need(len(proof) <= 64*32, ""); proof != ""; proof = proof[32:] {
		c := proof[:32]
		need(sn != 0, "")
		left := fn&1 == 1 || fn == sn
		f, s = pick(left, node(c, f), f), pick(left, node(c, s), node(s, c))
		up := 1 + pick(left && fn != 0, bits.TrailingZeros64(fn|1<<63), 0)
		fn, sn = fn>>up, sn>>up
	}
	need(sn == 0, "")
	return f, s
}
func included(index, size uint64, leaf, root, proof string) {
	need(index < size, "")
	_, r := climb(index, size-1, leaf, leaf, proof)
	need(r == root, "")
}
func consistent(old, size uint64, oldRoot, root, proof string) {
	if need(old <= size, ""); old == 0 || old == size {
		need(proof == "" && oldRoot == pick(old == 0, sha(""), root), "")
		return
	}
	k := bits.TrailingZeros64(old)
	proof = pick(old&(old-1) == 0, oldRoot, "") + proof
	f, r := climb((old-1)>>k, (size-1)>>k, proof[:32], proof[:32], proof[32:])
	need(f == oldRoot && r == root, "")
}
func path(kind string, n, w uint64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return "/tile/" + kind + "/" + s + pick(w < 256, fmt.Sprintf(".p/%d", w), "")
}
func piece(dir, kind string, n, count, unit uint64) string { // a tile or bundle of a log with so many hashes or entries
	w := pick(count-256*n < 256, count-256*n, 256)
	b, err := os.ReadFile(dir + path(kind, n, w))
	if err != nil {
		b, err = os.ReadFile(dir + path(kind, n, 256))
		b = b[:pick(len(b) == int(256*unit), int(w*unit), 0)]
	}
	need(err == nil && len(b) == int(w*unit), "missing")
	return string(b)
}
func tiles(dir string, size uint64) func(lo, n uint64) string {
	tile := map[string]string{}
	var known func(lo, n uint64) string
	known = func(lo, n uint64) string {
		level := (bits.Len64(n|1) - 1) / 8
		if n != 1<<(8*level) {
			return ""
		}
		i, id := lo>>(8*level), path(fmt.Sprint(level), lo>>(8*level)/256, 256)
		if tile[id] == "" {
			t := piece(dir, fmt.Sprint(level), i/256, size>>(8*level), 32)
			tile[id] = t
			sub := func(lo, n uint64) string { return pick(n == 1, t[lo*32:][:32], "") }
			need(len(t) < 8192 || mth(0, 256, sub) == known(i/256<<(8*level+8), n<<8), "rewritten")
		}
		return tile[id][i%256*32:][:32]
	}
	return known
}

func status(s, site, n string, keys []fields) fields {
	f := cose(s[1:], "", `,16:"application/statuslist\+cwt"`, `\{2:<sub:S>,4:<exp:N>,6:<iat:N>,65533:\{"lst":h'<lst:X>',"bits":4\},65534:<ttl:N>,`+
		`-70001:\[<size:N>,h'(?P<root>[0-9a-f]{64})',<version:N>,h'(?P<list>[0-9a-f]{64})'\]\}`)
	z := strings.NewReader(unhex(f["lst"]))
	r, err := zlib.NewReader(z)
	need(err == nil, "")
	b, err := io.ReadAll(io.LimitReader(r, 16385))
	iat, life, ttl := integer(f["iat"]), integer(f["exp"])-integer(f["iat"]), integer(f["ttl"])
	need(err == nil && z.Len() == 0 && len(s) <= 32768 && s[0] == 0xd2 && life > 0 && life <= 259200 && ttl > 0 && ttl <= 259200, "")
	f["values"] = fmt.Sprintf("%x", b)
	need(len(b) == 16384 && f["version"] != "0" && strings.Trim(f["values"], "0123c") == "" && integer(f["size"]) >= 0, "")
	need(f["sub"] == site+"/s/"+n, "STATUS-OTHER")
	code := "STATUS-KEY"
	for _, k := range keys {
		if k["role"] == "status" && k["kid"] == f["kid"] && code != "good" {
			used := (k["state"] == "active" || k["state"] == "retired" && k["until"] != "null") && instant(k["since"]) <= iat
			used = used && (k["until"] == "null" || iat < instant(k["until"]))
			code = pick(!signed(unhex(k["public"]), f["signed"], f["sig"]), "STATUS-SIGNATURE", pick(used, "good", "STATUS-KEY"))
		}
	}
	need(code == "good", code)
	return f
}

// Policies and key lists.
func policy(s string) fields {
	need(parse(s)["schema"] == "hufu.policy/1", "JSON-SCHEMA")
	f := match(s, `\{"contact":<contact:L>,"issuer":<issuer:D>,"k":<k:N>,"log":\{"origin":<origin:S>,"vkey":<log:S>\},"names":\{"en":<en:L>,"zh":<zh:L>\},`+
		`"quorum":<quorum:N>,"roots":<roots:A>,"schema":"hufu.policy/1","site":"(?P<site>https?://[!$&-.0->@-~][!$&->@-~]*[!$&-.0->@-~]|https?://[!$&-.0->@-~])","utc_offset_min":<utc:Z>,"witnesses":<witnesses:A>\}`, "POLICY-FORM")
	roots, witnesses, log, used := vkeys(f["roots"], 1), vkeys(f["witnesses"], 4), vkey(f["log"], 1), map[string]bool{}
	for i, k := range roots {
		need(k.name == fmt.Sprintf("%s/root-%d", f["issuer"], i+1), "POLICY-FORM")
	}
	for _, k := range append(append(witnesses, roots...), log) {
		need(!used[k.public], "POLICY-FORM")
		used[k.public] = true
	}
	need(log.name == f["origin"] && integer(f["k"]) > 0 && int(integer(f["k"])) <= len(roots) && len(roots) <= 16 && len(witnesses) <= 16, "POLICY-FORM")
	need(int(integer(f["quorum"])) <= len(witnesses) && integer(f["utc"]) >= -840 && integer(f["utc"]) <= 840 && len(f["site"]) <= 48, "POLICY-FORM")
	need(len(unquote(f["contact"])) <= 200 && len(unquote(f["en"])) <= 200 && len(unquote(f["zh"])) <= 200, "POLICY-FORM")
	f["text"] = s
	return f
}
func bySome(seen map[string]bool, p fields) bool { // k roots of the policy
	n := 0
	for _, r := range vkeys(p["roots"], 1) {
		n += pick(seen[r.public], 1, 0)
	}
	return n >= int(integer(p["k"]))
}
func nextPolicy(old fields, s string) fields {
	p := policy(s[:strings.LastIndex(s, "\n\n")])
	_, seen, _ := note(s, 1<<20, append(vkeys(old["roots"], 1), vkeys(p["roots"], 1)...))
	need(bySome(seen, old) && bySome(seen, p), "POLICY-ROOT")
	need(p["issuer"] == old["issuer"] && integer(p["quorum"]) >= integer(old["quorum"]) && p["text"] != old["text"], "POLICY-CHANGE")
	return p
}
func parts(s, form string) (out []fields) {
	for s = strings.Trim(s, "[]"); s != ""; {
		end := strings.Index(s, "}") + 1
		out = append(out, match(s[:end], form, ""))
		need(s[end:] == "" || s[end] == ',' && len(s) > end+1, "")
		s = strings.TrimPrefix(s[end:], ",")
	}
	return
}
func readKeys(s string, p fields) (l keyList) {
	text, seen, _ := note(s, 1<<20, vkeys(p["roots"], 1))
	l.fields = match(text, `\{"expires":<expires:T>,"issued":<issued:T>,"issuer":<issuer:D>,"keys":<keys:K>,"logs":<logs:K>,"prev":<prev:P>,"quorum":<quorum:N>,`+
		`"schema":"hufu.keys/1","version":<version:N>,"witnesses":<witnesses:A>\}`+"\n", "KEYLIST-FORM")
	l.keys = parts(l.fields["keys"], `\{"first_idx":<first:N>,"from_idx":<from:M>,"kid":<kid:H>,"log":<log:S>,"not_after":<until:U>,"not_before":<since:T>,"pop":<pop:H>,`+
		`"public":<public:H>,"role":"(?P<role>issuing|status|log|manifest)","state":"(?P<state>planned|active|retired|compromised)","types":<types:I>\}`)
	l.logs, l.witnesses = parts(l.fields["logs"], `\{"origin":<origin:S>,"root":<root:H>,"size":<size:N>\}`), vkeys(l.fields["witnesses"], 4)
	issued, expires, version := instant(l.fields["issued"]), instant(l.fields["expires"]), integer(l.fields["version"])
	need(bySome(seen, p) && l.fields["issuer"] == p["issuer"] && version > 0 && (version == 1) == (l.fields["prev"] == "null"), "")
	need(expires > issued && expires <= time.Unix(issued, 0).UTC().AddDate(0, 13, 0).Unix() && len(l.keys) > 0 && len(l.keys) <= 256, "")
	used, on, frozen, size := map[string]bool{}, "", map[string]bool{}, int64(0)
	for _, g := range l.logs {
		need(!frozen[g["origin"]] && integer(g["size"]) >= size && len(g["root"]) == 64 && (g["size"] != "0" || unhex(g["root"]) == sha("")), "")
		frozen[g["origin"]], size = true, integer(g["size"])
	}
	all := append(vkeys(p["witnesses"], 4), l.witnesses...)
	for _, k := range append(vkeys(p["roots"], 1), all...) {
		need(!used[k.public], "")
		used[k.public] = true
	}
	need(len(l.witnesses) <= 16 && integer(l.fields["quorum"]) >= integer(p["quorum"]) && int(integer(l.fields["quorum"])) <= len(all), "")
	l.witnesses = all
	for _, k := range l.keys {
		need(k["role"] != "log" || k["state"] != "active" || on == "" && !frozen[k["log"]], "")
		on = pick(k["role"] == "log" && k["state"] == "active", k["log"], on)
	}
	on = pick(on == "", p["origin"], on)
	l.fields["hash"], l.fields["on"] = sha(s), on
	for _, k := range l.keys {
		public, issuing, bad := unhex(k["public"]), k["role"] == "issuing", k["state"] == "compromised"
		need(sound(public) && !used[public] && (public != vkey(p["log"], 1).public || k["role"] == "log") && k["kid"] == fmt.Sprintf("%x", sha(public)[:4]), "")
		used[public] = true
		need(signed(public, "hufu/1/pop\x00"+p["issuer"]+"\x00"+public, unhex(k["pop"])) && (k["types"] != "[]") == issuing && (k["from"] != "null") == bad, "")
		need(!bad || issuing || k["role"] == "manifest" || k["from"] == "0", "")
		need(instant(k["since"]) > 0 && (k["until"] == "null" && k["state"] != "retired" || instant(k["until"]) >= instant(k["since"])), "")
		need(frozen[k["log"]] || k["log"] == on || k["role"] == "log" && k["state"] != "active", "")
		last := int64(0)
		for _, t := range strings.FieldsFunc(k["types"], func(r rune) bool { return r < '0' || r > '9' }) {
			need(integer(t) > last && integer(t) <= 255, "")
			last = integer(t)
		}
	}
	return
}
func follows(old, l keyList) {
	v, was := integer(l.fields["version"]), integer(old.fields["version"])
	need(v >= was, "KEYLIST-ROLLBACK")
	need((v != was || l.fields["hash"] == old.fields["hash"]) && (v != was+1 || unhex(l.fields["prev"]) == old.fields["hash"]), "KEYLIST-FORK")
	ok, order := instant(l.fields["issued"]) >= instant(old.fields["issued"]) && len(l.logs) >= len(old.logs), "planned active retired compromised"
	frozen := fmt.Sprint(l.logs)
	for i, g := range old.logs {
		ok = ok && fmt.Sprint(l.logs[i]) == fmt.Sprint(g)
	}
	for _, k := range old.keys {
		found, plan := false, k["state"] == "planned"
		for _, n := range l.keys {
			if n["public"] == k["public"] {
				found = n["role"] == k["role"] && n["types"] == k["types"] && (plan || n["first"] == k["first"] && n["since"] == k["since"])
				found = found && strings.Index(order, n["state"]) >= strings.Index(order, k["state"])
				found = found && (k["from"] == "null" || integer(n["from"]) <= integer(k["from"]))
				found = found && (k["until"] == "null" || n["until"] != "null" && instant(n["until"]) <= instant(k["until"]))
				found = found && (n["log"] == k["log"] || strings.Contains(frozen, " origin:"+k["log"]+" ") || strings.Contains(frozen, "[origin:"+k["log"]+" "))
				found = found && (n["log"] == k["log"] || k["role"] != "log" || plan)
			}
		}
		ok = ok && found
	}
	need(ok, "KEYLIST-CHANGE")
}

// The verdict: what is known of site and policy, then the table of the page.
type world struct {
	dir       string
	p         fields
	l         keyList
	listed    bool
	now       int64
	h         head
	logged    bool
	witnessed bool
	known     func(lo, n uint64) string
}

func (w *world) read(name string) string {
	b, err := os.ReadFile(w.dir + name)
	need(err == nil, "missing")
	return string(b)
}
func open(policyFile, dir string, now int64) *world {
	b, err := os.ReadFile(policyFile)
	need(err == nil, "no policy")
	text, members := canonical(parse(string(b))), regexp.MustCompile(`"\s*:`)
	need(len(members.FindAll(b, -1)) == len(members.FindAllString(text, -1)), "a member twice")
	w := &world{dir: dir, p: policy(text), now: now}
	w.listed = try("bad", func() { w.l = readKeys(w.read("/keys.note"), w.p) }) == "good"
	logs, witnesses, quorum := []notary{}, append(vkeys(w.p["witnesses"], 4), w.l.witnesses...), w.p["quorum"]
	none := true
	for _, k := range w.l.keys {
		if none = none && k["role"] != "log"; k["role"] == "log" && k["log"] == w.l.fields["on"] && (k["state"] == "active" || k["state"] == "retired") {
			public := "\x01" + unhex(k["public"])
			logs = append(logs, notary{k["log"], sha(k["log"] + "\n" + public)[:4], public[1:], 1})
		}
	}
	if none {
		logs = []notary{vkey(w.p["log"], 1)}
	}
	if w.listed {
		quorum, w.now = w.l.fields["quorum"], later(now, instant(w.l.fields["issued"]))
	}
	w.logged = try("bad", func() {
		w.h = checkpoint(w.read("/checkpoint"), logs, witnesses)
	}) == "good"
	w.witnessed = w.h.witnesses >= int(integer(quorum))
	w.known = tiles(dir, w.h.size)
	return w
}

// judge says what a token is, and whether the file is the one its entry names.
func (w *world) judge(raw, file string) (verdict string, own bool) {
	var t, k, s fields
	if try("bad", func() { t = token(raw, w.p["issuer"]) }) != "good" {
		return "MALFORMED", false
	}
	idx := integer(t["idx"])
	for _, l := range w.l.keys {
		if l["kid"] == t["kid"] && k == nil && signed(unhex(l["public"]), t["signed"], t["sig"]) {
			k = l
		}
	}
	n := fmt.Sprint(idx >> 15)
	try("bad", func() { s = status(w.read("/s/"+n), w.p["site"], n, w.l.keys) })
	value, now := "", later(w.now, int64(w.h.newest))
	if s != nil {
		value, now = s["values"][idx%32768^1:][:1], later(now, integer(s["iat"]))
	}
	day := func(at int64) int64 { return (at + integer(w.p["utc"])*60) / 86400 }
	old, size := false, w.h.size
	log := try("missing", func() {
		need(w.logged && k != nil, "")
		need(mth(0, size, w.known) == w.h.root, "rewritten")
		for _, g := range w.l.logs {
			need(number(g["size"]) <= size && mth(0, number(g["size"]), w.known) == unhex(g["root"]), "rewritten")
			need(g["origin"] != k["log"] || uint64(idx) < number(g["size"]), "other")
		}
		if s != nil {
			old = number(s["size"]) > size
			need(old || mth(0, number(s["size"]), w.known) == unhex(s["root"]), "rewritten")
		}
		need(uint64(idx) < size, "pending")
		entry := "\x01" + t["c_token"] + sha("hufu/1/pdf\x00"+raw+sha(file))
		if own = file != "" && w.known(uint64(idx), 1) == sha("\x00"+entry); !own {
			entry = piece(w.dir, "entries", uint64(idx/256), size, 67)[idx%256*67:][:67]
			need(entry[:2] == "\x00\x41", "missing")
			need(w.known(uint64(idx), 1) == sha("\x00"+entry[2:]), "rewritten")
			need(entry[2:35] == "\x01"+t["c_token"], "other")
			need(file == "", "altered")
		}
	})
	fresh := w.listed && now < instant(w.l.fields["expires"])
	issued := integer(t["issued"])
	allowed := k != nil && k["role"] == "issuing" && k["state"] != "planned" && idx >= integer(k["first"]) && issued >= day(instant(k["since"])) &&
		(k["until"] == "null" || issued <= day(instant(k["until"]))) && regexp.MustCompile(`\b`+t["type"]+`\b`).MatchString(k["types"])
	stolen := k["state"] == "compromised"
	stale := s != nil && (now >= integer(s["exp"]) || old || integer(w.l.fields["version"]) < integer(s["version"]) ||
		w.l.fields["version"] == s["version"] && w.l.fields["hash"] != unhex(s["list"]))
	for _, row := range []struct {
		when bool
		is   string
	}{
		{k == nil && !fresh, "UNKNOWN-KEY"},
		{k == nil, "FORGED"},
		{!allowed, "KEY-NOT-ALLOWED"},
		{stolen && idx >= integer(k["from"]), "KEY-COMPROMISED"},
		{log == "rewritten", "INCONSISTENT-LOG"},
		{value == "1", "REVOKED"},
		{value == "3", "SUPERSEDED"},
		{value == "2", "SUSPENDED"},
		{value == "c", "ENDED"},
		{log == "other", "NOT-IN-MANIFEST"},
		{log == "altered", "ALTERED"},
		{t["expires"] != "0" && day(now) > integer(t["expires"]), "EXPIRED"},
		{issued > day(now)+1, "NOT-YET-VALID"},
		{stale || !fresh, "STALE"},
		{log == "pending", "PENDING"},
		{s == nil || log != "good" || !w.witnessed || stolen && w.h.witnesses == 0, "UNDECIDED"},
		{true, "VALID"},
	} {
		if row.when {
			return row.is, own
		}
	}
	return
}
func link(s string) string {
	return match(s, `\s*(?:https?://.*/#)?(?P<digits>[0-9]+)(?:[&?].*)?\s*`, "none")["digits"]
}
func (w *world) target(name string) string {
	b, err := os.ReadFile(name)
	tokens := []string{}
	if err == nil && bytes.HasPrefix(b, []byte("%PDF-")) {
		for _, m := range regexp.MustCompile(`<hufu:token>([0-9]+)</hufu:token>`).FindAllSubmatch(b, -1) {
			tokens = append(tokens, string(m[1]))
		}
	} else {
		try("none", func() { tokens, b = append(tokens, link(name)), nil })
	}
	answers, last := map[string]bool{}, "UNDECIDED"
	for _, t := range tokens {
		own := false
		if !answers[t] {
			answers[t], last = true, "MALFORMED"
			try("bad", func() { last, own = w.judge(digits(t), string(b)) })
		}
		if own {
			return last
		}
	}
	return pick(len(answers) > 1, "MALFORMED", last)
}

func sidecar(s, leaf string, logs, witnesses []notary) {
	f := match(s, `c2sp\.org/tlog-proof@v1\n(?:extra <extra:E>\n)?index (?P<index>0|[1-9][0-9]{0,18})\n(?P<proof>(?:[A-Za-z0-9+/]{43}=\n)*)\n<rest:R>`, "")
	h, proof := checkpoint(f["rest"], logs, witnesses), ""
	for _, line := range strings.Fields(f["proof"]) {
		proof += unbase(line)
	}
	need(len(s) <= 1<<17 && len(unbase(f["extra"])) <= 1024, "")
	included(number(f["index"]), h.size, leaf, h.root, proof)
}

// vectors judges every case of the folder's files: what the page says must be what the case expects.
func vectors(dir string) (passed, failed int) {
	var root object
	str := func(c object, name string) string { s, _ := c[name].(string); return s }
	num := func(c object, name string) uint64 { return number(fmt.Sprint(c[name])) }
	hx := func(c object, name string) string { return unhex(str(c, name)) }
	each := func(file, name, form string, f func(c object)) {
		b, err := os.ReadFile(dir + "/" + file + ".json")
		need(err == nil, "no "+file)
		root = parse(string(b))
		for _, v := range root[name].([]any) {
			c := v.(object)
			want, got := "good", try(form, func() { f(c) })
			if e := str(c, "expect"); e != "" && e != "genuine" && e != "found" {
				want = e
			}
			if passed++; got != want {
				passed, failed = passed-1, failed+1
				fmt.Printf("%s, %s: %.200v: expected %s, is %s\n", file, name, c, want, got)
			}
		}
	}
	proof := func(c object) (out string) {
		for _, h := range c["proof"].([]any) {
			out += unhex(h.(string))
		}
		return
	}
	same := func(a, b any) { need(fmt.Sprint(a) == fmt.Sprint(b), fmt.Sprint("is ", a)) }
	each("token", "cases", "malformed", func(c object) {
		raw := hx(c, "hex")
		if _, is := c["digits"]; is {
			raw = digits(str(c, "digits"))
		}
		t := token(raw, str(root, "issuer"))
		need(signed(hx(root, "public"), t["signed"], t["sig"]), "forged")
		text := regexp.MustCompile(`"(h'[0-9a-f]*')"`).ReplaceAllString(canonical(c["payload"]), "$1")
		same(t["payload"], regexp.MustCompile(`"(\d)":`).ReplaceAllString(text, "$1:"))
	})
	each("token", "url_cases", "none", func(c object) {
		is := ""
		try("none", func() { is = link(str(c, "text")) })
		same(is, str(c, "digits"))
	})
	each("ids", "documents", "bad", func(c object) {
		raw, facts := hx(c, "token"), canonical(root["facts"])
		same(crockford(hx(c, "docid")), str(c, "text"))
		same(facts, str(root, "canonical"))
		same(sha("hufu/1/record\x00" + hx(c, "nonce") + facts)[:16], hx(c, "digest16"))
		same(sha("hufu/1/token\x00"+raw), hx(c, "c_token"))
		same(sha("hufu/1/pdf\x00"+raw+hx(c, "file_sha256")), hx(c, "c_pdf"))
	})
	each("lookup", "paths", "bad", func(c object) {
		h := sha("hufu/1/lookup\x00" + hx(c, "docid"))
		same("/d/"+fmt.Sprintf("%064b", binary.BigEndian.Uint64([]byte(h[:8])))[:num(c, "bits")], str(c, "path"))
		same(h[4:12], hx(c, "tag"))
	})
	each("lookup", "info", "<nil>", func(c object) {
		is := "<nil>"
		try("", func() {
			is = match(str(c, "text"), `\{"bits":(?P<bits>[1-9]|1[0-9]|2[0-8]),"schema":"hufu.lookup/1"\}`, "")["bits"]
		})
		same(is, c["bits"])
	})
	each("status", "cases", "STATUS-FORM", func(c object) {
		keys := []fields{}
		for _, v := range root["keys"].([]any) {
			k, at := v.(object), func(v any) string {
				return pick(v == nil, "null", time.Unix(int64(number(fmt.Sprint(v))), 0).UTC().Format(time.RFC3339))
			}
			keys = append(keys, fields{"role": str(k, "role"), "state": str(k, "state"), "public": str(k, "public"), "since": at(k["not_before"]),
				"until": at(k["not_after"]), "kid": fmt.Sprintf("%x", sha(hx(k, "public"))[:4])})
		}
		s := status(hx(c, "hex"), str(root, "site"), fmt.Sprint(c["shard"]), keys)
		for _, v := range c["values"].([]any) {
			i, value := v.([]any)[0], v.([]any)[1]
			same(s["values"][number(fmt.Sprint(i))^1:][:1], fmt.Sprintf("%x", number(fmt.Sprint(value))))
		}
		b := root["bound"].([]any)
		need(str(c, "name") == "empty tree" || fmt.Sprint(b...) == fmt.Sprint(b[0], s["root"], b[2], s["list"]), "bound")
	})
	each("keys", "cases", "bad", func(c object) {
		p := policy(str(root, "policy"))
		same(crockford(sha(p["text"])[:20]), str(root, "fingerprint"))
		need(try("bad", func() { readKeys(str(c, "note"), p) }) == "good", "bad")
	})
	each("keylist", "lists", "bad", func(c object) {
		p := policy(str(root, "policy"))
		follows(readKeys(str(c, "old"), p), readKeys(str(c, "new"), p))
	})
	each("keylist", "policies", "POLICY-FORM", func(c object) { nextPolicy(policy(str(root, "policy")), str(c, "note")) })
	each("log", "entries", "bad", func(c object) { same(sha("\x00"+hx(c, "entry")), hx(c, "leaf")) })
	entry := func(i uint64) string { a := sha(fmt.Sprint("log test ", i)); return "\x01" + a + sha(a) }
	leaf := func(lo, n uint64) string { return pick(n == 1, sha("\x00"+entry(lo)), "") }
	each("log", "trees", "bad", func(c object) { same(mth(0, num(c, "size"), leaf), hx(c, "root")) })
	files := map[string]string{}
	for n := uint64(0); n < 3; n++ {
		w := pick(n == 2, uint64(88), 256)
		tile, bundle := "", ""
		for i := 256 * n; i < 256*n+w; i++ {
			tile, bundle = tile+leaf(i, 1), bundle+"\x00\x41"+entry(i)
		}
		files[path("0", n, w)], files[path("entries", n, w)] = tile, bundle
	}
	files[path("1", 0, 2)] = mth(0, 256, leaf) + mth(256, 256, leaf)
	each("log", "files", "bad", func(c object) { same(sha(files[str(c, "path")]), hx(c, "sha256")) })
	each("log", "inclusion", "bad", func(c object) { included(num(c, "index"), num(c, "size"), hx(c, "leaf"), hx(c, "root"), proof(c)) })
	each("log", "consistency", "bad", func(c object) {
		consistent(num(c, "old_size"), num(c, "size"), hx(c, "old_root"), hx(c, "root"), proof(c))
	})
	known := func() ([]notary, []notary) {
		return vkeys(canonical(root["log"]), 1), vkeys(canonical(root["witnesses"]), 4)
	}
	each("log", "checkpoints", "bad", func(c object) {
		logs, witnesses := known()
		h := head{}
		need(try("bad", func() { h = checkpoint(str(c, "text"), logs, witnesses) }) == "good", "bad")
		same(h, head{num(c, "size"), num(c, "newest"), hx(c, "root"), int(num(c, "witnesses"))})
	})
	each("log", "sidecars", "bad", func(c object) {
		logs, witnesses := known()
		need(try("bad", func() { sidecar(str(c, "text"), hx(c, "leaf"), logs, witnesses) }) == "good", "bad")
	})
	return
}

func main() {
	verify := flag.NewFlagSet("verify", flag.ExitOnError)
	policyFile, site, now := verify.String("policy", "", ""), verify.String("site", "", ""), verify.Int64("now", time.Now().Unix(), "")
	switch {
	case len(os.Args) == 3 && os.Args[1] == "vectors":
		passed, failed := vectors(os.Args[2])
		fmt.Printf("%d passed, %d failed\n", passed, failed)
		os.Exit(pick(failed == 0, 0, 1))
	case len(os.Args) > 3 && os.Args[1] == "verify":
		verify.Parse(os.Args[2:])
		var w *world
		if code := try("policy", func() { w = open(*policyFile, *site, *now) }); code != "good" {
			fmt.Fprintln(os.Stderr, "second:", *policyFile, code)
			os.Exit(2)
		}
		exit := map[string]int{"VALID": 0, "UNKNOWN-KEY": 3, "STALE": 3, "PENDING": 3, "UNDECIDED": 3}
		worst := 0
		for _, t := range verify.Args() {
			verdict := w.target(t)
			fmt.Println(verdict, t)
			status, open := exit[verdict]
			worst = pick(worst == 1 || !open, 1, pick(status > worst, status, worst))
		}
		os.Exit(worst)
	}
	fmt.Fprintln(os.Stderr, "usage: second vectors FOLDER | second verify --policy FILE --site FOLDER [--now UNIX] TARGET...")
	os.Exit(2)
}
