/* SPDX-License-Identifier: Apache-2.0 */
/* Without random addresses, or with executable data, bugs are easier. */
#include "probe.h"
#include <sys/personality.h>

int main(void)
{
	static const unsigned long bad[] = {
		ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC,
		MMAP_PAGE_ZERO,    ADDR_COMPAT_LAYOUT,
		ADDR_LIMIT_3GB,    PER_LINUX32,
		UNAME26,           ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC,
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		REFUSED("personality", syscall(SYS_personality, bad[i]), EPERM,
			ENOSYS);
		/* the kernel cuts it to 32 bits */
		REFUSED("personality with a high bit",
			syscall(SYS_personality, bad[i] | 1UL << 40), EPERM,
			ENOSYS);
	}
	HOLDS("asking", personality(0xffffffff) == PER_LINUX);
	HOLDS("it is still so", personality(0xffffffff) == PER_LINUX);
	return probe_end();
}
