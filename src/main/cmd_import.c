/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_import.c: linli import: a ledger file into the registers; linli undo: an import batch out again. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "format/annotate.h"
#include "format/book_read.h"
#include "main/open.h"
#include "model/intake.h"

static const struct option_def options[] = {
    {"unit", "CODE", "记入哪个组织"},
    {"register", "NAME", "只导入这个台账（默认按表头识别）"},
    {"map", "FILE", "列对应关系（YAML），见 --plan"},
    {"plan", NULL, "只给出建议的列对应关系（YAML），不导入"},
    {"dry-run", NULL, "试算：只给出新增、更新、不变、退回的行数"},
    {"annotated", "FILE.xlsx", "把退回的行连同原因写成可改正后重新导入的表"},
    {NULL, NULL, NULL},
};

static void alikes_json(struct json *j, const struct import_result *r)
{
    json_key(j, "alike");
    json_arr_begin(j);
    for (size_t i = 0; i < r->nalikes; i++) {
        const struct alike *x = &r->alikes[i];
        json_obj_begin(j);
        json_put_str(j, "sheet", x->sheet);
        json_put_int(j, "row", x->row);
        json_put_str(j, "register", x->reg->name);
        if (x->id) {
            json_put_id(j, "record", x->id);
            json_put_str(j, "title", x->title);
        } else {
            json_put_int(j, "like_row", x->like_row);
        }
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void alikes_text(const struct args *args, const struct import_result *r)
{
    if (r->nalike_all)
        say(args, stdout, "疑似重复 %ld 行（不影响导入，请核对）", r->nalike_all);
    for (size_t i = 0; i < r->nalikes; i++) {
        const struct alike *x = &r->alikes[i];
        printf("  %s%s", x->sheet ? x->sheet : "", x->sheet ? " " : "");
        if (x->id)
            say(args, stdout, "第%d行与已有的“%s”相似", x->row, x->title);
        else
            say(args, stdout, "第%d行与第%d行相似", x->row, x->like_row);
    }
}

static void result_json(const struct import_result *r)
{
    struct buf b;
    struct json j;
    buf_init(&b, 256 << 20);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_int(&j, "read", r->read);
    json_put_int(&j, "inserted", r->inserted);
    json_put_int(&j, "updated", r->updated);
    json_put_int(&j, "unchanged", r->unchanged);
    json_put_int(&j, "refused", r->refused);
    json_key(&j, "rejected");
    json_arr_begin(&j);
    for (size_t i = 0; i < r->nrejects; i++) {
        const struct reject *x = &r->rejects[i];
        json_obj_begin(&j);
        json_put_str(&j, "sheet", x->sheet);
        json_put_int(&j, "row", x->row);
        if (x->line)
            json_put_int(&j, "line", x->line);
        json_put_str(&j, "column", x->column);
        json_put_str(&j, "value", x->value ? x->value : "");
        json_put_str(&j, "reason", reason_word[x->reason]);
        json_put_str(&j, "message", x->msg);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    alikes_json(&j, r);
    if (r->batch)
        json_put_id(&j, "batch", r->batch);
    if (r->stopped)
        json_put_bool(&j, "stopped", true);
    json_key(&j, "registers");
    json_obj_begin(&j);
    for (size_t i = 0; i < map_count(r->by_register); i++) {
        const long *n = map_value(r->by_register, i);
        json_key(&j, map_key(r->by_register, i));
        json_obj_begin(&j);
        json_put_int(&j, "read", n[0]);
        json_put_int(&j, "inserted", n[1]);
        json_put_int(&j, "updated", n[2]);
        json_put_int(&j, "unchanged", n[3]);
        json_obj_end(&j);
    }
    json_obj_end(&j);
    json_obj_end(&j);
    print_json(&b);
    buf_done(&b);
}

static void result_text(const struct args *args, const struct schema *schema, const struct import_result *r,
                        bool dry_run)
{
    if (isatty(STDERR_FILENO))
        fputc('\n', stderr); /* below the progress */
    if (dry_run)
        fputs(told(args, "试算（未写入）："), stdout);
    say(args, stdout, "读到 %ld 行：新增 %ld，更新 %ld，不变 %ld", r->read, r->inserted, r->updated, r->unchanged);
    for (size_t i = 0; i < map_count(r->by_register); i++) {
        const struct reg *reg = schema_reg(schema, map_key(r->by_register, i));
        printf("  → %s\n", label_in(&reg->label, args->lang));
    }
    if (r->refused)
        say(args, stdout, "%ld行未导入（%ld处问题）", r->refused, r->problems);
    if (r->stopped)
        say(args, stdout,
            "已停止：后面的行没有读。再导入一次同一个文件即可接着做，已经导入的行不会重复；也可以撤销这一批");
    for (size_t i = 0; i < r->nrejects; i++) {
        const struct reject *x = &r->rejects[i];
        printf("  %s%s", x->sheet ? x->sheet : "", x->sheet ? " " : "");
        say(args, stdout, "第%d行“%s”：%s", x->row, x->column, x->msg);
    }
    alikes_text(args, r);
    for (size_t i = 0; i < r->nchanges; i++) {
        printf("  ");
        say(args, stdout, "第%d行 %s：%s “%s” → “%s”", r->changes[i].row, r->changes[i].title, r->changes[i].field,
            r->changes[i].was, r->changes[i].is);
    }
    if (r->batch)
        say(args, stdout, "批次 %lld（撤销：linli undo %lld --unit …）", (long long)r->batch, (long long)r->batch);
}

/* Ctrl-C and SIGTERM end an import between two chunks. */
static volatile sig_atomic_t stop_asked;

static void ask_stop(int sig)
{
    (void)sig;
    stop_asked = 1;
}

static bool stops(void *arg)
{
    (void)arg;
    return stop_asked != 0;
}

static void progress(void *arg, long done, long total)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s", told(arg, "已处理 %ld / %ld 行", done, total));
}

/* The proposal, or what --map says on top of it. */
static int make_map(struct import_map **map, const struct args *args, struct open *o, const struct book *book,
                    const char *file, struct err *e)
{
    const char *path = args_get(args, "map");
    char *text;
    size_t n;
    struct schema_errors es = {.a = args->a};
    *map = NULL;
    if (intake_propose(map, args->a, &o->view, book, args_get(args, "register"), path_base(file), e)) {
        if (!path || !*map) /* nothing is recognised: a map may still say what is what */
            return -1;
        *e = (struct err){0};
    }
    if (!path)
        return 0;
    if (file_read(&text, &n, args->a, path, 1 << 20, e))
        return -1;
    if (intake_map_read(*map, &o->view, book, text, n, path, &es) == 0)
        return 0;
    for (size_t i = 0; i < es.n; i++)
        fprintf(stderr, "%s:%d:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    return err_set(e, ERR_INPUT, "列对应文件“%s”有 %zu 处错误", path, es.n);
}

static int import_open(struct args *args, struct open *o, struct book **book, struct import_map **map,
                       struct err *e)
{
    bool writes = !args_has(args, "plan") && !args_has(args, "dry-run");
    if (book_read_file(book, args->a, args->words[0], e))
        return -1;
    if (open_site(o, args, writes ? STORE_WRITE : STORE_READ, e))
        return -1;
    if (make_map(map, args, o, *book, args->words[0], e)) {
        open_close(o);
        return -1;
    }
    return 0;
}

static int plan_print(const struct args *args, const struct import_map *map)
{
    struct buf b, doc;
    struct json j;
    buf_init(&b, 1 << 22);
    intake_map_write(&b, map);
    if (args->json) {
        buf_init(&doc, 1 << 23);
        json_init(&j, &doc);
        json_obj_begin(&j);
        json_put_str(&j, "map", buf_cstr(&b));
        json_obj_end(&j);
        print_json(&doc);
        buf_done(&doc);
    } else {
        fwrite(buf_cstr(&b), 1, b.n, stdout);
    }
    buf_done(&b);
    return EXIT_OK;
}

static int annotate(const struct args *args, const struct book *book, const struct import_map *map,
                    const struct import_result *r, struct err *e)
{
    const char *path = args_get(args, "annotated");
    return path ? annotate_file(path, book, intake_notes(args->a, book, map, r), e) : 0;
}

static int import_run(struct args *args, struct err *e)
{
    struct open o;
    struct book *book;
    struct import_map *map;
    struct import_result *r;
    struct node *unit;
    int rc = -1;
    if (import_open(args, &o, &book, &map, e))
        return -1;
    if (args_has(args, "plan")) {
        rc = plan_print(args, map);
        goto out;
    }
    if (args_unit(args, &o.view, true, &unit, e))
        goto out;
    char *bytes, sha[2 * SEC_HASH + 1];
    unsigned char hash[SEC_HASH];
    size_t n;
    if (file_read(&bytes, &n, args->a, args->words[0], 64 << 20, e))
        goto out;
    sec_sha256(hash, bytes, n);
    sec_hex(sha, hash, sizeof hash);
    struct import_job job = {.site = o.site,
                             .view = &o.view,
                             .actor = &actor_system,
                             .a = args->a,
                             .book = book,
                             .map = map,
                             .file_name = path_base(args->words[0]),
                             .sha = sha,
                             .unit = unit,
                             .dry_run = args_has(args, "dry-run"),
                             .progress = args->json ? NULL : progress,
                             .progress_arg = args,
                             .stop = stops};
    signal(SIGINT, ask_stop);
    signal(SIGTERM, ask_stop);
    if (intake_run(&r, &job, e) || annotate(args, book, map, r, e))
        goto out;
    if (args->json)
        result_json(r);
    else
        result_text(args, o.view.schema, r, job.dry_run);
    rc = r->refused || r->stopped ? EXIT_SOME : EXIT_OK;
out:
    open_close(&o);
    return rc;
}

const struct command cmd_import = {
    .name = "import",
    .words = "FILE",
    .min_words = 1,
    .max_words = 1,
    .options = options,
    .run = import_run,
    .summary = "导入台账（.xlsx .xls .csv，保持原样即可）",
    .help =
        "再次导入同一份台账不会重复：相同的行计为“不变”。退回的行说明行、列、读到的内容和改法，其余的行照常导入。",
};

static const struct option_def undo_options[] = {{"unit", "CODE", "批次所属的组织"}, {NULL, NULL, NULL}};

static int undo_run(struct args *args, struct err *e)
{
    struct open o;
    struct node *unit;
    long undone, kept;
    int rc = -1;
    if (open_site(&o, args, STORE_WRITE, e))
        return -1;
    if (args_unit(args, &o.view, true, &unit, e))
        goto out;
    char *end;
    long long id = strtoll(args->words[0], &end, 10);
    if (*end || id <= 0) {
        err_set(e, ERR_INPUT, "“%s”不是批次号", args->words[0]);
        goto out;
    }
    if (intake_undo(o.site, &actor_system, unit->home, id, &undone, &kept, e))
        goto out;
    if (args->json)
        printf("{\"undone\":%ld,\"kept\":%ld}\n", undone, kept);
    else
        say(args, stdout, "已撤销 %ld 条；导入后又改过的 %ld 条保留", undone, kept);
    rc = kept ? EXIT_SOME : EXIT_OK;
out:
    open_close(&o);
    return rc;
}

const struct command cmd_undo = {.name = "undo",
                                 .words = "BATCH",
                                 .min_words = 1,
                                 .max_words = 1,
                                 .options = undo_options,
                                 .run = undo_run,
                                 .summary = "撤销一次导入"};
