// SPDX-License-Identifier: Apache-2.0
import { Point, etc } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, hex, same } from './bytes.mjs';

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Ordinates of the points of low order (RFC 8032 §5.1.2 encoding, sign cleared) and the encodings past p. */
const LOW = new Set([
	'0000000000000000000000000000000000000000000000000000000000000000',
	'0100000000000000000000000000000000000000000000000000000000000000',
	'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
	'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

function isLow(/** @type {Uint8Array} */ point) {
	const y = point.slice();
	y[31] &= 127;
	return LOW.has(hex(y));
}

/** 32 bytes that are a point on the curve, in canonical form and of the large prime order. */
export function isPublicKey(/** @type {Uint8Array} */ bytes) {
	if (bytes.length !== 32 || isLow(bytes)) return false;
	try {
		const point = Point.fromBytes(bytes, false);
		return same(point.toBytes(), bytes) && point.isTorsionFree();
	} catch {
		return false;
	}
}

const number = (/** @type {Uint8Array} */ littleEndian) => BigInt('0x' + hex(littleEndian.slice().reverse()));

/** S B = R + k A without the cofactor, as libsodium and WebCrypto have it: R is made again and compared. */
function verifyHere(/** @type {Uint8Array} */ key, /** @type {Uint8Array} */ message, /** @type {Uint8Array} */ signature) {
	try {
		const r = signature.subarray(0, 32);
		const s = number(signature.subarray(32));
		const k = etc.mod(number(sha512(concat(r, key, message))), ORDER);
		if (s >= ORDER) return false;
		const ka = Point.fromBytes(key, false).multiply(k, false);
		return same(Point.BASE.multiply(s, false).subtract(ka).toBytes(), r);
	} catch {
		return false;
	}
}

/** @type {boolean | undefined} whether this engine's WebCrypto has Ed25519; not known before the first signature */
let native = globalThis.crypto?.subtle ? undefined : false;

/** For tests: use WebCrypto (undefined: if it is there) or the arithmetic above (false). */
export function useNative(/** @type {boolean | undefined} */ wish) {
	native = globalThis.crypto?.subtle ? wish : false;
}

async function verifyNative(/** @type {Uint8Array} */ key, /** @type {Uint8Array} */ message, /** @type {Uint8Array} */ signature) {
	const subtle = globalThis.crypto.subtle;
	const imported = await subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
	return subtle.verify({ name: 'Ed25519' }, imported, signature, message);
}

/**
 * RFC 8032 §5.1.7 with S below the order and neither point of low order.
 * @param {Uint8Array} key of isPublicKey
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 */
export async function verify(key, message, signature) {
	if (signature.length !== 64 || isLow(key) || isLow(signature.subarray(0, 32))) return false;
	if (native === false) return verifyHere(key, message, signature);
	try {
		const holds = await verifyNative(key, message, signature);
		native = true;
		return holds;
	} catch (fault) {
		if (native) throw fault;
		native = false;
		return verifyHere(key, message, signature);
	}
}
