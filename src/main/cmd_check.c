/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check.c: linli check: recount every figure from the records, read every attachment again; linli trail verify:
 * recompute the hash chains. */
#include <stdio.h>
#include <string.h>

#include "main/open.h"
#include "model/figure.h"
#include "store/files.h"
#include "store/sys_file.h"
#include "store/sys_trail.h"

static const struct option_def none[] = {{NULL, NULL, NULL}};

/* --- attachments */

#define FILES_LISTED 1000 /* of those that are bad; all are counted */

static const struct {
    const char *name, *text;
} faults[] = {{"missing", "不见了"}, {"changed", "内容已变"}, {"unreadable", "读不出来"}};

struct bad_file {
    const struct attachment *f;
    size_t fault;
};

struct file_check {
    struct arena *a;
    const char *dir;
    int64_t n, bad;       /* attachments; those whose content is not what came */
    char last[FILES_SHA]; /* the content read last: a content that stands in many records is read once */
    int last_fault;       /* -1: it is whole */
    struct bad_file list[FILES_LISTED];
};

static int fault_of(const char *dir, const char *sha)
{
    struct err e = {0};
    int rc = files_verify(dir, sha, &e);

    if (rc < 0)
        return 2;
    return rc ? -1 : files_here(dir, sha);
}

static int check_file(void *arg, const struct attachment *f, struct err *e)
{
    struct file_check *c = arg;
    struct attachment *kept;

    (void)e;
    if (c->n++ == 0 || strcmp(c->last, f->sha) != 0) {
        snprintf(c->last, sizeof c->last, "%s", f->sha);
        c->last_fault = fault_of(c->dir, f->sha);
    }
    if (c->last_fault < 0 || c->bad++ >= FILES_LISTED)
        return 0;
    kept = arena_alloc(c->a, sizeof *kept);
    *kept = (struct attachment){.home = f->home,
                                .id = f->id,
                                .sha = arena_str(c->a, f->sha),
                                .table = arena_str(c->a, f->table),
                                .record = f->record,
                                .field = arena_str(c->a, f->field)};
    c->list[c->bad - 1] = (struct bad_file){kept, (size_t)c->last_fault};
    return 0;
}

static size_t listed(const struct file_check *c)
{
    return c->bad < FILES_LISTED ? (size_t)c->bad : FILES_LISTED;
}

static void files_json(struct json *j, const struct open *o, const struct file_check *c)
{
    json_put_int(j, "files", c->n);
    json_put_int(j, "bad_files", c->bad);
    json_key(j, "file_differences");
    json_arr_begin(j);
    for (size_t i = 0; i < listed(c); i++) {
        const struct attachment *f = c->list[i].f;
        const struct node *home = tree_find(o->view.units, f->home);

        json_obj_begin(j);
        json_put_str(j, "fault", faults[c->list[i].fault].name);
        json_put_str(j, "sha256", f->sha);
        json_put_str(j, "home", home ? home->code : "");
        json_put_str(j, "register", f->table);
        json_put_str(j, "record", arena_printf(c->a, "%lld", (long long)f->record));
        json_put_str(j, "field", f->field);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void files_print(const struct args *args, const struct file_check *c)
{
    for (size_t i = 0; i < listed(c); i++) {
        const struct attachment *f = c->list[i].f;

        say(args, stdout, "附件 %.2s/%s（%s %lld）：%s", f->sha, f->sha, f->table, (long long)f->record,
            told(args, "%s", faults[c->list[i].fault].text));
    }
    if (c->bad > FILES_LISTED)
        say(args, stdout, "还有 %lld 个没有列出", (long long)(c->bad - FILES_LISTED));
    say(args, stdout, "核对附件 %lld 个，%lld 个不符", (long long)c->n, (long long)c->bad);
}

/* --- figures */

static void check_json(const struct open *o, const struct check_diff *diff, size_t n, size_t compared,
                       const struct file_check *files)
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
    files_json(&j, o, files);
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
    struct file_check *files = arena_alloc(args->a, sizeof *files);
    size_t n, compared;
    if (open_site(&o, args, STORE_READ, e))
        return -1;
    files->a = args->a;
    files->dir = store_dir(o.site->store);
    int rc = figure_check(&diff, &n, &compared, args->a, o.site, e);
    if (rc == 0)
        rc = attachment_each(o.db, check_file, files, e);
    if (rc == 0 && args->json) {
        check_json(&o, diff, n, compared, files);
    } else if (rc == 0) {
        check_print(args, &o, diff, n, compared);
        files_print(args, files);
    }
    open_close(&o);
    if (rc)
        return -1;
    return n || files->bad ? EXIT_SOME : EXIT_OK;
}

const struct command cmd_check = {.name = "check",
                                  .words = "",
                                  .options = none,
                                  .run = check_run,
                                  .summary = "从记录重数全部指标，与累计数核对；逐个核对附件"};

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
