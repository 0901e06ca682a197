// SPDX-License-Identifier: Apache-2.0
// vectors.mjs FOLDER: every vector of tests/vectors by the module, signatures by WebCrypto and by its own arithmetic.
import { readFileSync } from 'node:fs';
import { bucketPath, lookupDigest, lookupTag, openBucket, readInfo } from '../verify/lookup.mjs';
import { checkFollows, readKeyList } from '../verify/keylist.mjs';
import { consistencyProof, includes, inclusionProof, isConsistent, leafHash, rootOf } from '../verify/merkle.mjs';
import { docidRead, docidText } from '../verify/docid.mjs';
import { findDigits, readDigits, readToken, verifyToken } from '../verify/token.mjs';
import { followPolicy, readPolicy } from '../verify/policy.mjs';
import { hex, same, unhex, utf8 } from '../verify/bytes.mjs';
import { COSIGNATURE, ED25519, readKey } from '../verify/note.mjs';
import { Refusal } from '../verify/refusal.mjs';
import { Tiles, tilePath, tileWidth } from '../verify/tiles.mjs';
import { canonical } from '../verify/json.mjs';
import { cPdf, cToken } from '../verify/entry.mjs';
import { labelled, sha256 } from '../verify/hash.mjs';
import { readCheckpoint } from '../verify/checkpoint.mjs';
import { readShard, valueAt } from '../verify/status.mjs';
import { readSidecar } from '../verify/sidecar.mjs';
import { siteOf } from '../verify/site.mjs';
import { useNative } from '../verify/ed25519.mjs';

let passed = 0, failed = 0;
const bytes = (digits) => unhex(digits) ?? new Uint8Array();
const equal = (a, b) => {
	if (a !== b) throw new Error(`is ${a}, not ${b}`);
};

/** Read one case: "good", the code of the refusal, or what another fault says. */
async function outcome(read) {
	try {
		await read();
		return 'good';
	} catch (fault) {
		return fault instanceof Refusal ? fault.code : `${fault.stack}`;
	}
}

/** Each case's outcome against `want`; a refusal of any code is "bad" where the vectors tell no codes. */
async function each(file, list, read, want = (c) => c.expect ?? 'good', form = null) {
	const root = JSON.parse(readFileSync(`${process.argv[2]}/${file}.json`, 'utf8'));
	if (root[list].length === 0) failed++;
	for (const c of root[list]) {
		let got = await outcome(() => read(c, root));
		const expected = want(c);
		if (form !== null && /^[A-Z-]+$/.test(got)) got = form;
		if (got === expected) passed++;
		else {
			failed++;
			console.log(`not ok - ${file}, ${list}: ${c.name ?? JSON.stringify(c).slice(0, 80)}: expected ${expected}, is ${got}`);
		}
	}
}

const asVector = (b) => `h'${hex(b)}'`;
function payloadOf(p) {
	const ext = p.asAt !== null ? { 1: p.recipient, 2: p.asAt, 3: [p.wording, p.classCode, p.lookBack, p.pending] } : p.admitted === null ? {} : { 4: p.admitted };
	const member = /^[1-9][0-9]{0,17}$/.test(p.memberNo) ? BigInt(p.memberNo) : p.memberNo;
	return [1, p.type, p.idx, asVector(p.docid), member, p.native, p.latin, p.issued, p.expires, asVector(p.digest16), ext];
}
const shown = (v) => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? Number(x) : x));

async function tokens() {
	await each('token', 'cases', async (c, root) => {
		const token = 'digits' in c ? readDigits(c.digits) : readToken(bytes(c.hex));
		if (!(await verifyToken(token, bytes(root.public), root.issuer))) throw new Refusal('forged', '');
		if (c.payload) equal(shown(payloadOf(token.payload)), shown(c.payload));
	}, (c) => (c.expect === 'genuine' ? 'good' : c.expect), 'malformed');
	await each('token', 'url_cases', (c) => equal(findDigits(c.text)?.digits ?? null, c.digits));
	await each('ids', 'documents', (c, root) => {
		equal(docidText(bytes(c.docid)), c.text);
		equal(hex(docidRead(c.text.toLowerCase().replace(/-/g, ' ').replace('1', 'l').replace('0', 'o'))), c.docid);
		equal(canonical(root.facts), root.canonical);
		equal(hex(labelled('hufu/1/record', bytes(c.nonce), utf8(root.canonical)).slice(0, 16)), c.digest16);
		equal(hex(cToken(bytes(c.token))), c.c_token);
		equal(hex(cPdf(bytes(c.token), bytes(c.file_sha256))), c.c_pdf);
	});
}

async function lookups() {
	await each('lookup', 'paths', (c) => {
		const digest = lookupDigest(bytes(c.docid));
		equal(bucketPath(digest, c.bits), c.path);
		equal(hex(lookupTag(digest)), c.tag);
	});
	await each('lookup', 'info', (c) => equal(readInfo(utf8(c.text)), c.bits), (c) => (c.bits === null ? 'LOOKUP-FORM' : 'good'));
	await each('lookup', 'cases', (c) => {
		const token = openBucket(bytes(c.hex), bytes(c.docid));
		if (token === null) throw new Refusal('absent', '');
		equal(hex(token), c.token);
	}, (c) => ({ found: 'good', absent: 'absent', refused: 'LOOKUP-FORM' })[c.expect]);
}

async function keys() {
	await each('keys', 'cases', async (c, root) => {
		const policy = readPolicy(utf8(root.policy));
		equal(policy.fingerprint, root.fingerprint);
		await readKeyList(utf8(c.note), policy);
	}, undefined, 'bad');
	await each('keylist', 'lists', async (c, root) => {
		const policy = readPolicy(utf8(root.policy));
		checkFollows(await readKeyList(utf8(c.old), policy), await readKeyList(utf8(c.new), policy));
	});
	await each('keylist', 'policies', async (c, root) => void (await followPolicy(utf8(c.note), readPolicy(utf8(root.policy)))));
}

async function statuses() {
	await each('status', 'cases', async (c, root) => {
		const listed = root.keys.map((k) => ({
			role: k.role, state: k.state, public: bytes(k.public), kid: sha256(bytes(k.public)).slice(0, 4), notBefore: k.not_before, notAfter: k.not_after,
		}));
		const shard = await readShard(bytes(c.hex), BigInt(c.shard), root.site, { keys: listed });
		for (const [i, value] of c.values) equal(valueAt(shard.list, i), value);
		if (c.name !== 'empty tree') equal(String([shard.treeSize, hex(shard.treeRoot), shard.keysVersion, hex(shard.keysHash)]), String(root.bound));
	});
}

const testEntry = (i) => {
	const a = sha256(utf8(`log test ${i}`));
	return Uint8Array.of(1, ...a, ...sha256(a));
};
const testLeaf = async (level, index) => {
	if (level === 0) return leafHash(testEntry(index));
	const [a, b] = [await testLeaf(level - 1, 2n * index), await testLeaf(level - 1, 2n * index + 1n)];
	return sha256(Uint8Array.of(1, ...a, ...b));
};

/** The files of a log of 600 entries, as a site. */
async function testSite() {
	const files = new Map();
	for (const [level, n] of [[0, 0n], [0, 1n], [0, 2n], [1, 0n], ['entries', 0n], ['entries', 1n], ['entries', 2n]]) {
		const width = tileWidth(level, n, 600n);
		const parts = [];
		for (let i = n * 256n; i < n * 256n + BigInt(width); i++) {
			if (level === 'entries') parts.push(0, 65, ...testEntry(i));
			else parts.push(...(await testLeaf(8 * level, i)));
		}
		files.set(tilePath(level, n, width), Uint8Array.from(parts));
	}
	return files;
}

async function logs() {
	const files = await testSite();
	const proof = (c) => c.proof.map(bytes);
	const refuse = (holds) => {
		if (!holds) throw new Refusal('bad', '');
	};
	await each('log', 'entries', (c) => equal(hex(leafHash(bytes(c.entry))), c.leaf));
	await each('log', 'trees', async (c) => equal(hex(await rootOf(testLeaf, BigInt(c.size))), c.root));
	await each('log', 'files', (c) => equal(hex(sha256(files.get(c.path) ?? new Uint8Array())), c.sha256));
	await each('log', 'inclusion', (c) => refuse(includes(bytes(c.leaf), BigInt(c.index), BigInt(c.size), bytes(c.root), proof(c))));
	await each('log', 'consistency', (c) => refuse(isConsistent(BigInt(c.old_size), bytes(c.old_root), BigInt(c.size), bytes(c.root), proof(c))));
	const known = (root) => [readKey(root.log, ED25519), root.witnesses.map((w) => readKey(w, COSIGNATURE))];
	await each('log', 'checkpoints', async (c, root) => {
		const got = await readCheckpoint(utf8(c.text), ...known(root));
		equal(String([got.size, hex(got.root), got.who.length, got.newest]), String([c.size, c.root, c.witnesses, c.newest]));
	}, undefined, 'bad');
	await each('log', 'sidecars', async (c, root) => {
		const s = readSidecar(utf8(c.text));
		const tree = await readCheckpoint(s.checkpoint, ...known(root));
		refuse(includes(bytes(c.leaf), s.index, tree.size, tree.root, s.proof));
	}, undefined, 'bad');
	const tiles = new Tiles(siteOf(async (path) => files.get(path) ?? null), 600n);
	for (const i of [0n, 255n, 256n, 511n, 599n]) {
		const [p, q] = [await inclusionProof(tiles.source(), 600n, i), await inclusionProof(testLeaf, 600n, i)];
		const whole = p.length === q.length && p.every((h, k) => same(h, q[k])) && same(await tiles.entry(i), testEntry(i));
		const grows = await consistencyProof(tiles.source(), i + 1n, 600n);
		const holds = isConsistent(i + 1n, await rootOf(testLeaf, i + 1n), 600n, await rootOf(testLeaf, 600n), grows);
		if (whole && holds) passed++;
		else failed++, console.log(`not ok - tiles, entry ${i}`);
	}
}

for (const native of [undefined, false]) {
	useNative(native);
	await tokens();
	await lookups();
	await keys();
	await statuses();
	await logs();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
