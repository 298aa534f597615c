/* SPDX-License-Identifier: Apache-2.0 */
/* Refused calls by the million, which somebody must listen to. */
#include "probe.h"
#include <time.h>

int main(void)
{
	time_t until = time(NULL) + 2;
	long n = 0;

	syscall(SYS_acct, 0);
	while (time(NULL) < until)
		for (int i = 0; i < 1000; i++, n++)
			syscall(SYS_bpf, 0, 0, 0);
	printf("%s\n", n > 10000 ? "many" : "few");
	REFUSED("bpf", syscall(SYS_bpf, 0, 0, 0), EPERM);
	return probe_end();
}
