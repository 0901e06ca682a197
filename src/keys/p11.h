/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_P11_H
#define HUFU_KEYS_P11_H

#include "keys/device.h"

/*
 * An Ed25519 key on a PKCS#11 token (PKCS#11 3.0: CKK_EC_EDWARDS, CKM_EDDSA without parameters is pure Ed25519).  Loads
 * the library, logs in with the PIN and finds the one private key with the label; ERR_SYSTEM names what was not there.
 * The library runs in this process and sees all of its memory: let it be one that holds no other keys.
 */
bool p11_open(const struct device *device, struct str pin, struct device_hand *out,
	      struct err *e) MUST_CHECK;

#endif
