/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h: SHA-256 with the processor's own instructions, where it has them. Private to sec.c. */
#ifndef LINLI_BASE_SHA256_H
#define LINLI_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>

/* False, and nothing written, where the processor cannot. */
bool sha256_fast(unsigned char out[32], const void *p, size_t n);

#endif
