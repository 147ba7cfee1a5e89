/* SPDX-License-Identifier: Apache-2.0 */
/* fixture.h: a small register, built by hand, for tests and fuzzing that need no YAML. */
#ifndef LINLI_TEST_MODEL_FIXTURE_H
#define LINLI_TEST_MODEL_FIXTURE_H

#include <string.h>

#include "base/map.h"
#include "model/schema.h"

enum {
    F_NUMBER,
    F_LENT,
    F_ITEM,
    F_KIND,
    F_TAGS,
    F_BORROWER,
    F_FEE,
    F_HOURS,
    F_COUNT,
    F_DONE,
    F_CLOSED,
    F_MONTH,
    F_BRANCH,
    F_PHONE,
    F_IDNO,
    F_CREDIT,
    F_GRID,
    F_NOTE,
    F_PLACE,
    F_OTHER,
    F_FILE,
    F__MAX
};

#define LABEL(text)                                                                                                \
    {                                                                                                              \
        {                                                                                                          \
            (text), (text), (text)                                                                                 \
        }                                                                                                          \
    }

static const char *fixture_tool_aliases[] = {"家什", NULL};
static const char *fixture_blanks[] = {"无", NULL};

static struct choice fixture_kinds[] = {
    {.code = "tool", .label = LABEL("工具"), .aliases = fixture_tool_aliases},
    {.code = "book", .label = LABEL("图书")},
    {.code = "other", .label = LABEL("其他（请注明）")},
    {.code = "item", .label = LABEL("物件")}, /* also the name of a field */
    {.code = "80_84", .label = LABEL("八十至八十四")},
};

static struct field fixture_fields[F__MAX] = {
    [F_NUMBER] = {.name = "number", .type = TYPE_TEXT, .label = LABEL("编号")},
    [F_LENT] = {.name = "lent_on", .type = TYPE_DATE, .label = LABEL("借出日期")},
    [F_ITEM] = {.name = "item", .type = TYPE_TEXT, .label = LABEL("物品")},
    [F_KIND] =
        {.name = "kind", .type = TYPE_CHOICE, .label = LABEL("类别"), .choices = fixture_kinds, .nchoices = 5},
    [F_TAGS] =
        {.name = "tags", .type = TYPE_CHOICES, .label = LABEL("标签"), .choices = fixture_kinds, .nchoices = 5},
    [F_BORROWER] = {.name = "borrower", .type = TYPE_PERSON, .label = LABEL("借用人")},
    [F_FEE] = {.name = "fee", .type = TYPE_MONEY, .label = LABEL("押金"), .blanks = fixture_blanks},
    [F_HOURS] = {.name = "hours", .type = TYPE_DECIMAL, .places = 1, .label = LABEL("时长"), .suffix = "小时"},
    [F_COUNT] = {.name = "copies", .type = TYPE_INT, .label = LABEL("件数"), .suffix = "册"},
    [F_DONE] = {.name = "done", .type = TYPE_FLAG, .label = LABEL("已结清")},
    [F_CLOSED] = {.name = "closed_at", .type = TYPE_INSTANT, .label = LABEL("办结时间")},
    [F_MONTH] = {.name = "period", .type = TYPE_MONTH, .label = LABEL("月份")},
    [F_BRANCH] = {.name = "branch", .type = TYPE_UNIT, .kind = "branch", .label = LABEL("所在支部")},
    [F_PHONE] = {.name = "phone", .type = TYPE_PHONE, .label = LABEL("联系电话")},
    [F_IDNO] = {.name = "idno", .type = TYPE_IDNO, .label = LABEL("身份证号")},
    [F_CREDIT] = {.name = "credit", .type = TYPE_CREDIT, .label = LABEL("信用代码")},
    [F_GRID] = {.name = "grid", .type = TYPE_GRID, .label = LABEL("网格")},
    [F_NOTE] = {.name = "note", .type = TYPE_LONGTEXT, .label = LABEL("备注")},
    [F_PLACE] = {.name = "place", .type = TYPE_LOCATION, .label = LABEL("位置")},
    [F_OTHER] = {.name = "other_ref", .type = TYPE_REF, .ref_name = "thing", .label = LABEL("对应需求")},
    [F_FILE] = {.name = "photo", .type = TYPE_FILE, .label = LABEL("照片")},
};

static struct field fixture_child_fields[] = {
    {.name = "name", .type = TYPE_PERSON, .label = LABEL("姓名"), .index = 0},
    {.name = "role",
     .type = TYPE_CHOICE,
     .label = LABEL("角色"),
     .choices = fixture_kinds,
     .nchoices = 2,
     .index = 1},
    {.name = "copies", .type = TYPE_INT, .label = LABEL("件数"), .index = 2},
};

static struct state fixture_states[] = {
    {.name = "out", .label = LABEL("借出"), .start = true},
    {.name = "back", .label = LABEL("已归还"), .final = true},
    {.name = "lost", .label = LABEL("遗失"), .final = true},
};

static const char *fixture_search[] = {"item", "borrower", NULL};
static const char *fixture_filters[] = {"kind", "state", NULL};
static const char *fixture_key[] = {"number", NULL};
static struct reg fixture_children[1];
static struct reg fixture_reg;

/* The register lending with a child table helpers. */
static inline struct reg *fixture(struct arena *a)
{
    struct reg *r = &fixture_reg, *c = &fixture_children[0];

    memset(r, 0, sizeof *r);
    memset(c, 0, sizeof *c);
    *r = (struct reg){.name = "lending",
                      .module = "example",
                      .label = LABEL("物品借用"),
                      .measure = "次",
                      .fields = fixture_fields,
                      .nfields = F__MAX,
                      .children = fixture_children,
                      .nchildren = 1,
                      .title = "item",
                      .happened = "lent_on",
                      .unit_field = "branch",
                      .grid_field = "grid",
                      .states = fixture_states,
                      .nstates = 3,
                      .search = fixture_search,
                      .filters = fixture_filters,
                      .key = fixture_key};
    *c = (struct reg){
        .name = "helpers", .parent = r, .label = LABEL("经办人"), .fields = fixture_child_fields, .nfields = 3};
    r->by_name = map_new(a);
    c->by_name = map_new(a);
    for (int i = 0; i < F__MAX; i++) {
        struct field *f = &fixture_fields[i];
        f->index = i;
        f->min = INT64_MIN;
        f->max = INT64_MAX;
        f->max_len = f->type == TYPE_LONGTEXT ? 20000 : 200;
        map_put(r->by_name, f->name, f);
    }
    for (int i = 0; i < 3; i++) {
        fixture_child_fields[i].min = INT64_MIN;
        fixture_child_fields[i].max = INT64_MAX;
        fixture_child_fields[i].max_len = 200;
        map_put(c->by_name, fixture_child_fields[i].name, &fixture_child_fields[i]);
    }
    return r;
}

#endif
