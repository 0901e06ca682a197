// SPDX-License-Identifier: Apache-2.0
import { h, save } from './dom.mjs';
import { icon } from './icons.mjs';
import { language, t } from './text.mjs';

const MARKS = { y: '✓', n: '✕', w: '!' };
const NAMES = new Set(['native', 'latin', 'recipient']);

/** A value as it stands in the code: its own direction, its own language, never translated. */
function value(/** @type {{name: string, value: string}} */ field) {
	const zh = field.name === 'native' || (NAMES.has(field.name) && /[\u3400-\u9fff]/.test(field.value));
	const big = field.name === 'native' || field.name === 'latin' || field.name === 'recipient';
	return h('bdi', { class: `value${big ? ' big' : ''}${field.name === 'docid' ? ' code' : ''}`, lang: zh ? 'zh-Hans' : NAMES.has(field.name) ? 'und' : null, translate: 'no' }, field.value);
}

/** The signed fields, each to be ticked; of a code nobody confirmed they are struck. */
function compareOf(view) {
	const fields = view.fields[language()];
	if (fields.length === 0) return null;
	if (view.claims)
		return h(
			'section',
			{ class: 'compare claim' },
			h('h2', {}, t('claims')),
			h('p', { class: 'hint' }, t('claimsHint')),
			h('dl', {}, ...fields.map((f) => h('div', { class: 'row' }, h('dt', {}, h('span', { class: 'box', 'aria-hidden': 'true' }, '?'), h('span', { class: 'label' }, f.label)), h('dd', {}, h('s', {}, value(f)))))),
		);
	const done = h('p', { class: 'hint', role: 'status' });
	const rows = h('div', {}, ...fields.map((f) => h('label', { class: 'row' }, h('input', { type: 'checkbox', class: 'box' }), h('span', { class: 'label' }, f.label), value(f))));
	rows.addEventListener('change', () => {
		done.textContent = [...rows.querySelectorAll('input')].every((box) => box.checked) ? t('compareAll') : '';
	});
	return h('section', { class: 'compare' }, h('h2', {}, t('compare')), h('p', { class: 'hint' }, t('compareHint')), rows, done, h('p', { class: 'uncovered' }, view.uncovered[language()]));
}

function bannerOf(view) {
	const lang = language();
	const other = lang === 'zh' ? 'en' : 'zh';
	return h(
		'section',
		{ class: `banner ${view.kind}` },
		icon(view.kind, 62),
		h(
			'div',
			{},
			h('h1', { tabindex: '-1' }, view.title[lang], h('small', { lang: other === 'zh' ? 'zh-Hans' : 'en' }, view.title[other])),
			h('p', {}, view.says[lang]),
		),
	);
}

function evidenceOf(view) {
	const lang = language();
	const rows = view.lines.map((line) => h('li', {}, h('em', { class: line.mark, 'aria-hidden': 'true' }, MARKS[line.mark]), h('span', {}, line[lang])));
	return h('section', { class: 'evidence' }, h('h2', {}, t('how')), h('ul', {}, ...rows), detailsOf(view));
}

function detailsOf(view) {
	const lang = language();
	return h('details', {}, h('summary', {}, t('details')), h('dl', {}, ...view.details.flatMap((d) => [h('dt', {}, d.label[lang]), h('dd', { translate: 'no' }, d.value[lang])])));
}

/** A mail that says which document it is about and nothing else; never in the subject. */
export function reportLink(/** @type {any} */ policy, /** @type {any} */ view, /** @type {string} */ className, /** @type {string} */ text) {
	if (!policy) return null;
	if (!/^[^\s@<>?&]+@[^\s@<>?&]+$/.test(policy.contact)) return h('span', { class: 'contact' }, t('contact', policy.contact));
	const query = `subject=${encodeURIComponent(t('reportSubject'))}${view.docid ? `&body=${encodeURIComponent(view.docid)}` : ''}`;
	return h('a', { class: className, href: `mailto:${policy.contact}?${query}` }, text);
}

function actionsOf(view, policy, on) {
	const again = (/** @type {string} */ className) => h('button', { type: 'button', class: className, click: on.again }, t('again'));
	const main =
		view.kind === 'bad'
			? [reportLink(policy, view, 'button primary', t('reportBad')), again('button')]
			: view.again && on.retry
				? [h('button', { type: 'button', class: 'button primary', click: on.retry }, t('retry')), again('button')]
				: [again('button')];
	const small = [
		view.kind === 'bad' ? null : reportLink(policy, view, 'link', t('report')),
		view.originalLength > 0 && on.original ? h('button', { type: 'button', class: 'link', click: on.original }, t('original')) : null,
		h('button', { type: 'button', class: 'link', click: () => window.print() }, t('print')),
		h('button', { type: 'button', class: 'link', click: () => saveEvidence([view], 'evidence.json') }, t('evidence')),
		on.back ? h('button', { type: 'button', class: 'link', click: on.back }, t('back')) : null,
	];
	return h('footer', { class: 'actions' }, h('div', { class: 'main' }, ...main), h('div', { class: 'small' }, ...small));
}

/** What each answer rests on, to be kept. */
export function saveEvidence(/** @type {any[]} */ views, /** @type {string} */ name) {
	const records = views.map((view) => ({ ...view.report, evidence: view.grounds }));
	save(name, 'application/json', JSON.stringify(records.length === 1 ? records[0] : records, null, 1) + '\n');
}

/**
 * The whole answer.
 * @param {any} view of view.mjs
 * @param {any} policy of the worker; null: none is known
 * @param {{again: () => void, retry?: () => void, back?: () => void, original?: () => void}} on
 */
export function resultOf(view, policy, on) {
	const name = view.name === '' ? null : h('p', { class: 'file' }, h('bdi', {}, view.name));
	return h('div', { class: `result ${view.kind}` }, bannerOf(view), name, compareOf(view), evidenceOf(view), actionsOf(view, policy, on));
}
