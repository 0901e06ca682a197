// SPDX-License-Identifier: Apache-2.0
// page.mjs FOLDER SHOTS [HUFU]: the verifier page in Chromium.  FOLDER/now and FOLDER/old hold fixtures (web/test/fixture.mjs)
// with the page laid into their sites, FOLDER/real documents as they are issued, FOLDER/code.png and code.y4m the code of the letter; pictures of the states go to SHOTS.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { end, is, ok } from './tap.mjs';
import { serve } from './server.mjs';

const [folder, shots, hufu] = process.argv.slice(2);
const NOW = 8477, OLD = 8478;
const base = `http://127.0.0.1:${NOW}/`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const expected = JSON.parse(readFileSync(`${folder}/now/expected.json`, 'utf8'));
const documents = expected.filter((e) => e.word !== null);
const byName = (/** @type {string} */ name) => expected.find((e) => e.name === name);
const pdf = (/** @type {string} */ name) => `${folder}/now/files/${name}.pdf`;
mkdirSync(shots, { recursive: true });

/** Titles as the page has them, in both languages. */
const TITLES = {
	'VALID': ['Valid', '有效'], 'SUPERSEDED': ['Superseded', '已换发'], 'REVOKED': ['Revoked', '此文件已作废'], 'ENDED': ['No longer current', '已失效'],
	'SUSPENDED': ['Suspended', '已暂停'], 'EXPIRED': ['Expired', '已过期'], 'NOT-YET-VALID': ['Not yet valid', '尚未生效'], 'FORGED': ['Forged', '伪造'],
	'KEY-COMPROMISED': ['Key compromised', '签名密钥已失密'], 'NOT-IN-MANIFEST': ['Not in the public register', '未见于公开签发簿'], 'ALTERED': ['Altered', '文件已改动'],
	'MALFORMED': ['Not a readable code', '核验码无法识读'], 'UNDECIDED': ['Undecided', '未能判定'], 'NOT-FOUND': ['Not found', '查无此码'],
	'NOT-OURS': ['Not a verification code', '不是核验码'], 'STALE': ['Stale', '状态过时'],
};
const titleOf = (/** @type {any} */ e, /** @type {number} */ zh) => (e.verdict === 'VALID' && e.name === 'letter' ? ['Genuine', '属实'][zh] : TITLES[e.verdict][zh]);

const site = await serve(`${folder}/now/site`, NOW);
const args = ['--no-sandbox', '--disable-gpu'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
const faults = [], strangers = [];

/** A page that notes what must not be: faults on the console, requests to others. */
function watch(page) {
	page.on('console', (m) => ['error', 'warning'].includes(m.type()) && faults.push(`${page.url()}: ${m.text()}`));
	page.on('pageerror', (e) => faults.push(`${page.url()}: ${e.message}`));
	page.on('request', (r) => !r.url().startsWith(base) && !/^(blob|data):/.test(r.url()) && strangers.push(r.url()));
	return page;
}

async function context(locale, width, height, more = {}) {
	return browser.newContext({ locale, viewport: { width, height }, acceptDownloads: true, ...more });
}

const banner = async (page) => (await page.locator('.banner h1').evaluate((h) => h.firstChild.textContent, null, { timeout: 15000 })).trim();

async function looks(page, name) {
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	ok(wide <= 0, `${name}: nothing runs out at the side`, `${wide} px`);
	const small = await page.evaluate(() =>
		[...document.querySelectorAll('button, a[href], input:not([type=checkbox]):not([type=file]), summary, label.row')]
			.filter((e) => e.getClientRects().length > 0 && e.getBoundingClientRect().height < 43.5)
			.map((e) => `${e.outerHTML.slice(0, 80)} ${e.getBoundingClientRect().height}`),
	);
	ok(small.length === 0, `${name}: targets are 44 px high`, small.join('\n'));
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
	ok(found.violations.length === 0, `${name}: axe finds nothing`, found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`).join('\n'));
	await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

/** Every document by its link, in both languages and three sizes. */
async function links() {
	for (const [locale, width, height, tag] of [['zh-CN', 390, 844, 'zh-390'], ['en-GB', 320, 640, 'en-320'], ['en-GB', 1024, 768, 'en-1024']]) {
		const zh = locale === 'zh-CN' ? 1 : 0;
		const c = await context(locale, width, height);
		const page = watch(await c.newPage());
		await page.goto(base);
		await page.locator('#foot li').nth(3).waitFor();
		await looks(page, `${tag}-start`);
		await page.close();
		for (const e of documents) {
			const p = watch(await c.newPage());
			await p.goto(e.word);
			is(await banner(p), titleOf(e, zh), `${tag}: ${e.name}`);
			is(p.url(), base, `${tag}: ${e.name}: the code has left the address bar`);
			await looks(p, `${tag}-${e.name}`);
			await p.close();
		}
		await c.close();
	}
}

async function letters() {
	const c = await context('en-GB', 390, 844);
	const page = watch(await c.newPage());
	await page.goto(byName('letter').word);
	is(await banner(page), 'Genuine', 'a letter is never called valid');
	ok(!/\bvalid\b/i.test(await page.locator('.banner').innerText()), 'nor anywhere in its banner');
	ok(/not a statement about today/.test(await page.locator('.banner').innerText()), 'it speaks of one moment');
	ok(/^Addressed to\s+Northland Board of Accountancy/.test(await page.locator('.compare .row').first().innerText()), 'and says first whom it is addressed to');
	is(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the answer has the focus');
	const mail = decodeURIComponent(await page.locator('a[href^="mailto:"]').getAttribute('href'));
	ok(mail.startsWith('mailto:verify@example.org?') && mail.endsWith(`body=${byName('letter').docid}`) && !/subject=[^&]*[A-Z0-9]{4}-/.test(mail), 'a concern is mailed with the document id alone, not in the subject', mail);
	await page.getByRole('button', { name: '中文' }).click();
	is(await banner(page), '属实', 'the language changes under an answer');
	is(await page.evaluate(() => document.documentElement.lang), 'zh-Hans', 'and is that of the page');
	for (const box of await page.locator('.compare input').all()) await box.check();
	is(await page.locator('.compare [role=status]').innerText(), '各项均一致。', 'all ticked');
	await page.emulateMedia({ media: 'print' });
	await page.screenshot({ path: `${shots}/print.png`, fullPage: true });
	ok(!(await page.locator('.actions').isVisible()), 'nothing to press is printed');
	ok((await page.pdf()).length > 5000, 'it prints');
	await c.close();
}

async function type(page, text, at = base) {
	await page.goto(at);
	await page.locator('#code').fill(text);
	await page.locator('#type button').click();
}

async function typed() {
	const c = await context('en-GB', 390, 844);
	const page = watch(await c.newPage());
	for (const e of documents) {
		await type(page, e.docid);
		is(await banner(page), titleOf(e, 0), `typed: ${e.name}`);
	}
	const id = documents.find((e) => /[01V]/.test(e.docid) && e.verdict === 'VALID');
	await type(page, id.docid.toLowerCase().replace(/0/g, 'o').replace(/1/g, 'l').replace(/v/g, 'u').replace(/-/g, ' '));
	is(await banner(page), titleOf(id, 0), 'typed: small letters, I L O U, blanks');
	await type(page, '0000-0000-0000-0000');
	is(await banner(page), 'Not found', 'typed: nobody has it');
	await type(page, 'nothing of this kind');
	ok(/neither a code/.test(await page.locator('#code-error').innerText()), 'typed: no code is said to be none');
	is(await page.locator('#code').getAttribute('aria-invalid'), 'true', 'typed: and the field says so');
	await looks(page, 'typed-error');
	await type(page, `${byName('revoked').word}&from=timeline`);
	is(await banner(page), 'Revoked', 'a pasted link');
	await c.close();
}

/** Files laid onto the page as a person does. */
async function drop(page, names) {
	const files = names.map((n) => ({ name: n.split('/').pop(), bytes: readFileSync(n).toString('base64') }));
	const data = await page.evaluateHandle((list) => {
		const transfer = new DataTransfer();
		for (const { name, bytes } of list) transfer.items.add(new File([Uint8Array.from(atob(bytes), (ch) => ch.charCodeAt(0))], name));
		return transfer;
	}, files);
	for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', event, { dataTransfer: data });
}

async function files() {
	const c = await context('en-GB', 390, 844);
	const page = watch(await c.newPage());
	await page.goto(base);
	for (const e of expected) {
		await drop(page, [pdf(e.name)]);
		await page.locator('.result .file', { hasText: e.file }).waitFor();
		is(await banner(page), titleOf(e, 0), `dropped: ${e.name}`);
	}
	await page.goto(base);
	await page.locator('#files').setInputFiles(pdf('added'));
	is(await banner(page), 'Altered', 'picked: added to');
	await looks(page, 'added');
	const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the original part' }).click()]);
	is(Buffer.compare(readFileSync(await saved.path()), readFileSync(pdf('valid'))), 0, 'the original part is the file that was issued');
	await page.goto(base);
	await page.locator('#files').setInputFiles(`${folder}/code.png`);
	is(await banner(page), 'Genuine', 'a picture of the code');
	await page.goto(base);
	await page.locator('#files').setInputFiles(`${folder}/other.png`);
	is(await banner(page), 'Not a verification code', 'a picture of another code');
	await page.goto(base);
	await page.locator('#files').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no code') });
	is(await banner(page), 'Undecided', 'a file without a code');
	await looks(page, 'undecided');
	await c.close();
}

async function many() {
	const c = await context('en-GB', 1280, 800);
	const page = watch(await c.newPage());
	await page.goto(base);
	await drop(page, expected.map((e) => pdf(e.name)));
	await page.locator('.many table').waitFor();
	is(await page.locator('tbody tr').count(), expected.length, 'many: a row a file');
	const good = expected.filter((e) => e.verdict === 'VALID').length;
	ok((await page.locator('.sum').innerText()).startsWith(`${good} confirmed, `), 'many: they are counted');
	const kinds = await page.locator('tbody tr').evaluateAll((rows) => rows.map((r) => r.className));
	ok(kinds.indexOf('valid') === kinds.length - good, 'many: exceptions first', kinds.join());
	await looks(page, 'many-1280');
	const download = async (/** @type {string} */ name) => {
		const [d] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
		return readFileSync(await d.path(), 'utf8');
	};
	const csv = await download('Save table (CSV)');
	is(csv.split('\r\n').length, expected.length + 2, 'many: CSV, a line a file');
	ok(/VALID,,genuine,good,live,included,original,good-standing-letter,/.test(csv), 'many: CSV has the columns of hufu verify', csv);
	writeFileSync(`${folder}/evidence.json`, await download('Save evidence of all (JSON)'));
	await page.locator('#filter').fill('northland');
	is(await page.locator('tbody tr:visible').count(), 3, 'many: letters addressed to us');
	await page.locator('#filter').fill('');
	await page.getByRole('button', { name: 'Revoked' }).click();
	is(await banner(page), 'Revoked', 'many: one is opened');
	await page.getByRole('button', { name: 'Back to the table' }).click();
	await page.setViewportSize({ width: 320, height: 640 });
	await looks(page, 'many-320');
	const lots = Array.from({ length: 120 }, (_, i) => ({ name: `${i}.pdf`, mimeType: 'application/pdf', buffer: readFileSync(pdf(i % 2 ? 'valid' : 'letter')) }));
	await page.getByRole('button', { name: 'Check another' }).click();
	const start = Date.now();
	await page.locator('#files').setInputFiles(lots);
	await page.locator('.many h1', { hasText: '120' }).waitFor({ timeout: 60000 });
	console.log(`# 120 files in ${Date.now() - start} ms`);
	ok((await page.locator('.sum').innerText()).startsWith('120 confirmed'), 'many: 120 files');
	await c.close();
}

/** What a program prints; this one serves it meanwhile. */
function run(/** @type {string} */ program, /** @type {string[]} */ call, /** @type {NodeJS.ProcessEnv} */ env) {
	return new Promise((resolve) => {
		const child = spawn(program, call, { env });
		let out = '';
		child.stdout.setEncoding('utf8'); // a letter may stand across two chunks
		child.stdout.on('data', (d) => (out += d));
		child.on('close', () => resolve(out));
	});
}

/** The C program, asking the same site over HTTP: the same answers, member for member. */
async function compare() {
	const evidence = JSON.parse(readFileSync(`${folder}/evidence.json`, 'utf8'));
	const state = `${folder}/state`;
	const env = { ...process.env, LC_ALL: 'C.UTF-8', XDG_STATE_HOME: state, XDG_CACHE_HOME: state, XDG_CONFIG_HOME: state };
	const names = evidence.map((r) => `${folder}/now/files/${r.target}`);
	const out = await run(hufu, ['verify', '--json', '--keys', `${folder}/now/site/policy.json`, '--site', base.slice(0, -1), ...names], env);
	const lines = out.trim().split('\n').map((line) => JSON.parse(line));
	for (const [i, { evidence: grounds, ...ours }] of evidence.entries()) {
		const theirs = { ...lines[i], target: ours.target, as_of: ours.as_of };
		is(JSON.stringify(ours), JSON.stringify(theirs), `${ours.target}: as hufu verify says it`);
		ok(grounds.policy !== null && grounds.checked_at !== null, `${ours.target}: evidence to keep`);
	}
}

async function stale() {
	const old = await serve(`${folder}/old/site`, OLD);
	const c = await context('zh-CN', 390, 844);
	const page = await c.newPage();
	await page.goto(JSON.parse(readFileSync(`${folder}/old/expected.json`, 'utf8'))[0].word);
	is(await banner(page), '状态过时', 'a status list that ran out');
	ok(await page.getByRole('button', { name: '联网后重新核验' }).isVisible(), 'stale: to be checked again');
	await looks(page, 'zh-390-stale');
	await c.close();
	await old.close();
}

/** What hufu issues: files, the codes they carry, a page from a scanner. */
async function issued() {
	const REAL = 8479;
	const server = await serve(`${folder}/real/site`, REAL);
	const c = await context('zh-CN', 390, 844);
	const page = await c.newPage();
	page.on('pageerror', (e) => faults.push(e.message));
	const names = readdirSync(`${folder}/real/out`).filter((n) => n.endsWith('.pdf'));
	for (const name of names) {
		const bytes = readFileSync(`${folder}/real/out/${name}`);
		const digits = /<hufu:token>(\d+)</.exec(bytes.toString('latin1'))[1];
		await page.goto('about:blank');
		await page.goto(`http://127.0.0.1:${REAL}/#${digits}`);
		is(await banner(page), '有效', `issued: the code of ${name}`);
		await type(page, name.slice(0, -4), `http://127.0.0.1:${REAL}/`);
		is(await banner(page), '有效', 'issued: its typed code');
	}
	await page.goto(`http://127.0.0.1:${REAL}/`);
	await page.locator('#files').setInputFiles(names.map((n) => `${folder}/real/out/${n}`));
	await page.locator('.many table').waitFor();
	ok((await page.locator('.sum').innerText()).startsWith(`属实 ${names.length} 份，否 0 份`), 'issued: the files');
	await page.goto(`http://127.0.0.1:${REAL}/`);
	await page.locator('#files').setInputFiles(`${folder}/real/scan.png`);
	is(await banner(page), '有效', 'issued: a page from a scanner');
	await looks(page, 'issued');
	await c.close();
	await server.close();
}

async function withoutNet() {
	const c = await context('en-GB', 390, 844);
	const page = await c.newPage();
	await page.goto(base);
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	for (const name of ['letter', 'revoked']) {
		await page.goto('about:blank');
		await page.goto(byName(name).word);
		await banner(page);
	}
	await site.close();
	const p = await c.newPage();
	p.on('pageerror', (e) => faults.push(e.message));
	await p.goto(byName('letter').word);
	is(await banner(p), 'Genuine', 'without a net: a letter');
	ok(/could not be reached/.test(await p.locator('.result .evidence').innerText()), 'without a net: and it says so');
	await p.screenshot({ path: `${shots}/offline.png`, fullPage: true });
	await p.locator('.actions button', { hasText: 'Check another' }).click();
	await p.locator('#code').fill(byName('revoked').word);
	await p.locator('#type button').click();
	is(await banner(p), 'Revoked', 'without a net: withdrawn stays withdrawn');
	await p.locator('.actions button', { hasText: 'Check another' }).click();
	await p.locator('#files').setInputFiles(`${folder}/code.png`);
	is(await banner(p), 'Genuine', 'without a net: a picture');
	const again = await serve(`${folder}/now/site`, NOW);
	writeFileSync(`${folder}/now/site/sw-kill`, 'kill\n');
	await p.goto('about:blank');
	await p.goto(base);
	await p.waitForTimeout(800);
	const left = await p.evaluate(async () => (await caches.keys()).join());
	is(left, '', 'sw-kill ends what is kept on devices');
	writeFileSync(`${folder}/now/site/sw-kill`, 'no\n');
	await c.close();
	return again;
}

/** A site that shows other root keys later, and nobody signed for them. */
async function otherPolicy() {
	const c = await context('en-GB', 390, 844);
	const page = await c.newPage();
	await page.goto(base);
	await page.locator('#foot li').nth(3).waitFor();
	const path = `${folder}/now/site/policy.json`;
	const before = readFileSync(path, 'utf8');
	writeFileSync(path, before.replace('"k":2', '"k":1'));
	await page.reload();
	await page.locator('#warning:visible').waitFor();
	ok(/other root keys/.test(await page.locator('#warning').innerText()), 'another policy without the old roots is not followed');
	await looks(page, 'policy-other');
	writeFileSync(path, before);
	await c.close();
}

async function camera() {
	const fake = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [...args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${folder}/code.y4m`],
	});
	const c = await fake.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, permissions: ['camera'] });
	const page = watch(await c.newPage());
	await page.goto(base);
	const start = Date.now();
	await page.locator('#camera').click();
	is(await banner(page), 'Genuine', 'the camera sees the letter');
	console.log(`# in ${Date.now() - start} ms`);
	ok(await page.evaluate(() => document.querySelector('video').srcObject === null), 'and is let go');
	await fake.close();
	const none = await context('en-GB', 390, 844);
	const p = watch(await none.newPage());
	await p.goto(base);
	await p.locator('#camera').click();
	await p.locator('#camera-say', { hasText: 'cannot be used here' }).waitFor();
	ok(await p.locator('#code').isVisible(), 'without permission there are the code and files');
	await none.close();
}

async function noScript() {
	const c = await context('en-GB', 390, 844, { javaScriptEnabled: false });
	const page = await c.newPage();
	await page.goto(base);
	ok(/needs JavaScript/.test(await page.locator('body').innerText()), 'without JavaScript there are words');
	await page.screenshot({ path: `${shots}/noscript.png` });
	await c.close();
}

await links();
await letters();
await typed();
await files();
await many();
if (hufu) await compare();
await stale();
await issued();
await camera();
await noScript();
ok(faults.length === 0, 'nothing on the console', faults.join('\n'));
ok(strangers.length === 0, 'no request to others', strangers.join('\n'));
const ids = documents.flatMap((e) => [e.docid, e.docid.replace(/-/g, ''), e.word.split('#')[1].slice(0, 40)]);
const told = site.asked.filter((line) => ids.some((id) => line.toLowerCase().includes(id.toLowerCase())));
ok(told.length === 0 && site.asked.length > 100, 'no request names a document', told.join('\n'));
const shape = /^GET \/(page\/[a-z.]+|sw\.js|sw-kill|policy\.json|policy\/[0-9A-Z-]+\.note|keys\.note|checkpoint|tile\/[0-9a-z/.]+|s\/\d+|d\/([01]+|info)|favicon\.ico)? /;
const odd = site.asked.filter((line) => !shape.test(line));
ok(odd.length === 0, 'only shared files are asked for', odd.slice(0, 10).join('\n'));
const known = site.asked.filter((line) => /"(cookie|referer)"/.test(line) && !line.includes(`"referer":"${base}sw.js"`)); // asked by browsers for updates
ok(known.length === 0, "no cookie, no referer but a script's own", known.slice(0, 5).join('\n'));
const again = await withoutNet();
await otherPolicy();
await again.close();
await browser.close();
end();
