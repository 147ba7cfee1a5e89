/* SPDX-License-Identifier: Apache-2.0 */
/* sec.c: tests of base/sec.h */
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#include "base/file.h"
#include "base/sec.h"

static struct sec_key key_of(unsigned char fill)
{
    struct sec_key k;
    memset(&k, fill, sizeof k);
    return k;
}

static void sha256_is_sha256(void **state)
{
    (void)state;
    unsigned char h[SEC_HASH];
    char hex[65];
    sec_sha256(h, "abc", 3); /* FIPS 180-2, appendix B.1 */
    sec_hex(hex, h, sizeof h);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(sec_equal("abcd", "abcd", 4));
    assert_false(sec_equal("abcd", "abce", 4));
}

/* Whatever computes it here, libsodium's portable code agrees: around the ends of blocks, and over many of them. */
static void sha256_of_every_length(void **state)
{
    unsigned char text[400], ours[SEC_HASH], theirs[SEC_HASH];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(i * 7 + 3);
    for (size_t n = 0; n <= sizeof text; n++) {
        sec_sha256(ours, text, n);
        crypto_hash_sha256(theirs, text, n);
        assert_memory_equal(ours, theirs, SEC_HASH);
    }
}

static void words_are_legible_and_differ(void **state)
{
    (void)state;
    char a[65], b[65];
    sec_word(a, 64);
    sec_word(b, 64);
    assert_int_equal(strlen(a), 64);
    assert_int_equal(strcspn(a, "0O1lI"), 64);
    assert_string_not_equal(a, b);
}

static void passwords_are_checked(void **state)
{
    (void)state;
    struct err e = {0};
    char h[128], again[128];
    assert_int_equal(sec_password_hash(h, "春天里的社区", &e), 0);
    assert_int_equal(strncmp(h, "$argon2id$", 10), 0);
    assert_true(sec_password_ok(h, "春天里的社区"));
    assert_false(sec_password_ok(h, "春天里的社"));
    assert_false(sec_password_ok(h, ""));
    assert_false(sec_password_ok("", "x"));
    assert_false(sec_password_ok("no hash", "x"));
    assert_int_equal(sec_password_hash(again, "春天里的社区", &e), 0);
    assert_string_not_equal(h, again); /* salted */
}

static void *hash_once(void *ok)
{
    char h[128];
    struct err e;
    *(int *)ok = sec_password_hash(h, "x", &e) == 0 && sec_password_ok(h, "x");
    return NULL;
}

static void many_at_once_wait_for_each_other(void **state)
{
    (void)state;
    pthread_t t[5];
    int ok[5] = {0};
    for (int i = 0; i < 5; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hash_once, &ok[i]), 0);
    for (int i = 0; i < 5; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(ok[i], 1);
    }
}

static void sealed_text_opens_again(void **state)
{
    struct sec_key k = key_of(7), other = key_of(8);
    static const char *const texts[] = {"", "x", "幸福里3栋201室"};
    for (size_t i = 0; i < 3; i++) {
        char *box = sec_seal(*state, &k, texts[i]);
        assert_string_equal(sec_open(*state, &k, box), texts[i]);
        assert_string_not_equal(box, sec_seal(*state, &k, texts[i])); /* a fresh nonce each time */
        assert_null(sec_open(*state, &other, box));
    }
    assert_null(strstr(sec_seal(*state, &k, "plain text"), "plain"));
}

static void every_changed_character_is_noticed(void **state)
{
    struct sec_key k = key_of(7);
    char *box = sec_seal(*state, &k, "幸福里");
    for (size_t i = 0; box[i] && box[i] != '='; i++) {
        char was = box[i];
        box[i] = was == 'A' ? 'B' : 'A';
        char *got = sec_open(*state, &k, box);
        if (got)
            fail_msg("character %zu changed and it opened", i);
        box[i] = was;
    }
    assert_non_null(sec_open(*state, &k, box));
    box[strlen(box) - 4] = '\0';
    assert_null(sec_open(*state, &k, box));
    assert_null(sec_open(*state, &k, ""));
    assert_null(sec_open(*state, &k, NULL));
    assert_null(sec_open(*state, &k, "AAAA"));
    assert_null(sec_open(*state, &k, "不是密文"));
}

static void equal_texts_are_found_under_one_key(void **state)
{
    struct sec_key k = key_of(7), other = key_of(8);
    assert_string_equal(sec_find(*state, &k, "x"), sec_find(*state, &k, "x"));
    assert_string_not_equal(sec_find(*state, &k, "x"), sec_find(*state, &k, "y"));
    assert_string_not_equal(sec_find(*state, &k, "x"), sec_find(*state, &other, "x"));
    assert_int_equal(strlen(sec_find(*state, &k, "x")), 64);
}

static void macs_depend_on_key_and_message(void **state)
{
    struct sec_key k = key_of(0x0b);
    assert_string_not_equal(sec_mac(*state, &k, "a"), sec_mac(*state, &k, "b"));
    struct sec_key other = key_of(0x0c);
    assert_string_not_equal(sec_mac(*state, &k, "a"), sec_mac(*state, &other, "a"));
    /* only the signing key counts */
    memset(other.sign, 0x0b, sizeof other.sign);
    assert_string_equal(sec_mac(*state, &k, "a"), sec_mac(*state, &other, "a"));
    assert_int_equal(strlen(sec_mac(*state, &k, "")), 64);
}

/* RFC 6238 appendix B, SHA-1; its eight digits cut to six. */
static void totp_vectors_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t t;
        int code;
    } v[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
             {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
    static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* "12345678901234567890" */
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        assert_int_equal(sec_totp(secret, v[i].t), v[i].code);
    assert_int_equal(sec_totp("gezd gnbv-gy3t qojq gezd gnbv gy3t qojq", 59), 287082);
    assert_int_equal(sec_totp("", 59), -1);
    assert_int_equal(sec_totp(NULL, 59), -1);
    assert_int_equal(sec_totp("GEZD01", 59), -1);
    assert_int_equal(sec_totp(secret, -1), -1);
}

/* RFC 4648 §10, without padding. */
static void base32_vectors_of_the_rfc(void **state)
{
    static const char *const v[][2] = {{"", ""},
                                       {"f", "MY"},
                                       {"fo", "MZXQ"},
                                       {"foo", "MZXW6"},
                                       {"foob", "MZXW6YQ"},
                                       {"fooba", "MZXW6YTB"},
                                       {"foobar", "MZXW6YTBOI"}};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        assert_string_equal(sec_base32(*state, v[i][0], strlen(v[i][0])), v[i][1]);
}

static void the_key_file_is_made_once(void **state)
{
    char dir[] = "/tmp/linli-sec-XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *path = path_join(*state, dir, "key");
    struct sec_key k, again;
    struct err e = {0};
    assert_int_equal(sec_key_load(&k, path, false, &e), -1);
    assert_int_equal(e.code, ERR_MISSING);
    assert_int_equal(sec_key_load(&k, path, true, &e), 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(sec_key_load(&again, path, true, &e), 0);
    assert_memory_equal(&k, &again, sizeof k);
    assert_memory_not_equal(k.seal, k.find, 32);
    assert_memory_not_equal(k.find, k.sign, 32);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(sec_key_load(&again, path, true, &e), -1);
    assert_int_equal(e.code, ERR_REFUSED);
    assert_int_equal(file_write(path, "short\n", 6, 0600, &e), 0);
    assert_int_equal(sec_key_load(&again, path, true, &e), -1);
    assert_int_equal(e.code, ERR_REFUSED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0); /* nothing else was left in it */
}

static int start(void **state)
{
    (void)state;
    struct err e;
    return sec_init(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_sha256),
        cmocka_unit_test(sha256_of_every_length),
        cmocka_unit_test(words_are_legible_and_differ),
        cmocka_unit_test(passwords_are_checked),
        cmocka_unit_test(many_at_once_wait_for_each_other),
        WITH_ARENA(sealed_text_opens_again),
        WITH_ARENA(every_changed_character_is_noticed),
        WITH_ARENA(equal_texts_are_found_under_one_key),
        WITH_ARENA(macs_depend_on_key_and_message),
        cmocka_unit_test(totp_vectors_of_the_rfc),
        WITH_ARENA(base32_vectors_of_the_rfc),
        WITH_ARENA(the_key_file_is_made_once),
    };
    return cmocka_run_group_tests_name("base/sec", tests, start, NULL);
}
