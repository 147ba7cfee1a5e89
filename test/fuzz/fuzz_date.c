/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_date.c: any bytes as a date and as a serial number; what is read must exist and come back. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(x) ((x) ? (void)0 : abort())

static void check_read(struct date_read r)
{
    char s[32];
    if (r.form == DATE_BAD) {
        CHECK(r.day == DAY_NONE && r.minute == -1);
        return;
    }
    CHECK(r.minute >= -1 && r.minute < 24 * 60);
    CHECK((r.form == DATE_MINUTE) <= (r.minute >= 0));
    if (r.day == DAY_NONE) {
        CHECK(r.form == DATE_NOYEAR);
        return;
    }
    struct ymd t = day_ymd(r.day);
    CHECK(day_from_ymd(t.y, t.m, t.d) == r.day);
    CHECK(r.form != DATE_MONTH || t.d == 1);
    CHECK(day_parse_iso(day_iso(r.day, s)) == r.day);
    if (t.y >= 1800 && t.y <= 2199) {
        CHECK(date_parse(s, 0).day == r.day);
        CHECK(date_parse(day_cn(r.day, s), 0).day == r.day);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *s = malloc(size + 1);
    memcpy(s, data, size);
    s[size] = '\0';
    check_read(date_parse(s, 0));
    check_read(date_parse(s, 2023));
    struct date_read typed = date_typed(s, day_from_ymd(2026, 3, 1));
    check_read(typed);
    CHECK(typed.form != DATE_NOYEAR);
    day_parse_iso(s);
    if (size >= sizeof(double)) {
        double serial;
        memcpy(&serial, data, sizeof serial);
        check_read(date_serial(serial, false));
        check_read(date_serial(serial, true));
    }
    free(s);
    return 0;
}
