/* SPDX-License-Identifier: Apache-2.0 */
/* change.h: one write of the JSON interface in hand. Private to src/web/api: api_write.c takes it, change_read.c
 * reads its values, change_failed.c says why it could not be done. */
#ifndef LINLI_WEB_CHANGE_H
#define LINLI_WEB_CHANGE_H

#include <jansson.h>

#include "model/query_find.h"
#include "model/record.h"
#include "web/api.h"

struct change {
    const struct reg *reg;
    const struct move *move; /* moves only */
    json_t *body;            /* an object; freed by done() */
    int64_t base;            /* the version it was based on, 0 not said */
    struct field_errors errors;
    struct record *fresh; /* what is to be created, as read on the request's thread */
    struct value *read;   /* its values then */
    struct save save;
    bool tried;
    struct lookup *lookup; /* for records of lookup_home, through lookup_db */
    int64_t lookup_home;
    struct db *lookup_db;
    bool insert;
};

/* The body's fields and child rows into the record; what cannot be read is added to c->errors. Where references are
 * looked up: the record's home, a new one's as it is meant. */
void change_read(struct change *c, struct req *q, struct db *d, struct record *r);
/* A key of the body that is no field: a word of the system's. */
bool change_word(const char *key);
/* A req_failed_fn: every wrong field, or both values. */
int change_failed(struct req *q, void *arg, struct err *e);

#endif
