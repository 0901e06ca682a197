// SPDX-License-Identifier: Apache-2.0
// build.mjs OUT: the page, ready to be laid into the root of a published site.  The same sources give the same bytes;
// page/build.json names every file with its SHA-256, and the hash of that file is the build's.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'dist');
const TARGET = ['chrome86', 'firefox102', 'safari15'];

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'page'), { recursive: true });

const bundle = (/** @type {string} */ from, /** @type {string} */ to, define = {}) =>
	build({
		absWorkingDir: here,
		entryPoints: [join('app', from)],
		outfile: join(out, to),
		bundle: true,
		minify: true,
		format: 'iife',
		target: TARGET,
		charset: 'utf8',
		legalComments: 'none',
		define: { 'import.meta.url': '""', ...define },
		banner: { js: '/* SPDX-License-Identifier: Apache-2.0; others: page/licenses.txt */' },
		logLevel: 'warning',
	});

/** What is built in must come with its licence. */
function licenses() {
	const packages = ['@noble/ciphers', '@noble/ed25519', '@noble/hashes', 'zxing-wasm'];
	const own = packages.map((name) => `${name}\n\n${readFileSync(join(here, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`);
	const inside = 'zxing.wasm is made of zxing-cpp, Apache License 2.0, https://github.com/zxing-cpp/zxing-cpp\n';
	return [...own, inside].join('\n----\n\n');
}

await bundle('main.mjs', 'page/app.js');
await bundle('worker.mjs', 'page/worker.js');
const css = await build({ entryPoints: [join(here, 'app/app.css')], minify: true, target: TARGET, charset: 'utf8', legalComments: 'none', write: false });
writeFileSync(join(out, 'page/app.css'), `/* SPDX-License-Identifier: Apache-2.0 */\n${css.outputFiles[0].text}`);
copyFileSync(join(here, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'), join(out, 'page/zxing.wasm'));
for (const name of ['mark.svg', 'app.webmanifest']) copyFileSync(join(here, 'app', name), join(out, 'page', name));
copyFileSync(join(here, 'app/index.html'), join(out, 'index.html'));
writeFileSync(join(out, 'page/licenses.txt'), licenses());
writeFileSync(join(out, 'sw-kill'), 'no\n');

const sha256 = (/** @type {string} */ path) => createHash('sha256').update(readFileSync(join(out, path))).digest('hex');
const shell = ['./', ...readdirSync(join(out, 'page')).filter((n) => n !== 'licenses.txt').sort().map((name) => `page/${name}`)];
const shellHash = createHash('sha256').update(shell.map((path) => sha256(path === './' ? 'index.html' : path)).join()).digest('hex');
await bundle('sw.mjs', 'sw.js', { SHELL: JSON.stringify(shell), BUILD: JSON.stringify(shellHash.slice(0, 16)) });

const files = ['index.html', 'sw-kill', 'sw.js', ...readdirSync(join(out, 'page')).sort().map((name) => `page/${name}`)].sort();
const listed = Object.fromEntries(files.filter((f) => f !== 'sw-kill').map((path) => [path, sha256(path)]));
writeFileSync(join(out, 'page/build.json'), `{"files":${JSON.stringify(listed)},"schema":"hufu.page/1"}`);
console.log(sha256('page/build.json'));
