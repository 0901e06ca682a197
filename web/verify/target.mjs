// SPDX-License-Identifier: Apache-2.0
import { text } from './bytes.mjs';
import { docidRead } from './docid.mjs';
import { hashFile, isPdf, tokensOf } from './pdf.mjs';
import { Refusal } from './refusal.mjs';
import { findDigits } from './token.mjs';

export const FILE_MAX = 64 << 20;
const WORD_MAX = 4096, BARE_DIGITS_MIN = 100;

/** @returns {import('./gather.mjs').Target} */
const target = (/** @type {object} */ found) => ({ tokens: [], otherCodes: 0, docid: null, hash: null, proof: null, ...found });

/** PNG or JPEG, by the first bytes. */
export const isPicture = (/** @type {Uint8Array} */ bytes) =>
	(bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) || (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff);

/** A link with "/#digits", bare digits, or a code typed from the page; null when it is none of them. */
export function ofWord(/** @type {string} */ word) {
	if (word.length > WORD_MAX) return null;
	const found = findDigits(word);
	if (found !== null && (found.base !== '' || found.digits.length >= BARE_DIGITS_MIN)) return target({ tokens: [found.digits] });
	const docid = docidRead(word);
	return docid === null ? null : target({ docid });
}

/** The texts of the codes found in a picture. */
export function ofCodes(/** @type {string[]} */ texts) {
	const found = texts.map(findDigits);
	const tokens = [...new Set(found.filter((f) => f !== null).map((f) => f.digits))];
	return target({ tokens, otherCodes: found.filter((f) => f === null).length });
}

/** A PDF, or a text that ofWord takes; pictures are for who can decode them. */
export function ofBytes(/** @type {Uint8Array} */ bytes) {
	if (bytes.length > FILE_MAX) throw new Refusal('TARGET-TOO-LARGE', `longer than ${FILE_MAX >> 20} MiB`);
	if (isPdf(bytes)) return target({ tokens: tokensOf(bytes), hash: hashFile(bytes) });
	const word = bytes.length <= WORD_MAX ? text(bytes) : null;
	const found = word === null ? null : ofWord(word.replace(/^[\0-\x20]+|[\0-\x20]+$/g, ''));
	if (found === null) throw new Refusal('TARGET-UNKNOWN', 'neither a PDF, a PNG or JPEG picture, a link, nor a document id');
	return found;
}

/** Nothing could be read. */
export const nothing = () => target({});
