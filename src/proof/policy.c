/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/policy.h"

#include <stdio.h>

#include "base/enc.h"
#include "base/hash.h"
#include "proof/roots.h"
#include "json/canon.h"

enum {
	NAME_MAX = 200,
	VKEY_MAX = 300,
	OFFSET_MAX = 14 * 60, /* no civil zone is further from UTC */
	FINGERPRINT_BYTES = 20,
	KEYS_MAX = POLICY_ROOTS_MAX
};
_Static_assert(POLICY_ROOTS_MAX == POLICY_WITNESSES_MAX, "read_vkeys serves both lists");

static const char SCHEMA[] = "hufu.policy/1";

static const struct json_limits LIMITS = { .bytes = POLICY_BYTES_MAX, .depth = 4, .values = 256 };

static bool bad(const char *field, const char *why, struct err *e)
{
	err_input(e, "POLICY-FORM", "%s", why);
	return err_at(e, "/%s", field);
}

static bool issuer_ok(struct str s)
{
	if (s.n < 1 || s.n > POLICY_ISSUER_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return false;
	}
	return true;
}

static bool site_ok(struct str s)
{
	bool web = str_starts(s, STR("https://")) || str_starts(s, STR("http://"));

	if (!web || s.n > POLICY_SITE_MAX || s.p[s.n - 1] == '/')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f || strchr("#?\"\\<>%", s.p[i]) != NULL)
			return false;
	return true;
}

/* Text a person reads on one line. */
static bool line_ok(struct str s)
{
	uint32_t c;

	if (s.n < 1 || s.n > NAME_MAX)
		return false;
	while (s.n > 0) {
		size_t n = enc_utf8(s, &c);

		if (n == 0 || c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
		s = str_skip(s, n);
	}
	return true;
}

bool policy_root_name(struct arena *a, struct str issuer, unsigned n, struct str *out,
		      struct err *e)
{
	return arena_printf(a, out, e, "%.*s/root-%u", STR_ARG(issuer), n);
}

static bool root_named(const struct policy *p, unsigned n)
{
	struct str rest = p->roots[n - 1].name;
	unsigned long long number;

	if (!str_starts(rest, p->issuer))
		return false;
	rest = str_skip(rest, p->issuer.n);
	return str_starts(rest, STR("/root-")) &&
	       str_u64(str_skip(rest, 6), POLICY_ROOTS_MAX, &number) && number == n;
}

/* The i-th of all keys of the policy. */
static const struct note_key *key_at(const struct policy *p, size_t i)
{
	if (i < p->root_count)
		return &p->roots[i];
	if (i < p->root_count + p->witness_count)
		return &p->witnesses[i - p->root_count];
	return &p->log;
}

/* One key, one role (proof.md §4). */
static bool keys_distinct(const struct policy *p)
{
	size_t count = p->root_count + p->witness_count + 1;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (memcmp(key_at(p, i)->public.bytes, key_at(p, k)->public.bytes,
				   ED25519_PUBLIC) == 0)
				return false;
	return true;
}

static bool texts_check(const struct policy *p, struct err *e)
{
	if (!issuer_ok(p->issuer))
		return bad("issuer", "expected a domain in lower case, [a-z0-9.-]{1,100}", e);
	if (!line_ok(p->name_zh) || !line_ok(p->name_en))
		return bad("names", "expected zh and en, one line of 1 to 200 bytes each", e);
	if (!site_ok(p->site))
		return bad("site", "expected http(s)://host, at most 48 bytes, no slash at its end",
			   e);
	return line_ok(p->contact) || bad("contact", "expected one line of 1 to 200 bytes", e);
}

static bool roots_check(const struct policy *p, struct err *e)
{
	if (p->root_count < 1 || p->root_count > POLICY_ROOTS_MAX)
		return bad("roots", "expected 1 to 16 root keys", e);
	for (unsigned n = 1; n <= p->root_count; n++)
		if (!root_named(p, n))
			return bad("roots", "expected the names <issuer>/root-1, -2, … in order",
				   e);
	return (p->k >= 1 && p->k <= p->root_count) ||
	       bad("k", "expected 1 to the number of roots", e);
}

static bool policy_check(const struct policy *p, struct err *e)
{
	if (!texts_check(p, e) || !roots_check(p, e))
		return false;
	if (p->witness_count > POLICY_WITNESSES_MAX || p->quorum > p->witness_count)
		return bad("quorum", "expected at most the number of witnesses (16)", e);
	for (size_t i = 0; i < p->witness_count; i++)
		if (p->witnesses[i].type != NOTE_COSIGNATURE)
			return bad("witnesses", "a witness's key is of type 0x04", e);
	if (!keys_distinct(p))
		return bad("roots", "one key stands for two roles", e);
	if (p->utc_offset_min < -OFFSET_MAX || p->utc_offset_min > OFFSET_MAX)
		return bad("utc_offset_min", "expected -840 to 840", e);
	return true;
}

static bool read_vkey(struct arena *a, const struct json *value, enum note_type type,
		      struct note_key *out, struct err *e)
{
	if (value->kind != JSON_STRING || value->string.n > VKEY_MAX)
		return err_input(e, "POLICY-FORM", "expected a verifier key");
	return type == NOTE_COSIGNATURE ? note_witness_read(a, value->string, out, e)
					: note_key_read(a, value->string, out, e);
}

static bool read_vkeys(struct arena *a, const struct json *root, const char *key,
		       struct note_key *out, size_t *count, struct err *e)
{
	enum note_type type = strcmp(key, "witnesses") == 0 ? NOTE_COSIGNATURE : NOTE_ED25519;
	const struct json *list;

	if (!json_array(root, key, KEYS_MAX, &list, e))
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!read_vkey(a, &list->items[i], type, &out[i], e)) {
			err_at(e, "/%zu", i);
			return err_at(e, "/%s", key);
		}
	*count = list->count;
	return true;
}

static bool read_names(const struct json *root, struct policy *out, struct err *e)
{
	static const char *const allowed[] = { "en", "zh", NULL };
	const struct json *names;

	if (!json_object(root, "names", &names, e))
		return false;
	return (json_only(names, allowed, e) &&
		json_string(names, "zh", 1, NAME_MAX, &out->name_zh, e) &&
		json_string(names, "en", 1, NAME_MAX, &out->name_en, e)) ||
	       err_at(e, "/names");
}

static bool read_log(struct arena *a, const struct json *root, struct policy *out, struct err *e)
{
	static const char *const allowed[] = { "origin", "vkey", NULL };
	const struct json *log;
	struct str origin, vkey;

	if (!json_object(root, "log", &log, e))
		return false;
	if (!json_only(log, allowed, e) ||
	    !json_string(log, "origin", 1, NOTE_NAME_MAX, &origin, e) ||
	    !json_string(log, "vkey", 1, VKEY_MAX, &vkey, e) ||
	    !note_key_read(a, vkey, &out->log, e))
		return err_at(e, "/log");
	return str_eq(out->log.name, origin) ||
	       bad("log", "the key's name is not the log's origin", e);
}

static bool read_numbers(const struct json *root, struct policy *out, struct err *e)
{
	int64_t k, quorum, offset;

	if (!json_integer(root, "k", 1, POLICY_ROOTS_MAX, &k, e) ||
	    !json_integer(root, "quorum", 0, POLICY_WITNESSES_MAX, &quorum, e) ||
	    !json_integer(root, "utc_offset_min", -OFFSET_MAX, OFFSET_MAX, &offset, e))
		return false;
	out->k = (unsigned)k;
	out->quorum = (unsigned)quorum;
	out->utc_offset_min = (int)offset;
	return true;
}

bool policy_read(struct arena *a, struct str bytes, struct policy *out, struct err *e)
{
	static const char *const allowed[] = {
		"schema", "issuer",    "names",  "site",           "roots",   "k",
		"log",    "witnesses", "quorum", "utc_offset_min", "contact", NULL
	};
	const struct json *root;
	struct policy p = { 0 };

	if (!json_read(a, bytes, &LIMITS, &root, e) || !json_schema(root, SCHEMA, e) ||
	    !json_only(root, allowed, e) ||
	    !json_string(root, "issuer", 1, POLICY_ISSUER_MAX, &p.issuer, e) ||
	    !read_names(root, &p, e) ||
	    !json_string(root, "site", 1, POLICY_SITE_MAX, &p.site, e) ||
	    !json_string(root, "contact", 1, NAME_MAX, &p.contact, e) ||
	    !read_vkeys(a, root, "roots", p.roots, &p.root_count, e) ||
	    !read_vkeys(a, root, "witnesses", p.witnesses, &p.witness_count, e) ||
	    !read_log(a, root, &p, e) || !read_numbers(root, &p, e) || !policy_check(&p, e))
		return false;
	*out = p;
	return true;
}

static void put_vkey(struct buf *out, const struct note_key *key)
{
	buf_byte(out,
		 '"'); /* note_key_make lets no '"' and no '\' into a name: nothing to escape */
	note_key_write(out, key);
	buf_byte(out, '"');
}

static void put_vkeys(struct buf *out, const struct note_key *keys, size_t count)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		put_vkey(out, &keys[i]);
	}
	buf_byte(out, ']');
}

bool policy_write(struct buf *out, const struct policy *p, struct err *e)
{
	if (!policy_check(p, e))
		return false;
	buf_c(out, "{\"contact\":");
	canon_string(out, p->contact);
	buf_c(out, ",\"issuer\":");
	canon_string(out, p->issuer);
	buf_printf(out, ",\"k\":%u,\"log\":{\"origin\":", p->k);
	canon_string(out, p->log.name);
	buf_c(out, ",\"vkey\":");
	put_vkey(out, &p->log);
	buf_c(out, "},\"names\":{\"en\":");
	canon_string(out, p->name_en);
	buf_c(out, ",\"zh\":");
	canon_string(out, p->name_zh);
	buf_printf(out, "},\"quorum\":%u,\"roots\":", p->quorum);
	put_vkeys(out, p->roots, p->root_count);
	buf_c(out, ",\"schema\":");
	canon_string(out, str_of(SCHEMA));
	buf_c(out, ",\"site\":");
	canon_string(out, p->site);
	buf_printf(out, ",\"utc_offset_min\":%d,\"witnesses\":", p->utc_offset_min);
	put_vkeys(out, p->witnesses, p->witness_count);
	buf_byte(out, '}');
	return buf_ok(out, "trust policy", e);
}

bool policy_fingerprint(const struct policy *p, char out[POLICY_FINGERPRINT + 1], struct err *e)
{
	struct buf text = buf_empty(POLICY_BYTES_MAX), print = buf_empty(64);
	unsigned char hash[SHA256_SIZE];
	bool ok = policy_write(&text, p, e);

	if (ok) {
		sha256_of(buf_view(&text), hash);
		enc_base32(&print, hash, FINGERPRINT_BYTES);
		ok = buf_ok(&print, "fingerprint", e);
	}
	if (ok) {
		memcpy(out, print.p, POLICY_FINGERPRINT);
		out[POLICY_FINGERPRINT] = '\0';
	}
	buf_free(&text);
	buf_free(&print);
	return ok;
}

bool policy_successor_path(const struct policy *old, char out[POLICY_SUCCESSOR], struct err *e)
{
	char print[POLICY_FINGERPRINT + 1];

	if (!policy_fingerprint(old, print, e))
		return false;
	(void)snprintf(out, POLICY_SUCCESSOR, "/policy/%s.note", print);
	return true;
}

/* What the signatures of both quorums do not make right. */
static bool succession_check(const struct policy *old, const struct policy *next, struct err *e)
{
	char a[POLICY_FINGERPRINT + 1], b[POLICY_FINGERPRINT + 1];

	if (!str_eq(old->issuer, next->issuer))
		return err_input(e, "POLICY-CHANGE", "the new policy is another issuer's");
	if (next->quorum < old->quorum)
		return err_input(e, "POLICY-CHANGE",
				 "the new policy wants %u witnesses, the pinned one %u",
				 next->quorum, old->quorum);
	if (!policy_fingerprint(old, a, e) || !policy_fingerprint(next, b, e))
		return false;
	return strcmp(a, b) != 0 ||
	       err_input(e, "POLICY-CHANGE", "the new policy is the pinned one");
}

static bool quorum_met(const char *which, unsigned signatures, const struct policy *p,
		       struct err *e)
{
	return signatures >= p->k ||
	       err_input(e, "POLICY-ROOT", "signed by %u roots of the %s policy; %u needed",
			 signatures, which, p->k);
}

bool policy_follow(struct arena *a, struct str note, const struct policy *old, struct policy *out,
		   struct err *e)
{
	struct note n;
	struct policy next;
	unsigned signatures;
	struct buf again = buf_empty(POLICY_BYTES_MAX + 1);
	bool ok;

	if (!note_read(a, note, &n, e) || !roots_count(&n, old, &signatures, e) ||
	    !quorum_met("pinned", signatures, old, e) || !policy_read(a, n.body, &next, e) ||
	    !roots_count(&n, &next, &signatures, e) || !quorum_met("new", signatures, &next, e) ||
	    !succession_check(old, &next, e))
		return false;
	ok = policy_write(&again, &next, e);
	buf_byte(&again, '\n');
	if (ok && (again.failed || !str_eq(buf_view(&again), n.body)))
		ok = err_input(e, "POLICY-FORM", "not one line of canonical JSON");
	buf_free(&again);
	if (ok)
		*out = next;
	return ok;
}

bool policy_succeed(struct buf *out, const struct policy *old, const struct policy *next,
		    struct signer *signer, struct err *e)
{
	struct buf body = buf_empty(POLICY_BYTES_MAX + 1), lines = buf_empty(NOTE_MAX / 4);
	unsigned signatures;
	bool ok = succession_check(old, next, e) && policy_write(&body, next, e);

	buf_byte(&body, '\n');
	ok = ok && buf_ok(&body, "trust policy", e) &&
	     roots_sign(&lines, buf_view(&body), old, signer, &signatures, e) &&
	     quorum_met("old", signatures, old, e) &&
	     roots_sign(&lines, buf_view(&body), next, signer, &signatures, e) &&
	     quorum_met("new", signatures, next, e);
	if (ok) {
		buf_str(out, buf_view(&body));
		buf_byte(out, '\n');
		buf_str(out, buf_view(&lines));
		ok = buf_ok(out, "trust policy", e);
	}
	buf_free(&body);
	buf_free(&lines);
	return ok;
}

bool policy_fingerprint_eq(struct str typed, struct str fingerprint)
{
	unsigned char a[FINGERPRINT_BYTES], b[FINGERPRINT_BYTES];

	return enc_unbase32(typed, a, sizeof a) && enc_unbase32(fingerprint, b, sizeof b) &&
	       memcmp(a, b, sizeof a) == 0;
}
