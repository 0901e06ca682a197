// SPDX-License-Identifier: Apache-2.0

// Judge forks by golang.org/x/mod/sumdb/{note,tlog}.
//
//	fork DIR    the folder tests/proof/fork_main.c writes: both checkpoints of each pair are the log's, the larger tree
//	            is proven to have begun with another root than the smaller checkpoint says; spoiled ones prove nothing
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tree struct {
	size int64
	root tlog.Hash
}

var passed, failed int

func check(ok bool, format string, args ...any) {
	word := "ok"
	if ok {
		passed++
	} else {
		failed++
		word = "not ok"
	}
	fmt.Printf("%s - %s\n", word, fmt.Sprintf(format, args...))
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fork:", err)
		os.Exit(3)
	}
	return v
}

func hash(text string) (h tlog.Hash, err error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err == nil && copy(h[:], b) != len(h) {
		err = fmt.Errorf("a hash of %d bytes", len(b))
	}
	return h, err
}

// open is the tree of a signed checkpoint: origin, size, root.
func open(path string, keys note.Verifiers) (tree, error) {
	n, err := note.Open(must(os.ReadFile(path)), keys)
	if err != nil {
		return tree{}, err
	}
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tree{}, err
	}
	root, err := hash(lines[2])
	return tree{size, root}, err
}

// began reads a .fork-proof and says whether it proves that the larger tree began with the root in it.
func began(text string, a, b tree) (tlog.Hash, bool) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 4 || lines[0] != "hufu/1/fork" || lines[1] != strconv.FormatInt(a.size, 10) ||
		lines[2] != strconv.FormatInt(b.size, 10) {
		return tlog.Hash{}, false
	}
	root := must(hash(lines[3]))
	var proof tlog.TreeProof
	for _, line := range lines[4:] {
		proof = append(proof, must(hash(line)))
	}
	return root, tlog.CheckTree(proof, b.size, b.root, a.size, root) == nil
}

func judge(stem string, keys note.Verifiers) {
	name := filepath.Base(stem)
	a, err := open(stem+".fork-a", keys)
	check(err == nil, "%s: the first is signed: %v", name, err)
	b, err := open(stem+".fork-b", keys)
	check(err == nil, "%s: the second is signed: %v", name, err)
	text := string(must(os.ReadFile(stem + ".fork-proof")))
	root, proven := began(text, a, b)
	check(proven, "%s: the larger began as the proof says", name)
	check(root != a.root, "%s: and that is not the smaller", name)
	flipped := []byte(text)
	at := strings.Index(text, "\n") + 1
	at += strings.Index(text[at:], "\n") + 1
	at += strings.Index(text[at:], "\n") + 1
	if flipped[at] == 'A' {
		flipped[at] = 'B'
	} else {
		flipped[at] = 'A'
	}
	_, proven = began(string(flipped), a, b)
	check(!proven, "%s: with another root it proves nothing", name)
}

func main() {
	dir := os.Args[1]
	key := must(note.NewVerifier(strings.TrimSpace(string(must(os.ReadFile(filepath.Join(dir, "log.vkey")))))))
	for _, path := range must(filepath.Glob(filepath.Join(dir, "*.fork-a"))) {
		judge(strings.TrimSuffix(path, ".fork-a"), note.VerifierList(key))
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
