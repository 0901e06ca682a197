// SPDX-License-Identifier: Apache-2.0
// firefox.mjs FOLDER SHOTS: the same page in Firefox, at its own address and at one without https.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { Firefox } from './bidi.mjs';
import { end, is, ok } from './tap.mjs';
import { serve } from './server.mjs';

const [folder, shots] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(`${folder}/now/expected.json`, 'utf8'));
const base = 'http://127.0.0.1:8477/';
const TITLES = {
	'VALID': 'Valid', 'SUPERSEDED': 'Superseded', 'REVOKED': 'Revoked', 'ENDED': 'No longer current', 'SUSPENDED': 'Suspended', 'EXPIRED': 'Expired',
	'NOT-YET-VALID': 'Not yet valid', 'FORGED': 'Forged', 'KEY-COMPROMISED': 'Key compromised', 'NOT-IN-MANIFEST': 'Not in the public register',
	'ALTERED': 'Altered', 'MALFORMED': 'Not a readable code', 'UNDECIDED': 'Undecided',
};
const titleOf = (e) => (e.name === 'letter' && e.verdict === 'VALID' ? 'Genuine' : TITLES[e.verdict]);
const BANNER = "document.querySelector('.banner h1')?.firstChild.textContent";
mkdirSync(shots, { recursive: true });
rmSync(`${folder}/firefox`, { recursive: true, force: true });

const site = await serve(`${folder}/now/site`, 8477, '0.0.0.0');
const firefox = await Firefox.start(process.env.FIREFOX ?? '/usr/bin/firefox-esr', `${folder}/firefox`, { 'intl.accept_languages': 'en-GB' });
try {
	for (const e of expected.filter((x) => x.word !== null)) {
		await firefox.go('about:blank');
		await firefox.go(e.word);
		is(await firefox.till(BANNER), titleOf(e), `Firefox: ${e.name}`);
		is(await firefox.value('location.href'), base, `Firefox: ${e.name}: the code has left the address bar`);
	}
	for (const e of expected) {
		await firefox.go(base);
		await firefox.files('#files', [`${folder}/now/files/${e.file}`]);
		is(await firefox.till(BANNER), titleOf(e), `Firefox: file ${e.name}`);
	}
	await firefox.go(base);
	await firefox.files('#files', [`${folder}/code.png`]);
	is(await firefox.till(BANNER), 'Genuine', 'Firefox: a picture of the code');
	writeFileSync(`${shots}/firefox-letter.png`, await firefox.picture());
	await firefox.go(base);
	await firefox.files('#files', expected.map((e) => `${folder}/now/files/${e.file}`));
	is(await firefox.till("document.querySelectorAll('tbody tr').length"), expected.length, 'Firefox: many files');
	ok(!firefox.asked.some((url) => /^https?:/.test(url) && !url.startsWith(base)), 'Firefox: no request to others', firefox.asked.find((url) => !url.startsWith(base)));

	/* An address without https: no WebCrypto, no service worker, nothing kept; checked all the same, by the page's own arithmetic. */
	const address = Object.values(networkInterfaces()).flat().find((a) => a && a.family === 'IPv4' && !a.internal)?.address;
	if (address) {
		await firefox.go(`http://${address}:8477/#${expected.find((e) => e.name === 'letter').word.split('#')[1]}`);
		is(await firefox.till(BANNER), 'Genuine', 'Firefox: at an address without https');
		is(await firefox.value('isSecureContext'), false, 'which is no secure one');
		await firefox.go(`http://${address}:8477/`);
		ok(await firefox.till("/is not at the issuer/.test(document.getElementById('foot').innerText)"), 'nor the issuer’s own, which the page says');
	}
	ok(firefox.faults.length === 0, 'Firefox: nothing on the console', firefox.faults.join('\n'));
} catch (fault) {
	ok(false, 'Firefox', fault.stack);
}
await firefox.end();
await site.close();
end();
