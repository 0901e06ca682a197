/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_SEAL_ESS_H
#define HUFU_SEAL_ESS_H

#include <openssl/cms.h>

#include "base/err.h"

/*
 * Does the signed attribute signing-certificate-v2 (RFC 5035), or signing-certificate (RFC 2634), name this certificate by
 * its hash, first of all?  The one attribute may stand once.  `old`: the older one, whose hash is SHA-1, is enough.
 * ERR_SYSTEM SEAL-ESS.
 */
bool ess_names(CMS_SignerInfo *si, X509 *signer, bool old, struct err *e) MUST_CHECK;

#endif
