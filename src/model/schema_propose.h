/* SPDX-License-Identifier: Apache-2.0 */
/* schema_propose.h: an office's ledger becomes a register it can correct: linli modules new. */
#ifndef LINLI_MODEL_SCHEMA_PROPOSE_H
#define LINLI_MODEL_SCHEMA_PROPOSE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/table.h"

/* Write the declaration of register `name` for the sheet that looks most like a ledger (others with the same header
 * are read with it): fields with types told from their values, choices for columns with few of them, child tables
 * for groups of columns that repeat. What may not be collected is left out with the reason as a comment. The result
 * is accepted by schema_load as it is. ERR_INPUT if the name is none or no sheet has a header with rows below. */
int schema_propose(struct buf *out, struct arena *a, const struct book *b, const char *name, struct err *e);

#endif
