// SPDX-License-Identifier: Apache-2.0

// zlib (RFC 1950, 1951) to exactly so many bytes out of exactly all that is given: DecompressionStream does not say what it
// left over in every engine, and small libraries pass over the checksum.
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const FAR_BASE = [
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const FAR_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const BITS_MAX = 15;

class Bits {
	constructor(/** @type {Uint8Array} */ bytes) {
		this.bytes = bytes;
		this.at = 0; // in bits
	}

	take(/** @type {number} */ n) {
		let v = 0;
		for (let i = 0; i < n; i++, this.at++) {
			const byte = this.bytes[this.at >> 3];
			if (byte === undefined) throw new RangeError('cut');
			v |= ((byte >> (this.at & 7)) & 1) << i;
		}
		return v;
	}

	/** The symbol of a canonical Huffman code, bit by bit. */
	symbol(/** @type {{count: number[], symbols: number[]}} */ code) {
		let bits = 0, first = 0, index = 0;
		for (let n = 1; n <= BITS_MAX; n++) {
			bits |= this.take(1);
			const count = code.count[n];
			if (bits - count < first) return code.symbols[index + bits - first];
			index += count;
			first = (first + count) << 1;
			bits <<= 1;
		}
		throw new RangeError('no such code');
	}
}

/** A code from its lengths; over-subscribed ones are refused, incomplete ones too but for a single code of one bit. */
function codeOf(/** @type {number[]} */ lengths) {
	const count = new Array(BITS_MAX + 1).fill(0);
	for (const n of lengths) count[n]++;
	count[0] = 0;
	let left = 1;
	for (let n = 1; n <= BITS_MAX; n++) {
		left = (left << 1) - count[n];
		if (left < 0) throw new RangeError('too many codes');
	}
	const codes = lengths.filter((n) => n > 0).length;
	if (left > 0 && codes > 0 && !(codes === 1 && count[1] === 1)) throw new RangeError('too few codes');
	const symbols = [];
	for (let n = 1; n <= BITS_MAX; n++) lengths.forEach((m, symbol) => m === n && symbols.push(symbol));
	return { count, symbols };
}

function fixedCodes() {
	const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
	return { lit: codeOf(lengths), far: codeOf(new Array(32).fill(5)) };
}

function readCodes(/** @type {Bits} */ bits) {
	const lits = bits.take(5) + 257, fars = bits.take(5) + 1, n = bits.take(4) + 4;
	if (lits > 286 || fars > 30) throw new RangeError('too many lengths');
	const orders = new Array(19).fill(0);
	for (let i = 0; i < n; i++) orders[CODE_ORDER[i]] = bits.take(3);
	const code = codeOf(orders);
	const lengths = [];
	while (lengths.length < lits + fars) {
		const symbol = bits.symbol(code);
		if (symbol < 16) {
			lengths.push(symbol);
			continue;
		}
		if (symbol === 16 && lengths.length === 0) throw new RangeError('nothing to repeat');
		const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
		const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
		for (let i = 0; i < times; i++) lengths.push(value);
	}
	if (lengths.length > lits + fars || lengths[256] === 0) throw new RangeError('bad lengths');
	const litCode = codeOf(lengths.slice(0, lits));
	return { lit: litCode, far: codeOf(lengths.slice(lits)) };
}

class Output {
	constructor(/** @type {number} */ size) {
		this.bytes = new Uint8Array(size);
		this.n = 0;
	}

	put(/** @type {number} */ byte) {
		if (this.n === this.bytes.length) throw new RangeError('too long');
		this.bytes[this.n++] = byte;
	}

	copy(/** @type {number} */ far, /** @type {number} */ length, /** @type {number} */ window) {
		if (far > this.n || far > window) throw new RangeError('too far back');
		for (let i = 0; i < length; i++) this.put(this.bytes[this.n - far]);
	}
}

function stored(/** @type {Bits} */ bits, /** @type {Output} */ out) {
	bits.at = (bits.at + 7) & ~7;
	const n = bits.take(16);
	if ((n ^ 0xffff) !== bits.take(16)) throw new RangeError('bad length');
	for (let i = 0; i < n; i++) out.put(bits.take(8));
}

function coded(/** @type {Bits} */ bits, /** @type {Output} */ out, /** @type {ReturnType<typeof fixedCodes>} */ codes, /** @type {number} */ window) {
	for (;;) {
		const symbol = bits.symbol(codes.lit);
		if (symbol === 256) return;
		if (symbol < 256) {
			out.put(symbol);
			continue;
		}
		if (symbol > 285) throw new RangeError('no such length');
		const length = LENGTH_BASE[symbol - 257] + bits.take(LENGTH_EXTRA[symbol - 257]);
		const far = bits.symbol(codes.far);
		if (far > 29) throw new RangeError('no such distance');
		out.copy(FAR_BASE[far] + bits.take(FAR_EXTRA[far]), length, window);
	}
}

function adler32(/** @type {Uint8Array} */ bytes) {
	let a = 1, b = 0;
	for (const byte of bytes) {
		a = (a + byte) % 65521;
		b = (b + a) % 65521;
	}
	return ((b << 16) | a) >>> 0;
}

/** The `size` bytes of a zlib stream; null when it is not exactly that. */
export function inflate(/** @type {Uint8Array} */ zlib, /** @type {number} */ size) {
	if (zlib.length < 6 || (zlib[0] & 15) !== 8 || zlib[0] >> 4 > 7 || ((zlib[0] << 8) | zlib[1]) % 31 !== 0 || zlib[1] & 32) return null;
	const window = 1 << ((zlib[0] >> 4) + 8);
	const bits = new Bits(zlib.subarray(2));
	const out = new Output(size);
	try {
		for (let last = 0; !last; ) {
			last = bits.take(1);
			const kind = bits.take(2);
			if (kind === 0) stored(bits, out);
			else if (kind < 3) coded(bits, out, kind === 1 ? fixedCodes() : readCodes(bits), window);
			else return null;
		}
	} catch (fault) {
		if (fault instanceof RangeError) return null;
		throw fault;
	}
	const end = 2 + ((bits.at + 7) >> 3);
	if (out.n !== size || zlib.length !== end + 4) return null;
	return new DataView(zlib.buffer, zlib.byteOffset + end, 4).getUint32(0) === adler32(out.bytes) ? out.bytes : null;
}
