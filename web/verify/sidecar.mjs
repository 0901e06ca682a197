// SPDX-License-Identifier: Apache-2.0
import { decimal, text, unbase64, utf8 } from './bytes.mjs';
import { SIZE_MAX } from './merkle.mjs';
import { Refusal } from './refusal.mjs';

// C2SP tlog-proof: one entry's proof of inclusion with its checkpoint.
export const SIDECAR_MAX = 128 * 1024;
const CHECKPOINT_MAX = 64 * 1024, EXTRA_MAX = 1024, HASHES_MAX = 64;

const bad = (/** @type {string} */ why) => new Refusal('SIDECAR-FORM', `tlog-proof: ${why}`);

function hashOf(/** @type {string} */ line) {
	const hash = unbase64(line);
	if (hash?.length !== 32) throw bad('a hash is not base64 of 32 bytes');
	return hash;
}

/**
 * @param {Uint8Array} bytes hostile
 * @returns {{extra: Uint8Array | null, index: bigint, proof: Uint8Array[], checkpoint: Uint8Array}}
 */
export function readSidecar(bytes) {
	if (bytes.length > SIDECAR_MAX) throw bad('too long');
	const whole = text(bytes);
	const m = whole && /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]*)\n)?index ([^\n]*)\n((?:[^\n]+\n)*)\n(.*)$/s.exec(whole);
	if (!m) throw bad('not the lines c2sp.org/tlog-proof@v1, extra, index, hashes, and a checkpoint');
	const extra = m[1] === undefined ? null : unbase64(m[1]);
	if (m[1] !== undefined && (extra === null || extra.length > EXTRA_MAX)) throw bad('the extra data is not base64 of at most 1,024 bytes');
	const index = decimal(m[2], SIZE_MAX - 1n);
	if (index === null) throw bad('no line of the index, a decimal number without leading zeros');
	const lines = m[3] === '' ? [] : m[3].slice(0, -1).split('\n');
	if (lines.length > HASHES_MAX) throw bad('more than 64 hashes');
	const checkpoint = utf8(m[4]);
	if (checkpoint.length === 0 || checkpoint.length > CHECKPOINT_MAX) throw bad('no checkpoint, or one that is too long');
	return { extra, index, proof: lines.map(hashOf), checkpoint };
}
