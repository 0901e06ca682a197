// SPDX-License-Identifier: Apache-2.0
const EVERY_MS = 120, SIDE_MAX = 1280;

/** The camera, till a token is seen or it is stopped. */
export class Camera {
	constructor(/** @type {HTMLVideoElement} */ video) {
		this.video = video;
		/** @type {MediaStream | null} */
		this.stream = null;
		this.canvas = document.createElement('canvas');
	}

	static isThere() {
		return Boolean(navigator.mediaDevices?.getUserMedia);
	}

	async start() {
		this.stop();
		const wish = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 1280 } };
		this.stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
		this.video.srcObject = this.stream;
		await this.video.play();
	}

	stop() {
		for (const track of this.stream?.getTracks() ?? []) track.stop();
		this.stream = null;
		this.video.srcObject = null;
	}

	/** The picture of this moment; null before there is one. */
	frame() {
		const { videoWidth, videoHeight } = this.video;
		if (videoWidth === 0) return null;
		const scale = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight));
		const width = Math.round(videoWidth * scale), height = Math.round(videoHeight * scale);
		this.canvas.width = width;
		this.canvas.height = height;
		const context = this.canvas.getContext('2d', { willReadFrequently: true });
		context.drawImage(this.video, 0, 0, width, height);
		return context.getImageData(0, 0, width, height);
	}

	/**
	 * Look till a token is seen.
	 * @param {(frame: ImageData) => Promise<{word: string | null, others: number}>} look
	 * @param {() => void} onOther another code is held before the camera
	 */
	async scan(look, onOther) {
		const stream = this.stream;
		while (this.stream === stream && stream !== null) {
			const frame = this.frame();
			const seen = frame ? await look(frame) : null;
			if (seen?.word) return this.stream === stream ? seen.word : null;
			if (seen && seen.others > 0) onOther();
			await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
		}
		return null;
	}
}
