// SPDX-License-Identifier: Apache-2.0
import { concat, order, text, utf8 } from './bytes.mjs';
import { Refusal, need } from './refusal.mjs';

// The subset of deterministic CBOR (RFC 8949 §4.2.1) that tokens and status lists are made of.
export const UINT = 0, NEGINT = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, NIL = 7;
const DEPTH = 3; // arrays and maps inside each other
const INT64_MAX = 2n ** 63n - 1n;

const form = (/** @type {number} */ at, /** @type {string} */ why) => new Refusal('CBOR-FORM', `byte ${at}: ${why}`);

/** One item's head: shortest form only; null when it is cut or outside the subset. */
function head(/** @type {Uint8Array} */ bytes, /** @type {number} */ at) {
	if (at >= bytes.length) return null;
	const first = bytes[at];
	if (first === 0xf6) return { kind: NIL, value: 0n, size: 1 };
	const info = first & 31;
	if (first >> 5 > 5 || info > 27) return null;
	if (info < 24) return { kind: first >> 5, value: BigInt(info), size: 1 };
	const extra = 1 << (info - 24);
	if (bytes.length - at - 1 < extra) return null;
	let value = 0n;
	for (let i = 1; i <= extra; i++) value = (value << 8n) | BigInt(bytes[at + i]);
	const shortest = info === 24 ? value >= 24n : value >> BigInt(4 * extra) !== 0n;
	return shortest ? { kind: first >> 5, value, size: 1 + extra } : null;
}

/** Step over a string: where it ends. */
function overString(bytes, at, h) {
	const start = at + h.size;
	if (h.value > BigInt(bytes.length - start)) throw form(at, 'a string is cut');
	const end = start + Number(h.value);
	if (h.kind === TEXT && text(bytes.subarray(start, end)) === null) throw form(start, 'a text is not UTF-8');
	return end;
}

/** A map's key: an integer, greater than the one before by bytewise order of the encoded forms. */
function checkKey(level, h, bytes, at) {
	if (!level.map || level.left % 2n !== 0n) return;
	if (h.kind !== UINT && h.kind !== NEGINT) throw form(at, 'a map key is no integer');
	const key = bytes.subarray(at, at + h.size);
	if (level.key && order(level.key, key) >= 0) throw form(at, 'map keys are not ascending and distinct');
	level.key = key;
}

/** Refuse unless `bytes` is exactly one item of the subset, with integer keys, at most DEPTH deep, nothing behind. */
export function check(/** @type {Uint8Array} */ bytes) {
	const stack = [{ left: 1n, map: false, key: null }];
	let at = 0;
	while (stack.length > 1 || stack[0].left > 0n) {
		const level = stack[stack.length - 1];
		if (level.left === 0n) {
			stack.pop();
			continue;
		}
		const h = head(bytes, at);
		if (h === null) throw form(at, 'cut, or not deterministic CBOR of the subset');
		checkKey(level, h, bytes, at);
		level.left--;
		if (h.kind === BYTES || h.kind === TEXT) {
			at = overString(bytes, at, h);
			continue;
		}
		at += h.size;
		if (h.kind !== ARRAY && h.kind !== MAP) continue;
		if (stack.length > DEPTH) throw form(at, 'arrays and maps are nested too deep');
		if (h.value > BigInt(bytes.length - at)) throw form(at, 'more items announced than bytes are left');
		stack.push({ left: h.kind === MAP ? 2n * h.value : h.value, map: h.kind === MAP, key: null });
	}
	if (at !== bytes.length) throw form(at, 'bytes behind the end');
}

/** A place in bytes; every call reads one item of the kind it names, or refuses. */
export class Reader {
	constructor(/** @type {Uint8Array} */ bytes, at = 0) {
		this.bytes = bytes;
		this.at = at;
	}

	peek() {
		return head(this.bytes, this.at)?.kind ?? -1;
	}

	take(/** @type {number} */ kind, /** @type {string} */ what) {
		const h = head(this.bytes, this.at);
		need(h !== null && h.kind === kind, 'CBOR-TYPE', `byte ${this.at}: expected ${what}`);
		this.at += h.size;
		return h.value;
	}

	/** A bigint from 0 to max. */
	uint(/** @type {bigint} */ max) {
		const at = this.at;
		const v = this.take(UINT, 'an unsigned integer');
		need(v <= max, 'CBOR-TYPE', `byte ${at}: an integer is out of range`);
		return v;
	}

	int() {
		const at = this.at;
		const negative = this.peek() === NEGINT;
		const v = this.take(negative ? NEGINT : UINT, 'an integer');
		need(v <= INT64_MAX, 'CBOR-TYPE', `byte ${at}: an integer is out of range`);
		return negative ? -1n - v : v;
	}

	string(/** @type {number} */ kind, /** @type {string} */ what) {
		const n = this.take(kind, what);
		if (n > BigInt(this.bytes.length - this.at)) throw form(this.at, 'a string is cut');
		this.at += Number(n);
		return this.bytes.subarray(this.at - Number(n), this.at);
	}

	byteString() {
		return this.string(BYTES, 'a byte string');
	}

	text() {
		const at = this.at;
		const s = text(this.string(TEXT, 'a text'));
		if (s === null) throw form(at, 'a text is not UTF-8');
		return s;
	}

	array(/** @type {number} */ count) {
		const at = this.at;
		need(this.take(ARRAY, 'an array') === BigInt(count), 'CBOR-TYPE', `byte ${at}: expected an array of ${count}`);
	}

	/** How many pairs follow. */
	map() {
		const n = this.take(MAP, 'a map');
		if (n > BigInt(this.bytes.length)) throw form(this.at, 'more items announced than bytes are left');
		return Number(n);
	}

	nil() {
		this.take(NIL, 'null');
	}

	end() {
		if (this.at !== this.bytes.length) throw form(this.at, 'bytes behind the end');
	}
}

function put(/** @type {number} */ kind, /** @type {bigint} */ value) {
	const size = value < 24n ? 0 : value <= 0xffn ? 1 : value <= 0xffffn ? 2 : value <= 0xffffffffn ? 4 : 8;
	const out = new Uint8Array(1 + size);
	out[0] = (kind << 5) | (size === 0 ? Number(value) : 24 + Math.log2(size));
	for (let i = size, v = value; i > 0; i--, v >>= 8n) out[i] = Number(v & 255n);
	return out;
}

export const putInt = (/** @type {bigint | number} */ v) => (BigInt(v) < 0n ? put(NEGINT, -1n - BigInt(v)) : put(UINT, BigInt(v)));
export const putBytes = (/** @type {Uint8Array} */ b) => concat(put(BYTES, BigInt(b.length)), b);
export function putText(/** @type {string} */ s) {
	const b = utf8(s);
	return concat(put(TEXT, BigInt(b.length)), b);
}
export const putArray = (/** @type {number} */ n) => put(ARRAY, BigInt(n));
export const putMap = (/** @type {number} */ n) => put(MAP, BigInt(n));
export const putNil = () => Uint8Array.of(0xf6);
