// SPDX-License-Identifier: Apache-2.0
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from './bytes.mjs';

export { sha256 };

const ZERO = new Uint8Array(1);

/** SHA-256(label ‖ 0 ‖ parts). */
export function labelled(/** @type {string} */ label, /** @type {Uint8Array[]} */ ...parts) {
	return sha256(concat(utf8(label), ZERO, ...parts));
}

/** A SHA-256 that goes on: update, clone, digest. */
export const running = () => sha256.create();
