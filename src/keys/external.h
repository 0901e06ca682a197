/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_KEYS_EXTERNAL_H
#define HUFU_KEYS_EXTERNAL_H

#include "keys/device.h"
#include "keys/keyfile.h"
#include "keys/ring.h"
#include "keys/signer.h"

/*
 * KEYS/external.json, written by the issuer, private as private_read asks (it names programs that are run): which keys
 * are not files of the home.  Roles issuing, status, log and manifest; no role and public key twice; nothing else in it:
 *
 *   {"schema": "hufu.external/1", "signers": [
 *     {"role": "issuing", "number": 1, "public": hex, "provider": "pkcs11", "module": "/usr/lib/….so",
 *      "token": "hufu", "label": "issuing-1", "pin_file": "/run/credentials/hufu/pin"},
 *     {"role": "log", "number": 0, "public": hex, "provider": "command", "argv": ["/usr/local/bin/sign", "log"]}]}
 *
 * The PIN is a private file of its own, its final line break dropped; without "pin_file" it is the home's passphrase.
 * The home secret always is a file.
 */
enum { EXTERNAL_MAX = 64, EXTERNAL_BYTES_MAX = 64 * 1024 };

/* The keys it names, in its order; none when there is no such file. */
bool external_list(struct arena *a, const char *keys_dir, struct device **out, size_t *count,
		   struct err *e) MUST_CHECK;

/* The same from the file's text, which is hostile. */
bool external_read(struct arena *a, struct str text, struct device **out, size_t *count,
		   struct err *e) MUST_CHECK;

/* As a key file would say it, for a ring_filter. */
void external_key(const struct device *device, struct keyfile *out);

/*
 * A signer with those the filter wants (NULL: all), each made ready.  Of several with one role and number the first
 * signs, unless signer_select names another.  A signature that its public key does not verify is ERR_SYSTEM and goes
 * nowhere.  `devices` outlives the signer.  One thread at a time.
 */
bool external_open(const struct device *devices, size_t count, const struct ring_filter *filter,
		   struct str passphrase, struct signer **out, struct err *e) MUST_CHECK;

#endif
