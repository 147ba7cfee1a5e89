/* SPDX-License-Identifier: Apache-2.0 */
/* intake_cross.c: cross tables: one row per person, one column per session. The sessions are the records, the marks
 * give their child rows. All sheets of a register are one table: a second sheet with the same sessions adds to
 * them. People are told apart by name and phone; somebody who stands in two rows of one session attended it once.
 */
#include <string.h>

#include "base/utf8.h"
#include "model/intake_parts.h"
#include "model/query.h"

struct session {
    struct record *record; /* held by the job's arena, like all below */
    struct intake_row row; /* the header cell it came from */
    struct map *people;    /* who → child row of record */
    bool bad;
    long added, same, changed;
};
struct session_ref {
    const struct sheet_plan *plan;
    int col;
    struct session *session;
};
struct cross {
    struct run *x;
    const struct reg *reg, *child;
    size_t child_no;
    struct session **sessions;
    size_t nsessions, cap_sessions;
    struct session_ref *refs;
    size_t nrefs, cap_refs;
    struct map *by_print;
};

/* --- sessions from the header */

/* The lowest text of a column's header, with its line breaks. */
static const char *session_header(const struct sheet_plan *p, int col, size_t *index)
{
    for (int r = p->map->header_last; r >= p->map->header_first; r--) {
        size_t i = row_index(p->sheet, r);
        const char *t = i == SIZE_MAX ? NULL : header_text(p->sheet, i, col);

        if (t && *t) {
            *index = i;
            return t;
        }
    }
    *index = row_index(p->sheet, p->map->header_first);
    return "";
}

static size_t split_lines(struct arena *a, const char *text, const char **lines, size_t max)
{
    char *s = text_clean(a, text);
    size_t n = 0;

    for (char *line = strtok_r(s, "\n", &s); line && n < max; line = strtok_r(NULL, "\n", &s))
        if (*text_squeeze(a, line))
            lines[n++] = line;
    return n;
}

static bool dated(const struct field *f)
{
    return f->type == TYPE_DATE || f->type == TYPE_INSTANT || f->type == TYPE_MONTH;
}

static bool part_read(struct cross *c, struct session *s, const struct field *f, const char *line, struct err *e,
                      enum reason *why)
{
    struct type_ctx types = c->x->types;
    struct value v;

    types.a = c->x->job->a;
    if (type_read(&v, &types, f, line, why, e))
        return false;
    s->record->values[f->index] = v;
    s->row.given[f->index] = v.kind != VALUE_NULL;
    return true;
}

/* As many lines as parts: in order. Fewer: days go to what reads them, the rest in order. */
static void session_parts(struct cross *c, struct session *s, const char *header, const char *text)
{
    const char *lines[16];
    size_t n = split_lines(c->x->job->a, text, lines, 16), parts = 0, next = 0;
    const char *const *p = (const char *const *)c->reg->import.cross_parts;
    struct err e = {0};
    enum reason why = REASON_NONE;

    while (p && p[parts])
        parts++;
    for (size_t i = 0; i < parts && n >= parts; i++)
        if (!part_read(c, s, reg_field(c->reg, p[i]), lines[i], &e, &why))
            row_wrong(c->x->job->a, &s->row, s->row.wrongs ? -1 : 0, header, lines[i], why, "%s", e.msg);
    for (size_t i = 0; i < parts && n < parts; i++) {
        const struct field *f = reg_field(c->reg, p[i]);

        for (size_t k = 0; dated(f) && k < n; k++)
            if (lines[k] && part_read(c, s, f, lines[k], &e, &why)) {
                lines[k] = NULL;
                break;
            }
    }
    for (size_t i = 0; i < parts && n < parts; i++) {
        const struct field *f = reg_field(c->reg, p[i]);

        while (next < n && !lines[next])
            next++;
        if (!dated(f) && next < n && part_read(c, s, f, lines[next], &e, &why))
            next++;
    }
    for (size_t i = 0; i < c->reg->nfields; i++)
        if (c->reg->fields[i].required && s->record->values[i].kind == VALUE_NULL && s->row.nwrongs == 0)
            row_wrong(c->x->job->a, &s->row, 0, header, text_clean(c->x->job->a, text), REASON_REQUIRED,
                      "这一期的表头里缺“%s”。表头应分行写：期次、日期、内容；没有年份时标题里要写明是哪一年",
                      c->reg->fields[i].label.t[LANG_HANS]);
}

static const char *session_key(struct cross *c, const struct session *s)
{
    const char *key = record_key(c->x->job->a, c->reg, s->record->values);

    return key ? key : row_print(c->x, &s->row);
}

static void session_open(struct cross *c, const struct sheet_plan *p, int col)
{
    struct arena *a = c->x->job->a;
    struct session *s = arena_alloc(a, sizeof *s), *known;
    const char *text, *header = "";

    for (size_t i = 0; i < p->map->ncolumns; i++)
        if (p->map->columns[i].col == col)
            header = p->map->columns[i].header;
    s->record = record_blank(a, c->reg);
    s->record->home = c->reg->site_wide ? 0 : c->x->home;
    s->record->unit = c->x->job->unit->id;
    s->people = map_new(a);
    s->row = (struct intake_row){.plan = p, .record = s->record};
    s->row.given = arena_array(a, c->reg->nfields + 1, sizeof *s->row.given);
    text = session_header(p, col, &s->row.index);
    c->x->types.year_hint = p->map->year;
    for (size_t i = 0; i < p->nconstants; i++)
        if (p->constants[i].why == REASON_NONE) {
            s->record->values[p->constants[i].field->index] = p->constants[i].value;
            s->row.given[p->constants[i].field->index] = true;
        }
    session_parts(c, s, header, text);
    for (size_t i = 0; i < s->row.nwrongs; i++)
        s->row.wrongs[i].col = col;
    s->bad = s->row.nwrongs > 0;
    known = s->bad ? NULL : map_get(c->by_print, session_key(c, s));
    if (!known) {
        s->row.print = row_print(c->x, &s->row);
        if (!s->bad)
            map_put(c->by_print, session_key(c, s), s);
        VEC_PUSH(a, c->sessions, c->nsessions, c->cap_sessions) = s;
        known = s;
    }
    VEC_PUSH(a, c->refs, c->nrefs, c->cap_refs) = (struct session_ref){p, col, known};
}

/* --- people */

static bool tells_apart(const struct field *f)
{
    return f->type == TYPE_PERSON || f->type == TYPE_PHONE || f->type == TYPE_IDNO;
}

/* Name and phone; every value where the child table has neither. */
static const char *who(struct arena *a, const struct reg *child, const struct value *v)
{
    const char *out = "";
    bool any = false;

    for (size_t i = 0; i < child->nfields; i++)
        any |= tells_apart(&child->fields[i]);
    for (size_t i = 0; i < child->nfields; i++)
        if (!any || tells_apart(&child->fields[i]))
            out = v[i].kind == VALUE_INT ? arena_printf(a, "%s\x1f%lld", out, (long long)v[i].i)
                                         : arena_printf(a, "%s\x1f%s", out, v[i].kind == VALUE_TEXT ? v[i].s : "");
    return out;
}

bool cross_marked(struct arena *a, const struct reg *reg, const struct cell *c)
{
    const char *text = c->kind == CELL_TEXT ? text_squeeze(a, c->text) : "";

    for (const char *const *m = (const char *const *)reg->import.cross_marks; *text && m && *m; m++)
        if (strcmp(text, text_squeeze(a, *m)) == 0)
            return true;
    return false;
}

static bool person_read(struct cross *c, struct intake_row *r, struct value *values)
{
    struct run *x = c->x;

    for (size_t i = 0; i < r->plan->ncols; i++) {
        const struct col_plan *p = &r->plan->cols[i];
        const struct cell *cell = row_cell(r->plan, r->index, p->map);
        struct value *v;
        enum reason why = REASON_NONE;
        struct err e;

        if (p->kind != COL_CHILD || p->child != c->child_no)
            continue;
        v = &values[p->use.field->index];
        if (cell->kind != CELL_EMPTY && type_read_cell(v, &x->types, p->use.field, cell, &why, &e))
            row_wrong(x->chunk, r, p->map->col, p->map->header, cell_shown(x->chunk, cell, x->types.date1904), why,
                      "%s", e.msg);
        else if (v->kind == VALUE_NULL && p->use.field->required)
            row_wrong(x->chunk, r, p->map->col, p->map->header, "", REASON_REQUIRED,
                      "“%s”是必填项，这一行没有填。请补填后再导入", p->map->header);
    }
    return r->nwrongs == 0;
}

static struct value *values_keep(struct arena *a, const struct reg *reg, const struct value *v)
{
    struct value *out = arena_array(a, reg->nfields + 1, sizeof *out);

    for (size_t i = 0; i < reg->nfields; i++)
        out[i] = v[i].kind == VALUE_TEXT ? value_text(arena_str(a, v[i].s)) : v[i];
    return out;
}

static void person_attend(struct cross *c, const struct intake_row *r, const struct value *values)
{
    struct arena *a = c->x->job->a;
    const char *key = who(c->x->chunk, c->child, values);

    for (size_t i = 0; i < c->nrefs; i++) {
        struct session *s = c->refs[i].session;

        if (c->refs[i].plan != r->plan || s->bad || map_get(s->people, key) ||
            !cross_marked(c->x->chunk, c->reg, sheet_cell(r->plan->sheet, r->index, c->refs[i].col)))
            continue;
        record_child_add(a, s->record, c->child->name)->values = values_keep(a, c->child, values);
        map_put(s->people, key, s);
    }
}

static void sheet_people(struct cross *c, const struct sheet_plan *p)
{
    struct run *x = c->x;

    x->types.year_hint = p->map->year;
    for (size_t i = 0; i < p->sheet->nrows; i++) {
        struct intake_row r = {.plan = p, .index = i};
        struct value *values;
        enum row_kind kind;

        if (p->sheet->rows[i].r <= p->map->header_last)
            continue;
        kind = row_kind(x->chunk, p->sheet, i, p->map);
        if (kind != ROW_RECORD) {
            row_skipped(x, p, i, kind);
            continue;
        }
        x->res->read++;
        run_count(x, c->reg, 0, 1);
        values = arena_array(x->chunk, c->child->nfields + 1, sizeof *values);
        if (person_read(c, &r, values))
            person_attend(c, &r, values);
        else
            run_reject(x, &r);
        run_preview(x, &r);
        if (i % CHUNK_ROWS == CHUNK_ROWS - 1)
            run_fresh_chunk(x);
    }
}

/* --- writing */

/* Those who are in the register already stay as they are; who is new is added behind them. */
static void session_merge(struct cross *c, struct session *s, const struct record *was)
{
    struct run *x = c->x;
    const struct child_rows *old = &was->children[c->child_no], *mine = &s->record->children[c->child_no];
    struct child_rows all = {0};
    struct map *known = map_new(x->chunk);

    for (size_t i = 0; i < old->n; i++) {
        VEC_PUSH(x->chunk, all.rows, all.n, all.cap) = old->rows[i];
        map_put(known, who(x->chunk, c->child, old->rows[i].values), s);
    }
    for (size_t i = 0; i < mine->n; i++) {
        if (map_get(known, who(x->chunk, c->child, mine->rows[i].values))) {
            s->same++;
            continue;
        }
        VEC_PUSH(x->chunk, all.rows, all.n, all.cap) = mine->rows[i];
        s->added++;
    }
    s->record->children[c->child_no] = s->added ? all : (struct child_rows){0};
}

struct cross_job {
    struct cross *c;
    struct session *s;
};

static int session_apply(struct run *x, struct intake_row *r, struct err *e)
{
    return record_put(x, r, r->record, r->given, &r->out, e);
}

static int session_write(struct run *x, void *arg, struct err *e)
{
    struct cross_job *j = arg;
    struct session *s = j->s;
    struct record *was;
    long more[OUT_REJECTED + 1] = {0};

    s->row.keyed = record_key(x->chunk, j->c->reg, s->record->values) != NULL;
    if (!s->row.keyed)
        s->row.print = arena_printf(x->job->a, "%s#1", s->row.print);
    if (record_by_key_in(&was, x->chunk, x->db, store_key(x->job->site->store), s->record, e))
        return -1;
    if (was)
        session_merge(j->c, s, was);
    else
        s->added = (long)s->record->children[j->c->child_no].n;
    if (row_guarded(x, &s->row, session_apply, e))
        return -1;
    if (s->row.nwrongs == 0) {
        more[OUT_INSERTED] = s->added;
        more[OUT_UNCHANGED] = s->same;
    }
    return run_batch_count(x, more, e);
}

static int session_save(struct cross *c, struct session *s, struct err *e)
{
    struct run *x = c->x;
    struct cross_job j = {c, s};

    if (s->record->children[c->child_no].n == 0 && !s->bad)
        return 0;
    x->one_by_one = true;
    if (!s->bad && run_on_writer(x, session_write, &j, e))
        return -1;
    if (s->row.nwrongs) {
        run_reject(x, &s->row);
    } else {
        x->res->inserted += s->added;
        x->res->unchanged += s->same;
        run_count(x, c->reg, 1, s->added);
        run_count(x, c->reg, 3, s->same);
    }
    run_fresh_chunk(x);
    return 0;
}

int cross_run(struct run *x, const struct sheet_plan *plans, size_t n, size_t at, struct err *e)
{
    struct cross c = {.x = x, .reg = plans[at].reg, .by_print = map_new(x->job->a)};

    c.child = reg_child(c.reg, c.reg->import.cross_child);
    if (!c.child)
        return err_set(e, ERR_BUG, "cross table without its child table: %s", c.reg->name);
    c.child_no = (size_t)(c.child - c.reg->children);
    for (size_t i = at; i < n; i++)
        for (size_t k = 0; plans[i].reg == c.reg && k < plans[i].map->ncross; k++)
            session_open(&c, &plans[i], plans[i].map->cross_cols[k]);
    for (size_t i = at; i < n; i++)
        if (plans[i].reg == c.reg && sheet_is_cross(plans[i].map))
            sheet_people(&c, &plans[i]);
    run_fresh_chunk(x);
    for (size_t i = 0; i < c.nsessions; i++) {
        if (session_save(&c, c.sessions[i], e))
            return -1;
        if (x->job->progress)
            x->job->progress(x->job->progress_arg, (long)i + 1, (long)c.nsessions);
        if (run_stop(x, e))
            return -1;
    }
    return 0;
}
