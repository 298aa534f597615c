/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packing, reading and executing a command. Knows nothing of jails: by the time
 * it execs, everything else has been done.
 */
#include "executor/broker/command.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STRINGS_MAX 65536 /* arguments or variables */
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static uint32_t count_of(const char *const *list)
{
	uint32_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static int add_strings(struct buf *b, const char *const *list)
{
	int rc = 0;

	for (; list && *list && !rc; list++)
		rc = buf_add(b, *list, strlen(*list) + 1);
	return rc;
}

int command_pack(const char *const *argv, const char *const *envp,
		 struct err *err)
{
	uint32_t counts[2] = { count_of(argv), count_of(envp) };
	struct buf b;
	int fd;

	if (!counts[0] || !argv[0][0])
		return err_set(err, ERR_INVALID, "the command is empty");
	buf_init(&b, COMMAND_BYTES_MAX);
	buf_add(&b, counts, sizeof(counts));
	if (counts[0] > STRINGS_MAX || counts[1] > STRINGS_MAX ||
	    add_strings(&b, argv) || add_strings(&b, envp))
		fd = err_set(err, ERR_TOO_LARGE,
			     "arguments and environment "
			     "together exceed %u bytes",
			     COMMAND_BYTES_MAX);
	else
		fd = fd_memfd("coop-program", b.data, b.len, err);
	buf_finish(&b);
	return fd;
}

/* `n` strings from *at on into a new list; NULL when they are not there. */
static char **take_strings(char **at, const char *end, uint32_t n)
{
	char **list = mem_zero((size_t)n + 1, sizeof(*list));

	for (uint32_t i = 0; i < n; i++) {
		char *nul = memchr(*at, '\0', (size_t)(end - *at));

		if (!nul) {
			mem_free(list);
			return NULL;
		}
		list[i] = *at;
		*at = nul + 1;
	}
	return list;
}

static int read_all(int memfd, struct command *p, size_t *len, struct err *err)
{
	const int want = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
	int seals = fcntl(memfd, F_GET_SEALS);
	struct stat st;

	/* unsealed, it could change while it is read */
	if (seals < 0 || (seals & want) != want || fstat(memfd, &st) < 0)
		return err_set(err, ERR_INVALID, "the program is not sealed");
	if (st.st_size < 8 || st.st_size > (off_t)COMMAND_BYTES_MAX)
		return err_set(err, ERR_INVALID, "a program of %lld bytes",
			       (long long)st.st_size);
	*len = (size_t)st.st_size;
	p->data = mem_zero(1, *len);
	if (pread(memfd, p->data, *len, 0) != (ssize_t)*len)
		return err_sys(err, errno, "reading the program");
	return 0;
}

int command_read(int memfd, struct command *out, struct err *err)
{
	struct command p = { 0 };
	uint32_t counts[2];
	size_t len = 0;
	int rc = read_all(memfd, &p, &len, err);

	if (!rc) {
		char *at = p.data + sizeof(counts);
		const char *end = p.data + len;

		memcpy(counts, p.data, sizeof(counts));
		if (counts[0] && counts[0] <= STRINGS_MAX &&
		    counts[1] <= STRINGS_MAX) {
			p.argv = take_strings(&at, end, counts[0]);
			if (p.argv)
				p.envp = take_strings(&at, end, counts[1]);
		}
		if (!p.envp || at != end)
			rc = err_set(err, ERR_INVALID,
				     "the program is not well-formed");
	}
	if (rc)
		command_finish(&p);
	else
		*out = p;
	return rc;
}

void command_finish(struct command *p)
{
	mem_free(p->argv);
	mem_free(p->envp);
	mem_free(p->data);
	memset(p, 0, sizeof(*p));
}

static int exec_error(const char *name, int errno_value, struct err *err)
{
	switch (errno_value) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
		return err_set(err, ERR_NOT_FOUND, "%.200s: not found", name);
	case E2BIG:
		return err_set(err, ERR_TOO_LARGE,
			       "%.200s: the argument list is too long", name);
	case ENOMEM:
	case EAGAIN:
	case ENFILE:
	case EMFILE:
		return err_sys(err, errno_value, "starting %.200s", name);
	default:
		return err_set(err, ERR_FORBIDDEN, "%.200s: %s", name,
			       errno_value == ENOEXEC ? "not a program"
						      : strerror(errno_value));
	}
}

static const char *path_of(char *const *envp)
{
	for (; *envp; envp++)
		if (str_starts(*envp, "PATH="))
			return *envp + 5;
	return DEFAULT_PATH;
}

int command_exec(const struct command *p, struct err *err)
{
	const char *name = p->argv[0];
	char full[PATH_MAX];
	int worst = ENOENT;

	if (strchr(name, '/')) {
		execve(name, p->argv, p->envp);
		return exec_error(name, errno, err);
	}
	for (const char *dir = path_of(p->envp); dir;) {
		size_t len = strcspn(dir, ":");

		/* an empty part would mean the current folder: not here */
		if (len && len < sizeof(full) &&
		    (size_t)snprintf(full, sizeof(full), "%.*s/%s", (int)len,
				     dir, name) < sizeof(full)) {
			execve(full, p->argv, p->envp);
			if (errno != ENOENT && errno != ENOTDIR)
				worst = errno;
			if (worst != ENOENT && worst != EACCES)
				break;
		}
		dir = dir[len] ? dir + len + 1 : NULL;
	}
	return exec_error(name, worst, err);
}
