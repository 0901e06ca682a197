// SPDX-License-Identifier: Apache-2.0
import { Refusal } from './refusal.mjs';

/**
 * Where published files come from: a web site, a folder, a bundle.
 * @typedef {object} Site
 * @property {(path: string, cap: number) => Promise<Uint8Array | null>} load null: the site has no such file; throws when
 *   it cannot be asked or sends more than `cap` bytes
 * @property {boolean} canonical the policy's own site, asked in this call
 */

/** A folder's or a bundle's files by name; never canonical. */
export function siteOf(/** @type {(path: string) => Promise<Uint8Array | null>} */ read) {
	return {
		canonical: false,
		async load(/** @type {string} */ path, /** @type {number} */ cap) {
			const bytes = await read(path);
			if (bytes !== null && bytes.length > cap) throw new Error(`${path}: longer than ${cap} bytes`);
			return bytes;
		},
	};
}

/** What happened while files were asked for; the last trouble is kept for people. */
export class Fetch {
	constructor(/** @type {Site | null} */ site) {
		this.site = site;
		/** @type {string | null} */
		this.trouble = null;
	}

	fault(/** @type {string} */ path, /** @type {unknown} */ why) {
		this.trouble = `${path}: ${why instanceof Error ? why.message : why}`;
	}

	/** The file; null with absent true when the site has none, null with absent false for trouble. */
	async file(/** @type {string} */ path, /** @type {number} */ cap) {
		if (this.site === null) return { bytes: null, absent: false };
		try {
			const bytes = await this.site.load(path, cap);
			return { bytes, absent: bytes === null };
		} catch (why) {
			this.fault(path, why);
			return { bytes: null, absent: false };
		}
	}

	/** As file, of one that must be there. */
	async wanted(/** @type {string} */ path, /** @type {number} */ cap) {
		const { bytes, absent } = await this.file(path, cap);
		if (absent) this.fault(path, new Refusal('SITE-ABSENT', 'the site has no such file'));
		return bytes;
	}
}
