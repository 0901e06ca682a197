/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/p11.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>

#include "keys/secret.h"

enum { SLOTS_MAX = 64, TOKEN_LABEL = 32, PIN_MAX = 256 };

struct p11 {
	void *library;
	CK_FUNCTION_LIST *calls;
	CK_SESSION_HANDLE session;
	bool in_session;
	CK_OBJECT_HANDLE key;
};

/* PKCS#11 knows some hundred codes; these are the ones a user can do something about. */
static bool refused(struct err *e, const char *what, CK_RV code)
{
	static const struct {
		CK_RV code;
		const char *words;
	} known[] = {
		{ CKR_PIN_INCORRECT, "the PIN is wrong" },
		{ CKR_PIN_LEN_RANGE, "the PIN is wrong" },
		{ CKR_PIN_LOCKED, "the PIN is locked" },
		{ CKR_TOKEN_NOT_PRESENT, "the token was taken out" },
		{ CKR_DEVICE_REMOVED, "the token was taken out" },
		{ CKR_DEVICE_ERROR, "the token is out of order" },
		{ CKR_MECHANISM_INVALID, "the token has no Ed25519" },
		{ CKR_KEY_TYPE_INCONSISTENT, "the key is not Ed25519" },
		{ CKR_USER_NOT_LOGGED_IN, "the token has logged us out" },
		{ CKR_SESSION_HANDLE_INVALID, "the token has logged us out" },
	};

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i].code == code)
			return err_system(e, "%s: %s", what, known[i].words);
	return err_system(e, "%s: PKCS#11 error 0x%lx", what, code);
}

/* The library's calls, initialised; NULL (*e) when it has none. */
static CK_FUNCTION_LIST *library_load(struct p11 *p, const char *path, struct err *e)
{
	CK_C_INITIALIZE_ARGS arguments = { .flags = CKF_OS_LOCKING_OK };
	CK_FUNCTION_LIST *calls = NULL;
	CK_C_GetFunctionList list;
	void *symbol;
	CK_RV bad;

	p->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (p->library == NULL) {
		err_system(e, "cannot load the PKCS#11 library '%s'", path);
		return NULL;
	}
	symbol = dlsym(p->library, "C_GetFunctionList");
	if (symbol == NULL) {
		err_system(e, "'%s' is no PKCS#11 library", path);
		return NULL;
	}
	memcpy(&list, &symbol, sizeof list); /* POSIX promises that this works, C does not */
	bad = list(&calls);
	if (bad == CKR_OK && calls == NULL)
		bad = CKR_GENERAL_ERROR;
	if (bad == CKR_OK)
		bad = calls->C_Initialize(&arguments);
	/* Another key of the same library may have initialised it. */
	if (bad == CKR_OK || bad == CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return calls;
	refused(e, path, bad);
	return NULL;
}

/* Labels are 32 bytes, filled with spaces. */
static bool label_is(const CK_UTF8CHAR label[TOKEN_LABEL], struct str name)
{
	struct str padded = str_bytes(label, TOKEN_LABEL);

	while (padded.n > 0 && padded.p[padded.n - 1] == ' ')
		padded.n--;
	return str_eq(padded, name);
}

static bool slot_find(const struct p11 *p, const char *token, CK_SLOT_ID *out, struct err *e)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_TOKEN_INFO info;
	size_t found = 0;
	CK_RV bad = p->calls->C_GetSlotList(CK_TRUE, slots, &count);

	if (bad != CKR_OK)
		return refused(e, "the list of tokens", bad);
	for (CK_ULONG i = 0; i < count; i++) {
		if (p->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
		    !label_is(info.label, str_of(token)))
			continue;
		*out = slots[i];
		found++;
	}
	if (found == 1)
		return true;
	return err_system(e, found == 0 ? "there is no token '%s'" : "two tokens are named '%s'",
			  token);
}

static bool log_in(struct p11 *p, CK_SLOT_ID slot, struct str pin, struct err *e)
{
	unsigned char own[PIN_MAX]; /* the call takes no constant */
	CK_RV bad = p->calls->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &p->session);

	if (bad != CKR_OK)
		return refused(e, "the token", bad);
	p->in_session = true;
	if (pin.n == 0 || pin.n > sizeof own)
		return err_system(e, "a PIN of %zu bytes", pin.n);
	memcpy(own, pin.p, pin.n);
	bad = p->calls->C_Login(p->session, CKU_USER, own, pin.n);
	secret_wipe(own, sizeof own);
	return bad == CKR_OK || bad == CKR_USER_ALREADY_LOGGED_IN || refused(e, "the token", bad);
}

static bool key_find(struct p11 *p, const char *label, struct err *e)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_UTF8CHAR name[128];
	CK_ATTRIBUTE wanted[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_LABEL, name, strlen(label) },
	};
	CK_OBJECT_HANDLE keys[2] = { 0 };
	CK_ULONG count = 0;
	CK_RV bad;

	if (strlen(label) > sizeof name)
		return err_system(e, "the key's label is too long");
	memcpy(name, label, strlen(label));
	bad = p->calls->C_FindObjectsInit(p->session, wanted, COUNT_OF(wanted));
	if (bad == CKR_OK)
		bad = p->calls->C_FindObjects(p->session, keys, COUNT_OF(keys), &count);
	if (bad != CKR_OK)
		return refused(e, "the search for a key", bad);
	(void)p->calls->C_FindObjectsFinal(p->session);
	p->key = keys[0];
	if (count == 1)
		return true;
	return err_system(e,
			  count == 0 ? "the token has no private key '%s'"
				     : "the token has two private keys '%s'",
			  label);
}

static bool p11_sign(void *self, struct str bytes, unsigned char out[ED25519_SIGNATURE],
		     struct err *e)
{
	struct p11 *p = self;
	CK_MECHANISM eddsa = { .mechanism = CKM_EDDSA };
	CK_ULONG size = ED25519_SIGNATURE;
	union {
		const char *given;
		CK_BYTE *taken;
	} message = { bytes.p }; /* the call takes no constant, but changes nothing */
	CK_RV bad = p->calls->C_SignInit(p->session, &eddsa, p->key);

	if (bad == CKR_OK)
		bad = p->calls->C_Sign(p->session, message.taken, bytes.n, out, &size);
	if (bad != CKR_OK)
		return refused(e, "the token signs nothing", bad);
	return size == ED25519_SIGNATURE ||
	       err_system(e, "the token made a signature of %lu bytes", size);
}

static void p11_free(void *self)
{
	struct p11 *p = self;

	if (p->in_session)
		(void)p->calls->C_CloseSession(p->session);
	if (p->library != NULL)
		(void)dlclose(p->library);
	free(p);
}

bool p11_open(const struct device *device, struct str pin, struct device_hand *out, struct err *e)
{
	struct p11 *p = calloc(1, sizeof *p);
	CK_SLOT_ID slot = 0;

	if (p == NULL)
		return err_memory(e, "a token");
	p->calls = library_load(p, device->module, e);
	if (p->calls == NULL || !slot_find(p, device->token, &slot, e) ||
	    !log_in(p, slot, pin, e) || !key_find(p, device->label, e)) {
		p11_free(p);
		return false;
	}
	*out = (struct device_hand){ p, p11_sign, p11_free };
	return true;
}
