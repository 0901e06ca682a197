// SPDX-License-Identifier: Apache-2.0
import * as cbor from './cbor.mjs';
import { concat, same, utf8 } from './bytes.mjs';
import { verify } from './ed25519.mjs';
import { Refusal, need } from './refusal.mjs';

// Untagged COSE_Sign1 (RFC 9052 §4.2): [bstr {1: alg, 4: kid}, {}, bstr payload, bstr signature]; docs/FORMAT.md, "The token".
export const PRACTISING = 1, NON_PRACTISING = 2, LETTER = 3, STATEMENT = 4;
const BYTES_MAX = 400;
const DIGITS_MAX = 964;
const RECIPIENT_MAX = 60, MEMBER_NO_MAX = 40;
const DAY_MAX = 2932896n, DAY_MIN = -719162n;
const IDX_MAX = 2n ** 53n - 1n;
const NUMBER_MAX = 999999999999999999n;
/** What a reader cannot see or must not obey: controls, zero-width and bidi marks, private use, variation selectors, specials. */
const UNSHOWN =
	/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\uffff\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/u;

/**
 * @typedef {object} Payload
 * @property {number} type 1 to 255
 * @property {bigint} idx
 * @property {Uint8Array} docid 10 or 13 bytes
 * @property {string} memberNo
 * @property {string | null} native
 * @property {string | null} latin
 * @property {number} issued days since 1970-01-01 in the issuer's zone
 * @property {number} expires the same; 0: none
 * @property {Uint8Array} digest16
 * @property {number | null} admitted
 * @property {string | null} recipient
 * @property {number | null} asAt Unix minutes; null: no letter
 * @property {number} wording
 * @property {number} classCode
 * @property {number} lookBack years, 0 none, 255 ever
 * @property {number} pending
 *
 * @typedef {object} Token
 * @property {Uint8Array} bytes
 * @property {number} alg
 * @property {Uint8Array} kid
 * @property {Uint8Array} payloadBytes
 * @property {Uint8Array} signature
 * @property {Payload} payload
 */

export const isLetter = (/** @type {number} */ type) => type === LETTER || type === STATEMENT;

const bad = (/** @type {string} */ field, /** @type {string} */ why) => new Refusal('TOKEN-FORM', why, `/${field}`);

function checkText(s, field, max) {
	if (s.length === 0) throw bad(field, 'is empty');
	const n = utf8(s).length;
	if (n > max) throw new Refusal('TOKEN-TOO-LONG', `${n} bytes; at most ${max}`, `/${field}`);
	if (UNSHOWN.test(s)) throw bad(field, 'holds a character that cannot be shown');
}

function checkPayload(/** @type {any} */ p) {
	if (p.type < 1) throw bad('type', 'is not 1 to 255');
	if (p.docid.length !== 10 && p.docid.length !== 13) throw bad('docid', 'is not 10 or 13 bytes');
	if (p.docid.length === 13 && (p.docid[12] & 15) !== 0) throw bad('docid', '13 bytes must end in 4 zero bits');
	checkText(p.memberNo, 'member_no', MEMBER_NO_MAX);
	if (p.native !== null) checkText(p.native, 'name_native', BYTES_MAX);
	if (p.latin !== null) checkText(p.latin, 'name_latin', BYTES_MAX);
	if (p.issued < 0n || p.issued > DAY_MAX) throw bad('issued', 'is out of range');
	if (p.expires !== 0n && (p.expires < p.issued || p.expires > DAY_MAX))
		throw bad('expires', 'lies before the day of issue, or is out of range');
	if (p.admitted !== null && (p.admitted < DAY_MIN || p.admitted > DAY_MAX)) throw bad('admitted', 'is out of range');
	if (isLetter(p.type)) {
		if (p.recipient !== null) checkText(p.recipient, 'recipient', RECIPIENT_MAX);
		if (p.asAt < 0n || p.asAt > 1440n * DAY_MAX) throw bad('as_at', 'is out of range');
		if (p.pending > 1) throw bad('wording', "a letter's codes are out of range");
	} else if (p.type <= NON_PRACTISING && p.admitted === null) throw bad('admitted', 'is missing');
}

/** A member number that must stand as a number. */
const isNumber = (/** @type {string} */ s) => /^[1-9][0-9]{0,17}$/.test(s);

function readMemberNo(/** @type {cbor.Reader} */ c) {
	if (c.peek() === cbor.TEXT) {
		const s = c.text();
		if (isNumber(s)) throw bad('member_no', 'must be written as a number');
		return s;
	}
	const n = c.uint(NUMBER_MAX);
	if (n === 0n) throw bad('member_no', 'must be written as text');
	return n.toString();
}

function readExt(/** @type {cbor.Reader} */ c, /** @type {any} */ p) {
	const pairs = c.map();
	if (isLetter(p.type)) {
		if (pairs !== 3) throw bad('ext', 'a letter has exactly three entries');
		c.uint(1n); // the keys are 1, 2, 3: each is read as "at most", and their order does the rest
		p.recipient = textOrNil(c);
		c.uint(2n);
		p.asAt = c.int();
		c.uint(3n);
		c.array(4);
		for (const field of ['wording', 'classCode', 'lookBack', 'pending']) p[field] = Number(c.uint(255n));
		return;
	}
	if (pairs === 0) return;
	if (pairs !== 1 || c.uint(4n) !== 4n) throw bad('ext', 'a certificate has only the day of admission');
	p.admitted = c.int();
}

const textOrNil = (/** @type {cbor.Reader} */ c) => (c.peek() === cbor.NIL ? (c.nil(), null) : c.text());

function readPayload(/** @type {Uint8Array} */ bytes) {
	cbor.check(bytes);
	const c = new cbor.Reader(bytes);
	c.array(11);
	const layout = c.uint(255n);
	need(layout === 1n, 'TOKEN-FORM', `layout ${layout}; this program knows 1`);
	/** @type {any} */
	const p = { type: Number(c.uint(255n)), idx: c.uint(IDX_MAX), docid: c.byteString() };
	if (p.docid.length > 13) throw bad('docid', 'is not 10 or 13 bytes');
	p.memberNo = readMemberNo(c);
	p.native = textOrNil(c);
	p.latin = textOrNil(c);
	p.issued = c.int();
	p.expires = c.int();
	p.digest16 = c.byteString();
	if (p.digest16.length !== 16) throw bad('digest16', 'is not 16 bytes');
	Object.assign(p, { admitted: null, recipient: null, asAt: null, wording: 0, classCode: 0, lookBack: 0, pending: 0 });
	readExt(c, p);
	c.end();
	checkPayload(p);
	return p;
}

function writePayload(/** @type {any} */ p) {
	const nilOr = (/** @type {string | null} */ s) => (s === null ? cbor.putNil() : cbor.putText(s));
	const letter = [cbor.putMap(3), cbor.putInt(1), nilOr(p.recipient), cbor.putInt(2), cbor.putInt(p.asAt ?? 0), cbor.putInt(3), cbor.putArray(4)];
	const ext = isLetter(p.type)
		? [...letter, ...[p.wording, p.classCode, p.lookBack, p.pending].map(cbor.putInt)]
		: p.admitted === null
			? [cbor.putMap(0)]
			: [cbor.putMap(1), cbor.putInt(4), cbor.putInt(p.admitted)];
	return concat(
		cbor.putArray(11),
		...[1, p.type, p.idx].map(cbor.putInt),
		cbor.putBytes(p.docid),
		isNumber(p.memberNo) ? cbor.putInt(BigInt(p.memberNo)) : cbor.putText(p.memberNo),
		nilOr(p.native),
		nilOr(p.latin),
		cbor.putInt(p.issued),
		cbor.putInt(p.expires),
		cbor.putBytes(p.digest16),
		...ext,
	);
}

const protectedOf = (/** @type {number} */ alg, /** @type {Uint8Array} */ kid) =>
	concat(cbor.putMap(2), cbor.putInt(1), cbor.putInt(alg), cbor.putInt(4), cbor.putBytes(kid));

function readProtected(/** @type {Uint8Array} */ bytes) {
	cbor.check(bytes);
	const c = new cbor.Reader(bytes);
	const pairs = c.map();
	c.uint(1n);
	const alg = c.int();
	const label = c.uint(4n);
	const kid = c.byteString();
	c.end();
	need(pairs === 2 && label === 4n && kid.length === 4, 'TOKEN-FORM', 'expected exactly alg and a key id of 4 bytes');
	need(alg === -8n || alg === -19n, 'TOKEN-FORM', `algorithm ${alg} is not Ed25519`);
	return { alg: Number(alg), kid };
}

/**
 * One token from the bytes of a code; refuses what is not exactly the one form it has.
 * @param {Uint8Array} bytes hostile
 * @returns {Token}
 */
export function readToken(bytes) {
	need(bytes.length <= BYTES_MAX, 'TOKEN-FORM', `${bytes.length} bytes; at most ${BYTES_MAX}`);
	cbor.check(bytes);
	const c = new cbor.Reader(bytes);
	c.array(4);
	const header = c.byteString();
	need(c.map() === 0, 'TOKEN-FORM', 'the unprotected header is not empty');
	const payloadBytes = c.byteString();
	const signature = c.byteString();
	c.end();
	need(signature.length === 64, 'TOKEN-FORM', 'the signature is not 64 bytes');
	const { alg, kid } = readProtected(header);
	const payload = readPayload(payloadBytes);
	const again = concat(
		cbor.putArray(4),
		cbor.putBytes(protectedOf(alg, kid)),
		cbor.putMap(0),
		cbor.putBytes(writePayload(payload)),
		cbor.putBytes(signature),
	);
	need(same(again, bytes), 'TOKEN-FORM', 'does not re-encode to the same bytes');
	for (const field of ['issued', 'expires', 'admitted', 'asAt'])
		if (payload[field] !== null) payload[field] = Number(payload[field]);
	return { bytes, alg, kid, payloadBytes, signature, payload };
}

/** The token of a code's digits. */
export function readDigits(/** @type {string} */ digits) {
	need(digits.length <= DIGITS_MAX, 'TOKEN-FORM', `${digits.length} digits; at most ${DIGITS_MAX}`);
	const wrong = `not a decimal number of at most ${BYTES_MAX} bytes`;
	need(/^[1-9][0-9]*$/.test(digits), 'TOKEN-FORM', wrong);
	let hex = BigInt(digits).toString(16);
	if (hex.length % 2 === 1) hex = '0' + hex;
	need(hex.length <= 2 * BYTES_MAX, 'TOKEN-FORM', wrong);
	return readToken(Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16)));
}

/**
 * Does the key's signature hold, as a token of this issuer?
 * @param {Token} token
 * @param {Uint8Array} key
 * @param {string} issuer
 */
export function verifyToken(token, key, issuer) {
	const aad = concat(utf8('hufu/1/cert'), new Uint8Array(1), utf8(issuer));
	const signed = concat(
		cbor.putArray(4), // Sig_structure, RFC 9052 §4.4
		cbor.putText('Signature1'),
		cbor.putBytes(protectedOf(token.alg, token.kid)),
		cbor.putBytes(aad),
		cbor.putBytes(token.payloadBytes),
	);
	return verify(key, signed, token.signature);
}

/**
 * The digits in a scanned or pasted text: behind the last "/#" of a link, or bare; a tail that begins with & or ? is
 * dropped.  Null where there are none.  `base` is the link's site, "" for bare digits.
 * @param {string} scanned
 * @returns {{digits: string, base: string} | null}
 */
export function findDigits(scanned) {
	let rest = scanned.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
	let base = '';
	const mark = rest.indexOf('/#');
	if (mark >= 0) {
		base = rest.slice(0, mark);
		rest = rest.slice(mark + 2);
		if (!/^https?:\/\//.test(base)) return null;
	}
	const digits = /^[0-9]+(?=$|[&?])/.exec(rest)?.[0];
	return digits === undefined ? null : { digits, base };
}
