/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_PROOF_WORDS_INNER_H
#define HUFU_PROOF_WORDS_INNER_H

#include "proof/words.h"

/* What the files of words share; nobody else includes this. */
struct text {
	const char *en, *zh;
};

static inline const char *words_in(const struct text *t, enum words_lang lang)
{
	return lang == WORDS_ZH ? t->zh : t->en;
}

/* A letter or a status statement: it tells of one moment. */
bool words_is_letter(const struct evidence *ev);

/* "19 November 2026", "2026年11月19日". */
void words_put_day(struct buf *out, int64_t day, enum words_lang lang);

/* "09:00 (UTC+8) 23 Nov 2026", "2026年11月23日09:00（UTC+8）", in the issuer's zone. */
void words_put_minute(struct buf *out, int64_t unix_s, const struct evidence *ev,
		      enum words_lang lang);

/* "Label: ", "标签：". */
void words_put_label(struct buf *out, const char *en, const char *zh, enum words_lang lang);

#endif
