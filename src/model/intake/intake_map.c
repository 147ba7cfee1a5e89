/* SPDX-License-Identifier: Apache-2.0 */
/* intake_map.c: the plan as YAML that people can read and change, and remembered maps.
 *
 *   sheets:
 *     - sheet: 台账
 *       register: dispute
 *       header: 3-4
 *       year: 2024
 *       columns:
 *         登记编号: number
 *         当事人甲-姓名: {to: parties.name, group: 当事人甲}
 *         走访人: {to: visitor, fill_down: true}
 *         备注: ""                       # not imported; two columns of one name: "@C" is the third column
 *       fixed: {branch: 第一党支部}
 *     - sheet: 说明
 *       skip: true
 *
 * Only what differs from the proposal need be given: sheets and columns that are not named stay as proposed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/intake_fit.h"
#include "model/yaml.h"

/* --- writing */

static void put_quoted(struct buf *b, const char *s)
{
    buf_char(b, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_char(b, '\\');
        if (*s == '\n')
            buf_str(b, "\\n");
        else if ((unsigned char)*s >= 0x20)
            buf_char(b, *s);
    }
    buf_char(b, '"');
}

static void column_letters(int col, char out[8])
{
    char rev[8];
    int n = 0, k = 0;

    for (int c = col + 1; c > 0 && n < 7; c = (c - 1) / 26)
        rev[n++] = (char)('A' + (c - 1) % 26);
    while (n > 0)
        out[k++] = rev[--n];
    out[k] = '\0';
}

/* A header that does not name its column: there are two, or it looks like a letter. */
static bool header_twice(const struct map_sheet *m, size_t i)
{
    if (*m->columns[i].header == '@')
        return true;
    for (size_t k = 0; k < m->ncolumns; k++)
        if (k != i && strcmp(m->columns[k].header, m->columns[i].header) == 0)
            return true;
    return false;
}

static void write_column(struct buf *b, const struct map_sheet *m, size_t i)
{
    const struct map_column *c = &m->columns[i];
    char at[8];

    column_letters(c->col, at);
    buf_str(b, "      ");
    put_quoted(b, header_twice(m, i) ? (char[10]){'@', at[0], at[1], at[2], at[3]} : c->header);
    buf_str(b, ": ");
    if (!c->group && !c->fill_down) {
        put_quoted(b, c->target);
    } else {
        buf_str(b, "{to: ");
        put_quoted(b, c->target);
        if (c->group) {
            buf_str(b, ", group: ");
            put_quoted(b, c->group->header);
        }
        buf_str(b, c->fill_down && c->fill_blank ? ", fill_down: blank}"
                   : c->fill_down                ? ", fill_down: true}"
                                                 : "}");
    }
    buf_char(b, '\n');
}

static bool is_session(const struct map_sheet *m, int col)
{
    for (size_t i = 0; i < m->ncross; i++)
        if (m->cross_cols[i] == col)
            return true;
    return false;
}

void intake_map_write(struct buf *out, const struct import_map *m)
{
    buf_str(out, "sheets:\n");
    for (size_t i = 0; i < m->nsheets; i++) {
        const struct map_sheet *s = &m->sheets[i];

        buf_str(out, "  - sheet: ");
        put_quoted(out, s->sheet ? s->sheet : "");
        if (s->skip || !s->reg) {
            buf_str(out, "\n    skip: true\n");
            continue;
        }
        buf_printf(out, "\n    register: %s\n    header: %d-%d\n", s->reg->name, s->header_first + 1,
                   s->header_last + 1);
        if (s->year)
            buf_printf(out, "    year: %d\n", s->year);
        buf_str(out, "    columns:\n");
        for (size_t c = 0; c < s->ncolumns; c++)
            if (!is_session(s, s->columns[c].col))
                write_column(out, s, c);
        if (s->nfixed)
            buf_str(out, "    fixed:\n");
        for (size_t k = 0; k < s->nfixed; k++) {
            buf_printf(out, "      %s: ", s->fixed_field[k]);
            put_quoted(out, s->fixed_value[k]);
            buf_char(out, '\n');
        }
    }
}

/* --- reading */

struct map_reader {
    struct import_map *m;
    const struct view *v;
    const struct book *b;
    const char *file;
    struct schema_errors *es;
    struct map_sheet *s;
    const struct sheet *sheet;
    bool remembered;
};

#define BAD(r, y, ...) schema_error_add((r)->es, (r)->file, (y)->line, (y)->col, __VA_ARGS__)

static const char *text_of(struct map_reader *r, const struct yaml *y)
{
    if (y->kind == YAML_TEXT)
        return y->text;
    BAD(r, y, "expected a text");
    return NULL;
}

static bool flag_of(struct map_reader *r, const struct yaml *y)
{
    const char *t = text_of(r, y);

    if (t && strcmp(t, "true") && strcmp(t, "false"))
        BAD(r, y, "expected true or false, not %s", t);
    return t && strcmp(t, "true") == 0;
}

static void read_fill(struct map_reader *r, struct map_column *c, const struct yaml *y)
{
    const char *t = text_of(r, y);

    if (t && strcmp(t, "true") && strcmp(t, "false") && strcmp(t, "blank"))
        BAD(r, y, "expected true, false or blank, not %s", t);
    c->fill_blank = t && strcmp(t, "blank") == 0;
    c->fill_down = c->fill_blank || (t && strcmp(t, "true") == 0);
}

static int column_number(const char *s)
{
    int c = 0;

    for (; *s >= 'A' && *s <= 'Z' && c < 20000; s++)
        c = c * 26 + (*s - 'A' + 1);
    return *s ? -1 : c - 1;
}

static struct map_column *column_named(struct map_reader *r, const char *key)
{
    const char *fold = text_fold(r->m->a, key);

    for (int pass = 0; pass < 2; pass++) /* as it is written, else as it is meant */
        for (size_t i = 0; i < r->s->ncolumns; i++) {
            struct map_column *c = &r->s->columns[i];

            if (*key == '@' ? c->col == column_number(key + 1)
                : pass == 0 ? strcmp(c->header, key) == 0
                            : strcmp(text_fold(r->m->a, c->header), fold) == 0)
                return c;
        }
    return NULL;
}

static void read_column(struct map_reader *r, const struct yaml *key, const struct yaml *y)
{
    struct map_column *c = column_named(r, key->text);
    const char *group = NULL, *target = NULL;
    struct use u;

    if (!c) {
        BAD(r, key, "sheet %s has no column %s", r->s->sheet ? r->s->sheet : "", key->text);
        return;
    }
    if (y->kind == YAML_MAP) {
        for (size_t i = 0; i < y->n; i++) {
            const char *w = y->key[i]->text;

            if (strcmp(w, "to") == 0)
                target = text_of(r, y->item[i]);
            else if (strcmp(w, "group") == 0)
                group = text_of(r, y->item[i]);
            else if (strcmp(w, "fill_down") == 0)
                read_fill(r, c, y->item[i]);
            else
                BAD(r, y->key[i], "unknown word %s: to, group, fill_down", w);
        }
    } else {
        target = text_of(r, y);
    }
    if (!target)
        return;
    if (!target_use(&u, r->m->a, r->s->reg, target, group)) {
        BAD(r, y, "register %s has no field %s%s%s", r->s->reg->name, target, group ? " in group " : "",
            group ? group : "");
        return;
    }
    intake_retarget(r->s, c, r->m->a, target, u.group);
}

static void read_fixed(struct map_reader *r, const struct yaml *y)
{
    struct map_sheet *s = r->s;
    const char **f = arena_array(r->m->a, y->n + s->nfixed + 1, sizeof *f);
    const char **v = arena_array(r->m->a, y->n + s->nfixed + 1, sizeof *v);
    size_t n = 0;

    for (size_t i = 0; i < y->n; i++) {
        const char *value = text_of(r, y->item[i]);

        if (!reg_field(s->reg, y->key[i]->text))
            BAD(r, y->key[i], "register %s has no field %s", s->reg->name, y->key[i]->text);
        else if (value && *value) {
            f[n] = arena_str(r->m->a, y->key[i]->text);
            v[n++] = arena_str(r->m->a, value);
        }
    }
    for (size_t i = 0; i < s->nfixed; i++)
        if (!yaml_get(y, s->fixed_field[i])) {
            f[n] = s->fixed_field[i];
            v[n++] = s->fixed_value[i];
        }
    s->fixed_field = f;
    s->fixed_value = v;
    s->nfixed = n;
}

static void plan_again(struct map_reader *r, const struct yaml *y, const struct reg *reg, int first, int last)
{
    if (intake_replan(r->s, r->m->a, r->v, r->sheet, reg, first, last))
        BAD(r, y, "rows %d to %d of sheet %s hold no header", first + 1, last + 1, r->s->sheet ? r->s->sheet : "");
}

static void read_sheet(struct map_reader *r, const struct yaml *y)
{
    const struct yaml *skip = yaml_get(y, "skip"), *name = yaml_get(y, "register"), *header = yaml_get(y, "header");
    const struct yaml *columns = yaml_get(y, "columns"), *fixed = yaml_get(y, "fixed"), *year = yaml_get(y, "year");
    const struct reg *reg = name ? schema_reg(r->v->schema, text_of(r, name) ? name->text : "") : r->s->reg;
    int first = r->s->header_first, last = r->s->header_last;

    if (skip && flag_of(r, skip)) {
        r->s->skip = true;
        r->s->why_skip = "按映射跳过";
        return;
    }
    if (name && !reg) {
        BAD(r, name, "no register %s", name->text);
        return;
    }
    if (header) {
        int n = sscanf(text_of(r, header) ? header->text : "", "%d-%d", &first, &last);

        if (n < 1 || first < 1 || (n == 2 && last < first) || (n == 2 && last - first >= HEADER_LEVELS)) {
            BAD(r, header, "expected rows such as 3 or 3-4");
            return;
        }
        last = n == 2 ? last - 1 : first - 1;
        first--;
        if (r->remembered) {
            first += r->s->proposed - HEADER_BASE;
            last += r->s->proposed - HEADER_BASE;
        }
    }
    if (!reg) {
        BAD(r, y, "which register? say register: NAME");
        return;
    }
    if (reg != r->s->reg || first != r->s->header_first || last != r->s->header_last)
        plan_again(r, y, reg, first, last);
    r->s->skip = false;
    if (!r->s->reg)
        return;
    if (year && text_of(r, year))
        r->s->year = atoi(year->text);
    for (size_t i = 0; columns && columns->kind == YAML_MAP && i < columns->n; i++)
        read_column(r, columns->key[i], columns->item[i]);
    if (fixed && fixed->kind == YAML_MAP)
        read_fixed(r, fixed);
}

static void read_words(struct map_reader *r, const struct yaml *y)
{
    static const char *const words[] = {"sheet", "skip", "register", "header", "year", "columns", "fixed", NULL};

    for (size_t i = 0; i < y->n; i++)
        if (!word_in(words, y->key[i]->text))
            BAD(r, y->key[i], "unknown word %s", y->key[i]->text);
}

static bool sheet_is(const struct map_reader *r, size_t i, const struct yaml *name)
{
    return name && name->kind == YAML_TEXT && i < r->m->nsheets &&
           strcmp(r->m->sheets[i].sheet ? r->m->sheets[i].sheet : "", name->text) == 0;
}

/* By its name; in another year's file of the same form by its place. */
static size_t sheet_of(const struct map_reader *r, const struct yaml *y, size_t place)
{
    const struct yaml *name = yaml_get(y, "sheet");

    if (sheet_is(r, place, name)) /* broken files have two sheets of one name */
        return place;
    for (size_t i = 0; i < r->m->nsheets; i++)
        if (sheet_is(r, i, name))
            return i;
    return place < r->m->nsheets ? place : SIZE_MAX;
}

static int map_read(struct map_reader *r, const char *yaml, size_t n)
{
    struct import_map *m = r->m;
    size_t before = r->es->n;
    const struct yaml *y = yaml_read(m->a, r->file, yaml, n, r->es), *sheets;

    if (!y)
        return -1;
    sheets = yaml_get(y, "sheets");
    if (y->kind != YAML_MAP || !sheets || sheets->kind != YAML_LIST) {
        BAD(r, y, "expected sheets: with a list");
        return -1;
    }
    for (size_t i = 0; i < sheets->n; i++) {
        const struct yaml *one = sheets->item[i];
        size_t at = one->kind == YAML_MAP ? sheet_of(r, one, i) : SIZE_MAX;

        if (at == SIZE_MAX) {
            BAD(r, one, "the file has no such sheet");
            continue;
        }
        r->s = &m->sheets[at];
        r->sheet = &r->b->sheets[at];
        read_words(r, one);
        read_sheet(r, one);
    }
    return r->es->n == before ? 0 : -1;
}

int intake_map_read(struct import_map *m, const struct view *v, const struct book *b, const char *yaml, size_t n,
                    const char *file, struct schema_errors *es)
{
    struct map_reader r = {.m = m, .v = v, .b = b, .file = file, .es = es};

    return map_read(&r, yaml, n);
}

int map_read_remembered(struct import_map *m, const struct view *v, const struct book *b, const char *yaml,
                        size_t n, struct schema_errors *es)
{
    struct map_reader r = {.m = m, .v = v, .b = b, .file = "map", .es = es, .remembered = true};

    return map_read(&r, yaml, n);
}

/* --- for the workbook that goes back */

struct notes *intake_notes(struct arena *a, const struct book *b, const struct import_map *m,
                           const struct import_result *r)
{
    struct notes *n = arena_alloc(a, sizeof *n);

    n->v = arena_array(a, r->nrejects + 1, sizeof *n->v);
    n->header_last = arena_array(a, b->nsheets + 1, sizeof *n->header_last);
    for (size_t i = 0; i < b->nsheets; i++)
        n->header_last[i] = i < m->nsheets && !m->sheets[i].skip ? m->sheets[i].header_last : -1;
    for (size_t i = 0; i < r->nrejects; i++)
        n->v[n->n++] = (struct sheet_note){r->rejects[i].sheet_no, r->rejects[i].row - 1, r->rejects[i].col,
                                           r->rejects[i].msg};
    return n;
}
