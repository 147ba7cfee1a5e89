/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check.c: linli check: recount every figure from the records; linli trail verify: recompute the hash chains.
 */
#include <stdio.h>
#include <string.h>

#include "main/open.h"
#include "model/figure.h"
#include "store/sys_trail.h"

static const struct option_def none[] = {{NULL, NULL, NULL}};

static void check_json(const struct open *o, const struct check_diff *diff, size_t n, size_t compared)
{
    struct buf b;
    struct json j;
    char day[16];
    buf_init(&b, 64 << 20);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_int(&j, "compared", (int64_t)compared);
    json_key(&j, "differences");
    json_arr_begin(&j);
    for (size_t i = 0; i < n; i++) {
        json_obj_begin(&j);
        json_put_str(&j, "figure", diff[i].figure);
        json_put_str(&j, "slice", diff[i].slice);
        const struct node *unit = tree_find(o->view.units, diff[i].unit);
        json_put_str(&j, "unit", unit ? unit->code : "");
        json_put_str(&j, "unit_name", unit ? unit->name : "");
        json_put_str(&j, "day", day_iso(diff[i].day, day));
        json_put_int(&j, "kept", diff[i].kept);
        json_put_int(&j, "counted", diff[i].counted);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    print_json(&b);
    buf_done(&b);
}

static void check_print(const struct args *args, const struct open *o, const struct check_diff *diff, size_t n,
                        size_t compared)
{
    char day[16];
    for (size_t i = 0; i < n; i++) {
        const struct node *unit = tree_find(o->view.units, diff[i].unit);
        const char *name = unit           ? arena_printf(args->a, "%s（%s）", unit->name, unit->code)
                           : diff[i].unit ? told(args, "已不在的组织")
                                          : told(args, "全部组织");
        say(args, stdout, "%s %s %s %s：账上 %lld，重数 %lld", diff[i].figure, diff[i].slice, name,
            day_iso(diff[i].day, day), (long long)diff[i].kept, (long long)diff[i].counted);
    }
    say(args, stdout, "重数 %zu 项，%zu 项不符", compared, n);
}

static int check_run(struct args *args, struct err *e)
{
    struct open o;
    struct check_diff *diff;
    size_t n, compared;
    if (open_site(&o, args, STORE_READ, e))
        return -1;
    int rc = figure_check(&diff, &n, &compared, args->a, o.site, e);
    if (rc == 0 && args->json)
        check_json(&o, diff, n, compared);
    else if (rc == 0)
        check_print(args, &o, diff, n, compared);
    open_close(&o);
    if (rc)
        return -1;
    return n ? EXIT_SOME : EXIT_OK;
}

const struct command cmd_check = {
    .name = "check", .words = "", .options = none, .run = check_run, .summary = "从记录重数全部指标，与累计数核对"};

static void break_print(void *arg, const struct trail_break *b)
{
    say(arg, stderr, "属地 %lld 第 %lld 条：%s", (long long)b->home, (long long)b->seq, trail_fault_text(b->fault));
}

static int trail_run(struct args *args, struct err *e)
{
    struct open o;
    struct trail_check c;
    if (strcmp(args->words[0], "verify") != 0)
        return err_set(e, ERR_INPUT, "用法：linli trail verify");
    if (open_site(&o, args, STORE_READ, e))
        return -1;
    int rc = trail_verify(&c, o.db, 0, break_print, args, e);
    open_close(&o);
    if (rc)
        return -1;
    if (args->json)
        printf("{\"homes\":%lld,\"entries\":%lld,\"breaks\":%lld}\n", (long long)c.homes, (long long)c.entries,
               (long long)c.breaks);
    else
        say(args, stdout, "%lld 个属地，%lld 条留痕，%lld 处断裂", (long long)c.homes, (long long)c.entries,
            (long long)c.breaks);
    return c.breaks ? EXIT_SOME : EXIT_OK;
}

const struct command cmd_trail = {.name = "trail",
                                  .words = "verify",
                                  .min_words = 1,
                                  .max_words = 1,
                                  .options = none,
                                  .run = trail_run,
                                  .summary = "核验留痕的哈希链"};
