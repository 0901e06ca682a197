// SPDX-License-Identifier: Apache-2.0

// Judge a log by golang.org/x/mod/sumdb/{note,tlog}.
//
//	tlog judge DIR    read the site tests/proof/log_main.c builds, prove everything anew, refuse every spoiled copy
//	tlog make DIR     write such a site from these packages alone, for the reader under test
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin    = "verify.example.org/log"
	height    = 8
	entrySize = 65
)

var sizes = []int64{1, 2, 255, 256, 257, 65536, 65537, 400000}

var passed, failed int

func check(ok bool, format string, args ...any) bool {
	word := "ok"
	if ok {
		passed++
	} else {
		failed++
		word = "not ok"
	}
	fmt.Printf("%s - %s\n", word, fmt.Sprintf(format, args...))
	return ok
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "tlog:", err)
		os.Exit(3)
	}
	return v
}

// entry is the i-th of the log: 01, SHA-256 of "log test i", SHA-256 of that.
func entry(i int64) []byte {
	a := sha256.Sum256([]byte("log test " + strconv.FormatInt(i, 10)))
	b := sha256.Sum256(a[:])
	return append(append([]byte{1}, a[:]...), b[:]...)
}

// sitePath is the name C2SP tlog-tiles gives what sumdb calls tile/8/…
func sitePath(t tlog.Tile) string {
	path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

// site reads tiles; when spoil is set, one bit of the tile of that path is flipped, or it is cut.
type site struct {
	dir   string
	spoil string
	cut   bool
	bit   int
	hit   bool
	read  []string
}

func (s *site) Height() int                         { return height }
func (s *site) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (s *site) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		path := sitePath(t)
		data, err := os.ReadFile(filepath.Join(s.dir, path))
		if err != nil {
			return nil, err
		}
		s.read = append(s.read, path)
		if path == s.spoil {
			s.hit = true
			if s.cut {
				data = data[:len(data)-1]
			} else {
				data[s.bit/8%len(data)] ^= 1 << (s.bit % 8)
			}
		}
		out = append(out, data)
	}
	return out, nil
}

// cosigner is cosignature/v1 (C2SP tlog-cosignature) as a note.Verifier.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(c.key, cosigned(msg, binary.BigEndian.Uint64(sig)), sig[8:])
}

func cosigned(msg []byte, time uint64) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), msg...)
}

func cosignerHash(name string, key ed25519.PublicKey) uint32 {
	h := sha256.Sum256(append([]byte(name+"\n\x04"), key...))
	return binary.BigEndian.Uint32(h[:])
}

func newCosigner(vkey string) (*cosigner, error) {
	part := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	if len(part) != 3 {
		return nil, errors.New("no vkey")
	}
	raw, err := base64.StdEncoding.DecodeString(part[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		return nil, errors.New("no vkey of type 4")
	}
	c := &cosigner{part[0], cosignerHash(part[0], raw[1:]), raw[1:]}
	if fmt.Sprintf("%08x", c.hash) != part[1] {
		return nil, errors.New("the hash is not the key's")
	}
	return c, nil
}

type log struct {
	dir       string
	verifiers note.Verifiers
	hashes    map[int64]tlog.Hash // the root at each size, of entries made here
}

func (l *log) file(format string, args ...any) []byte {
	return must(os.ReadFile(filepath.Join(l.dir, fmt.Sprintf(format, args...))))
}

// open reads a checkpoint as note.Open sees it: all three known keys must have signed.
func (l *log) open(text []byte) (tlog.Tree, error) {
	n, err := note.Open(text, l.verifiers)
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(n.Sigs) != 3 || len(n.UnverifiedSigs) != 0 {
		return tlog.Tree{}, fmt.Errorf("%d signatures verify", len(n.Sigs))
	}
	line := strings.Split(n.Text, "\n")
	if len(line) != 4 || line[0] != origin || line[3] != "" {
		return tlog.Tree{}, errors.New("not three lines")
	}
	size, err := strconv.ParseInt(line[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != line[1] {
		return tlog.Tree{}, errors.New("no size")
	}
	hash, err := tlog.ParseHash(line[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

func parseHashes(text string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" {
			continue
		}
		h, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// parseProof takes a C2SP tlog-proof apart.
func parseProof(text []byte) (extra []byte, index int64, proof tlog.RecordProof, checkpoint []byte, err error) {
	head, rest, ok := bytes.Cut(text, []byte("\n\n"))
	line := strings.Split(string(head), "\n")
	if !ok || len(line) < 3 || line[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(line[1], "extra ") ||
		!strings.HasPrefix(line[2], "index ") {
		return nil, 0, nil, nil, errors.New("no tlog-proof")
	}
	if extra, err = base64.StdEncoding.DecodeString(line[1][6:]); err != nil {
		return
	}
	if index, err = strconv.ParseInt(line[2][6:], 10, 64); err != nil {
		return
	}
	hashes, err := parseHashes(strings.Join(line[3:], "\n"))
	return extra, index, hashes, rest, err
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// siteEntry is entry i as the bundle has it in a tree of this size.
func (l *log) siteEntry(size, i int64) ([]byte, error) {
	t := tlog.Tile{H: height, L: -1, N: i / 256, W: int(min64(256, size-i/256*256))}
	data, err := os.ReadFile(filepath.Join(l.dir, sitePath(t)))
	if err != nil || len(data) != t.W*(2+entrySize) {
		return nil, fmt.Errorf("bundle of %d bytes: %v", len(data), err)
	}
	at := data[i%256*(2+entrySize):]
	if binary.BigEndian.Uint16(at) != entrySize {
		return nil, errors.New("an entry of another length")
	}
	return at[2 : 2+entrySize], nil
}

func min64(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

// roots computes every size's root from the entries alone.
func roots() map[int64]tlog.Hash {
	m := memory{}
	out := map[int64]tlog.Hash{}
	for _, size := range sizes {
		m.grow(size)
		out[size] = must(tlog.TreeHash(size, &m))
	}
	return out
}

// memory is a log in memory.
type memory struct {
	n      int64
	stored []tlog.Hash
}

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, m.stored[i])
	}
	return out, nil
}

func (m *memory) grow(size int64) {
	for ; m.n < size; m.n++ {
		m.stored = append(m.stored, must(tlog.StoredHashes(m.n, entry(m.n), m))...)
	}
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "judge":
		judge(os.Args[2])
	case len(os.Args) == 3 && os.Args[1] == "make":
		makeSite(os.Args[2])
		return
	default:
		fmt.Fprintln(os.Stderr, "tlog judge|make DIR")
		os.Exit(2)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
