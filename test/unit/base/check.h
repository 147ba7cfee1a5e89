/* SPDX-License-Identifier: Apache-2.0 */
/* check.h: what the tests of base share: cmocka in the order it wants, and one arena a test. */
#ifndef LINLI_TEST_CHECK_H
#define LINLI_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static inline int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static inline int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, arena_setup, arena_teardown)

#endif
