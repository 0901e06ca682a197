// SPDX-License-Identifier: Apache-2.0

/** The worker that checks; one at a time, started when first needed. */
export class Work {
	constructor(/** @type {string} */ url) {
		this.url = url;
		/** @type {Worker | null} */
		this.worker = null;
		this.next = 0;
		/** @type {Map<number, {done: (v: any) => void, fault: (e: Error) => void, part: (p: any) => void}>} */
		this.waiting = new Map();
	}

	start() {
		const worker = new Worker(this.url);
		worker.onmessage = ({ data }) => {
			const job = this.waiting.get(data.id);
			if (!job) return;
			if ('part' in data) return job.part(data.part);
			this.waiting.delete(data.id);
			if ('fault' in data) job.fault(new Error(data.fault));
			else job.done(data.done);
		};
		worker.onerror = (event) => {
			event.preventDefault();
			this.worker = null;
			for (const job of this.waiting.values()) job.fault(new Error(event.message || 'worker'));
			this.waiting.clear();
		};
		return worker;
	}

	/**
	 * @param {string} job
	 * @param {object} data
	 * @param {{part?: (p: any) => void, move?: Transferable[]}} [more]
	 * @returns {Promise<any>}
	 */
	do(job, data, { part = () => {}, move = [] } = {}) {
		this.worker ??= this.start();
		const id = this.next++;
		return new Promise((done, fault) => {
			this.waiting.set(id, { done, fault, part });
			/** @type {Worker} */ (this.worker).postMessage({ id, job, ...data }, move);
		});
	}
}
