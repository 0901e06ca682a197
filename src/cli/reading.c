/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reading.h"

#include "base/io.h"
#include "proof/sidecar.h"

enum { TARGET_ARENA = 16 << 20 }; /* what one target leaves behind: texts, a token, a leaf */

bool reading_begin(struct reading *r, struct str name, struct err *e)
{
	struct arena *arena = r->arena != NULL ? r->arena : arena_new(TARGET_ARENA);
	struct buf proof = r->proof;

	if (arena == NULL)
		return err_memory(e, "a target");
	arena_reset(arena);
	proof.max = SIDECAR_BYTES_MAX;
	buf_clear(&proof);
	*r = (struct reading){ .arena = arena, .proof = proof };
	return arena_str(arena, name, &r->name, e);
}

void reading_free(struct reading *r)
{
	arena_free(r->arena);
	buf_free(&r->proof);
	*r = (struct reading){ 0 };
}

/* A word names a file before it is a document id, so that every file can be named. */
static bool target_read(struct reading *r, struct buf *bytes, struct err *e)
{
	buf_clear(bytes);
	if (!io_exists(r->name.p) && target_of_word(r->arena, r->name, &r->target))
		return true;
	if (!io_read(r->name.p, bytes, e))
		return false;
	if (target_of_bytes(r->arena, buf_view(bytes), &r->target, e))
		return true;
	return err_in(e, "%s", r->name.p);
}

/* The electronic seals of a PDF, while its bytes are there. */
static bool seal_read(struct reading *r, const struct reading_plan *plan, const struct buf *bytes,
		      struct err *e)
{
	if (plan->seal == NULL || r->target.kind != TARGET_PDF)
		return true;
	return sealview_check(plan->seal, r->arena, buf_view(bytes), &r->seal, e) ||
	       err_in(e, "%s", r->name.p);
}

/* Let go of the file's bytes. */
static bool target_keep(struct reading *r, const struct reading_plan *plan, struct buf *bytes,
			struct err *e)
{
	struct target *t = &r->target;

	r->hashed = t->kind == TARGET_PDF || (plan->hash_all && bytes->n > 0);
	if (r->hashed && !filehash_of(buf_view(bytes), t->prefixes, t->prefix_count, &r->hash, e))
		return false;
	for (size_t i = 0; i < t->token_count; i++)
		if (!arena_str(r->arena, t->tokens[i], &t->tokens[i], e))
			return false;
	t->bytes = (struct str){ NULL, 0 };
	return arena_str(r->arena, t->base, &t->base, e);
}

/* The proof that lies beside a target: TARGET.tlog-proof, or NAME.tlog-proof beside NAME.pdf.  None is no trouble. */
static bool proof_read(struct reading *r, const char *given, struct err *e)
{
	static const char suffix[] = ".tlog-proof";
	struct str path;

	if (given != NULL)
		return io_read(given, &r->proof, e);
	if (r->target.kind != TARGET_PDF && !io_exists(r->name.p))
		return true;
	if (!arena_printf(r->arena, &path, e, "%s%s", r->name.p, suffix))
		return false;
	if (!io_exists(path.p) && str_ends(r->name, STR(".pdf")) &&
	    !arena_printf(r->arena, &path, e, "%.*s%s", (int)r->name.n - 4, r->name.p, suffix))
		return false;
	return !io_exists(path.p) || io_read(path.p, &r->proof, e);
}

/* Whose keys signed it: those of the issuer whose link it is are tried first, then the others'. */
static void signer_find(struct reading *r, const struct reading_plan *plan)
{
	struct err why;

	r->is_token = r->target.token_count == 1 &&
		      token_read(r->arena, r->target.tokens[0], &r->token, &why);
	for (size_t i = 0; r->is_token && r->signer == NULL && i < plan->issuers; i++) {
		size_t which = (r->first + i) % plan->issuers;

		if (plan->lists[which] == NULL)
			return;
		r->signer = gather_signer(plan->lists[which], &r->token, plan->names[which]);
		r->tried++;
	}
}

void reading_do(struct reading *r, const struct reading_plan *plan, struct buf *bytes)
{
	if (r->skip) {
		r->troubled = true;
		return;
	}
	if (!target_read(r, bytes, &r->trouble) || !seal_read(r, plan, bytes, &r->trouble) ||
	    !target_keep(r, plan, bytes, &r->trouble)) {
		r->target = (struct target){ 0 };
		r->hashed = false;
		r->seal = NULL;
		r->troubled = true;
		return;
	}
	if (!proof_read(r, plan->proof, &r->trouble)) {
		r->troubled = true; /* and then as if there were none */
		buf_clear(&r->proof);
	}
	if (r->target.base.n > 0 && plan->trust != NULL)
		r->named = trust_of_site(plan->trust, r->target.base);
	if (r->named != NULL)
		r->first = (size_t)(r->named - plan->trust->policies);
	signer_find(r, plan);
}

struct gather_target reading_target(const struct reading *r, size_t turn)
{
	const struct target *t = &r->target;

	return (struct gather_target){ .tokens = t->tokens,
				       .token_count = t->token_count,
				       .other_codes = t->other_codes,
				       .docid = str_bytes(t->docid, t->docid_size),
				       .is_file = t->kind == TARGET_PDF,
				       .proof = buf_view(&r->proof),
				       .hash = r->hashed ? &r->hash : NULL,
				       .token = r->is_token ? &r->token : NULL,
				       .tried = turn < r->tried,
				       .signer = turn + 1 == r->tried ? r->signer : NULL };
}
