/* SPDX-License-Identifier: Apache-2.0 */
/* A crash leaves no core file, and starts no collector of cores on the host. */
#include "probe.h"
#include <sys/resource.h>

int main(void)
{
	struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

	REFUSED("a higher RLIMIT_CORE", setrlimit(RLIMIT_CORE, &more), EPERM);
	probe_end();
	fflush(stdout);
	abort();
}
