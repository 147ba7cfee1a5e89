/* SPDX-License-Identifier: Apache-2.0 */
/* doc_source.c: what stands in the source table. */
#include "format/doc_source.h"

#include <string.h>

#include "base/utf8.h"

#define PRINTED_MAX 12 /* characters */
#define HASH_SHOWN 8

const struct doc_source_column doc_source_columns[DOC_SOURCE_COLUMNS] = {
    {"序号", 560},      {"指标", 1900}, {"期间", 1380}, {"数值", 1460},
    {"文中表述", 1300}, {"条目", 620},  {"补录", 620},  {"校验", 1004},
};

static const char *cut(struct arena *a, const char *s)
{
    if (utf8_count(s) <= PRINTED_MAX)
        return s;
    return arena_printf(a, "%s…", arena_strn(a, s, utf8_offset(s, PRINTED_MAX - 1)));
}

void doc_source_cells(const char *out[DOC_SOURCE_COLUMNS], struct arena *a, const struct doc_source *s)
{
    const char *label = s->label ? s->label : s->figure;
    bool has = s->value && *s->value;
    const char *value = has ? arena_printf(a, "%s%s", s->value, s->measure ? s->measure : "") : "缺";
    out[0] = arena_printf(a, "%d", s->no);
    out[DOC_SOURCE_LABEL] = s->filter ? arena_printf(a, "%s（%s）", label, s->filter) : label;
    out[2] = arena_printf(a, "%s至\n%s", s->from, s->to);
    out[3] = s->parts ? arena_printf(a, "%s\n（%s）", value, s->parts) : value;
    out[4] = cut(a, s->printed ? s->printed : "");
    out[5] = arena_printf(a, "%lld", s->records);
    out[6] = arena_printf(a, "%lld", s->late);
    out[7] = s->hash ? arena_strn(a, s->hash, strnlen(s->hash, HASH_SHOWN)) : "";
}

const char *doc_source_note(const struct doc *d)
{
    const char *at = d->nsources && d->sources[0].computed_at ? d->sources[0].computed_at : "";
    return arena_printf(d->a, "统计单位：%s　统计时间：%s　点击正文中的数字可到达本表相应的行。",
                        d->unit ? d->unit : "", at);
}
