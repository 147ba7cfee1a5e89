/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx_style.h: which number formats show a date. */
#ifndef LINLI_FORMAT_XLSX_STYLE_H
#define LINLI_FORMAT_XLSX_STYLE_H

#include <stdbool.h>

/* Built-in formats that show dates or times, with the East Asian ones that never carry a formatCode
 * (ECMA-376 part 1, 18.8.30): 14–22, 27–36, 45–47, 50–58. */
bool style_builtin_date(int id);
/* A custom formatCode: does it show a date or a time? Quoted, bracketed and escaped parts do not count. */
bool style_code_date(const char *code);

#endif
