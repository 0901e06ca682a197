// SPDX-License-Identifier: Apache-2.0
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// largest keeps the site made here small; the sizes up to it are those of the other direction.
const largest = 65537

func write(dir, path string, data []byte) {
	name := filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		must(0, err)
	}
	must(0, os.WriteFile(name, data, 0o644))
}

type witness struct {
	name string
	key  ed25519.PrivateKey
}

func (w *witness) line(body string, time uint64) string {
	sig := make([]byte, 12, 12+ed25519.SignatureSize)
	binary.BigEndian.PutUint32(sig, cosignerHash(w.name, w.key.Public().(ed25519.PublicKey)))
	binary.BigEndian.PutUint64(sig[4:], time)
	sig = append(sig, ed25519.Sign(w.key, cosigned([]byte(body), time))...)
	return "\u2014 " + w.name + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
}

func (w *witness) vkey() string {
	public := w.key.Public().(ed25519.PublicKey)
	return fmt.Sprintf("%s+%08x+%s\n", w.name, cosignerHash(w.name, public),
		base64.StdEncoding.EncodeToString(append([]byte{4}, public...)))
}

func makeSite(dir string) {
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	signer := must(note.NewSigner(must(skey, err)))
	write(dir, "log.vkey", []byte(vkey+"\n"))
	var witnesses []*witness
	for i, name := range []string{"witness.example.com/a", "witness.example.com/b"} {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		w := &witness{name, must(key, err)}
		write(dir, fmt.Sprintf("witness-%d.vkey", i+1), []byte(w.vkey()))
		witnesses = append(witnesses, w)
	}
	m := &memory{}
	old := int64(0)
	for _, size := range sizes {
		if size > largest {
			break
		}
		m.grow(size)
		makeSize(dir, m, old, size, signer, witnesses)
		old = size
	}
}

func makeSize(dir string, m *memory, old, size int64, signer note.Signer, witnesses []*witness) {
	for _, t := range tlog.NewTiles(height, old, size) {
		write(dir, sitePath(t), must(tlog.ReadTileData(t, m)))
		if t.L == 0 {
			var bundle []byte
			for i := int64(0); i < int64(t.W); i++ {
				bundle = append(append(bundle, 0, entrySize), entry(t.N*256+i)...)
			}
			t.L = -1
			write(dir, sitePath(t), bundle)
		}
	}
	root := must(tlog.TreeHash(size, m))
	body := fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
	text := string(must(note.Sign(&note.Note{Text: body}, signer)))
	for i, w := range witnesses {
		text += w.line(body, uint64(1795140000+i))
	}
	write(dir, fmt.Sprintf("checkpoint.%d", size), []byte(text))
	for _, index := range []int64{0, size / 3, size / 2, size - 1} {
		proof := must(tlog.ProveRecord(size, index, m))
		write(dir, fmt.Sprintf("proof.%d.%d", size, index),
			[]byte(fmt.Sprintf("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n%s\n%s",
				base64.StdEncoding.EncodeToString(entry(index)[33:]), index, lines(proof), text)))
	}
	for _, n := range sizes {
		if n < size {
			write(dir, fmt.Sprintf("consistency.%d.%d", n, size), []byte(lines(must(tlog.ProveTree(size, n, m)))))
		}
	}
}

func lines(hashes []tlog.Hash) string {
	var b strings.Builder
	for _, h := range hashes {
		b.WriteString(h.String() + "\n")
	}
	return b.String()
}
