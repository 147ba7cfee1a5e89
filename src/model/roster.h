/* SPDX-License-Identifier: Apache-2.0 */
/* roster.h: rows of a child table taken from a roster (`from` of the child table: doc/module-language.md, section
 * 6): the people of a meeting's branch on the meeting's day. */
#ifndef LINLI_MODEL_ROSTER_H
#define LINLI_MODEL_ROSTER_H

#include "model/record.h"

/* Add a row for each record of the roster that belongs to the unit of r (or beneath it) and meets the condition on
 * the day of r, unless there is a row with the same first field already. The unit and day of r must be known: after
 * record_check. ERR_DENIED where the actor may not read the roster there or sees its columns masked; ERR_INPUT
 * where there are more than fit. */
int record_roster(size_t *added, struct db *d, struct save *s, struct record *r, const struct reg *child,
                  struct err *e);

#endif
