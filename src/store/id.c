/* SPDX-License-Identifier: Apache-2.0 */
/* id.c: ids that grow with time. */
#include <stdatomic.h>
#include <time.h>

#include "base/sec.h"
#include "store/store.h"

#define COUNTER_BITS 20

int64_t store_id_at(int64_t ms)
{
    return ms << COUNTER_BITS;
}

int64_t store_id(void)
{
    static _Atomic int64_t last;
    struct timespec t;
    uint32_t low = 0;
    int64_t id, before, start;

    clock_gettime(CLOCK_REALTIME, &t);
    start = ((int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000) << COUNTER_BITS;
    before = atomic_load(&last);
    /* A random start within the millisecond keeps two runs of the program apart; half the counter stays free. */
    if (before < start)
        sec_random(&low, sizeof low);
    id = start | (int64_t)(low >> (32 - COUNTER_BITS + 1));
    do {
        if (id <= before)
            id = before + 1;
    } while (!atomic_compare_exchange_weak(&last, &before, id));
    return id;
}
