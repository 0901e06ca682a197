/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/box.h"

#include "base/enc.h"
#include "check.h"
#include "keys/ed25519.h"

/* Python: hashlib.blake2b(b"secret", digest_size=32, person=b"hufu/1/test"), nacl.bindings' AEAD of b"plain", aad b"data". */
#define KEY_HEX "61fcbdf7e7b9cc00219663194dcb171842495659a1d90c8caf035f6f3b1fe21c"
#define SEALED_HEX "9966e6d3d9aa76b0a41db2489188d8a1742355a678"

TEST(box_is_that_of_python)
{
	unsigned char key[BOX_KEY], want[BOX_KEY], sealed[5 + BOX_TAG], want_sealed[5 + BOX_TAG];
	struct err e = { 0 };

	OK(ed25519_start(&e), e);
	CHECK(enc_unhex(STR(KEY_HEX), want, sizeof want));
	CHECK(enc_unhex(STR(SEALED_HEX), want_sealed, sizeof want_sealed));
	box_key("hufu/1/test", STR("secret"), key);
	EQ_BYTES(key, want, sizeof key);
	box_seal(key, STR("data"), STR("plain"), sealed);
	EQ_BYTES(sealed, want_sealed, sizeof sealed);
}

TEST(box_opens_for_its_key_and_data_only)
{
	unsigned char key[BOX_KEY], other[BOX_KEY], sealed[5 + BOX_TAG], plain[5];
	struct str whole = str_bytes(sealed, sizeof sealed);

	box_key("hufu/1/test", STR("secret"), key);
	box_key("hufu/1/tes2", STR("secret"), other);
	box_seal(key, STR("data"), STR("plain"), sealed);
	CHECK(!box_open(other, STR("data"), whole, plain));
	box_key("hufu/1/test", STR("secreT"), other);
	CHECK(!box_open(other, STR("data"), whole, plain));
	CHECK(!box_open(key, STR("dat"), whole, plain));
	CHECK(!box_open(key, STR(""), whole, plain));
	CHECK(!box_open(key, STR("data"), (struct str){ whole.p, whole.n - 1 }, plain));
	CHECK(!box_open(key, STR("data"), (struct str){ whole.p, BOX_TAG - 1 }, plain));
	CHECK(!box_open(key, STR("data"), STR(""), plain));
	for (size_t i = 0; i < sizeof sealed; i++) {
		sealed[i] ^= 1;
		CHECK(!box_open(key, STR("data"), whole, plain));
		sealed[i] ^= 1;
	}
	CHECK(box_open(key, STR("data"), whole, plain));
	EQ_BYTES(plain, "plain", 5);
}

TEST(personal_fills_sixteen_bytes_at_most)
{
	unsigned char key[BOX_KEY], same[BOX_KEY];

	box_key("0123456789abcdef", STR("s"), key);
	box_key("0123456789abcdefXYZ", STR("s"), same);
	EQ_BYTES(key, same, BOX_KEY);
}
