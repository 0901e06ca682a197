/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "check.h"
#include "keys/ed25519.h"
#include "keys/ring.h"

static void unhex(const char *hex, void *out, size_t n)
{
	CHECK(enc_unhex(str_of(hex), out, n));
}

/* The points of order 1, 2, 4, 8 and every encoding of them that fits 255 bits and a sign, canonical or not. */
static const char *const small_order[] = {
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

/* RFC 8032 §7.1: TEST 1, 2, 3, SHA(abc). */
static const struct vector {
	const char *seed, *public, *message, *signature;
} vectors[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
	  "d25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
	  "387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
	  "4a7c15e9716ed28dc027beceea1ec40a" },
	{ "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
	  "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
	  "454d4423643ce80e2a9ac94fa54ca49f",
	  "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
	  "3dca179c138ac17ad9bef1177331a704" },
};

TEST(a_public_key_of_low_order_is_refused_in_every_encoding)
{
	unsigned char bytes[32];
	struct err e;

	OK(ed25519_start(&e), e);
	for (size_t i = 0; i < COUNT_OF(small_order); i++) {
		struct ed25519_public key = { { 0x55 } };

		unhex(small_order[i], bytes, sizeof bytes);
		if (ed25519_public_read(str_bytes(bytes, sizeof bytes), &key, &e))
			CHECK(!small_order[i]);
		EQ_C(e.code, "KEY-WEAK");
		EQ_INT(key.bytes[0], 0x55);
	}
}

TEST(a_public_key_that_is_no_point_of_the_group_is_refused)
{
	static const char *const bad[] = {
		"0200000000000000000000000000000000000000000000000000000000000000", /* y = 2: no x */
		"0700000000000000000000000000000000000000000000000000000000000000", /* y = 7: no x */
		/* y = p + 3, p + 4: on the curve when reduced, so only the canonical check can refuse them */
		"f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		/* the key of RFC 8032 TEST 1 plus the point of order 2 */
		"16a567fe7d4ef5482ab4012c369bf8c5f11e8d0c2559dcda50fde59708f8aee5",
	};
	unsigned char bytes[33] = { 0 };
	struct ed25519_public key;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		unhex(bad[i], bytes, 32);
		if (ed25519_public_read(str_bytes(bytes, 32), &key, &e))
			CHECK(!bad[i]);
	}
	unhex(vectors[0].public, bytes, 32);
	CHECK(!ed25519_public_read(str_bytes(bytes, 31), &key, &e));
	CHECK(!ed25519_public_read(str_bytes(bytes, 33), &key, &e));
	CHECK(!ed25519_public_read((struct str){ NULL, 0 }, &key, &e));
	EQ_C(e.code, "KEY-LENGTH");
	OK(ed25519_public_read(str_bytes(bytes, 32), &key, &e), e);
}

TEST(a_signature_that_fits_any_message_under_a_small_key_is_refused)
{
	/* R = identity, S = 0 verifies under a key of low order wherever only the equation is checked. */
	unsigned char signature[64] = { 1 };

	for (size_t i = 0; i < COUNT_OF(small_order); i++) {
		struct ed25519_public key;

		unhex(small_order[i], key.bytes, sizeof key.bytes);
		if (ed25519_verify(&key, STR("any"), signature))
			CHECK(!small_order[i]);
	}
}

TEST(rfc_8032_signatures_verify)
{
	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		unsigned char bytes[32], message[64] = { 0 }, signature[64];
		size_t n = strlen(vectors[i].message) / 2;
		struct ed25519_public key;
		struct err e;

		unhex(vectors[i].public, bytes, sizeof bytes);
		unhex(vectors[i].message, message, n);
		unhex(vectors[i].signature, signature, sizeof signature);
		OK(ed25519_public_read(str_bytes(bytes, sizeof bytes), &key, &e), e);
		CHECK(ed25519_verify(&key, str_bytes(message, n), signature));
		message[0] ^= 1;
		CHECK(!ed25519_verify(&key, str_bytes(message, n > 0 ? n : 1), signature));
	}
}

TEST(rfc_8032_seeds_give_their_public_keys)
{
	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		struct ring_seed seed = { .role = ROLE_LOG };
		struct ed25519_public key;
		struct signer *signer;
		unsigned char want[32];
		struct err e;

		unhex(vectors[i].seed, seed.seed, sizeof seed.seed);
		unhex(vectors[i].public, want, sizeof want);
		if (!OK(ring_of_seeds(&seed, 1, &signer, &e), e))
			return;
		OK(signer_public(signer, ROLE_LOG, 0, &key, &e), e);
		EQ_BYTES(key.bytes, want, sizeof want);
		signer_free(signer);
	}
}

TEST(a_signature_with_one_bit_flipped_is_refused)
{
	unsigned char signature[64];
	struct ed25519_public key;

	unhex(vectors[1].public, key.bytes, sizeof key.bytes);
	unhex(vectors[1].signature, signature, sizeof signature);
	for (size_t bit = 0; bit < 512; bit++) {
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
		if (ed25519_verify(&key, STR("\x72"), signature))
			EQ_INT(bit, -1);
		signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	CHECK(ed25519_verify(&key, STR("\x72"), signature));
}

TEST(a_signature_whose_s_is_not_below_the_order_is_refused)
{
	static const unsigned char order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
						 0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
						 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };

	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		unsigned char signature[64], message[64];
		struct ed25519_public key;
		unsigned carry = 0;

		unhex(vectors[i].public, key.bytes, sizeof key.bytes);
		unhex(vectors[i].message, message, strlen(vectors[i].message) / 2);
		unhex(vectors[i].signature, signature, sizeof signature);
		for (size_t k = 0; k < 32; k++) {
			carry += signature[32 + k] + (unsigned)order[k];
			signature[32 + k] = (unsigned char)(carry & 0xff);
			carry >>= 8;
		}
		CHECK(!ed25519_verify(&key, str_bytes(message, strlen(vectors[i].message) / 2),
				      signature));
	}
}

TEST(a_kid_is_the_beginning_of_the_keys_sha_256)
{
	struct ed25519_public key;
	unsigned char kid[KID_SIZE];

	unhex("fe12b7dd0eaa241fe9f079042ef979e0bb83f60587d16289fb933d45ead6e22e", key.bytes,
	      sizeof key.bytes);
	ed25519_kid(&key, kid);
	EQ_BYTES(kid, "\x37\xa4\x50\x4d", 4);
}

TEST(roles_and_states_are_read_as_they_are_written)
{
	for (enum key_role role = ROLE_ROOT; role <= ROLE_HOME; role++) {
		enum key_role back;

		CHECK(role_read(str_of(role_name(role)), &back) && back == role);
	}
	for (enum key_state state = KEY_PLANNED; state <= KEY_COMPROMISED; state++) {
		enum key_state back;

		CHECK(state_read(str_of(state_name(state)), &back) && back == state);
	}
	CHECK(!role_read(STR("Root"), &(enum key_role){ 0 }));
	CHECK(!role_read(STR("root\0"), &(enum key_role){ 0 }));
	CHECK(!role_read((struct str){ NULL, 0 }, &(enum key_role){ 0 }));
	CHECK(!state_read(STR("activ"), &(enum key_state){ 0 }));
}
