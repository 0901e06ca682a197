/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_WORDS_H
#define HUFU_PROOF_WORDS_H

#include "proof/verdict.h"

/* The words of every verdict (proof.md §5), Chinese and English.  Constant strings; none allocates. */
enum words_lang { WORDS_EN, WORDS_ZH };

/* As machines read them: "NOT-IN-MANIFEST", "genuine", "added-to", "two-codes", "status"; never NULL. */
const char *words_code(enum verdict_code code);
const char *words_authenticity(enum authenticity axis);
const char *words_status(enum status axis);
const char *words_freshness(enum freshness axis);
const char *words_transparency(enum transparency axis);
const char *words_file(enum file_state axis);
const char *words_log_from(enum log_from from);
const char *words_reason(enum verdict_reason reason); /* "" for REASON_NONE */
const char *words_item(enum verdict_item item);

/* "practising-certificate", "non-practising-certificate", "good-standing-letter", "status-statement"; NULL for others. */
const char *words_type(unsigned type);

/* The same for people. */
const char *words_type_for(unsigned type, enum words_lang lang);
const char *words_item_for(enum verdict_item item, enum words_lang lang);

/*
 * The headline, one line without \n: "VALID" and "有效", but for a letter "GENUINE — true as at 09:00 (UTC+8) 23 Nov 2026;
 * not a statement about today", and "… (the log was not checked)" where --allow no-log lowered it.
 */
void words_headline(struct buf *out, const struct evidence *evidence, const struct verdict *verdict,
		    enum words_lang lang);

/* One or two sentences that explain it, without \n. */
void words_sentence(struct buf *out, const struct evidence *evidence, const struct verdict *verdict,
		    enum words_lang lang);

/* The signed fields to compare with the page, "label: value" lines, each with \n; a letter's begins "Addressed to: X". */
void words_fields(struct buf *out, const struct evidence *evidence, const struct verdict *verdict,
		  enum words_lang lang);

/*
 * All of it as `hufu verify` prints it, lines with \n: headline, sentence, fields (a genuine letter: fields, sentence),
 * checked, not checked, the status list's date, who confirmed the log ("not witnessed" for a quorum of 0), as of.
 */
void words_all(struct buf *out, const struct evidence *evidence, const struct verdict *verdict,
	       enum words_lang lang);

#endif
