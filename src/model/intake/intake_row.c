/* SPDX-License-Identifier: Apache-2.0 */
/* intake_row.c: one row of a ledger: is it a record, and what does it say? */
#include <stdio.h>
#include <string.h>

#include "base/sec.h"
#include "base/utf8.h"
#include "model/intake_parts.h"

/* --- which rows are records */

static const char *const total_words[] = {"合计", "总计", "小计", "累计", "共计", "总数", NULL};
static const char *const note_words[] = {"注：", "注:",  "注1",  "注意",     "备注：",   "备注:", "说明",
                                         "附注", "附：", "附件", "填表说明", "填报说明", NULL};
static const char *const sign_words[] = {"制表", "填表",     "填报",       "审核",     "审批",
                                         "复核", "负责人",   "单位负责人", "经办",     "统计人",
                                         "盖章", "（盖章）", "签字",       "联系电话", NULL};

static bool begins(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strncmp(s, *words, strlen(*words)) == 0)
            return true;
    return false;
}

static bool is_total(struct arena *a, const char *text)
{
    const char *fold = text_fold(a, text);
    size_t n = strlen(fold);

    if (utf8_count(fold) > 16)
        return false;
    for (const char *const *w = total_words; *w; w++)
        if (strncmp(fold, *w, strlen(*w)) == 0 || (n >= strlen(*w) && strcmp(fold + n - strlen(*w), *w) == 0))
            return true;
    return false;
}

/* A header printed again on each page. */
static bool is_header(const struct sheet *s, size_t i, const struct map_sheet *m)
{
    size_t same = 0, texts = 0;

    for (size_t k = 0; k < m->ncolumns; k++) {
        const struct cell *c = sheet_cell(s, i, m->columns[k].col);

        if (c->kind != CELL_TEXT || !*c->text)
            continue;
        texts++;
        same += strcmp(c->text, m->columns[k].header) == 0;
        if (texts >= 3 && same == 0)
            return false;
    }
    return same >= 3 && same * 2 > texts;
}

/* Empty, or nothing but blanks. */
static bool is_blank(struct arena *a, const struct cell *c)
{
    if (c->kind != CELL_TEXT)
        return c->kind == CELL_EMPTY;
    /* most texts begin with something else than a blank of any kind */
    return (*c->text == '\0' || strchr(" \t\r\n\xC2\xE2\xE3\xEF", *c->text)) && !*text_squeeze(a, c->text);
}

static int first_cell(struct arena *a, const struct sheet *s, size_t i, int *count)
{
    int first = -1;

    *count = 0;
    for (int c = 0; c < s->rows[i].ncells; c++)
        if (!is_blank(a, &s->rows[i].cells[c])) {
            if (first < 0)
                first = c;
            ++*count;
        }
    return first;
}

enum row_kind row_kind(struct arena *a, const struct sheet *s, size_t i, const struct map_sheet *m)
{
    int count, first = first_cell(a, s, i, &count), lead = m->ncolumns ? m->columns[0].col : 0;
    const struct cell *c = first < 0 ? NULL : &s->rows[i].cells[first];
    const struct merge *merge;
    const char *text;

    if (!c)
        return ROW_BLANK;
    /* rows numbered in advance: nothing but a number in the first column */
    if (c->kind != CELL_TEXT)
        return count == 1 && first == lead && m->ncolumns > 2 && !*m->columns[0].target ? ROW_BLANK : ROW_RECORD;
    merge = sheet_merge(s, s->rows[i].r, first);
    text = text_clean(a, c->text);
    if (first > lead && !(merge && merge->c2 > merge->c1))
        return is_header(s, i, m) ? ROW_HEADER : ROW_RECORD;
    if (is_total(a, text))
        return ROW_TOTAL;
    if (begins(text, note_words) && (count == 1 || strstr(text, "：") || strchr(text, ':')))
        return ROW_NOTE;
    if (begins(text, sign_words) && (strstr(text, "：") || strchr(text, ':')))
        return ROW_NOTE;
    if (count == 1 && m->ncolumns > 3 &&
        ((merge && merge->c2 - merge->c1 >= 2) || !*m->columns[0].target || utf8_count(text) > 20))
        return ROW_NOTE;
    return is_header(s, i, m) ? ROW_HEADER : ROW_RECORD;
}

/* --- the plan of a sheet */

static size_t plan_slot(struct sheet_plan *p, size_t child, const struct import_group *g)
{
    for (size_t i = 0; i < p->nslots; i++)
        if (p->slots[i].child == child && p->slots[i].group == g)
            return i;
    p->slots[p->nslots] = (struct slot){child, g};
    return p->nslots++;
}

static int plan_column(struct sheet_plan *p, struct arena *a, const struct map_column *c, struct err *e)
{
    struct col_plan *out = &p->cols[p->ncols];

    if (!c->target || !*c->target)
        return 0;
    out->map = c;
    if (!target_use(&out->use, a, p->reg, c->target, c->group ? c->group->header : NULL))
        return err_set(e, ERR_INPUT, "列“%s”要写入的“%s”在台账“%s”里没有", c->header, c->target,
                       p->reg->label.t[LANG_HANS]);
    if (strcmp(c->target, "state") == 0) {
        out->kind = COL_STATE;
    } else if (out->use.child) {
        out->child = (size_t)(out->use.child - p->reg->children);
        out->kind = out->use.field->split ? COL_SPLIT : COL_CHILD;
        if (out->kind == COL_CHILD)
            out->slot = plan_slot(p, out->child, out->use.group);
    } else {
        out->kind = out->use.via ? COL_REF : COL_FIELD;
    }
    p->ncols++;
    return 0;
}

/* For columns that fill blank cells: where each row takes the value from: the last record that has one. */
static void plan_above(struct sheet_plan *p, struct arena *a)
{
    const struct sheet *s = p->sheet;
    struct arena *tmp = arena_new();

    p->above = arena_array(a, p->map->ncolumns + 1, sizeof *p->above);
    for (size_t i = 0; i < p->map->ncolumns; i++) {
        const struct map_column *c = &p->map->columns[i];
        uint32_t *from, last = UINT32_MAX;

        if (!c->fill_blank)
            continue;
        from = arena_array(a, s->nrows + 1, sizeof *from);
        for (size_t r = 0; r < s->nrows; r++) {
            if (s->rows[r].r > p->map->header_last && !is_blank(tmp, sheet_cell(s, r, c->col)) &&
                row_kind(tmp, s, r, p->map) == ROW_RECORD)
                last = (uint32_t)r;
            from[r] = last;
            arena_reset(tmp);
        }
        p->above[i] = from;
    }
    arena_free(tmp);
}

int plan_sheet(struct sheet_plan *out, struct arena *a, const struct map_sheet *m, const struct book *b, size_t no,
               struct err *e)
{
    memset(out, 0, sizeof *out);
    out->map = m;
    out->sheet = &b->sheets[no];
    out->sheet_no = no;
    out->reg = m->reg;
    out->cols = arena_array(a, m->ncolumns + 1, sizeof *out->cols);
    out->slots = arena_array(a, m->ncolumns + 1, sizeof *out->slots);
    out->constants = arena_array(a, m->nfixed + 1, sizeof *out->constants);
    out->note_col = -1;
    for (size_t i = 0; i < m->ncolumns; i++) {
        if (strstr(m->columns[i].header, "错误说明") && !*m->columns[i].target)
            out->note_col = m->columns[i].col;
        if (plan_column(out, a, &m->columns[i], e))
            return -1;
    }
    for (size_t i = 0; i < m->ncolumns && !out->above; i++)
        if (m->columns[i].fill_blank)
            plan_above(out, a);
    for (size_t i = 0; i < m->nfixed; i++) {
        const struct field *f = reg_field(m->reg, m->fixed_field[i]);

        if (!f || f->computed)
            return err_set(e, ERR_INPUT, "固定值要写入的“%s”在台账“%s”里没有", m->fixed_field[i],
                           m->reg->label.t[LANG_HANS]);
        out->constants[out->nconstants++] = (struct constant){.field = f, .text = m->fixed_value[i]};
    }
    return 0;
}

void plan_constants(struct run *x, struct sheet_plan *p)
{
    struct type_ctx c = x->types;
    struct arena *a = x->job->a;

    c.a = a;
    c.year_hint = p->map->year;
    for (size_t i = 0; i < p->nconstants; i++) {
        struct constant *k = &p->constants[i];
        struct err e;

        k->why = REASON_NONE;
        if (type_read(&k->value, &c, k->field, k->text, &k->why, &e))
            k->msg = arena_str(a, e.msg);
    }
}

/* --- reading */

void row_wrong(struct arena *a, struct intake_row *r, int col, const char *column, const char *value,
               enum reason why, const char *fmt, ...)
{
    va_list ap;
    struct wrong w = {col, column, value, why, NULL};

    va_start(ap, fmt);
    w.msg = arena_vprintf(a, fmt, ap);
    va_end(ap);
    VEC_PUSH(a, r->wrongs, r->nwrongs, r->cap_wrongs) = w;
}

const struct cell *row_cell(const struct sheet_plan *p, size_t index, const struct map_column *c)
{
    const struct cell *cell = sheet_cell(p->sheet, index, c->col);
    const struct merge *m;
    size_t top;

    if (c->fill_blank && p->above && p->above[c - p->map->columns][index] != UINT32_MAX)
        return sheet_cell(p->sheet, p->above[c - p->map->columns][index], c->col);
    if (cell->kind != CELL_EMPTY || !c->fill_down)
        return cell;
    m = sheet_merge(p->sheet, p->sheet->rows[index].r, c->col);
    if (!m || m->r1 >= p->sheet->rows[index].r || m->r1 <= p->map->header_last)
        return cell;
    top = row_index(p->sheet, m->r1);
    return top == SIZE_MAX ? cell : sheet_cell(p->sheet, top, m->c1);
}

/* Read a cell as a field; on refusal the row is wrong. */
static bool cell_read(struct run *x, struct intake_row *r, const struct col_plan *c, const struct cell *cell,
                      struct value *out)
{
    enum reason why = REASON_NONE;
    struct err e;

    *out = value_null();
    if (cell->kind == CELL_EMPTY || type_read_cell(out, &x->types, c->use.field, cell, &why, &e) == 0)
        return true;
    row_wrong(x->chunk, r, c->map->col, c->map->header, cell_shown(x->chunk, cell, x->types.date1904), why, "%s",
              e.msg);
    return false;
}

static void read_required(struct run *x, struct intake_row *r, const struct col_plan *c)
{
    row_wrong(x->chunk, r, c->map->col, c->map->header, "", REASON_REQUIRED,
              "“%s”是必填项，这一行没有填。请补填后再导入", c->map->header);
}

static void read_field(struct run *x, struct intake_row *r, const struct col_plan *c, const struct cell *cell)
{
    struct value v;

    if (!cell_read(x, r, c, cell, &v))
        return;
    if (v.kind == VALUE_NULL) {
        if (c->use.field->required)
            read_required(x, r, c);
        return;
    }
    r->record->values[c->use.field->index] = v;
    r->given[c->use.field->index] = true;
}

static void read_state(struct run *x, struct intake_row *r, const struct col_plan *c, const struct cell *cell)
{
    const struct state *s;
    const char *text = cell_shown(x->chunk, cell, x->types.date1904);

    if (!*text_squeeze(x->chunk, text))
        return;
    s = state_word(x->chunk, r->plan->reg, text);
    if (s)
        r->state = s->name;
    else
        row_wrong(x->chunk, r, c->map->col, c->map->header, text, REASON_CHOICE,
                  "“%s”不是“%s”里认识的状态。请改成表中的说法，或在台账声明里加一个别名", text, c->map->header);
}

/* Cut at any of the separators; each part is one child row. */
static void read_split(struct run *x, struct intake_row *r, const struct col_plan *c, const struct cell *cell)
{
    const char *s =
        cell->kind == CELL_EMPTY ? "" : text_clean(x->chunk, cell_shown(x->chunk, cell, x->types.date1904));

    while (*s) {
        const char *end = s, *next = s;
        char one[5] = {0};
        struct value v;
        enum reason why = REASON_NONE;
        struct err e;
        char *part;

        for (; *end; end = next) {
            utf8_next(&next);
            snprintf(one, sizeof one, "%.*s", (int)(next - end), end);
            if (strstr(c->use.field->split, one) || *one == '\n')
                break;
        }
        part = text_clean(x->chunk, arena_strn(x->chunk, s, (size_t)(end - s)));
        s = *end ? next : end;
        if (!*part)
            continue;
        if (type_read(&v, &x->types, c->use.field, part, &why, &e))
            row_wrong(x->chunk, r, c->map->col, c->map->header, part, why, "%s", e.msg);
        else if (v.kind != VALUE_NULL)
            record_child_add(x->chunk, r->record, c->use.child->name)->values[c->use.field->index] = v;
    }
}

/* The child rows that groups of columns give. */
static void read_children(struct run *x, struct intake_row *r)
{
    const struct sheet_plan *p = r->plan;

    for (size_t k = 0; k < p->nslots; k++) {
        const struct reg *child = &p->reg->children[p->slots[k].child];
        const struct import_group *g = p->slots[k].group;
        struct value *values = arena_array(x->chunk, child->nfields + 1, sizeof *values);
        bool any = false;

        for (size_t i = 0; i < p->ncols; i++) {
            const struct col_plan *c = &p->cols[i];

            if (c->kind != COL_CHILD || c->slot != k ||
                !cell_read(x, r, c, row_cell(p, r->index, c->map), &values[c->use.field->index]))
                continue;
            any |= values[c->use.field->index].kind != VALUE_NULL;
        }
        for (size_t i = 0; any && i < p->ncols; i++)
            if (p->cols[i].kind == COL_CHILD && p->cols[i].slot == k && p->cols[i].use.field->required &&
                values[p->cols[i].use.field->index].kind == VALUE_NULL && r->nwrongs == 0)
                read_required(x, r, &p->cols[i]);
        if (!any)
            continue;
        for (size_t i = 0; g && i < g->nset; i++) {
            const struct field *f = reg_field(child, g->set_field[i]);
            enum reason why;
            struct err e;

            if (f)
                type_read(&values[f->index], &x->types, f, g->set_value[i], &why, &e);
        }
        record_child_add(x->chunk, r->record, child->name)->values = values;
    }
}

static struct other *other_of(struct run *x, struct intake_row *r, const struct field *via)
{
    for (size_t i = 0; i < r->nothers; i++)
        if (r->others[i].via == via)
            return &r->others[i];
    if (!r->others)
        r->others = arena_array(x->chunk, r->plan->ncols, sizeof *r->others);
    r->others[r->nothers] =
        (struct other){.via = via, .values = arena_array(x->chunk, via->ref->nfields + 1, sizeof(struct value))};
    return &r->others[r->nothers++];
}

static void read_other(struct run *x, struct intake_row *r, const struct col_plan *c, const struct cell *cell)
{
    struct other *o = other_of(x, r, c->use.via);
    struct value *v = &o->values[c->use.field->index];

    if (!cell_read(x, r, c, cell, v))
        return;
    o->any |= v->kind != VALUE_NULL;
    if (v->kind == VALUE_NULL && c->use.via->required && c->use.field->required)
        read_required(x, r, c);
}

static bool word_is(const char *word, const char *name)
{
    return word && strcmp(word, name) == 0;
}

static void read_constants(struct run *x, struct intake_row *r)
{
    for (size_t i = 0; i < r->plan->nconstants; i++) {
        const struct constant *k = &r->plan->constants[i];

        if (k->why != REASON_NONE)
            row_wrong(x->chunk, r, -1, k->field->label.t[LANG_HANS], k->text, k->why, "%s", k->msg);
        if (k->why == REASON_NONE && k->value.kind != VALUE_NULL && !r->given[k->field->index]) {
            r->record->values[k->field->index] = k->value;
            /* the day a ledger was filled in is no reason to change a record that has one */
            r->given[k->field->index] = !word_is(r->plan->reg->import.as_of, k->field->name);
        }
    }
}

void row_read(struct run *x, struct intake_row *r)
{
    const struct sheet_plan *p = r->plan;

    r->record = record_blank(x->chunk, p->reg);
    r->record->home = p->reg->site_wide ? 0 : x->home;
    r->record->unit = x->job->unit->id;
    r->given = arena_array(x->chunk, p->reg->nfields + 1, sizeof *r->given);
    x->types.year_hint = p->map->year;
    for (size_t i = 0; i < p->ncols; i++) {
        const struct col_plan *c = &p->cols[i];
        const struct cell *cell;

        if (c->kind == COL_CHILD)
            continue;
        cell = row_cell(p, r->index, c->map);
        if (c->kind == COL_FIELD)
            read_field(x, r, c, cell);
        else if (c->kind == COL_STATE)
            read_state(x, r, c, cell);
        else if (c->kind == COL_SPLIT)
            read_split(x, r, c, cell);
        else
            read_other(x, r, c, cell);
    }
    read_children(x, r);
    read_constants(x, r);
    if (p->note_col >= 0) {
        const struct cell *note = sheet_cell(p->sheet, r->index, p->note_col);

        r->warned = note->kind == CELL_TEXT && strstr(note->text, CONFLICT_WORDS);
    }
}

/* --- what it says, for comparing */

static void print_values(struct buf *b, const struct reg *reg, const struct value *v, const bool *given)
{
    for (size_t i = 0; i < reg->nfields; i++) {
        if (v[i].kind == VALUE_NULL || (given && !given[i]))
            continue;
        buf_str(b, reg->fields[i].name);
        buf_char(b, '=');
        if (v[i].kind == VALUE_INT)
            buf_int(b, v[i].i);
        else
            buf_str(b, v[i].s);
        buf_char(b, '\x1f');
    }
    buf_char(b, '\x1e');
}

const char *row_print(struct run *x, const struct intake_row *r)
{
    unsigned char hash[SEC_HASH];
    char hex[2 * SEC_HASH + 1];
    struct buf *b = &x->scratch;

    buf_clear(b);
    print_values(b, r->plan->reg, r->record->values, r->given);
    for (size_t c = 0; c < r->plan->reg->nchildren; c++)
        for (size_t i = 0; i < r->record->children[c].n; i++)
            print_values(b, &r->plan->reg->children[c], r->record->children[c].rows[i].values, NULL);
    for (size_t i = 0; i < r->nothers; i++)
        print_values(b, r->others[i].via->ref, r->others[i].values, NULL);
    buf_str(b, r->state ? r->state : "");
    sec_sha256(hash, buf_cstr(b), b->n);
    sec_hex(hex, hash, sizeof hash);
    hex[40] = '\0';
    return arena_str(x->job->a, hex);
}

const char *record_key(struct arena *a, const struct reg *reg, const struct value *values)
{
    const char *out = reg->name;

    if (!reg->key || !reg->key[0])
        return NULL;
    for (const char *const *k = (const char *const *)reg->key; *k; k++) {
        struct value v = values[reg_field(reg, *k)->index];

        if (v.kind == VALUE_NULL)
            return NULL;
        out = v.kind == VALUE_INT ? arena_printf(a, "%s\n%lld", out, (long long)v.i)
                                  : arena_printf(a, "%s\n%s", out, v.s);
    }
    return out;
}
