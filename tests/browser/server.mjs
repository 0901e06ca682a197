// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json', '.json': 'application/json' };

/** A folder on a port of this machine; every request is noted as it was asked for. */
export async function serve(/** @type {string} */ folder, /** @type {number} */ port, host = '127.0.0.1') {
	/** @type {string[]} */
	const asked = [];
	const server = createServer(async (request, response) => {
		asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
		const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
		try {
			let file = join(folder, path);
			if ((await stat(file)).isDirectory()) file = join(file, 'index.html');
			const bytes = await readFile(file);
			response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
			response.end(bytes);
		} catch {
			response.writeHead(404, { 'content-type': 'text/plain' });
			response.end('none\n');
		}
	});
	await new Promise((resolve) => server.listen(port, host, () => resolve(undefined)));
	return { asked, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) };
}
