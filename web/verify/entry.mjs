// SPDX-License-Identifier: Apache-2.0
import { concat, u64 } from './bytes.mjs';
import { labelled } from './hash.mjs';

// The 65 bytes of a log entry (docs/FORMAT.md, "Entries").
export const ENTRY = 65;
const DOCUMENT = 1, STATUS = 3;

export const cToken = (/** @type {Uint8Array} */ token) => labelled('hufu/1/token', token);
export const cPdf = (/** @type {Uint8Array} */ token, /** @type {Uint8Array} */ fileHash) => labelled('hufu/1/pdf', token, fileHash);

export const documentEntry = (/** @type {Uint8Array} */ c_token, /** @type {Uint8Array} */ c_pdf) =>
	concat(Uint8Array.of(DOCUMENT), c_token, c_pdf);

export const statusEntry = (/** @type {Uint8Array} */ hash, /** @type {bigint} */ shard, /** @type {number} */ iat) =>
	concat(Uint8Array.of(STATUS), hash, u64(shard), u64(iat), new Uint8Array(16));

/** c_token and c_pdf of a document's entry; null for other kinds. */
export const commitments = (/** @type {Uint8Array} */ entry) =>
	entry[0] === DOCUMENT ? { token: entry.subarray(1, 33), pdf: entry.subarray(33, 65) } : null;
