// SPDX-License-Identifier: Apache-2.0
import { hex } from './bytes.mjs';
import { dayText, instantText } from './civil.mjs';
import { docidText } from './docid.mjs';
import { isLetter } from './token.mjs';
import { typeCode } from './words.mjs';

// What programs read: the same members and columns as `hufu verify --json` and `--csv`.
const COLUMNS = [
	'target', 'verdict', 'reason', 'authenticity', 'status', 'freshness', 'transparency', 'file', 'type', 'docid', 'member_no', 'name_native',
	'name_latin', 'admitted', 'issued', 'expires', 'recipient', 'as_at', 'as_of', 'list_iat',
];
const EVIDENCE = ['checked_at', 'policy', 'file_sha256', 'tree_size', 'tree_root', 'list_iat', 'list_exp', 'keys_version', 'program'];

const instant = (/** @type {number | null} */ unix) => (unix === null ? null : instantText(unix));

function signedFields(/** @type {import('./token.mjs').Payload} */ p) {
	const letter = isLetter(p.type);
	return {
		type: typeCode(p.type),
		docid: docidText(p.docid),
		member_no: p.memberNo,
		name_native: p.native,
		name_latin: p.latin,
		admitted: p.admitted === null ? null : dayText(p.admitted),
		issued: dayText(p.issued),
		expires: p.expires === 0 ? null : dayText(p.expires),
		recipient: p.recipient,
		as_at: p.asAt === null ? null : instantText(p.asAt * 60),
		wording: letter ? p.wording : null,
		class: letter ? p.classCode : null,
		look_back: letter ? p.lookBack : null,
		pending: letter ? p.pending !== 0 : null,
	};
}

const treeOf = (tree) => ({ from: tree.from, size: Number(tree.size), root: hex(tree.root) });

function treesOf(ev) {
	if (ev.logFault === 'none') return [];
	return ev.logFault === 'tiles' ? [treeOf(ev.shown)] : [treeOf(ev.shown), treeOf(ev.known)];
}

/** One object of `hufu verify --json`. */
export function reportOf(/** @type {string} */ target, /** @type {any} */ ev, /** @type {import('./verdict.mjs').Verdict} */ v) {
	const said = ev.token === null ? null : signedFields(ev.token.payload);
	return {
		target,
		verdict: v.code,
		authenticity: v.authenticity,
		status: v.status,
		freshness: v.freshness,
		transparency: v.transparency,
		file: v.file,
		signed: v.verified ? said : null,
		claimed: v.verified ? null : said,
		reason: v.reason || null,
		original_length: v.file === 'added-to' ? ev.originalLength : null,
		fingerprint: ev.policy === null ? ev.offered : null,
		checked: v.checked,
		not_checked: v.notChecked,
		lowered: v.lowered,
		as_of: instantText(v.asOf),
		list_iat: instant(ev.listIat),
		quorum: ev.policy !== null && v.verified ? ev.quorum : null,
		witnesses: v.transparency === 'included' ? ev.witnesses : null,
		roots_changed: ev.rootsChanged > 0,
		trees: treesOf(ev),
	};
}

/** What an answer rests on, to be kept with it. */
export function groundsOf(/** @type {any} */ ev, /** @type {Uint8Array | null} */ fileHash, /** @type {number} */ now, /** @type {string} */ program) {
	return {
		checked_at: instantText(now),
		policy: ev.policy?.fingerprint ?? null,
		file_sha256: fileHash ? hex(fileHash) : null,
		tree_size: ev.tree ? Number(ev.tree.size) : null,
		tree_root: ev.tree ? hex(ev.tree.root) : null,
		list_iat: instant(ev.listIat),
		list_exp: instant(ev.listExp),
		keys_version: ev.keyList?.version ?? null,
		program,
	};
}

/** A field of a spreadsheet: quoted when it must be, never a formula. */
function field(/** @type {any} */ value) {
	const s = value === null || value === undefined ? '' : String(value);
	const safe = /^[=+\-@\t\r]/.test(s) ? `'${s}` : s;
	return /[",\r\n]/.test(s) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A table (RFC 4180); names and numbers only where the signature holds. */
export function csvOf(/** @type {{report: any, grounds: any}[]} */ rows) {
	const grounds = EVIDENCE.filter((name) => name !== 'list_iat');
	const line = (/** @type {any[]} */ cells) => cells.map(field).join(',') + '\r\n';
	return [
		line([...COLUMNS, ...grounds]),
		...rows.map(({ report: r, grounds: g }) => line([...COLUMNS.map((c) => (c in r ? r[c] : r.signed?.[c])), ...grounds.map((c) => g[c])])),
	].join('');
}
