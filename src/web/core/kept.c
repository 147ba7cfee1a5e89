/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c: pieces of pages between requests; each request thread has its own. */
#include "web/kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "web/session.h"

enum { PIECES = 64, PIECE_MAX = 32 * 1024, NAME_MAX_BYTES = 1024 };

/* What a piece hangs on. The cookies hold the session, the unit chosen and the size of the letters. */
struct hangs_on {
    const struct schema *schema;
    uint64_t units, grids, era;
    int64_t shows;
    int32_t day;
    int part;
    enum lang lang;
};
struct piece {
    struct hangs_on on;
    char *name; /* address and cookies; NULL: empty */
    size_t nname;
    char *text;
    size_t n;
};
struct pieces {
    struct piece v[PIECES];
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void pieces_free(void *p)
{
    struct pieces *all = p;

    for (size_t i = 0; i < PIECES; i++) {
        free(all->v[i].name);
        free(all->v[i].text);
    }
    free(all);
}

static void make_key(void)
{
    pthread_key_create(&key, pieces_free);
}

static struct pieces *pieces_here(void)
{
    pthread_once(&once, make_key);
    struct pieces *all = pthread_getspecific(key);
    if (!all) {
        all = xcalloc(1, sizeof *all);
        pthread_setspecific(key, all);
    }
    return all;
}

/* Address and cookies one behind the other: both without NUL. false: too long to be kept. */
static bool name_of(char name[NAME_MAX_BYTES], size_t *n, const struct req *q)
{
    const char *cookie = q->head[HEAD_COOKIE] ? q->head[HEAD_COOKIE] : "";
    size_t ntarget = strlen(q->target), ncookie = strlen(cookie);

    if (!q->login || ntarget + ncookie + 1 > NAME_MAX_BYTES)
        return false;
    memcpy(name, q->target, ntarget + 1);
    memcpy(name + ntarget + 1, cookie, ncookie);
    *n = ntarget + 1 + ncookie;
    return true;
}

static struct hangs_on on_of(const struct req *q, int part, int64_t shows)
{
    return (struct hangs_on){.schema = q->view.schema,
                             .units = q->view.units->stamp,
                             .grids = q->view.grids->stamp,
                             .era = q->login->era,
                             .shows = shows,
                             .day = today(),
                             .part = part,
                             .lang = q->lang};
}

static bool on_same(const struct hangs_on *x, const struct hangs_on *y)
{
    return x->schema == y->schema && x->units == y->units && x->grids == y->grids && x->era == y->era &&
           x->shows == y->shows && x->day == y->day && x->part == y->part && x->lang == y->lang;
}

static struct piece *place_of(const char *name, size_t n, int part)
{
    uint32_t h = 2166136261u + (uint32_t)part;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)name[i]) * 16777619u;
    return &pieces_here()->v[(h ^ h >> 16) % PIECES];
}

bool kept_put(struct req *q, int part, int64_t shows)
{
    char name[NAME_MAX_BYTES];
    size_t n;

    if (!name_of(name, &n, q))
        return false;
    struct hangs_on on = on_of(q, part, shows);
    const struct piece *p = place_of(name, n, part);
    if (!p->name || p->nname != n || memcmp(p->name, name, n) != 0 || !on_same(&p->on, &on))
        return false;
    buf_add(&q->out, p->text, p->n);
    return true;
}

void kept_take(struct req *q, int part, int64_t shows, size_t from)
{
    char name[NAME_MAX_BYTES];
    size_t n, len = q->out.n - from;

    if (buf_overflow(&q->out) || len > PIECE_MAX || !name_of(name, &n, q))
        return;
    struct piece *p = place_of(name, n, part);
    p->name = xrealloc(p->name, n);
    memcpy(p->name, name, n);
    p->text = xrealloc(p->text, len);
    memcpy(p->text, q->out.p + from, len);
    p->nname = n;
    p->n = len;
    p->on = on_of(q, part, shows);
}
