/* SPDX-License-Identifier: Apache-2.0 */
/* zip_write.c: parts into an archive through libzip, without touching the disk. */
#include "format/zip_write.h"

#include <zip.h>

#include "base/date.h"

/* MS-DOS date and time, as the archive keeps them. */
static void dos_time(int64_t at, zip_uint16_t *time, zip_uint16_t *date)
{
    struct ymd d = day_ymd(instant_day(at));
    int minute = instant_minute(at);
    if (d.y < 1980)
        d = (struct ymd){1980, 1, 1}, minute = 0;
    *date = (zip_uint16_t)((d.y - 1980) << 9 | d.m << 5 | d.d);
    *time = (zip_uint16_t)((minute / 60) << 11 | (minute % 60) << 5);
}

static int add(zip_t *z, const struct zip_part *part, zip_uint16_t time, zip_uint16_t date)
{
    zip_source_t *src = zip_source_buffer(z, part->p, part->n, 0);
    if (!src)
        return -1;
    zip_int64_t i = zip_file_add(z, part->name, src, ZIP_FL_ENC_UTF_8);
    if (i < 0) {
        zip_source_free(src);
        return -1;
    }
    if (zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_DEFLATE, 6) != 0)
        return -1;
    return zip_file_set_dostime(z, (zip_uint64_t)i, time, date, 0);
}

static int read_all(struct buf *out, zip_source_t *src)
{
    char chunk[16384];
    zip_int64_t n;
    if (zip_source_open(src) != 0)
        return -1;
    while ((n = zip_source_read(src, chunk, sizeof chunk)) > 0)
        buf_add(out, chunk, (size_t)n);
    zip_source_close(src);
    return n < 0 ? -1 : 0;
}

int zip_write(struct buf *out, const struct zip_part *parts, size_t n, int64_t at, struct err *e)
{
    zip_uint16_t time, date;
    zip_error_t ze;
    zip_error_init(&ze);
    dos_time(at, &time, &date);
    zip_source_t *src = zip_source_buffer_create(NULL, 0, 0, &ze);
    zip_t *z = src ? zip_open_from_source(src, ZIP_CREATE | ZIP_TRUNCATE, &ze) : NULL;
    if (!z) {
        if (src)
            zip_source_free(src);
        return err_log(e, "zip: %s", zip_error_strerror(&ze));
    }
    zip_source_keep(src);
    for (size_t i = 0; i < n; i++)
        if (add(z, &parts[i], time, date) != 0) {
            err_log(e, "zip: %s: %s", parts[i].name, zip_strerror(z));
            zip_discard(z);
            zip_source_free(src);
            return -1;
        }
    int rc = zip_close(z);
    if (rc != 0) {
        err_log(e, "zip: %s", zip_strerror(z));
        zip_discard(z);
    } else if ((rc = read_all(out, src)) != 0) {
        err_log(e, "zip: the archive could not be read back");
    } else if (buf_overflow(out)) {
        rc = err_set(e, ERR_TOOBIG, "生成的文件太大，请缩短报告期间或分开生成");
    }
    zip_source_free(src);
    return rc;
}
