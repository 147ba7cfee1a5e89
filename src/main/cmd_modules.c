/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_modules.c: linli modules: declarations checked, compared with the database, formatted, proposed from a
 * ledger. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "engine/report.h"
#include "format/book_read.h"
#include "main/open.h"
#include "model/ddl.h"
#include "model/schema_fmt.h"
#include "model/schema_json.h"
#include "model/schema_propose.h"

static const struct option_def options[] = {
    {"name", "NAME", "new：新台账的名称（英文小写）"},
    {"apply", NULL, "diff：执行新增的改动"},
    {"destructive", NULL, "diff --apply：连同删除列和表的改动"},
    {"write", NULL, "fmt：改写文件"},
    {NULL, NULL, NULL},
};

/* Read every declaration: the built-in ones, with those of a folder (a word) or of --data laid over. */
static struct schema *modules_load(struct args *args, struct schema_errors *es, struct err *e)
{
    struct schema_source *src;
    const char *dir = args->nwords > 1 ? args->words[1] : args->data;
    bool named = args->nwords > 1 || args_has(args, "data");
    if (named && !file_exists(args->nwords > 1 ? path_join(args->a, dir, "modules") : dir)) {
        err_set(e, ERR_INPUT, "“%s”不是含有 modules/ 的文件夹。请核对路径。", dir);
        return NULL;
    }
    size_t n = schema_sources(args->a, file_exists(dir) ? dir : NULL, &src, e);
    if (n == 0)
        return NULL;
    struct schema *s = schema_load(arena_new(), src, n, es);
    if (s)
        report_check_all(args->a, s, es);
    return s;
}

static int modules_check(struct args *args, struct err *e)
{
    struct schema_errors es = {.a = args->a};
    struct schema *s = modules_load(args, &es, e);
    if (!s && es.n == 0)
        return -1;
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 24);
    json_init(&j, &b);
    json_arr_begin(&j);
    for (size_t i = 0; i < es.n; i++) {
        json_obj_begin(&j);
        json_put_str(&j, "file", es.v[i].file);
        json_put_int(&j, "line", es.v[i].line);
        json_put_int(&j, "col", es.v[i].col);
        json_put_str(&j, "message", es.v[i].msg);
        json_obj_end(&j);
        if (!args->json)
            printf("%s:%d:%d: %s\n", es.v[i].file, es.v[i].line, es.v[i].col, es.v[i].msg);
    }
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    else if (es.n == 0)
        say(args, stdout, "%zu 个模块，%zu 个台账，%zu 个指标，%zu 份报告：没有错误", s->nmodules, s->nregs,
            s->nfigures, s->nreports);
    buf_done(&b);
    schema_free(s);
    return es.n ? EXIT_USAGE : EXIT_OK;
}

struct diff_job {
    const struct ddl_plan *plan;
    bool destructive;
};

static int diff_write(struct db *d, void *arg, struct err *e)
{
    struct diff_job *j = arg;
    return ddl_apply(d, j->plan, j->destructive, e);
}

static void json_texts(struct json *j, const char *key, const char *const *v, size_t n)
{
    json_key(j, key);
    json_arr_begin(j);
    for (size_t i = 0; i < n; i++)
        json_str(j, v[i]);
    json_arr_end(j);
}

static void diff_print(const struct args *args, const struct ddl_plan *p)
{
    struct buf b;
    struct json j;
    for (size_t i = 0; !args->json && i < p->n; i++)
        printf("+ %s;\n", p->sql[i]);
    for (size_t i = 0; !args->json && i < p->ndestructive; i++)
        printf("- %s;\n", p->destructive[i]);
    if (!args->json)
        return;
    buf_init(&b, 16 << 20);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_texts(&j, "add", p->sql, p->n);
    json_texts(&j, "destroy", p->destructive, p->ndestructive);
    json_obj_end(&j);
    print_json(&b);
    buf_done(&b);
}

/* A text as it is, or with --json inside a document. */
static void text_print(const struct args *args, struct buf *text)
{
    struct buf b;
    struct json j;
    if (!args->json) {
        fwrite(buf_cstr(text), 1, text->n, stdout);
        return;
    }
    buf_init(&b, 16 << 20);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_str(&j, "text", buf_cstr(text));
    json_obj_end(&j);
    print_json(&b);
    buf_done(&b);
}

/* What the declarations would change in the database. The store is opened without the schema, so that nothing has
 * been migrated yet. */
static int modules_diff(struct args *args, struct err *e)
{
    struct schema_errors es = {.a = args->a};
    struct schema *s = modules_load(args, &es, e);
    struct store *store = NULL;
    struct ddl_plan *p;
    struct db *d;
    bool apply = args_has(args, "apply");
    int rc = -1;
    if (!s)
        return es.n ? err_set(e, ERR_INPUT, "声明有 %zu 处错误，见 linli modules check", es.n) : -1;
    if (store_open(&store, args->data, apply ? STORE_WRITE : STORE_READ, e))
        goto out;
    d = store_reader(store, e);
    if (!d || ddl_plan(&p, args->a, d, s, e))
        goto out;
    diff_print(args, p);
    struct diff_job j = {.plan = p, .destructive = args_has(args, "destructive")};
    if (apply && store_write(store, diff_write, &j, e))
        goto out;
    rc = EXIT_OK;
out:
    if (store)
        store_close(store);
    schema_free(s);
    return rc;
}

static int modules_fmt(struct args *args, struct err *e)
{
    char *text;
    size_t n;
    struct buf b;
    struct schema_errors es = {.a = args->a};
    if (args->nwords < 2)
        return err_set(e, ERR_INPUT, "用法：linli modules fmt FILE.yaml [--write]");
    if (file_read(&text, &n, args->a, args->words[1], 1 << 20, e))
        return -1;
    buf_init(&b, 4 << 20);
    int rc = schema_fmt(&b, args->a, args->words[1], text, n, &es);
    if (rc)
        err_set(e, ERR_INPUT, "%s:%d:%d: %s", args->words[1], es.n ? es.v[0].line : 1, es.n ? es.v[0].col : 1,
                es.n ? es.v[0].msg : "unreadable");
    else if (args_has(args, "write"))
        rc = file_write(args->words[1], buf_cstr(&b), b.n, 0644, e);
    else
        text_print(args, &b);
    buf_done(&b);
    return rc;
}

static int modules_new(struct args *args, struct err *e)
{
    struct book *book;
    struct buf b;
    const char *name = args_need(args, "name", e);
    if (!name)
        return -1;
    if (args->nwords < 2)
        return err_set(e, ERR_INPUT, "用法：linli modules new FILE.xlsx --name NAME");
    if (book_read_file(&book, args->a, args->words[1], e))
        return -1;
    buf_init(&b, 4 << 20);
    int rc = schema_propose(&b, args->a, book, name, e);
    if (rc == 0)
        text_print(args, &b);
    buf_done(&b);
    return rc;
}

static int modules_schema(struct args *args, struct err *e)
{
    struct buf b;
    (void)args;
    (void)e;
    buf_init(&b, 4 << 20);
    schema_json(&b);
    print_json(&b);
    buf_done(&b);
    return EXIT_OK;
}

static const struct {
    const char *word;
    int (*fn)(struct args *args, struct err *e);
} verbs[] = {
    {"check", modules_check}, {"diff", modules_diff},     {"fmt", modules_fmt},
    {"new", modules_new},     {"schema", modules_schema},
};

static int modules_run(struct args *args, struct err *e)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(args->words[0], verbs[i].word) == 0)
            return verbs[i].fn(args, e);
    return err_set(e, ERR_INPUT, "用法：linli modules check|diff|fmt|new|schema");
}

const struct command cmd_modules = {.name = "modules",
                                    .words = "check|diff|fmt|new|schema [FILE|DIR]",
                                    .min_words = 1,
                                    .max_words = 2,
                                    .options = options,
                                    .run = modules_run,
                                    .summary = "台账声明：检查、比较、整理、由表格拟稿"};
