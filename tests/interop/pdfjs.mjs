// SPDX-License-Identifier: Apache-2.0
// pdfjs.mjs FOLDER...: run by pdfjs.sh.  pdf.js opens every PDF without a warning, and its text holds what the attached
// facts say; SAMPLE= of them (20) are drawn too.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas, DOMMatrix, ImageData, Path2D } from "@napi-rs/canvas";

Object.assign(globalThis, { DOMMatrix, ImageData, Path2D });
const { getDocument, VerbosityLevel } = await import("pdfjs-dist/legacy/build/pdf.mjs");

let good = 0;
let bad = 0;
let warnings = [];
const print = console.log.bind(console);
for (const word of ["log", "info", "warn", "error"])
	console[word] = (...words) => warnings.push(words.join(" "));

function say(ok, what) {
	if (ok) good++;
	else bad++;
	print(`${ok ? "ok" : "not ok"} - ${what}`);
}

const squeezed = (text) => text.replace(/\s+/gu, "");
// Facts the page prints as they are; the others become words and dates.
const VERBATIM = /^(name_(native|latin)|member_no|association_(zh|en)|docid)$/;

function facts(attachments) {
	const file = Object.values(attachments ?? {}).find((a) => a.filename === "credential.json");
	if (!file) return null;
	const whole = JSON.parse(Buffer.from(file.content).toString("utf8"));
	return { docid: whole.docid, ...(whole.facts ?? whole) };
}

async function ink(page) {
	const viewport = page.getViewport({ scale: 1 });
	const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
	const context = canvas.getContext("2d");
	await page.render({ canvasContext: context, viewport, intent: "print" }).promise;
	const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
	let dark = 0;
	for (let i = 0; i < data.length; i += 4) dark += data[i] + data[i + 1] + data[i + 2] < 200;
	return dark;
}

async function look(path, draw) {
	warnings = [];
	const task = getDocument({
		data: new Uint8Array(readFileSync(path)),
		stopAtErrors: true,
		useSystemFonts: false,
		verbosity: VerbosityLevel.WARNINGS,
	});
	const pdf = await task.promise;
	let text = "";
	let dark = 0;
	for (let n = 1; n <= pdf.numPages; n++) {
		const page = await pdf.getPage(n);
		const content = await page.getTextContent();
		text += content.items.map((item) => item.str).join("");
		if (draw) dark += await ink(page);
		if (!(await page.getStructTree())) say(false, `${path}: page ${n} has no structure`);
	}
	const known = facts(await pdf.getAttachments());
	say(known !== null, `${path}: its facts are attached`);
	const flat = squeezed(text);
	const lost = Object.entries(known ?? {})
		.filter(([key, value]) => VERBATIM.test(key) && value && !flat.includes(squeezed(value)))
		.map(([key, value]) => `${key} ${value}`);
	say(lost.length === 0, `${path}: pdf.js reads its facts on the page${lost.length ? `, but not ${lost}` : ""}`);
	if (draw) say(dark > 2000, `${path}: pdf.js draws it (${dark} dark pixels)`);
	await task.destroy();
	say(warnings.length === 0, `${path}: pdf.js has nothing to say${warnings.length ? `: ${warnings.join("; ")}` : ""}`);
}

const paths = process.argv.slice(2).flatMap((folder) =>
	readdirSync(folder).filter((name) => name.endsWith(".pdf")).sort().map((name) => join(folder, name)));
const step = Math.max(1, Math.floor(paths.length / Number(process.env.SAMPLE || 20)));
for (const [i, path] of paths.entries()) {
	try {
		await look(path, i % step === 0);
	} catch (e) {
		say(false, `${path}: pdf.js cannot read it: ${e.message}`);
	}
}
print(`# ${good} ok, ${bad} not ok`);
process.exit(bad === 0 && good > 0 ? 0 : 1);
