/* SPDX-License-Identifier: Apache-2.0 */
/* schema_propose.c: a sheet's header and rows become a declaration. */
#include "model/schema_propose.h"

#include <string.h>

#include "base/utf8.h"
#include "model/schema_fmt.h"
#include "model/schema_propose_parts.h"
#include "model/schema_read.h"

enum { ROWS_READ = 5000, TITLE_LENGTH = 40, LISTED = 6, SEARCHED = 4, COLUMNS_MAX = 120 };

struct proposal {
    struct arena *a;
    const struct book *book;
    const struct sheet *sheet;
    struct header head;
    const char *name, *label;
    struct guess *g;
    size_t n;
    const char *child, *child_label; /* the child table's name, NULL: none */
    const char **parents;            /* its groups */
    size_t nparents;
    const char **sheets;
    size_t nsheets, capsheets;
    struct buf raw;
};

/* --- finding the header */

/* How many different names a header gives; 0 if it cannot be one. */
static size_t header_names(struct arena *a, const struct sheet *s, const struct header *h)
{
    struct map *seen = map_new(a);
    for (size_t i = 0; i < h->ncols; i++) {
        const char *t = h->cols[i].joined;
        if (strstr(t, "：") || strchr(t, ':') || utf8_count(t) > TITLE_LENGTH)
            return 0;
        map_put(seen, h->cols[i].fold, s->rows);
    }
    return map_count(seen) * 3 >= h->ncols * 2 ? map_count(seen) : 0;
}

static size_t cells_filled(const struct sheet *s, size_t i)
{
    size_t n = 0;
    for (int c = 0; c < s->rows[i].ncells; c++)
        n += s->rows[i].cells[c].kind != CELL_EMPTY;
    return n;
}

/* Rows of words only. */
static bool header_words(const struct sheet *s, size_t i, int levels)
{
    for (size_t r = i; r < i + (size_t)levels; r++)
        for (int c = 0; c < s->rows[r].ncells; c++)
            if (s->rows[r].cells[c].kind != CELL_EMPTY && s->rows[r].cells[c].kind != CELL_TEXT)
                return false;
    return true;
}

/* Two levels: a cell of the upper row is merged over several columns, and it is not the sheet's title over all. */
static bool header_levels(struct arena *a, const struct sheet *s, size_t i, const struct header *h, int levels)
{
    struct map *tops = map_new(a);
    bool spans = false;
    for (size_t c = 0; c < h->ncols; c++)
        map_put(tops, h->cols[c].level[0], tops);
    for (size_t m = 0; m < s->nmerges; m++)
        spans |= s->merges[m].r1 == s->rows[i].r && s->merges[m].c2 > s->merges[m].c1;
    return levels == 1 || (spans && map_count(tops) > 1);
}

/* Names of columns in the first rows: the one with most of them, of one or two levels, with a filled row below. */
static size_t header_find(struct arena *a, const struct sheet *s, struct header *out)
{
    size_t best = 1;
    for (size_t i = 0; i < s->nrows && i < HEADER_ROWS; i++)
        for (int levels = 1; levels <= 2; levels++) {
            size_t below = i + (size_t)levels;
            struct header h;
            if (below >= s->nrows || !header_at(&h, a, s, i, levels))
                continue;
            size_t n = header_names(a, s, &h);
            if (n > best && cells_filled(s, below) * 2 >= n && header_words(s, i, levels) &&
                header_levels(a, s, i, &h, levels)) {
                best = n;
                *out = h;
            }
        }
    return best > 1 ? best : 0;
}

static bool sheet_choose(struct proposal *p)
{
    size_t best = 0;
    for (size_t i = 0; i < p->book->nsheets; i++) {
        const struct sheet *s = &p->book->sheets[i];
        struct header h;
        size_t n = s->hidden ? 0 : header_find(p->a, s, &h);
        if (n > best) {
            best = n;
            p->sheet = s;
            p->head = h;
        }
    }
    return best > 0;
}

/* --- reading the rows */

static bool row_counts(struct arena *a, const struct sheet *s, size_t i)
{
    static const char *const ends[] = {"合计", "总计",   "小计",   "说明",   "注",
                                       "备注", "填表人", "制表人", "审核人", NULL};
    if (cells_filled(s, i) < 2)
        return false;
    for (int c = 0; c < 2 && c < s->rows[i].ncells; c++)
        if (s->rows[i].cells[c].kind == CELL_TEXT && word_in(ends, text_fold(a, s->rows[i].cells[c].text)))
            return false;
    return true;
}

static const struct cell *cell_under_merge(const struct sheet *s, size_t i, int col, bool *merged)
{
    const struct merge *m = sheet_merge(s, s->rows[i].r, col);
    size_t top = m ? row_index(s, m->r1) : SIZE_MAX;
    *merged |= m && m->r2 > m->r1;
    return top == SIZE_MAX ? sheet_cell(s, i, col) : sheet_cell(s, top, m->c1);
}

static void sheet_values(struct proposal *p, const struct sheet *s, int last_header)
{
    long rows = 0;
    for (size_t i = 0; i < s->nrows && rows < ROWS_READ; i++) {
        if (s->rows[i].r <= last_header || !row_counts(p->a, s, i))
            continue;
        rows++;
        for (size_t c = 0; c < p->n; c++)
            guess_value(&p->g[c], p->a, cell_under_merge(s, i, p->g[c].col, &p->g[c].merged), p->book->date1904);
    }
}

static bool same_header(const struct header *x, const struct header *y)
{
    if (x->ncols != y->ncols)
        return false;
    for (size_t i = 0; i < x->ncols; i++)
        if (x->cols[i].col != y->cols[i].col || strcmp(x->cols[i].fold, y->cols[i].fold))
            return false;
    return true;
}

static void columns_take(struct proposal *p)
{
    p->g = arena_array(p->a, p->head.ncols + 1, sizeof *p->g);
    for (size_t i = 0; i < p->head.ncols && p->n < COLUMNS_MAX; i++) {
        const struct header_col *h = &p->head.cols[i];
        if (h->ordinal)
            continue;
        struct guess *g = &p->g[p->n++];
        *g = (struct guess){.col = h->col,
                            .header = h->joined,
                            .values = map_new(p->a),
                            .blanks = map_new(p->a),
                            .all = map_new(p->a)};
        g->leaf = h->nlevels ? text_squeeze(p->a, h->level[h->nlevels - 1]) : h->joined;
        g->parent = h->nlevels > 1 ? text_squeeze(p->a, h->level[0]) : NULL;
        g->refused = refused_reason(p->a, g->leaf);
    }
    for (size_t i = 0; i < p->book->nsheets; i++) {
        const struct sheet *s = &p->book->sheets[i];
        struct header h;
        if (s->hidden || !header_find(p->a, s, &h) || !same_header(&h, &p->head))
            continue;
        sheet_values(p, s, h.last);
        if (s->name)
            VEC_PUSH(p->a, p->sheets, p->nsheets, p->capsheets) = s->name;
    }
}

/* --- groups of columns that repeat */

static bool has_leaf(const struct proposal *p, const char *parent, const char *leaf)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->g[i].parent && !strcmp(p->g[i].parent, parent) && !strcmp(p->g[i].leaf, leaf))
            return true;
    return false;
}

static bool same_leaves(const struct proposal *p, const char *x, const char *y)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct guess *g = &p->g[i];
        if (!g->parent)
            continue;
        if ((!strcmp(g->parent, x) && !has_leaf(p, y, g->leaf)) ||
            (!strcmp(g->parent, y) && !has_leaf(p, x, g->leaf)))
            return false;
    }
    return true;
}

/* The characters two names begin with. */
static const char *common_begin(struct arena *a, const char *x, const char *y)
{
    const char *p = x, *q = y;
    while (*p) {
        const char *p2 = p, *q2 = q;
        if (utf8_next(&p2) != utf8_next(&q2))
            break;
        p = p2;
        q = q2;
    }
    return arena_strn(a, x, (size_t)(p - x));
}

/* 当事人甲 (姓名, 电话), 当事人乙 (姓名, 电话): rows of one child table. */
static void groups_find(struct proposal *p)
{
    const char **parents = arena_array(p->a, p->n + 1, sizeof *parents);
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->g[i].parent && !word_in(parents, p->g[i].parent))
            parents[n++] = p->g[i].parent;
    p->parents = arena_array(p->a, n + 1, sizeof *p->parents);
    for (size_t i = 0; i < n && !p->nparents; i++)
        for (size_t j = i + 1; j < n; j++) {
            const char *label = common_begin(p->a, parents[i], parents[j]);
            if (!*label || !same_leaves(p, parents[i], parents[j]))
                continue;
            if (!p->nparents)
                p->parents[p->nparents++] = parents[i];
            p->parents[p->nparents++] = parents[j];
            p->child_label = label;
        }
    for (size_t i = 0; p->nparents && i < p->n; i++)
        p->g[i].child = p->g[i].parent && word_in(p->parents, p->g[i].parent);
    if (p->nparents)
        p->child = pinyin_word(p->a, p->child_label, 20);
}

static void names_give(struct proposal *p)
{
    struct map *used = map_new(p->a), *inner = map_new(p->a);
    map_put(inner, "role", p);
    if (p->child)
        map_put(used, p->child, p);
    for (size_t i = 0; i < p->n; i++) {
        struct guess *g = &p->g[i];
        if (g->refused)
            continue;
        guess_type(p->a, g);
        if (!g->child)
            g->name = guess_name(p->a, g->type == TYPE_GRID ? g->leaf : g->header, used);
        else if (!strcmp(g->parent, p->parents[0]))
            g->name = guess_name(p->a, g->leaf, inner);
        if (g->name && !strcmp(g->name, "grid") && g->type != TYPE_GRID)
            g->name = "grid_text";
    }
}

/* --- writing */

static const char *quoted(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, 2 * strlen(s) + 3), *q = out;
    *q++ = '"';
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            *q++ = '\\';
        *q++ = *s == '\n' || *s == '\t' ? ' ' : *s;
    }
    *q = '"';
    return out;
}

/* Texts that cannot be taken for anything else go without quotes. */
static const char *plain(struct arena *a, const char *s)
{
    for (const char *p = s; *p;) {
        uint32_t cp = utf8_next(&p);
        if (!cp_is_han(cp) && !(cp >= 'a' && cp <= 'z') && !(cp >= 'A' && cp <= 'Z') && !(cp >= '0' && cp <= '9'))
            return quoted(a, s);
    }
    return *s ? s : "\"\"";
}

static void put_choices(struct proposal *p, const struct guess *g)
{
    struct map *codes = map_new(p->a);
    buf_str(&p->raw, ", choices: {");
    for (size_t i = 0; i < map_count(g->values); i++) {
        const char *label = map_key(g->values, i), *base = pinyin_word(p->a, label, 24), *code = base;
        for (int k = 2; map_get(codes, code); k++)
            code = arena_printf(p->a, "%s%d", base, k);
        map_put(codes, code, p);
        buf_printf(&p->raw, "%s%s: %s", i ? ", " : "", code, plain(p->a, label));
    }
    buf_char(&p->raw, '}');
}

static void put_field(struct proposal *p, const struct guess *g, const char *indent)
{
    if (g->refused) {
        buf_printf(&p->raw, "%s# %s is left out: %s\n", indent, text_squeeze(p->a, g->header), g->refused);
        return;
    }
    if (!g->name)
        return;
    const char *label = g->child ? g->leaf : g->header;
    buf_printf(&p->raw, "%s%s: {type: %s, label: %s, class: %s", indent, g->name, field_type_word[g->type],
               plain(p->a, label), data_class_word[g->cls]);
    if (g->rows >= 10 && g->filled == g->rows && !g->child)
        buf_str(&p->raw, ", required: true");
    if (!g->child && strcmp(g->header, g->leaf))
        buf_printf(&p->raw, ", aliases: [%s]", plain(p->a, g->leaf));
    for (size_t i = 0; i < map_count(g->blanks); i++)
        buf_printf(&p->raw, "%s%s", i ? ", " : ", blanks: [", quoted(p->a, map_key(g->blanks, i)));
    if (map_count(g->blanks))
        buf_char(&p->raw, ']');
    if (g->merged && !g->child)
        buf_str(&p->raw, ", fill_down: true");
    if (g->type == TYPE_DECIMAL)
        buf_printf(&p->raw, ", places: %d", g->decimals > 6 ? 6 : g->decimals);
    if (g->longest > 150 && g->type == TYPE_TEXT)
        buf_printf(&p->raw, ", max: %zu", g->longest * 2);
    if (g->type == TYPE_UNIT)
        buf_str(&p->raw, ", kind: branch");
    if (g->type == TYPE_CHOICE)
        put_choices(p, g);
    buf_str(&p->raw, "}\n");
}

/* Names of fields of some types, at most max. */
static void put_names(struct proposal *p, const char *word, unsigned types, size_t max)
{
    const char *sep = "";
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < max; i++) {
        const struct guess *g = &p->g[i];
        if (!g->name || g->child || g->cls == CLASS_PROTECTED || !(types & (1u << g->type)))
            continue;
        if (!n++)
            buf_printf(&p->raw, "%s: [", word);
        buf_printf(&p->raw, "%s%s", sep, g->name);
        sep = ", ";
    }
    if (n)
        buf_str(&p->raw, "]\n");
}

/* The first of some types; of several headers the earliest named counts. */
static const struct guess *guess_of(const struct proposal *p, unsigned types, const char *const *headers)
{
    static const char *const any[] = {"", NULL};
    for (const char *const *h = headers ? headers : any; *h; h++)
        for (size_t i = 0; i < p->n; i++)
            if (p->g[i].name && !p->g[i].child && p->g[i].cls != CLASS_PROTECTED &&
                (types & (1u << p->g[i].type)) && strstr(p->g[i].header, *h))
                return &p->g[i];
    return NULL;
}

#define T(t) (1u << TYPE_##t)
#define T_TEXT (T(TEXT) | T(LONGTEXT) | T(PERSON))

static void put_register(struct proposal *p)
{
    static const char *const titles[] = {"名称", "标题", "主题", "议题", "简要", "内容", "事项", "姓名", NULL};
    static const char *const numbers[] = {"编号", "案号", NULL};
    const struct guess *title = guess_of(p, T_TEXT, titles),
                       *when = guess_of(p, T(DATE) | T(INSTANT) | T(MONTH), NULL);
    const struct guess *number = guess_of(p, T(TEXT), numbers), *grid = guess_of(p, T(GRID), NULL);
    const struct guess *unit = guess_of(p, T(UNIT), NULL);
    if (!title)
        title = guess_of(p, T_TEXT, NULL);
    if (!title)
        title = guess_of(p, ~0u, NULL);
    buf_printf(&p->raw, "register: %s\nlabel: %s\nmeasure: 条\n", p->name, plain(p->a, p->label));
    buf_printf(&p->raw, "title: %s\n", title->name);
    if (when)
        buf_printf(&p->raw, "happened: %s\n", when->name);
    if (unit)
        buf_printf(&p->raw, "unit: %s\n", unit->name);
    if (grid)
        buf_printf(&p->raw, "grid: %s\n", grid->name);
    if (number && number->filled && (long)map_count(number->all) * 10 >= number->filled * 9)
        buf_printf(&p->raw, "key: [%s]\nunique: [[%s]]\n", number->name, number->name);
    put_names(p, "search", T_TEXT | T(PHONE), SEARCHED);
    put_names(p, "list", ~(T(LONGTEXT) | T(FILE)), LISTED);
    put_names(p, "filters", T(CHOICE) | T(GRID) | T(UNIT) | T(FLAG), SEARCHED);
}

static void put_child(struct proposal *p)
{
    buf_printf(&p->raw, "children:\n  %s:\n    label: %s\n    fields:\n", p->child, plain(p->a, p->child_label));
    buf_str(&p->raw, "      role: {type: choice, label: 称谓, class: internal, choices: {");
    for (size_t i = 0; i < p->nparents; i++)
        buf_printf(&p->raw, "%sr%zu: %s", i ? ", " : "", i + 1, plain(p->a, p->parents[i]));
    buf_str(&p->raw, "}}\n");
    for (size_t i = 0; i < p->n; i++)
        if (p->g[i].child && !strcmp(p->g[i].parent, p->parents[0]))
            put_field(p, &p->g[i], "      ");
    buf_str(&p->raw, "    import:\n      groups: {");
    for (size_t i = 0; i < p->nparents; i++)
        buf_printf(&p->raw, "%s%s: {role: r%zu}", i ? ", " : "", plain(p->a, p->parents[i]), i + 1);
    buf_str(&p->raw, "}\n");
}

static void put_figures(struct proposal *p)
{
    const struct guess *by = guess_of(p, T(CHOICE), NULL), *money = guess_of(p, T(MONEY), NULL);
    buf_printf(&p->raw, "figures:\n  %s.count: {label: %s, kind: records, unit: 条", p->name,
               plain(p->a, p->label));
    buf_printf(&p->raw, by ? ", by: %s}\n" : "}\n", by ? by->name : "");
    if (money)
        buf_printf(&p->raw, "  %s.amount: {label: %s, kind: amount, unit: 元, sum: %s}\n", p->name,
                   plain(p->a, money->header), money->name);
    if (!p->nsheets)
        return;
    buf_str(&p->raw, "import:\n  sheets: [");
    for (size_t i = 0; i < p->nsheets; i++)
        buf_printf(&p->raw, "%s%s", i ? ", " : "", quoted(p->a, p->sheets[i]));
    buf_str(&p->raw, "]\n");
}

static void put_all(struct proposal *p)
{
    buf_printf(&p->raw,
               "# Proposed from a ledger: check each type and class, then save as modules/%s/%s.yaml beside a\n"
               "# module.yaml that says: module: %s, label: …, registers: [%s]\n\n",
               p->name, p->name, p->name, p->name);
    put_register(p);
    buf_str(&p->raw, "fields:\n");
    for (size_t i = 0; i < p->n; i++)
        if (!p->g[i].child)
            put_field(p, &p->g[i], "  ");
    if (p->child)
        put_child(p);
    put_figures(p);
}

/* --- */

/* 青榆社区培训签到表（2024年） → 培训签到表: whose it is and of when is no part of what it is. */
static const char *label_short(struct arena *a, const char *title)
{
    static const char *const owners[] = {"街道", "社区", "支部", "办事处", "居委会"};
    const char *s = title;
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        for (const char *at; (at = strstr(s, owners[i])) && strlen(at) > strlen(owners[i]) + 5;)
            s = at + strlen(owners[i]);
    size_t digits = strspn(s, "0123456789");
    if (digits == 4 && !strncmp(s + 4, "年度", 6))
        s += 10;
    else if (digits == 4 && !strncmp(s + 4, "年", 3))
        s += 7;
    const char *bracket = strstr(s, "（");
    return bracket && bracket > s ? arena_strn(a, s, (size_t)(bracket - s)) : s;
}

/* The title above the header, else the sheet's name. */
static const char *label_find(struct proposal *p)
{
    const struct sheet *s = p->sheet;
    for (size_t i = 0; i < s->nrows && s->rows[i].r < p->head.first; i++) {
        const struct cell *c = sheet_cell(s, i, 0);
        const char *t = c->kind == CELL_TEXT ? text_squeeze(p->a, c->text) : "";
        if (*t && utf8_count(t) <= TITLE_LENGTH && !strstr(t, "：") && !strchr(t, ':'))
            return label_short(p->a, t);
    }
    return s->name && *s->name ? s->name : p->name;
}

static bool name_fits(const char *s)
{
    return *s >= 'a' && *s <= 'z' && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s) &&
           strlen(s) <= 40;
}

int schema_propose(struct buf *out, struct arena *a, const struct book *b, const char *name, struct err *e)
{
    struct proposal p = {.a = a, .book = b, .name = name};
    struct schema_errors es = {.a = a};
    int rc = -1;
    if (!name_fits(name))
        return err_set(e, ERR_INPUT, "台账名“%s”只能用小写英文字母、数字和下划线，并以字母开头，例如 lending。",
                       name);
    if (!sheet_choose(&p))
        return err_set(e, ERR_INPUT,
                       "没有找到像台账的工作表：表头应在前 %d 行内，每列一个名称，下面至少有一行记录。",
                       HEADER_ROWS);
    p.label = label_find(&p);
    columns_take(&p);
    groups_find(&p);
    names_give(&p);
    if (!guess_of(&p, ~0u, NULL))
        return err_set(e, ERR_INPUT, "这张表的各列都不能登记：没有可以作为字段的列。");
    buf_init(&p.raw, 1024 * 1024);
    put_all(&p);
    if (buf_overflow(&p.raw))
        err_set(e, ERR_TOOBIG, "这张表太宽，生成的声明超过 1 MiB，请先拆成几张表。");
    else if (schema_fmt(out, a, "proposal", buf_cstr(&p.raw), p.raw.n, &es) < 0)
        err_set(e, ERR_BUG, "生成的声明第 %d 行有误：%s", es.n ? es.v[0].line : 0, es.n ? es.v[0].msg : "");
    else
        rc = 0;
    buf_done(&p.raw);
    return rc;
}
