/* SPDX-License-Identifier: Apache-2.0 */
/* render.h: a number as offices print it: 38, 97.3%, 280余, 98以上, 4.7万, 二十三.
 *
 * Works on the exact value; what is printed never says more than the value does. In running text there are no
 * thousands separators. */
#ifndef LINLI_ENGINE_RENDER_H
#define LINLI_ENGINE_RENDER_H

#include "model/figure.h"

#define RENDER_MICRO 1000000 /* steps and thresholds are kept in millionths */

enum render_bound {
    RENDER_EXACT,
    RENDER_FLOOR, /* cut down to a step, then the word: 283 by 10 余 → 280余; a multiple of the step prints exactly
                   */
    RENDER_AT_LEAST, /* the threshold and the word, only if the value reaches it: 98.1 → 98以上 */
    RENDER_ABOVE     /* the same, only if the value exceeds it */
};
enum render_part { RENDER_VALUE, RENDER_NUM, RENDER_DEN }; /* ratio and cadence: numerator and denominator */

struct render {
    enum render_bound bound;
    int64_t step;     /* of the bound, in millionths */
    const char *word; /* 余, 以上 */
    enum render_part part;
    char mode; /* 0: as the figure declares; 't' truncate, 'r' round half up to places */
    int places;
    bool percent;   /* %; a cadence prints kept / due */
    bool wan;       /* 万 with one decimal; below ten thousand exactly */
    bool han;       /* 二十三 */
    bool thousands; /* 46,956 */
};

/* -1: a gap (v->gap or a denominator of nothing); 1: the threshold is not reached; 0: *out holds the text. */
int render_number(const char **out, struct arena *a, const struct figure_value *v, const struct render *r);
/* The exact value for the source table, as the figure declares it: 46956, 97.3. "" for a gap. */
const char *render_exact(struct arena *a, const struct figure_value *v, enum render_part part);
/* Compare the exact value with an amount in millionths: <0, 0, >0. Ratios compare by their parts, not as printed.
 */
int render_compare(const struct figure_value *v, const struct render *r, int64_t micro);
/* "98", "98.5", "-3" to millionths; -1 if it is no number. */
int render_micro(int64_t *out, const char *s);

#endif
