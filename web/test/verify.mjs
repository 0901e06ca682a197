// SPDX-License-Identifier: Apache-2.0
// The module as a program, for tests:
//   verify.mjs verify --policy FILE|- --site DIR|--bundle FILE [--now UNIX] [--state FILE] [--thorough] [--expect K=V]
//              [--said FILE] [--hufu PROGRAM] [--words en|zh] TARGET...
// A line a target: the verdict, and the target.  With --said (lines of `hufu verify --json` on the same targets) the verdict
// is DIFFERENT unless every member is the same; with --hufu, unless that program has the same words in both languages.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { Gather, allWords, bundleSite, exitOf, nothing, ofBytes, ofWord, readMemory, readPolicy, reportOf, siteOf, verdictOf } from '../verify/index.mjs';
import { Memory, followPolicy, headline, successorPath } from '../verify/index.mjs';
import { utf8 } from '../verify/bytes.mjs';

const [command, ...args] = process.argv.slice(2);
const options = new Map();
while (args.length > 0 && args[0].startsWith('--')) options.set(args[0].slice(2), args[0] === '--thorough' ? args.shift() && true : args.splice(0, 2)[1]);
if (command !== 'verify') {
	console.error('usage: verify.mjs verify --policy FILE --site DIR TARGET...');
	process.exit(2);
}

const read = (/** @type {string} */ path) => (existsSync(path) ? new Uint8Array(readFileSync(path)) : null);

function place() {
	if (options.has('bundle')) return bundleSite(read(options.get('bundle')));
	return siteOf(async (path) => read(options.get('site') + path));
}

function targetOf(/** @type {string} */ name) {
	try {
		if (!existsSync(name)) return ofWord(name) ?? nothing();
		const found = ofBytes(read(name));
		const proof = read(`${name}.tlog-proof`) ?? (name.endsWith('.pdf') ? read(`${name.slice(0, -4)}.tlog-proof`) : null);
		return { ...found, proof: found.hash || existsSync(name) ? proof : null };
	} catch (fault) {
		console.error(`${name}: ${fault.message}`);
		return nothing();
	}
}

const said = options.has('said') ? readFileSync(options.get('said'), 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : null;
/** The other program's clock may have gone on by a second or two since --now was read. */
function clockOf(/** @type {number} */ now) {
	const its = said === null ? now : Date.parse(said[0].as_of) / 1000;
	return Math.abs(its - now) < 5 ? its : now;
}

const site = place();
const state = options.get('state');
let policy = options.get('policy') === '-' ? null : readPolicy(read(options.get('policy')));
const memory = state && policy ? readMemory(read(state)) : null;
const far = { memory, now: clockOf(Number(options.get('now') ?? Math.floor(Date.now() / 1000))) };
let gather = new Gather({ site, policy, ...far });

/** A key list that the pinned roots did not sign: go on with the policy's successors, when there are any. */
async function follow() {
	let hops = 0;
	try {
		for (let note; (note = await site.load(successorPath(policy), 1 << 20)) !== null && hops < 16; hops++) policy = await followPolicy(note, policy);
	} catch {
		return 0;
	}
	return hops;
}

/** What the C program says in words of every target: a block each, without the target's name. */
function blocksOf(/** @type {'en' | 'zh'} */ lang) {
	const clock = new Memory();
	clock.newest = far.now;
	writeFileSync('words-memory.json', clock.write());
	const call = ['verify', '--keys', options.get('policy'), '--site', options.get('site'), '--state', 'words-memory.json', ...args];
	const env = { ...process.env, LC_ALL: lang === 'zh' ? 'zh_CN.UTF-8' : 'C.UTF-8' };
	const out = spawnSync(options.get('hufu'), call, { env, encoding: 'utf8' }).stdout;
	return out.replace(/\n$/, '').split('\n\n').map((block) => block.slice(block.indexOf('\n') + 1) + '\n');
}

function wordsOf(ev, verdict, /** @type {'en' | 'zh'} */ lang) {
	const all = allWords(ev, verdict, lang);
	const end = all.indexOf('\n') + 1;
	return all.slice(0, end) + headline(ev, verdict, lang === 'zh' ? 'en' : 'zh') + '\n' + all.slice(end);
}

const words = options.has('hufu') ? { en: blocksOf('en'), zh: blocksOf('zh') } : {};
let worst = 0, hops = 0;
for (const [i, name] of args.entries()) {
	const asked = () => ({ rootsChanged: hops, expect: options.has('expect') ? Object.fromEntries([options.get('expect').split('=')]) : {} });
	let ev = await gather.evidence(targetOf(name), asked());
	if (ev.keyState === 'bad' && hops === 0 && policy && (hops = await follow()) > 0) {
		gather = new Gather({ site, policy, ...far });
		ev = await gather.evidence(targetOf(name), asked());
	}
	const verdict = verdictOf(ev);
	let line = verdict.code;
	if (said !== null) {
		const [ours, theirs] = [reportOf(name, ev, verdict), said[i]].map((r) => JSON.stringify(r));
		if (ours !== theirs) {
			line = 'DIFFERENT';
			console.error(`${name}\n  theirs ${theirs}\n  ours   ${ours}`);
		}
	}
	for (const [lang, blocks] of Object.entries(words)) {
		const ours = wordsOf(ev, verdict, lang);
		const later = wordsOf(ev, { ...verdict, asOf: verdict.asOf + 5 }, lang); // the other's clock went on, perhaps past a minute
		if (ours !== blocks[i] && later !== blocks[i]) {
			line = 'DIFFERENT';
			console.error(`${name}\n  theirs ${blocks[i]}\n  ours   ${ours}`);
		}
	}
	console.log(options.has('words') ? allWords(ev, verdict, options.get('words')) : `${line} ${name}`);
	const exit = exitOf(verdict.code);
	worst = worst === 1 || exit === 1 ? 1 : Math.max(worst, exit);
}
if (memory) writeFileSync(state, utf8(memory.write()));
if (gather.trouble) console.error(gather.trouble);
process.exit(worst);
