/* SPDX-License-Identifier: Apache-2.0 */
/* record_clock.c: time limits that begin with a record or a move, and the days they are due. */
#include <string.h>

#include "base/date.h"
#include "model/record_inner.h"
#include "store/sys_clock.h"
#include "store/sys_outbox.h"

static const int64_t hour_ms = 3600 * 1000;

/* Does some move start it? Then it does not begin with the record. */
static bool started_by_move(const struct reg *r, const struct clock_def *c)
{
    for (size_t i = 0; i < r->nmoves; i++)
        for (struct clock_def **s = r->moves[i].starts; s && *s; s++)
            if (*s == c)
                return true;
    return false;
}

static bool is_over(const struct record *r)
{
    const struct state *st = r->state ? reg_state(r->reg, r->state) : NULL;

    return st && st->final;
}

static const struct field *due_field(const struct reg *r, const struct clock_def *c)
{
    return c->field ? reg_field(r, c->field) : NULL;
}

/* When it begins to run: with the record, at the instant it happened as far as that is known; else now. */
static int64_t begins(const struct record *r, bool with_record)
{
    const struct field *f = r->reg->happened ? reg_field(r->reg, r->reg->happened) : NULL;

    if (!with_record)
        return now_ms();
    if (f && f->type == TYPE_INSTANT && r->values[f->index].kind == VALUE_INT)
        return r->values[f->index].i;
    return instant_day(r->captured) == r->happened ? r->captured : day_instant(r->happened, 0);
}

/* The instant for clocks in hours, else the day. */
static int64_t due_at(const struct site *site, const struct clock_def *c, int64_t from)
{
    if (c->unit == 'h')
        return from + c->amount * hour_ms;
    if (c->unit == 'w')
        return site_working_day(site, instant_day(from), c->amount);
    return instant_day(from) + c->amount;
}

static int64_t due_day(const struct clock_def *c, int64_t due)
{
    return c->unit == 'h' ? instant_day(due) : due;
}

static struct value due_value(const struct field *f, const struct clock_def *c, int64_t due)
{
    if (f->type == TYPE_INSTANT)
        return value_int(c->unit == 'h' ? due : day_instant((int32_t)due, 23 * 60 + 59));
    return value_int(due_day(c, due));
}

/* The day in the clock's field, or computed where it has none. */
static int32_t due_of(const struct site *site, const struct record *r, const struct clock_def *c, bool with_record)
{
    const struct field *f = due_field(r->reg, c);
    struct value v = f ? r->values[f->index] : value_null();

    if (v.kind == VALUE_INT)
        return f->type == TYPE_INSTANT ? instant_day(v.i) : (int32_t)v.i;
    return (int32_t)due_day(c, due_at(site, c, begins(r, with_record)));
}

static bool wanted(struct save *s, const struct record *r, const struct clock_def *c)
{
    struct scope sc;

    if (!c->when)
        return true;
    sc = record_scope(s->site, r);
    return expr_true(s->a, c->when, &sc);
}

void record_clock_fields(struct save *s, struct record *r, struct clock_def *const *starts)
{
    for (size_t i = 0; i < r->reg->nclocks; i++) {
        const struct clock_def *c = &r->reg->clocks[i];
        const struct field *f = due_field(r->reg, c);
        bool starting = !starts && !started_by_move(r->reg, c);

        for (struct clock_def *const *m = starts; m && *m; m++)
            starting |= *m == c;
        /* what a ledger says of a finished matter is not added to */
        if (!starting || !f || (!starts && is_over(r)) || !wanted(s, r, c))
            continue;
        if (starts || r->values[f->index].kind == VALUE_NULL)
            r->values[f->index] = due_value(f, c, due_at(s->site, c, begins(r, !starts)));
    }
}

/* An edit made another clock of the same field the right one (the kind was corrected): the day that the old one had
 * computed gives way to the new one's; a day that was typed stays. */
void record_clock_switch(struct save *s, struct record *r, const struct record *was)
{
    for (size_t i = 0; i < r->reg->nclocks; i++) {
        const struct clock_def *c = &r->reg->clocks[i];
        const struct field *f = due_field(r->reg, c);
        struct value *v = f ? &r->values[f->index] : NULL;

        if (!v || started_by_move(r->reg, c) || is_over(r) || !wanted(s, r, c) || wanted(s, was, c))
            continue;
        for (size_t j = 0; j < r->reg->nclocks && v->kind == VALUE_INT; j++) {
            const struct clock_def *old = &r->reg->clocks[j];

            if (old != c && due_field(r->reg, old) == f && wanted(s, was, old) && !wanted(s, r, old) &&
                value_equal(*v, due_value(f, old, due_at(s->site, old, begins(was, true)))))
                *v = value_null();
        }
        if (v->kind == VALUE_NULL)
            *v = due_value(f, c, due_at(s->site, c, begins(r, true)));
    }
}

/* Who is to act: the role of the first move that stops the clock. */
static const char *owner_role(const struct reg *r, const struct clock_def *c)
{
    for (size_t i = 0; i < r->nmoves; i++)
        for (const char **n = r->moves[i].stops; n && *n; n++)
            if (!strcmp(*n, c->name) && r->moves[i].by.names && r->moves[i].by.names[0])
                return r->moves[i].by.names[0];
    return "";
}

/* Whom the record is with, as its field says, in the states where it is with somebody. */
static const char *with(const struct record *r)
{
    const struct field *f = r->reg->assigned ? reg_field(r->reg, r->reg->assigned) : NULL;
    const char **in = r->reg->assigned_in;

    while (in && *in && (!r->state || strcmp(*in, r->state) != 0))
        in++;
    if (!f || r->values[f->index].kind != VALUE_TEXT || (in && !*in))
        return "";
    return r->values[f->index].s;
}

/* quiet: no message of it. */
static int put(struct db *d, struct save *s, const struct record *r, const struct clock_def *c, bool with_record,
               bool quiet, struct err *e)
{
    const struct field *g = r->reg->grid_field ? reg_field(r->reg, r->reg->grid_field) : NULL;
    struct clock row = {.home = r->home,
                        .table = r->reg->name,
                        .record = r->id,
                        .name = c->name,
                        .due = due_of(s->site, r, c, with_record),
                        .started = begins(r, with_record),
                        .owner_role = owner_role(r->reg, c),
                        .unit = r->unit,
                        .grid = g && r->values[g->index].kind == VALUE_INT ? r->values[g->index].i : 0,
                        .who = with(r)};
    char day[16];

    if (clock_put(d, &row, e) < 0)
        return -1;
    if (quiet || s->batch) /* an old ledger does not ring at anybody's door */
        return 0;
    return outbox_put(d, r->home, "clock",
                      arena_printf(s->a,
                                   "{\"register\":\"%s\",\"record\":\"%lld\",\"clock\":\"%s\",\"due\":\"%s\","
                                   "\"unit\":\"%lld\",\"role\":\"%s\"}",
                                   r->reg->name, (long long)r->id, c->name, day_iso((int32_t)row.due, day),
                                   (long long)r->unit, row.owner_role),
                      now_ms(), e);
}

int record_clock_start(struct db *d, struct save *s, const struct record *r, const struct clock_def *c,
                       struct err *e)
{
    return wanted(s, r, c) ? put(d, s, r, c, false, false, e) : 0;
}

/* A day that was typed anew, another unit or somebody else to act moves the running clock along. */
static int follow(struct db *d, struct save *s, const struct record *r, const struct record *was,
                  const struct clock_def *c, struct err *e)
{
    const struct field *f = due_field(r->reg, c);
    struct clock row;
    bool due_same = !f || value_equal(r->values[f->index], was->values[f->index]);
    int found;

    if (due_same && r->unit == was->unit && strcmp(with(r), with(was)) == 0)
        return 0;
    found = clock_find(&row, s->a, d, r->home, r->reg->name, r->id, c->name, e);
    if (found <= 0 || row.done)
        return found < 0 ? -1 : 0;
    if (!due_same)
        row.due = due_of(s->site, r, c, !started_by_move(r->reg, c));
    row.unit = r->unit;
    row.who = with(r);
    return clock_put(d, &row, e);
}

int record_clocks(struct db *d, struct save *s, struct record *r, const struct record *was, struct err *e)
{
    for (size_t i = 0; i < r->reg->nclocks; i++) {
        const struct clock_def *c = &r->reg->clocks[i];
        bool with_record = !started_by_move(r->reg, c);
        bool now = with_record && !is_over(r) && wanted(s, r, c);
        bool before = with_record && was && wanted(s, was, c);
        int rc = 0;

        if (now && !before && (!was || !is_over(was)))
            rc = put(d, s, r, c, true, false, e);
        else if (before && with_record && !wanted(s, r, c))
            rc = clock_close(d, r->home, r->reg->name, r->id, c->name, now_ms(), e);
        else if (was)
            rc = follow(d, s, r, was, c, e);
        if (rc < 0)
            return -1;
    }
    return 0;
}

int record_clocks_back(struct db *d, struct save *s, const struct record *r, struct err *e)
{
    struct clock *had;
    size_t n;

    if (clock_aside(d, r->home, r->reg->name, r->id, false, e) < 0 ||
        clock_of_record(&had, &n, s->a, d, r->home, r->reg->name, r->id, e) < 0)
        return -1;
    /* it was withdrawn when clocks were not kept yet: those that begin with the record can be told anew */
    for (size_t i = 0; n == 0 && i < r->reg->nclocks; i++) {
        const struct clock_def *c = &r->reg->clocks[i];

        if (!started_by_move(r->reg, c) && !is_over(r) && wanted(s, r, c) && put(d, s, r, c, true, true, e) < 0)
            return -1;
    }
    return 0;
}
