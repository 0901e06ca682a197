/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/witness.h"

#include "base/enc.h"
#include "proof/tile.h"

static const char HEAD[] = "hufu/1/fork";

bool witness_read(struct arena *a, struct str note, const struct note_key *keys, size_t count,
		  struct checkpoint *out, struct err *e)
{
	struct checkpoint_witnesses who;

	err_input(e, "CHECKPOINT-SIGNATURE", "no key signs for the log");
	for (size_t i = 0; i < count; i++)
		if (checkpoint_read(a, note, &keys[i], NULL, 0, out, &who, e))
			return true;
	return false;
}

static bool root_eq(const unsigned char a[SHA256_SIZE], const unsigned char b[SHA256_SIZE])
{
	return memcmp(a, b, SHA256_SIZE) == 0;
}

static bool bad_tiles(const struct checkpoint *tree, struct err *e)
{
	return err_input(e, "WITNESS-TILES",
			 "the tiles of the site are not those of its tree of %ju entries",
			 (uintmax_t)tree->size);
}

/* How `larger` was at the size of `smaller`; whatever the tiles are, what is proven is proven by the signed root. */
static bool beginning(const struct merkle_source *from, uint64_t smaller,
		      const struct checkpoint *larger, struct witness_fork *out, struct err *e)
{
	struct witness_fork f = { .smaller = smaller, .larger = larger->size };

	if (!merkle_root(from, smaller, f.root, e) ||
	    !merkle_consistency(from, smaller, larger->size, &f.proof, e))
		return false;
	if (!merkle_consistent(smaller, f.root, larger->size, larger->root, &f.proof))
		return bad_tiles(larger, e);
	*out = f;
	return true;
}

/* With the tiles of the larger tree, which is `next` unless it is late. */
static bool judge_by(const struct merkle_source *from, const struct checkpoint *last,
		     const struct checkpoint *next, enum witness_word *out,
		     struct witness_fork *fork, struct err *e)
{
	struct witness_fork f;

	if (last == NULL) {
		unsigned char root[SHA256_SIZE];

		*out = WITNESS_FIRST;
		return merkle_root(from, next->size, root, e) &&
		       (root_eq(root, next->root) || bad_tiles(next, e));
	}
	if (next->size >= last->size) {
		if (!beginning(from, last->size, next, &f, e))
			return false;
		*out = root_eq(f.root, last->root) ? WITNESS_GROWN : WITNESS_FORK;
	} else {
		*out = WITNESS_LATE; /* a site that shows an old tree may have the tiles of no other */
		if (!beginning(from, next->size, last, &f, e))
			return true;
		if (!root_eq(f.root, next->root))
			*out = WITNESS_FORK;
	}
	if (*out == WITNESS_FORK)
		*fork = f;
	return true;
}

bool witness_judge(const struct site *site, const struct checkpoint *last,
		   const struct checkpoint *next, enum witness_word *out, struct witness_fork *fork,
		   struct err *e)
{
	struct tile_reader *reader;
	struct merkle_source from;
	bool ok;

	if (last != NULL && last->size == next->size) {
		*out = root_eq(last->root, next->root) ? WITNESS_SAME : WITNESS_FORK;
		if (*out == WITNESS_FORK) {
			*fork = (struct witness_fork){ .smaller = next->size,
						       .larger = next->size };
			memcpy(fork->root, next->root, SHA256_SIZE);
		}
		return true;
	}
	reader = tile_reader_new(
		site, last != NULL && last->size > next->size ? last->size : next->size, e);
	if (reader == NULL)
		return false;
	from = tile_reader_source(reader);
	ok = judge_by(&from, last, next, out, fork, e);
	tile_reader_free(reader);
	return ok;
}

enum witness_finding witness_compare(const struct checkpoint *one, const struct checkpoint *other,
				     const struct witness_fork *fork)
{
	const struct checkpoint *small = one->size < other->size ? one : other;
	const struct checkpoint *large = small == one ? other : one;

	if (small->size == large->size)
		return root_eq(small->root, large->root) ? WITNESS_ONE_LOG : WITNESS_TWO_LOGS;
	if (small->size == 0)
		return WITNESS_ONE_LOG; /* every tree began as the empty one */
	if (fork == NULL || fork->smaller != small->size || fork->larger != large->size ||
	    !merkle_consistent(small->size, fork->root, large->size, large->root, &fork->proof))
		return WITNESS_UNPROVEN;
	return root_eq(fork->root, small->root) ? WITNESS_ONE_LOG : WITNESS_TWO_LOGS;
}

bool witness_fork_write(struct buf *out, const struct witness_fork *fork, struct err *e)
{
	buf_c(out, HEAD);
	buf_byte(out, '\n');
	buf_uint(out, fork->smaller);
	buf_byte(out, '\n');
	buf_uint(out, fork->larger);
	buf_byte(out, '\n');
	enc_base64(out, fork->root, SHA256_SIZE);
	buf_byte(out, '\n');
	for (size_t i = 0; i < fork->proof.count; i++) {
		enc_base64(out, fork->proof.hashes[i], SHA256_SIZE);
		buf_byte(out, '\n');
	}
	return buf_ok(out, "the proof of a fork", e);
}

static bool bad_form(const char *why, struct err *e)
{
	return err_input(e, "WITNESS-FORM", "proof of a fork: %s", why);
}

static bool read_hash(struct str line, unsigned char out[SHA256_SIZE])
{
	size_t n;

	return enc_unbase64(line, out, SHA256_SIZE, &n) && n == SHA256_SIZE;
}

bool witness_fork_read(struct str bytes, struct witness_fork *out, struct err *e)
{
	struct witness_fork f = { 0 };
	struct str rest = bytes, line;
	unsigned long long size;

	if (bytes.n > WITNESS_FORK_BYTES || bytes.n == 0 || bytes.p[bytes.n - 1] != '\n')
		return bad_form("not lines of text", e);
	if (!str_split(&rest, '\n', &line) || !str_eq(line, str_of(HEAD)))
		return bad_form("does not begin with hufu/1/fork", e);
	if (!str_split(&rest, '\n', &line) || !str_u64(line, MERKLE_SIZE_MAX, &size))
		return bad_form("no smaller size", e);
	f.smaller = size;
	if (!str_split(&rest, '\n', &line) || !str_u64(line, MERKLE_SIZE_MAX, &size) ||
	    size <= f.smaller)
		return bad_form("no larger size", e);
	f.larger = size;
	if (!str_split(&rest, '\n', &line) || !read_hash(line, f.root))
		return bad_form("the root is not base64 of 32 bytes", e);
	while (rest.n > 0 && str_split(&rest, '\n', &line))
		if (f.proof.count == MERKLE_PROOF_MAX ||
		    !read_hash(line, f.proof.hashes[f.proof.count++]))
			return bad_form("not at most 64 lines of base64 of 32 bytes", e);
	*out = f;
	return true;
}
