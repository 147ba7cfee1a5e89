/* SPDX-License-Identifier: Apache-2.0 */
/* doc_source.h: the source table of a report as cells, the same in Word and in PDF. */
#ifndef LINLI_FORMAT_DOC_SOURCE_H
#define LINLI_FORMAT_DOC_SOURCE_H

#include "base/doc.h"

enum { DOC_SOURCE_COLUMNS = 8, DOC_SOURCE_LABEL = 1 /* the column that may lead to the records */ };

struct doc_source_column {
    const char *head;
    int twips; /* together the width of 版心, 8844 */
};
extern const struct doc_source_column doc_source_columns[DOC_SOURCE_COLUMNS];

/* 序号 指标 期间 数值 文中表述 条目 补录 校验. A cell may hold one line end. Long texts (lists) are cut. */
void doc_source_cells(const char *out[DOC_SOURCE_COLUMNS], struct arena *a, const struct doc_source *s);
/* 统计单位：… 统计时间：… */
const char *doc_source_note(const struct doc *d);

#endif
