/* SPDX-License-Identifier: Apache-2.0 */
/* sec_key.c: the site's key file: three keys of 32 bytes in hex, one a line. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sec.h"

static unsigned char *key_part(struct sec_key *k, int i)
{
    return i == 0 ? k->seal : i == 1 ? k->find : k->sign;
}

static int key_parse(struct sec_key *k, const char *text, const char *path, struct err *e)
{
    for (int i = 0; i < 3; i++) {
        size_t n = 0;
        if (strlen(text) < 65 || text[64] != '\n' || sodium_hex2bin(key_part(k, i), 32, text, 64, NULL, &n, NULL) ||
            n != 32)
            return err_set(
                e, ERR_REFUSED,
                "密钥文件“%s”内容不完整：应为三行、每行 64 个十六进制字符。请从备份恢复该文件，不要新建，"
                "否则已加密的内容将无法读出。",
                path);
        text += 65;
    }
    return 0;
}

/* Written beside and linked into place, so that of two processes starting together only one makes the key. */
static int key_create(struct arena *a, const char *path, struct err *e)
{
    struct sec_key k;
    char hex[3][65];
    sec_random(&k, sizeof k);
    for (int i = 0; i < 3; i++)
        sec_hex(hex[i], key_part(&k, i), 32);
    char *text = arena_printf(a, "%s\n%s\n%s\n", hex[0], hex[1], hex[2]);
    char *fresh = arena_printf(a, "%s.new%ld", path, (long)getpid());
    int rc = file_write(fresh, text, strlen(text), 0600, e);
    sodium_memzero(&k, sizeof k);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(text, strlen(text));
    if (rc)
        return -1;
    if (link(fresh, path) && errno != EEXIST)
        rc = err_log(e, "link %s: %s", path, strerror(errno));
    unlink(fresh);
    return rc ? rc : dir_sync(path, e);
}

int sec_key_load(struct sec_key *k, const char *path, bool create, struct err *e)
{
    struct arena *a = arena_new();
    struct stat st;
    char *text = NULL;
    size_t n = 0;
    int rc = -1;
    if (create && !file_exists(path) && key_create(a, path, e))
        goto out;
    if (stat(path, &st) == 0 && (st.st_mode & 0007)) {
        err_set(e, ERR_REFUSED, "密钥文件“%s”对所有用户开放，不安全。请执行 chmod 600 后重新启动。", path);
        goto out;
    }
    if (file_read(&text, &n, a, path, 4096, e))
        goto out;
    rc = key_parse(k, text, path, e);
    sodium_memzero(text, n);
out:
    arena_free(a);
    return rc;
}
