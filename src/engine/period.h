/* SPDX-License-Identifier: Apache-2.0 */
/* period.h: spans of days as offices name them. Both ends are inclusive. */
#ifndef LINLI_ENGINE_PERIOD_H
#define LINLI_ENGINE_PERIOD_H

#include "base/arena.h"
#include "base/date.h"

struct period {
    int32_t from, to;
};

/* The week (Monday first), month, quarter, half or year that a day falls in; kind is the word of cadence_def:
 * "week" "month" "quarter" "half" "year". from DAY_NONE if the word is none of these. */
struct period period_of(const char *kind, int32_t day);
/* n whole years that end with the day's year: years(4, 2024-12-31) is 2021-01-01 … 2024-12-31. When the period ends
 * inside a year it ends there: years(4, 2024-06-30) is 2021-01-01 … 2024-06-30. */
struct period period_years(int n, int32_t end);
/* "2024", "2024-Q3", "2024-H1", "2024-07", "2024-07-15", "2024-01-01..2024-06-30"; from DAY_NONE if it is none. */
struct period period_parse(const char *s);
/* 2024年 / 2024年第三季度 / 2024年上半年 / 2024年7月 / 2024年1月至5月 / 2021年至2024年 / 2024年3月5日至4月2日. */
const char *period_words(struct arena *a, struct period p);
/* The shortest form that period_parse reads back. */
const char *period_code(struct arena *a, struct period p);

#endif
