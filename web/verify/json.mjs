// SPDX-License-Identifier: Apache-2.0
import { Refusal, need } from './refusal.mjs';

const NUMBER_MAX = 40; // characters
const INTEGER_MAX = 2 ** 53 - 1; // I-JSON, RFC 7493 §2.2

/** JSON.parse takes any text of the grammar; here a member twice, U+0000, half characters and past-the-limit texts are refused too. */
class Scan {
	constructor(/** @type {string} */ text, /** @type {{depth: number, values: number}} */ limits) {
		this.text = text;
		this.limits = limits;
		this.at = 0;
		this.depth = 0;
		this.values = 0;
	}

	fail(/** @type {string} */ code, /** @type {string} */ why) {
		return new Refusal(code, `character ${this.at}: ${why}`);
	}

	/** Take what matches here. */
	take(/** @type {RegExp} */ sticky, /** @type {string} */ wanted) {
		sticky.lastIndex = this.at;
		const m = sticky.exec(this.text);
		if (m === null) throw this.fail('JSON-SYNTAX', `${wanted} must come`);
		this.at = sticky.lastIndex;
		return m[0];
	}

	space() {
		this.take(/[ \t\n\r]*/y, 'a blank');
	}

	value() {
		this.space();
		if (++this.values > this.limits.values) throw this.fail('JSON-TOO-MANY', `more than ${this.limits.values} values`);
		switch (this.text[this.at]) {
			case '{':
				return this.container('}', () => this.member());
			case '[':
				return this.container(']', () => this.value());
			case '"':
				return this.string();
			case 't':
			case 'f':
			case 'n':
				return JSON.parse(this.take(/true|false|null/y, 'a value'));
		}
		const digits = this.take(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9])/y, 'a value');
		const number = Number(digits);
		if (digits.length > NUMBER_MAX || !Number.isFinite(number)) throw this.fail('JSON-NUMBER', 'no such number');
		return number;
	}

	string() {
		const raw = this.take(/"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y, 'a string');
		const s = JSON.parse(raw);
		if (s.includes('\0')) throw this.fail('JSON-NUL', 'U+0000 is not allowed');
		if (/[\ud800-\udfff]/u.test(s)) throw this.fail('JSON-SURROGATE', 'half a character');
		return s;
	}

	member() {
		const key = this.string();
		this.space();
		this.take(/:/y, "':'");
		return [key, this.value()];
	}

	container(/** @type {string} */ close, /** @type {() => any} */ item) {
		if (++this.depth > this.limits.depth) throw this.fail('JSON-TOO-DEEP', `nested more than ${this.limits.depth} deep`);
		const items = [];
		this.at++;
		this.space();
		while (items.length > 0 || this.text[this.at] !== close) {
			this.space();
			items.push(item());
			this.space();
			if (this.text[this.at] === close) break;
			this.take(/,/y, `',' or '${close}'`);
		}
		this.at++;
		this.depth--;
		return close === ']' ? items : this.object(items);
	}

	object(/** @type {[string, any][]} */ members) {
		const out = Object.create(null);
		for (const [key, value] of members) {
			if (key in out) throw this.fail('JSON-DUPLICATE-KEY', `"${key}" stands there twice`);
			out[key] = value;
		}
		return out;
	}
}

/**
 * Decode one JSON text strictly (RFC 8259, I-JSON); objects have no prototype.
 * @param {string} text
 * @param {{bytes: number, depth: number, values: number}} limits
 */
export function readJson(text, limits) {
	need(text.length <= limits.bytes, 'JSON-TOO-LONG', `is longer than ${limits.bytes} bytes`);
	const scan = new Scan(text, limits);
	const value = scan.value();
	scan.space();
	if (scan.at < text.length) throw scan.fail('JSON-TRAILING', 'more text behind the value');
	return value;
}

/** Canonical JSON (RFC 8785) of strings, integers, null, arrays and objects: JSON.stringify with the keys in UTF-16 order. */
export function canonical(/** @type {any} */ value) {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
	return `{${members.join(',')}}`;
}

/** Refuse unless it is an object with these members and no others. */
export function members(/** @type {any} */ value, /** @type {string[]} */ names, /** @type {string} */ code) {
	const whole = value !== null && typeof value === 'object' && !Array.isArray(value);
	need(whole, code, 'expected an object');
	for (const name of names) need(name in value, code, `"${name}" is missing`);
	need(Object.keys(value).length === names.length, code, 'a member of another name');
	return value;
}

export const isInteger = (/** @type {any} */ v, /** @type {number} */ min, max = INTEGER_MAX) =>
	Number.isSafeInteger(v) && v >= min && v <= max;
