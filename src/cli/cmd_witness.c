/* SPDX-License-Identifier: Apache-2.0 */
#include "base/enc.h"
#include "base/io.h"
#include "cli/commands.h"
#include "cli/cosigner.h"
#include "cli/sink.h"
#include "cli/trust.h"
#include "cli/witness_key.h"
#include "proof/keylist.h"
#include "json/canon.h"

enum { FD_MAX = 1023, TEXT_MAX = 4 << 20, LOG_KEYS_MAX = 16, ROOT_TEXT = 2 * SHA256_SIZE };

static const struct option options[] = {
	{ .name = "key",
	  .argument = "DIR",
	  .help_en = "The folder with the witness's key, made by hufu witness new.",
	  .help_zh = "见证密钥所在目录，由 hufu witness new 建立。" },
	{ .name = "keys",
	  .argument = "POLICY",
	  .help_en =
		  "The trust policy of the issuer (policy.json), as got from the issuer itself.  "
		  "Without it the one pinned by hufu trust add is used.",
	  .help_zh = "签发机构的信任策略（policy.json），须直接取自该机构；"
		     "未给出时用 hufu trust add 已信任者。" },
	{ .name = "checkpoint",
	  .argument = "FILE",
	  .help_en = "Judge and sign this checkpoint instead of the one the site shows; "
		     "the site has its tiles.",
	  .help_zh = "核对并签署此检查点，而非站点所示者；其哈希块取自站点。" },
	{ .name = "state",
	  .argument = "DIR",
	  .help_en = "Where the last checkpoint of each log is kept; $XDG_STATE_HOME/hufu/witness "
		     "when absent.  To lose it is to lose the memory a witness is there for.",
	  .help_zh = "保存各日志最近检查点之处；默认为 $XDG_STATE_HOME/hufu/witness。"
		     "丢失即失去见证所依的记忆。" },
	{ .name = "output",
	  .argument = "FILE",
	  .letter = 'o',
	  .help_en = "Where the cosignature goes, for hufu publish --cosig; standard output when "
		     "absent.  The two checkpoints of a fork go to FILE.fork-a and FILE.fork-b, "
		     "into the --state folder without -o.",
	  .help_zh =
		  "见证签名的去处，供 hufu publish --cosig 使用；默认为标准输出。"
		  "分叉的两个检查点写入 FILE.fork-a 与 FILE.fork-b；无 -o 时写入 --state 目录。" },
	{ .name = "key-list",
	  .argument = "FILE",
	  .help_en = "judge: the key list (keys.note) that names the log's key, when it is no "
		     "longer the policy's own.",
	  .help_zh = "judge：日志密钥已非策略所列时，给出列明该密钥的密钥清单（keys.note）。" },
	OPTION_PASSPHRASE_FD,
	OPTION_JSON,
};

/* One call of the command. */
struct call {
	struct cli *cli;
	const struct cli_args *args;
	bool json;
	int passphrase_fd; /* -1: the terminal */
};

/* The root as people compare it. */
static void root_text(const struct checkpoint *c, char out[ROOT_TEXT + 1])
{
	for (size_t i = 0; i < SHA256_SIZE; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", c->root[i]);
}

/* {"root":"<hex>","size":n} */
static void put_tree(struct buf *out, const struct checkpoint *c)
{
	buf_c(out, "{\"root\":\"");
	enc_hex(out, c->root, SHA256_SIZE);
	buf_c(out, "\",\"size\":");
	buf_uint(out, c->size);
	buf_byte(out, '}');
}

static bool print(struct cli *cli, struct buf *text, struct err *e)
{
	bool ok = buf_ok(text, "the answer", e);

	if (ok)
		fwrite(text->p, 1, text->n, cli->out);
	buf_free(text);
	return ok;
}

/* ---- whose log ---- */

/* The issuer a folder says it is of; which of the pinned policies to look it up in, no more. */
static bool issuer_of(struct cli *cli, const char *site, struct str *out, struct err *e)
{
	const char *path;
	struct policy shown;

	if (!io_path(cli->arena, site, "policy.json", &path, e) ||
	    !trust_read(cli, path, &shown, e))
		return false;
	*out = shown.issuer;
	return true;
}

static bool policy_find(const struct call *c, const char *site, struct policy *out, struct err *e)
{
	const char *file = args_value(c->args, "keys");
	const struct policy *found;
	struct trust trust;
	struct str issuer;

	if (file != NULL)
		return trust_read(c->cli, file, out, e);
	if (site == NULL)
		return err_usage(e, "--keys is needed: the policy of the log's issuer");
	if (!trust_open(c->cli, &trust, e))
		return false;
	found = trust_of_site(&trust, str_of(site));
	if (found == NULL && io_is_dir(site)) {
		if (!issuer_of(c->cli, site, &issuer, e))
			return false;
		found = trust_of_issuer(&trust, issuer);
	}
	if (found == NULL)
		return err_usage(
			e,
			"no issuer is pinned for '%s'; pin it with hufu trust add, or give "
			"its policy with --keys",
			site);
	*out = *found;
	return true;
}

/* ---- new ---- */

static bool make_key(const struct call *c, struct err *e)
{
	struct buf line = buf_empty(TEXT_MAX);
	struct note_key key;
	const char *dir;

	if (args_count(c->args) != 2)
		return err_usage(e, "witness new takes the NAME of the witness");
	if (!args_needed(c->args, "key", &dir, e) ||
	    !witness_key_new(c->cli, dir, str_of(args_word(c->args, 1)), c->passphrase_fd, &key, e))
		return false;
	note_key_write(&line, &key);
	buf_byte(&line, '\n');
	if (!print(c->cli, &line, e))
		return false;
	cli_say(c->cli,
		"made the witness's key in %s; the line is also in %s/witness.vkey: the issuer "
		"imports it",
		"已在 %s 建立见证密钥；上面一行亦存于 %s/witness.vkey，交由签发机构导入", dir, dir);
	return true;
}

/* ---- judge ---- */

static bool file_read(struct cli *cli, const char *path, size_t cap, struct str *out, struct err *e)
{
	struct buf bytes = buf_empty(cap);
	bool ok = io_read(path, &bytes, e) && arena_str(cli->arena, buf_view(&bytes), out, e);

	buf_free(&bytes);
	return ok;
}

/* The keys of the policy's log, or of the log that the key list says goes on. */
static bool log_keys(const struct call *c, const struct policy *policy,
		     struct note_key keys[LOG_KEYS_MAX], size_t *count, struct err *e)
{
	const char *path = args_value(c->args, "key-list");
	struct keylist list;
	struct str note;

	keys[0] = policy->log;
	*count = 1;
	if (path == NULL)
		return true;
	if (!file_read(c->cli, path, NOTE_MAX, &note, e))
		return false;
	if (!keylist_read(c->cli->arena, note, policy, &list, e))
		return err_in(e, "%s", path);
	*count = keylist_log_keys(&list, policy, keys, LOG_KEYS_MAX);
	return true;
}

static const char *finding_word(enum witness_finding finding)
{
	switch (finding) {
	case WITNESS_ONE_LOG:
		return "CONSISTENT";
	case WITNESS_TWO_LOGS:
		return "FORK";
	case WITNESS_UNPROVEN:
		return "UNDECIDED";
	}
	return "";
}

static void put_finding(struct buf *out, enum witness_finding finding,
			const struct checkpoint trees[2])
{
	buf_c(out, "{\"a\":");
	put_tree(out, &trees[0]);
	buf_c(out, ",\"b\":");
	put_tree(out, &trees[1]);
	buf_c(out, ",\"finding\":");
	canon_string(out, str_of(finding_word(finding)));
	buf_c(out, ",\"origin\":");
	canon_string(out, trees[0].origin);
	buf_c(out, "}\n");
}

static void say_finding(const struct call *c, enum witness_finding finding,
			const struct checkpoint trees[2])
{
	char a[ROOT_TEXT + 1], b[ROOT_TEXT + 1];
	unsigned long long m = trees[0].size, n = trees[1].size;

	root_text(&trees[0], a);
	root_text(&trees[1], b);
	fprintf(c->cli->out, "%s %.*s\n%llu %s\n%llu %s\n", finding_word(finding),
		STR_ARG(trees[0].origin), m, a, n, b);
	switch (finding) {
	case WITNESS_ONE_LOG:
		cli_say(c->cli, "one is the beginning of the other", "其一为另一之前段");
		return;
	case WITNESS_TWO_LOGS:
		cli_say(c->cli,
			"the log's key signed two trees of which neither began as the other",
			"日志密钥签署了互不相容的两棵树");
		return;
	case WITNESS_UNPROVEN:
		cli_say(c->cli,
			"both are signed; of different sizes, they say nothing about each other "
			"without the proof that lies beside them (.fork-proof)",
			"两者均经签名，但大小不同；没有随附的证明（.fork-proof）不能相互印证");
		return;
	}
}

static int finding_code(enum witness_finding finding)
{
	switch (finding) {
	case WITNESS_ONE_LOG:
		return EXIT_YES;
	case WITNESS_TWO_LOGS:
		return EXIT_NO;
	case WITNESS_UNPROVEN:
		return EXIT_TROUBLE;
	}
	return EXIT_TROUBLE;
}

static bool judge_files(const struct call *c, struct checkpoint trees[2], struct witness_fork *fork,
			bool *has_fork, struct err *e)
{
	struct note_key keys[LOG_KEYS_MAX];
	struct policy policy;
	struct str bytes;
	size_t count;

	if (args_count(c->args) < 3 || args_count(c->args) > 4)
		return err_usage(e,
				 "witness judge takes two checkpoints, and the proof beside them");
	if (!policy_find(c, NULL, &policy, e) || !ed25519_start(e) ||
	    !log_keys(c, &policy, keys, &count, e))
		return false;
	for (size_t i = 0; i < 2; i++)
		if (!file_read(c->cli, args_word(c->args, i + 1), CHECKPOINT_BYTES_MAX, &bytes,
			       e) ||
		    !witness_read(c->cli->arena, bytes, keys, count, &trees[i], e))
			return err_in(e, "%s", args_word(c->args, i + 1));
	*has_fork = args_count(c->args) == 4;
	return !*has_fork ||
	       (file_read(c->cli, args_word(c->args, 3), WITNESS_FORK_BYTES, &bytes, e) &&
		(witness_fork_read(bytes, fork, e) || err_in(e, "%s", args_word(c->args, 3))));
}

static int judge(const struct call *c)
{
	struct buf line = buf_empty(TEXT_MAX);
	struct checkpoint trees[2];
	struct witness_fork fork;
	enum witness_finding finding;
	bool has_fork;
	struct err e;

	if (!judge_files(c, trees, &fork, &has_fork, &e)) {
		if (e.kind == ERR_INPUT) /* files that are none prove nothing, either way */
			e.kind = ERR_SYSTEM;
		return cli_fail(c->cli, &e);
	}
	finding = witness_compare(&trees[0], &trees[1], has_fork ? &fork : NULL);
	if (!c->json) {
		say_finding(c, finding, trees);
	} else {
		put_finding(&line, finding, trees);
		if (!print(c->cli, &line, &e))
			return cli_fail(c->cli, &e);
	}
	return finding_code(finding);
}

/* ---- cosigning ---- */

static const char *outcome(enum witness_word word)
{
	switch (word) {
	case WITNESS_FIRST:
		return "first";
	case WITNESS_SAME:
		return "same";
	case WITNESS_GROWN:
		return "grown";
	case WITNESS_LATE:
		return "late";
	case WITNESS_FORK:
		return "fork";
	}
	return "";
}

/* The two notes, and for trees of different sizes what ties them. */
static void put_evidence(struct buf *out, const struct cosigner_result *r, struct str proof)
{
	buf_c(out, "\"evidence\":{\"a\":");
	canon_string(out, r->notes[0]);
	buf_c(out, ",\"b\":");
	canon_string(out, r->notes[1]);
	buf_c(out, ",\"key_list\":");
	canon_string(out, r->keys);
	if (proof.n > 0) {
		buf_c(out, ",\"proof\":");
		canon_string(out, proof);
	}
	buf_c(out, "},");
}

static void put_result(struct buf *out, const struct cosigner_result *r, struct str proof)
{
	struct str line = r->line;

	buf_byte(out, '{');
	if (line.n > 0) {
		line.n--; /* its line break */
		buf_c(out, "\"cosignature\":");
		canon_string(out, line);
		buf_byte(out, ',');
	}
	if (r->word == WITNESS_FORK)
		put_evidence(out, r, proof);
	buf_c(out, "\"last\":");
	if (r->last.origin.n > 0)
		put_tree(out, &r->last);
	else
		buf_c(out, "null");
	buf_c(out, ",\"origin\":");
	canon_string(out, r->tree.origin);
	buf_printf(out, ",\"outcome\":\"%s\",\"tree\":", outcome(r->word));
	put_tree(out, &r->tree);
	buf_c(out, "}\n");
}

static bool evidence_file(struct cli *cli, const char *stem, const char *suffix, struct str bytes,
			  struct err *e)
{
	struct sink to = { 0 };
	struct str path;
	bool ok = arena_printf(cli->arena, &path, e, "%s.fork-%s", stem, suffix) &&
		  sink_open(cli, path.p, &to, e);

	if (ok) {
		fwrite(bytes.p, 1, bytes.n, to.file);
		ok = sink_commit(&to, e);
	}
	if (ok)
		cli_say(cli, "evidence: %s", "证据：%s", path.p);
	sink_discard(&to);
	return ok;
}

/* FILE.fork-a, -b, -proof and -keys, or <state>/<log>-<time>.fork-…: a later fork takes nothing away from an earlier one. */
static bool evidence_write(const struct call *c, const struct cosigner_result *r, struct str proof,
			   struct err *e)
{
	const char *out = args_value(c->args, "output");
	struct str stem = { NULL, 0 };

	if (out == NULL || strcmp(out, "-") == 0) {
		if (!arena_printf(c->cli->arena, &stem, e, "%s-%lld", r->evidence,
				  (long long)env_now(c->cli->env)))
			return false;
		out = stem.p;
	}
	return evidence_file(c->cli, out, "a", r->notes[0], e) &&
	       evidence_file(c->cli, out, "b", r->notes[1], e) &&
	       (proof.n == 0 || evidence_file(c->cli, out, "proof", proof, e)) &&
	       evidence_file(c->cli, out, "keys", r->keys, e);
}

static void say_fork(const struct call *c, const struct cosigner_result *r)
{
	char a[ROOT_TEXT + 1], b[ROOT_TEXT + 1];

	root_text(&r->trees[0], a);
	root_text(&r->trees[1], b);
	cli_say(c->cli,
		"FORK: the log %.*s signed a tree of %llu entries with the root %s, and one of "
		"%llu with the root %s; neither began as the other. Nothing was signed",
		"分叉：日志 %.*s 签署了 %llu 条、根 %s 的树，又签署了 %llu 条、根 %s 的树，"
		"二者互不相容；未作见证",
		STR_ARG(r->tree.origin), (unsigned long long)r->trees[0].size, a,
		(unsigned long long)r->trees[1].size, b);
}

static void say_signed(const struct call *c, const struct cosigner_result *r)
{
	unsigned long long size = r->tree.size, last = r->last.size;

	if (r->word == WITNESS_FIRST)
		cli_say(c->cli, "%.*s: first seen, at %llu entries; signed",
			"%.*s：首次所见，共 %llu 条；已见证", STR_ARG(r->tree.origin), size);
	else if (r->word == WITNESS_SAME)
		cli_say(c->cli, "%.*s: still at %llu entries; signed again",
			"%.*s：仍为 %llu 条；再次见证", STR_ARG(r->tree.origin), size);
	else
		cli_say(c->cli, "%.*s: grown to %llu entries from %llu; signed",
			"%.*s：现为 %llu 条，自 %llu 条延续而来；已见证", STR_ARG(r->tree.origin),
			size, last);
}

static bool line_write(const struct call *c, const struct cosigner_result *r, struct err *e)
{
	const char *path = args_value(c->args, "output");
	struct sink to = { 0 };
	bool ok;

	if (path == NULL && c->json)
		return true; /* it stands in the object */
	ok = sink_open(c->cli, path != NULL ? path : "-", &to, e);
	if (ok) {
		fwrite(r->line.p, 1, r->line.n, to.file);
		ok = sink_commit(&to, e);
	}
	sink_discard(&to);
	return ok;
}

/* Write down and say what was found; false, ERR_SYSTEM, also for a checkpoint that is late. */
static bool tell(const struct call *c, const struct cosigner_result *r, struct err *e)
{
	struct buf proof = buf_empty(WITNESS_FORK_BYTES), line = buf_empty(TEXT_MAX);
	bool ok = true;

	if (r->word == WITNESS_FORK) {
		say_fork(c, r);
		ok = r->fork.smaller == r->fork.larger || witness_fork_write(&proof, &r->fork, e);
	} else if (r->word != WITNESS_LATE) {
		ok = line_write(c, r, e);
		if (ok)
			say_signed(c, r);
	}
	if (ok && c->json) {
		put_result(&line, r, buf_view(&proof));
		ok = print(c->cli, &line, e);
	}
	if (ok && r->word == WITNESS_FORK)
		ok = evidence_write(c, r, buf_view(&proof), e);
	if (ok && r->word == WITNESS_LATE)
		ok = err_system(e,
				"%.*s: the site shows %llu entries, older than the %llu this "
				"witness signed; nothing was signed",
				STR_ARG(r->tree.origin), (unsigned long long)r->tree.size,
				(unsigned long long)r->last.size);
	buf_free(&proof);
	buf_free(&line);
	return ok;
}

static int cosign(const struct call *c)
{
	struct cosigner_order order = { .site = args_word(c->args, 0),
					.checkpoint = args_value(c->args, "checkpoint"),
					.state = args_value(c->args, "state") };
	struct cosigner_result result = { 0 };
	struct signer *signer = NULL;
	struct policy policy;
	struct note_key key;
	const char *dir;
	struct err e;
	bool ok;

	if (args_count(c->args) != 1) {
		err_usage(&e, "witness takes one SITE");
		return cli_fail(c->cli, &e);
	}
	ok = args_needed(c->args, "key", &dir, &e) && policy_find(c, order.site, &policy, &e) &&
	     witness_key_read(c->cli, dir, &key, &e) &&
	     witness_key_unlock(c->cli, dir, &key, c->passphrase_fd, &signer, &e);
	if (!ok && e.kind == ERR_INPUT)
		e.kind = ERR_SYSTEM; /* nothing was asked of the log yet */
	order.policy = &policy;
	order.key = &key;
	order.signer = signer;
	ok = ok && cosigner_run(c->cli, &order, &result, &e) && tell(c, &result, &e);
	signer_free(signer);
	if (!ok && result.word != WITNESS_FORK)
		return cli_fail(c->cli, &e);
	if (!ok) /* a full disk makes a fork no smaller */
		(void)cli_fail(c->cli, &e);
	return result.word == WITNESS_FORK ? EXIT_NO : EXIT_YES;
}

static int run(struct cli *cli, const struct cli_args *args)
{
	struct call c = { .cli = cli, .args = args, .json = args_flag(args, "json") };
	uint64_t fd = FD_MAX + 1;
	struct err e;

	if (!args_number(args, "passphrase-fd", 0, FD_MAX, &fd, &e))
		return cli_fail(cli, &e);
	c.passphrase_fd = fd <= FD_MAX ? (int)fd : -1;
	if (strcmp(args_word(args, 0), "judge") == 0)
		return judge(&c);
	if (strcmp(args_word(args, 0), "new") == 0)
		return make_key(&c, &e) ? EXIT_YES : cli_fail(cli, &e);
	return cosign(&c);
}

const struct command command_witness = {
	.name = "witness",
	.synopsis = "SITE | new NAME | judge CHECKPOINT CHECKPOINT [PROOF] [--key DIR] "
		    "[--keys POLICY] [--checkpoint FILE] [--state DIR] [-o FILE] "
		    "[--key-list FILE] [--passphrase-fd N] [--json]",
	.summary_en = "watch a log from outside and cosign what has only grown",
	.summary_zh = "从外部见证公开日志，对只增不改者会签",
	.details_en =
		"Looks at the log of SITE, a folder or an address, and at the checkpoint that "
		"waits for its witnesses; proves that it begins with the tree signed last, keeps "
		"it, and writes a cosignature line for hufu publish --cosig.  Two trees of which "
		"neither began as the other are a fork: nothing is signed, both checkpoints are "
		"kept as evidence, and the exit status is 1.  A checkpoint older than the one "
		"signed last, or a site that cannot be asked, is 3.  new makes the witness's key, "
		"outside any issuing home.  judge tells anybody who holds the policy whether two "
		"checkpoints are a fork (1) or one log (0); for trees of different sizes it needs "
		"the proof kept with them (3 without it).  A folder named new or judge is ./new, "
		"./judge.",
	.details_zh =
		"查看 SITE（目录或网址）的公开日志及等待见证的检查点；证明其延续上次所签的树，"
		"先行保存，再写出供 hufu publish --cosig 使用的见证签名。互不相容的两棵树即为分叉："
		"不予签署，留存两个检查点为证据，退出码 1；旧于上次所签者，或站点不可达，退出码 3。"
		"new 在签发目录之外建立见证密钥；judge 供任何持有策略者判定两个检查点是分叉（1）还是"
		"同一日志（0），大小不同时须有随附的证明（否则 3）。名为 new 或 judge 的目录请写作"
		" ./new、./judge。",
	.options = options,
	.option_count = COUNT_OF(options),
	.least = 1,
	.most = 4,
	.run = run,
};
