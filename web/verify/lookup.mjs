// SPDX-License-Identifier: Apache-2.0
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { concat, order, same, text, utf8 } from './bytes.mjs';
import { labelled } from './hash.mjs';
import { Refusal, need } from './refusal.mjs';
import { readToken } from './token.mjs';

// From a typed code to its token (docs/FORMAT.md): only the bucket is named to the site.
export const BUCKET_MAX = 256 * 1024, INFO_MAX = 1024;
const TAG = 8, PLAIN = 416, ENTRY = TAG + PLAIN + 16, TOKEN_MAX = 400, BITS_MAX = 28;

const bad = (/** @type {string} */ why) => new Refusal('LOOKUP-FORM', why);

export const lookupDigest = (/** @type {Uint8Array} */ docid) => labelled('hufu/1/lookup', docid);
export const lookupTag = (/** @type {Uint8Array} */ digest) => digest.subarray(4, 12);

/** "/d/0110…" */
export function bucketPath(/** @type {Uint8Array} */ digest, /** @type {number} */ bits) {
	let path = '/d/';
	for (let i = 0; i < bits; i++) path += (digest[i >> 3] >> (7 - (i & 7))) & 1;
	return path;
}

/** How many leading bits name a bucket. */
export function readInfo(/** @type {Uint8Array} */ bytes) {
	const m = /^\{"bits":([1-9][0-9]?),"schema":"hufu\.lookup\/1"\}$/.exec(text(bytes) ?? '');
	if (m === null || Number(m[1]) > BITS_MAX) throw bad('not {"bits":1 to 28,"schema":"hufu.lookup/1"}');
	return Number(m[1]);
}

/** Length, token, zeros; and the token is that of the document asked for, not of one put in its place. */
function readPlain(/** @type {Uint8Array} */ plain, /** @type {Uint8Array} */ docid) {
	const n = (plain[0] << 8) | plain[1];
	if (n === 0 || n > TOKEN_MAX) throw bad('a sealed token has 1 to 400 bytes');
	if (plain.subarray(2 + n).some((b) => b !== 0)) throw bad('a sealed token is not filled up with zeros');
	const bytes = plain.slice(2, 2 + n);
	let token;
	try {
		token = readToken(bytes);
	} catch (fault) {
		throw fault instanceof Refusal ? bad(`the sealed bytes are no token: ${fault.message}`) : fault;
	}
	if (!same(token.payload.docid, docid)) throw bad("the sealed token is another document's");
	return bytes;
}

function open(/** @type {Uint8Array} */ key, /** @type {Uint8Array} */ tag, /** @type {Uint8Array} */ sealed) {
	try {
		return xchacha20poly1305(key, new Uint8Array(24), tag).decrypt(sealed);
	} catch {
		return null; // chance gives two documents one tag once in 2^64
	}
}

/**
 * The token's bytes, or null when the bucket has no such document; refuses a bucket that is not whole, or whose entry does
 * not open.
 * @param {Uint8Array} bucket hostile
 * @param {Uint8Array} docid
 */
export function openBucket(bucket, docid) {
	need(bucket.length <= BUCKET_MAX, 'LOOKUP-FORM', `a bucket of ${bucket.length} bytes; at most ${BUCKET_MAX}`);
	if (bucket.length % ENTRY !== 0) throw bad('the last entry is cut');
	const tagOf = (/** @type {number} */ i) => bucket.subarray(i * ENTRY, i * ENTRY + TAG);
	const count = bucket.length / ENTRY;
	for (let i = 1; i < count; i++) if (order(tagOf(i - 1), tagOf(i)) > 0) throw bad(`entry ${i} is out of order`);
	const tag = lookupTag(lookupDigest(docid));
	const key = blake2b(docid, { dkLen: 32, personalization: concat(utf8('hufu/1/sealed'), new Uint8Array(3)) });
	let met = false;
	for (let i = 0; i < count; i++) {
		if (!same(tagOf(i), tag)) continue;
		met = true;
		const plain = open(key, tag, bucket.subarray(i * ENTRY + TAG, (i + 1) * ENTRY));
		if (plain !== null) return readPlain(plain, docid);
	}
	if (met) throw bad("the document's entry does not open");
	return null;
}
