/* SPDX-License-Identifier: Apache-2.0 */
/* unclaimed.h: contents that came with a form which nobody finished.
 *
 * A content is on disk before its row in s_file (design §5.1), and stays there where the form is never sent again.
 * Rows are no matter here: they are written and claimed by their record in one transaction. */
#ifndef LINLI_STORE_UNCLAIMED_H
#define LINLI_STORE_UNCLAIMED_H

#include "store/store.h"

/* How long an upload waits for its form to be saved: linli.yaml upload_days, 2 unless it says so, at least 1. */
int upload_days(const struct store *s);
/* Remove the contents that came before this instant (milliseconds) and that no attachment names. It is looked up
 * again on the writer, where rows are written: whoever writes one there looks first whether its content is still
 * there (files_here). Not on the writer's own thread. */
int unclaimed_sweep(struct store *s, int64_t before, struct err *e);

#endif
