// SPDX-License-Identifier: Apache-2.0
import * as cbor from './cbor.mjs';
import { concat, same } from './bytes.mjs';
import { verify } from './ed25519.mjs';
import { inflate } from './inflate.mjs';
import { Refusal, need } from './refusal.mjs';
import { keysOf } from './keylist.mjs';

// A shard of the status list: a Status List Token in CWT form (docs/FORMAT.md, "Status list").
export const SHARD_MAX = 32 * 1024;
export const SHARD_BITS = 15n;
const ENTRIES = 32768, LIFE_S = 72 * 3600;
const TAG_SIGN1 = 0xd2;
const TYP = 'application/statuslist+cwt';
const NUMBER_MAX = 2n ** 53n - 1n;
const VALUES = new Set([0, 1, 2, 3, 12]);

/**
 * @typedef {object} Shard
 * @property {string} sub
 * @property {number} iat
 * @property {number} exp
 * @property {number} ttl
 * @property {bigint} treeSize the log before this shard's own entry
 * @property {Uint8Array} treeRoot
 * @property {number} keysVersion
 * @property {Uint8Array} keysHash
 * @property {Uint8Array} list
 */

export const shardPath = (/** @type {bigint} */ n) => `/s/${n}`;
export const shardProofPath = (/** @type {bigint} */ n) => `/s/${n}.tlog-proof`;
export const shardHistoryPath = (/** @type {bigint} */ n, /** @type {number} */ iat) => `/s/${n}.at/${iat}`;

/** Entry i, the low half of byte i/2 for even i. */
export const valueAt = (/** @type {Uint8Array} */ list, /** @type {number} */ i) => (list[i >> 1] >> ((i & 1) * 4)) & 15;

const bad = (/** @type {string} */ why) => new Refusal('STATUS-FORM', why);

/** Give a fault of CBOR our code. */
function at(/** @type {string} */ where, /** @type {() => any} */ read) {
	try {
		return read();
	} catch (fault) {
		throw fault instanceof Refusal ? bad(`${where}: ${fault.message}`) : fault;
	}
}

function label(/** @type {cbor.Reader} */ c, /** @type {bigint} */ n) {
	if (c.int() !== n) throw bad(`expected claim ${n}`);
}

function textIs(/** @type {cbor.Reader} */ c, /** @type {string} */ s) {
	if (c.text() !== s) throw bad(`expected '${s}' at its place`);
}

function mapOf(/** @type {cbor.Reader} */ c, /** @type {number} */ n) {
	if (c.map() !== n) throw bad(`expected a map of ${n}`);
}

function number(/** @type {cbor.Reader} */ c, /** @type {bigint} */ claim) {
	label(c, claim);
	return Number(c.uint(NUMBER_MAX));
}

function hash(/** @type {cbor.Reader} */ c) {
	const b = c.byteString();
	if (b.length !== 32) throw bad('a hash is not 32 bytes');
	return b;
}

function readHeader(/** @type {Uint8Array} */ bytes) {
	const c = new cbor.Reader(bytes);
	mapOf(c, 3);
	label(c, 1n);
	const alg = c.int();
	label(c, 4n);
	const kid = c.byteString();
	label(c, 16n);
	textIs(c, TYP);
	c.end();
	if (alg !== -8n && alg !== -19n) throw bad(`algorithm ${alg} is not Ed25519`);
	if (kid.length !== 4) throw bad('the key id is not 4 bytes');
	return { alg, kid };
}

function readClaims(/** @type {Uint8Array} */ bytes) {
	const c = new cbor.Reader(bytes);
	mapOf(c, 6);
	label(c, 2n);
	const sub = c.text();
	const exp = number(c, 4n), iat = number(c, 6n);
	label(c, 65533n);
	mapOf(c, 2);
	textIs(c, 'lst');
	const lst = c.byteString();
	textIs(c, 'bits');
	if (c.uint(2n ** 64n) !== 4n) throw bad('not a list of 4 bits');
	const ttl = number(c, 65534n);
	label(c, -70001n);
	c.array(4);
	const treeSize = c.uint(NUMBER_MAX), treeRoot = hash(c);
	const keysVersion = Number(c.uint(NUMBER_MAX)), keysHash = hash(c);
	c.end();
	return { sub, exp, iat, ttl, lst, treeSize, treeRoot, keysVersion, keysHash };
}

const writeHeader = ({ alg, kid }) =>
	concat(cbor.putMap(3), cbor.putInt(1), cbor.putInt(alg), cbor.putInt(4), cbor.putBytes(kid), cbor.putInt(16), cbor.putText(TYP));

const writeClaims = (w) =>
	concat(
		cbor.putMap(6),
		...[cbor.putInt(2), cbor.putText(w.sub), cbor.putInt(4), cbor.putInt(w.exp), cbor.putInt(6), cbor.putInt(w.iat)],
		...[cbor.putInt(65533), cbor.putMap(2), cbor.putText('lst'), cbor.putBytes(w.lst), cbor.putText('bits'), cbor.putInt(4)],
		...[cbor.putInt(65534), cbor.putInt(w.ttl), cbor.putInt(-70001), cbor.putArray(4), cbor.putInt(w.treeSize)],
		...[cbor.putBytes(w.treeRoot), cbor.putInt(w.keysVersion), cbor.putBytes(w.keysHash)],
	);

function readCwt(/** @type {Uint8Array} */ bytes) {
	if (bytes.length > SHARD_MAX) throw bad(`${bytes.length} bytes; at most ${SHARD_MAX}`);
	if (bytes[0] !== TAG_SIGN1) throw bad('not a tagged COSE_Sign1');
	const c = new cbor.Reader(bytes, 1);
	return at('COSE_Sign1', () => {
		c.array(4);
		const header = c.byteString();
		if (c.map() !== 0) throw bad('the unprotected header is not empty');
		const claims = c.byteString(), signature = c.byteString();
		c.end();
		if (signature.length !== 64) throw bad('the signature is not 64 bytes');
		return { header, claims, signature };
	});
}

/** Status keys are revoked at once: a compromised one vouches for nothing, whenever it signed. */
function checkKey(/** @type {import('./keylist.mjs').Key} */ key, /** @type {number} */ iat) {
	need(key.state !== 'planned', 'STATUS-KEY', 'signed by a key that is not yet in use');
	need(key.state !== 'compromised', 'STATUS-KEY', 'signed by a compromised key');
	need(key.state !== 'retired' || key.notAfter !== null, 'STATUS-KEY', 'signed by a key retired at no time');
	const inUse = key.notBefore <= iat && (key.notAfter === null || iat < key.notAfter);
	need(inUse, 'STATUS-KEY', 'signed when its key was not in use');
}

async function checkSignature(cwt, kid, iat, keys) {
	const signed = concat(cbor.putArray(4), cbor.putText('Signature1'), cbor.putBytes(cwt.header), cbor.putBytes(new Uint8Array()), cbor.putBytes(cwt.claims));
	const tried = keysOf(keys, kid).filter((k) => k.role === 'status');
	need(tried.length > 0, 'STATUS-KEY', 'signed by no status key of the key list');
	for (const key of tried) if (await verify(key.public, signed, cwt.signature)) return checkKey(key, iat);
	throw new Refusal('STATUS-SIGNATURE', 'the signature is not of these bytes');
}

function checkShard(/** @type {Shard} */ s) {
	if (s.exp <= s.iat || s.exp - s.iat > LIFE_S) throw bad('a list is good for 1 second to 72 hours');
	if (s.ttl < 1 || s.ttl > LIFE_S) throw bad('ttl is not 1 second to 72 hours');
	if (s.keysVersion < 1) throw bad('a tree size or key list version is out of range');
	for (let i = 0; i < ENTRIES; i++) if (!VALUES.has(valueAt(s.list, i))) throw bad(`entry ${i} has the value ${valueAt(s.list, i)}`);
}

/**
 * Shard n of this issuer.  Freshness is the caller's: now < exp.
 * @param {Uint8Array} bytes hostile
 * @param {bigint} n
 * @param {string} site of the policy
 * @param {import('./keylist.mjs').KeyList} keys
 * @returns {Promise<Shard>}
 */
export async function readShard(bytes, n, site, keys) {
	const cwt = readCwt(bytes);
	const header = at('protected header', () => readHeader(cwt.header));
	const claims = at('claims', () => readClaims(cwt.claims));
	const again = concat(
		Uint8Array.of(TAG_SIGN1),
		cbor.putArray(4),
		cbor.putBytes(writeHeader(header)),
		cbor.putMap(0),
		cbor.putBytes(writeClaims(claims)),
		cbor.putBytes(cwt.signature),
	);
	if (!same(again, bytes)) throw bad('does not re-encode to the same bytes');
	await checkSignature(cwt, header.kid, claims.iat, keys);
	need(claims.sub === site + shardPath(n), 'STATUS-OTHER', `this is the list '${claims.sub}', not ${shardPath(n)}`);
	const list = inflate(claims.lst, ENTRIES / 2);
	if (list === null) throw bad(`the list does not inflate to ${ENTRIES / 2} bytes`);
	const shard = { ...claims, list };
	checkShard(shard);
	return shard;
}
