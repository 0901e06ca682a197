// SPDX-License-Identifier: Apache-2.0

/** What was read is not as it must be: a code for programs (docs/REFUSALS.md) and a cause in words. */
export class Refusal extends Error {
	/**
	 * @param {string} code
	 * @param {string} cause
	 * @param {string} [pointer] where in the text, "/name_native"
	 */
	constructor(code, cause, pointer = '') {
		super(pointer ? `${pointer}: ${cause}` : cause);
		this.name = 'Refusal';
		this.code = code;
	}
}

/**
 * @param {boolean} holds
 * @param {string} code
 * @param {string} cause
 * @param {string} [pointer]
 */
export function need(holds, code, cause, pointer) {
	if (!holds) throw new Refusal(code, cause, pointer);
}
