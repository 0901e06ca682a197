// SPDX-License-Identifier: Apache-2.0
package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func judge(dir string) {
	l := &log{dir: dir, hashes: roots()}
	key := must(note.NewVerifier(strings.TrimSpace(string(l.file("log.vkey")))))
	w1 := must(newCosigner(string(l.file("witness-1.vkey"))))
	w2 := must(newCosigner(string(l.file("witness-2.vkey"))))
	l.verifiers = note.VerifierList(key, w1, w2)
	for _, size := range sizes {
		l.size(size)
	}
}

// size judges the log as it stood at this size.
func (l *log) size(size int64) {
	text := l.file("checkpoint.%d", size)
	tree, err := l.open(text)
	check(err == nil && tree.N == size && tree.Hash == l.hashes[size],
		"size %d: checkpoint and two cosignatures: %v", size, err)
	s := &site{dir: l.dir}
	reader := tlog.TileHashReader(tree, s)
	root, err := tlog.TreeHash(size, reader)
	check(err == nil && root == tree.Hash, "size %d: the tiles have that root: %v", size, err)
	l.spoilCheckpoint(size, text)
	l.inclusions(tree, reader)
	l.consistencies(tree, reader)
	l.spoilTiles(tree)
}

// spoilCheckpoint flips bits and changes words: note.Open must refuse, or miss a signature.
func (l *log) spoilCheckpoint(size int64, text []byte) {
	good := 0
	for bit := 0; bit < 8*len(text); bit++ {
		bad := append([]byte(nil), text...)
		bad[bit/8] ^= 1 << (bit % 8)
		if _, err := l.open(bad); err == nil && !bytes.Equal(canonical(bad), text) {
			good++
		}
	}
	check(good == 0, "size %d: a checkpoint with any bit flipped is refused", size)
	n := strconv.FormatInt(size, 10)
	other := l.file("checkpoint.%d", sizes[0])
	if size == sizes[0] {
		other = l.file("checkpoint.%d", sizes[1])
	}
	body, signatures, _ := bytes.Cut(text, []byte("\n\n"))
	otherBody, _, _ := bytes.Cut(other, []byte("\n\n"))
	for name, bad := range map[string][]byte{
		"larger size":         bytes.Replace(text, []byte("\n"+n+"\n"), []byte("\n"+n+"0\n"), 1),
		"another log":         bytes.Replace(text, []byte(origin), []byte("verify.example.org/lag"), 1),
		"another tree's body": append(append(append([]byte(nil), otherBody...), "\n\n"...), signatures...),
		"one line less":       text[:bytes.LastIndex(text[:len(text)-1], []byte("\n"))+1],
		"no signature":        append(append([]byte(nil), body...), '\n'),
		"an extension line":   bytes.Replace(text, []byte("\n\n"), []byte("\nmore\n\n"), 1),
		"a size with a zero":  bytes.Replace(text, []byte("\n"+n+"\n"), []byte("\n0"+n+"\n"), 1),
	} {
		_, err := l.open(bad)
		check(err != nil, "size %d: refused: %s", size, name)
	}
}

// canonical writes the signatures' base64 anew: the note package does not mind bits behind the end of the last byte.
func canonical(text []byte) []byte {
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		word := strings.Split(line, " ")
		if len(word) == 3 {
			if raw, err := base64.StdEncoding.DecodeString(word[2]); err == nil {
				lines[i] = word[0] + " " + word[1] + " " + base64.StdEncoding.EncodeToString(raw)
			}
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func (l *log) inclusions(tree tlog.Tree, reader tlog.HashReader) {
	files := must(filepath.Glob(filepath.Join(l.dir, "proof."+strconv.FormatInt(tree.N, 10)+".*")))
	check(len(files) > 0, "size %d: %d proofs", tree.N, len(files))
	for _, file := range files {
		l.inclusion(tree, reader, must(os.ReadFile(file)), filepath.Base(file))
	}
}

func (l *log) inclusion(tree tlog.Tree, reader tlog.HashReader, text []byte, name string) {
	extra, index, proof, checkpoint, err := parseProof(text)
	if !check(err == nil, "%s: reads: %v", name, err) {
		return
	}
	inner, err := l.open(checkpoint)
	check(err == nil && inner == tree, "%s: its checkpoint: %v", name, err)
	e, err := l.siteEntry(tree.N, index)
	check(err == nil && bytes.Equal(e, entry(index)) && bytes.Equal(extra, e[33:]), "%s: its entry: %v", name, err)
	leaf := tlog.RecordHash(e)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf) == nil, "%s: includes it", name)
	want, err := tlog.ProveRecord(tree.N, index, reader)
	check(err == nil && same(want, proof), "%s: is the one proof there is: %v", name, err)
	refused := func(p tlog.RecordProof, t tlog.Tree, i int64, h tlog.Hash) bool {
		return tlog.CheckRecord(p, t.N, t.Hash, i, h) != nil
	}
	bad := true
	for bit := 0; bit < 8*entrySize; bit++ {
		other := append([]byte(nil), e...)
		other[bit/8] ^= 1 << (bit % 8)
		bad = bad && refused(proof, tree, index, tlog.RecordHash(other))
	}
	check(bad, "%s: refused for an entry with any bit flipped", name)
	bad = true
	for bit := 0; bit < 256*len(proof); bit++ {
		other := append(tlog.RecordProof(nil), proof...)
		other[bit/256][bit/8%32] ^= 1 << (bit % 8)
		bad = bad && refused(other, tree, index, leaf)
	}
	for i := range proof {
		bad = bad && refused(proof[:i], tree, index, leaf)
	}
	bad = bad && refused(append(append(tlog.RecordProof(nil), proof...), leaf), tree, index, leaf)
	check(bad, "%s: refused with any bit flipped, cut or longer", name)
	bad = true
	for i := int64(0); i < 300 && i < tree.N; i++ {
		bad = bad && (i == index || refused(proof, tree, i, leaf))
	}
	other := tree
	other.Hash[0] ^= 1
	check(bad && refused(proof, other, index, leaf), "%s: refused for another place or root", name)
}

func (l *log) consistencies(tree tlog.Tree, reader tlog.HashReader) {
	for _, old := range sizes {
		if old >= tree.N {
			return
		}
		proof := tlog.TreeProof(must(parseHashes(string(l.file("consistency.%d.%d", old, tree.N)))))
		h := l.hashes[old]
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old, h) == nil, "%d grew from %d", tree.N, old)
		want, err := tlog.ProveTree(tree.N, old, reader)
		check(err == nil && same(want, proof), "%d from %d: the one proof there is: %v", tree.N, old, err)
		l.spoilConsistency(tree, old, proof)
	}
}

func (l *log) spoilConsistency(tree tlog.Tree, old int64, proof tlog.TreeProof) {
	h := l.hashes[old]
	refused := func(p tlog.TreeProof, th tlog.Hash, n int64, h tlog.Hash) bool {
		return tlog.CheckTree(p, tree.N, th, n, h) != nil
	}
	bad := true
	for bit := 0; bit < 256*len(proof); bit++ {
		other := append(tlog.TreeProof(nil), proof...)
		other[bit/256][bit/8%32] ^= 1 << (bit % 8)
		bad = bad && refused(other, tree.Hash, old, h)
	}
	for i := range proof {
		bad = bad && refused(proof[:i], tree.Hash, old, h)
	}
	bad = bad && refused(append(append(tlog.TreeProof(nil), proof...), h), tree.Hash, old, h)
	for _, n := range sizes { // swapped: the proof of one old size for another
		bad = bad && (n == old || n >= tree.N || refused(proof, tree.Hash, n, l.hashes[n]))
	}
	wrong := h
	wrong[31] ^= 128
	bad = bad && refused(proof, tree.Hash, old, wrong)
	wrong = tree.Hash
	wrong[31] ^= 128
	check(bad && refused(proof, wrong, old, h), "%d from %d: refused when spoiled or swapped", tree.N, old)
}

// proves makes and checks the proof of record i over the site's tiles.  Some versions of tlog's reader
// take a full tile here and there on trust; a proof made of it must fail all the same.
func proves(tree tlog.Tree, s *site, i int64) bool {
	if i >= tree.N {
		return true
	}
	proof, err := tlog.ProveRecord(tree.N, i, tlog.TileHashReader(tree, s))
	return err == nil && tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(entry(i))) == nil
}

// spoilTiles proves one record over tiles of which one at a time is not as it was.  A record's own hash is no part of its
// proof, so its neighbours, one leaf and one tile away, are proved beside it.
func (l *log) spoilTiles(tree tlog.Tree) {
	index := tree.N / 3
	clean := &site{dir: l.dir}
	if !check(proves(tree, clean, index), "size %d: record %d is proved by the tiles", tree.N, index) {
		return
	}
	all := func(s *site) bool {
		ok := proves(tree, s, index) && proves(tree, s, index^1) && proves(tree, s, index^256)
		return ok || !s.hit
	}
	for _, path := range clean.read {
		good := 0
		for bit := 0; bit < 8*8192; bit += 1021 {
			if all(&site{dir: l.dir, spoil: path, bit: bit}) {
				good++
			}
		}
		if all(&site{dir: l.dir, spoil: path, cut: true}) {
			good++
		}
		check(good == 0, "size %d: a bit of %s flipped, or its end cut, is refused", tree.N, path)
	}
}
