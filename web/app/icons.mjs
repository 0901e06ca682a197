// SPDX-License-Identifier: Apache-2.0
// Every kind of answer has its own outline; colour comes last.
const NS = 'http://www.w3.org/2000/svg';

/** Shapes in a box of 64: [element, attributes, "fill" or "ink"]. */
const SHAPES = {
	valid: [['circle', { cx: 32, cy: 32, r: 29 }, 'plate'], ['path', { d: 'M18 33l10 10 19-22', 'stroke-width': 6.5 }, 'line']],
	replaced: [
		['rect', { x: 4, y: 4, width: 56, height: 56, rx: 6 }, 'plate'],
		['path', { d: 'M16 40V18h16M26 26h22v24H26zM32 38h10M37 33l5 5-5 5', 'stroke-width': 4 }, 'line'],
	],
	revoked: [['path', { d: 'M20.5 3h23L61 20.5v23L43.5 61h-23L3 43.5v-23z' }, 'plate'], ['path', { d: 'M17 32h30', 'stroke-width': 10 }, 'line']],
	bad: [['path', { d: 'M32 5L61 57H3z' }, 'plate'], ['path', { d: 'M24 31l16 16M40 31L24 47', 'stroke-width': 6.2 }, 'line']],
	ended: [['path', { d: 'M32 3l29 29-29 29L3 32z' }, 'plate'], ['path', { d: 'M32 19v17M32 44v1', 'stroke-width': 6.5 }, 'line']],
	wait: [
		['circle', { cx: 32, cy: 32, r: 27, 'stroke-width': 5, 'stroke-dasharray': '9 5.13' }, 'line'],
		['path', { d: 'M32 17v16l11 7', 'stroke-width': 5.5 }, 'line'],
	],
	unread: [
		['path', { d: 'M6 20V6h14M44 6h14v14M58 44v14H44M20 58H6V44', 'stroke-width': 5 }, 'line'],
		['path', { d: 'M24 25c0-11 17-11 17 0 0 7-9 7-9 14M32 47v1', 'stroke-width': 5 }, 'line'],
	],
};

/** The icon of a kind; decoration, the words say it. */
export function icon(/** @type {string} */ kind, /** @type {number} */ size) {
	const svg = document.createElementNS(NS, 'svg');
	for (const [name, value] of Object.entries({ viewBox: '0 0 64 64', width: size, height: size, 'aria-hidden': 'true', focusable: 'false', class: `icon ${kind}` }))
		svg.setAttribute(name, String(value));
	for (const [tag, attributes, role] of SHAPES[kind]) {
		const shape = document.createElementNS(NS, tag);
		for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
		shape.setAttribute('class', role);
		svg.append(shape);
	}
	return svg;
}
