// SPDX-License-Identifier: Apache-2.0
import { concat, decimal, fromU64, same, unbase64, utf8 } from './bytes.mjs';
import { verify } from './ed25519.mjs';
import { EMPTY_ROOT, SIZE_MAX } from './merkle.mjs';
import { COSIGNATURE, isName, names, readNote, signers } from './note.mjs';
import { Refusal, need } from './refusal.mjs';

// C2SP tlog-checkpoint with cosignature/v1 lines.
export const CHECKPOINT_MAX = 64 * 1024;
const BODY_MAX = 400;
const TIME_MAX = 2n ** 63n - 1n;

const form = (/** @type {string} */ why) => new Refusal('CHECKPOINT-FORM', `checkpoint: ${why}`);

function readBody(/** @type {string} */ body) {
	const m = /^([^\n]*)\n([^\n]*)\n([^\n]*)\n$/.exec(body);
	if (m === null || utf8(body).length > BODY_MAX) throw form('not three lines: origin, size, root');
	const size = decimal(m[2], SIZE_MAX);
	const root = unbase64(m[3]);
	if (size === null) throw form('the size is not a decimal number without leading zeros');
	if (root?.length !== 32) throw form('the root is not base64 of 32 bytes');
	if (!isName(m[1])) throw form('the origin is not 1 to 200 printable ASCII characters');
	if (size === 0n && !same(root, EMPTY_ROOT)) throw form('the root of nothing is SHA-256 of nothing');
	return { origin: m[1], size, root };
}

/** The time a witness states, when its line holds. */
async function cosignatureTime(signature, key, body) {
	const wrong = new Refusal('CHECKPOINT-SIGNATURE', `the signature of ${key.name} does not verify`);
	if (key.type !== COSIGNATURE || signature.bytes.length !== 72) throw wrong;
	const time = fromU64(signature.bytes);
	if (time > TIME_MAX) throw wrong;
	const message = concat(utf8(`cosignature/v1\ntime ${time}\n`), utf8(body));
	if (!(await verify(key.public, message, signature.bytes.subarray(8)))) throw wrong;
	return Number(time);
}

/** The message names no witness, so a key under two names, or the log's own, is not one more. */
async function countWitnesses(note, log, witnesses) {
	const who = [];
	let newest = 0;
	for (const signature of note.signatures)
		for (const key of witnesses) {
			if (!names(signature, key)) continue;
			newest = Math.max(newest, await cosignatureTime(signature, key, note.body));
			if (!same(key.public, log.public) && !who.some((k) => same(k.public, key.public))) who.push(key);
		}
	return { who, newest };
}

/** A fault of the note's is one of the checkpoint's. */
async function as(code, read) {
	try {
		return await read();
	} catch (fault) {
		throw fault instanceof Refusal ? new Refusal(code, fault.message) : fault;
	}
}

/**
 * @param {Uint8Array} bytes hostile
 * @param {import('./note.mjs').NoteKey} log
 * @param {import('./note.mjs').NoteKey[]} witnesses
 * @returns {Promise<{origin: string, size: bigint, root: Uint8Array, who: import('./note.mjs').NoteKey[], newest: number}>}
 */
export async function readCheckpoint(bytes, log, witnesses) {
	if (bytes.length > CHECKPOINT_MAX) throw form('too long');
	const note = await as('CHECKPOINT-FORM', () => readNote(bytes));
	const signed = await as('CHECKPOINT-SIGNATURE', () => signers(note, [log]));
	need(signed.size > 0, 'CHECKPOINT-SIGNATURE', `not signed by ${log.name}`);
	const body = readBody(note.body);
	if (body.origin !== log.name) throw form('of another log');
	return { ...body, ...(await countWitnesses(note, log, witnesses)) };
}
