// SPDX-License-Identifier: Apache-2.0
import { base32, concat, unbase32 } from './bytes.mjs';

const TYPED_MAX = 64;
const LONG_SYMBOLS = 20;

/** "XXXX-XXXX-XXXX-XXXX" of 10 bytes; of 13 five groups. */
export function docidText(/** @type {Uint8Array} */ docid) {
	return docid.length === 10 ? base32(docid) : base32(concat(docid, new Uint8Array(2))).slice(0, 24);
}

/** What was typed, tolerantly: 10 or 13 bytes; null when it is no document id. */
export function docidRead(/** @type {string} */ typed) {
	if (typed.length > TYPED_MAX) return null;
	const symbols = typed.replace(/[- ]/g, '');
	if (symbols.length !== LONG_SYMBOLS) return unbase32(symbols, 10);
	return unbase32(symbols + '0000', 15)?.slice(0, 13) ?? null;
}
