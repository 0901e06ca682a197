// SPDX-License-Identifier: Apache-2.0
// flips.mjs FIXTURE HUFU N SEED: N times one file of a published site is spoiled (a bit, a byte, its end, all of it), and the
// module and the C program must say the same of a letter's code, its file, another's typed code and a withdrawn document.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gather, ofBytes, ofWord, readPolicy, reportOf, siteOf, verdictOf } from '../verify/index.mjs';

const [fixture, hufu, count, seed] = process.argv.slice(2);
let x = Number(seed) >>> 0 || 1;
/** xorshift32: the same spoiling for the same seed. */
const below = (/** @type {number} */ n) => {
	x ^= x << 13;
	x ^= x >>> 17;
	x ^= x << 5;
	return (x >>> 0) % n;
};

const work = mkdtempSync(join(tmpdir(), 'hufu-flips-'));
const site = join(work, 'site');
cpSync(join(fixture, 'site'), site, { recursive: true });
const files = readdirSync(site, { recursive: true }).map(String).filter((f) => statSync(join(site, f)).isFile() && /^(keys|checkpoint|s\/|tile\/|d\/)/.test(f)).sort();
const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));
const named = (/** @type {string} */ name) => expected.find((e) => e.name === name);
const targets = [named('letter').word, join(fixture, 'files/letter.pdf'), named('long').docid, named('revoked').word];
const policy = readPolicy(readFileSync(join(fixture, 'site/policy.json')));
const load = siteOf(async (path) => {
	try {
		return new Uint8Array(readFileSync(site + path));
	} catch {
		return null;
	}
});

/** @returns {Buffer | null} null: the file is taken away */
function spoiled(/** @type {Buffer} */ bytes) {
	const out = Buffer.from(bytes);
	switch (below(6)) {
		case 0:
			return null;
		case 1:
			return out.subarray(0, below(out.length));
		case 2:
			return Buffer.concat([out, Buffer.from([below(256)])]);
		case 3:
			out[below(out.length)] = below(256);
			return out;
		default:
			out[below(out.length)] ^= 1 << below(8);
			return out;
	}
}

/** Both programs' answers, but for the moment they were given. */
async function answers() {
	const out = spawnSync(hufu, ['verify', '--json', '--keys', join(fixture, 'site/policy.json'), '--site', site, ...targets], { encoding: 'utf8' }).stdout;
	const theirs = out.trim().split('\n').map((line) => JSON.parse(line));
	const gather = new Gather({ site: load, policy, now: Math.floor(Date.now() / 1000) });
	const ours = [];
	for (const name of targets) {
		const ev = await gather.evidence(name.endsWith('.pdf') ? ofBytes(new Uint8Array(readFileSync(name))) : ofWord(name));
		ours.push(reportOf(name, ev, verdictOf(ev)));
	}
	return [ours, theirs].map((list) => list.map((r) => JSON.stringify({ ...r, as_of: null })));
}

let passed = 0, failed = 0;
const verdicts = new Set();
for (let i = 0; i < Number(count); i++) {
	const file = files[below(files.length)];
	const path = join(site, file);
	const before = readFileSync(path);
	const after = spoiled(before);
	if (after === null) rmSync(path);
	else writeFileSync(path, after);
	const [ours, theirs] = await answers();
	writeFileSync(path, before);
	for (const [k, line] of ours.entries()) {
		verdicts.add(JSON.parse(line).verdict);
		if (line === theirs[k]) passed++;
		else {
			failed++;
			console.log(`not ok - ${file}, turn ${i} of seed ${seed}\n#   ours ${line}\n# theirs ${theirs[k]}`);
		}
	}
}
rmSync(work, { recursive: true });
console.log(`# ${[...verdicts].sort().join(' ')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
