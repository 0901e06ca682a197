// SPDX-License-Identifier: Apache-2.0
import { find, utf8 } from './bytes.mjs';
import { running } from './hash.mjs';

// What a PDF carries of ours.  Its own structure is not read, so that nothing in it can hide a token.
const HEADER_WITHIN = 1024, TOKENS_MAX = 8, PREFIXES_MAX = 64, WINDOW = 1200;
const NAME = utf8('hufu:token'), EOF = utf8('%%EOF'), MAGIC = utf8('%PDF-');
const CR = 13, LF = 10;
/** `>digits<` of an element or `="digits"` of an attribute, with the blanks a line-wrapping writer may put there. */
const VALUE = /^[ \t\r\n]*(?:>[ \t\r\n]*([0-9]{1,964})[ \t\r\n]*<|=[ \t\r\n]*(["'])[ \t\r\n]*([0-9]{1,964})[ \t\r\n]*\2)/;

export const isPdf = (/** @type {Uint8Array} */ bytes) => find(bytes.subarray(0, HEADER_WITHIN), MAGIC) >= 0;

const latin1 = (/** @type {Uint8Array} */ bytes) => String.fromCharCode(...bytes);

/** The distinct runs of digits in the XMP, in the file's order. */
export function tokensOf(/** @type {Uint8Array} */ pdf) {
	const out = [];
	for (let at = find(pdf, NAME); at >= 0 && out.length < TOKENS_MAX; at = find(pdf, NAME, at + NAME.length)) {
		const from = at + NAME.length;
		const m = VALUE.exec(latin1(pdf.subarray(from, from + WINDOW)));
		const digits = m && (m[1] ?? m[3]);
		if (digits && !out.includes(digits)) out.push(digits);
	}
	return out;
}

/** Lengths at which an earlier revision may have ended: %%EOF with and without the line end behind it. */
function prefixesOf(/** @type {Uint8Array} */ pdf) {
	const out = [];
	for (let at = find(pdf, EOF); at >= 0 && out.length < PREFIXES_MAX; at = find(pdf, EOF, at + EOF.length)) {
		const end = at + EOF.length;
		const ends = [end];
		if (pdf[end] === CR || pdf[end] === LF) ends.push(end + 1);
		if (pdf[end] === CR && pdf[end + 1] === LF) ends.push(end + 2);
		for (const n of ends) if (n < pdf.length && out.length < PREFIXES_MAX) out.push(n);
	}
	return out;
}

/**
 * SHA-256 of the whole file and of its beginnings that may be an earlier revision.
 * @returns {{whole: Uint8Array, prefixes: {length: number, hash: Uint8Array}[]}}
 */
export function hashFile(/** @type {Uint8Array} */ pdf) {
	const hash = running();
	const prefixes = [];
	let at = 0;
	for (const length of prefixesOf(pdf)) {
		hash.update(pdf.subarray(at, length));
		at = length;
		prefixes.push({ length, hash: hash.clone().digest() });
	}
	hash.update(pdf.subarray(at));
	return { whole: hash.digest(), prefixes };
}
