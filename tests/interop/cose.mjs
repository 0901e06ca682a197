// SPDX-License-Identifier: Apache-2.0
// cose.mjs LIBRARY OUT SITE: tokens by cose-kit or @auth0/cose; run by cose.sh, which has them installed.  One library a
// process: both register COSE's tags with the CBOR decoder they share, and the last to be loaded wins.
import { createHash, createPublicKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [library, out, site] = process.argv.slice(2);
const TOKEN = /<hufu:token>\s*(\d{1,964})\s*<\/hufu:token>|hufu:token\s*=\s*["'](\d{1,964})["']/g;
let good = 0;
let bad = 0;

const list = JSON.parse(readFileSync(join(site, "keys.note"), "utf8").split("\n\n")[0]);
const keys = list.keys
	.filter((key) => key.role === "issuing")
	.map((key) => {
		const raw = Buffer.from(key.public, "hex");
		const jwk = { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") };
		return {
			kid: createHash("sha256").update(raw).digest("hex").slice(0, 8),
			key: createPublicKey({ key: jwk, format: "jwk" }),
		};
	});

const aadOf = (issuer) => new Uint8Array(Buffer.from(`hufu/1/cert\0${issuer}`));

function tokenOf(path) {
	const text = readFileSync(path, "latin1");
	const found = new Set([...text.matchAll(TOKEN)].map((m) => m[1] ?? m[2]));
	if (found.size !== 1) return null;
	let hex = BigInt([...found][0]).toString(16);
	if (hex.length % 2) hex = `0${hex}`;
	return new Uint8Array(Buffer.from(hex, "hex"));
}

async function load() {
	const module = await import(library);
	if (library === "cose-kit")
		return async (bytes, key, aad) => (await module.coseVerify(bytes, key, aad)).isValid;
	// @auth0/cose wants the tag of COSE_Sign1, and says no by throwing.
	return async (bytes, key, aad) => {
		await module.Sign1.decode(new Uint8Array([0xd2, ...bytes])).verify(key, { externalAAD: aad });
		return true;
	};
}
const judge = await load();

async function anyKey(bytes, issuer) {
	const kid = Buffer.from(bytes).toString("hex").slice(14, 22);
	for (const { key, kid: listed } of keys) {
		if (listed !== kid) continue;
		try {
			if (await judge(bytes, key, aadOf(issuer))) return true;
		} catch {
			// the next key of that kid
		}
	}
	return false;
}

function say(ok, what) {
	if (ok) good++;
	else bad++;
	console.log(`${ok ? "ok" : "not ok"} - ${what}`);
}

const names = readdirSync(out).filter((name) => name.endsWith(".pdf")).sort();
const sample = Number(process.env.SAMPLE ?? 20);
const some = sample > 0 && sample < names.length
	? Array.from({ length: sample }, (_, i) => names[Math.floor((i * names.length) / sample)])
	: names;
for (const name of some) {
	const path = join(out, name);
	const bytes = tokenOf(path);
	if (!bytes) {
		say(false, `${path} has no token or several`);
		continue;
	}
	say(await anyKey(bytes, list.issuer), `${path}: ${library} verifies its token`);
	say(!(await anyKey(bytes, `${list.issuer}.invalid`)),
		`${path}: ${library} refuses it for another issuer`);
}
console.log(`# ${good} ok, ${bad} not ok`);
process.exit(bad === 0 && good > 0 ? 0 : 1);
