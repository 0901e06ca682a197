// SPDX-License-Identifier: Apache-2.0
// statuslist.mjs SITE [VALUES]: every SITE/s/<n> by @auth0/cose (signature), cbor-x (claims) and @sd-jwt/jwt-status-list
// (values); run by statuslist.sh.  VALUES/values-<n> holds a byte for each entry.
import { createHash, createPublicKey } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Sign1 } from "@auth0/cose";
import { StatusList } from "@sd-jwt/jwt-status-list";
import { Decoder } from "cbor-x";

const [site, folder] = process.argv.slice(2);
const cbor = new Decoder({ mapsAsObjects: false, useRecords: false });
const KNOWN = new Set([0, 1, 2, 3, 12]);
let good = 0;
let bad = 0;

const list = JSON.parse(readFileSync(join(site, "keys.note"), "utf8").split("\n\n")[0]);
const keys = list.keys
	.filter((key) => key.role === "status" && key.state !== "compromised")
	.map((key) => {
		const raw = Buffer.from(key.public, "hex");
		const jwk = { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") };
		return { kid: createHash("sha256").update(raw).digest("hex").slice(0, 8), key: createPublicKey({ key: jwk, format: "jwk" }) };
	});

function say(ok, what) {
	if (ok) good++;
	else bad++;
	console.log(`${ok ? "ok" : "not ok"} - ${what}`);
}

async function claimsOf(bytes) {
	const token = Sign1.decode(new Uint8Array(bytes));
	const kid = Buffer.from(token.protectedHeaders.get(4)).toString("hex");
	if (token.protectedHeaders.get(16) !== "application/statuslist+cwt") throw new Error("is of another type");
	const known = keys.find((key) => key.kid === kid);
	if (!known) throw new Error("is signed by no status key");
	await token.verify(known.key);
	return cbor.decode(token.payload);
}

function valuesOf(claims) {
	const status = claims.get(65533);
	const lst = Buffer.from(status.get("lst")).toString("base64url");
	return StatusList.decompressStatusList(lst, status.get("bits")).statusList;
}

async function judge(name) {
	const bytes = readFileSync(join(site, "s", name));
	const claims = await claimsOf(bytes);
	if (!claims.get(2).endsWith(`/s/${name}`)) throw new Error(`is the list ${claims.get(2)}`);
	if (!(claims.get(4) > claims.get(6) && claims.get(65534) > 0)) throw new Error("has another life");
	const values = valuesOf(claims);
	if (values.length !== 32768 || !values.every((v) => KNOWN.has(v))) throw new Error("has other values");
	if (folder && existsSync(join(folder, `values-${name}`)))
		if (!readFileSync(join(folder, `values-${name}`)).equals(Buffer.from(values))) throw new Error("differs");
	return values.filter((v) => v !== 0).length;
}

async function spoiled(name) {
	const bytes = readFileSync(join(site, "s", name));
	bytes[bytes.length >> 1] ^= 1;
	try {
		await claimsOf(bytes);
		return false;
	} catch {
		return true;
	}
}

for (const name of readdirSync(join(site, "s")).filter((n) => /^\d+$/.test(n)).sort()) {
	try {
		const set = await judge(name);
		say(true, `list ${name}: 32,768 values, ${set} not valid`);
	} catch (e) {
		say(false, `list ${name}: ${e.message}`);
	}
	say(await spoiled(name), `list ${name}: refused with one bit changed`);
}
console.log(`# ${good} ok, ${bad} not ok`);
process.exit(bad === 0 && good > 0 ? 0 : 1);
