// SPDX-License-Identifier: Apache-2.0
// fixture.mjs FOLDER SITE_URL [NOW [all]]: an issuer with test keys and one document of every kind and fate, as a published site.
// "all" adds a letter or statement of every wording, class and reach.
//   FOLDER/site/         policy.json, keys.note, checkpoint, tiles, entries, status, buckets
//   FOLDER/files/        a PDF for each document, some of them spoiled
//   FOLDER/expected.json name, verdict, word (a link), docid, file
import { getPublicKey, hashes, sign } from '@noble/ed25519';
import { blake2b } from '@noble/hashes/blake2.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { deflateSync } from 'node:zlib';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as cbor from '../verify/cbor.mjs';
import { base64, concat, hex, order, u64, utf8 } from '../verify/bytes.mjs';
import { bucketPath, lookupDigest, lookupTag } from '../verify/lookup.mjs';
import { cPdf, cToken, documentEntry, statusEntry } from '../verify/entry.mjs';
import { COSIGNATURE, ED25519, makeKey } from '../verify/note.mjs';
import { EMPTY_ROOT, inclusionProof, leafHash, nodeHash, rootOf } from '../verify/merkle.mjs';
import { canonical } from '../verify/json.mjs';
import { docidText } from '../verify/docid.mjs';
import { instantText } from '../verify/civil.mjs';
import { labelled, sha256 } from '../verify/hash.mjs';
import { tilePath, tileWidth } from '../verify/tiles.mjs';

hashes.sha512 = sha512;
const [folder, site, nowText, all] = process.argv.slice(2);
const now = Number(nowText ?? Math.floor(Date.now() / 1000));
const ISSUER = 'verify.example.org', OFFSET = 480, DAY = 86400;
const today = Math.floor((now + OFFSET * 60) / DAY);
const ZERO = new Uint8Array(1);

const keyOf = (name) => {
	const seed = sha256(utf8(`hufu page test ${name}`));
	return { seed, public: getPublicKey(seed), sign: (message) => sign(message, seed) };
};
const ROOTS = [1, 2].map((n) => ({ ...keyOf(`root ${n}`), name: `${ISSUER}/root-${n}` }));
const LOG = { ...keyOf('log'), name: `${ISSUER}/log` };
const WITNESS = { ...keyOf('witness'), name: 'witness.example.net' };
const ISSUING = keyOf('issuing'), STATUS = keyOf('status'), STOLEN = keyOf('stolen'), STRANGER = keyOf('stranger');
const kid = (key) => sha256(key.public).slice(0, 4);

const files = new Map();
const put = (path, content) => files.set(path, typeof content === 'string' ? utf8(content) : content);

const noteLine = (key, type, signature) => `— ${key.name} ${base64(concat(makeKey(type, key.name, key.public).hash, signature))}\n`;
const vkey = (key, type) => {
	const made = makeKey(type, key.name, key.public);
	return `${key.name}+${hex(made.hash)}+${base64(concat(Uint8Array.of(type), key.public))}`;
};

const POLICY = canonical({
	contact: 'verify@example.org',
	issuer: ISSUER,
	k: 2,
	log: { origin: LOG.name, vkey: vkey(LOG, ED25519) },
	names: { en: 'Model Institute of CPAs', zh: '示范注册会计师协会' },
	quorum: 1,
	roots: ROOTS.map((r) => vkey(r, ED25519)),
	schema: 'hufu.policy/1',
	site,
	utc_offset_min: OFFSET,
	witnesses: [vkey(WITNESS, COSIGNATURE)],
});

function listed(key, role, more) {
	const pop = key.sign(concat(utf8('hufu/1/pop'), ZERO, utf8(ISSUER), ZERO, key.public));
	const fixed = { first_idx: 0, from_idx: null, kid: hex(kid(key)), log: LOG.name, not_after: null, not_before: instantText(now - 900 * DAY) };
	return { ...fixed, pop: hex(pop), public: hex(key.public), role, state: 'active', types: [], ...more };
}

const KEYS_BODY = `${canonical({
	expires: instantText(now + 300 * DAY),
	issued: instantText(now - 30 * DAY),
	issuer: ISSUER,
	keys: [
		listed(ISSUING, 'issuing', { types: [1, 2, 3, 4] }),
		listed(STOLEN, 'issuing', { types: [1], state: 'compromised', from_idx: 5 }),
		listed(STATUS, 'status', {}),
		listed(LOG, 'log', {}),
	],
	logs: [],
	prev: null,
	quorum: 1,
	schema: 'hufu.keys/1',
	version: 1,
	witnesses: [],
})}\n`;
const KEYS = `${KEYS_BODY}\n${ROOTS.map((r) => noteLine(r, ED25519, r.sign(utf8(KEYS_BODY)))).join('')}`;

/** One of every kind; idx is the place in this list. */
const DOCUMENTS = [
	{ name: 'valid', type: 1, native: '吕绿', latin: null, memberNo: 990012340028n, admitted: 18321, expect: 'VALID' },
	{ name: 'letter', type: 3, native: '吕绿', latin: 'LYU Lyu', memberNo: 990012340028n, recipient: 'Northland Board of Accountancy', expires: today + 90, classCode: 1, expect: 'VALID' },
	{ name: 'superseded', type: 1, native: '单解仇', latin: 'SHAN Xieqiu', memberNo: 990000761952n, admitted: 14376, status: 3, expect: 'SUPERSEDED' },
	{ name: 'revoked', type: 1, native: '葛戊己', latin: null, memberNo: 990033070119n, admitted: 15205, status: 1, expect: 'REVOKED' },
	{ name: 'ended', type: 2, native: null, latin: 'Anne-Marie Siobhán O’Brien-Nguyễn', memberNo: 990118n, admitted: 17000, status: 12, expect: 'ENDED' },
	{ name: 'suspended', type: 1, native: '刘𫄧䶮', latin: null, memberNo: 990033070120n, admitted: 15205, status: 2, expect: 'SUSPENDED' },
	{ name: 'expired', type: 4, native: '欧阳明华', latin: 'OUYANG MINGHUA', memberNo: 'N9900006', recipient: null, issued: today - 400, expires: today - 30, classCode: 2, lookBack: 255, pending: 1, expect: 'EXPIRED' },
	{ name: 'not-yet', type: 1, native: '次仁卓玛', latin: null, memberNo: 990033070121n, admitted: 15205, issued: today + 3, expect: 'NOT-YET-VALID' },
	{ name: 'forged', type: 3, native: '吕绿', latin: 'LYU Lyu', memberNo: 990012340028n, recipient: 'Northland Board of Accountancy', expires: today + 1500, by: STRANGER, expect: 'FORGED' },
	{ name: 'compromised', type: 1, native: '伪造者', latin: null, memberNo: 990033070122n, admitted: 15205, by: STOLEN, expect: 'KEY-COMPROMISED' },
	{ name: 'unlogged', type: 1, native: '李𬱖', latin: null, memberNo: 990033070123n, admitted: 15205, unlogged: true, expect: 'NOT-IN-MANIFEST' },
	{ name: 'long', type: 2, native: '阿卜杜热合曼·麦麦提依明·吐尔逊', latin: 'ABDURAHMAN MEMETIMIN TURSUN', memberNo: 990033070124n, admitted: 20000, expect: 'VALID' },
];

if (all)
	for (const wording of [0, 1, 2, 3, 4, 5, 6, 7, 8, 255])
		for (const [classCode, lookBack, pending] of [[0, 0, 1], [1, 5, 0], [2, 255, 1], [3, 1, 0]])
			DOCUMENTS.push({
				...{ name: `w${wording}-${classCode}`, type: wording > 3 ? 4 : 3, native: null, latin: 'LYU Lyu', memberNo: 990012340028n, recipient: classCode ? 'Board' : null },
				...{ expires: today + 90, wording, classCode, lookBack, pending, expect: 'VALID' },
			});

function tokenOf(d, idx) {
	const docid = sha256(utf8(`document ${d.name}`)).slice(0, 10);
	const issued = d.issued ?? today - 1;
	const text = (s) => (s === null ? cbor.putNil() : cbor.putText(s));
	const ext =
		d.type >= 3
			? [cbor.putMap(3), cbor.putInt(1), text(d.recipient), cbor.putInt(2), cbor.putInt(Math.floor(now / 60) - 1440), cbor.putInt(3), cbor.putArray(4), ...[d.wording ?? 1, d.classCode ?? 1, d.lookBack ?? 5, d.pending ?? 0].map(cbor.putInt)]
			: [cbor.putMap(1), cbor.putInt(4), cbor.putInt(d.admitted)];
	const payload = concat(
		cbor.putArray(11), ...[1, d.type, idx].map(cbor.putInt), cbor.putBytes(docid),
		typeof d.memberNo === 'bigint' ? cbor.putInt(d.memberNo) : cbor.putText(d.memberNo),
		text(d.native), text(d.latin), cbor.putInt(issued), cbor.putInt(d.expires ?? 0), cbor.putBytes(sha256(utf8(d.name)).slice(0, 16)), ...ext,
	);
	const by = d.by ?? ISSUING;
	const header = concat(cbor.putMap(2), cbor.putInt(1), cbor.putInt(-8), cbor.putInt(4), cbor.putBytes(d.by === STRANGER ? kid(ISSUING) : kid(by)));
	const aad = concat(utf8('hufu/1/cert'), ZERO, utf8(ISSUER));
	const signature = by.sign(concat(cbor.putArray(4), cbor.putText('Signature1'), ...[header, aad, payload].map(cbor.putBytes)));
	return { docid, bytes: concat(cbor.putArray(4), cbor.putBytes(header), cbor.putMap(0), cbor.putBytes(payload), cbor.putBytes(signature)) };
}

const digitsOf = (bytes) => BigInt('0x' + hex(bytes)).toString();
const pdfOf = (d, token) =>
	utf8(`%PDF-1.7\n% ${d.name}\n<rdf:Description><hufu:token>${digitsOf(token)}</hufu:token></rdf:Description>\n${`% ${'filling '.repeat(20)}\n`.repeat(60)}%%EOF\n`);

const made = DOCUMENTS.map((d, idx) => {
	const { docid, bytes } = tokenOf(d, idx);
	return { ...d, idx, docid, token: bytes, digits: digitsOf(bytes), pdf: pdfOf(d, bytes) };
});

/** The tree of these entries, as merkle.mjs asks for it. */
const sourceOf = (entries) => async (level, index) => {
	const leaves = entries.slice(Number(index) << level, (Number(index) + 1) << level).map(leafHash);
	let row = leaves;
	while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i], row[2 * i + 1]));
	return row[0] ?? EMPTY_ROOT;
};

async function checkpointOf(entries) {
	const root = await rootOf(sourceOf(entries), BigInt(entries.length));
	const body = `${LOG.name}\n${entries.length}\n${base64(root)}\n`;
	const seen = now - 3600;
	const cosigned = concat(u64(seen), WITNESS.sign(concat(utf8(`cosignature/v1\ntime ${seen}\n`), utf8(body))));
	return { root, text: `${body}\n${noteLine(LOG, ED25519, LOG.sign(utf8(body)))}${noteLine(WITNESS, COSIGNATURE, cosigned)}` };
}

function statusOf(tree, root) {
	const list = new Uint8Array(16384);
	for (const d of made) list[d.idx >> 1] |= (d.status ?? 0) << ((d.idx & 1) * 4);
	const iat = now - 4 * 3600;
	const header = concat(cbor.putMap(3), cbor.putInt(1), cbor.putInt(-8), cbor.putInt(4), cbor.putBytes(kid(STATUS)), cbor.putInt(16), cbor.putText('application/statuslist+cwt'));
	const claims = concat(
		cbor.putMap(6), cbor.putInt(2), cbor.putText(`${site}/s/0`), cbor.putInt(4), cbor.putInt(iat + 48 * 3600), cbor.putInt(6), cbor.putInt(iat),
		cbor.putInt(65533), cbor.putMap(2), cbor.putText('lst'), cbor.putBytes(new Uint8Array(deflateSync(list, { level: 9 }))), cbor.putText('bits'), cbor.putInt(4),
		cbor.putInt(65534), cbor.putInt(3600), cbor.putInt(-70001), cbor.putArray(4), cbor.putInt(tree), cbor.putBytes(root), cbor.putInt(1), cbor.putBytes(sha256(utf8(KEYS))),
	);
	const signature = STATUS.sign(concat(cbor.putArray(4), cbor.putText('Signature1'), ...[header, new Uint8Array(), claims].map(cbor.putBytes)));
	const cwt = concat(Uint8Array.of(0xd2), cbor.putArray(4), cbor.putBytes(header), cbor.putMap(0), cbor.putBytes(claims), cbor.putBytes(signature));
	return { cwt, iat };
}

async function putLog(entries) {
	const size = BigInt(entries.length);
	for (const level of [0, 'entries']) {
		const width = tileWidth(level, 0n, size);
		const parts = entries.slice(0, width).map((e) => (level === 0 ? leafHash(e) : concat(Uint8Array.of(0, 65), e)));
		put(tilePath(level, 0n, width), concat(...parts));
	}
}

function putBuckets() {
	const buckets = new Map([['/d/0', []], ['/d/1', []]]);
	for (const d of made) {
		const digest = lookupDigest(d.docid), tag = lookupTag(digest);
		const plain = new Uint8Array(416);
		plain.set([d.token.length >> 8, d.token.length & 255]);
		plain.set(d.token, 2);
		const key = blake2b(d.docid, { dkLen: 32, personalization: concat(utf8('hufu/1/sealed'), new Uint8Array(3)) });
		buckets.get(bucketPath(digest, 1)).push(concat(tag, xchacha20poly1305(key, new Uint8Array(24), tag).encrypt(plain)));
	}
	for (const [path, entries] of buckets) put(path, concat(...entries.sort(order)));
	put('/d/info', '{"bits":1,"schema":"hufu.lookup/1"}');
}

put('/policy.json', POLICY);
put('/keys.note', KEYS);
const padding = (i) => concat(Uint8Array.of(1), labelled('padding', u64(i)), labelled('more', u64(i)));
const block = made.map((d) => (d.unlogged ? padding(d.idx) : documentEntry(cToken(d.token), cPdf(d.token, sha256(d.pdf)))));
const before = await checkpointOf(block);
const { cwt, iat } = statusOf(block.length, before.root);
const entries = [...block, statusEntry(sha256(cwt), 0n, iat)];
const after = await checkpointOf(entries);
put('/s/0', cwt);
const proof = await inclusionProof(sourceOf(entries), BigInt(entries.length), BigInt(entries.length - 1));
put('/s/0.tlog-proof', `c2sp.org/tlog-proof@v1\nindex ${entries.length - 1}\n${proof.map((h) => base64(h) + '\n').join('')}\n${after.text}`);
put('/checkpoint', after.text);
await putLog(entries);
putBuckets();

for (const [path, bytes] of files) {
	mkdirSync(dirname(`${folder}/site${path}`), { recursive: true });
	writeFileSync(`${folder}/site${path}`, bytes);
}
mkdirSync(`${folder}/files`, { recursive: true });
const expected = made.map((d) => ({ name: d.name, verdict: d.expect, word: `${site}/#${d.digits}`, docid: docidText(d.docid), file: `${d.name}.pdf` }));
for (const d of made) writeFileSync(`${folder}/files/${d.name}.pdf`, d.pdf);
const spoil = (name, bytes, verdict) => {
	writeFileSync(`${folder}/files/${name}.pdf`, bytes);
	expected.push({ name, verdict, word: null, docid: null, file: `${name}.pdf` });
};
spoil('added', concat(made[0].pdf, utf8('% more\n')), 'ALTERED');
spoil('changed', utf8(new TextDecoder().decode(made[1].pdf).replace('filling', 'FILLING')), 'ALTERED');
spoil('two', concat(made[0].pdf, utf8(`<hufu:token>${made[1].digits}</hufu:token>`)), 'MALFORMED');
spoil('none', utf8('%PDF-1.7\n%%EOF\n'), 'UNDECIDED');
spoil('broken', utf8(`%PDF-1.7\n<hufu:token>${made[0].digits.slice(0, -7)}</hufu:token>\n%%EOF\n`), 'MALFORMED');
writeFileSync(`${folder}/expected.json`, JSON.stringify(expected, null, 1));
