/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/cryptoki.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>

#include "keys/secret.h"
#include "seal/der.h"
#include "seal/fault.h"

enum {
	SLOTS_MAX = 64,
	TOKEN_LABEL = 32,
	KEY_LABEL = 128,
	PIN_MAX = 256,
	SIGNATURE_MAX = 512, /* RSA-4096 */
	HASH = 32
};

/* DigestInfo of SHA-256 (RFC 8017 section 9.2), before the hash. */
static const unsigned char digest_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
					     0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
					     0x01, 0x05, 0x00, 0x04, 0x20 };

struct cryptoki {
	void *library;
	CK_FUNCTION_LIST *calls;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	bool in_session;
	CK_OBJECT_HANDLE key;
	bool rsa;
	char module[4096], label[KEY_LABEL + 1];
};

/* PKCS#11 knows some hundred codes; these are the ones a user can do something about. */
static bool refused(struct err *e, const char *what, CK_RV rv)
{
	static const struct {
		CK_RV rv;
		const char *code, *words;
	} known[] = {
		{ CKR_PIN_INCORRECT, "SEAL-PIN", "the PIN is wrong; it is not tried again" },
		{ CKR_PIN_LEN_RANGE, "SEAL-PIN", "the PIN is wrong; it is not tried again" },
		{ CKR_PIN_INVALID, "SEAL-PIN", "the PIN is wrong; it is not tried again" },
		{ CKR_PIN_LOCKED, "SEAL-PIN-LOCKED", "the PIN is locked" },
		{ CKR_PIN_EXPIRED, "SEAL-PIN-LOCKED", "the PIN has expired" },
		{ CKR_TOKEN_NOT_PRESENT, "SEAL-TOKEN-REMOVED", "the token was taken out" },
		{ CKR_DEVICE_REMOVED, "SEAL-TOKEN-REMOVED", "the token was taken out" },
		{ CKR_SESSION_HANDLE_INVALID, "SEAL-TOKEN-REMOVED",
		  "the token has ended the session" },
		{ CKR_SESSION_CLOSED, "SEAL-TOKEN-REMOVED", "the token has ended the session" },
		{ CKR_OBJECT_HANDLE_INVALID, "SEAL-TOKEN-REMOVED", "the key is gone" },
		{ CKR_KEY_HANDLE_INVALID, "SEAL-TOKEN-REMOVED", "the key is gone" },
		{ CKR_USER_NOT_LOGGED_IN, "SEAL-TOKEN-REMOVED", "the token has logged us out" },
		{ CKR_DEVICE_ERROR, "SEAL-TOKEN-FAILED", "the token is out of order" },
		{ CKR_MECHANISM_INVALID, "SEAL-TOKEN-FAILED", "the token does not sign this way" },
	};

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i].rv == rv)
			return fault_raise(e, known[i].code, "%s: %s", what, known[i].words);
	return fault_raise(e, "SEAL-TOKEN-FAILED", "%s: PKCS#11 error 0x%lx", what, rv);
}

/* The library's calls, initialised, into c. */
static bool library_load(struct cryptoki *c, struct err *e)
{
	CK_C_INITIALIZE_ARGS arguments = { .flags = CKF_OS_LOCKING_OK };
	CK_C_GetFunctionList list;
	void *symbol;
	CK_RV rv;

	c->library = dlopen(c->module, RTLD_NOW | RTLD_LOCAL);
	if (c->library == NULL)
		return fault_raise(e, "SEAL-TOKEN", "cannot load the PKCS#11 library '%s'",
				   c->module);
	symbol = dlsym(c->library, "C_GetFunctionList");
	if (symbol == NULL)
		return fault_raise(e, "SEAL-TOKEN", "'%s' is no PKCS#11 library", c->module);
	memcpy(&list, &symbol, sizeof list); /* POSIX promises that this works, C does not */
	rv = list(&c->calls);
	if (rv == CKR_OK && c->calls == NULL)
		rv = CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		rv = c->calls->C_Initialize(&arguments);
	/* Another key of the same library may have initialised it. */
	return rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED || refused(e, c->module, rv);
}

/* Labels are 32 bytes, filled with spaces. */
static bool label_is(const CK_UTF8CHAR label[TOKEN_LABEL], struct str name)
{
	struct str padded = str_bytes(label, TOKEN_LABEL);

	while (padded.n > 0 && padded.p[padded.n - 1] == ' ')
		padded.n--;
	return str_eq(padded, name);
}

static bool slot_find(struct cryptoki *c, const char *token, CK_FLAGS *flags, struct err *e)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_TOKEN_INFO info;
	size_t found = 0;
	CK_RV rv = c->calls->C_GetSlotList(CK_TRUE, slots, &count);

	if (rv != CKR_OK)
		return refused(e, "the list of tokens", rv);
	for (CK_ULONG i = 0; i < count; i++) {
		if (c->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
		    !label_is(info.label, str_of(token)))
			continue;
		c->slot = slots[i];
		*flags = info.flags;
		found++;
	}
	if (found == 1)
		return true;
	return fault_raise(e, "SEAL-TOKEN", "%s '%s'",
			   found == 0 ? "there is no token" : "two tokens are named", token);
}

static bool session_open(struct cryptoki *c, struct err *e)
{
	CK_RV rv = c->calls->C_OpenSession(c->slot, CKF_SERIAL_SESSION, NULL, NULL, &c->session);

	c->in_session = rv == CKR_OK;
	return c->in_session || refused(e, "the token", rv);
}

static bool log_in(struct cryptoki *c, CK_FLAGS flags, struct str pin, struct err *e)
{
	unsigned char own[PIN_MAX]; /* the call takes no constant */
	CK_RV rv;

	if (pin.n == 0 || pin.n > sizeof own)
		return fault_raise(e, "SEAL-PIN", "a PIN of %zu bytes", pin.n);
	if ((flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) != 0)
		return fault_raise(
			e, "SEAL-PIN-LOCKED",
			"the token's PIN is locked, or one try is left: log in once by the "
			"token's own program");
	memcpy(own, pin.p, pin.n);
	rv = c->calls->C_Login(c->session, CKU_USER, own, pin.n);
	secret_wipe(own, sizeof own);
	return rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN || refused(e, "the token", rv);
}

static bool key_kind(struct cryptoki *c, struct err *e)
{
	CK_KEY_TYPE type = 0;
	CK_ATTRIBUTE wanted = { CKA_KEY_TYPE, &type, sizeof type };
	CK_RV rv = c->calls->C_GetAttributeValue(c->session, c->key, &wanted, 1);

	if (rv != CKR_OK)
		return refused(e, "the key on the token", rv);
	c->rsa = type == CKK_RSA;
	return c->rsa || type == CKK_EC ||
	       fault_raise(e, "SEAL-KEY-KIND", "the token's key '%s' is neither RSA nor ECDSA",
			   c->label);
}

static bool key_find(struct cryptoki *c, struct err *e)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_UTF8CHAR name[KEY_LABEL];
	CK_ATTRIBUTE wanted[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_LABEL, name, strlen(c->label) },
	};
	CK_OBJECT_HANDLE keys[2] = { 0 };
	CK_ULONG count = 0;
	CK_RV rv;

	memcpy(name, c->label, strlen(c->label));
	rv = c->calls->C_FindObjectsInit(c->session, wanted, COUNT_OF(wanted));
	if (rv == CKR_OK)
		rv = c->calls->C_FindObjects(c->session, keys, COUNT_OF(keys), &count);
	if (rv != CKR_OK)
		return refused(e, "the search for a key", rv);
	(void)c->calls->C_FindObjectsFinal(c->session);
	c->key = keys[0];
	if (count == 1)
		return key_kind(c, e);
	return fault_raise(e, "SEAL-TOKEN", "the token has %s '%s'",
			   count == 0 ? "no private key" : "two private keys", c->label);
}

static struct cryptoki *cryptoki_new(const char *module, const char *label, struct err *e)
{
	struct cryptoki *c = calloc(1, sizeof *c);

	if (c == NULL) {
		err_memory(e, "a token");
		return NULL;
	}
	if (snprintf(c->module, sizeof c->module, "%s", module) >= (int)sizeof c->module ||
	    snprintf(c->label, sizeof c->label, "%s", label) >= (int)sizeof c->label) {
		fault_raise(e, "SEAL-TOKEN", "the library's path or the key's label is too long");
		free(c);
		return NULL;
	}
	return c;
}

bool cryptoki_open(const struct cryptoki_plan *plan, struct cryptoki **out, struct err *e)
{
	struct cryptoki *c = cryptoki_new(plan->module, plan->label, e);
	CK_FLAGS flags = 0;

	if (c == NULL)
		return false;
	if (!library_load(c, e) || !slot_find(c, plan->token, &flags, e) || !session_open(c, e) ||
	    !log_in(c, flags, plan->pin, e) || !key_find(c, e)) {
		cryptoki_free(c);
		return false;
	}
	*out = c;
	return true;
}

bool cryptoki_fork(const struct cryptoki *from, struct cryptoki **out, struct err *e)
{
	struct cryptoki *c = cryptoki_new(from->module, from->label, e);

	if (c == NULL)
		return false;
	c->slot = from->slot;
	if (!library_load(c, e) || !session_open(c, e) || !key_find(c, e)) {
		cryptoki_free(c);
		return false;
	}
	*out = c;
	return true;
}

void cryptoki_free(struct cryptoki *c)
{
	if (c == NULL)
		return;
	if (c->in_session)
		(void)c->calls->C_CloseSession(c->session);
	if (c->library != NULL)
		(void)dlclose(c->library);
	free(c);
}

bool cryptoki_rsa(const struct cryptoki *c)
{
	return c->rsa;
}

/* r and s, each half of the bytes, as ECDSA-Sig-Value (RFC 3279 section 2.2.3). */
static bool ecdsa_value(struct str raw, struct buf *out, struct err *e)
{
	size_t half = raw.n / 2, at;

	if (raw.n == 0 || raw.n % 2 != 0)
		return fault_raise(e, "SEAL-TOKEN-FAILED",
				   "the token made a signature of %zu bytes", raw.n);
	at = der_begin(out, DER_SEQUENCE);
	der_put_unsigned(out, (struct str){ raw.p, half });
	der_put_unsigned(out, str_skip(raw, half));
	der_end(out, at);
	return buf_ok(out, "a signature", e);
}

bool cryptoki_sign(struct cryptoki *c, const unsigned char sha256[HASH], struct buf *out,
		   struct err *e)
{
	CK_MECHANISM how = { .mechanism = c->rsa ? CKM_RSA_PKCS : CKM_ECDSA };
	unsigned char in[sizeof digest_info + HASH], signature[SIGNATURE_MAX];
	CK_ULONG size = sizeof signature;
	size_t head = c->rsa ? sizeof digest_info : 0;
	CK_RV rv;

	memcpy(in, digest_info, head);
	memcpy(in + head, sha256, HASH);
	rv = c->calls->C_SignInit(c->session, &how, c->key);
	if (rv == CKR_OK)
		rv = c->calls->C_Sign(c->session, in, head + HASH, signature, &size);
	if (rv != CKR_OK)
		return refused(e, "the token signs nothing", rv);
	if (size > sizeof signature)
		return fault_raise(e, "SEAL-TOKEN-FAILED",
				   "the token made a signature of %lu bytes", size);
	if (!c->rsa)
		return ecdsa_value(str_bytes(signature, size), out, e);
	buf_put(out, signature, size);
	return buf_ok(out, "a signature", e);
}
