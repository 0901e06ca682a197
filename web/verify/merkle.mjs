// SPDX-License-Identifier: Apache-2.0
import { concat, same } from './bytes.mjs';
import { sha256 } from './hash.mjs';

// RFC 6962 §2.1 trees and the proofs of RFC 9162 §2.1; sizes and positions are bigint.
export const SIZE_MAX = 2n ** 62n;
const PROOF_MAX = 64;
const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1);

export const leafHash = (/** @type {Uint8Array} */ entry) => sha256(concat(LEAF, entry));
export const nodeHash = (/** @type {Uint8Array} */ left, /** @type {Uint8Array} */ right) => sha256(concat(NODE, left, right));
export const EMPTY_ROOT = sha256(new Uint8Array());

/**
 * Hashes of complete subtrees: of 2^level leaves, the index-th of that height.
 * @typedef {(level: number, index: bigint) => Promise<Uint8Array>} Source
 */

/** The largest power of two below n; n ≥ 2. */
function splitOf(/** @type {bigint} */ n) {
	return 1n << BigInt((n - 1n).toString(2).length - 1);
}

/** MTH(D[begin:end]), not empty: complete subtrees, folded from the right. */
async function rangeRoot(/** @type {Source} */ source, /** @type {bigint} */ begin, /** @type {bigint} */ end) {
	const n = end - begin;
	let out = null;
	for (let level = 0; n >> BigInt(level) !== 0n; level++) {
		if (((n >> BigInt(level)) & 1n) === 0n) continue;
		end -= 1n << BigInt(level);
		const hash = await source(level, end >> BigInt(level));
		out = out === null ? hash : nodeHash(hash, out);
	}
	return /** @type {Uint8Array} */ (out);
}

export async function rootOf(/** @type {Source} */ source, /** @type {bigint} */ size) {
	return size === 0n ? EMPTY_ROOT : rangeRoot(source, 0n, size);
}

/** Walk from the root to where `left` says, gathering the siblings; told from the leaf upwards. */
async function path(source, size, done, left) {
	let begin = 0n, end = size;
	const proof = [];
	while (!done(begin, end)) {
		const middle = begin + splitOf(end - begin);
		const goLeft = left(middle);
		proof.push(await rangeRoot(source, goLeft ? middle : begin, goLeft ? end : middle));
		if (goLeft) end = middle;
		else begin = middle;
	}
	return { proof, begin, end };
}

/** @returns {Promise<Uint8Array[]>} */
export async function inclusionProof(/** @type {Source} */ source, /** @type {bigint} */ size, /** @type {bigint} */ index) {
	const { proof } = await path(source, size, (b, e) => e - b <= 1n, (middle) => index < middle);
	return proof.reverse();
}

/** @returns {Promise<Uint8Array[]>} for old ≤ size */
export async function consistencyProof(/** @type {Source} */ source, /** @type {bigint} */ old, /** @type {bigint} */ size) {
	if (old === 0n) return [];
	const { proof, begin, end } = await path(source, size, (_, e) => e === old, (middle) => old <= middle);
	if (begin > 0n) proof.push(await rangeRoot(source, begin, end)); // else the old root is known
	return proof.reverse();
}

/** The loop both checks share; null when a proof is too long. */
function climb(fn, sn, fr, sr, proof) {
	for (const c of proof) {
		if (sn === 0n) return null;
		if ((fn & 1n) === 1n || fn === sn) {
			fr = nodeHash(c, fr);
			sr = nodeHash(c, sr);
			while ((fn & 1n) === 0n && fn !== 0n) {
				fn >>= 1n;
				sn >>= 1n;
			}
		} else sr = nodeHash(sr, c);
		fn >>= 1n;
		sn >>= 1n;
	}
	return sn === 0n ? { fr, sr } : null;
}

/** RFC 9162 §2.1.3.2 */
export function includes(
	/** @type {Uint8Array} */ leaf,
	/** @type {bigint} */ index,
	/** @type {bigint} */ size,
	/** @type {Uint8Array} */ root,
	/** @type {Uint8Array[]} */ proof,
) {
	if (size > SIZE_MAX || index >= size || proof.length > PROOF_MAX) return false;
	const end = climb(index, size - 1n, leaf, leaf, proof);
	return end !== null && same(end.sr, root);
}

/** RFC 9162 §2.1.4.2 */
export function isConsistent(
	/** @type {bigint} */ old,
	/** @type {Uint8Array} */ oldRoot,
	/** @type {bigint} */ size,
	/** @type {Uint8Array} */ root,
	/** @type {Uint8Array[]} */ proof,
) {
	if (size > SIZE_MAX || old > size || proof.length > PROOF_MAX) return false;
	if ((old === 0n && !same(oldRoot, EMPTY_ROOT)) || (size === 0n && !same(root, EMPTY_ROOT))) return false;
	if (old === size) return proof.length === 0 && same(oldRoot, root);
	if (old === 0n) return proof.length === 0;
	const whole = (old & (old - 1n)) === 0n;
	if (!whole && proof.length === 0) return false;
	let fn = old - 1n, sn = size - 1n;
	for (; (fn & 1n) === 1n; fn >>= 1n) sn >>= 1n;
	const first = whole ? oldRoot : proof[0];
	const end = climb(fn, sn, first, first, whole ? proof : proof.slice(1));
	return end !== null && same(end.fr, oldRoot) && same(end.sr, root);
}
