/* SPDX-License-Identifier: Apache-2.0 */
/* lang_match.h: translating a message that has already been formatted, by the format it came from. For lang.c. */
#ifndef LINLI_BASE_LANG_MATCH_H
#define LINLI_BASE_LANG_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { LANG_SLOTS = 12 }; /* conversions a format may have */

/* What stood at one conversion of the format. */
struct lang_slot {
    const char *p;
    size_t n;
    bool quoted; /* between “ and ”: data, or a label of ours */
};

/* Does the format hold a conversion (%s, %d, %zu, %.40s …), and enough fixed text to know it by? Numbers are
 * known by their digits, so any fixed text is enough for a format that has nothing else. */
bool lang_is_format(const char *format);
/* Is the message what the format gave? A number's slot holds only digits, sign and point. Fills the slots and
 * returns how many, or -1. Of conversions that touch, the first takes all. */
int lang_match(struct lang_slot slot[LANG_SLOTS], const char *format, const char *msg);
/* The translated format with the slots in it: %s takes them in turn, %2$s the second. */
char *lang_fill(struct arena *a, const char *format, const struct lang_slot *slot, int n);

#endif
