/* SPDX-License-Identifier: Apache-2.0 */
/* Keys for whoever reads the terminal next. The row gives coop a terminal; the
 * runner looks whether anything went into it. */
#include "probe.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define TIOCSTI_ 0x5412UL
#define TIOCLINUX_ 0x541cUL
#define HIGH (1UL << 32)

int main(void)
{
	char key[] = "\n", paste[] = "\3";

	for (int fd = 0; fd < 3; fd++) {
		HOLDS("no terminal", !isatty(fd));
		REFUSED("TIOCSTI", ioctl(fd, TIOCSTI_, key), EPERM);
		REFUSED("TIOCLINUX", ioctl(fd, TIOCLINUX_, paste), EPERM);
		/* the kernel looks at 32 bits only */
		REFUSED("TIOCSTI with a high bit",
			syscall(SYS_ioctl, fd, TIOCSTI_ | HIGH, key), EPERM);
		REFUSED("TIOCLINUX with a high bit",
			syscall(SYS_ioctl, fd, TIOCLINUX_ | HIGH, paste),
			EPERM);
		REFUSED("TIOCSCTTY", ioctl(fd, TIOCSCTTY, 1), EPERM, ENOTTY);
	}
	REFUSED("/dev/tty", open("/dev/tty", O_RDWR), ENOENT, ENXIO, EACCES);
	REFUSED("/dev/console", open("/dev/console", O_RDWR), ENOENT, EACCES);
	REFUSED("/dev/ptmx", open("/dev/ptmx", O_RDWR), ENOENT, EACCES);
	REFUSED("/dev/tty1", open("/dev/tty1", O_RDWR), ENOENT, EACCES);
	return probe_end();
}
