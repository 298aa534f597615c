/* SPDX-License-Identifier: Apache-2.0 */
/* The same kernel by other doors: x32 numbers, and int 0x80 with the numbers of
 * 32-bit programs. Nothing may pass there, not even what is allowed here. */
#include "probe.h"
#include <signal.h>
#include <setjmp.h>

#define X32 0x40000000L

static sigjmp_buf back;

static void on_fault(int sig)
{
	siglongjmp(back, sig);
}

/* A kernel without 32-bit programs raises SIGSEGV: as good as a refusal. */
static long call32(long nr, long a, long b, long c)
{
	long rc;

	if (sigsetjmp(back, 1))
		return -ENOSYS;
	__asm__ volatile("int $0x80"
			 : "=a"(rc)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(0L), "D"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)rc;
}

static long as_errno(long rc)
{
	errno = rc < 0 ? (int)-rc : 0;
	return rc < 0 ? -1 : rc;
}

int main(void)
{
	static const long junk[] = { 0, -1, 1, 0x7fffffff };

	signal(SIGSEGV, on_fault);
	for (long nr = 0; nr <= 600; nr++)
		for (int i = 0; i < 4; i++) {
			REFUSED("x32",
				syscall(X32 | nr, junk[i], junk[i], junk[i], 0,
					0, 0),
				ENOSYS, EPERM);
			REFUSED("int 0x80",
				as_errno(call32(nr, junk[i], junk[i], junk[i])),
				ENOSYS, EPERM);
		}
	/* numbers beyond all tables, and with bits that are cut off */
	for (int bit = 10; bit < 63; bit++) {
		REFUSED("a large number", syscall((1L << bit) | 600, 0, 0, 0),
			ENOSYS, EPERM);
		if (bit < 32)
			REFUSED("getpid with a high bit",
				syscall((1L << bit) | SYS_getpid), ENOSYS,
				EPERM);
	}
	REFUSED("-1", syscall(-1L), ENOSYS, EPERM);
	return probe_end();
}
