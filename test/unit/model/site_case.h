/* SPDX-License-Identifier: Apache-2.0 */
/* site_case.h: a site with invented units and two registers that use everything the language has, for the tests of
 * records, moves, figures and access. Runs on SQLite and, with LINLI_TEST_PG, on PostgreSQL. */
#ifndef LINLI_TEST_MODEL_SITE_CASE_H
#define LINLI_TEST_MODEL_SITE_CASE_H

#include "../store/both.h"

#include "base/date.h"
#include "base/embed.h"
#include "model/figure.h"
#include "model/flow.h"
#include "model/record.h"
#include "store/sys_trail.h"

static const char case_module[] = "module: t\nlabel: 试验\nregisters: [loan, item, repair]\n";

static const char case_item[] =
    "register: item\n"
    "label: 物品\n"
    "measure: 件\n"
    "title: name\n"
    "happened: bought_on\n"
    "unit: owner\n"
    "key: [code]\n"
    "unique: [[code]]\n"
    "search: [code, name]\n"
    "list: [code, name]\n"
    "fields:\n"
    "  code: {type: text, label: 编码, class: internal, required: true}\n"
    "  name: {type: text, label: 名称, class: internal, required: true}\n"
    "  owner: {type: unit, label: 所属, class: internal}\n"
    "  bought_on: {type: date, label: 购入日期, class: internal, required: true}\n"
    "  gone_on: {type: date, label: 报废日期, class: internal}\n"
    "  price: {type: money, label: 价格, class: internal, min: 0}\n"
    "figures:\n"
    "  item.kept: {label: 在册, kind: stock, unit: 件, from: bought_on, until: gone_on}\n"
    "  item.spent: {label: 购置, kind: amount, unit: 元, sum: price}\n";

static const char case_repair[] = "register: repair\n"
                                  "label: 维修\n"
                                  "measure: 次\n"
                                  "title: what\n"
                                  "happened: reported\n"
                                  "list: [reported, what]\n"
                                  "fields:\n"
                                  "  reported: {type: date, label: 报修日期, class: internal, required: true}\n"
                                  "  what: {type: text, label: 内容, class: internal, required: true}\n"
                                  "  cost: {type: money, label: 费用, class: internal, required: true}\n"
                                  "figures:\n"
                                  "  repair.count: {label: 维修, kind: records, unit: 次}\n";

static const char case_loan[] =
    "register: loan\n"
    "label: 借用\n"
    "measure: 次\n"
    "title: \"concat(number, ' ', borrower)\"\n"
    "happened: lent_at\n"
    "unit: branch\n"
    "grid: grid\n"
    "key: [number]\n"
    "unique: [[number], [borrower, lent_at]]\n"
    "number: {field: number, pattern: \"借〔{year}〕{n:3}号\"}\n"
    "search: [number, borrower, note, helpers.name]\n"
    "list: [number, lent_at, borrower, kind, state]\n"
    "filters: [kind]\n"
    "access: {read: [worker, secretary, viewer], write: [worker, secretary]}\n"
    "fields:\n"
    "  number: {type: text, label: 编号, class: internal}\n"
    "  lent_at: {type: instant, label: 借出时间, class: internal, required: true, initial: now}\n"
    "  item: {type: ref, ref: item, label: 物品, class: internal}\n"
    "  kind: {type: choice, label: 类别, class: internal, required: true, choices: {tool: 工具, book: 图书, other: "
    "其他}}\n"
    "  tags: {type: choices, label: 标签, class: internal, choices: {new: 新, old: 旧, big: 大}}\n"
    "  borrower: {type: person, label: 借用人, class: personal, required: true}\n"
    "  phone: {type: phone, label: 联系电话, class: personal}\n"
    "  idno: {type: idno, label: 证件号, class: protected}\n"
    "  branch: {type: unit, label: 所在支部, kind: branch, class: internal}\n"
    "  grid: {type: grid, label: 网格, class: internal}\n"
    "  hours: {type: decimal, places: 1, label: 时长, class: internal, min: 0, max: 24}\n"
    "  fee: {type: money, label: 押金, class: internal, min: 0}\n"
    "  heads: {type: int, label: 人次, class: internal, min: 0}\n"
    "  due_on: {type: date, label: 应还日期, class: internal}\n"
    "  back_on: {type: date, label: 归还日期, class: internal, check: back_on >= lent_at, otherwise: "
    "归还日期不能早于借出时间}\n"
    "  kept: {type: int, label: 天数, class: internal, computed: \"days(lent_at, back_on)\"}\n"
    "  note: {type: longtext, label: 说明, class: internal, max: 60}\n"
    "  broken: {type: flag, label: 损坏, class: internal}\n"
    "  hands: {type: int, label: 经手人数, class: internal, counted: {child: helpers, where: minutes > 0}}\n"
    "  fed: {type: int, label: 餐数, class: internal, computed: hands + hands}\n"
    "  order: {type: ref, ref: repair, label: 维修单, class: internal}\n"
    "children:\n"
    "  helpers:\n"
    "    label: 经办人\n"
    "    fields:\n"
    "      name: {type: person, label: 姓名, class: personal, required: true}\n"
    "      role: {type: choice, label: 分工, class: internal, choices: {lead: 牵头, help: 协助}}\n"
    "      minutes: {type: int, label: 分钟, class: internal, min: 0, max: 600}\n"
    "states:\n"
    "  out: {label: 借出, start: true}\n"
    "  seen: {label: 已核}\n"
    "  back: {label: 已归还, final: true}\n"
    "  lost: {label: 遗失, final: true}\n"
    "clocks:\n"
    "  due: {label: 归还时限, after: 10 wd, field: due_on, when: kind != book}\n"
    "  long: {label: 图书时限, after: 30 d, field: due_on, when: kind = book}\n"
    "  look: {label: 核查时限, after: 2 d}\n"
    "moves:\n"
    "  see: {label: 核查, from: [out], to: seen, by: [worker], asks: [note], requires: [note], starts: [look]}\n"
    "  return: {label: 归还, main: true, from: [out, seen], to: back, by: [worker, secretary], asks: [back_on], "
    "requires: [back_on], stamp: back_on, stops: [due, long, look], when: broken is empty or broken = false, "
    "otherwise: 损坏的物品要先报修}\n"
    "  lose: {label: 登记遗失, from: any, to: lost, by: [secretary], stops: [due, long, look]}\n"
    "  mend: {label: 报修, from: any, by: [worker], makes: repair}\n"
    "makes:\n"
    "  repair: {into: repair, when: broken = true, set: {what: \"concat('修理 ', borrower)\", reported: happened}, "
    "back: order}\n"
    "figures:\n"
    "  loan.count: {label: 借用次数, kind: records, unit: 次, by: kind}\n"
    "  loan.by_grid: {label: 各网格, kind: records, unit: 次, by: grid}\n"
    "  loan.items: {label: 各物品, kind: records, unit: 次, where: item is not empty, by: item}\n"
    "  loan.back: {label: 已归还, kind: records, unit: 次, where: state = back, on: back_on}\n"
    "  loan.rate: {label: 归还率, kind: ratio, num: loan.back, den: loan.count, places: 1, truncate: true}\n"
    "  loan.rounded: {label: 归还率, kind: ratio, num: loan.back, den: loan.count, places: 1}\n"
    "  loan.heads: {label: 人次, kind: times, unit: 人次, sum: heads}\n"
    "  loan.help: {label: 经办人次, kind: times, unit: 人次, child: helpers, where: minutes > 0, by: role}\n"
    "  loan.minutes: {label: 经办分钟, kind: times, unit: 分钟, child: helpers, sum: minutes}\n"
    "  loan.people: {label: 借用人数, kind: persons, unit: 人, key: \"concat(borrower, phone)\", by: kind}\n"
    "  loan.ids: {label: 实名人数, kind: persons, unit: 人, key: idno}\n"
    "  loan.teams: {label: 支部数, kind: distinct, unit: 个, key: unit}\n"
    "  loan.hours: {label: 时长, kind: hours, unit: 小时, sum: hours}\n"
    "  loan.fees: {label: 押金, kind: amount, unit: 元, sum: fee, where: kind != other}\n"
    "  loan.out: {label: 在借, kind: stock, unit: 件, from: lent_at, until: back_on, by: kind}\n"
    "  loan.kept:\n"
    "    label: 按期\n"
    "    kind: cadence\n"
    "    unit: 期\n"
    "    each: branch\n"
    "    due: [{period: quarter, match: kind = tool, slice: 工具日}, {period: month, match: kind = book, slice: "
    "读书日}]\n"
    "  loan.missed: {label: 应办未办, kind: missed, unit: 次, of: loan.kept}\n"
    "  loan.all:\n"
    "    label: 借用和维修\n"
    "    kind: records\n"
    "    unit: 次\n"
    "    parts: [{register: loan}, {register: repair, where: what is not empty}]\n";

struct site_case {
    struct place *p;
    struct site *site;
    struct view v;
    struct arena *a;
    struct err e;
    /* 临河街道 → 桃源社区 → 桃源一支部, 桃源二支部; 临河街道 → 柳湾社区 → 柳湾支部 */
    int64_t street, peach, willow, peach1, peach2, willow1, grid;
};

#define GOOD(x) case_good(c, (x), __FILE__, __LINE__)
static void case_good(struct site_case *c, int rc, const char *file, int line)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s:%d: error %d: [%s] %s (%s)\n", file, line, (int)c->e.code, c->e.field, c->e.msg, c->e.log);
    _fail(file, line);
}
#define BAD(x, want)                                                                                               \
    do {                                                                                                           \
        err_clear(&c->e);                                                                                          \
        assert_int_equal((x), -1);                                                                                 \
        if (c->e.code != (want))                                                                                   \
            fprintf(stderr, "error %d: %s (%s)\n", (int)c->e.code, c->e.msg, c->e.log);                            \
        assert_int_equal(c->e.code, (want));                                                                       \
    } while (0)

static void case_file(struct place *p, const char *path, const char *text)
{
    const char *file = path_join(p->a, p->dir, path);
    char *dir = arena_str(p->a, file);

    *strrchr(dir, '/') = '\0';
    OK(dir_make(dir, 0700, &p->e));
    OK(file_write(file, text, strlen(text), 0600, &p->e));
}

static inline struct save case_save(struct site_case *c)
{
    return (struct save){.site = c->site, .view = &c->v, .actor = &actor_system, .a = c->a};
}

static inline struct record *case_new(struct site_case *c, const char *reg, int64_t home)
{
    struct record *r = record_new(c->a, schema_reg(c->v.schema, reg));

    r->home = home;
    return r;
}

static inline void case_put(struct site_case *c, struct record *r)
{
    struct save s = case_save(c);

    GOOD(record_save(&s, r, NULL, &c->e));
}

/* The trees as they are now. */
static inline void case_again(struct site_case *c)
{
    if (c->v.schema)
        site_drop(c->site, &c->v);
    site_hold(c->site, &c->v);
}

static inline int64_t case_unit(struct site_case *c, const char *code, const char *name, const char *kind,
                                int64_t parent)
{
    struct record *r = case_new(c, "unit", 0);
    record_set(r, "since", value_null()); /* there before any record */

    record_set(r, "code", value_text(code));
    record_set(r, "name", value_text(name));
    record_set(r, "kind", value_text(kind));
    if (parent)
        record_set(r, "parent", value_int(parent));
    case_put(c, r);
    case_again(c);
    return r->id;
}

static inline void case_units(struct site_case *c)
{
    struct record *g;

    c->street = case_unit(c, "LH", "临河街道", "subdistrict", 0);
    c->peach = case_unit(c, "TY", "桃源社区", "community", c->street);
    c->willow = case_unit(c, "LW", "柳湾社区", "community", c->street);
    c->peach1 = case_unit(c, "TY-1", "桃源社区第一党支部", "branch", c->peach);
    c->peach2 = case_unit(c, "TY-2", "桃源社区第二党支部", "branch", c->peach);
    c->willow1 = case_unit(c, "LW-1", "柳湾社区第一党支部", "branch", c->willow);
    g = case_new(c, "grid", c->peach);
    record_set(g, "code", value_text("TY-G1"));
    record_set(g, "name", value_text("第一网格"));
    record_set(g, "kind", value_text("grid"));
    record_set(g, "unit", value_int(c->peach));
    case_put(c, g);
    case_again(c);
    c->grid = g->id;
}

/* Modules: base and t only. */
static inline void case_modules(struct place *p)
{
    for (const struct embed *f = embed_next("modules/", NULL); f; f = embed_next("modules/", f + 1))
        if (strncmp(f->path, "modules/base/", 13))
            case_file(p, f->path, "");
    case_file(p, "modules/t/module.yaml", case_module);
    case_file(p, "modules/t/item.yaml", case_item);
    case_file(p, "modules/t/repair.yaml", case_repair);
    case_file(p, "modules/t/loan.yaml", case_loan);
}

static inline void case_open(struct site_case *c, enum store_mode mode)
{
    GOOD(site_open(&c->site, c->p->dir, mode, &c->e));
    memset(&c->v, 0, sizeof c->v);
    case_again(c);
}

static inline void case_close(struct site_case *c)
{
    site_drop(c->site, &c->v);
    site_close(c->site);
    c->site = NULL;
}

static inline int case_begin(void **state)
{
    struct site_case *c = calloc(1, sizeof *c);
    struct place *p;

    place_begin(state);
    p = c->p = *state;
    c->a = p->a;
    date_set_zone(480);
    date_fix_now(day_instant(day_from_ymd(2026, 7, 15), 600)); /* a Wednesday */
    OK(store_create(p->dir, both_kind == DB_POSTGRES ? p->where : NULL, &p->e));
    case_modules(p);
    case_open(c, STORE_WRITE);
    case_units(c);
    *state = c;
    return 0;
}

static inline int case_end(void **state)
{
    struct site_case *c = *state;

    if (c->site)
        case_close(c);
    *state = c->p;
    free(c);
    return place_end(state);
}

#define TEST_SITE(f) cmocka_unit_test_setup_teardown(f, case_begin, case_end)

/* A loan with what is required, in memory. */
static inline struct record *case_loan_new(struct site_case *c, int64_t unit, int y, int m, int d, const char *kind,
                                           const char *who)
{
    const struct node *n = tree_find(c->v.units, unit);
    struct record *r = case_new(c, "loan", n->home);

    record_set(r, "lent_at", value_int(day_instant(day_from_ymd(y, m, d), 600)));
    record_set(r, "kind", value_text(kind));
    record_set(r, "borrower", value_text(who));
    if (!strcmp(n->kind, "branch"))
        record_set(r, "branch", value_int(unit));
    return r;
}

/* Nothing differs between the totals and the records, and the trail is whole. */
static inline void case_clean(struct site_case *c)
{
    struct check_diff *diff;
    struct trail_check tc;
    size_t n, compared;

    GOOD(figure_check(&diff, &n, &compared, c->a, c->site, &c->e));
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "  %s [%s] unit %lld day %d: kept %lld, counted %lld\n", diff[i].figure, diff[i].slice,
                (long long)diff[i].unit, diff[i].day, (long long)diff[i].kept, (long long)diff[i].counted);
    assert_int_equal(n, 0);
    assert_true(compared > 0);
    GOOD(trail_verify(&tc, store_reader(c->site->store, &c->e), 0, NULL, NULL, &c->e));
    assert_int_equal(tc.breaks, 0);
}

static inline int64_t case_figure(struct site_case *c, const char *name, int64_t unit, int32_t from, int32_t to)
{
    struct figure_at at = {
        .view = &c->v, .unit = unit ? tree_find(c->v.units, unit) : NULL, .from = from, .to = to};
    struct figure_value v;

    GOOD(figure_compute(&v, c->a, store_reader(c->site->store, &c->e), schema_figure(c->v.schema, name), &at,
                        &c->e));
    return v.gap ? -1 : v.value;
}

#define DAY(y, m, d) day_from_ymd((y), (m), (d))

#endif
