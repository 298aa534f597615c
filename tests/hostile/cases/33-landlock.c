/* SPDX-License-Identifier: Apache-2.0 */
/* The second wall around files: Landlock is asked before the rights of the
 * process are, so that its error shows that it stands. */
#include "probe.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

int main(void)
{
	REFUSED("a device", mknod("d", S_IFBLK | 0600, makedev(8, 0)), EACCES);
	REFUSED("a device", mknod("/tmp/d", S_IFCHR | 0600, makedev(1, 1)),
		EACCES);
	HOLDS("a fifo is none", mkfifo("f", 0600) == 0);
	HOLDS("a file is none", open("g", O_CREAT | O_RDWR, 0600) >= 0);
	HOLDS("links and moves work",
	      symlink("g", "h") == 0 && link("g", "/workspace/i") == 0 &&
		      rename("i", "j") == 0 && mkdir("k", 0700) == 0 &&
		      rename("j", "k/j") == 0);
	return probe_end();
}
