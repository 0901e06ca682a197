// SPDX-License-Identifier: Apache-2.0
import { Camera } from './camera.mjs';
import { Work } from './work.mjs';
import { byId, h, save, store } from './dom.mjs';
import { docidRead, docidText } from '../verify/docid.mjs';
import { findDigits } from '../verify/token.mjs';
import { language, setLanguage, t, translate } from './text.mjs';
import { manyOf } from './many.mjs';
import { resultOf } from './result.mjs';

const POLICY = 'hufu.policy', MEMORY = 'hufu.memory ', LANGUAGE = 'hufu.language';
const FILES_MAX = 500, FILE_MAX = 64 << 20;
const base = new URL('./', location.href).href.split('#')[0];
const work = new Work('page/worker.js');
const camera = new Camera(/** @type {HTMLVideoElement} */ (byId('video')));

/** What is shown: the start, one answer, or many; kept so that the language can change under it. */
const state = {
	/** @type {any} */ policy: null,
	change: 'none',
	/** @type {any[]} */ views: [],
	/** @type {any[]} */ items: [],
	left: 0,
	shown: -1, // which of many; -1: their table
	/** @type {string | (() => string) | null} */ notice: null,
	busy: false,
	/** @type {(() => void) | null} */ next: null, // what came while something was being checked
};

const start = byId('start');

function notice(/** @type {(() => string) | null} */ make) {
	state.notice = make;
	byId('notice').textContent = make ? make() : '';
}

function show(/** @type {Node | null} */ content) {
	start.hidden = content !== null;
	byId('answer').replaceChildren(...(content ? [content] : []));
	document.body.classList.toggle('wide', content !== null && content instanceof HTMLElement && content.classList.contains('many'));
	window.scrollTo(0, 0);
	byId('answer').querySelector('h1')?.focus();
}

function showStart() {
	Object.assign(state, { views: [], items: [], shown: -1 });
	notice(null);
	show(null);
	byId('code').focus();
}

function render() {
	translate(document);
	document.title = `${t('title')}${state.policy ? ` · ${state.policy.names[language()]}` : ''}`;
	byId('issuer').textContent = state.policy ? state.policy.names[language()] : t('title');
	for (const button of document.querySelectorAll('[data-lang]')) button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.lang === language()));
	byId('notice').textContent = state.notice ? /** @type {() => string} */ (state.notice)() : '';
	renderFoot();
	if (state.views.length === 0) return;
	if (state.views.length === 1 || state.shown >= 0) return show(oneOf(Math.max(0, state.shown)));
	show(manyOf(state.views, { open: (i) => ((state.shown = i), render()), again: showStart, left: state.left }));
}

function oneOf(/** @type {number} */ i) {
	const view = state.views[i];
	const item = state.items[i];
	return resultOf(view, state.policy, {
		again: showStart,
		retry: item && state.views.length === 1 ? () => check([item], 0) : undefined,
		back: state.views.length > 1 ? () => ((state.shown = -1), render()) : undefined,
		original: item?.file ? () => save(view.name, 'application/pdf', item.file.slice(0, view.originalLength)) : undefined,
	});
}

/** What stands under the start: where this page is, and whom it trusts. */
function renderFoot() {
	const lines = [['y', t('local')], [window.isSecureContext ? 'y' : 'w', t(window.isSecureContext ? 'offlineReady' : 'offlineNot')]];
	const { policy } = state;
	if (policy) {
		const own = base.replace(/\/$/, '') === policy.site;
		lines.push(['w', own ? t('address', policy.site.replace(/^https?:\/\//, '')) : t('elsewhere', policy.site)]);
		lines.push(['w', t('pinned', policy.fingerprint)]);
	}
	byId('foot').replaceChildren(...lines.map(([mark, text]) => h('li', {}, h('em', { class: mark, 'aria-hidden': 'true' }, mark === 'y' ? '✓' : '!'), h('span', {}, text))));
	const warning = state.change === 'other' ? t('policyOther') : '';
	byId('warning').textContent = warning;
	byId('warning').hidden = warning === '';
}

const pinned = () => store.read(POLICY);

function take(/** @type {any} */ policy, /** @type {string} */ change) {
	Object.assign(state, { policy, change });
	if (policy && change !== 'other') store.write(POLICY, policy.text);
	render();
}

/** The policy this device holds; at the first visit the site's own, whose fingerprint is to be compared. */
async function trust() {
	const found = await work.do('trust', { base, pinned: pinned() });
	take(found.policy, found.change);
}

const once = (/** @type {() => Promise<any>} */ make) => {
	/** @type {Promise<any> | null} */
	let made = null;
	return () => (made ??= make().catch((fault) => ((made = null), Promise.reject(fault))));
};
const trusted = once(trust);

async function itemsFor(/** @type {any[]} */ items) {
	return Promise.all(
		items.map(async ({ file, word }) => {
			if (!file) return { word, name: '' };
			if (file.size > FILE_MAX) return { word: '', name: file.name };
			return { bytes: await file.arrayBuffer(), name: file.name, picture: file.type.startsWith('image/') };
		}),
	);
}

/** Check what was handed in, and show it. */
async function check(/** @type {{file?: File, word?: string}[]} */ items, /** @type {number} */ left) {
	if (state.busy) {
		state.next = () => void check(items, left);
		return;
	}
	state.busy = true;
	stopCamera();
	document.body.classList.add('busy');
	notice(() => t('checking'));
	try {
		await trusted();
		if (!state.policy) throw null;
		const views = await look(items);
		Object.assign(state, { views, items, left, shown: -1 });
		notice(null);
		render();
	} catch (fault) {
		showStart();
		notice(() => (fault === null ? t('policyNone') : t('failed', fault.message)));
	} finally {
		state.busy = false;
		document.body.classList.remove('busy');
		const { next } = state;
		state.next = null;
		next?.();
	}
}

/** The answers; files are read a few at a time, so that many do not stand in memory together. */
async function look(/** @type {any[]} */ items) {
	const views = [];
	for (let from = 0; from < items.length; from += 20) {
		const memoryKey = MEMORY + state.policy.log;
		const part = ({ i, view }) => {
			views[from + i] = view;
			if (items.length > 1) notice(() => t('checkingMany', from + i + 1, items.length));
		};
		const ready = await itemsFor(items.slice(from, from + 20));
		const move = ready.filter((r) => r.bytes).map((r) => r.bytes);
		const job = { base, policy: state.policy.text, memory: store.read(memoryKey), items: ready };
		const done = await work.do('check', job, { part, move });
		store.write(memoryKey, done.memory);
		if (done.policy) take(done.policy, 'followed');
	}
	return views;
}

function checkFiles(/** @type {FileList | File[]} */ files) {
	const list = [...files];
	if (list.length === 0) return;
	void check(list.slice(0, FILES_MAX).map((file) => ({ file })), list.length - FILES_MAX);
}

/** A typed code, a pasted link or its digits. */
function checkWord(/** @type {string} */ word) {
	const field = /** @type {HTMLInputElement} */ (byId('code'));
	const good = docidRead(word.trim()) !== null || (findDigits(word)?.digits.length ?? 0) > 16;
	field.setAttribute('aria-invalid', String(!good));
	byId('code-error').textContent = good ? '' : t('codeBad');
	if (!good) return field.focus();
	field.value = '';
	void check([{ word: word.trim() }], 0);
}

/** Groups of four as they are typed; anything else is left as it is. */
function groupCode(/** @type {HTMLInputElement} */ field) {
	byId('code-error').textContent = '';
	field.removeAttribute('aria-invalid');
	const docid = docidRead(field.value.trim());
	if (docid !== null && field.value.trim().length <= 24) field.value = docidText(docid);
}

function stopCamera() {
	camera.stop();
	document.body.classList.remove('scanning');
	byId('camera').hidden = false;
	byId('camera-off').hidden = true;
	byId('camera-say').textContent = t('cameraHint');
}

async function startCamera() {
	if (!Camera.isThere()) {
		byId('camera-say').textContent = t('cameraNone');
		return;
	}
	byId('camera-say').textContent = t('cameraAsked');
	try {
		await camera.start();
	} catch {
		stopCamera();
		byId('camera-say').textContent = t('cameraNone');
		return;
	}
	document.body.classList.add('scanning');
	byId('camera').hidden = true;
	byId('camera-off').hidden = false;
	byId('camera-say').textContent = t('cameraHint');
	const see = (/** @type {ImageData} */ f) => work.do('frame', { base, pixels: f.data.buffer, width: f.width, height: f.height }, { move: [f.data.buffer] });
	try {
		const word = await camera.scan(see, () => (byId('camera-say').textContent = t('cameraOther')));
		if (word !== null) await check([{ word }], 0);
	} catch {
		stopCamera();
		byId('camera-say').textContent = t('cameraNone');
	}
}

/** The code behind "#" opens its answer, and does not stay in the address bar. */
function takeHash() {
	const digits = location.hash.slice(1);
	if (digits === '') return false;
	history.replaceState(null, '', location.pathname);
	const found = findDigits(digits);
	if (found === null) return notice(() => t('linkLost')), false;
	void check([{ word: `${base}#${found.digits}` }], 0);
	return true;
}

function listen() {
	byId('camera').addEventListener('click', () => void startCamera());
	byId('camera-off').addEventListener('click', stopCamera);
	byId('type').addEventListener('submit', (event) => {
		event.preventDefault();
		checkWord(/** @type {HTMLInputElement} */ (byId('code')).value);
	});
	byId('code').addEventListener('input', () => groupCode(/** @type {HTMLInputElement} */ (byId('code'))));
	byId('files').addEventListener('change', (event) => {
		const input = /** @type {HTMLInputElement} */ (event.target);
		checkFiles([...(input.files ?? [])]);
		input.value = '';
	});
	for (const button of document.querySelectorAll('[data-lang]'))
		button.addEventListener('click', () => {
			setLanguage(/** @type {any} */ (/** @type {HTMLElement} */ (button).dataset.lang));
			store.write(LANGUAGE, language());
			render();
		});
	document.addEventListener('dragover', (event) => (event.preventDefault(), document.body.classList.add('dropping')));
	document.addEventListener('dragleave', (event) => event.relatedTarget === null && document.body.classList.remove('dropping'));
	document.addEventListener('drop', (event) => {
		event.preventDefault();
		document.body.classList.remove('dropping');
		checkFiles(event.dataTransfer?.files ?? []);
	});
	document.addEventListener('paste', (event) => {
		const files = [...(event.clipboardData?.files ?? [])];
		if (files.length > 0) event.preventDefault(), checkFiles(files);
	});
	window.addEventListener('hashchange', takeHash);
	window.addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((d) => (d.open = true)));
}

const wished = store.read(LANGUAGE);
setLanguage(wished === 'zh' || wished === 'en' ? wished : /^zh\b/i.test(navigator.language) ? 'zh' : 'en');
listen();
render();
byId('app').hidden = false;
byId('file-wechat').hidden = !/MicroMessenger/i.test(navigator.userAgent);
if (!takeHash()) trusted().then(() => state.policy || notice(() => t('policyNone')), (fault) => notice(() => t('failed', fault.message)));
if ('serviceWorker' in navigator && window.isSecureContext) navigator.serviceWorker.register('sw.js').catch(() => {});
