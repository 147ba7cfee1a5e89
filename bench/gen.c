/* SPDX-License-Identifier: Apache-2.0 */
/* gen.c: bench/gen DIR COUNT: a data directory with an invented community and COUNT visit records of ten years.
 *
 * Every record goes through record_save_in on the store's own writer, so rows, indexes, trail, figures and searched
 * text are what the program would have written; only the transactions are larger and the writer's cache is wider.
 * Prints the token of a session of the community's secretary. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/sec.h"
#include "model/account.h"
#include "model/record.h"
#include "model/seed.h"
#include "model/site.h"
#include "store/sys_user.h"

enum { CHUNK = 10000, YEARS_DAYS = 3650, HOUSES = 3000 };

struct gen {
    struct site *site;
    struct view view;
    struct arena *a;
    const struct reg *reg;
    const struct node *unit;
    const struct node *grids[16];
    size_t ngrids;
    long count, done;
    int32_t first; /* day */
    uint64_t chance;
    struct actor actor;
};

static uint32_t chance(struct gen *g, uint32_t below)
{
    g->chance = g->chance * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(g->chance >> 33) % below;
}

static const char *pick(struct gen *g, const char *const *list, size_t n)
{
    return list[chance(g, (uint32_t)n)];
}
#define PICK(g, list) pick((g), (list), sizeof(list) / sizeof *(list))

static const char *const visitors[] = {"江小舟", "何田", "陆秀兰", "沈文", "秦岚",
                                       "田野",   "白露", "石磊",   "苗青", "云帆"};
static const char *const families[] = {"王", "李", "赵", "钱", "孙", "周", "吴", "郑", "冯", "陈", "褚", "卫"};
static const char *const given[] = {"建国", "秀英", "志强", "桂兰", "晓明", "文静", "德胜", "玉珍", "海波", "春梅"};
static const char *const issues[] = {"楼道堆放杂物，希望尽快清理",   "小区路灯不亮，晚上出行不便",
                                     "楼上漏水，请社区帮助协调",     "电动车在楼道充电，担心安全",
                                     "下水道堵塞，多次报修没有解决", "健身器材损坏，建议维修",
                                     "咨询医保报销需要的材料",       "希望增加晾衣设施",
                                     "反映宠物扰民，请帮助劝导",     "建议小区门口增设减速带和指示牌"};
static const char *const purposes[] = {"routine", "newcomer", "safety",   "opinion",
                                       "policy",  "followup", "festival", "other"};
static const char *const ways[] = {"home", "phone", "wechat", "met"};
static const char *const handlings[] = {"onspot", "community", "upward"};

static void text(struct record *r, const char *field, const char *v)
{
    record_set(r, field, value_text(v));
}

static struct record *invent(struct gen *g, struct arena *a, long i)
{
    struct record *r = record_new(a, g->reg);
    uint32_t house = chance(g, HOUSES);

    r->home = g->unit->home;
    r->unit = g->unit->id;
    text(r, "visitor", PICK(g, visitors));
    record_set(r, "grid", value_int(g->grids[house % g->ngrids]->id));
    record_set(r, "visited_on", value_int(g->first + (int32_t)(i * YEARS_DAYS / g->count)));
    text(r, "host", arena_printf(a, "%s%s", families[house % 12], given[house / 12 % 10]));
    text(r, "address",
         arena_printf(a, "桥头小区%u栋%u单元%u室", house / 60 + 1, house / 20 % 3 + 1,
                      house % 20 / 4 * 100 + 101 + house % 4));
    text(r, "way", PICK(g, ways));
    text(r, "purpose", PICK(g, purposes));
    if (chance(g, 2)) {
        text(r, "issue", PICK(g, issues));
        text(r, "handling", PICK(g, handlings));
    }
    return r;
}

static int chunk(struct db *d, void *arg, struct err *e)
{
    struct gen *g = arg;
    struct arena *a = arena_new();
    long to = g->done + CHUNK < g->count ? g->done + CHUNK : g->count;
    int rc = 0;

    for (long i = g->done; rc == 0 && i < to; i++) {
        struct save s = {.site = g->site, .view = &g->view, .actor = &g->actor, .a = a, .act = "create"};

        rc = record_save_in(d, &s, invent(g, a, i), NULL, e);
        arena_reset(a);
    }
    arena_free(a);
    g->done = rc == 0 ? to : g->done;
    return rc;
}

/* The one thing the program would not do: a cache that holds the indexes while they fill. */
static int wide(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return db_exec(d, "PRAGMA cache_size=-400000", e);
}

static int session(struct db *d, void *arg, struct err *e)
{
    static const char token[] = "benchbenchbenchbenchbenchbench22"; /* 32 characters, as TOKEN_CHARS says */
    unsigned char raw[SEC_HASH];
    char hash[65];
    struct session s = {.user = *(int64_t *)arg,
                        .created = now_ms(),
                        .seen = now_ms(),
                        .agent = "bench",
                        .csrf = "00000000000000000000000000000000",
                        .token_hash = hash};

    sec_sha256(raw, token, strlen(token));
    sec_hex(hash, raw, sizeof raw);
    if (session_end(d, hash, e) < 0)
        return -1;
    return session_start(d, &s, e);
}

static int people(struct gen *g, struct err *e)
{
    struct account acc = {
        .login = "bench", .name = "测试书记", .role = "secretary", .unit = g->unit->id, .password = "benchbench1"};

    if (account_add(g->site, &g->view, &acc, e) < 0)
        return -1;
    g->actor = (struct actor){.user = 0, .name = "系统"};
    return store_write(g->site->store, session, &acc.id, e);
}

static int units(struct gen *g, const char *path, struct err *e)
{
    struct seed_job job = {.site = g->site, .a = g->a, .seed = 1};
    char *yaml;
    size_t n;

    if (file_read(&yaml, &n, g->a, path, 1 << 20, e) < 0 || seed_run(&job, path, yaml, n, e) < 0 ||
        site_trees(g->site, e) < 0)
        return -1;
    site_hold(g->site, &g->view);
    g->reg = schema_reg(g->view.schema, "visit");
    g->unit = tree_code(g->view.units, "BQ");
    for (size_t i = 0; i < g->view.grids->n && g->ngrids < 16; i++)
        if (strcmp(g->view.grids->nodes[i].kind, "grid") == 0)
            g->grids[g->ngrids++] = &g->view.grids->nodes[i];
    return g->reg && g->unit && g->ngrids ? 0 : err_log(e, "bench/site.yaml lacks the community BQ or its grids");
}

static int fill(struct gen *g, struct err *e)
{
    g->first = today() - YEARS_DAYS + 1;
    g->chance = 7;
    if (store_write(g->site->store, wide, NULL, e) < 0)
        return -1;
    while (g->done < g->count) {
        if (store_write(g->site->store, chunk, g, e) < 0)
            return -1;
        fprintf(stderr, "\r%ld", g->done);
    }
    fprintf(stderr, "\n");
    return 0;
}

/* A token again for a directory that is older than a session lives. */
static int renew(const char *dir, struct err *e)
{
    struct site *site;
    struct user u;
    struct arena *a = arena_new();
    int rc = -1;

    if (site_open(&site, dir, STORE_WRITE, e) < 0)
        goto out;
    struct db *d = store_reader(site->store, e);
    if (d && user_by_login(&u, a, d, "bench", e) == 1)
        rc = store_write(site->store, session, &u.id, e);
    site_close(site);
out:
    arena_free(a);
    return rc;
}

int main(int argc, char **argv)
{
    struct gen g = {.a = arena_new()};
    struct err e = {0};
    int rc = -1;

    if (argc != 2 && argc != 4) {
        fprintf(stderr, "gen DIR                 a fresh session\ngen DIR COUNT SITE.yaml a new directory\n");
        return 2;
    }
    if (sec_init(&e) < 0)
        goto out;
    if (argc == 2) {
        rc = renew(argv[1], &e);
        goto out;
    }
    g.count = atol(argv[2]);
    if (store_create(argv[1], NULL, &e) < 0 || site_open(&g.site, argv[1], STORE_WRITE, &e) < 0)
        goto out;
    rc = units(&g, argv[3], &e) < 0 || people(&g, &e) < 0 || fill(&g, &e) < 0 ? -1 : 0;
    if (g.view.units)
        site_drop(g.site, &g.view);
    site_close(g.site);
out:
    if (rc < 0)
        fprintf(stderr, "gen: %s %s\n", e.msg, e.log);
    arena_free(g.a);
    return rc < 0;
}
