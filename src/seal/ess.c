/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/ess.h"

#include <openssl/evp.h>

#include "base/hash.h"
#include "seal/der.h"
#include "seal/fault.h"

static const struct ess_hash {
	struct str oid;
	const EVP_MD *(*md)(void);
} hashes[] = {
	{ { "\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9 }, EVP_sha256 },
	{ { "\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9 }, EVP_sha384 },
	{ { "\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9 }, EVP_sha512 },
};

/* The content of the attribute's one value; p NULL when it is not there once. */
static struct str attribute(CMS_SignerInfo *si, int nid)
{
	ASN1_STRING *value = CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(nid), -3, V_ASN1_SEQUENCE);

	if (value == NULL)
		return (struct str){ 0 };
	return str_bytes(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
}

/* The first ESSCertID's hash; *md what it is by. */
static bool first_hash(struct str value, bool v2, const EVP_MD **md, struct str *hash,
		       struct err *e)
{
	struct der all, certs, id, algorithm, oid, out;
	struct str rest;
	bool named = false;

	*md = v2 ? EVP_sha256() : EVP_sha1();
	if (!der_only(value, DER_SEQUENCE, &all, e) ||
	    !der_read(&all.content, DER_SEQUENCE, &certs, e) ||
	    !der_read(&certs.content, DER_SEQUENCE, &id, e))
		return false;
	rest = id.content;
	if (v2 && !der_maybe(&rest, DER_SEQUENCE, &algorithm, &named, e))
		return false;
	if (named) {
		if (!der_read(&algorithm.content, DER_OID, &oid, e))
			return false;
		*md = NULL;
		for (size_t i = 0; i < COUNT_OF(hashes); i++)
			if (str_eq(hashes[i].oid, oid.content))
				*md = hashes[i].md();
	}
	if (!der_read(&rest, DER_OCTET_STRING, &out, e))
		return false;
	*hash = out.content;
	return true;
}

bool ess_names(CMS_SignerInfo *si, X509 *signer, bool old, struct err *e)
{
	struct str value = attribute(si, NID_id_smime_aa_signingCertificateV2), hash = { 0 };
	unsigned char own[EVP_MAX_MD_SIZE];
	const EVP_MD *md = NULL;
	unsigned n = 0;
	bool v2 = value.p != NULL;
	struct err why;

	if (!v2 && old)
		value = attribute(si, NID_id_smime_aa_signingCertificate);
	if (value.p == NULL)
		return fault_raise(e, "SEAL-ESS",
				   "the signature does not say by which certificate it was made");
	if (!first_hash(value, v2, &md, &hash, &why) || md == NULL ||
	    X509_digest(signer, md, own, &n) != 1)
		return fault_raise(e, "SEAL-ESS",
				   "the signature's certificate is named unreadably");
	if (hash.n == n && bytes_equal(own, hash.p, n))
		return true;
	return fault_raise(e, "SEAL-ESS", "the signature names another certificate than its own");
}
