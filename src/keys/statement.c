/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/statement.h"

#include "base/civil.h"
#include "base/enc.h"

enum { INSTANT = 20 };

static const int64_t AT_MAX = INT64_C(253402300799); /* 9999-12-31T23:59:59Z */

bool statement_issuer_fits(struct str issuer)
{
	for (size_t i = 0; i < issuer.n; i++) {
		char c = issuer.p[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.')
			return false;
	}
	return issuer.n > 0 && issuer.n <= STATEMENT_ISSUER_MAX;
}

bool statement_instant_fits(int64_t at)
{
	return at >= 0 && at <= AT_MAX;
}

bool statement_begin(struct statement *s, struct str text, struct str label, const char *code,
		     struct err *e)
{
	*s = (struct statement){ text, code };
	if (!str_starts(text, label))
		return err_input(e, code, "the first line is not '%.*s'", (int)label.n - 1,
				 label.p);
	s->rest = str_skip(text, label.n);
	return true;
}

bool statement_text(struct statement *s, const char *key, struct str *out, struct err *e)
{
	const struct str name = str_of(key);
	struct str line;
	size_t end = s->rest.n > 0 ? str_find(s->rest, STR("\n"), 0) : SIZE_MAX;

	if (end == SIZE_MAX)
		return err_input(e, s->code, "there is no line '%s'", key);
	line = (struct str){ s->rest.p, end };
	if (line.n <= name.n || !str_starts(line, name) || line.p[name.n] != ' ')
		return err_input(e, s->code, "the line '%s' is missing or at another place", key);
	*out = str_skip(line, name.n + 1);
	s->rest = str_skip(s->rest, end + 1);
	return true;
}

static bool value_bad(const struct statement *s, const char *key, const char *what, struct err *e)
{
	return err_input(e, s->code, "the line '%s' does not hold %s", key, what);
}

bool statement_issuer(struct statement *s, struct str *out, struct err *e)
{
	struct str value;

	if (!statement_text(s, "issuer", &value, e))
		return false;
	if (!statement_issuer_fits(value))
		return value_bad(s, "issuer", "an issuer's domain", e);
	*out = value;
	return true;
}

/* enc_unhex takes capitals too. */
static bool is_lower(struct str hex)
{
	for (size_t i = 0; i < hex.n; i++)
		if (hex.p[i] >= 'A' && hex.p[i] <= 'F')
			return false;
	return true;
}

bool statement_hex(struct statement *s, const char *key, void *out, size_t n, struct err *e)
{
	struct str value;

	return statement_text(s, key, &value, e) &&
	       ((is_lower(value) && enc_unhex(value, out, n)) ||
		value_bad(s, key, "so many hexadecimal digits", e));
}

bool statement_number(struct statement *s, const char *key, uint64_t min, uint64_t max,
		      uint64_t *out, struct err *e)
{
	unsigned long long v = 0;
	struct str value;

	if (!statement_text(s, key, &value, e))
		return false;
	if (!str_u64(value, max, &v) || v < min)
		return value_bad(s, key, "a number in its range", e);
	*out = v;
	return true;
}

bool statement_instant(struct statement *s, const char *key, int64_t *out, struct err *e)
{
	char again[INSTANT + 1];
	struct str value;
	int64_t at = 0;

	if (!statement_text(s, key, &value, e))
		return false;
	if (value.n != INSTANT || !instant_read(value, &at) || !statement_instant_fits(at))
		return value_bad(s, key, "a time in UTC", e);
	instant_text(at, again);
	if (!str_eq(value, (struct str){ again, INSTANT }))
		return value_bad(s, key, "a time in UTC", e);
	*out = at;
	return true;
}

bool statement_public(struct statement *s, const char *key, struct ed25519_public *out,
		      struct err *e)
{
	unsigned char bytes[ED25519_PUBLIC];

	if (!statement_hex(s, key, bytes, sizeof bytes, e))
		return false;
	return ed25519_public_read(str_bytes(bytes, sizeof bytes), out, e) ||
	       value_bad(s, key, "an Ed25519 public key", e);
}

bool statement_word(struct statement *s, const char *key, const char *const *words, size_t count,
		    unsigned *out, struct err *e)
{
	struct str value;

	if (!statement_text(s, key, &value, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (str_eq(value, str_of(words[i]))) {
			*out = (unsigned)i + 1;
			return true;
		}
	return value_bad(s, key, "a word there is", e);
}

bool statement_end(const struct statement *s, struct err *e)
{
	return s->rest.n == 0 || err_input(e, s->code, "more stands behind the last line");
}

void statement_put_text(struct buf *out, const char *key, struct str value)
{
	buf_c(out, key);
	buf_byte(out, ' ');
	buf_str(out, value);
	buf_byte(out, '\n');
}

void statement_put_hex(struct buf *out, const char *key, const void *p, size_t n)
{
	buf_c(out, key);
	buf_byte(out, ' ');
	enc_hex(out, p, n);
	buf_byte(out, '\n');
}

void statement_put_number(struct buf *out, const char *key, uint64_t value)
{
	buf_c(out, key);
	buf_byte(out, ' ');
	buf_uint(out, value);
	buf_byte(out, '\n');
}

void statement_put_instant(struct buf *out, const char *key, int64_t at)
{
	char text[INSTANT + 1];

	instant_text(at, text);
	statement_put_text(out, key, (struct str){ text, INSTANT });
}
