/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and writing single files of a cgroup folder, and killing by the list in
 * one. Which file means what is the drivers' business.
 */
#include "executor/jail/cgroup_file.h"

#include "executor/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define PASS_MAX 128 /* processes per pass; the next pass takes the rest */
#define LIST_BYTES 4096

int cgroup_file_write(int dir, const char *file, const char *text,
		      struct err *err)
{
	_auto_close_ int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, errno, "opening %s", file);
	if (write(fd, text, strlen(text)) < 0)
		return err_sys(err, errno, "writing %s to %s", text, file);
	return 0;
}

int cgroup_file_number(int dir, const char *file, uint64_t value,
		       struct err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return cgroup_file_write(dir, file, text, err);
}

static ssize_t read_text(int dir, const char *file, char *text, size_t size)
{
	_auto_close_ int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t n = fd_read_all(fd, text, size - 1, NULL);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

int64_t cgroup_file_read(int dir, const char *file, int64_t otherwise)
{
	char text[64], *end;

	if (read_text(dir, file, text, sizeof(text)) <= 0)
		return otherwise;
	long long value = strtoll(text, &end, 10);
	return end == text ? otherwise : value;
}

int64_t cgroup_file_key(int dir, const char *file, const char *key,
			int64_t otherwise)
{
	char text[LIST_BYTES];
	size_t len = strlen(key);

	if (read_text(dir, file, text, sizeof(text)) <= 0)
		return otherwise;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, len) && line[len] == ' ')
			return strtoll(line + len + 1, NULL, 10);
	}
	return otherwise;
}

/* Reads up to `max` numbers; -1 when the file cannot be read. */
static int read_pids(int dir, pid_t *pids, int max)
{
	char text[LIST_BYTES];
	int count = 0;
	ssize_t n = read_text(dir, "cgroup.procs", text, sizeof(text));

	if (n < 0)
		return -1;
	for (char *s = text, *end; count < max; s = end) {
		long pid = strtol(s, &end, 10);

		/* a number that the end of the buffer may have cut */
		if (end == s || !*end)
			break;
		pids[count++] = (pid_t)pid;
	}
	return count;
}

bool cgroup_file_empty(int dir)
{
	char text[8];

	return read_text(dir, "cgroup.procs", text, sizeof(text)) == 0;
}

static bool listed(const pid_t *pids, int count, pid_t pid)
{
	for (int i = 0; i < count; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

bool cgroup_file_kill(int dir, bool *denied)
{
	pid_t pids[PASS_MAX], again[PASS_MAX];
	int fds[PASS_MAX];
	int count = read_pids(dir, pids, PASS_MAX);

	if (count <= 0)
		return count == 0;
	for (int i = 0; i < count; i++)
		fds[i] = pids[i] > 0 ? pidfd_open(pids[i], 0) : -1;
	int still = read_pids(dir, again, PASS_MAX);
	for (int i = 0; i < count; i++) {
		if (fds[i] >= 0 && listed(again, still, pids[i]) &&
		    pidfd_send_signal(fds[i], SIGKILL, NULL, 0) < 0 &&
		    errno == EPERM && denied)
			*denied = true;
		fd_close(&fds[i]);
	}
	return false;
}
