// SPDX-License-Identifier: Apache-2.0
import { concat } from '../verify/bytes.mjs';

// The published site over the net, and what is kept of it on this device.  Tiles never change and are taken from what is
// kept; everything else is asked for in every call.  Without a net all is taken from what is kept, and is then not canonical.
const KEPT = 'hufu-files-1';
const KEPT_MAX = 400;

const isTile = (/** @type {string} */ path) => path.startsWith('/tile/');

async function opened() {
	try {
		return (await globalThis.caches?.open(KEPT)) ?? null; // not there at an insecure address
	} catch {
		return null;
	}
}

/** The whole body; refuses more than `cap` bytes before they are all here. */
async function body(/** @type {Response} */ response, /** @type {number} */ cap) {
	const reader = response.body?.getReader();
	if (!reader) return new Uint8Array(await response.arrayBuffer());
	const parts = [];
	for (let n = 0; ; ) {
		const { done, value } = await reader.read();
		if (done) return concat(...parts);
		n += value.length;
		parts.push(value);
		if (n > cap) {
			await reader.cancel();
			throw new Error(`longer than ${cap} bytes`);
		}
	}
}

export class WebSite {
	/**
	 * @param {string} base this page's folder, with its last slash
	 * @param {{canonical: boolean, kept: 'tiles' | 'none' | 'all'}} how kept: what is taken from this device
	 */
	constructor(base, how) {
		this.base = base;
		this.kept = how.kept;
		this.canonical = how.canonical && how.kept !== 'all';
		this.failed = false; // the net did not answer
		this.usedKept = false;
		/** @type {Map<string, Uint8Array>} */
		this.fresh = new Map();
	}

	url(/** @type {string} */ path) {
		return new URL(path.slice(1), this.base).href;
	}

	async fromKept(/** @type {string} */ path) {
		const response = await (await opened())?.match(this.url(path));
		if (!response) return null;
		this.usedKept = true;
		return new Uint8Array(await response.arrayBuffer());
	}

	async fromNet(/** @type {string} */ path, /** @type {number} */ cap) {
		let response;
		try {
			response = await fetch(this.url(path), { cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });
		} catch (fault) {
			this.failed = true;
			throw fault;
		}
		if (response.status === 404 || response.status === 410) return null;
		if (response.status !== 200) {
			this.failed = true;
			throw new Error(`the site answered ${response.status}`);
		}
		const bytes = await body(response, cap);
		this.fresh.set(path, bytes);
		return bytes;
	}

	async load(/** @type {string} */ path, /** @type {number} */ cap) {
		if (this.kept === 'all' || (this.kept === 'tiles' && isTile(path))) {
			const bytes = await this.fromKept(path);
			if (bytes !== null && bytes.length <= cap) return bytes;
			if (this.kept === 'all') throw new Error('not kept on this device');
		}
		return this.fromNet(path, cap);
	}

	/** Keep what was fetched; to be called once it has stood up to a check. */
	async keep() {
		const cache = await opened();
		if (cache === null) return;
		try {
			for (const [path, bytes] of this.fresh) await cache.put(this.url(path), new Response(/** @type {any} */ (bytes)));
			const keys = await cache.keys();
			for (const old of keys.slice(0, Math.max(0, keys.length - KEPT_MAX))) await cache.delete(old);
		} catch {
			return; // no room: nothing is kept
		}
		this.fresh.clear();
	}
}
