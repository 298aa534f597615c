/* SPDX-License-Identifier: Apache-2.0 */
/* For the self-test: walls that do not exist. */
#include "probe.h"
#include <fcntl.h>

int main(void)
{
	REFUSED("getpid", getpid(), EPERM);
	REFUSED("none", open("none", O_RDONLY), EPERM);
	HOLDS("nothing", 0);
	return probe_end();
}
