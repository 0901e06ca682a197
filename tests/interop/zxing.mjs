// SPDX-License-Identifier: Apache-2.0
// zxing.mjs: started by codes.py.  Reads "WIDTH HEIGHT FILE" a line (FILE: gray bytes), answers what zxing-wasm reads
// in it as a line of JSON: a list of texts.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
const bytes = readFileSync(wasm);
prepareZXingModule({ overrides: { wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) } });

for await (const line of createInterface({ input: process.stdin })) {
	const [width, height, path] = line.split(" ");
	const gray = readFileSync(path);
	const data = new Uint8ClampedArray(gray.length * 4);
	for (let i = 0; i < gray.length; i++) {
		data.fill(gray[i], 4 * i, 4 * i + 3);
		data[4 * i + 3] = 255;
	}
	const found = await readBarcodes({ data, width: Number(width), height: Number(height), colorSpace: "srgb" },
		{ formats: ["QRCode"], tryHarder: true });
	console.log(JSON.stringify(found.filter((code) => code.isValid).map((code) => code.text)));
}
