/* SPDX-License-Identifier: Apache-2.0 */
/* seed.h: records from a YAML file, through the same path as any other record.
 *
 * A site file (units and grids with codes) and demonstration data have one form:
 *
 *   units: [{code: HY, kind: subdistrict, name: …}, …]        records of register unit
 *   grids: [{code: …, kind: grid, name: …, unit: QY}, …]      records of register grid; an area's unit is its
 * parent's accounts: [{login: chen, name: …, role: worker, unit: QY}]    each with a new password, which
 * job.account is told lists: {family: [王, 李], given: [建国, 秀英]}                 words for pick records:
 *     - register: dispute
 *       unit: QY              whose they are
 *       repeat: 40            how many, default 1
 *       state: settled        the state they are in; default the start
 *       set: {FIELD: VALUE, CHILD: [{FIELD: VALUE}]}
 *
 * VALUE is a text as a person would type it; "= expression" computed on the record so far; or a map:
 * {pick: [a, b]} or {pick: LIST} one of them; {join: [VALUE, …]} texts after one another; {days: [-700, -5]} a day
 * so many days from today; {month: [3, 25]}, {quarter: [10, 70]} a day of the month, of the quarter, that lies as
 * far back as the repeat counts; {int: [1, 9]}; {sometimes: 30, is: VALUE} in so many of a hundred, else nothing;
 * {count: PREFIX} PREFIX followed by a running number of four digits. Chance is seeded: the same seed gives the
 * same data. */
#ifndef LINLI_MODEL_SEED_H
#define LINLI_MODEL_SEED_H

#include "model/record.h"
#include "model/yaml.h"

struct seed_job {
    struct site *site;
    struct arena *a;
    uint64_t seed;
    /* Told of each account made; NULL: accounts are passed over. */
    void (*account)(void *arg, const char *login, const char *password, const char *name);
    void *account_arg;
    long made, unchanged; /* out: records written, records with a key that stood already */
};
/* Writes all of it in jobs of at most 500 records; what has a natural key that exists is left as it is. Stops at
 * the first record that is refused, with file:line in the message. */
int seed_run(struct seed_job *j, const char *file, const char *text, size_t n, struct err *e);

#endif
