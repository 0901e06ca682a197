// SPDX-License-Identifier: Apache-2.0
import { hex, text, unhex } from './bytes.mjs';
import { canonical, isInteger, members, readJson } from './json.mjs';
import { Refusal } from './refusal.mjs';

// What a verifier remembers of one log, so that a site cannot take back what it showed (docs/FORMAT.md).
const REVOKED_MAX = 65536, SHARDS_MAX = 4096;
const LIMITS = { bytes: 4 << 20, depth: 4, values: REVOKED_MAX + 3 * SHARDS_MAX + 32 };
const ZERO = new Uint8Array(32);

const bad = (/** @type {string} */ why) => new Refusal('MEMORY-FORM', why);

export class Memory {
	constructor() {
		this.treeSize = 0n;
		this.treeRoot = ZERO;
		this.keysVersion = 0;
		this.keysHash = ZERO;
		this.newest = 0;
		/** @type {Map<number, number>} shard → newest iat */
		this.shards = new Map();
		/** @type {Set<number>} */
		this.revoked = new Set();
	}

	isRevoked(/** @type {bigint} */ idx) {
		return this.revoked.has(Number(idx));
	}

	revoke(/** @type {bigint} */ idx) {
		if (this.revoked.size < REVOKED_MAX) this.revoked.add(Number(idx));
	}

	/** -Infinity when the shard was never seen. */
	shardIat(/** @type {bigint} */ n) {
		return this.shards.get(Number(n)) ?? -Infinity;
	}

	sawShard(/** @type {bigint} */ n, /** @type {number} */ iat) {
		if (this.shards.has(Number(n)) || this.shards.size < SHARDS_MAX) this.shards.set(Number(n), Math.max(iat, this.shardIat(n)));
	}

	write() {
		return canonical({
			keys: { sha256: hex(this.keysHash), version: this.keysVersion },
			newest: this.newest,
			revoked: [...this.revoked].sort((a, b) => a - b),
			schema: 'hufu.memory/1',
			shards: [...this.shards].sort((a, b) => a[0] - b[0]),
			tree: { root: hex(this.treeRoot), size: Number(this.treeSize) },
		});
	}
}

function pair(/** @type {any} */ o, /** @type {string} */ number, /** @type {string} */ hash) {
	members(o, [number, hash], 'MEMORY-FORM');
	const bytes = typeof o[hash] === 'string' ? unhex(o[hash], 32) : null;
	if (bytes === null || !isInteger(o[number], 0)) throw bad('expected a number and a hash');
	if (o[number] === 0 && bytes.some((b) => b !== 0)) throw bad('a hash of nothing');
	return { number: o[number], hash: bytes };
}

const isShard = (/** @type {any} */ s) => Array.isArray(s) && s.length === 2 && s.every((v) => isInteger(v, 0));

/** @returns {Memory} */
export function readMemory(/** @type {Uint8Array} */ bytes) {
	const json = text(bytes);
	if (json === null) throw bad('not UTF-8');
	const root = readJson(json, LIMITS);
	members(root, ['keys', 'newest', 'revoked', 'schema', 'shards', 'tree'], 'MEMORY-FORM');
	const keys = pair(root.keys, 'version', 'sha256'), tree = pair(root.tree, 'size', 'root');
	if (root.schema !== 'hufu.memory/1' || !isInteger(root.newest, 0)) throw bad('expected hufu.memory/1');
	if (!Array.isArray(root.revoked) || root.revoked.length > REVOKED_MAX || !root.revoked.every((v) => isInteger(v, 0)))
		throw bad('a revoked position is no number');
	if (!Array.isArray(root.shards) || root.shards.length > SHARDS_MAX || !root.shards.every(isShard)) throw bad('a shard is no pair of numbers');
	const m = new Memory();
	Object.assign(m, { treeSize: BigInt(tree.number), treeRoot: tree.hash, keysVersion: keys.number, keysHash: keys.hash, newest: root.newest });
	m.shards = new Map(root.shards);
	m.revoked = new Set(root.revoked);
	if (m.write() !== json) throw bad('not one line of canonical JSON');
	return m;
}
