/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PKCS#11 library in front of SoftHSM's, for tests: counts the logins in the file $SHIM/logins, and does what the first
 * byte of $SHIM/fault says: r the token is gone when it shall sign, o it has logged us out, d it is out of order, w its
 * signature is wrong, l one try of the PIN is left.
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST *real, own;

static int fault(void)
{
	char path[512];
	FILE *f;
	int c = 0;

	snprintf(path, sizeof path, "%s/fault", getenv("SHIM"));
	f = fopen(path, "r");
	if (f != NULL) {
		c = fgetc(f);
		fclose(f);
	}
	return c;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG n)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/logins", getenv("SHIM"));
	f = fopen(path, "a");
	if (f != NULL) {
		fputc('L', f);
		fclose(f);
	}
	return real->C_Login(session, user, pin, n);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *in, CK_ULONG n, CK_BYTE *out, CK_ULONG *size)
{
	CK_RV rv = real->C_Sign(session, in, n, out, size);

	switch (fault()) {
	case 'r':
		return CKR_DEVICE_REMOVED;
	case 'o':
		return CKR_USER_NOT_LOGGED_IN;
	case 'd':
		return CKR_DEVICE_ERROR;
	case 'w':
		out[*size - 1] ^= 1;
	}
	return rv;
}

static CK_RV info(CK_SLOT_ID slot, CK_TOKEN_INFO *out)
{
	CK_RV rv = real->C_GetTokenInfo(slot, out);

	if (fault() == 'l')
		out->flags |= CKF_USER_PIN_FINAL_TRY;
	return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **out)
{
	CK_C_GetFunctionList list;
	void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL), *symbol;

	if (library == NULL || (symbol = dlsym(library, "C_GetFunctionList")) == NULL)
		return CKR_GENERAL_ERROR;
	memcpy(&list, &symbol, sizeof list);
	if (list(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	own = *real;
	own.C_Login = login;
	own.C_Sign = sign;
	own.C_GetTokenInfo = info;
	*out = &own;
	return CKR_OK;
}
