/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/external.h"

#include <stdlib.h>

#include "base/enc.h"
#include "base/io.h"
#include "keys/command.h"
#include "keys/p11.h"
#include "keys/private.h"
#include "keys/secret.h"
#include "json/json.h"

enum { TYPE_MAX = 255, PATH_BYTES_MAX = 4000, LABEL_MAX = 128, TOKEN_MAX = 32, PIN_MAX = 256 };

static const char FILE_NAME[] = "external.json";

void external_key(const struct device *device, struct keyfile *out)
{
	*out = (struct keyfile){ .role = device->role,
				 .number = device->number,
				 .public = device->public };
	ed25519_kid(&device->public, out->kid);
}

/* The arena's strings end in NUL, and json_read lets none stand inside. */
static bool text_member(struct arena *a, const struct json *o, const char *key, size_t max,
			const char **out, struct err *e)
{
	struct str s;

	if (!json_string(o, key, 1, max, &s, e) || !arena_str(a, s, &s, e))
		return false;
	*out = s.p;
	return true;
}

static bool path_member(struct arena *a, const struct json *o, const char *key, const char **out,
			struct err *e)
{
	if (!text_member(a, o, key, PATH_BYTES_MAX, out, e))
		return false;
	if ((*out)[0] == '/')
		return true;
	err_system(e, "is not an absolute path");
	return err_at(e, "/%s", key);
}

static bool pkcs11_read(struct arena *a, const struct json *o, struct device *d, struct err *e)
{
	static const char *const keys[] = { "role",  "number", "public",   "provider", "module",
					    "token", "label",  "pin_file", NULL };

	d->provider = DEVICE_PKCS11;
	return json_only(o, keys, e) && path_member(a, o, "module", &d->module, e) &&
	       text_member(a, o, "token", TOKEN_MAX, &d->token, e) &&
	       text_member(a, o, "label", LABEL_MAX, &d->label, e) &&
	       (json_lookup(o, "pin_file") == NULL ||
		path_member(a, o, "pin_file", &d->pin_file, e));
}

static bool command_read(struct arena *a, const struct json *o, struct device *d, struct err *e)
{
	static const char *const keys[] = { "role", "number", "public", "provider", "argv", NULL };
	const struct json *argv;

	d->provider = DEVICE_COMMAND;
	if (!json_only(o, keys, e) || !json_array(o, "argv", DEVICE_ARGS_MAX, &argv, e))
		return false;
	for (size_t i = 0; i < argv->count; i++) {
		struct str word = argv->items[i].string;

		if (argv->items[i].kind != JSON_STRING || word.n > PATH_BYTES_MAX) {
			err_system(e, "is no argument");
			return err_at(e, "/argv/%zu", i);
		}
		d->argv[i] = arena_alloc(a, word.n + 1, e);
		if (d->argv[i] == NULL)
			return false;
		if (word.n > 0)
			memcpy(d->argv[i], word.p, word.n);
	}
	if (argv->count > 0 && d->argv[0][0] == '/')
		return true;
	err_system(e, "does not begin with a program's absolute path");
	return err_at(e, "/argv");
}

static bool identity_read(const struct json *o, struct device *d, struct err *e)
{
	unsigned char public[ED25519_PUBLIC];
	struct str role, hex;
	int64_t number;

	if (!json_string(o, "role", 1, 16, &role, e) ||
	    !json_integer(o, "number", 0, TYPE_MAX, &number, e) ||
	    !json_string(o, "public", 2 * ED25519_PUBLIC, 2 * ED25519_PUBLIC, &hex, e))
		return false;
	if (!role_read(role, &d->role) || (d->role != ROLE_ISSUING && d->role != ROLE_STATUS &&
					   d->role != ROLE_LOG && d->role != ROLE_MANIFEST)) {
		err_system(e, "must be issuing, status, log or manifest");
		return err_at(e, "/role");
	}
	d->number = (unsigned)number;
	if ((d->role == ROLE_ISSUING) != (d->number > 0)) {
		err_system(e, "is the document type of an issuing key, and 0 else");
		return err_at(e, "/number");
	}
	if (!enc_unhex(hex, public, sizeof public)) {
		err_system(e, "is not hexadecimal");
		return err_at(e, "/public");
	}
	return ed25519_public_read(str_bytes(public, sizeof public), &d->public, e) ||
	       err_at(e, "/public");
}

static bool device_read(struct arena *a, const struct json *o, struct device *d, struct err *e)
{
	struct str provider;

	*d = (struct device){ .pin_file = NULL };
	if (!identity_read(o, d, e) || !json_string(o, "provider", 1, 16, &provider, e))
		return false;
	if (str_eq(provider, STR("pkcs11")))
		return pkcs11_read(a, o, d, e);
	if (str_eq(provider, STR("command")))
		return command_read(a, o, d, e);
	err_system(e, "must be pkcs11 or command");
	return err_at(e, "/provider");
}

static bool is_known(const struct device *devices, size_t count, const struct device *d)
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(&devices[i].public, &d->public, sizeof d->public) == 0)
			return true;
	return false;
}

bool external_read(struct arena *a, struct str text, struct device **out, size_t *count,
		   struct err *e)
{
	static const struct json_limits limits = { EXTERNAL_BYTES_MAX, 4, 4096 };
	static const char *const keys[] = { "schema", "signers", NULL };
	const struct json *file, *signers;
	struct device *devices;

	if (!json_read(a, text, &limits, &file, e) || !json_schema(file, "hufu.external/1", e) ||
	    !json_only(file, keys, e) || !json_array(file, "signers", EXTERNAL_MAX, &signers, e))
		return false;
	devices = arena_array(a, signers->count + 1, sizeof *devices, e);
	if (devices == NULL)
		return false;
	for (size_t i = 0; i < signers->count; i++) {
		bool ok = device_read(a, &signers->items[i], &devices[i], e) &&
			  (!is_known(devices, i, &devices[i]) ||
			   err_system(e, "names a key that stands above"));

		if (!ok)
			return err_at(e, "/signers/%zu", i);
	}
	*out = devices;
	*count = signers->count;
	return true;
}

bool external_list(struct arena *a, const char *keys_dir, struct device **out, size_t *count,
		   struct err *e)
{
	const char *path;
	char *bytes;
	size_t n;

	*out = NULL;
	*count = 0;
	if (!io_path(a, keys_dir, FILE_NAME, &path, e))
		return false;
	if (!io_exists(path))
		return true;
	bytes = arena_alloc(a, EXTERNAL_BYTES_MAX, e);
	if (bytes == NULL || !private_read(path, bytes, EXTERNAL_BYTES_MAX, &n, e))
		return false;
	if (external_read(a, (struct str){ bytes, n }, out, count, e))
		return true;
	e->kind = ERR_SYSTEM; /* our own file: no answer about anybody's record */
	return err_in(e, "%s", path);
}

struct external_key {
	const struct device *device;
	struct device_hand hand;
	bool selected;
};

struct external {
	struct external_key *keys;
	size_t count;
};

static struct external_key *key_lookup(struct external *x, enum key_role role, unsigned number)
{
	struct external_key *first = NULL;

	for (size_t i = 0; i < x->count; i++) {
		struct external_key *k = &x->keys[i];

		if (k->device->role != role || k->device->number != number)
			continue;
		if (k->selected)
			return k;
		first = first != NULL ? first : k;
	}
	return first;
}

static bool external_public(void *self, enum key_role role, unsigned number,
			    struct ed25519_public *out)
{
	const struct external_key *k = key_lookup(self, role, number);

	if (k != NULL)
		*out = k->device->public;
	return k != NULL;
}

static bool external_select(void *self, enum key_role role, unsigned number,
			    const struct ed25519_public *public)
{
	struct external *x = self;
	struct external_key *found = NULL;

	for (size_t i = 0; i < x->count; i++) {
		const struct device *d = x->keys[i].device;

		if (d->role == role && d->number == number &&
		    memcmp(&d->public, public, sizeof *public) == 0)
			found = &x->keys[i];
	}
	for (size_t i = 0; i < x->count && found != NULL; i++)
		if (x->keys[i].device->role == role && x->keys[i].device->number == number)
			x->keys[i].selected = &x->keys[i] == found;
	return found != NULL;
}

static bool external_sign(void *self, const struct ed25519_public *key, struct str bytes,
			  unsigned char out[ED25519_SIGNATURE], struct err *e)
{
	struct external *x = self;
	unsigned char made[ED25519_SIGNATURE];

	for (size_t i = 0; i < x->count; i++) {
		const struct external_key *k = &x->keys[i];

		if (memcmp(&k->device->public, key, sizeof *key) != 0)
			continue;
		if (!k->hand.sign(k->hand.self, bytes, made, e))
			return false;
		if (!ed25519_verify(key, bytes, made))
			return err_system(e, "the device of the %s key made a wrong signature",
					  role_name(k->device->role));
		memcpy(out, made, sizeof made);
		return true;
	}
	return err_system(e, "no device has the key");
}

static bool external_hmac(void *self UNUSED, size_t size UNUSED, const struct str *parts UNUSED,
			  size_t count UNUSED, unsigned char *out UNUSED, struct err *e)
{
	return err_input(e, "NO-KEY", "the home secret is on no device");
}

static void external_free(void *self)
{
	struct external *x = self;

	for (size_t i = 0; i < x->count; i++)
		x->keys[i].hand.free(x->keys[i].hand.self);
	free(x->keys);
	free(x);
}

/* The PIN ends where its line does. */
static struct str pin_trim(const unsigned char *p, size_t n)
{
	while (n > 0 && (p[n - 1] == '\n' || p[n - 1] == '\r'))
		n--;
	return str_bytes(p, n);
}

static bool pkcs11_ready(const struct device *d, struct str passphrase, struct device_hand *out,
			 struct err *e)
{
	struct secret file;
	size_t n = 0;
	bool ok;

	if (d->pin_file == NULL)
		return p11_open(d, pin_trim((const unsigned char *)passphrase.p, passphrase.n), out,
				e);
	if (!secret_new(PIN_MAX, &file, e))
		return false;
	ok = private_read(d->pin_file, file.p, file.n, &n, e) &&
	     p11_open(d, pin_trim(file.p, n), out, e);
	secret_free(&file);
	return ok;
}

static bool device_ready(const struct device *d, struct str passphrase, struct device_hand *out,
			 struct err *e)
{
	switch (d->provider) {
	case DEVICE_PKCS11:
		return pkcs11_ready(d, passphrase, out, e);
	case DEVICE_COMMAND:
		return command_open(d, out, e);
	}
	return err_system(e, "a device of an unknown kind");
}

static bool external_wanted(const struct ring_filter *filter, const struct device *d)
{
	struct keyfile key;

	external_key(d, &key);
	return filter == NULL || filter->wanted(filter->self, &key);
}

bool external_open(const struct device *devices, size_t count, const struct ring_filter *filter,
		   struct str passphrase, struct signer **out, struct err *e)
{
	struct external *x = calloc(1, sizeof *x);
	struct signer_backend backend = {
		.self = x,
		.public = external_public,
		.sign = external_sign,
		.hmac = external_hmac,
		.select = external_select,
		.free = external_free,
	};

	if (x == NULL)
		return err_memory(e, "the keys on devices");
	x->keys = calloc(count + 1, sizeof *x->keys);
	if (x->keys == NULL) {
		external_free(x);
		return err_memory(e, "the keys on devices");
	}
	for (size_t i = 0; i < count; i++) {
		struct external_key *k = &x->keys[x->count];

		if (!external_wanted(filter, &devices[i]))
			continue;
		if (!device_ready(&devices[i], passphrase, &k->hand, e)) {
			external_free(x);
			return err_in(e, "%s key on a device", role_name(devices[i].role));
		}
		k->device = &devices[i];
		x->count++;
	}
	return signer_new(&backend, out, e);
}
