/* SPDX-License-Identifier: Apache-2.0 */
/* record_find.c: a record by its id alone, if the actor may read it. */
#include "model/query_find.h"

int record_find(struct record **out, struct arena *a, struct db *d, const struct view *v, const struct actor *actor,
                const struct reg *r, int64_t id, struct err *e)
{
    if (query_find(out, a, d, v, r, id, e))
        return -1;
    if (actor_reg(v, actor, r, false, (*out)->unit, NULL))
        return err_set(e, ERR_MISSING, "“%s”里没有这一条，或者不在您能查看的范围内。",
                       label_in(&r->label, LANG_HANS));
    (*out)->own = actor_owns(v, actor, *out);
    return 0;
}
