/* SPDX-License-Identifier: Apache-2.0 */
/* What inotify takes is charged to whoever made the box, too, up to the root of
 * the machine: a box must have a small bound of its own, far below theirs. */
#include "probe.h"
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

int main(void)
{
	int first = inotify_init1(0), instances = first >= 0, watches = 0;
	char name[64];

	while (instances < 250 && inotify_init1(0) >= 0)
		instances++;
	HOLDS("there are some instances", instances > 0);
	HOLDS("there are at most 32", instances <= 32);
	for (; watches < 12000; watches++) {
		snprintf(name, sizeof(name), "f%d", watches);
		close(open(name, O_CREAT | O_WRONLY, 0600));
		if (inotify_add_watch(first, name, IN_MODIFY) < 0)
			break;
	}
	HOLDS("there are some watches", watches > 100);
	HOLDS("there are less than 12000", watches < 12000);
	printf("%d instances, %d watches\n", instances, watches);
	return probe_end();
}
