/* SPDX-License-Identifier: Apache-2.0 */
/* Writing out the whole disk of the host, by a file of it that may be read. */
#include "probe.h"
#include <fcntl.h>

int main(void)
{
	static const char *const hosts[] = { "/usr/bin/env",
					     "/etc/ld.so.cache" };

	for (unsigned i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		REFUSED("syncfs of the host's disk",
			syncfs(open(hosts[i], O_RDONLY)), EPERM);
	REFUSED("sync", syscall(SYS_sync), EPERM);
	HOLDS("fsync of an own file",
	      fsync(open("f", O_CREAT | O_RDWR, 0600)) == 0);
	return probe_end();
}
