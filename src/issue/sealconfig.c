/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/sealconfig.h"

#include "json/canon.h"

enum { PATH_MAX_BYTES = 200, WORD_MAX = 120, URL_MAX = 200, GAP_MAX_MS = 60000 };

static bool fault(struct err *e, const char *key, const char *words)
{
	err_input(e, "CONFIG", "%s", words);
	return err_at(e, "/%s", key);
}

/* A path inside the home; absent leaves *out empty. */
static bool path_read(const struct json *o, const char *key, struct str *out, struct err *e)
{
	bool present;

	*out = STR("");
	if (!json_string_opt(o, key, 1, PATH_MAX_BYTES, out, &present, e))
		return false;
	if (present && (out->p[0] == '/' || str_find(*out, STR(".."), 0) != SIZE_MAX))
		return fault(e, key, "must be a path inside the home");
	return true;
}

static bool word_read(const struct json *o, const char *key, size_t max, struct str *out,
		      struct err *e)
{
	bool present;

	*out = STR("");
	return json_string_opt(o, key, 1, max, out, &present, e);
}

static bool token_read(const struct json *o, struct sealconfig_seal *out, struct err *e)
{
	out->kind = SEALKEY_PKCS11;
	if (out->module.p[0] != '/')
		return fault(e, "pkcs11", "must be the absolute path of the token's library");
	return json_string(o, "token", 1, WORD_MAX, &out->token, e) &&
	       json_string(o, "label", 1, WORD_MAX, &out->label, e);
}

static bool key_read(const struct json *o, struct sealconfig_seal *out, struct err *e)
{
	struct str pem, pkcs12;

	if (!path_read(o, "pem", &pem, e) || !path_read(o, "pkcs12", &pkcs12, e) ||
	    !word_read(o, "pkcs11", PATH_MAX_BYTES, &out->module, e))
		return false;
	if ((pem.n > 0) + (pkcs12.n > 0) + (out->module.n > 0) != 1)
		return fault(e, "pem", "a seal has one key: pem, pkcs12 or pkcs11");
	if (out->module.n > 0)
		return token_read(o, out, e);
	out->kind = pem.n > 0 ? SEALKEY_PEM : SEALKEY_PKCS12;
	out->path = pem.n > 0 ? pem : pkcs12;
	return true;
}

static bool seal_read(const struct json *o, struct sealconfig_seal *out, struct err *e)
{
	static const char *const allowed[] = { "certs", "pem",   "pkcs12",   "pkcs11",
					       "token", "label", "pin_file", NULL };

	if (o->kind != JSON_OBJECT)
		return err_input(e, "JSON-TYPE", "must be an object");
	if (!json_only(o, allowed, e) || !path_read(o, "certs", &out->certs, e) ||
	    !path_read(o, "pin_file", &out->pin_file, e) || !key_read(o, out, e))
		return false;
	return out->certs.n > 0 || fault(e, "certs", "is missing: the seal's certificates in PEM");
}

static bool locals_read(struct arena *a, const struct json *seal, struct sealconfig *out,
			struct err *e)
{
	const struct json *local = json_lookup(seal, "local");

	if (local == NULL)
		return true;
	if (local->kind != JSON_OBJECT || local->count > SEALCONFIG_LOCALS_MAX)
		return fault(e, "local", "must be an object of at most 64 seals");
	out->locals = arena_array(a, local->count, sizeof *out->locals, e);
	if (out->locals == NULL)
		return false;
	for (size_t i = 0; i < local->count; i++) {
		out->locals[i].code = local->keys[i];
		if (!seal_read(&local->items[i], &out->locals[i], e)) {
			(void)json_at(e, local->keys[i]);
			return err_at(e, "/local");
		}
	}
	out->local_count = local->count;
	return true;
}

static bool tsa_read(const struct json *seal, struct sealconfig *out, struct err *e)
{
	static const char *const allowed[] = { "url", "certs", "policy", "gap_ms", NULL };
	const struct json *tsa = json_lookup(seal, "tsa");

	if (tsa == NULL)
		return out->level == SEAL_B_B ||
		       fault(e, "tsa", "is missing: above B-B a time stamp service is asked");
	if (!json_object(seal, "tsa", &tsa, e))
		return false;
	if (!json_only(tsa, allowed, e) || !json_string(tsa, "url", 1, URL_MAX, &out->tsa_url, e) ||
	    !path_read(tsa, "certs", &out->tsa_certs, e) ||
	    !word_read(tsa, "policy", WORD_MAX, &out->tsa_policy, e) ||
	    (json_lookup(tsa, "gap_ms") != NULL &&
	     !json_integer(tsa, "gap_ms", 0, GAP_MAX_MS, &out->tsa_gap_ms, e)))
		return err_at(e, "/tsa");
	if (out->tsa_certs.n > 0)
		return true;
	(void)fault(e, "certs", "is missing: the roots of the time stamp service in PEM");
	return err_at(e, "/tsa");
}

static bool level_read(const struct json *seal, struct sealconfig *out, struct err *e)
{
	struct str level, form;
	bool present;

	if (!json_string(seal, "level", 1, 8, &level, e) ||
	    !json_string_opt(seal, "form", 1, 8, &form, &present, e))
		return false;
	for (int i = SEAL_B_B; i <= SEAL_B_LT; i++)
		if (str_eq(level, str_of(sealer_level_name((enum seal_level)i)))) {
			out->level = (enum seal_level)i;
			out->form = SIGNATURE_CADES;
			if (!present || str_eq(form, STR("cades")))
				return true;
			out->form = SIGNATURE_PKCS7;
			return str_eq(form, STR("pkcs7")) ||
			       fault(e, "form", "must be cades or pkcs7");
		}
	return fault(e, "level", "must be B-B, B-T or B-LT");
}

static bool all_read(struct arena *a, const struct json *seal, struct sealconfig *out,
		     struct err *e)
{
	static const char *const allowed[] = { "level", "form",     "reason", "tsa",
					       "local", "national", NULL };
	const struct json *national;

	if (seal->kind != JSON_OBJECT)
		return err_input(e, "JSON-TYPE", "must be an object");
	if (!json_only(seal, allowed, e) || !level_read(seal, out, e) ||
	    !word_read(seal, "reason", WORD_MAX, &out->reason, e) || !tsa_read(seal, out, e) ||
	    !json_object(seal, "national", &national, e))
		return false;
	if (!seal_read(national, &out->national, e))
		return err_at(e, "/national");
	return locals_read(a, seal, out, e);
}

bool sealconfig_read(struct arena *a, const struct json *root, struct sealconfig *out,
		     struct err *e)
{
	const struct json *seal = json_lookup(root, "seal");

	*out = (struct sealconfig){ .seals = seal != NULL };
	return seal == NULL || all_read(a, seal, out, e) || err_at(e, "/seal");
}

static void member_put(struct buf *out, const char *key, struct str value)
{
	if (value.n == 0)
		return;
	buf_printf(out, ", \"%s\": ", key);
	canon_string(out, value);
}

static void seal_put(struct buf *out, const struct sealconfig_seal *s)
{
	buf_c(out, "{\"certs\": ");
	canon_string(out, s->certs);
	switch (s->kind) {
	case SEALKEY_PEM:
		member_put(out, "pem", s->path);
		break;
	case SEALKEY_PKCS12:
		member_put(out, "pkcs12", s->path);
		break;
	case SEALKEY_PKCS11:
		member_put(out, "pkcs11", s->module);
		member_put(out, "token", s->token);
		member_put(out, "label", s->label);
		break;
	case SEALKEY_EXTERNAL:
		break;
	}
	member_put(out, "pin_file", s->pin_file);
	buf_byte(out, '}');
}

void sealconfig_write(struct buf *out, const struct sealconfig *c)
{
	if (!c->seals)
		return;
	buf_printf(out, "  \"seal\": {\"level\": \"%s\", \"form\": \"%s\"",
		   sealer_level_name(c->level), c->form == SIGNATURE_CADES ? "cades" : "pkcs7");
	member_put(out, "reason", c->reason);
	if (c->tsa_url.n > 0) {
		buf_c(out, ", \"tsa\": {\"url\": ");
		canon_string(out, c->tsa_url);
		member_put(out, "certs", c->tsa_certs);
		member_put(out, "policy", c->tsa_policy);
		if (c->tsa_gap_ms > 0)
			buf_printf(out, ", \"gap_ms\": %lld", (long long)c->tsa_gap_ms);
		buf_byte(out, '}');
	}
	buf_c(out, ",\n    \"national\": ");
	seal_put(out, &c->national);
	for (size_t i = 0; i < c->local_count; i++) {
		buf_c(out, i == 0 ? ",\n    \"local\": {" : ", ");
		canon_string(out, c->locals[i].code);
		buf_c(out, ": ");
		seal_put(out, &c->locals[i]);
	}
	buf_c(out, c->local_count > 0 ? "}},\n" : "},\n");
}
