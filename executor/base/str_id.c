/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that nobody can guess, from the kernel's random bytes. Not for keys:
 * 20 characters hold 103 bits, which is plenty for a name.
 */
#include "executor/base/str.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

static void random_bytes(unsigned char *out, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = getrandom(out + got, len - got, 0);

		if (n > 0)
			got += (size_t)n;
		else if (n < 0 && errno != EINTR)
			/* guessable names would let strangers reach others'
			 * boxes: no program may go on like that */
			__builtin_trap();
	}
}

void str_random_id(char id[STR_ID_SIZE])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t at = 0;

	while (at < STR_ID_SIZE - 1) {
		unsigned char bytes[32];

		random_bytes(bytes, sizeof(bytes));
		for (size_t i = 0; i < sizeof(bytes); i++) {
			unsigned n = at ? 36 : 26;

			/* what does not divide evenly is thrown away */
			if (at == STR_ID_SIZE - 1 || bytes[i] >= 256 / n * n)
				continue;
			id[at++] = letters[bytes[i] % n];
		}
	}
	id[at] = '\0';
}

void str_uuid4(char uuid[STR_UUID_SIZE])
{
	unsigned char b[16];
	size_t at = 0;

	random_bytes(b, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(b); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			uuid[at++] = '-';
		snprintf(uuid + at, 3, "%02x", b[i]);
		at += 2;
	}
}
