// SPDX-License-Identifier: Apache-2.0
import { hex } from '../verify/bytes.mjs';
import { isLetter } from '../verify/token.mjs';
import { clause, fields, gapWords, groundsOf, headline, itemWords, minuteWords, reportOf, sentence, titleWords, witnessWords } from '../verify/index.mjs';

export const PROGRAM = 'hufu page 1.0.0';

/** How an answer looks: colour, outline, what is asked of the reader. */
const KINDS = {
	'VALID': 'valid',
	'SUPERSEDED': 'replaced',
	'REVOKED': 'revoked',
	'FORGED': 'bad', 'KEY-NOT-ALLOWED': 'bad', 'KEY-COMPROMISED': 'bad', 'INCONSISTENT-LOG': 'bad', 'NOT-IN-MANIFEST': 'bad', 'ALTERED': 'bad',
	'ENDED': 'ended', 'EXPIRED': 'ended', 'SUSPENDED': 'ended', 'NOT-FOR-YOU': 'ended',
	'STALE': 'wait', 'PENDING': 'wait', 'UNDECIDED': 'wait', 'UNKNOWN-KEY': 'wait', 'NOT-YET-VALID': 'wait',
	'NOT-FOUND': 'unread', 'MALFORMED': 'unread', 'NOT-OURS': 'unread',
};

const first = (/** @type {string} */ s) => s.charAt(0).toUpperCase() + s.slice(1);
const both = (/** @type {(lang: 'en' | 'zh') => any} */ make) => ({ en: make('en'), zh: make('zh') });

/** Signed, or said to be, by a key that does not count or in a register that does not hold: nothing to compare with a page. */
const UNRELIABLE = new Set(['KEY-NOT-ALLOWED', 'KEY-COMPROMISED', 'NOT-IN-MANIFEST', 'INCONSISTENT-LOG']);

/** Words of ours begin like a line of its own; what is signed stands as it is. */
const OURS = new Set(['type', 'wording', 'class']);
const fieldsOf = (ev, lang) => fields(ev, lang).map((f) => (OURS.has(f.name) ? { ...f, value: first(f.value) } : f));

/** A letter's is never a bare "valid". */
function titleOf(ev, v, letter, lang) {
	if (v.code === 'VALID' && letter) return lang === 'zh' ? '属实' : 'Genuine';
	const title = titleWords(v.code, lang);
	return lang === 'zh' ? title : first(title.toLowerCase());
}

/** What asking again does not change. */
const SETTLED = new Set(['no-code', 'needs-log', 'two-codes-open', 'no-list-at']);

/** One or two sentences under the title. */
function saysOf(ev, v, letter, lang) {
	let why = clause(ev, v, lang);
	if (v.code === 'VALID' && letter) why = headline(ev, v, lang).replace(/^(GENUINE — |属实——)/, '');
	const said = first(why) + (lang === 'zh' ? '。' : '. ');
	if (v.reason === 'no-code') return said + (lang === 'zh' ? '请拍摄页面上的二维码，或输入其下方的核验码。' : 'Photograph the code on the page, or type the code under it.');
	return (said + sentence(ev, v, lang, true)).trim();
}

function ageOf(/** @type {number} */ seconds) {
	const hours = Math.floor(seconds / 3600);
	if (hours < 1) return { en: 'less than an hour old', zh: '不足 1 小时' };
	if (hours < 72) return { en: hours === 1 ? '1 hour old' : `${hours} hours old`, zh: `${hours} 小时前` };
	return { en: `${Math.floor(hours / 24)} days old`, zh: `${Math.floor(hours / 24)} 天前` };
}

/** A line of "How we know": mark y, n or w, words en and zh. */
const line = (mark, en, zh) => ({ mark, en, zh });

function signatureLine(ev, v) {
	if (v.authenticity === 'genuine' || v.authenticity === 'needs-log') return line('y', `Signature holds · key ${hex(ev.key.kid)}`, `签名有效 · 密钥 ${hex(ev.key.kid)}`);
	if (v.authenticity === 'key-not-allowed' || v.authenticity === 'key-compromised')
		return line('n', `Signed with a key that does not count · ${hex(ev.key.kid)}`, `签名所用密钥不予认可 · ${hex(ev.key.kid)}`);
	if (v.authenticity === 'forged') return line('n', 'Signature matches no key of the issuer', '签名与签发机构的任何密钥均不符');
	if (v.authenticity === 'malformed') return line('n', 'The code is not one that can be signed', '此码不是可签名的核验码');
	return line('w', 'Signature not checked', '签名未核验');
}

function statusLine(ev, v) {
	const at = both((lang) => (ev.listIat === null ? '' : minuteWords(ev.listIat, ev.policy.offsetMin, lang)));
	if (!v.verified) return line('w', 'Status not looked up', '未查询状态');
	if (ev.listIat === null) return line('w', 'Status list could not be had', '未能取得状态表');
	const age = ageOf(Math.max(0, ev.now - ev.listIat));
	if (v.freshness === 'stale' && ev.now >= ev.listExp) {
		const limit = both((lang) => minuteWords(ev.listExp, ev.policy.offsetMin, lang));
		return line('w', `Status list of ${at.en}; it ran out at ${limit.en}`, `状态表 ${at.zh}，已于${limit.zh}到期`);
	}
	const mark = v.status === 'good' ? 'y' : v.status === 'revoked' ? 'n' : 'w';
	return line(mark, `Status list of ${at.en}, ${age.en}`, `状态表 ${at.zh}，${age.zh}`);
}

function logLine(ev, v) {
	const size = ev.tree ? String(ev.tree.size) : '';
	const who = both((lang) => witnessWords(ev, lang));
	switch (v.transparency) {
		case 'included':
			return line('y', `In the public register of ${size} entries · ${who.en}`, `已载入公开签发簿（共 ${size} 项）· ${who.zh}`);
		case 'pending':
			return line('w', 'Not yet in the copy of the public register at hand', '手头的公开签发簿尚未收录');
		case 'not-in-manifest':
			return line('n', 'Not in the public register', '未见于公开签发簿');
		case 'inconsistent':
			return line('n', 'The public register contradicts itself', '公开签发簿自相矛盾');
	}
	const why = both((lang) => (v.verified ? gapWords(ev.logGap, lang) : ''));
	return line('w', `Public register not checked. ${why.en}`.trim(), `未核对公开签发簿。${why.zh}`);
}

function fileLine(ev, v, kind) {
	if (v.file === 'original') return line('y', 'The file is the one that was issued, byte for byte', '文件与签发时逐字节一致');
	if (v.file === 'added-to') return line('n', 'The file goes on behind the original', '原文件之后另有内容');
	if (v.file === 'other') return line('n', 'The file is not the one that was issued', '文件不是当初签发的文件');
	if (v.file === 'not-checked') return line('w', 'The file could not be compared', '未能比对文件');
	return ev.token === null || kind === 'bad' ? null : line('w', 'The code was checked, not the page: compare every line', '仅核验了码，未核验页面：请逐项核对');
}

/** What the answer rests on, for the page; plain data, both languages. */
function linesOf(ev, v, kind, now, offline) {
	const offset = ev.policy?.offsetMin ?? 0;
	const at = both((lang) => minuteWords(now, offset, lang));
	const out = [line('y', `Checked at ${at.en}`, `核验时间 ${at.zh}`)];
	if (ev.token !== null) out.push(signatureLine(ev, v), statusLine(ev, v), logLine(ev, v), fileLine(ev, v, kind));
	if (offline) out.push(line('w', 'The site could not be reached: from copies on this device', '未能访问网站：依据本机保存的副本'));
	if (ev.rootsChanged > 0) out.push(line('w', "The issuer's root keys have changed, signed by the old ones", '签发机构已更换根密钥，并由原根密钥签名确认'));
	return out.filter((l) => l !== null);
}

/** Names and values behind "details". */
function detailsOf(ev, v, grounds) {
	const items = (/** @type {string[]} */ list) => both((lang) => list.map((i) => itemWords(i, lang)).join(lang === 'zh' ? '；' : '; '));
	const rows = [
		{ label: { en: 'Checked', zh: '已核验' }, value: items(v.checked) },
		{ label: { en: 'Not checked', zh: '未核验' }, value: items(v.notChecked) },
	];
	const plain = (en, zh, value) => value !== null && value !== '' && rows.push({ label: { en, zh }, value: { en: String(value), zh: String(value) } });
	plain('Answer', '结论代码', [v.code, v.reason, v.authenticity, v.status, v.freshness, v.transparency, v.file].filter(Boolean).join(' · '));
	plain('Policy fingerprint', '信任指纹', grounds.policy);
	plain('Key list', '密钥表版本', grounds.keys_version);
	plain('Register', '公开签发簿', ev.tree ? `${grounds.tree_size} · ${grounds.tree_root}` : null);
	plain('Contradicted by', '与其矛盾者', ev.logFault !== 'none' && ev.known ? `${ev.known.from} · ${ev.known.size} · ${hex(ev.known.root)}` : null);
	plain('SHA-256 of the file', '文件 SHA-256', grounds.file_sha256);
	plain('Fault', '缺陷', ev.fault?.message ?? null);
	return rows.filter((r) => r.value.en !== '');
}

/**
 * Everything the page shows of one answer, as data that can be sent to it.
 * @param {string} name of the file, '' for a code
 */
export function viewOf(name, ev, v, { fileHash, now, offline, trouble }) {
	const letter = ev.token !== null && isLetter(ev.token.payload.type);
	const grounds = groundsOf(ev, fileHash, now, PROGRAM);
	const report = reportOf(name, ev, v);
	const kind = KINDS[v.code];
	const details = detailsOf(ev, v, grounds);
	if (trouble && v.code !== 'VALID') details.push({ label: { en: 'Trouble', zh: '故障' }, value: { en: trouble, zh: trouble } });
	return {
		name,
		code: v.code,
		kind,
		again: kind === 'wait' && !SETTLED.has(v.reason),
		letter,
		claims: !v.verified || UNRELIABLE.has(v.code),
		title: both((lang) => titleOf(ev, v, letter, lang)),
		says: both((lang) => saysOf(ev, v, letter, lang)),
		headline: both((lang) => headline(ev, v, lang)),
		fields: both((lang) => fieldsOf(ev, lang)),
		lines: linesOf(ev, v, kind, now, offline),
		uncovered: both((lang) => first(itemWords('photo-sex-association-seal', lang))),
		details,
		docid: (report.signed ?? report.claimed)?.docid ?? '',
		originalLength: v.file === 'added-to' ? ev.originalLength : 0,
		offline,
		report,
		grounds,
	};
}
