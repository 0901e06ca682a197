// SPDX-License-Identifier: Apache-2.0
// Days are counted since 1970-01-01, instants in Unix seconds; the calendar is the proleptic Gregorian one.
const DAY_S = 86400;

/** The day it is at an instant where clocks run so far ahead of UTC. */
export const dayAt = (/** @type {number} */ unix, /** @type {number} */ offsetMin) => Math.floor((unix + offsetMin * 60) / DAY_S);

/** Year, month and day of a day's number. */
export function civil(/** @type {number} */ day) {
	const date = new Date(day * DAY_S * 1000);
	return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const two = (/** @type {number} */ n) => String(n).padStart(2, '0');

export function dayText(/** @type {number} */ day) {
	const { year, month, day: d } = civil(day);
	return `${String(year).padStart(4, '0')}-${two(month)}-${two(d)}`;
}

/** "2026-11-20T02:00:00Z" */
export function instantText(/** @type {number} */ unix) {
	const s = ((unix % DAY_S) + DAY_S) % DAY_S;
	return `${dayText(dayAt(unix, 0))}T${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}Z`;
}

/** Exactly "2026-11-20T02:00:00Z", of a real day; null for anything else. */
export function instantRead(/** @type {any} */ text) {
	if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return null;
	const unix = Date.parse(text) / 1000;
	return Number.isInteger(unix) && instantText(unix) === text ? unix : null;
}

/** The same moment so many months later, clamped at the month's end. */
export function addMonths(/** @type {number} */ unix, /** @type {number} */ months) {
	const day = dayAt(unix, 0);
	const date = civil(day);
	const target = date.year * 12 + date.month - 1 + months;
	const length = new Date(Date.UTC(Math.floor(target / 12), (target % 12) + 1, 0)).getUTCDate();
	const later = Date.UTC(Math.floor(target / 12), target % 12, Math.min(date.day, length)) / 1000 / DAY_S;
	return unix + (later - day) * DAY_S;
}
