/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_verify.c: linli verify: the figures of somebody's finished report, and where they contradict each other. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "engine/quantity.h"
#include "format/text_read.h"
#include "main/command.h"

static const struct option_def options[] = {
    {"from", "D", "文中没有写明期间时，自哪天起"},
    {"to", "D", "到哪天止"},
    {"date", "D", "报告的日期，“今年以来”等按它推算"},
    {NULL, NULL, NULL},
};
static const char *const rule_word[] = {"part", "share", "heads", "change"};

static void put_number(struct json *j, const char *key, double v)
{
    char text[40];
    if (isnan(v) || isinf(v)) {
        json_put_nil(j, key);
        return;
    }
    snprintf(text, sizeof text, "%.10g", v);
    json_put_raw(j, key, text);
}

static void put_period(struct json *j, struct period p)
{
    char day[16];
    json_key(j, "period");
    if (p.from == DAY_NONE || p.to == DAY_NONE) {
        json_nil(j);
        return;
    }
    json_obj_begin(j);
    json_put_str(j, "from", day_iso(p.from, day));
    json_put_str(j, "to", day_iso(p.to, day));
    json_obj_end(j);
}

/* The identity that condemns a claim, NULL if there is none. */
static const struct quantity_identity *broken(const struct quantity_list *l, size_t i)
{
    for (size_t k = 0; k < l->nidentities; k++)
        if (!l->identities[k].holds && l->identities[k].claim[l->identities[k].nclaims - 1] == i)
            return &l->identities[k];
    return NULL;
}

static void put_claim(struct json *j, const struct quantity_list *l, size_t i)
{
    const struct quantity *q = &l->items[i];
    const struct quantity_identity *bad = broken(l, i);
    json_obj_begin(j);
    json_put_int(j, "start", (int64_t)q->start);
    json_put_int(j, "end", (int64_t)q->end);
    json_put_str(j, "text", q->text);
    put_number(j, "value", q->value);
    put_number(j, "upper", q->upper);
    json_put_str(j, "modifier", quantity_modifier_word[q->modifier]);
    json_put_str(j, "unit", q->unit);
    json_put_str(j, "counted", q->counted);
    json_put_str(j, "verb", q->verb);
    json_put_str(j, "subject", q->subject);
    json_put_str(j, "kind", quantity_kind_word[q->kind]);
    json_put_str(j, "per", q->per);
    json_put_bool(j, "nested", q->nested);
    put_period(j, q->period);
    json_put_nil(j, "figure");
    json_put_nil(j, "record_value");
    json_put_str(j, "verdict", bad ? "impossible" : "unknown");
    json_put_str(j, "why", bad ? bad->why : NULL);
    json_obj_end(j);
}

static void put_identity(struct json *j, const struct quantity_identity *id)
{
    json_obj_begin(j);
    json_put_str(j, "rule", rule_word[id->rule]);
    json_key(j, "claims");
    json_arr_begin(j);
    for (size_t i = 0; i < id->nclaims; i++)
        json_int(j, (int64_t)id->claim[i]);
    json_arr_end(j);
    json_put_bool(j, "holds", id->holds);
    json_put_str(j, "why", id->why);
    json_obj_end(j);
}

static int verify_json(const struct quantity_list *l, struct err *e)
{
    struct buf b;
    struct json j;
    buf_init(&b, (size_t)512 << 20);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_key(&j, "claims");
    json_arr_begin(&j);
    for (size_t i = 0; i < l->n; i++)
        put_claim(&j, l, i);
    json_arr_end(&j);
    json_key(&j, "identities");
    json_arr_begin(&j);
    for (size_t i = 0; i < l->nidentities; i++)
        put_identity(&j, &l->identities[i]);
    json_arr_end(&j);
    json_obj_end(&j);
    int rc = buf_overflow(&b) ? err_set(e, ERR_TOOBIG, "文中的数字太多，写不下") : 0;
    if (rc == 0)
        print_json(&b);
    buf_done(&b);
    return rc;
}

static void verify_list(const struct args *args, const struct quantity_list *l)
{
    char from[16], to[16];
    for (size_t i = 0; i < l->n; i++) {
        const struct quantity *q = &l->items[i];
        const struct quantity_identity *bad = broken(l, i);
        printf("%6zu  %s  %s%s", q->start, q->text, q->verb, *q->counted ? "／" : "");
        printf("%s", q->counted);
        if (q->period.from != DAY_NONE && q->period.to != DAY_NONE)
            printf("  %s", told(args, "（%s 至 %s）", day_iso(q->period.from, from), day_iso(q->period.to, to)));
        printf("%s\n", bad ? arena_printf(args->a, "  %s", told(args, "不成立：%s", bad->why)) : "");
    }
    size_t wrong = 0;
    for (size_t i = 0; i < l->nidentities; i++)
        wrong += !l->identities[i].holds;
    say(args, stdout, "共 %zu 处数字，互相核对 %zu 处，不成立 %zu 处", l->n, l->nidentities, wrong);
}

static int option_day(const struct args *args, const char *name, int32_t *day, struct err *e)
{
    const char *s = args_get(args, name);
    *day = s ? day_parse_iso(s) : DAY_NONE;
    if (s && *day == DAY_NONE)
        return err_set(e, ERR_INPUT, "--%s 应是日期，如 2024-06-30，读到“%s”", name, s);
    return 0;
}

static int verify_run(struct args *args, struct err *e)
{
    struct quantity_options o;
    struct quantity_list l;
    char *text;
    size_t n;
    if (option_day(args, "from", &o.from, e) || option_day(args, "to", &o.to, e) ||
        option_day(args, "date", &o.date, e))
        return -1;
    if (text_read(&text, &n, args->a, args->words[0], e))
        return -1;
    const struct quantity_words *w = quantity_words_load(args->a, e);
    if (!w || quantity_scan(&l, args->a, w, text, n, &o, e))
        return -1;
    bool sound = true;
    for (size_t i = 0; i < l.nidentities; i++)
        sound &= l.identities[i].holds;
    if (args->json) {
        if (verify_json(&l, e))
            return -1;
    } else {
        verify_list(args, &l);
    }
    return sound ? EXIT_OK : EXIT_SOME;
}

const struct command cmd_verify = {
    .name = "verify",
    .words = "FILE",
    .min_words = 1,
    .max_words = 1,
    .options = options,
    .run = verify_run,
    .summary = "找出一份写成的报告里的数字，核对它们互相是否成立",
    .help = "FILE 为 .txt（UTF-8、GB18030）、.docx 或有文字的 .pdf；写 - 从标准输入读取。不需要数据目录。\n"
            "有数字互相矛盾时退出码为 3。",
};
