/* SPDX-License-Identifier: Apache-2.0 */
/* Parents that stand in the kernel for children that never come back, and one
 * that writes to the disk without end. */
#include "probe.h"
#include <fcntl.h>

int main(void)
{
	puts("deep");
	fflush(stdout);
	for (int i = 0; i < 8; i++)
		if (fork() == 0)
			if (vfork() == 0)
				for (;;)
					pause();
	if (fork() == 0) {
		int fd = open("f", O_CREAT | O_WRONLY, 0600);

		for (;;) {
			pwrite(fd, "x", 1, 0);
			fsync(fd);
		}
	}
	if (vfork() == 0)
		for (;;)
			pause();
	return 0;
}
