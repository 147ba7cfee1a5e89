/* SPDX-License-Identifier: Apache-2.0 */
/* taken.c: what somebody took away in bulk, as its entry in the trail tells it. */
#include "web/taken.h"

#include <string.h>

#include "format/json.h"

#define DETAIL_MAX ((size_t)64 * 1024)
#define NUMBER_DIGITS 15 /* so many digits may be somebody's number, which is protected */

static bool open_word(const struct reg *r, const char *name, const char *value)
{
    const struct field *f = reg_field(r, name);
    size_t digits = 0;

    for (const char *p = value; *p; p++)
        digits += *p >= '0' && *p <= '9';
    return (f && f->type == TYPE_REF) || ((!f || f->cls != CLASS_PROTECTED) && digits < NUMBER_DIGITS);
}

const char *taken_detail(struct req *q, const struct reg *r, int64_t rows, const char *by, const char *unit)
{
    const char *s;
    struct json j;
    struct buf b;

    buf_init(&b, DETAIL_MAX);
    json_init(&j, &b);
    json_obj_begin(&j);
    json_put_int(&j, "rows", rows);
    if (by)
        json_put_str(&j, "by", by);
    if (unit)
        json_put_str(&j, "unit", unit);
    json_key(&j, "query");
    json_obj_begin(&j);
    for (size_t i = 0; i < q->query.n; i++)
        if (*q->query.v[i].value)
            json_put_str(&j, q->query.v[i].name,
                         open_word(r, q->query.v[i].name, q->query.v[i].value) ? q->query.v[i].value : "…");
    json_obj_end(&j);
    json_obj_end(&j);
    s = buf_overflow(&b) ? "{}" : arena_str(q->a, buf_cstr(&b));
    buf_done(&b);
    return s;
}
