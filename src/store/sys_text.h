/* SPDX-License-Identifier: Apache-2.0 */
/* sys_text.h: what people write into the slots of a report, kept for a unit and a period.
 *
 * s_report_text(home, unit, report, start, stop, slot, text, version, who, at), with a trail entry for each saving;
 * an emptied text stays as a version without words. */
#ifndef LINLI_STORE_SYS_TEXT_H
#define LINLI_STORE_SYS_TEXT_H

#include "base/arena.h"
#include "store/db.h"

struct text_at {
    int64_t home, unit;
    const char *report;
    int32_t from, to; /* days */
};
struct text_kept {
    const char *slot, *text;
    int64_t version; /* 1, 2, 3 …; when saved: the one it was based on, 0 none */
    int64_t who, at; /* user id, instant UTC ms */
};
/* By slot. */
int text_list(struct text_kept **out, size_t *n, struct arena *a, struct db *d, const struct text_at *at,
              struct err *e);
/* The newest texts of the same report whose period began on the same day and ended earlier: a year under way is
 * reported to a later day each time. By slot. */
int text_list_earlier(struct text_kept **out, size_t *n, struct arena *a, struct db *d, const struct text_at *at,
                      struct err *e);
/* Within a transaction. ERR_CONFLICT when it is not based on what stands there: nothing is overwritten unseen. */
int text_save(struct db *d, const struct text_at *at, const struct text_kept *t, struct err *e);

#endif
