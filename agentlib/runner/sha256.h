/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* SHA-256 (FIPS 180-4), for names made from content; not for secrets. */
#include <stddef.h>

#define SHA256_HEX_SIZE 65

/* The digest of `data` as 64 hexadecimal digits and a NUL. */
void sha256_hex(const void *data, size_t len, char out[SHA256_HEX_SIZE]);
