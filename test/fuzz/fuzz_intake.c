/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_intake.c: any bytes as a ledger (CSV, ¶ between sheets, a first line of digits as merges): a proposal is
 * made or refused, can be written down and read back as the same, and its rows can be told apart. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sec.h"
#include "format/csv.h"
#include "model/intake_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char module[] = "module: x\nlabel: x\nregisters: [deed, club, course]\n";
static const char club[] =
    "register: club\nlabel: 社团\nmeasure: 家\ntitle: name\nkey: [code]\nlist: [name]\nfields:\n"
    "  name: {type: text, label: 社团名称, class: public, required: true}\n"
    "  code: {type: credit, label: 信用代码, class: public}\n";
static const char deed[] =
    "register: deed\nlabel: 事情\nmeasure: 件\ntitle: what\nhappened: day\nkey: [number]\nlist: [day]\n"
    "fields:\n  number: {type: text, label: 编号, class: public, aliases: [序列号]}\n"
    "  day: {type: date, label: 日期, class: public, required: true}\n"
    "  what: {type: text, label: 内容, class: public, required: true, fill_down: true}\n"
    "  club: {type: ref, ref: club, label: 社团, class: public}\n"
    "  fee: {type: money, label: 金额, class: public, blanks: [无]}\n"
    "children:\n  sides:\n    label: 双方\n    fields:\n"
    "      role: {type: choice, label: 称谓, class: public, choices: {a: 甲方, b: 乙方}}\n"
    "      name: {type: person, label: 姓名, class: public, required: true}\n"
    "    import: {groups: {甲: {role: a}, 乙: {role: b}}}\n"
    "states:\n  open: {label: 未办, start: true}\n  done: {label: 已办, final: true}\n"
    "import:\n  sheets: [事情]\n  state_column: [结果]\n  as_of: day\n";
static const char course[] =
    "register: course\nlabel: 课程\nmeasure: 期\ntitle: title\nhappened: day\nkey: [title]\nlist: [day]\n"
    "fields:\n  title: {type: text, label: 期次, class: public, required: true}\n"
    "  day: {type: date, label: 开课日期, class: public, required: true}\n"
    "children:\n  pupils:\n    label: 学员\n    fields:\n"
    "      name: {type: person, label: 姓名, class: public, required: true}\n"
    "import:\n  cross: {child: pupils, header: 到课, parts: [title, day], marks: [√]}\n";

static struct view view;

static void begin(void)
{
    struct arena *a = arena_new();
    struct schema_errors es = {.a = a};
    struct schema_source src[] = {{"modules/x/module.yaml", module, sizeof module - 1},
                                  {"modules/x/club.yaml", club, sizeof club - 1},
                                  {"modules/x/deed.yaml", deed, sizeof deed - 1},
                                  {"modules/x/course.yaml", course, sizeof course - 1}};
    struct err e = {0};

    if (sec_init(&e))
        abort();
    view.schema = schema_load(a, src, 4, &es);
    for (size_t i = 0; i < es.n; i++)
        fprintf(stderr, "%s:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].msg);
    if (!view.schema)
        abort();
}

/* Four digits a merge: row, column, more rows, more columns. */
static void merge(struct arena *a, struct sheet *s, const char *digits)
{
    size_t cap = 0;

    for (; strlen(digits) >= 4 && s->nmerges < 50; digits += 4) {
        int v[4];

        for (int i = 0; i < 4; i++)
            v[i] = (unsigned char)digits[i] % 10;
        VEC_PUSH(a, s->merges, s->nmerges, cap) = (struct merge){v[0], v[1], v[0] + v[2], v[1] + v[3]};
    }
    sheet_index(a, s);
}

static struct book *ledger(struct arena *a, char *text)
{
    struct book *b = arena_alloc(a, sizeof *b);

    b->a = a;
    b->kind = "csv";
    b->sheets = arena_array(a, 4, sizeof *b->sheets);
    for (char *next; text && b->nsheets < 4; text = next) {
        char *line = strchr(text, '\n');
        struct book *one;
        struct err e;

        next = strstr(text, "¶");
        if (next) {
            *next = '\0';
            next += strlen("¶");
        }
        if (!line || (next && line > next) || csv_read(&one, a, line + 1, strlen(line + 1), &e))
            continue;
        *line = '\0';
        one->sheets[0].name = b->nsheets ? "事情" : NULL;
        merge(a, &one->sheets[0], text);
        b->sheets[b->nsheets++] = one->sheets[0];
    }
    return b;
}

static char *map_text(struct arena *a, const struct import_map *m)
{
    struct buf b;
    char *out;

    buf_init(&b, 8 << 20);
    intake_map_write(&b, m);
    out = buf_overflow(&b) ? NULL : arena_str(a, buf_cstr(&b));
    buf_done(&b);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct import_map *m;
    struct schema_errors es = {.a = a};
    struct err e = {0};
    struct book *b;
    char *text;

    if (!view.schema)
        begin();
    b = ledger(a, arena_strn(a, (const char *)data, size));
    if (intake_propose(&m, a, &view, b, NULL, "2024年.csv", &e) == 0) {
        text = map_text(a, m);
        if (text && strlen(text) < 1000000 && intake_map_read(m, &view, b, text, strlen(text), "m", &es) == 0 &&
            strcmp(text, map_text(a, m)) != 0) {
            fprintf(stderr, "%s---\n%s", text, map_text(a, m));
            abort();
        }
        for (size_t s = 0; s < m->nsheets; s++)
            for (size_t i = 0; !m->sheets[s].skip && i < b->sheets[s].nrows; i++)
                row_kind(a, &b->sheets[s], i, &m->sheets[s]);
    } else if (e.code != ERR_INPUT || !*e.msg) {
        abort();
    }
    arena_free(a);
    return 0;
}
