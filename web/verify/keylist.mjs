// SPDX-License-Identifier: Apache-2.0
import { concat, hex, same, unhex, utf8 } from './bytes.mjs';
import { addMonths, instantRead } from './civil.mjs';
import { isPublicKey, verify } from './ed25519.mjs';
import { sha256 } from './hash.mjs';
import { canonical, isInteger, members, readJson } from './json.mjs';
import { COSIGNATURE, ED25519, isName, makeKey, readKey, readNote, signers } from './note.mjs';
import { isDomain } from './policy.mjs';
import { Refusal, need } from './refusal.mjs';

// The key list (docs/FORMAT.md, "The key list").
const LIMITS = { bytes: 1 << 20, depth: 4, values: 16384 };
const KEYS_MAX = 256, LOGS_MAX = 16, WITNESSES_MAX = 16, TYPES_MAX = 16;
const LIFE_MONTHS = 13;
const STATES = ['planned', 'active', 'retired', 'compromised'];
const MEMBERS = ['expires', 'issued', 'issuer', 'keys', 'logs', 'prev', 'quorum', 'schema', 'version', 'witnesses'];
const KEY = ['first_idx', 'from_idx', 'kid', 'log', 'not_after', 'not_before', 'pop', 'public', 'role', 'state', 'types'];

/**
 * @typedef {object} Key
 * @property {Uint8Array} kid 4 bytes
 * @property {string} role issuing, status, log or manifest
 * @property {number[]} types
 * @property {Uint8Array} public
 * @property {string} state planned, active, retired or compromised
 * @property {number} firstIdx
 * @property {number | null} fromIdx
 * @property {number} notBefore
 * @property {number | null} notAfter
 * @property {string} log
 * @property {Uint8Array} pop
 *
 * @typedef {object} KeyList
 * @property {string} issuer
 * @property {number} version
 * @property {number} issued
 * @property {number} expires
 * @property {Uint8Array | null} prev
 * @property {Key[]} keys
 * @property {{origin: string, root: Uint8Array, size: bigint}[]} logs frozen ones
 * @property {import('./note.mjs').NoteKey[]} witnesses
 * @property {number} quorum
 * @property {Uint8Array} sha256 of the whole note
 */

const bad = (/** @type {string} */ why, pointer = '') => new Refusal('KEYLIST-FORM', why, pointer);

function bytesOf(/** @type {any} */ digits, /** @type {number} */ n) {
	const bytes = typeof digits === 'string' ? unhex(digits, n) : null;
	if (bytes === null) throw bad('expected lower-case hexadecimal');
	return bytes;
}

function instant(/** @type {any} */ text) {
	const unix = instantRead(text);
	if (unix === null) throw bad('expected an instant like 2026-11-20T02:00:00Z');
	return unix;
}

function index(/** @type {any} */ v) {
	if (!isInteger(v, 0)) throw bad('expected a position');
	return v;
}

const orNull = (/** @type {any} */ v, /** @type {(v: any) => any} */ read) => (v === null ? null : read(v));

/** @returns {Key} */
function readListed(/** @type {any} */ o) {
	members(o, KEY, 'KEYLIST-FORM');
	if (!['issuing', 'status', 'log', 'manifest'].includes(o.role) || !STATES.includes(o.state)) throw bad('unknown role or state');
	if (!Array.isArray(o.types) || o.types.length > TYPES_MAX || !o.types.every((t) => isInteger(t, 1, 255)))
		throw bad('expected document types from 1 to 255');
	if (typeof o.log !== 'string' || !isName(o.log)) throw bad('expected the origin of a log');
	const key = bytesOf(o.public, 32);
	need(isPublicKey(key), 'KEY-WEAK', 'is not an Ed25519 public key: not on the curve, not canonical or of low order');
	return {
		kid: bytesOf(o.kid, 4),
		role: o.role,
		types: o.types,
		public: key,
		state: o.state,
		firstIdx: index(o.first_idx),
		fromIdx: orNull(o.from_idx, index),
		notBefore: instant(o.not_before),
		notAfter: orNull(o.not_after, instant),
		log: o.log,
		pop: bytesOf(o.pop, 64),
	};
}

async function checkKey(/** @type {Key} */ key, /** @type {string} */ issuer) {
	if ((key.role === 'issuing') !== key.types.length > 0) throw bad('document types belong to issuing keys, 1 to 16 of them');
	if (key.types.some((t, i) => i > 0 && t <= key.types[i - 1])) throw bad('document types are not ascending from 1 to 255');
	if (!same(sha256(key.public).slice(0, 4), key.kid)) throw bad("kid is not the key's");
	if ((key.fromIdx !== null) !== (key.state === 'compromised')) throw bad('from_idx belongs to compromised keys, and to each of them');
	if (key.fromIdx !== null && key.fromIdx > 0 && ['status', 'log'].includes(key.role))
		throw bad('status and log keys are revoked at once: from_idx is 0');
	if (key.notAfter !== null && key.notAfter < key.notBefore) throw bad('not_after lies before not_before');
	if (key.state === 'retired' && key.notAfter === null) throw bad('a retired key says until when it signed');
	const zero = new Uint8Array(1);
	const pop = concat(utf8('hufu/1/pop'), zero, utf8(issuer), zero, key.public);
	if (!(await verify(key.public, pop, key.pop))) throw bad('the proof of possession does not verify');
}

const among = (/** @type {{public: Uint8Array}[]} */ keys, /** @type {Uint8Array} */ key) => keys.some((k) => same(k.public, key));

/** One key, one role: a signature made in one must never do in another. */
async function checkKeys(/** @type {KeyList} */ list, /** @type {import('./policy.mjs').Policy} */ policy) {
	if (list.keys.length < 1) throw bad('expected 1 to 256 keys');
	for (const [i, key] of list.keys.entries()) {
		await checkKey(key, list.issuer);
		if (among(policy.roots, key.public)) throw bad('a root key has no other role');
		if (among(policy.witnesses, key.public) || among(list.witnesses, key.public)) throw bad("a witness's key has no other role");
		if (key.role !== 'log' && same(policy.log.public, key.public)) throw bad("the log's key has no other role");
		if (among(list.keys.slice(0, i), key.public)) throw bad('this key stands there twice');
	}
}

function checkWitnesses(/** @type {KeyList} */ list, /** @type {import('./policy.mjs').Policy} */ policy) {
	for (const [i, w] of list.witnesses.entries()) {
		if (among(list.witnesses.slice(0, i), w.public) || among(policy.witnesses, w.public)) throw bad('this witness stands there twice');
		if (among(policy.roots, w.public) || same(policy.log.public, w.public)) throw bad("a witness's key has no other role");
	}
	if (list.quorum < policy.quorum) throw bad("the quorum is below the policy's");
	if (list.quorum > policy.witnesses.length + list.witnesses.length) throw bad('the quorum is more than there are witnesses');
}

export const frozenLog = (/** @type {KeyList} */ list, /** @type {string} */ origin) => list.logs.find((l) => l.origin === origin);
const activeLogKey = (/** @type {KeyList} */ list) => list.keys.find((k) => k.role === 'log' && k.state === 'active');

/** Every key belongs to a frozen log or to the one that goes on, and that one has one key that signs. */
function checkLogs(/** @type {KeyList} */ list, /** @type {import('./policy.mjs').Policy} */ policy) {
	for (const [i, log] of list.logs.entries()) {
		if (log.size === 0n && !same(log.root, sha256(new Uint8Array()))) throw bad('this is not the root of an empty log');
		if (i > 0 && log.size < list.logs[i - 1].size) throw bad('a log is not shorter than the one it continues');
		if (frozenLog(list, log.origin) !== log) throw bad('this log stands there twice');
	}
	const active = activeLogKey(list);
	const origin = active?.log ?? policy.log.name;
	for (const key of list.keys) {
		if (key.role === 'log' && key.state === 'active' && (key !== active || frozenLog(list, key.log)))
			throw bad('one log goes on, and one key signs it');
		if (key.role !== 'log' && key.log !== origin && !frozenLog(list, key.log))
			throw bad('this log is neither frozen nor the one that goes on');
	}
}

function readLog(/** @type {any} */ o) {
	members(o, ['origin', 'root', 'size'], 'KEYLIST-FORM');
	if (typeof o.origin !== 'string' || o.origin === '' || utf8(o.origin).length > 200) throw bad('expected the origin of a log');
	return { origin: o.origin, root: bytesOf(o.root, 32), size: BigInt(index(o.size)) };
}

function readWitness(/** @type {any} */ vkey) {
	if (typeof vkey !== 'string' || vkey.length > 300) throw bad('expected a verifier key of a witness');
	return readKey(vkey, COSIGNATURE);
}

function listOf(/** @type {any} */ v, /** @type {number} */ max, /** @type {string} */ what) {
	if (!Array.isArray(v) || v.length > max) throw bad(`expected at most ${max} ${what}`);
	return v;
}

/** @returns {KeyList} */
function readBody(/** @type {string} */ body) {
	const root = readJson(body, LIMITS);
	need(root?.schema === 'hufu.keys/1', 'JSON-SCHEMA', 'expected "hufu.keys/1"', '/schema');
	members(root, MEMBERS, 'KEYLIST-FORM');
	if (!isDomain(root.issuer)) throw bad('expected an issuer');
	if (`${canonical(root)}\n` !== body) throw bad('not one line of canonical JSON');
	return {
		issuer: root.issuer,
		version: index(root.version),
		issued: instant(root.issued),
		expires: instant(root.expires),
		prev: orNull(root.prev, (v) => bytesOf(v, 32)),
		keys: listOf(root.keys, KEYS_MAX, 'keys').map(readListed),
		logs: listOf(root.logs, LOGS_MAX, 'frozen logs').map(readLog),
		witnesses: listOf(root.witnesses, WITNESSES_MAX, 'witnesses').map(readWitness),
		quorum: index(root.quorum),
		sha256: new Uint8Array(),
	};
}

/**
 * @param {Uint8Array} bytes of keys.note; hostile
 * @param {import('./policy.mjs').Policy} policy
 */
export async function readKeyList(bytes, policy) {
	const note = readNote(bytes);
	const n = (await signers(note, policy.roots)).size;
	need(n >= policy.k, 'KEYLIST-ROOT', `signed by ${n} of the pinned roots; ${policy.k} needed`);
	const list = readBody(note.body);
	if (list.issuer !== policy.issuer) throw bad("the key list is another issuer's");
	if (list.version < 1 || (list.prev !== null) !== list.version > 1)
		throw bad('versions count from 1, and each but the first names its predecessor');
	if (list.expires <= list.issued || list.expires > addMonths(list.issued, LIFE_MONTHS))
		throw bad('expires is not within 13 months of issued');
	checkWitnesses(list, policy);
	await checkKeys(list, policy);
	checkLogs(list, policy);
	list.sha256 = sha256(bytes);
	return list;
}

/** All keys with this id: kid is a hint, the whole key decides. */
export const keysOf = (/** @type {KeyList} */ list, /** @type {Uint8Array} */ kid) => list.keys.filter((k) => same(k.kid, kid));

/**
 * Who may sign checkpoints: of the log that goes on its active key, then its retired ones; without any log key in the list
 * the policy's.
 */
export function logKeys(/** @type {KeyList} */ list, /** @type {import('./policy.mjs').Policy} */ policy) {
	const active = activeLogKey(list);
	if (!list.keys.some((k) => k.role === 'log')) return [policy.log];
	if (!active) return [];
	const old = list.keys.filter((k) => k.role === 'log' && k.state === 'retired' && k.log === active.log);
	return [active, ...old].map((k) => makeKey(ED25519, k.log, k.public));
}

/**
 * Does the list stand where one of this version and hash was seen?
 * @param {number} version 0: none was
 * @param {Uint8Array} hash
 * @param {KeyList} list
 */
export function checkRemembered(version, hash, list) {
	need(list.version >= version, 'KEYLIST-ROLLBACK', `version ${list.version} of the key list, after version ${version} was seen`);
	need(list.version !== version || same(hash, list.sha256), 'KEYLIST-FORK', `two different key lists are signed as version ${version}`);
	const follows = version === 0 || list.version !== version + 1 || (list.prev !== null && same(list.prev, hash));
	need(follows, 'KEYLIST-FORK', `version ${list.version} of the key list follows another version ${version} than the one seen`);
}

const changed = (/** @type {string} */ why) => new Refusal('KEYLIST-CHANGE', why);

function checkFate(/** @type {Key} */ old, /** @type {Key} */ now, /** @type {KeyList} */ list) {
	const planned = old.state === 'planned';
	if (old.role !== now.role || String(old.types) !== String(now.types)) throw changed("a key's role and document types are for life");
	if (!planned && (old.firstIdx !== now.firstIdx || old.notBefore !== now.notBefore))
		throw changed('where and when a key began to sign does not change');
	if (old.log !== now.log && !planned && (old.role === 'log' || !frozenLog(list, old.log)))
		throw changed('a key leaves its log only when that is frozen');
	if (STATES.indexOf(now.state) < STATES.indexOf(old.state))
		throw changed("a key's state moves forward only: planned, active, retired, compromised");
	if (old.fromIdx !== null && (now.fromIdx ?? 0) > old.fromIdx) throw changed('from_idx is lowered, never raised');
	if (old.notAfter !== null && (now.notAfter === null || now.notAfter > old.notAfter)) throw changed("the end of a key's use is not put off");
}

/** What whoever holds the earlier list itself checks besides. */
export function checkFollows(/** @type {KeyList} */ old, /** @type {KeyList} */ list) {
	if (old.issuer !== list.issuer) throw changed("the key list is another issuer's");
	checkRemembered(old.version, old.sha256, list);
	if (list.issued < old.issued) throw changed('a later list is not issued earlier');
	for (const key of old.keys) {
		const now = list.keys.find((k) => same(k.public, key.public));
		if (!now) throw changed('no key is taken from the list');
		checkFate(key, now, list);
	}
	if (list.logs.length < old.logs.length) throw changed('a frozen log stays in the list');
	for (const [i, log] of old.logs.entries()) {
		const now = list.logs[i];
		if (now.origin !== log.origin || now.size !== log.size || hex(now.root) !== hex(log.root)) throw changed('a frozen log stays as it is');
	}
}
