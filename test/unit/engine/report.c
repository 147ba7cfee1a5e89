/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: templates parsed, refused and filled from made-up figures, without a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/report.h"

static struct arena *a;
static struct schema schema;
static struct view view = {.schema = &schema};
static struct node town = {.code = "CH", .name = "柳溪社区", .kind = "community"};

/* --- made-up figures: a value for the year 2024, another for every other period --- */

static struct choice kinds[] = {{.code = "noise", .label = {{"噪声", "噪声", "Noise"}}},
                                {.code = "lamp", .label = {{"路灯", "路燈", "Lamps"}}},
                                {.code = "lift", .label = {{"电梯", "電梯", "Lifts"}}},
                                {.code = "tree", .label = {{"树木", "樹木", "Trees"}}}};
static struct field kind_field = {
    .name = "kind", .label = {{"类别", "類別", "Kind"}}, .choices = kinds, .nchoices = 4};
static struct expr *by_kind = (struct expr *)&kind_field; /* only asked whether it is there */
static struct contribution split[1], whole[1];
static struct field open_title = {.name = "title", .cls = CLASS_PUBLIC};
static struct field shut_title = {.name = "who", .cls = CLASS_PERSONAL};
static struct reg open_reg = {.name = "fair", .title = "title"};
static struct reg shut_reg = {.name = "caller", .title = "who"};

static struct made {
    struct figure f;
    int64_t year, other; /* kept values */
    int64_t num, den;
    bool gap;
} made[] = {
    {.f = {.name = "case.found",
           .label = {{"受理", "受理", "Found"}},
           .unit = {{"件", "件", ""}},
           .kind = FIG_RECORDS},
     .year = 38,
     .other = 101},
    {.f = {.name = "case.closed",
           .label = {{"办结", "辦結", "Closed"}},
           .unit = {{"件", "件", ""}},
           .kind = FIG_RECORDS},
     .year = 37,
     .other = 90},
    {.f = {.name = "case.open", .label = {{"在办", "在辦", "Open"}}, .unit = {{"件", "件", ""}}, .kind = FIG_STOCK},
     .year = 1,
     .other = 0},
    {.f = {.name = "case.rate", .label = {{"办结率", "", ""}}, .kind = FIG_RATIO, .places = 1, .truncate = true},
     .year = 973,
     .other = 0,
     .num = 37,
     .den = 38},
    {.f = {.name = "case.even", .label = {{"及时率", "", ""}}, .kind = FIG_RATIO, .places = 1},
     .year = 974,
     .num = 37,
     .den = 38},
    {.f = {.name = "case.none", .label = {{"空率", "", ""}}, .kind = FIG_RATIO, .places = 1}, .gap = true},
    {.f = {.name = "meet.people", .label = {{"参加人数", "", ""}}, .unit = {{"人", "", ""}}, .kind = FIG_PERSONS},
     .year = 283,
     .other = 300},
    {.f = {.name = "work.hours",
           .label = {{"时长", "", ""}},
           .unit = {{"小时", "", ""}},
           .kind = FIG_HOURS,
           .places = 2},
     .year = 56150,
     .other = 1},
    {.f = {.name = "money.spent",
           .label = {{"支出", "", ""}},
           .unit = {{"元", "", ""}},
           .kind = FIG_AMOUNT,
           .places = 2},
     .year = 4695600,
     .other = 1},
    {.f = {.name = "meet.kept", .label = {{"按期", "", ""}}, .unit = {{"次", "", ""}}, .kind = FIG_CADENCE},
     .year = 130,
     .num = 130,
     .den = 132},
    {.f = {.name = "meet.missed", .label = {{"未开", "", ""}}, .unit = {{"次", "", ""}}, .kind = FIG_MISSED},
     .year = 2},
    {.f = {.name = "fair.held",
           .label = {{"集市", "", ""}},
           .unit = {{"场", "", ""}},
           .kind = FIG_RECORDS,
           .reg = &open_reg},
     .year = 3},
    {.f = {.name = "call.taken",
           .label = {{"来电", "", ""}},
           .unit = {{"个", "", ""}},
           .kind = FIG_RECORDS,
           .reg = &shut_reg},
     .year = 3},
};
enum { NMADE = sizeof made / sizeof *made };

static int computed; /* how often */

static int compute(void *arg, struct figure_value *out, struct arena *ar, const struct figure *f,
                   const struct figure_at *at, struct err *e)
{
    (void)ar;
    if (arg)
        return err_set(e, ERR_IO, "the disk is gone");
    computed++;
    for (size_t i = 0; i < NMADE; i++)
        if (&made[i].f == f) {
            bool year = at->from == day_from_ymd(2024, 1, 1) && at->to == day_from_ymd(2024, 12, 31);
            int64_t v = year ? made[i].year : made[i].other;
            if (at->slice)
                v = strcmp(at->slice, "lamp") == 0 ? 9 : 0;
            *out = (struct figure_value){.figure = f,
                                         .gap = made[i].gap,
                                         .value = v,
                                         .num = made[i].num,
                                         .den = made[i].den,
                                         .records = v,
                                         .late = year ? 2 : 0};
        }
    return 0;
}

static int slices(void *arg, struct figure_slice **out, size_t *n, struct arena *ar, const struct figure *f,
                  const struct figure_at *at, enum lang l, struct err *e)
{
    (void)arg, (void)f, (void)at, (void)l, (void)e;
    static const int64_t values[] = {20, 9, 8, 1};
    *out = arena_array(ar, 4, sizeof **out);
    for (size_t i = 0; i < 4; i++)
        (*out)[i] = (struct figure_slice){kinds[i].code, kinds[i].label.t[0], values[i], values[i]};
    *n = 4;
    return 0;
}

static int behind(void *arg, struct behind **out, size_t *n, struct arena *ar, const struct figure *f,
                  const struct figure_at *at, size_t limit, struct err *e)
{
    (void)arg, (void)at, (void)e;
    static const char *const gaps[] = {"第二支部2024年第三季度未召开党员大会", "第三支部2024年8月未开展主题党日"};
    static const char *const fairs[] = {"春季便民集市", "夏季便民集市", "秋季便民集市"};
    size_t all = f->kind == FIG_MISSED ? 2 : 3;
    *n = limit && limit < all ? limit : all;
    *out = arena_array(ar, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i].title = f->kind == FIG_MISSED ? gaps[i] : fairs[i];
    return 0;
}

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    schema.a = a;
    schema.figure_by_name = map_new(a);
    split[0].slice = by_kind;
    for (struct reg **r = (struct reg *[]){&open_reg, &shut_reg, NULL}; *r; r++) {
        (*r)->by_name = map_new(a);
        (*r)->fields = *r == &open_reg ? &open_title : &shut_title;
        (*r)->nfields = 1;
        map_put((*r)->by_name, (*r)->title, (*r)->fields);
    }
    for (size_t i = 0; i < NMADE; i++) {
        made[i].f.parts = i == 0 ? split : whole;
        made[i].f.nparts = 1;
        if (i == 0)
            made[i].f.slice_field = &kind_field;
        map_put(schema.figure_by_name, made[i].f.name, &made[i].f);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct template *parse(const char *text, struct schema_errors *es)
{
    struct report_def *def = arena_alloc(a, sizeof *def);
    *def = (struct report_def){.name = "t", .label = {{"样稿", "樣稿", "Sample"}}, .file = "t.md"};
    def->text = text;
    def->n = strlen(text);
    *es = (struct schema_errors){.a = a};
    return report_parse(a, &schema, def, es);
}

static int32_t made_at; /* the day on which the report is made */

static struct report *fill(const char *text, const struct map *texts)
{
    static const struct report_source src = {compute, slices, behind, NULL};
    struct schema_errors es;
    struct err e = {0};
    struct template *t = parse(text, &es);
    if (!t)
        fail_msg("%d:%d: %s", es.v[0].line, es.v[0].col, es.v[0].msg);
    struct report_params *p = arena_alloc(a, sizeof *p);
    *p = (struct report_params){&town,
                                day_from_ymd(2024, 1, 1),
                                day_from_ymd(2024, 12, 31),
                                texts,
                                LANG_HANS,
                                NULL,
                                day_instant(made_at, 9 * 60),
                                NULL};
    struct report *r;
    if (report_fill(&r, a, &src, &view, t, p, &e) != 0)
        fail_msg("%s", e.msg);
    return r;
}

static const char *text_of(const struct report *r)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    report_text_out(&b, r);
    char *s = arena_str(a, buf_cstr(&b));
    buf_done(&b);
    size_t n = strlen(s);
    if (n)
        s[n - 1] = '\0';
    return s;
}

static void is(const char *template, const char *want)
{
    const char *got = text_of(fill(template, NULL));
    if (strcmp(got, want) != 0)
        fail_msg("%s\n  gives %s\n  not   %s", template, got, want);
}

/* --- numbers --- */

static void numbers(void **state)
{
    (void)state;
    is("受理{= case.found}件。", "受理38件。");
    is("{= case.rate | percent}，{= case.rate}", "97.3%，97.3");
    is("{= case.even | percent}", "97.4%");
    is("{= case.even | truncate 1 | percent}", "97.3%");
    is("{= case.rate | round 0 | percent}", "97%");
    is("{= case.rate | round 2 | percent}", "97.37%");
    is("{= case.rate | num}/{= case.rate | den}", "37/38");
    is("{= meet.people | floor 10 余}人", "280余人");
    is("{= meet.people | floor 100 余}人", "200余人");
    is("{= meet.people | floor 1000 余}人", "283人"); /* fewer than a step: exactly */
    is("{= work.hours}小时", "561.5小时");
    is("{= work.hours | floor 100 余}小时", "500余小时");
    is("{= money.spent}元，{= money.spent | thousands}元，{= money.spent | wan}元", "46956元，46,956元，4.7万元");
    is("{= case.found | wan}件", "38件"); /* below ten thousand */
    is("{= case.found | han}件", "三十八件");
    is("{= case.found | measure}", "38件");
    is("{= meet.kept}/{= meet.kept | den}次，{= meet.kept | percent}", "130/132次，98.4%");
    is("{= case.found | slice lamp}件", "9件");
    is("{{= case.found}", "{= case.found}");
}

static void exact_multiples_have_no_yu(void **state)
{
    (void)state;
    made[0].year = 280;
    is("{= case.found | floor 10 余}件", "280件");
    made[0].year = 0;
    is("{= case.found | floor 10 余}件", "0件");
    made[0].year = 10001;
    is("{= case.found | floor 10000 余}件，{= case.found | wan}", "10000余件，1万");
    made[0].year = 38;
}

static void thresholds(void **state)
{
    (void)state;
    is("{= case.rate | percent | at_least 97 以上}", "97%以上");
    is("{= case.rate | percent | at_least 97.3 以上}", "97.3%以上");
    is("{= case.rate | percent | above 97.368 以上}", "97.368%以上"); /* 37/38 = 97.36842… */
    is("{= case.found | at_least 38 以上}件", "38以上件");
    struct report *r = fill("{= case.rate | percent | at_least 97.4 以上}，{= case.found | above 38 以上}", NULL);
    assert_string_equal(text_of(r), "〔缺〕，〔缺〕");
    assert_false(r->sound);
    assert_int_equal(r->nproblems, 2);
    assert_int_equal(r->problems[0].kind, REPORT_THRESHOLD);
    assert_non_null(strstr(r->problems[0].msg, "97.3"));
}

static void a_gap_is_never_nought(void **state)
{
    (void)state;
    struct report *r = fill("达{= case.none | percent}。{if case.none < 5}少{else}不少{end}", NULL);
    assert_string_equal(text_of(r), "达〔缺〕。不少");
    assert_int_equal(r->problems[0].kind, REPORT_GAP);
    assert_true(r->sound);
    assert_int_equal(r->doc->blocks[0].spans[1].kind, DOC_GAP);
    assert_int_equal(r->doc->nsources, 1);
    assert_string_equal(r->doc->sources[0].value, "");
}

/* --- periods --- */

static void periods(void **state)
{
    (void)state;
    is("{= case.found | years 4}件", "101件");
    is("{= case.found | years 1}件", "38件");
    is("{= case.found | year}、{= case.found | quarter}", "38、101");
    is("{= case.found | since 2024-01-01}", "38");
    is("{= case.found | last_year}", "101");
    is("{= case.open | at_start}", "0");
    is("{unit}{period}，{from}至{to}，{year}，{today}",
       "柳溪社区2024年，2024年1月1日至2024年12月31日，2024，2025年1月6日");
    struct report *r = fill("{= case.found | years 4}{= case.found | last_year}{= case.open | at_start}", NULL);
    const struct doc_source *s = r->doc->sources;
    assert_string_equal(s[0].from, "2021-01-01");
    assert_string_equal(s[0].to, "2024-12-31");
    assert_string_equal(s[1].from, "2023-01-01");
    assert_string_equal(s[1].to, "2023-12-31");
    assert_string_equal(s[2].to, "2023-12-31");
}

/* --- lists, texts, conditions, headings --- */

static void lists(void **state)
{
    (void)state;
    is("{list case.found | top 3 | with_values}", "噪声20件、路灯9件、电梯8件等4类");
    is("{list case.found | top 2}问题", "噪声、路灯等4类问题");
    is("{list case.found | top 9}", "噪声、路灯、电梯、树木");
    is("{list case.found | top 1 | of 方面}", "噪声等4方面");
    is("{list meet.missed}", "第二支部2024年第三季度未召开党员大会、第三支部2024年8月未开展主题党日");
    is("{list meet.missed | top 1}", "第二支部2024年第三季度未召开党员大会等2次");
    is("{list fair.held}", "春季便民集市、夏季便民集市、秋季便民集市");
    struct report *r = fill("{table case.found}", NULL);
    assert_int_equal(r->doc->blocks[0].kind, DOC_TABLE);
    assert_int_equal(r->doc->blocks[0].table->nrows, 5);
    assert_string_equal(r->doc->blocks[0].table->cells[9], "38");
}

static void narrative(void **state)
{
    (void)state;
    struct map *texts = map_new(a);
    map_put(texts, "plan", "第一段。\r\n\r\n{= case.found} # 第二段。");
    struct report *r = fill("前{text plan | 打算}后\n\n{if text plan}有{end}{if text more}多{end}", texts);
    assert_string_equal(text_of(r), "前第一段。\n{= case.found} # 第二段。后\n有");
    assert_true(r->sound);
    r = fill("{text plan | 下一步打算}。{text plan | 再说}", NULL);
    assert_string_equal(text_of(r), "〔缺：下一步打算〕。〔缺：再说〕");
    assert_int_equal(r->problems[0].kind, REPORT_NO_TEXT);
    assert_int_equal(r->doc->nsources, 0);
    struct schema_errors es;
    size_t n;
    struct template *t = parse("{text plan | 打算}{text why | 原因}{text plan | 打算}", &es);
    const struct report_text *slots = report_texts(t, &n);
    assert_int_equal(n, 2);
    assert_string_equal(slots[1].name, "why");
    assert_string_equal(slots[1].label, "原因");
}

static void identity_numbers_stay_inside(void **state)
{
    (void)state;
    struct map *texts = map_new(a);
    map_put(texts, "plan", "联系人11999919900307002X。"); /* its check digit is right, its county does not exist */
    char id[19] = "11999919900307002";
    static const int w[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (id[i] - '0') * w[i];
    id[17] = "10X98765432"[sum % 11];
    map_put(texts, "plan", arena_printf(a, "联系人%s。", id));
    struct report *r = fill("{text plan | 打算}", texts);
    assert_false(r->sound);
    assert_int_equal(r->problems[0].kind, REPORT_PRIVACY);
}

static void conditions(void **state)
{
    (void)state;
    is("{if case.found > 0}有{else}无{end}", "有");
    is("{if case.found | slice tree > 0}有{else}无{end}。", "无。");
    is("{if case.found}有{end}", "有");
    is("{if case.found <= 38}a{if case.found < 38}b{else}c{end}d{else}e{end}", "acd");
    is("{if case.found != 38}不等{end}尾", "尾");
    is("{if case.rate >= 97.3}够{end}{if case.rate >= 97.37}多{end}", "够");
    is("一。\n\n{if case.found = 0}\n二。\n{else}\n三。\n{end}\n\n四。", "一。\n三。\n四。");
}

static void headings(void **state)
{
    (void)state;
    is("# {unit}情况\n\n## 党建\n\n### 学习\n{item}甲，{item}乙。\n### 会议\n{item}丙。\n#### 细\n\n## 服务\n### "
       "走访\n##### 小\n",
       "柳溪社区情况\n一、党建\n（一）学习\n一是甲，二是乙。\n（二）会议\n一是丙。\n1."
       "细\n二、服务\n（一）走访\n（1）小");
    is("## 三、自己编号\n## 自动", "三、自己编号\n一、自动");
    is("---\nreport: t\nlabel: 样\ntitle: \"{unit}{year}年报告\"\naddressee: 街道党工委\nsign: "
       "\"{unit}党委\"\n---\n正文\n续行。\n- 分项\n",
       "柳溪社区2024年报告\n街道党工委：\n正文续行。\n分项\n柳溪社区党委\n2025年1月6日");
    struct report *r = fill("# 甲\n\n乙{= case.found}件。", NULL);
    assert_int_equal(r->doc->blocks[0].kind, DOC_TITLE);
    assert_int_equal(r->doc->blocks[1].kind, DOC_PARA);
    assert_string_equal(r->title, "甲");
}

/* By whom it is written, and when: the words follow. */
static void kinds_and_ends(void **state)
{
    (void)state;
    is("{if unit_kind = community}社区{else}街道{end}，{if unit_kind != community}街道{else}社区{end}",
       "社区，社区");
    is("{all_year}{= case.found}件，{year_end}{if complete year}止{else}未完{end}", "全年38件，年末止");
    is("{if complete month}月{end}{if complete quarter}季{end}{if complete half}半年{end}", "月季半年");
    is("---\nreport: t\nlabel: 样\naddressee: {other: 上级, community: 街道党工委}\n---\n正文",
       "街道党工委：\n正文");
    is("---\nreport: t\nlabel: 样\naddressee: {subdistrict: 区委, other: 上级}\n---\n正文", "上级：\n正文");
    is("---\nreport: t\nlabel: 样\naddressee: {subdistrict: 区委}\n---\n正文", "正文");
    made_at = day_from_ymd(2024, 11, 22); /* the year is under way */
    is("{all_year}，{year_end}{if complete year}止{end}", "1月1日至11月22日，截至11月22日");
    made_at = day_from_ymd(2024, 11, 30);
    is("{all_year}，{year_end}", "1月至11月，截至11月底");
    made_at = day_from_ymd(2025, 1, 6);
}

/* A row for each unit beneath, each number with its own records, and the total. */
static void by_unit(void **state)
{
    static struct node kids[] = {{.code = "CH-B1", .name = "第一支部", .kind = "branch"},
                                 {.code = "CH-B2", .name = "第二支部", .kind = "branch"}};
    static struct node *below[] = {&kids[0], &kids[1]};
    (void)state;
    is("前{table case.found | by unit}后", "前后"); /* nothing beneath */
    town.kids = below;
    town.nkids = 2;
    struct report *r = fill("{table case.found case.closed | by unit}", NULL);
    town.nkids = 0;
    assert_int_equal(r->doc->blocks[0].kind, DOC_TABLE);
    const struct doc_table *t = r->doc->blocks[0].table;
    assert_int_equal(t->ncols, 3);
    assert_int_equal(t->nrows, 3);
    assert_string_equal(t->head[2], "办结");
    assert_string_equal(t->cells[3], "第二支部");
    assert_string_equal(t->cells[6], "合计");
    assert_string_equal(t->cells[8], "37");
    assert_non_null(strstr(t->hrefs[4], "unit=CH-B2&"));
    assert_null(t->hrefs[3]);
    assert_int_equal(r->doc->nsources, 6);
    assert_string_equal(r->doc->sources[0].unit, "第一支部");
}

/* --- sources --- */

static void sources(void **state)
{
    (void)state;
    computed = 0;
    struct report *r =
        fill("{= case.found}、{= case.found}、{= case.found | floor 10 余}、{= case.found | slice lamp}、"
             "{= case.rate | percent}{if case.found > 1}!{end}",
             NULL);
    const struct doc *d = r->doc;
    assert_int_equal(computed, 3); /* each figure once for each period and slice */
    assert_int_equal(d->nsources, 4);
    assert_int_equal(d->blocks[0].spans[0].source, 1);
    assert_int_equal(d->blocks[0].spans[2].source, 1);
    assert_int_equal(d->blocks[0].spans[4].source, 2);
    assert_string_equal(d->sources[1].printed, "30余");
    assert_string_equal(d->sources[1].value, "38");
    assert_string_equal(d->sources[2].href,
                        "/figures/case.found/records?unit=CH&from=2024-01-01&to=2024-12-31&slice=lamp");
    assert_string_equal(d->sources[2].filter, "路灯");
    assert_string_equal(d->sources[3].parts, "37/38");
    assert_string_equal(d->sources[0].computed_at, "2025-01-06 09:00");
    assert_int_equal(d->sources[0].late, 2);
    assert_string_equal(d->sources[0].hash, d->sources[1].hash); /* the same number, printed otherwise */
    assert_string_not_equal(d->sources[0].hash, d->sources[2].hash);
    const char *hash = d->sources[0].hash;
    assert_int_equal(strlen(hash), 64);
    made[0].year = 39;
    assert_string_not_equal(fill("{= case.found}", NULL)->doc->sources[0].hash, hash);
    made[0].year = 38;
    assert_string_equal(fill("{= case.found}", NULL)->doc->sources[0].hash, hash);
}

static void json(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    report_json(&b, fill("\"{= case.rate | percent}\"{= case.none}", NULL));
    assert_non_null(strstr(buf_cstr(&b), "\"name\":\"case.rate\""));
    assert_non_null(strstr(buf_cstr(&b), "\"value\":97.3,\"parts\":\"37/38\",\"printed\":\"97.3%\""));
    assert_non_null(strstr(buf_cstr(&b), "\"value\":null"));
    assert_non_null(strstr(buf_cstr(&b), "\"problems\":[{\"kind\":\"gap\",\"line\":1,\"what\":\"case.none\""));
    buf_done(&b);
}

#define FRONT "---\nreport: t\nlabel: 样\nidentities:\n"

static void identities(void **state)
{
    (void)state;
    assert_true(fill(FRONT "  - case.found = case.closed + case.open\n---\n文", NULL)->sound);
    assert_true(
        fill(FRONT "  - case.open | at_start + case.found = case.closed + case.open\n---\n文", NULL)->sound);
    assert_true(fill(FRONT "  - slices(case.found) = case.found\n  - case.rate <= 100\n---\n文", NULL)->sound);
    assert_true(fill(FRONT "  - case.found - case.open - 37 = 0\n---\n文", NULL)->sound);
    struct report *r = fill(FRONT "  - case.found = case.closed\n---\n文", NULL);
    assert_false(r->sound);
    assert_int_equal(r->problems[0].kind, REPORT_IDENTITY);
    assert_int_equal(r->problems[0].line, 5);
    assert_non_null(strstr(r->problems[0].msg, "受理 38，应等于 办结 37"));
    assert_true(fill(FRONT "  - case.rate | num + case.open = case.rate | den\n---\n文", NULL)->sound);
    assert_false(fill(FRONT "  - meet.kept | den = meet.kept\n---\n文", NULL)->sound);
    assert_false(fill(FRONT "  - case.found | years 4 <= case.closed\n---\n文", NULL)->sound);
    assert_false(fill(FRONT "  - case.found < case.closed + case.open\n---\n文", NULL)->sound);
    r = fill(FRONT "  - case.none <= 100\n---\n文", NULL);
    assert_true(r->sound); /* nothing to compare is a gap, not a lie */
    assert_int_equal(r->problems[0].kind, REPORT_GAP);
    assert_non_null(strstr(r->problems[0].msg, "空率 缺，不应多于 100"));
    r = fill("{= case.none}{= case.none}{= case.none | percent}", NULL);
    assert_int_equal(r->nproblems, 1); /* once for the figure */
}

/* --- what is refused --- */

static void refused(const char *text, int line, int col, const char *msg)
{
    struct schema_errors es;
    if (parse(text, &es))
        fail_msg("accepted: %s", text);
    if (es.v[0].line != line || es.v[0].col != col || !strstr(es.v[0].msg, msg))
        fail_msg("%s\n  says %d:%d %s", text, es.v[0].line, es.v[0].col, es.v[0].msg);
}

static void mistakes(void **state)
{
    (void)state;
    refused("受理{= case.fuond}件", 1, 3, "did you mean case.found?");
    refused("甲\n乙{= nothing.alike}", 2, 2, "unknown figure nothing.alike");
    refused("{= case.found | flor 10 余}", 1, 1, "did you mean floor?");
    refused("{= case.found | floor 10}", 1, 1, "takes 2 word(s)");
    refused("{= case.found | floor ten 余}", 1, 1, "a number and a word");
    refused("{= case.found | floor 0 余}", 1, 1, "no steps");
    refused("{= case.found | years 0}", 1, 1, "years takes");
    refused("{= case.found | since 2024-02-30}", 1, 1, "since takes a day");
    refused("{= case.found | percent}", 1, 1, "percent is for");
    refused("{= case.found | den}", 1, 1, "num and den");
    refused("{= case.found | at_start}", 1, 1, "stock");
    refused("{= case.rate | han}", 1, 1, "whole numbers");
    refused("{= case.rate | round x}", 1, 1, "decimals from 0");
    refused("{= case.found | slice lampp}", 1, 1, "did you mean lamp?");
    refused("{= case.closed | slice lamp}", 1, 1, "not split");
    refused("{= case.found | top 3}", 1, 1, "does not belong here");
    refused("{= case.found | }", 1, 1, "an option is missing");
    refused("{= }", 1, 1, "unknown figure");
    refused("{list case.found | top 0}", 1, 1, "top takes");
    refused("{list meet.people}", 1, 1, "cannot be listed");
    refused("{list call.taken}", 1, 1, "personal column");
    refused("{table case.closed}", 1, 1, "cannot be listed");
    refused("{unti}", 1, 1, "did you mean unit?");
    refused("{text Plan | x}", 1, 1, "a text slot is");
    refused("{if case.found > many}x{end}", 1, 1, "a number is expected after >");
    refused("一\n{if case.found > 1}x", 2, 1, "no {end}");
    refused("x{else}", 1, 2, "{else} without");
    refused("x{end}", 1, 2, "{end} without");
    refused("{if case.found}a{else}b{else}c{end}", 1, 24, "{else} without");
    refused("开{= case.found\n件}", 1, 2, "not closed");
    refused("开{= case.{unit}}", 1, 2, "not closed");
    refused("\xff", 1, 1, "not UTF-8");
    refused("---\nreport: t\nlable: x\n---\n", 3, 1, "did you mean label?");
    refused("---\nreport: t\nsign: \"{item}\"\n---\n", 3, 7, "only {unit}");
    refused(FRONT "  - case.found = case.clsoed\n---\n", 5, 5, "did you mean case.closed?");
    refused(FRONT "  - case.found\n---\n", 5, 5, "an identity is");
    refused(FRONT "  - case.found = = case.closed\n---\n", 5, 5, "an identity is");
    refused(FRONT "  - case.found =\n---\n", 5, 5, "an identity is");
    refused("---\nreport: t\nreport: u\n---\n", 3, 1, "duplicate");
    struct schema_errors es;
    assert_null(parse("{= a.b}\n{= c.d}\n{unti}", &es));
    assert_int_equal(es.n, 3); /* all of them, not only the first */
}

static void database_fails(void **state)
{
    (void)state;
    struct report_source src = {compute, slices, behind, &src};
    struct schema_errors es;
    struct err e = {0};
    struct report *r;
    struct report_params p = {&town, 0, 10, NULL, LANG_HANS, NULL, 0, NULL};
    struct template *t = parse("{= case.found}", &es);
    assert_int_equal(report_fill(&r, a, &src, &view, t, &p, &e), -1);
    assert_int_equal(e.code, ERR_IO);
    src.arg = NULL;
    p.to = -1;
    assert_int_equal(report_fill(&r, a, &src, &view, t, &p, &e), -1);
    assert_int_equal(e.code, ERR_INPUT);
}

int main(void)
{
    made_at = day_from_ymd(2025, 1, 6);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),        cmocka_unit_test(exact_multiples_have_no_yu),
        cmocka_unit_test(thresholds),     cmocka_unit_test(a_gap_is_never_nought),
        cmocka_unit_test(periods),        cmocka_unit_test(lists),
        cmocka_unit_test(narrative),      cmocka_unit_test(identity_numbers_stay_inside),
        cmocka_unit_test(conditions),     cmocka_unit_test(headings),
        cmocka_unit_test(kinds_and_ends), cmocka_unit_test(by_unit),
        cmocka_unit_test(sources),        cmocka_unit_test(json),
        cmocka_unit_test(identities),     cmocka_unit_test(mistakes),
        cmocka_unit_test(database_fails),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
