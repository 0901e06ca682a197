/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/evidence.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/enc.h"
#include "base/io.h"
#include "issue/document.h"
#include "issue/prove.h"
#include "proof/bundle.h"
#include "proof/checkpoint.h"
#include "proof/sidecar.h"
#include "proof/statuslist.h"

enum { EVIDENCE_MAX = 128 << 20, README_MAX = 16 * 1024, NAME_MAX_BYTES = 64 };

struct evidence_tar {
	struct home *home;
	const char *site;
	struct store_document document;
	char pdf[NAME_MAX_BYTES], proof[NAME_MAX_BYTES];
	struct buf tar, bytes;
};

static bool file_add(struct evidence_tar *w, const char *name, struct str bytes, struct err *e)
{
	static const unsigned char zeros[BUNDLE_BLOCK];
	unsigned char header[BUNDLE_BLOCK];
	char path[NAME_MAX_BYTES + 1];

	if (snprintf(path, sizeof path, "/%s", name) >= (int)sizeof path)
		return err_system(e, "a name of the evidence is too long");
	if (!bundle_header(path, bytes.n, header, e))
		return err_in(e, "%s", name);
	buf_put(&w->tar, header, sizeof header);
	buf_str(&w->tar, bytes);
	buf_put(&w->tar, zeros, (BUNDLE_BLOCK - bytes.n % BUNDLE_BLOCK) % BUNDLE_BLOCK);
	return buf_ok(&w->tar, "the evidence", e);
}

static bool site_file_add(struct evidence_tar *w, const char *name, struct err *e)
{
	buf_clear(&w->bytes);
	return io_read_in(w->site, name, &w->bytes, e) && file_add(w, name, buf_view(&w->bytes), e);
}

static bool page_add(struct evidence_tar *w, struct err *e)
{
	char folder[DOCUMENT_FOLDER], name[DOCUMENT_NAME], path[NAME_MAX_BYTES];

	document_name(w->document.docid, name, folder);
	snprintf(path, sizeof path, "documents/%s/%s", folder, name);
	snprintf(w->pdf, sizeof w->pdf, "%s", name);
	snprintf(w->proof, sizeof w->proof, "%.*s.tlog-proof", (int)(strlen(name) - 4), name);
	buf_clear(&w->bytes);
	return io_read_in(w->home->dir, path, &w->bytes, e) &&
	       file_add(w, name, buf_view(&w->bytes), e);
}

static bool proof_add(struct evidence_tar *w, struct err *e)
{
	buf_clear(&w->bytes);
	return prove_document(w->home, w->document.docid, &w->bytes, e) &&
	       file_add(w, w->proof, buf_view(&w->bytes), e);
}

static bool status_add(struct evidence_tar *w, struct err *e)
{
	uint64_t shard = (uint64_t)w->document.idx >> SHARD_BITS;
	char path[SHARD_PATH], proof[SHARD_PATH];

	shard_path(shard, path);
	shard_proof_path(shard, proof);
	return site_file_add(w, path + 1, e) && site_file_add(w, proof + 1, e);
}

static void readme_fill(struct evidence_tar *w, const char *fingerprint, struct buf *out)
{
	char shard[SHARD_PATH];

	shard_path((uint64_t)w->document.idx >> SHARD_BITS, shard);
	buf_printf(
		out,
		"Evidence of one document of %.*s\n"
		"policy fingerprint %s: compare it with what the issuer prints on paper\n\n"
		"%s        the document, byte for byte as it was issued\n"
		"%s   it is on the issuer's public log, at place %lld\n"
		"checkpoint, keys.note, policy.json   the log's head, the issuer's keys, whom to trust\n"
		"%s, %s.tlog-proof       its status, signed for three days, and that this list is on the log\n\n",
		STR_ARG(w->home->policy.issuer), fingerprint, w->pdf, w->proof,
		(long long)w->document.idx, shard + 1, shard + 1);
	buf_printf(
		out,
		"With the program:  hufu-verify %s --site . --keys policy.json --at TIME\n"
		"Without it, from docs/FORMAT.md of the project, any language with SHA-256 and Ed25519:\n"
		"1. policy.json is the one whose fingerprint is on paper; keys.note is signed by its roots.\n"
		"2. <hufu:token> in the PDF, as a number, is a COSE_Sign1; a key of keys.note signed it.\n"
		"3. SHA-256(\"hufu/1/pdf\" 00 token SHA-256(pdf)) is `extra` of the proof; the entry 01, the same of\n"
		"   the token with \"hufu/1/token\", and it, lead by the proof's hashes to the signed root.\n"
		"4. The status list, signed by a status key, has the four bits of place %lld; its SHA-256 is an\n"
		"   entry of the log as well.\n",
		w->pdf, (long long)w->document.idx);
}

static bool readme_add(struct evidence_tar *w, struct err *e)
{
	char fingerprint[POLICY_FINGERPRINT + 1];
	struct buf text = buf_empty(README_MAX);
	bool ok = policy_fingerprint(&w->home->policy, fingerprint, e);

	if (ok)
		readme_fill(w, fingerprint, &text);
	ok = ok && buf_ok(&text, "the evidence", e) &&
	     file_add(w, "README.txt", buf_view(&text), e);
	buf_free(&text);
	return ok;
}

static bool tar_put(struct evidence_tar *w, const char *file, struct err *e)
{
	static const unsigned char end[BUNDLE_END];
	const char *slash = strrchr(file, '/');
	struct str dir = { file, slash != NULL ? (size_t)(slash - file) + 1 : 0 }, copy;

	buf_put(&w->tar, end, sizeof end);
	return buf_ok(&w->tar, "the evidence", e) &&
	       arena_str(w->home->arena, dir.n > 0 ? dir : STR("."), &copy, e) &&
	       io_replace(copy.p, slash != NULL ? slash + 1 : file, buf_view(&w->tar), 0600, e);
}

bool evidence_write(struct home *h, const unsigned char docid[DOCID_SIZE], const char *file,
		    struct err *e)
{
	struct evidence_tar w = { .home = h,
				  .tar = buf_empty(EVIDENCE_MAX),
				  .bytes = buf_empty(EVIDENCE_MAX) };
	bool found, ok = store_document_lookup(h->store, h->arena, docid, &w.document, &found, e);

	if (ok && !found)
		ok = err_input(e, "DOCUMENT-UNKNOWN", "no document of this home has this id");
	ok = ok && home_path(h, "site", &w.site, e) && page_add(&w, e) && proof_add(&w, e) &&
	     readme_add(&w, e) && site_file_add(&w, "checkpoint", e) &&
	     site_file_add(&w, "keys.note", e) && site_file_add(&w, "policy.json", e) &&
	     status_add(&w, e) && tar_put(&w, file, e);
	buf_free(&w.tar);
	buf_free(&w.bytes);
	return ok;
}
