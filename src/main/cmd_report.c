/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_report.c: linli report: a report computed from the records, as Word, PDF, HTML or text. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "engine/report.h"
#include "format/doc_html.h"
#include "format/docx.h"
#include "format/pdf.h"
#include "main/open.h"

static const struct option_def options[] = {
    {"unit", "CODE", "为哪个组织出报告"},
    {"from", "D", "自哪天起，如 2024-01-01"},
    {"to", "D", "到哪天止"},
    {"output", "FILE", "写到文件：.docx .pdf .html .txt；也可写 -o FILE"},
    {"text", "FILE", "自填段落（YAML：名称: 文字）"},
    {NULL, NULL, NULL},
};

static int report_bytes(struct buf *b, const struct report *r, const char *suffix, struct err *e)
{
    if (strcmp(suffix, "docx") == 0)
        return docx_write(b, r->doc, &(struct docx_options){.at = now_ms()}, e);
    if (strcmp(suffix, "pdf") == 0)
        return pdf_write(b, r->doc, &(struct pdf_options){.at = now_ms()}, e);
    if (strcmp(suffix, "html") == 0)
        return doc_html_page(b, r->doc, e);
    if (strcmp(suffix, "txt") == 0) {
        report_text_out(b, r);
        return 0;
    }
    return err_set(e, ERR_INPUT, "不会写“.%s”文件。可写 .docx .pdf .html .txt", suffix);
}

static int report_save(struct arena *a, const struct report *r, const char *path, struct err *e)
{
    struct buf b;
    buf_init(&b, 64 << 20);
    int rc = report_bytes(&b, r, path_suffix(a, path), e);
    if (rc == 0)
        rc = file_write(path, buf_cstr(&b), b.n, 0644, e);
    buf_done(&b);
    return rc;
}

static const struct report_def *report_find(const struct schema *s, const char *name, struct err *e)
{
    for (size_t i = 0; i < s->nreports; i++)
        if (strcmp(s->reports[i].name, name) == 0)
            return &s->reports[i];
    err_set(e, ERR_INPUT, "没有报告“%s”。linli report 列出全部报告", name);
    return NULL;
}

static int report_list(const struct schema *s, const struct args *args)
{
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 20);
    json_init(&j, &b);
    json_arr_begin(&j);
    for (size_t i = 0; i < s->nreports; i++) {
        if (!args->json)
            printf("%-16s %s\n", s->reports[i].name, label_in(&s->reports[i].label, LANG_HANS));
        json_obj_begin(&j);
        json_put_str(&j, "name", s->reports[i].name);
        json_put_str(&j, "label", label_in(&s->reports[i].label, LANG_HANS));
        json_obj_end(&j);
    }
    json_arr_end(&j);
    if (args->json)
        print_json(&b);
    buf_done(&b);
    return EXIT_OK;
}

static void report_show(const struct args *args, const struct report *r)
{
    struct buf b;
    buf_init(&b, 64 << 20);
    if (args->json)
        report_json(&b, r);
    else if (!args_has(args, "output"))
        report_text_out(&b, r);
    fwrite(buf_cstr(&b), 1, b.n, stdout);
    if (args->json)
        fputc('\n', stdout);
    for (size_t i = 0; i < r->nproblems; i++)
        say(args, stderr, "注意：%s", r->problems[i].msg);
    buf_done(&b);
}

static int report_run(struct args *args, struct err *e)
{
    struct open o;
    struct report *r;
    struct node *unit;
    struct report_params p = {.lang = LANG_HANS};
    int rc = -1;
    if (open_site(&o, args, STORE_READ, e))
        return -1;
    if (args->nwords == 0) {
        rc = report_list(o.view.schema, args);
        goto out;
    }
    const struct report_def *def = report_find(o.view.schema, args->words[0], e);
    if (!def || args_unit(args, &o.view, true, &unit, e) || args_period(args, &p.from, &p.to, e))
        goto out;
    p.unit = unit;
    if (report_build(&r, args->a, o.db, &o.view, def, &p, e))
        goto out;
    const char *path = args_get(args, "output");
    if (path && report_save(args->a, r, path, e))
        goto out;
    report_show(args, r);
    rc = r->sound ? EXIT_OK : EXIT_SOME;
out:
    open_close(&o);
    return rc;
}

const struct command cmd_report = {.name = "report",
                                   .words = "[NAME]",
                                   .max_words = 1,
                                   .options = options,
                                   .run = report_run,
                                   .summary = "由记录算出报告（Word、PDF、网页），或列出全部报告"};
