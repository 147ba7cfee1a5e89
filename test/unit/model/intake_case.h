/* SPDX-License-Identifier: Apache-2.0 */
/* intake_case.h: workbooks written down as text, and registers that import in every way the language has. */
#ifndef LINLI_TEST_MODEL_INTAKE_CASE_H
#define LINLI_TEST_MODEL_INTAKE_CASE_H

#include "site_case.h"

#include "model/intake.h"
#include "model/query.h"

static const char q_module[] =
    "module: q\nlabel: 导入试验\nregisters: [walk, quarrel, club, asset, plan, course, duty]\n";

/* Without a key. */
static const char q_walk[] =
    "register: walk\nlabel: 走动记录\nmeasure: 次\ntitle: place\nhappened: day\nalike: [[place, happened]]\nlist: "
    "[day, place]\nfields:\n"
    "  visitor: {type: person, label: 走动人, class: internal, required: true}\n"
    "  day: {type: date, label: 走动日期, class: internal, required: true}\n"
    "  place: {type: text, label: 去处, class: internal, required: true}\n"
    "  note: {type: longtext, label: 情况, class: internal}\n"
    "  way: {type: choice, label: 方式, class: internal, choices: {home: {label: 入户, aliases: [上门]}, phone: "
    "电话}}\n"
    "import:\n  sheets: [走动]\n";

static const char q_quarrel[] =
    "register: quarrel\nlabel: 口角\nmeasure: 件\ntitle: summary\nhappened: found_on\nkey: [number]\nunique: "
    "[[number]]\n"
    "list: [number, summary]\nfields:\n"
    "  number: {type: text, label: 登记编号, class: internal}\n"
    "  found_on: {type: date, label: 发现日期, class: internal, required: true}\n"
    "  summary: {type: text, label: 简要情况, class: internal, required: true}\n"
    "  amount: {type: money, label: 涉及金额, class: internal, min: 0, blanks: [无]}\n"
    "  closed_on: {type: date, label: 了结日期, class: internal, aliases: [了结-日期], check: closed_on >= "
    "found_on, "
    "otherwise: 了结日期不能早于发现日期}\n"
    "  idno: {type: idno, label: 证件号码, class: protected}\n"
    "  note: {type: text, label: 备注, class: internal}\n"
    "children:\n  sides:\n    label: 双方\n    fields:\n"
    "      role: {type: choice, label: 称谓, class: internal, choices: {a: 甲方, b: 乙方}}\n"
    "      name: {type: person, label: 姓名, class: internal, required: true}\n"
    "      phone: {type: phone, label: 电话, class: internal}\n"
    "    import:\n      groups: {甲: {role: a}, 乙: {role: b}}\n"
    "states:\n  open: {label: 未了结, start: true}\n  settled: {label: 和好, final: true, aliases: [言归于好]}\n"
    "  failed: {label: 未和好, final: true}\n"
    "moves:\n  settle: {label: 和好, from: [open], to: settled, by: [worker], requires: [closed_on]}\n"
    "import:\n  state_column: [了结-结果, 结果]\n  states: [{when: closed_on is not empty, state: settled}, "
    "{state: open}]\n";

static const char q_club[] =
    "register: club\nlabel: 社团\nmeasure: 家\ntitle: name\nhappened: joined_on\nkey: [code]\nunique: [[code]]\n"
    "list: [name]\nfields:\n"
    "  name: {type: text, label: 社团名称, class: public, required: true}\n"
    "  code: {type: credit, label: 信用代码, class: public, required: true}\n"
    "  joined_on: {type: date, label: 加入日期, class: public}\n"
    "  phone: {type: phone, label: 社团电话, class: public}\n";

static const char q_asset[] = "register: asset\nlabel: 家底清单\nmeasure: 项\ntitle: content\nhappened: "
                              "listed_on\nkey: [number]\nlist: [number]\n"
                              "fields:\n"
                              "  number: {type: text, label: 家底编号, class: public, required: true}\n"
                              "  club: {type: ref, ref: club, label: 提供方, class: public, required: true}\n"
                              "  content: {type: text, label: 家底内容, class: public, required: true}\n"
                              "  listed_on: {type: date, label: 列入日期, class: public}\n"
                              "  until: {type: date, label: 可用到, class: public, check: until >= listed_on, "
                              "otherwise: 可用到的日期不能早于列入日期}\n"
                              "import:\n  sheets: [家底]\n  as_of: listed_on\n";

static const char q_plan[] = "register: plan\nlabel: 打算\nmeasure: 个\ntitle: name\nhappened: due_on\nkey: "
                             "[number]\nlist: [number]\nfields:\n"
                             "  number: {type: text, label: 打算编号, class: public, required: true}\n"
                             "  name: {type: text, label: 打算名称, class: public, required: true}\n"
                             "  due_on: {type: date, label: 何时完成, class: public, required: true}\n"
                             "children:\n  assets:\n    label: 所用家底\n    fields:\n"
                             "      asset: {type: ref, ref: asset, label: 家底, class: public, required: true}\n"
                             "    import: {split: {column: 所用家底, field: asset, by: \"、，,\"}}\n";

static const char q_course[] = "register: course\nlabel: 课程\nmeasure: 期\ntitle: title\nhappened: held_on\nkey: "
                               "[title, held_on]\nlist: [title]\n"
                               "fields:\n"
                               "  title: {type: text, label: 期次, class: public, required: true}\n"
                               "  held_on: {type: date, label: 开课日期, class: public, required: true}\n"
                               "  topic: {type: text, label: 课题, class: public}\n"
                               "  place: {type: text, label: 上课地点, class: public}\n"
                               "children:\n  pupils:\n    label: 学员\n    fields:\n"
                               "      name: {type: person, label: 姓名, class: internal, required: true}\n"
                               "      phone: {type: phone, label: 联系电话, class: internal}\n"
                               "import:\n  sheets: [签到]\n  cross: {child: pupils, header: 到课情况, parts: "
                               "[title, held_on, topic], marks: [√, ✓]}\n";

static const char q_duty[] =
    "register: duty\nlabel: 值班\nmeasure: 班\ntitle: who\nhappened: day\nunit: branch\nkey: [branch, day]\nlist: "
    "[day]\n"
    "fields:\n"
    "  branch: {type: unit, kind: branch, label: 值班支部, class: internal, required: true}\n"
    "  day: {type: date, label: 值班日期, class: internal, required: true}\n"
    "  who: {type: person, label: 值班人, class: personal, required: true}\n"
    "import:\n  sheet_field: branch\n";

static inline int intake_begin(void **state)
{
    struct site_case *c;

    case_begin(state);
    c = *state;
    case_close(c);
    case_file(c->p, "modules/q/module.yaml", q_module);
    case_file(c->p, "modules/q/walk.yaml", q_walk);
    case_file(c->p, "modules/q/quarrel.yaml", q_quarrel);
    case_file(c->p, "modules/q/club.yaml", q_club);
    case_file(c->p, "modules/q/asset.yaml", q_asset);
    case_file(c->p, "modules/q/plan.yaml", q_plan);
    case_file(c->p, "modules/q/course.yaml", q_course);
    case_file(c->p, "modules/q/duty.yaml", q_duty);
    case_open(c, STORE_WRITE);
    return 0;
}

#define WALK "走动人|走动日期|去处|情况|方式\n"
#define QUARREL "登记编号|发现日期|简要情况|涉及金额（元）|结果|了结日期|备注\n"

#define TEST_INTAKE(f) cmocka_unit_test_setup_teardown(f, intake_begin, case_end)

/* --- workbooks as text: rows end with \n, cells are parted by |; #12 is a number, @45356 a date cell, ^ a line
 * break */

static inline struct book *book_begin(struct arena *a)
{
    struct book *b = arena_alloc(a, sizeof *b);

    b->a = a;
    b->kind = "xlsx";
    b->sheets = arena_array(a, 16, sizeof *b->sheets);
    return b;
}

static inline struct cell cell_of(struct arena *a, const char *s, size_t n)
{
    char *t = arena_strn(a, s, n);

    for (char *p = t; *p; p++)
        if (*p == '^')
            *p = '\n';
    if (n == 0)
        return (struct cell){CELL_EMPTY, 0, NULL};
    if (*t == '#' || *t == '@')
        return (struct cell){*t == '#' ? CELL_NUMBER : CELL_DATE, strtod(t + 1, NULL), t + 1};
    return (struct cell){CELL_TEXT, 0, t};
}

/* merges: "r1,c1,r2,c2 …" from 0 */
static inline struct sheet *book_add(struct book *b, const char *name, const char *text, const char *merges)
{
    struct sheet *s = &b->sheets[b->nsheets++];
    size_t cap = 0, mcap = 0;
    int r = 0, m[4], used;

    *s = (struct sheet){.name = name};
    for (; *text; r++) {
        size_t line = strcspn(text, "\n"), cells_cap = 0, n = 0;
        struct cell *cells = NULL;
        bool any = false;

        for (size_t i = 0; i <= line;) {
            size_t end = i;

            while (end < line && text[end] != '|')
                end++;
            VEC_PUSH(b->a, cells, n, cells_cap) = cell_of(b->a, text + i, end - i);
            any |= end > i;
            i = end + 1;
        }
        while (n > 0 && cells[n - 1].kind == CELL_EMPTY)
            n--;
        if (any)
            VEC_PUSH(b->a, s->rows, s->nrows, cap) = (struct sheet_row){r, 0, false, (int)n, cells};
        if ((int)n > s->ncols)
            s->ncols = (int)n;
        text += line + (text[line] == '\n');
    }
    while (merges && sscanf(merges, "%d,%d,%d,%d%n", &m[0], &m[1], &m[2], &m[3], &used) == 4) {
        VEC_PUSH(b->a, s->merges, s->nmerges, mcap) = (struct merge){m[0], m[1], m[2], m[3]};
        merges += used;
    }
    sheet_index(b->a, s);
    return s;
}

static inline struct book *book_of(struct site_case *c, const char *name, const char *text, const char *merges)
{
    struct book *b = book_begin(c->a);

    book_add(b, name, text, merges);
    return b;
}

/* --- importing them */

static inline struct import_map *plan_of(struct site_case *c, const struct book *b, const char *only)
{
    struct import_map *m;

    GOOD(intake_propose(&m, c->a, &c->v, b, only, "台账.xlsx", &c->e));
    return m;
}

static inline struct import_result *import_map(struct site_case *c, const struct book *b,
                                               const struct import_map *m, bool dry)
{
    struct import_result *r;
    struct import_job j = {.site = c->site,
                           .view = &c->v,
                           .actor = &actor_system,
                           .a = c->a,
                           .book = b,
                           .map = m,
                           .file_name = "台账.xlsx",
                           .sha = "00",
                           .unit = tree_find(c->v.units, c->peach),
                           .dry_run = dry};

    GOOD(intake_run(&r, &j, &c->e));
    return r;
}

static inline struct import_result *import(struct site_case *c, const struct book *b)
{
    return import_map(c, b, plan_of(c, b, NULL), false);
}

static inline void counts(const struct import_result *r, long read, long inserted, long updated, long unchanged,
                          long refused)
{
    if (r->read != read || r->inserted != inserted || r->updated != updated || r->unchanged != unchanged ||
        r->refused != refused)
        fprintf(stderr, "  read %ld inserted %ld updated %ld unchanged %ld refused %ld\n", r->read, r->inserted,
                r->updated, r->unchanged, r->refused);
    for (size_t i = 0; i < r->nrejects && r->refused != refused; i++)
        fprintf(stderr, "  row %d %s '%s' %s: %s\n", r->rejects[i].row, r->rejects[i].column, r->rejects[i].value,
                reason_word[r->rejects[i].reason], r->rejects[i].msg);
    assert_int_equal(r->read, read);
    assert_int_equal(r->inserted, inserted);
    assert_int_equal(r->updated, updated);
    assert_int_equal(r->unchanged, unchanged);
    assert_int_equal(r->refused, refused);
}

static inline void rejected(const struct import_result *r, size_t i, int row, const char *column, const char *value,
                            enum reason why)
{
    assert_true(i < r->nrejects);
    assert_int_equal(r->rejects[i].row, row);
    assert_string_equal(r->rejects[i].column, column);
    assert_string_equal(r->rejects[i].value, value);
    if (r->rejects[i].reason != why)
        fprintf(stderr, "  %s: %s\n", reason_word[r->rejects[i].reason], r->rejects[i].msg);
    assert_int_equal(r->rejects[i].reason, why);
    assert_true(strlen(r->rejects[i].msg) > 10);
}

/* --- what came of it */

static inline struct record **all_of(struct site_case *c, const char *reg, size_t *n)
{
    struct list_query q = {
        .reg = schema_reg(c->v.schema, reg), .all = true, .limit = 1000, .ascending = true, .children = true};
    struct record **out;
    bool more;
    struct db *d = store_reader(c->site->store, &c->e);

    assert_non_null(d);
    GOOD(query_list(&out, n, &more, c->a, d, &q, &c->e));
    return out;
}

static inline size_t how_many(struct site_case *c, const char *reg)
{
    size_t n;

    all_of(c, reg, &n);
    return n;
}

/* The one record whose field is this text. */
static inline struct record *one_of(struct site_case *c, const char *reg, const char *field, const char *text)
{
    size_t n;
    struct record **all = all_of(c, reg, &n), *found = NULL;

    for (size_t i = 0; i < n; i++)
        if (record_get(all[i], field).kind == VALUE_TEXT && strcmp(record_get(all[i], field).s, text) == 0)
            found = all[i];
    if (!found)
        fprintf(stderr, "  no %s with %s %s\n", reg, field, text);
    assert_non_null(found);
    return found;
}

static inline const struct map_column *column(const struct map_sheet *s, const char *header)
{
    for (size_t i = 0; i < s->ncolumns; i++)
        if (strcmp(s->columns[i].header, header) == 0)
            return &s->columns[i];
    fprintf(stderr, "  no column %s\n", header);
    fail();
    return NULL;
}

#endif
