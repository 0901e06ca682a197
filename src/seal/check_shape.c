/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/objects.h>

#include "seal/check_inner.h"
#include "seal/der.h"

/*
 * The shape of SignedData (RFC 5652 §5).  What its signature does not cover, and nothing else looks at, must be as it is
 * written, so that no byte can be changed unseen: versions, the set of digests, parameters, algorithms.
 */

enum { VERSION_SEAL = 1, VERSION_TOKEN = 3, SIGNER_ISSUER = 1, SIGNER_KEY_ID = 3 };

#define OID_SIGNED_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
#define OID_STAMP STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")

static bool form(struct err *e, const char *what)
{
	return err_input(e, "DER-FORM", "%s", what);
}

/* An AlgorithmIdentifier without parameters or with NULL; PSS and the like are none of ours. */
static bool algorithm_read(const struct der *v, int *nid, struct err *e)
{
	struct str in = v->content;
	const unsigned char *p;
	ASN1_OBJECT *name;
	struct der oid, null;
	bool found;

	if (!der_read(&in, DER_OID, &oid, e) || !der_maybe(&in, DER_NULL, &null, &found, e))
		return false;
	if (in.n > 0)
		return form(e, "an algorithm with parameters");
	p = (const unsigned char *)oid.whole.p;
	name = d2i_ASN1_OBJECT(NULL, &p, (long)oid.whole.n);
	*nid = name == NULL ? NID_undef : OBJ_obj2nid(name);
	ASN1_OBJECT_free(name);
	return *nid != NID_undef || form(e, "an algorithm that is not known");
}

/* rsaEncryption says nothing of the hash (RFC 3370 §3.2); the others name the digest's. */
static bool algorithms_fit(const struct der *digest, const struct der *signature, struct err *e)
{
	int hash, sign, of_hash = NID_undef, of_key;

	if (!algorithm_read(digest, &hash, e) || !algorithm_read(signature, &sign, e))
		return false;
	if (sign == NID_rsaEncryption ||
	    (OBJ_find_sigid_algs(sign, &of_hash, &of_key) == 1 && of_hash == hash))
		return true;
	return form(e, "signature and digest by different hashes");
}

/* The set of digests is the signer's alone; time stamp services write NULL in one place and nothing in the other. */
static bool digests_fit(struct str set, const struct der *digest, struct err *e)
{
	struct der one;
	int a, b;

	if (!der_only(set, DER_SEQUENCE, &one, e) || !algorithm_read(&one, &a, e) ||
	    !algorithm_read(digest, &b, e))
		return false;
	return a == b || form(e, "a digest that is not the signer's");
}

/* Version and who: by issuer and serial number, or by key identifier. */
static bool identifier_read(struct str *in, bool token, struct err *e)
{
	struct der v, who;
	uint32_t version;

	if (!der_read(in, DER_INTEGER, &v, e) || !der_number(&v, &version, e) ||
	    !der_next(in, &who, e))
		return false;
	if (version == SIGNER_ISSUER && who.tag == DER_SEQUENCE)
		return true;
	return (token && version == SIGNER_KEY_ID && who.tag == DER_CONTEXT) ||
	       form(e, "a signer of another version");
}

/* SignerInfo: version, who, digest, [0] signed attributes, algorithm, signature, [1] one attribute at most. */
static bool signer_read(struct str in, struct str digests, bool token, struct err *e)
{
	struct der v, digest, algorithm, added, one;
	bool found;

	if (!identifier_read(&in, token, e) || !der_read(&in, DER_SEQUENCE, &digest, e) ||
	    !der_read(&in, DER_CONSTRUCTED, &v, e) || !der_read(&in, DER_SEQUENCE, &algorithm, e) ||
	    !der_read(&in, DER_OCTET_STRING, &v, e) ||
	    !der_maybe(&in, DER_CONSTRUCTED + 1, &added, &found, e))
		return false;
	if (in.n > 0)
		return form(e, "a signer of another shape");
	return digests_fit(digests, &digest, e) && algorithms_fit(&digest, &algorithm, e) &&
	       (!found || der_only(added.content, DER_SEQUENCE, &one, e));
}

/* EncapsulatedContentInfo: data that is elsewhere, or what a token says. */
static bool content_read(struct str in, bool token, struct err *e)
{
	struct der oid, explicit, octets;

	if (!der_read(&in, DER_OID, &oid, e))
		return false;
	if (!token)
		return (str_eq(oid.content, OID_DATA) && in.n == 0) ||
		       form(e, "content of another kind, or inside the signature");
	if (!str_eq(oid.content, OID_STAMP))
		return form(e, "no time stamp");
	return der_only(in, DER_CONSTRUCTED, &explicit, e) &&
	       der_only(explicit.content, DER_OCTET_STRING, &octets, e);
}

static bool data_read(struct str in, bool token, struct err *e)
{
	struct der v, digests, content, signers, one;
	uint32_t version;

	if (!der_read(&in, DER_INTEGER, &v, e) || !der_number(&v, &version, e) ||
	    !der_read(&in, DER_SET, &digests, e) || !der_read(&in, DER_SEQUENCE, &content, e) ||
	    !der_read(&in, DER_CONSTRUCTED, &v, e) || !der_read(&in, DER_SET, &signers, e))
		return false;
	if (in.n > 0 || version != (token ? VERSION_TOKEN : VERSION_SEAL))
		return form(e, "a SignedData of another version");
	if (!content_read(content.content, token, e))
		return false;
	in = signers.content;
	if (!der_next(&in, &one, e))
		return form(e, "no signer");
	if (in.n > 0)
		return form(e, "more than one signer");
	return signer_read(one.content, digests.content, token, e);
}

bool check_shape(struct str cms, bool token, struct err *e)
{
	struct der info, oid, explicit, data;
	struct str in;

	if (!der_check(cms, e) || !der_only(cms, DER_SEQUENCE, &info, e))
		return false;
	in = info.content;
	if (!der_read(&in, DER_OID, &oid, e))
		return false;
	if (!str_eq(oid.content, OID_SIGNED_DATA))
		return form(e, "no SignedData");
	return der_only(in, DER_CONSTRUCTED, &explicit, e) &&
	       der_only(explicit.content, DER_SEQUENCE, &data, e) &&
	       data_read(data.content, token, e);
}
