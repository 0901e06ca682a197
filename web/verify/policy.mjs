// SPDX-License-Identifier: Apache-2.0
import { base32, same, text, utf8 } from './bytes.mjs';
import { sha256 } from './hash.mjs';
import { canonical, isInteger, members, readJson } from './json.mjs';
import { COSIGNATURE, ED25519, readKey, readNote, signers } from './note.mjs';
import { Refusal, need } from './refusal.mjs';

// The trust policy (docs/FORMAT.md, "Keys and trust").
const LIMITS = { bytes: 64 * 1024, depth: 4, values: 256 };
const SITE_MAX = 48, KEYS_MAX = 16, OFFSET_MAX = 840;
const MEMBERS = ['contact', 'issuer', 'k', 'log', 'names', 'quorum', 'roots', 'schema', 'site', 'utc_offset_min', 'witnesses'];

/**
 * @typedef {object} Policy
 * @property {string} issuer
 * @property {string} contact
 * @property {{en: string, zh: string}} names
 * @property {string} site
 * @property {import('./note.mjs').NoteKey[]} roots
 * @property {number} k
 * @property {import('./note.mjs').NoteKey} log
 * @property {import('./note.mjs').NoteKey[]} witnesses
 * @property {number} quorum
 * @property {number} offsetMin minutes ahead of UTC
 * @property {string} canonical what is hashed and signed
 * @property {string} fingerprint
 */

const bad = (/** @type {string} */ field, /** @type {string} */ why) => new Refusal('POLICY-FORM', why, `/${field}`);

const isText = (/** @type {any} */ v, /** @type {number} */ max) => typeof v === 'string' && v !== '' && utf8(v).length <= max;
const isLine = (/** @type {any} */ v) => isText(v, 200) && !/[\u0000-\u001f\u007f-\u009f]/.test(v);
export const isDomain = (/** @type {any} */ v) => typeof v === 'string' && /^[a-z0-9.-]{1,100}$/.test(v);

function isSite(/** @type {any} */ v) {
	return isText(v, SITE_MAX) && /^https?:\/\/[!$&-;=?-[\]-~]*$/.test(v) && !/[?#%]/.test(v) && !v.endsWith('/');
}

function readKeys(/** @type {any} */ list, /** @type {string} */ field, /** @type {number} */ type) {
	if (!Array.isArray(list) || list.length > KEYS_MAX) throw bad(field, 'expected at most 16 verifier keys');
	return list.map((vkey) => {
		if (!isText(vkey, 300)) throw bad(field, 'expected a verifier key');
		return readKey(vkey, type);
	});
}

function check(/** @type {Policy} */ p) {
	if (!isDomain(p.issuer)) throw bad('issuer', 'expected a domain in lower case, [a-z0-9.-]{1,100}');
	if (!isLine(p.names.zh) || !isLine(p.names.en)) throw bad('names', 'expected zh and en, one line of 1 to 200 bytes each');
	if (!isSite(p.site)) throw bad('site', 'expected http(s)://host, at most 48 bytes, no slash at its end');
	if (!isLine(p.contact)) throw bad('contact', 'expected one line of 1 to 200 bytes');
	if (p.roots.length < 1) throw bad('roots', 'expected 1 to 16 root keys');
	if (p.roots.some((root, i) => root.name !== `${p.issuer}/root-${i + 1}`))
		throw bad('roots', 'expected the names <issuer>/root-1, -2, … in order');
	if (!isInteger(p.k, 1, p.roots.length)) throw bad('k', 'expected 1 to the number of roots');
	if (!isInteger(p.quorum, 0, p.witnesses.length)) throw bad('quorum', 'expected at most the number of witnesses (16)');
	if (!isInteger(p.offsetMin, -OFFSET_MAX, OFFSET_MAX)) throw bad('utc_offset_min', 'expected -840 to 840');
	const keys = [...p.roots, ...p.witnesses, p.log];
	if (keys.some((a, i) => keys.slice(0, i).some((b) => same(a.public, b.public))))
		throw bad('roots', 'one key stands for two roles');
}

/**
 * @param {Uint8Array} bytes hostile; the JSON may be spelled in any way
 * @returns {Policy}
 */
export function readPolicy(bytes) {
	const json = text(bytes);
	need(json !== null && bytes.length <= LIMITS.bytes, 'POLICY-FORM', 'not UTF-8, or too long');
	const root = readJson(json, LIMITS);
	need(root?.schema === 'hufu.policy/1', 'JSON-SCHEMA', 'expected "hufu.policy/1"', '/schema');
	members(root, MEMBERS, 'POLICY-FORM');
	members(root.names, ['en', 'zh'], 'POLICY-FORM');
	members(root.log, ['origin', 'vkey'], 'POLICY-FORM');
	if (!isText(root.log.vkey, 300)) throw bad('log', 'expected a verifier key');
	const p = {
		issuer: root.issuer,
		contact: root.contact,
		names: { en: root.names.en, zh: root.names.zh },
		site: root.site,
		roots: readKeys(root.roots, 'roots', ED25519),
		k: root.k,
		log: readKey(root.log.vkey, ED25519),
		witnesses: readKeys(root.witnesses, 'witnesses', COSIGNATURE),
		quorum: root.quorum,
		offsetMin: root.utc_offset_min,
		canonical: canonical(root),
		fingerprint: '',
	};
	if (p.log.name !== root.log.origin) throw bad('log', "the key's name is not the log's origin");
	check(p);
	p.fingerprint = base32(sha256(utf8(p.canonical)).slice(0, 20));
	return p;
}

export const successorPath = (/** @type {Policy} */ p) => `/policy/${p.fingerprint}.note`;

/**
 * The policy that follows, from the note published for whoever holds the old one.
 * @param {Uint8Array} bytes hostile
 * @param {Policy} old
 * @returns {Promise<Policy>}
 */
export async function followPolicy(bytes, old) {
	const note = readNote(bytes);
	const quorumOf = async (/** @type {Policy} */ p, /** @type {string} */ which) => {
		const n = (await signers(note, p.roots)).size;
		need(n >= p.k, 'POLICY-ROOT', `signed by ${n} roots of the ${which} policy; ${p.k} needed`);
	};
	await quorumOf(old, 'pinned');
	const next = readPolicy(utf8(note.body));
	await quorumOf(next, 'new');
	need(old.issuer === next.issuer, 'POLICY-CHANGE', "the new policy is another issuer's");
	need(next.quorum >= old.quorum, 'POLICY-CHANGE', `the new policy wants ${next.quorum} witnesses, the pinned one ${old.quorum}`);
	need(next.fingerprint !== old.fingerprint, 'POLICY-CHANGE', 'the new policy is the pinned one');
	need(`${next.canonical}\n` === note.body, 'POLICY-FORM', 'not one line of canonical JSON');
	return next;
}
