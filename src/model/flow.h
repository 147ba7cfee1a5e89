/* SPDX-License-Identifier: Apache-2.0 */
/* flow.h: moves between states. */
#ifndef LINLI_MODEL_FLOW_H
#define LINLI_MODEL_FLOW_H

#include "model/record.h"

struct move_option {
    const struct move *move;
    bool allowed;
    const char *why_not; /* said when it is not allowed now but concerns this actor */
};

/* The moves out of the record's state that concern this actor, the main one first. */
struct move_option *flow_options(struct arena *a, const struct save *s, const struct record *r, size_t *n);
/* Do it: checks who, from, when, requires; sets the asked fields already put into r; stamps, starts and stops
 * clocks; saves with trail act "move:NAME". r carries the version it was read with. */
int flow_move_in(struct db *d, struct save *s, struct record *r, const struct move *m, struct err *e);
int flow_move(struct save *s, struct record *r, const struct move *m, struct err *e);

#endif
