/* SPDX-License-Identifier: Apache-2.0 */
/* schema_read_figure.c: which words each kind of figure knows. */
#include <string.h>

#include "model/schema_read.h"

#define BIT(k) (1u << (k))
#define COUNTED                                                                                                    \
    (BIT(FIG_RECORDS) | BIT(FIG_TIMES) | BIT(FIG_PERSONS) | BIT(FIG_DISTINCT) | BIT(FIG_HOURS) | BIT(FIG_AMOUNT) | \
     BIT(FIG_STOCK))
#define KEYED (BIT(FIG_PERSONS) | BIT(FIG_DISTINCT))
#define SUMMED (BIT(FIG_HOURS) | BIT(FIG_AMOUNT))

/* kinds: may have the word; needed: must. The words of a contribution may stand in parts instead. */
static const struct {
    const char *word;
    bool part;
    unsigned kinds, needed;
} kind_words[] = {
    {"where", true, COUNTED, 0},
    {"on", true, COUNTED & ~BIT(FIG_STOCK), 0},
    {"by", true, COUNTED & ~BIT(FIG_DISTINCT), 0},
    {"child", true, COUNTED & ~BIT(FIG_RECORDS), 0},
    {"key", true, KEYED, KEYED},
    {"sum", true, SUMMED | BIT(FIG_TIMES) | BIT(FIG_STOCK), SUMMED},
    {"from", true, BIT(FIG_STOCK), BIT(FIG_STOCK)},
    {"until", true, BIT(FIG_STOCK), 0},
    {"parts", false, COUNTED, 0},
    {"num", false, BIT(FIG_RATIO), BIT(FIG_RATIO)},
    {"den", false, BIT(FIG_RATIO), BIT(FIG_RATIO)},
    {"places", false, BIT(FIG_RATIO), 0},
    {"truncate", false, BIT(FIG_RATIO), 0},
    {"each", false, BIT(FIG_CADENCE), BIT(FIG_CADENCE)},
    {"due", false, BIT(FIG_CADENCE), BIT(FIG_CADENCE)},
    {"of", false, BIT(FIG_MISSED), BIT(FIG_MISSED)},
};

/* The measure word where none is given. */
static const char *const kind_unit[FIG__MAX] = {
    [FIG_TIMES] = "人次", [FIG_PERSONS] = "人", [FIG_HOURS] = "小时", [FIG_AMOUNT] = "元",
    [FIG_RATIO] = "%",    [FIG_CADENCE] = "次", [FIG_MISSED] = "次",
};

void figure_before(struct reader *r, void *into, const char *name)
{
    struct figure_read *f = into;
    (void)name;
    f->f.reg = r->top;
    f->file = r->file;
    f->f.line = place_of(r, into, r->top).line;
    f->f.places = -1;
}

/* One contribution: the figure itself or an entry of parts. */
static void contribution_words(struct reader *r, const struct yaml *y, const struct figure *f, bool in_part)
{
    const char *kind = figure_kind_word[f->kind];
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++) {
        const struct yaml *v = yaml_get(y, kind_words[i].word);
        if (in_part && !kind_words[i].part)
            continue;
        if (v && !(kind_words[i].kinds & BIT(f->kind)))
            read_bad(r, v, "figure %s of kind %s knows no word %s", f->name, kind, kind_words[i].word);
        bool elsewhere = kind_words[i].part && !in_part && yaml_get(y, "parts");
        if (v && elsewhere)
            read_bad(r, v, "figure %s has parts: %s belongs into them", f->name, kind_words[i].word);
        if (!v && !elsewhere && (kind_words[i].needed & BIT(f->kind)))
            read_bad(r, y, "figure %s of kind %s needs %s", f->name, kind, kind_words[i].word);
    }
    if (f->kind == FIG_TIMES && !yaml_get(y, "child") && !yaml_get(y, "sum") && (in_part || !yaml_get(y, "parts")))
        read_bad(r, y, "figure %s of kind times needs child or sum: person-times are rows or an amount", f->name);
}

static void figure_unit(struct reader *r, const struct yaml *y, struct figure *f)
{
    const char *hans = kind_unit[f->kind];
    if (yaml_get(y, "unit"))
        return;
    if (!hans && f->kind == FIG_RECORDS)
        hans = r->top->measure;
    if (hans)
        label_fill(r->a, &f->unit, hans);
    else
        place_bad(r, f, r->top, "figure %s needs unit (its measure word)", f->name);
}

void figure_after(struct reader *r, const struct yaml *y, void *into)
{
    struct figure_read *f = into;
    const struct yaml *parts = yaml_get(y, "parts");
    if (!yaml_get(y, "kind"))
        return;
    figure_unit(r, y, &f->f);
    contribution_words(r, y, &f->f, false);
    for (size_t i = 0; parts && parts->kind == YAML_LIST && i < parts->n; i++)
        contribution_words(r, parts->item[i], &f->f, true);
    if (f->f.kind == FIG_RATIO && f->f.places > 4)
        place_bad(r, &f->f.places, r->top, "figure %s: at most 4 decimals", f->f.name);
    if (f->f.places < 0)
        f->f.places = f->f.kind == FIG_RATIO;
    if (!(BIT(f->f.kind) & COUNTED))
        return;
    if (!parts) {
        f->parts = &f->own;
        f->nparts = 1;
    }
}
