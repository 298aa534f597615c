/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locks on bytes of one file, as open file description locks: they end with the
 * process and do not mind other descriptors of the same file being closed.
 */
#include "executor/jail/uids.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FILE_MAX (4U << 20)

struct uids {
	int fd;
	uint32_t count; /* numbers below it */
	uint32_t next;
	uint8_t mine[UIDS_COUNT / 8];
};

/* The number after the k-th colon of a line. */
static uint64_t column(const char *line, int k)
{
	for (; k > 0; k--) {
		line += strcspn(line, ":\n");
		if (*line != ':')
			return UINT64_MAX;
		line++;
	}
	if (*line < '0' || *line > '9')
		return UINT64_MAX;
	return strtoull(line, NULL, 10);
}

int uids_overlap(const char *text, int subuid)
{
	const uint64_t first = UIDS_BASE, last = UIDS_BASE + UIDS_COUNT - 1;

	for (const char *line = text; *line;) {
		uint64_t from = column(line, subuid ? 1 : 2);
		uint64_t count = subuid ? column(line, 2) : 1;

		if (from != UINT64_MAX && count && count != UINT64_MAX &&
		    from <= last && from + count - 1 >= first)
			return 1;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return 0;
}

static bool file_overlaps(const char *path, int subuid)
{
	struct buf text;

	buf_init(&text, FILE_MAX);
	/* absent: nobody is given anything */
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	bool hit = uids_overlap(text.data, subuid);
	buf_finish(&text);
	return hit;
}

int uids_check(struct err *err)
{
	static const char *const files[] = { "/etc/passwd", "/etc/subuid",
					     "/etc/subgid" };

	for (int i = 0; i < 3; i++) {
		if (!file_overlaps(files[i], i > 0))
			continue;
		err_set(err, ERR_CONFLICT,
			"%s gives away uids of Coop's "
			"range %u..%u",
			files[i], UIDS_BASE, UIDS_BASE + UIDS_COUNT - 1);
		return err_try(err, "move that user or range");
	}
	return 0;
}

int uids_open(struct uids **out, const char *path, uint32_t count,
	      struct err *err)
{
	struct uids *u;
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, errno, "opening %s", path);
	u = mem_new(struct uids);
	u->fd = fd;
	u->count = count < UIDS_COUNT ? count : UIDS_COUNT;
	/* not all Coops try the same numbers first */
	if (getrandom(&u->next, sizeof(u->next), 0) < 0)
		u->next = 0;
	*out = u;
	return 0;
}

void uids_close(struct uids *u)
{
	if (!u)
		return;
	fd_close(&u->fd);
	mem_free(u);
}

static bool lock_byte(struct uids *u, uint32_t number, short type)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = number,
		.l_len = 1,
	};

	return fcntl(u->fd, F_OFD_SETLK, &lock) == 0;
}

int uids_take(struct uids *u, uint32_t *number, struct err *err)
{
	const uint32_t span = u->count - UIDS_FIRST;

	for (uint32_t tries = 0; tries < span; tries++) {
		uint32_t n = UIDS_FIRST + u->next++ % span;

		/* our own locks do not exclude ourselves */
		if (u->mine[n / 8] & (1U << n % 8) || !lock_byte(u, n, F_WRLCK))
			continue;
		u->mine[n / 8] |= (uint8_t)(1U << n % 8);
		*number = n;
		return 0;
	}
	return err_set(err, ERR_UNAVAILABLE, "all uids for boxes are taken");
}

void uids_give(struct uids *u, uint32_t number)
{
	if (number < UIDS_FIRST || number >= UIDS_COUNT)
		return;
	lock_byte(u, number, F_UNLCK);
	u->mine[number / 8] &= (uint8_t) ~(1U << number % 8);
}
