// SPDX-License-Identifier: Apache-2.0
import { concat, same, text, unbase64, unhex, utf8 } from './bytes.mjs';
import { isPublicKey, verify } from './ed25519.mjs';
import { sha256 } from './hash.mjs';
import { Refusal, need } from './refusal.mjs';

// Signed notes and verifier keys (C2SP signed-note, tlog-cosignature).
export const ED25519 = 1, COSIGNATURE = 4;
export const NOTE_MAX = 1 << 20;
const VKEY_MAX = 280, SIGNATURES_MAX = 64, SIGNATURE_BYTES = 4096;

/**
 * @typedef {object} NoteKey
 * @property {number} type
 * @property {string} name
 * @property {Uint8Array} public
 * @property {Uint8Array} hash 4 bytes
 *
 * @typedef {object} Note
 * @property {string} body the text that is signed, with its last newline
 * @property {{name: string, hash: Uint8Array, bytes: Uint8Array}[]} signatures
 */

/** 1 to 200 printable ASCII characters but + " \ : what a key, and so a log, may be called. */
export const isName = (/** @type {string} */ name) => /^[!#-*,-[\]-~]{1,200}$/.test(name);

/** @returns {NoteKey} */
export function makeKey(/** @type {number} */ type, /** @type {string} */ name, /** @type {Uint8Array} */ key) {
	need(isName(name), 'NOTE-NAME', 'a key name is 1 to 200 printable ASCII characters but + " and \\');
	const hash = sha256(concat(utf8(name + '\n'), Uint8Array.of(type), key)).slice(0, 4);
	return { type, name, public: key, hash };
}

/**
 * A vkey: name+8 hex digits+base64.
 * @param {string} vkey
 * @param {number} type ED25519 or COSIGNATURE
 */
export function readKey(vkey, type) {
	const m = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(vkey);
	const hash = m && unhex(m[2], 4);
	const bytes = m && unbase64(m[3]);
	need(
		utf8(vkey).length <= VKEY_MAX && hash && bytes?.length === 33,
		'NOTE-KEY',
		'expected name+8 hex digits+base64 of an Ed25519 verifier key',
	);
	need(bytes[0] === type, 'NOTE-KEY', type === ED25519 ? 'not an Ed25519 verifier key (type 0x01)' : "not a witness's verifier key (type 0x04)");
	need(
		isPublicKey(bytes.subarray(1)),
		'KEY-WEAK',
		'is not an Ed25519 public key: not on the curve, not canonical or of low order',
	);
	const key = makeKey(type, m[1], bytes.subarray(1));
	need(same(key.hash, hash), 'NOTE-KEY', "the key's hash does not belong to name and key");
	return key;
}

const form = (/** @type {string} */ why) => new Refusal('NOTE-FORM', `signed note: ${why}`);

function readSignature(/** @type {string} */ line) {
	if (!line.startsWith('— ')) throw form('a signature line must start with an em dash and a blank');
	const space = line.indexOf(' ', 2);
	const name = line.slice(2, space);
	const encoded = line.slice(space + 1);
	if (space < 0 || !isName(name) || encoded.length > 2 * SIGNATURE_BYTES) throw form('a signature line is not "— name base64"');
	const bytes = unbase64(encoded);
	if (bytes === null || bytes.length <= 4) throw form('a signature is not base64 of a key hash and a signature');
	return { name, hash: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
}

/**
 * Take a note apart; nothing is verified.
 * @param {Uint8Array} bytes hostile
 * @returns {Note}
 */
export function readNote(bytes) {
	if (bytes.length > NOTE_MAX) throw form('too long');
	const whole = text(bytes);
	if (whole === null || /[\u0000-\u0009\u000b-\u001f\u007f]/.test(whole)) throw form('not UTF-8, or a control character');
	const split = whole.lastIndexOf('\n\n');
	if (split < 0 || !whole.endsWith('\n') || split + 2 === whole.length) throw form('no signatures behind a blank line');
	const lines = whole.slice(split + 2, -1).split('\n');
	if (lines.length > SIGNATURES_MAX) throw form('too many signatures');
	return { body: whole.slice(0, split + 1), signatures: lines.map(readSignature) };
}

export const names = (/** @type {{name: string, hash: Uint8Array}} */ signature, /** @type {NoteKey} */ key) =>
	signature.name === key.name && same(signature.hash, key.hash);

/**
 * Which of the keys signed the note.  A line of a known key that does not verify refuses the note; lines of strangers are
 * passed over.
 * @param {Note} note
 * @param {NoteKey[]} keys of type ED25519
 * @returns {Promise<Set<NoteKey>>}
 */
export async function signers(note, keys) {
	const good = new Set();
	for (const signature of note.signatures)
		for (const key of keys) {
			if (!names(signature, key)) continue;
			const holds = key.type === ED25519 && (await verify(key.public, utf8(note.body), signature.bytes));
			need(holds, 'NOTE-SIGNATURE', `the signature of ${key.name} does not verify`);
			good.add(key);
		}
	return good;
}
