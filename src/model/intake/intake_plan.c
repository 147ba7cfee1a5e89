/* SPDX-License-Identifier: Apache-2.0 */
/* intake_plan.c: the proposal: which sheets, which register, which column is which field. */
#include <string.h>

#include "base/sec.h"
#include "base/utf8.h"
#include "model/intake_fit.h"

/* Names of sheets that hold no records, whatever their columns. */
static const char *const aside_words[] = {"说明", "字典", "目录", "封面",   "填表",
                                          "示例", "样例", "样表", "代码表", NULL};
/* Names of sheets that hold sums, unless their columns fit a register well. */
static const char *const sum_words[] = {"汇总", "统计", "总表", NULL};

static const char *named_aside(struct arena *a, const char *name, const char *const *words)
{
    const char *fold = name ? text_fold(a, name) : "";

    for (; *words; words++)
        if (strstr(fold, *words))
            return *words;
    return NULL;
}

bool sheet_is_cross(const struct map_sheet *m)
{
    return m->ncross > 0;
}

/* --- columns */

static bool merged_below(const struct sheet *s, int col, int header_last)
{
    for (size_t i = 0; i < s->nspans; i++)
        if (s->spans[i].c == col && s->spans[i].r1 > header_last && s->spans[i].r2 > s->spans[i].r1 &&
            s->spans[i].m->c1 == s->spans[i].m->c2)
            return true;
    return false;
}

/* An unknown column whose values are all words for states of the register. */
static bool holds_states(struct arena *a, const struct reg *reg, const struct sheet *s, int col, int header_last)
{
    size_t met = 0;

    if (reg->nstates == 0)
        return false;
    for (size_t i = 0; i < s->nrows && met < 50; i++) {
        const struct cell *c = sheet_cell(s, i, col);

        if (s->rows[i].r <= header_last || c->kind == CELL_EMPTY || sheet_cell(s, i, 0)->kind == CELL_EMPTY)
            continue;
        if (c->kind != CELL_TEXT || !state_word(a, reg, c->text))
            return false;
        met++;
    }
    return met > 0;
}

static void plan_columns(struct map_sheet *m, struct arena *a, const struct fit *f, const struct sheet *s)
{
    bool state = false;

    m->columns = arena_array(a, f->header.ncols, sizeof *m->columns);
    m->cross_cols = arena_array(a, f->header.ncols, sizeof *m->cross_cols);
    for (size_t i = 0; i < f->header.ncols; i++) {
        const struct header_col *h = &f->header.cols[i];
        struct map_column *c = &m->columns[m->ncolumns++];

        *c = (struct map_column){.col = h->col, .header = h->joined, .target = ""};
        if (f->session[i]) {
            m->cross_cols[m->ncross++] = h->col;
            c->score = 1;
        } else if (f->uses[i].reg) {
            c->target = f->uses[i].target;
            c->group = f->uses[i].group;
            c->score = f->uses[i].score;
            c->fill_down =
                (f->uses[i].field && f->uses[i].field->fill_down) || merged_below(s, h->col, m->header_last);
        } else if (!h->ordinal && !state && !f->cross && holds_states(a, f->reg, s, h->col, m->header_last)) {
            c->target = "state";
            c->score = 0.8;
            state = true;
        }
    }
}

/* --- constants: the sheet's name for a column, label：value above the header of a cross table */

static void fix(struct map_sheet *m, struct arena *a, const char *field, const char *value)
{
    const char **f = arena_array(a, m->nfixed + 1, sizeof *f), **v = arena_array(a, m->nfixed + 1, sizeof *v);

    for (size_t i = 0; i < m->nfixed; i++) {
        if (strcmp(m->fixed_field[i], field) == 0)
            return;
        f[i] = m->fixed_field[i];
        v[i] = m->fixed_value[i];
    }
    f[m->nfixed] = field;
    v[m->nfixed++] = value;
    m->fixed_field = f;
    m->fixed_value = v;
}

static bool mapped(const struct map_sheet *m, const char *target)
{
    for (size_t i = 0; i < m->ncolumns; i++)
        if (strcmp(m->columns[i].target, target) == 0)
            return true;
    return false;
}

static void fix_pair(struct map_sheet *m, struct arena *a, const char *label, const char *value)
{
    const char *fold = text_fold(a, label);

    for (size_t i = 0; *fold && i < m->reg->nfields; i++) {
        const struct field *f = &m->reg->fields[i];
        bool hit = strcmp(fold, text_fold(a, f->label.t[LANG_HANS])) == 0;

        for (const char *const *p = (const char *const *)f->aliases; !hit && p && *p; p++)
            hit = strcmp(fold, text_fold(a, *p)) == 0;
        if (hit && !f->computed && !word_in((const char *const *)m->reg->import.cross_parts, f->name))
            fix(m, a, f->name, value);
    }
}

/* 主办：……　　培训地点：社区多功能厅 */
static void fix_pairs(struct map_sheet *m, struct arena *a, const char *line)
{
    char *s = text_clean(a, line);

    for (char *word = strtok_r(s, " \n\t", &s); word; word = strtok_r(NULL, " \n\t", &s)) {
        char *colon = strstr(word, "：");
        size_t n = 3;

        if (!colon) {
            colon = strchr(word, ':');
            n = 1;
        }
        if (colon && colon[n]) {
            *colon = '\0';
            fix_pair(m, a, word, colon + n);
        }
    }
}

/* 填报日期：2024年12月31日, in the lines above the header. */
static const char *as_of_text(struct arena *a, const char *line)
{
    static const char *const words[] = {"填报日期", "填报时间", "填表日期", "填表时间", "统计时间", "统计日期",
                                        "截止日期", "截止时间", "报送日期", "截至",     NULL};
    const char *s = text_clean(a, line);

    for (const char *const *w = words; *w; w++) {
        const char *at = strstr(s, *w);
        size_t n;

        if (!at)
            continue;
        at += strlen(*w);
        at += strncmp(at, "：", 3) == 0 ? 3 : *at == ':' ? 1 : 0;
        at += strspn(at, " ");
        n = strcspn(at, " \n\t");
        if (date_parse(arena_strn(a, at, n), 0).form == DATE_DAY)
            return arena_strn(a, at, n);
    }
    return NULL;
}

static void fix_as_of(struct map_sheet *m, struct arena *a, const struct sheet *s)
{
    for (size_t i = 0; i < s->nrows && s->rows[i].r < m->header_first; i++)
        for (int c = 0; c < s->rows[i].ncells; c++) {
            const struct cell *cell = &s->rows[i].cells[c];
            const char *day = cell->kind == CELL_TEXT ? as_of_text(a, cell->text) : NULL;

            if (day)
                fix(m, a, m->reg->import.as_of, day);
        }
}

static void plan_fixed(struct map_sheet *m, struct arena *a, const struct sheet *s)
{
    const char *field = m->reg->import.sheet_field;

    if (m->reg->import.as_of)
        fix_as_of(m, a, s);
    if (field && s->name && !mapped(m, field))
        fix(m, a, field, s->name);
    for (size_t i = 0; sheet_is_cross(m) && i < s->nrows && s->rows[i].r < m->header_first; i++)
        for (int c = 0; c < s->rows[i].ncells; c++)
            if (s->rows[i].cells[c].kind == CELL_TEXT)
                fix_pairs(m, a, s->rows[i].cells[c].text);
}

bool intake_plan_header(struct map_sheet *m, struct arena *a, const struct schema *s, const struct sheet *sheet,
                        const struct header *h)
{
    struct fit f;

    fit_chosen(&f, words_new(a, s, m->reg), sheet, h);
    plan_columns(m, a, &f, sheet);
    plan_fixed(m, a, sheet);
    return true;
}

/* --- sheets */

static void skip(struct map_sheet *m, const char *why)
{
    m->skip = true;
    m->why_skip = why;
}

static void plan_one(struct map_sheet *m, struct arena *a, const struct words *w, const struct sheet *s,
                     const char *file_name)
{
    struct fit f;
    const char *aside = named_aside(a, s->name, aside_words), *sum = named_aside(a, s->name, sum_words);

    m->sheet = s->name;
    if (s->hidden) {
        skip(m, "隐藏的工作表，不导入");
    } else if (s->nrows == 0) {
        skip(m, "空的工作表");
    } else if (aside) {
        skip(m, arena_printf(a, "名称里有“%s”，看来不是台账", aside));
    } else if (!fit_sheet(&f, w, s)) {
        skip(m, arena_printf(a, "没有认出表头：前%d行里没有哪一行的列名对得上台账的字段", HEADER_ROWS));
    } else if (sum && f.sum / (double)f.counted < 0.7) {
        skip(m, arena_printf(a, "名称里有“%s”，看来是汇总表", sum));
    }
    if (m->skip)
        return;
    m->reg = f.reg;
    m->header_first = m->proposed = f.header.first;
    m->header_last = f.header.last;
    m->year = header_year(a, s, f.header.first, f.cross, file_name);
    plan_columns(m, a, &f, s);
    plan_fixed(m, a, s);
}

/* A sheet without a header is known by its first row that holds several texts. */
static void print_unknown(struct buf *b, struct arena *a, const struct sheet *s)
{
    for (size_t i = 0; i < s->nrows && s->rows[i].r < HEADER_ROWS; i++) {
        int texts = 0;

        for (int c = 0; c < s->rows[i].ncells; c++)
            texts += s->rows[i].cells[c].kind == CELL_TEXT;
        for (int c = 0; texts > 1 && c < s->rows[i].ncells; c++)
            if (s->rows[i].cells[c].kind == CELL_TEXT)
                buf_printf(b, "%s\x1f", text_fold(a, s->rows[i].cells[c].text));
        if (texts > 1)
            return;
    }
}

/* Of the registers and header cells of the sheets: what a remembered map is found by. */
static const char *map_fingerprint(struct arena *a, const struct import_map *m, const struct book *book)
{
    unsigned char hash[SEC_HASH];
    char hex[2 * SEC_HASH + 1];
    struct buf b;

    buf_init(&b, (size_t)1 << 20);
    for (size_t i = 0; i < m->nsheets; i++) {
        const struct map_sheet *s = &m->sheets[i];

        buf_printf(&b, "%s\x1f", s->reg ? s->reg->name : "");
        for (size_t c = 0; c < s->ncolumns; c++)
            buf_printf(&b, "%s\x1f", text_fold(a, s->columns[c].header));
        if (!s->reg)
            print_unknown(&b, a, &book->sheets[i]);
        buf_char(&b, '\x1e');
    }
    sec_sha256(hash, buf_cstr(&b), b.n);
    buf_done(&b);
    sec_hex(hex, hash, sizeof hash);
    hex[32] = '\0';
    return arena_str(a, hex);
}

static int nothing_fits(const struct import_map *m, const struct reg *only, struct err *e)
{
    if (only)
        return err_set(e, ERR_INPUT,
                       "没有认出“%s”的表头：列名要和这本台账的字段名一样或相近。请核对列名，或在导入时手工指定各列",
                       only->label.t[LANG_HANS]);
    return err_set(e, ERR_INPUT, "文件里的%zu张工作表都没有认出表头。请核对列名是否写在前%d行，或指定要导入的台账",
                   m->nsheets, HEADER_ROWS);
}

int intake_propose(struct import_map **out, struct arena *a, const struct view *v, const struct book *b,
                   const char *only, const char *file_name, struct err *e)
{
    struct import_map *m = arena_alloc(a, sizeof *m);
    const struct reg *reg = only ? schema_reg(v->schema, only) : NULL;
    struct words *w;
    bool any = false;

    if (only && !reg)
        return err_set(e, ERR_INPUT, "没有名为 %s 的台账", only);
    w = words_new(a, v->schema, reg);
    m->a = a;
    m->nsheets = b->nsheets;
    m->sheets = arena_array(a, b->nsheets + 1, sizeof *m->sheets);
    for (size_t i = 0; i < b->nsheets; i++) {
        plan_one(&m->sheets[i], a, w, &b->sheets[i], file_name);
        any |= !m->sheets[i].skip;
    }
    m->fingerprint = map_fingerprint(a, m, b);
    *out = m;
    return any ? 0 : nothing_fits(m, reg, e);
}
