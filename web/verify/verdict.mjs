// SPDX-License-Identifier: Apache-2.0
import { same } from './bytes.mjs';
import { dayAt } from './civil.mjs';
import { docidRead } from './docid.mjs';

// The decision, from evidence alone (docs/FORMAT.md, "The verdict").
const GRACE_DAYS = 1; // clocks and zones differ by a day at most

/** In the order of precedence: the first that applies is the answer. */
export const VERDICTS = [
	'NOT-FOUND', 'MALFORMED', 'NOT-OURS', 'UNKNOWN-KEY', 'FORGED', 'KEY-NOT-ALLOWED', 'KEY-COMPROMISED', 'INCONSISTENT-LOG', 'REVOKED',
	'SUPERSEDED', 'SUSPENDED', 'ENDED', 'NOT-IN-MANIFEST', 'ALTERED', 'EXPIRED', 'NOT-YET-VALID', 'NOT-FOR-YOU', 'STALE', 'PENDING',
	'UNDECIDED', 'VALID',
];

/**
 * @typedef {object} Verdict
 * @property {string} code one of VERDICTS
 * @property {string} reason finer than the code: picks the sentence; '' for none
 * @property {string} authenticity
 * @property {string} status
 * @property {string} freshness
 * @property {string} transparency
 * @property {string} file
 * @property {boolean} lowered VALID only because no-log was allowed
 * @property {boolean} verified the signature holds: the token's fields are the issuer's words
 * @property {string[]} checked
 * @property {string[]} notChecked
 * @property {number} asOf
 * @property {import('./keylist.mjs').Key | null} key
 */

function transparencyOf(ev) {
	if (ev.logFault !== 'none') return 'inconsistent';
	switch (ev.leaf) {
		case 'included':
			return ev.logGap === 'none' ? 'included' : 'not-checked';
		case 'other':
			return 'not-in-manifest';
		case 'beyond':
			return ev.canonical ? 'not-in-manifest' : 'pending';
	}
	return 'not-checked';
}

function judgeKey(ev, key) {
	const p = ev.token.payload;
	const day = (/** @type {number} */ unix) => dayAt(unix, ev.policy.offsetMin);
	if (key.role !== 'issuing' || !key.types.includes(p.type) || key.state === 'planned' || p.idx < BigInt(key.firstIdx)) return 'key-not-allowed';
	if (p.issued < day(key.notBefore) || (key.notAfter !== null && p.issued > day(key.notAfter))) return 'key-not-allowed';
	if (key.state !== 'compromised') return 'genuine';
	if (p.idx >= BigInt(key.fromIdx)) return 'key-compromised';
	/* Below the cut only a log that others watched can tell that the token is from before. */
	return transparencyOf(ev) === 'included' && ev.quorum > 0 && ev.witnesses >= ev.quorum ? 'genuine' : 'needs-log';
}

function authenticityOf(ev) {
	switch (ev.code) {
		case 'token':
			break;
		case 'not-ours':
			return 'not-ours';
		case 'malformed':
		case 'two':
			return 'malformed';
		default:
			return 'not-checked';
	}
	if (ev.policy === null) return 'not-checked';
	if (ev.keyState === 'absent' || ev.keyState === 'bad') return 'unknown-key';
	if (ev.key !== null) return judgeKey(ev, ev.key);
	return ev.keyState === 'fresh' ? 'forged' : 'unknown-key';
}

const covers = (ev) => ev.listIat !== null && ev.listIat <= ev.at && ev.at < ev.listExp;

/** The list's word, unless all it says is "good" and the token's own dates say otherwise. */
function statusOf(ev) {
	const p = ev.token.payload;
	const today = dayAt(ev.at ?? ev.now, ev.policy.offsetMin);
	const listed = ev.status === 'revoked' || ev.at === null || covers(ev) ? ev.status : 'not-checked';
	if (listed !== 'not-checked' && listed !== 'good') return listed;
	if (p.expires !== 0 && today > p.expires) return 'expired';
	if (p.issued > today + GRACE_DAYS) return 'not-yet-valid';
	return listed;
}

function freshnessOf(ev) {
	if (ev.keyState === 'stale') return 'stale';
	if (ev.freshness === 'not-checked') return 'not-checked';
	if (ev.at !== null) return covers(ev) ? ev.freshness : 'not-checked';
	if (ev.statusAge !== 'in-time' || ev.listIat === null || ev.now >= ev.listExp) return 'stale';
	return ev.freshness;
}

/** What the reader wanted to see: recipient, memberNo, native, latin as written, docid as typed, type as a number. */
function isExpected(want, p) {
	const id = want.docid ? docidRead(want.docid) : null;
	return (
		(!want.type || want.type === p.type) &&
		['recipient', 'memberNo', 'native', 'latin'].every((f) => want[f] === undefined || want[f] === p[f]) &&
		(!want.docid || (id !== null && same(id, p.docid)))
	);
}

function undecidedReason(ev, v) {
	if (ev.code === 'none') return 'no-code';
	if ((ev.code === 'token' || ev.code === 'no-lookup') && ev.policy === null) return 'unknown-issuer';
	if (ev.code === 'no-lookup') return 'no-lookup';
	if (ev.code === 'two-open') return 'two-codes-open';
	if (v.authenticity === 'needs-log') return 'needs-log';
	if (ev.at !== null && !covers(ev)) return 'no-list-at';
	if ([v.file, v.status, v.freshness].includes('not-checked')) return 'not-checked';
	if (v.transparency !== 'not-checked' || ev.allowNoLog) return '';
	return ev.logGap === 'witnesses' ? 'not-witnessed' : 'not-checked';
}

/** Which answers apply. */
const applies = (ev, v) => ({
	'NOT-FOUND': ev.code === 'not-found',
	'MALFORMED': v.authenticity === 'malformed',
	'NOT-OURS': v.authenticity === 'not-ours',
	'UNKNOWN-KEY': v.authenticity === 'unknown-key',
	'FORGED': v.authenticity === 'forged',
	'KEY-NOT-ALLOWED': v.authenticity === 'key-not-allowed',
	'KEY-COMPROMISED': v.authenticity === 'key-compromised',
	'INCONSISTENT-LOG': v.transparency === 'inconsistent',
	'REVOKED': v.status === 'revoked',
	'SUPERSEDED': v.status === 'superseded',
	'SUSPENDED': v.status === 'suspended',
	'ENDED': v.status === 'ended',
	'NOT-IN-MANIFEST': v.transparency === 'not-in-manifest',
	'ALTERED': v.file === 'added-to' || v.file === 'other',
	'EXPIRED': v.status === 'expired',
	'NOT-YET-VALID': v.status === 'not-yet-valid',
	'NOT-FOR-YOU': v.verified && !isExpected(ev.expect, ev.token.payload),
	'STALE': v.freshness === 'stale',
	'PENDING': v.transparency === 'pending',
	'UNDECIDED': undecidedReason(ev, v) !== '',
	'VALID': true,
});

function staleReason(ev) {
	if (ev.keyState === 'absent') return 'no-key-list';
	if (ev.keyState === 'bad') return 'bad-key-list';
	if (ev.keyState === 'stale')
		return { 'older-than-status': 'older-key-list', 'older-than-seen': 'key-list-rolled-back' }[ev.keyAge] ?? 'stale-key-list';
	return { 'older-than-seen': 'status-rolled-back', 'ahead-of-log': 'old-checkpoint' }[ev.statusAge] ?? '';
}

function reasonOf(ev, v) {
	switch (v.code) {
		case 'MALFORMED':
			return ev.code === 'two' ? 'two-codes' : '';
		case 'UNKNOWN-KEY':
		case 'STALE':
			return staleReason(ev);
		case 'ALTERED':
			return v.file === 'added-to' ? 'added-to' : 'other-file';
		case 'INCONSISTENT-LOG':
			return `log-${ev.logFault}`;
		case 'UNDECIDED':
			return undecidedReason(ev, v);
	}
	return '';
}

/** What was looked at, and what not. */
function sortItems(ev, v) {
	const item = (/** @type {string} */ what, /** @type {boolean} */ checked) => (checked ? v.checked : v.notChecked).push(what);
	const looked = v.transparency !== 'not-checked';
	if (ev.code !== 'token') return;
	item('signature', v.authenticity !== 'not-checked' && v.authenticity !== 'unknown-key');
	item('key-list', ev.keyState === 'fresh' || ev.keyState === 'stale');
	item('dates', v.verified);
	if (v.file !== 'none') item('file', v.file !== 'not-checked');
	item('status', v.status !== 'not-checked' && ev.status !== 'not-checked');
	item('freshness', v.freshness !== 'not-checked');
	item('transparency', looked && v.transparency !== 'pending');
	if (looked) {
		item('consistency', ev.consistent);
		item('witnesses', ev.quorum > 0 && ev.witnesses >= ev.quorum);
	}
	if (v.verified && ev.status !== 'not-checked') item('status-entry', ev.statusLogged);
	if (Object.keys(ev.expect).length > 0) item('expected', v.verified);
	item('photo-sex-association-seal', false);
}

/** @returns {Verdict} */
export function verdictOf(/** @type {import('./gather.mjs').Evidence} */ ev) {
	const authenticity = authenticityOf(ev);
	const verified = ['genuine', 'needs-log', 'key-not-allowed', 'key-compromised'].includes(authenticity);
	const axes = verified
		? { status: statusOf(ev), freshness: freshnessOf(ev), transparency: transparencyOf(ev), file: ev.file }
		: { status: 'not-checked', freshness: 'not-checked', transparency: 'not-checked', file: ev.file === 'none' ? 'none' : 'not-checked' };
	const v = { code: '', reason: '', authenticity, ...axes, lowered: false, verified, checked: [], notChecked: [], asOf: ev.at ?? ev.now, key: ev.key };
	const which = applies(ev, v);
	v.code = /** @type {string} */ (VERDICTS.find((code) => which[code]));
	v.reason = reasonOf(ev, v);
	v.lowered = v.code === 'VALID' && v.transparency === 'not-checked';
	sortItems(ev, v);
	return v;
}

/** 0 VALID; 3 what could not be told; 1 the rest. */
export function exitOf(/** @type {string} */ code) {
	if (code === 'VALID') return 0;
	return ['UNKNOWN-KEY', 'STALE', 'PENDING', 'UNDECIDED'].includes(code) ? 3 : 1;
}
