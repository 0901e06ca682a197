// SPDX-License-Identifier: Apache-2.0
import { same } from './bytes.mjs';
import { CHECKPOINT_MAX, readCheckpoint } from './checkpoint.mjs';
import { logKeys } from './keylist.mjs';
import { EMPTY_ROOT, consistencyProof, includes, inclusionProof, isConsistent, leafHash } from './merkle.mjs';
import { Refusal } from './refusal.mjs';
import { Tiles } from './tiles.mjs';

/**
 * A signed tree, and who knows of it: site, memory, status, proof or keys.
 * @typedef {{size: bigint, root: Uint8Array, from: string}} Tree
 *
 * How another signed tree stands to the one shown: shown (the same, or its beginning), unproven, ahead (larger: what is
 * shown is old), fork (same size, another root), rewritten (smaller, not its beginning), tiles (unproven, since the tiles
 * are not those of the root shown).
 * @typedef {'shown' | 'unproven' | 'ahead' | 'fork' | 'rewritten' | 'tiles'} Relation
 */

/** The public log as one site shows it: the newest checkpoint, and the tiles under it, fetched when a question needs them. */
export class Log {
	constructor(/** @type {import('./site.mjs').Fetch} */ fetch, /** @type {import('./policy.mjs').Policy} */ policy) {
		this.fetch = fetch;
		this.policy = policy;
		/** @type {import('./keylist.mjs').KeyList} */
		this.keyList = /** @type {any} */ (null);
		/** Why the log cannot tell: none, checkpoint, signature, witnesses or tiles. */
		this.gap = 'checkpoint';
		/** @type {Tree | null} signed by the log; the gap may still be "witnesses" */
		this.tree = null;
		this.witnesses = 0;
		this.newest = 0;
		/** @type {Tiles} */
		this.tiles = /** @type {any} */ (null);
		/** @type {Promise<void> | null} */
		this.reading = null;
	}

	get quorum() {
		return Math.max(this.policy.quorum, this.keyList.quorum);
	}

	/** Of the policy's own witnesses its own quorum, of all together the list's. */
	isCosigned(/** @type {import('./note.mjs').NoteKey[]} */ who) {
		const ours = who.filter((k) => this.policy.witnesses.some((w) => same(w.public, k.public))).length;
		return ours >= this.policy.quorum && who.length >= this.keyList.quorum;
	}

	/** Judge a checkpoint: gap none or witnesses gives the tree with it. */
	async judge(/** @type {Uint8Array} */ bytes) {
		const known = this.policy.witnesses;
		const added = this.keyList.witnesses.filter((w) => !known.some((k) => same(k.public, w.public)));
		let why = new Refusal('CHECKPOINT-SIGNATURE', 'the key list names no key that signs for the log');
		for (const key of logKeys(this.keyList, this.policy)) {
			try {
				const c = await readCheckpoint(bytes, key, [...known, ...added]);
				const gap = this.isCosigned(c.who) ? 'none' : 'witnesses';
				return { gap, tree: { size: c.size, root: c.root, from: 'site' }, who: c.who, newest: c.newest };
			} catch (fault) {
				if (!(fault instanceof Refusal)) throw fault;
				why = fault;
			}
		}
		return { gap: why.code === 'CHECKPOINT-SIGNATURE' ? 'signature' : 'checkpoint', why };
	}

	/** Ask the site for its checkpoint, once. */
	read() {
		this.reading ??= this.readNow();
		return this.reading;
	}

	async readNow() {
		const bytes = await this.fetch.wanted('/checkpoint', CHECKPOINT_MAX);
		if (bytes === null) return;
		const judged = await this.judge(bytes);
		this.gap = judged.gap;
		if (judged.why) this.fetch.fault('/checkpoint', judged.why);
		if (!judged.tree) return;
		this.tree = judged.tree;
		this.witnesses = judged.who.length;
		this.newest = judged.gap === 'none' ? judged.newest : 0;
		this.tiles = new Tiles(/** @type {any} */ (this.fetch.site), judged.tree.size);
	}

	/** Do the tiles lead from the last leaf of the smaller tree to the signed root?  Then they cannot be blamed. */
	async tilesHold(/** @type {bigint} */ size) {
		const tree = /** @type {Tree} */ (this.tree);
		const source = this.tiles.source();
		try {
			const leaf = await source(0, size - 1n);
			return includes(leaf, size - 1n, tree.size, tree.root, await inclusionProof(source, tree.size, size - 1n));
		} catch {
			return false;
		}
	}

	/** @returns {Promise<Relation>} */
	async relate(/** @type {Tree} */ other, /** @type {boolean} */ mayFetch) {
		const tree = /** @type {Tree} */ (this.tree);
		if (other.size > tree.size) return 'ahead';
		if (other.size === tree.size) return same(other.root, tree.root) ? 'shown' : 'fork';
		if (other.size === 0n) return same(other.root, EMPTY_ROOT) ? 'shown' : 'rewritten';
		if (!mayFetch) return 'unproven';
		try {
			const proof = await consistencyProof(this.tiles.source(), other.size, tree.size);
			if (isConsistent(other.size, other.root, tree.size, tree.root, proof)) return 'shown';
		} catch (why) {
			this.fetch.fault('/tile', why);
			return 'unproven';
		}
		return (await this.tilesHold(other.size)) ? 'rewritten' : 'tiles';
	}

	/**
	 * What stands at idx in the tree shown: unknown, beyond, matches (the entry hashes to `want`), entry, tiles (what the
	 * site published is not of the signed root).
	 * @param {bigint} idx
	 * @param {Uint8Array | null} want the hash hoped for
	 */
	async look(idx, want) {
		if (this.tree === null) return { is: 'unknown' };
		const { size, root } = this.tree;
		if (idx >= size) return { is: 'beyond' };
		try {
			const source = this.tiles.source();
			const proof = await inclusionProof(source, size, idx);
			if (want !== null && includes(want, idx, size, root, proof)) return { is: 'matches' };
			const leaf = await source(0, idx);
			if (!includes(leaf, idx, size, root, proof)) return { is: 'tiles' };
			const entry = await this.tiles.entry(idx);
			return same(leafHash(entry), leaf) ? { is: 'entry', entry } : { is: 'tiles' };
		} catch (why) {
			this.fetch.fault('/tile', why);
			return { is: 'unknown' };
		}
	}
}
