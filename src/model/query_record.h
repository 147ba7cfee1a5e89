/* SPDX-License-Identifier: Apache-2.0 */
/* query_record.h: the SQL of single records: rows, child rows, references, unique keys, tree nodes.
 *
 * Private to src/model. Writers run inside a transaction of the writer. Values are kept as they stand in the
 * record: protected ones are sealed before (record_seal). */
#ifndef LINLI_MODEL_QUERY_RECORD_H
#define LINLI_MODEL_QUERY_RECORD_H

#include "model/record.h"
#include "model/tree.h"

/* One reference to look up. */
struct ref_want {
    const struct reg *reg; /* NULL: nothing is found */
    int64_t home, id;
    bool any_home;
    const char *field, *label; /* for the message */
    bool found;
};
/* Which of them exist and are not withdrawn: one query per register and home. */
int query_refs(struct db *d, struct arena *a, struct ref_want *refs, size_t n, struct err *e);

int query_insert(struct db *d, struct arena *a, const struct sec_key *k, const struct record *r, struct err *e);
/* Only the columns that differ; is->version is the new one. ERR_CONFLICT if the row's is not was->version. */
int query_update(struct db *d, struct arena *a, const struct sec_key *k, const struct record *is,
                 const struct record *was, struct err *e);
/* Child rows to what is->children says; rows without id get one, or that of an equal row. was NULL: none are there.
 * (is is changed: ids are filled in.) */
int query_children(struct db *d, struct arena *a, const struct sec_key *k, struct record *is,
                   const struct record *was, struct err *e);
/* Withdraw or restore; version as in query_update. */
int query_gone(struct db *d, const struct record *r, bool gone, int version, struct err *e);

/* One record with its children; ERR_MISSING. */
int query_one(struct record **out, struct arena *a, struct db *d, const struct reg *r, int64_t home, int64_t id,
              struct err *e);
/* The next records after (home, id), in that order, with children, not the withdrawn ones: for recounts. */
int query_chunk(struct record ***out, size_t *n, struct arena *a, struct db *d, const struct reg *r, int64_t home,
                int64_t id, size_t limit, struct err *e);
/* The records with these ids in these homes, in any order, without children, also withdrawn ones: for titles. */
int query_many(struct record ***out, size_t *n, struct arena *a, struct db *d, const struct reg *r,
               const int64_t *homes, size_t nhomes, const int64_t *ids, size_t nids, struct err *e);
/* Is there a record of one of these units in the home? */
int query_used(bool *out, struct db *d, struct arena *a, const struct reg *r, int64_t home, const int64_t *units,
               size_t n, struct err *e);
/* Is there a record, not withdrawn, whose field names this unit, grid or record? */
int query_named(bool *out, struct db *d, struct arena *a, const struct reg *r, const struct field *f, int64_t id,
                struct err *e);
/* The id of another record (not except) of like's home with the same values in these fields, 0 if there is none or
 * one of the fields is empty. k may be NULL if none of them is protected. */
int query_twin(int64_t *id, struct arena *a, struct db *d, const struct sec_key *k, const struct record *like,
               const char *const *fields, int64_t except, struct err *e);
/* All nodes of register unit or grid. */
int query_nodes(struct node_row **out, size_t *n, struct arena *a, struct db *d, const struct reg *r,
                struct err *e);

#endif
