/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's log. */
#include "probe.h"
#include <fcntl.h>
#include <sys/klog.h>

int main(void)
{
	char text[4096];

	for (int what = 0; what < 12; what++)
		REFUSED("syslog", klogctl(what, text, sizeof(text)), EPERM);
	REFUSED("/dev/kmsg", open("/dev/kmsg", O_RDONLY), ENOENT, EACCES);
	REFUSED("/proc/kmsg", open("/proc/kmsg", O_RDONLY | O_NONBLOCK), EPERM,
		EACCES, ENOENT);
	REFUSED("/sys/kernel/debug", open("/sys/kernel/debug", O_RDONLY),
		ENOENT);
	REFUSED("/var/log", open("/var/log", O_RDONLY), ENOENT);
	return probe_end();
}
