// SPDX-License-Identifier: Apache-2.0
// The page without a net: the shell comes from the net when there is one, else from what was kept.  What the site publishes
// is none of its business (website.mjs).  A file sw-kill that begins with "kill" ends it on every device.
/* global SHELL, BUILD */
const CACHE = `hufu-shell-${BUILD}`;
const QUIET = /** @type {RequestInit} */ ({ cache: 'no-cache', referrer: '', referrerPolicy: 'no-referrer' });
const base = new URL('./', self.location.href).href;
const shell = new Set(SHELL.map((path) => new URL(path, base).href));

/** All of the shell or nothing of it. */
async function keepShell() {
	const cache = await caches.open(CACHE);
	for (const url of shell) {
		const response = await fetch(url, QUIET);
		if (!response.ok) throw new Error(`${url}: ${response.status}`);
		await cache.put(url, response);
	}
	await self.skipWaiting();
}

self.addEventListener('install', (event) => event.waitUntil(keepShell()));

self.addEventListener('activate', (event) => {
	const old = (/** @type {string} */ name) => name.startsWith('hufu-shell-') && name !== CACHE;
	event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

async function killed() {
	try {
		const response = await fetch(new URL('sw-kill', base), { cache: 'no-store', referrerPolicy: 'no-referrer' });
		return response.ok && (await response.text()).startsWith('kill');
	} catch {
		return false;
	}
}

async function end() {
	for (const name of await caches.keys()) if (name.startsWith('hufu-')) await caches.delete(name);
	await self.registration.unregister();
}

async function answer(/** @type {Request} */ request) {
	try {
		const response = await fetch(request, QUIET);
		if (response.ok) return response;
	} catch {
		/* no net: below */
	}
	const kept = await caches.match(request, { cacheName: CACHE, ignoreSearch: true });
	return kept ?? Response.error();
}

self.addEventListener('fetch', (event) => {
	const url = event.request.url.split('#')[0];
	if (event.request.method !== 'GET' || !shell.has(url)) return;
	event.respondWith(answer(event.request));
	if (event.request.mode === 'navigate') event.waitUntil(killed().then((yes) => yes && end()));
});
