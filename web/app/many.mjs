// SPDX-License-Identifier: Apache-2.0
import { csvOf } from '../verify/report.mjs';
import { h, save, store } from './dom.mjs';
import { icon } from './icons.mjs';
import { saveEvidence } from './result.mjs';
import { language, t } from './text.mjs';

const FILTER = 'hufu.addressed-to';
const RANK = { bad: 0, revoked: 1, unread: 2, ended: 3, replaced: 4, wait: 5, valid: 6 };

const fieldOf = (/** @type {any} */ view, /** @type {string} */ name) => view.fields[language()].find((f) => f.name === name)?.value ?? '';

/** Exceptions first, then as they came. */
const sorted = (/** @type {any[]} */ views) => views.map((view, i) => ({ view, i })).sort((a, b) => RANK[a.view.kind] - RANK[b.view.kind] || a.i - b.i);

function rowOf(view, i, open) {
	const cell = (/** @type {string} */ label, /** @type {Node | string} */ content) => h('td', { 'data-label': t(label) }, content);
	const name = view.claims ? '' : [fieldOf(view, 'native'), fieldOf(view, 'latin')].filter(Boolean).join(' ');
	const text = (/** @type {string} */ s) => h('bdi', { translate: 'no' }, s);
	const only = (/** @type {string} */ field) => (view.claims ? '' : fieldOf(view, field));
	return h(
		'tr',
		{ class: view.kind },
		h('th', { scope: 'row', 'data-label': t('colVerdict') }, icon(view.kind, 22), h('button', { type: 'button', class: 'link', click: () => open(i) }, view.title[language()])),
		cell('colRecipient', text(only('recipient'))),
		cell('colName', text(name)),
		cell('colAsAt', only('asAt')),
		cell('colExpires', only('expires')),
		cell('colFile', text(view.name)),
	);
}

/** Letters for whoever reads, by a part of the name they are addressed to. */
function filterOf(rows) {
	const input = h('input', { type: 'search', id: 'filter', value: store.read(FILTER) ?? '', autocomplete: 'off' });
	const apply = () => {
		const want = /** @type {HTMLInputElement} */ (input).value.trim().toLowerCase();
		store.write(FILTER, want);
		for (const { row, view } of rows) row.hidden = want !== '' && !fieldOf(view, 'recipient').toLowerCase().includes(want);
	};
	input.addEventListener('input', apply);
	apply();
	return h('p', { class: 'filter' }, h('label', { for: 'filter' }, t('filter')), input);
}

/**
 * The table of many answers.
 * @param {any[]} views
 * @param {{open: (i: number) => void, again: () => void, left: number}} on
 */
export function manyOf(views, on) {
	const order = sorted(views);
	const rows = order.map(({ view, i }) => ({ view, row: rowOf(view, i, on.open) }));
	const count = (/** @type {(v: any) => boolean} */ is) => views.filter(is).length;
	const good = count((v) => v.code === 'VALID');
	const open = count((v) => ['STALE', 'PENDING', 'UNDECIDED', 'UNKNOWN-KEY'].includes(v.code));
	const heads = ['colVerdict', 'colRecipient', 'colName', 'colAsAt', 'colExpires', 'colFile'].map((key) => h('th', { scope: 'col' }, t(key)));
	const csv = () => save('verified.csv', 'text/csv', '\ufeff' + csvOf(order.map(({ view }) => ({ report: view.report, grounds: view.grounds }))));
	return h(
		'div',
		{ class: 'many' },
		h('h1', { tabindex: '-1' }, t('many', views.length)),
		h('p', { class: 'sum', role: 'status' }, t('manySum', good, views.length - good - open, open)),
		on.left > 0 ? h('p', { class: 'warn' }, t('manyLimit', views.length)) : null,
		filterOf(rows),
		h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows.map(({ row }) => row))),
		h(
			'footer',
			{ class: 'actions' },
			h('div', { class: 'main' }, h('button', { type: 'button', class: 'button primary', click: csv }, t('csv')), h('button', { type: 'button', class: 'button', click: on.again }, t('again'))),
			h(
				'div',
				{ class: 'small' },
				h('button', { type: 'button', class: 'link', click: () => saveEvidence(order.map(({ view }) => view), 'evidence.json') }, t('records')),
				h('button', { type: 'button', class: 'link', click: () => window.print() }, t('print')),
			),
		),
	);
}
