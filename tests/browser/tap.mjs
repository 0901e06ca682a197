// SPDX-License-Identifier: Apache-2.0
let passed = 0, failed = 0;

/** A line of what was looked at; evidence is shown when it does not hold. */
export function ok(/** @type {boolean} */ holds, /** @type {string} */ name, evidence = '') {
	if (holds) passed++;
	else failed++;
	console.log(`${holds ? 'ok' : 'not ok'} - ${name}`);
	if (!holds && evidence !== '') console.log(String(evidence).slice(0, 2000).replace(/^/gm, '# '));
}

export const is = (/** @type {any} */ got, /** @type {any} */ want, /** @type {string} */ name) => ok(got === want, name, `is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);

export function end() {
	console.log(`# ${passed} of ${passed + failed}`);
	process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
