// SPDX-License-Identifier: Apache-2.0
// What the page says besides verdicts: English, Chinese.
const TEXTS = {
	title: ['Verification', '证书核验'],
	language: ['Language', '语言'],
	start: ['Start', '开始核验'],
	cameraHint: ['Hold the code on the document in the frame', '将证书上的二维码放入框内'],
	cameraOn: ['Scan with the camera', '用摄像头扫码'],
	cameraOff: ['Stop the camera', '关闭摄像头'],
	cameraAsked: ['Waiting for permission to use the camera…', '正在等待摄像头授权…'],
	cameraNone: ['The camera cannot be used here. Type the code or choose a file instead.', '此处无法使用摄像头。请输入核验码或选择文件。'],
	cameraOther: ['This is another code. Scan the one beside "scan to verify".', '这不是核验码。请扫描“扫码核验”字样旁的码。'],
	codeLabel: ['Or type the code under it', '或输入核验码'],
	codeHint: ['16 letters and digits below the code, in any case; dashes do not matter. A link can be pasted here too.', '二维码下方的 16 位字母和数字，不区分大小写，短横可省；也可粘贴链接。'],
	codeBad: ['This is neither a code of 16 letters and digits nor a link with one.', '请输入 16 位核验码，或含核验码的链接。'],
	codeGo: ['Check', '核验'],
	fileLabel: ['Or check files', '或核验文件'],
	fileHint: ['PDF as it was received, or a picture of the code; up to 500 at once. Files stay on this device.', '所收到的 PDF 原件，或二维码图片；一次最多 500 份。文件不会离开本机。'],
	fileWeChat: ['If no file can be chosen here, open this page in your browser (menu at the top right).', '微信内如无法选择文件，请点右上角菜单“在浏览器打开”。'],
	fileGo: ['Choose files', '选择文件'],
	fileDrop: ['Drop files here', '将文件拖放到此处'],
	local: ['Checked on this device; neither picture nor document is sent anywhere.', '核验在本机完成，画面与证书内容不上传。'],
	offlineReady: ['Works without a net once opened.', '打开过一次后可离线使用。'],
	offlineNot: ['Opened at an address without https: works only while connected.', '当前地址非 https，仅可联网使用。'],
	address: ['Make sure the address bar says {0}', '请确认地址栏为 {0}'],
	elsewhere: ['This page is not at the issuer’s own address {0}.', '此页不在签发机构自己的地址 {0}。'],
	pinned: ['Fingerprint of the issuer: {0}. It stands on the foot of every letter; compare it once.', '签发机构信任指纹：{0}。每份函件页脚均印有，请核对一次。'],
	policyOther: ['This site now names other root keys, and nothing signed by the old ones says so. Do not rely on its answers; ask the issuer.', '此网站所列根密钥已变，却没有原根密钥的签名确认。请勿依赖其结果，并向签发机构查询。'],
	policyNone: ['The issuer’s site could not be reached. Open this page once while connected.', '未能访问签发机构网站。请先联网打开此页一次。'],
	checking: ['Checking…', '正在核验…'],
	checkingMany: ['Checking {0} of {1}…', '正在核验第 {0} 份，共 {1} 份…'],
	failed: ['The check could not be carried out: {0}', '未能完成核验：{0}'],
	compare: ['Compare with the document', '请与文件逐项核对'],
	compareHint: ['Tick each line that matches. If one differs, it is not this document.', '勾选与文件一致的项目；有一项不同，即非本证书。'],
	compareAll: ['All lines agree.', '各项均一致。'],
	claims: ['What the code claims', '码中所称内容'],
	claimsHint: ['Not confirmed by the issuer. Do not rely on any line.', '未经签发机构证实，请勿采信任何一项。'],
	how: ['How we know', '核验依据'],
	details: ['Details', '详情'],
	again: ['Check another', '再核验一份'],
	retry: ['Connect and check again', '联网后重新核验'],
	report: ['Report a concern', '报告疑问'],
	reportBad: ['Report this document', '报告此文件'],
	reportSubject: ['Verification', '证书核验'],
	contact: ['Contact of the issuer: {0}', '签发机构联系方式：{0}'],
	print: ['Print', '打印'],
	evidence: ['Save evidence', '保存核验记录'],
	original: ['Save the original part', '保存原件部分'],
	noName: ['Code', '核验码'],
	many: ['{0} files', '{0} 份文件'],
	manySum: ['{0} confirmed, {1} not, {2} could not be told', '属实 {0} 份，否 {1} 份，未能判定 {2} 份'],
	manyLimit: ['Only the first {0} were checked.', '仅核验了前 {0} 份。'],
	filter: ['Addressed to (part of the name)', '致（收件人名称的一部分）'],
	csv: ['Save table (CSV)', '保存表格（CSV）'],
	records: ['Save evidence of all (JSON)', '保存全部核验记录（JSON）'],
	colVerdict: ['Answer', '结论'],
	colRecipient: ['Addressed to', '致'],
	colName: ['Name', '姓名'],
	colAsAt: ['True as at', '所述截至'],
	colExpires: ['Valid to', '有效期至'],
	colFile: ['File', '文件'],
	back: ['Back to the table', '返回列表'],
	linkLost: ['The code did not come along with the link. Scan it from the document, or type it.', '链接中未带核验码。请扫描证书上的二维码，或输入核验码。'],
};

/** @type {'en' | 'zh'} */
let lang = 'en';
export const language = () => lang;
export function setLanguage(/** @type {'en' | 'zh'} */ to) {
	lang = to;
	document.documentElement.lang = to === 'zh' ? 'zh-Hans' : 'en';
}

/** The text of a key in the reader's language, {0} and {1} filled in. */
export const t = (/** @type {string} */ key, /** @type {any[]} */ ...values) => TEXTS[key][lang === 'zh' ? 1 : 0].replace(/\{(\d)\}/g, (_, i) => String(values[i]));

/** Fill what stands in the page: data-t names the text, data-t-… an attribute's. */
export function translate(/** @type {ParentNode} */ root) {
	for (const element of root.querySelectorAll('[data-t]')) element.textContent = t(/** @type {HTMLElement} */ (element).dataset.t);
	for (const element of root.querySelectorAll('[data-t-label]')) element.setAttribute('aria-label', t(/** @type {HTMLElement} */ (element).dataset.tLabel));
}
