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

/* How far it has come. */
struct stage {
    int64_t before; /* seq */
    bool more;
    long undone, kept;
    const char *names;
};
struct undoing {
    struct site *site;
    struct view view;
    const struct actor *actor;
    struct arena *a, *chunk;
    int64_t home, id;
    struct batch batch;
    struct stage now, done; /* in the transaction in hand, which may run again; with those behind it */
    struct map *versions;   /* records this undo has changed already → their version */
    struct map *fresh;      /* the same, of the transaction in hand */
    struct touched {
        const char *key;
        int *version;
    } touched[UNDO_CHUNK]; /* what fresh holds */
    size_t ntouched;
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

    struct stage *n = &u->now;

    if (n->kept < UNDO_NAMED)
        n->names =
            arena_printf(u->a, "%s%s“%s”", n->names, *n->names ? "、" : "", record_title_for(u->chunk, &who, r));
    n->kept++;
}

static const char *id_key(struct undoing *u, int64_t id)
{
    return arena_printf(u->chunk, "%lld", (long long)id);
}

/* The version this undo has left a record at; NULL if it has not touched it. */
static const int *left_at(struct undoing *u, int64_t id)
{
    const int *v = map_get(u->fresh, id_key(u, id));

    return v ? v : map_get(u->versions, id_key(u, id));
}

static void touch(struct undoing *u, int64_t id, int version)
{
    struct touched *t = &u->touched[u->ntouched++];

    t->key = id_key(u, id);
    t->version = arena_alloc(u->a, sizeof *t->version);
    *t->version = version;
    map_put(u->fresh, t->key, t->version);
}

static int put_back(struct db *d, struct undoing *u, const struct undo *x, struct record *r, struct err *e)
{
    struct save s = save_of(u);

    if (x->made) {
        if (record_withdraw_in(d, &s, r->reg, r->home, r->id, "撤销导入", e))
            return -1;
        touch(u, r->id, r->version + 1);
    } else {
        if (record_thaw(u->chunk, r, x->was, e) || record_save_in(d, &s, r, NULL, e))
            return -1;
        touch(u, r->id, r->version);
    }
    u->now.undone++;
    return seen_drop(d, x->home, x->table, x->record, x->batch, e);
}

static int undo_one(struct db *d, struct undoing *u, const struct undo *x, struct err *e)
{
    const struct reg *reg = schema_reg(u->view.schema, x->table);
    const int *mine = left_at(u, x->record);
    struct record *r;
    struct err own = {0};

    if (!reg) {
        u->now.kept++;
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
    if (actor_edit(&u->view, u->actor, r, e) || db_save(d, e))
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

/* Whether it may be, as the transaction that begins it sees it; a run that is still going on ends with it. */
static int undo_begin(struct db *d, struct undoing *u, struct err *e)
{
    const int days = undo_days(u->site->store);
    int found = batch_find(&u->batch, u->a, d, u->home, u->id, e);

    if (found == 0)
        return err_set(e, ERR_MISSING, "没有这一批导入");
    if (found < 0)
        return -1;
    if (u->batch.undone > 0)
        return err_set(e, ERR_CONFLICT, "这一批导入已经撤销过了");
    if (!actor_may(&u->view, u->actor, MAY_IMPORT, u->batch.unit))
        return err_set(e, ERR_DENIED, "您没有撤销这一批导入的权限");
    if (u->batch.at < now_ms() - days * (int64_t)24 * 3600 * 1000)
        return err_set(e, ERR_CONFLICT, "这一批导入已超过%d天，撤销所需的底稿已按期清理，不能整批撤销。请逐条处理",
                       days);
    return batch_undo_begin(d, u->home, u->id, now_ms(), e);
}

static int undo_chunk(struct db *d, void *arg, struct err *e)
{
    struct undoing *u = arg;
    struct undo *list;
    size_t n;

    arena_reset(u->chunk);
    u->now = u->done;
    u->fresh = map_new(u->chunk);
    u->ntouched = 0;
    if (u->now.before == INT64_MAX && undo_begin(d, u, e))
        return -1;
    if (undo_list(&list, &n, u->chunk, d, u->home, u->id, u->now.before, UNDO_CHUNK, e))
        return -1;
    u->now.more = n == UNDO_CHUNK;
    for (size_t i = 0; i < n; i++) {
        if (undo_one(d, u, &list[i], e))
            return -1;
        u->now.before = list[i].seq;
    }
    return u->now.more ? 0 : batch_undo(d, u->home, u->id, now_ms(), e);
}

static int undo_all(struct undoing *u, struct err *e)
{
    do {
        if (store_write(u->site->store, undo_chunk, u, e))
            return -1;
        for (size_t i = 0; i < u->ntouched; i++)
            map_put(u->versions, u->touched[i].key, u->touched[i].version);
        u->done = u->now;
    } while (u->done.more);
    return site_refresh(u->site, e);
}

int intake_undo(struct site *s, const struct actor *actor, int64_t home, int64_t batch, long *undone, long *kept,
                struct err *e)
{
    struct undoing u = {.site = s,
                        .actor = actor,
                        .a = arena_new(),
                        .chunk = arena_new(),
                        .home = home,
                        .id = batch,
                        .done = {.before = INT64_MAX, .names = ""}};
    int rc;

    u.versions = map_new(u.a);
    site_hold(s, &u.view);
    rc = undo_all(&u, e);
    site_drop(s, &u.view);
    *undone = u.done.undone;
    *kept = u.done.kept;
    if (rc == 0 && e) {
        err_clear(e);
        if (*kept)
            snprintf(e->msg, sizeof e->msg, "有%ld条导入以后被改过，没有撤销：%s%s。如要撤回，请打开它们逐条处理",
                     *kept, u.done.names, *kept > UNDO_NAMED ? "等" : "");
    }
    arena_free(u.chunk);
    arena_free(u.a);
    return rc;
}
