/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_KEYPLAN_H
#define HUFU_SEAL_KEYPLAN_H

#include "base/str.h"

/* Where the private key of a seal is; sealkey.h opens it. */
enum sealkey_kind {
	SEALKEY_PEM,      /* a PEM file, PKCS#8 or traditional, encrypted or not */
	SEALKEY_PKCS12,   /* a PKCS#12 file: key, certificate and what belongs to it */
	SEALKEY_PKCS11,   /* on a token */
	SEALKEY_EXTERNAL, /* somebody else signs what sealer_attributes gives; nothing is opened */
};

enum { SEALKEY_FILE_MAX = 256 * 1024, SEALKEY_PIN_MAX = 255 };

struct sealkey_plan {
	enum sealkey_kind kind;
	const char *path;                   /* the file; read by its owner only (keys/private.h) */
	const char *module, *token, *label; /* of SEALKEY_PKCS11, see cryptoki.h */
	struct str pin; /* PIN of the token or passphrase of the file, empty for none; not kept */
};

#endif
