/* SPDX-License-Identifier: Apache-2.0 */
/* quantity.c: CPU time of finding the figures in a text, in microseconds, the median of several rounds:
 *
 *   quantity FILE POINTS     the first POINTS code points of the file, repeated where it is shorter */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/utf8.h"
#include "engine/quantity.h"

enum { ROUNDS = 11 };

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    struct arena *a = arena_new();
    char *text;
    size_t n, points = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    double took[ROUNDS];
    struct buf b;
    if (!points || file_read(&text, &n, a, argv[1], 1 << 20, &e))
        return 2;
    buf_init(&b, 64 << 20);
    for (size_t have = 0, one = utf8_count(text); have < points; have += one)
        buf_str(&b, text);
    buf_truncate(&b, utf8_offset(buf_cstr(&b), points));
    struct quantity_words *w = quantity_words_load(a, &e);
    for (int i = 0; w && i < ROUNDS; i++) {
        struct arena *round = arena_new();
        struct quantity_list l;
        double t = cpu_us();
        if (quantity_scan(&l, round, w, buf_cstr(&b), b.n, NULL, &e))
            return 1;
        took[i] = cpu_us() - t;
        arena_free(round);
    }
    qsort(took, ROUNDS, sizeof *took, by_value);
    printf("%.0f\n", took[ROUNDS / 2]);
    return 0;
}
