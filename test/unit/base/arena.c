/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c: tests of base/arena.h */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    struct arena *a = *state;
    for (size_t n = 1; n < 3000; n += 7) {
        unsigned char *p = arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xEE, n);
    }
}

static void reset_memory_is_zeroed_again(void **state)
{
    struct arena *a = *state;
    memset(arena_alloc(a, 500), 0xEE, 500);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    const unsigned char *p = arena_alloc(a, 500);
    for (int i = 0; i < 500; i++)
        assert_int_equal(p[i], 0);
}

static void a_huge_piece_is_given_and_given_back(void **state)
{
    struct arena *a = *state;
    char *small = arena_str(a, "before");
    char *big = arena_alloc(a, 5000000);
    big[4999999] = 'x';
    char *after = arena_str(a, "after");
    assert_string_equal(small, "before");
    assert_string_equal(after, "after");
    assert_true(arena_used(a) >= 5000000);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
}

static void strings_are_copied(void **state)
{
    struct arena *a = *state;
    char s[] = "社区";
    char *t = arena_str(a, s);
    s[0] = 'x';
    assert_string_equal(t, "社区");
    assert_null(arena_str(a, NULL));
    assert_string_equal(arena_strn(a, "abcdef", 3), "abc");
    assert_string_equal(arena_strn(a, "", 0), "");
    assert_string_equal(arena_printf(a, "%s-%05d", "x", 42), "x-00042");
}

static void a_long_format_is_whole(void **state)
{
    char *s = arena_printf(*state, "%0*d", 30000, 7);
    assert_int_equal(strlen(s), 30000);
    assert_int_equal(s[29999], '7');
}

static void a_vector_keeps_its_values(void **state)
{
    struct arena *a = *state;
    int *v = NULL;
    size_t n = 0, cap = 0;
    for (int i = 0; i < 10000; i++)
        VEC_PUSH(a, v, n, cap) = i;
    assert_int_equal(n, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(v[i], i);
}

/* The program must end rather than go on with a short array. */
static void an_overflowing_array_ends_the_program(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        struct arena *a = arena_new();
        arena_array(a, SIZE_MAX / 2, 4);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(memory_is_zeroed_and_aligned),
        WITH_ARENA(reset_memory_is_zeroed_again),
        WITH_ARENA(a_huge_piece_is_given_and_given_back),
        WITH_ARENA(strings_are_copied),
        WITH_ARENA(a_long_format_is_whole),
        WITH_ARENA(a_vector_keeps_its_values),
        cmocka_unit_test(an_overflowing_array_ends_the_program),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
