/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_DEVICE_H
#define HUFU_KEYS_DEVICE_H

#include "keys/ed25519.h"
#include "keys/role.h"

/*
 * A key that is not a file of ours: where it is, and what signs with it.  p11.h and command.h make one ready; external.h
 * reads which there are and stands in front of them.
 */
enum device_provider { DEVICE_PKCS11, DEVICE_COMMAND };

enum { DEVICE_ARGS_MAX = 16 };

struct device {
	enum key_role role;
	unsigned number;
	struct ed25519_public public; /* what the device says it holds; every signature is checked with it */
	enum device_provider provider;
	/* DEVICE_PKCS11: the library's path, the token's label, the key's label; NULL: the home's passphrase is the PIN */
	const char *module, *token, *label, *pin_file;
	/* DEVICE_COMMAND: program by its absolute path, and its arguments; NULL-terminated */
	char *argv[DEVICE_ARGS_MAX + 1];
};

/* A device made ready.  `sign` gets bytes the signer has shaped; one thread at a time. */
struct device_hand {
	void *self;
	bool (*sign)(void *self, struct str bytes, unsigned char out[ED25519_SIGNATURE],
		     struct err *e);
	void (*free)(void *self);
};

#endif
