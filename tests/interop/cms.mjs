// SPDX-License-Identifier: Apache-2.0
// cms.mjs PKI OUT: seals by pkijs and the platform's WebCrypto.  TAP; the same with one bit turned must be refused.
import { readFileSync, readdirSync } from 'node:fs';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import * as asn1js from 'asn1js';

const [pki, out] = process.argv.slice(2);
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
const bytes = (b) => b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);
const root = (name) => pkijs.Certificate.fromBER(bytes(new X509Certificate(readFileSync(`${pki}/${name}.pem`)).raw));
let passed = 0, failed = 0;
const say = (ok, name, why = '') => {
	ok ? passed++ : failed++;
	console.log(`${ok ? 'ok' : 'not ok'} ${passed + failed} - ${name}${ok ? '' : `\n# ${why}`}`);
};

async function judge(cms, content, anchor) {
	const info = pkijs.ContentInfo.fromBER(bytes(cms));
	const signed = new pkijs.SignedData({ schema: info.content });
	const answer = await signed.verify({ signer: 0, data: bytes(content), trustedCerts: [anchor], checkChain: true, extendedMode: true });
	return answer.signatureVerified === true && answer.signerCertificateVerified === true;
}
const no = async (promise) => { try { return (await promise) === false; } catch { return true; } };

const content = readFileSync(`${out}/content`);
const other = Buffer.concat([content, Buffer.from('x')]);
for (const name of readdirSync(out).filter((n) => n.endsWith('.cms')).sort()) {
	const cms = readFileSync(`${out}/${name}`);
	let yes = false, why = '';
	try { yes = await judge(cms, content, root('root')); } catch (error) { why = error.message ?? JSON.stringify(error); }
	say(yes, `pkijs: ${name}`, why);
	say(await no(judge(cms, other, root('root'))), `pkijs refuses another content: ${name}`);
	say(await no(judge(cms, content, root('tsaroot'))), `pkijs refuses another root: ${name}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
