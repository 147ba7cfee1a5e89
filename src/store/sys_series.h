/* SPDX-License-Identifier: Apache-2.0 */
/* sys_series.h: running numbers (编号) without gaps: taken in the record's own transaction, so that a record that
 * is not saved uses none. s_series(home, name, period, last). */
#ifndef LINLI_STORE_SYS_SERIES_H
#define LINLI_STORE_SYS_SERIES_H

#include "store/db.h"

/* period: "2026", "2026-03" or "" where the series never begins again. The first number is 1. */
int series_next(int64_t *out, struct db *d, int64_t home, const char *name, const char *period, struct err *e);
/* The last number given out, 0 if none. */
int series_last(int64_t *out, struct db *d, int64_t home, const char *name, const char *period, struct err *e);
/* Continue an existing paper series: the next number will be last + 1. Never goes back: ERR_CONFLICT. */
int series_set(struct db *d, int64_t home, const char *name, const char *period, int64_t last, struct err *e);

#endif
