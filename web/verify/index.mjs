// SPDX-License-Identifier: Apache-2.0

// Checking documents issued with Hufu, without DOM: formats and rules are those of docs/FORMAT.md.
//
//	const policy = readPolicy(bytes);                                 from the issuer itself
//	const gather = new Gather({ site, policy, now, memory });         what is asked for is read once
//	const evidence = await gather.evidence(ofBytes(pdf));             or ofWord(link), ofCodes(texts of a picture)
//	const verdict = verdictOf(evidence);                              verdict.code, the axes
//	headline(evidence, verdict, 'en'); fields(evidence, 'en'); reportOf(name, evidence, verdict);
export { Gather } from './gather.mjs';
export { Memory, readMemory } from './memory.mjs';
export { Refusal } from './refusal.mjs';
export { bundleSite } from './bundle.mjs';
export { csvOf, groundsOf, reportOf } from './report.mjs';
export { exitOf, verdictOf } from './verdict.mjs';
export { followPolicy, readPolicy, successorPath } from './policy.mjs';
export { isPicture, nothing, ofBytes, ofCodes, ofWord } from './target.mjs';
export { siteOf } from './site.mjs';
export * from './words.mjs';
