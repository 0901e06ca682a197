// SPDX-License-Identifier: Apache-2.0
import { same } from './bytes.mjs';
import { cPdf, cToken, commitments, documentEntry, statusEntry } from './entry.mjs';
import { checkRemembered, frozenLog, keysOf, readKeyList } from './keylist.mjs';
import { Log } from './log.mjs';
import { BUCKET_MAX, INFO_MAX, bucketPath, lookupDigest, openBucket, readInfo } from './lookup.mjs';
import { includes, leafHash } from './merkle.mjs';
import { NOTE_MAX } from './note.mjs';
import { readPolicy } from './policy.mjs';
import { Refusal, need } from './refusal.mjs';
import { SIDECAR_MAX, readSidecar } from './sidecar.mjs';
import { Fetch } from './site.mjs';
import { SHARD_BITS, SHARD_MAX, readShard, shardPath, shardProofPath, valueAt } from './status.mjs';
import { sha256 } from './hash.mjs';
import { readDigits, readToken, verifyToken } from './token.mjs';

const CODES_MAX = 64, POLICY_MAX = 64 * 1024;
const STATUS = { 0: 'good', 1: 'revoked', 2: 'suspended', 3: 'superseded', 12: 'ended' };

/**
 * What one thing handed in for checking holds (target.mjs).
 * @typedef {object} Target
 * @property {string[]} tokens distinct runs of digits
 * @property {number} otherCodes codes that are no tokens
 * @property {Uint8Array | null} docid typed
 * @property {{whole: Uint8Array, prefixes: {length: number, hash: Uint8Array}[]} | null} hash of a PDF
 * @property {Uint8Array | null} proof the document's .tlog-proof
 *
 * Everything known of one target; verdict.mjs decides from it and looks nothing up.
 * @typedef {Record<string, any>} Evidence
 */

/** A verifier's look at one site: what it fetches is read once and kept. */
export class Gather {
	/**
	 * @param {object} from
	 * @param {import('./site.mjs').Site | null} from.site
	 * @param {import('./policy.mjs').Policy | null} from.policy null: the issuer is unknown
	 * @param {import('./memory.mjs').Memory | null} [from.memory] compared with, and what is verified goes into it
	 * @param {number} from.now the device's clock, Unix seconds
	 * @param {boolean} [from.far] bytes come over a net: a document's own proof is taken in place of tiles
	 * @param {boolean} [from.thorough] far too: fetch the status list's own proof
	 */
	constructor(from) {
		this.from = { memory: null, far: false, thorough: false, ...from };
		this.now = from.now;
		this.newest = 0;
		this.fetch = new Fetch(from.site);
		this.keyState = 'absent';
		this.keyAge = 'in-time';
		/** @type {import('./keylist.mjs').KeyList | null} */
		this.keyList = null;
		/** @type {string | null} */
		this.offered = null;
		this.log = from.policy ? new Log(this.fetch, from.policy) : null;
		/** @type {Map<bigint, Promise<any>>} */
		this.shards = new Map();
		/** @type {Map<string, import('./log.mjs').Relation>} */
		this.relations = new Map();
		if (this.from.memory) this.saw(this.from.memory.newest);
	}

	/** A signed time was seen: no clock of ours is before it. */
	saw(/** @type {number} */ unix) {
		this.newest = Math.max(this.newest, unix);
		this.now = Math.max(this.now, unix);
	}

	get trouble() {
		return this.fetch.trouble;
	}

	keysAreStale(/** @type {string} */ why) {
		if (this.keyState !== 'fresh') return;
		this.keyState = 'stale';
		this.keyAge = why;
	}

	/** Is the list at hand older than the one named, or another one in its place? */
	isBehind(/** @type {number} */ version, /** @type {Uint8Array} */ hash) {
		try {
			checkRemembered(version, hash, /** @type {any} */ (this.keyList));
			return false;
		} catch (fault) {
			if (fault instanceof Refusal) return true;
			throw fault;
		}
	}

	/** Read the key list, once; without a policy what the site's own policy would be called, which is trusted for nothing. */
	open() {
		this.opening ??= this.from.policy ? this.openKeys() : this.openOffered();
		return this.opening;
	}

	async openOffered() {
		const { bytes } = await this.fetch.file('/policy.json', POLICY_MAX);
		if (bytes === null) return;
		try {
			this.offered = readPolicy(bytes).fingerprint;
		} catch (fault) {
			this.fetch.fault('/policy.json', fault);
		}
	}

	async openKeys() {
		const bytes = await this.fetch.wanted('/keys.note', NOTE_MAX);
		if (bytes === null) return;
		try {
			this.keyList = await readKeyList(bytes, /** @type {any} */ (this.from.policy));
		} catch (fault) {
			if (!(fault instanceof Refusal)) throw fault;
			this.keyState = 'bad';
			this.fetch.fault('/keys.note', fault);
			return;
		}
		/** @type {any} */ (this.log).keyList = this.keyList;
		this.keyState = 'fresh';
		this.saw(this.keyList.issued);
		const m = this.from.memory;
		if (m === null) return;
		if (this.isBehind(m.keysVersion, m.keysHash)) return this.keysAreStale('older-than-seen');
		m.keysVersion = this.keyList.version;
		m.keysHash = this.keyList.sha256;
	}

	/** The key of the list that signed the token; null when none did. */
	async signer(/** @type {import('./token.mjs').Token} */ token) {
		if (this.keyList === null || this.from.policy === null) return null;
		for (const key of keysOf(this.keyList, token.kid)) if (await verifyToken(token, key.public, this.from.policy.issuer)) return key;
		return null;
	}

	/** The shard, verified, once. */
	shard(/** @type {bigint} */ n) {
		let shard = this.shards.get(n);
		if (!shard) this.shards.set(n, (shard = this.loadShard(n)));
		return shard;
	}

	async loadShard(/** @type {bigint} */ n) {
		const path = shardPath(n);
		const bytes = await this.fetch.wanted(path, SHARD_MAX);
		if (bytes === null) return null;
		try {
			const shard = await readShard(bytes, n, /** @type {any} */ (this.from.policy).site, /** @type {any} */ (this.keyList));
			const tree = { size: shard.treeSize, root: shard.treeRoot, from: 'status' };
			return { n, shard, hash: sha256(bytes), tree, proven: null };
		} catch (fault) {
			if (!(fault instanceof Refusal)) throw fault;
			this.fetch.fault(path, fault);
			return null;
		}
	}

	/** Any shard tells which key list is the newest. */
	keysNamed(/** @type {any} */ s) {
		if (s === null) return;
		this.saw(s.shard.iat);
		if (this.isBehind(s.shard.keysVersion, s.shard.keysHash)) this.keysAreStale('older-than-status');
	}

	/** What the status list and memory say of idx. */
	async statusEvidence(/** @type {bigint} */ idx, /** @type {Evidence} */ out) {
		const n = idx >> SHARD_BITS;
		const m = this.from.memory;
		const s = await this.shard(n);
		this.keysNamed(s);
		if (s !== null) {
			out.status = STATUS[valueAt(s.shard.list, Number(idx % 32768n))];
			out.freshness = out.canonical ? 'live' : 'cached';
			out.listIat = s.shard.iat;
			out.listExp = s.shard.exp;
			if (m !== null) {
				if (m.shardIat(n) > s.shard.iat) out.statusAge = 'older-than-seen';
				else m.sawShard(n, s.shard.iat);
				if (out.status === 'revoked') m.revoke(idx);
			}
		}
		if (m?.isRevoked(idx) && out.status !== 'revoked') {
			out.status = 'revoked';
			out.rememberedRevoked = true;
		}
		return s;
	}

	/** Put a fault into evidence; the first one stays. */
	fault(/** @type {Evidence} */ out, /** @type {string} */ what, /** @type {any} */ known) {
		if (out.logFault !== 'none') return;
		Object.assign(out, { logFault: what, shown: this.log?.tree, known });
	}

	/** Take into evidence how a signed tree stands to the one shown. */
	take(/** @type {import('./log.mjs').Tree} */ other, /** @type {import('./log.mjs').Relation} */ relation, /** @type {Evidence} */ out) {
		switch (relation) {
			case 'shown':
				return;
			case 'unproven':
				out.consistent = false;
				return;
			case 'ahead':
				out.consistent = false;
				if (other.from === 'status') {
					out.statusAge = 'ahead-of-log';
					out.canonical = false; // the list proves that the site has more than it shows
				} else if (other.from !== 'proof' || out.canonical) this.fault(out, 'shrunk', other);
				return;
			case 'tiles':
				return this.fault(out, 'tiles', null);
			default:
				this.fault(out, relation, other);
		}
	}

	/** How another tree stands; asked again only while it is unproven. */
	async relate(/** @type {string} */ name, /** @type {import('./log.mjs').Tree} */ tree, /** @type {boolean} */ mayFetch) {
		let relation = this.relations.get(name) ?? 'unproven';
		if (relation === 'unproven') {
			relation = await /** @type {Log} */ (this.log).relate(tree, mayFetch);
			this.relations.set(name, relation);
		}
		return relation;
	}

	/** The remembered tree against the one shown, which takes its place when it extends it. */
	async memoryRelate(/** @type {boolean} */ mayFetch, /** @type {Evidence} */ out) {
		const m = this.from.memory;
		const log = /** @type {Log} */ (this.log);
		if (m === null) return;
		if (m.treeSize > 0n && this.relations.get('memory') !== 'shown') {
			const known = { size: m.treeSize, root: m.treeRoot, from: 'memory' };
			const relation = await this.relate('memory', known, mayFetch);
			this.take(known, relation, out);
			if (relation !== 'shown') return;
		}
		this.relations.set('memory', 'shown');
		if (log.gap !== 'none' || log.tree === null) return;
		m.treeSize = log.tree.size;
		m.treeRoot = log.tree.root;
	}

	async listRelate(/** @type {any} */ s, /** @type {boolean} */ mayFetch, /** @type {Evidence} */ out) {
		if (s === null) return;
		this.take(s.tree, await this.relate(`status ${s.n}`, s.tree, mayFetch), out);
		if (!mayFetch || (this.from.far && !this.from.thorough)) return;
		s.proven ??= this.proveList(s);
		const proven = await s.proven;
		out.statusLogged = proven?.relation === 'shown';
		if (proven?.relation === 'fork' || proven?.relation === 'rewritten') this.take(proven.tree, proven.relation, out);
	}

	/** The log the list's own proof ends in. */
	async proveList(/** @type {any} */ s) {
		const log = /** @type {Log} */ (this.log);
		const path = shardProofPath(s.n);
		const { bytes } = await this.fetch.file(path, SIDECAR_MAX);
		if (bytes === null) return null;
		try {
			const proof = readSidecar(bytes);
			const { gap, tree, why } = await log.judge(proof.checkpoint);
			if (gap !== 'none' || !tree) throw why ?? new Refusal('CHECKPOINT-WITNESSES', 'not cosigned by enough witnesses');
			const leaf = leafHash(statusEntry(s.hash, s.n, s.shard.iat));
			need(includes(leaf, proof.index, tree.size, tree.root, proof.proof), 'STATUS-OTHER', "the proof is another list's");
			return { tree, relation: await log.relate(tree, true) };
		} catch (fault) {
			if (!(fault instanceof Refusal)) throw fault;
			this.fetch.fault(path, fault);
			return null;
		}
	}

	/** Compare the file, and then its beginnings, with c_pdf. */
	fileTake(/** @type {any} */ asked, /** @type {Uint8Array} */ c_pdf, /** @type {Evidence} */ out) {
		if (same(asked.c_pdf, c_pdf)) {
			out.file = 'original';
			return;
		}
		const prefix = asked.target.hash.prefixes.find((p) => same(cPdf(asked.token.bytes, p.hash), c_pdf));
		out.originalLength = prefix?.length ?? 0;
		out.file = prefix ? 'added-to' : 'other';
	}

	/** The entry that stands at idx, against the document at hand. */
	entryTake(/** @type {any} */ asked, /** @type {Uint8Array} */ entry, /** @type {Evidence} */ out) {
		const found = commitments(entry);
		if (found === null || !same(found.token, asked.c_token)) {
			out.leaf = 'other';
			return;
		}
		out.leaf = 'included';
		if (asked.target.hash) this.fileTake(asked, found.pdf, out);
	}

	async byTiles(/** @type {any} */ asked, /** @type {Evidence} */ out) {
		const log = /** @type {Log} */ (this.log);
		const mine = documentEntry(asked.c_token, asked.c_pdf);
		out.logGap = log.gap;
		out.witnesses = log.witnesses;
		const found = await log.look(asked.token.payload.idx, asked.target.hash ? leafHash(mine) : null);
		switch (found.is) {
			case 'matches':
			case 'entry':
				return this.entryTake(asked, found.entry ?? mine, out);
			case 'beyond':
				out.leaf = 'beyond';
				return;
			case 'tiles':
				return this.fault(out, 'tiles', null);
			default:
				if (log.tree !== null) out.logGap = 'tiles';
		}
	}

	/** By the document's own proof: the signed tree it ends in; null when it proves nothing of this document. */
	async byProof(/** @type {any} */ asked, /** @type {Evidence} */ out) {
		const log = /** @type {Log} */ (this.log);
		const other = new Refusal('SIDECAR-OTHER', "it is another document's");
		try {
			const proof = readSidecar(asked.target.proof);
			const { gap, tree, who, newest, why } = await log.judge(proof.checkpoint);
			if (gap !== 'none' || !tree) throw why ?? new Refusal('CHECKPOINT-WITNESSES', 'not cosigned by enough witnesses');
			if (proof.index !== asked.token.payload.idx) throw other;
			const shows = (/** @type {Uint8Array} */ e) => includes(leafHash(e), proof.index, tree.size, tree.root, proof.proof);
			let entry = documentEntry(asked.c_token, asked.c_pdf);
			if (!(asked.target.hash && shows(entry))) {
				if (proof.extra?.length === 32) entry = documentEntry(asked.c_token, proof.extra);
				if (!shows(entry)) throw other;
			}
			this.entryTake(asked, entry, out);
			Object.assign(out, { logGap: 'none', witnesses: who.length });
			log.newest = Math.max(log.newest, newest);
			return { ...tree, from: 'proof' };
		} catch (fault) {
			if (!(fault instanceof Refusal)) throw fault;
			this.fetch.fault('the proof', fault);
			return null;
		}
	}

	/** What the log says of the document, and whether all that is signed speaks of one log. */
	async logEvidence(/** @type {Target} */ target, /** @type {import('./token.mjs').Token} */ token, /** @type {any} */ s, /** @type {Evidence} */ out) {
		const log = /** @type {Log} */ (this.log);
		const c_pdf = target.hash ? cPdf(token.bytes, target.hash.whole) : new Uint8Array(32);
		const asked = { target, token, c_token: cToken(token.bytes), c_pdf };
		Object.assign(out, { quorum: log.quorum, consistent: true });
		await log.read();
		const proven = target.proof ? await this.byProof(asked, out) : null;
		if (proven === null) await this.byTiles(asked, out);
		out.tree = proven ?? log.tree;
		const frozen = frozenLog(/** @type {any} */ (this.keyList), out.key.log);
		if (frozen && token.payload.idx >= frozen.size) out.leaf = 'other'; // in no log, whatever follows it there
		this.saw(log.newest);
		if (log.tree === null) {
			out.consistent = false;
			if (proven && s && proven.size === s.tree.size && !same(proven.root, s.tree.root))
				Object.assign(out, out.logFault === 'none' ? { logFault: 'fork', shown: proven, known: s.tree } : {});
			return;
		}
		const mayFetch = !(proven !== null && this.from.far);
		if (proven) this.take(proven, await log.relate(proven, mayFetch), out);
		await this.memoryRelate(mayFetch, out);
		for (const f of /** @type {any} */ (this.keyList).logs) {
			const known = { size: f.size, root: f.root, from: 'keys' };
			this.take(known, await this.relate(`keys ${f.origin}`, known, mayFetch), out);
		}
		await this.listRelate(s, mayFetch, out);
		if (!proven && out.logGap === 'none' && !out.consistent) out.logGap = 'extension';
	}

	/** What the site says of one token, and of the file under it. */
	async tokenEvidence(/** @type {Target} */ target, /** @type {import('./token.mjs').Token} */ token, /** @type {Evidence} */ out) {
		out.code = 'token';
		out.token = token;
		await this.open();
		out.key = await this.signer(token);
		if (out.key === null) {
			/* Not forged before it is known that no newer key list exists: any shard tells. */
			if (this.keyState === 'fresh') this.keysNamed(await this.shard(0n));
			return;
		}
		const s = await this.statusEvidence(token.payload.idx, out);
		await this.logEvidence(target, token, s, out);
	}

	/** Nothing was had that tells whether the file is the one issued with this token. */
	isOpen(/** @type {Evidence} */ out) {
		if (out.file !== 'not-checked' || out.logFault !== 'none') return false;
		if (out.key === null) return this.from.policy === null || this.keyState !== 'fresh';
		return out.leaf === 'not-checked';
	}

	/** One of several tokens counts only when the whole file is the one issued with it. */
	async severalTokens(/** @type {Target} */ target, /** @type {() => Evidence} */ blank) {
		let open = false;
		for (const digits of target.tokens.slice(0, CODES_MAX)) {
			const out = blank();
			let token;
			try {
				token = readDigits(digits);
			} catch (fault) {
				if (fault instanceof Refusal) continue;
				throw fault;
			}
			await this.tokenEvidence(target, token, out);
			if (out.file === 'original') return out;
			open ||= this.isOpen(out);
		}
		return { ...blank(), code: open ? 'two-open' : 'two' };
	}

	async oneToken(/** @type {Target} */ target, /** @type {() => import('./token.mjs').Token} */ read, /** @type {Evidence} */ out) {
		let token;
		try {
			token = read();
		} catch (fault) {
			if (!(fault instanceof Refusal)) throw fault;
			return Object.assign(out, { code: 'malformed', fault });
		}
		await this.tokenEvidence(target, token, out);
		return out;
	}

	/** A typed code to its token. */
	async typedCode(/** @type {Target} */ target, /** @type {Evidence} */ out) {
		const docid = /** @type {Uint8Array} */ (target.docid);
		out.code = 'no-lookup';
		await this.open();
		if (this.from.policy === null) return out;
		const info = await this.fetch.wanted('/d/info', INFO_MAX);
		if (info === null) return out;
		let path = '/d/info';
		try {
			path = bucketPath(lookupDigest(docid), readInfo(info));
			const { bytes, absent } = await this.fetch.file(path, BUCKET_MAX);
			if (bytes === null) return Object.assign(out, absent ? { code: 'not-found' } : {});
			const token = openBucket(bytes, docid);
			if (token === null) return Object.assign(out, { code: 'not-found' });
			return this.oneToken(target, () => readToken(token), out);
		} catch (fault) {
			if (!(fault instanceof Refusal)) throw fault;
			this.fetch.fault(path, fault);
			return out;
		}
	}

	async targetEvidence(/** @type {Target} */ target, /** @type {() => Evidence} */ blank) {
		if (target.tokens.length > 1) return this.severalTokens(target, blank);
		if (target.tokens.length === 1) return this.oneToken(target, () => readDigits(target.tokens[0]), blank());
		if (target.docid) return this.typedCode(target, blank());
		return { ...blank(), code: target.otherCodes > 0 ? 'not-ours' : 'none' };
	}

	/**
	 * All that can be known of the target.  A site that fails, lies or lacks files is evidence, never an error.
	 * @param {Target} target
	 * @param {{expect?: Record<string, any>, allowNoLog?: boolean, at?: number | null, rootsChanged?: number}} [asked]
	 * @returns {Promise<Evidence>}
	 */
	async evidence(target, asked = {}) {
		const blank = () => ({
			...{ code: 'none', token: null, fault: null, key: null, policy: this.from.policy, offered: null, rootsChanged: 0 },
			...{ canonical: this.from.site?.canonical ?? false, file: target.hash ? 'not-checked' : 'none', originalLength: 0 },
			...{ leaf: 'not-checked', logGap: 'none', logFault: 'none', shown: null, known: null, tree: null, consistent: false },
			...{ quorum: 0, witnesses: 0, status: 'not-checked', freshness: 'not-checked', statusAge: 'in-time' },
			...{ rememberedRevoked: false, statusLogged: false, listIat: null, listExp: null },
			...{ at: null, allowNoLog: false, expect: {}, ...asked },
		});
		const out = await this.targetEvidence(target, blank);
		if (this.keyList !== null && this.keyState === 'fresh' && this.now >= this.keyList.expires) this.keysAreStale('expired');
		const memory = this.from.memory;
		if (memory !== null) memory.newest = Math.max(memory.newest, this.newest);
		const { keyState, keyAge, keyList, offered, now } = this;
		return Object.assign(out, { keyState, keyAge, keyList, offered, now });
	}
}
