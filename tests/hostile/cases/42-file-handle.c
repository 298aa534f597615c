/* SPDX-License-Identifier: Apache-2.0 */
/* Files by number instead of by path. */
#include "probe.h"
#include <fcntl.h>

int main(void)
{
	char room[sizeof(struct file_handle) + MAX_HANDLE_SZ] = { 0 };
	struct file_handle *h = (void *)room;
	int id, fd = open("/usr", O_RDONLY);

	h->handle_bytes = MAX_HANDLE_SZ;
	REFUSED("name_to_handle_at",
		name_to_handle_at(AT_FDCWD, "/usr", h, &id, 0), EPERM);
	for (unsigned inode = 1; inode < 5000; inode++) {
		h->handle_bytes = 8;
		h->handle_type = 1;
		memcpy(h->f_handle, &inode, sizeof(inode));
		REFUSED("open_by_handle_at", open_by_handle_at(fd, h, O_RDONLY),
			EPERM);
	}
	return probe_end();
}
