/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/sidecar.h"

#include "base/enc.h"
#include "proof/checkpoint.h"

static const struct str MAGIC = { "c2sp.org/tlog-proof@v1", 22 };

static bool bad(const char *why, struct err *e)
{
	return err_input(e, "SIDECAR-FORM", "tlog-proof: %s", why);
}

static bool sidecar_check(const struct sidecar *s, struct err *e)
{
	if (s->has_extra && (s->extra.n < 1 || s->extra.n > SIDECAR_EXTRA_MAX))
		return bad("extra data is 1 to 1,024 bytes, or not there", e);
	if (s->index >= MERKLE_SIZE_MAX)
		return bad("the index is over 2^62", e);
	if (s->proof.count > MERKLE_PROOF_MAX)
		return bad("more than 64 hashes", e);
	return (s->checkpoint.n > 0 && s->checkpoint.n <= CHECKPOINT_BYTES_MAX) ||
	       bad("no checkpoint, or one that is too long", e);
}

bool sidecar_write(struct buf *out, const struct sidecar *s, struct err *e)
{
	if (!sidecar_check(s, e))
		return false;
	buf_str(out, MAGIC);
	if (s->has_extra) {
		buf_c(out, "\nextra ");
		enc_base64(out, s->extra.p, s->extra.n);
	}
	buf_c(out, "\nindex ");
	buf_uint(out, s->index);
	buf_byte(out, '\n');
	for (size_t i = 0; i < s->proof.count; i++) {
		enc_base64(out, s->proof.hashes[i], SHA256_SIZE);
		buf_byte(out, '\n');
	}
	buf_byte(out, '\n');
	buf_str(out, s->checkpoint);
	return buf_ok(out, "tlog-proof", e);
}

/* The line when it begins with `word`, without it; else it stays in *rest. */
static bool word_line(struct str *rest, struct str word, struct str *line)
{
	struct str after = *rest;

	if (!str_starts(after, word) || !str_split(&after, '\n', line))
		return false;
	*line = str_skip(*line, word.n);
	*rest = after;
	return true;
}

static bool extra_read(struct arena *a, struct str text, struct sidecar *out, struct err *e)
{
	unsigned char *bytes;
	size_t n;

	if (text.n > 2 * SIDECAR_EXTRA_MAX)
		return bad("the extra data is too long", e);
	bytes = arena_alloc(a, SIDECAR_EXTRA_MAX, e);
	if (bytes == NULL)
		return false;
	if (!enc_unbase64(text, bytes, SIDECAR_EXTRA_MAX, &n))
		return bad("the extra data is not base64 of at most 1,024 bytes", e);
	out->has_extra = true;
	out->extra = str_bytes(bytes, n);
	return true;
}

static bool hashes_read(struct str *rest, struct merkle_proof *out, struct err *e)
{
	struct str line;

	while (str_split(rest, '\n', &line) && line.n > 0) {
		size_t n;

		if (out->count == MERKLE_PROOF_MAX)
			return bad("more than 64 hashes", e);
		if (!enc_unbase64(line, out->hashes[out->count], SHA256_SIZE, &n) ||
		    n != SHA256_SIZE)
			return bad("a hash is not base64 of 32 bytes", e);
		out->count++;
	}
	return true;
}

bool sidecar_read(struct arena *a, struct str bytes, struct sidecar *out, struct err *e)
{
	struct sidecar s = { 0 };
	struct str rest = bytes, line;
	unsigned long long index;

	if (bytes.n > SIDECAR_BYTES_MAX)
		return bad("too long", e);
	if (!word_line(&rest, MAGIC, &line) || line.n > 0)
		return bad("the first line is not c2sp.org/tlog-proof@v1", e);
	if (word_line(&rest, STR("extra "), &line) && !extra_read(a, line, &s, e))
		return false;
	if (!word_line(&rest, STR("index "), &line) || !str_u64(line, MERKLE_SIZE_MAX - 1, &index))
		return bad("no line of the index, a decimal number without leading zeros", e);
	s.index = index;
	if (!hashes_read(&rest, &s.proof, e))
		return false;
	s.checkpoint = rest;
	if (!sidecar_check(&s, e))
		return false;
	*out = s;
	return true;
}
