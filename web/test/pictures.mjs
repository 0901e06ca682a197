// SPDX-License-Identifier: Apache-2.0
// pictures.mjs OUT.png OUT.y4m TEXT: a code as a picture, and as what a camera sees.
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync, crc32 } from 'node:zlib';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

const [png, y4m, text] = process.argv.slice(2);
prepareZXingModule({ overrides: { wasmBinary: readFileSync(new URL('../node_modules/zxing-wasm/dist/writer/zxing_writer.wasm', import.meta.url)).buffer } });
const { symbol } = await writeBarcode(text, { format: 'QRCode', ecLevel: 'M', addQuietZones: false });
const { width: modules, data } = symbol;

/** 255 white, 0 black, at a pixel of the picture: modules of `unit` pixels, somewhere inside white. */
const shade = (x, y, left, top, unit) => {
	const i = Math.floor((x - left) / unit), k = Math.floor((y - top) / unit);
	return i >= 0 && k >= 0 && i < modules && k < modules && data[k * modules + i] === 0 ? 0 : 255;
};

function chunk(type, bytes) {
	const body = Buffer.concat([Buffer.from(type), bytes]);
	const out = Buffer.alloc(8 + body.length);
	out.writeUInt32BE(bytes.length);
	body.copy(out, 4);
	out.writeUInt32BE(crc32(body), 4 + body.length);
	return out;
}

const side = (modules + 8) * 5;
const rows = Buffer.alloc(side * (side + 1));
for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) rows[y * (side + 1) + 1 + x] = shade(x, y, 20, 20, 5);
const header = Buffer.alloc(13);
header.writeUInt32BE(side, 0);
header.writeUInt32BE(side, 4);
header.set([8, 0, 0, 0, 0], 8);
writeFileSync(png, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));

const W = 640, H = 480, unit = Math.floor((H - 40) / (modules + 2));
const frame = Buffer.alloc(W * H * 1.5, 128);
for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) frame[y * W + x] = 20 + (shade(x, y, 120, 20, unit) * 210) / 255;
const frames = Array.from({ length: 10 }, () => Buffer.concat([Buffer.from('FRAME\n'), frame]));
writeFileSync(y4m, Buffer.concat([Buffer.from(`YUV4MPEG2 W${W} H${H} F10:1 Ip A1:1 C420mpeg2\n`), ...frames]));
