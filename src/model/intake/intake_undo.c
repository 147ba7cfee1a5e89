/* SPDX-License-Identifier: Apache-2.0 */
/* intake_undo.c: taking an import back: what it made is withdrawn, what it changed is put back, unless somebody has
 * worked on the record since. */
#include <stdio.h>
#include <string.h>

#include "model/intake_parts.h"
#include "store/sys_batch.h"
#include "store/sys_intake.h"

#define UNDO_CHUNK 200
#define UNDO_NAMED 5 /* titles said in the message */

struct undoing {
    struct site *site;
    struct view view;
    const struct actor *actor;
    struct arena *a, *chunk;
    struct batch batch;
    int64_t before; /* seq */
    bool more;
    long undone, kept;
    const char *names;
    struct map *versions; /* records this undo has changed already → their version */
};

static struct save save_of(struct undoing *u)
{
    return (struct save){.site = u->site,
                         .view = &u->view,
                         .actor = u->actor,
                         .a = u->chunk,
                         .act = "undo",
                         .note = "撤销导入",
                         .quiet_required = true,
                         .trusted = true};
}

static void keep(struct undoing *u, const struct record *r)
{
    const struct looker who = {.view = &u->view, .who = u->actor};

    if (u->kept < UNDO_NAMED)
        u->names =
            arena_printf(u->a, "%s%s“%s”", u->names, *u->names ? "、" : "", record_title_for(u->chunk, &who, r));
    u->kept++;
}

static int put_back(struct db *d, struct undoing *u, const struct undo *x, struct record *r, struct err *e)
{
    struct save s = save_of(u);
    int *version = arena_alloc(u->a, sizeof *version);

    if (x->made) {
        if (record_withdraw_in(d, &s, r->reg, r->home, r->id, "撤销导入", e))
            return -1;
        *version = r->version + 1;
    } else {
        if (record_thaw(u->chunk, r, x->was, e) || record_save_in(d, &s, r, NULL, e))
            return -1;
        *version = r->version;
    }
    map_put(u->versions, arena_printf(u->chunk, "%lld", (long long)r->id), version);
    u->undone++;
    return seen_drop(d, x->home, x->table, x->record, x->batch, e);
}

static int undo_one(struct db *d, struct undoing *u, const struct undo *x, struct err *e)
{
    const struct reg *reg = schema_reg(u->view.schema, x->table);
    const int *mine = map_get(u->versions, arena_printf(u->chunk, "%lld", (long long)x->record));
    struct record *r;
    struct err own = {0};

    if (!reg) {
        u->kept++;
        return 0;
    }
    if (record_load(&r, u->chunk, d, reg, x->record_home, x->record, &own)) {
        if (own.code != ERR_MISSING && e)
            *e = own;
        return own.code == ERR_MISSING ? 0 : -1;
    }
    if (r->gone) /* somebody withdrew it: nothing is left to take back */
        return seen_drop(d, x->home, x->table, x->record, x->batch, e);
    if (r->version != (mine ? *mine : x->version)) {
        keep(u, r);
        return 0;
    }
    if (actor_reg(&u->view, u->actor, reg, true, r->unit, e) || db_save(d, e))
        return -1;
    if (put_back(d, u, x, r, &own) == 0)
        return db_release(d, e);
    db_undo(d);
    if (own.code == ERR_INPUT || own.code == ERR_CONFLICT) {
        keep(u, r);
        return 0;
    }
    if (e)
        *e = own;
    return -1;
}

static int undo_chunk(struct db *d, void *arg, struct err *e)
{
    struct undoing *u = arg;
    struct undo *list;
    size_t n;

    if (undo_list(&list, &n, u->chunk, d, u->batch.home, u->batch.id, u->before, UNDO_CHUNK, e))
        return -1;
    u->more = n == UNDO_CHUNK;
    for (size_t i = 0; i < n; i++) {
        if (undo_one(d, u, &list[i], e))
            return -1;
        u->before = list[i].seq;
    }
    return u->more ? 0 : batch_undo(d, u->batch.home, u->batch.id, now_ms(), e);
}

static int undo_all(struct undoing *u, int64_t home, int64_t batch, struct err *e)
{
    struct db *d = store_reader(u->site->store, e);
    int found = d ? batch_find(&u->batch, u->a, d, home, batch, e) : -1;

    if (found == 0)
        return err_set(e, ERR_MISSING, "没有这一批导入");
    if (found < 0)
        return -1;
    if (u->batch.undone)
        return err_set(e, ERR_CONFLICT, "这一批导入已经撤销过了");
    if (!actor_may(&u->view, u->actor, MAY_IMPORT, u->batch.unit))
        return err_set(e, ERR_DENIED, "您没有撤销这一批导入的权限");
    if (u->batch.at < now_ms() - undo_days(u->site->store) * (int64_t)24 * 3600 * 1000)
        return err_set(e, ERR_CONFLICT, "这一批导入已超过%d天，撤销所需的底稿已按期清理，不能整批撤销。请逐条处理",
                       undo_days(u->site->store));
    do {
        if (store_write(u->site->store, undo_chunk, u, e))
            return -1;
        arena_reset(u->chunk);
    } while (u->more);
    return site_refresh(u->site, e);
}

int intake_undo(struct site *s, const struct actor *actor, int64_t home, int64_t batch, long *undone, long *kept,
                struct err *e)
{
    struct undoing u = {
        .site = s, .actor = actor, .a = arena_new(), .chunk = arena_new(), .before = INT64_MAX, .names = ""};
    int rc;

    u.versions = map_new(u.a);
    site_hold(s, &u.view);
    rc = undo_all(&u, home, batch, e);
    site_drop(s, &u.view);
    *undone = u.undone;
    *kept = u.kept;
    if (rc == 0 && e) {
        err_clear(e);
        if (u.kept)
            snprintf(e->msg, sizeof e->msg, "有%ld条导入以后被改过，没有撤销：%s%s。如要撤回，请打开它们逐条处理",
                     u.kept, u.names, u.kept > UNDO_NAMED ? "等" : "");
    }
    arena_free(u.chunk);
    arena_free(u.a);
    return rc;
}
