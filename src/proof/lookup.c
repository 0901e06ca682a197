/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/lookup.h"

#include <stdlib.h>

#include "keys/box.h"

enum {
	LENGTH = 2, /* the token's, in front of it */
	TAG_AT = 4, /* bytes of the digest that hold the leading bits */
	BUCKET_AIM =
		50 *
		1024, /* largest mean: buckets vary by a tenth about it, and stay in 16 to 64 KB */
	INFO_MAX = 64
};

_Static_assert((int)LOOKUP_ENTRY == (int)LOOKUP_TAG + (int)LOOKUP_PLAIN + (int)BOX_TAG, "entry");
_Static_assert((int)TOKEN_BYTES_MAX + (int)LENGTH <= (int)LOOKUP_PLAIN, "every token fits");
_Static_assert((int)LOOKUP_BITS_MAX <= 8 * (int)TAG_AT, "tags are not the leading bits");

#define INFO_HEAD "{\"bits\":"
#define INFO_TAIL ",\"schema\":\"hufu.lookup/1\"}"

static bool bad(const char *why, struct err *e)
{
	return err_input(e, "LOOKUP-FORM", "%s", why);
}

void lookup_digest(struct str docid, unsigned char out[SHA256_SIZE])
{
	sha256_labelled("hufu/1/lookup", &docid, 1, out);
}

unsigned lookup_bits(uint64_t count)
{
	unsigned bits = 1;

	while (bits < LOOKUP_BITS_MAX && count >> bits > BUCKET_AIM / LOOKUP_ENTRY)
		bits++;
	return bits;
}

void lookup_path(const unsigned char digest[SHA256_SIZE], unsigned bits, char out[LOOKUP_PATH])
{
	size_t n = 0;

	for (const char *p = "/d/"; *p != '\0'; p++)
		out[n++] = *p;
	for (unsigned i = 0; i < bits && i < LOOKUP_BITS_MAX; i++)
		out[n++] = (digest[i / 8] >> (7 - i % 8) & 1) != 0 ? '1' : '0';
	out[n] = '\0';
}

bool lookup_info_write(struct buf *out, unsigned bits, struct err *e)
{
	if (bits < 1 || bits > LOOKUP_BITS_MAX)
		return bad("buckets are named by 1 to 28 bits", e);
	buf_printf(out, INFO_HEAD "%u" INFO_TAIL, bits);
	return buf_ok(out, "lookup info", e);
}

/* Canonical JSON has one form for each number of bits, so nothing else needs a JSON reader here. */
bool lookup_info_read(struct str bytes, unsigned *bits, struct err *e)
{
	const struct str head = STR(INFO_HEAD), tail = STR(INFO_TAIL);
	unsigned long long n;

	if (bytes.n < head.n + tail.n || bytes.n > INFO_MAX || !str_starts(bytes, head) ||
	    !str_ends(bytes, tail) ||
	    !str_u64((struct str){ bytes.p + head.n, bytes.n - head.n - tail.n }, LOOKUP_BITS_MAX,
		     &n) ||
	    n < 1)
		return bad("not " INFO_HEAD "1 to 28" INFO_TAIL, e);
	*bits = (unsigned)n;
	return true;
}

static const char *tag_of(const unsigned char digest[SHA256_SIZE])
{
	return (const char *)digest + TAG_AT;
}

bool lookup_seal(struct buf *out, struct str docid, struct str token, struct err *e)
{
	unsigned char digest[SHA256_SIZE], key[BOX_KEY];
	unsigned char plain[LOOKUP_PLAIN] = { 0 }, sealed[LOOKUP_PLAIN + BOX_TAG];
	struct str tag;

	if (token.n == 0 || token.n > TOKEN_BYTES_MAX)
		return bad("a token has 1 to 400 bytes", e);
	plain[0] = (unsigned char)(token.n >> 8);
	plain[1] = (unsigned char)(token.n & 0xff);
	memcpy(plain + LENGTH, token.p, token.n);
	lookup_digest(docid, digest);
	tag = (struct str){ tag_of(digest), LOOKUP_TAG };
	box_key("hufu/1/sealed", docid, key);
	box_seal(key, tag, str_bytes(plain, sizeof plain), sealed);
	buf_str(out, tag);
	buf_put(out, sealed, sizeof sealed);
	return buf_ok(out, "bucket", e);
}

static int by_tag(const void *a, const void *b)
{
	return memcmp(a, b,
		      LOOKUP_ENTRY); /* the rest behind a tag, so that one set has one order */
}

void lookup_sort(struct buf *bucket)
{
	if (!bucket->failed && bucket->n > 0)
		qsort(bucket->p, bucket->n / LOOKUP_ENTRY, LOOKUP_ENTRY, by_tag);
}

static struct str entry_tag(struct str bucket, size_t i)
{
	return (struct str){ bucket.p + i * LOOKUP_ENTRY, LOOKUP_TAG };
}

static bool check_bucket(struct str bucket, struct err *e)
{
	if (bucket.n > LOOKUP_BUCKET_MAX)
		return err_input(e, "LOOKUP-FORM", "a bucket of %zu bytes; at most %d", bucket.n,
				 LOOKUP_BUCKET_MAX);
	if (bucket.n % LOOKUP_ENTRY != 0)
		return bad("the last entry is cut", e);
	for (size_t i = 1; i < bucket.n / LOOKUP_ENTRY; i++)
		if (str_cmp(entry_tag(bucket, i - 1), entry_tag(bucket, i)) > 0)
			return err_input(e, "LOOKUP-FORM", "entry %zu is out of order", i);
	return true;
}

/* Length, token, zeros; and the token is that of the document asked for, not of one that was put in its place. */
static bool read_plain(struct arena *a, const unsigned char plain[LOOKUP_PLAIN], struct str docid,
		       struct str *token, struct err *e)
{
	size_t n = (size_t)plain[0] << 8 | plain[1];
	struct token t;

	if (n == 0 || n > TOKEN_BYTES_MAX)
		return bad("a sealed token has 1 to 400 bytes", e);
	for (size_t i = LENGTH + n; i < LOOKUP_PLAIN; i++)
		if (plain[i] != 0)
			return bad("a sealed token is not filled up with zeros", e);
	if (!token_read_bytes(a, str_bytes(plain + LENGTH, n), &t, e)) {
		const struct err cause = *e;

		return cause.kind == ERR_INPUT &&
		       err_input(e, "LOOKUP-FORM", "the sealed bytes are no token: %s",
				 cause.cause);
	}
	if (!str_eq(str_bytes(t.payload.docid, t.payload.docid_size), docid))
		return bad("the sealed token is another document's", e);
	*token = t.bytes;
	return true;
}

bool lookup_open(struct arena *a, struct str bucket, struct str docid, struct str *token,
		 bool *found, struct err *e)
{
	unsigned char digest[SHA256_SIZE], key[BOX_KEY], plain[LOOKUP_PLAIN];
	bool met = false;
	struct str tag;

	*found = false;
	if (!check_bucket(bucket, e))
		return false;
	lookup_digest(docid, digest);
	tag = (struct str){ tag_of(digest), LOOKUP_TAG };
	box_key("hufu/1/sealed", docid, key);
	for (size_t i = 0; i < bucket.n / LOOKUP_ENTRY; i++) {
		const char *entry = bucket.p + i * LOOKUP_ENTRY;

		if (!str_eq(entry_tag(bucket, i), tag))
			continue;
		met = true;
		if (!box_open(key, tag, (struct str){ entry + LOOKUP_TAG, LOOKUP_PLAIN + BOX_TAG },
			      plain))
			continue; /* chance gives two documents one tag once in 2^64 */
		*found = read_plain(a, plain, docid, token, e);
		return *found;
	}
	return !met || bad("the document's entry does not open", e);
}
