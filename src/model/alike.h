/* SPDX-License-Identifier: Apache-2.0 */
/* alike.h: is this probably in the ledger already? A register's `alike` says which fields, when they agree, make
 * two records a probable twin (doc/module-language.md, section 3). Nothing is refused for it: people are asked.
 *
 * A form asks for one record, an import's dry run for all rows of a sheet at once:
 *
 *   struct record **twins = arena_array(a, n, sizeof *twins);
 *   if (record_alike(twins, a, d, key, rs, n, e)) return -1;
 *   for (i…) if (twins[i] && alike_told(view, actor, twins[i])) …"与已有的一条相似：" record_title_for(…) */
#ifndef LINLI_MODEL_ALIKE_H
#define LINLI_MODEL_ALIKE_H

#include "model/record.h"

/* Of each of these records of one register the newest kept one (not withdrawn, not itself) that agrees with it in
 * all fields of one of the register's rules, or NULL; without child rows. Rules with a field empty here say
 * nothing. home and happened must be known: after record_check. One query per rule, whatever n is. k may be NULL
 * where no rule has a protected field. Does not decide access: see alike_told. Twins among the records themselves
 * are the caller's matter: alike_key says what to compare. */
int record_alike(struct record **twins, struct arena *a, struct db *d, const struct sec_key *k,
                 struct record *const *rs, size_t n, struct err *e);
/* What records must share to be twins by this rule (0 … reg->nalikes - 1); NULL: a field is empty. */
const char *alike_key(struct arena *a, const struct sec_key *k, const struct record *r, size_t rule);
/* May the actor be told of this twin? Who may not read it may not; who would see a compared field masked is told
 * only of what he entered himself, or forms would answer guesses. */
bool alike_told(const struct view *v, const struct actor *who, const struct record *twin);

#endif
