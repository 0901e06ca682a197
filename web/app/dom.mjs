// SPDX-License-Identifier: Apache-2.0

/**
 * An element.  Attributes whose value is false or null are left out, functions become listeners, children are nodes or text.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null)} children
 */
export function h(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === null || value === false) continue;
		if (typeof value === 'function') element.addEventListener(name, value);
		else element.setAttribute(name, value === true ? '' : String(value));
	}
	element.append(...children.filter((c) => c !== null));
	return element;
}

export const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** A file made here, offered to be saved. */
export function save(/** @type {string} */ name, /** @type {string} */ type, /** @type {BlobPart} */ content) {
	const url = URL.createObjectURL(new Blob([content], { type }));
	h('a', { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** What this device keeps for the page; a browser that keeps nothing is met as for the first time. */
export const store = {
	read(/** @type {string} */ key) {
		try {
			return localStorage.getItem(key);
		} catch {
			return null;
		}
	},
	write(/** @type {string} */ key, /** @type {string} */ value) {
		try {
			localStorage.setItem(key, value);
		} catch {
			return; // private windows, full stores
		}
	},
};
