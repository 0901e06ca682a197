/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUFU_TEXT_DATE_H
#define HUFU_TEXT_DATE_H

#include "base/arena.h"
#include "base/civil.h"

/* A civil date as documents print it (GB/T 15835-2011; domain rules of documents.md).  The date must be valid. */

/* 2026年11月23日 */
bool text_date_zh(struct arena *a, struct civil date, struct str *out, struct err *e) MUST_CHECK;

/* 二〇二六年十一月二十三日, zero as U+3007 */
bool text_date_hanzi(struct arena *a, struct civil date, struct str *out, struct err *e) MUST_CHECK;

/* 23 November 2026 */
bool text_date_en(struct arena *a, struct civil date, struct str *out, struct err *e) MUST_CHECK;

#endif
