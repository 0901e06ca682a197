// SPDX-License-Identifier: Apache-2.0
import { same, utf8 } from './bytes.mjs';
import { Refusal } from './refusal.mjs';
import { siteOf } from './site.mjs';

// The published site in one file (docs/FORMAT.md, "Bundle").  A header is made again from its path and size and compared, so
// that links, folders, owners and dates are refused without being looked at.
const BLOCK = 512, END = 1024, NAME = 100, PREFIX = 155, PATH_MAX = 200, FILE_MAX = 64 << 20;

const bad = (/** @type {number} */ at, /** @type {string} */ why) => new Refusal('BUNDLE-FORM', `byte ${at}: ${why}`);

const isName = (/** @type {string} */ name) =>
	name.length <= PATH_MAX && /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(name);

/** Where a name is cut into prefix and name: at the last slash the prefix has room for; 0: not at all; -1: nowhere. */
function cutOf(/** @type {string} */ name) {
	if (name.length <= NAME) return 0;
	const cut = name.lastIndexOf('/', Math.min(name.length - 1, PREFIX));
	return cut > 0 && name.length - cut - 1 <= NAME ? cut : -1;
}

const octal = (/** @type {number} */ n, /** @type {number} */ digits) => n.toString(8).padStart(digits, '0') + '\0';

function header(/** @type {string} */ name, /** @type {number} */ size) {
	const cut = cutOf(name);
	if (!isName(name) || cut < 0 || size > FILE_MAX) return null;
	const pad = (/** @type {string} */ s, /** @type {number} */ n) => s.padEnd(n, '\0');
	const build = (/** @type {string} */ sum) =>
		utf8(
			pad(cut > 0 ? name.slice(cut + 1) : name, NAME) + octal(0o644, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(0, 11) +
				sum + '0' + pad('', 100) + 'ustar\x0000' + pad('', 64) + octal(0, 7) + octal(0, 7) + pad(cut > 0 ? name.slice(0, cut) : '', PREFIX + 12),
		);
	const sum = build(' '.repeat(8)).reduce((a, b) => a + b, 0);
	return build(octal(sum, 6) + ' ');
}

const field = (/** @type {Uint8Array} */ bytes) => String.fromCharCode(...bytes).split('\0')[0];

function member(/** @type {Uint8Array} */ bytes, /** @type {number} */ at) {
	const block = bytes.subarray(at, at + BLOCK);
	const prefix = field(block.subarray(345, 345 + PREFIX));
	const name = (prefix ? prefix + '/' : '') + field(block.subarray(0, NAME));
	const size = parseInt(field(block.subarray(124, 135)), 8);
	const again = Number.isSafeInteger(size) ? header(name, size) : null;
	if (again === null || !same(again, block)) throw bad(at, 'not the header of a regular file as a bundle has it');
	const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
	if (end > bytes.length) throw bad(at, 'a file is cut');
	if (bytes.subarray(at + BLOCK + size, end).some((b) => b !== 0)) throw bad(at, 'a file is not filled up with zeros');
	return { name, data: bytes.subarray(at + BLOCK, at + BLOCK + size), end };
}

/**
 * A bundle's files by name.
 * @param {Uint8Array} bytes hostile
 * @returns {Map<string, Uint8Array>}
 */
export function readBundle(bytes) {
	const files = new Map();
	let at = 0, before = '';
	if (bytes.length % BLOCK !== 0 || bytes.length < END) throw bad(bytes.length, 'not a whole number of blocks');
	while (bytes.length - at > END) {
		const m = member(bytes, at);
		if (files.size > 0 && m.name <= before) throw bad(at, 'names are not ascending and distinct');
		for (let slash = m.name.indexOf('/'); slash > 0; slash = m.name.indexOf('/', slash + 1))
			if (files.has(m.name.slice(0, slash))) throw bad(at, "a file stands in a folder's place");
		files.set(m.name, m.data);
		before = m.name;
		at = m.end;
	}
	if (bytes.length - at !== END || bytes.subarray(at).some((b) => b !== 0)) throw bad(at, 'does not end in two zero blocks');
	return files;
}

/** A bundle as a site. */
export function bundleSite(/** @type {Uint8Array} */ bytes) {
	const files = readBundle(bytes);
	return siteOf(async (path) => files.get(path.slice(1)) ?? null);
}
