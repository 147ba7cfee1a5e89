/* SPDX-License-Identifier: Apache-2.0 */
/* intake_alike.c: a dry run says which new rows are probably in the register already, or twice in the file. Nothing
 * is refused for it. */
#include "model/alike.h"
#include "model/intake_parts.h"

static void alike_add(struct run *x, const struct intake_row *r, const struct record *twin, int row)
{
    const struct looker who = {.view = x->job->view, .who = x->job->actor};
    struct import_result *res = x->res;
    struct arena *a = x->job->a;

    res->nalike_all++;
    if (res->nalikes < LISTED_MAX)
        VEC_PUSH(a, res->alikes, res->nalikes, res->cap_alikes) =
            (struct alike){.sheet = r->plan->sheet->name,
                           .row = r->plan->sheet->rows[r->index].r + 1,
                           .reg = r->plan->reg,
                           .id = twin ? twin->id : 0,
                           .title = twin ? arena_str(a, record_title_for(x->chunk, &who, twin)) : NULL,
                           .like_row = row};
}

/* The row of this file that said the same before, 0: none. From here on this row has said it. */
static int said_before(struct run *x, const struct intake_row *r)
{
    const struct sec_key *key = store_key(x->job->site->store);
    int before = 0;

    for (size_t rule = 0; rule < r->plan->reg->nalikes; rule++) {
        const char *shared = alike_key(x->chunk, key, r->checked, rule), *at;
        struct known *k;

        if (!shared)
            continue;
        at = arena_printf(x->chunk, "%s\n%zu\n%s", r->plan->reg->name, rule, shared);
        k = map_get(x->alike, at);
        if (k) {
            before = before ? before : k->row;
            continue;
        }
        k = arena_alloc(x->job->a, sizeof *k);
        k->row = r->plan->sheet->rows[r->index].r + 1;
        map_put(x->alike, at, k);
    }
    return before;
}

int chunk_alike(struct run *x, struct err *e)
{
    struct intake_row **rows = arena_array(x->chunk, x->nrows + 1, sizeof *rows);
    struct record **rs = arena_array(x->chunk, x->nrows + 1, sizeof *rs);
    struct record **twins = arena_array(x->chunk, x->nrows + 1, sizeof *twins);
    size_t n = 0;

    if (!x->job->dry_run || x->nrows == 0 || x->rows[0].plan->reg->nalikes == 0)
        return 0;
    for (size_t i = 0; i < x->nrows; i++)
        if (x->rows[i].out == OUT_INSERTED && x->rows[i].checked) {
            rows[n] = &x->rows[i];
            rs[n++] = x->rows[i].checked;
        }
    if (n == 0)
        return 0;
    if (record_alike(twins, x->chunk, x->db, store_key(x->job->site->store), rs, n, e))
        return -1;
    for (size_t i = 0; i < n; i++) {
        int before = said_before(x, rows[i]);

        if (twins[i] && alike_told(x->job->view, x->job->actor, twins[i]))
            alike_add(x, rows[i], twins[i], 0);
        else if (before)
            alike_add(x, rows[i], NULL, before);
    }
    return 0;
}
