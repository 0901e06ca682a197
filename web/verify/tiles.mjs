// SPDX-License-Identifier: Apache-2.0
import { ENTRY } from './entry.mjs';
import { nodeHash } from './merkle.mjs';
import { Refusal, need } from './refusal.mjs';

// C2SP tlog-tiles: hash tiles of height 8 and bundles of 256 entries.
const WIDTH = 256, HASH = 32, BUNDLE_ENTRY = 2 + ENTRY, FILE_MAX = 64 * 1024;

/** "/tile/0/x001/x234/067.p/5" */
export function tilePath(/** @type {number | 'entries'} */ level, /** @type {bigint} */ n, /** @type {number} */ width) {
	const groups = [String(n % 1000n).padStart(3, '0')];
	for (let rest = n / 1000n; rest > 0n; rest /= 1000n) groups.unshift('x' + String(rest % 1000n).padStart(3, '0'));
	return `/tile/${level}/${groups.join('/')}${width < WIDTH ? `.p/${width}` : ''}`;
}

/** How wide tile n of this level is in a tree of `size`: 0 (not there) to 256. */
export function tileWidth(/** @type {number | 'entries'} */ level, /** @type {bigint} */ n, /** @type {bigint} */ size) {
	const hashes = level === 'entries' ? size : size >> BigInt(8 * level);
	const left = hashes - n * 256n;
	return left <= 0n ? 0 : left >= 256n ? WIDTH : Number(left);
}

/** The root of a row of hashes, of which there are a power of two. */
function fold(/** @type {Uint8Array[]} */ row) {
	while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i], row[2 * i + 1]));
	return row[0];
}

/**
 * What a site publishes for a tree of `size`, fetched when asked for and kept.  Nothing read is trusted: what matters is
 * that a proof made of it ends in a signed root.
 */
export class Tiles {
	constructor(/** @type {import('./site.mjs').Site} */ site, /** @type {bigint} */ size) {
		this.site = site;
		this.size = size;
		/** @type {Map<string, Promise<Uint8Array>>} */
		this.read = new Map();
		/** @type {Map<string, Uint8Array>} */
		this.nodes = new Map();
	}

	async load(/** @type {number | 'entries'} */ level, /** @type {bigint} */ n, /** @type {number} */ width) {
		const path = tilePath(level, n, width);
		const bytes = await this.site.load(path, FILE_MAX);
		const want = width * (level === 'entries' ? BUNDLE_ENTRY : HASH);
		if (bytes !== null) need(bytes.length === want, 'TILE-FORM', `${path}: ${bytes.length} bytes; the tree has ${want} here`);
		return bytes;
	}

	/** A partial tile that is gone is the beginning of the full one. */
	async fetch(/** @type {number | 'entries'} */ level, /** @type {bigint} */ n) {
		const width = tileWidth(level, n, this.size);
		const bytes = (await this.load(level, n, width)) ?? (width < WIDTH ? await this.load(level, n, WIDTH) : null);
		if (bytes === null) throw new Refusal('SITE-ABSENT', `${tilePath(level, n, width)}: the site has no such file`);
		return bytes.subarray(0, width * (level === 'entries' ? BUNDLE_ENTRY : HASH));
	}

	tile(/** @type {number | 'entries'} */ level, /** @type {bigint} */ n) {
		const key = `${level}/${n}`;
		let tile = this.read.get(key);
		if (!tile) {
			tile = this.fetch(level, n);
			this.read.set(key, tile);
			tile.catch(() => this.read.delete(key)); // one that fails is asked for again
		}
		return tile;
	}

	/** Hashes of complete subtrees, for merkle.mjs. */
	source() {
		return async (/** @type {number} */ level, /** @type {bigint} */ index) => {
			const bits = level % 8;
			const key = `${level}.${index}`;
			const known = this.nodes.get(key);
			if (known) return known;
			const first = index << BigInt(bits); // among the hashes of the tile's level
			const tile = await this.tile((level - bits) / 8, first / 256n);
			const at = Number(first % 256n);
			const node = fold(Array.from({ length: 1 << bits }, (_, i) => tile.slice((at + i) * HASH, (at + i + 1) * HASH)));
			this.nodes.set(key, node);
			return node;
		};
	}

	/** The 65 bytes at index < size. */
	async entry(/** @type {bigint} */ index) {
		const bundle = await this.tile('entries', index / 256n);
		const at = Number(index % 256n) * BUNDLE_ENTRY;
		need(bundle[at] === 0 && bundle[at + 1] === ENTRY, 'TILE-FORM', `entry ${index} is not ${ENTRY} bytes long`);
		return bundle.slice(at + 2, at + BUNDLE_ENTRY);
	}
}
