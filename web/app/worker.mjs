// SPDX-License-Identifier: Apache-2.0
// All checking happens here, off the page's thread: the page sends files, words and pictures and gets plain data back.
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { Gather, Memory, Refusal, exitOf, followPolicy, isPicture, nothing, ofBytes, ofCodes, ofWord, readMemory, readPolicy, successorPath, verdictOf } from '../verify/index.mjs';
import { findDigits } from '../verify/token.mjs';
import { sha256 } from '../verify/hash.mjs';
import { utf8 } from '../verify/bytes.mjs';
import { WebSite } from './website.mjs';
import { viewOf } from './view.mjs';

const HOPS_MAX = 16, POLICY_MAX = 64 * 1024, NOTE_MAX = 1 << 20, CODES_MAX = 16, SIDE_MAX = 20000;
/** An answer that an honest site whose files were not kept too long would not have given. */
const DOUBTFUL = new Set(['UNKNOWN-KEY', 'INCONSISTENT-LOG', 'NOT-IN-MANIFEST', 'NOT-FOUND', 'STALE', 'PENDING', 'UNDECIDED']);

const seconds = () => Math.floor(Date.now() / 1000);
let asked = Promise.resolve();
/** @type {Promise<unknown> | null} */
let reader = null;

/** The reader of codes, fetched when the first picture is to be read. */
async function startReader(/** @type {string} */ base) {
	const response = await fetch(new URL('page/zxing.wasm', base), { credentials: 'omit', referrerPolicy: 'no-referrer' });
	if (!response.ok) throw new Error(`the reader of codes could not be had (${response.status})`);
	return prepareZXingModule({ overrides: { wasmBinary: await response.arrayBuffer() }, fireImmediately: true });
}

/** The texts of the codes in a picture: a file's bytes or the pixels of a camera. */
async function codesIn(/** @type {Uint8Array | ImageData} */ picture, /** @type {string} */ base) {
	reader ??= startReader(base).catch((fault) => ((reader = null), Promise.reject(fault)));
	await reader;
	const found = await readBarcodes(/** @type {any} */ (picture), { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: CODES_MAX });
	return [...new Set(found.filter((f) => f.isValid).map((f) => f.text))];
}

/** Pictures of forms that the reader does not decode itself, by the browser. */
async function pixelsOf(/** @type {Uint8Array} */ bytes) {
	const bitmap = await createImageBitmap(new Blob([/** @type {any} */ (bytes)]));
	if (bitmap.width > SIDE_MAX || bitmap.height > SIDE_MAX) throw new Refusal('PICTURE-TOO-LARGE', 'too many pixels');
	const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
	const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
	context.drawImage(bitmap, 0, 0);
	return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

/** What one thing handed in holds; what cannot be read is a target without a code. */
async function targetOf(item, base) {
	try {
		if (item.word !== undefined) return { target: ofWord(item.word) ?? nothing(), fileHash: null };
		const bytes = new Uint8Array(item.bytes);
		const fileHash = sha256(bytes);
		if (isPicture(bytes)) return { target: ofCodes(await codesIn(bytes, base)), fileHash };
		if (item.picture) return { target: ofCodes(await codesIn(await pixelsOf(bytes), base)), fileHash };
		return { target: ofBytes(bytes), fileHash };
	} catch (fault) {
		return { target: nothing(), fileHash: null, trouble: fault.message };
	}
}

/** What is remembered may only speak of revocations and time when the site itself is a copy of some day. */
function forCopies(/** @type {Memory} */ memory) {
	const m = new Memory();
	m.newest = memory.newest;
	m.revoked = new Set(memory.revoked);
	return m;
}

/** One look at the site, shared by the files of a call. */
class Look {
	constructor(job, policy, memory) {
		Object.assign(this, { job, policy, memory, hops: 0, offline: false });
		this.open('tiles');
	}

	open(/** @type {'tiles' | 'none' | 'all'} */ kept) {
		const canonical = this.job.base.replace(/\/$/, '') === this.policy.site;
		this.offline = kept === 'all';
		this.site = new WebSite(this.job.base, { canonical, kept });
		this.gather = new Gather({ site: this.site, policy: this.policy, memory: this.offline ? forCopies(this.memory) : this.memory, now: seconds(), far: true });
	}

	async evidence(target) {
		const ev = await this.gather.evidence(target, { rootsChanged: this.hops });
		return { ev, v: verdictOf(ev) };
	}

	/** Roots that changed: go on with the policy's successors, when the site has any. */
	async follow() {
		const { policy, hops } = await successors(this.site, this.policy);
		if (hops === 0) return false;
		Object.assign(this, { policy, hops });
		this.open('none');
		return true;
	}

	async check(target) {
		let found = await this.evidence(target);
		if (found.ev.keyState === 'bad' && !this.offline && this.hops === 0 && (await this.follow())) found = await this.evidence(target);
		if (DOUBTFUL.has(found.v.code) && this.site.usedKept && !this.offline) {
			this.open('none');
			found = await this.evidence(target);
		}
		if (exitOf(found.v.code) === 3 && this.site.failed && !this.offline) {
			this.open('all');
			found = await this.evidence(target);
		}
		if (!DOUBTFUL.has(found.v.code) && !this.offline) await this.site.keep();
		return found;
	}
}

/** The policies that follow the pinned one; what is not signed by both quorums changes nothing. */
async function successors(site, policy) {
	let hops = 0;
	try {
		for (let note; hops < HOPS_MAX && (note = await site.load(successorPath(policy), NOTE_MAX)) !== null; hops++) policy = await followPolicy(note, policy);
	} catch {
		return { policy, hops };
	}
	return { policy, hops };
}

const policyView = (p) => ({ text: p.canonical, fingerprint: p.fingerprint, names: p.names, site: p.site, contact: p.contact, log: JSON.parse(p.canonical).log.vkey });

/** The pinned policy, the one that follows it, or at the first visit the site's own. */
async function trust({ base, pinned }) {
	const site = new WebSite(base, { canonical: false, kept: 'none' });
	const own = async (/** @type {WebSite} */ from) => {
		const bytes = await from.load('/policy.json', POLICY_MAX).catch(() => null);
		return bytes === null ? null : readPolicy(bytes);
	};
	const offered = await own(site).catch(() => null);
	let held = null;
	try {
		if (pinned !== null) held = readPolicy(utf8(pinned));
	} catch {
		held = null; // what somebody spoiled is met as for the first time
	}
	if (held === null) {
		if (offered === null) return { policy: null, change: 'none' };
		return { policy: policyView(offered), change: 'first' };
	}
	if (offered === null || offered.fingerprint === held.fingerprint) return { policy: policyView(held), change: 'same' };
	const { policy, hops } = await successors(site, held);
	return { policy: policyView(policy), change: policy.fingerprint === offered.fingerprint ? (hops > 0 ? 'followed' : 'same') : 'other' };
}

async function check(job, post) {
	const policy = readPolicy(utf8(job.policy));
	let memory = new Memory();
	try {
		if (job.memory) memory = readMemory(utf8(job.memory));
	} catch {
		memory = new Memory(); // what somebody spoiled is met as for the first time
	}
	const look = new Look(job, policy, memory);
	for (const [i, item] of job.items.entries()) {
		const { target, fileHash, trouble } = await targetOf(item, job.base);
		const { ev, v } = await look.check(target);
		const more = { fileHash, now: seconds(), offline: look.offline, trouble: trouble ?? look.gather.trouble };
		post({ i, view: viewOf(item.name ?? '', ev, v, more) });
	}
	return { memory: memory.write(), policy: look.hops > 0 ? policyView(look.policy) : null };
}

/** Does a frame of the camera show a token?  Other codes are counted, so that the page can say so. */
async function frame({ pixels, width, height, base }) {
	const texts = await codesIn(new ImageData(new Uint8ClampedArray(pixels), width, height), base);
	return { word: texts.find((t) => findDigits(t) !== null) ?? null, others: texts.length };
}

const JOBS = { trust, check, frame };

self.onmessage = ({ data }) => {
	const post = (/** @type {any} */ part) => self.postMessage({ id: data.id, part });
	asked = asked.then(async () => {
		try {
			self.postMessage({ id: data.id, done: await JOBS[data.job](data, post) });
		} catch (fault) {
			self.postMessage({ id: data.id, fault: String(fault?.message ?? fault) });
		}
	});
};
