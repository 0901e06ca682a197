// SPDX-License-Identifier: Apache-2.0
import { hex } from './bytes.mjs';
import { civil, dayAt } from './civil.mjs';
import { docidText } from './docid.mjs';
import { isLetter } from './token.mjs';

// The words of every verdict, as the C program has them.  A text is a pair: English, Chinese.
/** @typedef {'en' | 'zh'} Lang */
const pick = (/** @type {[string, string]} */ text, /** @type {Lang} */ lang) => text[lang === 'zh' ? 1 : 0];

/** Title, what it means in a clause, what to do. */
export const ANSWERS = {
	'NOT-FOUND': [['NOT FOUND', '查无此码'], ['the issuer knows no such code', '签发机构没有此核验码'],
		['Type the code again, exactly as it stands on the page.', '请按页面所印逐字重新输入。']],
	'MALFORMED': [['NOT A READABLE CODE', '核验码无法识读'], ['the code is damaged or made by nobody who can issue', '核验码已损坏或并非正式签发'],
		['Scan it again from the original document.', '请用原件重新扫码。']],
	'NOT-OURS': [['NOT A VERIFICATION CODE', '不是核验码'], ['the code carries no signed document', '此码不含签名信息'],
		['Scan the code that stands beside the words "scan to verify".', '请扫描“扫码核验”字样旁的码。']],
	'UNKNOWN-KEY': [['UNKNOWN KEY', '签名密钥未知'], ['the key list of the issuer could not tell', '签发机构的密钥表无法确认'],
		["Nothing is said against the document; check again when the issuer's site can be reached.", '并非指文件不实；请在可以访问签发机构网站时重新核验。']],
	'FORGED': [['FORGED', '伪造'], ['signed by no key of this issuer', '并非由签发机构的任何密钥签名'],
		['Do not rely on this document; tell the issuer.', '请勿采信，并告知签发机构。']],
	'KEY-NOT-ALLOWED': [['KEY NOT ALLOWED', '签名密钥无权签发'], ['the key that signed may not sign such a document', '签名所用密钥无权签发此类文件'],
		['Do not rely on this document; tell the issuer.', '请勿采信，并告知签发机构。']],
	'KEY-COMPROMISED': [['KEY COMPROMISED', '签名密钥已失密'], ['signed with a key after it was stolen or lost', '签名所用密钥在签名时已失密'],
		['Do not rely on this document; ask the issuer for a new one.', '请勿采信，并向签发机构申请换发。']],
	'INCONSISTENT-LOG': [['INCONSISTENT REGISTER', '公开签发簿不一致'], ['what is published contradicts itself', '公布的签发簿自相矛盾'],
		['Do not rely on this answer; tell the issuer.', '请勿依赖此结果，并告知签发机构。']],
	'REVOKED': [['REVOKED', '此文件已作废'], ['this document has been withdrawn', '此文件已被撤回'], ['Ask the issuer.', '请向签发机构查询。']],
	'SUPERSEDED': [['SUPERSEDED', '已换发'], ['a newer document has replaced this one; by itself no fault of the holder', '此文件已由新文件替换，其本身并非持有人过错'],
		['Ask the holder for the newer one.', '请向持有人索取新文件。']],
	'SUSPENDED': [['SUSPENDED', '已暂停'], ['this document is not to be relied on for the time being', '此文件暂停使用'], ['Ask the issuer.', '请向签发机构查询。']],
	'ENDED': [['NO LONGER CURRENT', '已失效'], ['the register has changed since; ask the Institute', '登记事项其后已变更，请向协会查询'], ['', '']],
	'NOT-IN-MANIFEST': [['NOT IN THE PUBLIC REGISTER', '未见于公开签发簿'],
		["signed with the issuer's key, yet not among the documents it published", '签名属实，但不在签发机构公布的文件之列'],
		['Do not rely on this document; tell the issuer.', '请勿采信，并告知签发机构。']],
	'ALTERED': [['ALTERED', '文件已改动'], ['not the file that was issued: changed, re-saved or printed again', '不是当初签发的文件：已被改动、另存或重新打印'],
		['The code is genuine; compare every field with the page, or ask for the original file.', '核验码属实；请逐项与页面核对，或索取原文件。']],
	'EXPIRED': [['EXPIRED', '已过期'], ['genuine, and past its last day', '文件属实，但已过有效期'], ['Ask the holder for a current one.', '请向持有人索取有效文件。']],
	'NOT-YET-VALID': [['NOT YET VALID', '尚未生效'], ['issued for a day still to come', '签发日期尚未到来'], ['Check the clock of this device.', '请检查本机时钟。']],
	'NOT-FOR-YOU': [['NOT WHAT WAS EXPECTED', '与预期不符'], ['genuine, but it names someone or something else than expected', '文件属实，但所载与预期不符'],
		['Compare the fields.', '请核对各项。']],
	'STALE': [['STALE', '状态过时'], ["genuine; today's status could not be fetched", '文件属实；未能取得今日状态'],
		["Check again when the issuer's site can be reached.", '请在可以访问签发机构网站时重新核验。']],
	'PENDING': [['PENDING', '待公布'], ['genuine; not yet in the copy of the public register at hand', '文件属实；手头的签发簿副本尚未收录'],
		["Check again against the issuer's own site.", '请对照签发机构网站重新核验。']],
	'UNDECIDED': [['UNDECIDED', '未能判定'], ['not everything could be checked', '未能完成全部核验'], ['', '']],
	'VALID': [['VALID', '有效'], ['genuine and current', '文件属实，现行有效'], ['Compare the fields with the page.', '请将各项与页面核对。']],
};

/** A reason takes the place of the answer's clause. */
const REASONS = {
	'no-code': ['no code could be read', '未读到核验码'],
	'no-lookup': ["a typed code can only be looked up on the issuer's site; scan the code instead", '手工输入的核验码须在签发机构网站查询；请改为扫码'],
	'two-codes': ['two codes: the document carries two different codes', '两个核验码：文件含有两个不同的码'],
	'two-codes-open': ["two codes, and the public register that tells which is the file's own could not be had", '文件含有两个不同的码；未能取得公开签发簿以判定何者为其本身的码'],
	'unknown-issuer': ['unknown issuer: no trust policy is pinned', '签发机构未知：尚未信任其政策文件'],
	'no-key-list': ["the issuer's key list could not be had", '未能取得签发机构的密钥表'],
	'bad-key-list': ['the published key list is not signed by the pinned root keys', '公布的密钥表并非由所信任的根密钥签名'],
	'stale-key-list': ['only an expired key list could be had', '只取得已过期的密钥表'],
	'older-key-list': ['the issuer has another, newer key list than the one at hand', '签发机构另有更新的密钥表，手头的已过时'],
	'key-list-rolled-back': ['a newer key list was seen before; this one is not accepted', '先前已见过更新的密钥表，不接受此旧表'],
	'status-rolled-back': ['genuine; a newer status list was seen before', '文件属实；先前已见过更新的状态表'],
	'old-checkpoint': ['genuine; the copy of the register at hand is older than the status list', '文件属实；手头的签发簿副本早于状态表'],
	'not-witnessed': ['genuine; the register at hand is not confirmed by enough witnesses', '文件属实；手头的签发簿尚未经足够的见证方确认'],
	'needs-log': ['the key was stolen later; only a witnessed log could show that this is from before', '签名密钥后来失密；须由经见证的签发簿证明此文件签发在先'],
	'no-list-at': ['genuine; no status list of that time is at hand', '文件属实；没有所问时点的状态表'],
	'added-to': ['added to: the file begins with the original and goes on', '被追加：原文件之后另有内容'],
	'other-file': ['not the file that was issued: changed, re-saved or printed again', '不是当初签发的文件：已被改动、另存或重新打印'],
	'log-fork': ['two registers of one size, and not the same', '两份大小相同而内容不同的签发簿'],
	'log-shrunk': ['the register shown is smaller than one already shown', '所示签发簿小于先前所示'],
	'log-rewritten': ['the register shown does not continue the one shown before', '所示签发簿并非先前签发簿的延续'],
	'log-tiles': ['the published register is not the one that was signed', '公布的签发簿与其签名不符'],
};

const ITEMS = {
	'signature': ['signature of the code', '核验码签名'],
	'key-list': ["issuer's key list", '签发机构密钥表'],
	'file': ['the file is the one issued', '文件与签发时一致'],
	'dates': ['dates of the document', '文件日期'],
	'status': ['status (withdrawn, replaced, suspended, ended)', '状态（作废、换发、暂停、失效）'],
	'freshness': ["that the status is today's", '状态是否为今日'],
	'transparency': ['inclusion in the public log', '公开签发簿收录证明'],
	'consistency': ['that the log continues every earlier one at hand', '公开签发簿延续手头所有先前的签发簿'],
	'witnesses': ['confirmation of the log by witnesses', '见证方对签发簿的确认'],
	'status-entry': ["the status list's own entry in the log", '状态表本身在签发簿中的记载'],
	'expected': ['what was expected', '与预期是否相符'],
	'photo-sex-association-seal': ['not covered by the code: photo, sex, association, seal picture', '核验码不涵盖：照片、性别、所属协会、印章图样'],
};

const TYPES = {
	1: ['practising-certificate', ['certificate of practising membership', '电子执业会员证书']],
	2: ['non-practising-certificate', ['certificate of non-practising membership', '电子非执业会员证书']],
	3: ['good-standing-letter', ['certificate of good standing', '会员资格证明函']],
	4: ['status-statement', ['status statement', '会员状况说明']],
};

const GAPS = {
	'none': ['', ''],
	'checkpoint': ['The checkpoint of the public register could not be had.', '未能取得公开签发簿的检查点。'],
	'signature': ["The published checkpoint is not signed by the register's key.", '公布的检查点并非由签发簿密钥签名。'],
	'witnesses': ["Ask again when the issuer's witnesses have confirmed it.", '请在见证方确认之后重新核验。'],
	'tiles': ['Parts of the public register could not be had.', '未能取得公开签发簿的部分内容。'],
	'extension': ['It could not be shown that the register continues the one known.', '未能证明所示签发簿延续已知的签发簿。'],
};

const FROM = {
	site: ['Shown', '所示'], memory: ['Seen before', '先前所见'], status: ['Named by the status list', '状态表所称'],
	proof: ["In the document's proof", '文件证明所载'], keys: ['Frozen by the key list', '密钥表所冻结'],
};

const CLASSES = { 1: ['practising', '执业'], 2: ['non-practising', '非执业'] };

/** What each wording says of the holder (docs/LETTERS.md); the code carries the number alone. */
const WORDINGS = [
	['', ''],
	['a practising member in good standing', '为执业会员，资格状况良好'],
	['a non-practising member in good standing, not entitled to sign statutory audit reports', '为非执业会员，资格状况良好，不得签署法定审计报告'],
	['a member in good standing; findings made before and spent are listed on the page', '为会员，资格状况良好；以往已期满的惩戒列于页面'],
	['on the register of members, with the status the page states; it does not say in good standing', '在册，状况以页面所载为准；不表示资格状况良好'],
	['no longer a member; the membership ended by no penalty', '已非会员；会籍终止，并非处分'],
	['not a member; the membership ended by a penalty, which the page names', '已非会员；会籍因处分终止，处分列于页面'],
	['no record of the register of members matched', '会员名册中无相符记录'],
];
const LETTERS = 3, LETTER_LISTED = 3, LOOK_BACK_EVER = 255;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const AXES = [['file', ['file', '文件']], ['status', ['status', '状态']], ['freshness', ['freshness', '时效']], ['transparency', ['transparency', '公开性']]];

export const typeCode = (/** @type {number} */ type) => TYPES[type]?.[0] ?? String(type);
export const typeWords = (/** @type {number} */ type, /** @type {Lang} */ lang) => pick(TYPES[type]?.[1] ?? ['other document', '其他文件'], lang);
export const itemWords = (/** @type {string} */ item, /** @type {Lang} */ lang) => pick(ITEMS[item], lang);
export const titleWords = (/** @type {string} */ code, /** @type {Lang} */ lang) => pick(ANSWERS[code][0], lang);
export const adviceWords = (/** @type {string} */ code, /** @type {Lang} */ lang) => pick(ANSWERS[code][2], lang);

const isLetterOf = (ev) => ev.token !== null && isLetter(ev.token.payload.type);

/** "19 November 2026", "2026年11月19日" */
export function dayWords(/** @type {number} */ n, /** @type {Lang} */ lang) {
	const { year, month, day } = civil(n);
	return lang === 'zh' ? `${year}年${month}月${day}日` : `${day} ${MONTHS[month - 1]} ${year}`;
}

/** "09:00 (UTC+8) 23 Nov 2026", "2026年11月23日09:00（UTC+8）", in the issuer's zone. */
export function minuteWords(/** @type {number} */ unix, /** @type {number} */ offsetMin, /** @type {Lang} */ lang) {
	const n = dayAt(unix, offsetMin);
	const minute = Math.floor((unix + offsetMin * 60 - n * 86400) / 60);
	const { year, month, day } = civil(n);
	const two = (/** @type {number} */ v) => String(v).padStart(2, '0');
	const away = Math.abs(offsetMin);
	const sign = offsetMin < 0 ? '-' : '+';
	const zone = away === 0 ? 'UTC' : `UTC${sign}${Math.floor(away / 60)}${away % 60 ? ':' + two(away % 60) : ''}`;
	const clock = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
	return lang === 'zh' ? `${year}年${month}月${day}日${clock}（${zone}）` : `${clock} (${zone}) ${day} ${MONTHS[month - 1].slice(0, 3)} ${year}`;
}

/** Why the log could not tell. */
export const gapWords = (/** @type {string} */ gap, /** @type {Lang} */ lang) => pick(GAPS[gap], lang);

const minute = (unix, ev, lang) => minuteWords(unix, ev.policy?.offsetMin ?? 0, lang);
const labelled = (en, zh, lang) => (lang === 'zh' ? `${zh}：` : `${en}: `);

/** "status, freshness, transparency not checked"; '' when every axis was. */
function missingWords(v, lang) {
	const names = AXES.filter(([axis]) => v[axis] === 'not-checked').map(([, text]) => pick(text, lang));
	if (names.length === 0) return '';
	return lang === 'zh' ? `未核验${names.join('、')}` : `${names.join(', ')} not checked`;
}

/** Why, in a clause without a full stop. */
export function clause(ev, v, /** @type {Lang} */ lang) {
	if (v.reason === 'not-checked') return (lang === 'zh' ? '文件属实；' : 'genuine; ') + missingWords(v, lang);
	if (v.reason !== '') return pick(REASONS[v.reason], lang);
	if (v.code === 'NOT-FOUND' && !ev.canonical) return pick(["this copy of the issuer's index has no such code", '手头的查询索引副本中没有此核验码'], lang);
	return pick(ANSWERS[v.code][1], lang);
}

/** One line; a letter's never says just VALID. */
export function headline(ev, v, /** @type {Lang} */ lang) {
	let out;
	if (v.code === 'VALID' && isLetterOf(ev)) {
		const at = minute(ev.token.payload.asAt * 60, ev, lang);
		out = lang === 'zh' ? `属实——所述截至${at}；不代表今日情况` : `GENUINE — true as at ${at}; not a statement about today`;
	} else {
		out = titleWords(v.code, lang);
		if (v.code !== 'VALID') out += (lang === 'zh' ? '——' : ' — ') + clause(ev, v, lang);
	}
	if (v.lowered) out += lang === 'zh' ? `（${missingWords(v, lang)}，依 --allow no-log）` : ` (${missingWords(v, lang)}, as --allow no-log permits)`;
	return out;
}

function treeWords(tree, lang) {
	const entries = lang === 'zh' ? ' 项，根 ' : ' entries, root ';
	return `${labelled(FROM[tree.from][0], FROM[tree.from][1], lang)}${tree.size}${entries}${hex(tree.root)}${lang === 'zh' ? '。' : '. '}`;
}

/** What belongs to the answer besides its advice; `alone` when nothing else is to be said. */
function detail(ev, v, lang, plain) {
	if (v.reason === 'added-to')
		return {
			alone: true,
			words: lang === 'zh' ? `前 ${ev.originalLength} 字节即原文件，请只采信该部分。` : `The first ${ev.originalLength} bytes are the original: rely on those alone.`,
		};
	if (v.reason === 'unknown-issuer' && ev.offered !== null)
		return {
			alone: true,
			words:
				lang === 'zh'
					? `该网站出示的信任指纹为 ${ev.offered}，请与签发机构在别处公布的核对。`
					: `The site offers the policy with fingerprint ${ev.offered}; compare it with what the issuer publishes elsewhere.`,
		};
	let words = '';
	if (!plain && v.code === 'MALFORMED' && ev.fault !== null) words += ev.fault.message + (lang === 'zh' ? '。' : '.');
	if (!plain && v.code === 'INCONSISTENT-LOG') words += treeWords(ev.shown, lang) + (ev.logFault === 'tiles' ? '' : treeWords(ev.known, lang));
	if (v.code === 'REVOKED' && ev.rememberedRevoked)
		words += lang === 'zh' ? '此前在本机已见其作废；作废不可撤销。' : 'It was seen withdrawn before; that is never taken back.';
	if (!plain && v.reason === 'bad-key-list')
		words +=
			lang === 'zh' ? '如机构已宣布更换根密钥，请运行 hufu trust update。' : 'Should the issuer have changed its roots, hufu trust update follows it.';
	if (v.code === 'UNDECIDED' && v.transparency === 'not-checked') words += pick(GAPS[ev.logGap], lang);
	return { alone: false, words };
}

/**
 * One or two sentences that explain the answer; '' when the headline says it all.  `plain` leaves out what only speaks to
 * whoever sits at a terminal: faults of bytes, roots of trees, names of commands.
 */
export function sentence(ev, v, /** @type {Lang} */ lang, plain = false) {
	const listed = ['REVOKED', 'SUPERSEDED', 'SUSPENDED', 'ENDED'].includes(v.code);
	let out = '';
	if (listed && ev.listIat !== null && !ev.rememberedRevoked) {
		const at = minute(ev.listIat, ev, lang);
		out = lang === 'zh' ? `依据${at}的状态表。` : `On the list of ${at}.`;
	}
	const more = detail(ev, v, lang, plain);
	out += more.words;
	if (more.alone) return out;
	const advice = adviceWords(v.code, lang);
	if (out !== '' && lang === 'en' && advice !== '' && !out.endsWith(' ')) out += ' ';
	return out + advice;
}

/** Of a letter: how far its word on sanctions and proceedings goes; a statement tells them on the page. */
function reach(p, lang) {
	let out = lang === 'zh' ? '；无有效的惩戒' : '; no sanction in force';
	if (p.wording !== LETTER_LISTED && p.lookBack === LOOK_BACK_EVER) out += lang === 'zh' ? '，且从未受过惩戒' : ', nor ever imposed';
	else if (p.wording !== LETTER_LISTED && p.lookBack > 0)
		out += lang === 'zh' ? `，且此前 ${p.lookBack} 年内未受惩戒` : `, nor imposed in the ${p.lookBack} years before`;
	const open = p.pending ? ['; no disciplinary proceeding open', '；无未决的惩戒程序'] : ['; nothing is said of proceedings that may be open', '；不涉及未决的惩戒程序'];
	return out + pick(open, lang);
}

function letterFields(p, ev, lang) {
	const says = pick(WORDINGS[p.wording] ?? ['', ''], lang) + (p.wording <= LETTERS ? reach(p, lang) : '');
	const out = [
		{ name: 'asAt', label: ['True as at', '所述截至'], value: minute(p.asAt * 60, ev, lang) },
		{ name: 'wording', label: ['It says', '所载内容'], value: `${says} (W${p.wording})` },
	];
	/* W1 and W2 have said it, W7 is about nobody. */
	if (p.wording >= LETTER_LISTED && CLASSES[p.classCode]) out.push({ name: 'class', label: ['Class', '会员类别'], value: pick(CLASSES[p.classCode], lang) });
	return out;
}

/**
 * The fields of the code to compare with the page, in the page's order; a letter's begin with whom it is addressed to.
 * @returns {{name: string, label: string, value: string}[]}
 */
export function fields(ev, /** @type {Lang} */ lang) {
	if (ev.token === null) return [];
	const p = ev.token.payload;
	const out = [];
	const put = (name, label, value) => value !== null && out.push({ name, label, value });
	if (isLetter(p.type)) put('recipient', ['Addressed to', '致'], p.recipient ?? (lang === 'zh' ? '敬启者（未指定收件方）' : 'whom it may concern'));
	put('type', ['Document', '文件'], typeWords(p.type, lang));
	put('native', ['Name', '姓名'], p.native);
	put('latin', ['Name in Latin letters', '拉丁字母姓名'], p.latin);
	put('memberNo', ['Member number', '证书编号'], p.memberNo);
	put('admitted', ['Admitted', '入会时间'], p.admitted === null ? null : dayWords(p.admitted, lang));
	put('issued', ['Issued', '发证日期'], dayWords(p.issued, lang));
	put('expires', ['Valid to', '有效期至'], p.expires === 0 ? null : dayWords(p.expires, lang));
	if (isLetter(p.type)) out.push(...letterFields(p, ev, lang));
	put('docid', ['Document id', '证书标识'], docidText(p.docid));
	return out.map((f) => ({ ...f, label: pick(f.label, lang) }));
}

/** Who confirmed the log. */
export function witnessWords(ev, /** @type {Lang} */ lang) {
	if (ev.quorum === 0) return lang === 'zh' ? '未经见证' : 'not witnessed';
	return lang === 'zh' ? `见证方 ${ev.witnesses} 家，至少须 ${ev.quorum} 家` : `confirmed by ${ev.witnesses} witnesses, ${ev.quorum} needed`;
}

function itemsLine(en, zh, items, lang) {
	if (items.length === 0) return '';
	return labelled(en, zh, lang) + items.map((i) => itemWords(i, lang)).join(lang === 'zh' ? '；' : '; ') + '\n';
}

/** All of it as `hufu verify` prints it, lines with \n. */
export function allWords(ev, v, /** @type {Lang} */ lang) {
	const fieldsFirst = isLetterOf(ev) && v.verified;
	const claimed = ev.token !== null && !v.verified ? (lang === 'zh' ? '以下为码中所称，未经证实：\n' : 'Claimed by the code, not confirmed:\n') : '';
	const lines = claimed + fields(ev, lang).map((f) => `${f.label}${lang === 'zh' ? '：' : ': '}${f.value}\n`).join('');
	const said = sentence(ev, v, lang);
	const saidLine = said === '' ? '' : said + '\n';
	let out = headline(ev, v, lang) + '\n' + (fieldsFirst ? lines + saidLine : saidLine + lines);
	if (ev.rootsChanged > 0)
		out += lang === 'zh' ? '签发机构已更换根密钥，并由原根密钥签名确认；请运行 hufu trust update。\n' : "The issuer's roots have changed, signed by the old ones; run hufu trust update.\n";
	out += itemsLine('Checked', '已核验', v.checked, lang) + itemsLine('Not checked', '未核验', v.notChecked, lang);
	if (v.verified && v.status !== 'not-checked' && ev.listIat !== null) out += labelled('Status list of', '状态表日期', lang) + minute(ev.listIat, ev, lang) + '\n';
	if (v.verified && v.transparency === 'included') out += labelled('Public register', '公开签发簿', lang) + witnessWords(ev, lang) + '\n';
	return out + labelled('As of', '截至', lang) + minute(v.asOf, ev, lang) + '\n';
}
