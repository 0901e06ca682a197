// SPDX-License-Identifier: Apache-2.0

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a text in UTF-8. */
export const utf8 = (/** @type {string} */ text) => encoder.encode(text);

/** The text of UTF-8 bytes; null when they are none. */
export function text(/** @type {Uint8Array} */ bytes) {
	try {
		return decoder.decode(bytes);
	} catch {
		return null;
	}
}

export function same(/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** As memcmp: below, at or above 0; the shorter first. */
export function order(/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) {
	const n = Math.min(a.length, b.length);
	for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] - b[i];
	return a.length - b.length;
}

export function concat(/** @type {Uint8Array[]} */ ...parts) {
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const p of parts) {
		out.set(p, at);
		at += p.length;
	}
	return out;
}

/** Eight bytes, big-endian. */
export function u64(/** @type {bigint | number} */ n) {
	const out = new Uint8Array(8);
	new DataView(out.buffer).setBigUint64(0, BigInt(n));
	return out;
}

export function fromU64(/** @type {Uint8Array} */ bytes) {
	return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
}

export function hex(/** @type {Uint8Array} */ bytes) {
	let out = '';
	for (const b of bytes) out += (b < 16 ? '0' : '') + b.toString(16);
	return out;
}

/** Lower-case hexadecimal of exactly n bytes (any number when n is left out); null for anything else. */
export function unhex(/** @type {string} */ digits, /** @type {number} */ n = digits.length / 2) {
	if (digits.length !== 2 * n || !/^[0-9a-f]*$/.test(digits)) return null;
	const out = new Uint8Array(n);
	for (let i = 0; i < n; i++) out[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return out;
}

/** RFC 4648 §4 with its padding and no other spelling; null for anything else. */
export function unbase64(/** @type {string} */ s) {
	const pad = s.endsWith('==') ? 2 : s.endsWith('=') ? 1 : 0;
	if (s.length === 0 || s.length % 4 !== 0) return null;
	const out = new Uint8Array((s.length / 4) * 3 - pad);
	for (let i = 0, at = 0; i < s.length; i += 4) {
		let v = 0;
		for (let k = 0; k < 4; k++) {
			const value = i + k >= s.length - pad ? 0 : BASE64.indexOf(s[i + k]);
			if (value < 0) return null;
			v = (v << 6) | value;
		}
		for (const shift of [16, 8, 0]) {
			if (at < out.length) out[at++] = (v >> shift) & 255;
			else if (((v >> shift) & 255) !== 0) return null;
		}
	}
	return out;
}

export function base64(/** @type {Uint8Array} */ bytes) {
	let out = '';
	for (let i = 0; i < bytes.length; i += 3) {
		const v = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		out += BASE64[v >> 18] + BASE64[(v >> 12) & 63];
		out += (i + 1 < bytes.length ? BASE64[(v >> 6) & 63] : '=') + (i + 2 < bytes.length ? BASE64[v & 63] : '=');
	}
	return out;
}

/** Crockford base32 of whole groups of 5 bytes, in groups of four with dashes. */
export function base32(/** @type {Uint8Array} */ bytes) {
	let out = '';
	for (let i = 0; i < (bytes.length * 8) / 5; i++) {
		const bit = i * 5;
		const two = (bytes[bit >> 3] << 8) | (bytes[(bit >> 3) + 1] ?? 0);
		out += (i > 0 && i % 4 === 0 ? '-' : '') + CROCKFORD[(two >> (11 - (bit & 7))) & 31];
	}
	return out;
}

/** Crockford base32 as typed (I L for 1, O for 0, U for V, dashes and blanks passed over); null unless n bytes exactly. */
export function unbase32(/** @type {string} */ typed, /** @type {number} */ n) {
	const out = new Uint8Array(n);
	let bit = 0;
	for (const c of typed) {
		if (c === '-' || c === ' ') continue;
		const folded = c.toUpperCase().replace(/[IL]/, '1').replace('O', '0').replace('U', 'V');
		const value = c.length === 1 && c < '\x80' ? CROCKFORD.indexOf(folded) : -1;
		if (value < 0 || bit + 5 > 8 * n) return null;
		for (let k = 4; k >= 0; k--, bit++) if ((value >> k) & 1) out[bit >> 3] |= 1 << (7 - (bit & 7));
	}
	return bit === 8 * n ? out : null;
}

/** A decimal number without sign or leading zero, at most max; null for anything else. */
export function decimal(/** @type {string} */ digits, /** @type {bigint} */ max) {
	if (!/^(0|[1-9][0-9]{0,19})$/.test(digits)) return null;
	const n = BigInt(digits);
	return n <= max ? n : null;
}

/** Where `needle` stands at or behind `from`; -1 when it does not. */
export function find(/** @type {Uint8Array} */ hay, /** @type {Uint8Array} */ needle, from = 0) {
	for (let at = from; ; at++) {
		at = hay.indexOf(needle[0], at);
		if (at < 0 || at + needle.length > hay.length) return -1;
		let i = 1;
		while (i < needle.length && hay[at + i] === needle[i]) i++;
		if (i === needle.length) return at;
	}
}
