// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

/** Firefox as Debian has it, by WebDriver BiDi: one tab. */
export class Firefox {
	/** @param {string} program @param {string} profile a folder of its own @param {Record<string, any>} prefs */
	static async start(program, profile, prefs = {}) {
		mkdirSync(profile, { recursive: true });
		const quiet = { 'browser.shell.checkDefaultBrowser': false, 'datareporting.policy.dataSubmissionEnabled': false, 'app.update.enabled': false, ...prefs };
		writeFileSync(`${profile}/user.js`, Object.entries(quiet).map(([k, v]) => `user_pref(${JSON.stringify(k)}, ${JSON.stringify(v)});\n`).join(''));
		const child = spawn(program, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', 'about:blank'], {
			env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
		});
		const url = await new Promise((resolve, reject) => {
			let said = '';
			child.stderr.on('data', (d) => {
				said += d;
				const m = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said);
				if (m) resolve(`${m[1]}/session`);
			});
			child.on('exit', () => reject(new Error(`Firefox ended: ${said.slice(-400)}`)));
			setTimeout(() => reject(new Error(`Firefox does not answer: ${said.slice(-400)}`)), 60000);
		});
		const firefox = new Firefox(child, new WebSocket(url));
		await new Promise((resolve, reject) => {
			firefox.socket.onopen = resolve;
			firefox.socket.onerror = reject;
		});
		await firefox.send('session.new', { capabilities: {} });
		await firefox.send('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
		firefox.context = (await firefox.send('browsingContext.getTree', {})).contexts[0].context;
		return firefox;
	}

	constructor(child, socket) {
		this.child = child;
		this.socket = socket;
		this.context = '';
		this.next = 0;
		this.waiting = new Map();
		/** @type {string[]} */ this.faults = [];
		/** @type {string[]} */ this.asked = [];
		socket.onmessage = ({ data }) => this.take(JSON.parse(data));
	}

	take(message) {
		if (message.method === 'log.entryAdded' && message.params.level === 'error') this.faults.push(message.params.text);
		if (message.method === 'network.beforeRequestSent') this.asked.push(message.params.request.url);
		const waiting = this.waiting.get(message.id);
		if (!waiting) return;
		this.waiting.delete(message.id);
		if (message.type === 'error') waiting.reject(new Error(`${message.error}: ${message.message}`));
		else waiting.resolve(message.result);
	}

	send(method, params) {
		const id = ++this.next;
		this.socket.send(JSON.stringify({ id, method, params }));
		return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
	}

	go(url) {
		return this.send('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
	}

	/** The value of an expression in the page: a text, a number or a truth. */
	async value(expression) {
		const out = await this.send('script.evaluate', { expression, target: { context: this.context }, awaitPromise: true });
		if (out.type === 'exception') throw new Error(out.exceptionDetails.text);
		return out.result.value;
	}

	/** Wait till an expression is true. */
	async till(expression, ms = 15000) {
		for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
			const value = await this.value(expression).catch(() => null);
			if (value) return value;
		}
		return null;
	}

	async files(selector, names) {
		const out = await this.send('browsingContext.locateNodes', { context: this.context, locator: { type: 'css', value: selector } });
		return this.send('input.setFiles', { context: this.context, element: { sharedId: out.nodes[0].sharedId }, files: names });
	}

	async picture() {
		return Buffer.from((await this.send('browsingContext.captureScreenshot', { context: this.context, origin: 'document' })).data, 'base64');
	}

	async end() {
		await this.send('session.end', {}).catch(() => {});
		this.socket.close();
		this.child.kill();
		await new Promise((resolve) => this.child.on('exit', resolve));
	}
}
