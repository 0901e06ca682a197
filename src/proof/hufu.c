/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/hufu.h"

#include <stdlib.h>

#include "base/version.h"
#include "proof/bundle.h"
#include "proof/docid.h"
#include "proof/gather.h"
#include "proof/words.h"

enum {
	POLICY_ARENA = 1 << 20,
	MEMORY_ARENA = 8 << 20,
	TARGET_ARENA = 16 << 20,
	TEXT_MAX = 1 << 20,
	CODE_MAX = 4096,
	EXPECT_MAX = 4096,
	ERROR_MAX = 1024
};

struct hufu {
	struct arena *trusted, *remembered, *target;
	struct policy policy;
	bool has_policy;
	char fingerprint[POLICY_FINGERPRINT + 1];
	hufu_load *load;
	void *load_self;
	struct bundle *bundle;
	struct site site;
	bool has_site;
	struct memory memory;
	bool has_memory;
	int64_t now;
	char *expected; /* what `expect` points into */
	struct expect expect;
	struct evidence evidence;
	struct verdict verdict;
	bool checked;
	struct buf json, words, seen;
	char error[ERROR_MAX];
};

struct hufu *hufu_new(void)
{
	struct hufu *h = calloc(1, sizeof *h);
	struct err e;

	if (h == NULL)
		return NULL;
	h->trusted = arena_new(POLICY_ARENA);
	h->remembered = arena_new(MEMORY_ARENA);
	h->target = arena_new(TARGET_ARENA);
	h->now = INT64_MIN;
	h->json = h->words = buf_empty(TEXT_MAX);
	h->seen = buf_empty(MEMORY_BYTES_MAX);
	if (h->trusted != NULL && h->remembered != NULL && h->target != NULL && ed25519_start(&e))
		return h;
	hufu_free(h);
	return NULL;
}

void hufu_free(struct hufu *h)
{
	if (h == NULL)
		return;
	bundle_close(h->bundle);
	arena_free(h->trusted);
	arena_free(h->remembered);
	arena_free(h->target);
	buf_free(&h->json);
	buf_free(&h->words);
	buf_free(&h->seen);
	free(h->expected);
	free(h);
}

const char *hufu_version(void)
{
	return HUFU_VERSION;
}

static bool fail(struct hufu *h, const struct err *e)
{
	err_text(e, h->error, sizeof h->error);
	return false;
}

/* Evidence of an earlier check points into what is about to go. */
static void forget_check(struct hufu *h)
{
	h->checked = false;
	h->error[0] = '\0';
}

bool hufu_policy(struct hufu *h, const void *json, size_t size)
{
	struct err e;
	struct str text;

	forget_check(h);
	h->has_policy = false;
	h->fingerprint[0] = '\0';
	arena_reset(h->trusted);
	if (size > POLICY_BYTES_MAX) {
		err_input(&e, "POLICY-FORM", "longer than %d bytes", POLICY_BYTES_MAX);
		return fail(h, &e);
	}
	if (!arena_str(h->trusted, str_bytes(json, size), &text, &e) ||
	    !policy_read(h->trusted, text, &h->policy, &e) ||
	    !policy_fingerprint(&h->policy, h->fingerprint, &e))
		return fail(h, &e);
	h->has_policy = true;
	return true;
}

const char *hufu_fingerprint(const struct hufu *h)
{
	return h->fingerprint;
}

static bool site_load(void *self, const char *path, size_t cap, struct buf *out, bool *absent,
		      struct err *e)
{
	struct hufu *h = self;
	char *hold = malloc(cap > 0 ? cap : 1);
	long n;

	if (hold == NULL)
		return err_memory(e, "a published file");
	n = h->load(h->load_self, path, hold, cap);
	*absent = n == HUFU_ABSENT;
	if (n >= 0 && (size_t)n <= cap)
		buf_put(out, hold, (size_t)n);
	free(hold);
	return n == HUFU_ABSENT || (n >= 0 && (size_t)n <= cap) ||
	       err_system(e, "the file could not be had");
}

void hufu_site(struct hufu *h, hufu_load *load, void *self, bool canonical)
{
	forget_check(h);
	bundle_close(h->bundle);
	h->bundle = NULL;
	h->load = load;
	h->load_self = self;
	h->site = (struct site){ .self = h, .load = site_load, .canonical = canonical };
	h->has_site = load != NULL;
}

bool hufu_bundle(struct hufu *h, const void *bytes, size_t size)
{
	struct err e;

	forget_check(h);
	h->has_site = false;
	bundle_close(h->bundle);
	h->bundle = NULL;
	if (!bundle_open(str_bytes(bytes, size), &h->bundle, &e))
		return fail(h, &e);
	bundle_site(h->bundle, &h->site);
	h->has_site = true;
	return true;
}

void hufu_time(struct hufu *h, int64_t now)
{
	h->now = now;
}

static bool memory_begin(struct hufu *h, struct err *e)
{
	if (h->has_memory)
		return true;
	h->has_memory = memory_new(h->remembered, &h->memory, e);
	return h->has_memory;
}

bool hufu_remember(struct hufu *h, const void *bytes, size_t size)
{
	struct err e;

	forget_check(h);
	arena_reset(h->remembered);
	h->has_memory = false;
	if (!memory_begin(h, &e))
		return fail(h, &e);
	if (memory_read(h->remembered, str_bytes(bytes, size), &h->memory, &e))
		return true;
	arena_reset(h->remembered);
	h->has_memory = false;
	return fail(h, &e);
}

const char *hufu_memory(struct hufu *h, size_t *size)
{
	struct err e;

	*size = 0;
	buf_clear(&h->seen);
	if (!h->has_memory || !memory_write(&h->seen, &h->memory, &e))
		return NULL;
	*size = h->seen.n;
	return h->seen.p;
}

bool hufu_expect(struct hufu *h, const char *expected)
{
	size_t n = expected != NULL ? strnlen(expected, EXPECT_MAX) : 0;
	struct err e;

	forget_check(h);
	free(h->expected);
	h->expected = NULL;
	h->expect = (struct expect){ 0 };
	if (expected == NULL)
		return true;
	h->expected = malloc(n + 1);
	if (h->expected == NULL) {
		err_memory(&e, "what is expected");
		return fail(h, &e);
	}
	memcpy(h->expected, expected, n);
	return verdict_expect_read((struct str){ h->expected, n }, &h->expect, &e) || fail(h, &e);
}

/* A link or digits, else a typed id, else a code that is none of ours. */
static void target_fill(struct str code, struct str *digits, unsigned char docid[DOCID_MAX],
			struct gather_target *out)
{
	struct str base;
	size_t size;

	if (token_digits_find(code, digits, &base)) {
		out->tokens = digits;
		out->token_count = 1;
	} else if (docid_read(code, docid, &size)) {
		out->docid = str_bytes(docid, size);
	} else {
		out->other_codes = code.n > 0;
	}
}

static bool evidence_gather(struct hufu *h, const struct gather_target *target, struct err *e)
{
	const struct gather_from from = { .site = h->has_site ? &h->site : NULL,
					  .is_far = h->bundle == NULL,
					  .policy = h->has_policy ? &h->policy : NULL,
					  .memory = &h->memory,
					  .now = h->now };
	struct gather *g;
	const struct err *trouble;
	bool ok;

	if (h->now == INT64_MIN)
		return err_usage(e, "hufu_time was not called");
	if (!memory_begin(h, e))
		return false;
	g = gather_new(&from, e);
	if (g == NULL)
		return false;
	ok = gather_evidence(g, h->target, target, &h->evidence, e);
	if (ok) {
		h->evidence.expect = h->expect;
		h->verdict = verdict_of(&h->evidence);
		buf_clear(&h->json);
		verdict_json(&h->json, STR(""), &h->evidence, &h->verdict);
		buf_byte(&h->json, '\0');
		/* What points into g is written down before it goes. */
		buf_clear(&h->words);
		words_all(&h->words, &h->evidence, &h->verdict, WORDS_EN);
		buf_byte(&h->words, '\0');
		words_all(&h->words, &h->evidence, &h->verdict, WORDS_ZH);
		buf_byte(&h->words, '\0');
		trouble = gather_trouble(g);
		if (trouble != NULL)
			err_text(trouble, h->error, sizeof h->error);
		ok = buf_ok(&h->json, "the verdict", e) && buf_ok(&h->words, "the verdict", e);
	}
	gather_free(g);
	return ok;
}

int hufu_check(struct hufu *h, const char *code, const void *file, size_t size)
{
	struct gather_target target = { .is_file = file != NULL, .file = str_bytes(file, size) };
	unsigned char docid[DOCID_MAX];
	struct str digits;
	struct err e;

	forget_check(h);
	arena_reset(h->target);
	target_fill((struct str){ code, code != NULL ? strnlen(code, CODE_MAX) : 0 }, &digits,
		    docid, &target);
	if (!evidence_gather(h, &target, &e)) {
		fail(h, &e);
		return HUFU_UNDECIDED;
	}
	h->checked = true;
	return verdict_exit(h->verdict.code);
}

const char *hufu_verdict(const struct hufu *h)
{
	return words_code(h->checked ? h->verdict.code : VERDICT_UNDECIDED);
}

const char *hufu_words(struct hufu *h, const char *language)
{
	if (!h->checked)
		return "";
	return strcmp(language, "zh") == 0 ? h->words.p + strlen(h->words.p) + 1 : h->words.p;
}

const char *hufu_json(const struct hufu *h)
{
	return h->checked ? h->json.p : "";
}

const char *hufu_error(const struct hufu *h)
{
	return h->error;
}
